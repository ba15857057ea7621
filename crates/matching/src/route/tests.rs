//! Random little days against an independent model that tries every order and every choice of when to unload.

mod answers;
mod oracle;
mod worlds;
