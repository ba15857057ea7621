//! Many at once: exactly one wins, and the books agree.

use std::sync::Arc;

use serde_json::json;
use stories::{Actor, HOME, Household, Officer, Reply, Server, Trader, count_of, engines};

/// Reports raced for in the ordinary run; `scripts/soak` asks for 2,000.
const REPORTS: usize = 25;
/// Collectors who all want each of them.
const COLLECTORS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_collectors_accepting_at_once_exactly_one_wins() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let mut siti = Household::new(&server).await;
        let mut traders = Vec::new();
        for _ in 0..COLLECTORS {
            traders.push(Trader::ready(&officer, HOME).await);
        }
        for number in 0..count_of("races", REPORTS) {
            // The full count takes longer than an access token lives.
            if number % 100 == 99 {
                siti.0 = siti.0.refreshed().await;
                for trader in &mut traders {
                    trader.actor = trader.actor.refreshed().await;
                }
            }
            let report = siti.submits(small_report()).await;
            let answers = all_at_once(&traders, |trader| {
                let report = report.clone();
                async move { trader.accepts(&report).await }
            })
            .await;
            let won: Vec<&Reply> = answers.iter().filter(|answer| answer.status == 201).collect();
            assert_eq!(won.len(), 1, "{engine:?}");
            for lost in answers.iter().filter(|answer| answer.status != 201) {
                lost.expect_problem(409, "report_already_taken");
            }
            // What was acknowledged is what everybody reads; then the vehicle is free again.
            let pickup = won[0].text_of("id");
            let seen = siti.0.get(&format!("/v1/pickups/{pickup}")).await.expect(200);
            assert_eq!(seen["state"], "assigned");
            let reason = json!({ "reason": "hanya uji" });
            siti.0.post(&format!("/v1/reports/{report}/cancel"), reason).await.expect(200);
        }
        assert!(server.tool(&["verify"]).success);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_from_many_devices_is_one_report() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let devices = vec![siti.0.clone(); 12];
        let answers = all_at_once(&devices, |device: Actor| async move {
            device.post_with_key("/v1/reports", "one-key", Household::report("instant")).await
        })
        .await;
        let mut ids: Vec<String> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| answer.text_of("id"))
            .collect();
        assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 409));
        ids.dedup();
        assert_eq!(ids.len(), 1, "{engine:?}");
        let listed = siti.0.get("/v1/reports").await.expect(200);
        assert_eq!(listed["data"].as_array().expect("a list").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_weigh_in_is_paid_once_from_however_many_phones() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        top_up(&server, &budi.actor, 100_000);
        let pickup = budi.serves(&siti).await;

        let phones = vec![budi.clone(); 12];
        let answers = all_at_once(&phones, |phone: Trader| {
            let pickup = pickup.clone();
            async move { phone.does(&pickup, "payment", json!({ "method": "wallet" })).await }
        })
        .await;
        let paid = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(paid, 1, "{engine:?}");
        for late in answers.iter().filter(|answer| answer.status != 201) {
            let named = late.expect_problem(409, "payment_exists");
            assert!(named["payment_id"].is_string(), "{named}");
        }
        let earned = siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"].clone();
        assert_eq!(earned, 15_250);
        let left = budi.actor.get("/v1/wallet").await.expect(200)["balance_rupiah"].clone();
        assert_eq!(left, 100_000 - 15_250);
        assert!(server.tool(&["verify"]).success);
    }
}

pub(crate) fn top_up(server: &Server, actor: &Actor, amount: i64) {
    let amount = amount.to_string();
    let done = server.tool(&[
        "admin",
        "top-up",
        "--account",
        &actor.account,
        "--amount-rupiah",
        &amount,
        "--maker",
        "bendahara",
        "--reason",
        "setoran tunai",
    ]);
    assert!(done.success, "{}", done.output);
}

fn small_report() -> serde_json::Value {
    let mut report = Household::report("instant");
    report["items"] = json!([{ "material": "KRT-KARDUS-A", "estimated_grams": 500 }]);
    report
}

pub(crate) async fn all_at_once<A, F>(actors: &[A], act: impl Fn(A) -> F) -> Vec<Reply>
where
    A: Clone + Send + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let running: Vec<_> = actors.iter().map(|actor| tokio::spawn(act(actor.clone()))).collect();
    let mut answers = Vec::new();
    for task in running {
        answers.push(task.await.expect("an answer"));
    }
    answers
}
