use primitives::{Invalid, JournalId, Rupiah, Timestamp, TopUpId};

use crate::gateway::GatewayName;

/// A payment that a gateway says it has taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The gateway's own name for it.
    pub reference: String,
    /// How much, in whole rupiah: other currencies and fractions are refused where they are read.
    pub amount: Rupiah,
}

/// Where an incoming payment went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the wallet.
    Wallet,
    /// Into the gateway's suspense, until a person decides whose it is.
    Suspense,
}

impl Place {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Suspense => "suspense",
        }
    }

    pub(super) fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "wallet" => Ok(Self::Wallet),
            "suspense" => Ok(Self::Suspense),
            _ => Err(Invalid("place_unknown")),
        }
    }
}

/// An incoming payment that is on the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Which gateway took it in.
    pub gateway: GatewayName,
    /// The gateway's own name for it.
    pub reference: String,
    /// For which charge.
    pub charge: TopUpId,
    /// How much.
    pub amount: Rupiah,
    /// Where it went.
    pub place: Place,
    /// The journal by which the gateway's money reached us.
    pub received: JournalId,
    /// The journal by which it went to its place.
    pub placed: JournalId,
    /// When.
    pub created_at: Timestamp,
}
