use database::{Connection, DatabaseError};
use diesel::{dsl::count_star, prelude::*};
use photos::Subject;
use primitives::{AccountId, Invalid, PaymentId, RegionCode, Timestamp};

use super::row::PaymentRow;
use crate::{
    CashOutcome, CashRuling, Closing, Dispute, Opener, Payment, PaymentStateName,
    schema::{payment, payment_dispute},
};

const ANSWERED: &str = "answered";

#[derive(Queryable, Insertable)]
#[diesel(table_name = payment_dispute)]
struct DisputeRow {
    payment_id: String,
    opened_by: String,
    reason: String,
    detail: Option<String>,
    opened_at: i64,
    decide_by: i64,
    outcome: Option<String>,
    closed_at: Option<i64>,
    ruled_by: Option<String>,
    ruling_reason: Option<String>,
}

pub(crate) fn open_dispute(conn: &mut Connection, new: &Dispute) -> Result<(), DatabaseError> {
    let row = DisputeRow {
        payment_id: new.payment.to_string(),
        opened_by: new.opened_by.as_str().to_owned(),
        reason: new.reason.clone(),
        detail: new.detail.clone(),
        opened_at: new.opened_at.micros(),
        decide_by: new.decide_by.micros(),
        outcome: None,
        closed_at: None,
        ruled_by: None,
        ruling_reason: None,
    };
    diesel::insert_into(payment_dispute::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends the payment's open dispute, if there is one.
pub(crate) fn close_dispute(
    conn: &mut Connection,
    of: PaymentId,
    closing: &Closing,
) -> Result<(), DatabaseError> {
    let (word, at, ruling) = match closing {
        Closing::Answered { at } => (ANSWERED, *at, None),
        Closing::Ruled { at, by, ruling } => (ruling.outcome.as_str(), *at, Some((by, ruling))),
    };
    let open = payment_dispute::table
        .filter(payment_dispute::payment_id.eq(of.to_string()))
        .filter(payment_dispute::outcome.is_null());
    diesel::update(open)
        .set((
            payment_dispute::outcome.eq(word),
            payment_dispute::closed_at.eq(at.micros()),
            payment_dispute::ruled_by.eq(ruling.map(|(by, _)| by.to_string())),
            payment_dispute::ruling_reason.eq(ruling.map(|(_, ruling)| ruling.reason.clone())),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every dispute of the payment: at most one by each, at most one of them open.
pub(crate) fn disputes_of(
    conn: &mut Connection,
    of: PaymentId,
) -> Result<Vec<Dispute>, DatabaseError> {
    let rows: Vec<DisputeRow> = payment_dispute::table
        .filter(payment_dispute::payment_id.eq(of.to_string()))
        .order((payment_dispute::opened_at, payment_dispute::opened_by))
        .load(conn)?;
    let found = rows.into_iter().map(Dispute::try_from).collect::<Result<Vec<_>, _>>()?;
    with_photos(conn, found)
}

fn with_photos(
    conn: &mut Connection,
    disputes: Vec<Dispute>,
) -> Result<Vec<Dispute>, DatabaseError> {
    let subjects: Vec<Subject> = disputes.iter().map(Dispute::subject).collect();
    let photos = photos::attached_to_each_in(conn, &subjects)?;
    let complete = |(dispute, photos)| Dispute { photos, ..dispute };
    Ok(disputes.into_iter().zip(photos).map(complete).collect())
}

/// Open disputes in a region, the most urgent first.
pub(crate) fn open_disputes(
    conn: &mut Connection,
    region: &RegionCode,
    after: Option<(Timestamp, PaymentId)>,
    limit: i64,
) -> Result<Vec<(Payment, Dispute)>, DatabaseError> {
    let (moment, id) =
        after.map_or((i64::MIN, String::new()), |(at, id)| (at.micros(), id.to_string()));
    let inside = payment::desa.eq(region.to_string()).or(payment::desa
        .gt(format!("{region}."))
        // '/' follows '.', so this is every code that begins with the region's own groups.
        .and(payment::desa.lt(format!("{region}/"))));
    let beyond = payment_dispute::decide_by
        .gt(moment)
        .or(payment_dispute::decide_by.eq(moment).and(payment_dispute::payment_id.gt(id)));
    let rows: Vec<(PaymentRow, DisputeRow)> = payment::table
        .inner_join(payment_dispute::table)
        .filter(payment_dispute::outcome.is_null())
        .filter(inside)
        .filter(beyond)
        .order((payment_dispute::decide_by, payment_dispute::payment_id))
        .limit(limit)
        .load(conn)?;
    let (payments, disputes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let payments = payments.into_iter().map(Payment::try_from).collect::<Result<Vec<_>, _>>()?;
    let disputes = disputes.into_iter().map(Dispute::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(payments.into_iter().zip(with_photos(conn, disputes)?).collect())
}

/// How many open disputes there are, how many flagged payments that wait, and how many of both together.
pub(crate) fn count_disputed(conn: &mut Connection) -> Result<(i64, i64, i64), DatabaseError> {
    let open = payment_dispute::outcome.is_null();
    let waiting = payment::state
        .eq(PaymentStateName::Pending.as_str())
        .and(payment::flagged_at.is_not_null());
    let disputes = payment_dispute::table.filter(open).select(count_star()).first(conn)?;
    let flagged = payment::table.filter(waiting).select(count_star()).first(conn)?;
    let both = payment::table.inner_join(payment_dispute::table).filter(open).filter(waiting);
    Ok((disputes, flagged, both.select(count_star()).first(conn)?))
}

/// How many rulings the payments do not follow.
pub(crate) fn count_ignored_rulings(conn: &mut Connection) -> Result<i64, DatabaseError> {
    let against = |outcome: CashOutcome, state: PaymentStateName| {
        payment_dispute::outcome.eq(outcome.as_str()).and(payment::state.ne(state.as_str()))
    };
    let ignored = payment::table
        .inner_join(payment_dispute::table)
        .filter(payment_dispute::outcome.is_not_null())
        .filter(
            against(CashOutcome::Received, PaymentStateName::Settled)
                .or(against(CashOutcome::NotReceived, PaymentStateName::Failed)),
        );
    Ok(ignored.select(count_star()).first(conn)?)
}

impl TryFrom<DisputeRow> for Dispute {
    type Error = DatabaseError;

    fn try_from(row: DisputeRow) -> Result<Self, DatabaseError> {
        let id = row.payment_id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("payment_dispute", id, what))
    }
}

impl DisputeRow {
    fn read(self) -> Result<Dispute, Invalid> {
        let opener = Opener::ALL.into_iter().find(|known| known.as_str() == self.opened_by);
        Ok(Dispute {
            payment: PaymentId::parse(&self.payment_id)?,
            opened_by: opener.ok_or(Invalid("opener_unknown"))?,
            opened_at: Timestamp::from_micros(self.opened_at),
            decide_by: Timestamp::from_micros(self.decide_by),
            closing: self.closing()?,
            reason: self.reason,
            detail: self.detail,
            photos: Vec::new(),
        })
    }

    fn closing(&self) -> Result<Option<Closing>, Invalid> {
        let (Some(word), Some(at)) = (self.outcome.as_deref(), self.closed_at) else {
            return Ok(None);
        };
        let at = Timestamp::from_micros(at);
        let outcome = match word {
            ANSWERED => return Ok(Some(Closing::Answered { at })),
            "received" => CashOutcome::Received,
            "not_received" => CashOutcome::NotReceived,
            _ => return Err(Invalid("outcome_unknown")),
        };
        let incomplete = Invalid("ruling_incomplete");
        let by = AccountId::parse(self.ruled_by.as_deref().ok_or(incomplete)?)?;
        let reason = self.ruling_reason.clone().ok_or(incomplete)?;
        Ok(Some(Closing::Ruled { at, by, ruling: CashRuling { outcome, reason } }))
    }
}
