//! The contract as phones meet it.

use serde_json::json;

use super::{FEE, Office, known};
use crate::{
    PayoutStatus,
    tests::over_http::{get, over_http, post},
};

const PATH: &str = "/v1/wallet/withdrawals";

#[test]
fn from_the_terms_to_the_money() {
    over_http(async |world| {
        let office = Office::of(world);
        let siti = office.saver(1, 100_000);
        let token = siti.to_string();
        let terms = get(world, &token, "/v1/wallet/withdrawal-terms").await;
        assert_eq!((terms.status, &terms.body["minimum_rupiah"]), (200, &json!(20_000)));
        assert_eq!(terms.body["remaining_today_rupiah"], 5_000_000);
        assert_eq!(terms.body["channels"][0], json!({"channel": "bca", "fee_rupiah": FEE}));
        let body = json!({
            "amount_rupiah": 50_000, "channel": "bca",
            "account_number": "123-456-7890", "account_holder": "Siti",
        });
        let asked = post(world, &token, "one", PATH, body.clone()).await;
        assert_eq!((asked.status, &asked.body["state"]), (202, &json!("created")));
        assert_eq!(asked.body["account_number"], "••••••7890");
        let again = post(world, &token, "one", PATH, body.clone()).await;
        assert_eq!((again.replayed, &again.body), (true, &asked.body));
        let other_key = post(world, &token, "two", PATH, body.clone()).await;
        assert_eq!(other_key.code(), (409, "withdrawal_under_way"));
        assert_eq!(other_key.body["withdrawal_id"], asked.body["id"]);
        assert_eq!(world.wallet(siti), 100_000 - 50_000 - FEE);
        let path = format!("{PATH}/{}", asked.body["id"].as_str().unwrap());
        let seen = get(world, &token, &path).await;
        assert_eq!((&seen.body, seen.etag.as_str()), (&asked.body, "\"1\""));
        let stranger = world.person(2).to_string();
        assert_eq!(get(world, &stranger, &path).await.code(), (404, "not_found"));
        let empty = get(world, &stranger, PATH).await;
        assert_eq!(empty.body, json!({"data": [], "next_cursor": null}));
        let listed = get(world, &token, PATH).await;
        assert_eq!(listed.body["data"], json!([asked.body]));
    });
}

#[test]
fn a_list_goes_page_by_page() {
    over_http(async |world| {
        let office = Office::of(world);
        let siti = office.saver(1, 200_000);
        for _ in 0..2 {
            let asked = office.withdraw(siti, 20_000).unwrap();
            office.step(&asked, known(&asked, PayoutStatus::Succeeded));
        }
        let first = get(world, &siti.to_string(), &format!("{PATH}?limit=1")).await;
        let cursor = first.body["next_cursor"].as_str().unwrap();
        let second = format!("{PATH}?limit=1&cursor={cursor}");
        let second = get(world, &siti.to_string(), &second).await;
        assert_ne!(first.body["data"][0]["id"], second.body["data"][0]["id"]);
        assert_eq!(second.body["next_cursor"], json!(null));
        assert_eq!(second.body["data"][0]["state"], "succeeded");
    });
}

#[test]
fn bad_input_moves_nothing() {
    over_http(async |world| {
        let office = Office::of(world);
        let siti = office.saver(1, 100_000);
        let good = json!({
            "amount_rupiah": 50_000, "channel": "bca",
            "account_number": "1234567890", "account_holder": "Siti",
        });
        let wrong = [
            ("amount_rupiah", json!(50_000.5)),
            ("amount_rupiah", json!(5e4)),
            ("amount_rupiah", json!("50000")),
            ("amount_rupiah", json!(-50_000)),
            ("amount_rupiah", json!(0)),
            ("amount_rupiah", json!(5_000_001)),
            ("channel", json!("bank_of_nowhere")),
            ("account_number", json!("12345")),
            ("account_number", json!("=1234567890")),
            ("account_holder", json!("")),
            ("account_holder", json!("Si\u{7}ti")),
            ("more", json!(1)),
        ];
        for (number, (member, value)) in wrong.into_iter().enumerate() {
            let mut body = good.clone();
            body[member] = value;
            let refused = post(world, &siti.to_string(), &number.to_string(), PATH, body).await;
            assert_eq!(refused.code(), (422, "invalid_fields"), "{member}: {}", refused.body);
        }
        let mut body = good.clone();
        body["amount_rupiah"] = json!(100_000);
        let more = post(world, &siti.to_string(), "more", PATH, body).await;
        assert_eq!(more.code(), (409, "balance_insufficient"));
        assert_eq!(world.wallet(siti), 100_000);
        world.verify().unwrap();
    });
}
