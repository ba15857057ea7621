//! Xendit's balance and transactions, as its public documentation describes them: `GET /balance` tells what is in the
//! cash account; `GET /transactions` lists one row per payout (type `DISBURSEMENT`) and per payment that came in
//! (`PAYMENT`), whose status changes in place, at most 50 on a page, and `has_more` says that `after_id` of the last one
//! leads to more. What Xendit has kept stands in the row itself, and counts once it is `COMPLETED`.

use primitives::{Rupiah, Timestamp, TopUpId, WithdrawalId};
use serde::Deserialize;
use serde_json::Value;

use super::Xendit;
use crate::gateway::{
    FeeLine, IncomingLine, Movement, Period, StatementLine, StatementPage, Unusable, amount,
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
    #[serde(rename = "type")]
    kind: String,
    reference_id: String,
    status: String,
    currency: String,
    amount: Value,
    created: Timestamp,
    #[serde(default)]
    fee: Option<Fee>,
}

#[derive(Deserialize)]
struct Fee {
    status: String,
    #[serde(default)]
    xendit_fee: Option<Value>,
    #[serde(default)]
    value_added_tax: Option<Value>,
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
            "/transactions?types=DISBURSEMENT&types=PAYMENT&currency=IDR&limit=50\
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
    let last = listed.data.last().map(|row| row.id.clone());
    if listed.has_more && last.is_none() {
        return Err(Unusable::Unreadable("a page that leads on"));
    }
    let next = last.filter(|_| listed.has_more);
    let mut page = StatementPage { next, ..StatementPage::default() };
    for row in listed.data {
        row.enter(&mut page)?;
    }
    Ok(page)
}

impl Transaction {
    /// Writes the row down as what it is, and what was kept of it.
    fn enter(self, page: &mut StatementPage) -> Result<(), Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        if !is_plain_name(&self.id) || !is_plain_name(&self.product_id) {
            return Err(Unusable::Unreadable("a reference"));
        }
        page.fees.extend(self.fees()?);
        match self.kind.as_str() {
            "DISBURSEMENT" => page.lines.push(self.into_line()?),
            "PAYMENT" => page.incoming.extend(self.into_incoming()?),
            _ => return Err(Unusable::Unreadable("a known type")),
        }
        Ok(())
    }

    fn into_line(self) -> Result<StatementLine, Unusable> {
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

    /// What has not come in yet, or never did, is no line.
    fn into_incoming(self) -> Result<Option<IncomingLine>, Unusable> {
        let taken_back = match self.status.as_str() {
            "PENDING" | "FAILED" => return Ok(None),
            "SUCCESS" => false,
            "VOIDED" | "REVERSED" => true,
            _ => return Err(Unusable::Unreadable("a known status")),
        };
        Ok(Some(IncomingLine {
            name: self.id,
            reference: self.product_id,
            charge: TopUpId::parse(&self.reference_id).ok(),
            amount: amount::read(&self.amount)?,
            taken_back,
            at: self.created,
        }))
    }

    /// A row changes in place, so a fee that was reversed stands for what was kept and for what was given back.
    fn fees(&self) -> Result<Vec<FeeLine>, Unusable> {
        let Some(fee) = &self.fee else { return Ok(Vec::new()) };
        let sides: &[bool] = match fee.status.as_str() {
            "COMPLETED" => &[false],
            "REVERSED" => &[false, true],
            _ => &[],
        };
        let read = |part: &Option<Value>| part.as_ref().map_or(Ok(Rupiah::new(0)), amount::read);
        let sum = read(&fee.xendit_fee)?.checked_add(read(&fee.value_added_tax)?);
        let amount = sum.map_err(|_beyond| Unusable::Unreadable("a fee"))?;
        let line = |&given_back: &bool| {
            let name = if given_back { format!("{} given back", self.id) } else { self.id.clone() };
            FeeLine { name, amount, given_back, at: self.created }
        };
        Ok(sides.iter().map(line).collect())
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
    fn a_payment_is_a_line_of_its_own_kind() {
        let paid = |status: &'static str| {
            told(move |it| {
                it["data"][0]["type"] = json!("PAYMENT");
                it["data"][0]["reference_id"] = json!("top_01h455vb4pex5vsknk084sn02q");
                it["data"][0]["status"] = json!(status);
            })
        };
        let page = paid("SUCCESS").unwrap();
        let [line] = &page.incoming[..] else { panic!("{page:?}") };
        assert_eq!(
            (line.amount, line.taken_back, page.lines.len()),
            (Rupiah::new(50_000), false, 0)
        );
        assert!(line.charge.is_some());
        assert!(paid("REVERSED").unwrap().incoming[0].taken_back);
        assert_eq!(paid("PENDING").unwrap().incoming, []);
        assert!(paid("DONE").is_err());
    }

    #[test]
    fn what_was_kept_counts_when_it_is_settled_taxes_included() {
        let kept = |status: &'static str| {
            let fee = json!({ "xendit_fee": 2_500, "value_added_tax": 275, "status": status });
            told(move |it| it["data"][0]["fee"] = fee.clone()).unwrap().fees
        };
        let [fee] = &kept("COMPLETED")[..] else { panic!("a fee") };
        assert_eq!((fee.amount, fee.name.as_str()), (Rupiah::new(2_775), "txn_438e"));
        assert_eq!((kept("PENDING"), kept("CANCELED")), (Vec::new(), Vec::new()));
        let [once, back] = &kept("REVERSED")[..] else { panic!("two sides") };
        assert_eq!((once, back.amount), (fee, fee.amount));
        assert!(back.given_back && !fee.given_back && back.name != fee.name);
        let crooked = json!({ "xendit_fee": 0.5, "status": "COMPLETED" });
        assert!(told(|it| it["data"][0]["fee"] = crooked.clone()).is_err());
    }

    #[test]
    fn whatever_does_not_fit_is_no_statement() {
        assert!(told(|it| it["data"] = json!([])).is_err(), "it leads on from nowhere");
        for (member, wrong) in [
            ("status", json!("DONE")),
            ("type", json!("GIFT")),
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
