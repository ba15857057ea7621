//! The balance and the statement of Midtrans Payouts, as its public documentation describes them:
//! `GET /api/v1/balance`, and `GET /api/v1/statements?from_date&to_date` with whole days and at most a month. A payout
//! is a line `Payout` (`debit`); what did not arrive comes back as a line `Refund` (`credit`). Lines have no names, do
//! not tell our own name for the payout, and are not paged. Payments that came in stand there as `Payment` (`credit`,
//! taken back: `debit`) with our name for the order, fees as `Payout fee` and `Payment fee` (`debit`, given back:
//! `credit`): these three are our reading of the settlement reports, untried. Deposits stand in between and are left out.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use primitives::{Rupiah, Timestamp, TopUpId};
use serde::Deserialize;
use serde_json::Value;

use super::{Midtrans, signed};
use crate::gateway::{
    FeeLine, IncomingLine, Movement, Period, StatementLine, StatementPage, Unusable, amount,
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
    #[serde(default)]
    order_id: Option<String>,
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
            200 => Ok(StatementPage { next: days.next(), ..read(&answer.body)? }),
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

fn read(body: &[u8]) -> Result<StatementPage, Unusable> {
    let told: Vec<Line> =
        serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable("a statement"))?;
    let mut names = Names::default();
    let mut page = StatementPage::default();
    for line in told {
        line.enter(&mut names, &mut page)?;
    }
    Ok(page)
}

/// Lines that look alike are told apart by counting them.
#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn give(&mut self, line: &Line) -> String {
        let Line { reference_no, kind, status, created_at, .. } = line;
        let alike = format!("{reference_no} {kind} {status} {created_at}");
        let count = self.0.entry(alike.clone()).or_default();
        *count = count.saturating_add(1);
        format!("{alike} {count}")
    }
}

impl Line {
    /// Writes the line down as what it is.
    fn enter(self, names: &mut Names, page: &mut StatementPage) -> Result<(), Unusable> {
        let known = ["Payout", "Refund", "Payment", "Payout fee", "Payment fee"];
        if !known.contains(&self.kind.as_str()) {
            return Ok(());
        }
        if !is_plain_name(&self.reference_no) {
            return Err(Unusable::Unreadable("a reference"));
        }
        let (name, amount, at) = (names.give(&self), amount::read(&self.amount)?, self.created_at);
        let reference = self.reference_no;
        match (self.kind.as_str(), self.status.as_str()) {
            ("Payout", "debit") | ("Refund", "credit") => {
                let movement = if self.kind == "Payout" { Movement::Out } else { Movement::Back };
                let withdrawal = None;
                page.lines.push(StatementLine {
                    name,
                    reference,
                    withdrawal,
                    amount,
                    movement,
                    at,
                });
            }
            ("Payment", side @ ("credit" | "debit")) => {
                let charge = self.order_id.and_then(|order| TopUpId::parse(&order).ok());
                let taken_back = side == "debit";
                let line = IncomingLine { name, reference, charge, amount, taken_back, at };
                page.incoming.push(line);
            }
            ("Payout fee" | "Payment fee", side @ ("debit" | "credit")) => {
                let given_back = side == "credit";
                page.fees.push(FeeLine { name, amount, given_back, at });
            }
            _ => {}
        }
        Ok(())
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

    fn page(lines: &[Value]) -> Result<StatementPage, Unusable> {
        read(json!(lines).to_string().as_bytes())
    }

    fn told(lines: &[Value]) -> Result<Vec<StatementLine>, Unusable> {
        Ok(page(lines)?.lines)
    }

    #[test]
    fn payments_and_fees_are_lines_of_their_own_kinds() {
        let mut paid = line("Payment", "credit");
        paid["order_id"] = json!("top_01h455vb4pex5vsknk084sn02q");
        let (fee, back) = (line("Payment fee", "debit"), line("Payment", "debit"));
        let page = page(&[paid, back, fee.clone(), fee, line("Deposit", "credit")]).unwrap();
        let [paid, back] = &page.incoming[..] else { panic!("{page:?}") };
        assert!(paid.charge.is_some() && !paid.taken_back && back.taken_back);
        let [one, two] = &page.fees[..] else { panic!("{page:?}") };
        assert_eq!((one.amount, page.lines.len()), (Rupiah::new(10_000), 0));
        assert_ne!(one.name, two.name, "two that look alike are two");
    }

    #[test]
    fn a_fee_that_comes_back_is_a_line_of_its_own() {
        for kind in ["Payout fee", "Payment fee"] {
            let page = page(&[line(kind, "debit"), line(kind, "credit")]).unwrap();
            let [kept, back] = &page.fees[..] else { panic!("{page:?}") };
            assert!(!kept.given_back && back.given_back && kept.name != back.name, "{page:?}");
            assert_eq!(kept.amount, back.amount);
        }
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
