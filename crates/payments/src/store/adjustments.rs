use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{AccountId, AdjustmentId, Invalid, RegionCode, Rupiah, Timestamp};

use crate::{
    Adjustment, ProposalStateName,
    proposal::ProposalColumns,
    rules,
    schema::{adjustment, adjustment_day},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = adjustment, treat_none_as_default_value = false)]
struct AdjustmentRow {
    id: String,
    region: String,
    account_id: String,
    amount_rupiah: i64,
    reason: String,
    maker: String,
    proposed_at: i64,
    state: String,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    rejection_reason: Option<String>,
    journal_id: Option<String>,
    version: i64,
}

/// Takes the amount out of what the maker may propose on that day; false when there is not so much left.
pub(crate) fn take_from_day(
    conn: &mut Connection,
    maker: AccountId,
    day: i64,
    amount: i64,
) -> Result<bool, DatabaseError> {
    let maker = maker.to_string();
    let begun = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        let nothing = (
            adjustment_day::maker.eq(&maker),
            adjustment_day::day.eq(day),
            adjustment_day::proposed_rupiah.eq(0),
        );
        Ok(diesel::insert_into(adjustment_day::table).values(nothing).execute(savepoint)?)
    });
    match begun {
        Err(error) if error.violates("adjustment_day_maker_day_key") => {}
        other => {
            other?;
        }
    }
    let left = adjustment_day::table
        .filter(adjustment_day::maker.eq(&maker))
        .filter(adjustment_day::day.eq(day))
        .filter(adjustment_day::proposed_rupiah.le(rules::ADJUSTED_PER_DAY.saturating_sub(amount)));
    #[expect(clippy::arithmetic_side_effects, reason = "the database adds, and checks the sum")]
    let taken = adjustment_day::proposed_rupiah.eq(adjustment_day::proposed_rupiah + amount);
    Ok(diesel::update(left).set(taken).execute(conn)? == 1)
}

pub(crate) fn insert_adjustment(
    conn: &mut Connection,
    new: &Adjustment,
) -> Result<(), DatabaseError> {
    diesel::insert_into(adjustment::table).values(AdjustmentRow::from(new)).execute(conn)?;
    Ok(())
}

/// Writes the decision, if nobody has decided since it was read.
pub(crate) fn decide_adjustment(
    conn: &mut Connection,
    after: &Adjustment,
) -> Result<bool, DatabaseError> {
    let row = AdjustmentRow::from(after);
    let open = adjustment::table
        .filter(adjustment::id.eq(row.id))
        .filter(adjustment::state.eq(ProposalStateName::Proposed.as_str()));
    let changed = diesel::update(open)
        .set((
            adjustment::state.eq(row.state),
            adjustment::decided_at.eq(row.decided_at),
            adjustment::decided_by.eq(row.decided_by),
            adjustment::rejection_reason.eq(row.rejection_reason),
            adjustment::journal_id.eq(row.journal_id),
            adjustment::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

pub(crate) fn find_adjustment(
    conn: &mut Connection,
    id: AdjustmentId,
) -> Result<Option<Adjustment>, DatabaseError> {
    let row: Option<AdjustmentRow> =
        adjustment::table.find(id.to_string()).first(conn).optional()?;
    row.map(Adjustment::try_from).transpose()
}

/// Adjustments of a region and everything below it, in the order of their ids, after the given one.
pub(crate) fn adjustments_of_region(
    conn: &mut Connection,
    region: &RegionCode,
    state: Option<ProposalStateName>,
    after: Option<AdjustmentId>,
    limit: i64,
) -> Result<Vec<Adjustment>, DatabaseError> {
    let inside = adjustment::region.eq(region.to_string()).or(adjustment::region
        .gt(format!("{region}."))
        // '/' follows '.', so this is every code that begins with the region's own groups.
        .and(adjustment::region.lt(format!("{region}/"))));
    let word = state.map_or("", ProposalStateName::as_str);
    let every = state.is_none().into_sql::<diesel::sql_types::Bool>();
    let rows: Vec<AdjustmentRow> = adjustment::table
        .filter(inside)
        .filter(adjustment::state.eq(word).or(every))
        .filter(adjustment::id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
        .order(adjustment::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Adjustment::try_from).collect()
}

/// Approved adjustments of everywhere, in the order of their ids, after the given one.
pub(crate) fn approved_after(
    conn: &mut Connection,
    after: Option<AdjustmentId>,
    limit: i64,
) -> Result<Vec<Adjustment>, DatabaseError> {
    let rows: Vec<AdjustmentRow> = adjustment::table
        .filter(adjustment::state.eq(ProposalStateName::Approved.as_str()))
        .filter(adjustment::id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
        .order(adjustment::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Adjustment::try_from).collect()
}

impl From<&Adjustment> for AdjustmentRow {
    fn from(adjustment: &Adjustment) -> Self {
        let decision = ProposalColumns::from(&adjustment.state);
        Self {
            id: adjustment.id.to_string(),
            region: adjustment.region.to_string(),
            account_id: adjustment.account.to_string(),
            amount_rupiah: adjustment.amount.get(),
            reason: adjustment.reason.clone(),
            maker: adjustment.maker.to_string(),
            proposed_at: adjustment.proposed_at.micros(),
            state: decision.state,
            decided_at: decision.decided_at,
            decided_by: decision.decided_by,
            rejection_reason: decision.rejection_reason,
            journal_id: decision.journal_id,
            version: adjustment.version,
        }
    }
}

impl TryFrom<AdjustmentRow> for Adjustment {
    type Error = DatabaseError;

    fn try_from(row: AdjustmentRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("adjustment", id, what))
    }
}

impl AdjustmentRow {
    fn read(self) -> Result<Adjustment, Invalid> {
        let decision = ProposalColumns {
            state: self.state,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            rejection_reason: self.rejection_reason,
            journal_id: self.journal_id,
        };
        Ok(Adjustment {
            id: AdjustmentId::parse(&self.id)?,
            region: RegionCode::parse(&self.region)?,
            account: AccountId::parse(&self.account_id)?,
            amount: Rupiah::new(self.amount_rupiah),
            maker: AccountId::parse(&self.maker)?,
            proposed_at: Timestamp::from_micros(self.proposed_at),
            state: decision.read()?,
            reason: self.reason,
            version: self.version,
        })
    }
}
