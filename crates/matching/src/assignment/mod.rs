//! Matches reports to collectors together: as many as can be, at the least total cost. Pure arithmetic in whole numbers.
//!
//! Every collector has some *places* for reports. Each place has a price, zero at first, that only ever rises: what
//! the others would lose if one more report were put there. A report takes the place that is cheapest to it, cost and
//! price together. Two steps make that the optimum:
//!
//! 1. **Bidding.** A report takes its cheapest place, raises the price until its second choice would be as good, and
//!    whoever had the place bids again. This settles nearly everybody. Where there are as many places as reports, so that
//!    every place finds somebody, prices are felt out first: with larger raises, which get smaller.
//! 2. **Shortest paths.** For each report that is left, the cheapest chain of moves that ends at a free place, found as
//!    Dijkstra finds a path, since no place is cheaper to a report than the one it has.
//!
//! A place that nobody has costs no price, and prices only rise. So what a choice once came to is the least it will ever
//! come to: each report keeps some of its cheapest choices at hand and remembers what all others come to at least, and
//! reads its whole row again only when that floor is too low to decide (after Jonker and Volgenant).

mod bidding;
mod choices;
mod market;
mod searching;
mod solver;
#[cfg(test)]
mod tests;

pub use choices::Choice;
pub use solver::{Assignment, assign};
