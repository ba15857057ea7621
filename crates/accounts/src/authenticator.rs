use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use database::{Connection, Database, DatabaseError};
use futures_util::future::LocalBoxFuture;
use http_kit::{Authenticator, Grant, Identity, Problem, UNAUTHENTICATED};
use primitives::{SessionId, Timestamp};

use crate::{
    Accounts, StaffGrant,
    store::{sessions, staff},
    tokens::Bearer,
};

/// For how long an identity is believed without asking the database again.
const FRESH: Duration = Duration::from_secs(1);
/// More sessions than this at once are forgotten and asked for again.
const MOST: usize = 20_000;

/// Turns access tokens into identities. What is revoked, suspended or withdrawn has no effect a second later.
#[derive(Clone)]
pub struct TokenAuthenticator {
    accounts: Accounts,
    database: Database,
    recent: Arc<Mutex<HashMap<SessionId, Seen>>>,
}

#[derive(Clone)]
struct Seen {
    identity: Identity,
    asked_at: Timestamp,
}

impl TokenAuthenticator {
    /// Believes the accounts' tokens and asks this database what they are worth.
    pub fn new(accounts: Accounts, database: Database) -> Self {
        Self { accounts, database, recent: Arc::default() }
    }

    async fn identify(&self, bearer: Bearer, now: Timestamp) -> Result<Identity, Problem> {
        if let Some(identity) = self.recall(bearer.session, now) {
            return Ok(identity);
        }
        let found = self.database.read(move |conn| identity_in(conn, bearer, now)).await;
        let identity = found?.ok_or_else(|| Problem::new(UNAUTHENTICATED))?;
        self.remember(Seen { identity: identity.clone(), asked_at: now });
        Ok(identity)
    }

    fn recall(&self, session: SessionId, now: Timestamp) -> Option<Identity> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.get(&session).filter(|seen| seen.is_fresh(now)).map(|seen| seen.identity.clone())
    }

    fn remember(&self, seen: Seen) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= MOST {
            recent.retain(|_, older| older.is_fresh(seen.asked_at));
        }
        if recent.len() >= MOST {
            recent.clear();
        }
        recent.insert(seen.identity.session, seen);
    }
}

impl Seen {
    /// Not fresh either when the clock has been set back: then nothing is known about its age.
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.asked_at <= now && now < self.asked_at.plus(FRESH)
    }
}

impl Authenticator for TokenAuthenticator {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let now = self.accounts.ambient.now();
        let bearer = self.accounts.tokens.verify(token, now);
        let this = self.clone();
        Box::pin(async move {
            let bearer = bearer.ok_or_else(|| Problem::new(UNAUTHENTICATED))?;
            this.identify(bearer, now).await
        })
    }
}

fn identity_in(
    conn: &mut Connection,
    bearer: Bearer,
    now: Timestamp,
) -> Result<Option<Identity>, DatabaseError> {
    let Bearer { account, session, .. } = bearer;
    let Some(standing) = sessions::standing(conn, account, session)? else { return Ok(None) };
    let grants = if standing.second_factor { staff::grants_of(conn, account)? } else { Vec::new() };
    let live = grants.into_iter().filter(|grant| grant.is_live(now));
    let grants = live.map(|StaffGrant { role, region, .. }| Grant { role, region }).collect();
    Ok(Some(Identity { account, session, collector: standing.collector, grants }))
}
