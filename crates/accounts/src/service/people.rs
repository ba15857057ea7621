use database::{Connection, DatabaseError};
use diesel::Connection as _;
use event_log::{Actor, Entry, Fact, append_in, fact::AccountOpened};
use primitives::{AccountId, Ambient, CollectorId, Language, PhoneNumber};

use super::Accounts;
use crate::{
    Account, AccountError, Contact, Profile, ShortName,
    store::{accounts, staff},
};

/// Finds the account of a phone or opens it; whoever proves a phone for the first time has one from then on.
pub fn open_account_in(
    conn: &mut Connection,
    ambient: &Ambient,
    phone: &PhoneNumber,
    full_name: Option<&ShortName>,
) -> Result<Account, DatabaseError> {
    if let Some(known) = accounts::find_by_phone(conn, phone)? {
        return Ok(known);
    }
    let new = new_account(ambient, phone, full_name);
    match conn.transaction(|conn| accounts::insert(conn, &new)) {
        Ok(()) => {
            append_in(conn, ambient, opened(&new))?;
            Ok(new)
        }
        // Two first sign-ins at once: the other one was faster.
        Err(raced) if raced.violates("account_phone_key") => {
            accounts::find_by_phone(conn, phone)?.ok_or(DatabaseError::NotFound)
        }
        Err(error) => Err(error),
    }
}

fn new_account(ambient: &Ambient, phone: &PhoneNumber, full_name: Option<&ShortName>) -> Account {
    Account {
        id: ambient.mint(),
        phone: phone.clone(),
        full_name: full_name.cloned(),
        language: Language::default(),
        collector: None,
        enrolment: None,
        suspended_at: None,
        version: 1,
        created_at: ambient.now(),
    }
}

fn opened(account: &Account) -> Entry {
    Entry {
        actor: Actor::Account(account.id),
        region: None,
        occurred_at: account.created_at,
        fact: Fact::AccountOpened(AccountOpened { account: account.id }),
    }
}

/// What another slice may show of a person to the other side of a deal.
pub fn contact_in(
    conn: &mut Connection,
    account: AccountId,
) -> Result<Option<Contact>, DatabaseError> {
    let found = accounts::find(conn, account)?;
    Ok(found.map(|Account { full_name, phone, language, created_at, .. }| Contact {
        full_name,
        phone,
        language,
        since: created_at,
    }))
}

/// Makes the account work as this collector; false when it already works as another one.
pub fn link_collector_in(
    conn: &mut Connection,
    account: AccountId,
    collector: CollectorId,
) -> Result<bool, DatabaseError> {
    if accounts::link_collector(conn, account, collector)? {
        return Ok(true);
    }
    let found = accounts::find(conn, account)?;
    Ok(found.is_some_and(|account| account.collector == Some(collector)))
}

/// What a person changes about themselves; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// A new name.
    pub full_name: Option<ShortName>,
    /// Another language.
    pub language: Option<Language>,
}

impl Accounts {
    /// What the owner of an account sees of it.
    pub fn profile_in(
        &self,
        conn: &mut Connection,
        id: AccountId,
    ) -> Result<Profile, AccountError> {
        let account = accounts::find(conn, id)?.ok_or(AccountError::NotFound)?;
        Ok(Profile { grants: staff::grants_of(conn, id)?, account })
    }

    /// Changes name or language of the account as the caller has read it.
    pub fn change_profile_in(
        &self,
        conn: &mut Connection,
        id: AccountId,
        read_version: i64,
        change: &ProfileChange,
    ) -> Result<Profile, AccountError> {
        let mut changed = self.profile_in(conn, id)?.account;
        if changed.version != read_version {
            return Err(AccountError::VersionConflict);
        }
        changed.full_name = change.full_name.clone().or(changed.full_name);
        changed.language = change.language.unwrap_or(changed.language);
        if !accounts::save_profile(conn, &changed)? {
            return Err(AccountError::VersionConflict);
        }
        self.profile_in(conn, id)
    }
}
