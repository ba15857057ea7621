use std::{sync::Arc, thread, time::Duration};

use catalog::{Catalog, MaterialCode, VehicleCode};
use collectors::{
    CollectorKind, Collectors, Decider, Limits, Name, NewCollector, NewPriceList, PriceItem,
    ServiceRadius,
};
use database::{Connection, Database, UnitError};
use event_log::Fact;
use pickups::Pickups;
use primitives::{
    AccountId, Ambient, CollectorId, Coordinates, Location, ManualClock, PhoneNumber, Quantity,
    RegionCode, Timestamp, Unit, UnitPrice,
};
use regions::Regions;
use reports::{Address, MinimumShare, NewItem, NewReport, Report, Reports, Selection, Settlement};

use crate::{Accepted, Matcher, MatchingError, NewOffer, Offer, OfferedPrice};

pub(super) const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    accounts::MIGRATIONS,
    photos::MIGRATIONS,
    reports::MIGRATIONS,
    collectors::MIGRATIONS,
    pickups::MIGRATIONS,
    crate::MIGRATIONS,
];

pub(super) const BOTTLES: &str = "PLA-PET-BENING";

/// Somebody who fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Botot {
    pub(super) id: CollectorId,
    pub(super) account: AccountId,
}

/// Deli Serdang with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) catalog: Catalog,
    pub(super) reports: Reports,
    pub(super) collectors: Collectors,
    pub(super) pickups: Pickups,
    pub(super) matcher: Matcher,
    pub(super) household: AccountId,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

pub(super) fn place(lat: f64, lon: f64) -> Location {
    Location { coordinates: Coordinates::parse(lat, lon).unwrap(), accuracy_meters: Some(12) }
}

pub(super) fn home() -> Location {
    place(3.5541, 98.8812)
}

pub(super) fn material(code: &str) -> MaterialCode {
    MaterialCode::parse(code).unwrap()
}

/// So many grams of clear bottles.
pub(super) fn bottles(grams: i64, selection: Selection) -> NewReport {
    let quantity = Quantity::parse(Unit::Kg, grams).unwrap();
    NewReport {
        id: None,
        location: home(),
        desa: None,
        address: Address { landmark: Some("depan masjid".to_owned()), ..Address::default() },
        items: vec![NewItem { material: material(BOTTLES), quantity, note: None }],
        photos: Vec::new(),
        windows: Vec::new(),
        note: Some("pagar hijau".to_owned()),
        settlement: Settlement::Cash,
        selection,
        minimum_share: MinimumShare::ALL,
        occurred_at: None,
    }
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
        let reports = Reports::new(ambient.clone(), regions.clone(), catalog.clone());
        let collectors = Collectors::new(ambient.clone(), regions, catalog.clone());
        let pickups = Pickups::new(ambient.clone(), reports.clone(), catalog.clone());
        let matcher = Matcher::new(
            ambient.clone(),
            catalog.clone(),
            reports.clone(),
            collectors.clone(),
            pickups.clone(),
        );
        let household = account(database, &ambient, 1);
        let database = database.clone();
        Self { database, clock, ambient, catalog, reports, collectors, pickups, matcher, household }
    }

    pub(super) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub(super) fn write<T: Send + 'static, E: UnitError>(
        &self,
        unit: impl Fn(&Self, &mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let world = self.clone();
        blocking(&self.database, move |conn| unit(&world, conn))
    }

    pub(super) fn account(&self, number: u32) -> AccountId {
        account(&self.database, &self.ambient, number)
    }

    pub(super) fn report(&self, selection: Selection) -> Report {
        self.submit(bottles(4_000, selection))
    }

    pub(super) fn submit(&self, new: NewReport) -> Report {
        self.write(move |it, conn| it.reports.submit_in(conn, it.household, &new)).unwrap()
    }

    /// A verified collector with a price for bottles, a kilometer or so from the home, who is offline.
    pub(super) fn resting(&self, number: u32) -> Botot {
        let account = self.account(100 + number);
        let staff = self.account(99);
        let new = NewCollector {
            id: None,
            kind: CollectorKind::Pengepul,
            name: Name::parse(&format!("Botot {number}")).unwrap(),
            base: place(3.56, 98.88 + f64::from(number) / 10_000.0),
            desa: Some(RegionCode::parse("12.07.28.2001").unwrap()),
            service_radius: ServiceRadius::parse(5_000).unwrap(),
            vehicle: VehicleCode::parse("BETOR").unwrap(),
            limits: Limits::default(),
        };
        let register = move |it: &Self, conn: &mut Connection| {
            let pending = it.collectors.register_in(conn, account, &new)?;
            let regions = [RegionCode::parse("12.07").unwrap()];
            let decider = Decider { account: staff, regions: &regions };
            it.collectors.verify_in(conn, decider, pending.id)
        };
        let collector = self.write(register).unwrap();
        let botot = Botot { id: collector.id, account };
        self.publish(botot, 3_000 + i64::from(number));
        botot
    }

    pub(super) fn publish(&self, botot: Botot, rupiah: i64) {
        self.publish_for(botot, &[BOTTLES], rupiah);
    }

    /// One price for all these materials.
    fn publish_for(&self, botot: Botot, materials: &[&str], rupiah: i64) {
        let price = UnitPrice::parse(rupiah).unwrap();
        let item = |code: &&str| PriceItem { material: material(code), price };
        let items = materials.iter().map(item).collect();
        let list = NewPriceList { items, valid_from: None };
        let publish = move |it: &Self, conn: &mut Connection| {
            let board = it.collectors.price_board_in(conn, botot.id)?;
            it.collectors.publish_prices_in(conn, botot.id, board.version, &list)
        };
        self.write(publish).unwrap();
    }

    pub(super) fn switch(&self, botot: Botot, online: bool) {
        let switch = move |it: &Self, conn: &mut Connection| {
            let version = it.collectors.collector_in(conn, botot.id)?.version;
            it.collectors.set_availability_in(conn, botot.id, version, online)
        };
        self.write(switch).unwrap();
    }

    /// The same, ready to work, and he buys these materials.
    pub(super) fn trading(&self, number: u32, materials: &[&str]) -> Botot {
        let botot = self.working(number);
        self.publish_for(botot, materials, 3_000);
        botot
    }

    /// The same, ready to work.
    pub(super) fn working(&self, number: u32) -> Botot {
        let botot = self.resting(number);
        self.switch(botot, true);
        botot
    }

    /// Numbers what has happened and lets the index read it.
    pub(super) fn settle(&self) {
        let sequence = |_: &Self, conn: &mut Connection| {
            while event_log::sequence_in(conn, 1_000)? > 0 {}
            Ok::<_, database::DatabaseError>(())
        };
        self.write(sequence).unwrap();
        self.write(|it, conn| it.matcher.catch_up_in(conn)).unwrap();
    }

    pub(super) fn ranked(&self, report: &Report) -> Vec<CollectorId> {
        let ranking = self.matcher.candidates_of(report, 100);
        ranking.candidates.iter().map(|candidate| candidate.appraisal.collector).collect()
    }

    pub(super) fn accept(&self, botot: Botot, report: &Report) -> Result<Accepted, MatchingError> {
        let report = report.id;
        self.write(move |it, conn| it.matcher.accept_in(conn, botot.id, report))
    }

    pub(super) fn new_offer(&self, rupiah: i64) -> NewOffer {
        let price = UnitPrice::parse(rupiah).unwrap();
        let prices = vec![OfferedPrice { material: material(BOTTLES), price }];
        NewOffer { prices, pickup_at: self.in_hours(3), note: None }
    }

    pub(super) fn in_hours(&self, hours: u64) -> Timestamp {
        self.ambient.now().plus(Duration::from_secs(hours * 3_600))
    }

    pub(super) fn offer(
        &self,
        botot: Botot,
        report: &Report,
        new: NewOffer,
    ) -> Result<Offer, MatchingError> {
        let report = report.id;
        self.write(move |it, conn| it.matcher.offer_in(conn, botot.id, report, &new))
    }

    pub(super) fn pick(&self, offer: &Offer) -> Result<Accepted, MatchingError> {
        let id = offer.id;
        self.write(move |it, conn| it.matcher.accept_offer_in(conn, it.household, id))
    }

    pub(super) fn offers(&self, report: &Report) -> Vec<Offer> {
        let id = report.id;
        let page = move |it: &Self, conn: &mut Connection| {
            it.matcher.page_of_offers(conn, it.household, id, None, 100)
        };
        self.write(page).unwrap()
    }

    /// What the log says, in order.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let read = |_: &Self, conn: &mut Connection| {
            while event_log::sequence_in(conn, 1_000)? > 0 {}
            event_log::events_after(conn, 0, 10_000)
        };
        self.write(read).unwrap().into_iter().map(|event| event.fact).collect()
    }
}

fn account(database: &Database, ambient: &Ambient, number: u32) -> AccountId {
    let phone = PhoneNumber::parse(&format!("+628120000{number:04}")).unwrap();
    let ambient = ambient.clone();
    let open = move |conn: &mut Connection| accounts::open_account_in(conn, &ambient, &phone, None);
    blocking(database, open).unwrap().id
}

/// On a thread of its own, since some tests ask from within a runtime.
fn blocking<T: Send + 'static, E: UnitError>(
    database: &Database,
    unit: impl Fn(&mut Connection) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    thread::scope(|scope| scope.spawn(|| database.write_blocking(unit)).join().unwrap())
}
