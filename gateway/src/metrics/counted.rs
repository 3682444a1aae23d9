use std::fmt;
use std::time::Duration;

use bankid_client::{Call, Error};
use bankid_core::collect::{Collect, FailedHint};
use bankid_core::error::ErrorCode;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::store::Answer;

/// Upper bounds in seconds: from an answer out of memory to BankID's slowest.
const SECONDS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0];

/// For what nobody knows yet: as many words would be as many series.
const OTHER: &str = "other";

type Times = Family<Named, Histogram, fn() -> Histogram>;

/// All counters of a gateway.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<Answered, Counter>,
    call_time: Times,
    bankid_calls: Family<Asked, Counter>,
    bankid_time: Times,
    ended: Family<Ended, Counter>,
    orders: Gauge,
    certificate_days: Gauge,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Answered {
    caller: String,
    call: &'static str,
    status: u16,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Named {
    call: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Asked {
    call: &'static str,
    outcome: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Ended {
    outcome: String,
}

impl Metrics {
    /// A call of the API was answered.
    pub(crate) fn answered(&self, caller: &str, call: &'static str, status: u16, took: Duration) {
        let labels = Answered { caller: caller.to_owned(), call, status };
        self.calls.get_or_create(&labels).inc();
        self.call_time.get_or_create(&Named { call }).observe(took.as_secs_f64());
    }

    /// BankID was called.
    pub(crate) fn asked<T>(&self, call: Call, outcome: &Result<T, Error>, took: Duration) {
        let call = call.path();
        let outcome = match outcome {
            Ok(_) => "ok",
            Err(error) if matches!(error.error_code(), Some(ErrorCode::Other(_))) => OTHER,
            Err(error) => error.code(),
        };
        self.bankid_calls.get_or_create(&Asked { call, outcome: outcome.to_owned() }).inc();
        self.bankid_time.get_or_create(&Named { call }).observe(took.as_secs_f64());
    }

    /// An order came to its end.
    pub(crate) fn ended(&self, answer: &Answer) {
        let outcome = match &answer.0 {
            Ok(standing) => match &standing.answer {
                Collect::Pending { .. } => return,
                Collect::Complete { .. } => "complete",
                Collect::Failed { hint_code: Some(FailedHint::Other(_)) | None, .. } => OTHER,
                Collect::Failed { hint_code: Some(hint), .. } => hint.as_str(),
            },
            Err(fault) => &*fault.code,
        };
        self.ended.get_or_create(&Ended { outcome: outcome.to_owned() }).inc();
    }

    /// Everything in Prometheus' text, with what is so and not counted: the number of orders, and the days left of the
    /// certificate.
    pub(crate) fn text(&self, orders: Option<usize>, certificate_days: Option<i64>) -> String {
        let orders = orders.map(|orders| i64::try_from(orders).unwrap_or(i64::MAX));
        self.orders.set(orders.unwrap_or(-1));
        self.certificate_days.set(certificate_days.unwrap_or(-1));
        let mut metrics = String::new();
        // Writing to a string does not fail.
        let _written = text::encode(&mut metrics, &self.registry);
        metrics
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("bankid_gateway");
        let (calls, bankid_calls, ended) =
            (Family::default(), Family::default(), Family::default());
        let (call_time, bankid_time) = (times(), times());
        let (orders, certificate_days) = (Gauge::default(), Gauge::default());
        registry.register("calls", "Calls of the API that were answered", calls.clone());
        registry.register_with_unit(
            "call",
            "From a call to its answer",
            Unit::Seconds,
            call_time.clone(),
        );
        registry.register(
            "bankid_calls",
            "Calls to BankID, by what came of them",
            bankid_calls.clone(),
        );
        registry.register_with_unit(
            "bankid_call",
            "Of calls to BankID",
            Unit::Seconds,
            bankid_time.clone(),
        );
        registry.register("orders_ended", "Orders that came to their end, by how", ended.clone());
        registry.register(
            "orders",
            "Orders that are kept; -1 where the store does not tell",
            orders.clone(),
        );
        let days = "Until BankID does not accept the certificate any more; -1 without one";
        registry.register("certificate_days_left", days, certificate_days.clone());
        Self {
            registry,
            calls,
            call_time,
            bankid_calls,
            bankid_time,
            ended,
            orders,
            certificate_days,
        }
    }
}

fn times() -> Times {
    Times::new_with_constructor(|| Histogram::new(SECONDS))
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
