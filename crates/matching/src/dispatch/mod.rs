//! How reports become known: announced to the best few collectors first, then wider, until taken or expired.
//!
//! **Waves.** Each wave asks the best who have not been asked yet. The sizes and the waits between them are the policy of
//! the kabupaten; the last wave is repeated until everybody eligible has been asked, and whoever becomes eligible later
//! is asked then. Collectors are chosen as they see the report: from the middle of its area, never from the home.
//!
//! **Nobody is forgotten.** A report that has waited longer than the policy's patience is *overdue*. It is announced to
//! everybody at once, and whoever was told of it is told of nothing younger until it is gone, or until he has let it lie
//! for as long as the patience again. All his feed stays open to him.
//!
//! Bound: let a collector who works be eligible for a report all the time, let `W` be the reports he could take that wait
//! when it becomes overdue (itself among them), `S` the longest job and `τ` the pause between two looks of the worker.
//! Then the report is taken at the latest `patience + τ + W·(S + τ)` after it was opened, however many nearer ones come in
//! the meantime, as long as `W·(S + τ)` is not above the patience. Proof: reports are looked at oldest first. From the
//! moment it is overdue he is told of nothing younger: either he has been told of this report, or an older overdue one
//! keeps it from him, which keeps everything younger from him too. So he takes one of the `W` after the other, and each
//! costs him at most `S` and a pause. `simulation.rs` sees it hold, and fail without the rule.

mod pairing;
mod plan;
mod policy;
mod schema;
mod service;
mod store;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use plan::{Announcement, ChosenBy, Waiting, plan};
pub use policy::{Gathering, Policy, PolicyDraft, Wave};
pub use service::Round;
