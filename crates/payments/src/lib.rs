#![doc = include_str!("../README.md")]
#![warn(clippy::float_arithmetic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod adjustment;
mod calendar;
mod charge;
mod deposit;
mod dispute;
mod error;
mod gateway;
mod http;
mod inbox;
mod payment;
mod proof;
mod proposal;
mod quarantine;
mod reconciliation;
mod rules;
mod schema;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod top_up;
mod verify;
mod view;
mod withdrawal;

use database::Migration;
use http_kit::TextSource;

pub use adjustment::{Adjustment, NewAdjustment};
pub use calendar::Month;
pub use charge::{
    Asked, Charge, ChargeDispatcher, ChargeError, ChargeFailure, ChargeState, ChargeStateName,
    ChargeTermsView, ChargeView, Charges, Credited, EscalatedChargeView, Heard, Incoming,
    NewCharge, NewSuspenseRelease, PayInChannel, PayInChannelView, Place, Question, Received,
    Standing, SuspendedPayment, SuspendedPaymentView, SuspendedView, SuspenseOutcome,
    SuspenseOutcomeName, SuspenseRelease, SuspenseReleaseView, Told,
};
pub use deposit::{WalletDeposits, expire_deposits_in, set_deposit_rule_in};
pub use dispute::{CashOutcome, CashRuling, Closing, Dispute, Objection, Opener};
pub use error::{CODES, PaymentError};
pub use gateway::{
    Deadlines, Endpoint, FeeLine, Forged, Gateway, GatewayName, Gateways, IncomingLine, Midtrans,
    MidtransKeys, Movement, Notice, Payout, PayoutStatus, Period, StatementLine, StatementPage,
    Subject, Unusable, WireError, Xendit, XenditKeys, charge_routes, routes as gateway_routes,
};
pub use http::routes;
pub use inbox::{Inbox, Notification, NotificationError};
pub use payment::{Method, Payment, PaymentState, PaymentStateName, Settlement, WrongState};
pub use proof::{ReceiptFault, VerificationView};
pub use proposal::{ProposalState, ProposalStateName};
pub use quarantine::{Quarantine, is_at_home, mark_copy, notice_restore_in, quarantine_in};
pub use reconciliation::{
    DifferenceCause, DifferenceExplanation, DifferenceExplanationView, Direction, ExplainedItem,
    GatewayStanding, GatewayView, MatchOutcome, QuarantineView, ReadFailure, Reconciler,
    Reconciliation, ReconciliationError, ReconciliationItem, ReconciliationItemView,
    ReconciliationState, ReconciliationStateName, ReconciliationTally, ReconciliationView,
    Reconciliations,
};
pub use service::{Payments, Receipt};
pub use top_up::{Maker, NewTopUp, TopUp};
pub use verify::Report;
pub use view::{
    AdjustmentView, CashDisputeView, ChainView, EntryView, OpenCashDisputeView, PassbookView,
    PaymentView, ReceiptView, TopUpView, WalletView,
};
pub use withdrawal::{
    Accepted, AccountNumber, Allowance, AllowanceView, Call, Channel, ChannelView, DecidedOutcome,
    Decision, Destination, Dispatcher, EscalatedView, Failure, Learnt, NewWithdrawal, Paid,
    Returned, Terms, Withdrawal, WithdrawalError, WithdrawalState, WithdrawalStateName,
    WithdrawalView, Withdrawals,
};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "payments/0001_payments",
        sql: include_str!("../migrations/0001_payments.sql"),
    },
    Migration {
        name: "payments/0002_withdrawals",
        sql: include_str!("../migrations/0002_withdrawals.sql"),
    },
    Migration {
        name: "payments/0003_notifications",
        sql: include_str!("../migrations/0003_notifications.sql"),
    },
    Migration {
        name: "payments/0004_withdrawal_decisions",
        sql: include_str!("../migrations/0004_withdrawal_decisions.sql"),
    },
    Migration {
        name: "payments/0005_payment_dispute",
        sql: include_str!("../migrations/0005_payment_dispute.sql"),
    },
    Migration {
        name: "payments/0006_adjustment",
        sql: include_str!("../migrations/0006_adjustment.sql"),
    },
    Migration {
        name: "payments/0007_deposit",
        sql: include_str!("../migrations/0007_deposit.sql"),
    },
    Migration {
        name: "payments/0008_reconciliation",
        sql: include_str!("../migrations/0008_reconciliation.sql"),
    },
    Migration {
        name: "payments/0009_payout_quarantine",
        sql: include_str!("../migrations/0009_payout_quarantine.sql"),
    },
    Migration { name: "payments/0010_charge", sql: include_str!("../migrations/0010_charge.sql") },
    Migration {
        name: "payments/0011_charge_notification",
        sql: include_str!("../migrations/0011_charge_notification.sql"),
    },
    Migration {
        name: "payments/0012_suspense_release",
        sql: include_str!("../migrations/0012_suspense_release.sql"),
    },
    Migration {
        name: "payments/0013_reconciliation_incoming",
        sql: include_str!("../migrations/0013_reconciliation_incoming.sql"),
    },
    Migration {
        name: "payments/0014_fee_given_back",
        sql: include_str!("../migrations/0014_fee_given_back.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "payments",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
