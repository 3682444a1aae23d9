//! A simulator of a test's own, on free ports, with a clock that only the test turns.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::clock::Timestamp;
use simulator::fault::{ApiFault, Endpoint, Strike};
use simulator::phone::Phone;
use simulator::pki::Certificates;
use simulator::rule::Outcome;
use simulator::simulator::Builder;

use super::http::{self, Answer, TlsIdentity};

/// 2026-01-01T00:00:00Z, where every clock of these suites begins.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_ms(1_767_225_600_000);

/// A personal number that no other order of this process carries.
pub(crate) fn number() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("19700101{:04}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) struct Sim {
    simulator: Simulator,
}

impl Sim {
    /// Plain port only, default scenario, frozen clock.
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// The same with a scenario, by name or by steps.
    pub(crate) async fn scenario(scenario: &str) -> Self {
        Self::with(|builder| builder.scenario(scenario)).await
    }

    /// The same with whatever else the test sets.
    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let builder = Simulator::builder().tls(false).seed(1).frozen_clock(NOW);
        let simulator = set(builder).start().await.expect("the simulator starts");
        Self { simulator }
    }

    pub(crate) fn inner(&self) -> &Simulator {
        &self.simulator
    }

    /// The next call of this endpoint is refused so.
    pub(crate) fn fault(&self, endpoint: Endpoint, fault: &ApiFault) {
        self.strike(endpoint, fault.clone().into());
    }

    /// The next call of this endpoint is struck so.
    pub(crate) fn strike(&self, endpoint: Endpoint, strike: Strike) {
        let outcome = Outcome::strike(strike).only_for([endpoint]);
        self.simulator.default_lane().next(outcome).expect("the queue has room");
    }

    /// Waits until a call has met what was queued for it.
    pub(crate) async fn struck(&self) {
        while !self.simulator.default_lane().queue().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    /// A persona's phone in the default lane.
    pub(crate) fn phone(&self, persona: &str) -> Phone {
        self.simulator.default_lane().phone(persona).expect("a persona or a personal number")
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.simulator.default_lane().clock().advance(by);
    }

    pub(crate) fn advance_seconds(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Sends bytes to the plain port.
    pub(crate) async fn send(&self, bytes: &[u8]) -> Option<Answer> {
        let address = self.simulator.http().expect("the plain port is on");
        http::exchange(http::plain(address).await, bytes).await
    }

    /// Sends bytes over TLS. `None` where the handshake fails or nothing is answered.
    pub(crate) async fn call_tls(
        &self,
        identity: Option<TlsIdentity>,
        bytes: &[u8],
    ) -> Option<Answer> {
        let address = self.simulator.https().expect("the TLS port is on");
        let ca = CertificateDer::from_pem_slice(self.certificates().ca_pem().as_bytes())
            .expect("the authority's certificate is PEM");
        let stream = http::tls(address, ca, identity).await.ok()?;
        http::exchange(stream, bytes).await
    }

    fn certificates(&self) -> &Certificates {
        self.simulator.certificates().expect("the TLS port is on")
    }

    /// Over TLS with an identity, over the plain port without one.
    pub(crate) async fn call(&self, identity: Option<TlsIdentity>, bytes: &[u8]) -> Option<Answer> {
        match identity {
            Some(identity) => self.call_tls(Some(identity), bytes).await,
            None => self.send(bytes).await,
        }
    }

    /// One of the RP certificates that this simulator made.
    pub(crate) fn identity(&self, index: usize) -> TlsIdentity {
        let identity = &self.certificates().relying_parties()[index];
        let chain = CertificateDer::pem_slice_iter(identity.certificate_pem().as_bytes())
            .collect::<Result<_, _>>()
            .expect("certificates in PEM");
        let key =
            PrivateKeyDer::from_pem_slice(identity.key_pem().as_bytes()).expect("a key in PEM");
        TlsIdentity { chain, key }
    }

    /// Posts to a full path as a correct client does.
    pub(crate) async fn post_to(&self, path: &str, body: &str) -> Answer {
        let bytes = http::request("POST", path, &[("Content-Type", "application/json")], body);
        self.send(&bytes).await.unwrap_or_else(|| panic!("no answer to POST {path} {body}"))
    }

    /// Posts to an operation of v6.0.
    pub(crate) async fn post(&self, operation: &str, body: &Value) -> Answer {
        self.post_to(&format!("/rp/v6.0/{operation}"), &body.to_string()).await
    }

    /// Starts an order; the answer is known to be 200.
    pub(crate) async fn order(&self, operation: &str, body: &Value) -> Answer {
        let answer = self.post(operation, body).await;
        assert_eq!(answer.status, 200, "{operation} {body}: {}", answer.body);
        answer
    }

    /// Starts the smallest order of an operation and gives its `orderRef`.
    pub(crate) async fn order_ref(&self, operation: &str) -> String {
        self.order(operation, &super::minimal(operation)).await.text("orderRef")
    }

    /// The operation accepts the body. The order is cancelled, so that it stands in no one's way.
    pub(crate) async fn accepts(&self, operation: &str, body: &Value) {
        let order_ref = self.order(operation, body).await.text("orderRef");
        assert_eq!(self.cancel(&order_ref).await.body, "{}");
    }

    /// The operation refuses the body with exactly this text, and no order comes of it.
    pub(crate) async fn refuses(&self, operation: &str, body: &Value, details: &str) {
        let answer = self.post(operation, body).await;
        let expected = json!({"errorCode": "invalidParameters", "details": details}).to_string();
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (400, expected.as_str()),
            "{operation} {body}"
        );
    }

    pub(crate) async fn collect(&self, order_ref: &str) -> Answer {
        self.post("collect", &json!({"orderRef": order_ref})).await
    }

    /// One collect, as `status/hintCode`, `complete`, or `400 details`.
    pub(crate) async fn state(&self, order_ref: &str) -> String {
        let answer = self.collect(order_ref).await;
        let json = answer.json();
        match (&json["status"], &json["hintCode"]) {
            (Value::String(status), Value::String(hint)) => format!("{status}/{hint}"),
            (Value::String(status), _) => status.clone(),
            _ => format!("{} {}", answer.status, answer.text("details")),
        }
    }

    /// Collects until the answer is final; all answers, with repetitions left out.
    pub(crate) async fn story(&self, order_ref: &str) -> Vec<String> {
        let mut story: Vec<String> = Vec::new();
        for _ in 0..100 {
            let state = self.state(order_ref).await;
            let is_final = !state.starts_with("pending");
            if story.last() != Some(&state) {
                story.push(state);
            }
            if is_final {
                return story;
            }
        }
        panic!("no end after 100 collects: {story:?}");
    }

    pub(crate) async fn cancel(&self, order_ref: &str) -> Answer {
        self.post("cancel", &json!({"orderRef": order_ref})).await
    }

    /// Ends the simulator and fails the test if any of its tasks panicked.
    pub(crate) async fn stop(self) {
        self.simulator.stop().await.expect("the simulator ends cleanly");
    }
}
