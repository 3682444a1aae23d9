//! What happened to an order, and why, in a form for people and tests.
//!
//! Nothing of it is written down while orders run: a view is computed when somebody asks, from what the order is made of.
//! Only what a person did with the virtual phone is remembered step by step.

#[cfg(test)]
mod tests;
mod view;

use std::fmt;

use bankid_core::{
    PersonalNumber,
    request::{ApiVersion, CallInitiator, CardReader, Operation, TextFormat},
};

use crate::{clock::Timestamp, rule::Rule};

/// An order as it stands at one moment.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// Its number in the lane, from 1, in the order of creation.
    pub number: u64,
    /// Its `orderRef`.
    pub order_ref: Box<str>,
    /// What started it.
    pub operation: Operation,
    /// By which version of the API.
    pub version: ApiVersion,
    /// When, on the lane's clock.
    pub created: Timestamp,
    /// Where it stands.
    pub state: OrderState,
    /// Why it can no longer be collected, if that is so.
    pub gone: Option<GoneBecause>,
    /// The personal number it carries.
    pub personal_number: Option<PersonalNumber>,
    /// Who has it in the app, or will complete it, if that is somebody in particular.
    pub person: Option<PersonalNumber>,
    /// What it follows: the name of a scenario, or a timeline.
    pub scenario: Box<str>,
    /// The rule that decided that, or [`Rule::Phone`] once a person took the order.
    pub rule: Rule,
    /// The number of the queue's entry, if that decided.
    pub ticket: Option<u32>,
    /// What it asks of the user.
    pub request: RequestView,
    /// What happened so far, the oldest first.
    pub steps: Vec<StepView>,
}

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// It waits, for this reason.
    Pending(Box<str>),
    /// It failed, for this reason.
    Failed(Box<str>),
    /// The user confirmed.
    Complete,
}

impl OrderState {
    /// The `status` of collect.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Pending(_) => "pending",
            Self::Failed(_) => "failed",
            Self::Complete => "complete",
        }
    }

    /// The `hintCode` of collect.
    pub fn hint_code(&self) -> Option<&str> {
        match self {
            Self::Pending(hint) | Self::Failed(hint) => Some(hint),
            Self::Complete => None,
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint_code() {
            Some(hint) => write!(f, "{}/{hint}", self.status()),
            None => f.write_str(self.status()),
        }
    }
}

/// Why an order can no longer be collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneBecause {
    /// Its final answer was handed out, which happens once (4.4).
    Collected,
    /// The relying party cancelled it.
    Cancelled,
    /// Nobody fetched the final answer in time (7.6).
    Forgotten,
}

/// What an order shows to the user, and what it asks of them. Texts are gone with the order.
#[derive(Clone, Debug, Default)]
pub struct RequestView {
    /// The text shown.
    pub text: Option<String>,
    /// How the text is shown.
    pub format: Option<TextFormat>,
    /// Where the app sends the user afterwards.
    pub return_url: Option<Box<str>>,
    /// What is being paid.
    pub transaction: Option<TransactionView>,
    /// Who placed the call, for phone orders.
    pub call_initiator: Option<CallInitiator>,
    /// Whether the security code must be entered, even if biometrics are active.
    pub pin_code: bool,
    /// Whether an identity document must be read.
    pub mrtd: bool,
    /// Where the code of a card must be entered.
    pub card_reader: Option<CardReader>,
    /// Allowed kinds of BankID; none means all.
    pub certificate_policies: Vec<Box<str>>,
}

/// What is being paid (2.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionView {
    /// `card` or `npa`.
    pub transaction_type: &'static str,
    /// The payee.
    pub recipient: Box<str>,
    /// Amount and currency.
    pub money: Option<(Box<str>, Box<str>)>,
    /// A warning shown to the user.
    pub risk_warning: Option<&'static str>,
}

/// One thing that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// What: a step of the scenario as it is written there, or an action in words.
    pub what: Box<str>,
    /// Who or what decided that.
    pub cause: Cause,
    /// When, if that is known: for steps of a scenario, only of the first and the last one that was reached.
    pub at: Option<Timestamp>,
}

/// Who or what decided a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The scenario, chosen by this rule.
    Scenario(Rule),
    /// A person with the virtual phone.
    Phone,
    /// A deadline of the protocol (7.6).
    Deadline,
    /// Another order for the same person (5.1).
    OtherOrder,
    /// The relying party.
    RelyingParty,
}

impl fmt::Display for Cause {
    /// In words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario(rule) => write!(f, "the scenario, chosen by {rule}"),
            Self::Phone => f.write_str("a person with the virtual phone"),
            Self::Deadline => f.write_str("a deadline of the protocol"),
            Self::OtherOrder => f.write_str("another order for the same person"),
            Self::RelyingParty => f.write_str("the relying party"),
        }
    }
}
