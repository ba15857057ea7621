use std::{sync::Arc, time::Duration};

use catalog::{Catalog, MaterialCode, VehicleCode};
use database::{Connection, Database};
use event_log::{Event, Fact};
use primitives::{
    AccountId, Ambient, CollectorId, Coordinates, Location, ManualClock, PhoneNumber, RegionCode,
    UnitPrice,
};
use regions::Regions;

use crate::{
    Collector, CollectorError, CollectorKind, Collectors, Decider, Limits, Name, NewCollector,
    NewPriceList, PriceBoard, PriceItem, ServiceRadius,
};

pub(super) const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    accounts::MIGRATIONS,
    crate::MIGRATIONS,
];

/// A desa of Deli Serdang, and a place in its middle.
pub(super) const DESA: &str = "12.07.28.2001";

/// Deli Serdang with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) collectors: Collectors,
    catalog: Catalog,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

pub(super) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

pub(super) fn place(lat: f64, lon: f64) -> Location {
    Location { coordinates: Coordinates::parse(lat, lon).unwrap(), accuracy_meters: Some(12) }
}

pub(super) fn applicant() -> NewCollector {
    NewCollector {
        id: None,
        kind: CollectorKind::Pengepul,
        name: Name::parse("Botot Pak Ucok").unwrap(),
        base: place(3.55, 98.87),
        desa: Some(code(DESA)),
        service_radius: ServiceRadius::parse(5_000).unwrap(),
        vehicle: VehicleCode::parse("BETOR").unwrap(),
        limits: Limits::default(),
    }
}

pub(super) fn list(prices: &[(&str, i64)]) -> NewPriceList {
    let item = |&(material, price): &(&str, i64)| PriceItem {
        material: MaterialCode::parse(material).unwrap(),
        price: UnitPrice::parse(price).unwrap(),
    };
    NewPriceList { items: prices.iter().map(item).collect(), valid_from: None }
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
        let collectors = Collectors::new(ambient.clone(), regions, catalog.clone());
        Self { database: database.clone(), clock, ambient, collectors, catalog }
    }

    /// One of the materials that may be offered.
    pub(super) fn material(&self, number: usize) -> String {
        let accepted = self.catalog.materials().into_iter().filter(|material| material.accepted);
        accepted.map(|material| material.code.to_string()).nth(number).unwrap()
    }

    pub(super) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Collectors, &mut Connection) -> Result<T, CollectorError> + Send + 'static,
    ) -> Result<T, CollectorError> {
        let (database, collectors) = (self.database.clone(), self.collectors.clone());
        // On a thread of its own: the tests over HTTP are async, where blocking is refused.
        let work = move || database.write_blocking(move |conn| unit(&collectors, conn));
        std::thread::spawn(work).join().unwrap()
    }

    pub(super) fn account(&self, number: u32) -> AccountId {
        // Ids sort by the millisecond.
        self.pass(Duration::from_millis(1));
        let ambient = self.ambient.clone();
        let phone = PhoneNumber::parse(&format!("+628120000{number:04}")).unwrap();
        let open = move |_: &Collectors, conn: &mut Connection| {
            Ok(accounts::open_account_in(conn, &ambient, &phone, None)?)
        };
        self.write(open).unwrap().id
    }

    pub(super) fn register(
        &self,
        actor: AccountId,
        new: &NewCollector,
    ) -> Result<Collector, CollectorError> {
        let new = new.clone();
        self.write(move |collectors, conn| collectors.register_in(conn, actor, &new))
    }

    pub(super) fn pending(&self, number: u32) -> Collector {
        self.register(self.account(number), &applicant()).unwrap()
    }

    pub(super) fn verified(&self, number: u32) -> Collector {
        let pending = self.pending(number);
        self.verify(self.account(9_000), "12.07", pending.id).unwrap()
    }

    pub(super) fn verify(
        &self,
        by: AccountId,
        region: &str,
        id: CollectorId,
    ) -> Result<Collector, CollectorError> {
        let regions = [code(region)];
        self.write(move |collectors, conn| {
            collectors.verify_in(conn, Decider { account: by, regions: &regions }, id)
        })
    }

    pub(super) fn publish(
        &self,
        id: CollectorId,
        version: i64,
        list: &NewPriceList,
    ) -> Result<PriceBoard, CollectorError> {
        let list = list.clone();
        self.write(move |collectors, conn| collectors.publish_prices_in(conn, id, version, &list))
    }

    pub(super) fn switch(
        &self,
        id: CollectorId,
        version: i64,
        online: bool,
    ) -> Result<Collector, CollectorError> {
        self.write(move |it, conn| it.set_availability_in(conn, id, version, online))
    }

    pub(super) fn read(&self, id: CollectorId) -> Collector {
        self.write(move |collectors, conn| collectors.collector_in(conn, id)).unwrap()
    }

    pub(super) fn board(&self, id: CollectorId) -> PriceBoard {
        self.write(move |collectors, conn| collectors.price_board_in(conn, id)).unwrap()
    }

    /// What this crate has told the log so far.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let events: Vec<Event> = self
            .write(|_, conn| {
                while event_log::sequence_in(conn, 1_000)? > 0 {}
                Ok(event_log::events_after(conn, 0, 1_000)?)
            })
            .unwrap();
        let ours = |fact: &Fact| !matches!(fact, Fact::AccountOpened(_));
        events.into_iter().map(|event| event.fact).filter(ours).collect()
    }

    pub(super) fn kinds(&self) -> Vec<&'static str> {
        let name = |fact: &Fact| match fact {
            Fact::CollectorRegistered(_) => "registered",
            Fact::CollectorChanged(_) => "changed",
            Fact::CollectorVerified(_) => "verified",
            Fact::CollectorSuspended(_) => "suspended",
            Fact::PricesPublished(_) => "prices",
            Fact::AvailabilityChanged(_) => "availability",
            _ => "other",
        };
        self.facts().iter().map(name).collect()
    }
}
