//! The native half of the npm package `bankid-kit`: what JavaScript cannot do, or would do more slowly.
//!
//! Its exports are called by the modules in `js/` alone, which check what JavaScript may get wrong, and throw. Here
//! arguments are converted, `bankid-core` is called, and the answer is converted back. What can fail answers its value
//! or a [`Failure`](error::Failure), as data, from which `js/errors.js` makes the error with the caller's stack.
//!
//! No rule of the protocol lives here, and no clock: JavaScript says how old an order is.
//!
//! ```js
//! import native from "./native/index.js";
//!
//! native.detectBrowser("Mozilla/5.0 (iPhone; ...)", 5).device;   // "mobile"
//! ```
#![expect(clippy::needless_pass_by_value, reason = "napi hands arguments over by value")]

pub mod client;
pub mod compat;
pub mod error;
pub mod follow;
pub mod identity;
pub mod latin1;
pub mod launch;
pub mod markdown;
pub mod message;
pub mod personal_number;
pub mod picture;
pub mod qr;
pub mod request;
mod runtime;
pub mod simulator;
pub mod stop;
pub mod word;
