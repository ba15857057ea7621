use database::{Connection, DatabaseError};
use diesel::prelude::*;
use http_kit::StaffRole;
use primitives::{AccountId, InvitationId, PhoneNumber, RegionCode, Timestamp};

use super::{corrupt, id_of, moment};
use crate::{
    NewInvitation, StaffGrant,
    schema::{invitation, staff_grant},
};

pub(crate) fn insert_invitation(
    conn: &mut Connection,
    id: InvitationId,
    token_hash: &str,
    new: &NewInvitation,
    (created_at, expires_at): (Timestamp, Timestamp),
) -> Result<(), DatabaseError> {
    diesel::insert_into(invitation::table)
        .values((
            invitation::id.eq(id.to_string()),
            invitation::token_hash.eq(token_hash),
            invitation::role.eq(new.role.as_str()),
            invitation::region.eq(new.region.as_str()),
            invitation::phone.eq(new.phone.as_ref().map(PhoneNumber::as_str)),
            invitation::created_at.eq(created_at.micros()),
            invitation::expires_at.eq(expires_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// What an invitation is for.
pub(crate) struct Claimed {
    pub(crate) id: InvitationId,
    pub(crate) role: StaffRole,
    pub(crate) region: RegionCode,
}

/// Uses an open invitation that is for everybody or for this phone; of two at once only one succeeds.
pub(crate) fn claim_invitation(
    conn: &mut Connection,
    token_hash: &str,
    phone: &PhoneNumber,
    now: Timestamp,
) -> Result<Option<Claimed>, DatabaseError> {
    let open = invitation::table
        .filter(invitation::token_hash.eq(token_hash))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::expires_at.gt(now.micros()))
        .filter(invitation::phone.is_null().or(invitation::phone.eq(phone.as_str())));
    let claim = diesel::update(open).set(invitation::accepted_at.eq(now.micros()));
    if claim.execute(conn)? == 0 {
        return Ok(None);
    }
    let (id, role, region): (String, String, String) = invitation::table
        .filter(invitation::token_hash.eq(token_hash))
        .select((invitation::id, invitation::role, invitation::region))
        .first(conn)?;
    let claimed = Claimed {
        role: role_of("invitation", &id, &role)?,
        region: region_of("invitation", &id, &region)?,
        id: id_of("invitation", &id)?,
    };
    Ok(Some(claimed))
}

pub(crate) fn insert_grant(
    conn: &mut Connection,
    to: AccountId,
    new: &StaffGrant,
) -> Result<(), DatabaseError> {
    diesel::insert_into(staff_grant::table)
        .values((
            staff_grant::account_id.eq(to.to_string()),
            staff_grant::role.eq(new.role.as_str()),
            staff_grant::region.eq(new.region.as_str()),
            staff_grant::valid_from.eq(new.valid_from.micros()),
            staff_grant::valid_until.eq(new.valid_until.map(Timestamp::micros)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The grants of an account that have not been withdrawn, whatever their dates.
pub(crate) fn grants_of(
    conn: &mut Connection,
    account: AccountId,
) -> Result<Vec<StaffGrant>, DatabaseError> {
    let rows: Vec<(String, String, i64, Option<i64>)> = staff_grant::table
        .filter(staff_grant::account_id.eq(account.to_string()))
        .filter(staff_grant::withdrawn_at.is_null())
        .order((staff_grant::region, staff_grant::role, staff_grant::valid_from))
        .select((
            staff_grant::role,
            staff_grant::region,
            staff_grant::valid_from,
            staff_grant::valid_until,
        ))
        .load(conn)?;
    let owner = account.to_string();
    rows.into_iter()
        .map(|(role, region, valid_from, valid_until)| {
            Ok(StaffGrant {
                role: role_of("staff_grant", &owner, &role)?,
                region: region_of("staff_grant", &owner, &region)?,
                valid_from: Timestamp::from_micros(valid_from),
                valid_until: moment(valid_until),
            })
        })
        .collect()
}

/// Withdraws a role for a region, also where it begins only later; false when there was none.
pub(crate) fn withdraw(
    conn: &mut Connection,
    from: AccountId,
    role: StaffRole,
    region: &RegionCode,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let held = staff_grant::table
        .filter(staff_grant::account_id.eq(from.to_string()))
        .filter(staff_grant::role.eq(role.as_str()))
        .filter(staff_grant::region.eq(region.as_str()))
        .filter(staff_grant::withdrawn_at.is_null());
    let rows =
        diesel::update(held).set(staff_grant::withdrawn_at.eq(now.micros())).execute(conn)?;
    Ok(rows > 0)
}

fn role_of(table: &'static str, row: &str, text: &str) -> Result<StaffRole, DatabaseError> {
    StaffRole::parse(text).map_err(|invalid| corrupt(table, row, invalid))
}

fn region_of(table: &'static str, row: &str, text: &str) -> Result<RegionCode, DatabaseError> {
    RegionCode::parse(text).map_err(|invalid| corrupt(table, row, invalid))
}
