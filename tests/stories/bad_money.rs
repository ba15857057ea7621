//! What must not be accepted about money and weight: each a clear problem, and nothing has moved.

use std::sync::Arc;

use serde_json::{Value, json};
use stories::{Actor, HOME, Household, Officer, Server, Trader, engines, in_kabupaten, totp_code};

/// Amounts that no command takes, whatever else it says.
fn bad_amounts() -> Vec<Value> {
    vec![
        json!(0),
        json!(1_000.5),
        json!(1e3),
        json!("1000"),
        json!("1e3"),
        json!("+1000"),
        json!(50_000_001),
        json!(9_223_372_036_854_775_808_u64),
        json!(null),
        json!([1_000]),
        json!(true),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_are_whole_and_within_limits() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let maker = Officer::of(&server, "081100000001", "finance_maker", "12.07").await;
        let siti = Household::new(&server).await;
        let top_up = format!("/v1/staff/wallets/{}/top-ups", siti.0.account);
        for amount in bad_amounts().into_iter().chain([json!(-1_000)]) {
            let body = json!({ "amount_rupiah": amount, "reason": "setoran" });
            let refused = maker.actor.post(&top_up, body).await;
            refused.expect_problem(422, "invalid_fields");
            assert_eq!(refused.json()["errors"][0]["pointer"], "/amount_rupiah", "{amount}");
        }
        server.skip(61);
        for amount in bad_amounts().into_iter().chain([json!(-5_000_001)]) {
            let body = json!({
                "region": "12.07", "account_id": siti.0.account, "amount_rupiah": amount,
                "reason": "salah", "totp_code": totp_code(&server, &maker.totp_secret),
            });
            let refused = maker.actor.post("/v1/staff/adjustments", body).await;
            refused.expect_problem(422, "invalid_fields");
            assert_eq!(refused.json()["errors"][0]["pointer"], "/amount_rupiah", "{amount}");
        }
        nothing_moved(&server, &siti.0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_are_plausible_and_a_weigh_in_is_final() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("instant").await;
        let pickup = budi.accepts(&report).await.text_of("id");
        budi.does(&pickup, "depart", json!({})).await.expect(200);
        budi.does(&pickup, "arrive", json!({ "location": in_kabupaten(HOME) })).await.expect(200);
        let code = siti.handover_code(&pickup).await;
        let line = |grams: Value| {
            let lines = json!([{ "material": "KRT-KARDUS-A", "grams": grams }]);
            json!({ "handover_code": code, "lines": lines })
        };
        let absurd = [json!(0), json!(99), json!(5_000_001), json!(-500), json!(500.5), json!(5e3)];
        for grams in absurd.into_iter().chain([json!("500"), json!(u64::MAX)]) {
            let refused = budi.does(&pickup, "weigh-in", line(grams.clone())).await;
            refused.expect_problem(422, "invalid_fields");
            let pointer = refused.json()["errors"][0]["pointer"].to_string();
            assert!(pointer.starts_with("\"/lines/0"), "{grams}: {pointer}");
        }
        budi.does(&pickup, "weigh-in", line(json!(5_500))).await.expect(200);
        siti.0.post(&format!("/v1/pickups/{pickup}/confirm"), json!({})).await.expect(200);
        let edited = budi.does(&pickup, "weigh-in", line(json!(2_000))).await;
        edited.expect_problem(409, "wrong_state");
        let seen = siti.0.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
        assert_eq!((&seen["state"], &seen["amount_rupiah"]), (&json!("confirmed"), &json!(8_250)));
        nothing_moved(&server, &siti.0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_answered_by_its_own_household_alone() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let stranger = Household::new(&server).await;
        let pickup = budi.serves(&siti).await;
        for method in [json!("gold"), json!(1), json!(null)] {
            let refused = budi.does(&pickup, "payment", json!({ "method": method })).await;
            refused.expect_problem(422, "invalid_fields");
        }
        let payment = budi.does(&pickup, "payment", json!({ "method": "cash" })).await;
        let payment = payment.text_of("id");
        for verb in ["confirm", "deny"] {
            let path = format!("/v1/payments/{payment}/{verb}");
            stranger.0.post(&path, json!({})).await.expect_problem(404, "not_found");
            budi.actor.post(&path, json!({})).await.expect_problem(403, "other_side_only");
        }
        let dispute = format!("/v1/payments/{payment}/dispute");
        let reason = json!({ "reason": "iseng" });
        stranger.0.post(&dispute, reason).await.expect_problem(404, "not_found");
        siti.0.post(&dispute, json!({ "reason": " " })).await.expect_problem(422, "invalid_fields");
        let seen = siti.0.get(&format!("/v1/payments/{payment}")).await.expect(200);
        assert_eq!((&seen["state"], seen.get("dispute")), (&json!("pending"), None));
        nothing_moved(&server, &siti.0).await;
    }
}

async fn nothing_moved(server: &Server, household: &Actor) {
    let household = household.refreshed().await;
    assert_eq!(household.get("/v1/wallet").await.expect(200)["balance_rupiah"], 0);
    let entries = household.get("/v1/wallet/entries").await.expect(200);
    assert_eq!(entries["data"], json!([]));
    let verified = server.tool(&["verify", "--json"]);
    assert!(verified.success, "{}", verified.output);
    let found: Value = serde_json::from_str(verified.output.trim()).expect("JSON");
    assert_eq!(found["checks"]["ledger"]["journals"], 0, "{found}");
}
