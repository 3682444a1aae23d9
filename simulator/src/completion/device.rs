//! What the app says of itself and its device (`clientInfo`, section 10.3), for each kind of BankID.

use super::BankIdKind;

/// The app's own account, not yet encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeviceInfo {
    /// Version of the app: a number on mobile devices, name=value pairs on computers.
    pub(super) version: String,
    /// Platform.
    pub(super) platform: &'static str,
    /// Version of the operating system.
    pub(super) system: &'static str,
    /// `fsib`.
    pub(super) fsib: &'static str,
    /// `utb`: what holds the key.
    pub(super) utb: &'static str,
}

/// Days for which a desktop program calls itself fresh.
const BEST_BEFORE_SECONDS: u64 = 25 * 86_400;

/// What the app of this kind says.
pub(super) fn describe(kind: BankIdKind, uhi: &str, finished_at_ms: u64) -> DeviceInfo {
    let best_before = (finished_at_ms / 1000).saturating_add(BEST_BEFORE_SECONDS);
    let desktop = |platform: &str, system: &str, reader: &str| {
        format!(
            "Personal=7.15.0.16&BankID_exe=7.15.0.16&BISP=7.15.0.16&platform={platform}&os_version={system}\
             &display_version=&{reader}uhi={uhi}&legacyuhi={uhi}&best_before={best_before}&"
        )
    };
    match kind {
        BankIdKind::Mobile => DeviceInfo {
            version: "7.50.0".to_owned(),
            platform: "IOS",
            system: "18.5",
            fsib: "0",
            utb: "cs1",
        },
        BankIdKind::File => DeviceInfo {
            version: desktop("macosx", "14.5", ""),
            platform: "OS_X",
            system: "14.5",
            fsib: "0",
            utb: "cs1",
        },
        BankIdKind::Card => DeviceInfo {
            version: desktop("win64", "win10", "SmartCard_Reader=Simulated Reader&"),
            platform: "WINDOWS",
            system: "win10",
            fsib: "1",
            utb: "cr2",
        },
    }
}
