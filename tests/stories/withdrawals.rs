//! Money leaves a wallet for a bank, through a gateway that lives beside the server on a clock of its own.

use std::{sync::Arc, time::Duration};

use gateway_simulator::{Chaos, Running, Settings, Whim};
use serde_json::json;
use stories::{Actor, Household, Officer, Server, engines, totp_code};

pub(crate) const PATH: &str = "/v1/wallet/withdrawals";

/// A server that pays out through the simulator.
pub(crate) fn server_beside(simulator: &Running, engine: database::Engine) -> Arc<Server> {
    let (base, known) = (format!("{}/xendit", simulator.address()), Settings::default());
    let settings = [
        ("gateways.xendit.base_url", base.as_str()),
        ("gateways.xendit.secret_key", known.xendit_secret_key.as_str()),
        ("gateways.xendit.callback_token", known.xendit_callback_token.as_str()),
    ];
    Arc::new(Server::start_with(engine, &settings))
}

/// Somebody with Rp 100,000.
pub(crate) async fn saver(server: &Arc<Server>) -> Household {
    let siti = Household::new(server).await;
    let account = siti.0.account.as_str();
    let deposit = ["admin", "top-up", "--account", account, "--amount-rupiah", "100000"];
    let deposit =
        server.tool(&[&deposit[..], &["--maker", "kasir", "--reason", "setoran"]].concat());
    assert!(deposit.success, "{}", deposit.output);
    siti
}

pub(crate) fn wish() -> serde_json::Value {
    json!({
        "amount_rupiah": 50_000, "channel": "bca",
        "account_number": "1234567890", "account_holder": "Siti",
    })
}

/// Time goes by for both until the withdrawal has arrived; with the phone's tokens of that moment.
pub(crate) async fn arrival(siti: &Household, simulator: &Running, id: &str) -> Actor {
    let arrives = async {
        let mut siti = siti.0.clone();
        loop {
            siti = siti.refreshed().await;
            let found = siti.get(&format!("{PATH}/{id}")).await;
            if found.status == 200 && found.text_of("state") == "succeeded" {
                return siti;
            }
            siti.server.skip(60);
            simulator.with_book(|book| book.now += 60);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), arrives).await.expect("it arrives in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn money_reaches_the_bank_though_every_answer_is_cut_off_and_the_server_dies() {
    for engine in engines() {
        let settings = Settings { chaos: Chaos::Only(Whim::Drops), ..Settings::default() };
        let simulator = Running::start(settings).expect("a simulator");
        let server = server_beside(&simulator, engine);
        let siti = saver(&server).await;
        let asked = siti.0.post(PATH, wish()).await;
        asked.expect(202);
        let id = asked.text_of("id");
        server.kill();
        server.launch();
        let siti = arrival(&siti, &simulator, &id).await;
        let transfers = simulator.with_book(|book| book.transfers());
        assert_eq!(transfers.into_values().collect::<Vec<_>>(), [1]);
        let wallet = siti.get("/v1/wallet").await.expect(200);
        assert_eq!(wallet["balance_rupiah"], 100_000 - 50_000 - 2_500);
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_a_wallet_cannot_be_emptied() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = saver(&server).await;
        let terms = siti.0.get("/v1/wallet/withdrawal-terms").await.expect(200);
        assert_eq!(terms["channels"], json!([]));
        siti.0.post(PATH, wish()).await.expect_problem(409, "channel_unavailable");
    }
}

/// Nobody answers for a day, until the withdrawal lies on the desk of a person with tokens of that moment.
async fn escalation(checker: &Officer) -> Actor {
    let escalates = async {
        let mut desk = checker.actor.clone();
        loop {
            desk = desk.refreshed().await;
            let waiting = desk.get("/v1/staff/withdrawals").await.expect(200);
            if waiting["data"].as_array().is_some_and(|data| data.len() == 1) {
                return desk;
            }
            desk.server.skip(60 * 60);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), escalates).await.expect("it lies there in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_ends_what_no_gateway_answers_for_and_shows_his_second_factor() {
    for engine in engines() {
        let simulator = Running::start(Settings::default()).expect("a simulator");
        let server = server_beside(&simulator, engine);
        drop(simulator);
        let checker = Officer::of(&server, "081300000009", "finance_checker", "12.07").await;
        let siti = saver(&server).await;
        let asked = siti.0.post(PATH, wish()).await;
        asked.expect(202);
        let desk = escalation(&checker).await;
        let path = format!("/v1/staff/withdrawals/{}/decide", asked.text_of("id"));
        let mut decision = json!({ "outcome": "never_left", "reason": "ditanyakan lewat telepon" });
        desk.post(&path, decision.clone()).await.expect_problem(422, "invalid_fields");
        decision["totp_code"] = json!("000000");
        desk.post(&path, decision.clone()).await.expect_problem(401, "second_factor_wrong");
        decision["totp_code"] = json!(totp_code(&server, &checker.totp_secret));
        let decided = desk.post(&path, decision).await.expect(200);
        assert_eq!(decided["state"], "failed");
        let wallet = siti.0.refreshed().await.get("/v1/wallet").await.expect(200);
        assert_eq!(wallet["balance_rupiah"], 100_000);
    }
}
