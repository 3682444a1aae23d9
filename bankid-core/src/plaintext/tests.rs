//! Line ends in all mixtures, and the borders of the character set.

extern crate std;

use std::vec::Vec;

use proptest::prelude::*;

use super::{is_allowed, lines};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
}

#[test]
fn line_ends() {
    check("", &[]);
    check("a", &["a"]);
    check("a\n", &["a"]);
    check("a\r", &["a"]);
    check("a\r\n", &["a"]);
    check("a\nb\rc\r\nd", &["a", "b", "c", "d"]);
    check("\n", &[""]);
    check("\r\n\r\n", &["", ""]);
    check("\n\r", &["", ""]);
    check("\r\r\n", &["", ""]);
    check("a\n\nb", &["a", "", "b"]);
    check(" a \n å\r\n", &[" a ", " å"]);
    check("a\u{2028}b\u{b}c", &["a\u{2028}b\u{b}c"]);
}

#[test]
fn borders_of_the_character_set() {
    for allowed in ['\t', '\n', '\r', ' ', '~', '\u{a0}', 'å', '€', '\u{ffef}', '\u{feff}'] {
        assert!(is_allowed(allowed), "{allowed:?}");
    }
    for other in [
        '\0', '\u{8}', '\u{b}', '\u{c}', '\u{e}', '\u{1f}', '\u{7f}', '\u{9f}', '\u{fff0}',
        '\u{ffff}', '😀',
    ] {
        assert!(!is_allowed(other), "{other:?}");
    }
}

proptest! {
    #[test]
    fn lines_hold_all_but_the_line_ends(text in "[a\r\nå]{0,40}") {
        prop_assert_eq!(lines(&text).collect::<std::string::String>(), text.replace(['\r', '\n'], ""));
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        prop_assert!(lines(&text).eq(unix.lines()));
    }
}
