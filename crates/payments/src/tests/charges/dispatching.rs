//! The worker and the adapters against simulated gateways.

use gateway_simulator::{Chaos, Charged, Whim};
use primitives::Rupiah;

use super::{AMOUNT, find};
use crate::{
    Charge, ChargeError, ChargeStateName as Name, GatewayName, NewCharge, PayInChannel,
    tests::{
        gateways::{Trial, block_on},
        world::{World, on_each_engine},
    },
};

/// More than there are: every look reaches everybody who is due.
const ALL: i64 = 100_000;

impl Trial {
    pub(super) fn asks(&self, number: u32, channel: PayInChannel) -> Charge {
        let world = &self.office.world;
        let (charges, account) = (self.charges.clone(), world.person(number));
        let new = NewCharge { amount: Rupiah::new(AMOUNT), channel };
        let unit = move |conn: &mut database::Connection| -> Result<Charge, ChargeError> {
            charges.request_in(conn, account, new)
        };
        world.database.write_blocking(unit).unwrap()
    }

    pub(super) fn stands(&self, charge: &Charge) -> Charge {
        find(&self.office.world, &self.charges, charge)
    }

    /// So many minutes go by, and the worker looks after each.
    pub(super) async fn looks(&self, minutes: usize) {
        for _ in 0..minutes {
            self.charge_dispatcher().step(ALL).await.unwrap();
            self.minutes(1);
        }
        self.charge_dispatcher().step(ALL).await.unwrap();
    }

    /// The simulator's word about the charge.
    pub(super) fn booked(&self, charge: &Charge) -> Option<Charged> {
        let order = charge.id.to_string();
        self.simulator.with_book(|book| book.charge_of(&order).cloned())
    }
}

fn paid_and_credited(name: GatewayName, channel: PayInChannel, whim: Whim) {
    on_each_engine(|world: &World| {
        let trial = Trial::of(world, name, Chaos::Only(whim), 1);
        let asked = trial.asks(1, channel);
        block_on(trial.looks(12));
        let charge = trial.stands(&asked);
        assert_eq!(charge.state.name(), Name::Asked, "{name:?} {channel:?} {whim:?}");
        let pay_to = charge.state.asked().unwrap().pay_to.clone();
        assert!(trial.simulator.with_book(|book| book.pay(&pay_to, None)));
        // Nobody tells us.
        block_on(trial.looks(15));
        assert_eq!(trial.stands(&asked).state.name(), Name::Paid, "{name:?} {channel:?} {whim:?}");
        assert_eq!(world.wallet(asked.account), AMOUNT);
        world.verify().unwrap();
    });
}

#[test]
fn every_channel_of_an_honest_gateway_brings_money_in() {
    for (name, channels) in [
        (GatewayName::Xendit, &PayInChannel::ALL[..]),
        (GatewayName::Midtrans, &[PayInChannel::Qris, PayInChannel::Bca, PayInChannel::Permata]),
    ] {
        for channel in channels {
            paid_and_credited(name, *channel, Whim::Honest);
        }
    }
}

#[test]
fn answers_that_never_came_are_asked_for_again() {
    for name in GatewayName::ALL {
        for whim in [Whim::Drops, Whim::Slow, Whim::ErrsAfter, Whim::ErrsBefore, Whim::Hidden] {
            paid_and_credited(name, PayInChannel::Bri, whim);
        }
    }
}

#[test]
fn a_code_that_was_said_once_and_lost_fails_at_once() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Midtrans, Chaos::Only(Whim::Drops), 1);
        let asked = trial.asks(1, PayInChannel::Qris);
        block_on(trial.looks(2));
        assert_eq!(trial.stands(&asked).state.name(), Name::Failed);
        trial.asks(1, PayInChannel::Qris);
    });
}

#[test]
fn mandiri_is_no_channel_of_midtrans() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Midtrans, Chaos::Quiet, 1);
        let served: Vec<PayInChannel> = trial.charges.channels().collect();
        assert!(served.len() == 5 && !served.contains(&PayInChannel::Mandiri));
    });
}

#[test]
fn another_booked_amount_is_shown_to_nobody() {
    on_each_engine(|world| {
        for (number, name) in (1..).zip(GatewayName::ALL) {
            let trial = Trial::of(world, name, Chaos::Only(Whim::WrongAmount), 1);
            let asked = trial.asks(number, PayInChannel::Bni);
            block_on(trial.looks(1));
            let found = trial.stands(&asked);
            assert_eq!((found.state.name(), found.state.asked()), (Name::Failed, None));
            assert!(found.escalated_at.is_some());
        }
    });
}

#[test]
fn a_gateway_that_is_gone_leaves_the_wish_waiting() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        let asked = trial.asks(1, PayInChannel::Bca);
        let gone = crate::ChargeDispatcher::new(
            world.database.clone(),
            trial.charges.clone(),
            [crate::tests::gateways::adapter(GatewayName::Xendit, "http://127.0.0.1:9")].into(),
        );
        block_on(async {
            gone.step(100).await.unwrap();
            assert_eq!(trial.stands(&asked).state.name(), Name::Created);
            trial.looks(2).await;
        });
        assert_eq!(trial.stands(&asked).state.name(), Name::Asked);
    });
}
