use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(decode(text), expected);
}

#[test]
fn percent_encoding_is_undone() {
    check("qr%2Clinks%2cmessage", "qr,links,message");
    check("%E5%B1%B1", "山");
    check("", "");
}

#[test]
fn what_is_no_percent_encoding_stays() {
    check("100%", "100%");
    check("%2", "%2");
    check("%zz%41", "%zzA");
    check("%ff", "%ff");
}
