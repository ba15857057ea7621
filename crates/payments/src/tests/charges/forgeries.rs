//! Notifications about incoming payments that no gateway sent, or that lie; and what they achieve: nothing.

use data_encoding::HEXLOWER;
use gateway_simulator::{Chaos, Notification, Settings};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use super::AMOUNT;
use crate::{
    ChargeStateName as Name, Deadlines, Endpoint, Forged, Gateway as _, GatewayName, Midtrans,
    MidtransKeys, Notice, PayInChannel, Subject,
    tests::{
        gateways::{Trial, adapter, block_on},
        world::on_each_engine,
    },
};

const FORGERIES: u32 = 40_000;
const ORDER: &str = "top_01h455vb4pex5vsknk084sn02q";

fn signed(order: &str, status_code: &str, gross_amount: &str, key: &str) -> Value {
    let digest = Sha512::digest(format!("{order}{status_code}{gross_amount}{key}"));
    json!({
        "order_id": order, "status_code": status_code, "gross_amount": gross_amount,
        "signature_key": HEXLOWER.encode(&digest), "transaction_status": "settlement",
    })
}

#[test]
fn no_flipped_bit_changes_whom_a_body_is_about() {
    let ambient = test_kit::ambient(&test_kit::clock());
    let midtrans = adapter(GatewayName::Midtrans, "http://127.0.0.1:9");
    let check = |body: &[u8]| {
        midtrans.verify_notification(&Notice { callback_token: None, signature: None, body })
    };
    let key = Settings::default().midtrans_server_key;
    let body = signed(ORDER, "200", "50000.00", &key).to_string();
    let genuine = check(body.as_bytes()).unwrap();
    assert!(matches!(genuine, Subject::TopUp(_)));
    let bits = u32::try_from(body.len() * 8).unwrap();
    let mut refused = 0;
    for number in 0..FORGERIES {
        let place = if number < bits { number } else { ambient.below(bits) } as usize;
        let mut flipped = body.clone().into_bytes();
        flipped[place / 8] ^= 1 << (place % 8);
        match check(&flipped) {
            Err(Forged) => refused += 1,
            // The signature does not cover the rest; nobody believes it either.
            Ok(subject) => assert_eq!(subject, genuine, "{place}"),
        }
    }
    assert!(refused > FORGERIES / 2, "{refused}");
}

#[test]
fn other_keys_members_and_headers_prove_nothing() {
    let midtrans = adapter(GatewayName::Midtrans, "http://127.0.0.1:9");
    let check = |signature: Option<&str>, body: &str| {
        let body = body.as_bytes();
        midtrans.verify_notification(&Notice { callback_token: None, signature, body })
    };
    let key = Settings::default().midtrans_server_key;
    let genuine = signed(ORDER, "200", "50000.00", &key).to_string();
    assert!(check(None, &genuine).is_ok());
    assert_eq!(check(Some(""), &genuine), Err(Forged), "it claims to be a payout's");
    for wrong in ["", "SB-Mid-server-simulato", "IRIS-merchant-simulator"] {
        let forged = signed(ORDER, "200", "50000.00", wrong).to_string();
        assert_eq!(check(None, &forged), Err(Forged), "{wrong}");
    }
    let twice = genuine.replacen('{', &format!("{{\"order_id\":\"{ORDER}\","), 1);
    for body in [twice.as_str(), "", "[]", "{}", "null"] {
        assert_eq!(check(None, body), Err(Forged), "{body}");
    }
    let closed = Midtrans::new(
        Endpoint::new("http://127.0.0.1:9", Deadlines::default()).unwrap(),
        MidtransKeys {
            creator_key: "c".to_owned().into(),
            approver_key: "a".to_owned().into(),
            merchant_key: "m".to_owned().into(),
        },
    );
    let notice = Notice { callback_token: None, signature: None, body: genuine.as_bytes() };
    assert_eq!(closed.verify_notification(&notice), Err(Forged), "it takes in no payments");
}

#[test]
fn lies_under_the_right_token_move_nothing() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        let asked = trial.asks(1, PayInChannel::Bca);
        block_on(trial.looks(1));
        let lie = |data: Value| Notification {
            gateway: "xendit",
            header: "x-callback-token",
            value: Settings::default().xendit_callback_token,
            body: json!({ "event": "payment.succeeded", "data": data }).to_string(),
        };
        for data in [
            json!({ "reference_id": asked.id, "status": "SUCCEEDED", "amount": AMOUNT }),
            json!({ "payment_method": { "reference_id": asked.id }, "amount": 1 }),
            json!({ "reference_id": "top_01h455vb4pex5vsknk084sn02q" }),
            json!({ "reference_id": 5 }),
        ] {
            assert!(trial.deliver(&lie(data)));
            block_on(trial.looks(0));
        }
        assert_eq!(trial.stands(&asked).state.name(), Name::Asked);
        assert_eq!(world.wallet(asked.account), 0);
        world.verify().unwrap();
    });
}

#[test]
fn a_notification_is_kept_once_and_brings_the_truth_at_once() {
    on_each_engine(|world| {
        for (number, name) in (1..).zip(GatewayName::ALL) {
            let trial = Trial::of(world, name, Chaos::Quiet, 1);
            let asked = trial.asks(number, PayInChannel::Bca);
            block_on(trial.looks(1));
            let pay_to = trial.stands(&asked).state.asked().unwrap().pay_to.clone();
            trial.simulator.with_book(|book| {
                book.pay(&pay_to, None);
                book.now += 1;
            });
            let told = trial.simulator.take_notifications();
            assert_eq!(told.len(), 1);
            assert!(trial.deliver(&told[0]) && trial.deliver(&told[0]));
            assert_eq!(trial.stands(&asked).state.name(), Name::Asked, "it moves nothing");
            block_on(trial.looks(0));
            assert_eq!(trial.stands(&asked).state.name(), Name::Paid);
        }
        world.verify().unwrap();
    });
}
