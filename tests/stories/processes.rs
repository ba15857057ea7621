//! Two processes on one PostgreSQL and one Redis are one service to everybody outside.

use std::{sync::Arc, time::Duration};

use database::Engine;
use serde_json::{Value, json};
use stories::{Actor, HOME, Household, Officer, Server, Trader};
use tokio::time::timeout;

/// Some 4 km from `HOME`.
const FAR: (f64, f64) = (3.590, 98.880);
const DEADLINE: Duration = Duration::from_secs(60);

/// Nothing, and loudly so, where there is no PostgreSQL or no Redis to share.
fn two(settings: &[(&str, &str)]) -> Option<(Arc<Server>, Arc<Server>)> {
    let postgres = stories::engines().contains(&Engine::Postgres);
    let Some(redis) = stories::redis_url().filter(|_| postgres) else {
        println!("NOT TESTED: two processes need PostgreSQL and Redis (scripts/test starts both)");
        return None;
    };
    let settings = [&[("redis_url", redis.as_str())], settings].concat();
    let first = Arc::new(Server::start_with(Engine::Postgres, &settings));
    let second = Arc::new(first.beside());
    Some((first, second))
}

fn at(server: &Arc<Server>, actor: &Actor) -> Actor {
    Actor { server: Arc::clone(server), ..actor.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_hears_the_other_knows() {
    let Some((first, second)) = two(&[]) else { return };
    let officer = Officer::of(&first, "081100000001", "officer", "12.07").await;
    let (siti, budi) = (Household::new(&first).await, Trader::ready(&officer, FAR).await);
    let report = siti.reports("instant").await;
    let path = format!("/v1/reports/{report}/candidates");
    let beside = at(&second, &siti.0);
    let far = distance_where(&beside, &path, |_| true).await;
    assert!(far > 3_000, "{far} m");

    // He is seen at the door by the first process; the second ranks him there.
    let seen = json!({ "lat": HOME.0, "lon": HOME.1, "recorded_at": first.moment_at(0) });
    let positions = json!({ "positions": [seen] });
    budi.actor.post("/v1/collectors/me/positions", positions).await.expect(204);
    let near = distance_where(&beside, &path, |meters| meters < 100).await;
    assert!(near < 100, "{near} m");

    // Taken at the second, gone at the first; ended at the first, over at the second.
    let budi_beside = at(&second, &budi.actor);
    let taken = budi_beside.post(&format!("/v1/reports/{report}/accept"), json!({})).await;
    taken.expect(201);
    assert_eq!(siti.state_of(&report).await, "assigned");
    siti.0.delete("/v1/auth/sessions/current").await.expect(204);
    let over = async {
        while beside.get("/v1/me").await.status != 401 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, over).await.expect("the session is over everywhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_one_limit_over_both() {
    let Some((first, second)) = two(&[("limits.writes_per_minute", "6")]) else { return };
    let siti = Household::new(&first).await;
    let mut refused = 0;
    for number in 0..12 {
        let server = if number % 2 == 0 { &first } else { &second };
        let answer = at(server, &siti.0).post("/v1/reports", json!({})).await;
        refused += usize::from(answer.status == 429);
    }
    // Six in a burst whichever process is asked, and perhaps one more while the minute runs.
    assert!((4..=6).contains(&refused), "{refused} of 12 were refused");
}

/// How far the only candidate is, once the matcher has read as much as `enough` asks for.
async fn distance_where(actor: &Actor, path: &str, enough: impl Fn(i64) -> bool) -> i64 {
    let found = async {
        loop {
            let ranked: Value = actor.get(path).await.expect(200);
            let distance = ranked["data"][0]["distance_meters"].as_i64();
            match distance.filter(|meters| enough(*meters)) {
                Some(distance) => return distance,
                None => tokio::task::yield_now().await,
            }
        }
    };
    timeout(DEADLINE, found).await.expect("the collector is ranked in time")
}
