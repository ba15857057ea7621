use primitives::{AccountId, Rupiah, Timestamp, WithdrawalId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Allowance, Channel, Failure, Terms, Withdrawal, WithdrawalState, WithdrawalStateName};
use crate::gateway::GatewayName;

/// A withdrawal as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WithdrawalView {
    /// Identity.
    pub id: WithdrawalId,
    /// Where it stands.
    pub state: WithdrawalStateName,
    /// What arrives.
    pub amount_rupiah: Rupiah,
    /// What the wallet gave on top.
    pub fee_rupiah: Rupiah,
    /// Through which bank or electronic wallet.
    pub channel: Channel,
    /// Whose account there: the last four digits.
    pub account_number: String,
    /// What the holder is called there.
    pub account_holder: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was first sent to the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it arrived, also if it came back later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// When the money came back into the wallet, fee included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Timestamp>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

impl From<&Withdrawal> for WithdrawalView {
    fn from(withdrawal: &Withdrawal) -> Self {
        let (state, destination) = (&withdrawal.state, &withdrawal.destination);
        Self {
            id: withdrawal.id,
            state: state.name(),
            amount_rupiah: withdrawal.amount,
            fee_rupiah: withdrawal.fee,
            channel: destination.channel,
            account_number: destination.number.masked(),
            account_holder: destination.holder.as_str().to_owned(),
            created_at: withdrawal.created_at,
            sent_at: state.sent_at(),
            paid_at: state.paid().map(|paid| paid.at),
            returned_at: state.returned().map(|returned| returned.at),
            failure: match state {
                WithdrawalState::Failed { failure, .. } => Some(*failure),
                _ => None,
            },
        }
    }
}

/// What a withdrawal costs, and how much may leave today.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AllowanceView {
    /// The least that may be withdrawn.
    pub minimum_rupiah: Rupiah,
    /// The most that may leave the account in one day.
    pub daily_limit_rupiah: Rupiah,
    /// What is left of it today.
    pub remaining_today_rupiah: Rupiah,
    /// Where the money can go; empty when this installation pays out through no gateway.
    pub channels: Vec<ChannelView>,
}

/// One way out of a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChannelView {
    /// Which bank or electronic wallet.
    pub channel: Channel,
    /// What it costs, on top of the amount.
    pub fee_rupiah: Rupiah,
}

impl AllowanceView {
    /// The terms as they stand for one account.
    pub fn new(terms: &Terms, allowance: &Allowance, channels: Vec<Channel>) -> Self {
        let priced = |channel| ChannelView { channel, fee_rupiah: terms.fee };
        Self {
            minimum_rupiah: terms.minimum,
            daily_limit_rupiah: allowance.daily_limit,
            remaining_today_rupiah: allowance.remaining(),
            channels: channels.into_iter().map(priced).collect(),
        }
    }
}

/// A withdrawal that waits for a person, as staff see it: without a name.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EscalatedView {
    /// Identity, and its name at the gateway.
    pub id: WithdrawalId,
    /// Whose wallet.
    pub account_id: AccountId,
    /// Through which gateway.
    pub gateway: GatewayName,
    /// The gateway's own name for it, if we know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where it stands.
    pub state: WithdrawalStateName,
    /// What arrives, or should.
    pub amount_rupiah: Rupiah,
    /// Through which bank or electronic wallet.
    pub channel: Channel,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was first sent to the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Since when it waits for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated_at: Option<Timestamp>,
}

impl From<&Withdrawal> for EscalatedView {
    fn from(withdrawal: &Withdrawal) -> Self {
        Self {
            id: withdrawal.id,
            account_id: withdrawal.account,
            gateway: withdrawal.gateway,
            reference: withdrawal.state.reference().map(str::to_owned),
            state: withdrawal.state.name(),
            amount_rupiah: withdrawal.amount,
            channel: withdrawal.destination.channel,
            created_at: withdrawal.created_at,
            sent_at: withdrawal.state.sent_at(),
            escalated_at: withdrawal.escalated_at,
        }
    }
}
