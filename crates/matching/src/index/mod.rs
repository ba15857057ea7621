//! Who is near: a uniform grid over flat meters, its cells' contents side by side in memory, walked in rings for the
//! nearest, and from squares of cells inwards for the best.

mod best;
mod bitmap;
mod board;
mod ceiling;
mod fleet;
mod grid;
mod market;
mod merits;
mod nearest;
mod order;
mod plane;
mod pyramid;
mod roll;
mod search;
mod vehicles;

#[cfg(test)]
mod tests;

pub use board::{Board, Posting};
pub use fleet::Fleet;
pub(crate) use plane::whole_meters;
