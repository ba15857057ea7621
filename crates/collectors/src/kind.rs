use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What sort of buyer a collector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectorKind {
    /// A scrap buyer, often roving.
    Pengepul,
    /// A neighbourhood waste bank.
    BankSampahUnit,
    /// The waste bank that buys from the neighbourhood ones.
    BankSampahInduk,
    /// A village's sorting and composting place.
    Tps3r,
    /// The kabupaten's treatment plant.
    Tpst,
}

impl CollectorKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 5] =
        [Self::Pengepul, Self::BankSampahUnit, Self::BankSampahInduk, Self::Tps3r, Self::Tpst];

    /// The word in databases, events and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pengepul => "pengepul",
            Self::BankSampahUnit => "bank_sampah_unit",
            Self::BankSampahInduk => "bank_sampah_induk",
            Self::Tps3r => "tps3r",
            Self::Tpst => "tpst",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(Invalid("collector_kind_unknown"))
    }
}

/// The verification without its facts: what lists are filtered by and answers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerificationState {
    /// Nobody has looked yet.
    Pending,
    /// May work.
    Verified,
    /// May not work.
    Suspended,
}

impl VerificationState {
    const ALL: [Self; 3] = [Self::Pending, Self::Verified, Self::Suspended];

    /// The word in databases and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Suspended => "suspended",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(Invalid("verification_unknown"))
    }
}
