//! Money in the gateways' suspense, and how it leaves it.

pub(super) mod approve;
pub(super) mod list;
pub(super) mod propose;
pub(super) mod reject;

use http_kit::Answer;

use crate::{SuspenseRelease, SuspenseReleaseView};

fn shown(release: &SuspenseRelease) -> Answer {
    Answer::ok(&SuspenseReleaseView::from(release)).version(release.version)
}
