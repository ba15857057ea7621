use primitives::{Invalid, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A time when somebody is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawWindow {
    /// From when.
    pub from: Timestamp,
    /// Until when; later than `from`.
    pub until: Timestamp,
}

/// A time when somebody is at home: it begins before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickupWindow(RawWindow);

impl PickupWindow {
    /// Accepts a window that begins before it ends.
    pub fn parse(from: Timestamp, until: Timestamp) -> Result<Self, Invalid> {
        if from < until {
            Ok(Self(RawWindow { from, until }))
        } else {
            Err(Invalid("window_backwards"))
        }
    }

    /// From when.
    pub const fn from(&self) -> Timestamp {
        self.0.from
    }

    /// Until when.
    pub const fn until(&self) -> Timestamp {
        self.0.until
    }

    /// As it stands in answers.
    pub const fn raw(&self) -> RawWindow {
        self.0
    }
}
