//! The shared vectors.

extern crate std;

use std::{
    borrow::ToOwned,
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use serde::Deserialize;

use super::super::{
    AppLinks, Back, BadReturnUrl, Browser, Caution, Device, Family, Fault, Link, Nonce, Platform,
    Redirect, ReturnUrl, RpRef, StartUrl, Way, parse_start_url,
};
use crate::order::AutoStartToken;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vectors {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    links: Vec<Made>,
    opened: Vec<Opened>,
    browsers: Vec<BrowserVector>,
    ways: Vec<WayVector>,
    backs: Vec<WayBack>,
    return_urls: Vec<ReturnUrlVector>,
    rp_refs: Vec<RpRefVector>,
    nonces: Vec<NonceVector>,
    returns: Vec<Return>,
    not_nonces: Vec<NotNonce>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../../tests/vectors/launch.json"))
        .expect("the vectors match their schema")
}

/// Either what came of it, or what was wrong, as name and message.
type Outcome<T> = Result<T, (String, String)>;

#[track_caller]
fn expected<T>(result: &str, good: Option<T>, bad: Option<(String, String)>) -> Outcome<T> {
    match (result, good, bad) {
        ("valid", Some(good), None) => Ok(good),
        ("invalid", None, Some(bad)) => Err(bad),
        _ => panic!("the vector is neither valid nor invalid"),
    }
}

fn both(fault: Option<String>, message: Option<String>) -> Option<(String, String)> {
    Some((fault?, message?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Made {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    link: Link,
    token: String,
    rp_ref: Option<String>,
    redirect: Option<String>,
    url: String,
}

#[test]
fn vectors_of_links() {
    for Made { id, link, token, rp_ref, redirect, url, .. } in vectors().links {
        let token = AutoStartToken::try_from(token).unwrap();
        let reference = rp_ref.as_deref().map(|base64| RpRef::from_base64(base64).unwrap());
        let mut made = StartUrl::new(link, &token);
        if let Some(reference) = &reference {
            made = made.rp_ref(reference);
        }
        made = match redirect.as_deref() {
            Some("null") => made.redirect(Redirect::Null),
            Some(page) => made.redirect(Redirect::To(page)),
            None => made,
        };
        assert_eq!(made.to_string(), url, "{id}");
        if id == "desktop" {
            assert_eq!(StartUrl::desktop(&token).to_string(), url);
        }
        let read = parse_start_url(&url).unwrap();
        assert_eq!((read.token, read.rp_ref, read.redirect), (token, reference, redirect), "{id}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Opened {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    url: String,
    result: String,
    link: Option<Link>,
    token: Option<String>,
    rp_ref: Option<String>,
    redirect: Option<String>,
    fault: Option<String>,
    message: Option<String>,
}

fn name_of(fault: Fault) -> &'static str {
    match fault {
        Fault::QrText => "qrText",
        Fault::Start => "start",
        Fault::TokenMissing => "tokenMissing",
        Fault::Misspelt => "misspelt",
        Fault::Twice(_) => "twice",
        Fault::TokenBrackets => "tokenBrackets",
        Fault::Token(_) => "token",
        Fault::Fragment => "fragment",
        Fault::RpRef(_) => "rpRef",
        Fault::RedirectNotLast => "redirectNotLast",
        Fault::RedirectEncoding => "redirectEncoding",
        Fault::Redirect => "redirect",
    }
}

#[test]
fn vectors_of_links_read() {
    for vector in vectors().opened {
        let good = vector.link.map(|link| (link, vector.token, vector.rp_ref, vector.redirect));
        let expected = expected(&vector.result, good, both(vector.fault, vector.message));
        let read = parse_start_url(&vector.url);
        let read = read.map_err(|fault| (name_of(fault).to_owned(), fault.to_string()));
        let read = read.map(|opened| {
            let reference = opened.rp_ref.map(|reference| reference.as_base64().to_owned());
            (opened.link, Some(opened.token.as_str().to_owned()), reference, opened.redirect)
        });
        assert_eq!(read, expected, "{}", vector.id);
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PlatformName {
    Desktop,
    Ios,
    Android,
}

impl PlatformName {
    fn with(self, version: Option<u16>) -> Platform {
        match self {
            Self::Desktop => Platform::Desktop,
            Self::Ios => Platform::Ios,
            Self::Android => Platform::Android { version },
        }
    }
}

#[derive(Deserialize)]
#[serde(remote = "Family", rename_all = "camelCase")]
enum FamilyName {
    Safari,
    Chrome,
    Firefox,
    Edge,
    Opera,
    Samsung,
    Brave,
    DuckDuckGo,
    Other,
}

#[derive(Deserialize)]
struct Named(#[serde(with = "FamilyName")] Family);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BrowserVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    user_agent: String,
    max_touch_points: u32,
    platform: PlatformName,
    #[serde(default)]
    android_version: Option<u16>,
    family: Named,
    device: Device,
}

#[test]
fn vectors_of_browsers() {
    for vector in vectors().browsers {
        let browser = Browser::detect(&vector.user_agent, vector.max_touch_points);
        let platform = vector.platform.with(vector.android_version);
        assert_eq!(browser, Browser { platform, family: vector.family.0 }, "{}", vector.id);
        assert_eq!(browser.device(), vector.device, "{}", vector.id);
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(remote = "Back", rename_all = "camelCase")]
enum BackName {
    Null,
    Page,
    Chrome,
    Firefox,
    Opera,
    Brave,
    DuckDuckGo,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WayVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    platform: PlatformName,
    #[serde(default)]
    android_versions: Option<Vec<Option<u16>>>,
    families: Vec<Named>,
    app_links: Vec<AppLinks>,
    link: Link,
    fallback: Option<Link>,
    #[serde(with = "BackName")]
    back: Back,
}

#[test]
fn vectors_of_ways() {
    let mut seen = BTreeSet::new();
    for vector in vectors().ways {
        let WayVector { id, platform, families, app_links, link, fallback, back, .. } = vector;
        let versions = vector.android_versions.unwrap_or_else(|| std::vec![None]);
        for Named(family) in families {
            for (version, school) in versions
                .iter()
                .flat_map(|version| app_links.iter().map(move |school| (*version, *school)))
            {
                let browser = Browser { platform: platform.with(version), family };
                assert_eq!(
                    browser.way(school),
                    Way { link, fallback, back },
                    "{id}: {browser:?} {school:?}"
                );
                assert!(
                    seen.insert(std::format!("{browser:?} {school:?}")),
                    "{id}: {browser:?} again"
                );
            }
        }
    }
    // Three settings of: nine families on computers, eight on iOS, and eight of four versions on Android.
    assert_eq!(seen.len(), 3 * (9 + 8 + 8 * 4));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WayBack {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    #[serde(with = "BackName")]
    back: Back,
    page: String,
    result: String,
    return_url: Option<String>,
    fault: Option<String>,
    message: Option<String>,
}

fn named(bad: BadReturnUrl) -> (String, String) {
    let name = match bad {
        BadReturnUrl::Empty => "empty",
        BadReturnUrl::TooLong => "tooLong",
        BadReturnUrl::NotAPage => "notAPage",
    };
    (name.to_owned(), bad.to_string())
}

#[test]
fn vectors_of_ways_back() {
    for vector in vectors().backs {
        let expected =
            expected(&vector.result, vector.return_url, both(vector.fault, vector.message));
        let url = vector.back.return_url(&vector.page).map(String::from).map_err(named);
        assert_eq!(url, expected, "{}", vector.id);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ReturnUrlVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    text: String,
    result: String,
    caution: Option<String>,
    fault: Option<String>,
    message: Option<String>,
}

#[test]
fn vectors_of_return_urls() {
    for vector in vectors().return_urls {
        let id = vector.id;
        match ReturnUrl::try_from(vector.text.as_str()) {
            Ok(url) => {
                assert_eq!(
                    (vector.result.as_str(), url.as_str()),
                    ("valid", &*vector.text),
                    "{id}"
                );
                assert_eq!(url.is_null(), vector.text == "null", "{id}");
                let caution = url.caution().map(|caution| {
                    let name = match caution {
                        Caution::PlainHttp => "plainHttp",
                        Caution::NotAbsolute => "notAbsolute",
                    };
                    (name.to_owned(), caution.to_string())
                });
                assert_eq!(caution, both(vector.caution, vector.message), "{id}");
            }
            Err(bad) => {
                assert_eq!(vector.result, "invalid", "{id}");
                assert_eq!(Some(named(bad)), both(vector.fault, vector.message), "{id}");
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RpRefVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    text: String,
    result: String,
    base64: Option<String>,
    message: Option<String>,
}

#[test]
fn vectors_of_references() {
    for RpRefVector { id, text, result, base64, message, .. } in vectors().rp_refs {
        let made = RpRef::try_from(text.as_str());
        assert_eq!(made.is_ok(), result == "valid", "{id}");
        let said = made.as_ref().err().map(ToString::to_string);
        let made = made.ok().map(|reference| reference.as_base64().to_owned());
        assert_eq!((made, said), (base64, message), "{id}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NonceVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    random: String,
    text: String,
    page: String,
    result: String,
    return_url: Option<String>,
    fault: Option<String>,
    message: Option<String>,
}

#[test]
fn vectors_of_nonces() {
    for vector in vectors().nonces {
        let random = base16ct::lower::decode_vec(&vector.random).unwrap();
        let nonce = Nonce::new(random.try_into().unwrap());
        assert_eq!(nonce.as_str(), vector.text, "{}", vector.id);
        let expected =
            expected(&vector.result, vector.return_url, both(vector.fault, vector.message));
        let url = ReturnUrl::with_nonce(&vector.page, &nonce).map(String::from).map_err(named);
        assert_eq!(url, expected, "{}", vector.id);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Return {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    nonce: String,
    returned: String,
    result: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotNonce {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    text: String,
}

#[test]
fn vectors_of_returns() {
    for Return { id, nonce, returned, result, .. } in vectors().returns {
        let nonce = Nonce::try_from(nonce.as_str()).unwrap();
        assert_eq!(nonce.is_in(&returned), result == "valid", "{id}");
    }
    for NotNonce { id, text, .. } in vectors().not_nonces {
        assert!(Nonce::try_from(text.as_str()).is_err(), "{id}");
    }
}
