//! Top-ups through gateways.

mod asking;
mod chaos;
mod closing;
mod dispatching;
mod faults;
mod forgeries;
mod journey;
mod orders;
mod over_http;
mod races;
mod reconciling;
mod suspense;

use database::Connection;
use http_kit::Failure as _;
use ledger::{AccountName, Label};
use primitives::{AccountId, Rupiah};

use super::world::World;
use crate::{
    Charge, ChargeError, Charges, GatewayName, Heard, Incoming, NewCharge, PayInChannel, Question,
    Standing, Told,
};

pub(super) const AMOUNT: i64 = 50_000;

/// Where people ask how to pay; what a worker would hear is said by the test.
#[derive(Clone)]
pub(super) struct Counter {
    pub(super) world: World,
    pub(super) charges: Charges,
}

impl Counter {
    pub(super) fn of(world: &World) -> Self {
        let routes = PayInChannel::ALL.map(|channel| (channel, GatewayName::Xendit));
        let charges = Charges::new(world.ambient.clone(), routes.into());
        Self { world: world.clone(), charges }
    }

    fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Charges, &mut Connection) -> Result<T, ChargeError> + Send + 'static,
    ) -> Result<T, ChargeError> {
        let charges = self.charges.clone();
        self.world.database.write_blocking(move |conn| unit(&charges, conn))
    }

    fn ask(
        &self,
        account: AccountId,
        amount: i64,
        channel: PayInChannel,
    ) -> Result<Charge, ChargeError> {
        let new = NewCharge { amount: Rupiah::new(amount), channel };
        self.write(move |charges, conn| charges.request_in(conn, account, new))
    }

    /// Somebody who wants to pay Rp 50,000 through BCA.
    pub(super) fn asked(&self, number: u32) -> Charge {
        self.ask(self.world.person(number), AMOUNT, PayInChannel::Bca).unwrap()
    }

    fn claim(&self, charge: &Charge) -> Option<(Charge, Question)> {
        let id = charge.id;
        self.write(move |charges, conn| charges.claim_in(conn, id)).unwrap()
    }

    fn hear(&self, claimed: &Charge, heard: Heard) -> Result<Charge, ChargeError> {
        let claimed = claimed.clone();
        self.write(move |charges, conn| charges.learn_in(conn, &claimed, &heard))
    }

    /// Claims, hears, and says where the charge stands afterwards.
    fn step(&self, charge: &Charge, heard: Heard) -> Charge {
        let (claimed, _question) = self.claim(charge).expect("it is due");
        self.hear(&claimed, heard).unwrap();
        self.find(charge)
    }

    fn find(&self, charge: &Charge) -> Charge {
        find(&self.world, &self.charges, charge)
    }

    fn minutes(&self, minutes: u64) {
        self.world.clock.advance(std::time::Duration::from_secs(minutes * 60));
    }

    /// What the gateway owes us, what waits in between, what waits for a person, and what the wallet has.
    fn books(&self, charge: &Charge) -> [i64; 4] {
        let gateway = || Label::parse(charge.gateway.as_str()).unwrap();
        let balance = |account| self.world.balance(account).balance;
        [
            -balance(AccountName::Bank(gateway())),
            balance(AccountName::ClearingTopUp(gateway())),
            balance(AccountName::Suspense(gateway())),
            self.world.wallet(charge.account),
        ]
    }
}

fn find(world: &World, charges: &Charges, charge: &Charge) -> Charge {
    let (charges, id, account) = (charges.clone(), charge.id, charge.account);
    let found = move |conn: &mut Connection| charges.find_owned_in(conn, account, id);
    world.database.read_blocking(found).unwrap()
}

/// What the gateway says of the charge when these payments have come in.
pub(super) fn told(charge: &Charge, payments: &[(&str, i64)]) -> Told {
    let incoming = |(reference, amount): &(&str, i64)| Incoming {
        reference: format!("{reference}-{}", charge.id),
        amount: Rupiah::new(*amount),
    };
    Told {
        reference: format!("pr-{}", charge.id),
        order: charge.id.to_string(),
        amount: charge.amount,
        standing: Standing::Open,
        pay_to: Some("8808123456".to_owned()),
        payments: payments.iter().map(incoming).collect(),
    }
}

pub(super) fn known(charge: &Charge, payments: &[(&str, i64)]) -> Heard {
    Heard::Known(told(charge, payments))
}

fn refusal(error: &ChargeError) -> (&'static str, Option<(&'static str, String)>) {
    (error.code().code, error.member())
}
