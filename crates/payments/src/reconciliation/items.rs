//! The rows of what was compared, and of what people said about it.

use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{AccountId, Invalid, ReconciliationId, Timestamp, TopUpId, WithdrawalId};

use super::{
    DifferenceCause, DifferenceExplanation, Direction, ExplainedItem, MatchOutcome,
    ReconciliationItem, ReconciliationTally,
};
use crate::{
    gateway::GatewayName,
    schema::{reconciliation_explanation as explanation, reconciliation_line as item},
};

/// Rows written by one statement: PostgreSQL binds a limited number of values.
const CHUNK: usize = 1_000;

/// One explanation for one difference.
const EXPLANATION_KEY: &str = "reconciliation_explanation_gateway_subject_figures_key";

#[derive(Queryable, Insertable)]
#[diesel(table_name = item, treat_none_as_default_value = false)]
struct ItemRow {
    reconciliation_id: String,
    direction: String,
    subject: String,
    outcome: String,
    withdrawal_id: Option<String>,
    charge_id: Option<String>,
    ours_rupiah: i64,
    theirs_out_rupiah: i64,
    theirs_in_rupiah: i64,
    theirs_back_rupiah: i64,
    happened_at: i64,
    suspense: bool,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = explanation)]
struct ExplanationRow {
    gateway: String,
    subject: String,
    figures: String,
    explained_by: String,
    explained_at: i64,
    reason: String,
    cause: String,
}

pub(super) fn insert(
    conn: &mut Connection,
    of: ReconciliationId,
    items: &[ReconciliationItem],
) -> Result<(), DatabaseError> {
    match conn {
        Connection::Postgres(conn) => {
            for chunk in items.chunks(CHUNK) {
                let rows: Vec<ItemRow> = chunk.iter().map(|it| ItemRow::of(of, it)).collect();
                diesel::insert_into(item::table).values(rows).execute(conn)?;
            }
        }
        Connection::Sqlite(conn) => {
            for row in items.iter().map(|it| ItemRow::of(of, it)) {
                diesel::insert_into(item::table).values(row).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The oldest first, after the given place in the list; all of them, or those with one outcome.
pub(super) fn page(
    conn: &mut Connection,
    of: ReconciliationId,
    outcome: Option<MatchOutcome>,
    after: Option<(Timestamp, String)>,
    limit: i64,
) -> Result<Vec<ReconciliationItem>, DatabaseError> {
    let (since, subject) =
        after.map_or((i64::MIN, String::new()), |(since, subject)| (since.micros(), subject));
    let later = item::happened_at.gt(since);
    let same_moment = item::happened_at.eq(since).and(item::subject.gt(subject));
    let mut query = item::table
        .filter(item::reconciliation_id.eq(of.to_string()))
        .filter(later.or(same_moment))
        .order((item::happened_at, item::subject))
        .limit(limit)
        .into_boxed();
    if let Some(outcome) = outcome {
        query = query.filter(item::outcome.eq(outcome.as_str()));
    }
    read(query.load::<ItemRow>(conn)?)
}

pub(super) fn find(
    conn: &mut Connection,
    of: ReconciliationId,
    subject: &str,
) -> Result<Option<ReconciliationItem>, DatabaseError> {
    let row: Option<ItemRow> = item::table
        .filter(item::reconciliation_id.eq(of.to_string()))
        .filter(item::subject.eq(subject))
        .order((item::suspense.desc(), item::direction))
        .first(conn)
        .optional()?;
    row.map(ReconciliationItem::try_from).transpose()
}

/// What somebody has to look into and nobody has explained.
pub(super) fn unexplained(
    conn: &mut Connection,
    gateway: GatewayName,
    of: ReconciliationId,
) -> Result<Vec<ReconciliationItem>, DatabaseError> {
    let rows: Vec<ItemRow> = item::table
        .filter(item::reconciliation_id.eq(of.to_string()))
        .filter(item::suspense.eq(true))
        .order((item::happened_at, item::subject))
        .load(conn)?;
    let explained = with_explanations(conn, gateway, read(rows)?)?;
    let open = explained.into_iter().filter(|(_, explanation)| explanation.is_none());
    Ok(open.map(|(item, _)| item).collect())
}

/// Each with what was said about it, if its figures are still those that were explained.
pub(super) fn with_explanations(
    conn: &mut Connection,
    gateway: GatewayName,
    items: Vec<ReconciliationItem>,
) -> Result<Vec<ExplainedItem>, DatabaseError> {
    let explain = |item: ReconciliationItem| {
        let known = if item.suspense { explanation_of(conn, gateway, &item)? } else { None };
        Ok((item, known))
    };
    items.into_iter().map(explain).collect()
}

pub(super) fn explanation_of(
    conn: &mut Connection,
    gateway: GatewayName,
    item: &ReconciliationItem,
) -> Result<Option<DifferenceExplanation>, DatabaseError> {
    let key = (gateway.as_str(), item.subject.as_str(), figures(item));
    let row: Option<ExplanationRow> = explanation::table.find(key).first(conn).optional()?;
    row.map(DifferenceExplanation::try_from).transpose()
}

/// Keeps what was found out; false when somebody has said something before.
pub(super) fn explain(
    conn: &mut Connection,
    gateway: GatewayName,
    item: &ReconciliationItem,
    said: &DifferenceExplanation,
) -> Result<bool, DatabaseError> {
    let row = ExplanationRow {
        gateway: gateway.as_str().to_owned(),
        subject: item.subject.clone(),
        figures: figures(item),
        explained_by: said.by.to_string(),
        explained_at: said.at.micros(),
        reason: said.reason.clone(),
        cause: said.cause.as_str().to_owned(),
    };
    let kept = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(diesel::insert_into(explanation::table).values(row).execute(savepoint)?)
    });
    match kept {
        Err(error) if error.violates(EXPLANATION_KEY) => Ok(false),
        other => other.map(|_one| true),
    }
}

/// What was explained: as soon as one of these changes, it is another difference.
fn figures(item: &ReconciliationItem) -> String {
    let ReconciliationItem { outcome, ours, theirs_out, theirs_in, theirs_back, .. } = item;
    match item.direction {
        Direction::Out => format!("{} {ours} {theirs_out} {theirs_back}", outcome.as_str()),
        Direction::In => format!("in {} {ours} {theirs_in} {theirs_back}", outcome.as_str()),
    }
}

/// How many rows in one direction there are of each outcome.
pub(super) fn tally_of(
    conn: &mut Connection,
    of: ReconciliationId,
    direction: Direction,
) -> Result<ReconciliationTally, DatabaseError> {
    let mut count = |outcome: MatchOutcome| -> Result<i64, DatabaseError> {
        let kept = item::table
            .filter(item::reconciliation_id.eq(of.to_string()))
            .filter(item::direction.eq(direction.as_str()))
            .filter(item::outcome.eq(outcome.as_str()));
        Ok(kept.count().get_result(conn)?)
    };
    Ok(ReconciliationTally {
        matched: count(MatchOutcome::Matched)?,
        ours_only: count(MatchOutcome::OursOnly)?,
        theirs_only: count(MatchOutcome::TheirsOnly)?,
        different_amount: count(MatchOutcome::DifferentAmount)?,
    })
}

fn read(rows: Vec<ItemRow>) -> Result<Vec<ReconciliationItem>, DatabaseError> {
    rows.into_iter().map(ReconciliationItem::try_from).collect()
}

impl ItemRow {
    fn of(reconciliation: ReconciliationId, item: &ReconciliationItem) -> Self {
        Self {
            reconciliation_id: reconciliation.to_string(),
            direction: item.direction.as_str().to_owned(),
            subject: item.subject.clone(),
            outcome: item.outcome.as_str().to_owned(),
            withdrawal_id: item.withdrawal.map(|id| id.to_string()),
            charge_id: item.charge.map(|id| id.to_string()),
            ours_rupiah: item.ours,
            theirs_out_rupiah: item.theirs_out,
            theirs_in_rupiah: item.theirs_in,
            theirs_back_rupiah: item.theirs_back,
            happened_at: item.at.micros(),
            suspense: item.suspense,
        }
    }

    fn read(self) -> Result<ReconciliationItem, Invalid> {
        Ok(ReconciliationItem {
            direction: Direction::parse(&self.direction)?,
            charge: self.charge_id.as_deref().map(TopUpId::parse).transpose()?,
            theirs_in: self.theirs_in_rupiah,
            subject: self.subject,
            outcome: MatchOutcome::parse(&self.outcome)?,
            withdrawal: self.withdrawal_id.as_deref().map(WithdrawalId::parse).transpose()?,
            ours: self.ours_rupiah,
            theirs_out: self.theirs_out_rupiah,
            theirs_back: self.theirs_back_rupiah,
            at: Timestamp::from_micros(self.happened_at),
            suspense: self.suspense,
        })
    }
}

impl TryFrom<ItemRow> for ReconciliationItem {
    type Error = DatabaseError;

    fn try_from(row: ItemRow) -> Result<Self, DatabaseError> {
        let subject = row.subject.clone();
        row.read().map_err(|what| DatabaseError::corrupt("reconciliation_line", subject, what))
    }
}

impl TryFrom<ExplanationRow> for DifferenceExplanation {
    type Error = DatabaseError;

    fn try_from(row: ExplanationRow) -> Result<Self, DatabaseError> {
        let corrupt =
            |what| DatabaseError::corrupt("reconciliation_explanation", &row.subject, what);
        Ok(Self {
            by: AccountId::parse(&row.explained_by).map_err(corrupt)?,
            at: Timestamp::from_micros(row.explained_at),
            cause: DifferenceCause::parse(&row.cause).map_err(corrupt)?,
            reason: row.reason,
        })
    }
}
