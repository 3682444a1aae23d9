//! Builders write what the reference's examples say, and refuse what the server would.
use core::net::IpAddr;
use std::string::String;

use crate::error::Invalid;
use crate::request::{
    ApiVersion, App, Auth, CallInitiator, CardReader, Operation, OtherPayment, Payment, PhoneAuth,
    PhoneSign, RiskFlag, Sign, Start, TextFormat, TransactionType, Web, cut_user_agent,
};
use crate::{PersonalNumber, v5};

fn address() -> IpAddr {
    "203.0.113.25".parse().unwrap()
}

fn number(text: &str) -> PersonalNumber {
    text.parse().unwrap()
}

/// The request is written so, and the server reads it as the same.
#[track_caller]
fn check(built: Result<Start<'static>, Invalid>, expected: &str) {
    let start = built.unwrap();
    let json = serde_json::to_string(&start).unwrap();
    assert_eq!(json, expected);
    let read = Start::parse(start.version(), start.operation(), json.as_bytes()).unwrap();
    assert!(read == start);
    assert!(read.check().is_ok());
}

#[track_caller]
fn refused(built: Result<Start<'static>, Invalid>, member: &str, details: &str) {
    let invalid = built.unwrap_err();
    assert_eq!((invalid.member(), invalid.details()), (Some(member), details));
}

#[test]
fn examples() {
    let web = Web {
        referring_domain: Some("example.com".into()),
        user_agent: Some(
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".into(),
        ),
        device_identifier: Some("0f6f4c9a2b7d4c7f9e1b0c3d5a687f90".into()),
    };
    // 2.5, members in the order of the example.
    check(
        Auth::new(address())
            .return_url("https://www.example.com/login/return#nonce=5f6b0f7a0c8f4d0e")
            .return_risk(true)
            .text("Logga in på Exempeltjänsten")
            .format(TextFormat::SimpleMarkdownV1)
            .non_visible_data(b"order=4711;v=1")
            .web(web)
            .pin_code(true)
            .certificate_policies(["1.2.752.78.1.5"])
            .personal_number(number("190000000000"))
            .build(),
        concat!(
            r#"{"endUserIp":"203.0.113.25","returnUrl":"https://www.example.com/login/return#nonce=5f6b0f7a0c8f4d0e","#,
            r#""returnRisk":true,"userVisibleData":"TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4=","#,
            r#""userVisibleDataFormat":"simpleMarkdownV1","userNonVisibleData":"b3JkZXI9NDcxMTt2PTE=","#,
            r#""web":{"referringDomain":"example.com","#,
            r#""userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0","#,
            r#""deviceIdentifier":"0f6f4c9a2b7d4c7f9e1b0c3d5a687f90"},"#,
            r#""requirement":{"pinCode":true,"certificatePolicies":["1.2.752.78.1.5"],"personalNumber":"190000000000"}}"#,
        ),
    );
    // 2.6
    check(
        Sign::new(
            "2001:db8::1f3a".parse().unwrap(),
            "Jag godkänner köp av 2 biljetter.\nSumma: 350 kr",
        )
        .non_visible_data(b"order=4711;v=1")
        .personal_number(number("190000000000"))
        .build(),
        concat!(
            r#"{"endUserIp":"2001:db8::1f3a","#,
            r#""userVisibleData":"SmFnIGdvZGvDpG5uZXIga8O2cCBhdiAyIGJpbGpldHRlci4KU3VtbWE6IDM1MCBrcg==","#,
            r#""userNonVisibleData":"b3JkZXI9NDcxMTt2PTE=","requirement":{"personalNumber":"190000000000"}}"#,
        ),
    );
    // 2.9
    check(
        PhoneAuth::new(number("190000000000"), CallInitiator::Rp)
            .text("Logga in på Exempeltjänsten")
            .build(),
        concat!(
            r#"{"callInitiator":"RP","personalNumber":"190000000000","#,
            r#""userVisibleData":"TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4="}"#,
        ),
    );
    check(
        PhoneSign::new(
            number("190000000000"),
            CallInitiator::User,
            "Jag godkänner köp av 2 biljetter.\nSumma: 350 kr",
        )
        .pin_code(true)
        .build(),
        concat!(
            r#"{"callInitiator":"user","personalNumber":"190000000000","#,
            r#""userVisibleData":"SmFnIGdvZGvDpG5uZXIga8O2cCBhdiAyIGJpbGpldHRlci4KU3VtbWE6IDM1MCBrcg==","#,
            r#""requirement":{"pinCode":true}}"#,
        ),
    );
}

#[test]
fn examples_of_payments() {
    // 2.7
    check(
        Payment::new(address(), TransactionType::Card, "Exempelbutiken AB")
            .money("350,00", "SEK")
            .risk_warning(RiskFlag::NewRecipient)
            .risk_flags([RiskFlag::NewRecipient, RiskFlag::NewCard])
            .return_risk(true)
            .build(),
        concat!(
            r#"{"endUserIp":"203.0.113.25","userVisibleTransaction":{"transactionType":"card","#,
            r#""recipient":{"name":"Exempelbutiken AB"},"money":{"amount":"350,00","currency":"SEK"},"#,
            r#""riskWarning":"newRecipient"},"riskFlags":["newRecipient","newCard"],"returnRisk":true}"#,
        ),
    );
    // 2.8
    check(
        OtherPayment::new(number("190000000000"), TransactionType::Npa, "Exempelbanken").build(),
        concat!(
            r#"{"personalNumber":"190000000000","userVisibleTransaction":{"transactionType":"npa","#,
            r#""recipient":{"name":"Exempelbanken"}}}"#,
        ),
    );
}

#[test]
fn v5_1() {
    check(
        v5::Auth::new(address())
            .personal_number(number("190000000000"))
            .token_start_required(true)
            .allow_fingerprint(true)
            .build(),
        concat!(
            r#"{"personalNumber":"190000000000","endUserIp":"203.0.113.25","#,
            r#""requirement":{"tokenStartRequired":true,"allowFingerprint":true}}"#,
        ),
    );
    let start =
        v5::Sign::new(address(), "A").issuer_cn(["Testbank A Customer CA1 v1"]).build().unwrap();
    assert_eq!((start.version(), start.operation()), (ApiVersion::V5_1, Operation::Sign));
}

#[test]
fn the_rest_of_the_members() {
    let app = App { device_os: Some("IOS 16.7.7".into()), ..App::default() };
    check(
        Auth::new("::ffff:203.0.113.25".parse().unwrap())
            .app(app)
            .mrtd(true)
            .card_reader(CardReader::Class2)
            .build(),
        concat!(
            r#"{"endUserIp":"203.0.113.25","app":{"deviceOS":"IOS 16.7.7"},"#,
            r#""requirement":{"mrtd":true,"cardReader":"class2"}}"#,
        ),
    );
}

#[test]
fn the_servers_refusals_come_before_the_network() {
    refused(Sign::new(address(), "").build(), "userVisibleData", "Invalid userVisibleData");
    // 1 125 bytes are 1 500 characters of base64, and one more is too many.
    let longest = "a".repeat(1_125);
    assert!(Auth::new(address()).text(&longest).build().is_ok());
    refused(
        Auth::new(address()).text(&(longest + "a")).build(),
        "userVisibleData",
        "Invalid userVisibleData",
    );
    refused(
        Auth::new(address()).text("+x").format(TextFormat::SimpleMarkdownV1).build(),
        "userVisibleData",
        "At (1, 1): Initial token for unordered list items must be '+' and it must be followed by space.",
    );
    refused(Auth::new(address()).return_url("").build(), "returnUrl", "Invalid returnUrl");
    refused(Auth::new(address()).web(Web::default()).build(), "web", "Invalid web");
    refused(
        Auth::new(address()).certificate_policies(["mobile"]).build(),
        "requirement.certificatePolicies",
        "Invalid requirement",
    );
    refused(
        Payment::new(address(), TransactionType::Npa, "A").money("1", "SEK").build(),
        "userVisibleTransaction.money",
        "money has invalid amount or currency",
    );
    refused(
        Payment::new(address(), TransactionType::Card, "A").non_visible_data(b"x").build(),
        "userNonVisibleData",
        "userNonVisible data requires userVisibleData",
    );
}

#[test]
fn strict_checks_are_made_when_asked_for() {
    let wrong_digit = number("200003121145");
    let no_date = number("190000000000");
    assert!(Auth::new(address()).personal_number(wrong_digit).build().is_ok());
    refused(
        Auth::new(address()).personal_number(wrong_digit).strict().build(),
        "requirement.personalNumber",
        "the control digit of the personal number is wrong",
    );
    refused(
        OtherPayment::new(no_date, TransactionType::Npa, "A").strict().build(),
        "personalNumber",
        "the date of the personal number does not exist",
    );
    assert!(PhoneAuth::new(number("191212121212"), CallInitiator::Rp).strict().build().is_ok());
}

#[test]
fn user_agents_are_cut_to_what_fits() {
    let long: String = "å".repeat(300);
    assert_eq!(cut_user_agent(&long).chars().count(), 256);
    assert_eq!(cut_user_agent("Mozilla/5.0"), "Mozilla/5.0");
    let web = Web { user_agent: Some(cut_user_agent(&long).into()), ..Web::default() };
    let json = serde_json::to_string(&web).unwrap();
    let body = std::format!(r#"{{"endUserIp":"::1","web":{json}}}"#);
    let start = Start::parse(ApiVersion::V6_0, Operation::Auth, body.as_bytes()).unwrap();
    assert!(start.check().is_ok());
}

#[test]
fn nothing_personal_shows_in_debug() {
    let start = Auth::new(address()).text("hemligt").personal_number(number("191212121212"));
    let shown = std::format!("{start:?} {:?}", start.clone().build().unwrap().check().unwrap());
    for secret in ["191212121212", "aGVtbGlndA==", "hemligt"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
