//! The balance and the statement of Midtrans Payouts, as its public documentation describes them:
//! `GET /api/v1/balance`, and `GET /api/v1/statements?from_date&to_date` with whole days and at most a month. A payout
//! is a line `Payout` (`debit`); what did not arrive comes back as a line `Refund` (`credit`). Lines have no names, do
//! not tell our own name for the payout, and are not paged. Fees and deposits stand in between and are left out.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use primitives::{Rupiah, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{Midtrans, signed};
use crate::gateway::{
    Movement, Period, StatementLine, StatementPage, Unusable, amount,
    statement::is_plain_name,
    wire::{exchange, exchange_page},
};

/// Days on one page: it is not said whether the last one counts, so the next page begins with it again.
const PAGE_DAYS: i64 = 7;

#[derive(Deserialize)]
struct Balance {
    balance: Value,
}

#[derive(Deserialize)]
struct Line {
    reference_no: String,
    #[serde(rename = "type")]
    kind: String,
    amount: Value,
    status: String,
    created_at: Timestamp,
}

impl Midtrans {
    pub(super) async fn ask_balance(&self) -> Result<Rupiah, Unusable> {
        let request = self.endpoint.get("/api/v1/balance");
        let answer = exchange(signed(request, &self.keys.creator_key)).await?;
        if answer.status != 200 {
            return Err(Unusable::Status(answer.status));
        }
        let told: Balance = serde_json::from_slice(&answer.body)
            .map_err(|_malformed| Unusable::Unreadable("a balance"))?;
        amount::read(&told.balance)
    }

    pub(super) async fn ask_statement(
        &self,
        period: Period,
        page: Option<&str>,
    ) -> Result<StatementPage, Unusable> {
        let days = days(period, page).ok_or(Unusable::Unreadable("a day"))?;
        let path = format!("/api/v1/statements?from_date={}&to_date={}", days.first, days.last);
        let request = self.endpoint.get(&path);
        let answer = exchange_page(signed(request, &self.keys.creator_key)).await?;
        match answer.status {
            200 => Ok(StatementPage { lines: read(&answer.body)?, next: days.next() }),
            status => Err(Unusable::Status(status)),
        }
    }
}

/// Whole days that are asked for together.
struct Days {
    first: Date,
    last: Date,
    end: Date,
}

impl Days {
    fn next(&self) -> Option<String> {
        (self.last < self.end).then(|| self.last.to_string())
    }
}

/// The days of a page. A day more on either side: it is not said where in the world days are cut.
fn days(period: Period, page: Option<&str>) -> Option<Days> {
    let day = |moment: Timestamp| {
        let moment = jiff::Timestamp::from_microsecond(moment.micros()).ok()?;
        Some(moment.to_zoned(TimeZone::UTC).date())
    };
    let begin = day(period.from)?.checked_sub(1.day()).ok()?;
    let end = day(period.until)?.checked_add(1.day()).ok()?;
    let first = page.map_or(Some(begin), |page| page.parse().ok())?;
    let last = first.checked_add(PAGE_DAYS.days()).ok()?.min(end);
    Some(Days { first, last, end })
}

fn read(body: &[u8]) -> Result<Vec<StatementLine>, Unusable> {
    let told: Vec<Line> =
        serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable("a statement"))?;
    let mut names = Names::default();
    let lines = told.into_iter().filter_map(|line| line.into_line(&mut names).transpose());
    lines.collect()
}

/// Lines that look alike are told apart by counting them.
#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn give(&mut self, line: &Line) -> String {
        let alike = format!("{} {} {}", line.reference_no, line.status, line.created_at);
        let count = self.0.entry(alike.clone()).or_default();
        *count = count.saturating_add(1);
        format!("{alike} {count}")
    }
}

impl Line {
    fn into_line(self, names: &mut Names) -> Result<Option<StatementLine>, Unusable> {
        let movement = match (self.kind.as_str(), self.status.as_str()) {
            ("Payout", "debit") => Movement::Out,
            ("Refund", "credit") => Movement::Back,
            _ => return Ok(None),
        };
        if !is_plain_name(&self.reference_no) {
            return Err(Unusable::Unreadable("a reference"));
        }
        Ok(Some(StatementLine {
            name: names.give(&self),
            withdrawal: None,
            amount: amount::read(&self.amount)?,
            movement,
            at: self.created_at,
            reference: self.reference_no,
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(kind: &str, status: &str) -> Value {
        json!({
            "reference_no": "rXPxb2hO", "account": "PT. BANK CENTRAL ASIA TBK.", "type": kind,
            "amount": "10000.0", "status": status, "created_at": "2026-11-20T03:00:00Z",
        })
    }

    fn told(lines: &[Value]) -> Result<Vec<StatementLine>, Unusable> {
        read(json!(lines).to_string().as_bytes())
    }

    #[test]
    fn payouts_and_refunds_are_lines_and_fees_are_not() {
        let lines = [("Payout", "debit"), ("Payout fee", "debit"), ("Refund", "credit")];
        let lines = told(&lines.map(|(kind, status)| line(kind, status))).unwrap();
        assert_eq!(
            lines.iter().map(|it| it.movement).collect::<Vec<_>>(),
            [Movement::Out, Movement::Back]
        );
        assert!(lines.iter().all(|it| it.amount == Rupiah::new(10_000)));
    }

    #[test]
    fn two_lines_that_look_alike_are_two() {
        let twice = told(&[line("Payout", "debit"), line("Payout", "debit")]).unwrap();
        assert_ne!(twice[0].name, twice[1].name);
        let again = told(&[line("Payout", "debit"), line("Payout", "debit")]).unwrap();
        assert_eq!(twice, again);
    }

    #[test]
    fn whatever_does_not_fit_is_no_statement() {
        for (member, wrong) in [
            ("amount", json!("10000.5")),
            ("amount", json!("-1")),
            ("reference_no", json!("../x")),
            ("created_at", json!("20 November")),
        ] {
            let mut line = line("Payout", "debit");
            line[member] = wrong;
            assert!(told(&[line]).is_err(), "{member}");
        }
        assert!(read(b"{}").is_err());
    }

    #[test]
    fn pages_walk_through_every_day() {
        let moment = |text: &str| Timestamp::parse(text).unwrap();
        let period =
            Period { from: moment("2026-11-01T10:00:00Z"), until: moment("2026-11-12T10:00:00Z") };
        let first = days(period, None).unwrap();
        assert_eq!(
            (first.first.to_string(), first.last.to_string()),
            ("2026-10-31".into(), "2026-11-07".into())
        );
        let second = days(period, first.next().as_deref()).unwrap();
        assert_eq!(second.last.to_string(), "2026-11-13");
        assert_eq!(second.next(), None);
        assert!(days(period, Some("2026-11-07&to_date=x")).is_none());
    }
}
