//! Ending from JavaScript what runs in Rust.

use std::future::Future;
use std::sync::Arc;

use napi_derive::napi;
use tokio::sync::watch;

/// Ends the call that it was given to. Once told it stays told.
#[derive(Clone, Debug)]
#[napi]
pub struct Stop(Arc<watch::Sender<bool>>);

#[napi]
impl Stop {
    /// One that has not been told.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Ends the call.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// Runs the work unless it is ended before; then what it was at is dropped.
    pub(crate) async fn or<T>(stop: Option<Self>, work: impl Future<Output = T>) -> Option<T> {
        let Some(Self(told)) = stop else { return Some(work.await) };
        let mut told = told.subscribe();
        tokio::select! {
            biased;
            _told = told.wait_for(|told| *told) => None,
            outcome = work => Some(outcome),
        }
    }
}
