use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    calendar,
    charge::Till,
    whim::{Chaos, Whim, drawn},
};

pub(crate) const MINUTE: u64 = 60;
pub(crate) const KEY_KEPT: u64 = 24 * 60 * MINUTE;
/// What each gateway holds for us at the beginning.
const DEPOSITED: i64 = 1_000_000_000;

/// Everything the gateway knows; times are its own seconds.
#[derive(Debug, Default)]
pub struct Book {
    /// The gateway's present second.
    pub now: u64,
    /// The second since 1970 at which its time began.
    pub epoch: u64,
    /// Seconds after which a payout stands in the statement.
    pub statement_lag: u64,
    /// Whether the gateways keep nothing for their services; their statements say so.
    pub free_of_charge: bool,
    /// How many questions for a statement are answered with 500 from now on.
    pub statement_errors: u32,
    pub(crate) seed: u64,
    pub(crate) chaos: Chaos,
    payouts: BTreeMap<String, Booked>,
    /// The references of what stands under each order.
    orders: BTreeMap<String, Vec<String>>,
    keys: BTreeMap<String, Kept>,
    errors: BTreeMap<String, u32>,
    pub(crate) till: Till,
}

/// One payout in the book.
#[derive(Debug, Clone, Serialize)]
pub struct Booked {
    /// `xendit` or `midtrans`.
    pub gateway: &'static str,
    /// The gateway's own name for it.
    pub reference: String,
    /// The name that the client gave it.
    pub order: String,
    /// Whole rupiah.
    pub amount: i64,
    /// Where it goes.
    pub channel: String,
    /// How it is treated.
    pub whim: Whim,
    /// When it was asked for.
    pub created_at: u64,
    /// Since when it may move: at once, or when an approver released it.
    pub released_at: Option<u64>,
}

/// What a payout is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Waits for its release.
    Queued,
    /// Taken on.
    Accepted,
    /// With the bank.
    Requested,
    /// Arrived.
    Succeeded,
    /// Will not arrive.
    Failed,
    /// Came back.
    Reversed,
}

/// A request for a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) gateway: &'static str,
    pub(crate) order: String,
    pub(crate) amount: i64,
    pub(crate) channel: String,
    pub(crate) released: bool,
}

#[derive(Debug)]
struct Kept {
    request: Request,
    reference: String,
    since: u64,
}

/// What came of a request.
#[derive(Debug, Clone)]
pub(crate) enum Outcome<T = Booked> {
    /// Booked now.
    Booked(T),
    /// Booked before, under the same key.
    Known(T),
    /// The key stands for another request.
    KeyReused,
    /// Nothing is booked, and an error is pretended.
    Err,
}

impl Booked {
    /// What it is at a moment: the clock alone decides.
    pub fn standing(&self, now: u64) -> Standing {
        let Some(released_at) = self.released_at else { return Standing::Queued };
        let age = now.saturating_sub(released_at);
        match (age / MINUTE, self.whim) {
            (0, _) => Standing::Accepted,
            (1..5, _) => Standing::Requested,
            (_, Whim::Fails) => Standing::Failed,
            (120.., Whim::Reversed) => Standing::Reversed,
            _ => Standing::Succeeded,
        }
    }

    /// Whether look-ups find it.
    pub(crate) const fn is_visible(&self, now: u64) -> bool {
        !matches!(self.whim, Whim::Hidden) || now >= self.created_at.saturating_add(10 * MINUTE)
    }
}

impl Book {
    /// A book whose whims follow from the seed.
    pub fn new(seed: u64, chaos: Chaos) -> Self {
        Self { seed, chaos, ..Self::default() }
    }

    /// Every payout.
    pub fn payouts(&self) -> impl Iterator<Item = &Booked> {
        self.payouts.values()
    }

    /// How many payouts of each order have moved or will move money, as far as the book knows.
    pub fn transfers(&self) -> BTreeMap<String, usize> {
        let mut transfers = BTreeMap::new();
        for payout in self.payouts.values() {
            if !matches!(payout.standing(u64::MAX), Standing::Queued | Standing::Failed) {
                *transfers.entry(payout.order.clone()).or_default() += 1;
            }
        }
        transfers
    }

    /// A payout that nobody asked for through our doors: by hand, or by somebody else.
    pub fn plant(&mut self, gateway: &'static str, order: &str, amount: i64) -> String {
        let reference = format!("{}{:08}", &gateway[..1], self.payouts.len() + 1);
        let payout = Booked {
            gateway,
            reference: reference.clone(),
            order: order.to_owned(),
            amount,
            channel: "ID_BCA".to_owned(),
            whim: Whim::Honest,
            created_at: self.now,
            released_at: Some(self.now),
        };
        self.enter(payout);
        reference
    }

    fn enter(&mut self, payout: Booked) {
        self.orders.entry(payout.order.clone()).or_default().push(payout.reference.clone());
        self.payouts.insert(payout.reference.clone(), payout);
    }

    /// What a gateway holds for us now.
    pub(crate) fn balance(&self, gateway: &str) -> i64 {
        let own = self.payouts.values().filter(|payout| payout.gateway == gateway);
        let gone = own.filter(|payout| {
            let standing = payout.standing(self.now);
            !matches!(standing, Standing::Queued | Standing::Failed | Standing::Reversed)
        });
        DEPOSITED - gone.map(|payout| payout.amount).sum::<i64>()
    }

    /// The payouts that a gateway's statement tells of by now; with whims about, some come an hour late.
    pub(crate) fn told<'a>(&'a self, gateway: &'a str) -> impl Iterator<Item = &'a Booked> {
        let lag = |payout: &Booked| match self.chaos {
            Chaos::All if drawn(self.seed, "statement", &payout.order).is_multiple_of(3) => {
                60 * MINUTE
            }
            _ => self.statement_lag,
        };
        self.payouts.values().filter(move |payout| {
            payout.gateway == gateway && payout.created_at.saturating_add(lag(payout)) <= self.now
        })
    }

    /// What is kept for a service that costs so much.
    pub(crate) fn fee(&self, price: i64) -> i64 {
        if self.free_of_charge { 0 } else { price }
    }

    /// Whether this question for a statement is answered with 500.
    pub(crate) fn statement_errs(&mut self) -> bool {
        let errs = self.statement_errors > 0;
        self.statement_errors = self.statement_errors.saturating_sub(1);
        errs
    }

    /// A second of the book as RFC 3339.
    pub(crate) fn moment(&self, second: u64) -> String {
        calendar::moment(self.epoch.saturating_add(second))
    }

    pub(crate) fn find(&self, reference: &str) -> Option<&Booked> {
        self.payouts.get(reference).filter(|payout| payout.is_visible(self.now))
    }

    pub(crate) fn find_order(&self, order: &str) -> Vec<&Booked> {
        let named = self.orders.get(order).into_iter().flatten();
        named.filter_map(|reference| self.find(reference)).collect()
    }

    /// Books a payout, once per key for as long as keys are kept.
    pub(crate) fn book(&mut self, key: &str, request: Request) -> Outcome {
        let key = format!("{} {key}", request.gateway);
        if let Some(kept) = self.keys.get(&key).filter(|kept| self.now < kept.since + KEY_KEPT) {
            if kept.request != request {
                return Outcome::KeyReused;
            }
            let payout = self.payouts.get(&kept.reference);
            return Outcome::Known(payout.expect("kept keys name payouts").clone());
        }
        let whim = self.chaos.whim(self.seed, &request.order);
        if whim == Whim::ErrsBefore && self.errs_again(&request.order) {
            return Outcome::Err;
        }
        let reference = format!("{}{:08}", &request.gateway[..1], self.payouts.len() + 1);
        let wrong = i64::from(whim == Whim::WrongAmount);
        let payout = Booked {
            gateway: request.gateway,
            reference: reference.clone(),
            order: request.order.clone(),
            amount: request.amount + wrong,
            channel: request.channel.clone(),
            whim,
            created_at: self.now,
            released_at: request.released.then_some(self.now),
        };
        self.keys.insert(key, Kept { request, reference, since: self.now });
        self.enter(payout.clone());
        Outcome::Booked(payout)
    }

    pub(crate) fn errs_again(&mut self, order: &str) -> bool {
        let errors = self.errors.entry(order.to_owned()).or_default();
        *errors += 1;
        *errors <= 2
    }

    /// Releases a queued payout; false when there is none.
    pub(crate) fn release(&mut self, reference: &str) -> bool {
        let now = self.now;
        let queued = self.payouts.get_mut(reference).filter(|it| it.released_at.is_none());
        queued.map(|payout| payout.released_at = Some(now)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(order: &str) -> Request {
        Request {
            gateway: "xendit",
            order: order.to_owned(),
            amount: 50_000,
            channel: "ID_BCA".to_owned(),
            released: true,
        }
    }

    #[test]
    fn one_key_is_one_payout_for_a_day() {
        let mut book = Book::new(1, Chaos::Quiet);
        assert!(matches!(book.book("k", request("a")), Outcome::Booked(_)));
        for _ in 0..3 {
            assert!(matches!(book.book("k", request("a")), Outcome::Known(_)));
        }
        assert_eq!(book.payouts().count(), 1);
        assert!(matches!(book.book("k", request("b")), Outcome::KeyReused));
        book.now += KEY_KEPT;
        book.book("k", request("a"));
        assert_eq!(book.transfers()["a"], 2);
    }

    #[test]
    fn the_clock_alone_moves_a_payout() {
        let mut book = Book::new(1, Chaos::Only(Whim::Reversed));
        book.book("k", request("a"));
        let payout = book.payouts().next().unwrap().clone();
        let seen = [0, 60, 300, 7_199, 7_200].map(|now| payout.standing(now));
        let expected = [
            Standing::Accepted,
            Standing::Requested,
            Standing::Succeeded,
            Standing::Succeeded,
            Standing::Reversed,
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn one_seed_is_one_world_and_every_whim_occurs() {
        let drawn = |seed| (0..200).map(move |it| Chaos::All.whim(seed, &format!("wdr_{it}")));
        assert!(drawn(1).eq(drawn(1)) && !drawn(1).eq(drawn(2)));
        let all: std::collections::BTreeSet<_> = drawn(1).collect();
        assert_eq!(all.len(), Whim::ALL.len());
    }
}
