use database::{Connection, DatabaseError};
use ledger::{AccountName, Statement};
use primitives::AccountId;

use super::Payments;
use crate::Month;

impl Payments {
    /// What happened in a wallet within a month.
    pub fn statement_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        month: Month,
    ) -> Result<Statement, DatabaseError> {
        ledger::statement_in(conn, &AccountName::Wallet(account), month.from(), month.until())
    }
}
