//! Payments that come in: what clients wait for, and what somebody has paid.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    book::{Book, KEY_KEPT, MINUTE, Outcome},
    whim::Whim,
};

/// How many seconds after it came in a moody gateway takes a payment back.
pub(crate) const TAKEN_BACK_AFTER: u64 = 120 * MINUTE;

/// What clients wait for, and under which keys they asked.
#[derive(Debug, Default)]
pub(crate) struct Till {
    charges: BTreeMap<String, Charged>,
    /// The reference of what each order, and each number or code, stands for.
    orders: BTreeMap<String, String>,
    doors: BTreeMap<String, String>,
    keys: BTreeMap<String, Kept>,
    payments: usize,
}

/// Something that can be paid.
#[derive(Debug, Clone, Serialize)]
pub struct Charged {
    /// `xendit` or `midtrans`.
    pub gateway: &'static str,
    /// The gateway's own name for it.
    pub reference: String,
    /// The name that the client gave it.
    pub order: String,
    /// Whole rupiah.
    pub amount: i64,
    /// A bank, or `qris`.
    pub channel: String,
    /// The number of the virtual account, or the text of the code.
    pub pay_to: String,
    /// How it is treated.
    pub whim: Whim,
    /// When it was asked for.
    pub created_at: u64,
    /// When it can be paid no more.
    pub expires_at: u64,
    /// What was paid.
    pub payments: Vec<Paid>,
}

/// One payment.
#[derive(Debug, Clone, Serialize)]
pub struct Paid {
    /// The gateway's own name for it.
    pub reference: String,
    /// Whole rupiah.
    pub amount: i64,
    /// When.
    pub at: u64,
}

/// What a charge is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeStanding {
    /// Can be paid.
    Open,
    /// Is paid.
    Paid,
    /// Can be paid no more.
    Expired,
    /// Was ended, or its payment taken back.
    Failed,
}

/// A request for something that can be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) gateway: &'static str,
    pub(crate) order: String,
    pub(crate) amount: i64,
    pub(crate) channel: String,
    pub(crate) seconds: u64,
}

#[derive(Debug)]
struct Kept {
    asking: Asking,
    reference: String,
    since: u64,
}

impl Charged {
    /// What it is at a moment.
    pub fn standing(&self, now: u64) -> ChargeStanding {
        let ended = self.whim == Whim::Fails && now >= self.created_at + 5 * MINUTE;
        match (self.kept(now).next(), self.payments.first()) {
            (Some(_), _) => ChargeStanding::Paid,
            (None, Some(_)) => ChargeStanding::Failed,
            (None, None) if ended => ChargeStanding::Failed,
            (None, None) if now >= self.expires_at => ChargeStanding::Expired,
            (None, None) => ChargeStanding::Open,
        }
    }

    /// What was paid and not taken back after two hours.
    pub(crate) fn kept(&self, now: u64) -> impl Iterator<Item = &Paid> {
        let taken_back = self.whim == Whim::Reversed;
        self.payments.iter().filter(move |paid| !taken_back || now < paid.at + TAKEN_BACK_AFTER)
    }

    const fn is_visible(&self, now: u64) -> bool {
        !matches!(self.whim, Whim::Hidden) || now >= self.created_at.saturating_add(10 * MINUTE)
    }
}

impl Till {
    fn enter(&mut self, charge: Charged) {
        self.orders.entry(charge.order.clone()).or_insert_with(|| charge.reference.clone());
        self.doors.insert(charge.pay_to.clone(), charge.reference.clone());
        self.charges.insert(charge.reference.clone(), charge);
    }
}

impl Book {
    /// Everything that can be, or was, paid.
    pub fn charges(&self) -> impl Iterator<Item = &Charged> {
        self.till.charges.values()
    }

    /// What was paid for each order, as it came in.
    pub fn paid(&self) -> BTreeMap<String, Vec<i64>> {
        let amounts = |charge: &Charged| charge.payments.iter().map(|paid| paid.amount).collect();
        self.charges().map(|charge| (charge.order.clone(), amounts(charge))).collect()
    }

    /// Somebody pays to a virtual account or a code: what is asked, or another amount; false when nobody takes it.
    ///
    /// Banks bring payments late and twice, so only Midtrans's accounts are closed by the first one.
    pub fn pay(&mut self, to: &str, amount: Option<i64>) -> bool {
        let now = self.now;
        let number = self.till.payments + 1;
        let waiting = self.till.doors.get(to).and_then(|it| self.till.charges.get_mut(it));
        let Some(charge) = waiting else { return false };
        if charge.gateway == "midtrans" && !charge.payments.is_empty() {
            return false;
        }
        let reference = format!("py-{number:08}");
        let amount = amount.unwrap_or(charge.amount);
        charge.payments.push(Paid { reference, amount, at: now });
        self.till.payments = number;
        true
    }

    /// A payment for something that nobody asked for through our doors; its name.
    pub fn plant_payment(&mut self, gateway: &'static str, order: &str, amount: i64) -> String {
        let number = self.till.charges.len() + 1;
        let reference = format!("{}c-{number:08}", &gateway[..1]);
        let to = pay_to("bca", number);
        let planted = Charged {
            gateway,
            reference: reference.clone(),
            order: order.to_owned(),
            amount,
            channel: "bca".to_owned(),
            pay_to: to.clone(),
            whim: Whim::Honest,
            created_at: self.now,
            expires_at: self.now + KEY_KEPT,
            payments: Vec::new(),
        };
        self.till.enter(planted);
        self.pay(&to, None);
        let payment = self.till.charges[&reference].payments[0].reference.clone();
        if gateway == "midtrans" { reference } else { payment }
    }

    /// The payments that a gateway's statement tells of by now.
    pub(crate) fn told_payments<'a>(
        &'a self,
        gateway: &'a str,
    ) -> impl Iterator<Item = (&'a Charged, &'a Paid)> {
        let charges = self.charges().filter(move |charge| charge.gateway == gateway);
        let payments = charges.flat_map(|it| it.payments.iter().map(move |paid| (it, paid)));
        payments.filter(|(_, paid)| paid.at + self.statement_lag <= self.now)
    }

    /// What stands under an order, whether look-ups find it or not.
    pub fn charge_of(&self, order: &str) -> Option<&Charged> {
        self.till.charges.get(self.till.orders.get(order)?)
    }

    pub(crate) fn find_charge(&self, order: &str) -> Option<&Charged> {
        self.charge_of(order).filter(|charge| charge.is_visible(self.now))
    }

    pub(crate) fn find_charge_by_reference(&self, reference: &str) -> Option<&Charged> {
        self.till.charges.get(reference)
    }

    /// Waits for a payment, once per key for as long as keys are kept.
    pub(crate) fn charge(&mut self, key: &str, asking: Asking) -> Outcome<Charged> {
        let key = format!("{} {key}", asking.gateway);
        let kept = self.till.keys.get(&key).filter(|kept| self.now < kept.since + KEY_KEPT);
        if let Some(kept) = kept {
            if kept.asking != asking {
                return Outcome::KeyReused;
            }
            return Outcome::Known(self.till.charges[&kept.reference].clone());
        }
        let whim = self.chaos.whim(self.seed, &asking.order);
        if whim == Whim::ErrsBefore && self.errs_again(&asking.order) {
            return Outcome::Err;
        }
        let number = self.till.charges.len() + 1;
        let reference = format!("{}c-{number:08}", &asking.gateway[..1]);
        let charge = Charged {
            gateway: asking.gateway,
            reference: reference.clone(),
            order: asking.order.clone(),
            amount: asking.amount + i64::from(whim == Whim::WrongAmount),
            channel: asking.channel.clone(),
            pay_to: pay_to(&asking.channel, number),
            whim,
            created_at: self.now,
            expires_at: self.now + asking.seconds,
            payments: Vec::new(),
        };
        self.till.keys.insert(key, Kept { asking, reference, since: self.now });
        self.till.enter(charge.clone());
        Outcome::Booked(charge)
    }
}

fn pay_to(channel: &str, number: usize) -> String {
    if channel == "qris" {
        format!("00020101021226660014ID.SIMULATED.WWW0208{number:08}5802ID6304ABCD")
    } else {
        format!("8808{number:010}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whim::Chaos;

    fn asking(gateway: &'static str) -> Asking {
        let (order, channel) = ("top_1".to_owned(), "bca".to_owned());
        Asking { gateway, order, amount: 50_000, channel, seconds: 3_600 }
    }

    #[test]
    fn one_key_is_one_charge_and_payments_have_names_of_their_own() {
        let mut book = Book::new(1, Chaos::Quiet);
        assert!(matches!(book.charge("k", asking("xendit")), Outcome::Booked(_)));
        assert!(matches!(book.charge("k", asking("xendit")), Outcome::Known(_)));
        let other = Asking { amount: 1, ..asking("xendit") };
        assert!(matches!(book.charge("k", other), Outcome::KeyReused));
        let to = book.charges().next().unwrap().pay_to.clone();
        assert!(book.pay(&to, None) && book.pay(&to, Some(5)) && !book.pay("nowhere", None));
        assert_eq!(book.paid()["top_1"], [50_000, 5]);
        let charge = book.charges().next().unwrap();
        assert_ne!(charge.payments[0].reference, charge.payments[1].reference);
    }

    #[test]
    fn an_account_of_midtrans_is_closed_by_its_payment() {
        let mut book = Book::new(1, Chaos::Quiet);
        book.charge("k", asking("midtrans"));
        let to = book.charges().next().unwrap().pay_to.clone();
        assert!(book.pay(&to, None) && !book.pay(&to, None));
    }

    #[test]
    fn time_ends_what_nobody_pays() {
        let mut book = Book::new(1, Chaos::Quiet);
        book.charge("k", asking("xendit"));
        let charge = book.charges().next().unwrap().clone();
        let seen = [0, 3_599, 3_600].map(|now| charge.standing(now));
        assert_eq!(seen, [ChargeStanding::Open, ChargeStanding::Open, ChargeStanding::Expired]);
    }
}
