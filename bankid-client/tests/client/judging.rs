//! The place that every completion passes.

use std::sync::{Arc, Mutex};

use bankid_client::{Call, Error, Evidence, FollowOptions, Retry};
use bankid_core::collect::Collect;
use bankid_core::request::{ApiVersion, Operation, Sign};
use bankid_core::verify::{Completion, Expected, Refusal, Step, VerifyCompletion};

use crate::server::{Act, Server};
use crate::{COMPLETE, STARTED, client, order_ref};

/// Remembers what it is shown; refuses if told to.
#[derive(Debug, Default)]
struct Judge {
    refuses: bool,
    shown: Mutex<Vec<String>>,
}

impl VerifyCompletion for Judge {
    fn verify(&self, completion: &Completion<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
        assert_eq!(completion.signature.as_str(), "PFNpZ25hdHVyZS8+");
        assert_eq!(expected.order_ref, &order_ref());
        assert!(expected.relying_party.starts_with("cn="), "{}", expected.relying_party);
        let sent = expected.sent.map(|sent| {
            assert_eq!(sent.operation, Operation::Sign);
            assert!(sent.personal_number.is_some());
            format!("{:?} {:?}", sent.user_visible_data, sent.user_non_visible_data)
        });
        self.shown.lock().unwrap().push(sent.unwrap_or_default());
        if self.refuses { Err(Refusal::new(Step::Nonce, "of another signature")) } else { Ok(()) }
    }
}

fn sign() -> Sign {
    Sign::new([203, 0, 113, 25].into(), "Jag")
        .non_visible_data(b"4711")
        .personal_number("191212121212".parse().unwrap())
}

#[tokio::test]
async fn a_judge_is_shown_what_was_asked_for() {
    let script = [Act::ok(STARTED), Act::ok(COMPLETE), Act::ok(COMPLETE), Act::ok(COMPLETE)];
    let server = Server::start(script).await;
    let judge = Arc::new(Judge::default());
    let (client, _) = client(&server, |config| config.verify(Arc::<Judge>::clone(&judge)));
    let order = client.sign(sign()).await.unwrap();
    assert!(client.collect_order(&order).await.unwrap().is_final());
    assert!(client.collect(&order.order_ref).await.unwrap().is_final());
    let update = client.follow(&order, FollowOptions::default()).next().await.unwrap().unwrap();
    assert!(update.completion.is_some());
    let sent = r#"Some("SmFn") Some("NDcxMQ==")"#;
    assert_eq!(*judge.shown.lock().unwrap(), [sent, "", sent]);
}

#[tokio::test]
async fn what_is_refused_is_evidence() {
    let v5 = COMPLETE
        .replace(r#""signature""#, r#""cert":{"notBefore":"0","notAfter":"1"},"signature""#);
    let script = [Act::ok(STARTED), Act::ok(COMPLETE), Act::ok(COMPLETE), Act::ok(&v5)];
    let server = Server::start(script).await;
    let judge = Arc::new(Judge { refuses: true, ..Judge::default() });
    let (client, _) = client(&server, |config| config.verify(judge));
    let order = client.sign(sign()).await.unwrap();
    let error = client.collect_order(&order).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("completionRefused", Retry::Never));
    assert_eq!(error.details(), Some("of another signature"));
    let shown = format!("{error:?} {error}");
    assert!(
        !shown.contains("1912") && !shown.contains("Tolvan") && !shown.contains("203"),
        "{shown}"
    );
    let Error::CompletionRefused(refused) = error else { panic!("{error:?}") };
    assert_eq!(refused.refusal.step, Step::Nonce);
    let Evidence::V6(data) = refused.evidence else { panic!("of v5.1") };
    assert_eq!(&*data.user.name, "Tolvan Tolvansson");

    let mut follow = client.follow(&order, FollowOptions::default());
    let error = follow.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), "completionRefused");
    assert!(follow.next().await.is_none());

    let error = client.collect_v5(&order.order_ref).await.unwrap_err();
    assert!(
        matches!(error, Error::CompletionRefused(refused) if matches!(refused.evidence, Evidence::V5(_)))
    );
}

#[tokio::test]
async fn without_a_judge_completions_are_handed_out_as_they_come() {
    let server = Server::start([Act::ok(COMPLETE)]).await;
    let (client, _) = client(&server, |config| config);
    let answer = client.collect(&order_ref()).await.unwrap();
    assert!(matches!(answer, Collect::Complete { .. }));
}

#[tokio::test]
async fn a_completion_that_is_asked_for_raw_is_judged_too() {
    let v5 = COMPLETE
        .replace(r#""signature""#, r#""cert":{"notBefore":"0","notAfter":"1"},"signature""#);
    for (version, answer) in [(ApiVersion::V6_0, COMPLETE), (ApiVersion::V5_1, &v5)] {
        for refuses in [false, true] {
            let server = Server::start([Act::ok(answer)]).await;
            let judge = Arc::new(Judge { refuses, ..Judge::default() });
            let (client, _) = client(&server, |config| config.verify(Arc::<Judge>::clone(&judge)));
            let posted = client.post(version, Call::Collect, "{}".into()).await;
            assert_eq!(judge.shown.lock().unwrap().len(), 1);
            match posted {
                Ok(posted) => {
                    assert_eq!((posted, refuses), ((200, answer.to_owned().into()), false));
                }
                Err(error) => assert_eq!((error.code(), refuses), ("completionRefused", true)),
            }
        }
    }
}
