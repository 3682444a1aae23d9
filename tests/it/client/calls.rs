//! One method per operation, against every answer the simulator gives.

use bankid_client::{Call, Order, Retry};
use bankid_core::PersonalNumber;
use bankid_core::collect::{Collect, PendingHint};
use bankid_core::request::{
    ApiVersion, Auth, CallInitiator, Operation, OtherPayment, Payment, PhoneAuth, PhoneSign, Sign,
    TransactionType,
};

use simulator::fault::{ApiFault, Endpoint, Strike};
use simulator::rule::Outcome;

use super::support::{Pair, identity};
use crate::support::{Sim, number};

const IP: &str = "203.0.113.25";

fn person() -> PersonalNumber {
    number().parse().expect("a personal number")
}

#[tokio::test]
async fn each_operation_starts_an_order() {
    let pair = Pair::scenario("phone").await;
    let client = &pair.client;
    let ip = IP.parse().unwrap();
    let with_tokens: [Order; 3] = [
        client.auth(Auth::new(ip)).await.unwrap(),
        client.sign(Sign::new(ip, "Jag godkänner.")).await.unwrap(),
        client.payment(Payment::new(ip, TransactionType::Npa, "Exempelbanken")).await.unwrap(),
    ];
    let by_number: [Order; 3] = [
        client
            .other_payment(OtherPayment::new(person(), TransactionType::Npa, "Exempelbanken"))
            .await
            .unwrap(),
        client.phone_auth(PhoneAuth::new(person(), CallInitiator::Rp)).await.unwrap(),
        client.phone_sign(PhoneSign::new(person(), CallInitiator::User, "Jag")).await.unwrap(),
    ];
    assert!(with_tokens.iter().all(|order| order.tokens.is_some()));
    assert!(by_number.iter().all(|order| order.tokens.is_none()));
    for (order, call) in with_tokens.iter().chain(&by_number).zip(Call::ALL) {
        assert_eq!(Call::Start(order.operation), call);
        assert_eq!(order.api_version, ApiVersion::V6_0);
        assert_eq!(order.received_at, client.now());
        assert!(order.request().is_some_and(|start| start.check().is_ok()));
        let answer = client.collect(&order.order_ref).await.unwrap();
        let Collect::Pending { hint_code, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(hint_code, Some(PendingHint::OutstandingTransaction));
        client.cancel(&order.order_ref).await.unwrap();
        let gone = client.collect(&order.order_ref).await.unwrap_err();
        assert_eq!((gone.code(), gone.status()), ("invalidParameters", Some(400)));
        assert_eq!((gone.details(), gone.retry()), (Some("No such order"), Retry::Never));
    }
    pair.stop().await;
}

#[tokio::test]
async fn a_body_can_be_posted_as_it_is() {
    let pair = Pair::scenario("phone").await;
    let post = async |version, call, body: &'static str| {
        let (status, body) = pair.client.post(version, call, body.into()).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    let auth = Call::Start(Operation::Auth);
    for version in [ApiVersion::V5_1, ApiVersion::V6_0] {
        let (status, body) = post(version, auth, r#"{"endUserIp":"203.0.113.25"}"#).await;
        assert_eq!(status, 200);
        assert!(body.starts_with(r#"{"orderRef":""#), "{body}");
        // What would not be sent otherwise is BankID's to judge here.
        for nonsense in [r#"{"endUserIp":7}"#, "no JSON", ""] {
            let (status, body) = post(version, auth, nonsense).await;
            assert_eq!(status, 400, "{nonsense}");
            assert!(body.contains("invalidParameters"), "{body}");
        }
    }
    // Where 503 would be asked again, there is one call.
    let lane = pair.sim.inner().default_lane();
    let maintenance = ApiFault::named("maintenance").unwrap();
    lane.next(Outcome::strike(maintenance.into())).unwrap();
    let (status, _) = post(ApiVersion::V6_0, auth, r#"{"endUserIp":"203.0.113.25"}"#).await;
    assert_eq!(status, 503);
    pair.stop().await;
}

#[tokio::test]
async fn what_the_simulator_refuses_is_told_with_its_words() {
    let pair = Pair::scenario("phone").await;
    let client = &pair.client;
    let ip = IP.parse().unwrap();
    let number = person();
    client.auth(Auth::new(ip).personal_number(number)).await.unwrap();
    let error = client.auth(Auth::new(ip).personal_number(number)).await.unwrap_err();
    assert_eq!((error.code(), error.status()), ("alreadyInProgress", Some(400)));
    assert_eq!(error.details(), Some("Order already in progress for pno"));
    assert_eq!(error.retry(), Retry::Never);

    let fault = ApiFault::named("internalError").expect("a code of the reference");
    pair.sim.fault(Endpoint::Start(Operation::Auth), &fault);
    let error = client.auth(Auth::new(ip)).await.unwrap_err();
    assert_eq!((error.code(), error.details()), ("internalError", Some("Internal error")));
    let fault = ApiFault::named("maintenance").expect("a code of the reference");
    pair.sim.strike(Endpoint::Collect, Strike::html(fault));
    let order = client.auth(Auth::new(ip)).await.unwrap();
    let error = client.collect(&order.order_ref).await.unwrap_err();
    assert_eq!((error.code(), error.status()), ("maintenance", Some(503)));
    assert_eq!(error.retry(), Retry::NextPoll);
    pair.sim.strike(Endpoint::Collect, Strike::hang_up());
    let error = client.collect(&order.order_ref).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::NextPoll));
    assert!(!client.collect(&order.order_ref).await.unwrap().is_final());
    pair.stop().await;
}

/// An order belongs to the certificate that made it (1.4).
#[tokio::test]
async fn another_identity_has_other_orders() {
    let pair = Pair::scenario("phone").await;
    let order = pair.client.auth(Auth::new(IP.parse().unwrap())).await.unwrap();
    pair.client.replace_identity(identity(&pair.sim, 1)).unwrap();
    let error = pair.client.collect(&order.order_ref).await.unwrap_err();
    assert_eq!(error.details(), Some("No such order"));
    pair.client.replace_identity(identity(&pair.sim, 0)).unwrap();
    assert!(!pair.client.collect(&order.order_ref).await.unwrap().is_final());
    pair.stop().await;
}

#[tokio::test]
async fn lanes_are_reached_by_their_paths() {
    let sim = Sim::with(|builder| builder.scenario("phone")).await;
    let others = Sim::with(|builder| builder.tls(true)).await;
    let port = sim.inner().http().expect("the plain port is on").port();
    let url = format!("http://127.0.0.1:{port}/l/a.b/rp/v6.0/");
    let config = |identity| {
        let endpoint = bankid_client::Endpoint::custom(&url, b"").expect("an endpoint");
        bankid_client::Config::new(endpoint, identity)
    };
    let client = bankid_client::Client::new(config(identity(&others, 0))).unwrap();
    client.auth(Auth::new(IP.parse().unwrap())).await.unwrap();
    assert_eq!(sim.inner().lane("a.b").unwrap().live_orders(), 1);
    assert_eq!(sim.inner().default_lane().live_orders(), 0);
    drop(client);
    sim.stop().await;
    others.stop().await;
}
