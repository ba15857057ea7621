mod release;

use database::DatabaseError;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable};
use primitives::{AccountId, Invalid, JournalId, Rupiah, Timestamp, TopUpId};

use super::{Asked, Charge, ChargeFailure, ChargeState, Credited, PayInChannel, Place, Received};
use crate::{
    gateway::GatewayName,
    schema::{charge, incoming_payment},
};

pub(super) use release::ReleaseRow;

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = charge, treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub(super) struct ChargeRow {
    id: String,
    account_id: String,
    gateway: String,
    channel: String,
    amount_rupiah: i64,
    state: String,
    created_at: i64,
    expires_at: i64,
    reference: Option<String>,
    pay_to: Option<String>,
    due_at: Option<i64>,
    escalated_at: Option<i64>,
    ended_at: Option<i64>,
    payment: Option<String>,
    credited_journal_id: Option<String>,
    failure: Option<String>,
    version: i64,
}

impl From<&Charge> for ChargeRow {
    fn from(charge: &Charge) -> Self {
        let (asked, credited) = (charge.state.asked(), charge.state.credited());
        let failure = match &charge.state {
            ChargeState::Failed { failure, .. } => Some(failure.as_str().to_owned()),
            _ => None,
        };
        Self {
            id: charge.id.to_string(),
            account_id: charge.account.to_string(),
            gateway: charge.gateway.as_str().to_owned(),
            channel: charge.channel.as_str().to_owned(),
            amount_rupiah: charge.amount.get(),
            state: charge.state.name().as_str().to_owned(),
            created_at: charge.created_at.micros(),
            expires_at: charge.expires_at.micros(),
            reference: asked.map(|asked| asked.reference.clone()),
            pay_to: asked.map(|asked| asked.pay_to.clone()),
            due_at: charge.due_at.map(Timestamp::micros),
            escalated_at: charge.escalated_at.map(Timestamp::micros),
            ended_at: charge.state.ended_at().map(Timestamp::micros),
            payment: credited.map(|credited| credited.payment.clone()),
            credited_journal_id: credited.map(|credited| credited.journal.to_string()),
            failure,
            version: charge.version,
        }
    }
}

impl TryFrom<ChargeRow> for Charge {
    type Error = DatabaseError;

    fn try_from(row: ChargeRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("charge", id, what))
    }
}

impl ChargeRow {
    fn read(self) -> Result<Charge, Invalid> {
        Ok(Charge {
            id: TopUpId::parse(&self.id)?,
            account: AccountId::parse(&self.account_id)?,
            gateway: GatewayName::parse(&self.gateway)?,
            channel: PayInChannel::parse(&self.channel)?,
            amount: Rupiah::new(self.amount_rupiah),
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            due_at: self.due_at.map(Timestamp::from_micros),
            escalated_at: self.escalated_at.map(Timestamp::from_micros),
            state: self.read_state()?,
            version: self.version,
        })
    }

    fn read_state(&self) -> Result<ChargeState, Invalid> {
        let asked = self.reference.clone().zip(self.pay_to.clone());
        let asked = asked.map(|(reference, pay_to)| Asked { reference, pay_to });
        let at = self.ended_at.map(Timestamp::from_micros).ok_or(INCOMPLETE);
        Ok(match self.state.as_str() {
            "created" => ChargeState::Created,
            "asked" => ChargeState::Asked(asked.ok_or(INCOMPLETE)?),
            "paid" => ChargeState::Paid(asked, self.read_credited(at?)?),
            "expired" => ChargeState::Expired { asked, at: at? },
            "failed" => {
                let failure = ChargeFailure::parse(self.failure.as_deref().ok_or(INCOMPLETE)?)?;
                ChargeState::Failed { asked, at: at?, failure }
            }
            _ => return Err(Invalid("state_unknown")),
        })
    }

    fn read_credited(&self, at: Timestamp) -> Result<Credited, Invalid> {
        let payment = self.payment.clone().ok_or(INCOMPLETE)?;
        let journal = JournalId::parse(self.credited_journal_id.as_deref().ok_or(INCOMPLETE)?)?;
        Ok(Credited { at, payment, journal })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = incoming_payment)]
pub(super) struct ReceivedRow {
    gateway: String,
    reference: String,
    charge_id: String,
    amount_rupiah: i64,
    place: String,
    received_journal_id: String,
    placed_journal_id: String,
    created_at: i64,
}

impl From<&Received> for ReceivedRow {
    fn from(received: &Received) -> Self {
        Self {
            gateway: received.gateway.as_str().to_owned(),
            reference: received.reference.clone(),
            charge_id: received.charge.to_string(),
            amount_rupiah: received.amount.get(),
            place: received.place.as_str().to_owned(),
            received_journal_id: received.received.to_string(),
            placed_journal_id: received.placed.to_string(),
            created_at: received.created_at.micros(),
        }
    }
}

impl TryFrom<ReceivedRow> for Received {
    type Error = DatabaseError;

    fn try_from(row: ReceivedRow) -> Result<Self, DatabaseError> {
        let reference = row.reference.clone();
        row.read().map_err(|what| DatabaseError::corrupt("incoming_payment", reference, what))
    }
}

impl ReceivedRow {
    fn read(self) -> Result<Received, Invalid> {
        Ok(Received {
            gateway: GatewayName::parse(&self.gateway)?,
            reference: self.reference,
            charge: TopUpId::parse(&self.charge_id)?,
            amount: Rupiah::new(self.amount_rupiah),
            place: Place::parse(&self.place)?,
            received: JournalId::parse(&self.received_journal_id)?,
            placed: JournalId::parse(&self.placed_journal_id)?,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}
