//! The goods' way to its end: from a household's door over the collector's yard onto a facility's scale.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Server, Trader, engines};

/// Three days and a moment.
const PATIENCE: u64 = 3 * 24 * 3_600 + 1;

/// A main waste bank that staff have verified.
async fn waste_bank(officer: &Officer) -> Trader {
    let bank = Trader::of_kind(&officer.actor.server, "bank_sampah_induk", HOME).await;
    bank.verified_by(officer).await;
    bank
}

/// A report that was fetched, weighed (5.5 kg of cardboard and 10 bottles) and paid in cash.
async fn fetched_and_paid(siti: &Household, budi: &Trader) {
    let pickup = budi.serves(siti).await;
    let payment = budi.does(&pickup, "payment", json!({ "method": "cash" })).await;
    let path = format!("/v1/payments/{}/confirm", payment.text_of("id"));
    siti.0.post(&path, json!({})).await.expect(200);
}

async fn carried(budi: &Trader) -> Value {
    budi.actor.get("/v1/collectors/me/carried").await.expect(200)
}

/// The grams of one material, by the last link of the account of that name.
fn stands_at(server: &Server, account: &str, grams: i64) -> bool {
    server.count(&format!(
        "ledger_account JOIN posting ON posting.account = ledger_account.id
         WHERE name = '{account}' AND balance_after = {grams} AND version =
            (SELECT MAX(version) FROM posting AS link WHERE link.account = ledger_account.id)"
    )) == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn every_gram_from_the_door_is_received_or_known_to_be_lost() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let induk = waste_bank(&officer).await;
        assert_eq!(carried(&budi).await["total_grams"], 0);
        fetched_and_paid(&siti, &budi).await;
        let goods = carried(&budi).await;
        assert_eq!(goods["materials"][1], json!({ "material": "KRT-KARDUS-A", "grams": 5_500 }));
        let total = goods["total_grams"].as_i64().expect("a weight");

        // He brings all of it, the bottles by weight; half a kilogram of cardboard does not arrive.
        let new = json!({ "facility_id": induk.id, "lines": goods["materials"] });
        let announced = budi.actor.post("/v1/deliveries", new.clone()).await;
        announced.expect(201);
        let path = format!("/v1/deliveries/{}", announced.text_of("id"));
        budi.actor.post("/v1/deliveries", new).await.expect_problem(409, "delivery_under_way");
        let mut lines = goods["materials"].clone();
        lines[1]["grams"] = json!(5_000);
        let receipt = json!({ "lines": lines, "scale_id": "TIMBANGAN-LANTAI" });
        let receive = format!("{path}/receive");
        budi.actor
            .post(&receive, receipt.clone())
            .await
            .expect_problem(403, "other_sides_delivery");
        let stranger = Trader::ready(&officer, HOME).await;
        stranger.actor.get(&path).await.expect_problem(404, "not_found");
        let received = induk.actor.post(&receive, receipt.clone()).await.expect(200);
        assert_eq!(received["lines"][1]["difference_grams"], 500, "{received}");
        // Another key is the same receipt.
        assert_eq!(induk.actor.post(&receive, receipt).await.expect(200), received);
        assert_eq!(carried(&budi).await, json!({ "total_grams": 0, "materials": [] }));

        let household = format!("household:{}:KRT-KARDUS-A", siti.0.account);
        assert!(stands_at(&server, &household, -5_500));
        assert!(stands_at(&server, &format!("carried:{}:KRT-KARDUS-A", budi.id), 0));
        assert!(stands_at(&server, &format!("received:{}:KRT-KARDUS-A", induk.id), 5_000));
        assert!(stands_at(&server, &format!("loss:{}:KRT-KARDUS-A", induk.id), 500));

        let today = &server.moment_at(7 * 3_600)[..10];
        let query = format!("region=12.07&from={today}&to={today}");
        let seen = officer.actor.get(&format!("/v1/staff/deliveries/differences?{query}")).await;
        let seen = seen.expect(200);
        let row = seen["data"].as_array().expect("rows").iter();
        let row = row.clone().find(|row| row["collector_id"] == json!(budi.id)).expect("his row");
        assert_eq!(
            (&row["carried_grams"], &row["delivered_grams"], &row["difference_grams"]),
            (&json!(0), &json!(total), &json!(500))
        );
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
        assert!(verified.output.contains("\"received\":1"), "{}", verified.output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_receives_expires_and_stays_with_the_collector() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        let induk = waste_bank(&officer).await;
        fetched_and_paid(&siti, &budi).await;
        let goods = carried(&budi).await;
        let new = json!({ "facility_id": induk.id, "lines": goods["materials"] });
        let announced = budi.actor.post("/v1/deliveries", new.clone()).await;
        announced.expect(201);
        let path = format!("/v1/deliveries/{}", announced.text_of("id"));
        server.skip(PATIENCE);
        let budi = Trader { actor: budi.actor.refreshed().await, id: budi.id };
        let expiring = async {
            while budi.actor.get(&path).await.expect(200)["state"] != "expired" {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), expiring).await.expect("the worker ends it");
        assert_eq!(carried(&budi).await, goods);
        // And may be brought again, and withdrawn.
        let again = budi.actor.post("/v1/deliveries", new).await;
        again.expect(201);
        let withdraw = format!("/v1/deliveries/{}/withdraw", again.text_of("id"));
        assert_eq!(budi.actor.post(&withdraw, json!({})).await.expect(200)["state"], "withdrawn");
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}
