pub(super) mod explain;
pub(super) mod gateways;
pub(super) mod items;
pub(super) mod list;
pub(super) mod request;
pub(super) mod show;
