//! How well a collector fits a job: pure arithmetic in whole numbers, so that every sum is exact and repeatable.

mod contender;
mod counterfactual;
mod eligibility;
mod grounds;
mod job;
mod judge;
mod score;
mod top;
mod values;

#[cfg(test)]
mod tests;

pub use contender::{Contender, Duty, Price, Record, Sighting, Standing};
pub use counterfactual::{Change, Counterfactual};
pub(crate) use eligibility::lies_in;
pub use eligibility::{Ineligible, eligible, reaches};
pub use grounds::{Grounds, Origin};
pub use job::{Deal, Item, Job, Load, MaterialSlot, Window};
pub use judge::{Appraisal, Judge};
pub use score::{Part, PartName, PerPart, Score, Value, Weights};
pub(crate) use top::Top;
pub(crate) use values::{eta_seconds, spare_capacity};
