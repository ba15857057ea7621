use std::time::Duration;

use database::{Connection, DatabaseError};
use ledger::{AccountName, LedgerError, NewHold};
use pickups::{DepositRefused, Deposits, Pickup};
use primitives::{Ambient, HoldId, PickupId, RegionCode, Rupiah, Timestamp};

use crate::{PaymentError, store};

/// How long after the time a collector should have departed his money stays set aside.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A collector's money, set aside for one job.
pub(crate) struct Deposit {
    pub(crate) pickup: PickupId,
    pub(crate) hold: HoldId,
    pub(crate) amount: Rupiah,
    /// From when on it is free again without anybody's decision.
    pub(crate) expires_at: Timestamp,
}

/// Sets collectors' money aside where their kabupaten wants it.
#[derive(Clone)]
pub struct WalletDeposits(Ambient);

impl WalletDeposits {
    /// By this clock and chance.
    pub const fn new(ambient: Ambient) -> Self {
        Self(ambient)
    }
}

impl Deposits for WalletDeposits {
    fn reserve_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        most: Rupiah,
    ) -> Result<(), DepositRefused> {
        if most.get() == 0 || !is_required_in(conn, &pickup.desa)? {
            return Ok(());
        }
        let new = NewHold {
            business_key: format!("deposit:{}", pickup.id),
            account: AccountName::Wallet(pickup.collector.account),
            amount: most.get(),
            expires_at: pickup.due_at.plus(KEPT_FOR),
        };
        let hold = match ledger::hold_in(conn, &self.0, &new) {
            Err(LedgerError::Insufficient { available, .. }) => {
                let available = Rupiah::new(available);
                return Err(DepositRefused::Insufficient { needed: most, available });
            }
            other => other.map_err(|error| broken(pickup.id, error))?,
        };
        let (pickup, expires_at) = (pickup.id, hold.expires_at);
        let deposit = Deposit { pickup, hold: hold.id, amount: most, expires_at };
        Ok(store::insert_deposit(conn, &deposit)?)
    }

    fn release_in(&self, conn: &mut Connection, of: PickupId) -> Result<(), DatabaseError> {
        free_in(conn, &self.0, of).map_err(|error| broken(of, error))
    }
}

/// Whatever is set aside for the job is at its collector's disposal again.
pub(crate) fn free_in(
    conn: &mut Connection,
    ambient: &Ambient,
    of: PickupId,
) -> Result<(), LedgerError> {
    if let Some(hold) = store::end_deposit(conn, of, ambient.now())? {
        ledger::void_hold_in(conn, ambient, hold)?;
    }
    Ok(())
}

/// Frees at most `limit` deposits whose job came to no end in time; says how many.
pub fn expire_deposits_in(
    conn: &mut Connection,
    ambient: &Ambient,
    limit: i64,
) -> Result<usize, PaymentError> {
    let now = ambient.now();
    let mut freed: usize = 0;
    for pickup in store::expired_deposits(conn, now, limit)? {
        // The job may have come to its end in between.
        if let Some(hold) = store::end_deposit(conn, pickup, now)? {
            ledger::expire_hold_in(conn, ambient, hold)?;
            freed = freed.saturating_add(1);
        }
    }
    Ok(freed)
}

/// Says for a region and everything below it whether collectors' money is set aside; smaller regions may say otherwise.
pub fn set_deposit_rule_in(
    conn: &mut Connection,
    ambient: &Ambient,
    region: &RegionCode,
    required: bool,
) -> Result<(), DatabaseError> {
    store::set_deposit_rule(conn, region, required, ambient.now())
}

/// The smallest region around it that says anything decides; nobody says anything: no.
fn is_required_in(conn: &mut Connection, desa: &RegionCode) -> Result<bool, DatabaseError> {
    let mut asked = Some(desa.clone());
    while let Some(region) = asked {
        if let Some(required) = store::deposit_rule_of(conn, &region)? {
            return Ok(required);
        }
        asked = region.parent();
    }
    Ok(false)
}

/// What the books should never say about a hold of ours.
fn broken(pickup: PickupId, error: LedgerError) -> DatabaseError {
    match error {
        LedgerError::Database(error) => error,
        other => DatabaseError::corrupt("deposit", pickup, other),
    }
}
