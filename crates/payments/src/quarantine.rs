//! After a restore a gateway may know of payouts that we have forgotten: nothing is sent until they are accounted for.
//!
//! The database knows where it lives. A backup says that it is a copy, and PostgreSQL tells by its cluster, timeline
//! and object ids; whoever starts on a database that lives elsewhere than it says has a restored one before him.

use std::time::Duration;

use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*, sql_query, sql_types};
use event_log::{
    Actor, Entry, Fact,
    fact::{PayoutsQuarantined, PayoutsReleased},
};
use primitives::{Ambient, Timestamp};

use crate::{
    gateway::GatewayName,
    reconciliation::Reconciliation,
    schema::{payout_home, payout_quarantine, withdrawal},
};

/// How late a gateway may write something into its book, and how far its clock may be from ours.
pub(crate) const MARGIN: Duration = Duration::from_secs(60 * 60);

/// The home of an embedded database that is nobody's copy.
const EMBEDDED: &str = "embedded";
/// A copy, wherever it lies.
const COPY: &str = "copy";
/// A dump makes the table anew, a clone is another database.
const HOME: &str = "SELECT d.oid || '/' || 'payout_home'::regclass::oid AS home
    FROM pg_database d WHERE d.datname = current_database()";
/// And a copy of the files ends in another timeline.
const HOME_IN_CLUSTER: &str =
    "SELECT s.system_identifier::text || '/' || c.timeline_id || '/' || d.oid || '/'
        || 'payout_home'::regclass::oid AS home
    FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
    WHERE d.datname = current_database()";
/// Who notices.
const WORKER: Actor = Actor::Worker("restore");

/// Nothing is sent through a gateway until its book is accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantine {
    /// Which gateway.
    pub gateway: GatewayName,
    /// Up to here our memory reaches.
    pub since: Timestamp,
    /// When it was noticed that it reaches no further.
    pub begun_at: Timestamp,
}

impl Quarantine {
    /// From here on the gateway's book has to be accounted for.
    pub(crate) fn gap_begins(&self) -> Timestamp {
        self.since.minus(MARGIN)
    }

    /// Whether the comparison covers everything that we may have forgotten, late lines too.
    fn is_covered_by(&self, by: &Reconciliation) -> bool {
        by.period.from <= self.gap_begins() && self.begun_at.plus(MARGIN) <= by.period.until
    }
}

#[derive(QueryableByName)]
struct Home {
    #[diesel(sql_type = sql_types::Text)]
    home: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = sql_types::Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = sql_types::BigInt)]
    tables: i64,
}

/// Whether the database lives where it says, by a reader's look.
pub fn is_at_home(conn: &mut Connection) -> Result<bool, DatabaseError> {
    Ok(known_home(conn)? == Some(home_of(conn)?))
}

/// Sees whether this database was put here from a backup, and quarantines every gateway if it was; says so.
///
/// To be called at every start, before anything is sent. A database that has sent something and cannot say where it
/// lives is taken for a restored one: it comes from before there were homes.
pub fn notice_restore_in(conn: &mut Connection, ambient: &Ambient) -> Result<bool, DatabaseError> {
    let home = home_of(conn)?;
    let known = known_home(conn)?;
    if known.as_ref() == Some(&home) || !move_in(conn, known.as_deref(), &home)? {
        return Ok(false);
    }
    let withdrawals: i64 = withdrawal::table.count().get_result(conn)?;
    if known.is_none() && withdrawals == 0 {
        return Ok(false);
    }
    let now = ambient.now();
    let since = event_log::last_created_at(conn)?.unwrap_or(now);
    quarantine_in(conn, ambient, since.min(now), WORKER)?;
    Ok(true)
}

/// Quarantines every gateway: our memory reaches up to `since` and no further.
pub fn quarantine_in(
    conn: &mut Connection,
    ambient: &Ambient,
    since: Timestamp,
    by: Actor,
) -> Result<(), DatabaseError> {
    for gateway in GatewayName::ALL {
        let before = of_in(conn, gateway)?.map(|before| before.since);
        let since = before.into_iter().fold(since, Timestamp::min);
        begin(conn, Quarantine { gateway, since, begun_at: ambient.now() })?;
        let gateway = gateway.as_str().to_owned();
        let fact = Fact::PayoutsQuarantined(PayoutsQuarantined { gateway, since });
        append(conn, ambient, by.clone(), fact)?;
    }
    Ok(())
}

/// Writes into a finished backup that it is one. Wants a connection of its own, on SQLite, outside any transaction.
pub fn mark_copy(conn: &mut Connection, file: &str) -> Result<(), DatabaseError> {
    sql_query("ATTACH DATABASE $1 AS copy").bind::<sql_types::Text, _>(file).execute(conn)?;
    let known = "SELECT COUNT(*) AS tables FROM copy.sqlite_master WHERE name = 'payout_home'";
    let known: Tables = sql_query(known).get_result(conn)?;
    // A schema from before there were homes cannot say where it lives: that is a mark, too.
    if known.tables == 1 {
        let mark = "UPDATE copy.payout_home SET home = $1";
        sql_query(mark).bind::<sql_types::Text, _>(COPY).execute(conn)?;
    }
    conn.run_script("DETACH DATABASE copy")?;
    Ok(())
}

/// Why nothing may be sent through the gateway, if nothing may.
pub(crate) fn of_in(
    conn: &mut Connection,
    gateway: GatewayName,
) -> Result<Option<Quarantine>, DatabaseError> {
    let row: Option<(i64, i64)> = payout_quarantine::table
        .find(gateway.as_str())
        .filter(payout_quarantine::lifted_at.is_null())
        .select((payout_quarantine::since, payout_quarantine::begun_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(since, begun_at)| Quarantine {
        gateway,
        since: Timestamp::from_micros(since),
        begun_at: Timestamp::from_micros(begun_at),
    }))
}

/// Lets the gateway's payouts go, if the comparison covers the gap; the caller has seen that nothing is unaccounted for.
pub(crate) fn lift_in(
    conn: &mut Connection,
    ambient: &Ambient,
    by: &Reconciliation,
) -> Result<(), DatabaseError> {
    let quarantine = of_in(conn, by.gateway)?;
    let Some(quarantine) = quarantine.filter(|it| it.is_covered_by(by)) else { return Ok(()) };
    let row = payout_quarantine::table
        .find(by.gateway.as_str())
        .filter(payout_quarantine::begun_at.eq(quarantine.begun_at.micros()))
        .filter(payout_quarantine::lifted_at.is_null());
    let lifted = diesel::update(row)
        .set((
            payout_quarantine::lifted_at.eq(ambient.now().micros()),
            payout_quarantine::reconciliation_id.eq(by.id.to_string()),
        ))
        .execute(conn)?;
    if lifted == 0 {
        return Ok(());
    }
    let gateway = by.gateway.as_str().to_owned();
    let fact = Fact::PayoutsReleased(PayoutsReleased { gateway, reconciliation: by.id });
    append(conn, ambient, Actor::Worker("reconciliation"), fact)
}

/// The gateways whose quarantine is over, with the comparison that ended it.
pub(crate) fn lifted_in(conn: &mut Connection) -> Result<Vec<(String, String)>, DatabaseError> {
    Ok(payout_quarantine::table
        .filter(payout_quarantine::reconciliation_id.is_not_null())
        .select((
            payout_quarantine::gateway,
            payout_quarantine::reconciliation_id.assume_not_null(),
        ))
        .load(conn)?)
}

fn home_of(conn: &mut Connection) -> Result<String, DatabaseError> {
    if let Connection::Sqlite(_) = conn {
        return Ok(EMBEDDED.to_owned());
    }
    // Some providers keep their clusters to themselves. Then a dump and a clone are noticed, a recovered cluster is not.
    let may_ask = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')
                      AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE') AS yes";
    let may_ask: Answer = sql_query(may_ask).get_result(conn)?;
    let home: Home =
        sql_query(if may_ask.yes { HOME_IN_CLUSTER } else { HOME }).get_result(conn)?;
    Ok(home.home)
}

fn known_home(conn: &mut Connection) -> Result<Option<String>, DatabaseError> {
    Ok(payout_home::table.find(1_i64).select(payout_home::home).first(conn).optional()?)
}

/// False when another process was faster.
fn move_in(conn: &mut Connection, known: Option<&str>, home: &str) -> Result<bool, DatabaseError> {
    if let Some(known) = known {
        let row = payout_home::table.filter(payout_home::home.eq(known));
        return Ok(diesel::update(row).set(payout_home::home.eq(home)).execute(conn)? == 1);
    }
    let row = (payout_home::one.eq(1_i64), payout_home::home.eq(home));
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(diesel::insert_into(payout_home::table).values(row).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("payout_home_one_key") => Ok(false),
        other => other.map(|_one| true),
    }
}

fn begin(conn: &mut Connection, new: Quarantine) -> Result<(), DatabaseError> {
    let set = (
        payout_quarantine::since.eq(new.since.micros()),
        payout_quarantine::begun_at.eq(new.begun_at.micros()),
        payout_quarantine::lifted_at.eq(None::<i64>),
        payout_quarantine::reconciliation_id.eq(None::<String>),
    );
    let row = payout_quarantine::table.find(new.gateway.as_str());
    let changed = diesel::update(row).set(set).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(payout_quarantine::table)
            .values((
                payout_quarantine::gateway.eq(new.gateway.as_str()),
                payout_quarantine::since.eq(new.since.micros()),
                payout_quarantine::begun_at.eq(new.begun_at.micros()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn append(
    conn: &mut Connection,
    ambient: &Ambient,
    actor: Actor,
    fact: Fact,
) -> Result<(), DatabaseError> {
    let entry = Entry { actor, region: None, occurred_at: ambient.now(), fact };
    event_log::append_in(conn, ambient, entry)?;
    Ok(())
}
