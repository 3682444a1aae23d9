//! Load on one server: callers that each keep a connection and repeat prepared requests, closed loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Result;
use crate::client::{Connection, Endpoint, post};
use crate::meter::Meter;
use crate::server::Server;
use crate::stats::Round;
use crate::stopwatch::Stopwatch;

/// Longest time for one round.
const ROUND: Duration = Duration::from_secs(300);
/// Orders that one caller of `collect` takes turns with, so that no server answers from one hot order.
const ORDERS_PER_CALLER: usize = 8;
/// The smallest valid order.
pub(crate) const MINIMAL_ORDER: &str = r#"{"endUserIp":"203.0.113.25"}"#;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Starts a minimal order.
    Auth,
    /// Collects an order that stays pending.
    Collect,
}

impl Operation {
    pub(crate) const ALL: [Self; 2] = [Self::Auth, Self::Collect];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Collect => "collect (pending)",
        }
    }
}

/// The request that starts a minimal order.
pub(crate) fn auth() -> Vec<u8> {
    post("/rp/v6.0/auth", MINIMAL_ORDER)
}

/// The request that collects the order of this answer to [`auth`].
pub(crate) fn collect(started: &[u8]) -> Result<Vec<u8>> {
    let started: Value = serde_json::from_slice(started)?;
    let order_ref =
        started.get("orderRef").and_then(Value::as_str).ok_or("an answer without orderRef")?;
    Ok(post("/rp/v6.0/collect", &format!(r#"{{"orderRef":"{order_ref}"}}"#)))
}

/// Opens the connections, makes every one answer once, and then measures a fixed number of requests over all of them.
pub(crate) async fn round(
    server: &Server,
    endpoint: &Endpoint,
    operation: Operation,
    connections: usize,
    requests: u32,
) -> Result<Round> {
    let mut callers = Vec::with_capacity(connections);
    for _ in 0..connections {
        callers.push(Caller::open(endpoint, operation).await?);
    }
    let left = Arc::new(AtomicU32::new(requests));
    let mut tasks = JoinSet::new();
    let meter = Meter::start(server)?;
    for caller in callers {
        tasks.spawn(caller.run(Arc::clone(&left)));
    }
    let answers = timeout(ROUND, tasks.join_all()).await?;
    meter.stop(|| Ok(answers.into_iter().collect::<Result<Vec<_>>>()?.concat()))
}

struct Caller {
    connection: Connection,
    requests: Vec<Vec<u8>>,
    /// What the body of every answer must hold: a quick answer of another kind is no result.
    expected: &'static str,
}

impl Caller {
    async fn open(endpoint: &Endpoint, operation: Operation) -> Result<Self> {
        let mut connection = Connection::open(endpoint).await?;
        let mut requests = vec![auth()];
        let expected = match operation {
            Operation::Auth => {
                connection.expect_ok(&auth()).await?;
                r#""qrStartSecret":""#
            }
            Operation::Collect => {
                requests.clear();
                for _ in 0..ORDERS_PER_CALLER {
                    requests.push(collect(connection.expect_ok(&auth()).await?)?);
                }
                r#""status":"pending""#
            }
        };
        Ok(Self { connection, requests, expected })
    }

    /// Calls until the shared count is used up; returns how long each answer took.
    async fn run(mut self, left: Arc<AtomicU32>) -> Result<Vec<Duration>> {
        let mut latencies = Vec::new();
        let mut answer_bytes = 0;
        for request in self.requests.iter().cycle() {
            if left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err() {
                break;
            }
            let watch = Stopwatch::start();
            let body = self.connection.expect_ok(request).await?;
            latencies.push(watch.elapsed());
            // Answers of one kind are of one length; only a new length needs a look.
            if body.len() != answer_bytes {
                answer_bytes = body.len();
                let body = String::from_utf8_lossy(body);
                if !body.contains(self.expected) {
                    return Err(format!("expected {} in {body}", self.expected).into());
                }
            }
        }
        Ok(latencies)
    }
}
