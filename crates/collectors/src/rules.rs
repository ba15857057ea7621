use primitives::{AccountId, RegionCode, Timestamp};

use crate::{Collector, CollectorError, Reason, Verification};

/// Staff find the collector fit to work. Nothing to do when they already did.
pub(crate) fn verify(
    collector: &Collector,
    by: AccountId,
    at: Timestamp,
) -> Result<Option<Collector>, CollectorError> {
    not_about_oneself(collector, by)?;
    match collector.verification {
        Verification::Verified { .. } => Ok(None),
        Verification::Pending | Verification::Suspended { .. } => Ok(Some(Collector {
            verification: Verification::Verified { at, by },
            ..collector.clone()
        })),
    }
}

/// Staff stop the collector from working, which takes him offline. Nothing to do when they already did.
pub(crate) fn suspend(
    collector: &Collector,
    by: AccountId,
    at: Timestamp,
    reason: &Reason,
) -> Result<Option<Collector>, CollectorError> {
    not_about_oneself(collector, by)?;
    match collector.verification {
        Verification::Suspended { .. } => Ok(None),
        Verification::Pending | Verification::Verified { .. } => Ok(Some(Collector {
            verification: Verification::Suspended { at, by, reason: reason.clone() },
            online: false,
            ..collector.clone()
        })),
    }
}

/// Going online needs the consent of staff and prices to be judged by; going offline needs nothing.
pub(crate) fn switch(
    collector: &Collector,
    online: bool,
    has_prices: bool,
) -> Result<Option<Collector>, CollectorError> {
    if collector.online == online {
        return Ok(None);
    }
    if online && !matches!(collector.verification, Verification::Verified { .. }) {
        return Err(CollectorError::NotVerified);
    }
    if online && !has_prices {
        return Err(CollectorError::PricesMissing);
    }
    Ok(Some(Collector { online, ..collector.clone() }))
}

/// What remains of a verification after moving: another kabupaten's staff have not looked yet,
/// and nobody outruns a suspension.
pub(crate) fn verification_after_move(
    verification: &Verification,
    from: &RegionCode,
    to: &RegionCode,
) -> Verification {
    let stays = matches!(verification, Verification::Suspended { .. })
        || kabupaten_of(from) == kabupaten_of(to);
    if stays { verification.clone() } else { Verification::Pending }
}

fn kabupaten_of(desa: &RegionCode) -> Option<RegionCode> {
    desa.parent().and_then(|kecamatan| kecamatan.parent())
}

fn not_about_oneself(collector: &Collector, by: AccountId) -> Result<(), CollectorError> {
    if collector.account == by { Err(CollectorError::OwnCase) } else { Ok(()) }
}
