use std::sync::Arc;

use crate::{ServiceArea, WorkingHours};

/// Where and when a collector works, besides the circle around his base.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    /// The area in which he works; everywhere in the circle when absent.
    pub area: Option<Arc<ServiceArea>>,
    /// When he works.
    pub hours: WorkingHours,
}
