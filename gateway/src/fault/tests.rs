use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Codes {
    gateway: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: String,
    status: u16,
}

#[test]
fn the_codes_of_our_own_are_those_of_the_vectors() {
    let listed: Codes =
        serde_json::from_str(include_str!("../../../tests/vectors/codes.json")).unwrap();
    let listed: Vec<_> = listed.gateway.iter().map(|entry| (entry.status, &*entry.code)).collect();
    let known = Code::ALL.map(|code| {
        let (status, word, title) = code.row();
        assert!(!title.is_empty() && !title.ends_with('.'), "{title}");
        (status.as_u16(), word)
    });
    assert_eq!(listed, known);
}

#[test]
fn codes_that_look_like_bankids_mean_the_same() {
    for code in Code::ALL {
        let (status, word, _) = code.row();
        let theirs = ErrorCode::from(word);
        if !matches!(theirs, ErrorCode::Other(_)) {
            assert!(theirs.statuses().contains(&status.as_u16()), "{word}");
        }
    }
}
