use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn read(operation: Operation, body: &[u8]) -> Result<StartBody, Fault> {
    StartBody::read(operation, Media::Documented, body)
}

/// Many small members take time in proportion to their number.
#[test]
fn a_body_of_many_members_is_read_in_one_go() {
    let members: Vec<_> = (0..50_000).map(|n| format!(r#""m{n}":0"#)).collect();
    let body = format!(r#"{{{},"endUserIp":"0.0.0.0"}}"#, members.join(","));
    assert!(read(Operation::Auth, body.as_bytes()).unwrap().start().is_ok());
}

#[test]
fn names_are_written_as_they_are_meant() {
    let body = read(Operation::Auth, br#"{"\u0022":1,"end\u0055serIp":"0.0.0.0"}"#).unwrap();
    let json: Value = serde_json::from_slice(&body.json).unwrap();
    assert_eq!(json, serde_json::json!({"\"": 1, "endUserIp": "0.0.0.0"}));
    assert!(body.start().is_ok());
}

proptest! {
    /// Whatever comes, it is refused as the caller's fault or made into JSON.
    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
        for media in [Media::Documented, Media::JsonApi] {
            match StartBody::read(Operation::Sign, media, &body) {
                Ok(read) => prop_assert!(serde_json::from_slice::<Value>(&read.json).is_ok()),
                Err(fault) => prop_assert!(fault.status.is_client_error()),
            }
            if let Err(fault) = order_ref(media, "bankIdCollect", &body) {
                prop_assert!(fault.status.is_client_error());
            }
        }
    }

    /// Members of any value come out as they went in, in a body that core can read or refuses by name.
    #[test]
    fn any_members_are_handed_on(number in json(), requirement in json(), visible in json(), other in json()) {
        let body = serde_json::json!({
            "endUserIp": "0.0.0.0", "personalNumber": number, "requirement": requirement,
            "userVisibleData": visible, "other": other,
        });
        let read = read(Operation::Sign, body.to_string().as_bytes()).unwrap();
        let out: Value = serde_json::from_slice(&read.json).unwrap();
        prop_assert_eq!(&out["other"], &other);
        match read.start() {
            Ok(_) => {
                prop_assert!(visible.is_string());
                prop_assert_eq!(number.is_null(), out.get("requirement").is_none_or(|r| r.get("personalNumber").is_none()));
            }
            Err(fault) => prop_assert!(fault.status == http::StatusCode::BAD_REQUEST && fault.source.is_some()),
        }
    }
}

fn json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[12][0-9]{11}".prop_map(Value::from),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!({"pinCode": true})),
        Just(serde_json::json!({"unknown": {"a": [1, "}"]}})),
    ]
}
