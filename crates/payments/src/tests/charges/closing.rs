//! Top-ups that wait for a person, and how he ends them.

use std::time::Duration;

use primitives::TopUpId;

use super::{AMOUNT, Counter, known, refusal, suspense::Desk, told};
use crate::{
    Charge, ChargeError, ChargeFailure, ChargeState, ChargeStateName as Name, Heard, Standing,
    Told,
    tests::{adjustments::Staff, world::on_each_engine},
};

impl Desk<'_> {
    fn close(&self, by: &Staff, id: TopUpId, reason: &str) -> Result<Charge, ChargeError> {
        self.counter.world.clock.advance(Duration::from_secs(30));
        let (accounts, code, by) = (self.office.accounts.clone(), self.office.code(by), by.account);
        let reason = reason.to_owned();
        self.counter.write(move |charges, conn| {
            let counted = accounts.count_factor_try_in(conn, by)?;
            let fresh = accounts.take_fresh_factor_in(conn, counted, &code)?;
            charges.close_in(conn, fresh, id, &reason)
        })
    }

    fn look_up(&self, by: &Staff, id: TopUpId) -> Result<(), ChargeError> {
        let by = by.account;
        self.counter.write(move |charges, conn| charges.look_up_in(conn, by, id))
    }
}

/// One whose gateway has been silent for more than a day.
fn silent(counter: &Counter, number: u32) -> Charge {
    let charge = counter.asked(number);
    counter.step(&charge, known(&charge, &[]));
    counter.minutes(28 * 60);
    let found = counter.step(&charge, Heard::Nothing);
    assert!(found.state.name() == Name::Expired && found.escalated_at.is_some());
    found
}

fn desk_is_empty(counter: &Counter) -> bool {
    counter.write(|charges, conn| charges.page_escalated_in(conn, None, 10)).unwrap().is_empty()
}

#[test]
fn it_is_looked_up_at_once_and_what_is_found_counts() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let charge = silent(&desk.counter, 5);
        assert!(desk.counter.claim(&charge).is_none(), "it is not due");
        desk.look_up(&desk.checker, charge.id).unwrap();
        desk.look_up(&desk.checker, charge.id).unwrap();
        let found = desk.counter.step(&charge, known(&charge, &[("late", AMOUNT)]));
        assert_eq!((found.state.name(), world.wallet(charge.account)), (Name::Paid, AMOUNT));
        let hurried = world.kinds().iter().filter(|kind| *kind == "top_up_hurried").count();
        assert_eq!(hurried, 1, "said again it changes nothing");
        world.verify().unwrap();
    });
}

#[test]
fn what_lapsed_is_off_the_desk_and_a_later_payment_goes_to_suspense() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let charge = silent(&desk.counter, 5);
        let closed = desk.close(&desk.checker, charge.id, "bank menyatakan batal").unwrap();
        assert!(matches!(
            closed.state,
            ChargeState::Failed { failure: ChargeFailure::Lapsed, asked: Some(_), .. }
        ));
        assert!(desk_is_empty(&desk.counter) && closed.due_at.is_none());
        let again = desk.close(&desk.checker, charge.id, "x").unwrap_err();
        assert_eq!(refusal(&again), ("wrong_state", Some(("state", "failed".to_owned()))));
        world.verify().unwrap();
        // A notification has it looked at for ever; strange figures were looked into before.
        let hurry = |it: &Charge| {
            let id = it.id;
            assert!(desk.counter.write(move |all, conn| Ok(all.hurry_in(conn, id)?)).unwrap());
        };
        hurry(&charge);
        let other = Told { amount: primitives::Rupiah::new(1), ..told(&charge, &[]) };
        desk.counter.step(&charge, Heard::Known(other));
        assert!(desk_is_empty(&desk.counter));
        hurry(&charge);
        let late = desk.counter.step(&charge, known(&charge, &[("late", AMOUNT)]));
        assert_eq!((late.state.name(), world.wallet(charge.account)), (Name::Failed, 0));
        assert_eq!(desk.counter.books(&charge), [AMOUNT, 0, AMOUNT, 0]);
        assert!(late.escalated_at.is_some(), "somebody has to see it");
        world.verify().unwrap();
    });
}

#[test]
fn what_is_paid_stays_paid() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let charge = desk.counter.asked(5);
        desk.counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        desk.counter.minutes(60);
        let gone = Told { standing: Standing::Failed, ..told(&charge, &[]) };
        desk.counter.step(&charge, Heard::Known(gone));
        let closed = desk.close(&desk.checker, charge.id, "ditagih lewat penyesuaian").unwrap();
        assert_eq!((closed.state.name(), world.wallet(charge.account)), (Name::Paid, AMOUNT));
        assert!(desk_is_empty(&desk.counter));
        world.verify().unwrap();
    });
}

#[test]
fn nobody_ends_his_own_or_what_waits_for_nobody() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let fresh = desk.counter.asked(5);
        for early in [
            desk.look_up(&desk.checker, fresh.id),
            desk.close(&desk.checker, fresh.id, "x").map(|_closed| ()),
        ] {
            assert_eq!(refusal(&early.unwrap_err()).0, "wrong_state");
        }
        let unknown = desk.look_up(&desk.checker, world.ambient.mint()).unwrap_err();
        assert_eq!(refusal(&unknown).0, "not_found");
        let charge = silent(&desk.counter, 6);
        let unsaid = desk.close(&desk.checker, charge.id, " ").unwrap_err();
        assert_eq!(refusal(&unsaid).0, "invalid_fields");
        let account = desk.checker.account;
        let sql = format!("UPDATE charge SET account_id = '{account}' WHERE id = '{}'", charge.id);
        test_kit::raw_connection(&world.database).run_script(&sql).unwrap();
        for own in [
            desk.look_up(&desk.checker, charge.id),
            desk.close(&desk.checker, charge.id, "x").map(|_closed| ()),
        ] {
            assert_eq!(refusal(&own.unwrap_err()).0, "own_wallet");
        }
    });
}

#[test]
fn a_worker_that_asks_meanwhile_learns_nothing_void() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let charge = silent(&desk.counter, 5);
        desk.look_up(&desk.checker, charge.id).unwrap();
        let (claimed, _find) = desk.counter.claim(&charge).unwrap();
        desk.close(&desk.checker, charge.id, "bank menyatakan batal").unwrap();
        let late = desk.counter.hear(&claimed, known(&charge, &[("late", AMOUNT)])).unwrap_err();
        assert!(matches!(late, ChargeError::LeaseLost), "{late}");
        assert_eq!(desk.counter.books(&charge), [0, 0, 0, 0]);
        world.verify().unwrap();
    });
}
