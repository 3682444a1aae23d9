//! The certificates inside what the simulator signs.

use bankid_core::collect::{Collect, CompletionData};
use bankid_core::request::{Auth, Sign};
use bankid_signature::{Certificate, certificates};

use super::support::Pair;

async fn completion(pair: &Pair, signs: bool) -> Box<CompletionData> {
    let ip = "203.0.113.25".parse().unwrap();
    let order = if signs {
        pair.client.sign(Sign::new(ip, "Jag godkänner.")).await
    } else {
        pair.client.auth(Auth::new(ip)).await
    };
    match pair.client.collect_order(&order.expect("an order")).await.expect("an answer") {
        Collect::Complete { completion_data, .. } => completion_data,
        other @ (Collect::Pending { .. } | Collect::Failed { .. }) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_simulators_completions_name_the_person_and_the_use() {
    let pair = Pair::scenario("complete").await;
    for signs in [false, true] {
        let data = completion(&pair, signs).await;
        let found: Vec<Certificate> = certificates(data.signature.as_str()).unwrap();
        let [user, customer, bank] = &*found else { panic!("{} certificates", found.len()) };
        // Section 10.8, steps 13, 15 and 17, as far as they are about names.
        assert_eq!(user.personal_number(), Some(data.user.personal_number));
        assert_eq!(user.subject().common_name(), Some(&*data.user.name));
        assert_eq!(user.subject().given_name(), Some(&*data.user.given_name));
        assert_eq!(user.subject().surname(), Some(&*data.user.surname));
        assert_eq!((user.issuer(), customer.issuer()), (customer.subject(), bank.subject()));
        assert_eq!(user.key_usage().non_repudiation, signs);
        assert_eq!(user.key_usage().digital_signature, !signs);
        assert!(customer.key_usage().key_cert_sign && bank.key_usage().key_cert_sign);
        assert_eq!(user.policies().count(), 1);
        assert!(user.not_before_ms() < user.not_after_ms());
    }
    pair.stop().await;
}
