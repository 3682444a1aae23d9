//! A small user-agent detector (8.5): only as much as the table of browsers (8.3) needs.

use super::Device;

/// A user's browser, as far as starting the app is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Browser {
    /// What it runs on.
    pub platform: Platform,
    /// What it is.
    pub family: Family,
}

/// What a browser runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Windows, macOS, Linux, and whatever is not known to be mobile.
    Desktop,
    /// iPhone, iPod and iPad.
    Ios,
    /// Android.
    Android {
        /// The major version, if the browser tells it.
        version: Option<u16>,
    },
}

/// What a browser is. A browser that passes itself off as another one is taken for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Apple's browser.
    Safari,
    /// Google Chrome, and what says it is.
    Chrome,
    /// Mozilla Firefox.
    Firefox,
    /// Microsoft Edge.
    Edge,
    /// Opera; on iOS Opera Touch.
    Opera,
    /// Samsung Internet.
    Samsung,
    /// Brave, where it says so.
    Brave,
    /// The `DuckDuckGo` browser.
    DuckDuckGo,
    /// A browser inside another app, or one that nobody here knows.
    Other,
}

impl Browser {
    /// Judges by the `User-Agent`, and by the script's `navigator.maxTouchPoints` (0 if not known), without which an iPad
    /// looks like a Mac.
    pub fn detect(user_agent: &str, max_touch_points: u32) -> Self {
        let has = |mark: &str| user_agent.contains(mark);
        let is_mac_with_touch = has("Macintosh")
            && (max_touch_points > 1 || ["CriOS", "FxiOS", "EdgiOS"].into_iter().any(has));
        if has("iPhone") || has("iPad") || has("iPod") || is_mac_with_touch {
            Self { platform: Platform::Ios, family: first(user_agent, IOS) }
        } else if has("Android") {
            Self {
                platform: Platform::Android { version: android_version(user_agent) },
                family: first(user_agent, ANDROID),
            }
        } else {
            Self { platform: Platform::Desktop, family: first(user_agent, DESKTOP) }
        }
    }

    /// The kind of device, which decides on messages and on what to offer first.
    pub const fn device(self) -> Device {
        match self.platform {
            Platform::Desktop => Device::Computer,
            Platform::Ios | Platform::Android { .. } => Device::Mobile,
        }
    }
}

/// Marks and what they mean; the first that is found decides.
type Marks = &'static [(&'static str, Family)];

/// Apps that show pages inside themselves and yet may call themselves a known browser.
const IN_APP: Marks = &[
    ("FBAN/", Family::Other),
    ("FBAV/", Family::Other),
    ("Instagram", Family::Other),
    ("GSA/", Family::Other),
    ("LinkedInApp", Family::Other),
    ("Line/", Family::Other),
    ("Pinterest/", Family::Other),
    ("Snapchat", Family::Other),
    ("musical_ly", Family::Other),
    ("; wv)", Family::Other),
];

/// All browsers of iOS contain `Safari`, and those inside apps normally do not.
const IOS: Marks = &[
    ("CriOS", Family::Chrome),
    ("FxiOS", Family::Firefox),
    ("EdgiOS", Family::Edge),
    ("OPT/", Family::Opera),
    ("Brave/", Family::Brave),
    ("DuckDuckGo/", Family::DuckDuckGo),
    ("Ddg/", Family::DuckDuckGo),
    ("Safari", Family::Safari),
];

/// Nearly all browsers of Android contain `Chrome`.
const ANDROID: Marks = &[
    ("SamsungBrowser", Family::Samsung),
    ("EdgA", Family::Edge),
    ("OPR", Family::Opera),
    ("Firefox", Family::Firefox),
    ("Brave/", Family::Brave),
    ("DuckDuckGo/", Family::DuckDuckGo),
    ("Ddg/", Family::DuckDuckGo),
    ("Chrome", Family::Chrome),
];

const DESKTOP: Marks = &[
    ("Edg/", Family::Edge),
    ("OPR/", Family::Opera),
    ("Firefox/", Family::Firefox),
    ("Brave/", Family::Brave),
    ("DuckDuckGo/", Family::DuckDuckGo),
    ("Ddg/", Family::DuckDuckGo),
    ("Chrome/", Family::Chrome),
    ("Safari/", Family::Safari),
];

fn first(user_agent: &str, marks: Marks) -> Family {
    let found = IN_APP.iter().chain(marks).find(|(mark, _)| user_agent.contains(mark));
    found.map_or(Family::Other, |(_, family)| *family)
}

/// The number in `Android 14;`, which not every browser tells.
fn android_version(user_agent: &str) -> Option<u16> {
    let (_, rest) = user_agent.split_once("Android ")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
