//! The shared vectors: every text of 9.2 and every rule of 9.1, 4.2, 4.3 and 6.2.

extern crate std;

use std::{string::String, vec, vec::Vec};

use serde::Deserialize;

use super::{Language, Message, StartMode, for_error, for_failed, for_pending};
use crate::{
    collect::{FailedHint, PendingHint},
    error::ErrorCode,
    launch::Device,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    texts: Vec<TextVector>,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    swedish: String,
    english: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    status: String,
    code: Option<String>,
    device: Option<Device>,
    start_mode: Option<StartMode>,
    message: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/messages.json"))
        .expect("the vectors match their schema")
}

#[test]
fn texts() {
    let texts = vectors().texts;
    assert!(
        texts
            .iter()
            .map(|text| text.id.as_str())
            .eq(Message::ALL.iter().map(|message| message.id()))
    );
    for (TextVector { id, swedish, english, .. }, message) in texts.iter().zip(Message::ALL) {
        assert_eq!(message.text(Language::Swedish), swedish, "{id}");
        assert!(message.official(Language::Swedish), "{id}");
        assert_eq!(message.official(Language::English), english.is_some(), "{id}");
        let ours = message.text(Language::English);
        assert_eq!(english.as_deref().unwrap_or(ours), ours, "{id}");
        assert!(!ours.is_empty(), "{id}");
    }
}

#[test]
fn rules() {
    for rule in vectors().rules {
        let devices =
            rule.device.map_or(vec![Device::Computer, Device::Mobile], |device| vec![device]);
        let modes = rule
            .start_mode
            .map_or(vec![StartMode::Autostart, StartMode::Qr, StartMode::ByNumber], |mode| {
                vec![mode]
            });
        for (device, mode) in
            devices.iter().flat_map(|device| modes.iter().map(|mode| (*device, *mode)))
        {
            let code = rule.code.as_deref();
            let chosen = match rule.status.as_str() {
                "pending" => for_pending(code.map(PendingHint::from).as_ref(), device, mode),
                "failed" => for_failed(code.map(FailedHint::from).as_ref(), mode),
                "error" => for_error(&ErrorCode::from(code.unwrap())),
                other => panic!("{}: unknown status {other}", rule.id),
            };
            assert_eq!(chosen.id(), rule.message, "{}: {device:?}, {mode:?}", rule.id);
        }
    }
}

#[test]
fn rules_name_every_known_word() {
    let rules = vectors().rules;
    let has = |status: &str, word: &str| {
        assert!(
            rules.iter().any(|rule| rule.status == status && rule.code.as_deref() == Some(word)),
            "{word}"
        );
    };
    for hint in PendingHint::KNOWN {
        has("pending", hint.as_str());
    }
    for hint in FailedHint::KNOWN {
        has("failed", hint.as_str());
    }
    for code in ErrorCode::KNOWN {
        has("error", code.as_str());
    }
}

#[test]
fn words_on_the_wire() {
    assert_eq!(
        serde_json::to_value([Language::Swedish, Language::English]).unwrap(),
        serde_json::json!(["sv", "en"])
    );
    let modes = [StartMode::Autostart, StartMode::Qr, StartMode::ByNumber];
    assert_eq!(
        serde_json::to_value(modes).unwrap(),
        serde_json::json!(["autostart", "qr", "byNumber"])
    );
}
