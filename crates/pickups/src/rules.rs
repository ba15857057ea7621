use std::time::Duration;

use primitives::Timestamp;

use crate::{Pickup, PickupState};

/// How long after the end a collector may still look up where he was.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether the collector may see the exact home and call the household.
pub(crate) fn home_is_visible(pickup: &Pickup, now: Timestamp) -> bool {
    pickup.state.ended_at().is_none_or(|ended_at| now < ended_at.plus(REMEMBERED))
}

/// Whether the household may see where the collector is.
pub(crate) const fn position_is_visible(pickup: &Pickup) -> bool {
    matches!(pickup.state, PickupState::EnRoute { .. } | PickupState::Arrived(_))
}
