use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{ChallengeId, PhoneNumber, Timestamp};

use super::phone_of;
use crate::{
    challenge::{Challenge, CountedTry},
    rules::{RESEND_AFTER, TRIES_PER_CODE},
    schema::{otp_challenge, otp_pace},
};

const TABLE: &str = "otp_challenge";

/// Takes the phone's turn to be sent a message; otherwise says when it was last sent one.
///
/// Two requests at once meet in this row, so what follows may count without racing.
pub(crate) fn take_turn(
    conn: &mut Connection,
    phone: &PhoneNumber,
    now: Timestamp,
) -> Result<Option<Timestamp>, DatabaseError> {
    let own = otp_pace::table.filter(otp_pace::phone.eq(phone.as_str()));
    let rested = own.filter(otp_pace::sent_at.le(now.minus(RESEND_AFTER).micros()));
    if diesel::update(rested).set(otp_pace::sent_at.eq(now.micros())).execute(conn)? == 1 {
        return Ok(None);
    }
    let sent_at: Option<i64> = own.select(otp_pace::sent_at).first(conn).optional()?;
    match sent_at {
        Some(sent_at) => Ok(Some(Timestamp::from_micros(sent_at))),
        None => take_first_turn(conn, phone, now),
    }
}

fn take_first_turn(
    conn: &mut Connection,
    phone: &PhoneNumber,
    now: Timestamp,
) -> Result<Option<Timestamp>, DatabaseError> {
    let first = conn.transaction(|conn| -> Result<(), DatabaseError> {
        diesel::insert_into(otp_pace::table)
            .values((otp_pace::phone.eq(phone.as_str()), otp_pace::sent_at.eq(now.micros())))
            .execute(conn)?;
        Ok(())
    });
    match first {
        Ok(()) => Ok(None),
        Err(raced) if raced.violates("otp_pace_phone_key") => Ok(Some(now)),
        Err(error) => Err(error),
    }
}

/// When the phone was sent messages since then, the oldest first.
pub(crate) fn sent_since(
    conn: &mut Connection,
    phone: &PhoneNumber,
    since: Timestamp,
) -> Result<Vec<Timestamp>, DatabaseError> {
    let moments: Vec<i64> = otp_challenge::table
        .filter(otp_challenge::phone.eq(phone.as_str()))
        .filter(otp_challenge::created_at.gt(since.micros()))
        .order(otp_challenge::created_at)
        .select(otp_challenge::created_at)
        .load(conn)?;
    Ok(moments.into_iter().map(Timestamp::from_micros).collect())
}

pub(crate) fn insert(
    conn: &mut Connection,
    new: &Challenge,
    code_mac: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    diesel::insert_into(otp_challenge::table)
        .values((
            otp_challenge::id.eq(new.id.to_string()),
            otp_challenge::phone.eq(new.phone.as_str()),
            otp_challenge::code_mac.eq(code_mac),
            otp_challenge::tries.eq(0),
            otp_challenge::created_at.eq(now.micros()),
            otp_challenge::expires_at.eq(new.expires_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts one more try of an open challenge; none when it is closed.
pub(crate) fn count_try(
    conn: &mut Connection,
    id: ChallengeId,
    now: Timestamp,
) -> Result<Option<CountedTry>, DatabaseError> {
    let open = otp_challenge::table
        .filter(otp_challenge::id.eq(id.to_string()))
        .filter(otp_challenge::used_at.is_null())
        .filter(otp_challenge::expires_at.gt(now.micros()))
        .filter(otp_challenge::tries.lt(TRIES_PER_CODE));
    let counted = diesel::update(open).set(otp_challenge::tries.eq(otp_challenge::tries + 1));
    if counted.execute(conn)? == 0 {
        return Ok(None);
    }
    let (phone, code_mac): (String, String) = otp_challenge::table
        .find(id.to_string())
        .select((otp_challenge::phone, otp_challenge::code_mac))
        .first(conn)?;
    let phone = phone_of(TABLE, &id.to_string(), &phone)?;
    Ok(Some(CountedTry { challenge: id, phone, code_mac }))
}

/// Gives a try back: the code was right, and something else is still missing.
pub(crate) fn hand_back_try(conn: &mut Connection, id: ChallengeId) -> Result<(), DatabaseError> {
    let tried = otp_challenge::table
        .filter(otp_challenge::id.eq(id.to_string()))
        .filter(otp_challenge::tries.gt(0));
    diesel::update(tried).set(otp_challenge::tries.eq(otp_challenge::tries - 1)).execute(conn)?;
    Ok(())
}

/// Uses the challenge up; of two at once only one succeeds.
pub(crate) fn use_up(
    conn: &mut Connection,
    id: ChallengeId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let open = otp_challenge::table
        .filter(otp_challenge::id.eq(id.to_string()))
        .filter(otp_challenge::used_at.is_null())
        .filter(otp_challenge::expires_at.gt(now.micros()));
    Ok(diesel::update(open).set(otp_challenge::used_at.eq(now.micros())).execute(conn)? == 1)
}

/// Forgets codes and turns that no limit looks at any more.
pub(crate) fn forget_before(
    conn: &mut Connection,
    moment: Timestamp,
) -> Result<usize, DatabaseError> {
    let codes = otp_challenge::table.filter(otp_challenge::created_at.lt(moment.micros()));
    let turns = otp_pace::table.filter(otp_pace::sent_at.lt(moment.micros()));
    Ok(diesel::delete(codes).execute(conn)? + diesel::delete(turns).execute(conn)?)
}
