//! A report is announced to a few, then to more; and the kabupaten sees where nobody comes.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Server, Trader, engines};

const POLICY: &str = "/v1/staff/regions/12.07/dispatch-policy";

#[tokio::test(flavor = "multi_thread")]
async fn some_are_asked_first_but_everybody_sees_the_report() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let admin = Officer::of(&server, "081100000002", "admin", "12.07").await.actor;
        let default = admin.get(POLICY).await;
        let mut policy = default.expect(200);
        assert_eq!((&policy["version"], policy["assignment"].is_null()), (&json!(0), true));
        policy = json!({
            "waves": [{ "collectors": 1, "wait_seconds": 60 }], "patience_seconds": 3_600,
        });
        admin
            .change(Method::PUT, POLICY, "\"7\"", policy.clone())
            .await
            .expect_problem(412, "version_conflict");
        let mut bad = policy.clone();
        bad["waves"][0]["collectors"] = json!(0);
        admin
            .change(Method::PUT, POLICY, &default.etag(), bad)
            .await
            .expect_field("/waves/0/collectors");
        let other = admin.get("/v1/staff/regions/12.08/dispatch-policy").await;
        other.expect_problem(404, "not_found");
        let changed = admin.change(Method::PUT, POLICY, &default.etag(), policy).await;
        assert_eq!(
            (changed.expect(200)["version"].as_i64(), changed.etag()),
            (Some(1), "\"1\"".to_owned())
        );

        let siti = Household::new(&server).await;
        let traders = [Trader::ready(&officer, HOME).await, Trader::ready(&officer, HOME).await];
        siti.reports("instant").await;
        wait_for_asked(&traders, 1).await;
        server.skip(61);
        wait_for_asked(&traders, 2).await;
    }
}

/// Both see the report all the time; so many of them have been asked.
async fn wait_for_asked(traders: &[Trader; 2], wanted: usize) {
    let asking = async {
        loop {
            let mut asked = 0;
            let mut seen = 0;
            for trader in traders {
                let feed = trader.actor.get("/v1/collectors/me/feed").await.expect(200);
                seen += feed["data"].as_array().expect("a list").len();
                asked += usize::from(feed["data"][0]["announced_at"].is_string());
            }
            if asked == wanted {
                assert_eq!(seen, traders.len());
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("asked in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desa_with_reports_but_no_collector_is_listed() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let viewer = Officer::of(&server, "081100000001", "viewer", "12.07").await.actor;
        let siti = Household::new(&server).await;
        let report = siti.reports("instant").await;
        let found = siti.0.get(&format!("/v1/reports/{report}")).await.expect(200);
        let day = |seconds: i64| server.moment_at(seconds).chars().take(10).collect::<String>();
        let path = format!(
            "/v1/statistics/coverage?region=12.07&from={}&to={}",
            day(-86_400),
            day(86_400)
        );
        let asking = async {
            loop {
                let told = viewer.get(&path).await.expect(200);
                if told["data"] != json!([]) {
                    return told["data"].clone();
                }
                tokio::task::yield_now().await;
            }
        };
        let data: Value =
            tokio::time::timeout(Duration::from_secs(30), asking).await.expect("figures in time");
        assert_eq!((&data[0]["region"], &data[0]["reports"]), (&found["desa_code"], &json!(1)));
        siti.0.get(&path).await.expect_problem(403, "staff_role_required");
    }
}
