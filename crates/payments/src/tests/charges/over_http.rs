//! The contract as phones meet it.

use serde_json::json;

use super::{AMOUNT, Counter, known};
use crate::tests::over_http::{get, over_http, post};

const PATH: &str = "/v1/wallet/top-ups";

fn wish() -> serde_json::Value {
    json!({ "amount_rupiah": AMOUNT, "channel": "bca" })
}

#[test]
fn from_the_terms_to_the_money() {
    over_http(async |world| {
        let counter = Counter::of(world);
        let siti = world.person(1);
        let token = siti.to_string();
        let terms = get(world, &token, "/v1/wallet/top-up-terms").await;
        assert_eq!(terms.status, 200);
        let qris = json!({
            "channel": "qris", "minimum_rupiah": 10_000, "maximum_rupiah": 10_000_000,
            "payable_seconds": 1_800,
        });
        assert_eq!(terms.body["channels"][0], qris);
        let asked = post(world, &token, "one", PATH, wish()).await;
        assert_eq!((asked.status, &asked.body["state"]), (202, &json!("created")));
        let again = post(world, &token, "one", PATH, wish()).await;
        assert_eq!((again.replayed, &again.body), (true, &asked.body));
        let other_key = post(world, &token, "two", PATH, wish()).await;
        assert_eq!(other_key.code(), (409, "top_up_under_way"));
        assert_eq!(other_key.body["top_up_id"], asked.body["id"]);

        let id = asked.body["id"].as_str().unwrap();
        let charge = counter.write(move |charges, conn| charges.page_owned_in(conn, siti, None, 1));
        let charge = charge.unwrap().remove(0);
        counter.step(&charge, known(&charge, &[]));
        let path = format!("{PATH}/{id}");
        let seen = get(world, &token, &path).await;
        assert_eq!((&seen.body["state"], seen.etag.as_str()), (&json!("asked"), "\"3\""));
        assert_eq!(seen.body["virtual_account_number"], "8808123456");
        assert_eq!(seen.body["qris_text"], json!(null));
        counter.minutes(10);
        counter.step(&charge, known(&charge, &[("py", AMOUNT)]));
        let paid = get(world, &token, &path).await;
        assert_eq!(paid.body["state"], "paid");
        let wallet = get(world, &token, "/v1/wallet").await;
        assert_eq!(wallet.body["balance_rupiah"], AMOUNT);
        let entries = get(world, &token, "/v1/wallet/entries").await;
        assert_eq!(entries.body["data"][0]["journal_id"], paid.body["journal_id"]);
        let stranger = world.person(2).to_string();
        assert_eq!(get(world, &stranger, &path).await.code(), (404, "not_found"));
    });
}

#[test]
fn a_list_goes_page_by_page() {
    over_http(async |world| {
        let counter = Counter::of(world);
        let siti = world.person(1);
        for channel in crate::PayInChannel::ALL {
            counter.ask(siti, AMOUNT, channel).unwrap();
            counter.minutes(1);
        }
        let token = siti.to_string();
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        for _ in 0..3 {
            let page = get(world, &token, &format!("{PATH}?limit=2{cursor}")).await;
            seen.extend(page.body["data"].as_array().unwrap().clone());
            let next = page.body["next_cursor"].as_str();
            cursor = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
        }
        assert_eq!((seen.len(), cursor.as_str()), (6, ""));
        assert_eq!(seen[0]["channel"], "permata");
        let stranger = get(world, &world.person(2).to_string(), PATH).await;
        assert_eq!(stranger.body, json!({ "data": [], "next_cursor": null }));
    });
}

#[test]
fn bad_input_asks_for_nothing() {
    over_http(async |world| {
        let siti = world.person(1).to_string();
        let wrong = [
            ("amount_rupiah", json!(50_000.5)),
            ("amount_rupiah", json!(5e4)),
            ("amount_rupiah", json!("50000")),
            ("amount_rupiah", json!(-50_000)),
            ("amount_rupiah", json!(9_999)),
            ("amount_rupiah", json!(50_000_001)),
            ("channel", json!("dana")),
            ("channel", json!("BCA")),
            ("more", json!(1)),
        ];
        for (number, (member, value)) in wrong.into_iter().enumerate() {
            let mut body = wish();
            body[member] = value;
            let refused = post(world, &siti, &number.to_string(), PATH, body).await;
            assert_eq!(refused.code(), (422, "invalid_fields"), "{member}: {}", refused.body);
        }
        assert_eq!(get(world, &siti, PATH).await.body["data"], json!([]));
    });
}

#[test]
fn staff_see_what_waits_for_a_person() {
    over_http(async |world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        counter.step(&charge, known(&charge, &[("less", 20_000)]));
        let path = "/v1/staff/top-ups";
        let (siti, maker) = (charge.account.to_string(), format!("{}.m", charge.account));
        for token in [siti, maker] {
            let refused = get(world, &token, path).await;
            assert_eq!(refused.code(), (403, "staff_role_required"));
        }
        let checker = format!("{}.k", world.person(2));
        let listed = get(world, &checker, path).await;
        let [one] = &listed.body["data"].as_array().unwrap()[..] else { panic!("one") };
        assert_eq!(one["suspended"][0]["amount_rupiah"], 20_000);
        assert_eq!((&one["amount_rupiah"], &one["gateway"]), (&json!(AMOUNT), &json!("xendit")));
    });
}

#[test]
fn what_waits_in_suspense_goes_page_by_page() {
    over_http(async |world| {
        let counter = Counter::of(world);
        for number in 1..=3 {
            let charge = counter.asked(number);
            counter.step(&charge, known(&charge, &[("less", 20_000)]));
        }
        counter.minutes(60);
        let path = "/v1/staff/suspended-payments";
        let maker = format!("{}.m", world.person(9));
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        for _ in 0..2 {
            let page = get(world, &maker, &format!("{path}?limit=2{cursor}")).await;
            seen.extend(page.body["data"].as_array().unwrap().clone());
            let next = page.body["next_cursor"].as_str();
            cursor = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
        }
        assert_eq!((seen.len(), cursor.as_str()), (3, ""));
        let shown = [&seen[0]["age_seconds"], &seen[0]["open"], &seen[0]["amount_rupiah"]];
        assert_eq!(shown, [&json!(3_600), &json!(true), &json!(20_000)]);
        let settled = get(world, &maker, &format!("{path}?state=settled")).await;
        assert_eq!(settled.body, json!({ "data": [], "next_cursor": null }));
        let siti = world.person(1).to_string();
        assert_eq!(get(world, &siti, path).await.code(), (403, "staff_role_required"));
    });
}

#[test]
fn staff_have_a_top_up_looked_up() {
    over_http(async |world| {
        let counter = Counter::of(world);
        let charge = counter.asked(1);
        counter.step(&charge, known(&charge, &[("less", 20_000)]));
        let path = format!("/v1/staff/top-ups/{}/look-up", charge.id);
        let checker = format!("{}.k", world.person(2));
        let asked = post(world, &checker, "one", &path, json!({})).await;
        assert_eq!((asked.status, &asked.body["id"]), (202, &json!(charge.id)));
        assert!(counter.claim(&charge).is_some(), "it is due");
        let maker = format!("{}.m", world.person(3));
        let refused = post(world, &maker, "two", &path, json!({})).await;
        assert_eq!(refused.code(), (403, "staff_role_required"));
    });
}
