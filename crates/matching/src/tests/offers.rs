use std::{thread, time::Duration};

use event_log::{Fact, fact::OfferClosed};
use reports::{ReportChange, ReportError, Selection};

use super::world::{Botot, World, bottles, on_each_engine};
use crate::{MatchingError, NewOffer, Offer, OfferState, OfferStateName, OfferedPrice};

const HOUR: Duration = Duration::from_secs(3_600);

fn closings(world: &World) -> Vec<OfferClosed> {
    let closing = |fact| match fact {
        Fact::OfferClosed(closed) => Some(closed),
        _ => None,
    };
    world.facts().into_iter().filter_map(closing).collect()
}

fn states(offers: &[Offer]) -> Vec<OfferStateName> {
    offers.iter().map(|offer| offer.state.name()).collect()
}

fn expire(world: &World) -> usize {
    world.settle();
    world.write(|it, conn| it.matcher.expire_offers_in(conn, it.ambient.now(), 100)).unwrap()
}

#[test]
fn the_household_picks_one_and_the_others_are_declined() {
    on_each_engine(|world| {
        let report = world.report(Selection::Choose);
        let crowd = [1, 2, 3].map(|number| world.working(number));
        let offers =
            crowd.map(|botot| world.offer(botot, &report, world.new_offer(3_500)).unwrap());
        assert_eq!(states(&world.offers(&report)), [OfferStateName::Pending; 3]);
        let accepted = world.pick(&offers[1]).unwrap();
        assert_eq!(accepted.pickup.collector.id, crowd[1].id);
        assert_eq!(accepted.pickup.pickup_at, Some(offers[1].pickup_at));
        assert_eq!(accepted.pickup.prices[0].price.get(), 3_500);
        let mut ended = states(&world.offers(&report));
        ended.sort_by_key(|state| state.as_str());
        let declined = OfferStateName::Declined;
        assert_eq!(ended, [OfferStateName::Accepted, declined, declined]);
        let again = world.pick(&offers[1]).unwrap();
        assert!(again.repeated && again.pickup == accepted.pickup);
        let late = world.pick(&offers[0]);
        assert!(matches!(late, Err(MatchingError::WrongState(state)) if state == declined));
        let outcomes: Vec<_> = closings(world).into_iter().map(|closed| closed.outcome).collect();
        assert_eq!(outcomes, ["accepted", "declined", "declined"]);
    });
}

#[test]
fn of_many_choices_at_once_one_counts() {
    on_each_engine(|world| {
        let report = world.report(Selection::Choose);
        let crowd: Vec<Botot> = (0..8).map(|number| world.working(number)).collect();
        let offer = |&botot| world.offer(botot, &report, world.new_offer(3_500)).unwrap();
        let offers: Vec<Offer> = crowd.iter().map(offer).collect();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let pick = |offer| scope.spawn(move || world.pick(offer));
            let threads: Vec<_> = offers.iter().map(pick).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refusal in outcomes.into_iter().filter_map(Result::err) {
            let lost = match &refusal {
                MatchingError::WrongState(OfferStateName::Declined)
                | MatchingError::Report(ReportError::AlreadyTaken) => true,
                MatchingError::Pickup(pickups::PickupError::Report(inner)) => {
                    matches!(inner, ReportError::AlreadyTaken)
                }
                _ => false,
            };
            assert!(lost, "{refusal:?}");
        }
        let accepted = |state: &&OfferStateName| **state == OfferStateName::Accepted;
        let states = states(&world.offers(&report));
        assert_eq!(states.iter().filter(accepted).count(), 1);
        assert!(!states.contains(&OfferStateName::Pending));
    });
}

#[test]
fn an_offer_taken_back_at_the_moment_it_is_picked_ends_one_way() {
    on_each_engine(|world| {
        let botot = world.working(1);
        for _ in 0..6 {
            let report = world.submit(bottles(100, Selection::Choose));
            let offer = world.offer(botot, &report, world.new_offer(3_500)).unwrap();
            let id = offer.id;
            let (picked, withdrawn) = thread::scope(|scope| {
                let pick = scope.spawn(|| world.pick(&offer));
                let withdraw = scope.spawn(|| {
                    world.write(move |it, conn| {
                        it.matcher.withdraw_offer_in(conn, botot.account, botot.id, id)
                    })
                });
                (pick.join().unwrap(), withdraw.join().unwrap())
            });
            assert_ne!(picked.is_ok(), withdrawn.is_ok(), "{picked:?} {withdrawn:?}");
            let expected =
                if picked.is_ok() { OfferStateName::Accepted } else { OfferStateName::Withdrawn };
            assert_eq!(states(&world.offers(&report)), [expected]);
        }
    });
}

#[test]
fn a_collector_has_one_word_per_report_until_he_takes_it_back() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Choose));
        let offer = world.offer(botot, &report, world.new_offer(3_500)).unwrap();
        let same = world.offer(botot, &report, world.new_offer(3_500)).unwrap();
        assert_eq!(same, offer);
        let other = world.offer(botot, &report, world.new_offer(3_600));
        assert!(matches!(other, Err(MatchingError::OfferPending)));
        let id = offer.id;
        let withdraw = move |it: &World, conn: &mut database::Connection| {
            it.matcher.withdraw_offer_in(conn, botot.account, botot.id, id)
        };
        let withdrawn = world.write(withdraw).unwrap();
        assert_eq!(withdrawn.state, OfferState::Withdrawn { at: world.ambient.now() });
        assert_eq!(world.write(withdraw).unwrap(), withdrawn);
        world.offer(botot, &report, world.new_offer(3_600)).unwrap();
        assert_eq!(closings(world).len(), 1);
    });
}

#[test]
fn an_offer_names_a_price_for_every_material_and_a_time_to_come() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Choose));
        let codes = |new: NewOffer| match world.offer(botot, &report, new) {
            Err(MatchingError::Refused(fields)) => {
                fields.into_iter().map(|field| (field.pointer, field.code)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let good = world.new_offer(3_500);
        let none = NewOffer { prices: Vec::new(), ..good.clone() };
        assert_eq!(codes(none), [("/prices".to_owned(), "prices_incomplete")]);
        let mut foreign = good.clone();
        let material = super::world::material("LGM-BESI");
        foreign.prices.push(OfferedPrice { material, ..foreign.prices[0].clone() });
        foreign.prices.push(foreign.prices[0].clone());
        assert_eq!(
            codes(foreign),
            [
                ("/prices/1/material".to_owned(), "material_not_in_report"),
                ("/prices/2/material".to_owned(), "material_doubled"),
            ]
        );
        let past = NewOffer { pickup_at: world.ambient.now().minus(HOUR), ..good.clone() };
        assert_eq!(codes(past), [("/pickup_at".to_owned(), "pickup_at_in_past")]);
        let far = NewOffer { pickup_at: world.in_hours(15 * 24), ..good };
        assert_eq!(codes(far), [("/pickup_at".to_owned(), "pickup_at_too_far")]);
        let instant = world.report(Selection::Instant);
        let refused = world.offer(botot, &instant, world.new_offer(3_500));
        assert!(matches!(refused, Err(MatchingError::NotChoose)));
    });
}

#[test]
fn offers_expire_with_their_time_and_with_their_report() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let report = || world.submit(bottles(500, Selection::Choose));
        let offer =
            |report: &reports::Report| world.offer(botot, report, world.new_offer(3_500)).unwrap();
        let (cancelled, changed, standing) = (report(), report(), report());
        let outdated = offer(&changed);
        offer(&cancelled);
        let late = offer(&standing);
        let (one, other) = (cancelled.id, (changed.id, changed.version));
        world
            .write(move |it, conn| {
                it.reports.cancel_in(conn, it.household, one, "pindah")?;
                let items = bottles(600, Selection::Choose).items;
                let change = ReportChange { items: Some(items), ..ReportChange::default() };
                it.reports.change_in(conn, it.household, other.0, other.1, &change)
            })
            .unwrap();
        assert!(matches!(world.pick(&outdated), Err(MatchingError::OfferOutdated)));
        assert_eq!(expire(world), 2);
        assert_eq!(expire(world), 0);
        assert_eq!(states(&world.offers(&changed)), [OfferStateName::Expired]);
        assert_eq!(states(&world.offers(&standing)), [OfferStateName::Pending]);
        world.pass(4 * HOUR);
        let expired = OfferStateName::Expired;
        assert!(
            matches!(world.pick(&late), Err(MatchingError::WrongState(state)) if state == expired)
        );
        assert_eq!(expire(world), 1);
        assert_eq!(states(&world.offers(&standing)), [expired]);
    });
}

#[test]
fn an_offer_is_nobody_elses_business() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Choose));
        let id = world.offer(botot, &report, world.new_offer(3_500)).unwrap().id;
        let (stranger, rival) = (world.account(50), world.working(2));
        let not_found =
            |outcome: Result<(), MatchingError>| matches!(outcome, Err(MatchingError::NotFound));
        assert!(not_found(world.write(move |it, conn| {
            it.matcher.accept_offer_in(conn, stranger, id).map(|_| ())
        })));
        assert!(not_found(world.write(move |it, conn| {
            it.matcher.decline_offer_in(conn, stranger, id).map(|_| ())
        })));
        assert!(not_found(world.write(move |it, conn| {
            it.matcher.withdraw_offer_in(conn, rival.account, rival.id, id).map(|_| ())
        })));
        let declined = world
            .write(move |it, conn| it.matcher.decline_offer_in(conn, it.household, id))
            .unwrap();
        assert_eq!(declined.state.name(), OfferStateName::Declined);
    });
}
