use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, CollectorId, SessionId, Timestamp};

use super::{corrupt, id_of, moment};
use crate::{
    Session, ShortName,
    schema::{account, refresh_token, session},
};

const TABLE: &str = "session";

#[derive(Queryable)]
struct SessionRow {
    id: String,
    account_id: String,
    device_name: Option<String>,
    second_factor: bool,
    created_at: i64,
    last_used_at: i64,
    _ended_at: Option<i64>,
}

impl TryFrom<SessionRow> for Session {
    type Error = DatabaseError;

    fn try_from(row: SessionRow) -> Result<Self, DatabaseError> {
        let name = row.device_name.as_deref().map(ShortName::parse).transpose();
        Ok(Self {
            id: id_of(TABLE, &row.id)?,
            account: id_of(TABLE, &row.account_id)?,
            device_name: name.map_err(|invalid| corrupt(TABLE, &row.id, invalid))?,
            second_factor: row.second_factor,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: Timestamp::from_micros(row.last_used_at),
        })
    }
}

pub(crate) fn insert(conn: &mut Connection, new: &Session) -> Result<(), DatabaseError> {
    diesel::insert_into(session::table)
        .values((
            session::id.eq(new.id.to_string()),
            session::account_id.eq(new.account.to_string()),
            session::device_name.eq(new.device_name.as_ref().map(ShortName::as_str)),
            session::second_factor.eq(new.second_factor),
            session::created_at.eq(new.created_at.micros()),
            session::last_used_at.eq(new.last_used_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The live sessions of this account in the order in which they began.
pub(crate) fn list_live(
    conn: &mut Connection,
    owner: AccountId,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Session>, DatabaseError> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows: Vec<SessionRow> = session::table
        .filter(session::account_id.eq(owner.to_string()))
        .filter(session::id.gt(after))
        .filter(session::ended_at.is_null())
        .order(session::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// True when the account ever had this session.
pub(crate) fn is_of(
    conn: &mut Connection,
    owner: AccountId,
    id: SessionId,
) -> Result<bool, DatabaseError> {
    let found: i64 = session::table
        .filter(session::id.eq(id.to_string()))
        .filter(session::account_id.eq(owner.to_string()))
        .count()
        .get_result(conn)?;
    Ok(found == 1)
}

/// Ends a session that has not ended yet.
pub(crate) fn end(
    conn: &mut Connection,
    owner: AccountId,
    id: SessionId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let live = session::table
        .filter(session::id.eq(id.to_string()))
        .filter(session::account_id.eq(owner.to_string()))
        .filter(session::ended_at.is_null());
    Ok(diesel::update(live).set(session::ended_at.eq(now.micros())).execute(conn)? == 1)
}

pub(crate) fn mark_used(
    conn: &mut Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    diesel::update(session::table.find(id.to_string()))
        .set(session::last_used_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// What a session counts for: none when it has ended or its account is suspended.
pub(crate) struct Standing {
    pub(crate) collector: Option<CollectorId>,
    pub(crate) second_factor: bool,
}

pub(crate) fn standing(
    conn: &mut Connection,
    owner: AccountId,
    id: SessionId,
) -> Result<Option<Standing>, DatabaseError> {
    let row: Option<(Option<String>, bool)> = session::table
        .inner_join(account::table)
        .filter(session::id.eq(id.to_string()))
        .filter(session::account_id.eq(owner.to_string()))
        .filter(session::ended_at.is_null())
        .filter(account::suspended_at.is_null())
        .select((account::collector_id, session::second_factor))
        .first(conn)
        .optional()?;
    let Some((collector, second_factor)) = row else { return Ok(None) };
    let collector = collector.map(|id| id_of("account", &id)).transpose()?;
    Ok(Some(Standing { collector, second_factor }))
}

/// A refresh token that we once gave out.
pub(crate) struct KnownToken {
    pub(crate) session: SessionId,
    pub(crate) account: AccountId,
    pub(crate) spent_at: Option<Timestamp>,
    pub(crate) last_used_at: Timestamp,
}

/// Finds a refresh token whose session and account are still in force.
pub(crate) fn find_token(
    conn: &mut Connection,
    hash: &str,
) -> Result<Option<KnownToken>, DatabaseError> {
    let row: Option<(String, String, Option<i64>, i64)> = refresh_token::table
        .inner_join(session::table.inner_join(account::table))
        .filter(refresh_token::token_hash.eq(hash))
        .filter(session::ended_at.is_null())
        .filter(account::suspended_at.is_null())
        .select((session::id, session::account_id, refresh_token::spent_at, session::last_used_at))
        .first(conn)
        .optional()?;
    let Some((session, owner, spent_at, last_used_at)) = row else { return Ok(None) };
    Ok(Some(KnownToken {
        session: id_of(TABLE, &session)?,
        account: id_of(TABLE, &owner)?,
        spent_at: moment(spent_at),
        last_used_at: Timestamp::from_micros(last_used_at),
    }))
}

pub(crate) fn insert_token(
    conn: &mut Connection,
    hash: &str,
    of: SessionId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::token_hash.eq(hash),
            refresh_token::session_id.eq(of.to_string()),
            refresh_token::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Spends a refresh token; of two at once only one succeeds.
pub(crate) fn spend_token(
    conn: &mut Connection,
    hash: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let unspent = refresh_token::table
        .filter(refresh_token::token_hash.eq(hash))
        .filter(refresh_token::spent_at.is_null());
    Ok(diesel::update(unspent).set(refresh_token::spent_at.eq(now.micros())).execute(conn)? == 1)
}

/// Forgets tokens spent so long ago that their session must have been renewed or ended since.
pub(crate) fn forget_tokens_spent_before(
    conn: &mut Connection,
    moment: Timestamp,
) -> Result<usize, DatabaseError> {
    let old = refresh_token::table.filter(refresh_token::spent_at.lt(moment.micros()));
    Ok(diesel::delete(old).execute(conn)?)
}
