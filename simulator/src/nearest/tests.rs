use super::nearest;

#[track_caller]
fn check(word: &str, expected: Option<&str>) {
    let names = ["success", "userCancel", "realistic", "userSign", "phone"];
    assert_eq!(nearest(word, names), expected, "{word}");
}

#[test]
fn proposes_what_was_meant() {
    check("realistik", Some("realistic"));
    check("user-cancel", Some("userCancel"));
    check("USERCANCEL", Some("userCancel"));
    check("usreSign", Some("userSign"));
    check("fone", Some("phone"));
    check("phon", Some("phone"));
}

#[test]
fn is_silent_when_nothing_is_near() {
    check("", None);
    check("elephant", None);
    check(&"u".repeat(10_000), None);
}
