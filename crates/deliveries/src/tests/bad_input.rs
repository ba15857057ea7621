//! Whatever is wrong with a command, the answer names it, and nothing has moved.

use serde_json::{Value, json};

use super::{
    over_http::{Told, get, over_http, post},
    world::World,
};

/// The first field at fault: where, and how.
fn named(told: &Told) -> (u16, String, String) {
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let error = &told.body["errors"][0];
    (told.status, text(&error["pointer"]), text(&error["code"]))
}

fn refused(pointer: &str, code: &str) -> (u16, String, String) {
    (422, pointer.to_owned(), code.to_owned())
}

fn line(material: &str, grams: Value) -> Value {
    json!({ "material": material, "grams": grams })
}

async fn nothing_moved(world: &World, budi: primitives::CollectorId, events: usize) {
    let carried = get(world, budi, "/v1/collectors/me/carried").await;
    assert_eq!(carried.body["total_grams"], 6_000);
    assert_eq!(world.kinds().len(), events);
}

#[test]
fn announcements() {
    let cardboard = "KRT-KARDUS-A";
    let table = [
        (json!([]), "/lines", "delivery_empty"),
        (vec![line(cardboard, json!(1)); 101].into(), "/lines", "delivery_too_long"),
        (json!([line(cardboard, json!(0))]), "/lines/0/grams", "load_out_of_range"),
        (json!([line(cardboard, json!(5_000_001))]), "/lines/0/grams", "load_out_of_range"),
        (json!([line(cardboard, json!(-1))]), "/lines/0/grams", "weight_out_of_range"),
        (json!([line(cardboard, json!(1.5))]), "/lines/0/grams", "wrong_type"),
        (json!([line(cardboard, json!("12"))]), "/lines/0/grams", "wrong_type"),
        (json!([line("EMAS", json!(1))]), "/lines/0/material", "material_unknown"),
        (json!([line("kardus;", json!(1))]), "/lines/0/material", "material_code_malformed"),
        (
            json!([line(cardboard, json!(1)), line(cardboard, json!(1))]),
            "/lines/1/material",
            "material_doubled",
        ),
        (json!([{ "material": cardboard }]), "/lines/0/grams", "required"),
        (json!([{ "material": cardboard, "pieces": 3 }]), "/lines/0/pieces", "unknown_member"),
    ];
    over_http(async |world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(cardboard, 6_000)]);
        for (number, (lines, pointer, code)) in table.iter().enumerate() {
            let new = json!({ "facility_id": induk, "lines": lines });
            let told = post(world, budi, &format!("k{number}"), "/v1/deliveries", new).await;
            assert_eq!(named(&told), refused(pointer, code), "{lines}");
        }
        let whole = json!([line(cardboard, json!(1))]);
        for (facility, code) in [
            (json!("col_x"), "id_malformed"),
            (json!(7), "wrong_type"),
            (json!(budi), "facility_own"),
            (json!("col_01h455vb4pex5vsknk084sn02q"), "facility_unknown"),
        ] {
            let new = json!({ "facility_id": facility, "lines": whole });
            let told = post(world, budi, &facility.to_string(), "/v1/deliveries", new).await;
            assert_eq!(named(&told), refused("/facility_id", code), "{facility}");
        }
        let more = json!({ "facility_id": induk, "lines": [line(cardboard, json!(6_001))] });
        let told = post(world, budi, "more", "/v1/deliveries", more).await;
        assert_eq!(
            (told.code(), told.body["material"].as_str()),
            ((409, "carried_insufficient"), Some(cardboard))
        );
        nothing_moved(world, budi, 0).await;
    });
}

#[test]
fn receipts_and_refusals() {
    let cardboard = "KRT-KARDUS-A";
    let table = [
        (json!({ "lines": [] }), "/lines", "material_missing"),
        (
            json!({ "lines": [line(cardboard, json!(6_501))] }),
            "/lines/0/grams",
            "received_too_much",
        ),
        (json!({ "lines": [line(cardboard, json!(-1))] }), "/lines/0/grams", "weight_out_of_range"),
        (
            json!({ "lines": [line("LGM-BESI", json!(1)), line(cardboard, json!(1))] }),
            "/lines/0/material",
            "material_not_announced",
        ),
        (
            json!({ "lines": vec![line(cardboard, json!(1)); 101] }),
            "/lines/1/material",
            "material_doubled",
        ),
        (
            json!({ "lines": [line(cardboard, json!(1))], "scale_id": " " }),
            "/scale_id",
            "scale_name_malformed",
        ),
        (json!({ "lines": 7 }), "/lines", "wrong_type"),
        (json!({ "lines": [], "journal": "x" }), "/journal", "unknown_member"),
    ];
    over_http(async |world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(cardboard, 6_000)]);
        let id = world.announce(budi, induk, &[(cardboard, 6_000)]).unwrap().id;
        let path = |verb: &str| format!("/v1/deliveries/{id}/{verb}");
        for (number, (body, pointer, code)) in table.iter().enumerate() {
            let key = format!("k{number}");
            let told = post(world, induk, &key, &path("receive"), body.clone()).await;
            assert_eq!(named(&told), refused(pointer, code), "{body}");
        }
        for reason in [json!("x"), json!("x".repeat(201)), json!("basah\u{7}")] {
            let key = reason.to_string().chars().take(40).collect::<String>();
            let told = post(world, induk, &key, &path("refuse"), json!({ "reason": reason })).await;
            assert_eq!(named(&told), refused("/reason", "refusal_reason_malformed"));
        }
        let absent = "/v1/deliveries/dlv_01h455vb4pex5vsknk084sn02q/receive";
        let whole = json!({ "lines": [line(cardboard, json!(1))] });
        let told = post(world, induk, "absent", absent, whole).await;
        assert_eq!(told.code(), (404, "not_found"));
        nothing_moved(world, budi, 1).await;
    });
}

#[test]
fn queries() {
    over_http(async |world| {
        let budi = world.collector();
        for (query, pointer) in [
            ("role=officer", "?role"),
            ("state=lost", "?state"),
            ("limit=0", "?limit"),
            ("cursor=tidak", "?cursor"),
            ("sort=id", "?sort"),
        ] {
            let told = get(world, budi, &format!("/v1/deliveries?{query}")).await;
            assert_eq!((told.status, named(&told).1.as_str()), (422, pointer), "{query}");
        }
        for (query, pointer) in [
            ("region=12.7&from=2026-03-01&to=2026-03-31", "?region"),
            ("region=12.07&from=kemarin&to=2026-03-31", "?from"),
            ("region=12.07&from=2026-03-01&to=2026-02-30", "?to"),
            ("region=12.07&from=2026-03-02&to=2026-03-01", "?to"),
            ("region=12.07&from=2026-03-02", "?to"),
        ] {
            let path = format!("/v1/staff/deliveries/differences?{query}");
            let told = get(world, "officer 12.07", &path).await;
            assert_eq!((told.status, named(&told).1.as_str()), (422, pointer), "{query}");
        }
    });
}
