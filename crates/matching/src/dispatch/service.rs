mod announcing;
mod policies;

pub use announcing::Round;
