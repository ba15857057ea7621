#![doc = include_str!("../README.md")]

mod account;
mod authenticator;
mod challenge;
mod error;
mod http;
mod rules;
mod schema;
mod second_factor;
mod secrets;
mod sender;
mod service;
mod session;
mod staff;
mod store;
mod tokens;

#[cfg(test)]
mod tests;

pub use account::{Account, Contact, ShortName};
pub use authenticator::TokenAuthenticator;
pub use challenge::{Challenge, Code, CountedTry, ProvenPhone};
pub use error::{AccountError, CODES};
pub use http::routes;
pub use rules::SignInLimits;
pub use second_factor::{CountedFactorTry, FreshFactor};
pub use secrets::Secrets;
pub use sender::{CodeSender, ConsoleSender};
pub use service::{
    Accounts, ProfileChange, contact_in, grant_in, invite_in, link_collector_in, open_account_in,
    suspend_in, sweep_in, withdraw_grant_in,
};
pub use session::{Credentials, Profile, Refresh, Session, SessionEnding, SignIn};
pub use staff::{Enrolment, Invitation, NewInvitation, StaffGrant};
pub use tokens::install_crypto_provider;

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[database::Migration {
    name: "accounts/0001_accounts",
    sql: include_str!("../migrations/0001_accounts.sql"),
}];

/// What this crate's codes say to people.
pub const TEXTS: http_kit::TextSource = http_kit::TextSource {
    name: "accounts",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
