//! Money that comes into a wallet through a gateway.

pub(super) mod close;
pub(super) mod create;
pub(super) mod escalated;
pub(super) mod list;
pub(super) mod look_up;
pub(super) mod show;
pub(super) mod terms;
