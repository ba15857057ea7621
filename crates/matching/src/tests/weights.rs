//! A kabupaten's staff decide what counts.

use std::thread;

use actix_web::test::TestRequest;
use event_log::Fact;
use http_kit::NOT_FOUND;
use primitives::RegionCode;
use reports::Selection;
use serde_json::{Value, json};

use super::{
    over_http::{Desk, Told, over_http},
    world::{World, on_each_engine},
};
use crate::{
    MatchingError, NewWeights, RegionalWeights,
    ranking::{PerPart, Weights},
};

const PATH: &str = "/v1/staff/regions/12.07/matching-weights";

fn kabupaten() -> RegionCode {
    RegionCode::parse("12.07").unwrap()
}

/// So many percent for the payout, the rest for the way there, the record and the stars.
fn paying(payout: u32) -> PerPart<u32> {
    let rest = 80 - payout;
    PerPart { payout, travel_time: rest, rating: 10, ..Weights::CANDIDATES.percent.map(|_| 0) }
}

fn with_fairness(payout: u32) -> PerPart<u32> {
    PerPart { fairness: 10, ..paying(payout) }
}

fn choose(
    world: &World,
    version: i64,
    percent: PerPart<u32>,
) -> Result<RegionalWeights, MatchingError> {
    let new = NewWeights { region: kabupaten(), percent, by: world.account(99) };
    world.write(move |it, conn| it.matcher.choose_weights_in(conn, version, &new))
}

fn changes(world: &World) -> usize {
    world.facts().iter().filter(|fact| matches!(fact, Fact::WeightsChanged(_))).count()
}

#[test]
fn a_choice_counts_from_then_on_and_is_named() {
    on_each_engine(|world| {
        let (stingy, generous) = (world.working(1), world.working(2));
        world.publish(stingy, 2_000);
        let report = world.report(Selection::Instant);
        world.settle();
        assert_eq!(world.matcher.candidates_of(&report, 5).weights, "candidates-1");
        let chosen = choose(world, 0, with_fairness(60)).unwrap();
        assert_eq!((chosen.version(), chosen.percent), (1, with_fairness(60)));
        world.settle();
        let ranking = world.matcher.candidates_of(&report, 5);
        assert_eq!(ranking.weights, "candidates-1@12.07.1");
        for candidate in &ranking.candidates {
            let payout = candidate.parts.iter().find(|part| part.name.as_str() == "payout");
            assert_eq!(payout.unwrap().percent, 60);
            let sum: u32 = candidate.parts.iter().map(|it| it.contribution.millionths()).sum();
            assert_eq!(sum, candidate.appraisal.score.millionths());
        }
        assert_eq!(ranking.candidates[0].appraisal.collector, generous.id);
        // A process that starts later knows it too.
        world.write(|it, conn| it.matcher.rebuild_in(conn)).unwrap();
        assert_eq!(world.matcher.candidates_of(&report, 5).weights, "candidates-1@12.07.1");
        // Whom to tell of it is decided by the same weights.
        let round = world.write(|it, conn| it.matcher.plan_announcements_in(conn)).unwrap();
        world.write(move |it, conn| it.matcher.announce_in(conn, &round)).unwrap();
        let told = world.facts().into_iter().find_map(|fact| match fact {
            Fact::ReportAnnounced(fact) => Some(fact.ranking),
            _ => None,
        });
        assert!(told.unwrap().starts_with("candidates-1@12.07.1/"));
        world.accept(generous, &report).unwrap();
        let recorded = world.facts().into_iter().find_map(|fact| match fact {
            Fact::PickupAssigned(fact) => fact.ranking,
            _ => None,
        });
        assert!(recorded.unwrap().starts_with("candidates-1@12.07.1/"));
    });
}

#[test]
fn the_same_choice_twice_is_one_and_another_over_an_old_reading_is_refused() {
    on_each_engine(|world| {
        let first = choose(world, 0, with_fairness(50)).unwrap();
        assert_eq!(choose(world, 0, with_fairness(50)).unwrap(), first);
        let late = choose(world, 0, with_fairness(40));
        assert!(matches!(late, Err(MatchingError::VersionConflict)), "{late:?}");
        assert_eq!(choose(world, 1, with_fairness(40)).unwrap().version(), 2);
        let wrong = choose(world, 2, paying(40));
        assert!(matches!(wrong, Err(MatchingError::Refused(_))), "{wrong:?}");
        assert_eq!(changes(world), 2);
    });
}

#[test]
fn of_two_choices_at_once_one_counts() {
    on_each_engine(|world| {
        let rivals = [30, 31, 32, 33].map(with_fairness);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let threads = rivals.map(|percent| scope.spawn(move || choose(world, 0, percent)));
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        let [winner] = won.as_slice() else { panic!("{} winners", won.len()) };
        let held = world.write(|it, conn| it.matcher.weights_in(conn, &kabupaten())).unwrap();
        assert_eq!(held, **winner);
        assert_eq!(changes(world), 1);
    });
}

async fn put(desk: &Desk<'_>, token: &str, version: &str, body: Value) -> Told {
    let request = TestRequest::put().uri(PATH).insert_header(("If-Match", version));
    desk.send(token, request.set_json(body)).await
}

#[test]
fn admins_of_the_kabupaten_read_and_set_them() {
    over_http(async |desk| {
        let someone = desk.household();
        let staff = |grant: &str| format!("{someone};{grant}");
        let admin = staff("admin@12.07");
        let read = desk.get(&admin, PATH).await;
        assert_eq!((read.status, read.etag.as_deref()), (200, Some("\"0\"")), "{read:?}");
        assert_eq!(read.body["name"], "candidates-1");
        assert!(read.body["chosen_by"].is_null());
        let mut percent = read.body["percent"].clone();
        (percent["payout"], percent["travel_time"]) = (json!(30), json!(20));
        let body = json!({ "percent": percent });
        let set = put(&desk, &admin, "\"0\"", body.clone()).await;
        assert_eq!((set.status, set.etag.as_deref()), (200, Some("\"1\"")), "{set:?}");
        assert_eq!(set.body["name"], "candidates-1@12.07.1");
        assert_eq!(set.body["chosen_by"], json!(someone));
        assert_eq!(desk.get(&admin, PATH).await.body, set.body);
        let mut other = body.clone();
        (other["percent"]["payout"], other["percent"]["travel_time"]) = (json!(61), json!(0));
        let wrong = put(&desk, &admin, "\"1\"", other.clone()).await;
        assert_eq!(wrong.code(), (422, "invalid_fields"));
        assert_eq!(wrong.body["errors"][0]["pointer"], "/percent/payout");
        (other["percent"]["payout"], other["percent"]["travel_time"]) = (json!(25), json!(25));
        assert_eq!(put(&desk, &admin, "\"0\"", other).await.code(), (412, "version_conflict"));
        for stranger in [staff("admin@12.05"), staff("admin@12.07.28")] {
            let told = desk.get(&stranger, PATH).await;
            assert_eq!(told.code(), (404, NOT_FOUND.code), "{stranger}");
            assert_eq!(put(&desk, &stranger, "\"1\"", body.clone()).await.status, 404);
        }
        assert_eq!(desk.get(&staff("officer@12.07"), PATH).await.status, 403);
        let desa = "/v1/staff/regions/12.07.28/matching-weights";
        assert_eq!(desk.get(&admin, desa).await.status, 404);
    });
}
