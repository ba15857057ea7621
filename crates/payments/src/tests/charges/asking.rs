use primitives::Rupiah;

use super::{AMOUNT, Counter, known, refusal};
use crate::{
    ChargeStateName as Name, Charges, NewCharge, PayInChannel, tests::world::on_each_engine,
};

#[test]
fn a_wish_moves_nothing() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        assert_eq!((charge.state.name(), charge.version), (Name::Created, 1));
        assert_eq!(counter.find(&charge), charge);
        assert_eq!(counter.books(&charge), [0, 0, 0, 0]);
        assert_eq!(world.kinds(), ["top_up_requested"]);
        world.verify().unwrap();
    });
}

#[test]
fn amounts_beyond_the_channel_are_refused() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let siti = world.person(1);
        for (amount, channel) in [
            (9_999, PayInChannel::Bca),
            (0, PayInChannel::Bca),
            (-50_000, PayInChannel::Bca),
            (50_000_001, PayInChannel::Bca),
            (10_000_001, PayInChannel::Qris),
        ] {
            let refused = counter.ask(siti, amount, channel).unwrap_err();
            assert_eq!(refusal(&refused).0, "invalid_fields", "{amount}");
        }
    });
}

#[test]
fn without_a_gateway_no_way_leads_in() {
    on_each_engine(|world| {
        let (charges, siti) = (Charges::new(world.ambient.clone(), Vec::new()), world.person(1));
        let new = NewCharge { amount: Rupiah::new(AMOUNT), channel: PayInChannel::Qris };
        let unit = move |conn: &mut database::Connection| charges.request_in(conn, siti, new);
        let refused = world.database.write_blocking(unit).unwrap_err();
        assert_eq!(refusal(&refused).0, "channel_unavailable");
    });
}

#[test]
fn one_waits_on_each_channel() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        let again = || counter.ask(charge.account, 20_000, PayInChannel::Bca);
        let named = Some(("top_up_id", charge.id.to_string()));
        assert_eq!(refusal(&again().unwrap_err()), ("top_up_under_way", named));
        counter.ask(charge.account, 20_000, PayInChannel::Qris).unwrap();
        counter.step(&charge, known(&charge, &[]));
        assert_eq!(refusal(&again().unwrap_err()).0, "top_up_under_way");
        counter.minutes(10);
        counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        again().unwrap();
        world.verify().unwrap();
    });
}
