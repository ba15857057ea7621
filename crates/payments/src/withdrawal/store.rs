use database::{Connection, DatabaseError};
use diesel::{Connection as _, dsl::sql, prelude::*, sql_types};
use primitives::{AccountId, Rupiah, Timestamp, WithdrawalId};

use super::{Decision, Withdrawal, row::WithdrawalRow};
use crate::{
    gateway::{GatewayName, Period},
    schema::{withdrawal, withdrawal_decision},
};

const OPEN: [&str; 4] = ["created", "sending", "in_doubt", "pending"];

/// Writes a new withdrawal; false when another one of the account is under way.
pub(super) fn insert(conn: &mut Connection, new: &Withdrawal) -> Result<bool, DatabaseError> {
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        let row = WithdrawalRow::from(new);
        Ok(diesel::insert_into(withdrawal::table).values(row).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("withdrawal_account_id_key") => Ok(false),
        other => other.map(|_one| true),
    }
}

/// Writes the withdrawal only over the version that was read; false means that somebody else has it by now.
pub(super) fn save(
    conn: &mut Connection,
    read_version: i64,
    after: &Withdrawal,
) -> Result<bool, DatabaseError> {
    let row = withdrawal::table
        .filter(withdrawal::id.eq(after.id.to_string()))
        .filter(withdrawal::version.eq(read_version));
    Ok(diesel::update(row).set(WithdrawalRow::from(after)).execute(conn)? == 1)
}

pub(super) fn find(
    conn: &mut Connection,
    id: WithdrawalId,
) -> Result<Option<Withdrawal>, DatabaseError> {
    let row: Option<WithdrawalRow> =
        withdrawal::table.find(id.to_string()).first(conn).optional()?;
    row.map(Withdrawal::try_from).transpose()
}

/// The withdrawal that the gateway knows by this name of its own.
pub(super) fn find_by_reference(
    conn: &mut Connection,
    gateway: GatewayName,
    reference: &str,
) -> Result<Option<Withdrawal>, DatabaseError> {
    let row: Option<WithdrawalRow> = withdrawal::table
        .filter(withdrawal::gateway.eq(gateway.as_str()))
        .filter(withdrawal::reference.eq(reference))
        .first(conn)
        .optional()?;
    row.map(Withdrawal::try_from).transpose()
}

/// What was first sent to the gateway in the period, in the order of their ids.
pub(super) fn sent_between(
    conn: &mut Connection,
    gateway: GatewayName,
    period: Period,
) -> Result<Vec<Withdrawal>, DatabaseError> {
    let rows: Vec<WithdrawalRow> = withdrawal::table
        .filter(withdrawal::gateway.eq(gateway.as_str()))
        .filter(withdrawal::sent_at.ge(period.from.micros()))
        .filter(withdrawal::sent_at.lt(period.until.micros()))
        .order(withdrawal::id)
        .load(conn)?;
    read(rows)
}

/// The account's withdrawal that is under way.
pub(super) fn find_open(
    conn: &mut Connection,
    account: AccountId,
) -> Result<Option<Withdrawal>, DatabaseError> {
    let row: Option<WithdrawalRow> = withdrawal::table
        .filter(withdrawal::account_id.eq(account.to_string()))
        .filter(withdrawal::state.eq_any(OPEN))
        .first(conn)
        .optional()?;
    row.map(Withdrawal::try_from).transpose()
}

/// The account's withdrawals, newest first, after the given place in the list.
pub(super) fn page_owned(
    conn: &mut Connection,
    account: AccountId,
    after: Option<(Timestamp, WithdrawalId)>,
    limit: i64,
) -> Result<Vec<Withdrawal>, DatabaseError> {
    let mut query = withdrawal::table
        .filter(withdrawal::account_id.eq(account.to_string()))
        .order((withdrawal::created_at.desc(), withdrawal::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = after {
        let earlier = withdrawal::created_at.lt(created_at.micros());
        let same_moment = withdrawal::created_at.eq(created_at.micros());
        query = query.filter(earlier.or(same_moment.and(withdrawal::id.lt(id.to_string()))));
    }
    read(query.load::<WithdrawalRow>(conn)?)
}

/// What left (or is leaving) the account since the moment; what came back does not count.
pub(super) fn taken_since(
    conn: &mut Connection,
    account: AccountId,
    since: Timestamp,
) -> Result<Rupiah, DatabaseError> {
    let sum: Option<i64> = withdrawal::table
        .filter(withdrawal::account_id.eq(account.to_string()))
        .filter(withdrawal::created_at.ge(since.micros()))
        .filter(withdrawal::returned_at.is_null())
        .select(sql::<sql_types::Nullable<sql_types::BigInt>>("CAST(SUM(amount_rupiah) AS BIGINT)"))
        .first(conn)?;
    Ok(Rupiah::new(sum.unwrap_or(0)))
}

/// Withdrawals that a worker has to look at, those that wait longest first.
pub(super) fn due(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<WithdrawalId>, DatabaseError> {
    let ids = withdrawal::table
        .filter(withdrawal::due_at.le(now.micros()))
        .order((withdrawal::due_at, withdrawal::id))
        .limit(limit)
        .select(withdrawal::id)
        .load::<String>(conn)?;
    let parse = |id: String| {
        WithdrawalId::parse(&id).map_err(|what| DatabaseError::corrupt("withdrawal", &id, what))
    };
    ids.into_iter().map(parse).collect()
}

/// Withdrawals under way that wait for a person, those that wait longest first, after the given place in the list.
pub(super) fn page_escalated(
    conn: &mut Connection,
    after: Option<(Timestamp, WithdrawalId)>,
    limit: i64,
) -> Result<Vec<Withdrawal>, DatabaseError> {
    let (since, id) =
        after.map_or((i64::MIN, String::new()), |(since, id)| (since.micros(), id.to_string()));
    let later = withdrawal::escalated_at.gt(since);
    let same_moment = withdrawal::escalated_at.eq(since).and(withdrawal::id.gt(id));
    let rows: Vec<WithdrawalRow> = withdrawal::table
        .filter(withdrawal::escalated_at.is_not_null())
        .filter(withdrawal::state.eq_any(OPEN))
        .filter(later.or(same_moment))
        .order((withdrawal::escalated_at, withdrawal::id))
        .limit(limit)
        .load(conn)?;
    read(rows)
}

/// Keeps who decided, and why; once.
pub(super) fn insert_decision(
    conn: &mut Connection,
    withdrawal: WithdrawalId,
    checker: AccountId,
    decision: &Decision,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let row = (
        withdrawal_decision::withdrawal_id.eq(withdrawal.to_string()),
        withdrawal_decision::checker.eq(checker.to_string()),
        withdrawal_decision::outcome.eq(decision.outcome.as_str()),
        withdrawal_decision::reason.eq(&decision.reason),
        withdrawal_decision::decided_at.eq(at.micros()),
    );
    diesel::insert_into(withdrawal_decision::table).values(row).execute(conn)?;
    Ok(())
}

/// Withdrawals in the order of their ids, after the given one.
pub(super) fn after(
    conn: &mut Connection,
    last: Option<WithdrawalId>,
    limit: i64,
) -> Result<Vec<Withdrawal>, DatabaseError> {
    let last = last.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<WithdrawalRow> = withdrawal::table
        .filter(withdrawal::id.gt(last))
        .order(withdrawal::id)
        .limit(limit)
        .load(conn)?;
    read(rows)
}

fn read(rows: Vec<WithdrawalRow>) -> Result<Vec<Withdrawal>, DatabaseError> {
    rows.into_iter().map(Withdrawal::try_from).collect()
}
