//! How a simulator is set up.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use super::{Simulator, StartError, start};
use crate::{
    clock::{ClockMode, Timestamp},
    config::Config,
    pki::ClientTrust,
};

/// Settings of a [`Simulator`]. What is not set has the defaults of the program, except that free ports are taken.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(super) listen: IpAddr,
    /// The ports, if they are wanted.
    pub(super) plain: Option<u16>,
    pub(super) tls: Option<u16>,
    pub(super) names: Vec<String>,
    pub(super) certs_dir: Option<PathBuf>,
    pub(super) client_trust: ClientTrust,
    pub(super) config: Config,
    pub(super) allow_any_personal_number: bool,
    pub(super) scenario: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) clock: ClockMode,
    pub(super) max_orders: Option<usize>,
    pub(super) max_text_bytes: Option<usize>,
    pub(super) max_lanes: Option<usize>,
    pub(super) control_listen: Option<SocketAddr>,
    pub(super) control_token: Option<String>,
    pub(super) empty_method_not_allowed: bool,
    pub(super) limits: Option<serve::Limits>,
    pub(super) max_body_bytes: Option<usize>,
    pub(super) body_time: Option<Duration>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            plain: Some(0),
            tls: Some(0),
            names: Vec::new(),
            certs_dir: None,
            client_trust: ClientTrust::default(),
            config: Config::default(),
            allow_any_personal_number: false,
            scenario: None,
            seed: None,
            clock: ClockMode::Real,
            max_orders: None,
            max_text_bytes: None,
            max_lanes: None,
            control_listen: None,
            control_token: None,
            empty_method_not_allowed: false,
            limits: None,
            max_body_bytes: None,
            body_time: None,
        }
    }
}

impl Builder {
    /// Orders that are kept in all lanes together, unless set.
    pub const DEFAULT_MAX_ORDERS: usize = 1_000_000;
    /// Bytes of text that are kept for orders, unless set: 256 MiB.
    pub const DEFAULT_MAX_TEXT_BYTES: usize = 256 << 20;
    /// Lanes, the default one included, unless set.
    pub const DEFAULT_MAX_LANES: usize = 1_000;

    /// The address to listen on; loopback unless set.
    #[must_use]
    pub fn listen(self, listen: IpAddr) -> Self {
        Self { listen, ..self }
    }

    /// Whether there is a plain HTTP port.
    #[must_use]
    pub fn plain(self, plain: bool) -> Self {
        Self { plain: plain.then(|| self.plain.unwrap_or(0)), ..self }
    }

    /// A plain HTTP port of this number; 0 takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { plain: Some(port), ..self }
    }

    /// Whether there is a port for mutual TLS. Without it no certificates are made.
    #[must_use]
    pub fn tls(self, tls: bool) -> Self {
        Self { tls: tls.then(|| self.tls.unwrap_or(0)), ..self }
    }

    /// A port for mutual TLS of this number; 0 takes a free one.
    #[must_use]
    pub fn tls_port(self, tls_port: u16) -> Self {
        Self { tls: Some(tls_port), ..self }
    }

    /// Further names and addresses this simulator goes by, in its certificate and in the `Host` header.
    #[must_use]
    pub fn names<I: IntoIterator<Item: Into<String>>>(self, names: I) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), ..self }
    }

    /// The folder of the certificates: used if it holds some, else filled. Without it they stay in memory. The root of
    /// what persons sign is kept there too, once an order has been started.
    #[must_use]
    pub fn certs_dir(self, folder: impl Into<PathBuf>) -> Self {
        Self { certs_dir: Some(folder.into()), ..self }
    }

    /// Whose client certificates are let in besides our own.
    #[must_use]
    pub fn client_trust(self, client_trust: ClientTrust) -> Self {
        Self { client_trust, ..self }
    }

    /// What a configuration file would say.
    #[must_use]
    pub fn config(self, config: Config) -> Self {
        Self { config, ..self }
    }

    /// Whether personas of the configuration may have personal numbers that may belong to somebody (11.1).
    #[must_use]
    pub fn allow_any_personal_number(self, allow: bool) -> Self {
        Self { allow_any_personal_number: allow, ..self }
    }

    /// What orders follow about which nothing stronger says anything: a scenario's name, or a timeline.
    #[must_use]
    pub fn scenario(self, scenario: impl Into<String>) -> Self {
        Self { scenario: Some(scenario.into()), ..self }
    }

    /// Makes tokens and error rates repeat from run to run.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Lanes begin with their clocks standing still at this moment.
    #[must_use]
    pub fn frozen_clock(self, at: Timestamp) -> Self {
        Self { clock: ClockMode::Frozen(at), ..self }
    }

    /// How many orders are kept in all lanes together.
    #[must_use]
    pub fn max_orders(self, orders: usize) -> Self {
        Self { max_orders: Some(orders), ..self }
    }

    /// How many bytes of text are kept for orders.
    #[must_use]
    pub fn max_text_bytes(self, bytes: usize) -> Self {
        Self { max_text_bytes: Some(bytes), ..self }
    }

    /// How many lanes there may be, the default one included.
    #[must_use]
    pub fn max_lanes(self, lanes: usize) -> Self {
        Self { max_lanes: Some(lanes), ..self }
    }

    /// An address and port for the control plane alone; it is on the plain port otherwise.
    #[must_use]
    pub fn control_listen(self, address: SocketAddr) -> Self {
        Self { control_listen: Some(address), ..self }
    }

    /// What callers of the control plane must bring as bearer token.
    #[must_use]
    pub fn control_token(self, token: impl Into<String>) -> Self {
        Self { control_token: Some(token.into()), ..self }
    }

    /// Whether methods other than POST are refused with an empty body, as servers in front of BankID may (14.1).
    #[must_use]
    pub fn empty_method_not_allowed(self, empty: bool) -> Self {
        Self { empty_method_not_allowed: empty, ..self }
    }

    /// Bounds on what clients can make the ports hold. They stand in for all those of the configuration.
    #[must_use]
    pub fn limits(self, limits: serve::Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    /// How many bytes a body may have before it is answered 400; 512 kB unless set (14.1).
    #[must_use]
    pub fn max_body_bytes(self, bytes: usize) -> Self {
        Self { max_body_bytes: Some(bytes), ..self }
    }

    /// The time a body may take to arrive before it is answered 408; 10 s unless set (14.1).
    #[must_use]
    pub fn body_time(self, body_time: Duration) -> Self {
        Self { body_time: Some(body_time), ..self }
    }

    /// Starts the simulator on the runtime of the caller. When this returns, all ports answer.
    ///
    /// # Errors
    /// A setting does not hold, a certificate could not be made or read, or a port could not be had.
    pub async fn start(self) -> Result<Simulator, StartError> {
        start::start(self).await
    }
}
