use collectors::CollectorKind;
use serde_json::{Value, json};

use super::{
    over_http::{get, over_http},
    world::{ELSEWHERE, PAKAM, World},
};

const CARDBOARD: &str = "KRT-KARDUS-A";

async fn differences(world: &World, granted: &str, region: &str, limit: u8) -> Vec<Value> {
    let officer = format!("officer {granted}");
    let query = format!("region={region}&from=2026-03-02&to=2026-03-02&limit={limit}");
    let first = format!("/v1/staff/deliveries/differences?{query}");
    let (mut rows, mut path) = (Vec::new(), first.clone());
    loop {
        let page = get(world, &officer, &path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        rows.extend(page.body["data"].as_array().unwrap().clone());
        let Some(cursor) = page.body["next_cursor"].as_str() else { return rows };
        path = format!("{first}&cursor={cursor}");
    }
}

fn of<'a>(rows: &'a [Value], collector: &str) -> &'a Value {
    rows.iter().find(|row| row["collector_id"] == collector).unwrap_or(&Value::Null)
}

#[test]
fn staff_see_what_did_not_arrive_by_collector_and_day() {
    over_http(async |world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 9_000), ("LGM-BESI", 2_000)]);
        for (brought, arrived) in [(4_000, 3_500), (2_000, 2_000)] {
            let goods = [(CARDBOARD, brought), ("LGM-BESI", 500)];
            let id = world.announce(budi, induk, &goods).unwrap().id;
            world.receive(induk, id, &[(CARDBOARD, arrived), ("LGM-BESI", 500)]).unwrap();
        }
        // Tomorrow's receipt is not today's, by the clock of the region.
        let id = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
        world.pass(16);
        world.receive(induk, id, &[(CARDBOARD, 0)]).unwrap();
        let rows = differences(world, "12.07", "12.07", 1).await;
        let expected = json!({
            "collector_id": budi, "name": "UD Maju", "kind": "pengepul",
            "carried_grams": 3_000, "deliveries": 2, "delivered_grams": 7_000,
            "received_grams": 6_500, "difference_grams": 500, "difference_permille": 71,
        });
        assert_eq!(of(&rows, &budi.to_string()), &expected);
        let facility = of(&rows, &induk.to_string());
        assert_eq!(
            (&facility["deliveries"], &facility["difference_permille"]),
            (&json!(0), &Value::Null)
        );
        assert_eq!(rows.len(), 2);
    });
}

#[test]
fn staff_see_their_own_regions_only() {
    over_http(async |world| {
        let here = world.of_kind(CollectorKind::Pengepul, PAKAM).to_string();
        let there = world.of_kind(CollectorKind::Pengepul, ELSEWHERE).to_string();
        let all = differences(world, "12.07", "12.07", 20).await;
        assert!(!of(&all, &here).is_null() && !of(&all, &there).is_null());
        for granted in ["12.07", "12.07.28"] {
            let part = differences(world, granted, "12.07.28", 20).await;
            assert!(!of(&part, &here).is_null() && of(&part, &there).is_null());
        }
        for (granted, region) in
            [("12.07.28", "12.07"), ("12.07.28", "12.07.26"), ("12.07", "12.71"), ("12", "99")]
        {
            let query = format!("region={region}&from=2026-03-02&to=2026-03-02");
            let path = format!("/v1/staff/deliveries/differences?{query}");
            let told = get(world, format!("officer {granted}"), &path).await;
            assert_eq!(told.code(), (404, "not_found"), "{granted} {region}");
        }
        let collector = world.collector();
        let path = "/v1/staff/deliveries/differences?region=12.07&from=2026-03-02&to=2026-03-02";
        let told = get(world, collector, path).await;
        assert_eq!(told.code(), (403, "staff_role_required"));
    });
}
