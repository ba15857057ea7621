use database::{Connection, Database, DatabaseError};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use primitives::{AccountId, Ambient};

use crate::{
    Actor, ChainFault, Entry, Fact, MIGRATIONS, VerifiedChain, advance_cursor_in, append_in,
    cursor_of, events_after, fact::AccountOpened, is_lost_step, last_seq, sequence_in, verify,
};

fn ambient() -> Ambient {
    test_kit::ambient(&test_kit::clock())
}

fn append(database: &Database, ambient: &Ambient, count: usize) {
    for _ in 0..count {
        let account: AccountId = ambient.mint();
        let entry = Entry {
            actor: Actor::Account(account),
            region: None,
            occurred_at: ambient.now(),
            fact: Fact::AccountOpened(AccountOpened { account }),
        };
        let ambient = ambient.clone();
        database
            .write_blocking(move |connection| append_in(connection, &ambient, entry.clone()))
            .unwrap();
    }
}

fn number(database: &Database) -> usize {
    database.write_blocking(|connection| sequence_in(connection, 1_000)).unwrap()
}

fn walk(database: &Database) -> Result<VerifiedChain, ChainFault> {
    verify(&mut test_kit::raw_connection(database), |_| ())
}

#[test]
fn events_are_numbered_without_gaps_and_read_in_order() {
    test_kit::on_each_engine(&[MIGRATIONS], |database| {
        let ambient = ambient();
        append(database, &ambient, 5);
        assert_eq!(database.read_blocking(last_seq).unwrap(), 0);
        assert_eq!(number(database), 5);
        append(database, &ambient, 2);
        assert_eq!(number(database), 2);
        assert_eq!(number(database), 0);
        let events = database.read_blocking(|connection| events_after(connection, 0, 100)).unwrap();
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(walk(database).unwrap().events, 7);
    });
}

#[test]
fn a_log_that_grows_while_it_is_walked_is_clean() {
    test_kit::on_each_engine(&[MIGRATIONS], |database| {
        let ambient = ambient();
        append(database, &ambient, 5);
        assert_eq!(number(database), 5);
        let grow = |_| {
            append(database, &ambient, 1);
            number(database);
        };
        let seen = verify(&mut test_kit::raw_connection(database), grow).unwrap();
        assert_eq!(seen.events, 5);
        assert_eq!(walk(database).unwrap().events, 6);
    });
}

#[test]
fn two_sequencers_at_once_leave_one_chain() {
    test_kit::on_each_engine(&[MIGRATIONS], |database| {
        append(database, &ambient(), 40);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while database.write_blocking(|connection| sequence_in(connection, 3)).unwrap()
                        > 0
                    {}
                });
            }
        });
        assert_eq!(walk(database).unwrap().events, 40);
    });
}

#[test]
fn a_cursor_moves_only_from_where_it_was_read() {
    test_kit::on_each_engine(&[MIGRATIONS], |database| {
        let step = |from, to| {
            database.write_blocking(move |connection| advance_cursor_in(connection, "r", from, to))
        };
        step(0, 3).unwrap();
        step(3, 5).unwrap();
        assert!(is_lost_step(&step(3, 9).unwrap_err()));
        let cursor: Result<i64, DatabaseError> =
            database.read_blocking(|connection| cursor_of(connection, "r"));
        assert_eq!(cursor.unwrap(), 5);
    });
}

#[test]
fn numbered_events_refuse_change() {
    test_kit::on_each_engine(&[MIGRATIONS], |database| {
        append(database, &ambient(), 1);
        number(database);
        for statement in ["UPDATE event SET actor = 'nobody'", "DELETE FROM event"] {
            assert!(
                test_kit::raw_connection(database).run_script(statement).is_err(),
                "{statement}"
            );
        }
    });
}

#[test]
fn each_planted_fault_is_named() {
    use crate::schema::{event, event_chain};
    type Fault = fn(&mut Connection);
    let altered: Fault = |connection| {
        diesel::update(event::table.filter(event::seq.eq(2)))
            .set(event::actor.eq("nobody"))
            .execute(connection)
            .unwrap();
    };
    let removed: Fault = |connection| {
        diesel::delete(event::table.filter(event::seq.eq(2))).execute(connection).unwrap();
    };
    let cut: Fault = |connection| {
        diesel::delete(event::table.filter(event::seq.eq(3))).execute(connection).unwrap();
    };
    let relinked: Fault = |connection| {
        diesel::update(event::table.filter(event::seq.eq(3)))
            .set(event::prev_hash.eq("00"))
            .execute(connection)
            .unwrap();
    };
    let moved_end: Fault = |connection| {
        diesel::update(event_chain::table).set(event_chain::seq.eq(9)).execute(connection).unwrap();
    };
    let faults = [
        (altered, "event 2"),
        (removed, "event 2 is missing"),
        (cut, "end at event 3 but ends at 2"),
        (relinked, "event 3"),
        (moved_end, "end at event 9 but ends at 3"),
    ];
    for (plant, named) in faults {
        test_kit::on_each_engine(&[MIGRATIONS], |database| {
            append(database, &ambient(), 3);
            number(database);
            let mut connection = test_kit::raw_connection(database);
            let disarm = match connection.engine() {
                database::Engine::Sqlite => {
                    "DROP TRIGGER event_is_history; DROP TRIGGER event_is_kept;"
                }
                database::Engine::Postgres => "ALTER TABLE event DISABLE TRIGGER USER;",
            };
            connection.run_script(disarm).unwrap();
            plant(&mut connection);
            let fault = walk(database).unwrap_err().to_string();
            assert!(fault.contains(named), "{fault} does not name {named}");
        });
    }
}
