use pickups::PickupError;

use super::{
    told,
    world::{Deal, WORTH, on_each_engine},
};
use crate::{Method, PaymentError, PaymentState, PaymentStateName};

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
