use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use catalog::{Catalog, MaterialCode, VehicleCode};
use collectors::{
    CollectorKind, Collectors, Decider, Limits, Name, NewCollector, Reason as Suspension,
    ServiceRadius,
};
use database::{Connection, Database};
use event_log::Fact;
use ledger::{AccountName, Label, Line, NewJournal, VerifyError};
use primitives::{
    AccountId, Ambient, CollectorId, Coordinates, DeliveryId, Grams, Location, ManualClock,
    PhoneNumber, RegionCode,
};
use regions::Regions;

use crate::{
    Deliveries, Delivery, DeliveryError, Load, NewDelivery, Reason, Report, ScaleName, Weighed,
};

const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    accounts::MIGRATIONS,
    collectors::MIGRATIONS,
    ledger::MIGRATIONS,
    crate::MIGRATIONS,
];

/// A desa of Lubuk Pakam, and one of another kecamatan.
pub(super) const PAKAM: &str = "12.07.28.2001";
pub(super) const ELSEWHERE: &str = "12.07.26.2001";

/// Phones that no two people share.
static PHONES: AtomicU32 = AtomicU32::new(0);

/// Deli Serdang with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) regions: Regions,
    pub(super) deliveries: Deliveries,
    collectors: Collectors,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

/// Materials by weight.
pub(super) fn loads(of: &[(&str, i64)]) -> Vec<Load> {
    let load = |&(material, grams): &(&str, i64)| Load {
        material: MaterialCode::parse(material).unwrap(),
        grams: Grams::parse(grams).unwrap(),
    };
    of.iter().map(load).collect()
}

pub(super) fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).unwrap()
}

impl World {
    fn on(database: &Database) -> Self {
        let clock = test_kit::clock();
        let ambient = test_kit::ambient(&clock);
        let load = |conn: &mut Connection| {
            regions::load_reference_data_in(conn).unwrap();
            catalog::load_reference_data_in(conn).unwrap();
            Ok::<_, database::DatabaseError>((Regions::load(conn)?, Catalog::load(conn)?))
        };
        let (regions, catalog) = database.write_blocking(load).unwrap();
        let collectors = Collectors::new(ambient.clone(), regions.clone(), catalog.clone());
        let deliveries = Deliveries::new(ambient.clone(), catalog, collectors.clone());
        Self { database: database.clone(), clock, ambient, regions, deliveries, collectors }
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Self, &mut Connection) -> Result<T, DeliveryError> + Send + 'static,
    ) -> Result<T, DeliveryError> {
        let world = self.clone();
        // On a thread of its own: the tests over HTTP are async, where blocking is refused.
        let work = move || {
            let database = world.database.clone();
            database.write_blocking(move |conn| unit(&world, conn))
        };
        std::thread::spawn(work).join().unwrap()
    }

    pub(super) fn person(&self) -> AccountId {
        // Ids sort by the millisecond.
        self.clock.advance(Duration::from_millis(1));
        let number = PHONES.fetch_add(1, Ordering::Relaxed);
        let phone = PhoneNumber::parse(&format!("0812{number:08}")).unwrap();
        let opened = self.write(move |world, conn| {
            Ok(accounts::open_account_in(conn, &world.ambient, &phone, None)?)
        });
        opened.unwrap().id
    }

    /// Somebody whom staff have not looked at yet.
    pub(super) fn pending(&self, kind: CollectorKind, desa: &str) -> CollectorId {
        let account = self.person();
        let coordinates = Coordinates::parse(3.5541, 98.8812).unwrap();
        let new = NewCollector {
            id: None,
            kind,
            name: Name::parse("UD Maju").unwrap(),
            base: Location { coordinates, accuracy_meters: None },
            desa: Some(region(desa)),
            service_radius: ServiceRadius::parse(5_000).unwrap(),
            vehicle: VehicleCode::parse("BETOR").unwrap(),
            limits: Limits::default(),
        };
        let made =
            self.write(move |world, conn| Ok(world.collectors.register_in(conn, account, &new)?));
        made.unwrap().id
    }

    /// Somebody verified.
    pub(super) fn of_kind(&self, kind: CollectorKind, desa: &str) -> CollectorId {
        let (id, officer) = (self.pending(kind, desa), self.person());
        let verified = self.write(move |world, conn| {
            let decider = Decider { account: officer, regions: &[region("12.07")] };
            Ok(world.collectors.verify_in(conn, decider, id)?)
        });
        verified.unwrap();
        id
    }

    pub(super) fn collector(&self) -> CollectorId {
        self.of_kind(CollectorKind::Pengepul, PAKAM)
    }

    pub(super) fn facility(&self) -> CollectorId {
        self.of_kind(CollectorKind::BankSampahInduk, PAKAM)
    }

    pub(super) fn suspend(&self, id: CollectorId) {
        let officer = self.person();
        let suspended = self.write(move |world, conn| {
            let decider = Decider { account: officer, regions: &[region("12.07")] };
            let reason = Suspension::parse("timbangan curang").unwrap();
            Ok(world.collectors.suspend_in(conn, decider, id, &reason)?)
        });
        suspended.unwrap();
    }

    /// Weighed in at somebody's door.
    pub(super) fn fetches(&self, collector: CollectorId, goods: &[(&str, i64)]) {
        let household = self.person();
        let mut lines = Vec::new();
        for (material, grams) in goods {
            let goods = Label::parse(material).unwrap();
            lines.push(Line::new(AccountName::Household(household, goods.clone()), -grams));
            lines.push(Line::new(AccountName::Carried(collector, goods), *grams));
        }
        let business_key = format!("settlement:{household}");
        let new = NewJournal { kind: "settlement", business_key, lines };
        let posted =
            self.write(move |world, conn| Ok(ledger::post_in(conn, &world.ambient, &new)?));
        posted.unwrap();
    }

    pub(super) fn announce(
        &self,
        by: CollectorId,
        facility: CollectorId,
        goods: &[(&str, i64)],
    ) -> Result<Delivery, DeliveryError> {
        self.clock.advance(Duration::from_millis(1));
        let new = NewDelivery { facility, loads: loads(goods) };
        self.write(move |world, conn| world.deliveries.announce_in(conn, by, &new))
    }

    pub(super) fn receive(
        &self,
        by: CollectorId,
        id: DeliveryId,
        goods: &[(&str, i64)],
    ) -> Result<Delivery, DeliveryError> {
        let scale = ScaleName::parse("TIMBANGAN-7").ok();
        let weighed = Weighed { loads: loads(goods), scale };
        self.write(move |world, conn| world.deliveries.receive_in(conn, by, id, &weighed))
    }

    pub(super) fn refuse(
        &self,
        by: CollectorId,
        id: DeliveryId,
    ) -> Result<Delivery, DeliveryError> {
        let reason = Reason::parse("basah semua").unwrap();
        self.write(move |world, conn| world.deliveries.refuse_in(conn, by, id, &reason))
    }

    pub(super) fn withdraw(
        &self,
        by: CollectorId,
        id: DeliveryId,
    ) -> Result<Delivery, DeliveryError> {
        self.write(move |world, conn| world.deliveries.withdraw_in(conn, by, id))
    }

    pub(super) fn expire(&self) -> usize {
        self.write(|world, conn| world.deliveries.expire_due_in(conn, 100)).unwrap()
    }

    pub(super) fn find(&self, party: CollectorId, id: DeliveryId) -> Delivery {
        self.write(move |world, conn| world.deliveries.find_party_in(conn, party, id)).unwrap().0
    }

    pub(super) fn pass(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3_600));
    }

    /// What he carries, without what he has ceased to carry.
    pub(super) fn carried(&self, collector: CollectorId) -> BTreeMap<String, i64> {
        let carried =
            self.write(move |world, conn| Ok(world.deliveries.carried_in(conn, collector)?));
        let carried = carried.unwrap().into_iter();
        let carried = carried.map(|(goods, balance)| (goods.to_string(), balance.balance));
        carried.filter(|(_, grams)| *grams != 0).collect()
    }

    pub(super) fn balance(&self, account: AccountName) -> i64 {
        let read = move |_: &Self, conn: &mut Connection| Ok(ledger::balance_in(conn, &account)?);
        self.write(read).unwrap().balance
    }

    pub(super) fn received(&self, facility: CollectorId, material: &str) -> i64 {
        self.balance(AccountName::Received(facility, Label::parse(material).unwrap()))
    }

    pub(super) fn lost(&self, facility: CollectorId, material: &str) -> i64 {
        self.balance(AccountName::Loss(facility, Label::parse(material).unwrap()))
    }

    pub(super) fn verify(&self) -> Result<Report, VerifyError> {
        let mut conn = test_kit::raw_connection(&self.database);
        ledger::verify_in(&mut conn, &mut |_| ())?;
        self.deliveries.verify_in(&mut conn, &mut |_| ())
    }

    /// What this crate has told the log so far.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let read = |_: &Self, conn: &mut Connection| {
            while event_log::sequence_in(conn, 1_000)? > 0 {}
            Ok(event_log::events_after(conn, 0, 1_000)?)
        };
        let events = self.write(read).unwrap();
        let facts = events.into_iter().map(|event| event.fact);
        facts.filter(|fact| kind(fact).starts_with("delivery_")).collect()
    }

    pub(super) fn kinds(&self) -> Vec<String> {
        self.facts().iter().map(kind).collect()
    }
}

fn kind(fact: &Fact) -> String {
    serde_json::to_value(fact).unwrap()["kind"].as_str().unwrap().to_owned()
}
