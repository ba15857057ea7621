use super::{
    told,
    world::{WORTH, on_each_engine},
};
use crate::{Method, PaymentStateName};

#[test]
fn a_wallet_pays_at_once() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        world.top_up(deal.payer, 20_000).unwrap();
        let paid = world.pay(&deal, Method::Wallet).unwrap();
        assert_eq!((paid.state.name(), paid.version), (PaymentStateName::Settled, 1));
        assert_eq!(world.wallet(deal.payer), 20_000 - WORTH);
        assert_eq!((world.wallet(deal.household), world.cash_received(&deal)), (WORTH, 0));
        assert_eq!(world.state(&deal), "paid");
        assert_eq!(world.carried(&deal, "PLA-PET-BENING"), 3_000);
        assert_eq!(world.confirm(&deal, &paid).unwrap(), paid);
        world.verify().unwrap();
    });
}

#[test]
fn an_empty_wallet_pays_nothing_and_leaves_nothing() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        world.top_up(deal.payer, WORTH - 1).unwrap();
        let refused = world.pay(&deal, Method::Wallet).unwrap_err();
        assert_eq!(told(&refused).0, "balance_insufficient");
        assert_eq!((world.state(&deal), world.wallet(deal.household)), ("confirmed", 0));
        assert_eq!(world.kinds(), ["topped_up"]);
        world.top_up(deal.payer, 1).unwrap();
        world.pay(&deal, Method::Wallet).unwrap();
        assert_eq!(world.wallet(deal.payer), 0);
        world.verify().unwrap();
    });
}

#[test]
fn what_is_given_away_is_settled_without_money() {
    on_each_engine(|world| {
        let (by_wallet, by_cash) = (world.gift(1), world.gift(2));
        world.pay(&by_wallet, Method::Wallet).unwrap();
        let claimed = world.pay(&by_cash, Method::Cash).unwrap();
        world.confirm(&by_cash, &claimed).unwrap();
        for deal in [by_wallet, by_cash] {
            assert_eq!((world.state(&deal), world.cash_received(&deal)), ("paid", 0));
            assert_eq!(world.carried(&deal, "PLA-PET-BENING"), 3_000);
        }
        assert_eq!(world.verify().unwrap().pickups, 2);
    });
}

#[test]
fn a_failure_halfway_leaves_nothing_of_the_settlement() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        world.top_up(deal.payer, 20_000).unwrap();
        let mut conn = test_kit::raw_connection(&world.database);
        // The last thing a settlement does is to write its events.
        conn.run_script("ALTER TABLE event RENAME TO event_gone").unwrap();
        assert!(world.pay(&deal, Method::Wallet).is_err());
        assert!(world.pay(&deal, Method::Cash).is_err());
        conn.run_script("ALTER TABLE event_gone RENAME TO event").unwrap();
        assert_eq!((world.wallet(deal.payer), world.wallet(deal.household)), (20_000, 0));
        assert_eq!((world.state(&deal), world.carried(&deal, "PLA-PET-BENING")), ("confirmed", 0));
        assert_eq!(world.kinds(), ["topped_up"]);
        world.verify().unwrap();
        world.pay(&deal, Method::Wallet).unwrap();
        world.verify().unwrap();
    });
}
