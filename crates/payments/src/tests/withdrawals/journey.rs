use ledger::{AccountName, Label};
use primitives::Rupiah;

use super::{FEE, Office, known};
use crate::{
    Call, Failure, Learnt, Payout, PayoutStatus, Withdrawal, WithdrawalError,
    WithdrawalStateName as Name, tests::world::on_each_engine,
};

fn xendit() -> Label {
    Label::parse("xendit").unwrap()
}

/// Wallet, clearing, bank and fee, as the books have them.
fn books(office: &Office, withdrawal: &Withdrawal) -> [i64; 4] {
    let balance = |account| office.world.balance(account).balance;
    [
        office.world.wallet(withdrawal.account),
        balance(AccountName::ClearingPayout(xendit())),
        balance(AccountName::Bank(xendit())),
        balance(AccountName::Fee),
    ]
}

const BEFORE: [i64; 4] = [100_000, 0, 0, 0];
const UNDER_WAY: [i64; 4] = [100_000 - 50_000 - FEE, 50_000, 0, FEE];
const AFTER: [i64; 4] = [100_000 - 50_000 - FEE, 0, 50_000, FEE];

fn asked(office: &Office) -> Withdrawal {
    let siti = office.saver(1, 100_000);
    office.withdraw(siti, 50_000).unwrap()
}

#[test]
fn accepted_then_arrived() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let pending = office.step(&asked, known(&asked, PayoutStatus::Pending));
        assert_eq!((pending.state.name(), books(&office, &asked)), (Name::Pending, UNDER_WAY));
        assert!(office.claim(&asked).is_none(), "it is looked at again in ten minutes");
        office.minutes(10);
        let done = office.step(&asked, known(&asked, PayoutStatus::Succeeded));
        assert_eq!((done.state.name(), books(&office, &asked)), (Name::Succeeded, AFTER));
        world.verify().unwrap();
    });
}

#[test]
fn failed_gives_everything_back() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let failed =
            office.step(&asked, known(&asked, PayoutStatus::Failed(Failure::DestinationInvalid)));
        assert_eq!((failed.state.name(), books(&office, &asked)), (Name::Failed, BEFORE));
        office.minutes(100_000);
        assert!(office.claim(&asked).is_none(), "what has ended stays ended");
        world.verify().unwrap();
    });
}

#[test]
fn reversed_after_success_and_reversed_unseen_end_alike() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let seen = asked(&office);
        office.step(&seen, known(&seen, PayoutStatus::Succeeded));
        office.minutes(10);
        let seen = office.step(&seen, known(&seen, PayoutStatus::Reversed));
        assert_eq!((seen.state.name(), books(&office, &seen)), (Name::Reversed, BEFORE));
        let unseen = office.withdraw(seen.account, 50_000).unwrap();
        let unseen = office.step(&unseen, known(&unseen, PayoutStatus::Reversed));
        assert_eq!((unseen.state.name(), books(&office, &unseen)), (Name::Reversed, BEFORE));
        world.verify().unwrap();
    });
}

#[test]
fn an_answer_that_never_came_sends_nothing_again_until_a_look_up_has_settled_it() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let (claimed, call) = office.claim(&asked).unwrap();
        assert_eq!(call, Call::Create);
        assert_eq!(office.hear(&claimed, Learnt::Nothing).unwrap(), None);
        assert_eq!(office.find(&asked).state.name(), Name::InDoubt);
        office.minutes(10);
        let (claimed, call) = office.claim(&asked).unwrap();
        assert_eq!(call, Call::Find);
        // Ten minutes are not long enough to believe that the gateway never heard of it.
        assert_eq!(office.hear(&claimed, Learnt::Unknown).unwrap(), None);
        office.minutes(10);
        let (claimed, call) = office.claim(&asked).unwrap();
        assert_eq!(call, Call::Find);
        let (again, call) = office.hear(&claimed, Learnt::Unknown).unwrap().unwrap();
        assert_eq!((call, office.withdrawals.may_send(&again)), (Call::Resend, true));
        assert_eq!(books(&office, &asked), UNDER_WAY);
        world.verify().unwrap();
    });
}

#[test]
fn a_worker_that_died_while_sending_leaves_a_doubt() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let (dead, _create) = office.claim(&asked).unwrap();
        assert!(office.claim(&asked).is_none(), "the lease runs");
        office.minutes(1);
        let (alive, call) = office.claim(&asked).unwrap();
        assert_eq!((alive.state.name(), call), (Name::InDoubt, Call::Find));
        // The dead one was only slow: what it heard is void, the other will hear the same.
        let late = office.hear(&dead, known(&asked, PayoutStatus::Succeeded));
        assert!(matches!(late, Err(WithdrawalError::LeaseLost)));
        assert_eq!(books(&office, &asked), UNDER_WAY);
        office.hear(&alive, known(&asked, PayoutStatus::Succeeded)).unwrap();
        assert_eq!(books(&office, &asked), AFTER);
        world.verify().unwrap();
    });
}

#[test]
fn after_twenty_hours_a_person_decides_and_nothing_is_sent() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        office.step(&asked, Learnt::Nothing);
        office.minutes(20 * 60);
        for _look in 0..3 {
            let (claimed, call) = office.claim(&asked).unwrap();
            assert_eq!(call, Call::Find);
            assert_eq!(office.hear(&claimed, Learnt::Unknown).unwrap(), None);
            assert!(!office.withdrawals.may_send(&claimed));
            office.minutes(10);
        }
        let found = office.find(&asked);
        assert_eq!((found.state.name(), found.escalated_at.is_some()), (Name::InDoubt, true));
        assert_eq!(books(&office, &asked), UNDER_WAY);
        world.verify().unwrap();
    });
}

#[test]
fn a_payout_of_another_amount_name_or_order_is_never_booked() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let Learnt::Known(right) = known(&asked, PayoutStatus::Succeeded) else { panic!() };
        office.step(&asked, known(&asked, PayoutStatus::Pending));
        let wrong = [
            Payout { amount: Rupiah::new(49_999), ..right.clone() },
            Payout { order: "wdr_of_somebody_else".to_owned(), ..right.clone() },
            Payout { reference: "disb-other".to_owned(), ..right.clone() },
        ];
        for payout in wrong {
            office.minutes(10);
            let found = office.step(&asked, Learnt::Known(payout));
            assert_eq!((found.state.name(), found.escalated_at.is_some()), (Name::Pending, true));
            assert_eq!(books(&office, &asked), UNDER_WAY);
        }
        office.minutes(10);
        office.step(&asked, Learnt::Known(right));
        assert_eq!(books(&office, &asked), AFTER);
        world.verify().unwrap();
    });
}

#[test]
fn one_payout_is_not_the_end_of_two_withdrawals() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let first = asked(&office);
        office.step(&first, known(&first, PayoutStatus::Succeeded));
        let second = office.saver(2, 100_000);
        let second = office.withdraw(second, 50_000).unwrap();
        let Learnt::Known(payout) = known(&second, PayoutStatus::Succeeded) else { panic!() };
        let reference = format!("disb-{}", first.id);
        let found = office.step(&second, Learnt::Known(Payout { reference, ..payout }));
        assert!(found.escalated_at.is_some() && found.state.paid().is_none(), "{found:?}");
        world.verify().unwrap();
    });
}

#[test]
fn what_is_held_is_approved_in_the_same_breath() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let (claimed, _create) = office.claim(&asked).unwrap();
        let held = known(&asked, PayoutStatus::Held);
        let (pending, call) = office.hear(&claimed, held).unwrap().unwrap();
        assert_eq!((pending.state.name(), call), (Name::Pending, Call::Approve));
        office.hear(&pending, known(&asked, PayoutStatus::Pending)).unwrap();
        assert_eq!(books(&office, &asked), UNDER_WAY);
    });
}

#[test]
fn a_notification_only_makes_it_due() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let asked = asked(&office);
        let hurry = |withdrawal: &Withdrawal| {
            let id = withdrawal.id;
            office.write(move |withdrawals, conn| withdrawals.hurry_in(conn, id)).unwrap()
        };
        assert!(!hurry(&asked), "no gateway has heard of it yet");
        office.step(&asked, known(&asked, PayoutStatus::Pending));
        assert!(office.claim(&asked).is_none());
        assert!(hurry(&asked));
        assert_eq!(books(&office, &asked), UNDER_WAY);
        assert_eq!(office.claim(&asked).unwrap().1, Call::Find);
    });
}
