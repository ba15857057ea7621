//! The collector's day: several accepted jobs become one route.

use std::sync::Arc;

use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Server, Trader, engines, in_kabupaten};

const ROUTE: &str = "/v1/collectors/me/route";
/// North of the base, one behind the other, but asked for in another order.
const HOMES: [(f64, f64); 3] = [(3.5941, 98.8812), (3.5641, 98.8812), (3.5841, 98.8812)];

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_led_to_all_his_jobs_and_home_again() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (budi, joko) =
            (Trader::ready(&officer, HOME).await, Trader::ready(&officer, HOME).await);
        let mut pickups = Vec::new();
        for home in HOMES {
            let siti = Household::new(&server).await;
            let mut report = Household::report("instant");
            report["location"] = in_kabupaten(home);
            let accepted = budi.accepts(&siti.submits(report).await).await;
            accepted.expect(201);
            pickups.push(accepted.text_of("id"));
        }

        let route = budi.actor.get(ROUTE).await.expect(200);
        assert_eq!(kinds(&route), ["pickup", "pickup", "pickup", "unload"], "{route}");
        assert_eq!((&route["origin"], &route["gap"]), (&json!("base"), &json!(0.0)), "{route}");
        assert_eq!(route["cost_seconds"], route["bound_seconds"]);
        let stops = route["stops"].as_array().expect("stops");
        let loads: Vec<i64> =
            stops.iter().filter_map(|stop| stop["load_milliliters"].as_i64()).collect();
        assert!(0 < loads[0] && loads[0] < loads[1] && loads[1] < loads[2], "{route}");
        assert_eq!(loads[3], 0);
        assert!(stops.is_sorted_by_key(|stop| stop["arrival_at"].to_string()), "{route}");
        assert!(stops.iter().all(|stop| stop["late"] == false), "{route}");

        // He sets out for the farthest: it comes first, and no job is lost.
        budi.does(&pickups[0], "depart", json!({})).await.expect(200);
        let underway = budi.actor.get(ROUTE).await.expect(200);
        assert_eq!(underway["stops"][0]["pickup_id"], json!(pickups[0]), "{underway}");
        let mut planned = pickups_of(&underway);
        planned.sort();
        pickups.sort();
        assert_eq!(planned, pickups);

        let idle = joko.actor.get(ROUTE).await.expect(200);
        assert_eq!((&idle["stops"], &idle["cost_seconds"]), (&json!([]), &json!(0)), "{idle}");
        let siti = Household::new(&server).await;
        siti.0.get(ROUTE).await.expect_problem(403, "collector_profile_required");
    }
}

fn kinds(route: &Value) -> Vec<&str> {
    let stops = route["stops"].as_array().expect("stops");
    stops.iter().filter_map(|stop| stop["kind"].as_str()).collect()
}

fn pickups_of(route: &Value) -> Vec<String> {
    let stops = route["stops"].as_array().expect("stops");
    stops.iter().filter_map(|stop| Some(stop["pickup_id"].as_str()?.to_owned())).collect()
}
