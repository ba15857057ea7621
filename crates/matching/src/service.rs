mod acceptance;
mod choice;
mod expiry;
mod explaining;
mod looking;
mod offers;

pub use acceptance::Accepted;
