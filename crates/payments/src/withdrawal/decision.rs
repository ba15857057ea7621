use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person has found out about a withdrawal by asking the gateway himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What became of the money.
    pub outcome: DecidedOutcome,
    /// The gateway's own name for the payout; needed when it arrived and we do not know it yet.
    pub reference: Option<String>,
    /// How he knows.
    pub reason: String,
}

/// What became of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedOutcome {
    /// It reached the account.
    Arrived,
    /// It never left the gateway, and never will; it goes back into the wallet.
    NeverLeft,
}

impl DecidedOutcome {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::NeverLeft => "never_left",
        }
    }
}

/// 1 – 100 letters, digits and dashes.
pub(super) fn check_reference(reference: &str) -> Result<(), Invalid> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let fits = (1..=100).contains(&reference.len()) && reference.bytes().all(plain);
    if fits { Ok(()) } else { Err(Invalid("reference_malformed")) }
}
