//! What the kabupaten reads equals what an independent count says.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Server, Trader, engines};

/// A place in another kecamatan.
const ELSEWHERE: (f64, f64) = (3.5251, 98.7976);

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_what_was_done() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let viewer = Officer::of(&server, "081100000002", "viewer", "12.07").await;
        let budi = Trader::ready(&officer, HOME).await;
        let (siti, rina) = (Household::new(&server).await, Household::new(&server).await);
        for household in [&siti, &siti, &rina] {
            let report = household.reports("instant").await;
            let pickup = budi.accepts(&report).await.text_of("id");
            let code = household.handover_code(&pickup).await;
            budi.fetches(&pickup, &code).await.expect(200);
            let confirm = format!("/v1/pickups/{pickup}/confirm");
            household.0.post(&confirm, json!({})).await.expect(200);
            let paid = budi.does(&pickup, "payment", json!({ "method": "cash" })).await;
            let confirm = format!("/v1/payments/{}/confirm", paid.text_of("id"));
            household.0.post(&confirm, json!({})).await.expect(200);
        }
        let mut far = Household::report("instant");
        far["location"] = stories::in_kabupaten(ELSEWHERE);
        let cancelled = rina.submits(far).await;
        let reason = json!({ "reason": "sudah diberikan" });
        rina.0.post(&format!("/v1/reports/{cancelled}/cancel"), reason).await.expect(200);

        let summary = wait_for_all(&viewer).await;
        assert_eq!(summary["pickups"], 3, "{summary}");
        assert_eq!(summary["reports"], 4, "{summary}");
        assert_eq!(summary["households"], 2);
        assert_eq!(summary["active_collectors"], 1);
        assert_eq!(summary["rupiah_paid"], 3 * 15_250);
        // 5.5 kg of cardboard and ten bottles each.
        let bottle_grams = grams_of(&viewer, "KCA-BOTOL-KECAP").await / 10 / 3;
        assert_eq!(summary["grams"], 3 * (5_500 + 10 * bottle_grams));

        let rebuilt = server.tool(&["admin", "rebuild-statistics"]);
        assert!(rebuilt.success, "{}", rebuilt.output);
        assert_eq!(wait_for_all(&viewer).await, summary);

        // Somebody else's kabupaten cannot be told from one that does not exist.
        let path = format!("/v1/statistics/summary?region=12.08&{}", period(&server));
        assert_eq!(viewer.actor.get(&path).await.status, 404);
        let path = format!("/v1/statistics/summary?region=12.07&{}", period(&server));
        siti.0.get(&path).await.expect_problem(403, "staff_role_required");
    }
}

/// The summary that knows of the cancelled report, which came last.
async fn wait_for_all(viewer: &Officer) -> Value {
    let path = format!("/v1/statistics/summary?region=12.07&{}", period(&viewer.actor.server));
    let asking = async {
        loop {
            let summary = viewer.actor.get(&path).await.expect(200);
            if summary["reports_cancelled"] == 1 {
                return summary;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("the figures in time")
}

async fn grams_of(viewer: &Officer, material: &str) -> i64 {
    let path = format!(
        "/v1/statistics/breakdown?by=material&region=12.07&{}",
        period(&viewer.actor.server)
    );
    let table = viewer.actor.get(&path).await.expect(200);
    let rows = table["data"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["key"] == material).expect("the material's row");
    row["grams"].as_i64().expect("grams")
}

/// From yesterday to tomorrow, since the test may run across midnight.
fn period(server: &Server) -> String {
    let day = |seconds: i64| server.moment_at(seconds).chars().take(10).collect::<String>();
    format!("from={}&to={}", day(-86_400), day(86_400))
}
