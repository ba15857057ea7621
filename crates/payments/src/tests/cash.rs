use pickups::PickupError;

use super::{
    told,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::{Method, Payment, PaymentError, PaymentState, PaymentStateName};

#[test]
fn cash_counts_when_the_household_says_so() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        assert_eq!(claimed.state.name(), PaymentStateName::Pending);
        assert_eq!((world.state(&deal), world.cash_received(&deal)), ("confirmed", 0));
        let settled = world.confirm(&deal, &claimed).unwrap();
        assert!(settled.settlement().is_some());
        assert_eq!((world.state(&deal), world.cash_received(&deal)), ("paid", WORTH));
        assert_eq!(world.carried(&deal, "PLA-PET-BENING"), 3_000);
        assert_eq!(world.carried(&deal, "KCA-BOTOL-BIR"), 6_000);
        let story = ["payment_claimed", "payment_settled", "report_closed", "pickup_paid"];
        assert_eq!(world.kinds(), story);
        assert_eq!(world.verify().unwrap().pickups, 1);
    });
}

#[test]
fn said_again_it_changes_nothing() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let settled = world.confirm(&deal, &claimed).unwrap();
        assert_eq!(world.confirm(&deal, &claimed).unwrap(), settled);
        assert_eq!(world.kinds().len(), 4);
        let refused = world.deny(&deal, &claimed).unwrap_err();
        assert_eq!(told(&refused), ("wrong_state", Some(("state", "settled".to_owned()))));
        let other = world.deal(2);
        let claimed = world.pay(&other, Method::Cash).unwrap();
        let denied = world.deny(&other, &claimed).unwrap();
        assert_eq!(world.deny(&other, &claimed).unwrap(), denied);
        assert!(matches!(world.confirm(&other, &claimed), Err(PaymentError::WrongState(_))));
    });
}

#[test]
fn what_was_denied_can_be_paid_again() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let first = world.pay(&deal, Method::Cash).unwrap();
        let refused = world.pay(&deal, Method::Cash).unwrap_err();
        assert_eq!(told(&refused), ("payment_exists", Some(("payment_id", first.id.to_string()))));
        world.deny(&deal, &first).unwrap();
        let second = world.pay(&deal, Method::Cash).unwrap();
        assert_ne!(first.id, second.id);
        world.confirm(&deal, &second).unwrap();
        let third = world.pay(&deal, Method::Cash).unwrap_err();
        assert_eq!(told(&third).1, Some(("payment_id", second.id.to_string())));
        world.verify().unwrap();
    });
}

#[test]
fn only_the_two_sides_and_each_its_own_part() {
    on_each_engine(|world| {
        let (deal, other) = (world.deal(1), world.deal(2));
        let swapped = Deal { payer: deal.household, ..deal };
        let not_hers = world.pay(&swapped, Method::Cash);
        assert!(matches!(not_hers, Err(PaymentError::Pickup(PickupError::OtherSide))));
        let stranger = Deal { payer: other.payer, ..deal };
        let unknown = world.pay(&stranger, Method::Cash).unwrap_err();
        assert_eq!(told(&unknown).0, "not_found");
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let himself = Deal { household: deal.payer, ..deal };
        for refused in [world.confirm(&himself, &claimed), world.deny(&himself, &claimed)] {
            assert_eq!(told(&refused.unwrap_err()).0, "other_side_only");
        }
        for refused in [world.confirm(&other, &claimed), world.deny(&other, &claimed)] {
            assert_eq!(told(&refused.unwrap_err()).0, "not_found");
        }
    });
}

#[test]
fn a_job_that_nobody_agreed_to_is_not_paid() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let mut conn = test_kit::raw_connection(&world.database);
        conn.run_script("UPDATE pickup SET state = 'weighed'").unwrap();
        for method in [Method::Cash, Method::Wallet] {
            let refused = world.pay(&deal, method).unwrap_err();
            assert_eq!(told(&refused), ("wrong_state", Some(("state", "weighed".to_owned()))));
        }
    });
}

#[test]
fn silence_is_flagged_after_two_days_and_a_late_answer_counts() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        world.pass(47);
        assert_eq!(world.flag(), 0);
        world.pass(1);
        assert_eq!((world.flag(), world.flag()), (1, 0));
        let id = claimed.id;
        let found = world.write(move |payments, conn| payments.find_party_in(conn, deal.payer, id));
        let PaymentState::Pending { flagged_at: Some(_) } = found.unwrap().0.state else {
            panic!("it should be pending and flagged");
        };
        world.confirm(&deal, &claimed).unwrap();
        assert_eq!(world.kinds()[..2], ["payment_claimed", "payment_unanswered"]);
        world.verify().unwrap();
    });
}

#[derive(Debug, Clone, Copy)]
enum Step {
    ClaimCash,
    PayByWallet,
    Confirm,
    Deny,
    TwoDays,
}

const STEPS: [Step; 5] =
    [Step::ClaimCash, Step::PayByWallet, Step::Confirm, Step::Deny, Step::TwoDays];

/// What every order of four steps must end in, by a model of five lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Unpaid,
    Claimed,
    Denied,
    ByCash,
    ByWallet,
}

impl Model {
    fn after(self, step: Step) -> Self {
        match (self, step) {
            (Self::Unpaid | Self::Denied, Step::ClaimCash) => Self::Claimed,
            (Self::Unpaid | Self::Denied, Step::PayByWallet) => Self::ByWallet,
            (Self::Claimed, Step::Confirm) => Self::ByCash,
            (Self::Claimed, Step::Deny) => Self::Denied,
            (same, _) => same,
        }
    }
}

fn play(world: &World, deal: &Deal, steps: [Step; 4]) -> Model {
    let mut model = Model::Unpaid;
    let mut last: Option<Payment> = None;
    for step in steps {
        let taken = match (step, &last) {
            (Step::ClaimCash, _) => world.pay(deal, Method::Cash).ok(),
            (Step::PayByWallet, _) => world.pay(deal, Method::Wallet).ok(),
            (Step::Confirm, Some(payment)) => world.confirm(deal, payment).ok(),
            (Step::Deny, Some(payment)) => world.deny(deal, payment).ok(),
            (Step::TwoDays, _) => {
                world.pass(48);
                world.flag();
                None
            }
            (Step::Confirm | Step::Deny, None) => None,
        };
        last = taken.or(last);
        model = model.after(step);
    }
    model
}

/// Custody moves by wallet alone, cash is on the books once or not at all, in all 625 orders of four steps.
#[test]
fn every_order_of_events_leaves_custody_and_memo_right() {
    on_each_engine(|world| {
        let (mut paid, mut number) = (0, 0);
        for code in 0..STEPS.len().pow(4) {
            let step = |place: u32| STEPS[code / STEPS.len().pow(place) % STEPS.len()];
            let steps = [step(3), step(2), step(1), step(0)];
            number += 1;
            let deal = world.deal(number);
            world.top_up(deal.payer, WORTH).unwrap();
            let model = play(world, &deal, steps);
            let (state, wallet, cash) = match model {
                Model::ByCash => ("paid", 0, WORTH),
                Model::ByWallet => ("paid", WORTH, 0),
                Model::Unpaid | Model::Claimed | Model::Denied => ("confirmed", 0, 0),
            };
            assert_eq!(world.state(&deal), state, "{steps:?}");
            assert_eq!(world.wallet(deal.household), wallet, "{steps:?}");
            assert_eq!(world.wallet(deal.payer), WORTH - wallet, "{steps:?}");
            assert_eq!(world.cash_received(&deal), cash, "{steps:?}");
            paid += u64::from(state == "paid");
        }
        assert_eq!(world.verify().unwrap().pickups, paid);
    });
}
