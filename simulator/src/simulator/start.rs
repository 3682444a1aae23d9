//! From settings to ports that answer.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use serve::Server;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{
    Builder, Simulator, Task,
    limits::{self, OfLanes},
};
use crate::{
    clock::{TlsTime, real_time},
    completion::Signers,
    config::ConfigError,
    http::{Control, Guard, MARK, Settings, Site, VERSION},
    lane::{World, WorldSettings},
    pki::{self, Certificates, Files},
    rule::Rules,
    scenario::BadScenario,
};

/// How often orders are looked for that nobody fetched in time. New orders make room for themselves between.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There would be nothing to talk to.
    #[error("neither plain HTTP nor TLS is on")]
    NothingToListenOn,
    /// The configuration does not hold.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigError),
    /// The default scenario is none.
    #[error("the default scenario does not hold")]
    Scenario(#[source] BadScenario),
    /// Certificates could not be made, read or written.
    #[error("the certificates could not be had")]
    Certificates(#[source] pki::Error),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[source] getrandom::Error),
    /// A port could not be had.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
}

impl StartError {
    /// One word for machines. The control plane says the same of a scenario.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NothingToListenOn => "nothingToListenOn",
            Self::Config(_) | Self::Certificates(pki::Error::ServerName { .. }) => {
                "badConfiguration"
            }
            Self::Scenario(_) => "invalidScenario",
            Self::Certificates(_) => "badCertificates",
            Self::Random(_) => "noRandomBytes",
            Self::Listen { .. } => "cannotListen",
        }
    }
}

pub(super) async fn start(builder: Builder) -> Result<Simulator, StartError> {
    if builder.plain.is_none() && builder.tls.is_none() {
        return Err(StartError::NothingToListenOn);
    }
    let world = world(&builder)?;
    let (certificates, files) = if builder.tls.is_some() {
        let (certificates, files) = certificates(&builder)?;
        (Some(certificates), files)
    } else {
        (None, None)
    };
    // Everything is bound before anything answers, so a failure leaves nothing behind.
    let plain = bind(builder.plain.map(|port| SocketAddr::new(builder.listen, port))).await?;
    let tls = bind(builder.tls.map(|port| SocketAddr::new(builder.listen, port))).await?;
    let own = bind(builder.control_listen).await?;
    let control_ip = builder.control_listen.map_or(builder.listen, |address| address.ip());
    let guard = Guard::new(control_ip, &builder.names, builder.control_token.as_deref());
    let control = Arc::new(Control::new(guard, Arc::clone(&world)));
    let settings = Settings {
        body: limits::of_bodies(&builder),
        empty_method_not_allowed: builder.empty_method_not_allowed,
    };
    let site = |world: Option<&Arc<World>>, control: Option<&Arc<Control>>| {
        Arc::new(Site::new(world.map(Arc::clone), control.map(Arc::clone), settings))
    };
    let shared = own.is_none().then_some(&control);
    let addresses = [&plain, &tls, &own].map(|port| port.as_ref().map(|(_, address)| *address));
    let mut running = Running::new(limits::of_ports(&builder));
    if let Some((listener, _)) = plain {
        running.serve(Server::new(listener), site(Some(&world), shared));
    }
    if let (Some((listener, _)), Some(certificates)) = (tls, &certificates) {
        let config = certificates
            .server_config(builder.client_trust, Arc::new(TlsTime))
            .map_err(StartError::Certificates)?;
        running.serve(Server::new(listener).tls(Arc::new(config)), site(Some(&world), None));
    }
    if let Some((listener, _)) = own {
        running.serve(Server::new(listener), site(None, Some(&control)));
    }
    let [http, https, own] = addresses;
    Ok(Simulator {
        http,
        https,
        control_address: own.or(http),
        control,
        certificates,
        files,
        sweeper: sweep(&world),
        world,
        stop: running.stop,
        tasks: running.tasks,
    })
}

fn world(builder: &Builder) -> Result<Arc<World>, StartError> {
    let mut rules: Rules =
        builder.config.rules(builder.allow_any_personal_number).map_err(StartError::Config)?;
    if let Some(scenario) = &builder.scenario {
        rules.flag = Some(rules.scenarios.resolve(scenario).map_err(StartError::Scenario)?);
    }
    let seed = match builder.seed.or(builder.config.seed) {
        Some(seed) => seed,
        None => getrandom::u64().map_err(StartError::Random)?,
    };
    let OfLanes { orders, text_bytes, lanes } = limits::of_lanes(builder);
    Ok(World::new(WorldSettings {
        rules,
        seed,
        clock: builder.clock,
        max_orders: orders,
        max_text_bytes: text_bytes,
        max_lanes: lanes,
        signers: Arc::new(signers(builder)?),
    }))
}

fn signers(builder: &Builder) -> Result<Signers, StartError> {
    match &builder.certs_dir {
        Some(folder) => Signers::kept_in(folder).map_err(StartError::Certificates),
        None => Ok(Signers::default()),
    }
}

fn certificates(builder: &Builder) -> Result<(Certificates, Option<Files>), StartError> {
    let now_ms = u64::try_from(real_time().as_millis()).unwrap_or(u64::MAX);
    let from = |folder: &Path| Certificates::load_or_generate(folder, &builder.names, now_ms);
    match &builder.certs_dir {
        Some(folder) => from(folder).map(|(certificates, files)| (certificates, Some(files))),
        None => Certificates::generate(&builder.names, now_ms).map(|made| (made, None)),
    }
    .map_err(StartError::Certificates)
}

async fn bind(wanted: Option<SocketAddr>) -> Result<Option<(TcpListener, SocketAddr)>, StartError> {
    let Some(address) = wanted else { return Ok(None) };
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok(Some((listener, bound)))
}

/// The servers that run.
struct Running {
    limits: serve::Limits,
    stop: watch::Sender<bool>,
    tasks: JoinSet<Task>,
}

impl Running {
    fn new(limits: serve::Limits) -> Self {
        Self { limits, stop: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    fn serve(&mut self, server: Server, site: Arc<Site>) {
        let mut stop = self.stop.subscribe();
        // Without a sender the simulator is gone, which is as good a reason to stop.
        let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
        // Names of headers as BankID writes them (1.2), and every answer says whose it is.
        let server = server.limits(self.limits.clone()).title_case_headers().mark(MARK, &VERSION);
        self.tasks.spawn(server.run(stopped, move |peer| site.visit(peer)));
    }
}

/// Forgets now and then what nobody fetched, for as long as the world is there.
fn sweep(world: &Arc<World>) -> JoinHandle<()> {
    let world = Arc::downgrade(world);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            let Some(world) = world.upgrade() else { return };
            world.sweep();
        }
    })
}
