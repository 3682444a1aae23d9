//! The servers that are compared, and how each is started.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::Result;
use crate::client::{Connection, Endpoint, post};
use crate::server::Server;

/// Where the programs are.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) simulator: PathBuf,
    bench: PathBuf,
    peers: PathBuf,
}

/// Orders wait for a person, so that a `collect` stays pending.
pub(crate) const PENDING_SCENARIO: &str = "phone";
/// Orders complete after a handful of collects.
pub(crate) const DEFAULT_SCENARIO: &str = "default";

impl Programs {
    /// The simulator lies beside this program: both were built by one command with one profile.
    pub(crate) fn find() -> Result<Self> {
        let bench = std::env::current_exe()?;
        let simulator = bench.with_file_name("bankid-simulator");
        if !simulator.is_file() {
            let missing = simulator.display();
            return Err(format!(
                "{missing} is missing: build with `cargo build --release -p simulator`"
            )
            .into());
        }
        Ok(Self { simulator, bench, peers: Path::new(env!("CARGO_MANIFEST_DIR")).join("peers") })
    }

    /// The simulator on a free port.
    pub(crate) async fn simulator(&self, scenario: &str, arguments: &[&str]) -> Result<Server> {
        let mut all = vec!["--json", "--port", "0", "--scenario", scenario];
        all.extend(arguments);
        Server::start(&self.simulator, &all).await
    }

    /// A hyper server on the simulator's accept loop that answers constant bytes.
    pub(crate) async fn constant(&self, certificates: &Folder) -> Result<Server> {
        Server::start(&self.bench, &[Path::new("constant"), certificates.path()]).await
    }

    /// The same on nothing but hyper, plain only.
    pub(crate) async fn bare(&self) -> Result<Server> {
        Server::start(&self.bench, &["constant"]).await
    }

    /// A small simulator on node:http, and on node:https with the certificates of ours.
    pub(crate) async fn node(&self, certificates: Option<&Folder>) -> Result<Server> {
        let mut arguments = vec![self.peers.join("http.mjs")];
        arguments.extend(certificates.map(|folder| folder.path().to_owned()));
        Server::start(Path::new("node"), &arguments).await
    }

    /// The same on Fastify.
    pub(crate) async fn fastify(&self) -> Result<Server> {
        Server::start(Path::new("node"), &[self.peers.join("fastify.mjs")]).await
    }
}

/// The plain port.
pub(crate) fn plain(server: &Server) -> Result<Endpoint> {
    Ok(Endpoint { address: server.http()?, tls: None })
}

/// The TLS port.
pub(crate) fn tls(server: &Server, config: &Arc<ClientConfig>) -> Result<Endpoint> {
    Ok(Endpoint { address: server.https()?, tls: Some(Arc::clone(config)) })
}

/// A client that trusts the simulator's authority, shows its RP certificate, and never resumes a session.
pub(crate) fn client_config(simulator: &Server) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(simulator.ready("/ca")?)? {
        roots.add(root?)?;
    }
    let chain = CertificateDer::pem_file_iter(simulator.ready("/rp/certificate")?)?;
    let chain = chain.collect::<std::result::Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(simulator.ready("/rp/key")?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)?;
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// A new temporary folder, removed with the value.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("bankid-bench-{}-{name}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn text(&self) -> Result<&str> {
        Ok(self.0.to_str().ok_or("the temporary folder is not UTF-8")?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            println!("{} stays: {error}", self.0.display());
        }
    }
}

/// Stops the clock of the default lane, so that orders neither expire nor move.
pub(crate) async fn freeze(simulator: &Server) -> Result<()> {
    control(simulator, "clock/freeze", "").await
}

/// Turns the clock of the default lane.
pub(crate) async fn advance(simulator: &Server, seconds: u32) -> Result<()> {
    control(simulator, "clock/advance", &format!(r#"{{"by":"{seconds}s"}}"#)).await
}

async fn control(simulator: &Server, path: &str, body: &str) -> Result<()> {
    let request = post(&format!("/_simulator/v1/lanes/default/{path}"), body);
    Connection::open(&plain(simulator)?).await?.expect_ok(&request).await?;
    Ok(())
}
