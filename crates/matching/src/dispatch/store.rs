mod policies;
mod waves;

pub(super) use policies::{insert_policy, policies, policy_of};
pub(super) use waves::{Heard, announced_at, heard_of, record, waves_of};

/// Small enough for SQLite's limit on bound values.
const CHUNK: usize = 500;
