//! What the office does around money: it decides about cash, puts wallets right with four eyes, and proves receipts.

use std::{fs, sync::Arc};

use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Server, Trader, engines, totp_code};

/// A weighed and agreed job whose collector says that he paid cash; the payment's id.
async fn claimed(siti: &Household, budi: &Trader) -> (String, String) {
    let pickup = budi.serves(siti).await;
    let payment = budi.does(&pickup, "payment", json!({ "method": "cash" })).await;
    payment.expect(201);
    (pickup, payment.text_of("id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_an_objection_and_a_ruling() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let (pickup, payment) = claimed(&siti, &budi).await;
        let path = |verb: &str| format!("/v1/payments/{payment}/{verb}");
        siti.0.post(&path("deny"), json!({})).await.expect(200);
        let objection = json!({ "reason": "sudah dibayar", "detail": "ada saksi" });
        let objected = budi.actor.post(&path("dispute"), objection.clone()).await.expect(200);
        assert_eq!(
            (&objected["state"], &objected["dispute"]["opened_by"]),
            (&json!("pending"), &json!("collector"))
        );
        siti.0.post(&path("dispute"), objection).await.expect_problem(409, "dispute_open");

        let desk = officer.actor.get("/v1/staff/payment-disputes").await.expect(200);
        assert_eq!(desk["data"][0]["payment_id"], json!(payment), "{desk}");
        let resolve = format!("/v1/staff/payments/{payment}/resolve");
        let ruling = json!({ "outcome": "received", "reason": "saksi RT" });
        budi.actor.post(&resolve, ruling.clone()).await.expect_problem(403, "staff_role_required");
        let settled = officer.actor.post(&resolve, ruling).await.expect(200);
        assert_eq!(
            (&settled["state"], &settled["dispute"]["outcome"]),
            (&json!("settled"), &json!("received"))
        );
        let seen = siti.0.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
        assert_eq!(seen["state"], "paid");
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_eyes_put_a_wallet_right() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let maker = Officer::of(&server, "081100000001", "finance_maker", "12.07").await;
        let checker = Officer::of(&server, "081100000002", "finance_checker", "12.07").await;
        let siti = Household::new(&server).await;
        let proposal = |code: String| {
            json!({ "region": "12.07", "account_id": siti.0.account, "amount_rupiah": 2_500,
                "reason": "salah catat", "totp_code": code })
        };
        let stale = totp_code(&server, &maker.totp_secret);
        server.skip(61);
        let path = "/v1/staff/adjustments";
        maker.actor.post(path, proposal(stale)).await.expect_problem(401, "second_factor_wrong");
        let fresh = proposal(totp_code(&server, &maker.totp_secret));
        let proposed = maker.actor.post(path, fresh.clone()).await;
        proposed.expect(201);
        maker.actor.post(path, fresh).await.expect_problem(401, "second_factor_wrong");
        let id = proposed.text_of("id");

        let listed = checker.actor.get(&format!("{path}?state=proposed")).await.expect(200);
        assert_eq!(listed["data"][0]["id"], json!(id), "{listed}");
        let approve = format!("{path}/{id}/approve");
        let code = json!({ "totp_code": totp_code(&server, &checker.totp_secret) });
        maker.actor.post(&approve, code.clone()).await.expect_problem(403, "staff_role_required");
        let approved = checker.actor.post(&approve, code).await.expect(200);
        assert_eq!(approved["state"], "approved", "{approved}");
        assert_eq!(siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"], 2_500);
        let late =
            checker.actor.post(&format!("{path}/{id}/reject"), json!({ "reason": "x" })).await;
        late.expect_problem(409, "wrong_state");
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_proved_by_anybody_and_a_forged_one_is_not() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let (pickup, payment) = claimed(&siti, &budi).await;
        siti.0.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
        let receipt = siti.0.get(&format!("/v1/pickups/{pickup}/receipt")).await.expect(200);

        let stranger = stories::Actor::stranger(&server);
        let ask = |hash: &str| format!("/v1/receipts/{payment}/verification?receipt_hash={hash}");
        let hash = receipt["receipt_hash"].as_str().expect("a hash");
        let told = stranger.get(&ask(hash)).await.expect(200);
        assert_eq!(
            (&told["valid"], &told["amount_rupiah"]),
            (&json!(true), &receipt["amount_rupiah"])
        );
        let told = stranger.get(&ask(&"0".repeat(64))).await.expect(200);
        assert_eq!(told, json!({ "valid": false }));
        stranger.get(&ask("short")).await.expect_problem(422, "invalid_fields");

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("receipt.json");
        let prove = |receipt: &Value| {
            fs::write(&file, receipt.to_string()).expect("written");
            server.tool(&["verify", "--receipt", file.to_str().expect("a path"), "--json"])
        };
        assert!(prove(&receipt).success);
        let mut forged = receipt.clone();
        forged["lines"][0]["price_rupiah"] = json!(1);
        let told = prove(&forged);
        assert!(!told.success && told.output.contains("/lines/0/price_rupiah"), "{}", told.output);
    }
}
