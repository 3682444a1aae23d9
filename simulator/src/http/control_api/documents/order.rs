//! An order as the control plane shows it.

use bankid_core::PersonalNumber;
use bankid_core::request::{ApiVersion, CallInitiator, Operation, TextFormat};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

use crate::journal::{
    Cause, GoneBecause, OrderState, OrderView, RequestView, StepView, TransactionView,
};
use crate::rule::Rule;

/// An order.
#[expect(clippy::struct_field_names, reason = "`orderRef` is BankID's own word")]
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control_api) struct Order {
    /// Its number in the lane, from 1, in the order of creation.
    pub(in crate::http::control_api) number: u64,
    order_ref: String,
    /// The path of the operation that started it, for instance `phone/auth`.
    operation: &'static str,
    version: Version,
    /// When it was started, on the lane's clock, in milliseconds of Unix time.
    created_ms: u64,
    status: Status,
    /// Why it waits or why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint_code: Option<String>,
    /// Why it can no longer be collected, if that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Gone>,
    /// The personal number it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    personal_number: Option<String>,
    /// The personal number of whoever has it in the app or will complete it, if that is somebody in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// What it follows: the name of a scenario, or steps.
    scenario: String,
    /// The rule that decided that.
    rule: RuleName,
    /// The number of the queue's entry, if that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_number: Option<u32>,
    request: Request,
    /// What happened so far, the oldest first.
    steps: Vec<Step>,
}

/// The version of the API.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
enum Version {
    #[serde(rename = "v5.1")]
    V5_1,
    #[serde(rename = "v6.0")]
    V6_0,
}

/// Where an order stands.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
enum Status {
    Pending,
    Failed,
    Complete,
}

/// Why an order can no longer be collected.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
enum Gone {
    /// Its final answer was handed out, which happens once.
    Collected,
    /// The relying party cancelled it.
    Cancelled,
    /// Nobody fetched the final answer in time.
    Forgotten,
}

/// What decides what happens to an order, the strongest first.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control_api) enum RuleName {
    /// A person took the order with the virtual phone.
    Phone,
    /// An entry of the lane's queue.
    Queue,
    /// A marker at the end of `userVisibleData`.
    Marker,
    /// A reserved personal number.
    ReservedNumber,
    /// The persona whose number the order carries.
    Persona,
    /// The setting of the operation.
    Operation,
    /// The lane's default.
    Lane,
    /// The configuration's default.
    Config,
    /// The flag's default.
    Flag,
    /// Nothing was said.
    BuiltIn,
}

/// What an order shows to the user, and what it asks of them. Texts are gone with the order.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Request {
    /// The text shown, decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// How the text is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    /// Where the app sends the user afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    /// What is being paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<Transaction>,
    /// Who placed the call, `user` or `RP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    call_initiator: Option<&'static str>,
    /// Whether the security code must be entered, even if biometrics are active.
    pin_code: bool,
    /// Whether an identity document must be read.
    mrtd: bool,
    /// Allowed kinds of BankID; empty means all.
    certificate_policies: Vec<String>,
}

/// What is being paid.
#[expect(clippy::struct_field_names, reason = "`transactionType` is BankID's own word")]
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Transaction {
    /// `card` or `npa`.
    transaction_type: &'static str,
    /// The payee.
    recipient: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    money: Option<Money>,
    /// A warning shown to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_warning: Option<&'static str>,
}

/// How much is being paid.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Money {
    amount: String,
    currency: String,
}

/// One thing that happened to an order.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Step {
    /// A step of the scenario as it is written there, or an action in words.
    what: String,
    by: By,
    /// The rule that chose the scenario, for its steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<RuleName>,
    /// When, if that is known, on the lane's clock, in milliseconds of Unix time.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_ms: Option<u64>,
}

/// Who or what decided a step.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
enum By {
    /// The scenario.
    Scenario,
    /// A person with the virtual phone.
    Phone,
    /// A deadline of the protocol.
    Deadline,
    /// Another order for the same person.
    OtherOrder,
    /// The relying party.
    RelyingParty,
}

impl From<OrderView> for Order {
    fn from(view: OrderView) -> Self {
        let number = |number: PersonalNumber| number.expose().to_string();
        Self {
            number: view.number,
            order_ref: view.order_ref.into(),
            operation: Operation::path(view.operation),
            version: match view.version {
                ApiVersion::V5_1 => Version::V5_1,
                ApiVersion::V6_0 => Version::V6_0,
            },
            created_ms: view.created.unix_ms(),
            status: match view.state {
                OrderState::Pending(_) => Status::Pending,
                OrderState::Failed(_) => Status::Failed,
                OrderState::Complete => Status::Complete,
            },
            hint_code: view.state.hint_code().map(str::to_owned),
            gone: view.gone.map(|gone| match gone {
                GoneBecause::Collected => Gone::Collected,
                GoneBecause::Cancelled => Gone::Cancelled,
                GoneBecause::Forgotten => Gone::Forgotten,
            }),
            personal_number: view.personal_number.map(number),
            person: view.person.map(number),
            scenario: view.scenario.into(),
            rule: view.rule.into(),
            queue_number: view.ticket,
            request: view.request.into(),
            steps: view.steps.into_iter().map(Step::from).collect(),
        }
    }
}

impl From<Rule> for RuleName {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Phone => Self::Phone,
            Rule::Queue => Self::Queue,
            Rule::Marker => Self::Marker,
            Rule::ReservedNumber => Self::ReservedNumber,
            Rule::Persona => Self::Persona,
            Rule::Operation => Self::Operation,
            Rule::Lane => Self::Lane,
            Rule::Config => Self::Config,
            Rule::Flag => Self::Flag,
            Rule::BuiltIn => Self::BuiltIn,
        }
    }
}

impl From<RequestView> for Request {
    fn from(view: RequestView) -> Self {
        Self {
            text: view.text,
            format: view.format.map(TextFormat::as_str),
            return_url: view.return_url.map(Into::into),
            transaction: view.transaction.map(Transaction::from),
            call_initiator: view.call_initiator.map(CallInitiator::as_str),
            pin_code: view.pin_code,
            mrtd: view.mrtd,
            certificate_policies: view.certificate_policies.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<TransactionView> for Transaction {
    fn from(view: TransactionView) -> Self {
        Self {
            transaction_type: view.transaction_type,
            recipient: view.recipient.into(),
            money: view.money.map(|(amount, currency)| Money {
                amount: amount.into(),
                currency: currency.into(),
            }),
            risk_warning: view.risk_warning,
        }
    }
}

impl From<StepView> for Step {
    fn from(view: StepView) -> Self {
        let (by, rule) = match view.cause {
            Cause::Scenario(rule) => (By::Scenario, Some(rule.into())),
            Cause::Phone => (By::Phone, None),
            Cause::Deadline => (By::Deadline, None),
            Cause::OtherOrder => (By::OtherOrder, None),
            Cause::RelyingParty => (By::RelyingParty, None),
        };
        Self {
            what: view.what.into(),
            by,
            rule,
            at_ms: view.at.map(crate::clock::Timestamp::unix_ms),
        }
    }
}
