//! How the objects of core look in answers. That it is so, a test holds against what core writes.

use schemars::JsonSchema;

/// The person who completed the order.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described")]
pub(crate) struct User {
    /// Twelve digits.
    personal_number: String,
    /// Given name and surname.
    name: String,
    given_name: String,
    surname: String,
}

/// The device with the BankID app.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described")]
pub(crate) struct Device {
    ip_address: String,
    /// Unique hardware identifier.
    uhi: Option<String>,
}

/// The extra checks of the order.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described")]
pub(crate) struct StepUp {
    /// Whether the passport or identity card was checked.
    mrtd: Option<bool>,
}
