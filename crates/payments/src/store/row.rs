use database::DatabaseError;
use diesel::{AsChangeset, Insertable, Queryable};
use primitives::{
    AccountId, CollectorId, Invalid, JournalId, PaymentId, PickupId, RegionCode, Rupiah, Timestamp,
    TopUpId,
};

use crate::{
    Maker, Method, Payment, PaymentState, Settlement, TopUp,
    schema::{payment, top_up},
};

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable)]
#[diesel(table_name = payment, treat_none_as_default_value = false)]
pub(super) struct PaymentRow {
    id: String,
    pickup_id: String,
    household_id: String,
    collector_id: String,
    collector_account_id: String,
    desa: String,
    method: String,
    amount_rupiah: i64,
    state: String,
    claimed_at: i64,
    flagged_at: Option<i64>,
    settled_at: Option<i64>,
    journal_id: Option<String>,
    denied_at: Option<i64>,
    version: i64,
}

/// What a transition changes; what it does not know stays as it was.
#[derive(AsChangeset, Default)]
#[diesel(table_name = payment)]
pub(super) struct StateRow {
    state: String,
    flagged_at: Option<i64>,
    settled_at: Option<i64>,
    journal_id: Option<String>,
    /// Forgotten when the collector objects.
    denied_at: Option<Option<i64>>,
    version: i64,
}

impl From<&Payment> for StateRow {
    fn from(payment: &Payment) -> Self {
        let known = Self {
            state: payment.state.name().as_str().to_owned(),
            version: payment.version,
            ..Self::default()
        };
        match &payment.state {
            PaymentState::Pending { flagged_at } => Self {
                flagged_at: flagged_at.map(Timestamp::micros),
                denied_at: Some(None),
                ..known
            },
            PaymentState::Settled(Settlement { at, journal }) => Self {
                settled_at: Some(at.micros()),
                journal_id: Some(journal.to_string()),
                ..known
            },
            PaymentState::Failed { denied_at } => {
                Self { denied_at: Some(Some(denied_at.micros())), ..known }
            }
        }
    }
}

impl From<&Payment> for PaymentRow {
    fn from(payment: &Payment) -> Self {
        let state = StateRow::from(payment);
        Self {
            id: payment.id.to_string(),
            pickup_id: payment.pickup.to_string(),
            household_id: payment.household.to_string(),
            collector_id: payment.collector.to_string(),
            collector_account_id: payment.collector_account.to_string(),
            desa: payment.desa.to_string(),
            method: payment.method.as_str().to_owned(),
            amount_rupiah: payment.amount.get(),
            state: state.state,
            claimed_at: payment.claimed_at.micros(),
            flagged_at: state.flagged_at,
            settled_at: state.settled_at,
            journal_id: state.journal_id,
            denied_at: state.denied_at.flatten(),
            version: payment.version,
        }
    }
}

impl TryFrom<PaymentRow> for Payment {
    type Error = DatabaseError;

    fn try_from(row: PaymentRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("payment", id, what))
    }
}

impl PaymentRow {
    fn read(self) -> Result<Payment, Invalid> {
        Ok(Payment {
            id: PaymentId::parse(&self.id)?,
            pickup: PickupId::parse(&self.pickup_id)?,
            household: AccountId::parse(&self.household_id)?,
            collector: CollectorId::parse(&self.collector_id)?,
            collector_account: AccountId::parse(&self.collector_account_id)?,
            desa: RegionCode::parse(&self.desa)?,
            method: Method::parse(&self.method)?,
            amount: Rupiah::new(self.amount_rupiah),
            claimed_at: Timestamp::from_micros(self.claimed_at),
            state: self.read_state()?,
            version: self.version,
        })
    }

    fn read_state(&self) -> Result<PaymentState, Invalid> {
        let moment = |column: Option<i64>| column.map(Timestamp::from_micros).ok_or(INCOMPLETE);
        Ok(match self.state.as_str() {
            "pending" => {
                PaymentState::Pending { flagged_at: self.flagged_at.map(Timestamp::from_micros) }
            }
            "settled" => PaymentState::Settled(Settlement {
                at: moment(self.settled_at)?,
                journal: JournalId::parse(self.journal_id.as_deref().ok_or(INCOMPLETE)?)?,
            }),
            "failed" => PaymentState::Failed { denied_at: moment(self.denied_at)? },
            _ => return Err(Invalid("state_unknown")),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = top_up)]
pub(super) struct TopUpRow {
    id: String,
    account_id: String,
    gateway: String,
    amount_rupiah: i64,
    reason: String,
    maker: String,
    received_journal_id: String,
    credited_journal_id: String,
    created_at: i64,
}

impl From<&TopUp> for TopUpRow {
    fn from(top_up: &TopUp) -> Self {
        Self {
            id: top_up.id.to_string(),
            account_id: top_up.account.to_string(),
            gateway: top_up.gateway.clone(),
            amount_rupiah: top_up.amount.get(),
            reason: top_up.reason.clone(),
            maker: top_up.maker.to_string(),
            received_journal_id: top_up.received.to_string(),
            credited_journal_id: top_up.credited.to_string(),
            created_at: top_up.created_at.micros(),
        }
    }
}

impl TryFrom<TopUpRow> for TopUp {
    type Error = DatabaseError;

    fn try_from(row: TopUpRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("top_up", id, what))
    }
}

impl TopUpRow {
    fn read(self) -> Result<TopUp, Invalid> {
        Ok(TopUp {
            id: TopUpId::parse(&self.id)?,
            account: AccountId::parse(&self.account_id)?,
            gateway: self.gateway,
            amount: Rupiah::new(self.amount_rupiah),
            reason: self.reason,
            maker: Maker::parse(&self.maker)?,
            received: JournalId::parse(&self.received_journal_id)?,
            credited: JournalId::parse(&self.credited_journal_id)?,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}
