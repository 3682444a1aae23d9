//! What every suite needs: a simulator of its own, calls byte for byte, and bodies to bend.

pub(crate) mod http;
mod sim;

pub(crate) use http::Answer;
pub(crate) use sim::{NOW, Sim, number};

use serde_json::{Value, json};

/// The six operations that start an order.
pub(crate) const STARTS: [&str; 6] =
    ["auth", "sign", "payment", "other/payment", "phone/auth", "phone/sign"];

/// The smallest body an operation accepts (protocol sections 2.5 to 2.9), with a number of its own where one is
/// required.
pub(crate) fn minimal(operation: &str) -> Value {
    let transaction = json!({"transactionType": "npa", "recipient": {"name": "Exempelbanken"}});
    match operation {
        "auth" => json!({"endUserIp": "203.0.113.25"}),
        "sign" => json!({"endUserIp": "203.0.113.25", "userVisibleData": "SGVq"}),
        "payment" => json!({"endUserIp": "203.0.113.25", "userVisibleTransaction": transaction}),
        "other/payment" => {
            json!({"personalNumber": number(), "userVisibleTransaction": transaction})
        }
        "phone/auth" => json!({"personalNumber": number(), "callInitiator": "user"}),
        "phone/sign" => {
            json!({"personalNumber": number(), "callInitiator": "RP", "userVisibleData": "SGVq"})
        }
        other => panic!("{other} starts no order"),
    }
}

/// The body with a member set, wherever it lies (`requirement.pinCode`).
pub(crate) fn with(mut body: Value, member: &str, value: Value) -> Value {
    let mut place = &mut body;
    for name in member.split('.') {
        place = &mut place[name];
    }
    *place = value;
    body
}

/// The body without a member.
pub(crate) fn without(mut body: Value, member: &str) -> Value {
    body.as_object_mut().expect("a body is an object").shift_remove(member);
    body
}
