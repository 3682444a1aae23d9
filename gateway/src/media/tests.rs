use http::HeaderValue;

use super::*;

#[track_caller]
fn in_language(accept: &[&str], expected: Language) {
    let mut headers = HeaderMap::new();
    for value in accept {
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap());
    }
    assert_eq!(language(&headers), expected, "{accept:?}");
}

#[test]
fn languages_are_weighed() {
    in_language(&[], Language::Swedish);
    in_language(&["en"], Language::English);
    in_language(&["EN-us"], Language::English);
    in_language(&["en;q=0.8, sv"], Language::Swedish);
    in_language(&["en;q=0"], Language::Swedish);
    in_language(&["en;q=nonsense, sv;q=0.1"], Language::Swedish);
    in_language(&["sv;q=0.1", "fi, en;q=0.2"], Language::English);
    in_language(&["english"], Language::Swedish);
}

#[test]
fn weights_are_thousandths() {
    let weight = |text| quality([text].into_iter());
    assert_eq!(weight("q=0.5"), Some(500));
    assert_eq!(weight("Q=1.000"), Some(1_000));
    assert_eq!(weight("q=0.001"), Some(1));
    assert_eq!(weight("level=1"), Some(1_000));
    for wrong in ["q=", "q=2", "q=0.0001", "q=-1", "q=0.x", "q=+0.5"] {
        assert_eq!(weight(wrong), None, "{wrong}");
    }
}

#[test]
fn separators_within_quotes_are_text() {
    let parts: Vec<_> = split(r#"a;b="x;y" ; c"#, b';').collect();
    assert_eq!(parts, ["a", r#"b="x;y""#, "c"]);
}
