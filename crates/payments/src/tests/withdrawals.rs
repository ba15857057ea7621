//! Withdrawals without any network: what a worker would hear is said by the test.

mod asking;
mod deciding;
mod faults;
mod journey;
mod over_http;
mod races;

use database::Connection;
use http_kit::Failure as _;
use primitives::{AccountId, Rupiah};

use super::world::World;
use crate::{
    Call, Channel, Charges, GatewayName, Inbox, Learnt, NewWithdrawal, Payout, PayoutStatus,
    Reconciliations, Terms, Withdrawal, WithdrawalError, Withdrawals,
};

pub(super) const FEE: i64 = 2_500;

/// Somebody with money, and the office that sends it.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) world: World,
    pub(super) withdrawals: Withdrawals,
}

impl Office {
    pub(super) fn of(world: &World) -> Self {
        let routes = Channel::ALL.map(|channel| (channel, GatewayName::Xendit));
        let withdrawals = Withdrawals::new(world.ambient.clone(), Terms::default(), routes.into());
        Self { world: world.clone(), withdrawals }
    }

    /// An inbox that knows Xendit.
    pub(super) fn inbox(&self) -> Inbox {
        let gateways = [super::gateways::adapter(GatewayName::Xendit, "http://127.0.0.1:9")];
        let ambient = self.world.ambient.clone();
        let charges = Charges::new(ambient.clone(), Vec::new());
        Inbox::new(ambient, self.withdrawals.clone(), charges, gateways.into())
    }

    /// The books beside Xendit's.
    pub(super) fn reconciliations(&self) -> Reconciliations {
        let gateways = [super::gateways::adapter(GatewayName::Xendit, "http://127.0.0.1:9")].into();
        let (ambient, withdrawals) = (self.world.ambient.clone(), self.withdrawals.clone());
        let charges = Charges::new(ambient.clone(), Vec::new());
        Reconciliations::new(ambient, withdrawals, charges, &gateways)
    }

    /// An account of more than thirty days with so much in its wallet.
    pub(super) fn saver(&self, number: u32, balance: i64) -> AccountId {
        let account = self.world.person(number);
        self.world.pass(31 * 24);
        self.world.top_up(account, balance).unwrap();
        account
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Withdrawals, &mut Connection) -> Result<T, WithdrawalError> + Send + 'static,
    ) -> Result<T, WithdrawalError> {
        let withdrawals = self.withdrawals.clone();
        self.world.database.write_blocking(move |conn| unit(&withdrawals, conn))
    }

    pub(super) fn ask(
        &self,
        account: AccountId,
        new: NewWithdrawal,
    ) -> Result<Withdrawal, WithdrawalError> {
        self.write(move |withdrawals, conn| withdrawals.request_in(conn, account, &new))
    }

    pub(super) fn withdraw(
        &self,
        account: AccountId,
        amount: i64,
    ) -> Result<Withdrawal, WithdrawalError> {
        self.ask(account, wish(amount))
    }

    pub(super) fn claim(&self, withdrawal: &Withdrawal) -> Option<(Withdrawal, Call)> {
        let id = withdrawal.id;
        self.write(move |withdrawals, conn| withdrawals.claim_in(conn, id)).unwrap()
    }

    pub(super) fn hear(
        &self,
        claimed: &Withdrawal,
        learnt: Learnt,
    ) -> Result<Option<(Withdrawal, Call)>, WithdrawalError> {
        let claimed = claimed.clone();
        self.write(move |withdrawals, conn| withdrawals.learn_in(conn, &claimed, &learnt))
    }

    /// Claims, hears, and says where the withdrawal stands afterwards.
    pub(super) fn step(&self, withdrawal: &Withdrawal, learnt: Learnt) -> Withdrawal {
        let (claimed, _call) = self.claim(withdrawal).expect("it is due");
        self.hear(&claimed, learnt).unwrap();
        self.find(withdrawal)
    }

    pub(super) fn find(&self, withdrawal: &Withdrawal) -> Withdrawal {
        let (withdrawals, id, account) =
            (self.withdrawals.clone(), withdrawal.id, withdrawal.account);
        let found = move |conn: &mut Connection| withdrawals.find_owned_in(conn, account, id);
        self.world.database.read_blocking(found).unwrap()
    }

    pub(super) fn minutes(&self, minutes: u64) {
        self.world.clock.advance(std::time::Duration::from_secs(minutes * 60));
    }
}

pub(super) fn wish(amount: i64) -> NewWithdrawal {
    NewWithdrawal {
        amount: Rupiah::new(amount),
        channel: Channel::Bca,
        account_number: "1234567890".to_owned(),
        account_holder: "Siti".to_owned(),
    }
}

/// What the gateway says of the withdrawal.
pub(super) fn known(withdrawal: &Withdrawal, status: PayoutStatus) -> Learnt {
    Learnt::Known(Payout {
        reference: format!("disb-{}", withdrawal.id),
        order: withdrawal.id.to_string(),
        amount: withdrawal.amount,
        status,
    })
}

fn told(error: &WithdrawalError) -> (&'static str, Option<(&'static str, String)>) {
    (error.code().code, error.member())
}
