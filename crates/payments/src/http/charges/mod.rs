//! Money that comes into a wallet through a gateway.

pub(super) mod create;
pub(super) mod escalated;
pub(super) mod list;
pub(super) mod show;
pub(super) mod terms;
