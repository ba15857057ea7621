use primitives::Rupiah;

use super::{AMOUNT, Counter, known, told};
use crate::{
    Charge, ChargeError, ChargeStateName as Name, Heard, Question, Standing, Told,
    tests::world::{World, on_each_engine},
};

const HOURS: u64 = 60;

/// A charge whose way to pay is known, ten minutes later.
fn payable(world: &World) -> (Counter, Charge) {
    let counter = Counter::of(world);
    let charge = counter.asked(1);
    let asked = counter.step(&charge, known(&charge, &[]));
    assert_eq!(asked.state.name(), Name::Asked);
    assert_eq!(asked.state.asked().unwrap().pay_to, "8808123456");
    counter.minutes(10);
    (counter, asked)
}

#[test]
fn a_payment_goes_through_clearing_into_the_wallet() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let (claimed, question) = counter.claim(&charge).unwrap();
        assert_eq!(question, Question::Find);
        let paid = counter.hear(&claimed, known(&charge, &[("py", AMOUNT)])).unwrap();
        assert_eq!((paid.state.name(), paid.escalated_at), (Name::Paid, None));
        assert_eq!(counter.books(&charge), [AMOUNT, 0, 0, AMOUNT]);
        let told = ["top_up_requested", "top_up_progressed", "topped_up", "top_up_progressed"];
        assert_eq!(world.kinds(), told);
        assert_eq!(world.verify().unwrap().top_ups, 1);
    });
}

#[test]
fn what_is_looked_at_again_is_credited_once() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        for _ in 0..3 {
            let paid = counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
            assert_eq!((paid.state.name(), paid.escalated_at), (Name::Paid, None));
            counter.minutes(60);
        }
        assert_eq!(counter.books(&charge), [AMOUNT, 0, 0, AMOUNT]);
    });
}

#[test]
fn another_amount_waits_for_a_person_and_never_reaches_the_wallet() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let found = counter.step(&charge, known(&charge, &[("less", 49_999)]));
        assert_eq!(found.state.name(), Name::Asked);
        assert!(found.escalated_at.is_some());
        assert_eq!(counter.books(&charge), [49_999, 0, 49_999, 0]);
        world.verify().unwrap();
        counter.minutes(10);
        let both = [("less", 49_999), ("exact", AMOUNT)];
        assert_eq!(counter.step(&charge, known(&charge, &both)).state.name(), Name::Paid);
        assert_eq!(counter.books(&charge), [99_999, 0, 49_999, AMOUNT]);
        world.verify().unwrap();
    });
}

#[test]
fn a_second_payment_waits_for_a_person() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let twice = known(&charge, &[("one", AMOUNT), ("two", AMOUNT)]);
        let found = counter.step(&charge, twice);
        assert_eq!(found.state.credited().unwrap().payment, format!("one-{}", charge.id));
        assert!(found.escalated_at.is_some());
        assert_eq!(counter.books(&charge), [2 * AMOUNT, 0, AMOUNT, AMOUNT]);
        let listed = counter.write(|charges, conn| charges.page_escalated_in(conn, None, 10));
        let [(escalated, payments)] = &listed.unwrap()[..] else { panic!("one is listed") };
        assert_eq!((escalated.id, payments.len()), (charge.id, 1), "the other one has its place");
        world.verify().unwrap();
    });
}

#[test]
fn nothing_paid_in_time_expires_after_one_more_look() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        counter.minutes(6 * HOURS);
        let found = counter.step(&charge, known(&charge, &[]));
        assert_eq!(found.state.name(), Name::Expired);
        assert_eq!(counter.books(&charge), [0, 0, 0, 0]);
        // Banks are slow: what comes in afterwards is his all the same.
        counter.minutes(HOURS);
        let late = counter.step(&charge, known(&charge, &[("late", AMOUNT)]));
        assert_eq!(late.state.name(), Name::Paid);
        assert_eq!(counter.books(&charge), [AMOUNT, 0, 0, AMOUNT]);
        world.verify().unwrap();
    });
}

#[test]
fn a_refusal_ends_it_and_a_payment_overrules_it() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        assert_eq!(counter.step(&charge, Heard::Refused).state.name(), Name::Failed);
        counter.minutes(HOURS);
        let late = counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        assert_eq!((late.state.name(), counter.books(&charge)[3]), (Name::Paid, AMOUNT));
        world.verify().unwrap();
    });
}

#[test]
fn what_is_not_ours_posts_nothing() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let good = told(&charge, &[("py", AMOUNT)]);
        let strange = [
            Told { order: "top_other".to_owned(), ..good.clone() },
            Told { reference: "pr-other".to_owned(), ..good.clone() },
        ];
        for told in strange {
            let found = counter.step(&charge, Heard::Known(told));
            assert_eq!(found.state.name(), Name::Asked);
            assert!(found.escalated_at.is_some());
            assert_eq!(counter.books(&charge), [0, 0, 0, 0]);
            counter.minutes(10);
        }
        // The gateway waits for another sum than ours: whatever came in is not for the wallet.
        let amount = Rupiah::new(AMOUNT + 1);
        counter.step(&charge, Heard::Known(Told { amount, ..good }));
        assert_eq!(counter.books(&charge), [AMOUNT, 0, AMOUNT, 0]);
        world.verify().unwrap();
    });
}

#[test]
fn a_payment_belongs_to_one_charge() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        let other = counter.asked(2);
        let Heard::Known(mut stolen) = known(&other, &[]) else { panic!() };
        stolen.payments = told(&charge, &[("py", AMOUNT)]).payments;
        let found = counter.step(&other, Heard::Known(stolen));
        assert!(found.escalated_at.is_some() && found.state.credited().is_none());
        assert_eq!(counter.books(&other), [AMOUNT, 0, 0, 0]);
        world.verify().unwrap();
    });
}

#[test]
fn nobody_is_shown_a_way_to_pay_something_else() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        let other = Told { amount: Rupiah::new(AMOUNT + 1), ..told(&charge, &[]) };
        let found = counter.step(&charge, Heard::Known(other));
        assert_eq!((found.state.name(), found.state.asked()), (Name::Failed, None));
        assert!(found.escalated_at.is_some());
        let second = counter.asked(2);
        let strange = Some("call 0812 for a discount".to_owned());
        let strange = Told { pay_to: strange, ..told(&second, &[]) };
        let found = counter.step(&second, Heard::Known(strange));
        assert_eq!((found.state.name(), found.state.asked()), (Name::Failed, None));
    });
}

#[test]
fn a_payment_that_is_taken_back_is_a_persons_business() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        counter.minutes(HOURS);
        let gone = Told { standing: Standing::Failed, ..told(&charge, &[]) };
        let found = counter.step(&charge, Heard::Known(gone));
        assert_eq!((found.state.name(), counter.books(&charge)[3]), (Name::Paid, AMOUNT));
        assert!(found.escalated_at.is_some());
        world.verify().unwrap();
    });
}

#[test]
fn a_silent_gateway_is_asked_again_soon_and_given_up_at_last() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        assert_eq!(counter.claim(&charge).unwrap().1, Question::Create);
        assert!(counter.claim(&charge).is_none(), "somebody has the lease");
        counter.minutes(1);
        assert_eq!(counter.step(&charge, Heard::Nothing).state.name(), Name::Created);
        counter.minutes(1);
        assert_eq!(counter.claim(&charge).unwrap().1, Question::Create);
        counter.minutes(14);
        let (claimed, question) = counter.claim(&charge).unwrap();
        assert_eq!(question, Question::Find, "nobody waits any more");
        counter.hear(&claimed, Heard::Nothing).unwrap();
        counter.minutes(27 * HOURS);
        let found = counter.step(&charge, Heard::Nothing);
        assert!(found.state.name() == Name::Failed && found.escalated_at.is_some());
    });
}

#[test]
fn absence_is_believed_late() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        assert_eq!(counter.step(&charge, Heard::Unknown).state.name(), Name::Asked);
        counter.minutes(6 * HOURS);
        assert_eq!(counter.step(&charge, Heard::Unknown).state.name(), Name::Asked);
        counter.minutes(10);
        assert_eq!(counter.step(&charge, Heard::Unknown).state.name(), Name::Expired);
    });
}

#[test]
fn a_worker_that_slept_past_its_lease_posts_nothing() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let (sleeper, _find) = counter.claim(&charge).unwrap();
        counter.minutes(2);
        let paid = known(&charge, &[("py", AMOUNT)]);
        counter.step(&charge, paid.clone());
        let late = counter.hear(&sleeper, paid).unwrap_err();
        assert!(matches!(late, ChargeError::LeaseLost), "{late}");
        assert_eq!(counter.books(&charge), [AMOUNT, 0, 0, AMOUNT]);
        let (sleeper, other) = (counter.asked(2), counter.asked(3));
        let (sleeper, _create) = counter.claim(&sleeper).unwrap();
        counter.minutes(2);
        counter.claim(&sleeper).unwrap();
        let late = counter.hear(&sleeper, known(&sleeper, &[("py", AMOUNT)])).unwrap_err();
        assert!(matches!(late, ChargeError::LeaseLost), "{late}");
        assert_eq!(counter.books(&other), [AMOUNT, 0, 0, 0]);
        world.verify().unwrap();
    });
}

#[test]
fn ends_are_watched_for_a_day() {
    on_each_engine(|world| {
        let (counter, charge) = payable(world);
        let paid = known(&charge, &[("py", AMOUNT)]);
        counter.step(&charge, paid.clone());
        counter.minutes(24 * HOURS);
        let found = counter.step(&charge, paid.clone());
        assert_eq!(found.due_at, None);
        let hurry =
            move |conn: &mut database::Connection| counter.charges.hurry_in(conn, charge.id);
        assert!(world.database.write_blocking(hurry).unwrap(), "a notification is heard for ever");
    });
}
