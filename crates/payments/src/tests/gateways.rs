//! The worker and the adapters against simulated gateways, whose own book is the witness.

mod chaos;
mod deliveries;
mod dispatching;
mod forgeries;
mod quarantine;
mod reconciling;
mod statements;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use gateway_simulator::{Chaos, Notification as Told, Running, Settings};
use primitives::AccountId;

use super::{withdrawals::Office, world::World};
use crate::{
    ChargeDispatcher, Charges, Deadlines, Dispatcher, Endpoint, Gateway, GatewayName,
    GatewayStanding, Gateways, Inbox, Midtrans, MidtransKeys, Notice, Notification, Reconciler,
    Reconciliation, Reconciliations, Withdrawal, Withdrawals, Xendit, XenditKeys, charge_routes,
    gateway_routes,
};

/// An office with a gateway that lives on a clock beside ours.
pub(super) struct Trial {
    pub(super) office: Office,
    pub(super) charges: Charges,
    pub(super) simulator: Running,
    pub(super) gateways: Gateways,
}

/// Short enough for a test, long enough for a busy machine.
const DEADLINES: Deadlines = Deadlines {
    connect: Duration::from_millis(400),
    read: Duration::from_millis(400),
    total: Duration::from_millis(400),
};

/// Workers of a long trial.
const WORKERS: usize = 64;

fn settings(chaos: Chaos, seed: u64) -> Settings {
    Settings { chaos, seed, slow: Duration::from_millis(900), ..Settings::default() }
}

/// The adapter for a gateway at an address, with the simulator's keys.
pub(super) fn adapter(name: GatewayName, address: &str) -> Arc<dyn Gateway> {
    // Every test is somebody's first.
    let _first_or_not = rustls::crypto::ring::default_provider().install_default();
    let known = Settings::default();
    let endpoint = |path| Endpoint::new(&format!("{address}{path}"), DEADLINES).unwrap();
    match name {
        GatewayName::Xendit => {
            let keys = XenditKeys {
                secret_key: known.xendit_secret_key.into(),
                callback_token: known.xendit_callback_token.into(),
            };
            let xendit = Xendit::new(endpoint("/xendit"), keys);
            Arc::new(xendit.with_payments(known.xendit_payments_key.into()))
        }
        GatewayName::Midtrans => {
            let keys = MidtransKeys {
                creator_key: known.iris_creator_key.into(),
                approver_key: known.iris_approver_key.into(),
                merchant_key: known.iris_merchant_key.into(),
            };
            let midtrans = Midtrans::new(endpoint("/iris"), keys);
            Arc::new(midtrans.with_payments(endpoint("/core"), known.midtrans_server_key.into()))
        }
    }
}

impl Trial {
    pub(super) fn of(world: &World, name: GatewayName, chaos: Chaos, seed: u64) -> Self {
        let simulator = Running::start(settings(chaos, seed)).unwrap();
        let gateways: Gateways = [adapter(name, simulator.address())].into();
        let routes = gateway_routes(&gateways);
        let terms = crate::Terms::default();
        let withdrawals = Withdrawals::new(world.ambient.clone(), terms, routes);
        let office = Office { withdrawals, ..Office::of(world) };
        let charges = Charges::new(world.ambient.clone(), charge_routes(&gateways));
        Self { office, charges, simulator, gateways }
    }

    /// A worker in a process of its own.
    pub(super) fn dispatcher(&self) -> Dispatcher {
        let database = self.office.world.database.clone();
        Dispatcher::new(database, self.office.withdrawals.clone(), self.gateways.clone())
    }

    /// The same for what comes in.
    pub(super) fn charge_dispatcher(&self) -> ChargeDispatcher {
        let database = self.office.world.database.clone();
        ChargeDispatcher::new(database, self.charges.clone(), self.gateways.clone())
    }

    pub(super) fn reconciliations(&self) -> Reconciliations {
        let (ambient, withdrawals) =
            (self.office.world.ambient.clone(), self.office.withdrawals.clone());
        Reconciliations::new(ambient, withdrawals, self.charges.clone(), &self.gateways)
    }

    /// The other worker in a process of its own.
    pub(super) fn reconciler(&self) -> Reconciler {
        let database = self.office.world.database.clone();
        Reconciler::new(database, self.reconciliations(), self.gateways.clone())
    }

    /// Both books side by side, a minute later.
    pub(super) async fn reconciled(&self) -> Reconciliation {
        self.minutes(1);
        let name = self.gateways[0].name();
        self.reconciler().run(name, event_log::Actor::CommandLine).await.unwrap()
    }

    pub(super) fn standing(&self) -> GatewayStanding {
        let reconciliations = self.reconciliations();
        let read = move |conn: &mut database::Connection| reconciliations.standings_in(conn);
        self.office.world.database.read_blocking(read).unwrap().remove(0)
    }

    pub(super) fn inbox(&self) -> Inbox {
        let (ambient, withdrawals) =
            (self.office.world.ambient.clone(), self.office.withdrawals.clone());
        Inbox::new(ambient, withdrawals, self.charges.clone(), self.gateways.clone())
    }

    /// Both clocks go on.
    pub(super) fn minutes(&self, minutes: u64) {
        self.office.minutes(minutes);
        self.simulator.with_book(|book| book.now += minutes * 60);
    }

    /// The gateway's clock shows what ours does.
    pub(super) fn synchronize(&self) {
        let seconds = self.office.world.ambient.now().micros() / 1_000_000;
        let seconds = u64::try_from(seconds).unwrap();
        self.simulator.with_book(|book| book.epoch = seconds - book.now);
    }

    pub(super) fn asked(&self, account: AccountId) -> Withdrawal {
        self.office.withdraw(account, 50_000).unwrap()
    }

    /// Leaves a notification at our door, as the gateway would.
    pub(super) fn deliver(&self, told: &Told) -> bool {
        self.deliver_all(std::slice::from_ref(told)) == 1
    }

    /// Leaves notifications at our door in one unit of work, and says how many were let in.
    pub(super) fn deliver_all(&self, told: &[Told]) -> usize {
        let inbox = self.inbox();
        let authentic: Vec<Notification> =
            told.iter().filter_map(|told| authentic(&inbox, told)).collect();
        let count = authentic.len();
        let receive = move |conn: &mut database::Connection| {
            authentic.iter().try_for_each(|it| inbox.receive_in(conn, it).map(|_| ()))
        };
        self.office.world.database.write_blocking(receive).unwrap();
        count
    }
}

fn authentic(inbox: &Inbox, told: &Told) -> Option<Notification> {
    let value = |header| (told.header == header).then_some(told.value.as_str());
    let (callback_token, signature) = (value("x-callback-token"), value("Iris-Signature"));
    let notice = Notice { callback_token, signature, body: told.body.as_bytes() };
    let gateway = GatewayName::parse(told.gateway).unwrap();
    inbox.verify(gateway, &notice).ok()
}

/// What the long trial asks for (`scripts/soak gateways`), or the ordinary count.
pub(super) fn count_of(ordinary: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "the long trial says how long by a variable")]
    let asked = std::env::var("JUMPA_MADU_SOAK_GATEWAYS");
    asked.map_or(ordinary, |count| count.parse().unwrap())
}

/// Everything is worked on, so much of it at the same time as an answer that comes too late holds nobody up.
pub(super) async fn at_once<T, W: Future<Output = ()>>(all: Vec<T>, work: impl FnMut(T) -> W) {
    stream::iter(all).for_each_concurrent(WORKERS, work).await;
}

/// Says now and then how far a long trial is.
pub(super) fn tell(name: GatewayName, minute: u64) {
    if minute.is_multiple_of(60) {
        println!("{}: hour {} of 30", name.as_str(), minute / 60);
    }
}

/// Runs async code on threads of its own.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
