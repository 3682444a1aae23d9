//! How bodies look. That core takes just these members, a test holds against it; that what is described is taken, and what
//! is not is refused, the suite that makes up calls from the description (`tests/openapi`). What JSON Schema cannot say,
//! such as the length of a text once it is encoded, is said in words.
#![expect(dead_code, reason = "only described")]

use bankid_core::request::CURRENCIES;
use schemars::JsonSchema;
use serde_json::{Value, json};

/// The order that it is about.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct ByOrderRef {
    /// The `orderRef` of the answer that started it.
    order_ref: String,
}

/// What starts an order, as far as all operations have it.
const BASE64: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)$";

const PERSONAL_NUMBER: &str = "^[0-9]{12}$";

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct Text {
    /// What the user is shown: plain text, unless `userVisibleDataEncoding` says otherwise. In base64 it must not be longer
    /// than 1500 characters, for signatures 40 000, for payments 1000.
    #[schemars(extend("minLength" = 1))]
    user_visible_data: Option<String>,
    /// Whether `userVisibleData` is in base64 already.
    user_visible_data_encoding: Option<Encoding>,
    /// How the text is shown.
    user_visible_data_format: Option<Format>,
    /// What is signed and not shown, in base64: up to 1500 characters, for signatures 200 000, for payments 1000.
    #[schemars(extend("pattern" = BASE64))]
    user_non_visible_data: Option<String>,
    /// Conditions on the user's BankID and on how the order is completed.
    requirement: Option<Requirement>,
}

/// The user, at a device of their own.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct AtDevice {
    /// The person the order is for: twelve digits. Becomes `requirement.personalNumber`, which is taken where BankID has
    /// it too, but not both.
    #[schemars(extend("pattern" = PERSONAL_NUMBER))]
    personal_number: Option<String>,
    /// The address of the user's device.
    #[schemars(extend("anyOf" = [{"format": "ipv4"}, {"format": "ipv6"}]))]
    end_user_ip: String,
    /// Where the app sends the user afterwards.
    #[schemars(extend("minLength" = 1, "maxLength" = 512))]
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
    #[schemars(extend("pattern" = PERSONAL_NUMBER))]
    personal_number: String,
    /// Where the app sends the user afterwards.
    #[schemars(extend("minLength" = 1, "maxLength" = 512))]
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
    #[schemars(extend("pattern" = PERSONAL_NUMBER))]
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
    risk_flags: Option<Vec<RiskFlag>>,
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
    /// A card reader for BankID on card.
    card_reader: Option<CardReader>,
    /// Kinds of BankID, as object identifiers; `*` at the end stands for any number.
    certificate_policies: Option<Vec<Policy>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
enum CardReader {
    Class1,
    Class2,
}

#[derive(JsonSchema)]
struct Policy(#[schemars(extend("pattern" = POLICY))] String);

const POLICY: &str = r"^[0-2](\.(0|[1-9][0-9]*)){1,9}$|^[0-2](\.(0|[1-9][0-9]*)){3,9}\.\*$";

/// The relying party's app (2.4).
#[derive(JsonSchema)]
#[schemars(extend("anyOf" = one_of(&["appIdentifier", "deviceOS", "deviceModelName", "deviceIdentifier"])))]
struct App {
    #[schemars(rename = "appIdentifier", extend("minLength" = 1))]
    identifier: Option<String>,
    #[schemars(rename = "deviceOS", extend("minLength" = 1))]
    os: Option<String>,
    #[schemars(rename = "deviceModelName", extend("minLength" = 1))]
    model_name: Option<String>,
    #[schemars(rename = "deviceIdentifier", extend("minLength" = 1, "maxLength" = 64))]
    device_identifier: Option<String>,
}

/// The user's browser (2.4).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[schemars(extend("anyOf" = one_of(&["referringDomain", "userAgent", "deviceIdentifier"])))]
struct Web {
    #[schemars(extend("pattern" = "^[0-9a-z.-]{3,253}$"))]
    referring_domain: Option<String>,
    #[schemars(extend("minLength" = 1, "maxLength" = 256))]
    user_agent: Option<String>,
    #[schemars(extend("minLength" = 1, "maxLength" = 64))]
    device_identifier: Option<String>,
}

/// That one of these members is there: `null` is absent.
fn one_of(members: &[&str]) -> Vec<Value> {
    let is_there =
        |member: &&str| json!({"required": [*member], "properties": {*member: {"type": "string"}}});
    members.iter().map(is_there).collect()
}

/// What the user sees of a payment (2.7).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[schemars(extend("not" = {
    "required": ["money"],
    "properties": {"transactionType": {"const": "npa"}, "money": {"type": "object"}},
}))]
struct Transaction {
    #[schemars(rename = "transactionType")]
    kind: TransactionType,
    recipient: Recipient,
    /// Not with `npa`.
    money: Option<Money>,
    /// Shown to the user.
    risk_warning: Option<RiskFlag>,
}

/// A payment by card, or an approval of something else.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
enum TransactionType {
    Card,
    Npa,
}

#[derive(JsonSchema)]
struct Recipient {
    #[schemars(extend("minLength" = 1, "maxLength" = 40))]
    name: String,
}

#[derive(JsonSchema)]
struct Money {
    /// As it is shown.
    #[schemars(extend("pattern" = "^[0-9]{1,23}(,[0-9]{1,23})?$"))]
    amount: String,
    /// A code of ISO 4217 that is in use.
    #[schemars(extend("enum" = CURRENCIES))]
    currency: String,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
enum RiskFlag {
    NewCard,
    NewCustomer,
    NewRecipient,
    HighRiskRecipient,
    LargeAmount,
    ForeignCurrency,
    CryptoCurrencyPurchase,
    MoneyTransfer,
    OverseasTransaction,
    RecurringPayment,
    SuspiciousPaymentPattern,
    Other,
}
