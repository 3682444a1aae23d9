//! The client against servers that say exactly what a test tells them to, on a clock that only the test turns.
#![cfg(test)]

mod answers;
mod clock;
mod following;
mod judging;
mod sending;
mod server;
mod settings;
mod tls;

use std::sync::Arc;

use bankid_client::{Client, Config, Endpoint, Identity, Order};
use bankid_core::order::OrderRef;
use bankid_core::request::Auth;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair};
use time::OffsetDateTime;

use crate::clock::Turned;
use crate::server::Server;

/// Where the clocks begin: 2026-01-01T00:00:00Z.
const NOW_UNIX_S: i64 = 1_767_225_600;

const ORDER_REF: &str = "131daac9-16c6-4618-beb0-365768f37288";

/// What BankID answers to a start (2.5).
const STARTED: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","autoStartToken":"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6","qrStartToken":"67df3917-fa0d-44e5-b327-edcc928297f8","qrStartSecret":"d28db9a7-4cde-429e-a983-359be676944c"}"#;

const PENDING: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"outstandingTransaction"}"#;

const NO_SUCH_ORDER: &str = r#"{"errorCode":"invalidParameters","details":"No such order"}"#;

const COMPLETE: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"complete","completionData":{"user":{"personalNumber":"191212121212","name":"Tolvan Tolvansson","givenName":"Tolvan","surname":"Tolvansson"},"device":{"ipAddress":"203.0.113.25"},"signature":"PFNpZ25hdHVyZS8+","ocspResponse":"AA=="}}"#;

/// PEM with one section.
fn armour(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
}

/// A certificate of its own making, valid when the clocks begin.
fn identity() -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = params().self_signed(&key).expect("a certificate");
    let pem =
        [armour("CERTIFICATE", certificate.der()), armour("PRIVATE KEY", &key.serialize_der())];
    Identity::from_pem(pem.concat().as_bytes(), None).expect("an identity")
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = OffsetDateTime::from_unix_timestamp(NOW_UNIX_S - 86_400).expect("a date");
    params.not_after =
        OffsetDateTime::from_unix_timestamp(NOW_UNIX_S + 365 * 86_400).expect("a date");
    params
}

/// A client for a server, and the clock of its own.
fn client(server: &Server, configure: impl FnOnce(Config) -> Config) -> (Client, Arc<Turned>) {
    let clock = Turned::new();
    let endpoint = Endpoint::custom(&server.url(), b"").expect("an endpoint");
    let config = Config::new(endpoint, identity()).clock(Arc::<Turned>::clone(&clock));
    (Client::new(configure(config)).expect("the settings hold"), clock)
}

fn order_ref() -> OrderRef {
    ORDER_REF.try_into().expect("a token")
}

/// The smallest request there is.
fn auth() -> Auth {
    Auth::new([203, 0, 113, 25].into())
}

/// An order that the server at the other end knows nothing of.
async fn order(client: &Client) -> Order {
    client.auth(auth()).await.expect("an order")
}
