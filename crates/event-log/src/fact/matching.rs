use std::collections::BTreeMap;

use primitives::RegionCode;
use serde::{Deserialize, Serialize};

/// Staff of a kabupaten chose how much each part of a ranking counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightsChanged {
    /// The kabupaten.
    pub region: RegionCode,
    /// Counts its choices from 1.
    pub version: i64,
    /// Percent of the score, by the name of the part.
    pub percent: BTreeMap<String, u32>,
}
