mod acceptance;
mod choice;
mod expiry;
mod looking;
mod offers;
mod route;

pub use acceptance::Accepted;
