use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, PickupId, Timestamp};

use crate::{
    Dispute, Rating, Ruling, Side, Stars, Weighing,
    schema::{pickup_dispute, pickup_line, pickup_rating, pickup_weighing},
    store::row::{DisputeRow, LineRow, RatingRow, WeighingRow},
};

/// Writes the one weigh-in of a job.
pub(crate) fn add_weighing(
    conn: &mut Connection,
    id: PickupId,
    weighing: &Weighing,
) -> Result<(), DatabaseError> {
    let id = id.to_string();
    let row = WeighingRow {
        pickup_id: id.clone(),
        weighed_at: weighing.at.micros(),
        scale_id: weighing.scale.id.clone(),
        amount_rupiah: weighing.amount.get(),
        scale_tera_until: weighing.scale.tera_until.map(String::from),
    };
    diesel::insert_into(pickup_weighing::table).values(row).execute(conn)?;
    for line in LineRow::of(&id, &weighing.lines) {
        diesel::insert_into(pickup_line::table).values(line).execute(conn)?;
    }
    Ok(())
}

pub(super) fn weighed(
    conn: &mut Connection,
    id: &str,
) -> Result<Option<(WeighingRow, Vec<LineRow>)>, DatabaseError> {
    let weighing = pickup_weighing::table.find(id).first::<WeighingRow>(conn).optional()?;
    let lines = pickup_line::table
        .filter(pickup_line::pickup_id.eq(id))
        .order(pickup_line::position)
        .load::<LineRow>(conn)?;
    Ok(weighing.map(|weighing| (weighing, lines)))
}

/// Writes what the household objects to.
pub(crate) fn open_dispute(
    conn: &mut Connection,
    id: PickupId,
    dispute: &Dispute,
) -> Result<(), DatabaseError> {
    let row = DisputeRow {
        pickup_id: id.to_string(),
        disputed_at: dispute.at.micros(),
        reason: dispute.reason.clone(),
        detail: dispute.detail.clone(),
        resolved_at: None,
        resolved_by: None,
        outcome: None,
        resolution_reason: None,
    };
    diesel::insert_into(pickup_dispute::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn dispute(
    conn: &mut Connection,
    id: &str,
) -> Result<Option<DisputeRow>, DatabaseError> {
    Ok(pickup_dispute::table.find(id).first::<DisputeRow>(conn).optional()?)
}

/// Writes how staff decided.
pub(crate) fn resolve_dispute(
    conn: &mut Connection,
    id: PickupId,
    officer: AccountId,
    ruling: &Ruling,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let row = pickup_dispute::table.filter(pickup_dispute::pickup_id.eq(id.to_string()));
    let decision = (
        pickup_dispute::resolved_at.eq(at.micros()),
        pickup_dispute::resolved_by.eq(officer.to_string()),
        pickup_dispute::outcome.eq(ruling.outcome.as_str()),
        pickup_dispute::resolution_reason.eq(&ruling.reason),
    );
    diesel::update(row).set(decision).execute(conn)?;
    Ok(())
}

/// Writes the stars of one side; a second time violates `pickup_rating_pickup_id_rated_by_key`.
pub(crate) fn add_rating(
    conn: &mut Connection,
    id: PickupId,
    by: Side,
    rating: &Rating,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let row = RatingRow {
        pickup_id: id.to_string(),
        rated_by: by.as_str().to_owned(),
        stars: rating.stars.get(),
        comment: rating.comment.clone(),
        created_at: at.micros(),
    };
    diesel::insert_into(pickup_rating::table).values(row).execute(conn)?;
    Ok(())
}

/// The stars that one side gave.
pub(crate) fn rating_by(
    conn: &mut Connection,
    id: PickupId,
    by: Side,
) -> Result<Option<Rating>, DatabaseError> {
    let row = pickup_rating::table
        .find((id.to_string(), by.as_str()))
        .first::<RatingRow>(conn)
        .optional()?;
    let read = |row: RatingRow| {
        let stars = Stars::parse(row.stars);
        let stars = stars.map_err(|what| DatabaseError::corrupt("pickup_rating", id, what))?;
        Ok(Rating { stars, comment: row.comment })
    };
    row.map(read).transpose()
}
