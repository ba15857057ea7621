use std::{sync::Arc, time::Duration};

use actix_web::web::{self, ServiceConfig};
use database::Engine;

use crate::testing::*;

fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/do").to(|| async { "done" }));
}

#[actix_web::test]
async fn commands_are_counted_per_account_and_reading_is_not() {
    let home = database(Engine::Sqlite);
    let clock = test_kit::clock();
    let mut kit = kit(home.database());
    kit.ambient = test_kit::ambient(&clock);
    // Three at once, then one every twenty seconds.
    let app = start(kit, routes).await;
    let write = |name: &'static str| app(signed_in(post("/do", ""), name));
    for left in ["r=2", "r=1", "r=0"] {
        let allowed = write("budi").await;
        assert_eq!(
            (allowed.status, allowed.header("ratelimit-policy")),
            (200, "\"writes\";q=3;w=60")
        );
        assert!(allowed.header("ratelimit").contains(left), "{allowed:?}");
    }
    let refused = write("budi").await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    assert_eq!(
        (refused.header("retry-after"), refused.header("ratelimit")),
        ("20", "\"writes\";r=0;t=20")
    );
    assert_eq!(write("sari").await.status, 200);
    assert_eq!(app(signed_in(get("/do"), "budi")).await.status, 200);
    Arc::clone(&clock).advance(Duration::from_secs(20));
    assert_eq!(write("budi").await.status, 200);
}

#[actix_web::test]
async fn strangers_are_counted_by_address() {
    let home = database(Engine::Sqlite);
    let app = start(kit(home.database()), routes).await;
    let write = |peer: &str, forwarded: &'static str| {
        let request = post("/do", "").peer_addr(peer.parse().unwrap());
        app(request.insert_header(("x-forwarded-for", forwarded)))
    };
    for forwarded in ["1.1.1.1", "2.2.2.2", "3.3.3.3"] {
        assert_eq!(write("203.0.113.9:1", forwarded).await.status, 200);
    }
    assert_eq!(write("203.0.113.9:2", "4.4.4.4").await.status, 429);
    assert_eq!(write("203.0.113.10:1", "").await.status, 200);
}
