//! A household lets somebody come who does not buy everything.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;
use stories::{HOME, Household, Officer, Server, Trader, engines, in_kabupaten};

use crate::market::{wait_for_candidates, wait_for_page};

const CLEAR_BOTTLES: &str = "PLA-PET-BENING";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_collector_does_not_buy_stays_with_the_household() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let mut body = Household::report("instant");
        let items = body["items"].as_array_mut().expect("items");
        items.push(json!({ "material": CLEAR_BOTTLES, "estimated_grams": 2000 }));
        let report = siti.submits(body).await;
        let refused = budi.accepts(&report).await;
        refused.expect_problem(409, "collector_not_eligible");

        // She would rather be rid of most of it.
        let path = format!("/v1/reports/{report}");
        let change = |percent: i64| json!({ "minimum_share_percent": percent });
        let etag = siti.0.get(&path).await.etag();
        let wrong = siti.0.change(Method::PATCH, &path, &etag, change(101)).await;
        wrong.expect_field("/minimum_share_percent");
        let changed = siti.0.change(Method::PATCH, &path, &etag, change(60)).await.expect(200);
        assert_eq!(changed["minimum_share_percent"], 60);
        let candidates = wait_for_candidates(&siti, &report, 1).await;
        let taken = json!(["KRT-KARDUS-A", "KCA-BOTOL-KECAP"]);
        assert_eq!(candidates["data"][0]["taken_materials"], taken);
        let feed = wait_for_page(&budi.actor, "/v1/collectors/me/feed", 1).await;
        assert_eq!(feed["data"][0]["taken_materials"], taken);
        assert_eq!(feed["data"][0]["minimum_share_percent"], 60);

        let job = budi.accepts(&report).await;
        assert_eq!(job.expect(201)["left_materials"], json!([CLEAR_BOTTLES]));
        let (pickup, code) = (job.text_of("id"), siti.handover_code(&job.text_of("id")).await);
        let seen = siti.0.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
        assert_eq!(seen["left_materials"], json!([CLEAR_BOTTLES]));
        budi.does(&pickup, "depart", json!({})).await.expect(200);
        let at_home = json!({ "location": in_kabupaten(HOME) });
        budi.does(&pickup, "arrive", at_home).await.expect(200);
        let lines = json!([{ "material": CLEAR_BOTTLES, "grams": 2000 }]);
        let weigh_in = json!({ "handover_code": code, "lines": lines });
        budi.does(&pickup, "weigh-in", weigh_in).await.expect_field("/lines/0/material");
        let lines = json!([{ "material": "KRT-KARDUS-A", "grams": 5500 }]);
        let weigh_in = json!({ "handover_code": code, "lines": lines });
        budi.does(&pickup, "weigh-in", weigh_in).await.expect(200);
    }
}
