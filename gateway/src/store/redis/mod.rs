//! The store that several instances share: one Redis or Valkey, by one connection that comes back by itself.
//!
//! An order is a hash, and each decision about it a script, which Redis carries out as one step and on its own clock. What
//! is kept is gone by itself when its time is over. Nothing here retries: whoever asks knows what that would mean.

mod record;
mod seal;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::Moment;
use bankid_core::order::OrderRef;
use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{
    ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion, RedisError, Script,
    TlsCertificates, cmd,
};

use self::record::{read_answer, read_order};
pub use self::seal::Seal;
use super::{
    Answer, Claim, Found, Live, POLL_INTERVAL, Reply, Room, Settled, Store, StoreError, Turn,
};

/// What stands before all names.
const PREFIX: &str = "bankid-gateway:";

/// How long a command or a connection may take unless set. Callers wait for it.
const TIMEOUT: Duration = Duration::from_secs(2);

/// After which time without a sign of life a connection is given up.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(10);

/// Commands on their way at a time; further ones wait.
const COMMANDS: usize = 1_024;

/// The first version that lets a script write when memory is short, which a result must be able to.
const VERSION_MIN: u32 = 7;

/// Where the store is, and how to speak to it. `Debug` hides the password.
#[derive(Clone)]
pub struct Address {
    info: ConnectionInfo,
    ca: Option<Vec<u8>>,
    timeout: Duration,
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RedisStoreError {
    /// The URL is none.
    #[error("store is not a URL such as redis://localhost:6379 or rediss://user:password@host")]
    Url,
    /// There is an authority, and nothing for it to vouch for.
    #[error("storeCa is for a store by rediss:// only")]
    NoTls,
    /// Nobody is there, or does not let us in.
    #[error("cannot reach the store at {address}")]
    Connect {
        /// Where.
        address: String,
        /// Why.
        source: RedisError,
    },
    /// It does not do what it is asked.
    #[error("the store at {address} refuses what the gateway needs")]
    Refused {
        /// Where.
        address: String,
        /// What.
        source: StoreError,
    },
    /// It is too old.
    #[error("the store at {address} is version {found}; it must be {VERSION_MIN} or later")]
    Version {
        /// Where.
        address: String,
        /// By its own word.
        found: String,
    },
}

impl Address {
    /// Reads a URL. With an authority in PEM, that one vouches for the server, and no other.
    ///
    /// # Errors
    /// It is not of the form, or there is an authority and no TLS.
    pub fn new(url: &str, ca: Option<Vec<u8>>) -> Result<Self, RedisStoreError> {
        // The library would take `#insecure`, and not check the server.
        let url = redis::parse_redis_url(url).filter(|url| url.fragment().is_none());
        let info = url.ok_or(RedisStoreError::Url)?.into_connection_info();
        let info = info.map_err(|_unfit| RedisStoreError::Url)?;
        if ca.is_some() && !matches!(info.addr(), ConnectionAddr::TcpTls { .. }) {
            return Err(RedisStoreError::NoTls);
        }
        // So that the end of a connection is noticed before the next command is.
        let redis = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let tcp = TcpSettings::default().set_nodelay(true);
        #[cfg(target_os = "linux")]
        let tcp = tcp.set_user_timeout(SILENCE);
        let info = info.set_redis_settings(redis).set_tcp_settings(tcp);
        Ok(Self { info, ca, timeout: TIMEOUT })
    }

    /// How long a command or a connection may take; callers wait for it. Two seconds unless set.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    fn client(&self) -> Result<redis::Client, RedisError> {
        match &self.ca {
            None => redis::Client::open(self.info.clone()),
            Some(ca) => {
                let ca = TlsCertificates { client_tls: None, root_cert: Some(ca.clone()) };
                redis::Client::build_with_tls(self.info.clone(), ca)
            }
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.info.addr())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// Orders in Redis.
pub struct RedisStore {
    connection: ConnectionManager,
    address: String,
    seal: Seal,
    scripts: Scripts,
}

struct Scripts {
    insert: Script,
    find: Script,
    claim: Script,
    settle: Script,
}

impl Scripts {
    const fn all(&self) -> [&Script; 4] {
        [&self.insert, &self.find, &self.claim, &self.settle]
    }
}

/// What the script of a claim answers: state, order, age, last answer, request, turn, whether an answer got lost.
type ClaimReply = (String, Vec<u8>, u64, Vec<u8>, Vec<u8>, u64, bool);

impl RedisStore {
    /// Connects, and tries whether all is there that will be needed.
    ///
    /// # Errors
    /// It is not.
    pub async fn connect(address: &Address, seal: Seal) -> Result<Self, RedisStoreError> {
        let named = || address.to_string();
        let unreachable = |source| RedisStoreError::Connect { address: named(), source };
        let settings = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(100))
            .set_max_delay(Duration::from_secs(1))
            .set_connection_timeout(Some(address.timeout))
            .set_response_timeout(Some(address.timeout))
            .set_pipeline_buffer_size(COMMANDS);
        let client = address.client().map_err(unreachable)?;
        let connection =
            ConnectionManager::new_with_config(client, settings).await.map_err(unreachable)?;
        let scripts = Scripts {
            insert: Script::new(include_str!("insert.lua")),
            find: Script::new(include_str!("find.lua")),
            claim: Script::new(include_str!("claim.lua")),
            settle: Script::new(include_str!("settle.lua")),
        };
        let store = Self { connection, address: named(), seal, scripts };
        store.check_server().await?;
        Ok(store)
    }

    async fn check_server(&self) -> Result<(), RedisStoreError> {
        let address = || self.address.clone();
        let refused = |source| RedisStoreError::Refused { address: address(), source };
        let mut connection = self.connection.clone();
        let about: Result<String, _> = cmd("INFO").query_async(&mut connection).await;
        let about = about.map_err(|error| refused(failed(error)))?;
        let fact = |name: &str| {
            let mut lines = about.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(known, _)| *known == name).map_or("", |(_, value)| value.trim())
        };
        // Valkey tells of itself as such, beside the version of Redis that it is like.
        let found = [fact("valkey_version"), fact("redis_version")];
        let found = found.into_iter().find(|version| !version.is_empty()).unwrap_or_default();
        let major = found.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_none_or(|major| major < VERSION_MIN) {
            return Err(RedisStoreError::Version { address: address(), found: found.to_owned() });
        }
        let policy = fact("maxmemory_policy");
        if policy != "noeviction" {
            tracing::warn!(
                policy,
                "the store may let go of results: set maxmemory-policy to noeviction"
            );
        }
        // A server that has forgotten them is sent them again.
        for script in self.scripts.all() {
            let loaded = script.prepare_invoke().load_async(&mut connection).await;
            loaded.map_err(|error| refused(failed(error)))?;
        }
        self.probe().await.map_err(refused)
    }

    /// Writes something small, which needs memory, a connection and the right to.
    async fn probe(&self) -> Result<(), StoreError> {
        let mut connection = self.connection.clone();
        let mut command = cmd("SET");
        command.arg(format!("{PREFIX}probe")).arg("").arg("PX").arg(1);
        command.query_async(&mut connection).await.map_err(failed)
    }

    async fn keep(&self, live: &Live, keep: Duration, now: Moment) -> Result<(), StoreError> {
        let Live { owner, order } = live;
        let key = key(&order.order_ref);
        let request = record::request(order).map_err(lost)?;
        let age = now.monotonic.saturating_sub(order.received_at.monotonic);
        let mut script = self.scripts.insert.key(&key);
        script
            .arg(&**owner)
            .arg(self.sealed(&key, "order", &record::order(order).map_err(lost)?)?)
            .arg(self.sealed(&key, "request", &request)?)
            .arg(milliseconds(age))
            .arg(milliseconds(keep));
        let done: Result<(), _> = script.invoke_async(&mut self.connection.clone()).await;
        done.map_err(failed)
    }

    async fn look(
        &self,
        owner: &str,
        name: &OrderRef,
        now: Moment,
    ) -> Result<Option<Found>, StoreError> {
        let key = key(name);
        let mut script = self.scripts.find.key(&key);
        let answer = script.arg(owner).invoke_async(&mut self.connection.clone()).await;
        let (order, age, is_over): (Vec<u8>, u64, bool) = answer.map_err(failed)?;
        if order.is_empty() {
            return Ok(None);
        }
        let live = self.live(owner, name, &order, &[], age, now)?;
        Ok(Some(Found { live, is_over }))
    }

    async fn turn(
        &self,
        owner: &str,
        name: &OrderRef,
        lease: Duration,
        now: Moment,
    ) -> Result<Claim, StoreError> {
        let key = key(name);
        let mut script = self.scripts.claim.key(&key);
        script.arg(owner).arg(milliseconds(POLL_INTERVAL)).arg(milliseconds(lease));
        let answer = script.invoke_async(&mut self.connection.clone()).await;
        let (state, order, age, last, request, turn, is_lost): ClaimReply =
            answer.map_err(failed)?;
        let live = || self.live(owner, name, &order, &request, age, now);
        let last = || self.answer(&key, &last);
        match &*state {
            "unknown" => Ok(Claim::Unknown),
            "known" => match last()? {
                Some(last) => Ok(Claim::Known(live()?, last)),
                None => Err(lost(Strange)),
            },
            "elsewhere" => Ok(Claim::Elsewhere(live()?, last()?)),
            "due" => Ok(Claim::Due { live: live()?, turn: Turn(turn), is_lost }),
            _ => Err(lost(Strange)),
        }
    }

    async fn end_turn(
        &self,
        name: &OrderRef,
        turn: Turn,
        settled: &Settled,
    ) -> Result<Option<Answer>, StoreError> {
        let key = key(name);
        let answer = record::answer(&settled.answer).map_err(lost)?;
        let mut script = self.scripts.settle.key(&key);
        script
            .arg(turn.0)
            .arg(self.sealed(&key, "last", &answer)?)
            .arg(u8::from(settled.over.is_some()))
            .arg(if settled.is_lost { "1" } else { "" })
            .arg(milliseconds(settled.over.unwrap_or_default()));
        let done = script.invoke_async(&mut self.connection.clone()).await;
        let (state, other): (String, Vec<u8>) = done.map_err(failed)?;
        match &*state {
            "kept" => Ok(Some(settled.answer.clone())),
            "other" => self.answer(&key, &other),
            "gone" => Ok(None),
            _ => Err(lost(Strange)),
        }
    }

    fn live(
        &self,
        owner: &str,
        name: &OrderRef,
        order: &[u8],
        request: &[u8],
        age_ms: u64,
        now: Moment,
    ) -> Result<Arc<Live>, StoreError> {
        let key = key(name);
        let order = self.opened(&key, "order", order)?;
        let request = match request {
            [] => Vec::new(),
            request => self.opened(&key, "request", request)?,
        };
        let age = Duration::from_millis(age_ms);
        read_order(owner, name, &order, &request, age, now).map(Arc::new).map_err(lost)
    }

    fn answer(&self, key: &str, last: &[u8]) -> Result<Option<Answer>, StoreError> {
        if last.is_empty() {
            return Ok(None);
        }
        read_answer(&self.opened(key, "last", last)?).map(Some).map_err(lost)
    }

    fn sealed(&self, key: &str, field: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal.seal(&place(key, field), value).map_err(lost)
    }

    fn opened(&self, key: &str, field: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal.open(&place(key, field), value).map_err(lost)
    }
}

impl Store for RedisStore {
    fn reserve(&self, _kib: u32, _now: Moment) -> Reply<'_, Room> {
        Box::pin(async { self.probe().await.map(|()| Room::default()) })
    }

    fn insert(&self, live: Arc<Live>, _room: Room, keep: Duration, now: Moment) -> Reply<'_, ()> {
        Box::pin(async move { self.keep(&live, keep, now).await })
    }

    fn find<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        now: Moment,
    ) -> Reply<'a, Option<Found>> {
        Box::pin(self.look(owner, name, now))
    }

    fn claim<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        lease: Duration,
        now: Moment,
    ) -> Reply<'a, Claim> {
        Box::pin(self.turn(owner, name, lease, now))
    }

    fn settle<'a>(
        &'a self,
        name: &'a OrderRef,
        turn: Turn,
        settled: &'a Settled,
        _now: Moment,
    ) -> Reply<'a, Option<Answer>> {
        Box::pin(self.end_turn(name, turn, settled))
    }

    fn remove<'a>(&'a self, name: &'a OrderRef) -> Reply<'a, ()> {
        Box::pin(async move {
            let mut command = cmd("DEL");
            command.arg(key(name)).query_async(&mut self.connection.clone()).await.map_err(failed)
        })
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Bytes,
        keep: Duration,
        _now: Moment,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let value = self.sealed(key, "value", &value)?;
            let mut command = cmd("SET");
            command.arg(format!("{PREFIX}{key}")).arg(value).arg("PX").arg(milliseconds(keep));
            command.query_async(&mut self.connection.clone()).await.map_err(failed)
        })
    }

    fn get<'a>(&'a self, key: &'a str, _now: Moment) -> Reply<'a, Option<Bytes>> {
        Box::pin(self.value("GET", key))
    }

    fn take<'a>(&'a self, key: &'a str, _now: Moment) -> Reply<'a, Option<Bytes>> {
        Box::pin(self.value("GETDEL", key))
    }

    fn check(&self) -> Reply<'_, ()> {
        Box::pin(async {
            cmd("PING").query_async(&mut self.connection.clone()).await.map_err(failed)
        })
    }

    /// It does so by itself.
    fn sweep(&self, _now: Moment) {}

    /// It would have to look at all that there is.
    fn count(&self) -> Option<usize> {
        None
    }
}

impl RedisStore {
    async fn value(&self, command: &str, key: &str) -> Result<Option<Bytes>, StoreError> {
        let mut command = cmd(command);
        let found = command.arg(format!("{PREFIX}{key}"));
        let found = found.query_async(&mut self.connection.clone()).await;
        let found: Option<Vec<u8>> = found.map_err(failed)?;
        found.map(|value| self.opened(key, "value", &value).map(Bytes::from)).transpose()
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("address", &self.address)
            .field("seal", &self.seal)
            .finish_non_exhaustive()
    }
}

/// An answer that no script of ours gives.
#[derive(Debug, thiserror::Error)]
#[error("the store answers what it was not asked")]
struct Strange;

fn key(name: &OrderRef) -> String {
    format!("{PREFIX}order:{}", name.as_str())
}

fn place(key: &str, field: &str) -> String {
    format!("{key}/{field}")
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn lost(cause: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Lost(Box::new(cause))
}

/// A command that failed. Only one code is about room.
fn failed(error: RedisError) -> StoreError {
    if error.code() == Some("OOM") { StoreError::Full } else { lost(error) }
}
