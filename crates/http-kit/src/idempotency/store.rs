use database::{Connection, DatabaseError};
use diesel::{prelude::*, sql_types::BigInt};
use primitives::{AccountId, Timestamp};

use super::Claim;
use crate::reply::Reply;

diesel::table! {
    idempotency (caller, route, key) {
        caller -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> BigInt,
        headers -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::define_sql_function! {
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// The constraint that decides when two of the same arrive at once.
pub(super) const ONE_ANSWER: &str = "idempotency_caller_route_key_key";

/// A stored answer and the command it belongs to.
pub(super) struct Stored {
    pub(super) fingerprint: String,
    pub(super) reply: Reply,
}

/// Takes the right to work on this key until the transaction ends; false when somebody else has it.
///
/// SQLite has one writer, so there nobody else can.
pub(super) fn reserve(conn: &mut Connection, lock: i64) -> Result<bool, DatabaseError> {
    match conn {
        Connection::Postgres(conn) => {
            Ok(diesel::select(pg_try_advisory_xact_lock(lock)).get_result(conn)?)
        }
        Connection::Sqlite(_) => Ok(true),
    }
}

/// The answer that this caller's key has been given, if any.
pub(super) fn find(conn: &mut Connection, claim: &Claim) -> Result<Option<Stored>, DatabaseError> {
    let row: Option<(String, i64, String, String)> = idempotency::table
        .find((&claim.caller, &claim.route, &claim.key))
        .select((
            idempotency::fingerprint,
            idempotency::status,
            idempotency::headers,
            idempotency::body,
        ))
        .first(conn)
        .optional()?;
    let Some((fingerprint, status, headers, body)) = row else { return Ok(None) };
    let impossible = |what: &str| DatabaseError::corrupt("idempotency", &claim.key, what);
    let status = u16::try_from(status).map_err(|_beyond| impossible("status"))?;
    let headers = serde_json::from_str(&headers).map_err(|_malformed| impossible("headers"))?;
    Ok(Some(Stored { fingerprint, reply: Reply { status, headers, body: body.into() } }))
}

/// Keeps the answer for this caller's key.
pub(super) fn insert(
    conn: &mut Connection,
    claim: &Claim,
    reply: &Reply,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let unwritable =
        |error: serde_json::Error| DatabaseError::corrupt("idempotency", &claim.key, error);
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::caller.eq(&claim.caller),
            idempotency::route.eq(&claim.route),
            idempotency::key.eq(&claim.key),
            idempotency::fingerprint.eq(&claim.fingerprint),
            idempotency::status.eq(i64::from(reply.status)),
            idempotency::headers.eq(serde_json::to_string(&reply.headers).map_err(unwritable)?),
            idempotency::body.eq(&*reply.body),
            idempotency::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Drops the answers from before `before` (kept 90 days) and says how many there were.
pub fn prune_in(conn: &mut Connection, before: Timestamp) -> Result<usize, DatabaseError> {
    let old = idempotency::table.filter(idempotency::created_at.lt(before.micros()));
    Ok(diesel::delete(old).execute(conn)?)
}

/// Drops every answer kept for an account, which may hold its name and home, when the person is erased.
pub fn forget_in(conn: &mut Connection, account: AccountId) -> Result<usize, DatabaseError> {
    let theirs = idempotency::table.filter(idempotency::caller.eq(account.to_string()));
    Ok(diesel::delete(theirs).execute(conn)?)
}
