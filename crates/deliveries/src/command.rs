use primitives::CollectorId;

use crate::{Load, ScaleName};

/// What a collector announces; not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// To whom he brings it.
    pub facility: CollectorId,
    /// What he brings.
    pub loads: Vec<Load>,
}

/// What the facility's scale says; not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Material by material; nothing of a material is said as 0 g.
    pub loads: Vec<Load>,
    /// Which scale, if it has a name.
    pub scale: Option<ScaleName>,
}
