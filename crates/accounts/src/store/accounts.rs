use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, CollectorId, InvitationId, Language, PhoneNumber, Timestamp};

use super::{corrupt, id_of, moment, phone_of};
use crate::{Account, ShortName, schema::account};

const TABLE: &str = "account";

#[derive(Queryable)]
struct AccountRow {
    id: String,
    phone: String,
    full_name: Option<String>,
    language: String,
    collector_id: Option<String>,
    totp_enrolment: Option<String>,
    _totp_step: Option<i64>,
    suspended_at: Option<i64>,
    version: i64,
    created_at: i64,
}

impl TryFrom<AccountRow> for Account {
    type Error = DatabaseError;

    fn try_from(row: AccountRow) -> Result<Self, DatabaseError> {
        let name = row.full_name.as_deref().map(ShortName::parse).transpose();
        let language = Language::from_tag(&row.language)
            .ok_or_else(|| DatabaseError::corrupt(TABLE, &row.id, "language"))?;
        Ok(Self {
            id: id_of(TABLE, &row.id)?,
            phone: phone_of(TABLE, &row.id, &row.phone)?,
            full_name: name.map_err(|invalid| corrupt(TABLE, &row.id, invalid))?,
            language,
            collector: row.collector_id.map(|id| id_of(TABLE, &id)).transpose()?,
            enrolment: row.totp_enrolment.map(|id| id_of(TABLE, &id)).transpose()?,
            suspended_at: moment(row.suspended_at),
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

pub(crate) fn find(conn: &mut Connection, id: AccountId) -> Result<Option<Account>, DatabaseError> {
    let row: Option<AccountRow> = account::table.find(id.to_string()).first(conn).optional()?;
    row.map(Account::try_from).transpose()
}

pub(crate) fn find_by_phone(
    conn: &mut Connection,
    phone: &PhoneNumber,
) -> Result<Option<Account>, DatabaseError> {
    let row: Option<AccountRow> =
        account::table.filter(account::phone.eq(phone.as_str())).first(conn).optional()?;
    row.map(Account::try_from).transpose()
}

pub(crate) fn insert(conn: &mut Connection, new: &Account) -> Result<(), DatabaseError> {
    diesel::insert_into(account::table)
        .values((
            account::id.eq(new.id.to_string()),
            account::phone.eq(new.phone.as_str()),
            account::full_name.eq(new.full_name.as_ref().map(ShortName::as_str)),
            account::language.eq(new.language.tag()),
            account::version.eq(new.version),
            account::created_at.eq(new.created_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores name and language, if nobody has changed the account since it was read.
pub(crate) fn save_profile(
    conn: &mut Connection,
    changed: &Account,
) -> Result<bool, DatabaseError> {
    let unchanged = account::table
        .filter(account::id.eq(changed.id.to_string()))
        .filter(account::version.eq(changed.version));
    let rows = diesel::update(unchanged)
        .set((
            account::full_name.eq(changed.full_name.as_ref().map(ShortName::as_str)),
            account::language.eq(changed.language.tag()),
            account::version.eq(account::version + 1),
        ))
        .execute(conn)?;
    Ok(rows == 1)
}

/// Links a collector to an account that has none.
pub(crate) fn link_collector(
    conn: &mut Connection,
    id: AccountId,
    collector: CollectorId,
) -> Result<bool, DatabaseError> {
    let without = account::table
        .filter(account::id.eq(id.to_string()))
        .filter(account::collector_id.is_null());
    let rows = diesel::update(without)
        .set((
            account::collector_id.eq(collector.to_string()),
            account::version.eq(account::version + 1),
        ))
        .execute(conn)?;
    Ok(rows == 1)
}

/// Gives the account a new second factor; steps of an old one no longer count.
pub(crate) fn enrol(
    conn: &mut Connection,
    id: AccountId,
    invitation: InvitationId,
) -> Result<(), DatabaseError> {
    diesel::update(account::table.find(id.to_string()))
        .set((
            account::totp_enrolment.eq(invitation.to_string()),
            account::totp_step.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses a step of the second factor; each works once, and none after a later one.
pub(crate) fn take_step(
    conn: &mut Connection,
    id: AccountId,
    step: i64,
) -> Result<bool, DatabaseError> {
    let unused = account::table
        .filter(account::id.eq(id.to_string()))
        .filter(account::totp_step.is_null().or(account::totp_step.lt(step)));
    Ok(diesel::update(unused).set(account::totp_step.eq(step)).execute(conn)? == 1)
}

/// What is shown of the account has changed elsewhere: its version must say so.
pub(crate) fn bump_version(conn: &mut Connection, id: AccountId) -> Result<(), DatabaseError> {
    diesel::update(account::table.find(id.to_string()))
        .set(account::version.eq(account::version + 1))
        .execute(conn)?;
    Ok(())
}

/// Suspends an account that is not suspended yet.
pub(crate) fn suspend(
    conn: &mut Connection,
    id: AccountId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let active = account::table
        .filter(account::id.eq(id.to_string()))
        .filter(account::suspended_at.is_null());
    let rows = diesel::update(active)
        .set((account::suspended_at.eq(now.micros()), account::version.eq(account::version + 1)))
        .execute(conn)?;
    Ok(rows == 1)
}
