use std::{borrow::Cow, time::Duration};

use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{AccountId, Timestamp};

use crate::{
    rules::{DAY, FACTOR_FAILURES_PER_DAY, HOUR, SignInLimits},
    schema::otp_budget,
};

/// Something of which the whole system, or one account, has so much within a window of time.
pub(crate) struct Budget {
    name: Cow<'static, str>,
    limit: i64,
    window: Duration,
}

impl Budget {
    pub(crate) fn messages(limits: SignInLimits) -> Self {
        Self { name: "messages".into(), limit: limits.messages_per_hour.into(), window: HOUR }
    }

    pub(crate) fn failures(limits: SignInLimits) -> Self {
        Self { name: "failures".into(), limit: limits.failures_per_day.into(), window: DAY }
    }

    pub(crate) fn factor_failures(account: AccountId) -> Self {
        Self {
            name: format!("factor:{account}").into(),
            limit: FACTOR_FAILURES_PER_DAY,
            window: DAY,
        }
    }

    /// Spends one; when nothing is left, says from when on there is more.
    pub(crate) fn spend(
        &self,
        conn: &mut Connection,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DatabaseError> {
        // Whoever loses the race to open the next window finds it open, with something left.
        if self.spend_within(conn, now)?
            || self.renew(conn, now)?
            || self.open(conn, now)?
            || self.spend_within(conn, now)?
        {
            return Ok(None);
        }
        let this = otp_budget::table.filter(otp_budget::name.eq(&*self.name));
        let started_at: i64 = this.select(otp_budget::started_at).first(conn)?;
        Ok(Some(Timestamp::from_micros(started_at).plus(self.window)))
    }

    fn spend_within(&self, conn: &mut Connection, now: Timestamp) -> Result<bool, DatabaseError> {
        let within = otp_budget::table
            .filter(otp_budget::name.eq(&*self.name))
            .filter(otp_budget::started_at.gt(now.minus(self.window).micros()))
            .filter(otp_budget::spent.lt(self.limit));
        let spent = diesel::update(within).set(otp_budget::spent.eq(otp_budget::spent + 1));
        Ok(spent.execute(conn)? == 1)
    }

    fn renew(&self, conn: &mut Connection, now: Timestamp) -> Result<bool, DatabaseError> {
        let over = otp_budget::table
            .filter(otp_budget::name.eq(&*self.name))
            .filter(otp_budget::started_at.le(now.minus(self.window).micros()));
        let renewed = diesel::update(over)
            .set((otp_budget::started_at.eq(now.micros()), otp_budget::spent.eq(1)));
        Ok(renewed.execute(conn)? == 1)
    }

    /// Opens the first window of all.
    fn open(&self, conn: &mut Connection, now: Timestamp) -> Result<bool, DatabaseError> {
        let row = (
            otp_budget::name.eq(&*self.name),
            otp_budget::started_at.eq(now.micros()),
            otp_budget::spent.eq(1),
        );
        let opened = conn.transaction::<_, DatabaseError, _>(|savepoint| {
            Ok(diesel::insert_into(otp_budget::table).values(row).execute(savepoint)?)
        });
        match opened {
            Err(error) if error.violates("otp_budget_name_key") => Ok(false),
            other => other.map(|_one| true),
        }
    }

    /// Takes back what was spent in advance.
    pub(crate) fn give_back(&self, conn: &mut Connection) -> Result<(), DatabaseError> {
        let spent = otp_budget::table
            .filter(otp_budget::name.eq(&*self.name))
            .filter(otp_budget::spent.gt(0));
        diesel::update(spent).set(otp_budget::spent.eq(otp_budget::spent - 1)).execute(conn)?;
        Ok(())
    }
}
