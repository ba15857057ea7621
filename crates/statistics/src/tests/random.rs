use std::collections::BTreeMap;

use event_log::Fact;
use primitives::{Language, RegionCode, Timestamp};
use proptest::{prelude::*, test_runner::TestRunner};

use super::{
    model::Model,
    world::{
        World, assigned, cancelled, closed, code, expired, moment, on_each_engine, opened, paid,
    },
};
use crate::{BreakdownBy, BreakdownQuestion, Day, Interval, Metric, Period, SeriesQuestion};

/// Two kecamatan of one kabupaten, another kabupaten, and a province two hours to the east.
const DESA: [&str; 6] = [
    "12.07.28.2001",
    "12.07.28.2002",
    "12.07.01.2001",
    "12.71.01.1001",
    "91.01.01.2001",
    "91.01.02.2001",
];
const REGIONS: [&str; 9] = [
    "12",
    "12.07",
    "12.07.28",
    "12.07.28.2001",
    "12.07.28.2002",
    "12.71",
    "91",
    "91.01",
    "91.01.02",
];
const KINDS: [&str; 3] = ["pengepul", "bank_sampah_unit", "tps3r"];
/// The first of the days on which things happen.
const FIRST_DAY: i64 = 20_500;

/// A line of a receipt: which material, how much, at which price.
type Line = (usize, i64, i64);

#[derive(Debug, Clone)]
struct Happening {
    what: u8,
    desa: usize,
    /// Phones report late: the order in the log is not the order of these.
    second: i64,
    household: u8,
    collector: u8,
    waited: i64,
    lines: Vec<Line>,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let lines = prop::collection::vec((0usize..6, 1i64..20_000, 0i64..5_000), 0..4);
    let waited = prop_oneof![-5i64..100, 0i64..4_000, 0i64..1_000_000];
    let happening = (0u8..9, 0..DESA.len(), 0i64..45 * 86_400, 0u8..5, 0u8..3, waited, lines)
        .prop_map(|(what, desa, second, household, collector, waited, lines)| Happening {
            what,
            desa,
            second,
            household,
            collector,
            waited,
            lines,
        });
    prop::collection::vec(happening, 0..120)
}

fn fact_of(happening: &Happening, materials: &[String]) -> (Timestamp, Fact) {
    let desa = DESA[happening.desa];
    let fact = match happening.what {
        0 | 1 => opened(desa),
        2 => closed(desa),
        3 => cancelled(desa),
        4 => expired(desa),
        5 | 6 => assigned(desa, happening.waited),
        _ => {
            let lines: Vec<(&str, i64, i64)> = happening
                .lines
                .iter()
                .map(|&(material, grams, price)| (materials[material].as_str(), grams, price))
                .collect();
            let mut paid = paid(desa, happening.household, happening.collector, &lines);
            paid.collector_kind = KINDS[usize::from(happening.collector)].to_owned();
            paid.seconds_to_pickup = happening.waited;
            paid.distance_meters = happening.second % 7_000;
            Fact::PickupPaid(paid)
        }
    };
    let start = moment("1970-01-01T00:00:00Z").micros() + FIRST_DAY * 86_400_000_000;
    (Timestamp::from_micros(start + happening.second * 1_000_000), fact)
}

/// Some materials with an emission factor and some without.
fn materials(world: &World) -> Vec<String> {
    let all = world.catalog.materials();
    let (with, without): (Vec<_>, Vec<_>) =
        all.iter().partition(|material| material.emission_factor.is_some());
    let some = with.iter().take(4).chain(without.iter().take(2));
    some.map(|material| material.code.to_string()).collect()
}

fn periods() -> impl Strategy<Value = Period> {
    (FIRST_DAY - 2..FIRST_DAY + 48, 0i64..50)
        .prop_map(|(from, days)| Period::parse(Day::new(from), Day::new(from + days)).unwrap())
}

fn check(world: &World, facts: &[(Timestamp, Fact)], region: &str, period: Period) {
    let model = Model { facts, catalog: &world.catalog };
    let region = code(region);
    let asked = region.clone();
    let summary = world.write(move |it, conn| Ok(it.summary_in(conn, &asked, period)?));
    assert_eq!(summary, model.summary(&region, period), "{region} {period:?}");
    check_series(world, &model, &region, period);
    check_breakdowns(world, &model, &region, period);
}

fn check_series(world: &World, model: &Model<'_>, region: &RegionCode, period: Period) {
    let material = materials(world)[0].clone();
    for (metric, material) in [
        (Metric::Reports, None),
        (Metric::Pickups, None),
        (Metric::Grams, None),
        (Metric::Grams, Some(material.clone())),
        (Metric::RupiahPaid, None),
        (Metric::RupiahPaid, Some(material)),
        (Metric::Households, None),
        (Metric::ActiveCollectors, None),
    ] {
        for interval in [Interval::Day, Interval::Week, Interval::Month] {
            let (region, material) = (region.clone(), material.clone());
            let question = SeriesQuestion { metric, interval, region, material, period };
            let asked = question.clone();
            for point in world.write(move |it, conn| it.series_in(conn, &asked)) {
                let material = question.material.as_deref();
                let expected = model.value(metric, material, &question.region, point.days);
                assert_eq!(point.value, expected, "{question:?} {point:?}");
            }
        }
    }
}

fn check_breakdowns(world: &World, model: &Model<'_>, region: &RegionCode, period: Period) {
    for by in [BreakdownBy::Material, BreakdownBy::SipsnCategory, BreakdownBy::CollectorKind] {
        let (region, language) = (region.clone(), Language::English);
        let question = BreakdownQuestion { by, region: region.clone(), period, language };
        let rows = world.write(move |it, conn| Ok(it.breakdown_in(conn, &question)?));
        let lines = rows.into_iter().map(|row| (row.key, (row.grams, row.rupiah_paid, row.lines)));
        let told: BTreeMap<_, _> = lines.filter(|row| row.1.2 > 0).collect();
        assert_eq!(model.lines_by(by, &region, period), told, "{by:?} {region} {period:?}");
    }
}

#[test]
fn the_figures_are_those_of_counting_every_event() {
    let cases = (happenings(), prop::collection::vec((0..REGIONS.len(), periods()), 4), 1i64..60);
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() };
    TestRunner::new(config)
        .run(&cases, |(happenings, questions, batch)| {
            on_each_engine(|world| {
                let materials = materials(world);
                let facts: Vec<_> =
                    happenings.iter().map(|happening| fact_of(happening, &materials)).collect();
                let (early, late) = facts.split_at(facts.len() / 2);
                world.tell(early);
                world.fold(batch);
                world.tell(late);
                world.fold(batch);
                for (region, period) in &questions {
                    check(world, &facts, REGIONS[*region], *period);
                }
                let folded = world.content();
                world.fold(batch);
                assert_eq!(world.content(), folded, "folding again adds nothing");
                let events = world.write(|it, conn| Ok(it.rebuild_in(conn)?));
                assert_eq!(events, facts.len());
                assert_eq!(world.content(), folded, "a rebuild ends with the same content");
            });
            Ok(())
        })
        .unwrap();
}
