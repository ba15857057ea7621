mod codes;
mod fresh_factors;
mod people;
mod sessions;
mod staff;

use std::sync::Arc;

use database::{Connection, DatabaseError};
use primitives::{Ambient, Timestamp};

pub use people::{ProfileChange, contact_in, link_collector_in, open_account_in};
pub use staff::{grant_in, invite_in, suspend_in, withdraw_grant_in};

use crate::{
    CodeSender, Secrets, SignInLimits, rules,
    store::{challenges, sessions as session_store},
    tokens::AccessTokens,
};

/// Everything a person does to sign in and stay signed in; cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) ambient: Ambient,
    pub(crate) tokens: Arc<AccessTokens>,
    pub(crate) sender: Arc<dyn CodeSender>,
    secrets: Arc<Secrets>,
    limits: SignInLimits,
}

impl Accounts {
    /// Puts the service together; the key pair is derived here, once.
    pub fn new(
        ambient: Ambient,
        secrets: Secrets,
        limits: SignInLimits,
        sender: Arc<dyn CodeSender>,
    ) -> Self {
        let tokens = Arc::new(AccessTokens::new(&secrets));
        Self { ambient, tokens, sender, secrets: Arc::new(secrets), limits }
    }
}

/// Deletes what no rule looks at any more: codes after two days, spent refresh tokens after the longest session.
///
/// A worker calls this now and then; how often decides nothing but the size of the tables.
pub fn sweep_in(conn: &mut Connection, now: Timestamp) -> Result<usize, DatabaseError> {
    let codes = challenges::forget_before(conn, now.minus(2 * rules::DAY))?;
    let tokens = session_store::forget_tokens_spent_before(conn, now.minus(rules::SESSION_IDLE))?;
    Ok(codes + tokens)
}
