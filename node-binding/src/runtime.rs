//! The threads on which calls run.

use napi::bindgen_prelude::create_custom_tokio_runtime;
use napi_derive::module_init;
use tokio::runtime::Builder;

/// One thread beside JavaScript's: a call hardly computes, and a second one would be woken for nothing.
///
/// Without a thread to spare the default is left, which tells so when it is first used.
#[module_init]
fn one_thread() {
    if let Ok(runtime) = Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        create_custom_tokio_runtime(runtime);
    }
}
