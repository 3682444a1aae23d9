//! Links made and read, references, return URLs and nonces; the browsers have a file of their own.

extern crate std;

mod browsers;

use std::{
    format,
    string::{String, ToString},
};

use proptest::prelude::*;

use super::{
    BadNonce, BadReturnUrl, BadRpRef, Caution, Fault, Link, Nonce, Opened, Redirect, ReturnUrl,
    RpRef, StartUrl, parse_start_url,
};
use crate::order::AutoStartToken;

const TOKEN: &str = "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";

fn token() -> AutoStartToken {
    AutoStartToken::try_from(TOKEN).unwrap()
}

#[track_caller]
fn check(url: &StartUrl<'_>, expected: &str) {
    assert_eq!(url.to_string(), expected.replace("TOKEN", TOKEN));
}

#[test]
fn links() {
    let token = token();
    let rp_ref = RpRef::try_from("order?>12").unwrap();
    assert_eq!(rp_ref.as_base64(), "b3JkZXI/PjEy");
    check(&StartUrl::desktop(&token), "bankid:///?autostarttoken=TOKEN&redirect=null");
    check(
        &StartUrl::desktop(&token).rp_ref(&rp_ref),
        "bankid:///?autostarttoken=TOKEN&rpref=b3JkZXI%2FPjEy&redirect=null",
    );
    check(&StartUrl::new(Link::Scheme, &token), "bankid:///?autostarttoken=TOKEN");
    check(&StartUrl::new(Link::App, &token), "https://app.bankid.com/?autostarttoken=TOKEN");
    check(
        &StartUrl::new(Link::App, &token)
            .redirect(Redirect::To("https://www.example.com/a?x=1#n=2")),
        "https://app.bankid.com/?autostarttoken=TOKEN&redirect=https%3A%2F%2Fwww.example.com%2Fa%3Fx%3D1%23n%3D2",
    );
    check(
        &StartUrl::new(Link::Scheme, &token).redirect(Redirect::To("app-1.2://å_~ b")),
        "bankid:///?autostarttoken=TOKEN&redirect=app-1.2%3A%2F%2F%C3%A5_~%20b",
    );
}

#[test]
fn an_odd_token_stays_within_its_parameter() {
    let odd = AutoStartToken::try_from("a&redirect=x#%41").unwrap();
    let url = StartUrl::new(Link::App, &odd).to_string();
    assert_eq!(url, "https://app.bankid.com/?autostarttoken=a%26redirect%3Dx%23%2541");
    assert_eq!(parse_start_url(&url).unwrap().token, odd);
}

#[test]
fn debug_hides_the_token() {
    let token = token();
    let opened = parse_start_url(&StartUrl::desktop(&token).to_string()).unwrap();
    let shown = format!("{:?} {opened:?}", StartUrl::desktop(&token));
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[track_caller]
fn check_opened(url: &str, link: Link, rp_ref: Option<&str>, redirect: Option<&str>) {
    let expected = Opened {
        link,
        token: token(),
        rp_ref: rp_ref.map(|reference| RpRef::try_from(reference).unwrap()),
        redirect: redirect.map(String::from),
    };
    assert_eq!(parse_start_url(&url.replace("TOKEN", TOKEN)), Ok(expected), "{url}");
}

#[test]
fn links_read() {
    check_opened("bankid:///?autostarttoken=TOKEN", Link::Scheme, None, None);
    check_opened("bankid:///?autostarttoken=TOKEN&redirect=null", Link::Scheme, None, Some("null"));
    check_opened("https://app.bankid.com/?autostarttoken=TOKEN", Link::App, None, None);
    check_opened("HTTPS://App.BankID.com/?autostarttoken=TOKEN", Link::App, None, None);
    check_opened("BankID:///?autostarttoken=TOKEN", Link::Scheme, None, None);
    check_opened("bankid:///?autostarttoken=TOKEN&redirect=", Link::Scheme, None, Some(""));
    check_opened("bankid:///?autostarttoken=TOKEN&redirect", Link::Scheme, None, Some(""));
    check_opened(
        "bankid:///?rpref=b3JkZXI%2fPjEy&autostarttoken=TOKEN&redirect=https%3A%2F%2Fa.example%2F%C3%A5%23n%3D2",
        Link::Scheme,
        Some("order?>12"),
        Some("https://a.example/å#n=2"),
    );
    check_opened(
        "bankid:///?autostarttoken=TOKEN&redirect=https://a.example/b?c=d+e",
        Link::Scheme,
        None,
        Some("https://a.example/b?c=d+e"),
    );
    check_opened("https://app.bankid.com/?utm=1&autostarttoken=TOKEN&x", Link::App, None, None);
}

#[track_caller]
fn check_refused(url: &str, expected: &str) {
    let fault = parse_start_url(&url.replace("TOKEN", TOKEN)).unwrap_err();
    assert_eq!(fault.to_string(), format!("not a start URL: {expected}"), "{url}");
}

#[test]
fn faults_of_links() {
    let start = "it must start with `bankid:///?` or `https://app.bankid.com/?`";
    for url in [
        "",
        "bankid",
        "bankid://?autostarttoken=TOKEN",
        "bankid://autostarttoken=TOKEN",
        "bankid:///autostarttoken=TOKEN",
        " bankid:///?autostarttoken=TOKEN",
        "http://app.bankid.com/?autostarttoken=TOKEN",
        "https://app.bankid.com?autostarttoken=TOKEN",
        "https://app.bankid.com.example/?autostarttoken=TOKEN",
        "https://åpp.bankid.com/?autostarttoken=TOKEN",
        TOKEN,
    ] {
        check_refused(url, start);
    }
    check_refused(
        "bankid.67df3917.0.dc69",
        "it is the text of a QR code, which is scanned, not opened",
    );
    for url in [
        "bankid:///?",
        "bankid:///?redirect=null",
        "bankid:///?token=TOKEN",
        "https://app.bankid.com/?&&",
    ] {
        check_refused(url, "the parameter `autostarttoken` is missing");
    }
    let misspelt = "the parameter must be written `autostarttoken`, all in lower case";
    check_refused("bankid:///?autoStartToken=TOKEN", misspelt);
    check_refused("bankid:///?Autostarttoken=TOKEN&redirect=null", misspelt);
    check_refused(
        "bankid:///?autostarttoken=TOKEN&autostarttoken=TOKEN",
        "the parameter `autostarttoken` is given twice",
    );
    check_refused(
        "bankid:///?autostarttoken=TOKEN&rpref=a&rpref=a",
        "the parameter `rpref` is given twice",
    );
    for url in ["bankid:///?autostarttoken=[TOKEN]", "bankid:///?autostarttoken=<TOKEN>"] {
        check_refused(url, "the token goes in as it is, without brackets");
    }
    let token = "a token is 1 to 256 printable ASCII characters";
    for value in ["", "å", "a b", "%", "%4", "%zz", "%FF", "a%00"] {
        check_refused(&format!("bankid:///?autostarttoken={value}"), token);
    }
    check_refused(&format!("bankid:///?autostarttoken={}", "x".repeat(257)), token);
}

#[test]
fn faults_of_parameters() {
    let last = "`redirect` must be the last parameter, and a `&` within it percent-encoded";
    for tail in [
        "redirect=null&rpref=b3JkZXI=",
        "redirect=https://a.example/?b=c&d=e",
        "redirect=null&redirect=null",
        "redirect=&",
    ] {
        check_refused(&format!("bankid:///?autostarttoken=TOKEN&{tail}"), last);
    }
    check_refused("bankid:///?redirect=null&autostarttoken=TOKEN", last);
    let fragment = "it must not have a fragment; a `#` within `redirect` must be percent-encoded";
    check_refused("bankid:///?autostarttoken=TOKEN#", fragment);
    check_refused("bankid:///?autostarttoken=TOKEN&redirect=https://a.example/#b", fragment);
    for value in ["%", "%2", "%G0", "%C3", "%FF"] {
        let url = format!("bankid:///?autostarttoken=TOKEN&redirect={value}");
        check_refused(&url, "`redirect` must be percent-encoded UTF-8");
    }
    for value in ["Null", "/login", "a.example", "%3Anull"] {
        let url = format!("bankid:///?autostarttoken=TOKEN&redirect={value}");
        check_refused(&url, "`redirect` must be `null` or an absolute URL");
    }
    for value in ["%", "12345678%", "order-12", "12345678%3D", "b3JkZXI_PjEy"] {
        let url = format!("bankid:///?autostarttoken=TOKEN&rpref={value}");
        check_refused(&url, "`rpref` must be base64, then percent-encoded");
    }
    for value in ["", "YQ%3D%3D", &"A".repeat(256)] {
        let url = format!("bankid:///?autostarttoken=TOKEN&rpref={value}");
        check_refused(&url, "`rpref` must have 8 to 255 characters as base64");
    }
}

#[test]
fn references_are_bounded() {
    assert_eq!(RpRef::try_from("abc"), Err(BadRpRef::Length));
    assert_eq!(RpRef::try_from("abcd").unwrap().as_base64(), "YWJjZA==");
    assert_eq!(RpRef::try_from([0; 189].as_slice()).unwrap().as_base64().len(), 252);
    assert_eq!(RpRef::try_from([0; 190].as_slice()), Err(BadRpRef::Length));
}

#[test]
fn return_urls_are_bounded() {
    assert_eq!(ReturnUrl::try_from(""), Err(BadReturnUrl::Empty));
    assert!(ReturnUrl::try_from("å".repeat(512)).is_ok());
    assert_eq!(ReturnUrl::try_from("å".repeat(513)), Err(BadReturnUrl::TooLong));
    assert_eq!(ReturnUrl::null().as_str(), "null");
    assert!(serde_json::from_str::<ReturnUrl>("\"\"").is_err());
    assert_eq!(serde_json::to_string(&ReturnUrl::null()).unwrap(), "\"null\"");
}

#[test]
fn return_urls_to_be_careful_with() {
    let caution = |text: &str| ReturnUrl::try_from(text).unwrap().caution();
    for fine in [
        "null",
        "https://example.com/",
        "HTTPS://example.com",
        "com.example.app://x",
        "googlechromes://",
        "firefox:",
    ] {
        assert_eq!(caution(fine), None, "{fine}");
    }
    assert_eq!(caution("http://localhost:3000/"), Some(Caution::PlainHttp));
    assert_eq!(caution("HTTP://example.com/"), Some(Caution::PlainHttp));
    for relative in ["/login", "example.com", "Null", "1a://b", "://", "a b:c"] {
        assert_eq!(caution(relative), Some(Caution::NotAbsolute), "{relative}");
    }
}

#[test]
fn nonces_go_into_the_fragment() {
    let nonce = Nonce::new([0xab; 16]);
    let text = "q6urq6urq6urq6urq6urqw";
    assert_eq!(nonce.as_str(), text);
    let with = |page: &str| ReturnUrl::with_nonce(page, &nonce).map(String::from);
    assert_eq!(with("https://a.example/"), Ok(format!("https://a.example/#nonce={text}")));
    assert_eq!(with("https://a.example/#"), Ok(format!("https://a.example/#nonce={text}")));
    assert_eq!(
        with("https://a.example/?b#c=1"),
        Ok(format!("https://a.example/?b#c=1&nonce={text}"))
    );
    assert_eq!(with(""), Err(BadReturnUrl::Empty));
    assert_eq!(with(&"x".repeat(512 - 29)).unwrap().len(), 512);
    assert_eq!(with(&"x".repeat(512 - 28)), Err(BadReturnUrl::TooLong));
}

#[test]
fn nonces_are_found_again() {
    let nonce = Nonce::new(core::array::from_fn(|index| u8::try_from(index).unwrap()));
    let kept = Nonce::try_from(nonce.as_str()).unwrap();
    let text = nonce.as_str();
    for returned in [
        format!("#nonce={text}"),
        format!("https://a.example/?x=1#nonce={text}"),
        format!("#initiated=true&nonce={text}&more"),
        format!("#nonce=wrong&nonce={text}"),
    ] {
        assert!(kept.is_in(&returned), "{returned}");
    }
    for returned in [
        String::new(),
        format!("nonce={text}"),
        format!("https://a.example/?nonce={text}"),
        format!("https://a.example/?nonce={text}#"),
        format!("#nonce={text}x"),
        format!("#Nonce={text}"),
        format!("#xnonce={text}"),
        format!("#nonce={}", text.to_lowercase()),
        String::from("#nonce="),
    ] {
        assert!(!kept.is_in(&returned), "{returned}");
    }
    assert_eq!(format!("{nonce:?}"), "Nonce(..)");
    for bad in [
        "",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAA==",
        "AAAAAAAAAAAAAAAAAAAAA+",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(Nonce::try_from(bad).unwrap_err(), BadNonce, "{bad}");
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(
        token in "[!-~]{1,256}", is_app in any::<bool>(), reference in proptest::option::of(proptest::collection::vec(any::<u8>(), 4..190)),
        redirect in proptest::option::of("[a-z][a-z0-9+.-]{0,8}:\\PC{0,40}"),
    ) {
        // A token in brackets is taken for documentation that was copied, whatever an opaque token may be.
        prop_assume!(!token.starts_with(['<', '[', '{', '(']));
        let link = if is_app { Link::App } else { Link::Scheme };
        let token = AutoStartToken::try_from(token).unwrap();
        let rp_ref = reference.map(|reference| RpRef::try_from(reference.as_slice()).unwrap());
        let mut url = StartUrl::new(link, &token);
        if let Some(rp_ref) = &rp_ref {
            url = url.rp_ref(rp_ref);
        }
        if let Some(redirect) = &redirect {
            url = url.redirect(Redirect::To(redirect));
        }
        let url = url.to_string();
        prop_assert!(url.is_ascii());
        prop_assert_eq!(parse_start_url(&url), Ok(Opened { link, token, rp_ref, redirect }));
    }

    #[test]
    fn any_text_is_read(text in "\\PC*", tail in "[&=#%a-z0-9+]{0,40}") {
        prop_assert!(matches!(parse_start_url(&text), Err(Fault::Start | Fault::QrText)));
        for url in [
            format!("bankid:///?autostarttoken=a{tail}"),
            format!("https://app.bankid.com/?rpref={tail}&autostarttoken=a"),
        ] {
            let Ok(opened) = parse_start_url(&url) else { continue };
            let mut printed = StartUrl::new(opened.link, &opened.token);
            if let Some(rp_ref) = &opened.rp_ref {
                printed = printed.rp_ref(rp_ref);
            }
            if let Some(redirect) = &opened.redirect {
                printed = printed.redirect(Redirect::To(redirect));
            }
            prop_assert_eq!(parse_start_url(&printed.to_string()), Ok(opened.clone()), "{}", url);
        }
    }

    #[test]
    fn every_nonce_is_found_and_no_other(bytes in any::<[u8; 16]>(), other in any::<[u8; 16]>(), page in "https://[a-z]{1,9}/(#[a-z=&]{0,9})?") {
        prop_assume!(bytes != other);
        let (nonce, other) = (Nonce::new(bytes), Nonce::new(other));
        let url = ReturnUrl::with_nonce(&page, &nonce).unwrap();
        prop_assert!(nonce.is_in(url.as_str()));
        prop_assert!(!other.is_in(url.as_str()));
        let kept = Nonce::try_from(nonce.as_str()).unwrap();
        prop_assert_eq!(kept.as_str(), nonce.as_str());
    }
}
