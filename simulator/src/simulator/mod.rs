//! A simulator in this process: for tests in Rust, and under the command line.
//!
//! [`Simulator::builder`] sets one up, and `start` opens its ports, by default free ones on loopback. What pretend users
//! do, and what time it is, is told to its lanes by [`LaneHandle`]s; nothing of it needs HTTP. Dropping it closes
//! everything at once, [`Simulator::stop`] lets requests under way end first.
//!
//! ```
//! use simulator::{Simulator, phone::Way};
//!
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::builder().tls(false).start().await?;
//! println!("BankID is at http://{}/rp/v6.0/", simulator.http().ok_or("no plain port")?);
//!
//! let lane = simulator.default_lane();
//! lane.next_scenario("userCancel")?;
//! // The next order is cancelled by its user; the one after it waits for Anna.
//! lane.next_scenario("phone")?;
//! let anna = lane.phone("anna")?;
//! # let code = "";
//! # if false {
//! anna.scan(code)?;
//! anna.approve(Way::SecurityCode)?;
//! # }
//! simulator.stop().await?;
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(demo()).unwrap();
//! ```

mod address;
mod builder;
mod controller;
mod handle;
mod limits;
mod options;
mod start;
#[cfg(test)]
mod tests;

use std::{fmt, net::SocketAddr, sync::Arc};

use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

pub use self::{
    builder::Builder,
    controller::{Answer, Called, Controller},
    handle::{LaneClock, LaneHandle, NextRefused},
    options::Refusal,
    start::StartError,
};
use crate::{
    completion,
    http::Control,
    lane::{LaneRefused, World},
    pki::{Certificates, Files},
};

/// What a server's task ends with.
type Task = Result<serve::Drained, serve::Error>;

/// A running simulator.
pub struct Simulator {
    http: Option<SocketAddr>,
    https: Option<SocketAddr>,
    control_address: Option<SocketAddr>,
    control: Arc<Control>,
    certificates: Option<Certificates>,
    files: Option<Files>,
    world: Arc<World>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<Task>,
    sweeper: JoinHandle<()>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("http", &self.http)
            .field("https", &self.https)
            .field("control", &self.control_address)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Settings for a new simulator.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The plain HTTP port.
    pub fn http(&self) -> Option<SocketAddr> {
        self.http
    }

    /// The port for mutual TLS.
    pub fn https(&self) -> Option<SocketAddr> {
        self.https
    }

    /// The port of the control plane.
    pub fn control(&self) -> Option<SocketAddr> {
        self.control_address
    }

    /// The authority to trust and the client certificates to use; none without TLS.
    pub fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// Where the certificates lie, if they were put into a folder.
    pub fn files(&self) -> Option<&Files> {
        self.files.as_ref()
    }

    /// The root under which everything in `completionData` is signed, as PEM, for whoever wants to verify that. It is made
    /// when it is first needed, which takes a while, once per process or, where there is a folder of certificates, once
    /// for that.
    ///
    /// # Errors
    /// The keys could not be made, or the root in the folder cannot be used.
    pub async fn user_root_pem(&self) -> Result<String, NoUserRoot> {
        self.world.signers().root_pem().await.map_err(NoUserRoot)
    }

    /// The control plane, without HTTP.
    pub fn controller(&self) -> Controller {
        Controller::new(Arc::clone(&self.control))
    }

    /// The lane of paths that name none.
    pub fn default_lane(&self) -> LaneHandle {
        LaneHandle::new(Arc::clone(&self.world), Arc::clone(self.world.default_lane()))
    }

    /// The lane of this name, made if there is none yet.
    ///
    /// # Errors
    /// The text cannot name a lane, or there are as many lanes as may be and all are in use.
    pub fn lane(&self, name: &str) -> Result<LaneHandle, NoLane> {
        match self.world.lane(name) {
            Ok(lane) => Ok(LaneHandle::new(Arc::clone(&self.world), lane)),
            Err(LaneRefused::Name) => Err(NoLane::Name),
            Err(LaneRefused::Full(flag)) => Err(NoLane::Full { flag }),
        }
    }

    /// Every lane that has been used, the default one first.
    pub fn lanes(&self) -> Vec<LaneHandle> {
        let handle = |lane| LaneHandle::new(Arc::clone(&self.world), lane);
        self.world.lanes().into_iter().map(handle).collect()
    }

    /// Lets a lane go with all its orders; false if there was none. The default lane stays, and is reset instead.
    pub fn delete_lane(&self, name: &str) -> bool {
        self.world.delete(name)
    }

    /// How much is held of what the limits bound.
    pub fn usage(&self) -> Usage {
        self.world.usage()
    }

    /// Closes the ports, lets requests under way end, and says whether anything went wrong in all the time.
    ///
    /// # Errors
    /// Answering a request had panicked.
    pub async fn stop(mut self) -> Result<Stopped, StopError> {
        self.control.stop();
        self.stop.send_replace(true);
        let mut stopped = Stopped { cut: 0 };
        let mut panicked = 0;
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok(Ok(drained)) => stopped.cut += drained.cut,
                Ok(Err(serve::Error::Panicked { connections })) => panicked += connections,
                Err(error) if error.is_panic() => panicked += 1,
                Err(_) => {}
            }
        }
        if panicked == 0 { Ok(stopped) } else { Err(StopError::Panicked { connections: panicked }) }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The servers' tasks end with their set.
        self.sweeper.abort();
        self.world.signers().end();
    }
}

/// The authorities of user certificates could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the authorities of user certificates could not be made")]
pub struct NoUserRoot(#[source] completion::Error);

/// How much is held of what the limits bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Orders that can be collected, in all lanes together.
    pub orders: usize,
    /// Bytes of their text.
    pub text_bytes: usize,
    /// Lanes, the default one included.
    pub lanes: usize,
}

/// How a simulator ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Connections that were still busy at the deadline and were cut.
    pub cut: usize,
}

/// What went wrong while a simulator ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopError {
    /// Answering panicked; the connections in question were closed.
    #[error("{connections} connections ended in a panic")]
    Panicked {
        /// How many.
        connections: usize,
    },
}

/// Why there is no such lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLane {
    /// The text cannot name a lane.
    #[error("a lane's name has 1 to 64 letters, digits, dots, underscores and hyphens")]
    Name,
    /// There are as many lanes as may be, and all are in use.
    #[error("there are as many lanes as may be, and all are in use; {flag} allows more")]
    Full {
        /// The flag that allows more.
        flag: &'static str,
    },
}
