//! The main story: from a report to money in a household's hand.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use stories::{Actor, HOME, Household, Officer, Server, Trader, engines};

/// The amount of 5.5 kg at 1,500 and 10 pieces at 700.
const AMOUNT: i64 = 8_250 + 7_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_instant_report_is_fetched_weighed_and_paid_in_cash() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("instant").await;

        let candidates = wait_for_candidates(&siti, &report, 1).await;
        assert_eq!(candidates["data"][0]["collector"]["id"], json!(budi.id));
        assert_sums_exactly(&candidates);

        let pickup = budi.accepts(&report).await;
        pickup.expect(201);
        let pickup = pickup.text_of("id");
        assert_eq!(siti.state_of(&report).await, "assigned");

        let weighed = budi.fetches(&pickup, &siti.handover_code(&pickup).await).await.expect(200);
        assert_eq!(weighed["amount_rupiah"], AMOUNT, "{weighed}");
        siti.0.post(&format!("/v1/pickups/{pickup}/confirm"), json!({})).await.expect(200);
        assert_eq!(siti.state_of(&report).await, "collected");

        let payment = budi.does(&pickup, "payment", json!({ "method": "cash" })).await;
        payment.expect(201);
        let payment = payment.text_of("id");
        let settled = siti.0.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await;
        assert_eq!(settled.expect(200)["state"], "settled");
        assert_eq!(siti.state_of(&report).await, "closed");

        let receipt = siti.0.get(&format!("/v1/pickups/{pickup}/receipt")).await.expect(200);
        assert_eq!(receipt["amount_rupiah"], AMOUNT, "{receipt}");
        let stars = json!({ "stars": 5 });
        budi.does(&pickup, "rating", stars.clone()).await.expect(200);
        siti.0.post(&format!("/v1/pickups/{pickup}/rating"), stars).await.expect(200);
        // Cash never touches the wallet.
        assert_eq!(siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"], 0);
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

/// The index follows the log within moments: asked again until it has, for at most half a minute.
pub(crate) async fn wait_for_candidates(
    household: &Household,
    report: &str,
    count: usize,
) -> serde_json::Value {
    wait_for_page(&household.0, &format!("/v1/reports/{report}/candidates"), count).await
}

/// The index follows the log: asks for a page until it has so many entries.
pub(crate) async fn wait_for_page(actor: &Actor, path: &str, count: usize) -> serde_json::Value {
    let asking = async {
        loop {
            let found = actor.get(path).await.expect(200);
            if found["data"].as_array().expect("a list").len() >= count {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("a page in time")
}

/// The score is the sum of the contributions, to the last millionth.
fn assert_sums_exactly(candidates: &serde_json::Value) {
    let millionths = |value: &serde_json::Value| {
        let number = value.as_f64().expect("a number") * 1e6;
        number.round()
    };
    for candidate in candidates["data"].as_array().expect("a list") {
        let parts = candidate["parts"].as_array().expect("parts");
        let sum: f64 = parts.iter().map(|part| millionths(&part["contribution"])).sum();
        assert_eq!(millionths(&candidate["score"]).to_bits(), sum.to_bits(), "{candidate}");
        assert!(parts.iter().all(|part| part["name"].is_string()), "{candidate}");
    }
}
