use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// How a payout is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whim {
    /// Accepted, arrives.
    Honest,
    /// Accepted, fails.
    Fails,
    /// Arrives, comes back.
    Reversed,
    /// Booked, then the connection is cut.
    Drops,
    /// Booked, answered too late.
    Slow,
    /// Booked, answered with 500.
    ErrsAfter,
    /// Answered with 500 at first, not booked.
    ErrsBefore,
    /// Booked, the connection is cut, and look-ups do not find it for ten minutes.
    Hidden,
    /// Booked with another amount.
    WrongAmount,
}

impl Whim {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Honest,
        Self::Fails,
        Self::Reversed,
        Self::Drops,
        Self::Slow,
        Self::ErrsAfter,
        Self::ErrsBefore,
        Self::Hidden,
        Self::WrongAmount,
    ];
}

/// Which whims there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chaos {
    /// Every payout is honest.
    #[default]
    Quiet,
    /// Every payout has this one.
    Only(Whim),
    /// Drawn from the seed and the order's name.
    All,
}

impl Chaos {
    /// The whim of an order.
    pub fn whim(self, seed: u64, order: &str) -> Whim {
        match self {
            Self::Quiet => Whim::Honest,
            Self::Only(whim) => whim,
            Self::All => {
                let number = usize::from(drawn(seed, "whim", order)) % Whim::ALL.len();
                Whim::ALL.get(number).copied().unwrap_or(Whim::Honest)
            }
        }
    }
}

/// One byte of chance that belongs to the seed, the purpose and the order.
pub(crate) fn drawn(seed: u64, purpose: &str, order: &str) -> u8 {
    let digest = Sha256::digest(format!("{seed} {purpose} {order}"));
    digest.first().copied().unwrap_or(0)
}
