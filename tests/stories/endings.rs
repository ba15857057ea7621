//! Jobs that come to nothing: given back, called off, disputed, or never taken.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use stories::{HOME, Household, Officer, Server, Trader, engines};

#[tokio::test(flavor = "multi_thread")]
async fn a_released_job_is_open_for_somebody_else() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let siti = Household::new(&server).await;
        let (budi, joko) =
            (Trader::ready(&officer, HOME).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("instant").await;
        let pickup = budi.accepts(&report).await.text_of("id");
        joko.accepts(&report).await.expect_problem(409, "report_already_taken");
        let released = budi.does(&pickup, "release", json!({ "reason": "becak rusak" })).await;
        assert_eq!(released.expect(200)["state"], "released");
        assert_eq!(siti.state_of(&report).await, "open");
        joko.accepts(&report).await.expect(201);
        // What is over stays over.
        budi.does(&pickup, "depart", json!({})).await.expect_problem(409, "wrong_state");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_may_call_it_off_until_the_scale() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let cancel = |report: &str| format!("/v1/reports/{report}/cancel");
        let reason = json!({ "reason": "sudah diberikan" });

        let open = siti.reports("instant").await;
        for _ in 0..2 {
            siti.0.post(&cancel(&open), reason.clone()).await.expect(200);
        }
        assert_eq!(siti.state_of(&open).await, "cancelled");

        let assigned = siti.reports("instant").await;
        let pickup = budi.accepts(&assigned).await.text_of("id");
        siti.0.post(&cancel(&assigned), reason.clone()).await.expect(200);
        let seen = budi.actor.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
        assert_eq!(seen["state"], "cancelled");

        let weighed = siti.reports("instant").await;
        let pickup = budi.accepts(&weighed).await.text_of("id");
        budi.fetches(&pickup, &siti.handover_code(&pickup).await).await.expect(200);
        siti.0.post(&cancel(&weighed), reason).await.expect_problem(409, "wrong_state");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_decided_by_staff() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("instant").await;
        let pickup = budi.accepts(&report).await.text_of("id");
        budi.fetches(&pickup, &siti.handover_code(&pickup).await).await.expect(200);
        let detail = json!({ "reason": "weight", "detail": "timbangan tidak pas" });
        let disputed = siti.0.post(&format!("/v1/pickups/{pickup}/dispute"), detail).await;
        assert_eq!(disputed.expect(200)["state"], "disputed");
        let path = format!("/v1/staff/pickups/{pickup}/resolve");
        let ruling = json!({ "outcome": "confirm", "reason": "foto timbangan cocok" });
        siti.0.post(&path, ruling.clone()).await.expect_problem(403, "staff_role_required");
        officer.actor.post(&path, ruling).await.expect(200);
        let seen = siti.0.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
        assert_eq!(seen["state"], "confirmed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_nobody_takes_expires() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let report = siti.reports("instant").await;
        server.skip(4 * 86_400);
        let siti = Household(siti.0.refreshed().await);
        let expired = async {
            while siti.state_of(&report).await != "expired" {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), expired).await.expect("expired in time");
    }
}
