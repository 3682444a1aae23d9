//! Requests from JavaScript: read by core, and refused where something in them would get lost.

use bankid_core::request::{ApiVersion, Operation, Start};
use serde_json::Value;

use crate::error::Failure;

/// The operations, by the names of the methods that start them.
const OPERATIONS: [(&str, Operation); 6] = [
    ("auth", Operation::Auth),
    ("sign", Operation::Sign),
    ("payment", Operation::Payment),
    ("otherPayment", Operation::OtherPayment),
    ("phoneAuth", Operation::PhoneAuth),
    ("phoneSign", Operation::PhoneSign),
];

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Result<Operation, Box<Failure>> {
    let known = OPERATIONS.into_iter().find(|(known, _)| *known == name);
    known
        .map(|(_, operation)| operation)
        .ok_or_else(|| Failure::argument("operation", &format!("there is no operation `{name}`")))
}

/// Its name.
pub(crate) fn name(operation: Operation) -> &'static str {
    let known = OPERATIONS.into_iter().find(|(_, known)| *known == operation);
    known.map_or("", |(name, _)| name)
}

/// Reads a request. BankID passes over members that it does not know, so that a misspelt `requirement` lets anybody in:
/// here they are refused. With `strict`, personal numbers must have a real date and the right control digit.
pub(crate) fn read(
    operation: Operation,
    json: &str,
    strict: bool,
) -> Result<Start<'_>, Box<Failure>> {
    let start =
        Start::parse(ApiVersion::V6_0, operation, json.as_bytes()).map_err(
            |invalid| match invalid.member() {
                Some(member) => Failure::kind(member, kind(member)),
                None => Failure::kind("request", "an object"),
            },
        )?;
    if let Some(member) = lost(&start, json) {
        return Err(Failure::argument(&member, &"BankID knows no such member"));
    }
    let checked = start.check()?;
    if let (true, Some(number)) = (strict, checked.personal_number) {
        let member = if checked.end_user_ip.is_some() {
            "requirement.personalNumber"
        } else {
            "personalNumber"
        };
        number.strict().map_err(|fault| Failure::argument(member, &fault))?;
    }
    Ok(start)
}

/// What a member of the wrong type should have been.
fn kind(member: &str) -> &'static str {
    match member.rsplit('.').next().unwrap_or(member) {
        "mrtd" | "pinCode" | "returnRisk" => "true or false",
        "certificatePolicies" | "riskFlags" => "a list of strings",
        "app" | "money" | "recipient" | "requirement" | "userVisibleTransaction" | "web" => {
            "an object, with members of the right types"
        }
        _ => "a string",
    }
}

/// The first member of the document that the request, as it would be sent, has not.
fn lost(start: &Start<'_>, json: &str) -> Option<String> {
    let given: Value = serde_json::from_str(json).ok()?;
    let kept = serde_json::to_value(start).ok()?;
    missing(&given, &kept)
}

fn missing(given: &Value, kept: &Value) -> Option<String> {
    given.as_object()?.iter().find_map(|(name, value)| match kept.get(name) {
        _ if value.is_null() => None,
        None => Some(name.clone()),
        Some(kept) => missing(value, kept).map(|below| format!("{name}.{below}")),
    })
}
