use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::{Fault, Format, Node, Path, Position, read};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sample {
    name: String,
    #[serde(default)]
    port: Option<u16>,
    #[serde(default)]
    mode: Option<Mode>,
    #[serde(default)]
    people: BTreeMap<String, Person>,
    #[serde(default)]
    numbers: Vec<u64>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Plain,
    WithCount(u8),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Person {
    given_name: String,
    #[serde(default)]
    rate: Option<f64>,
}

/// `line:column: message` of the fault in a document.
fn refused(text: &str, format: Format) -> String {
    let fault: Fault = read::<Sample>(text, format).unwrap_err();
    let Position { line, column } = Position::of(text, fault.at.unwrap());
    format!("{line}:{column}: {fault}")
}

#[track_caller]
fn json(text: &str, expected: &str) {
    assert_eq!(refused(text, Format::Json), expected);
}

#[track_caller]
fn toml(text: &str, expected: &str) {
    assert_eq!(refused(text, Format::Toml), expected);
}

#[test]
fn both_formats_read_the_same() {
    let from_json: Sample = read(
        r#"{"name": "å\u00e5", "port": 8010, "mode": {"withCount": 3}, "numbers": [1, 2],
            "people": {"anna": {"givenName": "Anna", "rate": 0.5}}}"#,
        Format::Json,
    )
    .unwrap();
    let from_toml: Sample = read(
        "name = 'åå'\nport = 0x1f4a\nnumbers = [1, 2]\nmode = { withCount = 3 }\n\
         [people.anna]\ngivenName = 'Anna'\nrate = 0.5\n",
        Format::Toml,
    )
    .unwrap();
    assert_eq!(from_json, from_toml);
    assert_eq!(from_toml.port, Some(8010));
}

#[test]
fn absent_and_null_are_alike() {
    let sample: Sample = read(r#"{"name": "a", "port": null}"#, Format::Json).unwrap();
    assert_eq!(sample.port, None);
}

#[test]
fn a_misspelt_member_is_shown_with_the_right_name() {
    json(
        "{\"name\": \"a\",\n  \"Port\": 1}",
        "2:3: Port: no member of this name; known are `name`, `port`, `mode`, `people` and `numbers`; did you mean `port`?",
    );
    toml(
        "name = 'a'\n\n[people.anna]\ngivenname = 'Anna'\n",
        "4:1: people.anna.givenname: no member of this name; known are `givenName` and `rate`; did you mean `givenName`?",
    );
}

#[test]
fn wrong_types_are_shown_where_they_stand() {
    toml("name = 'a'\nport = 'high'\n", "2:8: port: expected u16, found a text");
    toml("name = 'a'\nport = 70000\n", "2:8: port: expected u16, found 70000");
    json("{\"name\": \"å\", \"numbers\": [1, -2]}", "1:30: numbers[1]: expected u64, found -2");
    json("{\"name\": [], \"numbers\": 1}", "1:10: name: expected a string, found a list");
}

#[test]
fn wrong_words_are_shown_with_the_right_one() {
    json(
        r#"{"name": "a", "mode": "plane"}"#,
        "1:23: mode: `plane` is not known here; known are `plain` and `withCount`; did you mean `plain`?",
    );
    json(r#"{"name": "a", "mode": 4}"#, "1:23: mode: expected one of `plain`, `withCount`");
    json(r#"{"name": "a", "mode": "withCount"}"#, "1:23: mode: `withCount` needs a value");
}

#[test]
fn missing_and_doubled_members_are_refused() {
    json("\n {}", "2:2: the member `name` is missing");
    toml("[people.anna]\n", "1:1: people.anna: the member `givenName` is missing");
    json(r#"{"name": "a", "name": "b"}"#, "1:15: name: stands here twice");
    json(r#"{"name": "a", "n\u0061me": "b"}"#, "1:15: name: stands here twice");
}

#[test]
fn syntax_errors_have_a_place() {
    json("{\"name\": \"a\"\n  \"port\": 1}", "2:3: not valid JSON: expected `,` or `}`");
    json("", "1:1: not valid JSON: EOF while parsing a value");
    json(r#"{"name": "\ud800"}"#, "1:10: name: not valid JSON: unexpected end of hex escape");
    assert!(refused("name = 'a'\nport = \n", Format::Toml).starts_with("2:8: not valid TOML: "));
    assert!(
        refused("name = 'a'\nname = 'b'\n", Format::Toml)
            .starts_with("2:1: not valid TOML: duplicate key")
    );
}

#[test]
fn queries_are_read_too() {
    let sample: Sample = read("name=a%20b+%C3%A5&port=80&", Format::Query).unwrap();
    assert_eq!((sample.name.as_str(), sample.port), ("a b å", Some(80)));
    assert_eq!(refused("name=a&name=b", Format::Query), "1:8: name: stands here twice");
    assert_eq!(refused("name=%C3", Format::Query), "1:1: name: the value is not encoded as UTF-8");
    assert_eq!(
        refused("name=a&port=%2", Format::Query),
        "1:8: port: the value is not encoded as UTF-8"
    );
    assert!(refused("name=a&prot=1", Format::Query).ends_with("did you mean `port`?"));
}

#[test]
fn depth_is_limited() {
    let deep = format!("{{\"name\": {}{}}}", "[".repeat(500), "]".repeat(500));
    assert!(refused(&deep, Format::Json).contains("nested too deeply"));
}

#[test]
fn a_member_can_be_found_again() {
    let text = "name = 'a'\n[people.anna]\ngivenName = 'Anna'\n";
    let node = Node::parse(text, Format::Toml).unwrap();
    let place = |parts: &[&str]| Position::of(text, node.place(&Path::of(parts.iter().copied())));
    assert_eq!(place(&["people", "anna", "givenName"]), Position { line: 3, column: 13 });
    // What is missing is shown at the nearest thing that is there.
    assert_eq!(place(&["people", "anna", "rate"]).line, 2);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        drop(read::<Sample>(&text, Format::Json));
        drop(read::<Sample>(&text, Format::Toml));
        drop(read::<Sample>(&text, Format::Query));
    }

    #[test]
    fn any_json_is_read_or_refused_with_a_place(text in "[\\[\\]{}:, \"a\\\\u0-9.eE+-]{0,60}") {
        if let Err(fault) = read::<Sample>(&text, Format::Json) {
            prop_assert!(fault.at.unwrap() <= text.len());
        }
    }
}
