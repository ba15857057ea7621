use std::fmt;

use primitives::{AccountId, CollectorId, Invalid};

/// A short word inside an account's name: a gateway, or a kind of goods. Letters, digits and dashes, at most 32.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// Accepts 1 – 32 ASCII letters, digits and dashes.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let fits = (1..=32).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if fits { Ok(Self(word.to_owned())) } else { Err(Invalid("label_malformed")) }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What an account counts. Every journal sums to zero in each unit on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Rupiah held at a licensed gateway for somebody.
    Custody,
    /// Rupiah that went from hand to hand; recorded, never held.
    CashMemo,
    /// Grams of one kind of goods.
    Grams(Label),
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custody => formatter.write_str("rupiah"),
            Self::CashMemo => formatter.write_str("rupiah-memo"),
            Self::Grams(goods) => write!(formatter, "grams:{goods}"),
        }
    }
}

/// The chart of accounts. A positive balance is owed to the holder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountName {
    /// What we owe to a person; never below zero.
    Wallet(AccountId),
    /// Money a gateway has confirmed and no wallet has yet.
    ClearingTopUp(Label),
    /// Money that has left a wallet and not yet the gateway.
    ClearingPayout(Label),
    /// Our own position at a gateway.
    Bank(Label),
    /// What we earn.
    Fee,
    /// Money of unknown origin at a gateway; never below zero.
    Suspense(Label),
    /// What rounding leaves over.
    Rounding,
    /// What is given up.
    WriteOff,
    /// Cash that a collector handed out.
    CashOut(CollectorId),
    /// Cash that a household received.
    CashIn(AccountId),
    /// Goods that a household gave away.
    Household(AccountId, Label),
    /// Goods that a collector carries; never below zero.
    Carried(CollectorId, Label),
    /// Goods that a facility received.
    Received(CollectorId, Label),
    /// Goods that were lost on the way to a facility.
    Loss(CollectorId, Label),
}

impl AccountName {
    /// What this account counts.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Wallet(_)
            | Self::ClearingTopUp(_)
            | Self::ClearingPayout(_)
            | Self::Bank(_)
            | Self::Fee
            | Self::Suspense(_)
            | Self::Rounding
            | Self::WriteOff => Unit::Custody,
            Self::CashOut(_) | Self::CashIn(_) => Unit::CashMemo,
            Self::Household(_, goods)
            | Self::Carried(_, goods)
            | Self::Received(_, goods)
            | Self::Loss(_, goods) => Unit::Grams(goods.clone()),
        }
    }

    /// Below this the available balance may never fall.
    pub const fn floor(&self) -> Option<i64> {
        match self {
            Self::Wallet(_) | Self::Suspense(_) | Self::Carried(..) => Some(0),
            _ => None,
        }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wallet(holder) => write!(formatter, "wallet:{holder}"),
            Self::ClearingTopUp(gateway) => write!(formatter, "clearing:topup:{gateway}"),
            Self::ClearingPayout(gateway) => write!(formatter, "clearing:payout:{gateway}"),
            Self::Bank(gateway) => write!(formatter, "bank:{gateway}"),
            Self::Fee => formatter.write_str("fee"),
            Self::Suspense(gateway) => write!(formatter, "suspense:{gateway}"),
            Self::Rounding => formatter.write_str("rounding"),
            Self::WriteOff => formatter.write_str("writeoff"),
            Self::CashOut(collector) => write!(formatter, "cash-out:{collector}"),
            Self::CashIn(household) => write!(formatter, "cash-in:{household}"),
            Self::Household(household, goods) => write!(formatter, "household:{household}:{goods}"),
            Self::Carried(collector, goods) => write!(formatter, "carried:{collector}:{goods}"),
            Self::Received(facility, goods) => write!(formatter, "received:{facility}:{goods}"),
            Self::Loss(facility, goods) => write!(formatter, "loss:{facility}:{goods}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_forge_another_name() {
        for word in ["", "a:b", "PET CLEAR", "ä", &"x".repeat(33)] {
            assert!(Label::parse(word).is_err(), "{word}");
        }
        assert_eq!(Label::parse("PET-CLEAR").unwrap().to_string(), "PET-CLEAR");
    }

    #[test]
    fn only_what_can_be_overdrawn_has_a_floor() {
        let manual = Label::parse("manual").unwrap();
        assert_eq!(AccountName::Suspense(manual.clone()).floor(), Some(0));
        assert_eq!(AccountName::Bank(manual).floor(), None);
    }
}
