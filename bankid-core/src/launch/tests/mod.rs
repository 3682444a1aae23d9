//! What the shared vectors cannot say: secrets stay hidden, and properties of every link, reference and nonce.

extern crate std;

mod vectors;

use std::{format, string::ToString};

use proptest::prelude::*;

use super::{
    BadNonce, BadRpRef, Fault, Link, Nonce, Opened, Redirect, ReturnUrl, RpRef, StartUrl,
    parse_start_url,
};
use crate::order::AutoStartToken;

const TOKEN: &str = "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";

fn token() -> AutoStartToken {
    AutoStartToken::try_from(TOKEN).unwrap()
}

#[test]
fn debug_hides_the_token() {
    let token = token();
    let opened = parse_start_url(&StartUrl::desktop(&token).to_string()).unwrap();
    let shown = format!("{:?} {opened:?}", StartUrl::desktop(&token));
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[test]
fn references_of_bytes_are_bounded() {
    assert_eq!(RpRef::try_from([0; 189].as_slice()).unwrap().as_base64().len(), 252);
    assert_eq!(RpRef::try_from([0; 190].as_slice()), Err(BadRpRef::Length));
}

#[test]
fn return_urls_are_checked_in_documents_too() {
    assert_eq!(ReturnUrl::null().as_str(), "null");
    assert!(serde_json::from_str::<ReturnUrl>("\"\"").is_err());
    assert_eq!(serde_json::to_string(&ReturnUrl::null()).unwrap(), "\"null\"");
}

#[test]
fn debug_hides_the_nonce() {
    let nonce = Nonce::new([0xab; 16]);
    assert_eq!(format!("{nonce:?}"), "Nonce(..)");
    assert_eq!(Nonce::try_from("").unwrap_err(), BadNonce);
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
