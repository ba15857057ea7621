use database::{Connection, DatabaseError};
use primitives::{PickupId, Rupiah};

use crate::Pickup;

/// The port to whoever sets a collector's money aside for a job that is to be paid by wallet.
///
/// Each function takes part in the caller's unit of work, which must be undone when it refuses.
pub trait Deposits: Send + Sync {
    /// The collector takes the job on; `most` is what it may cost him by the household's estimate.
    fn reserve_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        most: Rupiah,
    ) -> Result<(), DepositRefused>;

    /// The job came to nothing, or is about to be paid: whatever is set aside for it is free again.
    fn release_in(&self, conn: &mut Connection, of: PickupId) -> Result<(), DatabaseError>;
}

/// Why money cannot be set aside.
#[derive(Debug, thiserror::Error)]
pub enum DepositRefused {
    /// The collector's wallet does not hold enough.
    #[error("{needed:?} needed, {available:?} available")]
    Insufficient {
        /// What the job may cost.
        needed: Rupiah,
        /// What the collector may dispose of.
        available: Rupiah,
    },
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}
