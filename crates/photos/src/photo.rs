use std::fmt;

use primitives::{AccountId, PaymentId, PhotoId, PickupId, ReportId, Timestamp};

/// A photograph that is on the shelf: a JPEG of ours, whatever was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Identity.
    pub id: PhotoId,
    /// Who uploaded it.
    pub owner: AccountId,
    /// Pixels from left to right.
    pub width: i64,
    /// Pixels from top to bottom.
    pub height: i64,
    /// Size of the file.
    pub bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// When its upload began.
    pub created_at: Timestamp,
}

/// What a photograph can belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// What a household offers.
    Report(ReportId),
    /// What the scale said.
    Weighing(PickupId),
    /// What the household objects to about it.
    PickupDispute(PickupId),
    /// What a side, `household` or `collector`, objects to about the cash.
    PaymentDispute(PaymentId, &'static str),
}

impl fmt::Display for Subject {
    /// The word in the database.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(id) => write!(formatter, "report/{id}"),
            Self::Weighing(id) => write!(formatter, "weighing/{id}"),
            Self::PickupDispute(id) => write!(formatter, "dispute/{id}"),
            Self::PaymentDispute(id, side) => write!(formatter, "dispute/{id}/{side}"),
        }
    }
}
