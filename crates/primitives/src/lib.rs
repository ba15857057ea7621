#![doc = include_str!("../README.md")]

mod ambient;
mod id;
mod invalid;
mod language;
mod measure;
mod money;
mod phone;
mod place;
mod region_code;
mod time;

pub use ambient::{Ambient, Entropy, OsEntropy, SeededEntropy};
pub use id::{
    AccountId, AdjustmentId, ChallengeId, CollectorId, DeliveryId, EventId, HoldId, Id,
    InvitationId, JournalId, Kind, OfferId, PaymentId, PhotoId, PickupId, ReconciliationId,
    ReportId, SessionId, SuspenseReleaseId, TopUpId, WithdrawalId, kinds,
};
pub use invalid::Invalid;
pub use language::Language;
pub use measure::{Grams, Milliliters, Pieces, Quantity, Unit};
pub use money::{Rupiah, UnitPrice};
pub use phone::PhoneNumber;
pub use place::{Coordinates, Location};
pub use region_code::{RegionCode, RegionLevel};
pub use time::{Clock, ManualClock, SystemClock, Timestamp};
