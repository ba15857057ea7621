use ledger::{Balance, Entry};
use primitives::{AccountId, JournalId, PickupId, Rupiah, Timestamp, TopUpId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{TopUp, rules};

/// What we owe to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct WalletView {
    /// All of it.
    pub balance_rupiah: Rupiah,
    /// What is set aside for a decision.
    pub held_rupiah: Rupiah,
    /// What may be spent.
    pub available_rupiah: Rupiah,
}

impl From<&Balance> for WalletView {
    fn from(balance: &Balance) -> Self {
        Self {
            balance_rupiah: Rupiah::new(balance.balance),
            held_rupiah: Rupiah::new(balance.held),
            available_rupiah: Rupiah::new(balance.available()),
        }
    }
}

/// One movement of a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EntryView {
    /// Counts the wallet's movements from 1.
    pub version: i64,
    /// `settlement`, `top_up`, `suspense_credited`, `adjustment`, `withdrawal`, `reversal`, `hold`, `hold_settled`,
    /// `hold_voided` or `hold_expired`.
    pub kind: String,
    /// What came in, or, negative, went out.
    pub amount_rupiah: Rupiah,
    /// What was set aside, or, negative, released.
    pub held_change_rupiah: Rupiah,
    /// The balance afterwards.
    pub balance_rupiah: Rupiah,
    /// The job that was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup_id: Option<PickupId>,
    /// The ledger's journal.
    pub journal_id: JournalId,
    /// When.
    pub created_at: Timestamp,
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        Self {
            version: entry.version,
            kind: entry.kind.clone(),
            amount_rupiah: Rupiah::new(entry.delta),
            held_change_rupiah: Rupiah::new(entry.held_delta),
            balance_rupiah: Rupiah::new(entry.balance_after),
            pickup_id: rules::settled_pickup(&entry.business_key),
            journal_id: entry.journal,
            created_at: entry.created_at,
        }
    }
}

/// Money that came into a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopUpView {
    /// Identity.
    pub id: TopUpId,
    /// Whose wallet.
    pub account_id: AccountId,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// Why.
    pub reason: String,
    /// Who recorded it: an account, or `command_line`.
    pub maker: String,
    /// The journal by which it reached the wallet.
    pub journal_id: JournalId,
    /// When.
    pub created_at: Timestamp,
}

impl From<&TopUp> for TopUpView {
    fn from(top_up: &TopUp) -> Self {
        Self {
            id: top_up.id,
            account_id: top_up.account,
            amount_rupiah: top_up.amount,
            reason: top_up.reason.clone(),
            maker: top_up.maker.to_string(),
            journal_id: top_up.credited,
            created_at: top_up.created_at,
        }
    }
}
