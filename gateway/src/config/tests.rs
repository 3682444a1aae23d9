use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Parser as _;

use super::*;

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gateway-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let file = self.0.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const KEYS: &str = "[[keys]]\nname = 'shop'\nsha256 = ['0000000000000000000000000000000000000000000000000000000000000000']\n";

fn load(flags: &[&str], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let arguments = Arguments::try_parse_from([&["bankid-gateway"], flags].concat()).unwrap();
    let environment: BTreeMap<_, _> = environment.iter().copied().collect();
    Config::load(&arguments.settings, &|name| {
        environment.get(name.strip_prefix("BANKID_GATEWAY_")?).map(|text| (*text).to_owned())
    })
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let folder = Folder::new(&format!("refused-{}", text.len()));
    let file = folder.write("gateway.toml", text);
    let error = load(&["--config", &file], &[]).expect_err("it is refused");
    assert_eq!(error.to_string().replace(&file, "FILE"), expected);
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let folder = Folder::new("order");
    let text = format!("environment = 'simulator'\nport = 1\nurl = 'http://127.0.0.1:1'\n{KEYS}");
    let file = folder.write("gateway.toml", &text);
    let environment = [("CONFIG", &*file), ("LOG_LEVEL", "debug"), ("URL", "")];
    let config = load(&[], &environment).unwrap();
    assert_eq!((config.address.port(), config.log_level), (1, LogLevel::Debug));
    assert!(config.address.ip().is_loopback() && !config.is_open());
    let environment = [environment[0], ("PORT", "2"), ("LISTEN", "0.0.0.0")];
    let config = load(&[], &environment).unwrap();
    assert_eq!((config.address.port(), config.is_open()), (2, true));
    let config = load(&["--port", "3", "--listen", "::1"], &environment).unwrap();
    assert_eq!((config.address.port(), config.is_open()), (3, false));
    assert_eq!(format!("{:?}", config.endpoint), "Endpoint(http://127.0.0.1:1)");
}

#[test]
fn the_defaults_are_those_of_the_parts() {
    let folder = Folder::new("defaults");
    let file = folder.write("gateway.toml", KEYS);
    let config = load(&["--config", &file, "--environment", "simulator"], &[]).unwrap();
    assert_eq!(config.address.to_string(), "127.0.0.1:8020");
    assert_eq!(config.limits.orders(), crate::orders::Limits::default());
    let server = serve::Limits::default();
    let drain_time = config.limits.server().drain_time;
    assert_eq!(config.limits.server(), serve::Limits { drain_time, ..server });
    assert!(!config.strict_numbers && config.identity.is_none());
    assert!(config.client().is_ok());
}

#[test]
fn what_is_wrong_in_the_file_is_told_by_its_place() {
    refused(
        "prot = 8020",
        "FILE:1:1: unknown field `prot`, expected one of `listen`, `port`, `environment`, `url`, `ca`, `rpCertificate`, `rpKey`, `rpPkcs12`, `passphraseFile`, `store`, `storeCa`, `storeKeyFile`, `logFormat`, `logLevel`, `strictPersonalNumbers`, `keys`, `relyingParties`, `pages`, `limits`",
    );
    refused("\n\nport = 80200", "FILE:3:8: invalid value: integer `80200`, expected u16");
    refused("[limits]\nstoreMib = 0", "limits.storeMib must be from 1 to 1048576");
    refused(
        KEYS,
        "nothing says whom to call: set environment (--environment) to test, production or simulator",
    );
    let none =
        "there are no API keys, so that nobody could call: `bankid-gateway key NAME` makes one";
    refused("environment = 'simulator'", none);
    let digest = "the key \"a\" has a sha256 that is not 64 hexadecimal digits";
    refused("environment = 'simulator'\n[[keys]]\nname = 'a'\nsha256 = ['00']", digest);
    refused(
        &format!("environment = 'simulator'\n{KEYS}operations = ['auth', 'sing']"),
        "the key \"shop\" has the unknown operation \"sing\"; there are auth, sign, payment, other/payment, phone/auth, phone/sign, collect, cancel",
    );
    let no_identity = "there is no certificate to call BankID with: set rpPkcs12 (--rp-pkcs12), or rpCertificate and rpKey";
    refused(&format!("environment = 'test'\n{KEYS}"), no_identity);
    refused(
        &format!("environment = 'simulator'\nurl = 'https://localhost:8011'\n{KEYS}"),
        no_identity,
    );
    refused(
        &format!("environment = 'production'\nrpKey = 'rp.key'\n{KEYS}"),
        "rpKey needs rpCertificate",
    );
}

/// A passphrase that is wrong, a file that is no certificate, a URL that leaves the machine.
#[test]
fn certificates_and_addresses_are_checked_before_anything_starts() {
    let folder = Folder::new("identity");
    folder.write("rp.p12", "no PKCS#12");
    folder.write("rp.pem", "no PEM");
    let load = |text: &str| {
        let file = folder.write("gateway.toml", &format!("{text}\n{KEYS}"));
        load(&["--config", &file], &[("PASSPHRASE", "a")]).expect_err("it is refused")
    };
    let error = load("environment = 'test'\nrpPkcs12 = 'rp.p12'");
    assert!(
        matches!(&error, ConfigError::Identity { file, .. } if file.ends_with("rp.p12")),
        "{error}"
    );
    let error = load("environment = 'test'\nrpCertificate = 'rp.pem'");
    assert!(
        matches!(&error, ConfigError::Identity { file, .. } if file.ends_with("rp.pem")),
        "{error}"
    );
    let error = load("environment = 'test'\nrpCertificate = 'absent.pem'");
    assert!(matches!(&error, ConfigError::Unreadable { .. }), "{error}");
    let error = load("environment = 'test'\nrpCertificate = 'rp.pem'\nrpPkcs12 = 'rp.p12'");
    assert!(matches!(&error, ConfigError::TwoIdentities), "{error}");
    let error = load("environment = 'simulator'\nurl = 'http://192.0.2.1'");
    assert_eq!(error.to_string(), "baseUrl is not usable: http:// is for loopback addresses only");
}

/// Where orders are kept, with a password that nothing repeats.
#[test]
fn the_store_is_read_and_its_password_is_not_told() {
    let folder = Folder::new("store");
    let load = |store: &str| {
        let text = format!("environment = 'simulator'\n{store}\n{KEYS}");
        load(&["--config", &folder.write("gateway.toml", &text)], &[])
    };
    assert!(load("").unwrap().store.is_none());
    let url = "store = 'rediss://user:planted@store.example:7000/1'";
    folder.write("ca.pem", "any");
    folder.write("key", &format!("{}\n{}\n", "0a".repeat(32), "0B".repeat(32)));
    let config = load(&format!("{url}\nstoreCa = 'ca.pem'\nstoreKeyFile = 'key'")).unwrap();
    assert!(!format!("{config:?}").contains("planted"));
    let (address, seal) = config.store.unwrap();
    assert_eq!(address.to_string(), "store.example:7000");
    assert_eq!(format!("{seal:?}"), "Seal(2 keys)");
    for (name, text) in
        [("short", "0a"), ("long", &*"0a".repeat(33)), ("empty", "\n"), ("text", "key")]
    {
        folder.write(name, text);
        let error = load(&format!("{url}\nstoreKeyFile = '{name}'")).unwrap_err();
        assert!(error.to_string().contains("openssl rand -hex 32"), "{error}");
    }
    for store in ["store = 'https://user:planted@a'", "store = 'redis://user:planted@a:port'"] {
        let error = load(store).unwrap_err();
        assert!(matches!(error, ConfigError::Store(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    let error = load("storeKeyFile = 'key'").unwrap_err();
    assert_eq!(error.to_string(), "storeKeyFile needs store (--store)");
    let error = load("store = 'redis://a'\nstoreCa = 'ca.pem'").unwrap_err();
    assert_eq!(error.to_string(), "storeCa is for a store by rediss:// only");
}

#[test]
fn pages_are_off_unless_there_is_a_table() {
    let folder = Folder::new("pages");
    let text = format!("environment = 'simulator'\n{KEYS}");
    let file = folder.write("gateway.toml", &text);
    assert!(load(&["--config", &file], &[]).unwrap().pages.is_none());
    let table = "[pages]\norigins = ['https://shop.example']\ntrustedProxies = ['10.0.0.0/8', '2001:db8::1']\nforwardingHeader = 'forwarded'\ncodeSeconds = 20\nsessions = 7\nappLinks = 'everywhere'\n";
    let file = folder.write("gateway.toml", &format!("{text}{table}"));
    let pages = load(&["--config", &file], &[]).unwrap().pages.unwrap();
    assert_eq!((&*pages.owner, pages.sessions, pages.code_time.as_secs()), ("shop", 7, 20));
    let proxies: Vec<_> = pages.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "2001:db8::1/128"]);
    assert!(!pages.free_texts && !pages.cross_origin && pages.open_auth && pages.same_address);
}

#[test]
fn pages_that_do_not_hold_are_refused() {
    let table = |text: &str| format!("environment = 'simulator'\n{KEYS}[pages]\n{text}");
    let chain = |text: &str| {
        let folder = Folder::new(&format!("pages-refused-{}", text.len()));
        let file = folder.write("gateway.toml", &table(text));
        let error = load(&["--config", &file], &[]).expect_err("it is refused");
        std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string)
    };
    for (text, expected) in [
        ("origins = []", "there are no origins, so that no page could call"),
        (
            "origins = ['https://shop.example/']",
            "\"https://shop.example/\" is no origin: write it as https://shop.example, with a port if it has one of its own",
        ),
        (
            "origins = ['http://shop.example']",
            "\"http://shop.example\" is not secure: http:// is for origins on this machine, such as http://localhost:3000",
        ),
        (
            "origins = ['https://shop.example']\nreturnUrl = 'https://evil.example/'",
            "returnUrl is not within one of the origins",
        ),
        (
            "origins = ['https://shop.example']\nowner = 'other'",
            "pages.owner is \"other\", and there is no key of that name",
        ),
        (
            "origins = ['https://shop.example']\ntrustedProxies = ['10.0.0.0/33']",
            "pages.trustedProxies has \"10.0.0.0/33\", which is neither an address nor a network such as 10.0.0.0/8",
        ),
        (
            "origins = ['https://shop.example']\ncodeSeconds = 301",
            "pages.codeSeconds must be from 1 to 300",
        ),
    ] {
        assert_eq!(chain(text), expected);
    }
}
