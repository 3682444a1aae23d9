//! The signed document against one written by hand from sections 10.2 and 10.3.

use super::reader;
use super::*;

/// Everything from `<bankIdSignedData` to its end.
fn signed_data(facts: &CompletionFacts) -> String {
    let xml = verified(facts).xml;
    let (_, data) = xml.split_once("<Object>").unwrap();
    let (data, _) = data.split_once("</bankIdSignedData>").unwrap();
    data.to_owned()
}

#[test]
fn a_signature_with_texts() {
    let expected = concat!(
        r#"<bankIdSignedData xmlns="http://www.bankid.com/signature/v1.0.0/types" Id="bidSignedData">"#,
        r#"<usrVisibleData charset="UTF-8" visible="wysiwys">c2lnbmVyaW5nc3RleHQ=</usrVisibleData>"#,
        "<usrNonVisibleData>ZWogc3lubGln</usrNonVisibleData>",
        "<srvInfo><name>Y249RlAgVGVzdGNlcnQgNSxuYW1lPVRlc3QgYXYgQmFua0lELHNlcmlhbE51bWJlcj01NTY2MzA0OTI4LG89VGVzdGJhb",
        "msgQSBBQiAocHVibCksYz1TRQ==</name><nonce>AAECAwQFBgcICQoLDA0ODxAREhM=</nonce>",
        "<displayName>VGVzdCBhdiBCYW5rSUQ=</displayName></srvInfo>",
        "<clientInfo><funcId>Signing</funcId><version>Ny41MC4w</version><env><ai><type>SU9T</type>",
        "<deviceInfo>MTguNQ==</deviceInfo><uhi>OZvYM9VvyiAmG7NA5jU5zqGcVpo=</uhi><fsib>0</fsib><utb>cs1</utb>",
        "<requirement><condition><type>CertificatePolicies</type><value>1.2.3.4.25</value></condition></requirement>",
        "<uauth>pw</uauth></ai></env></clientInfo>",
    );
    assert_eq!(signed_data(&facts()), expected);
}

#[test]
fn an_identification_without_texts_starts_with_srv_info() {
    let facts = CompletionFacts {
        operation: Operation::Auth,
        visible_data: None,
        non_visible_data: None,
        conditions: Vec::new(),
        ..facts()
    };
    let data = signed_data(&facts);
    assert!(data.contains(r#"Id="bidSignedData"><srvInfo>"#), "{data}");
    assert!(data.contains("<funcId>Identification</funcId>"), "{data}");
    assert!(data.contains("<utb>cs1</utb><uauth>pw</uauth>"), "{data}");
}

#[test]
fn the_format_is_named_only_if_it_was_given() {
    let facts = CompletionFacts { format: TextFormat::SimpleMarkdownV1, ..facts() };
    let expected =
        r#"<usrVisibleData charset="UTF-8" format="simpleMarkdownV1" visible="wysiwys">"#;
    assert!(signed_data(&facts).contains(expected));
}

#[test]
fn the_function_follows_the_operation() {
    for (operation, expected) in [
        (Operation::Auth, "Identification"),
        (Operation::PhoneAuth, "Identification"),
        (Operation::Sign, "Signing"),
        (Operation::PhoneSign, "Signing"),
        (Operation::Payment, "Signing"),
        (Operation::OtherPayment, "Signing"),
    ] {
        let data = signed_data(&CompletionFacts { operation, ..facts() });
        assert!(data.contains(&format!("<funcId>{expected}</funcId>")), "{operation:?}");
    }
}

#[test]
fn conditions_stand_in_alphabetical_order_and_escaped() {
    let conditions = vec![
        Condition { name: "TokenStartRequired", value: "yes".into() },
        Condition { name: "IssuerCn", value: "A & <B>".into() },
        Condition { name: "CertificatePolicies", value: "1.2.3.4.5,1.2.3.4.25".into() },
    ];
    let data = signed_data(&CompletionFacts { conditions, ..facts() });
    let expected = concat!(
        "<requirement><condition><type>CertificatePolicies</type><value>1.2.3.4.5,1.2.3.4.25</value></condition>",
        "<condition><type>IssuerCn</type><value>A &amp; &lt;B&gt;</value></condition>",
        "<condition><type>TokenStartRequired</type><value>yes</value></condition></requirement>",
    );
    assert!(data.contains(expected), "{data}");
}

#[test]
fn each_kind_describes_its_device() {
    for (kind, platform, utb) in [
        (BankIdKind::Mobile, "SU9T", "<fsib>0</fsib><utb>cs1</utb>"),
        (BankIdKind::File, "T1NfWA==", "<fsib>0</fsib><utb>cs1</utb>"),
        (BankIdKind::Card, "V0lORE9XUw==", "<fsib>1</fsib><utb>cr2</utb>"),
    ] {
        let data = signed_data(&CompletionFacts { kind, ..facts() });
        assert!(data.contains(&format!("<type>{platform}</type>")), "{kind:?}");
        assert!(data.contains(utb), "{kind:?}");
    }
}

#[test]
fn values_have_the_documented_lengths() {
    let xml = verified(&facts()).xml;
    let document = roxmltree::Document::parse(&xml).unwrap();
    let lengths = |name: &str| -> Vec<usize> {
        document
            .descendants()
            .filter(|node| node.tag_name().name() == name)
            .map(|node| node.text().unwrap().len())
            .collect()
    };
    assert_eq!(lengths("DigestValue"), [44, 44]);
    assert_eq!(lengths("SignatureValue"), [344]);
    assert_eq!(lengths("nonce"), [28]);
    assert!(!xml.contains("/>") && !xml.contains("> <"));
}

#[test]
fn the_nonce_is_hash_of_the_text_and_random() {
    let completion = completed(&facts());
    let ocsp = reader::verify(&completion.signature, &completion.ocsp_response).ocsp;
    assert_eq!(ocsp.nonce[20..], RANDOM[20..]);
    // The vector of section 10.7.
    let nonce = ocsp::nonce("PFNpZ25hdHVyZS8+", &[0; 12]);
    let expected = [
        0xa9, 0x7a, 0x6d, 0xbf, 0x5e, 0x6b, 0x15, 0xe9, 0xe9, 0xba, 0xcb, 0xb9, 0xda, 0xfb, 0x80,
        0xe0, 0x1c, 0xd7, 0xe2, 0x6b,
    ];
    assert_eq!(nonce[..20], expected);
    assert_eq!(ocsp.produced_at, "20260115123456Z");
}
