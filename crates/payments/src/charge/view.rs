mod suspense;

use primitives::{AccountId, JournalId, Rupiah, Timestamp, TopUpId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Charge, ChargeFailure, ChargeState, ChargeStateName, PayInChannel, Received};
use crate::gateway::GatewayName;

pub use suspense::{SuspendedPaymentView, SuspenseReleaseView};

/// A top-up through a gateway as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChargeView {
    /// Identity.
    pub id: TopUpId,
    /// Where it stands.
    pub state: ChargeStateName,
    /// What is to be paid, exactly; all of it reaches the wallet.
    pub amount_rupiah: Rupiah,
    /// At which bank, or by QRIS.
    pub channel: PayInChannel,
    /// The number of the virtual account to pay to at the channel's bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account_number: Option<String>,
    /// The text of the QRIS code to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qris_text: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it may be paid.
    pub expires_at: Timestamp,
    /// When the money reached the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// The journal by which it reached the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_id: Option<JournalId>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<ChargeFailure>,
}

impl From<&Charge> for ChargeView {
    fn from(charge: &Charge) -> Self {
        let pay_to = charge.state.asked().map(|asked| asked.pay_to.clone());
        let (virtual_account_number, qris_text) = match charge.channel {
            PayInChannel::Qris => (None, pay_to),
            _ => (pay_to, None),
        };
        let credited = charge.state.credited();
        Self {
            id: charge.id,
            state: charge.state.name(),
            amount_rupiah: charge.amount,
            channel: charge.channel,
            virtual_account_number,
            qris_text,
            created_at: charge.created_at,
            expires_at: charge.expires_at,
            paid_at: credited.map(|credited| credited.at),
            journal_id: credited.map(|credited| credited.journal),
            failure: match charge.state {
                ChargeState::Failed { failure, .. } => Some(failure),
                _ => None,
            },
        }
    }
}

/// How money can come into a wallet here. It costs its holder nothing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChargeTermsView {
    /// The ways; empty when this installation takes in money through no gateway.
    pub channels: Vec<PayInChannelView>,
}

/// One way into a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayInChannelView {
    /// At which bank, or by QRIS.
    pub channel: PayInChannel,
    /// The least that comes in this way.
    pub minimum_rupiah: Rupiah,
    /// The most that comes in this way at once.
    pub maximum_rupiah: Rupiah,
    /// How long there is to pay.
    pub payable_seconds: u64,
}

impl ChargeTermsView {
    /// The terms for these channels.
    pub fn new(channels: impl Iterator<Item = PayInChannel>) -> Self {
        let described = |channel: PayInChannel| PayInChannelView {
            channel,
            minimum_rupiah: channel.minimum(),
            maximum_rupiah: channel.maximum(),
            payable_seconds: channel.lifetime().as_secs(),
        };
        Self { channels: channels.map(described).collect() }
    }
}

/// A top-up that waits for a person, as staff see it: without a name.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EscalatedChargeView {
    /// Identity, and its name at the gateway.
    pub id: TopUpId,
    /// Whose wallet.
    pub account_id: AccountId,
    /// Through which gateway.
    pub gateway: GatewayName,
    /// The gateway's own name for it, if we know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where it stands.
    pub state: ChargeStateName,
    /// What was to be paid.
    pub amount_rupiah: Rupiah,
    /// At which bank, or by QRIS.
    pub channel: PayInChannel,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Since when it waits for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated_at: Option<Timestamp>,
    /// What came in for it and waits in the gateway's suspense.
    pub suspended: Vec<SuspendedView>,
}

/// A payment that waits in a gateway's suspense.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuspendedView {
    /// The gateway's own name for it.
    pub reference: String,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// The journal by which it went to the suspense.
    pub journal_id: JournalId,
    /// When we learnt of it.
    pub created_at: Timestamp,
}

impl EscalatedChargeView {
    /// The charge with what waits in suspense for it.
    pub fn new(charge: &Charge, suspended: &[Received]) -> Self {
        Self {
            id: charge.id,
            account_id: charge.account,
            gateway: charge.gateway,
            reference: charge.state.asked().map(|asked| asked.reference.clone()),
            state: charge.state.name(),
            amount_rupiah: charge.amount,
            channel: charge.channel,
            created_at: charge.created_at,
            escalated_at: charge.escalated_at,
            suspended: suspended.iter().map(SuspendedView::from).collect(),
        }
    }
}

impl From<&Received> for SuspendedView {
    fn from(payment: &Received) -> Self {
        Self {
            reference: payment.reference.clone(),
            amount_rupiah: payment.amount,
            journal_id: payment.placed,
            created_at: payment.created_at,
        }
    }
}
