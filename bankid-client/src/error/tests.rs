//! Codes against the list that all parts share, and what may be retried against the table of 6.4.

use std::time::Duration;

use bankid_core::OtherMembers;
use bankid_core::request::Operation;
use bankid_core::verify::Step;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Codes {
    codes: Vec<Entry>,
    own: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: String,
    statuses: Option<Vec<u16>>,
}

const AUTH: Call = Call::Start(Operation::Auth);

fn codes() -> Codes {
    serde_json::from_str(include_str!("../../../tests/vectors/codes.json")).unwrap()
}

fn io() -> Box<dyn StdError + Send + Sync> {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()
}

fn refused(call: Call, status: u16, code: &str) -> Error {
    let error = ApiError { error_code: code.into(), details: None, other: OtherMembers::new() };
    Error::Refused { call, status, error: Box::new(error) }
}

/// One error for each of our codes.
fn own() -> Vec<Error> {
    let order_ref = OrderRef::try_from("131daac9-16c6-4618-beb0-365768f37288").unwrap();
    let data = r#"{"user":{"personalNumber":"191212121212","name":"T","givenName":"T","surname":"T"},"device":{"ipAddress":"::1"},"signature":"","ocspResponse":""}"#;
    let refused = RefusedCompletion {
        order_ref: order_ref.clone(),
        refusal: Refusal::new(Step::Nonce, "other"),
        evidence: Evidence::V6(serde_json::from_str(data).unwrap()),
    };
    let identity = [
        IdentityError::WrongPassphrase,
        IdentityError::MissingKey,
        IdentityError::SeveralKeys { count: 2 },
        IdentityError::KeyMismatch,
        IdentityError::Expired { not_after: 0 },
        IdentityError::NotYetValid { not_before: 0 },
        IdentityError::BadPkcs12,
    ];
    [
        Error::Timeout { call: AUTH, after: Duration::ZERO, sent: true },
        Error::Connection { call: AUTH, sent: true, source: io() },
        Error::Tls { call: AUTH, fault: TlsFault::Handshake, source: io() },
        Error::BadAnswer { call: AUTH, status: 200, problem: BadAnswer::NoDocument },
        Error::ResultLost { order_ref },
        Error::CompletionRefused(Box::new(refused)),
        Error::Aborted,
    ]
    .into_iter()
    .chain(identity.map(Error::Identity))
    .chain([Error::configuration("pollIntervalMs", "it must be more than 0")])
    .collect()
}

#[test]
fn every_code_is_on_the_list() {
    let listed = codes();
    let known: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let own_codes: Vec<_> = listed.own.iter().map(|entry| &*entry.code).collect();
    assert_eq!(known, own_codes);
    let errors = own();
    let made: Vec<_> = errors.iter().map(Error::code).collect();
    assert_eq!(made, own_codes);
    for entry in &listed.codes {
        for status in entry.statuses.as_ref().unwrap() {
            let error = refused(AUTH, *status, &entry.code);
            assert_eq!((error.code(), error.status()), (&*entry.code, Some(*status)));
            assert!(!own_codes.contains(&error.code()), "{} is BankID's", entry.code);
        }
    }
}

#[test]
fn messages_are_clauses_without_secrets_or_sources() {
    for error in own() {
        let (shown, debugged) = (error.to_string(), format!("{error:?}"));
        assert!(!shown.ends_with('.') && !shown.is_empty(), "{shown}");
        assert!(!shown.starts_with(char::is_uppercase), "{shown}");
        assert!(!debugged.contains("191212121212"), "{debugged}");
        if let Some(source) = error.source() {
            assert!(!shown.contains(&source.to_string()), "{shown}");
        }
    }
}

/// The rows of 6.4, for each column.
#[test]
fn what_may_be_retried_is_the_table() {
    let starts = Operation::ALL.map(Call::Start);
    let columns = |failure: &dyn Fn(Call) -> Error| {
        let words = |calls: &[Call]| {
            let mut words: Vec<_> =
                calls.iter().map(|call| failure(*call).retry().as_str()).collect();
            words.dedup();
            words.join(" ")
        };
        [words(&starts), words(&[Call::Collect]), words(&[Call::Cancel])]
    };
    let before = |sent| move |call| Error::Timeout { call, after: Duration::ZERO, sent };
    let broken = |sent| move |call| Error::Connection { call, sent, source: io() };
    let tls = |fault| move |call| Error::Tls { call, fault, source: io() };
    assert_eq!(columns(&before(false)), ["safeNow", "safeNow", "safeNow"]);
    assert_eq!(columns(&broken(false)), ["safeNow", "safeNow", "safeNow"]);
    assert_eq!(columns(&tls(TlsFault::Handshake)), ["safeNow", "safeNow", "safeNow"]);
    assert_eq!(columns(&before(true)), ["never", "nextPoll", "once"]);
    assert_eq!(columns(&broken(true)), ["never", "nextPoll", "once"]);
    let status = |status, code| move |call| refused(call, status, code);
    assert_eq!(columns(&status(408, "requestTimeout")), ["never", "nextPoll", "never"]);
    assert_eq!(columns(&status(500, "internalError")), ["never", "nextPoll", "never"]);
    assert_eq!(columns(&status(503, "maintenance")), ["later", "nextPoll", "later"]);
    assert_eq!(columns(&status(400, "invalidParameters")), ["never", "never", "never"]);
    assert_eq!(columns(&status(400, "alreadyInProgress")), ["never", "never", "never"]);
    // Nothing gets better by showing the same certificate again.
    for fault in [TlsFault::ServerCertificate, TlsFault::ClientCertificate] {
        assert_eq!(columns(&tls(fault)), ["never", "never", "never"]);
    }
}
