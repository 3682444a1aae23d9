//! Expected documents are those of `docs/protocol.md`, by hand.

use proptest::prelude::*;

use super::{
    ByVersion, Completed, TokenText, complete, error, escaped, failed, pending, started,
    started_by_number,
};

const ORDER_REF: TokenText = *b"131daac9-16c6-4618-beb0-365768f37288";

#[test]
fn started_orders() {
    assert_eq!(
        started(
            &ORDER_REF,
            b"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6",
            b"67df3917-fa0d-44e5-b327-edcc928297f8",
            b"d28db9a7-4cde-429e-a983-359be676944c",
        ),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","autoStartToken":"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6","qrStartToken":"67df3917-fa0d-44e5-b327-edcc928297f8","qrStartSecret":"d28db9a7-4cde-429e-a983-359be676944c"}"#
    );
    assert_eq!(
        started_by_number(b"5c0a3f5b-52a4-4d57-8a35-3b7c2a0e9f64"),
        r#"{"orderRef":"5c0a3f5b-52a4-4d57-8a35-3b7c2a0e9f64"}"#
    );
}

#[test]
fn orders_that_are_not_complete() {
    assert_eq!(
        pending(&ORDER_REF, "userSign"),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"userSign"}"#
    );
    assert_eq!(
        failed(&ORDER_REF, "userCancel"),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"userCancel"}"#
    );
}

#[test]
fn errors() {
    assert_eq!(
        error("invalidParameters", "Invalid endUserIp"),
        r#"{"errorCode":"invalidParameters","details":"Invalid endUserIp"}"#
    );
}

fn completed(by_version: ByVersion<'static>) -> Completed<'static> {
    Completed {
        order_ref: &ORDER_REF,
        personal_number: "190000000000",
        name: "Karl Karlsson",
        given_name: "Karl",
        surname: "Karlsson",
        ip_address: "203.0.113.25",
        signature: "PD94bWwg",
        ocsp_response: "MIIHegoB",
        by_version,
    }
}

#[test]
fn completed_orders() {
    let all = ByVersion::V6_0 {
        uhi: Some("OZvYM9VvyiAmG7NA5jU5zqGcVpo="),
        bank_id_issue_date: "2023-11-29Z",
        mrtd: Some(true),
        risk: Some("low"),
    };
    assert_eq!(
        complete(&completed(all)),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"complete","completionData":{"user":{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"},"device":{"ipAddress":"203.0.113.25","uhi":"OZvYM9VvyiAmG7NA5jU5zqGcVpo="},"bankIdIssueDate":"2023-11-29Z","stepUp":{"mrtd":true},"signature":"PD94bWwg","ocspResponse":"MIIHegoB","risk":"low"}}"#
    );
    let least =
        ByVersion::V6_0 { uhi: None, bank_id_issue_date: "2023-11-29Z", mrtd: None, risk: None };
    assert_eq!(
        complete(&completed(least)),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"complete","completionData":{"user":{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"},"device":{"ipAddress":"203.0.113.25"},"bankIdIssueDate":"2023-11-29Z","signature":"PD94bWwg","ocspResponse":"MIIHegoB"}}"#
    );
    let v5 = ByVersion::V5_1 { not_before_ms: 1_502_983_274_000, not_after_ms: 1_563_549_674_000 };
    assert_eq!(
        complete(&completed(v5)),
        r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"complete","completionData":{"user":{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"},"device":{"ipAddress":"203.0.113.25"},"cert":{"notBefore":"1502983274000","notAfter":"1563549674000"},"signature":"PD94bWwg","ocspResponse":"MIIHegoB"}}"#
    );
}

#[test]
fn names_are_escaped() {
    let by_version = ByVersion::V6_0 {
        uhi: None,
        bank_id_issue_date: "2023-11-29Z",
        mrtd: Some(false),
        risk: None,
    };
    let name = "Åsa \"Bo\" C\\D\n\u{1f}";
    let document = complete(&Completed { name, ..completed(by_version) });
    let value: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(value["completionData"]["user"]["name"], name);
    assert_eq!(value["completionData"]["stepUp"]["mrtd"], false);
}

proptest! {
    #[test]
    fn escaping_is_undone_by_any_reader(text in any::<String>()) {
        let quoted = [b"\"".as_slice(), &escaped(&text), b"\""].concat();
        prop_assert_eq!(serde_json::from_slice::<String>(&quoted).unwrap(), text);
    }
}
