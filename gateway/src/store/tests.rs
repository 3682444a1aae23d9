//! What every store holds to. Redis goes by its own clock, so that what is about time passing is tried in memory alone, and
//! in the tests of processes.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Moment, Order, Tokens};
use bankid_core::collect::Collect;
use bankid_core::order::OrderRef;
use bankid_core::request::{ApiVersion, Operation, Start};
use bytes::Bytes;

use super::{Answer, Claim, Live, MemoryStore, Settled, Store, StoreError, Turn};
use crate::documents::sample;
use crate::fault::Fault;
use crate::orders::standing;

pub(super) const KEEP: Duration = Duration::from_secs(300);
pub(super) const LEASE: Duration = Duration::from_secs(40);
pub(super) const OWNER: &str = "shop";

const REQUEST: &[u8] = br#"{"endUserIp":"203.0.113.25","userVisibleData":"SGVq"}"#;

pub(super) fn at(ms: u64) -> Moment {
    Moment { monotonic: Duration::from_millis(1_000_000 + ms), unix_ms: 1_789_000_000_000 + ms }
}

pub(super) fn name() -> OrderRef {
    "131daac9-16c6-4618-beb0-365768f37288".try_into().unwrap()
}

pub(super) fn live() -> Arc<Live> {
    let tokens = Tokens {
        auto_start_token: "auto".try_into().unwrap(),
        qr_start_token: "qr".try_into().unwrap(),
        qr_start_secret: "secret".try_into().unwrap(),
    };
    let order = Order::new(Operation::Auth, ApiVersion::V6_0, name(), Some(tokens), at(0));
    let start = Start::parse(ApiVersion::V6_0, Operation::Auth, REQUEST).unwrap();
    Arc::new(Live { owner: OWNER.into(), order: order.with_request(&start) })
}

pub(super) async fn insert(store: &dyn Store) {
    let room = store.reserve(17, at(0)).await.unwrap();
    store.insert(live(), room, KEEP, at(0)).await.unwrap();
}

pub(super) fn pending(hint: &str) -> Settled {
    let name = name();
    let name = name.as_str();
    let text =
        format!(r#"{{"orderRef":"{name}","status":"pending","hintCode":"{hint}","tomorrow":1.0}}"#);
    let answer = standing(serde_json::from_str(&text).unwrap());
    Settled { answer, over: None, is_lost: false }
}

fn failed(fault: Fault, is_over: bool) -> Settled {
    let answer = Answer(Err(Arc::new(fault)));
    Settled { answer, over: is_over.then_some(KEEP), is_lost: !is_over }
}

/// An answer as JSON, or its code.
#[track_caller]
pub(super) fn told(answer: &Answer) -> String {
    match &answer.0 {
        Ok(standing) => serde_json::to_string(&standing.answer).unwrap(),
        Err(fault) => fault.code.to_string(),
    }
}

#[track_caller]
pub(super) fn due(claim: &Claim) -> (Turn, bool) {
    let Claim::Due { turn, is_lost, .. } = claim else { panic!("{claim:?}") };
    (*turn, *is_lost)
}

#[track_caller]
pub(super) fn known(claim: &Claim) -> String {
    let Claim::Known(_, answer) = claim else { panic!("{claim:?}") };
    told(answer)
}

/// From a start to the end, as it goes.
pub(super) async fn an_order_goes_its_way(store: &dyn Store) {
    let name = name();
    let claim = async || store.claim(OWNER, &name, LEASE, at(0)).await.unwrap();
    assert!(matches!(claim().await, Claim::Unknown));
    insert(store).await;
    let found = store.find(OWNER, &name, at(0)).await.unwrap().unwrap();
    assert!(!found.is_over);
    assert_eq!(found.live.order.tokens, live().order.tokens);
    assert_eq!(&*found.live.owner, OWNER);
    assert!(found.live.order.received_at.monotonic <= at(0).monotonic);

    let Claim::Due { live: order, turn, is_lost: false } = claim().await else { panic!("not due") };
    let request = serde_json::to_vec(&order.order.request().unwrap()).unwrap();
    assert_eq!(request, REQUEST);
    assert!(matches!(claim().await, Claim::Elsewhere(_, None)));
    let settled = pending("userSign");
    let answer = store.settle(&name, turn, &settled, at(0)).await.unwrap().unwrap();
    assert_eq!(told(&answer), told(&settled.answer));
    // BankID was asked just now.
    assert_eq!(known(&claim().await), told(&settled.answer));

    // Nobody else's.
    assert!(store.find("other", &name, at(0)).await.unwrap().is_none());
    let claim = store.claim("other", &name, LEASE, at(0)).await.unwrap();
    assert!(matches!(claim, Claim::Unknown));

    store.remove(&name).await.unwrap();
    assert!(store.find(OWNER, &name, at(0)).await.unwrap().is_none());
    assert!(store.settle(&name, turn, &settled, at(0)).await.unwrap().is_none());
}

/// Each end that there is, as it was settled.
pub(super) async fn an_end_stands(store: &dyn Store) {
    let name = name();
    let complete = sample::standings().last().unwrap();
    let text = serde_json::to_string(&complete.answer).unwrap();
    let answer: Collect = serde_json::from_str(&text).unwrap();
    let complete = Answer(Ok(Arc::new(super::Standing { answer, certificate: None })));
    let cancelled = pending("userSign").answer.0.unwrap();
    let cancelled = serde_json::to_string(&cancelled.answer).unwrap().replace("pending", "failed");
    for answer in [
        complete,
        standing(serde_json::from_str(&cancelled).unwrap()),
        Answer(Err(Arc::new(Fault::result_lost()))),
    ] {
        insert(store).await;
        let (turn, _) = due(&store.claim(OWNER, &name, LEASE, at(0)).await.unwrap());
        let settled = Settled { answer, over: Some(KEEP), is_lost: false };
        store.settle(&name, turn, &settled, at(0)).await.unwrap().unwrap();
        assert!(store.find(OWNER, &name, at(0)).await.unwrap().unwrap().is_over);
        // The same again, since the answer may have got lost; and another one, which is too late.
        let other = failed(Fault::no_such_order(), true);
        for late in [&settled, &other, &pending("userSign")] {
            let answer = store.settle(&name, turn, late, at(0)).await.unwrap().unwrap();
            assert_eq!(end(&answer), end(&settled.answer));
        }
        let claim = store.claim(OWNER, &name, LEASE, at(0)).await.unwrap();
        let Claim::Known(_, answer) = claim else { panic!("{claim:?}") };
        assert_eq!(end(&answer), end(&settled.answer));
    }
}

/// The sample's signature has no certificate, which is read again from what lies in a store.
fn end(answer: &Answer) -> String {
    let told = told(answer);
    if told.contains("completionData") { "badAnswer".to_owned() } else { told }
}

/// A turn that was lost changes nothing, unless it brings the end.
pub(super) async fn a_lost_turn_brings_nothing_but_the_end(store: &dyn Store, expired: Duration) {
    let name = name();
    insert(store).await;
    let late = u64::try_from(expired.as_millis()).unwrap();
    let (first, is_lost) = due(&store.claim(OWNER, &name, expired, at(0)).await.unwrap());
    assert!(!is_lost);
    // In memory time is the test's, and Redis was given a lease that is over at once.
    let (second, is_lost) = due(&store.claim(OWNER, &name, LEASE, at(late)).await.unwrap());
    assert!(is_lost && second > first);
    let stale = pending("stale");
    let answer = store.settle(&name, first, &stale, at(late)).await.unwrap().unwrap();
    assert_eq!(told(&answer), told(&stale.answer), "there was nothing better");
    let claim = store.claim(OWNER, &name, LEASE, at(late)).await.unwrap();
    assert!(matches!(claim, Claim::Elsewhere(_, None)), "{claim:?}");
    let result = failed(Fault::result_lost(), true);
    store.settle(&name, first, &result, at(late)).await.unwrap().unwrap();
    let answer = store.settle(&name, second, &pending("userSign"), at(late)).await.unwrap();
    assert_eq!(told(&answer.unwrap()), "resultLost");
}

pub(super) async fn values_are_kept_and_taken_once(store: &dyn Store) {
    let value = Bytes::from_static(b"a\0value");
    assert_eq!(store.get("a", at(0)).await.unwrap(), None);
    store.put("a", value.clone(), KEEP, at(0)).await.unwrap();
    assert_eq!(store.get("a", at(0)).await.unwrap(), Some(value.clone()));
    let (one, other) = tokio::join!(store.take("a", at(0)), store.take("a", at(0)));
    let taken: Vec<_> = [one.unwrap(), other.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken, [value]);
    assert_eq!(store.get("a", at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn memory_holds_to_it() {
    let store = MemoryStore::new(100);
    an_order_goes_its_way(&store).await;
    an_end_stands(&store).await;
    a_lost_turn_brings_nothing_but_the_end(&store, LEASE).await;
    values_are_kept_and_taken_once(&store).await;
    assert!(store.check().await.is_ok());
}

#[tokio::test]
async fn memory_has_an_end_and_forgets() {
    let store = MemoryStore::new(20);
    insert(&store).await;
    let full = store.reserve(17, at(0)).await;
    assert!(matches!(full, Err(StoreError::Full)));
    store.put("a", Bytes::from(vec![0; 3_000]), KEEP, at(0)).await.unwrap();
    let full = store.put("b", Bytes::new(), KEEP, at(0)).await;
    assert!(matches!(full, Err(StoreError::Full)));
    assert_eq!(store.count(), Some(1));
    let over = at(300_000);
    assert_eq!(store.get("a", over).await.unwrap(), None);
    assert!(store.find(OWNER, &name(), over).await.unwrap().is_none());
    // Room is made when it is needed.
    drop(store.reserve(20, over).await.unwrap());
    assert_eq!(store.count(), Some(0));
}

#[tokio::test]
async fn a_turn_comes_once_in_two_seconds() {
    let store = MemoryStore::new(100);
    insert(&store).await;
    let name = name();
    let claim = async |ms| store.claim(OWNER, &name, LEASE, at(ms)).await.unwrap();
    let (turn, _) = due(&claim(0).await);
    store.settle(&name, turn, &failed(Fault::bad_answer(), false), at(100)).await.unwrap();
    assert_eq!(known(&claim(1_999).await), "badAnswer");
    let (next, is_lost) = due(&claim(2_000).await);
    assert!(is_lost && next > turn);
    store.settle(&name, next, &pending("userSign"), at(2_100)).await.unwrap();
    assert!(!due(&claim(4_000).await).1);
}
