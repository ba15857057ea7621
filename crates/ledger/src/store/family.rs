use database::{Connection, DatabaseError};
use diesel::{dsl::max, prelude::*};

use super::{LINK, LinkRow};
use crate::{
    rules::Balance,
    schema::{ledger_account, posting},
};

/// The accounts whose names begin with a prefix that ends in a colon, each with where it stands, in the order of names.
pub(crate) fn balances_under(
    conn: &mut Connection,
    prefix: &str,
) -> Result<Vec<(String, Balance)>, DatabaseError> {
    // ';' follows ':', so this is every name that begins so.
    let end = format!("{};", prefix.trim_end_matches(':'));
    let links = diesel::alias!(posting as chain);
    let (account, version) = links.fields((posting::account, posting::version));
    let newest = links.filter(account.eq(ledger_account::id)).select(max(version)).single_value();
    let rows: Vec<(String, LinkRow)> = ledger_account::table
        .inner_join(posting::table)
        .filter(posting::version.nullable().eq(newest))
        .filter(ledger_account::name.ge(prefix).and(ledger_account::name.lt(end)))
        .order(ledger_account::name)
        .select((ledger_account::name, LINK))
        .load(conn)?;
    Ok(rows.into_iter().map(|(name, link)| (name, Balance::from(&link))).collect())
}
