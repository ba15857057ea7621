use database::{Connection, DatabaseError};
use diesel::{
    Connection as _,
    dsl::{exists, not},
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use primitives::{AccountId, SuspenseReleaseId, Timestamp, TopUpId};

use crate::{
    ProposalStateName,
    charge::{
        Received, SuspenseRelease,
        release::RELEASED_PER_DAY,
        row::{ReceivedRow, ReleaseRow},
    },
    gateway::GatewayName,
    schema::{charge_closing, incoming_payment, suspense_release},
};

/// Where a page of suspended payments goes on: when, through which gateway, and the gateway's name for it.
pub(in crate::charge) type Place = (Timestamp, GatewayName, String);

/// Why a release cannot be written.
pub(in crate::charge) enum Taken {
    /// The payment has a release that counts.
    Payment,
    /// The return gives another payment back.
    Return,
}

/// Takes the amount out of what the maker may propose on that day; false when there is not so much left.
pub(in crate::charge) fn take_from_day(
    conn: &mut Connection,
    maker: AccountId,
    day: i64,
    amount: i64,
) -> Result<bool, DatabaseError> {
    if amount > RELEASED_PER_DAY {
        return Ok(false);
    }
    let taken = sql_query(
        "INSERT INTO suspense_release_day (maker, day, proposed_rupiah) VALUES ($1, $2, $3)
         ON CONFLICT (maker, day) DO UPDATE
             SET proposed_rupiah = suspense_release_day.proposed_rupiah + excluded.proposed_rupiah
             WHERE suspense_release_day.proposed_rupiah + excluded.proposed_rupiah <= $4",
    )
    .bind::<Text, _>(maker.to_string())
    .bind::<BigInt, _>(day)
    .bind::<BigInt, _>(amount)
    .bind::<BigInt, _>(RELEASED_PER_DAY);
    Ok(taken.execute(conn)? == 1)
}

/// Writes a new release, unless something of it is taken.
pub(in crate::charge) fn insert_release(
    conn: &mut Connection,
    new: &SuspenseRelease,
) -> Result<Result<(), Taken>, DatabaseError> {
    let row = ReleaseRow::from(new);
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(diesel::insert_into(suspense_release::table).values(row).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("suspense_release_gateway_payment_key") => {
            Ok(Err(Taken::Payment))
        }
        Err(error) if error.violates("suspense_release_gateway_return_reference_key") => {
            Ok(Err(Taken::Return))
        }
        other => other.map(|_one| Ok(())),
    }
}

/// Writes the decision, if nobody has decided since it was read.
pub(in crate::charge) fn decide_release(
    conn: &mut Connection,
    after: &SuspenseRelease,
) -> Result<bool, DatabaseError> {
    let row = ReleaseRow::from(after);
    let open = suspense_release::table
        .filter(suspense_release::id.eq(row.id))
        .filter(suspense_release::state.eq(ProposalStateName::Proposed.as_str()));
    let changed = diesel::update(open)
        .set((
            suspense_release::state.eq(row.state),
            suspense_release::decided_at.eq(row.decided_at),
            suspense_release::decided_by.eq(row.decided_by),
            suspense_release::rejection_reason.eq(row.rejection_reason),
            suspense_release::journal_id.eq(row.journal_id),
            suspense_release::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

pub(in crate::charge) fn find_release(
    conn: &mut Connection,
    id: SuspenseReleaseId,
) -> Result<Option<SuspenseRelease>, DatabaseError> {
    let row: Option<ReleaseRow> =
        suspense_release::table.find(id.to_string()).first(conn).optional()?;
    row.map(SuspenseRelease::try_from).transpose()
}

/// The release of a payment that counts: the one that is proposed, or done.
pub(in crate::charge) fn release_of(
    conn: &mut Connection,
    gateway: GatewayName,
    payment: &str,
) -> Result<Option<SuspenseRelease>, DatabaseError> {
    let row: Option<ReleaseRow> = suspense_release::table
        .filter(suspense_release::gateway.eq(gateway.as_str()))
        .filter(suspense_release::payment.eq(payment))
        .filter(suspense_release::state.ne(ProposalStateName::Rejected.as_str()))
        .first(conn)
        .optional()?;
    row.map(SuspenseRelease::try_from).transpose()
}

/// Payments that went to suspense, the oldest first: those that wait there still, or those that have left it.
pub(in crate::charge) fn page_suspended(
    conn: &mut Connection,
    open: bool,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Received>, DatabaseError> {
    let (at, gateway, reference) = after
        .map_or((i64::MIN, "", String::new()), |(at, gateway, reference)| {
            (at.micros(), gateway.as_str(), reference)
        });
    let later = incoming_payment::created_at.gt(at);
    let same_moment = incoming_payment::created_at.eq(at);
    let beyond = incoming_payment::gateway
        .gt(gateway)
        .or(incoming_payment::gateway.eq(gateway).and(incoming_payment::reference.gt(reference)));
    let page = incoming_payment::table
        .filter(incoming_payment::place.eq("suspense"))
        .filter(later.or(same_moment.and(beyond)))
        .order((
            incoming_payment::created_at,
            incoming_payment::gateway,
            incoming_payment::reference,
        ))
        .limit(limit);
    let released = suspense_release::table
        .filter(suspense_release::gateway.eq(incoming_payment::gateway))
        .filter(suspense_release::payment.eq(incoming_payment::reference))
        .filter(suspense_release::state.eq(ProposalStateName::Approved.as_str()));
    let rows: Vec<ReceivedRow> = if open {
        page.filter(not(exists(released))).load(conn)?
    } else {
        page.filter(exists(released)).load(conn)?
    };
    rows.into_iter().map(Received::try_from).collect()
}

/// Somebody has looked into a charge and waits for nothing more.
pub(in crate::charge) fn insert_closing(
    conn: &mut Connection,
    charge: TopUpId,
    (by, at): (AccountId, Timestamp),
    reason: &str,
) -> Result<(), DatabaseError> {
    let row = (
        charge_closing::charge_id.eq(charge.to_string()),
        charge_closing::closed_at.eq(at.micros()),
        charge_closing::closed_by.eq(by.to_string()),
        charge_closing::reason.eq(reason),
    );
    diesel::insert_into(charge_closing::table).values(row).execute(conn)?;
    Ok(())
}

/// How often somebody has closed the charge.
pub(in crate::charge) fn count_closings(
    conn: &mut Connection,
    charge: TopUpId,
) -> Result<i64, DatabaseError> {
    let of_charge = charge_closing::charge_id.eq(charge.to_string());
    Ok(charge_closing::table.filter(of_charge).count().get_result(conn)?)
}
