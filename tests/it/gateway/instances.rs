//! Two gateways with one Redis, each over mutual TLS to one simulator. The store goes by its own clock, so these take real
//! time; what is about a process that dies is in the gateway's own tests.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Clock as _, Config, SystemClock};
use gateway::{ApiKey, Gateway, Keys, Limits, RedisAddress, RedisStore, Seal};
use serde_json::{Value, json};

use super::{KEY, post};
use crate::client::support::Pair;
use crate::redis::Redis;

struct Instances {
    redis: Redis,
    pair: Pair,
    both: [Gateway; 2],
}

impl Instances {
    async fn scenario(scenario: &str) -> Option<Self> {
        let redis = Redis::start(&[])?;
        let clock = Arc::new(SystemClock::new());
        let configure = |config: Config| config.clock(clock);
        let pair = Pair::with(|builder| builder.scenario(scenario), configure).await;
        let both = [instance(&redis, &pair).await, instance(&redis, &pair).await];
        Some(Self { redis, pair, both })
    }

    async fn stop(self) {
        drop(self.both);
        self.pair.stop().await;
        drop(self.redis);
    }
}

async fn instance(redis: &Redis, pair: &Pair) -> Gateway {
    // However busy the machine is.
    let address = RedisAddress::new(&redis.url(), None).expect("a URL");
    let address = address.timeout(Duration::from_secs(60));
    let store = RedisStore::connect(&address, Seal::default()).await.expect("it is there");
    let keys = Keys::new([ApiKey::new("shop").accepting(KEY)]).expect("good keys");
    let client = pair.client.clone();
    Gateway::with_store(client, keys, Limits::default(), false, Arc::new(store))
}

async fn start(gateway: &Gateway) -> Value {
    let (status, answer) = post(gateway, "/auth", &json!({"endUserIp": "203.0.113.25"})).await;
    assert_eq!(status, 200, "{answer}");
    json!({"orderRef": answer["data"]["attributes"]["orderRef"]})
}

/// Started here, collected there and here at once, and again: each completes, and always the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_orders_complete_once_on_either_instance() {
    let Some(instances) = Instances::scenario("complete").await else { return };
    let orders = (0..1_000).map(|n| {
        let [first, second] = instances.both.clone();
        tokio::spawn(async move {
            let [here, there] = if n % 2 == 0 { [first, second] } else { [second, first] };
            let order = start(&here).await;
            let (one, other) =
                tokio::join!(post(&there, "/collect", &order), post(&here, "/collect", &order));
            assert_eq!(one.1["data"]["status"], "complete", "{one:?}");
            assert_eq!(one.1["data"]["orderRef"], order["orderRef"]);
            assert_eq!(one, other);
            assert_eq!(post(&here, "/collect", &order).await, one);
        })
    });
    for order in orders.collect::<Vec<_>>() {
        order.await.expect("no panic");
    }
    instances.stop().await;
}

/// The scenario counts what it is asked: with three answers there are two waits between them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bankid_is_asked_once_in_two_seconds_by_all_instances_together() {
    let Some(instances) = Instances::scenario("userSign x2, complete").await else { return };
    let order = start(&instances.both[0]).await;
    let clock = SystemClock::new();
    let callers = (0..6).map(|n| {
        let (gateway, order) = (instances.both[n % 2].clone(), order.clone());
        tokio::spawn(async move {
            loop {
                let (status, answer) = post(&gateway, "/collect", &order).await;
                assert_eq!(status, 200, "{answer}");
                if answer["data"]["status"] == "complete" {
                    return answer;
                }
                assert_eq!(answer["data"]["attributes"]["hintCode"], "userSign");
            }
        })
    });
    let mut answers = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        answers.push(caller.await.expect("no panic"));
    }
    let took = clock.now();
    assert!(took >= Duration::from_millis(3_990), "{took:?}");
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    instances.stop().await;
}

/// A person scans what one instance shows of an order that the other has started.
#[tokio::test]
async fn codes_of_an_order_are_the_same_everywhere() {
    let Some(instances) = Instances::scenario("phone").await else { return };
    let [here, there] = &instances.both;
    let order = start(here).await;
    let (_, answer) = post(there, "/collect?meta=qr", &order).await;
    let code = answer["meta"]["qr"].as_str().expect("a code");
    assert!(code.contains(".0.") || code.contains(".1."), "{code}");
    assert_eq!(post(there, "/cancel", &order).await, (200, json!({})));
    assert_eq!(post(here, "/collect", &order).await.0, 404);
    instances.stop().await;
}
