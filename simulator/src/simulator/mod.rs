//! A simulator in this process: for tests in Rust, and under the command line.
mod handle;

pub use self::handle::{LaneClock, LaneHandle, NextRefused};
