use database::DatabaseError;
use diesel::{Insertable, Queryable};
use primitives::{AccountId, Invalid, Rupiah, SuspenseReleaseId, Timestamp};

use crate::{
    charge::{SuspenseOutcome, SuspenseRelease},
    gateway::GatewayName,
    proposal::ProposalColumns,
    schema::suspense_release,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = suspense_release, treat_none_as_default_value = false)]
pub(in crate::charge) struct ReleaseRow {
    pub(in crate::charge) id: String,
    gateway: String,
    payment: String,
    outcome: String,
    account_id: Option<String>,
    return_reference: Option<String>,
    amount_rupiah: i64,
    reason: String,
    maker: String,
    proposed_at: i64,
    pub(in crate::charge) state: String,
    pub(in crate::charge) decided_at: Option<i64>,
    pub(in crate::charge) decided_by: Option<String>,
    pub(in crate::charge) rejection_reason: Option<String>,
    pub(in crate::charge) journal_id: Option<String>,
    pub(in crate::charge) version: i64,
}

impl From<&SuspenseRelease> for ReleaseRow {
    fn from(release: &SuspenseRelease) -> Self {
        let decision = ProposalColumns::from(&release.state);
        Self {
            id: release.id.to_string(),
            gateway: release.gateway.as_str().to_owned(),
            payment: release.payment.clone(),
            outcome: release.outcome.name().as_str().to_owned(),
            account_id: release.outcome.account().map(|account| account.to_string()),
            return_reference: release.outcome.return_reference().map(str::to_owned),
            amount_rupiah: release.amount.get(),
            reason: release.reason.clone(),
            maker: release.maker.to_string(),
            proposed_at: release.proposed_at.micros(),
            state: decision.state,
            decided_at: decision.decided_at,
            decided_by: decision.decided_by,
            rejection_reason: decision.rejection_reason,
            journal_id: decision.journal_id,
            version: release.version,
        }
    }
}

impl TryFrom<ReleaseRow> for SuspenseRelease {
    type Error = DatabaseError;

    fn try_from(row: ReleaseRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("suspense_release", id, what))
    }
}

impl ReleaseRow {
    fn read(self) -> Result<SuspenseRelease, Invalid> {
        let outcome = match (self.outcome.as_str(), self.account_id, self.return_reference) {
            ("credited", Some(account), None) => {
                SuspenseOutcome::Credited(AccountId::parse(&account)?)
            }
            ("returned", None, Some(reference)) => SuspenseOutcome::Returned(reference),
            _ => return Err(Invalid("outcome_unknown")),
        };
        let decision = ProposalColumns {
            state: self.state,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            rejection_reason: self.rejection_reason,
            journal_id: self.journal_id,
        };
        Ok(SuspenseRelease {
            id: SuspenseReleaseId::parse(&self.id)?,
            gateway: GatewayName::parse(&self.gateway)?,
            payment: self.payment,
            outcome,
            amount: Rupiah::new(self.amount_rupiah),
            reason: self.reason,
            maker: AccountId::parse(&self.maker)?,
            proposed_at: Timestamp::from_micros(self.proposed_at),
            state: decision.read()?,
            version: self.version,
        })
    }
}
