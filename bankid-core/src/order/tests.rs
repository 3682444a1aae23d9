//! Tokens are opaque and bounded, and what is secret does not show.

use std::string::String;

use proptest::prelude::*;

use super::{AutoStartToken, NotAToken, OrderRef, QrStartSecret, QrStartToken, TOKEN_MAX};

#[test]
fn bounds() {
    assert_eq!(OrderRef::try_from(""), Err(NotAToken));
    assert!(OrderRef::try_from("a".repeat(TOKEN_MAX)).is_ok());
    assert_eq!(OrderRef::try_from("a".repeat(TOKEN_MAX + 1)), Err(NotAToken));
    for bad in ["a b", "a\n", "å", "\u{7f}"] {
        assert_eq!(QrStartToken::try_from(bad), Err(NotAToken), "{bad:?}");
    }
}

#[test]
fn secrets_do_not_show() {
    let shown = std::format!(
        "{:?} {:?}",
        QrStartSecret::try_from("d28db9a7").unwrap(),
        AutoStartToken::try_from("7c40b5c9").unwrap(),
    );
    assert_eq!(shown, "QrStartSecret(hidden) AutoStartToken(hidden)");
}

proptest! {
    #[test]
    fn text_is_kept_as_it_came(text in "[!-~]{1,256}") {
        let json = serde_json::to_string(&text).unwrap();
        let token: QrStartSecret = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(token.expose(), &text);
        prop_assert_eq!(serde_json::to_string(&token).unwrap(), json);
    }

    #[test]
    fn any_text_is_taken_or_refused(text: String) {
        let fits = !text.is_empty() && text.len() <= TOKEN_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
        prop_assert_eq!(OrderRef::try_from(text).is_ok(), fits);
    }
}
