use std::cell::RefCell;

use primitives::{AccountId, PaymentId};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, prop_assert_ne};
use serde_json::{Value, json};

use super::{
    told,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::{Method, PaymentError, Receipt, ReceiptFault, ReceiptView};

fn receipt(world: &World, deal: &Deal, account: AccountId) -> Result<Receipt, PaymentError> {
    let pickup = deal.pickup;
    world.write(move |payments, conn| payments.receipt_in(conn, account, pickup))
}

#[test]
fn both_sides_get_the_same_receipt_and_nobody_else() {
    on_each_engine(|world| {
        let (deal, other) = (world.deal(1), world.deal(2));
        let early = receipt(world, &deal, deal.household).unwrap_err();
        assert_eq!(told(&early).0, "no_receipt_yet");
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        assert_eq!(told(&receipt(world, &deal, deal.payer).unwrap_err()).0, "no_receipt_yet");
        world.confirm(&deal, &claimed).unwrap();
        let view = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
        assert_eq!(view, ReceiptView::from(&receipt(world, &deal, deal.payer).unwrap()));
        let stranger = receipt(world, &deal, other.household).unwrap_err();
        assert_eq!(told(&stranger).0, "not_found");
    });
}

#[test]
fn a_receipt_adds_up_and_can_be_looked_up_in_the_books() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        world.confirm(&deal, &claimed).unwrap();
        let view = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
        assert_eq!(view.lines.iter().map(|line| line.amount_rupiah.get()).sum::<i64>(), WORTH);
        assert_eq!((view.amount_rupiah.get(), view.scale_id.as_deref()), (WORTH, Some("DS-0042")));
        assert_eq!(view.collector_name, "UD Maju");
        let mut conn = test_kit::raw_connection(&world.database);
        let journal = ledger::journal_in(&mut conn, view.journal_id).unwrap().unwrap();
        assert_eq!(journal.hash, view.journal_hash);
        assert_eq!(journal.postings.len(), 6);
    });
}

fn issued(world: &World) -> (Deal, Value) {
    let deal = world.deal(1);
    let claimed = world.pay(&deal, Method::Cash).unwrap();
    world.confirm(&deal, &claimed).unwrap();
    world.kinds();
    let view = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
    (deal, serde_json::to_value(view).unwrap())
}

fn prove(world: &World, shown: &Value) -> Result<PaymentId, ReceiptFault> {
    let mut conn = test_kit::raw_connection(&world.database);
    world.payments.prove_receipt_in(&mut conn, shown)
}

#[test]
fn what_was_issued_is_proved_whatever_changed_honestly_since() {
    on_each_engine(|world| {
        let (_, mut shown) = issued(world);
        let id = prove(world, &shown).unwrap();
        assert_eq!(shown["payment_id"], id.to_string());
        assert_eq!(shown["scale_tera_valid"], true);
        assert!(shown["chain"]["seq"].as_i64().unwrap() > 0);
        // Printed before the event had its number, and before the household said what it is called.
        let members = shown.as_object_mut().unwrap();
        members.remove("chain");
        members.insert("household_name".to_owned(), json!("Siti"));
        assert_eq!(prove(world, &shown).unwrap(), id);
    });
}

#[test]
fn a_receipt_of_nobody_and_a_receipt_of_nothing_are_told_apart() {
    on_each_engine(|world| {
        let (_, mut shown) = issued(world);
        shown["payment_id"] = json!(world.ambient.mint::<primitives::kinds::Payment>());
        assert!(matches!(prove(world, &shown), Err(ReceiptFault::Unknown(_))));
        for nothing in [json!({}), json!([]), json!("x"), json!({"payment_id": "pkp_1"})] {
            assert!(matches!(prove(world, &nothing), Err(ReceiptFault::NoReceipt(_))), "{nothing}");
        }
    });
}

#[test]
fn a_weigh_in_changed_in_the_database_no_longer_proves_its_receipt() {
    on_each_engine(|world| {
        let (deal, shown) = issued(world);
        let mut conn = test_kit::raw_connection(&world.database);
        conn.run_script("UPDATE pickup_line SET grams = grams + 1").unwrap();
        assert!(
            matches!(prove(world, &shown), Err(ReceiptFault::Altered(at)) if at == "/lines/0/weight_grams")
        );
        let today = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
        let today = serde_json::to_value(today).unwrap();
        assert!(matches!(prove(world, &today), Err(ReceiptFault::Unsupported(_))));
    });
}

/// Every place of a document that holds a plain value.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| leaves(inner, &format!("{at}/{name}"), found));
        }
        Value::Array(things) => {
            things
                .iter()
                .enumerate()
                .for_each(|(n, inner)| leaves(inner, &format!("{at}/{n}"), found));
        }
        _plain => found.push(at.to_owned()),
    }
}

/// A value that is like the other one, but is not.
fn tampered(value: &Value, how: u64) -> Value {
    match value {
        Value::Number(number) => {
            let more = i64::try_from(how % 1_000).unwrap() + 1;
            json!(number.as_i64().unwrap() + if how.is_multiple_of(2) { more } else { -more })
        }
        Value::Bool(flag) => json!(!flag),
        Value::String(text) if how.is_multiple_of(3) => json!(format!("{text} ")),
        Value::String(text) => {
            let place = usize::try_from(how).unwrap() % text.len();
            let other = if text.as_bytes()[place] == b'0' { "1" } else { "0" };
            json!(format!("{}{other}{}", &text[..place], &text[place + 1..]))
        }
        _other => json!(how),
    }
}

/// Each tampering with each member, a member too many and a member too few, is named where it is.
#[test]
fn every_tampering_is_named() {
    on_each_engine(|world| {
        let (_, shown) = issued(world);
        let mut places = Vec::new();
        leaves(&shown, "", &mut places);
        let payment = shown["payment_id"].clone();
        let conn = RefCell::new(test_kit::raw_connection(&world.database));
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(600));
        let tampering = (0..places.len(), proptest::prelude::any::<u64>(), 0..4u8);
        let named = runner.run(&tampering, |(place, how, kind)| {
            let (at, mut forged) = (&places[place], shown.clone());
            let (parent, member) = at.rsplit_once('/').unwrap();
            let parent = forged.pointer_mut(parent).unwrap();
            let expected = match (kind, parent.as_object_mut()) {
                (0, Some(members)) if member != "payment_id" && at != "/chain" => {
                    members.remove(member);
                    at.clone()
                }
                (1, Some(members)) => {
                    members.insert("zz".to_owned(), json!(how));
                    format!("{}/zz", at.rsplit_once('/').unwrap().0)
                }
                _ => {
                    let value = forged.pointer_mut(at).unwrap();
                    *value = tampered(value, how);
                    at.clone()
                }
            };
            match world.payments.prove_receipt_in(&mut conn.borrow_mut(), &forged) {
                Err(ReceiptFault::Altered(found)) => prop_assert_eq!(found, expected),
                Err(ReceiptFault::Unknown(_) | ReceiptFault::NoReceipt(_)) => {
                    prop_assert_ne!(&forged["payment_id"], &payment);
                }
                other => prop_assert!(false, "{:?}", other),
            }
            Ok(())
        });
        named.unwrap();
    });
}

#[test]
fn anybody_may_ask_and_hears_nothing_personal() {
    on_each_engine(|world| {
        let (_, shown) = issued(world);
        let id = PaymentId::parse(shown["payment_id"].as_str().unwrap()).unwrap();
        let ask = |hash: String| {
            world.write(move |payments, conn| payments.verification_in(conn, id, &hash)).unwrap()
        };
        let valid = ask(shown["receipt_hash"].as_str().unwrap().to_owned());
        assert_eq!((valid.valid, valid.amount_rupiah.unwrap().get()), (true, WORTH));
        let told = serde_json::to_string(&valid).unwrap();
        assert!(!told.contains("UD Maju") && !told.contains("acc_") && !told.contains("col_"));
        let wrong = serde_json::to_value(ask("0".repeat(64))).unwrap();
        assert_eq!(wrong, json!({"valid": false}));
        let unknown: PaymentId = world.ambient.mint();
        let hash = "0".repeat(64);
        let refused =
            world.write(move |payments, conn| payments.verification_in(conn, unknown, &hash));
        assert_eq!(super::told(&refused.unwrap_err()).0, "not_found");
    });
}
