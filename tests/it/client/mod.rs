//! The client against the simulator, over real sockets, both on one clock that only the test turns.

mod calls;
mod following;
mod identities;
mod signatures;
pub(crate) mod support;
