//! The simulator over HTTP: BankID's endpoints and the control plane on one or more ports.
//!
//! What an order is and does lies in the engine, accepting connections in `serve`. Here is what is between them.
mod control_api;
mod router;
mod rp_api;

pub(crate) use router::is_lane_name;
