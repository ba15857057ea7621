//! What a gateway's own book says, in our own words.

use primitives::{Rupiah, Timestamp, TopUpId, WithdrawalId};

/// A stretch of time: its first moment belongs to it, its last one does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Period {
    /// Whether the moment lies within.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.until
    }
}

/// One line of a gateway's book about a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The line's own name, by which it is known again on another page.
    pub name: String,
    /// The gateway's own name for the payout.
    pub reference: String,
    /// The withdrawal that the payout names, if the line tells.
    pub withdrawal: Option<WithdrawalId>,
    /// How much, in whole rupiah.
    pub amount: Rupiah,
    /// Which way it went.
    pub movement: Movement,
    /// When, by the gateway's clock.
    pub at: Timestamp,
}

/// One line of a gateway's book about a payment that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingLine {
    /// The line's own name, by which it is known again on another page.
    pub name: String,
    /// The gateway's own name for the payment.
    pub reference: String,
    /// The charge that the payment names, if the line tells.
    pub charge: Option<TopUpId>,
    /// How much, in whole rupiah.
    pub amount: Rupiah,
    /// Whether it went back again.
    pub taken_back: bool,
    /// When, by the gateway's clock.
    pub at: Timestamp,
}

/// One line of a gateway's book about what it has kept for its services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeLine {
    /// The line's own name, the same for ever.
    pub name: String,
    /// How much, in whole rupiah, taxes included.
    pub amount: Rupiah,
    /// Whether it gave this back again.
    pub given_back: bool,
    /// When, by the gateway's clock.
    pub at: Timestamp,
}

/// Whether a gateway's own name for something may become part of a path of ours.
pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=100).contains(&name.len()) && name.bytes().all(plain)
}

/// Which way the money of a payout went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// It left, or is about to.
    Out,
    /// It came back, or never left after all.
    Back,
}

/// Some lines, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementPage {
    /// Payouts, in the gateway's order.
    pub lines: Vec<StatementLine>,
    /// Payments that came in.
    pub incoming: Vec<IncomingLine>,
    /// What the gateway has kept for its services.
    pub fees: Vec<FeeLine>,
    /// What to ask for next; none at the end.
    pub next: Option<String>,
}

impl StatementPage {
    /// How many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.lines.len().saturating_add(self.incoming.len()).saturating_add(self.fees.len())
    }

    /// Goes on with what another page says of the period.
    pub(crate) fn append(&mut self, page: Self, period: Period) {
        let Self { lines, incoming, fees, next } = page;
        self.lines.extend(lines.into_iter().filter(|line| period.contains(line.at)));
        self.incoming.extend(incoming.into_iter().filter(|line| period.contains(line.at)));
        self.fees.extend(fees.into_iter().filter(|line| period.contains(line.at)));
        self.next = next;
    }
}
