//! How bodies look. That core takes just these members, a test holds against it.
#![expect(dead_code, reason = "only described")]

use schemars::JsonSchema;

/// The order that it is about.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct ByOrderRef {
    /// The `orderRef` of the answer that started it.
    order_ref: String,
}

/// What starts an order, as far as all operations have it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct Text {
    /// What the user is shown: plain text, unless `userVisibleDataEncoding` says otherwise.
    user_visible_data: Option<String>,
    /// Whether `userVisibleData` is in base64 already.
    user_visible_data_encoding: Option<Encoding>,
    /// How the text is shown.
    user_visible_data_format: Option<Format>,
    /// What is signed and not shown, in base64.
    user_non_visible_data: Option<String>,
    /// Conditions on the user's BankID and on how the order is completed.
    requirement: Option<Requirement>,
}

/// The user, at a device of their own.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct AtDevice {
    /// The person the order is for: twelve digits. Becomes `requirement.personalNumber`.
    personal_number: Option<String>,
    /// The address of the user's device.
    end_user_ip: String,
    /// Where the app sends the user afterwards.
    return_url: Option<String>,
    /// Whether BankID is to compute the risk.
    return_risk: Option<bool>,
    /// The relying party's own app, where the user comes from.
    app: Option<App>,
    /// The browser, where the user comes from.
    web: Option<Web>,
}

/// The user, pointed out by personal number, by the relying party's word.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct ByNumber {
    /// The person the order is for: twelve digits.
    personal_number: String,
    /// Where the app sends the user afterwards.
    return_url: Option<String>,
    /// Whether BankID is to compute the risk.
    return_risk: Option<bool>,
    /// The relying party's own app, where the user comes from.
    app: Option<App>,
    /// The browser, where the user comes from.
    web: Option<Web>,
}

/// The user, in a phone call.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct InCall {
    /// The person the order is for: twelve digits.
    personal_number: String,
    /// Who placed the call.
    call_initiator: CallInitiator,
}

/// What is paid.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct Paying {
    user_visible_transaction: Transaction,
    /// What the relying party has noticed about the payment.
    risk_flags: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
enum Encoding {
    Plain,
    Base64,
}

#[derive(JsonSchema)]
enum Format {
    #[schemars(rename = "plaintext")]
    Plaintext,
    #[schemars(rename = "simpleMarkdownV1")]
    SimpleMarkdownV1,
}

#[derive(JsonSchema)]
enum CallInitiator {
    #[schemars(rename = "user")]
    User,
    #[schemars(rename = "RP")]
    Rp,
}

/// Conditions (2.3).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Requirement {
    /// Whether the security code must be entered, rather than biometrics used.
    pin_code: Option<bool>,
    /// Whether a passport or identity card must have been read.
    mrtd: Option<bool>,
    /// `class1` or `class2`: a card reader for BankID on card.
    card_reader: Option<String>,
    /// Kinds of BankID, as object identifiers; `*` at the end stands for any rest.
    certificate_policies: Option<Vec<String>>,
    /// The person the order is for, for orders with `endUserIp`.
    personal_number: Option<String>,
}

/// The relying party's app (2.4).
#[derive(JsonSchema)]
struct App {
    #[schemars(rename = "appIdentifier")]
    identifier: Option<String>,
    #[schemars(rename = "deviceOS")]
    os: Option<String>,
    #[schemars(rename = "deviceModelName")]
    model_name: Option<String>,
    #[schemars(rename = "deviceIdentifier")]
    device_identifier: Option<String>,
}

/// The user's browser (2.4).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Web {
    referring_domain: Option<String>,
    user_agent: Option<String>,
    device_identifier: Option<String>,
}

/// What the user sees of a payment (2.7).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Transaction {
    /// `card` or `npa`.
    #[schemars(rename = "transactionType")]
    kind: String,
    recipient: Recipient,
    money: Option<Money>,
    risk_warning: Option<String>,
}

#[derive(JsonSchema)]
struct Recipient {
    name: String,
}

#[derive(JsonSchema)]
struct Money {
    amount: String,
    currency: String,
}
