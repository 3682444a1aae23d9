//! Rows of 8.3, by user agents in the shape that the browsers send.

extern crate std;

use super::super::{AppLinks, Back, BadReturnUrl, Browser, Device, Family, Link, Platform, Way};

const WINDOWS: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
const MAC: &str =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)";

/// What follows the common start of a user agent.
#[track_caller]
fn check(start: &str, rest: &str, platform: Platform, family: Family) {
    let user_agent = std::format!("{start} {rest}");
    assert_eq!(Browser::detect(&user_agent, 5), Browser { platform, family }, "{user_agent}");
}

#[test]
fn computers() {
    let check = |start, rest, family| {
        let user_agent = std::format!("{start} {rest}");
        let browser = Browser::detect(&user_agent, 0);
        assert_eq!(browser, Browser { platform: Platform::Desktop, family }, "{user_agent}");
        assert_eq!(browser.device(), Device::Computer);
    };
    check(WINDOWS, "Chrome/126.0.0.0 Safari/537.36", Family::Chrome);
    check(WINDOWS, "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", Family::Edge);
    check(WINDOWS, "Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0", Family::Opera);
    check(MAC, "Version/17.5 Safari/605.1.15", Family::Safari);
    check(MAC, "Version/17.5 Safari/605.1.15 Ddg/17.5", Family::DuckDuckGo);
    check(
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0)",
        "Gecko/20100101 Firefox/127.0",
        Family::Firefox,
    );
    check("", "", Family::Other);
    check("curl/8.5.0", "", Family::Other);
    // A computer with a touch screen stays one.
    assert_eq!(Browser::detect(WINDOWS, 10).platform, Platform::Desktop);
    assert_eq!(Browser::detect(MAC, 1).platform, Platform::Desktop);
}

#[test]
fn iphones() {
    check(IPHONE, "Version/17.5 Mobile/15E148 Safari/604.1", Platform::Ios, Family::Safari);
    check(IPHONE, "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", Platform::Ios, Family::Chrome);
    check(IPHONE, "FxiOS/127.1 Mobile/15E148 Safari/605.1.15", Platform::Ios, Family::Firefox);
    check(
        IPHONE,
        "Version/17.0 EdgiOS/125.0 Mobile/15E148 Safari/604.1",
        Platform::Ios,
        Family::Edge,
    );
    check(IPHONE, "Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.7", Platform::Ios, Family::Opera);
    check(IPHONE, "Version/17.5 Brave/1 Mobile/15E148 Safari/604.1", Platform::Ios, Family::Brave);
    check(
        IPHONE,
        "Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
        Platform::Ios,
        Family::DuckDuckGo,
    );
    check(IPHONE, "Mobile/15E148 [FBAN/FBIOS;FBAV/468.0]", Platform::Ios, Family::Other);
    check(IPHONE, "Mobile/15E148 Instagram 336.0 Safari/604.1", Platform::Ios, Family::Other);
    check(IPHONE, "GSA/322.0 Mobile/15E148 Safari/604.1", Platform::Ios, Family::Other);
    check(IPHONE, "Mobile/15E148", Platform::Ios, Family::Other);
}

#[test]
fn ipads() {
    check(MAC, "Version/17.5 Safari/605.1.15", Platform::Ios, Family::Safari);
    check(
        "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X)",
        "Version/12.1 Safari/604.1",
        Platform::Ios,
        Family::Safari,
    );
    let without_script = std::format!("{MAC} CriOS/126 Version/13.0.3 Safari/605.1.15");
    assert_eq!(Browser::detect(&without_script, 0).platform, Platform::Ios);
    assert_eq!(Browser::detect(&without_script, 0).device(), Device::Mobile);
}

#[test]
fn androids() {
    let ten = Platform::Android { version: Some(10) };
    check(ANDROID, "Chrome/126.0.0.0 Mobile Safari/537.36", ten, Family::Chrome);
    check(ANDROID, "Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.0.0", ten, Family::Edge);
    check(ANDROID, "Chrome/126.0.0.0 Mobile Safari/537.36 OPR/82.0.0.0", ten, Family::Opera);
    check(
        ANDROID,
        "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        ten,
        Family::Samsung,
    );
    check(
        ANDROID,
        "Version/4.0 Chrome/126.0.0.0 Mobile DuckDuckGo/5 Safari/537.36",
        ten,
        Family::DuckDuckGo,
    );
    check(
        "Mozilla/5.0 (Linux; Android 10; K; wv)",
        "Version/4.0 Chrome/126 Safari/537.36",
        ten,
        Family::Other,
    );
    let old = Platform::Android { version: Some(5) };
    check(
        "Mozilla/5.0 (Linux; Android 5.1.1; A)",
        "Chrome/95.0 Mobile Safari/537.36",
        old,
        Family::Chrome,
    );
    let fourteen = Platform::Android { version: Some(14) };
    check(
        "Mozilla/5.0 (Android 14; Mobile; rv:127.0)",
        "Gecko/127.0 Firefox/127.0",
        fourteen,
        Family::Firefox,
    );
    let untold = Platform::Android { version: None };
    check("Mozilla/5.0 (Android; Mobile)", "Firefox/40.0", untold, Family::Firefox);
    check("Mozilla/5.0 (Linux; Android 99999999; K)", "Chrome/1", untold, Family::Chrome);
}

const IOS_FAMILIES: [(Family, Back); 8] = [
    (Family::Safari, Back::Page),
    (Family::Chrome, Back::Chrome),
    (Family::Firefox, Back::Firefox),
    (Family::Opera, Back::Opera),
    (Family::Edge, Back::Null),
    (Family::Brave, Back::Brave),
    (Family::DuckDuckGo, Back::DuckDuckGo),
    (Family::Other, Back::Null),
];

const ANDROID_FAMILIES: [Family; 8] = [
    Family::Chrome,
    Family::Edge,
    Family::Samsung,
    Family::Firefox,
    Family::Opera,
    Family::Brave,
    Family::DuckDuckGo,
    Family::Other,
];

fn android(version: Option<u16>, family: Family) -> Browser {
    Browser { platform: Platform::Android { version }, family }
}

#[test]
fn ways_of_computers() {
    for family in [Family::Chrome, Family::Safari, Family::Other] {
        for school in [AppLinks::ByBrowser, AppLinks::Everywhere, AppLinks::WhereKnown] {
            let way = Browser { platform: Platform::Desktop, family }.way(school);
            assert_eq!(way, Way { link: Link::Scheme, fallback: None, back: Back::Null });
        }
    }
}

#[test]
fn ways_by_browser() {
    for (family, back) in IOS_FAMILIES {
        let link = if family == Family::Other { Link::Scheme } else { Link::App };
        let has_fallback = !matches!(family, Family::Safari | Family::Other);
        let fallback = has_fallback.then_some(Link::Scheme);
        let way = Browser { platform: Platform::Ios, family }.way(AppLinks::default());
        assert_eq!(way, Way { link, fallback, back }, "{family:?}");
    }
    for family in ANDROID_FAMILIES {
        let fallback =
            if matches!(family, Family::Chrome | Family::Edge) { None } else { Some(Link::Scheme) };
        let way = android(Some(5), family).way(AppLinks::ByBrowser);
        assert_eq!(way, Way { link: Link::App, fallback, back: Back::Null }, "{family:?}");
    }
}

#[test]
fn ways_of_the_school_that_uses_app_links_everywhere() {
    for (family, back) in IOS_FAMILIES {
        let way = Browser { platform: Platform::Ios, family }.way(AppLinks::Everywhere);
        assert_eq!((way.link, way.back), (Link::App, back), "{family:?}");
    }
    for family in ANDROID_FAMILIES {
        assert_eq!(android(None, family).way(AppLinks::Everywhere).link, Link::App, "{family:?}");
    }
}

#[test]
fn ways_of_the_school_that_uses_app_links_where_known() {
    for (family, back) in IOS_FAMILIES {
        let link = if family == Family::Safari { Link::App } else { Link::Scheme };
        let way = Browser { platform: Platform::Ios, family }.way(AppLinks::WhereKnown);
        assert_eq!(way, Way { link, fallback: None, back }, "{family:?}");
    }
    for family in ANDROID_FAMILIES {
        let known = matches!(family, Family::Chrome | Family::Edge);
        for (version, is_new) in [(None, true), (Some(6), true), (Some(14), true), (Some(5), false)]
        {
            let link = if known && is_new { Link::App } else { Link::Scheme };
            let way = android(version, family).way(AppLinks::WhereKnown);
            assert_eq!(
                way,
                Way { link, fallback: None, back: Back::Null },
                "{family:?} {version:?}"
            );
        }
    }
}

#[test]
fn ways_back() {
    let page = "https://example.com/a?x=1";
    let check = |back: Back, page: &str, expected: &str| {
        assert_eq!(back.return_url(page).unwrap().as_str(), expected, "{back:?}");
    };
    check(Back::Null, page, "null");
    check(Back::Page, page, "https://example.com/a?x=1#initiated=true");
    check(Back::Page, "https://example.com/#nonce=1", "https://example.com/#nonce=1");
    check(Back::Chrome, page, "googlechromes://");
    check(Back::Chrome, "http://localhost/", "googlechrome://");
    check(Back::Firefox, page, "firefox://");
    check(Back::Opera, page, "touch-https://example.com/a?x=1");
    check(Back::Opera, "http://localhost/", "touch-http://localhost/");
    check(Back::Brave, page, "brave://open-url?url=https%3A%2F%2Fexample.com%2Fa%3Fx%3D1");
    check(Back::DuckDuckGo, page, "ddgQuickLink://example.com/a?x=1");
    for bad in ["", "/a", "https:/a", "https://", "ftp://example.com/", "javascript://x"] {
        assert_eq!(Back::Page.return_url(bad), Err(BadReturnUrl::NotAPage), "{bad}");
    }
    let long = std::format!("https://example.com/{}", "a".repeat(600));
    assert_eq!(Back::Page.return_url(&long), Err(BadReturnUrl::TooLong));
    assert_eq!(Back::Firefox.return_url(&long).unwrap().as_str(), "firefox://");
}
