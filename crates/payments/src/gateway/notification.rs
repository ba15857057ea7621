use primitives::{TopUpId, WithdrawalId};

/// A notification as it came in: nothing is believed yet.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// Xendit's `x-callback-token`.
    pub callback_token: Option<&'a str>,
    /// Midtrans's `Iris-Signature`.
    pub signature: Option<&'a str>,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// Whom an authentic notification is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A withdrawal, by the name that we gave it.
    Order(WithdrawalId),
    /// A top-up, by the name that we gave it.
    TopUp(TopUpId),
    /// A withdrawal, by the gateway's own name for it.
    Reference(String),
    /// Nothing that we know of.
    Something,
}

/// The notification does not come from the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not from the gateway")]
pub struct Forged;
