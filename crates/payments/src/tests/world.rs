use std::{ops::Range, sync::Arc, time::Duration};

use catalog::{Catalog, MaterialCode};
use database::{Connection, Database};
use event_log::{Actor, Fact};
use ledger::{AccountName, Balance, Label, VerifyError};
use pickups::{Assignment, FrozenPrice, NewLine, Pickup, Pickups, Scale, TeraDate, WeighIn};
use primitives::{
    AccountId, Ambient, CollectorId, Coordinates, Location, ManualClock, PhoneNumber, PickupId,
    Quantity, Rupiah, Unit, UnitPrice,
};
use regions::Regions;
use reports::{Address, MinimumShare, NewItem, NewReport, Reports, Selection, Settlement};

use crate::{
    Maker, Method, NewTopUp, Payment, PaymentError, Payments, Report, TopUp, WalletDeposits,
};

const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    accounts::MIGRATIONS,
    photos::MIGRATIONS,
    reports::MIGRATIONS,
    pickups::MIGRATIONS,
    ledger::MIGRATIONS,
    crate::MIGRATIONS,
];

/// 3 kg of clear bottles at Rp 3,000 and 12 beer bottles at Rp 400.
pub(super) const WORTH: i64 = 3 * 3_000 + 12 * 400;

/// Deli Serdang with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) reports: Reports,
    pub(super) pickups: Pickups,
    pub(super) payments: Payments,
}

/// A weighed and agreed job, ready to be paid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deal {
    pub(super) household: AccountId,
    pub(super) collector: CollectorId,
    pub(super) payer: AccountId,
    pub(super) pickup: PickupId,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

fn deposit(account: AccountId, amount: i64) -> NewTopUp {
    let (amount, reason) = (Rupiah::new(amount), "setoran tunai di kantor".to_owned());
    NewTopUp { maker: Maker::CommandLine, account, amount, reason }
}

fn place() -> Location {
    Location { coordinates: Coordinates::parse(3.5541, 98.8812).unwrap(), accuracy_meters: None }
}

fn material(code: &str) -> MaterialCode {
    MaterialCode::parse(code).unwrap()
}

fn what() -> [(MaterialCode, Quantity, UnitPrice); 2] {
    let kilograms = Quantity::parse(Unit::Kg, 3_000).unwrap();
    let bottles = Quantity::parse(Unit::Piece, 12).unwrap();
    [
        (material("PLA-PET-BENING"), kilograms, UnitPrice::parse(3_000).unwrap()),
        (material("KCA-BOTOL-BIR"), bottles, UnitPrice::parse(400).unwrap()),
    ]
}

impl World {
    pub(super) fn on(database: &Database) -> Self {
        let clock = test_kit::clock();
        let ambient = test_kit::ambient(&clock);
        let load = |conn: &mut Connection| {
            regions::load_reference_data_in(conn).unwrap();
            catalog::load_reference_data_in(conn).unwrap();
            Ok::<_, database::DatabaseError>((Regions::load(conn)?, Catalog::load(conn)?))
        };
        let (regions, catalog) = database.write_blocking(load).unwrap();
        let reports = Reports::new(ambient.clone(), regions, catalog.clone());
        let pickups = Pickups::new(ambient.clone(), reports.clone(), catalog)
            .with_deposits(Arc::new(WalletDeposits::new(ambient.clone())));
        let payments = Payments::new(ambient.clone(), pickups.clone());
        Self { database: database.clone(), clock, ambient, reports, pickups, payments }
    }

    pub(super) fn person(&self, number: u32) -> AccountId {
        self.people(number..number + 1)[0]
    }

    /// Everybody of these numbers, in one unit of work.
    pub(super) fn people(&self, numbers: Range<u32>) -> Vec<AccountId> {
        let ambient = self.ambient.clone();
        let open = move |conn: &mut Connection, number: u32| {
            let phone = PhoneNumber::parse(&format!("0812{number:08}")).unwrap();
            accounts::open_account_in(conn, &ambient, &phone, None).map(|account| account.id)
        };
        let all = move |conn: &mut Connection| {
            numbers.clone().map(|number| open(conn, number)).collect::<Result<_, _>>()
        };
        self.database.write_blocking(all).unwrap()
    }

    /// Somebody sells, somebody buys, both agree on the scale.
    pub(super) fn deal(&self, number: u32) -> Deal {
        self.deal_at(number, None)
    }

    /// The same, everything given away.
    pub(super) fn gift(&self, number: u32) -> Deal {
        self.deal_at(number, Some(UnitPrice::parse(0).unwrap()))
    }

    fn deal_at(&self, number: u32, price: Option<UnitPrice>) -> Deal {
        let (household, payer) = (self.person(2 * number), self.person(2 * number + 1));
        let collector = self.ambient.mint();
        let world = self.clone();
        let play = move |conn: &mut Connection| -> Result<PickupId, PaymentError> {
            let pickup = world.assigned(conn, household, payer, collector, price)?;
            let jobs = &world.pickups;
            jobs.depart_in(conn, payer, pickup.id, None)?;
            jobs.arrive_in(conn, payer, pickup.id, place(), None)?;
            let lines = what().map(|(material, quantity, _)| NewLine { material, quantity });
            let weigh_in = WeighIn {
                handover_code: pickup.handover.code().to_owned(),
                lines: lines.into(),
                scale: Scale {
                    id: Some("DS-0042".to_owned()),
                    tera_until: TeraDate::parse("2027-03-31").ok(),
                },
                photos: Vec::new(),
                occurred_at: None,
            };
            jobs.weigh_in_in(conn, payer, pickup.id, &weigh_in)?;
            jobs.confirm_in(conn, household, pickup.id)?;
            Ok(pickup.id)
        };
        let pickup = self.database.write_blocking(play).unwrap();
        Deal { household, collector, payer, pickup }
    }

    pub(super) fn assigned(
        &self,
        conn: &mut Connection,
        household: AccountId,
        payer: AccountId,
        collector: CollectorId,
        price: Option<UnitPrice>,
    ) -> Result<Pickup, PaymentError> {
        let items =
            what().map(|(material, quantity, _)| NewItem { material, quantity, note: None });
        let new = NewReport {
            id: None,
            location: place(),
            desa: None,
            address: Address::default(),
            items: items.into(),
            photos: Vec::new(),
            windows: Vec::new(),
            note: None,
            settlement: Settlement::Wallet,
            selection: Selection::Instant,
            minimum_share: MinimumShare::ALL,
            occurred_at: None,
        };
        let report = self.reports.submit_in(conn, household, &new);
        let report = report.map_err(pickups::PickupError::from)?;
        let prices = what()
            .map(|(material, _, listed)| FrozenPrice { material, price: price.unwrap_or(listed) });
        let assignment = Assignment {
            actor: Actor::Account(payer),
            report: report.id,
            report_version: None,
            collector,
            collector_account: payer,
            collector_kind: "pengepul".to_owned(),
            collector_name: "UD Maju".to_owned(),
            collector_base: place().coordinates,
            prices: prices.into(),
            pickup_at: None,
            ranking: None,
        };
        Ok(self.pickups.assign_in(conn, &assignment)?)
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Payments, &mut Connection) -> Result<T, PaymentError> + Send + 'static,
    ) -> Result<T, PaymentError> {
        let payments = self.payments.clone();
        self.database.write_blocking(move |conn| unit(&payments, conn))
    }

    pub(super) fn pay(&self, deal: &Deal, method: Method) -> Result<Payment, PaymentError> {
        let (payer, pickup) = (deal.payer, deal.pickup);
        self.write(move |payments, conn| payments.pay_in(conn, payer, pickup, method))
    }

    pub(super) fn confirm(&self, deal: &Deal, payment: &Payment) -> Result<Payment, PaymentError> {
        let (household, id) = (deal.household, payment.id);
        self.write(move |payments, conn| payments.confirm_in(conn, household, id))
    }

    pub(super) fn deny(&self, deal: &Deal, payment: &Payment) -> Result<Payment, PaymentError> {
        let (household, id) = (deal.household, payment.id);
        self.write(move |payments, conn| payments.deny_in(conn, household, id))
    }

    pub(super) fn top_up(&self, account: AccountId, amount: i64) -> Result<TopUp, PaymentError> {
        let new = deposit(account, amount);
        self.write(move |payments, conn| payments.top_up_in(conn, &new))
    }

    /// The same for everybody, in one unit of work.
    pub(super) fn top_up_each(&self, accounts: &[AccountId], amount: i64) {
        let all: Vec<_> = accounts.iter().map(|account| deposit(*account, amount)).collect();
        let top_up = move |payments: &Payments, conn: &mut Connection| {
            all.iter().try_for_each(|new| payments.top_up_in(conn, new).map(|_| ()))
        };
        self.write(top_up).unwrap();
    }

    pub(super) fn flag(&self) -> usize {
        self.write(|payments, conn| payments.flag_unanswered_in(conn, 100)).unwrap()
    }

    pub(super) fn pass(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3_600));
    }

    pub(super) fn balance(&self, account: AccountName) -> Balance {
        self.database.read_blocking(|conn| ledger::balance_in(conn, &account)).unwrap()
    }

    pub(super) fn wallet(&self, account: AccountId) -> i64 {
        self.balance(AccountName::Wallet(account)).balance
    }

    pub(super) fn cash_received(&self, deal: &Deal) -> i64 {
        self.balance(AccountName::CashIn(deal.household)).balance
    }

    pub(super) fn carried(&self, deal: &Deal, material: &str) -> i64 {
        let goods = Label::parse(material).unwrap();
        self.balance(AccountName::Carried(deal.collector, goods)).balance
    }

    pub(super) fn state(&self, deal: &Deal) -> &'static str {
        let (pickups, id) = (self.pickups.clone(), deal.pickup);
        let found = self.database.read_blocking(|conn| pickups.find_in(conn, id)).unwrap();
        found.state.name().as_str()
    }

    pub(super) fn verify(&self) -> Result<Report, VerifyError> {
        let mut conn = test_kit::raw_connection(&self.database);
        ledger::verify_in(&mut conn, &mut |_| ())?;
        self.payments.verify_in(&mut conn, &mut |_| ())
    }

    /// The books must be found wrong, and for this reason.
    pub(super) fn must_find(&self, check: &str) {
        match self.verify() {
            Err(VerifyError::Fault(fault)) => assert_eq!(fault.check, check, "{fault}"),
            other => panic!("{check}: {other:?}"),
        }
    }

    /// The kinds of what happened around money, in order.
    pub(super) fn kinds(&self) -> Vec<String> {
        let read = |conn: &mut Connection| {
            event_log::sequence_in(conn, 1_000)?;
            event_log::events_after(conn, 0, 1_000)
        };
        let events = self.database.write_blocking(read).unwrap();
        let kind = |fact: &Fact| serde_json::to_value(fact).unwrap()["kind"].clone();
        let kinds = events.iter().map(|event| kind(&event.fact).as_str().unwrap().to_owned());
        let about_money = [
            "payment_",
            "pickup_paid",
            "report_closed",
            "topped_up",
            "top_up_",
            "adjustment_",
            "suspense_",
        ];
        kinds.filter(|kind| about_money.iter().any(|prefix| kind.starts_with(prefix))).collect()
    }
}
