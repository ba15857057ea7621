#![doc = include_str!("../README.md")]

mod answer;
mod callers;
mod codes;
mod command;
mod facts;
mod failure;
mod idempotency;
mod identity;
mod kit;
mod limits;
mod openapi;
mod pages;
mod preconditions;
mod presentation;
mod problem;
mod proxies;
mod query;
mod reply;
mod routes;
#[cfg(test)]
mod testing;
mod texts;
mod upload;

pub use answer::Answer;
pub use callers::{
    Admins, Caller, CollectorCaller, Finance, FinanceCheckers, FinanceMakers, Officers,
    StaffCaller, StaffRoles, Viewers,
};
pub use codes::*;
pub use command::{Command, NoBody, body::BodyLimit};
pub use facts::{RequestFacts, Speaks};
pub use failure::{ErrorCode, Failure, FieldProblem, Fields, database_code};
pub use idempotency::{MIGRATIONS, Once, forget_in, prune_in};
pub use identity::{Authenticator, Grant, Identity, StaffRole, authenticate};
pub use kit::Kit;
pub use limits::{WriteLimits, limit_writes};
pub use openapi::describe;
pub use pages::{Cursors, Page};
pub use preconditions::IfMatch;
pub use presentation::present;
pub use problem::{FieldProblemBody, Problem, ProblemBody};
pub use proxies::{Network, TrustedProxies};
pub use query::{PageLimit, Path, Query};
pub use routes::{PathConflict, Routes};
pub use texts::{TEXTS, TextError, TextSource, Texts};
pub use upload::Upload;
