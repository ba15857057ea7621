use database::{Connection, DatabaseError};
use primitives::{Ambient, CollectorId, JournalId};

use crate::{
    AccountName, Label, LedgerError,
    annex::Annex,
    journal::{Entry, Journal, Line, NewJournal},
    rules::{Account, Balance, Movement},
    store,
    writing::{Draft, write_in},
};

/// Posts a journal, or refuses it and leaves nothing behind.
pub fn post_in(
    conn: &mut Connection,
    ambient: &Ambient,
    new: &NewJournal,
) -> Result<Journal, LedgerError> {
    let draft = Draft {
        kind: new.kind,
        business_key: new.business_key.clone(),
        annex: Annex::Nothing,
        movements: new.lines.iter().map(Line::movement).collect(),
    };
    write_in(conn, ambient, draft)
}

/// Where an account stands; one that was never posted to stands at nothing.
pub fn balance_in(conn: &mut Connection, account: &AccountName) -> Result<Balance, DatabaseError> {
    store::balance(conn, &account.to_string())
}

/// Where each kind of goods stands that a collector carries or has carried, in the order of the goods' names.
pub fn carried_in(
    conn: &mut Connection,
    collector: CollectorId,
) -> Result<Vec<(Label, Balance)>, DatabaseError> {
    let prefix = format!("carried:{collector}:");
    let accounts = store::balances_under(conn, &prefix)?;
    let goods = |(name, balance): (String, Balance)| {
        let word = name.strip_prefix(&prefix).unwrap_or_default();
        let label = Label::parse(word);
        let label = label.map_err(|what| DatabaseError::corrupt("ledger_account", &name, what))?;
        Ok((label, balance))
    };
    accounts.into_iter().map(goods).collect()
}

/// The links of an account, newest first, from before `before_version` (or from the last).
pub fn entries_in(
    conn: &mut Connection,
    account: &AccountName,
    before_version: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, DatabaseError> {
    let before = before_version.unwrap_or(i64::MAX);
    store::entries(conn, &account.to_string(), before, limit)
}

/// The journal with this identity.
pub fn journal_in(conn: &mut Connection, id: JournalId) -> Result<Option<Journal>, DatabaseError> {
    store::journal_by_id(conn, id)
}

/// The journal of this piece of business.
pub fn journal_by_key_in(
    conn: &mut Connection,
    business_key: &str,
) -> Result<Option<Journal>, DatabaseError> {
    store::journal_by_key(conn, business_key)
}

/// How many journals of a kind are on the books.
pub fn count_of_kind_in(conn: &mut Connection, kind: &str) -> Result<i64, DatabaseError> {
    store::count_of_kind(conn, kind)
}

impl Line {
    pub(crate) fn movement(&self) -> Movement {
        Movement { account: Account::from(&self.account), delta: self.delta, held_delta: 0 }
    }
}

impl From<&AccountName> for Account {
    fn from(name: &AccountName) -> Self {
        Self { name: name.to_string(), unit: name.unit().to_string(), floor: name.floor() }
    }
}
