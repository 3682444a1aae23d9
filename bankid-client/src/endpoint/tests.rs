//! Addresses, taken and refused; the roots are BankID's.

use sha2::{Digest as _, Sha256};

use super::*;

const OPERATION: Call = Call::Collect;

fn custom(url: &str) -> Result<Endpoint, Error> {
    Endpoint::custom(url, TEST_ROOT)
}

#[test]
fn the_roots_are_those_of_the_reference() {
    for (pem, expected) in [
        (TEST_ROOT, "f3d0740ebfb3700e3b81aa791fee451472698c84e199c2eb48a443ff1d5b405c"),
        (PRODUCTION_ROOT, "e6a2d45c0a1051c959428649f86a09a9b2152cd551993cc2eb4cf094bdacbecb"),
    ] {
        let sections = pem::sections(pem).unwrap();
        assert_eq!(sections.len(), 1);
        let digest = Sha256::digest(&sections[0].der);
        assert_eq!(base16ct::lower::encode_string(&digest), expected);
    }
}

#[test]
fn bankids_own() {
    for (endpoint, host) in [
        (Endpoint::test(), "appapi2.test.bankid.com"),
        (Endpoint::production(), "appapi2.bankid.com"),
    ] {
        assert_eq!((&*endpoint.host, endpoint.port), (host, 443));
        assert_eq!(endpoint.path(ApiVersion::V6_0, OPERATION), "/rp/v6.0/collect");
        assert_eq!(endpoint.path(ApiVersion::V5_1, OPERATION), "/rp/v5.1/collect");
        assert!(endpoint.is_bankid());
    }
}

#[test]
fn a_base_may_go_on_after_the_host() {
    for (url, host, port, path) in [
        ("https://localhost:8011", "localhost", 8011, "/rp/v6.0/collect"),
        ("https://localhost:8011/", "localhost", 8011, "/rp/v6.0/collect"),
        ("https://localhost:8011/rp/v6.0/", "localhost", 8011, "/rp/v6.0/collect"),
        ("https://localhost:8011/rp/v5.1", "localhost", 8011, "/rp/v6.0/collect"),
        ("https://bankid.example/l/a.b/rp/v6.0", "bankid.example", 443, "/l/a.b/rp/v6.0/collect"),
        ("https://[::1]:8011/l/x", "::1", 8011, "/l/x/rp/v6.0/collect"),
        ("http://127.0.0.1:8010/l/x/", "127.0.0.1", 8010, "/l/x/rp/v6.0/collect"),
        ("http://localhost", "localhost", 80, "/rp/v6.0/collect"),
    ] {
        let endpoint = custom(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!((&*endpoint.host, endpoint.port), (host, port), "{url}");
        assert_eq!(endpoint.path(ApiVersion::V6_0, OPERATION), path, "{url}");
        assert!(!endpoint.is_bankid(), "{url}");
    }
}

#[test]
fn what_is_no_base_is_refused() {
    for url in [
        "",
        "localhost:8011",
        "/rp/v6.0",
        "ftp://localhost/",
        "https:///rp/v6.0",
        "https://user@localhost/",
        "https://localhost/?a=b",
        "https://localhost/#a",
        "https://-/",
        "http://bankid.example/",
        "http://192.0.2.1/",
        "https://local host/",
    ] {
        let error = custom(url).expect_err(url);
        assert_eq!((error.code(), error.member()), ("badConfiguration", Some("baseUrl")), "{url}");
    }
}

#[test]
fn roots_are_needed_for_tls_and_must_be_certificates() {
    let url = "https://localhost:8011";
    for pem in [
        &b""[..],
        b"text only",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n=\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n",
        b"\xff",
    ] {
        let error = Endpoint::custom(url, pem).expect_err("no roots");
        assert_eq!((error.code(), error.member()), ("badConfiguration", Some("ca")));
    }
    assert!(Endpoint::custom("http://localhost:8010", b"").is_ok());
}

#[test]
fn what_looks_like_bankid_only() {
    for (url, expected) in [
        ("https://appapi2.bankid.com/", true),
        ("https://APPAPI2.test.bankid.com/rp/v6.0", true),
        ("https://notbankid.com/", false),
        ("https://bankid.com.example/", false),
    ] {
        assert_eq!(custom(url).unwrap().is_bankid(), expected, "{url}");
    }
}

#[test]
fn bankids_environments_are_known_by_their_addresses() {
    for (url, host) in [
        ("https://appapi2.test.bankid.com", "appapi2.test.bankid.com"),
        ("https://appapi2.bankid.com/rp/v6.0", "appapi2.bankid.com"),
        ("https://appapi2.bankid.com/rp/v5.1/", "appapi2.bankid.com"),
    ] {
        assert_eq!(&*Endpoint::of_bankid(url).unwrap().host, host);
    }
    for url in
        ["", "http://appapi2.bankid.com", "https://appapi2.bankid.com/l/a", "https://localhost"]
    {
        assert!(Endpoint::of_bankid(url).is_none(), "{url}");
    }
}
