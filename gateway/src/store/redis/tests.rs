use std::sync::Arc;
use std::time::Duration;

use bankid_core::order::OrderRef;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use redis::cmd;

use super::{Address, RedisStore, RedisStoreError, Seal};
use crate::store::tests::{
    LEASE, OWNER, a_lost_turn_brings_nothing_but_the_end, an_end_stands, an_order_goes_its_way, at,
    due, insert, known, live, name, pending, told, values_are_kept_and_taken_once,
};
use crate::store::{Claim, Settled, Store, StoreError};

#[path = "../../../../tests/support/redis.rs"]
mod server;

use server::Redis;

async fn connect(server: &Redis, seal: Seal) -> RedisStore {
    let address = Address::new(&server.url(), None).unwrap();
    RedisStore::connect(&address, seal).await.unwrap()
}

fn seal(first: u8) -> Seal {
    Seal::new([[first; 32]])
}

#[tokio::test]
async fn redis_holds_to_it() {
    for seal in [Seal::default(), seal(1)] {
        let Some(server) = Redis::start(&[]) else { return };
        let store = connect(&server, seal).await;
        an_order_goes_its_way(&store).await;
        an_end_stands(&store).await;
        a_lost_turn_brings_nothing_but_the_end(&store, Duration::ZERO).await;
        values_are_kept_and_taken_once(&store).await;
        assert!(store.check().await.is_ok());
    }
}

/// Everything that lies in the store, as it lies there.
async fn all(store: &RedisStore) -> Vec<u8> {
    let mut connection = store.connection.clone();
    let keys: Vec<String> = cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    let mut all = Vec::new();
    for key in keys {
        all.extend(key.bytes());
        let kind: String = cmd("TYPE").arg(&key).query_async(&mut connection).await.unwrap();
        let read = if kind == "hash" { "HVALS" } else { "MGET" };
        let values = cmd(read).arg(&key).query_async(&mut connection).await;
        let values: Vec<Vec<u8>> = values.unwrap();
        all.extend(values.concat());
    }
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn what_is_enciphered_tells_nothing() {
    let Some(server) = Redis::start(&[]) else { return };
    let fill = async |store: &RedisStore| {
        insert(store).await;
        let (turn, _) = due(&store.claim(OWNER, &name(), LEASE, at(0)).await.unwrap());
        store.settle(&name(), turn, &pending("userSign"), at(0)).await.unwrap();
        store.put("session", Bytes::from_static(b"a value"), LEASE, at(0)).await.unwrap();
        all(store).await
    };
    let secrets = ["secret", "203.0.113.25", "userSign", "a value"];
    let open = fill(&connect(&server, Seal::default()).await).await;
    let sealed = fill(&connect(&server, seal(1)).await).await;
    for secret in secrets {
        assert!(holds(&open, secret), "{secret}: this test would see nothing");
        assert!(!holds(&sealed, secret), "{secret}");
    }
    assert!(holds(&sealed, OWNER));
}

#[tokio::test]
async fn keys_can_be_exchanged_and_values_not() {
    let Some(server) = Redis::start(&[]) else { return };
    let old = connect(&server, seal(1)).await;
    insert(&old).await;
    let both = connect(&server, Seal::new([[2; 32], [1; 32]])).await;
    assert!(both.find(OWNER, &name(), at(0)).await.unwrap().is_some());
    for other in [seal(2), Seal::default()] {
        let found = connect(&server, other).await.find(OWNER, &name(), at(0)).await;
        let Err(StoreError::Lost(cause)) = found else { panic!("{found:?}") };
        assert!(cause.to_string().contains("storeKeyFile"), "{cause}");
    }
    // One order's value in another's place.
    let mut connection = old.connection.clone();
    let other: OrderRef = "other".try_into().unwrap();
    let copy = cmd("COPY").arg(super::key(&name())).arg(super::key(&other)).to_owned();
    let _: i64 = copy.query_async(&mut connection).await.unwrap();
    assert!(matches!(old.find(OWNER, &other, at(0)).await, Err(StoreError::Lost(_))));
    // What is not enciphered is not believed where it should be.
    insert(&connect(&server, Seal::default()).await).await;
    assert!(matches!(old.find(OWNER, &name(), at(0)).await, Err(StoreError::Lost(_))));
}

#[tokio::test]
async fn what_is_kept_has_an_end() {
    let Some(server) = Redis::start(&[]) else { return };
    let store = connect(&server, Seal::default()).await;
    let left = async |key: &str| -> i64 {
        let mut connection = store.connection.clone();
        cmd("PTTL").arg(key).query_async(&mut connection).await.unwrap()
    };
    insert(&store).await;
    let key = super::key(&name());
    assert!((299_000..=300_000).contains(&left(&key).await));
    let (turn, _) = due(&store.claim(OWNER, &name(), LEASE, at(0)).await.unwrap());
    let over = Settled { over: Some(Duration::from_secs(10)), ..pending("userSign") };
    store.settle(&name(), turn, &over, at(0)).await.unwrap();
    assert!((9_000..=10_000).contains(&left(&key).await));
    store.put("a", Bytes::new(), Duration::from_secs(10), at(0)).await.unwrap();
    assert!((9_000..=10_000).contains(&left("bankid-gateway:a").await));
}

/// There is no room for new orders, and always for what becomes of those that are there.
#[tokio::test]
async fn a_full_store_still_takes_results() {
    let Some(server) = Redis::start(&[]) else { return };
    let store = connect(&server, Seal::default()).await;
    insert(&store).await;
    let mut connection = store.connection.clone();
    let set = cmd("CONFIG").arg("SET").arg("maxmemory").arg("1").to_owned();
    let _: () = set.query_async(&mut connection).await.unwrap();
    assert!(matches!(store.reserve(17, at(0)).await, Err(StoreError::Full)));
    let kept = store.insert(live(), super::Room::default(), LEASE, at(0)).await;
    assert!(matches!(kept, Err(StoreError::Full)), "{kept:?}");
    let (turn, _) = due(&store.claim(OWNER, &name(), LEASE, at(0)).await.unwrap());
    let over = Settled { over: Some(LEASE), ..pending("userSign") };
    store.settle(&name(), turn, &over, at(0)).await.unwrap();
    let claim = store.claim(OWNER, &name(), LEASE, at(0)).await.unwrap();
    assert_eq!(known(&claim), told(&over.answer));
}

#[tokio::test]
async fn a_store_that_is_lost_says_so_and_comes_back() {
    let Some(mut server) = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]) else {
        return;
    };
    let store = connect(&server, Seal::default()).await;
    insert(&store).await;
    server.freeze(true);
    assert!(matches!(store.check().await, Err(StoreError::Lost(_))));
    server.freeze(false);
    assert!(store.check().await.is_ok());
    server.kill();
    let claim = store.claim(OWNER, &name(), LEASE, at(0)).await;
    assert!(matches!(claim, Err(StoreError::Lost(_))), "{claim:?}");
    server.restart();
    // The connection comes back by itself; the first that ask may still be told of the old one.
    let mut tries = 0;
    while store.check().await.is_err() {
        tries += 1;
        assert!(tries < 10, "it does not come back");
    }
    let claim = store.claim(OWNER, &name(), LEASE, at(0)).await.unwrap();
    assert!(matches!(claim, Claim::Due { .. }), "{claim:?}");
}

#[tokio::test]
async fn a_store_that_cannot_be_used_is_refused_by_name_and_without_its_password() {
    for (url, ca) in [
        ("http://localhost", None),
        ("nonsense", None),
        ("rediss://localhost#insecure", None),
        ("redis://localhost", Some(Vec::new())),
    ] {
        let error = Address::new(url, ca).unwrap_err();
        assert!(!error.to_string().contains(url), "{error}");
    }
    let address = Address::new("redis://user:planted@127.0.0.1:9/1", None).unwrap();
    assert_eq!(address.to_string(), "127.0.0.1:9");
    let error = RedisStore::connect(&address, Seal::default()).await.unwrap_err();
    assert!(matches!(error, RedisStoreError::Connect { .. }), "{error}");
    let said = format!("{error} {error:?} {address:?}");
    assert!(!said.contains("planted"), "{said}");

    let Some(server) = Redis::start(&["--requirepass", "right"]) else { return };
    let wrong = server.url() + "?pass=wrong";
    let address = Address::new(&wrong, None).unwrap();
    let error = RedisStore::connect(&address, Seal::default()).await.unwrap_err();
    assert!(!format!("{error:?}").contains("wrong"), "{error:?}");
    let right = Address::new(&(server.url() + "?pass=right"), None).unwrap();
    let store: Arc<dyn Store> =
        Arc::new(RedisStore::connect(&right, Seal::default()).await.unwrap());
    assert!(!format!("{store:?}").contains("right"));
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// By TLS, with an authority of the operator's own and no other.
#[tokio::test]
async fn a_store_by_tls_is_the_one_that_its_authority_vouches_for() {
    let folder = std::env::temp_dir().join(format!("gateway-store-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let authority = || {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = pem("CERTIFICATE", params.self_signed(&key).unwrap().der());
        (pem, Issuer::new(params, key))
    };
    let ((ca, issuer), (other_ca, _)) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = pem("CERTIFICATE", params.signed_by(&key, &issuer).unwrap().der());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = [
        ("--tls-port", port.to_string()),
        ("--tls-cert-file", write("certificate.pem", &certificate)),
        ("--tls-key-file", write("key.pem", &pem("PRIVATE KEY", &key.serialize_der()))),
        ("--tls-ca-cert-file", write("ca.pem", &ca)),
        ("--tls-auth-clients", "no".to_owned()),
    ];
    let settings: Vec<_> = settings.iter().flat_map(|(name, value)| [*name, value]).collect();
    let Some(server) = Redis::start(&settings) else { return };
    let connect = async |ca: &str| {
        let url = format!("rediss://localhost:{port}");
        let address = Address::new(&url, Some(ca.as_bytes().to_vec())).unwrap();
        RedisStore::connect(&address, Seal::default()).await
    };
    values_are_kept_and_taken_once(&connect(&ca).await.unwrap()).await;
    let refused = connect(&other_ca).await.unwrap_err();
    assert!(matches!(refused, RedisStoreError::Connect { .. }), "{refused}");
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}
