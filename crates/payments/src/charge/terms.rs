//! When a worker looks at a charge. Pure.

use std::time::Duration;

/// How soon the gateway is asked again that did not answer: somebody waits with the phone in his hand.
pub(super) const ASK_AGAIN: Duration = Duration::from_secs(15);
/// After this nobody waits any more, and the gateway is only asked what it knows.
pub(super) const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How long after a look a worker looks again at what can be paid.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);
/// How long after its time a charge is looked at once more: a payment of the last second takes its way.
pub(super) const GRACE: Duration = Duration::from_secs(5 * 60);
/// How long a gateway may claim to know nothing of a charge before that is believed.
pub(super) const DISBELIEF: Duration = Duration::from_secs(15 * 60);
/// How long a worker may be busy with one charge: longer than every deadline of its calls together.
pub(super) const LEASE: Duration = Duration::from_secs(60);
/// How long an ended charge is still watched, and how often: payments may come late, or twice.
pub(super) const WATCH: Duration = Duration::from_secs(24 * 60 * 60);
pub(super) const WATCH_AGAIN: Duration = Duration::from_secs(60 * 60);
/// A gateway that is silent for so long after its time is a person's business.
pub(super) const SILENCE: Duration = Duration::from_secs(20 * 60 * 60);
