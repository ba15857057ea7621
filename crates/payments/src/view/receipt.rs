use accounts::ShortName;
use event_log::Link;
use pickups::{LineView, TeraDate};
use primitives::{CollectorId, JournalId, PaymentId, PickupId, ReportId, Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Method, Receipt, proof};

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
    /// The last day on which the scale's seal (tera) is valid, if the collector read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_tera_until: Option<TeraDate>,
    /// Whether the seal was valid on the day of the weigh-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_tera_valid: Option<bool>,
    /// When it was weighed.
    pub weighed_at: Timestamp,
    /// When it was paid.
    pub paid_at: Timestamp,
    /// The ledger's journal.
    pub journal_id: JournalId,
    /// SHA-256 over that journal and the journals before it on the same accounts: a changed book no longer yields it.
    pub journal_hash: String,
    /// Where the settlement stands in the chain of everything that happened; absent for the first moments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainView>,
    /// SHA-256 over everything above but `household_name` and `chain`: what the public verification asks for.
    pub receipt_hash: String,
}

/// An event's place in the chain of everything that happened.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChainView {
    /// 1, 2, 3 … without gaps.
    pub seq: i64,
    /// SHA-256 over the event and everything before it.
    pub hash: String,
}

impl From<&Receipt> for ReceiptView {
    fn from(receipt: &Receipt) -> Self {
        let Receipt { pickup, weighing, payment, settlement, .. } = receipt;
        let unsealed = Self {
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
            scale_id: weighing.scale.id.clone(),
            scale_tera_until: weighing.scale.tera_until,
            scale_tera_valid: weighing.scale.tera_until.map(|seal| seal.covers(weighing.at)),
            weighed_at: weighing.at,
            paid_at: settlement.at,
            journal_id: settlement.journal,
            journal_hash: receipt.journal_hash.clone(),
            chain: receipt.chain.clone().map(|Link { seq, hash }| ChainView { seq, hash }),
            receipt_hash: String::new(),
        };
        Self { receipt_hash: proof::hash_of(&unsealed), ..unsealed }
    }
}
