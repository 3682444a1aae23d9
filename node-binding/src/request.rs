//! Requests from JavaScript: read by core, and refused where something in them would get lost.

use bankid_core::request::{ApiVersion, Operation, Start};
use serde_json::Value;

use crate::error::Failure;

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Result<Operation, Box<Failure>> {
    Ok(match name {
        "auth" => Operation::Auth,
        "sign" => Operation::Sign,
        "payment" => Operation::Payment,
        "otherPayment" => Operation::OtherPayment,
        "phoneAuth" => Operation::PhoneAuth,
        "phoneSign" => Operation::PhoneSign,
        _ => {
            return Err(Failure::argument("operation", &format!("there is no operation `{name}`")));
        }
    })
}

/// Its name.
pub(crate) const fn name(operation: Operation) -> &'static str {
    match operation {
        Operation::Auth => "auth",
        Operation::Sign => "sign",
        Operation::Payment => "payment",
        Operation::OtherPayment => "otherPayment",
        Operation::PhoneAuth => "phoneAuth",
        Operation::PhoneSign => "phoneSign",
    }
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
