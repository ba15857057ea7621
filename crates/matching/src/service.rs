mod acceptance;
mod choice;
mod expiry;
mod explaining;
mod looking;
mod offers;
mod route;

pub use acceptance::Accepted;
