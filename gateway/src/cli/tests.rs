use super::*;

/// Exit code and both outputs, without an environment.
fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings { out: &mut out, err: &mut err, lookup: &|_| None };
    let code = run_in([&["bankid-gateway"], arguments].concat(), &mut surroundings);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// A value within quotes behind a name.
fn quoted<'a>(text: &'a str, name: &str) -> &'a str {
    text.split(name).nth(1).and_then(|rest| rest.split('"').nth(1)).expect("a value")
}

#[test]
fn a_new_key_fits_the_lines_that_come_with_it() {
    let (code, out, err) = run(&["key", "shop"]);
    assert_eq!((code, &*err), (0, ""));
    let key = out.lines().nth(1).unwrap();
    assert_eq!(key.len(), 43);
    assert_eq!(quoted(&out, "name"), "shop");
    assert_eq!(quoted(&out, "sha256"), base16ct::lower::encode_string(&crate::digest(key)));
    let (_, other, _) = run(&["key", "shop"]);
    assert_ne!(other.lines().nth(1), Some(key));
    let (code, out, err) = run(&["key", "a \"b\""]);
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("1 to 64 letters"), "{err}");
}

#[test]
fn a_setting_that_does_not_hold_is_refused_in_one_line() {
    for arguments in [&["check"][..], &[]] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, &*out), (2, ""));
        assert_eq!(
            err,
            "bankid-gateway: nothing says whom to call: set environment (--environment) to test, production or simulator\n"
        );
    }
    assert_eq!(run(&["--environment", "elsewhere"]).0, 2);
    assert_eq!(run(&["--help"]).0, 0);
    let (code, _, err) = run(&["check", "--config", "/absent/gateway.toml"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("bankid-gateway: cannot read /absent/gateway.toml: "), "{err}");
}

/// A file that does not hold any more leaves keys as they were.
#[test]
fn reading_again_changes_all_or_nothing() {
    let file = std::env::temp_dir().join(format!("gateway-reload-{}.toml", std::process::id()));
    let write = |environment: &str, key: &str| {
        let digest = base16ct::lower::encode_string(&crate::digest(key));
        let keys = format!("[[keys]]\nname = 'shop'\nsha256 = ['{digest}']\n");
        std::fs::write(&file, format!("environment = '{environment}'\n{keys}")).unwrap();
    };
    let flags = Flags { config: Some(file.clone()), ..Flags::default() };
    write("simulator", "first");
    let config = Config::load(&flags, &|_| None).unwrap();
    let gateway = Gateway::new(config.client().unwrap(), config.keys);
    let is_let_in = |key: &str| {
        let request = http::Request::post("/auth").header("x-api-key", key);
        let (head, ()) =
            request.header("content-type", "application/json").body(()).unwrap().into_parts();
        matches!(gateway.admit(&head), crate::Admission::Admitted(_))
    };
    write("nonsense", "second");
    reload(&gateway, &flags, &|_| None);
    assert!(is_let_in("first") && !is_let_in("second"));
    write("simulator", "second");
    reload(&gateway, &flags, &|_| None);
    assert!(!is_let_in("first") && is_let_in("second"));
    std::fs::remove_file(&file).unwrap();
}
