use database::Connection;
use diesel::Connection as _;
use event_log::{Actor, DispatchPolicyChanged, Entry, Fact};
use primitives::{AccountId, RegionCode};

use crate::{
    Matcher, MatchingError,
    dispatch::{Policy, PolicyDraft, store},
};

impl Matcher {
    /// How the reports of a kabupaten are announced.
    pub fn dispatch_policy_in(
        &self,
        conn: &mut Connection,
        kabupaten: &RegionCode,
    ) -> Result<Policy, MatchingError> {
        Ok(store::policy_of(conn, kabupaten)?.unwrap_or_default())
    }

    /// Staff change it, over the version they have read. What is in force already, asked for again, changes nothing.
    pub fn set_dispatch_policy_in(
        &self,
        conn: &mut Connection,
        (by, kabupaten): (AccountId, &RegionCode),
        read_version: i64,
        draft: &PolicyDraft,
    ) -> Result<Policy, MatchingError> {
        let now = self.ambient().now();
        let before = self.dispatch_policy_in(conn, kabupaten)?;
        if before.says(draft) {
            return Ok(before);
        }
        if before.version != read_version {
            return Err(MatchingError::VersionConflict);
        }
        let after = draft.parse(before.version + 1, Some((by, now)));
        let after = after.map_err(MatchingError::Refused)?;
        let insert = |conn: &mut Connection| store::insert_policy(conn, kabupaten, &after, by, now);
        match conn.transaction(insert) {
            Ok(()) => {}
            Err(error) if error.violates("dispatch_policy_region_version_key") => {
                return Err(MatchingError::VersionConflict);
            }
            Err(error) => return Err(error.into()),
        }
        let fact = DispatchPolicyChanged { region: kabupaten.clone(), version: after.version };
        let entry = Entry {
            actor: Actor::Account(by),
            region: Some(kabupaten.clone()),
            occurred_at: now,
            fact: Fact::DispatchPolicyChanged(fact),
        };
        event_log::append_in(conn, self.ambient(), entry)?;
        Ok(after)
    }
}
