use bankid_core::request::Operation;

use super::{ApiOperation, Config, ScenarioEntry};

/// What is said about a refused text, one line a fault.
#[track_caller]
fn refused(toml: &str, expected: &[&str]) {
    let message = Config::from_toml(toml).unwrap_err().to_string();
    assert_eq!(message.lines().collect::<Vec<_>>(), expected, "{toml}");
}

const FULL: &str = r#"
scenario = "realistic"
seed = 7

[scenarios]
slow = "outstandingTransaction 5s, userSign x3, complete"

[scenarios.hesitant]
about = "thinks twice"
steps = "outstandingTransaction, userSign 20s, complete"
phone = "outstandingTransaction, userCallConfirm 20s, userSign, complete"

[operations]
sign = "hesitant"
phone = "slow"

[personas.anna]
personalNumber = "198001052383"
givenName = "Anna"
surname = "Andersson"
issueDate = 2023-11-29
ipAddress = "203.0.113.9"
uhi = "OZvYM9VvyiAmG7NA5jU5zqGcVpo="
scenario = "slow"

[[errors]]
operation = "collect"
error = "maintenance"
call = 3

[[errors]]
error = "other:somethingNew"
status = 418
rate = 0.25

[limits]
orders = 1000
textBytes = 1000000
lanes = 10
connections = 100
bodyBytes = 65536
bodyTime = "2s"
headBytes = 8192
headTime = "2s"
idleTime = "1m"
handshakeTime = "2s"
drainTime = "500ms"

[lanes.checkout]
scenario = "slow"
"#;

#[test]
fn everything_at_once_is_read() {
    let config = Config::from_toml(FULL).unwrap();
    assert_eq!(config.scenario.as_deref(), Some("realistic"));
    assert!(
        matches!(&config.scenarios["slow"], ScenarioEntry::Steps(steps) if steps.starts_with("outstanding"))
    );
    assert!(
        matches!(&config.scenarios["hesitant"], ScenarioEntry::Forms(forms) if forms.phone.is_some())
    );
    assert_eq!(config.personas["anna"].issue_date.as_deref(), Some("2023-11-29"));
    assert_eq!(config.errors[0].operation, Some(ApiOperation::Collect));
    assert_eq!(config.errors[1].rate, Some(0.25));
    assert_eq!(config.limits.text_bytes, Some(1_000_000));
    assert_eq!(config.lanes["checkout"].scenario.as_deref(), Some("slow"));
}

#[test]
fn json_and_toml_say_the_same() {
    let config = Config::from_toml(FULL).unwrap();
    let json = serde_json::to_string_pretty(&config).unwrap();
    assert_eq!(Config::from_json(&json).unwrap(), config);
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(Config::from_toml("").unwrap(), Config::default());
    assert_eq!(Config::from_json("{}").unwrap(), Config::default());
}

#[test]
fn misspelt_members_are_named_with_place_and_proposal() {
    refused(
        "scenario = 'phone'\n\n[limit]\norders = 1\n",
        &[
            "3:2: limit: no member of this name; known are `$schema`, `scenario`, `scenarios`, `operations`, `personas`, \
           `errors`, `limits`, `lanes` and `seed`; did you mean `limits`?",
        ],
    );
    refused(
        "[scenarios.a]\nstep = 'complete'\n",
        &[
            "2:1: scenarios.a.step: no member of this name; known are `about`, `steps` and `phone`; did you mean `steps`?",
        ],
    );
    refused(
        "[[errors]]\nerror = 'maintenance'\noperation = 'colect'\ncall = 1\n",
        &[
            "3:13: errors[0].operation: `colect` is not known here; known are `auth`, `sign`, `payment`, \
           `otherPayment`, `phoneAuth`, `phoneSign`, `collect` and `cancel`; did you mean `collect`?",
        ],
    );
}

#[test]
fn all_wrong_values_are_reported_at_once_in_the_order_of_the_text() {
    refused(
        "[limits]\norders = 0\n[[errors]]\nerror = 'maintenance'\n[[errors]]\nerror = 'maintenance'\nrate = 1.5\n\
         [personas.anna]\npersonalNumber = '1990'\ngivenName = ''\nsurname = 'A'\n",
        &[
            "2:10: limits.orders: must be at least 1",
            "3:1: errors[0]: needs either `call` or `rate`",
            "7:8: errors[1].rate: a rate lies between 0 and 1",
            "9:18: personas.anna.personalNumber: must be twelve digits",
            "10:13: personas.anna.givenName: must be 1 to 100 characters of text",
        ],
    );
}

#[test]
fn limits_have_bounds() {
    refused(
        "[limits]\nconnections = 0\nbodyBytes = 67108865\nheadBytes = 255\n",
        &[
            "2:15: limits.connections: must be from 1 to 1000000",
            "3:13: limits.bodyBytes: must be from 1 to 67108864",
            "4:13: limits.headBytes: must be from 256 to 262144",
        ],
    );
    refused(
        "[limits]\nbodyTime = '10'\n",
        &["2:12: limits.bodyTime: expected a time such as `500ms`, `1.5s` or `2m`, up to 24h"],
    );
    let schema: serde_json::Value = serde_json::from_str(Config::JSON_SCHEMA).unwrap();
    for (member, bounds) in [
        ("connections", super::bounds::CONNECTIONS),
        ("bodyBytes", super::bounds::BODY_BYTES),
        ("headBytes", super::bounds::HEAD_BYTES),
    ] {
        let stated = &schema["$defs"]["Limits"]["properties"][member];
        assert_eq!(stated["minimum"], *bounds.start(), "{member}");
        assert_eq!(stated["maximum"], *bounds.end(), "{member}");
    }
}

#[test]
fn files_are_named_in_errors() {
    let error = Config::load("no/such/file.toml".as_ref()).unwrap_err();
    assert_eq!(error.to_string(), "no/such/file.toml: the file could not be read");
    assert_eq!(error.code(), "configUnreadable");
}

#[test]
fn a_configuration_made_in_code_is_checked_too() {
    let mut config = Config::default();
    config.limits.lanes = Some(0);
    assert_eq!(config.rules(false).unwrap_err().to_string(), "limits.lanes: must be at least 1");
}

#[test]
fn golden_schema_is_what_the_types_say() {
    let schema = serde_json::to_string_pretty(&super::schema::of_config()).unwrap();
    crate::golden::check("config.schema.json", &format!("{schema}\n"));
}

#[test]
fn names_that_do_not_exist_are_refused_wherever_they_stand() {
    refused(
        "scenario = 'realistc'\n[operations]\nsign = 'userCancle'\n[lanes.one]\nscenario = 'elephant'\n\
         [personas.a]\npersonalNumber = '198001052383'\ngivenName = 'A'\nsurname = 'B'\nscenario = 'phon'\n\
         [[errors]]\nerror = 'maintenence'\ncall = 1\n",
        &[
            "1:12: scenario: there is no scenario `realistc`; did you mean `realistic`?",
            "3:8: operations.sign: there is no scenario `userCancle`; did you mean `userCancel`?",
            "5:12: lanes.one.scenario: there is no scenario `elephant`",
            "10:12: personas.a.scenario: there is no scenario `phon`; did you mean `phone`?",
            "12:9: errors[0].error: BankID has no error code `maintenence`; did you mean `maintenance`?",
        ],
    );
}

#[test]
fn faulty_steps_are_shown_with_the_character() {
    refused(
        "[scenarios]\na = 'userSing, complete'\n[scenarios.b]\nsteps = 'complete'\nphone = 'userSign'\n",
        &[
            "2:5: scenarios.a: at character 1: `userSing` is no documented hint; did you mean `userSign`?",
            "5:9: scenarios.b.phone: at character 9: the last step must be `complete` or the hint of a failed order",
        ],
    );
}

#[test]
fn scenarios_of_the_file_can_be_named_in_it() {
    let config = Config::from_toml(FULL).unwrap();
    let rules = config.rules(false).unwrap();
    assert_eq!(rules.operations[&Operation::Sign].name(), Some("hesitant"));
    assert_eq!(rules.operations[&Operation::PhoneSign].name(), Some("slow"));
    assert_eq!(rules.lanes["checkout"].name(), Some("slow"));
    let anna = rules.personas.named("anna").unwrap();
    assert_eq!(
        (anna.name().as_str(), anna.issue_date.to_string().as_str()),
        ("Anna Andersson", "2023-11-29")
    );
    assert_eq!(rules.errors[1].strike.to_string().split(' ').next(), Some("418"));
}

#[test]
fn numbers_that_may_be_somebodys_need_a_word() {
    let text = "[personas.me]\npersonalNumber = '198001010009'\ngivenName = 'A'\nsurname = 'B'\n";
    let config = Config::from_toml(text).unwrap();
    assert!(config.rules(true).is_ok());
    let error = config.rules(false).unwrap_err().to_string();
    assert!(
        error.starts_with("personas.me.personalNumber: ")
            && error.contains("--allow-any-personal-number"),
        "{error}"
    );
    assert!(!error.contains("198001010009"), "{error}");
}

#[test]
fn built_in_names_cannot_be_taken() {
    refused(
        "[scenarios]\nphone = 'complete'\n",
        &["2:9: scenarios.phone: there is already a scenario `phone`"],
    );
    refused(
        "[lanes.'a b']\n",
        &[
            "1:1: lanes.a b: a lane's name is 1 to 64 letters, digits, dots, underscores and hyphens",
        ],
    );
}

#[test]
fn faults_on_the_wire_have_their_own_words() {
    let strike = |members: &str| {
        let config = Config::from_toml(&format!("[[errors]]\ncall = 1\n{members}\n"))?;
        let rules = config.rules(false)?;
        Ok::<_, super::ConfigError>(rules.errors[0].strike.to_string())
    };
    for (members, shown) in [
        ("error = 'maintenance'\ndelay = '2s'", "503 maintenance after 2s"),
        ("error = 'html:internalError'", "500 as HTML"),
        ("error = 'html:maintenance'\nstatus = 502", "502 as HTML"),
        ("error = 'hangUp'\ndelay = '10ms'", "a closed connection after 10ms"),
        ("error = 'late'\ndelay = '1m'", "the usual answer after 60s"),
    ] {
        assert_eq!(strike(members).unwrap(), shown);
    }
    for (members, said) in [
        ("error = 'late'", "errors[0].error: `late` needs a `delay`"),
        ("error = 'hangUp'\nstatus = 500", "errors[0].status: does not go with `hangUp`"),
        ("error = 'html:maintenance'\ndetails = 'x'", "errors[0].details: does not go with"),
        ("error = 'html:maintenence'", "did you mean `maintenance`?"),
        ("error = 'maintenance'\ndelay = 'soon'", "expected a time"),
    ] {
        let error = strike(members).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
