use ledger::{AccountName, Label};

use super::{FEE, Office, told, wish};
use crate::{
    Channel, NewWithdrawal, Terms, WithdrawalState, Withdrawals, tests::world::on_each_engine,
};

#[test]
fn the_money_leaves_the_wallet_at_once_and_waits_in_clearing() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let siti = office.saver(1, 100_000);
        let asked = office.withdraw(siti, 50_000).unwrap();
        assert_eq!((&asked.state, asked.fee.get()), (&WithdrawalState::Created, FEE));
        assert_eq!(world.wallet(siti), 100_000 - 50_000 - FEE);
        let clearing = AccountName::ClearingPayout(Label::parse("xendit").unwrap());
        assert_eq!(world.balance(clearing).balance, 50_000);
        assert_eq!(world.balance(AccountName::Fee).balance, FEE);
        assert_eq!(world.verify().unwrap().withdrawals, 1);
    });
}

#[test]
fn one_at_a_time_whatever_keys_are_used() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let siti = office.saver(1, 100_000);
        let first = office.withdraw(siti, 20_000).unwrap();
        let second = office.withdraw(siti, 20_000).unwrap_err();
        let named = Some(("withdrawal_id", first.id.to_string()));
        assert_eq!(told(&second), ("withdrawal_under_way", named));
        assert_eq!(world.wallet(siti), 100_000 - 20_000 - FEE);
    });
}

#[test]
fn amount_and_fee_must_be_there() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let siti = office.saver(1, 50_000);
        let refused = office.withdraw(siti, 50_000 - FEE + 1).unwrap_err();
        assert_eq!(told(&refused).0, "balance_insufficient");
        assert_eq!(world.wallet(siti), 50_000);
        office.withdraw(siti, 50_000 - FEE).unwrap();
        assert_eq!(world.wallet(siti), 0);
        world.verify().unwrap();
    });
}

#[test]
fn a_young_account_may_withdraw_less_in_a_day() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let young = world.person(1);
        world.top_up(young, 1_000_000).unwrap();
        let refused = office.withdraw(young, 250_001).unwrap_err();
        let left = Some(("remaining_today_rupiah", "250000".to_owned()));
        assert_eq!(told(&refused), ("withdrawal_limit_exceeded", left));
        assert_eq!(world.wallet(young), 1_000_000);
        office.withdraw(young, 250_000).unwrap();
        world.verify().unwrap();
    });
}

#[test]
fn nonsense_is_refused_and_says_where() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let siti = office.saver(1, 100_000);
        let wrong = NewWithdrawal {
            account_number: "12".to_owned(),
            account_holder: " ".to_owned(),
            ..wish(-1)
        };
        let refused = office.ask(siti, wrong).unwrap_err();
        let pointers: Vec<String> =
            http_kit::Failure::fields(&refused).into_iter().map(|it| it.pointer).collect();
        assert_eq!(pointers, ["/amount_rupiah", "/account_number", "/account_holder"]);
        assert_eq!(world.wallet(siti), 100_000);
    });
}

#[test]
fn without_a_gateway_there_is_no_way_out() {
    on_each_engine(|world| {
        let withdrawals = Withdrawals::new(world.ambient.clone(), Terms::default(), Vec::new());
        let office = Office { withdrawals, ..Office::of(world) };
        let siti = office.saver(1, 100_000);
        for channel in Channel::ALL {
            let account_number = "081234567890".to_owned();
            let refused =
                office.ask(siti, NewWithdrawal { channel, account_number, ..wish(20_000) });
            assert!(refused.is_err(), "{channel:?}");
        }
        assert_eq!(told(&office.withdraw(siti, 20_000).unwrap_err()).0, "channel_unavailable");
        assert_eq!(world.wallet(siti), 100_000);
    });
}

#[test]
fn what_came_back_does_not_count_against_the_day() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let young = world.person(1);
        world.top_up(young, 1_000_000).unwrap();
        let first = office.withdraw(young, 250_000).unwrap();
        office.step(&first, crate::Learnt::Refused(crate::Failure::DestinationInvalid));
        assert_eq!(world.wallet(young), 1_000_000);
        office.withdraw(young, 250_000).unwrap();
        world.verify().unwrap();
    });
}
