use accounts::ShortName;
use pickups::LineView;
use primitives::{CollectorId, JournalId, PaymentId, PickupId, ReportId, Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Method, Receipt};

/// The proof of a finished deal: what was weighed at which price, and where the books have it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReceiptView {
    /// The job.
    pub pickup_id: PickupId,
    /// What was fetched.
    pub report_id: ReportId,
    /// How it was paid.
    pub payment_id: PaymentId,
    /// In cash or by wallet.
    pub method: Method,
    /// What the household is called, if it has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_name: Option<ShortName>,
    /// Who bought.
    pub collector_id: CollectorId,
    /// What he is called.
    pub collector_name: String,
    /// `pengepul`, `bank_sampah_unit`, `bank_sampah_induk`, `tps3r` or `tpst`.
    pub collector_kind: String,
    /// What was sold, at the prices that were frozen at acceptance.
    pub lines: Vec<LineView>,
    /// The sum of the lines.
    pub amount_rupiah: Rupiah,
    /// Which scale, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_id: Option<String>,
    /// When it was weighed.
    pub weighed_at: Timestamp,
    /// When it was paid.
    pub paid_at: Timestamp,
    /// The ledger's journal.
    pub journal_id: JournalId,
    /// SHA-256 over that journal and the journals before it on the same accounts: a changed book no longer yields it.
    pub journal_hash: String,
}

impl From<&Receipt> for ReceiptView {
    fn from(receipt: &Receipt) -> Self {
        let Receipt { pickup, weighing, payment, settlement, .. } = receipt;
        Self {
            pickup_id: pickup.id,
            report_id: pickup.report,
            payment_id: payment.id,
            method: payment.method,
            household_name: receipt.household_name.clone(),
            collector_id: pickup.collector.id,
            collector_name: pickup.collector.name.clone(),
            collector_kind: pickup.collector.kind.clone(),
            lines: weighing.lines.iter().map(LineView::from).collect(),
            amount_rupiah: payment.amount,
            scale_id: weighing.scale_id.clone(),
            weighed_at: weighing.at,
            paid_at: settlement.at,
            journal_id: settlement.journal,
            journal_hash: receipt.journal_hash.clone(),
        }
    }
}
