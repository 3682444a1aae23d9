//! What a judge is shown, and what it may print.

use std::boxed::Box;
use std::format;
use std::string::ToString;

use super::*;
use crate::request::Sign;

const DATA: &str = r#"{"user":{"personalNumber":"191212121212","name":"Tolvan Tolvansson","givenName":"Tolvan","surname":"Tolvansson"},"device":{"ipAddress":"203.0.113.25"},"signature":"c2ln","ocspResponse":"b2NzcA=="}"#;

#[derive(Debug)]
struct OnlyFor(PersonalNumber);

impl VerifyCompletion for OnlyFor {
    fn verify(&self, completion: &Completion<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
        assert_eq!(expected.relying_party, "cn=FP Testcert 5,c=SE");
        if completion.user.personal_number == self.0 {
            Ok(())
        } else {
            Err(Refusal::new(Step::Business, "another person"))
        }
    }
}

#[test]
fn a_judge_is_an_object() {
    let data: CompletionData = serde_json::from_str(DATA).unwrap();
    let order_ref = OrderRef::try_from("131daac9-16c6-4618-beb0-365768f37288").unwrap();
    let expected = Expected {
        order_ref: &order_ref,
        relying_party: "cn=FP Testcert 5,c=SE",
        sent: None,
        received_at_unix_ms: 0,
    };
    let judge =
        |number: &str| -> Box<dyn VerifyCompletion> { Box::new(OnlyFor(number.parse().unwrap())) };
    assert_eq!(judge("191212121212").verify(&(&data).into(), &expected), Ok(()));
    let refusal = judge("190000000000").verify(&(&data).into(), &expected).unwrap_err();
    assert_eq!(refusal.to_string(), "business failed: another person");
}

#[test]
fn what_was_sent_is_what_was_checked() {
    let start = Sign::new("203.0.113.25".parse().unwrap(), "Jag godkänner.")
        .non_visible_data(b"order=4711")
        .personal_number("191212121212".parse().unwrap())
        .certificate_policies(["1.2.3.4.5"])
        .build()
        .unwrap();
    let checked = start.check().unwrap();
    let sent = Sent::from(&checked);
    assert_eq!(sent.operation, Operation::Sign);
    assert_eq!(sent.user_visible_data, Some("SmFnIGdvZGvDpG5uZXIu"));
    assert_eq!(sent.user_non_visible_data, Some("b3JkZXI9NDcxMQ=="));
    assert_eq!(sent.personal_number, "191212121212".parse().ok());
    assert_eq!(&*sent.certificate_policies[0], "1.2.3.4.5");
    let shown = format!("{sent:?}");
    assert!(!shown.contains("SmFn") && !shown.contains("1912"), "{shown}");
}
