use primitives::{Coordinates, RegionCode, RegionLevel};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Region;

/// One administrative region.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionView {
    /// The dotted Kemendagri code.
    pub code: RegionCode,
    /// Its level.
    pub level: RegionLevel,
    /// The official name.
    pub name: String,
    /// The region one level up; absent for a province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_code: Option<RegionCode>,
    /// A point in its middle.
    pub center: Coordinates,
}

impl From<&Region> for RegionView {
    fn from(region: &Region) -> Self {
        Self {
            code: region.code.clone(),
            level: region.level(),
            name: region.name.clone(),
            parent_code: region.code.parent(),
            center: region.center,
        }
    }
}
