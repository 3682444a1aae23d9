//! What the README files name exists.

use http::Method;
use serde_json::Value;

use super::run;
use crate::config::Config;
use crate::http::control_api::OPENAPI;

fn readmes() -> [(&'static str, String); 2] {
    ["README.md", "../README.md"].map(|file| {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        (file, std::fs::read_to_string(path).unwrap())
    })
}

/// Flags of other programs in our examples.
const FOREIGN: [&str; 6] = ["--release", "--package", "--cacert", "--cert", "--key", "--silent"];

#[test]
fn flags_exist() {
    let commands = ["certs", "check", "healthcheck", "schema", "openapi"];
    let mut help = run(&["--help"]).out;
    for command in commands {
        help.push_str(&run(&[command, "--help"]).out);
    }
    let known: Vec<&str> =
        help.split_whitespace().map(|word| word.trim_matches(|c| "[],.()".contains(c))).collect();
    let is_flag = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for (file, text) in readmes() {
        for (at, _) in text.match_indices(" --").chain(text.match_indices("`--")) {
            let flag: String = text
                .get(at + 1..)
                .unwrap_or_default()
                .chars()
                .take_while(|c| is_flag(*c))
                .collect();
            if flag.len() > 2 && !FOREIGN.contains(&flag.as_str()) {
                assert!(known.contains(&flag.as_str()), "{file} names {flag}");
            }
        }
    }
}

#[test]
fn routes_exist() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let routes = document["paths"].as_object().unwrap();
    let mut seen = 0;
    for (file, text) in readmes() {
        for line in
            text.replace("\\\n", "").lines().filter(|line| line.trim_start().starts_with("curl"))
        {
            let Some(path) =
                line.split_once("$control").or_else(|| line.split_once("/_simulator/v1"))
            else {
                continue;
            };
            let path: String = path.1.chars().take_while(|c| !"?\"' ".contains(*c)).collect();
            let path = path.replace("/default", "/{lane}").replace("ORDER_REF", "{orderRef}");
            let method = if line.contains("-X DELETE") {
                Method::DELETE
            } else if line.contains("-X POST") || line.contains(" -d ") {
                Method::POST
            } else {
                Method::GET
            };
            let found = routes
                .get(&path)
                .and_then(|methods| methods.get(method.as_str().to_ascii_lowercase()));
            assert!(found.is_some(), "{file} calls {method} {path}");
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} calls were found");
}

#[test]
fn the_configuration_holds() {
    let (_, text) = &readmes()[0];
    let example = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    Config::from_toml(example).unwrap().rules(false).unwrap();
}
