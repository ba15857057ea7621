//! "Why was I not asked?"

use std::time::Duration;

use primitives::{CollectorId, RegionCode};
use reports::{Report, ReportStateName, Selection};
use serde_json::json;

use super::{
    over_http::over_http,
    world::{World, bottles, on_each_engine, place},
};
use crate::{Explanation, MatchingError, Reasons, Verdict, ranking::Ineligible};

fn explain(
    world: &World,
    report: &Report,
    collector: Option<CollectorId>,
    region: Option<&str>,
) -> Result<Explanation, MatchingError> {
    let id = report.id;
    let regions = region.map(|code| vec![RegionCode::parse(code).unwrap()]);
    world.write(move |it, conn| it.matcher.explain_in(conn, id, collector, regions.as_deref()))
}

fn refusal(world: &World, report: &Report, collector: CollectorId) -> Option<Ineligible> {
    match explain(world, report, Some(collector), Some("12.07")).unwrap().answer {
        Reasons::About(id, verdict) => {
            assert_eq!(id, collector);
            match verdict {
                Verdict::Refused(reason) => Some(reason),
                Verdict::Ranked(_) => None,
            }
        }
        Reasons::Overview { .. } => panic!("one was asked about"),
    }
}

#[test]
fn everybody_is_told_the_first_thing_that_keeps_him_or_where_he_stands() {
    on_each_engine(|world| {
        let (near, other, resting) = (world.working(1), world.working(2), world.resting(3));
        let report = world.report(Selection::Instant);
        let far = world.submit(reports::NewReport {
            location: place(3.40, 98.70),
            ..bottles(4_000, Selection::Instant)
        });
        let heavy = world.submit(bottles(300_000, Selection::Instant));
        world.settle();
        assert_eq!(refusal(world, &report, near.id), None);
        assert_eq!(refusal(world, &report, resting.id), Some(Ineligible::Offline));
        assert_eq!(refusal(world, &far, near.id), Some(Ineligible::OutsideRadius));
        assert_eq!(refusal(world, &heavy, near.id), Some(Ineligible::NoCapacity));
        let everybody = explain(world, &report, None, Some("12.07.28")).unwrap();
        let Reasons::Overview { candidates, eligible, refused } = everybody.answer else {
            panic!("everybody was asked about");
        };
        assert_eq!((candidates.len(), eligible), (2, 2));
        assert_eq!(refused, [(Ineligible::Offline, 1)]);
        let ranking = world.matcher.candidates_of(&report, 5);
        assert_eq!(everybody.snapshot, ranking.snapshot);
        for candidate in &ranking.candidates {
            let id = candidate.appraisal.collector;
            assert!([near.id, other.id].contains(&id));
            match explain(world, &report, Some(id), None).unwrap().answer {
                Reasons::About(_, verdict) => {
                    assert_eq!(verdict, Verdict::Ranked(Box::new(candidate.clone())));
                }
                Reasons::Overview { .. } => panic!("one was asked about"),
            }
        }
    });
}

#[test]
fn who_got_it_is_remembered_with_the_ranking() {
    on_each_engine(|world| {
        let (first, second) = (world.working(1), world.working(2));
        let report = world.report(Selection::Instant);
        world.settle();
        let ranking = world.matcher.candidates_of(&report, 2);
        assert_eq!(explain(world, &report, None, None).unwrap().assignment, None);
        let accepted = world.accept(second, &report).unwrap();
        world.pass(Duration::from_secs(3_600));
        world.settle();
        let explained = explain(world, &report, Some(first.id), Some("12.07")).unwrap();
        assert_eq!(explained.state, ReportStateName::Assigned);
        let assignment = explained.assignment.unwrap();
        assert_eq!((assignment.pickup, assignment.collector), (accepted.pickup.id, second.id));
        let recorded = assignment.ranking.unwrap();
        assert_eq!((recorded.snapshot, recorded.weights), (ranking.snapshot, ranking.weights));
        let own = |it: &&crate::Candidate| it.appraisal.collector == second.id;
        assert_eq!(recorded.rank, ranking.candidates.iter().find(own).map(|it| it.rank));
    });
}

#[test]
fn staff_of_another_kabupaten_know_of_nothing() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let report = world.report(Selection::Instant);
        for region in ["12.05", "12.07.01"] {
            let told = explain(world, &report, Some(botot.id), Some(region));
            assert!(matches!(told, Err(MatchingError::NotFound)), "{region}: {told:?}");
        }
    });
}

#[test]
fn officers_read_it_in_their_language() {
    over_http(async |desk| {
        let world = desk.0;
        let (near, resting) = (world.working(1), world.resting(2));
        let report = world.report(Selection::Instant);
        world.settle();
        let path = format!("/v1/staff/reports/{}/explanation", report.id);
        let officer = format!("{};officer@12.07", desk.household());
        let all = desk.get(&officer, &path).await;
        assert_eq!((all.status, &all.body["overview"]["eligible"]), (200, &json!(1)), "{all:?}");
        assert_eq!(all.body["overview"]["refused"][0]["reason"], "offline");
        let one = desk.get(&officer, &format!("{path}?collector={}", near.id)).await;
        assert_eq!(one.body["verdict"]["eligible"], true);
        assert_eq!(one.body["verdict"]["candidate"]["rank"], 1);
        let other = desk.get(&officer, &format!("{path}?collector={}", resting.id)).await;
        let refusal = &other.body["verdict"]["refusal"];
        assert_eq!(refusal["text"], "Pengepul ini sedang tidak menerima pekerjaan.");
        let nobody = desk
            .get(
                &officer,
                &format!(
                    "{path}?collector={}",
                    world.ambient.mint::<primitives::kinds::Collector>()
                ),
            )
            .await;
        assert_eq!(nobody.code(), (404, "not_found"));
        let stranger = format!("{};officer@12.05", desk.household());
        assert_eq!(desk.get(&stranger, &path).await.code(), (404, "not_found"));
        assert_eq!(desk.get(&desk.household(), &path).await.status, 403);
    });
}
