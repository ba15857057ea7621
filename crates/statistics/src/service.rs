mod breakdown;
mod coverage;
mod folding;
mod series;
mod summary;

use catalog::Catalog;
use primitives::RegionCode;
use regions::Regions;

pub use breakdown::{BreakdownBy, BreakdownQuestion, BreakdownRow};
pub use coverage::Gap;
pub use series::{Metric, Point, SeriesQuestion};
pub use summary::Summary;

/// Figures, folded from the event log and asked for by region and period.
#[derive(Clone)]
pub struct Statistics {
    regions: Regions,
    catalog: Catalog,
}

impl Statistics {
    /// Brings together what the figures need.
    pub const fn new(regions: Regions, catalog: Catalog) -> Self {
        Self { regions, catalog }
    }

    /// True for a region of the table.
    pub fn knows(&self, region: &RegionCode) -> bool {
        self.regions.get(region).is_some()
    }
}
