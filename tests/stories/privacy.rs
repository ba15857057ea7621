//! What a collector may know about a home, and when.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use stories::{HOME, Household, Officer, Reply, Server, Trader, engines};

/// A few meters from `HOME`, inside the same cell.
const NEXT_DOOR: (f64, f64) = (3.55415, 98.88125);

#[tokio::test(flavor = "multi_thread")]
async fn before_acceptance_the_home_is_an_area() {
    for engine in engines() {
        let mut seen = Vec::new();
        for home in [HOME, NEXT_DOOR] {
            let server = Arc::new(Server::start(engine));
            let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
            let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
            let mut body = Household::report("instant");
            body["location"] = stories::in_kabupaten(home);
            let report = siti.submits(body).await;
            let feed = wait_for_feed(&budi, 1).await;
            let (text, entries) = (&feed.text, feed.json());
            for secret in ["pagar hijau", "masjid", "3.5541", "98.8812", "+62"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
            seen.push(without_identities(entries["data"][0].clone()));

            // From acceptance on he needs the door and the phone.
            let pickup = budi.accepts(&report).await.text_of("id");
            let job = budi.actor.get(&format!("/v1/pickups/{pickup}")).await;
            for needed in ["pagar hijau", "masjid", "+62"] {
                assert!(job.text.contains(needed), "{needed} not in {}", job.text);
            }
            assert!(!job.text.contains("handover_code"), "{}", job.text);
            // Nothing of it reaches the log or the metrics.
            let log = server.log();
            for secret in ["pagar hijau", "+6281", "98.88"] {
                assert!(!log.contains(secret), "{secret} was logged");
            }
        }
        assert_eq!(seen[0], seen[1], "two homes in one cell look the same");
    }
}

/// A report reaches the feeds with the log, within moments: asked again until it has, for at most half a minute.
async fn wait_for_feed(collector: &Trader, count: usize) -> Reply {
    let asking = async {
        loop {
            let feed = collector.actor.get("/v1/collectors/me/feed").await;
            if feed.expect(200)["data"].as_array().expect("a feed").len() == count {
                return feed;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("the feed in time")
}

/// Ids and times differ between two worlds; nothing else may.
fn without_identities(mut entry: Value) -> Value {
    for member in ["id", "report_id", "created_at", "opened_at", "expires_at", "score", "parts"] {
        if let Some(found) = entry.get_mut(member) {
            *found = Value::Null;
        }
    }
    entry
}
