use serde_json::{Value, json};

use super::{Builder, Refusal};

async fn start(options: &Value) -> Result<(), Refusal> {
    let simulator = Builder::from_json(&options.to_string())?.start().await?;
    simulator.stop().await.unwrap();
    Ok(())
}

/// A refusal: code, member and nearest name, and what its detail begins with.
#[track_caller]
fn check(refusal: &Refusal, code: &str, member: Option<&str>, nearest: Option<&str>, detail: &str) {
    assert_eq!(
        (refusal.code, refusal.member.as_deref(), refusal.nearest.as_deref()),
        (code, member, nearest),
        "{refusal:?}"
    );
    assert!(refusal.detail.starts_with(detail), "{refusal:?}");
}

#[tokio::test]
async fn everything_can_be_set() {
    let folder =
        std::env::temp_dir().join(format!("bankid-simulator-options-{}", std::process::id()));
    let options = json!({
        "scenario": "phone",
        "config": {"scenarios": {"mine": "userSign, complete"}, "operations": {"sign": "mine"}},
        "listen": "127.0.0.1",
        "port": 0,
        "tlsPort": 0,
        "names": ["bankid.test"],
        "certsDir": folder,
        "frozenAt": 1_800_000_000_000_u64,
        "seed": "18446744073709551615",
        "allowAnyPersonalNumber": true,
        "maxOrders": 10,
        "maxLanes": 2,
        "controlToken": "s3cret",
    });
    let simulator = Builder::from_json(&options.to_string()).unwrap().start().await.unwrap();
    assert!(folder.join("ca.pem").exists());
    assert_eq!(simulator.default_lane().clock().now().unix_ms(), 1_800_000_000_000);
    assert!(simulator.default_lane().scenario("mine").is_ok());
    assert!(simulator.lane("a").is_ok());
    simulator.stop().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn nothing_need_be_set_and_ports_can_be_off() {
    start(&json!({})).await.unwrap();
    start(&json!({"config": null, "seed": 7, "config": "scenario = 'realistic'"})).await.unwrap();
    let simulator = Builder::from_json(r#"{"port":false}"#).unwrap().start().await.unwrap();
    assert_eq!((simulator.http_url(), simulator.control_url()), (None, None));
    assert!(simulator.https_url().is_some_and(|url| url.starts_with("https://127.0.0.1:")));
    simulator.stop().await.unwrap();
    let refusal = start(&json!({"port": false, "tlsPort": false})).await.unwrap_err();
    check(&refusal, "nothingToListenOn", None, None, "neither plain HTTP nor TLS is on");
}

#[tokio::test]
async fn members_that_do_not_hold_are_named() {
    for (options, member, nearest, detail) in [
        (
            json!({"senario": "phone"}),
            "senario",
            Some("scenario"),
            "senario: no member of this name",
        ),
        (
            json!({"port": true}),
            "port",
            None,
            "port: expected a number from 0 to 65535, or `false`",
        ),
        (json!({"tlsPort": 65_536}), "tlsPort", None, "tlsPort: expected a number from 0 to 65535"),
        (json!({"listen": "localhost"}), "listen", None, "listen: "),
        (json!({"seed": "x"}), "seed", None, "seed: expected a whole number"),
        (json!({"seed": -1}), "seed", None, "seed: expected a whole number"),
        (json!({"frozenAt": u64::MAX}), "frozenAt", None, "frozenAt: must lie before"),
        (json!({"maxLanes": 0}), "maxLanes", None, "maxLanes: must be at least 1"),
        (json!({"controlToken": "a b"}), "controlToken", None, "controlToken: must be visible"),
        (json!({"config": 1}), "config", None, "config: expected a configuration"),
        (
            json!({"config": {"operations": {"sing": "slow"}}}),
            "config.operations.sing",
            Some("sign"),
            "config.operations.sing: no member of this name",
        ),
        (
            json!({"config": {"operations": {"sign": "realistc"}}}),
            "config.operations.sign",
            Some("realistic"),
            "config.operations.sign: there is no scenario `realistc`",
        ),
        (json!({"names": ["not a name"]}), "names", None, "names: \"not a name\" is neither"),
    ] {
        check(
            &start(&options).await.unwrap_err(),
            "badConfiguration",
            Some(member),
            nearest,
            detail,
        );
    }
}

#[tokio::test]
async fn texts_of_files_are_refused_with_line_and_column() {
    let toml = "[operations]\nsing = 'slow'\n";
    let refusal = start(&json!({"config": toml})).await.unwrap_err();
    check(
        &refusal,
        "badConfiguration",
        Some("config.operations.sing"),
        Some("sign"),
        "2:1: operations.sing: no member of this name",
    );
    let refusal = start(&json!({"config": "\n{\"scenario\": 1}"})).await.unwrap_err();
    check(&refusal, "badConfiguration", Some("config.scenario"), None, "2:14: scenario: ");
    // All faults at once.
    let person = "[personas.a]\npersonalNumber='197512312385'\ngivenName='A'\nsurname='B'\n";
    let refusal = start(&json!({"config": format!("scenario='x'\n{person}")})).await.unwrap_err();
    check(&refusal, "badConfiguration", Some("config.scenario"), None, "1:10: scenario: ");
    assert_eq!(refusal.detail.lines().count(), 2, "{refusal:?}");
    start(&json!({"config": person, "allowAnyPersonalNumber": true})).await.unwrap();
}

#[tokio::test]
async fn what_goes_wrong_at_the_start_is_said_with_its_cause() {
    let refusal = start(&json!({"scenario": "userCancle"})).await.unwrap_err();
    check(
        &refusal,
        "invalidScenario",
        Some("scenario"),
        Some("userCancel"),
        "scenario: there is no scenario",
    );
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let refusal = start(&json!({"port": port})).await.unwrap_err();
    check(&refusal, "cannotListen", None, None, &format!("cannot listen on 127.0.0.1:{port}: "));
}
