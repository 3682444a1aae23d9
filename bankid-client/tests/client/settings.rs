//! Settings that do not hold, and identities that are not valid.

use std::time::Duration;

use bankid_client::{Client, Config, Endpoint, Identity};
use rcgen::KeyPair;

use crate::clock::Turned;
use crate::server::{Act, Server};
use crate::{NOW_UNIX_S, STARTED, armour, auth, client, identity, params};

fn config(endpoint: Endpoint) -> Config {
    Config::new(endpoint, identity()).clock(Turned::new())
}

#[test]
fn a_setting_that_does_not_hold_is_named() {
    let local = || config(Endpoint::custom("http://localhost:8010", b"").unwrap());
    for (setting, config) in [
        ("connectTimeoutMs", local().connect_timeout(Duration::ZERO)),
        ("requestTimeoutMs", local().request_timeout(Duration::ZERO)),
        ("responseLimitBytes", local().response_limit_bytes(0)),
        ("maxConnections", local().max_connections(0)),
        ("maxConnections", local().max_connections(usize::MAX)),
        ("pollIntervalMs", local().poll_interval(Duration::ZERO)),
        ("pollIntervalMs", config(Endpoint::test()).poll_interval(Duration::from_millis(999))),
        ("pollIntervalMs", config(Endpoint::production()).poll_interval(Duration::from_millis(1))),
    ] {
        let error = Client::new(config).expect_err(setting);
        assert_eq!((error.code(), error.member()), ("badConfiguration", Some(setting)));
        assert!(error.details().is_some_and(|problem| error.to_string().ends_with(problem)));
    }
    // Others set their own pace, so that tests are quick; and a client needs no runtime.
    Client::new(local().poll_interval(Duration::from_millis(1))).unwrap();
    Client::new(config(Endpoint::test()).poll_interval(Duration::from_secs(1))).unwrap();
}

/// An identity whose validity begins and ends so many days from now.
fn valid(from: i64, until: i64) -> Identity {
    let key = KeyPair::generate().unwrap();
    let mut params = params();
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(NOW_UNIX_S + days * 86_400);
    params.not_before = day(from).unwrap();
    params.not_after = day(until).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let pem =
        [armour("CERTIFICATE", certificate.der()), armour("PRIVATE KEY", &key.serialize_der())];
    Identity::from_pem(pem.concat().as_bytes(), None).unwrap()
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_is_refused_with_the_date() {
    let server = Server::start([Act::ok(STARTED)]).await;
    let (client, _) = client(&server, |config| config);
    for (identity, code, said) in [
        (valid(-10, -1), "certificateExpired", "the certificate expired on 2025-12-31"),
        (valid(1, 2), "certificateNotYetValid", "the certificate is not valid before 2026-01-02"),
    ] {
        let endpoint = Endpoint::custom(&server.url(), b"").unwrap();
        let config = Config::new(endpoint, identity.clone()).clock(Turned::new());
        let error = Client::new(config).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, said));
        // The one in use stays.
        let before = *client.identity().unwrap().fingerprint();
        assert_eq!(client.replace_identity(identity).unwrap_err().code(), code);
        assert_eq!(*client.identity().unwrap().fingerprint(), before);
    }
    client.auth(auth()).await.unwrap();
}

#[test]
fn debug_output_has_no_secrets() {
    let client = Client::new(config(Endpoint::test())).unwrap();
    let shown = format!("{client:?}");
    assert!(
        shown.contains("appapi2.test.bankid.com") && !shown.to_lowercase().contains("key"),
        "{shown}"
    );
}
