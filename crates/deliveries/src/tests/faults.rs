//! Each comparison of `verify_in` must find the fault that was planted for it.

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use ledger::{AccountName, Label, Line, NewJournal, VerifyError};

use super::world::{World, on_each_engine};

const CARDBOARD: &str = "KRT-KARDUS-A";

/// One delivery received with a loss, one under way.
fn planted(check: &str, plant: impl Fn(&World, &mut Connection)) {
    on_each_engine(|world| {
        let (budi, joko, induk) = (world.collector(), world.collector(), world.facility());
        for collector in [budi, joko] {
            world.fetches(collector, &[(CARDBOARD, 5_000), ("LGM-BESI", 2_000)]);
            world.announce(collector, induk, &[(CARDBOARD, 4_000), ("LGM-BESI", 500)]).unwrap();
        }
        let open = world.write(move |_, conn| Ok(crate::store::under_way(conn, budi)?));
        let id = open.unwrap().unwrap();
        world.receive(induk, id, &[(CARDBOARD, 3_900), ("LGM-BESI", 510)]).unwrap();
        let report = world.verify().unwrap();
        assert_eq!((report.received, report.under_way), (1, 1));
        let mut conn = test_kit::raw_connection(&world.database);
        plant(world, &mut conn);
        match world.verify() {
            Err(VerifyError::Fault(fault)) => assert_eq!(fault.check, check, "{fault}"),
            other => panic!("{check}: {other:?}"),
        }
    });
}

fn by_script(check: &str, sql: &'static str) {
    planted(check, |_, conn| test_kit::forge(conn, sql));
}

#[test]
fn weights_changed_afterwards() {
    by_script("postings_wrong", "UPDATE delivery_line SET grams = grams - 1");
    by_script(
        "postings_wrong",
        "UPDATE delivery_line SET received_grams = received_grams + 1
         WHERE received_grams IS NOT NULL AND material = 'LGM-BESI'",
    );
    by_script("postings_wrong", "DELETE FROM delivery_line WHERE material = 'LGM-BESI'");
}

#[test]
fn another_collector_or_facility() {
    by_script(
        "postings_wrong",
        "UPDATE delivery SET collector_id =
            (SELECT collector_id FROM delivery WHERE state = 'announced')
         WHERE state = 'received'",
    );
    by_script(
        "postings_wrong",
        "UPDATE delivery SET facility_id =
            (SELECT collector_id FROM delivery WHERE state = 'announced')
         WHERE state = 'received'",
    );
}

#[test]
fn a_receipt_that_names_another_journal() {
    by_script(
        "journal_wrong",
        "UPDATE delivery SET journal_id =
            (SELECT id FROM journal WHERE kind = 'settlement' ORDER BY seq LIMIT 1)
         WHERE state = 'received'",
    );
}

#[test]
fn a_receipt_without_a_journal() {
    by_script(
        "journal_missing",
        "UPDATE delivery_line SET received_grams = grams;
         UPDATE delivery SET state = 'received', ended_at = announced_at, journal_id =
            (SELECT id FROM journal WHERE kind = 'settlement' ORDER BY seq LIMIT 1)
         WHERE state = 'announced';
         UPDATE delivery_line SET received_grams = 3900
         WHERE material = 'KRT-KARDUS-A' AND delivery_id IN
            (SELECT delivery.id FROM delivery JOIN journal ON journal.id = delivery.journal_id
             WHERE journal.kind = 'delivery');
         UPDATE delivery_line SET received_grams = 510
         WHERE material = 'LGM-BESI' AND delivery_id IN
            (SELECT delivery.id FROM delivery JOIN journal ON journal.id = delivery.journal_id
             WHERE journal.kind = 'delivery');",
    );
}

#[test]
fn a_journal_without_a_receipt() {
    by_script(
        "journal_without_delivery",
        "UPDATE delivery SET state = 'withdrawn', journal_id = NULL, scale_id = NULL
         WHERE state = 'received'",
    );
    planted("journal_without_delivery", |world, conn| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 10)]);
        let goods = Label::parse(CARDBOARD).unwrap();
        let lines = vec![
            Line::new(AccountName::Carried(budi, goods.clone()), -10),
            Line::new(AccountName::Received(induk, goods), 10),
        ];
        let new = NewJournal { kind: "delivery", business_key: "delivery:none".into(), lines };
        let posted = conn.transaction::<_, DatabaseError, _>(|conn| {
            ledger::post_in(conn, &world.ambient, &new).unwrap();
            Ok(())
        });
        posted.unwrap();
    });
}

#[test]
fn more_under_way_than_is_carried() {
    by_script(
        "announced_not_carried",
        "UPDATE delivery_line SET grams = 5001
         WHERE received_grams IS NULL AND material = 'KRT-KARDUS-A'",
    );
}

#[test]
fn the_tables_do_not_believe_everything() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 5_000)]);
        world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap();
        for lie in [
            "UPDATE delivery SET facility_id = collector_id",
            "UPDATE delivery SET state = 'received', ended_at = 1",
            "UPDATE delivery SET state = 'refused', ended_at = 1",
            "UPDATE delivery SET state = 'withdrawn'",
            "UPDATE delivery SET state = 'lost', ended_at = 1",
            "UPDATE delivery SET expires_at = announced_at",
            "UPDATE delivery_line SET grams = 0",
            "UPDATE delivery_line SET received_grams = -1",
            "DELETE FROM delivery",
        ] {
            let mut conn = test_kit::raw_connection(&world.database);
            assert!(conn.run_script(lie).is_err(), "{lie}");
        }
    });
}
