//! Notifications that no gateway sent, and what they achieve: nothing.

use actix_web::test::TestRequest;
use data_encoding::HEXLOWER;
use gateway_simulator::{Chaos, Settings};
use primitives::{AccountId, Ambient};
use serde_json::json;
use sha2::{Digest as _, Sha512};

use super::{Trial, adapter, block_on};
use crate::{
    Forged, GatewayName, Inbox, Notice, Subject,
    tests::{
        over_http::{over_http, send},
        world::{World, on_each_engine},
    },
};

const FORGERIES: usize = 100_000;

fn signed(body: &[u8], key: &str) -> String {
    HEXLOWER.encode(&Sha512::new_with_prefix(body).chain_update(key).finalize())
}

/// Flips one bit.
fn flipped(ambient: &Ambient, bytes: &[u8]) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    let place = ambient.below(u32::try_from(bytes.len() * 8).unwrap()) as usize;
    flipped[place / 8] ^= 1 << (place % 8);
    flipped
}

#[test]
fn no_flipped_bit_gets_past_a_signature() {
    let ambient = test_kit::ambient(&test_kit::clock());
    let midtrans = adapter(GatewayName::Midtrans, "http://127.0.0.1:9");
    let key = Settings::default().iris_merchant_key;
    let body = br#"{"reference_no":"m00000001","amount":"50000.00","status":"completed"}"#;
    let signature = signed(body, &key);
    let check = |body: &[u8], signature: &str| {
        midtrans.verify_notification(&Notice {
            callback_token: None,
            signature: Some(signature),
            body,
        })
    };
    let genuine = Subject::Reference("m00000001".to_owned());
    assert_eq!(check(body, &signature), Ok(genuine));
    for number in 0..FORGERIES {
        let refused = match number % 4 {
            0 => check(&flipped(&ambient, body), &signature),
            1 => {
                let other = flipped(&ambient, signature.as_bytes());
                let Ok(other) = String::from_utf8(other) else { continue };
                check(body, &other)
            }
            2 => check(body, &signed(body, &format!("wrong-{number}"))),
            _ => check(body, &signature[..number % signature.len()]),
        };
        assert_eq!(refused, Err(Forged), "{number}");
    }
    assert_eq!(check(body, ""), Err(Forged));
    assert_eq!(check(body, &signature.to_uppercase()), Err(Forged));
}

#[test]
fn no_flipped_bit_gets_past_a_token() {
    let ambient = test_kit::ambient(&test_kit::clock());
    let xendit = adapter(GatewayName::Xendit, "http://127.0.0.1:9");
    let token = Settings::default().xendit_callback_token;
    let check = |token: Option<&str>| {
        let notice = Notice { callback_token: token, signature: None, body: b"{}" };
        xendit.verify_notification(&notice)
    };
    assert_eq!(check(Some(&token)), Ok(Subject::Something));
    for number in 0..FORGERIES / 10 {
        let other = match number % 2 {
            0 => flipped(&ambient, token.as_bytes()),
            _ => token.as_bytes()[..number % token.len()].to_vec(),
        };
        let Ok(other) = String::from_utf8(other) else { continue };
        assert_eq!(check(Some(&other)), Err(Forged), "{number}");
    }
    assert_eq!(check(None), Err(Forged));
    assert_eq!(check(Some(&format!("{token} "))), Err(Forged));
}

/// A withdrawal that the gateway has taken on, and where its row stands.
fn under_way(world: &World) -> (Trial, crate::Withdrawal, AccountId) {
    let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
    let saver = trial.office.saver(1, 100_000);
    let asked = trial.asked(saver);
    block_on(async { trial.dispatcher().step(10).await.unwrap() });
    let pending = trial.office.find(&asked);
    (trial, pending, saver)
}

#[test]
fn lies_under_the_right_token_move_nothing() {
    on_each_engine(|world| {
        let (trial, pending, saver) = under_way(world);
        let token = Settings::default().xendit_callback_token;
        let lie = |body: String| gateway_simulator::Notification {
            gateway: "xendit",
            header: "x-callback-token",
            value: token.clone(),
            body,
        };
        let id = pending.id;
        for status in ["SUCCEEDED", "FAILED", "REVERSED", "nonsense"] {
            let data = json!({ "reference_id": id, "status": status, "amount": 1 });
            assert!(trial.deliver(&lie(json!({ "event": "x", "data": data }).to_string())));
        }
        let twice = format!(r#"{{"data":{{"reference_id":"{id}","reference_id":"wdr_x"}}}}"#);
        for body in [twice, "[]".to_owned(), String::new(), "{\"data\":{}}".to_owned()] {
            assert!(trial.deliver(&lie(body)));
        }
        let balance = world.wallet(saver);
        block_on(async { trial.dispatcher().step(10).await.unwrap() });
        let found = trial.office.find(&pending);
        // It was looked at, and the gateway itself said that nothing had happened yet.
        assert_eq!((found.state.name(), world.wallet(saver)), (pending.state.name(), balance));
        world.verify().unwrap();
    });
}

#[test]
fn over_http_a_forgery_is_refused_and_leaves_no_trace() {
    over_http(async |world| {
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        let inbox: Inbox = trial.inbox();
        let paths = ["xendit", "midtrans", "12.07", "Xendit"];
        for (number, path) in paths.iter().cycle().take(100).enumerate() {
            let uri = format!("/v1/gateways/{path}/notifications");
            let request = TestRequest::post()
                .uri(&uri)
                .insert_header(("x-callback-token", format!("token-{number}")))
                .set_payload(format!("{{\"n\":{number}}}"));
            let told = send(world, "", request).await;
            let refused = [(401, "notification_unverified"), (404, "not_found")];
            assert!(refused.contains(&told.code()), "{path}: {}", told.body);
        }
        let genuine =
            Notice { callback_token: Some("simulated-token"), signature: None, body: b"\xff\xfe" };
        assert!(inbox.verify(GatewayName::Xendit, &genuine).is_err(), "no text");
        assert!(inbox.verify(GatewayName::Midtrans, &genuine).is_err(), "not configured");
        let kept = test_kit::raw_connection(&world.database)
            .run_script("DELETE FROM gateway_notification WHERE id = 'nothing'");
        kept.unwrap();
    });
}
