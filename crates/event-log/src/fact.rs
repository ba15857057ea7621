//! The vocabulary of the log: one variant for everything that can happen.
//!
//! Writers and readers share these types. They carry ids and figures only: no names, phones, addresses or points,
//! so that erasing a person never breaks the chain.

mod account;
mod collector;
mod delivery;
mod dispatch;
mod matching;
mod money;
mod pickup;
mod reconciliation;
mod report;
mod suspense;
mod top_up;
mod withdrawal;

use serde::{Deserialize, Serialize};

pub use account::{AccountOpened, GrantChanged, InvitationIssued, SessionEnded, SessionStarted};
pub use collector::{
    AvailabilityChanged, CollectorChanged, CollectorRegistered, CollectorSuspended,
    CollectorVerified, PricesPublished, PublishedPrice,
};
pub use delivery::{
    BroughtLoad, DeliveryAnnounced, DeliveryExpired, DeliveryReceived, DeliveryRefused,
    DeliveryWithdrawn, ReceivedLoad,
};
pub use dispatch::{DispatchPolicyChanged, ReportAnnounced};
pub use matching::WeightsChanged;
pub use money::{
    AdjustmentApproved, AdjustmentProposed, AdjustmentRejected, PaymentClaimed, PaymentDenied,
    PaymentDisputeResolved, PaymentDisputed, PaymentSettled, PaymentUnanswered, ToppedUp,
};
pub use pickup::{
    PickupAssigned, PickupCancelled, PickupConfirmed, PickupDisputed, PickupPaid, PickupProgressed,
    PickupRated, PickupReleased, PickupWeighed, WeighedLine,
};
pub use reconciliation::{
    DifferenceExplained, GatewayFeesBooked, PayoutsQuarantined, PayoutsReleased,
    ReconciliationFinished,
};
pub use report::{
    EstimatedItem, OfferClosed, OfferMade, ReportCancelled, ReportChanged, ReportClosed,
    ReportExpired, ReportOpened, ReportReopened,
};
pub use suspense::{SuspenseReleaseApproved, SuspenseReleaseProposed, SuspenseReleaseRejected};
pub use top_up::{TopUpClosed, TopUpHurried, TopUpProgressed, TopUpRequested, TopUpSuspended};
pub use withdrawal::{WithdrawalProgressed, WithdrawalRequested};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is named after the documented fact it carries")]
pub enum Fact {
    AccountOpened(AccountOpened),
    SessionStarted(SessionStarted),
    SessionEnded(SessionEnded),
    InvitationIssued(InvitationIssued),
    GrantChanged(GrantChanged),

    ReportOpened(ReportOpened),
    ReportChanged(ReportChanged),
    ReportReopened(ReportReopened),
    ReportCancelled(ReportCancelled),
    ReportExpired(ReportExpired),
    ReportClosed(ReportClosed),

    ReportAnnounced(ReportAnnounced),
    DispatchPolicyChanged(DispatchPolicyChanged),

    OfferMade(OfferMade),
    OfferClosed(OfferClosed),

    CollectorRegistered(CollectorRegistered),
    CollectorChanged(CollectorChanged),
    CollectorVerified(CollectorVerified),
    CollectorSuspended(CollectorSuspended),
    PricesPublished(PricesPublished),
    AvailabilityChanged(AvailabilityChanged),

    PickupAssigned(PickupAssigned),
    PickupProgressed(PickupProgressed),
    PickupWeighed(PickupWeighed),
    PickupConfirmed(PickupConfirmed),
    PickupDisputed(PickupDisputed),
    PickupReleased(PickupReleased),
    PickupCancelled(PickupCancelled),
    PickupPaid(PickupPaid),
    PickupRated(PickupRated),

    PaymentClaimed(PaymentClaimed),
    PaymentDenied(PaymentDenied),
    PaymentUnanswered(PaymentUnanswered),
    PaymentDisputed(PaymentDisputed),
    PaymentDisputeResolved(PaymentDisputeResolved),
    PaymentSettled(PaymentSettled),
    ToppedUp(ToppedUp),
    TopUpRequested(TopUpRequested),
    TopUpProgressed(TopUpProgressed),
    TopUpSuspended(TopUpSuspended),
    TopUpHurried(TopUpHurried),
    TopUpClosed(TopUpClosed),
    SuspenseReleaseProposed(SuspenseReleaseProposed),
    SuspenseReleaseApproved(SuspenseReleaseApproved),
    SuspenseReleaseRejected(SuspenseReleaseRejected),

    WeightsChanged(WeightsChanged),
    AdjustmentProposed(AdjustmentProposed),
    AdjustmentApproved(AdjustmentApproved),
    AdjustmentRejected(AdjustmentRejected),
    WithdrawalRequested(WithdrawalRequested),
    WithdrawalProgressed(WithdrawalProgressed),

    DeliveryAnnounced(DeliveryAnnounced),
    DeliveryReceived(DeliveryReceived),
    DeliveryRefused(DeliveryRefused),
    DeliveryWithdrawn(DeliveryWithdrawn),
    DeliveryExpired(DeliveryExpired),

    ReconciliationFinished(ReconciliationFinished),
    DifferenceExplained(DifferenceExplained),
    GatewayFeesBooked(GatewayFeesBooked),
    PayoutsQuarantined(PayoutsQuarantined),
    PayoutsReleased(PayoutsReleased),
}

impl Fact {
    /// The id of the thing this happened to; events of one subject are read in order.
    #[expect(clippy::too_many_lines, reason = "one line for each kind of fact")]
    pub fn subject(&self) -> String {
        match self {
            Self::AccountOpened(fact) => fact.account.to_string(),
            Self::SessionStarted(fact) => fact.account.to_string(),
            Self::SessionEnded(fact) => fact.account.to_string(),
            Self::InvitationIssued(fact) => fact.invitation.to_string(),
            Self::GrantChanged(fact) => fact.account.to_string(),
            Self::ReportOpened(fact) => fact.report.to_string(),
            Self::ReportChanged(fact) => fact.report.to_string(),
            Self::ReportReopened(fact) => fact.report.to_string(),
            Self::ReportCancelled(fact) => fact.report.to_string(),
            Self::ReportExpired(fact) => fact.report.to_string(),
            Self::ReportClosed(fact) => fact.report.to_string(),
            Self::ReportAnnounced(fact) => fact.report.to_string(),
            Self::DispatchPolicyChanged(fact) => fact.region.to_string(),
            Self::OfferMade(fact) => fact.offer.to_string(),
            Self::OfferClosed(fact) => fact.offer.to_string(),
            Self::CollectorRegistered(fact) => fact.collector.to_string(),
            Self::CollectorChanged(fact) => fact.collector.to_string(),
            Self::CollectorVerified(fact) => fact.collector.to_string(),
            Self::CollectorSuspended(fact) => fact.collector.to_string(),
            Self::PricesPublished(fact) => fact.collector.to_string(),
            Self::AvailabilityChanged(fact) => fact.collector.to_string(),
            Self::PickupAssigned(fact) => fact.pickup.to_string(),
            Self::PickupProgressed(fact) => fact.pickup.to_string(),
            Self::PickupWeighed(fact) => fact.pickup.to_string(),
            Self::PickupConfirmed(fact) => fact.pickup.to_string(),
            Self::PickupDisputed(fact) => fact.pickup.to_string(),
            Self::PickupReleased(fact) => fact.pickup.to_string(),
            Self::PickupCancelled(fact) => fact.pickup.to_string(),
            Self::PickupPaid(fact) => fact.pickup.to_string(),
            Self::PickupRated(fact) => fact.pickup.to_string(),
            Self::PaymentClaimed(fact) => fact.payment.to_string(),
            Self::PaymentDenied(fact) => fact.payment.to_string(),
            Self::PaymentUnanswered(fact) => fact.payment.to_string(),
            Self::PaymentDisputed(fact) => fact.payment.to_string(),
            Self::PaymentDisputeResolved(fact) => fact.payment.to_string(),
            Self::PaymentSettled(fact) => fact.payment.to_string(),
            Self::ToppedUp(fact) => fact.top_up.to_string(),
            Self::TopUpRequested(fact) => fact.top_up.to_string(),
            Self::TopUpProgressed(fact) => fact.top_up.to_string(),
            Self::TopUpSuspended(fact) => fact.top_up.to_string(),
            Self::TopUpHurried(fact) => fact.top_up.to_string(),
            Self::TopUpClosed(fact) => fact.top_up.to_string(),
            Self::SuspenseReleaseProposed(fact) => fact.release.to_string(),
            Self::SuspenseReleaseApproved(fact) => fact.release.to_string(),
            Self::SuspenseReleaseRejected(fact) => fact.release.to_string(),
            Self::WeightsChanged(fact) => fact.region.to_string(),
            Self::AdjustmentProposed(fact) => fact.adjustment.to_string(),
            Self::AdjustmentApproved(fact) => fact.adjustment.to_string(),
            Self::AdjustmentRejected(fact) => fact.adjustment.to_string(),
            Self::WithdrawalRequested(fact) => fact.withdrawal.to_string(),
            Self::WithdrawalProgressed(fact) => fact.withdrawal.to_string(),
            Self::DeliveryAnnounced(fact) => fact.delivery.to_string(),
            Self::DeliveryReceived(fact) => fact.delivery.to_string(),
            Self::DeliveryRefused(fact) => fact.delivery.to_string(),
            Self::DeliveryWithdrawn(fact) => fact.delivery.to_string(),
            Self::DeliveryExpired(fact) => fact.delivery.to_string(),
            Self::ReconciliationFinished(fact) => fact.reconciliation.to_string(),
            Self::DifferenceExplained(fact) => fact.reconciliation.to_string(),
            Self::GatewayFeesBooked(fact) => fact.reconciliation.to_string(),
            Self::PayoutsQuarantined(fact) => fact.gateway.clone(),
            Self::PayoutsReleased(fact) => fact.gateway.clone(),
        }
    }
}
