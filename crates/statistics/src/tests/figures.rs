use event_log::Fact;
use primitives::Language;

use super::world::{
    World, assigned, cancelled, closed, code, expired, moment, on_each_engine, opened, paid, period,
};
use crate::{BreakdownBy, BreakdownQuestion, Interval, Metric, Period, SeriesQuestion, Summary};

const DESA: &str = "12.07.28.2001";
const NEXT_DESA: &str = "12.07.28.2002";

#[test]
fn villages_with_reports_but_no_collector_are_listed() {
    on_each_engine(|world| {
        let at = |day: u8| moment(&format!("2026-03-{day:02}T03:00:00Z"));
        let (served, far, elsewhere) = (DESA, NEXT_DESA, "12.07.01.2001");
        world.tell(&[
            (at(2), opened(served)),
            (at(2), assigned(served, 60)),
            (at(2), opened(far)),
            (at(3), opened(elsewhere)),
            (at(4), opened(elsewhere)),
            (at(6), expired(elsewhere)),
            // Nobody asked for a collector here, and this one's came later.
            (at(5), assigned("12.07.28.2003", 60)),
            (at(20), assigned(far, 60)),
        ]);
        world.fold(3);
        let gaps = |region: &str, from: &str, to: &str| {
            let (region, period) = (code(region), period(from, to));
            let gaps = world.write(move |it, conn| Ok(it.coverage_in(conn, &region, period)?));
            let short = gaps.into_iter().map(|it| {
                assert!(it.name.is_some());
                (it.region.to_string(), it.reports, it.reports_expired)
            });
            short.collect::<Vec<_>>()
        };
        let (two, one) = ((elsewhere.to_owned(), 2, 1), (far.to_owned(), 1, 0));
        assert_eq!(gaps("12.07", "2026-03-01", "2026-03-10"), [two.clone(), one.clone()]);
        assert_eq!(gaps("12.07.28", "2026-03-01", "2026-03-10"), std::slice::from_ref(&one));
        assert_eq!(gaps(far, "2026-03-01", "2026-03-10"), [one]);
        assert_eq!(gaps("12.07", "2026-03-01", "2026-03-31"), [two]);
        assert_eq!(gaps("12.07", "2026-03-11", "2026-03-31"), []);
    });
}

fn summary(world: &World, region: &str, period: Period) -> Summary {
    let region = code(region);
    world.write(move |it, conn| Ok(it.summary_in(conn, &region, period)?))
}

fn material(world: &World, estimated: bool) -> String {
    let mut materials = world.catalog.materials().into_iter();
    let wanted = materials.find(|it| it.emission_factor.is_some() == estimated);
    wanted.unwrap().code.to_string()
}

#[test]
fn a_day_ends_at_midnight_of_the_region() {
    on_each_engine(|world| {
        // 23:59 and 00:00 in Deli Serdang.
        world.tell(&[
            (moment("2026-03-01T16:59:59Z"), opened(DESA)),
            (moment("2026-03-01T17:00:00Z"), opened(DESA)),
        ]);
        world.fold(100);
        assert_eq!(summary(world, "12.07", period("2026-03-01", "2026-03-01")).reports, 1);
        assert_eq!(summary(world, "12.07", period("2026-03-02", "2026-03-02")).reports, 1);
        assert_eq!(summary(world, DESA, period("2026-03-01", "2026-03-02")).reports, 2);
        assert_eq!(summary(world, NEXT_DESA, period("2026-03-01", "2026-03-02")).reports, 0);
    });
}

#[test]
fn nothing_happened_is_no_median_and_no_rate() {
    on_each_engine(|world| {
        let told = summary(world, "12.07", period("2026-03-01", "2026-03-31"));
        assert_eq!(told.median_seconds_to_acceptance, None);
        assert_eq!(told.median_seconds_to_pickup, None);
        assert_eq!(told.completion_rate_permille(), None);
        assert_eq!((told.reports, told.households, told.carbon.net_avoided_grams()), (0, 0, 0));
    });
}

#[test]
fn rates_medians_and_people_of_a_small_month() {
    on_each_engine(|world| {
        let pet = material(world, true);
        let at = |day: u8| moment(&format!("2026-03-{day:02}T03:00:00Z"));
        let sale = |desa: &str, household, collector| {
            Fact::PickupPaid(paid(desa, household, collector, &[(&pet, 2_000, 3_000)]))
        };
        world.tell(&[
            (at(2), closed(DESA)),
            (at(2), closed(DESA)),
            (at(3), cancelled(NEXT_DESA)),
            (at(2), assigned(DESA, 10)),
            (at(2), assigned(DESA, 20)),
            (at(3), assigned(NEXT_DESA, 31)),
            (at(3), assigned(NEXT_DESA, 4_000)),
            // The same household three times, once in the desa next door; told out of order.
            (at(9), sale(DESA, 1, 1)),
            (at(2), sale(DESA, 1, 2)),
            (at(5), sale(NEXT_DESA, 1, 1)),
            (at(5), sale(DESA, 2, 1)),
        ]);
        world.fold(3);
        let month = summary(world, "12.07.28", period("2026-03-01", "2026-03-31"));
        assert_eq!(month.completion_rate_permille(), Some(667));
        assert_eq!(month.median_seconds_to_acceptance, Some(25));
        assert_eq!(month.median_seconds_to_pickup, Some(3_600));
        assert_eq!((month.pickups, month.grams, month.rupiah_paid), (4, 8_000, 24_000));
        assert_eq!((month.households, month.active_collectors), (2, 2));
        let week = summary(world, "12.07", period("2026-03-03", "2026-03-08"));
        assert_eq!((week.households, week.active_collectors), (2, 1));
        assert_eq!(summary(world, DESA, period("2026-03-03", "2026-03-08")).households, 1);
        assert_eq!(summary(world, NEXT_DESA, period("2026-03-03", "2026-03-08")).households, 1);
    });
}

#[test]
fn what_nobody_can_estimate_is_said_and_not_zero() {
    on_each_engine(|world| {
        let (known, unknown) = (material(world, true), material(world, false));
        let lines = [(known.as_str(), 10_000, 1_000), (unknown.as_str(), 700, 1_000)];
        let at = moment("2026-03-02T03:00:00Z");
        world.tell(&[(at, Fact::PickupPaid(paid(DESA, 1, 1, &lines)))]);
        world.fold(10);
        let carbon = summary(world, "12.07", period("2026-03-02", "2026-03-02")).carbon;
        assert_eq!(carbon.not_estimated_grams, 700);
        assert_eq!(carbon.trip_grams, 364);
        assert_eq!(carbon.net_avoided_grams(), carbon.avoided_grams - 364);
        assert_eq!(carbon.factor_sets.len(), 1);
        let question = BreakdownQuestion {
            by: BreakdownBy::Material,
            region: code("12.07"),
            period: period("2026-03-02", "2026-03-02"),
            language: Language::Indonesian,
        };
        let rows = world.write(move |it, conn| Ok(it.breakdown_in(conn, &question)?));
        let avoided =
            |key: &str| rows.iter().find(|row| row.key == key).unwrap().co2e_avoided_grams;
        assert_eq!(avoided(&known), Some(carbon.avoided_grams));
        assert_eq!(avoided(&unknown), None);
    });
}

#[test]
fn a_table_by_region_shows_every_part_and_adds_up() {
    on_each_engine(|world| {
        let pet = material(world, true);
        let at = moment("2026-03-02T03:00:00Z");
        let sale = |desa: &str| Fact::PickupPaid(paid(desa, 1, 1, &[(&pet, 1_500, 2_000)]));
        world.tell(&[(at, opened(DESA)), (at, sale(DESA)), (at, sale("12.07.01.2001"))]);
        world.fold(10);
        let rows = |region: &str| {
            let (by, region) = (BreakdownBy::Region, code(region));
            let period = period("2026-03-01", "2026-03-31");
            let question = BreakdownQuestion { by, region, period, language: Language::English };
            world.write(move |it, conn| Ok(it.breakdown_in(conn, &question)?))
        };
        let kecamatan = rows("12.07");
        assert_eq!(kecamatan.len(), 22);
        assert!(kecamatan.iter().all(|row| row.name.is_some()));
        assert_eq!(kecamatan.iter().map(|row| row.grams).sum::<i64>(), 3_000);
        let lubuk_pakam = kecamatan.iter().find(|row| row.key == "12.07.28").unwrap();
        assert_eq!((lubuk_pakam.reports, lubuk_pakam.pickups), (Some(1), Some(1)));
        assert_eq!((lubuk_pakam.households, lubuk_pakam.rupiah_paid), (Some(1), 3_000));
        let village = rows(DESA);
        assert_eq!((village.len(), village[0].key.as_str(), village[0].grams), (1, DESA, 1_500));
    });
}

#[test]
fn a_material_is_a_matter_of_weights_and_amounts() {
    on_each_engine(|world| {
        let ask = |metric| {
            let question = SeriesQuestion {
                metric,
                interval: Interval::Month,
                region: code("12.07"),
                material: Some("PLA-PET".to_owned()),
                period: period("2026-03-01", "2026-03-31"),
            };
            world.write(move |it, conn| Ok(it.series_in(conn, &question).is_ok()))
        };
        assert!(ask(Metric::Grams) && ask(Metric::RupiahPaid));
        assert!(!ask(Metric::Households) && !ask(Metric::Reports) && !ask(Metric::Pickups));
    });
}
