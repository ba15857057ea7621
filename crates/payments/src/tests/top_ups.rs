use ledger::{AccountName, Label};
use primitives::Rupiah;

use super::{
    told,
    world::{World, on_each_engine},
};
use crate::{Maker, NewTopUp, PaymentError, TopUp};

fn by(world: &World, maker: Maker, amount: i64, reason: &str) -> Result<TopUp, PaymentError> {
    let account = world.person(1);
    let new = NewTopUp { maker, account, amount: Rupiah::new(amount), reason: reason.to_owned() };
    world.write(move |payments, conn| payments.top_up_in(conn, &new))
}

#[test]
fn money_goes_through_clearing_and_says_who_saw_it() {
    on_each_engine(|world| {
        let maker = Maker::Staff(world.person(2));
        let top_up = by(world, maker, 50_000, "setoran").unwrap();
        assert_eq!((top_up.maker, world.wallet(top_up.account)), (maker, 50_000));
        let manual = || Label::parse("manual").unwrap();
        assert_eq!(world.balance(AccountName::Bank(manual())).balance, -50_000);
        let clearing = world.balance(AccountName::ClearingTopUp(manual()));
        assert_eq!((clearing.balance, clearing.version), (0, 2));
        assert_eq!(world.kinds(), ["topped_up"]);
        assert_eq!(world.verify().unwrap().top_ups, 1);
    });
}

#[test]
fn nonsense_is_refused_where_it_stands() {
    on_each_engine(|world| {
        let staff = Maker::Staff(world.person(2));
        for (amount, reason) in [(0, "x"), (-5, "x"), (50_000_001, "x"), (5, " "), (5, "a\u{7}b")] {
            let refused = by(world, staff, amount, reason).unwrap_err();
            assert_eq!(told(&refused).0, "invalid_fields", "{amount} {reason:?}");
        }
        let own = by(world, Maker::Staff(world.person(1)), 5, "x").unwrap_err();
        assert_eq!(told(&own).0, "own_wallet");
        let unknown = world.top_up(world.ambient.mint(), 5).unwrap_err();
        assert_eq!(told(&unknown).0, "not_found");
        assert_eq!(world.verify().unwrap().top_ups, 0);
    });
}
