use primitives::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

/// When it happened, by the phone's clock.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MomentBody {
    /// At most 30 days ago; now unless stated.
    pub(super) occurred_at: Option<Timestamp>,
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonBody {
    /// In a few words.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) reason: String,
}
