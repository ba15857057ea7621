use std::thread;

use event_log::Fact;
use primitives::{AccountId, PickupId, RegionCode, Rupiah};
use reports::ReportStateName;

use super::world::{World, on_each_engine};
use crate::{Objection, Outcome, Pickup, PickupError, PickupStateName, Rating, Ruling, Stars};

fn dispute(world: &World, id: PickupId) -> Result<Pickup, PickupError> {
    let account = world.household;
    let (reason, detail) = ("timbangan".to_owned(), Some("di rumah lima kilo".to_owned()));
    let objection = Objection { reason, detail, photos: Vec::new() };
    world.write(move |pickups, conn| pickups.dispute_in(conn, account, id, &objection))
}

fn resolve(
    world: &World,
    officer: AccountId,
    region: &str,
    id: PickupId,
    outcome: Outcome,
) -> Result<Pickup, PickupError> {
    let regions = [RegionCode::parse(region).unwrap()];
    let ruling = Ruling { outcome, reason: "nota cocok".to_owned() };
    world.write(move |pickups, conn| {
        pickups.resolve_dispute_in(conn, officer, &regions, id, &ruling)
    })
}

fn rate(world: &World, by: AccountId, id: PickupId, stars: i64) -> Result<Pickup, PickupError> {
    let rating = Rating { stars: Stars::parse(stars).unwrap(), comment: None };
    world.write(move |pickups, conn| pickups.rate_in(conn, by, id, &rating))
}

#[test]
fn agreed_and_paid_closes_the_report_with_all_figures() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        let confirmed = world.confirm(id).unwrap();
        assert_eq!(world.report_state(&confirmed), ReportStateName::Collected);
        assert_eq!(world.confirm(id).unwrap(), confirmed);
        world.pass(1);
        let paid = world.pay(id).unwrap();
        assert_eq!((world.read(id), paid.state.name()), (paid.clone(), PickupStateName::Paid));
        assert_eq!(world.report_state(&paid), ReportStateName::Closed);
        let again = world.pay(id);
        assert!(matches!(again, Err(PickupError::WrongState(PickupStateName::Paid))));
        let last = world.facts().pop().unwrap();
        let Fact::PickupPaid(told) = last else { panic!("{last:?}") };
        assert_eq!((told.pickup, told.household), (id, world.household));
        assert_eq!(told.amount_rupiah, Rupiah::new(13_683));
        assert_eq!(told.lines.len(), 1);
        assert_eq!(told.seconds_to_pickup, 3_600);
        assert!((650..700).contains(&told.distance_meters));
        assert_eq!(
            world.kinds()[3..],
            ["pickup_weighed", "pickup_confirmed", "report_closed", "pickup_paid",]
        );
    });
}

#[test]
fn of_eight_payments_at_once_one_is_made() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        world.confirm(id).unwrap();
        let paid = thread::scope(|scope| {
            let payments: Vec<_> = (0..8).map(|_| scope.spawn(|| world.pay(id))).collect();
            payments.into_iter().filter_map(|it| it.join().unwrap().ok()).count()
        });
        assert_eq!(paid, 1);
        assert_eq!(world.kinds().iter().filter(|kind| *kind == "pickup_paid").count(), 1);
    });
}

#[test]
fn each_side_does_its_own_part_and_strangers_none() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        let (collector, stranger) = (world.collector.1, world.ambient.mint());
        let confirm = |by| world.write(move |pickups, conn| pickups.confirm_in(conn, by, id));
        assert!(matches!(confirm(collector), Err(PickupError::OtherSide)));
        assert!(matches!(confirm(stranger), Err(PickupError::NotFound)));
        let household = world.household;
        let release =
            world.write(move |pickups, conn| pickups.release_in(conn, household, id, "hujan"));
        assert!(matches!(release, Err(PickupError::OtherSide)));
        assert_eq!(world.read(id).state.name(), PickupStateName::Weighed);
    });
}

#[test]
fn a_dispute_waits_for_an_officer_who_may_uphold() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        let disputed = dispute(world, id).unwrap();
        assert_eq!(dispute(world, id).unwrap(), disputed);
        assert_eq!(world.read(id), disputed);
        let confirmed = world.confirm(id);
        assert!(matches!(confirmed, Err(PickupError::WrongState(PickupStateName::Disputed))));
        let officer = world.ambient.mint();
        let elsewhere = resolve(world, officer, "12.71", id, Outcome::Confirm);
        assert!(matches!(elsewhere, Err(PickupError::NotFound)));
        let party = resolve(world, world.collector.1, "12.07", id, Outcome::Confirm);
        assert!(matches!(party, Err(PickupError::OwnDispute)));
        let upheld = resolve(world, officer, "12", id, Outcome::Confirm).unwrap();
        assert_eq!(upheld.weighing(), disputed.weighing());
        assert_eq!(world.report_state(&upheld), ReportStateName::Collected);
        let again = resolve(world, officer, "12", id, Outcome::Confirm).unwrap();
        assert_eq!(again, upheld);
        world.pay(id).unwrap();
    });
}

#[test]
fn an_annulled_weigh_in_leaves_nothing_to_pay() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        let early = resolve(world, world.ambient.mint(), "12", id, Outcome::Cancel);
        assert!(matches!(early, Err(PickupError::WrongState(PickupStateName::Weighed))));
        dispute(world, id).unwrap();
        let annulled = resolve(world, world.ambient.mint(), "12", id, Outcome::Cancel).unwrap();
        assert_eq!((annulled.weighing(), world.read(id)), (None, annulled.clone()));
        assert_eq!(world.report_state(&annulled), ReportStateName::Cancelled);
        assert!(matches!(world.pay(id), Err(PickupError::WrongState(PickupStateName::Cancelled))));
        assert_eq!(world.kinds()[4..], ["pickup_disputed", "report_cancelled", "pickup_cancelled"]);
    });
}

#[test]
fn either_side_rates_once_when_paid() {
    on_each_engine(|world| {
        let id = world.weighed().id;
        let early = rate(world, world.household, id, 5);
        assert!(matches!(early, Err(PickupError::WrongState(PickupStateName::Weighed))));
        world.confirm(id).unwrap();
        world.pay(id).unwrap();
        rate(world, world.household, id, 5).unwrap();
        rate(world, world.household, id, 5).unwrap();
        let other = rate(world, world.household, id, 1);
        assert!(matches!(other, Err(PickupError::AlreadyRated)));
        rate(world, world.collector.1, id, 4).unwrap();
        let stranger = rate(world, world.ambient.mint(), id, 4);
        assert!(matches!(stranger, Err(PickupError::NotFound)));
        let rated = world.kinds().into_iter().filter(|kind| kind == "pickup_rated").count();
        assert_eq!(rated, 2);
    });
}
