use database::{Connection, Database};
use primitives::AccountId;

use super::Accounts;
use crate::{
    AccountError, Code, CountedFactorTry, FreshFactor,
    rules::seconds_until,
    store::{accounts, budget::Budget},
};

impl Accounts {
    /// Counts a try of somebody's second factor outside signing in. Committed before anything is compared, like the
    /// tries of one-time codes: a guess that is refused has been counted all the same.
    pub async fn count_factor_try(
        &self,
        database: &Database,
        account: AccountId,
    ) -> Result<CountedFactorTry, AccountError> {
        let this = self.clone();
        database.write(move |conn| this.count_factor_try_in(conn, account)).await
    }

    /// The same, in the caller's unit of work.
    pub fn count_factor_try_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
    ) -> Result<CountedFactorTry, AccountError> {
        let now = self.ambient.now();
        match Budget::factor_failures(account).spend(conn, now)? {
            None => Ok(CountedFactorTry { account }),
            Some(until) => {
                let retry_after_seconds = seconds_until(until, now);
                Err(AccountError::SecondFactorPaused { retry_after_seconds })
            }
        }
    }

    /// Takes the code that an authenticator app shows now, for one command; the same code never works again.
    pub fn take_fresh_factor_in(
        &self,
        conn: &mut Connection,
        counted: CountedFactorTry,
        code: &Code,
    ) -> Result<FreshFactor, AccountError> {
        let CountedFactorTry { account } = counted;
        let found = accounts::find(conn, account)?.ok_or(AccountError::NotFound)?;
        self.take_second_factor_in(conn, &found, code)?;
        Budget::factor_failures(account).give_back(conn)?;
        Ok(FreshFactor { account })
    }
}
