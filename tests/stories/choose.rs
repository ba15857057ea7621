//! A household lets collectors offer, and picks.

use std::sync::Arc;

use serde_json::json;
use stories::{HOME, Household, Officer, Reply, Server, Trader, engines};

async fn offers(trader: &Trader, server: &Server, report: &str, cardboard: i64) -> Reply {
    let body = json!({
        "prices": [
            { "material": "KRT-KARDUS-A", "price_rupiah": cardboard },
            { "material": "KCA-BOTOL-KECAP", "price_rupiah": 800 },
        ],
        "pickup_at": server.moment_at(3_600),
        "note": "bawa timbangan",
    });
    trader.actor.post(&format!("/v1/reports/{report}/offers"), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_household_picks_one_offer_and_the_others_are_declined() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let siti = Household::new(&server).await;
        let (budi, joko) =
            (Trader::ready(&officer, HOME).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("choose").await;
        budi.accepts(&report).await.expect_problem(409, "report_not_instant");

        let low = offers(&budi, &server, &report, 1_600).await;
        let high = offers(&joko, &server, &report, 1_900).await;
        low.expect(201);
        high.expect(201);
        let listed = siti.0.get(&format!("/v1/reports/{report}/offers")).await.expect(200);
        assert_eq!(listed["data"].as_array().expect("offers").len(), 2);
        // Nobody else sees what was offered.
        let path = format!("/v1/reports/{report}/offers");
        budi.actor.get(&path).await.expect_problem(404, "not_found");

        let pick = format!("/v1/offers/{}/accept", high.text_of("id"));
        budi.actor.post(&pick, json!({})).await.expect_problem(404, "not_found");
        let picked = siti.0.post(&pick, json!({})).await;
        picked.expect(201);
        let other = format!("/v1/offers/{}/accept", low.text_of("id"));
        assert_eq!(siti.0.post(&other, json!({})).await.status, 409);

        // The offered price is the frozen one.
        let pickup = picked.text_of("id");
        let weighed = joko.fetches(&pickup, &siti.handover_code(&pickup).await).await.expect(200);
        assert_eq!(weighed["amount_rupiah"], 5_500 * 1_900 / 1_000 + 10 * 800);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_can_be_withdrawn_declined_and_outlived() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("choose").await;

        let first = offers(&budi, &server, &report, 1_600).await.text_of("id");
        let withdraw = format!("/v1/offers/{first}/withdraw");
        for _ in 0..2 {
            let answer = budi.actor.post(&withdraw, json!({})).await.expect(200);
            assert_eq!(answer["state"], "withdrawn");
        }
        let second = offers(&budi, &server, &report, 1_700).await.text_of("id");
        let decline = format!("/v1/offers/{second}/decline");
        assert_eq!(siti.0.post(&decline, json!({})).await.expect(200)["state"], "declined");
        assert_eq!(
            siti.0.post(&format!("/v1/offers/{second}/accept"), json!({})).await.status,
            409
        );
    }
}
