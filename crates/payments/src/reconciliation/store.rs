use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{Invalid, ReconciliationId, Timestamp};

use super::{ReadFailure, Reconciliation, ReconciliationState, ReconciliationTally};
use crate::{
    gateway::{GatewayName, Period},
    schema::reconciliation,
};

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reconciliation, treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
struct Row {
    id: String,
    gateway: String,
    from_at: i64,
    until_at: i64,
    requested_at: i64,
    requested_by: String,
    state: String,
    due_at: Option<i64>,
    ended_at: Option<i64>,
    failure: Option<String>,
    matched: Option<i64>,
    ours_only: Option<i64>,
    theirs_only: Option<i64>,
    different_amount: Option<i64>,
    version: i64,
    incoming_matched: Option<i64>,
    incoming_ours_only: Option<i64>,
    incoming_theirs_only: Option<i64>,
    incoming_different_amount: Option<i64>,
}

/// Writes a new one; false when another one of the gateway is under way.
pub(super) fn insert(conn: &mut Connection, new: &Reconciliation) -> Result<bool, DatabaseError> {
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(diesel::insert_into(reconciliation::table).values(Row::from(new)).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("reconciliation_gateway_key") => Ok(false),
        other => other.map(|_one| true),
    }
}

/// Writes it only over the version that was read; false means that somebody else has it by now.
pub(super) fn save(
    conn: &mut Connection,
    read_version: i64,
    after: &Reconciliation,
) -> Result<bool, DatabaseError> {
    let row = reconciliation::table
        .filter(reconciliation::id.eq(after.id.to_string()))
        .filter(reconciliation::version.eq(read_version));
    Ok(diesel::update(row).set(Row::from(after)).execute(conn)? == 1)
}

pub(super) fn find(
    conn: &mut Connection,
    id: ReconciliationId,
) -> Result<Option<Reconciliation>, DatabaseError> {
    let row: Option<Row> = reconciliation::table.find(id.to_string()).first(conn).optional()?;
    row.map(Reconciliation::try_from).transpose()
}

/// The newest of a gateway, whatever became of it; or the newest in one state.
pub(super) fn newest(
    conn: &mut Connection,
    gateway: GatewayName,
    state: Option<&str>,
) -> Result<Option<Reconciliation>, DatabaseError> {
    let mut query = reconciliation::table
        .filter(reconciliation::gateway.eq(gateway.as_str()))
        .order(reconciliation::id.desc())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(reconciliation::state.eq(state.to_owned()));
    }
    let row: Option<Row> = query.first(conn).optional()?;
    row.map(Reconciliation::try_from).transpose()
}

/// Those that a worker should take on now, those that wait longest first.
pub(super) fn due(
    conn: &mut Connection,
    now: Timestamp,
) -> Result<Vec<Reconciliation>, DatabaseError> {
    let rows: Vec<Row> = reconciliation::table
        .filter(reconciliation::state.eq("open"))
        .filter(reconciliation::due_at.le(now.micros()))
        .order((reconciliation::due_at, reconciliation::id))
        .load(conn)?;
    rows.into_iter().map(Reconciliation::try_from).collect()
}

/// The newest first, after the given one.
pub(super) fn page(
    conn: &mut Connection,
    after: Option<ReconciliationId>,
    limit: i64,
) -> Result<Vec<Reconciliation>, DatabaseError> {
    let mut query =
        reconciliation::table.order(reconciliation::id.desc()).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(reconciliation::id.lt(after.to_string()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Reconciliation::try_from).collect()
}

/// Those that came to their end, in the order of their ids, after the given one.
pub(super) fn finished_after(
    conn: &mut Connection,
    last: Option<ReconciliationId>,
    limit: i64,
) -> Result<Vec<Reconciliation>, DatabaseError> {
    let rows: Vec<Row> = reconciliation::table
        .filter(reconciliation::state.eq("finished"))
        .filter(reconciliation::id.gt(last.map(|id| id.to_string()).unwrap_or_default()))
        .order(reconciliation::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Reconciliation::try_from).collect()
}

impl From<&Reconciliation> for Row {
    fn from(it: &Reconciliation) -> Self {
        let open = Self {
            id: it.id.to_string(),
            gateway: it.gateway.as_str().to_owned(),
            from_at: it.period.from.micros(),
            until_at: it.period.until.micros(),
            requested_at: it.requested_at.micros(),
            requested_by: it.requested_by.clone(),
            state: it.state.name().as_str().to_owned(),
            due_at: None,
            ended_at: None,
            failure: None,
            matched: None,
            ours_only: None,
            theirs_only: None,
            different_amount: None,
            version: it.version,
            incoming_matched: None,
            incoming_ours_only: None,
            incoming_theirs_only: None,
            incoming_different_amount: None,
        };
        match it.state {
            ReconciliationState::Open { due_at } => Self { due_at: Some(due_at.micros()), ..open },
            ReconciliationState::Finished { at, tally, incoming } => Self {
                ended_at: Some(at.micros()),
                matched: Some(tally.matched),
                ours_only: Some(tally.ours_only),
                theirs_only: Some(tally.theirs_only),
                different_amount: Some(tally.different_amount),
                incoming_matched: Some(incoming.matched),
                incoming_ours_only: Some(incoming.ours_only),
                incoming_theirs_only: Some(incoming.theirs_only),
                incoming_different_amount: Some(incoming.different_amount),
                ..open
            },
            ReconciliationState::Failed { at, failure } => Self {
                ended_at: Some(at.micros()),
                failure: Some(failure.as_str().to_owned()),
                ..open
            },
        }
    }
}

impl TryFrom<Row> for Reconciliation {
    type Error = DatabaseError;

    fn try_from(row: Row) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("reconciliation", id, what))
    }
}

impl Row {
    fn read(self) -> Result<Reconciliation, Invalid> {
        Ok(Reconciliation {
            id: ReconciliationId::parse(&self.id)?,
            gateway: GatewayName::parse(&self.gateway)?,
            period: Period {
                from: Timestamp::from_micros(self.from_at),
                until: Timestamp::from_micros(self.until_at),
            },
            requested_at: Timestamp::from_micros(self.requested_at),
            state: self.read_state()?,
            requested_by: self.requested_by,
            version: self.version,
        })
    }

    fn read_state(&self) -> Result<ReconciliationState, Invalid> {
        let moment = |column: Option<i64>| column.map(Timestamp::from_micros).ok_or(INCOMPLETE);
        match self.state.as_str() {
            "open" => Ok(ReconciliationState::Open { due_at: moment(self.due_at)? }),
            "finished" => Ok(ReconciliationState::Finished {
                at: moment(self.ended_at)?,
                tally: ReconciliationTally {
                    matched: self.matched.ok_or(INCOMPLETE)?,
                    ours_only: self.ours_only.ok_or(INCOMPLETE)?,
                    theirs_only: self.theirs_only.ok_or(INCOMPLETE)?,
                    different_amount: self.different_amount.ok_or(INCOMPLETE)?,
                },
                // Unknown for comparisons from before they looked at these.
                incoming: ReconciliationTally {
                    matched: self.incoming_matched.unwrap_or_default(),
                    ours_only: self.incoming_ours_only.unwrap_or_default(),
                    theirs_only: self.incoming_theirs_only.unwrap_or_default(),
                    different_amount: self.incoming_different_amount.unwrap_or_default(),
                },
            }),
            "failed" => Ok(ReconciliationState::Failed {
                at: moment(self.ended_at)?,
                failure: ReadFailure::parse(self.failure.as_deref().ok_or(INCOMPLETE)?)?,
            }),
            _ => Err(Invalid("state_unknown")),
        }
    }
}
