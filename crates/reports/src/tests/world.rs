use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use catalog::{Catalog, MaterialCode};
use database::{Connection, Database, DatabaseError, Engine};
use event_log::Fact;
use primitives::{
    AccountId, Ambient, Coordinates, Location, ManualClock, Quantity, RegionCode, Unit,
};
use regions::Regions;
use test_kit::TestDatabase;

use crate::{
    Address, MinimumShare, NewItem, NewReport, Report, ReportError, Reports, Selection, Settlement,
};

pub(super) const MIGRATIONS: &[&[database::Migration]] =
    &[event_log::MIGRATIONS, http_kit::MIGRATIONS, photos::MIGRATIONS, crate::MIGRATIONS];

/// A desa of Deli Serdang.
pub(super) const DESA: &str = "12.07.28.2001";

/// Deli Serdang and its materials: read once, since every test needs them and none changes them.
static REFERENCE: LazyLock<(Regions, Catalog)> = LazyLock::new(|| {
    let home = TestDatabase::new(Engine::Sqlite, &[regions::MIGRATIONS, catalog::MIGRATIONS]);
    let load = |conn: &mut Connection| {
        regions::load_reference_data_in(conn).unwrap();
        catalog::load_reference_data_in(conn).unwrap();
        Ok::<_, DatabaseError>((Regions::load(conn)?, Catalog::load(conn)?))
    };
    home.database().write_blocking(load).unwrap()
});

/// Deli Serdang with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) reports: Reports,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

pub(super) fn place(lat: f64, lon: f64) -> Location {
    Location { coordinates: Coordinates::parse(lat, lon).unwrap(), accuracy_meters: Some(12) }
}

pub(super) fn item(material: &str, unit: Unit, amount: i64) -> NewItem {
    let quantity = Quantity::parse(unit, amount).unwrap();
    NewItem { material: MaterialCode::parse(material).unwrap(), quantity, note: None }
}

/// Two sacks of bottles and some used oil.
pub(super) fn offer() -> NewReport {
    NewReport {
        id: None,
        location: place(3.5541, 98.8812),
        desa: None,
        address: Address { landmark: Some("depan masjid".to_owned()), ..Address::default() },
        items: vec![
            item("PLA-PET-BENING", Unit::Kg, 4_200),
            item("KCA-BOTOL-BIR", Unit::Piece, 12),
            item("MNY-JELANTAH", Unit::Liter, 1_500),
        ],
        photos: Vec::new(),
        windows: Vec::new(),
        note: Some("pagar hijau".to_owned()),
        settlement: Settlement::Cash,
        selection: Selection::Instant,
        minimum_share: MinimumShare::ALL,
        occurred_at: None,
    }
}

impl World {
    pub(super) fn on(database: &Database) -> Self {
        let clock = test_kit::clock();
        let ambient = test_kit::ambient(&clock);
        let (regions, catalog) = REFERENCE.clone();
        let reports = Reports::new(ambient.clone(), regions, catalog);
        Self { database: database.clone(), clock, ambient, reports }
    }

    pub(super) fn pass(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3_600));
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Reports, &mut Connection) -> Result<T, ReportError> + Send + 'static,
    ) -> Result<T, ReportError> {
        let reports = self.reports.clone();
        self.database.write_blocking(move |conn| unit(&reports, conn))
    }

    pub(super) fn submit(
        &self,
        household: AccountId,
        new: &NewReport,
    ) -> Result<Report, ReportError> {
        let new = new.clone();
        self.write(move |reports, conn| reports.submit_in(conn, household, &new))
    }

    /// A report of somebody's, waiting.
    pub(super) fn open_report(&self) -> Report {
        self.submit(self.ambient.mint(), &offer()).unwrap()
    }

    pub(super) fn read(&self, report: &Report) -> Report {
        let id = report.id;
        self.write(move |reports, conn| reports.find_in(conn, id)).unwrap()
    }

    /// What the log says happened, in order.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let read = |conn: &mut Connection| {
            event_log::sequence_in(conn, 1_000)?;
            event_log::events_after(conn, 0, 1_000)
        };
        let events = self.database.write_blocking(read).unwrap();
        events.into_iter().map(|event| event.fact).collect()
    }

    /// The kinds of what happened, in order.
    pub(super) fn kinds(&self) -> Vec<String> {
        let kind = |fact: &Fact| serde_json::to_value(fact).unwrap()["kind"].clone();
        self.facts().iter().map(|fact| kind(fact).as_str().unwrap().to_owned()).collect()
    }
}

pub(super) fn desa() -> RegionCode {
    RegionCode::parse(DESA).unwrap()
}
