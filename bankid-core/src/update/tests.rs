//! Documents by hand, the rule of the QR code, and a round trip.

extern crate std;

use std::{
    format,
    string::{String, ToString},
};

use proptest::prelude::*;

use super::{OrderUpdate, Situation, Status};
use crate::{
    collect::{Collect, FailedHint, PendingHint},
    launch::Device,
    message::{Language, StartMode},
};

const SITUATION: Situation =
    Situation { language: Language::Swedish, device: Device::Computer, start_mode: StartMode::Qr };

/// A document, and the update it is.
#[track_caller]
fn check(document: &str, update: &OrderUpdate) {
    assert_eq!(serde_json::to_string(update).unwrap(), document);
    assert_eq!(&serde_json::from_str::<OrderUpdate>(document).unwrap(), update);
}

#[test]
fn documents() {
    let waiting = Status::Pending(Some(PendingHint::OutstandingTransaction));
    check(
        r#"{"status":"pending","hintCode":"outstandingTransaction","qr":"bankid.t.0.c","message":"Starta BankID-appen.","startUrl":"bankid:///?autostarttoken=t","at":1789000000000}"#,
        &OrderUpdate::new(waiting, SITUATION, 1_789_000_000_000)
            .with_qr("bankid.t.0.c")
            .with_start_url("bankid:///?autostarttoken=t"),
    );
    check(
        r#"{"status":"pending","message":"En identifiering eller underskrift pågår.","at":0}"#,
        &OrderUpdate::new(Status::Pending(None), SITUATION, 0),
    );
    check(
        r#"{"status":"pending","hintCode":"userDance","message":"En identifiering eller underskrift pågår.","at":1}"#,
        &OrderUpdate::new(Status::Pending(Some("userDance".into())), SITUATION, 1),
    );
    check(
        r#"{"status":"failed","hintCode":"startFailed","message":"Failed to scan the QR code. Start the BankID app and scan the QR code.","at":2}"#,
        &OrderUpdate::new(
            Status::Failed(Some(FailedHint::StartFailed)),
            Situation { language: Language::English, ..SITUATION },
            2,
        ),
    );
    check(
        r#"{"status":"complete","message":"Klart.","at":3}"#,
        &OrderUpdate::new(Status::Complete, SITUATION, 3),
    );
}

#[test]
fn the_code_is_shown_until_the_order_is_picked_up() {
    for hint in PendingHint::KNOWN.iter().cloned().chain(["userDance".into()]) {
        let shows = matches!(hint.as_str(), "outstandingTransaction" | "noClient");
        let update = OrderUpdate::new(Status::Pending(Some(hint.clone())), SITUATION, 0)
            .with_qr("q")
            .with_start_url("u");
        assert_eq!(update.qr().is_some(), shows, "{hint:?}");
        assert_eq!(update.start_url(), Some("u"), "{hint:?}");
    }
    let others = [
        Status::Pending(None),
        Status::Failed(None),
        Status::Failed(Some(FailedHint::StartFailed)),
        Status::Complete,
    ];
    for status in others {
        let is_final = status.is_final();
        let update = OrderUpdate::new(status, SITUATION, 0).with_qr("q").with_start_url("u");
        assert_eq!((update.qr(), update.start_url().is_some()), (None, !is_final), "{update:?}");
    }
}

#[test]
fn what_is_not_to_be_shown_is_dropped_when_read() {
    let read = |text: &str| serde_json::from_str::<OrderUpdate>(text);
    let picked_up = read(r#"{"status":"pending","hintCode":"userSign","qr":"q","message":"m","startUrl":"u","at":1,"new":{}}"#).unwrap();
    assert_eq!(
        (picked_up.qr(), picked_up.start_url(), picked_up.message()),
        (None, Some("u"), "m")
    );
    let over = read(
        r#"{"status":"failed","qr":"q","message":"m","startUrl":"u","at":18446744073709551615}"#,
    )
    .unwrap();
    assert_eq!((over.qr(), over.start_url(), over.at_unix_ms()), (None, None, u64::MAX));
    assert_eq!(
        read(
            r#"{"status":"pending","hintCode":null,"qr":null,"message":"","startUrl":null,"at":1}"#
        )
        .unwrap()
        .qr(),
        None
    );
}

#[test]
fn broken_documents() {
    for text in [
        "{}",
        r#"{"status":"waiting","message":"m","at":1}"#,
        r#"{"status":"pending","at":1}"#,
        r#"{"status":"pending","message":"m"}"#,
        r#"{"status":"pending","message":"m","at":-1}"#,
        r#"{"status":"pending","message":"m","at":1.5}"#,
        r#"{"status":"pending","hintCode":1,"message":"m","at":1}"#,
        r#"{"status":"complete","hintCode":"userSign","message":"m","at":1}"#,
    ] {
        assert!(serde_json::from_str::<OrderUpdate>(text).is_err(), "{text}");
    }
}

#[test]
fn debug_hides_code_and_link() {
    let update = OrderUpdate::new(Status::Pending(Some(PendingHint::NoClient)), SITUATION, 0)
        .with_qr("bankid.qr")
        .with_start_url("bankid:///?autostarttoken=t");
    let shown = format!("{update:?}");
    assert!(
        shown.contains("NoClient")
            && !shown.contains("bankid.qr")
            && !shown.contains("autostarttoken"),
        "{shown}"
    );
}

#[test]
fn answers_of_collect() {
    let status = |rest: &str| {
        let text = format!(r#"{{"orderRef":"r",{rest}}}"#);
        Status::from(&serde_json::from_str::<Collect>(&text).unwrap())
    };
    assert_eq!(
        status(r#""status":"pending","hintCode":"started""#),
        Status::Pending(Some(PendingHint::Started))
    );
    assert_eq!(status(r#""status":"pending""#), Status::Pending(None));
    assert_eq!(status(r#""status":"failed","hintCode":"new""#), Status::Failed(Some("new".into())));
    let complete = r#""status":"complete","completionData":{"user":{"personalNumber":"190000000000","name":"a b",
        "givenName":"a","surname":"b"},"device":{"ipAddress":"::1"},"signature":"","ocspResponse":""}"#;
    assert_eq!(status(complete), Status::Complete);
}

#[test]
fn texts_follow_the_situation() {
    let started = Status::Pending(Some(PendingHint::Started));
    let mobile = Situation { device: Device::Mobile, ..SITUATION };
    assert_ne!(started.text(SITUATION), started.text(mobile));
    let failed = Status::Failed(Some(FailedHint::StartFailed));
    let autostart = Situation { start_mode: StartMode::Autostart, ..SITUATION };
    assert_ne!(failed.text(SITUATION), failed.text(autostart));
    assert_eq!(
        Status::Complete.text(Situation { language: Language::English, ..SITUATION }),
        "Done."
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        kind in 0..3_u8, hint in proptest::option::of("[a-zA-Z]{1,20}"), qr in "\\PC{0,20}", url in "\\PC{0,20}", at in any::<u64>(),
    ) {
        let status = match kind {
            0 => Status::Pending(hint.as_deref().map(PendingHint::from)),
            1 => Status::Failed(hint.as_deref().map(FailedHint::from)),
            _ => Status::Complete,
        };
        let update = OrderUpdate::new(status, SITUATION, at).with_qr(&qr).with_start_url(&url);
        let text: String = serde_json::to_value(&update).unwrap().to_string();
        prop_assert_eq!(serde_json::from_str::<OrderUpdate>(&text).unwrap(), update);
    }
}
