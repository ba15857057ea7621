use accounts::ShortName;
use database::DatabaseError;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable};
use primitives::{AccountId, Invalid, JournalId, Rupiah, Timestamp, WithdrawalId};

use super::{
    Accepted, AccountNumber, Channel, Destination, Failure, Paid, Returned, Withdrawal,
    WithdrawalState,
};
use crate::{gateway::GatewayName, schema::withdrawal};

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = withdrawal, treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub(super) struct WithdrawalRow {
    id: String,
    account_id: String,
    gateway: String,
    channel: String,
    account_number: String,
    account_holder: String,
    amount_rupiah: i64,
    fee_rupiah: i64,
    state: String,
    created_at: i64,
    journal_id: String,
    sent_at: Option<i64>,
    reference: Option<String>,
    due_at: Option<i64>,
    escalated_at: Option<i64>,
    paid_at: Option<i64>,
    paid_journal_id: Option<String>,
    returned_at: Option<i64>,
    returned_journal_id: Option<String>,
    failure: Option<String>,
    version: i64,
}

impl From<&Withdrawal> for WithdrawalRow {
    fn from(withdrawal: &Withdrawal) -> Self {
        let (state, destination) = (&withdrawal.state, &withdrawal.destination);
        let (paid, returned) = (state.paid(), state.returned());
        let failure = match state {
            WithdrawalState::Failed { failure, .. } => Some(failure.as_str().to_owned()),
            _ => None,
        };
        Self {
            id: withdrawal.id.to_string(),
            account_id: withdrawal.account.to_string(),
            gateway: withdrawal.gateway.as_str().to_owned(),
            channel: destination.channel.as_str().to_owned(),
            account_number: destination.number.as_str().to_owned(),
            account_holder: destination.holder.as_str().to_owned(),
            amount_rupiah: withdrawal.amount.get(),
            fee_rupiah: withdrawal.fee.get(),
            state: state.name().as_str().to_owned(),
            created_at: withdrawal.created_at.micros(),
            journal_id: withdrawal.journal.to_string(),
            sent_at: state.sent_at().map(Timestamp::micros),
            reference: state.reference().map(str::to_owned),
            due_at: withdrawal.due_at.map(Timestamp::micros),
            escalated_at: withdrawal.escalated_at.map(Timestamp::micros),
            paid_at: paid.map(|paid| paid.at.micros()),
            paid_journal_id: paid.map(|paid| paid.journal.to_string()),
            returned_at: returned.map(|returned| returned.at.micros()),
            returned_journal_id: returned.map(|returned| returned.journal.to_string()),
            failure,
            version: withdrawal.version,
        }
    }
}

impl TryFrom<WithdrawalRow> for Withdrawal {
    type Error = DatabaseError;

    fn try_from(row: WithdrawalRow) -> Result<Self, DatabaseError> {
        let id = row.id.clone();
        row.read().map_err(|what| DatabaseError::corrupt("withdrawal", id, what))
    }
}

impl WithdrawalRow {
    fn read(self) -> Result<Withdrawal, Invalid> {
        let channel = Channel::parse(&self.channel)?;
        Ok(Withdrawal {
            id: WithdrawalId::parse(&self.id)?,
            account: AccountId::parse(&self.account_id)?,
            gateway: GatewayName::parse(&self.gateway)?,
            destination: Destination {
                channel,
                number: AccountNumber::parse(channel, &self.account_number)?,
                holder: ShortName::parse(&self.account_holder)?,
            },
            amount: Rupiah::new(self.amount_rupiah),
            fee: Rupiah::new(self.fee_rupiah),
            journal: JournalId::parse(&self.journal_id)?,
            created_at: Timestamp::from_micros(self.created_at),
            due_at: self.due_at.map(Timestamp::from_micros),
            escalated_at: self.escalated_at.map(Timestamp::from_micros),
            state: self.read_state()?,
            version: self.version,
        })
    }

    fn read_state(&self) -> Result<WithdrawalState, Invalid> {
        if self.state == "created" {
            return Ok(WithdrawalState::Created);
        }
        let sent_at = moment(self.sent_at)?;
        let accepted = || {
            let reference = self.reference.clone().ok_or(INCOMPLETE)?;
            Ok(Accepted { sent_at, reference })
        };
        Ok(match self.state.as_str() {
            "sending" => WithdrawalState::Sending { sent_at },
            "in_doubt" => WithdrawalState::InDoubt { sent_at },
            "pending" => WithdrawalState::Pending(accepted()?),
            "succeeded" => WithdrawalState::Succeeded(accepted()?, self.read_paid()?),
            "failed" => WithdrawalState::Failed {
                sent_at,
                reference: self.reference.clone(),
                failure: Failure::parse(self.failure.as_deref().ok_or(INCOMPLETE)?)?,
                returned: self.read_returned()?,
            },
            "reversed" => {
                WithdrawalState::Reversed(accepted()?, self.read_paid()?, self.read_returned()?)
            }
            _ => return Err(Invalid("state_unknown")),
        })
    }

    fn read_paid(&self) -> Result<Paid, Invalid> {
        Ok(Paid { at: moment(self.paid_at)?, journal: journal(self.paid_journal_id.as_deref())? })
    }

    fn read_returned(&self) -> Result<Returned, Invalid> {
        let journal = journal(self.returned_journal_id.as_deref())?;
        Ok(Returned { at: moment(self.returned_at)?, journal })
    }
}

fn moment(column: Option<i64>) -> Result<Timestamp, Invalid> {
    column.map(Timestamp::from_micros).ok_or(INCOMPLETE)
}

fn journal(column: Option<&str>) -> Result<JournalId, Invalid> {
    JournalId::parse(column.ok_or(INCOMPLETE)?)
}
