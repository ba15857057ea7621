//! Money comes into a wallet from a bank, through a gateway that lives beside the server on a clock of its own.

use std::{sync::Arc, time::Duration};

use gateway_simulator::{Chaos, Running, Settings, Whim};
use serde_json::{Value, json};
use stories::{Actor, Household, Officer, Server, engines, totp_code};

use crate::reconciliation::{RECONCILIATIONS, compared_with, synchronize};

const PATH: &str = "/v1/wallet/top-ups";

/// A server that takes in money through both of the simulator's gateways, Midtrans alone by request.
fn server_beside(simulator: &Running, engine: database::Engine, xendit: bool) -> Arc<Server> {
    let (address, known) = (simulator.address(), Settings::default());
    let base = |path: &str| format!("{address}{path}");
    let mut settings = vec![
        ("gateways.midtrans.base_url", base("/iris")),
        ("gateways.midtrans.creator_key", known.iris_creator_key),
        ("gateways.midtrans.approver_key", known.iris_approver_key),
        ("gateways.midtrans.merchant_key", known.iris_merchant_key),
        ("gateways.midtrans.core_url", base("/core")),
        ("gateways.midtrans.server_key", known.midtrans_server_key),
    ];
    if xendit {
        settings.extend([
            ("gateways.xendit.base_url", base("/xendit")),
            ("gateways.xendit.secret_key", known.xendit_secret_key),
            ("gateways.xendit.callback_token", known.xendit_callback_token),
            ("gateways.xendit.payments_key", known.xendit_payments_key),
        ]);
    }
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Arc::new(Server::start_with(engine, &settings))
}

/// Time goes by for both, a quarter of a minute at a time, until the top-up stands so; with the phone's tokens of that moment.
async fn until(siti: &Actor, simulator: &Running, id: &str, state: &str) -> (Actor, Value) {
    let comes = async {
        let mut siti = siti.clone();
        loop {
            siti = siti.refreshed().await;
            let found = siti.get(&format!("{PATH}/{id}")).await;
            if found.status == 200 && found.text_of("state") == state {
                return (siti, found.json());
            }
            siti.server.skip(15);
            simulator.with_book(|book| book.now += 15);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), comes).await.expect("it comes in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn money_comes_in_though_answers_are_cut_off_and_the_server_dies() {
    for engine in engines() {
        for xendit in [true, false] {
            let settings = Settings { chaos: Chaos::Only(Whim::Drops), ..Settings::default() };
            let simulator = Running::start(settings).expect("a simulator");
            let server = server_beside(&simulator, engine, xendit);
            let siti = Household::new(&server).await.0;
            let wish = json!({ "amount_rupiah": 50_000, "channel": "bni" });
            let asked = siti.post(PATH, wish.clone()).await;
            asked.expect(202);
            let id = asked.text_of("id");
            siti.post(PATH, wish).await.expect_problem(409, "top_up_under_way");
            let (siti, shown) = until(&siti, &simulator, &id, "asked").await;
            let number = shown["virtual_account_number"].as_str().expect("a number");
            assert!(simulator.with_book(|book| book.pay(number, None)));
            server.kill();
            server.launch();
            let (siti, paid) = until(&siti, &simulator, &id, "paid").await;
            let wallet = siti.get("/v1/wallet").await.expect(200);
            assert_eq!(wallet["balance_rupiah"], 50_000, "{paid}");
            let verified = server.tool(&["verify", "--json"]);
            assert!(verified.success, "{}", verified.output);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_waits_for_the_office() {
    for engine in engines() {
        let simulator = Running::start(Settings::default()).expect("a simulator");
        let server = server_beside(&simulator, engine, true);
        let siti = Household::new(&server).await.0;
        let wish = json!({ "amount_rupiah": 50_000, "channel": "qris" });
        let id = siti.post(PATH, wish).await.text_of("id");
        let (siti, shown) = until(&siti, &simulator, &id, "asked").await;
        let text = shown["qris_text"].as_str().expect("a code");
        assert!(simulator.with_book(|book| book.pay(text, Some(49_000))));
        let (siti, _expired) = until(&siti, &simulator, &id, "expired").await;
        let wallet = siti.get("/v1/wallet").await.expect(200);
        assert_eq!(wallet["balance_rupiah"], 0);
        let checker = Officer::of(&server, "081100000001", "finance_checker", "12.07").await;
        let desk = checker.actor.get("/v1/staff/top-ups").await.expect(200);
        assert_eq!(desk["data"][0]["id"], json!(id), "{desk}");
        assert_eq!(desk["data"][0]["suspended"][0]["amount_rupiah"], 49_000, "{desk}");
        finds_a_home(&server, &siti, &checker).await;
        closes(&server, &checker, &id).await;
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

/// What waits in suspense goes to Siti's wallet: one proposes, another one releases.
async fn finds_a_home(server: &Server, siti: &Actor, checker: &Officer) {
    let maker = Officer::of(&siti.server, "081100000002", "finance_maker", "12.07").await;
    let path = "/v1/staff/suspended-payments";
    let listed = maker.actor.get(path).await.expect(200);
    let waiting = &listed["data"][0];
    server.skip(61);
    let proposal = json!({
        "gateway": waiting["gateway"], "payment_reference": waiting["reference"],
        "outcome": "credited", "account_id": waiting["account_id"], "reason": "salah nominal",
        "totp_code": totp_code(server, &maker.totp_secret),
    });
    let releases = "/v1/staff/suspense-releases";
    let mut incomplete = proposal.clone();
    incomplete["outcome"] = json!("returned");
    maker.actor.post(releases, incomplete).await.expect_problem(422, "invalid_fields");
    let proposed = maker.actor.post(releases, proposal).await;
    proposed.expect(201);
    let approve = format!("{releases}/{}/approve", proposed.text_of("id"));
    let code = json!({ "totp_code": totp_code(server, &checker.totp_secret) });
    maker.actor.post(&approve, code.clone()).await.expect_problem(403, "staff_role_required");
    let done = checker.actor.post(&approve, code).await.expect(200);
    assert_eq!((&done["state"], &done["amount_rupiah"]), (&json!("approved"), &json!(49_000)));
    assert_eq!(siti.get("/v1/wallet").await.expect(200)["balance_rupiah"], 49_000);
    assert_eq!(maker.actor.get(path).await.expect(200)["data"], json!([]));
    let settled = maker.actor.get(&format!("{path}?state=settled")).await.expect(200);
    assert_eq!(settled["data"][0]["release"]["id"], done["id"], "{settled}");
    let reject = format!("{releases}/{}/reject", proposed.text_of("id"));
    let late = checker.actor.post(&reject, json!({ "reason": "x" })).await;
    late.expect_problem(409, "wrong_state");
}

/// The top-up is looked up once more, and taken off the desk.
async fn closes(server: &Server, checker: &Officer, id: &str) {
    let path = |verb: &str| format!("/v1/staff/top-ups/{id}/{verb}");
    checker.actor.post(&path("look-up"), json!({})).await.expect(202);
    server.skip(61);
    let code = totp_code(server, &checker.totp_secret);
    let closing = json!({ "reason": "sudah dikreditkan", "totp_code": code });
    let closed = checker.actor.post(&path("close"), closing).await.expect(200);
    assert_eq!(closed["state"], "failed", "{closed}");
    assert_eq!(checker.actor.get("/v1/staff/top-ups").await.expect(200)["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateways_book_shows_what_came_in_for_nobody_and_what_it_cost() {
    for engine in engines() {
        for (xendit, name, fee) in [(true, "xendit", 4_440), (false, "midtrans", 4_000)] {
            let simulator = Running::start(Settings::default()).expect("a simulator");
            let server = server_beside(&simulator, engine, xendit);
            let siti = Household::new(&server).await.0;
            synchronize(&server, &simulator);
            let wish = json!({ "amount_rupiah": 50_000, "channel": "qris" });
            let id = siti.post(PATH, wish).await.text_of("id");
            let (siti, shown) = until(&siti, &simulator, &id, "asked").await;
            let text = shown["qris_text"].as_str().expect("a code");
            assert!(simulator.with_book(|book| book.pay(text, None)));
            until(&siti, &simulator, &id, "paid").await;
            let planted = simulator.with_book(|book| book.plant_payment(name, "by hand", 70_000));

            let checker = Officer::of(&server, "081100000002", "finance_checker", "12.07").await;
            let found = compared_with(&checker.actor, name).await;
            let expected =
                json!({ "matched": 1, "ours_only": 0, "theirs_only": 1, "different_amount": 0 });
            assert_eq!(found["incoming"], expected, "{found}");
            let items = format!("{RECONCILIATIONS}/{}/items", found["id"].as_str().expect("an id"));
            let alone = checker.actor.get(&format!("{items}?outcome=theirs_only")).await;
            let item = alone.expect(200)["data"][0].clone();
            assert_eq!((&item["subject"], &item["direction"]), (&json!(planted), &json!("in")));
            compared_with(&checker.actor, name).await;
            let gateways = checker.actor.get("/v1/staff/gateways").await.expect(200);
            let standing = gateways["data"].as_array().expect("a list");
            let standing = standing.iter().find(|it| it["gateway"] == name).expect("the gateway");
            // Both payments have cost something, and once.
            assert_eq!(standing["fees_rupiah"], 2 * fee, "{standing}");
            assert_eq!(standing["held_rupiah"], 50_000 - 2 * fee, "{standing}");
            let verified = server.tool(&["verify", "--json"]);
            assert!(verified.success, "{}", verified.output);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_only_the_office_fills_a_wallet() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await.0;
        let terms = siti.get("/v1/wallet/top-up-terms").await.expect(200);
        assert_eq!(terms["channels"], json!([]));
        let wish = json!({ "amount_rupiah": 50_000, "channel": "qris" });
        siti.post(PATH, wish).await.expect_problem(409, "channel_unavailable");
    }
}
