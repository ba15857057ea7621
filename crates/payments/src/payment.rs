use primitives::{
    AccountId, CollectorId, Invalid, JournalId, PaymentId, PickupId, RegionCode, Rupiah, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a collector owes a household for one job, and how it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Identity.
    pub id: PaymentId,
    /// For which job.
    pub pickup: PickupId,
    /// Who receives.
    pub household: AccountId,
    /// Who pays.
    pub collector: CollectorId,
    /// Whose wallet it leaves, if it leaves one.
    pub collector_account: AccountId,
    /// The report's desa.
    pub desa: RegionCode,
    /// How.
    pub method: Method,
    /// How much.
    pub amount: Rupiah,
    /// When the collector said that he paid.
    pub claimed_at: Timestamp,
    /// Where it stands.
    pub state: PaymentState,
    /// Counts every change.
    pub version: i64,
}

/// How a collector pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From hand to hand; the household says whether it arrived.
    Cash,
    /// From wallet to wallet, at once.
    Wallet,
}

impl Method {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Wallet => "wallet",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "cash" => Ok(Self::Cash),
            "wallet" => Ok(Self::Wallet),
            _ => Err(Invalid("method_unknown")),
        }
    }
}

/// Where a payment stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentState {
    /// The collector says that he paid; the household has not said anything yet.
    Pending {
        /// Since when staff know that it is disputed, or that no answer came in time.
        flagged_at: Option<Timestamp>,
    },
    /// Both agree, or the wallets moved.
    Settled(Settlement),
    /// The household says that nothing arrived.
    Failed {
        /// When it said so.
        denied_at: Timestamp,
    },
}

/// The proof of a settled payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Since when.
    pub at: Timestamp,
    /// The ledger's journal of it.
    pub journal: JournalId,
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStateName {
    /// Waits for the household's word.
    Pending,
    /// Done.
    Settled,
    /// Denied by the household, or so decided; the collector may pay again.
    Failed,
}

impl PaymentStateName {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Settled => "settled",
            Self::Failed => "failed",
        }
    }
}

impl PaymentState {
    /// The state without its facts.
    pub const fn name(&self) -> PaymentStateName {
        match self {
            Self::Pending { .. } => PaymentStateName::Pending,
            Self::Settled(_) => PaymentStateName::Settled,
            Self::Failed { .. } => PaymentStateName::Failed,
        }
    }
}

/// The transition is not allowed from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payment that is {0:?} cannot do that")]
pub struct WrongState(pub PaymentStateName);

impl Payment {
    /// The proof, once there is one.
    pub const fn settlement(&self) -> Option<&Settlement> {
        match &self.state {
            PaymentState::Settled(settlement) => Some(settlement),
            PaymentState::Pending { .. } | PaymentState::Failed { .. } => None,
        }
    }

    /// The money is where it belongs.
    pub fn settle(self, settlement: Settlement) -> Result<Self, WrongState> {
        self.must_be_pending()?;
        Ok(self.moved_to(PaymentState::Settled(settlement)))
    }

    /// The household says that nothing arrived.
    pub fn deny(self, denied_at: Timestamp) -> Result<Self, WrongState> {
        self.must_be_pending()?;
        Ok(self.moved_to(PaymentState::Failed { denied_at }))
    }

    /// Staff are to look at it: the household disputes it, or did not answer for too long. The payment stays pending:
    /// the answer may still come.
    pub fn flag(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PaymentState::Pending { flagged_at: None } => {
                Ok(self.moved_to(PaymentState::Pending { flagged_at: Some(at) }))
            }
            _ => Err(WrongState(self.state.name())),
        }
    }

    /// The collector insists that he paid: what was denied is open again.
    pub fn object(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PaymentState::Failed { .. } => {
                Ok(self.moved_to(PaymentState::Pending { flagged_at: Some(at) }))
            }
            _ => Err(WrongState(self.state.name())),
        }
    }

    const fn must_be_pending(&self) -> Result<(), WrongState> {
        match self.state {
            PaymentState::Pending { .. } => Ok(()),
            _ => Err(WrongState(self.state.name())),
        }
    }

    fn moved_to(self, state: PaymentState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending() -> Payment {
        let ambient = test_kit::ambient(&test_kit::clock());
        Payment {
            id: ambient.mint(),
            pickup: ambient.mint(),
            household: ambient.mint(),
            collector: ambient.mint(),
            collector_account: ambient.mint(),
            desa: RegionCode::parse("12.07.28.2001").unwrap(),
            method: Method::Cash,
            amount: Rupiah::new(5_000),
            claimed_at: ambient.now(),
            state: PaymentState::Pending { flagged_at: None },
            version: 1,
        }
    }

    fn proof() -> Settlement {
        let ambient = test_kit::ambient(&test_kit::clock());
        Settlement { at: ambient.now(), journal: ambient.mint() }
    }

    #[test]
    fn what_is_decided_stays_decided() {
        let at = proof().at;
        let settled = pending().settle(proof()).unwrap();
        assert_eq!(settled.clone().deny(at), Err(WrongState(PaymentStateName::Settled)));
        assert_eq!(settled.clone().flag(at), Err(WrongState(PaymentStateName::Settled)));
        assert_eq!(settled.settle(proof()), Err(WrongState(PaymentStateName::Settled)));
        let failed = pending().deny(at).unwrap();
        assert_eq!(failed.clone().settle(proof()), Err(WrongState(PaymentStateName::Failed)));
        assert_eq!(failed.deny(at), Err(WrongState(PaymentStateName::Failed)));
    }

    #[test]
    fn only_what_was_denied_can_be_objected_to() {
        let at = proof().at;
        assert_eq!(pending().object(at), Err(WrongState(PaymentStateName::Pending)));
        let objected = pending().deny(at).unwrap().object(at).unwrap();
        assert_eq!(objected.state, PaymentState::Pending { flagged_at: Some(at) });
        let settled = objected.settle(proof()).unwrap();
        assert_eq!(settled.object(at), Err(WrongState(PaymentStateName::Settled)));
    }

    #[test]
    fn a_late_answer_is_still_an_answer() {
        let flagged = pending().flag(proof().at).unwrap();
        assert!(flagged.clone().flag(proof().at).is_err());
        assert_eq!(flagged.settle(proof()).unwrap().version, 3);
    }
}
