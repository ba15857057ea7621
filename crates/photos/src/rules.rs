//! The figures of photographs, and the decisions that need no database.

use std::time::Duration;

use http_kit::{FieldProblem, Fields};
use primitives::{PhotoId, Timestamp};

/// The largest body of an upload: 8 MiB.
pub(crate) const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// How many photographs one thing may have.
pub(crate) const MOST_PER_SUBJECT: usize = 5;
/// How many uploads an account may begin within a day.
pub(crate) const MOST_PER_DAY: i64 = 200;
/// 24 hours.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an upload may take from its row to its file before it counts as broken off.
const UPLOAD: Duration = Duration::from_secs(60 * 60);

/// Photographs of which no file came are broken off when they are older than this.
pub(crate) fn broken_off_before(now: Timestamp) -> Timestamp {
    now.minus(UPLOAD)
}

/// Photographs that nobody attached are forgotten when they are older than this.
pub(crate) fn forgotten_before(now: Timestamp) -> Timestamp {
    now.minus(DAY)
}

/// Where in a command a photograph was named.
pub(crate) fn pointer(position: usize) -> String {
    format!("/photo_ids/{position}")
}

/// At most five, none twice.
pub(crate) fn check_list(ids: &[PhotoId]) -> Vec<FieldProblem> {
    let mut fields = Fields::default();
    if ids.len() > MOST_PER_SUBJECT {
        fields.refuse("/photo_ids", "photos_too_many");
        return fields.into_problems();
    }
    for (position, id) in ids.iter().enumerate() {
        if ids.iter().take(position).any(|earlier| earlier == id) {
            fields.refuse(pointer(position), "photo_doubled");
        }
    }
    fields.into_problems()
}

/// Whole seconds from now until `moment`, at least one.
pub(crate) fn seconds_until(moment: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(moment.seconds_since(now).saturating_add(1)).unwrap_or(1).max(1)
}
