use super::*;

#[test]
fn whose_key_it_is() {
    let keys = Keys::new([
        ApiKey::new("a").accepting("one").accepting("two"),
        ApiKey::new("b").accepting_digest(digest("three")),
    ])
    .unwrap();
    for (key, name) in [("one", Some("a")), ("two", Some("a")), ("three", Some("b"))] {
        assert_eq!(keys.find(key.as_bytes()).map(|key| &**key.name()), name);
    }
    for wrong in ["", "on", "one ", "One"] {
        assert!(keys.find(wrong.as_bytes()).is_none(), "{wrong}");
    }
    assert!(Keys::default().find(b"one").is_none());
}

#[track_caller]
fn refused(keys: impl IntoIterator<Item = ApiKey>, expected: &str) {
    assert_eq!(Keys::new(keys).expect_err("they are refused").to_string(), expected);
}

#[test]
fn keys_that_cannot_be_told_apart_are_refused() {
    let name = "the name of a key is 1 to 64 letters, digits, dots, underscores and hyphens";
    for bad in ["", "a b", "å", &"a".repeat(65)] {
        refused([ApiKey::new(bad).accepting("one")], name);
    }
    refused([ApiKey::new("a")], "the key \"a\" has no digest");
    let named = |name| ApiKey::new(name).accepting(name);
    refused(
        [named("a"), named("a").accepting("two")],
        "there are two keys named \"a\"; give one of them both digests",
    );
    let elsewhere = "the key \"b\" has a digest that stands elsewhere too";
    refused([named("a"), named("b").accepting("a")], elsewhere);
    refused([named("b").accepting("b")], elsewhere);
    let many = (0..=DIGESTS_MAX).fold(ApiKey::new("a"), |key, n| key.accepting(&n.to_string()));
    refused([many], "there are more than 1000 digests");
}

#[test]
fn debug_hides_the_digests() {
    let key = ApiKey::new("a").accepting("one");
    let keys = Keys::new([key]).unwrap();
    let shown = format!("{keys:?}");
    let digest = digest("one");
    assert!(shown.contains("digests: 1"), "{shown}");
    assert!(!shown.contains(&format!("{digest:?}")), "{shown}");
    assert!(!shown.contains(&base16ct::lower::encode_string(&digest)), "{shown}");
}

#[test]
fn a_pace_lets_a_seconds_worth_come_at_once() {
    let key = ApiKey::new("a").calls_per_second(4);
    let at = Duration::from_millis;
    for _ in 0..4 {
        assert_eq!(key.count(at(1_000)), Ok(()));
    }
    assert_eq!(key.count(at(1_000)), Err(at(250)));
    assert_eq!(key.count(at(1_249)), Err(at(1)));
    assert_eq!(key.count(at(1_250)), Ok(()));
    assert_eq!(key.count(at(9_000)), Ok(()));
    let boundless = ApiKey::new("b").calls_per_second(0);
    assert!((0..10_000).all(|_| boundless.count(at(0)).is_ok()));
}
