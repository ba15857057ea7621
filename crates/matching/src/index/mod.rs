//! Who is near: a uniform grid over flat meters, its cells' contents side by side in memory, walked in rings.

mod bitmap;
mod board;
mod bounds;
mod fleet;
mod grid;
mod market;
mod merits;
mod plane;
mod search;

#[cfg(test)]
mod tests;

pub use board::{Board, Posting};
pub use fleet::Fleet;
pub(crate) use plane::whole_meters;
