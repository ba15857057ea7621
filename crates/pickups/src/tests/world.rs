use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use catalog::{Catalog, MaterialCode};
use database::{Connection, Database, DatabaseError, Engine};
use event_log::{Actor, Fact};
use primitives::{
    AccountId, Ambient, CollectorId, Coordinates, Location, ManualClock, PhoneNumber, PhotoId,
    PickupId, Quantity, RegionCode, Unit, UnitPrice,
};
use regions::Regions;
use reports::{
    Address, MinimumShare, NewItem, NewReport, Report, ReportStateName, Reports, Selection,
    Settlement,
};
use test_kit::TestDatabase;

use crate::{
    Assignment, FrozenPrice, NewLine, Outcome, Pickup, PickupError, Pickups, Ruling, Scale, WeighIn,
};

pub(super) const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    accounts::MIGRATIONS,
    photos::MIGRATIONS,
    reports::MIGRATIONS,
    crate::MIGRATIONS,
];

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

/// Deli Serdang with its clock in our hands, one household and one collector.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) reports: Reports,
    pub(super) pickups: Pickups,
    pub(super) household: AccountId,
    pub(super) collector: (CollectorId, AccountId),
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

pub(super) fn line(code: &str, unit: Unit, amount: i64) -> NewLine {
    NewLine { material: material(code), quantity: Quantity::parse(unit, amount).unwrap() }
}

pub(super) fn prices() -> Vec<FrozenPrice> {
    let price = |(code, rupiah): (&str, i64)| FrozenPrice {
        material: material(code),
        price: UnitPrice::parse(rupiah).unwrap(),
    };
    let list = [
        ("PLA-PET-BENING", 3_250),
        ("KCA-BOTOL-BIR", 400),
        ("MNY-JELANTAH", 3_333),
        ("LGM-BESI", 0),
    ];
    list.map(price).to_vec()
}

pub(super) fn offer() -> NewReport {
    let quantity = Quantity::parse(Unit::Kg, 4_200).unwrap();
    let note = Some("di samping kandang".to_owned());
    NewReport {
        id: None,
        location: home(),
        desa: None,
        address: Address { landmark: Some("depan masjid".to_owned()), ..Address::default() },
        items: vec![NewItem { material: material("PLA-PET-BENING"), quantity, note }],
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
        let reports = Reports::new(ambient.clone(), regions, catalog.clone());
        let pickups = Pickups::new(ambient.clone(), reports.clone(), catalog);
        let household = account(database, &ambient, "+6281200000001");
        let collector = (ambient.mint(), account(database, &ambient, "+6281200000002"));
        let database = database.clone();
        Self { database, clock, ambient, reports, pickups, household, collector }
    }

    pub(super) fn pass(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3_600));
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Pickups, &mut Connection) -> Result<T, PickupError> + Send + 'static,
    ) -> Result<T, PickupError> {
        let pickups = self.pickups.clone();
        self.database.write_blocking(move |conn| unit(&pickups, conn))
    }

    pub(super) fn report(&self) -> Report {
        let (reports, household) = (self.reports.clone(), self.household);
        let submit = move |conn: &mut Connection| reports.submit_in(conn, household, &offer());
        self.database.write_blocking(submit).unwrap()
    }

    pub(super) fn assignment(&self, report: &Report) -> Assignment {
        Assignment {
            actor: Actor::Account(self.collector.1),
            report: report.id,
            report_version: None,
            collector: self.collector.0,
            collector_account: self.collector.1,
            collector_kind: "pengepul".to_owned(),
            collector_name: "Botot Pak Ucok".to_owned(),
            collector_base: place(3.56, 98.88).coordinates,
            prices: prices(),
            pickup_at: None,
            ranking: None,
        }
    }

    pub(super) fn assign(&self, assignment: Assignment) -> Result<Pickup, PickupError> {
        self.write(move |pickups, conn| pickups.assign_in(conn, &assignment))
    }

    /// A job whose report has these photographs.
    pub(super) fn assigned_with(&self, photos: Vec<PhotoId>) -> Pickup {
        let (reports, household) = (self.reports.clone(), self.household);
        let new = NewReport { photos, ..offer() };
        let submit = move |conn: &mut Connection| reports.submit_in(conn, household, &new);
        let report = self.database.write_blocking(submit).unwrap();
        self.assign(self.assignment(&report)).unwrap()
    }

    /// An officer of Deli Serdang upholds the weigh-in.
    pub(super) fn resolve(&self, id: PickupId) -> Result<Pickup, PickupError> {
        let (officer, regions) = (self.ambient.mint(), [RegionCode::parse("12.07").unwrap()]);
        let ruling = Ruling { outcome: Outcome::Confirm, reason: "foto cocok".to_owned() };
        self.write(move |pickups, conn| {
            pickups.resolve_dispute_in(conn, officer, &regions, id, &ruling)
        })
    }

    /// A job that the collector has just accepted.
    pub(super) fn assigned(&self) -> Pickup {
        self.assign(self.assignment(&self.report())).unwrap()
    }

    pub(super) fn depart(&self, id: PickupId) -> Result<Pickup, PickupError> {
        let account = self.collector.1;
        self.write(move |pickups, conn| pickups.depart_in(conn, account, id, None))
    }

    pub(super) fn arrive(&self, id: PickupId, at: Location) -> Result<Pickup, PickupError> {
        let account = self.collector.1;
        self.write(move |pickups, conn| pickups.arrive_in(conn, account, id, at, None))
    }

    /// A job whose collector is at the door.
    pub(super) fn arrived(&self) -> Pickup {
        let pickup = self.assigned();
        self.depart(pickup.id).unwrap();
        self.pass(1);
        self.arrive(pickup.id, home()).unwrap()
    }

    pub(super) fn weigh_in(&self, pickup: &Pickup, lines: Vec<NewLine>) -> WeighIn {
        let handover_code = pickup.handover.code().to_owned();
        WeighIn {
            handover_code,
            lines,
            scale: Scale::default(),
            photos: Vec::new(),
            occurred_at: None,
        }
    }

    pub(super) fn weigh(&self, id: PickupId, weigh_in: WeighIn) -> Result<Pickup, PickupError> {
        let account = self.collector.1;
        self.write(move |pickups, conn| pickups.weigh_in_in(conn, account, id, &weigh_in))
    }

    /// A job that has been weighed: 4,210 g of bottles at 3,250.
    pub(super) fn weighed(&self) -> Pickup {
        let pickup = self.arrived();
        let lines = vec![line("PLA-PET-BENING", Unit::Kg, 4_210)];
        self.weigh(pickup.id, self.weigh_in(&pickup, lines)).unwrap()
    }

    pub(super) fn confirm(&self, id: PickupId) -> Result<Pickup, PickupError> {
        let account = self.household;
        self.write(move |pickups, conn| pickups.confirm_in(conn, account, id))
    }

    pub(super) fn pay(&self, id: PickupId) -> Result<Pickup, PickupError> {
        let actor = Actor::Account(self.household);
        self.write(move |pickups, conn| pickups.mark_paid_in(conn, actor.clone(), id))
    }

    pub(super) fn read(&self, id: PickupId) -> Pickup {
        self.write(move |pickups, conn| pickups.find_in(conn, id)).unwrap()
    }

    pub(super) fn report_state(&self, pickup: &Pickup) -> ReportStateName {
        let (reports, id) = (self.reports.clone(), pickup.report);
        let find = move |conn: &mut Connection| reports.find_in(conn, id);
        self.database.write_blocking(find).unwrap().state.name()
    }

    /// What the log says happened to jobs and reports, in order.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let read = |conn: &mut Connection| {
            event_log::sequence_in(conn, 1_000)?;
            event_log::events_after(conn, 0, 1_000)
        };
        let events = self.database.write_blocking(read).unwrap();
        let facts = events.into_iter().map(|event| event.fact);
        facts.filter(|fact| !matches!(fact, Fact::AccountOpened(_))).collect()
    }

    /// The kinds of what happened since the report was opened, in order.
    pub(super) fn kinds(&self) -> Vec<String> {
        let kind = |fact: &Fact| serde_json::to_value(fact).unwrap()["kind"].clone();
        let kinds = self.facts().into_iter().map(|it| kind(&it).as_str().unwrap().to_owned());
        kinds.skip(1).collect()
    }
}

pub(super) fn account(database: &Database, ambient: &Ambient, phone: &str) -> AccountId {
    let (ambient, phone) = (ambient.clone(), PhoneNumber::parse(phone).unwrap());
    let open = move |conn: &mut Connection| accounts::open_account_in(conn, &ambient, &phone, None);
    database.write_blocking(open).unwrap().id
}
