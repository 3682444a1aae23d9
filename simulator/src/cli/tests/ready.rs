//! What is said once the simulator listens.

use crate::cli::ready::{Ready, RelyingParty};

fn everything() -> Ready {
    Ready {
        http: Some("http://127.0.0.1:40123".to_owned()),
        https: Some("https://127.0.0.1:40124".to_owned()),
        control: Some("http://127.0.0.1:40123/_simulator/v1".to_owned()),
        ca: Some("/tmp/c/ca.pem".to_owned()),
        rp: Some(RelyingParty {
            certificate: "/tmp/c/rp.pem".to_owned(),
            key: "/tmp/c/rp.key".to_owned(),
            pfx: "/tmp/c/rp.p12".to_owned(),
            legacy_pfx: "/tmp/c/rp-legacy.pfx".to_owned(),
            passphrase: "qwerty123",
        }),
    }
}

fn json(ready: &Ready) -> String {
    let mut out = Vec::new();
    ready.write_json(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn text(ready: &Ready) -> String {
    let mut out = Vec::new();
    ready.write_text(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn programs_get_exactly_one_line() {
    let expected = concat!(
        r#"{"http":"http://127.0.0.1:40123","https":"https://127.0.0.1:40124","#,
        r#""control":"http://127.0.0.1:40123/_simulator/v1","ca":"/tmp/c/ca.pem","#,
        r#""rp":{"certificate":"/tmp/c/rp.pem","key":"/tmp/c/rp.key","pfx":"/tmp/c/rp.p12","#,
        r#""legacyPfx":"/tmp/c/rp-legacy.pfx","passphrase":"qwerty123"}}"#,
        "\n"
    );
    assert_eq!(json(&everything()), expected);
}

#[test]
fn what_is_off_is_null() {
    let plain = Ready { https: None, ca: None, rp: None, ..everything() };
    let expected = concat!(
        r#"{"http":"http://127.0.0.1:40123","https":null,"control":"http://127.0.0.1:40123/_simulator/v1","#,
        r#""ca":null,"rp":null}"#,
        "\n"
    );
    assert_eq!(json(&plain), expected);
}

#[test]
fn people_get_a_command_that_fits_what_is_on() {
    let both = text(&everything());
    assert!(both.contains("/tmp/c/ca.pem"), "{both}");
    assert!(both.contains("http://127.0.0.1:40123/rp/v6.0/auth"), "{both}");
    let spaced = Some("/tmp/it's here/ca.pem".to_owned());
    let tls = text(&Ready { http: None, control: None, ca: spaced, ..everything() });
    let command =
        r"curl --cacert '/tmp/it'\''s here/ca.pem' --cert /tmp/c/rp.pem --key /tmp/c/rp.key ";
    assert!(tls.contains(command), "{tls}");
    assert!(!tls.contains("control"), "{tls}");
}
