use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One to five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 1, maximum = 5)]
pub struct Stars(i64);

impl Stars {
    /// Accepts 1 – 5.
    pub fn parse(stars: i64) -> Result<Self, Invalid> {
        if (1..=5).contains(&stars) { Ok(Self(stars)) } else { Err(Invalid("stars_out_of_range")) }
    }

    /// The number of stars.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Stars {
    type Error = Invalid;

    fn try_from(stars: i64) -> Result<Self, Invalid> {
        Self::parse(stars)
    }
}

impl From<Stars> for i64 {
    fn from(stars: Stars) -> Self {
        stars.0
    }
}

/// What one side says about the other, once the money is where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// One to five.
    pub stars: Stars,
    /// In words.
    pub comment: Option<String>,
}
