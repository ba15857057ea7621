use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much of a report a collector must buy to fetch it: 1 – 100 percent of its estimated weight.
///
/// 100 percent, the ordinary case, is every material; below that he may leave some of them with the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 1, maximum = 100)]
pub struct MinimumShare(i64);

impl MinimumShare {
    /// Every material.
    pub const ALL: Self = Self(100);

    /// Accepts 1 – 100 percent.
    pub fn parse(percent: i64) -> Result<Self, Invalid> {
        if (1..=100).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(Invalid("minimum_share_out_of_range"))
        }
    }

    /// The number of percents.
    pub const fn percent(self) -> i64 {
        self.0
    }

    /// Whether nothing may be left.
    pub fn is_all(&self) -> bool {
        *self == Self::ALL
    }

    /// Whether so much of the whole is enough where something may be left.
    pub const fn is_reached_by(self, part: i64, whole: i64) -> bool {
        part.saturating_mul(100) >= whole.saturating_mul(self.0)
    }
}

impl Default for MinimumShare {
    fn default() -> Self {
        Self::ALL
    }
}

impl TryFrom<i64> for MinimumShare {
    type Error = Invalid;

    fn try_from(percent: i64) -> Result<Self, Invalid> {
        Self::parse(percent)
    }
}

impl From<MinimumShare> for i64 {
    fn from(share: MinimumShare) -> Self {
        share.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_and_never_nothing() {
        assert_eq!(MinimumShare::parse(0), Err(Invalid("minimum_share_out_of_range")));
        assert_eq!(MinimumShare::parse(101), Err(Invalid("minimum_share_out_of_range")));
        assert!(MinimumShare::parse(100).unwrap().is_all());
        let half = MinimumShare::parse(50).unwrap();
        assert!(half.is_reached_by(500, 1_000) && !half.is_reached_by(499, 1_000));
    }
}
