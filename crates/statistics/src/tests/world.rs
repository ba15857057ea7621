use catalog::Catalog;
use database::{Connection, Database};
use diesel::{RunQueryDsl, sql_query, sql_types::Text};
use event_log::{
    Actor, Entry, Fact, PickupAssigned, PickupPaid, ReportCancelled, ReportClosed, ReportExpired,
    ReportOpened, WeighedLine, append_in,
};
use primitives::{Ambient, Grams, Id, Kind, RegionCode, Rupiah, Timestamp, UnitPrice};
use regions::Regions;

use crate::{Day, Period, Statistics, StatisticsError};

pub(super) const MIGRATIONS: &[&[database::Migration]] = &[
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    crate::MIGRATIONS,
];

/// Deli Serdang and its log.
pub(super) struct World {
    pub(super) database: Database,
    pub(super) ambient: Ambient,
    pub(super) catalog: Catalog,
    pub(super) statistics: Statistics,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| test(&World::on(database)));
}

pub(super) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

pub(super) fn period(from: &str, to: &str) -> Period {
    Period::parse(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
}

pub(super) fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Somebody, the same for the same number.
pub(super) fn somebody<K: Kind>(number: u8) -> Id<K> {
    Id::from_parts(Timestamp::from_micros(1_000_000), [number; 10])
}

impl World {
    pub(super) fn on(database: &Database) -> Self {
        let ambient = test_kit::ambient(&test_kit::clock());
        let load = |conn: &mut Connection| {
            regions::load_reference_data_in(conn).unwrap();
            catalog::load_reference_data_in(conn).unwrap();
            Ok::<_, database::DatabaseError>((Regions::load(conn)?, Catalog::load(conn)?))
        };
        let (regions, catalog) = database.write_blocking(load).unwrap();
        let statistics = Statistics::new(regions, catalog.clone());
        Self { database: database.clone(), ambient, catalog, statistics }
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&Statistics, &mut Connection) -> Result<T, StatisticsError> + Send + 'static,
    ) -> T {
        let (database, statistics) = (self.database.clone(), self.statistics.clone());
        // On a thread of its own: the tests over HTTP are async, where blocking is refused.
        let work = move || database.write_blocking(move |conn| unit(&statistics, conn));
        std::thread::spawn(work).join().unwrap().unwrap()
    }

    /// Tells the log, in this order.
    pub(super) fn tell(&self, facts: &[(Timestamp, Fact)]) {
        let (ambient, facts) = (self.ambient.clone(), facts.to_vec());
        self.write(move |_, conn| {
            for (occurred_at, fact) in &facts {
                let (occurred_at, fact) = (*occurred_at, fact.clone());
                let entry = Entry { actor: Actor::CommandLine, region: None, occurred_at, fact };
                append_in(conn, &ambient, entry)?;
            }
            while event_log::sequence_in(conn, 500)? > 0 {}
            Ok(())
        });
    }

    /// Folds what there is, so many events at a time.
    pub(super) fn fold(&self, limit: i64) {
        while self.write(move |statistics, conn| Ok(statistics.fold_in(conn, limit)?)) > 0 {}
    }

    /// Every row of every table of ours.
    pub(super) fn content(&self) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Line {
            #[diesel(sql_type = Text)]
            line: String,
        }
        let tables = [
            ("report", "region, day, opened, closed, cancelled, expired"),
            ("pickup", "region, day, collector_kind, pickups, amount_rupiah, distance_meters"),
            ("cell", "region, day, material, collector_kind, grams, amount_rupiah, lines"),
            ("presence", "role, subject, day, desa"),
            ("return", "region, role, day, previous_day, subjects"),
            ("wait", "region, measure, day, bucket, waits"),
            ("second", "measure, bucket, desa, day, seconds, waits"),
        ];
        self.write(move |_, conn| {
            let mut content = Vec::new();
            for (table, columns) in tables {
                let columns: Vec<String> =
                    columns.split(", ").map(|it| format!("CAST({it} AS TEXT)")).collect();
                let joined = columns.join(" || ' ' || ");
                let query =
                    format!("SELECT '{table} ' || {joined} AS line FROM statistics_{table}");
                let rows: Vec<Line> =
                    sql_query(query).load(conn).map_err(database::DatabaseError::from)?;
                content.extend(rows.into_iter().map(|row| row.line));
            }
            content.sort();
            Ok(content)
        })
    }
}

/// Facts by their figures; everything else about them is somebody.
pub(super) fn opened(desa: &str) -> Fact {
    Fact::ReportOpened(ReportOpened {
        report: somebody(1),
        household: somebody(1),
        desa: code(desa),
        items: Vec::new(),
        selection: "instant".to_owned(),
    })
}

pub(super) fn closed(desa: &str) -> Fact {
    Fact::ReportClosed(ReportClosed { report: somebody(1), desa: code(desa) })
}

pub(super) fn cancelled(desa: &str) -> Fact {
    Fact::ReportCancelled(ReportCancelled { report: somebody(1), desa: code(desa) })
}

pub(super) fn expired(desa: &str) -> Fact {
    Fact::ReportExpired(ReportExpired { report: somebody(1), desa: code(desa) })
}

pub(super) fn assigned(desa: &str, seconds_to_acceptance: i64) -> Fact {
    Fact::PickupAssigned(PickupAssigned {
        pickup: somebody(1),
        report: somebody(1),
        collector: somebody(1),
        collector_kind: "pengepul".to_owned(),
        desa: code(desa),
        seconds_to_acceptance,
        estimated_grams: Grams::parse(1_000).unwrap(),
        estimated_milliliters: 1_000,
        ranking: None,
    })
}

pub(super) fn paid(
    desa: &str,
    household: u8,
    collector: u8,
    lines: &[(&str, i64, i64)],
) -> PickupPaid {
    let lines: Vec<WeighedLine> = lines.iter().map(weighed).collect();
    let amounts = lines.iter().map(|line| line.amount_rupiah);
    PickupPaid {
        pickup: somebody(1),
        report: somebody(1),
        household: somebody(household),
        collector: somebody(collector),
        collector_kind: "pengepul".to_owned(),
        desa: code(desa),
        amount_rupiah: Rupiah::sum(amounts).unwrap(),
        lines,
        seconds_to_pickup: 3_600,
        distance_meters: 2_000,
    }
}

fn weighed(&(material, grams, price): &(&str, i64, i64)) -> WeighedLine {
    WeighedLine {
        material: material.to_owned(),
        quantity: grams,
        grams: Grams::parse(grams).unwrap(),
        price_rupiah: UnitPrice::parse(price).unwrap(),
        amount_rupiah: Rupiah::new((grams * price + 500) / 1_000),
    }
}
