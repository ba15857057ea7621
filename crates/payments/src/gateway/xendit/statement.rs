//! Xendit's balance and transactions, as its public documentation describes them: `GET /balance` tells what is in the
//! cash account; `GET /transactions` lists one row per payout (type `DISBURSEMENT`), whose status changes in place,
//! at most 50 on a page, and `has_more` says that `after_id` of the last one leads to more.

use primitives::{Rupiah, Timestamp, WithdrawalId};
use serde::Deserialize;
use serde_json::Value;

use super::Xendit;
use crate::gateway::{
    Movement, Period, StatementLine, StatementPage, Unusable, amount,
    statement::is_plain_name,
    wire::{exchange, exchange_page},
};

#[derive(Deserialize)]
struct Balance {
    balance: Value,
}

#[derive(Deserialize)]
struct Listed {
    data: Vec<Transaction>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Transaction {
    id: String,
    product_id: String,
    reference_id: String,
    status: String,
    currency: String,
    amount: Value,
    created: Timestamp,
}

impl Xendit {
    pub(super) async fn ask_balance(&self) -> Result<Rupiah, Unusable> {
        let request = self.endpoint.get("/balance?account_type=CASH&currency=IDR");
        let answer = exchange(self.signed(request)).await?;
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
        let (from, until) = (period.from, period.until);
        let after = page.map(|last| format!("&after_id={last}")).unwrap_or_default();
        let path = format!(
            "/transactions?types=DISBURSEMENT&currency=IDR&limit=50\
             &created%5Bgte%5D={from}&created%5Blte%5D={until}{after}"
        );
        let answer = exchange_page(self.signed(self.endpoint.get(&path))).await?;
        match answer.status {
            200 => read(&answer.body),
            status => Err(Unusable::Status(status)),
        }
    }
}

fn read(body: &[u8]) -> Result<StatementPage, Unusable> {
    let listed: Listed =
        serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable("transactions"))?;
    let has_more = listed.has_more;
    let lines: Vec<StatementLine> =
        listed.data.into_iter().map(Transaction::into_line).collect::<Result<_, _>>()?;
    let last = lines.last().map(|line| line.name.clone());
    match (has_more, last) {
        (true, None) => Err(Unusable::Unreadable("a page that leads on")),
        (has_more, last) => Ok(StatementPage { lines, next: last.filter(|_| has_more) }),
    }
}

impl Transaction {
    fn into_line(self) -> Result<StatementLine, Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        if !is_plain_name(&self.id) || !is_plain_name(&self.product_id) {
            return Err(Unusable::Unreadable("a reference"));
        }
        let movement = match self.status.as_str() {
            "PENDING" | "SUCCESS" => Movement::Out,
            "FAILED" | "VOIDED" | "REVERSED" => Movement::Back,
            _ => return Err(Unusable::Unreadable("a known status")),
        };
        Ok(StatementLine {
            name: self.id,
            reference: self.product_id,
            withdrawal: WithdrawalId::parse(&self.reference_id).ok(),
            amount: amount::read(&self.amount)?,
            movement,
            at: self.created,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(change: impl Fn(&mut Value)) -> Result<StatementPage, Unusable> {
        let mut page = json!({
            "data": [{
                "id": "txn_438e", "product_id": "disb-1", "type": "DISBURSEMENT",
                "reference_id": "wdr_01h455vb4pex5vsknk084sn02q", "status": "SUCCESS",
                "currency": "IDR", "amount": 50_000, "cashflow": "MONEY_OUT",
                "created": "2026-11-20T03:00:00.001Z",
            }],
            "has_more": true,
        });
        change(&mut page);
        read(page.to_string().as_bytes())
    }

    #[test]
    fn a_row_is_a_line_and_the_last_one_leads_on() {
        let page = told(|_| ()).unwrap();
        assert_eq!(page.next.as_deref(), Some("txn_438e"));
        let line = &page.lines[0];
        assert_eq!((line.amount, line.movement), (Rupiah::new(50_000), Movement::Out));
        assert!(line.withdrawal.is_some());
        assert_eq!(told(|it| it["has_more"] = json!(false)).unwrap().next, None);
        let by_hand = told(|it| it["data"][0]["reference_id"] = json!("by hand")).unwrap();
        assert_eq!(by_hand.lines[0].withdrawal, None);
        for status in ["FAILED", "VOIDED", "REVERSED"] {
            let page = told(|it| it["data"][0]["status"] = json!(status)).unwrap();
            assert_eq!(page.lines[0].movement, Movement::Back);
        }
    }

    #[test]
    fn whatever_does_not_fit_is_no_statement() {
        assert!(told(|it| it["data"] = json!([])).is_err(), "it leads on from nowhere");
        for (member, wrong) in [
            ("status", json!("DONE")),
            ("currency", json!("USD")),
            ("amount", json!(0.5)),
            ("amount", json!(-5)),
            ("product_id", json!("../balance")),
            ("id", json!("")),
            ("created", json!("yesterday")),
        ] {
            assert!(told(|it| it["data"][0][member] = wrong.clone()).is_err(), "{member}");
        }
    }
}
