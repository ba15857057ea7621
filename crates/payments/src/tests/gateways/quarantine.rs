//! A backup is put back: the gateway knows of payouts that the database has forgotten.

use database::{Connection, DatabaseError, Engine};
use diesel::{Connection as _, QueryDsl as _, RunQueryDsl as _};
use event_log::Actor;
use gateway_simulator::Chaos;
use primitives::Timestamp;

use super::{Trial, block_on};
use crate::{
    Accepted, DifferenceCause, GatewayName, Learnt, MatchOutcome, Withdrawal, WithdrawalState,
    WithdrawalStateName as Name, is_at_home, notice_restore_in, quarantine_in,
    tests::world::{World, on_each_engine},
};

fn restored(trial: &Trial, since: Timestamp) {
    let ambient = trial.office.world.ambient.clone();
    let quarantine =
        move |conn: &mut Connection| quarantine_in(conn, &ambient, since, Actor::CommandLine);
    trial.office.world.database.write_blocking(quarantine).unwrap();
}

/// What happened after the backup was made: the gateway paid, and our database has lost it.
async fn lost_history(trial: &Trial, asked: &Withdrawal) {
    let [gateway] = &trial.gateways[..] else { panic!("one gateway") };
    let Learnt::Known(payout) = gateway.create(asked).await else { panic!("honest") };
    let accepted =
        Accepted { sent_at: trial.office.world.ambient.now(), reference: payout.reference };
    let state = WithdrawalState::Pending(accepted);
    gateway.approve(&Withdrawal { state, ..asked.clone() }).await;
}

/// Every few minutes both workers look.
async fn looks(trial: &Trial, times: usize) {
    for _ in 0..times {
        trial.dispatcher().step(100).await.unwrap();
        trial.reconciler().step().await.unwrap();
        trial.minutes(10);
    }
}

fn on_every_gateway(test: impl Fn(&World, &Trial)) {
    for name in GatewayName::ALL {
        on_each_engine(|world| test(world, &Trial::of(world, name, Chaos::Quiet, 1)));
    }
}

fn name_of(trial: &Trial, asked: &Withdrawal) -> Name {
    trial.office.find(asked).state.name()
}

#[test]
fn what_was_paid_before_the_restore_is_found_and_not_paid_again() {
    on_every_gateway(|world, trial| {
        let people = [1, 2].map(|number| trial.office.saver(number, 100_000));
        trial.synchronize();
        let forgotten = trial.asked(people[0]);
        let since = world.ambient.now();
        block_on(lost_history(trial, &forgotten));
        trial.minutes(5);
        restored(trial, since);
        let new = trial.asked(people[1]);
        block_on(looks(trial, 3));
        let sent = trial.simulator.with_book(|book| book.payouts().count());
        assert_eq!((sent, name_of(trial, &new)), (1, Name::Created), "nothing is sent");
        assert_eq!(name_of(trial, &forgotten), Name::Succeeded, "but it is looked up");
        assert!(trial.standing().quarantine.is_some(), "late lines may still come");
        block_on(looks(trial, 8));
        assert_eq!(trial.standing().quarantine, None);
        assert_eq!(name_of(trial, &new), Name::Succeeded);
        let transfers = trial.simulator.with_book(|book| book.transfers());
        assert_eq!(transfers.into_values().collect::<Vec<_>>(), [1, 1]);
        world.verify().unwrap();
    });
}

#[test]
fn a_payout_without_its_withdrawal_keeps_the_door_shut_until_it_is_explained() {
    on_every_gateway(|world, trial| {
        let saver = trial.office.saver(1, 100_000);
        trial.synchronize();
        let since = world.ambient.now();
        let lost = world.ambient.mint::<primitives::kinds::Withdrawal>().to_string();
        let name = trial.gateways[0].name().as_str();
        let reference = trial.simulator.with_book(|book| book.plant(name, &lost, 50_000));
        restored(trial, since);
        let new = trial.asked(saver);
        block_on(looks(trial, 12));
        assert!(trial.standing().quarantine.is_some());
        assert_eq!(name_of(trial, &new), Name::Created);
        let last = trial.standing().last.unwrap().id;
        let (reconciliations, checker) = (trial.reconciliations(), world.person(90));
        let explained = world.database.write_blocking(move |conn| {
            let said = (DifferenceCause::LostWithdrawal, "ada di mutasi, disesuaikan");
            reconciliations.explain_in(conn, checker, last, &reference, said)
        });
        assert_eq!(explained.unwrap().0.outcome, MatchOutcome::TheirsOnly);
        block_on(looks(trial, 5));
        assert_eq!(trial.standing().quarantine, None);
        assert_eq!(name_of(trial, &new), Name::Succeeded);
        let transfers = trial.simulator.with_book(|book| book.transfers());
        assert_eq!(transfers.into_values().collect::<Vec<_>>(), [1, 1]);
        world.verify().unwrap();
    });
}

#[test]
fn a_restore_noticed_between_the_claim_and_the_call_stops_it() {
    on_every_gateway(|world, trial| {
        let asked = trial.asked(trial.office.saver(1, 100_000));
        block_on(async {
            let worker = trial.dispatcher();
            let (claimed, call) = worker.claim(asked.id).await.unwrap().unwrap();
            restored(trial, world.ambient.now());
            assert_eq!(worker.ask(&claimed, call).await, Learnt::Nothing);
        });
        assert_eq!(trial.simulator.with_book(|book| book.payouts().count()), 0);
    });
}

#[test]
fn a_database_knows_when_it_was_put_back() {
    on_each_engine(|world| {
        let notice = || {
            let ambient = world.ambient.clone();
            let notice = move |conn: &mut Connection| notice_restore_in(conn, &ambient);
            world.database.write_blocking(notice).unwrap()
        };
        assert!(!notice() && !notice(), "a new house");
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        trial.asked(trial.office.saver(1, 100_000));
        let newest = world.ambient.now();
        trial.minutes(60);
        assert!(!notice(), "it lives where it did");
        let mut conn = test_kit::raw_connection(&world.database);
        conn.run_script("UPDATE payout_home SET home = 'copy'").unwrap();
        assert!(notice() && !notice());
        let quarantine = trial.standing().quarantine.unwrap();
        assert_eq!((quarantine.since, quarantine.begun_at), (newest, world.ambient.now()));
        conn.run_script("DELETE FROM payout_home").unwrap();
        trial.minutes(60);
        assert!(notice(), "it comes from before there were homes");
        let again = trial.standing().quarantine.unwrap();
        assert_eq!(again.begun_at, world.ambient.now());
        assert!(again.since <= newest, "the older gap is not forgotten");
    });
}

/// Where a new database says that it lives.
fn home_of(world: &World) -> String {
    let ambient = world.ambient.clone();
    let notice = move |conn: &mut Connection| notice_restore_in(conn, &ambient);
    world.database.write_blocking(notice).unwrap();
    let home = crate::schema::payout_home::table.select(crate::schema::payout_home::home);
    let read = |conn: &mut Connection| Ok::<_, DatabaseError>(home.first::<String>(conn)?);
    world.database.read_blocking(read).unwrap()
}

#[test]
fn two_clones_on_postgresql_live_in_two_places() {
    on_each_engine(|one| {
        on_each_engine(|other| {
            let server = Engine::Postgres;
            if (one.database.engine(), other.database.engine()) == (server, server) {
                assert_ne!(home_of(one), home_of(other));
            }
        });
    });
}

/// A role as some providers give it: it reads and writes, and knows nothing of the cluster.
const PLAIN_ROLE: &str = "CREATE ROLE plain_tenant;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO plain_tenant;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO plain_tenant;
    REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() FROM PUBLIC;
    SET LOCAL ROLE plain_tenant";
/// What putting a dump back does to the table.
const MADE_ANEW: &str = "RESET ROLE;
    CREATE TABLE anew AS TABLE payout_home;
    DROP TABLE payout_home;
    ALTER TABLE anew RENAME TO payout_home;
    GRANT ALL ON payout_home TO plain_tenant;
    SET LOCAL ROLE plain_tenant";

/// All of it in one transaction that is undone: roles belong to the whole cluster.
fn plain_tenant(world: &World, conn: &mut Connection) -> Result<(), DatabaseError> {
    conn.run_script(PLAIN_ROLE)?;
    let asked = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(savepoint.run_script("SELECT system_identifier FROM pg_control_system()")?)
    });
    assert!(asked.unwrap_err().to_string().contains("permission denied"));
    assert!(!notice_restore_in(conn, &world.ambient)?, "a new house");
    assert!(is_at_home(conn)?);
    conn.run_script(MADE_ANEW)?;
    assert!(!is_at_home(conn)?);
    assert!(notice_restore_in(conn, &world.ambient)? && is_at_home(conn)?);
    Err(DatabaseError::Busy)
}

#[test]
fn a_role_that_knows_nothing_of_the_cluster_still_notices_a_dump() {
    on_each_engine(|world| {
        if world.database.engine() == Engine::Postgres {
            let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
            let mut conn = test_kit::raw_connection(&world.database);
            let undone = conn.transaction(|conn| plain_tenant(world, conn));
            assert!(matches!(undone, Err(DatabaseError::Busy)), "{undone:?}");
            assert!(trial.standing().quarantine.is_none());
        }
    });
}
