//! The order in which a collector does his jobs: whole seconds, grams and milliliters in, a timetable with a proven
//! bound out. Knows no clock, no database and no map.

mod bound;
mod day;
mod exact;
mod label;
mod plan;
mod search;
mod spanning;
#[cfg(test)]
mod tests;
mod timetable;
mod tour;
mod travel;
mod visit;

pub use day::{Base, Day, Rates, Terms};
pub use plan::{Plan, plan};
pub use search::good_tour;
pub use timetable::{Stop, Task, Timetable};
pub use tour::Tour;
pub use travel::{BASE, START, Travel, node_of};
pub use visit::{Opening, Visit};

use label::{Front, Label};
