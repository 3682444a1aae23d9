//! Several instances with one store, and a store that comes and goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bankid_client::Moment;
use bankid_core::order::OrderRef;
use bytes::Bytes;
use gateway::{
    Answer, Claim, Found, Gateway, Live, MemoryStore, Reply, Room, Settled, Store, StoreError, Turn,
};

use crate::upstream::Act;
use crate::world::{
    self, KEY, NO_SUCH_ORDER, PENDING, STARTED, World, by_order_ref, complete, request,
};

const AUTH: &str = r#"{"endUserIp":"0.0.0.0"}"#;

fn store() -> Arc<MemoryStore> {
    Arc::new(MemoryStore::new(1_024))
}

async fn collect(gateway: &Gateway) -> world::Answer {
    let request = request("/collect", &[("x-api-key", KEY)], &by_order_ref());
    world::Answer::of(gateway.answer(request).await)
}

#[tokio::test]
async fn any_instance_answers() {
    let store = store();
    let world = World::store(&store).await;
    let other = world.instance(&store);
    world.auth().await;
    world.upstream.answers(200, PENDING);
    assert_eq!(collect(&other).await.status, 200);
    // Neither asks BankID again before its time.
    assert_eq!(world.collect().await.status, 200);
    world.clock.advance_ms(2_000);
    world.upstream.answers(200, &complete("", ""));
    let first = world.collect().await;
    collect(&other).await.is(200, &first.body);
    assert_eq!((other.orders(), store.count()), (Some(1), Some(1)));
    world.stop().await;
}

#[tokio::test]
async fn one_of_all_asks_bankid_and_all_are_told() {
    let store = store();
    let world = World::store(&store).await;
    world.auth().await;
    let go_on = world.hold(200, &complete("", ""));
    let instances = [world.gateway.clone(), world.instance(&store), world.instance(&store)];
    let callers = (0..30).map(|n| {
        let gateway = instances[n % 3].clone();
        tokio::spawn(async move { collect(&gateway).await })
    });
    let callers: Vec<_> = callers.collect();
    world.upstream.was_asked(2).await;
    go_on.send(()).expect("it is awaited");
    for caller in callers {
        // Those of other instances look again after a while.
        while !caller.is_finished() {
            world.clock.advance_ms(50);
            tokio::task::yield_now().await;
        }
        assert_eq!(caller.await.expect("no panic").json()["data"]["status"], "complete");
    }
    assert_eq!(world.upstream.asked().len(), 2);
    world.stop().await;
}

/// While BankID is slow to answer one instance, callers of another wait for two seconds, and are then given what is known.
#[tokio::test]
async fn nobody_waits_for_another_instance_for_long() {
    let store = store();
    let world = World::store(&store).await;
    let other = world.instance(&store);
    world.auth().await;
    world.upstream.answers(200, PENDING);
    assert_eq!(world.collect().await.status, 200);
    world.clock.advance_ms(2_000);
    let go_on = world.hold(200, &complete("", ""));
    let slow = tokio::spawn({
        let gateway = world.gateway.clone();
        async move { collect(&gateway).await }
    });
    world.upstream.was_asked(3).await;
    let waiting = tokio::spawn(async move { collect(&other).await });
    while !waiting.is_finished() {
        world.clock.advance_ms(50);
        tokio::task::yield_now().await;
    }
    assert!(waiting.await.expect("no panic").body.contains("outstandingTransaction"));
    go_on.send(()).expect("it is awaited");
    assert_eq!(slow.await.expect("no panic").json()["data"]["status"], "complete");
    world.stop().await;
}

/// An instance that ends in its turn, with all that it was about to do.
#[test]
fn an_instance_that_dies_takes_its_turn_along_and_not_the_order() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
    };
    for (next, status, told) in [
        (PENDING.to_owned(), 200, "outstandingTransaction"),
        (complete("", ""), 200, "completionData"),
        (NO_SUCH_ORDER.to_owned(), 502, "resultLost"),
    ] {
        let (ours, theirs) = (runtime(), runtime());
        ours.block_on(async {
            let store = store();
            let world = World::store(&store).await;
            let other = world.instance(&store);
            world.auth().await;
            // It never says a word, as long as the instance lives.
            let (silence, held) = tokio::sync::oneshot::channel();
            world.upstream.next(Act::Held(held, 200, String::new()));
            let dying = theirs.spawn(async move { collect(&other).await });
            world.upstream.was_asked(2).await;
            theirs.shutdown_background();
            assert!(dying.await.is_err());
            drop(silence);
            // Its turn lasts for as long as a call can, and then some.
            world.clock.advance_ms(32_000);
            world.upstream.answers(if status == 200 { 200 } else { 400 }, &next);
            let answer = world.collect().await;
            assert_eq!(answer.status, status, "{}", answer.body);
            assert!(answer.body.contains(told), "{}", answer.body);
            drop(world);
        });
    }
}

/// A store that is lost when the test says so: for all, or for what is settled.
#[derive(Debug)]
struct Loose {
    inner: MemoryStore,
    is_lost: AtomicBool,
    refuses_new: AtomicBool,
    loses_answers: AtomicBool,
}

impl Loose {
    fn new() -> Arc<Self> {
        let no = || AtomicBool::new(false);
        let inner = MemoryStore::new(1_024);
        Arc::new(Self { inner, is_lost: no(), refuses_new: no(), loses_answers: no() })
    }

    /// The store behind, unless it is lost, or lost for this.
    fn unless<'a>(&'a self, for_this: Option<&AtomicBool>) -> Result<&'a MemoryStore, StoreError> {
        let holds = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        if holds(&self.is_lost) || for_this.is_some_and(holds) {
            return Err(StoreError::Lost("it is away".into()));
        }
        Ok(&self.inner)
    }
}

impl Store for Loose {
    fn reserve(&self, kib: u32, now: Moment) -> Reply<'_, Room> {
        Box::pin(async move { self.unless(None)?.reserve(kib, now).await })
    }
    fn insert(&self, live: Arc<Live>, room: Room, keep: Duration, now: Moment) -> Reply<'_, ()> {
        let for_this = Some(&self.refuses_new);
        Box::pin(async move { self.unless(for_this)?.insert(live, room, keep, now).await })
    }
    fn find<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        now: Moment,
    ) -> Reply<'a, Option<Found>> {
        Box::pin(async move { self.unless(None)?.find(owner, name, now).await })
    }
    fn claim<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        lease: Duration,
        now: Moment,
    ) -> Reply<'a, Claim> {
        Box::pin(async move { self.unless(None)?.claim(owner, name, lease, now).await })
    }
    fn settle<'a>(
        &'a self,
        name: &'a OrderRef,
        turn: Turn,
        settled: &'a Settled,
        now: Moment,
    ) -> Reply<'a, Option<Answer>> {
        let for_this = Some(&self.loses_answers);
        Box::pin(async move { self.unless(for_this)?.settle(name, turn, settled, now).await })
    }
    fn remove<'a>(&'a self, name: &'a OrderRef) -> Reply<'a, ()> {
        Box::pin(async move { self.unless(None)?.remove(name).await })
    }
    fn put<'a>(&'a self, key: &'a str, value: Bytes, keep: Duration, now: Moment) -> Reply<'a, ()> {
        Box::pin(async move { self.unless(None)?.put(key, value, keep, now).await })
    }
    fn get<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>> {
        Box::pin(async move { self.unless(None)?.get(key, now).await })
    }
    fn take<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>> {
        Box::pin(async move { self.unless(None)?.take(key, now).await })
    }
    fn check(&self) -> Reply<'_, ()> {
        Box::pin(async move { self.unless(None)?.check().await })
    }
    fn sweep(&self, now: Moment) {
        self.inner.sweep(now);
    }
    fn count(&self) -> Option<usize> {
        self.inner.count()
    }
}

#[tokio::test]
async fn a_lost_store_is_told_and_ends_no_order() {
    let store = Loose::new();
    let world = World::store(&store).await;
    world.auth().await;
    store.is_lost.store(true, Ordering::SeqCst);
    for (path, body) in
        [("/auth", AUTH), ("/collect", &by_order_ref()), ("/cancel", &by_order_ref())]
    {
        let answer = world.post(path, body).await;
        answer.fails(503, "storeLost", "");
        assert_eq!(answer.header("retry-after"), "1");
    }
    // BankID was not asked for an order that could not be kept.
    assert_eq!(world.upstream.asked().len(), 1);
    store.is_lost.store(false, Ordering::SeqCst);
    world.upstream.answers(200, PENDING);
    assert_eq!(world.collect().await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn a_result_is_held_until_the_store_is_back() {
    let store = Loose::new();
    let world = World::store(&store).await;
    let other = world.instance(&store);
    world.auth().await;
    store.loses_answers.store(true, Ordering::SeqCst);
    world.upstream.answers(200, &complete("", ""));
    // Nobody is told a result that is not kept.
    world.collect().await.fails(503, "storeLost", "");
    world.clock.advance_ms(60_000);
    store.loses_answers.store(false, Ordering::SeqCst);
    let settled = tokio::spawn({
        let gateway = world.gateway.clone();
        async move { gateway.settled().await }
    });
    while !settled.is_finished() {
        world.clock.advance_ms(500);
        tokio::task::yield_now().await;
    }
    assert_eq!(collect(&other).await.json()["data"]["status"], "complete");
    assert_eq!(world.upstream.asked().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn an_order_that_cannot_be_kept_is_cancelled() {
    let store = Loose::new();
    let world = World::store(&store).await;
    store.refuses_new.store(true, Ordering::SeqCst);
    world.upstream.answers(200, STARTED);
    world.upstream.answers(200, "{}");
    world.post("/auth", AUTH).await.fails(503, "storeLost", "");
    assert_eq!(world.upstream.asked()[1].path, "/rp/v6.0/cancel");
    assert_eq!(world.upstream.asked()[1].body, by_order_ref());
    world.stop().await;
}
