mod acceptance;
mod choice;
mod expiry;
mod looking;
mod offers;

pub use acceptance::Accepted;
