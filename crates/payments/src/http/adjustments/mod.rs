pub(super) mod approve;
pub(super) mod list;
pub(super) mod propose;
pub(super) mod reject;

use http_kit::Answer;

use crate::{Adjustment, AdjustmentView};

fn shown(adjustment: &Adjustment) -> Answer {
    Answer::ok(&AdjustmentView::from(adjustment)).version(adjustment.version)
}
