//! One method per operation, against every answer the simulator gives.

use bankid_client::{Call, Order, Retry};
use bankid_core::PersonalNumber;
use bankid_core::collect::{Collect, PendingHint};
use bankid_core::request::{
    ApiVersion, Auth, CallInitiator, Operation, OtherPayment, Payment, PhoneAuth, PhoneSign, Sign,
    TransactionType,
};

use simulator::fault::ApiFault;
use simulator::rule::Outcome;

use super::support::Pair;
use crate::support::number;

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
