//! Builders of the two payment operations (2.7, 2.8).
use alloc::string::String;
use core::net::IpAddr;

use super::draft::Draft;
use super::setters::setters;
use crate::request::transaction::{Money, Recipient, Transaction};
use crate::request::{ApiVersion, Operation, RiskFlag, TransactionType};
use crate::{PersonalNumber, Text};

/// Approval of a payment or a card action, started by QR code or on the same device (2.7).
///
/// ```
/// use bankid_core::request::{Payment, RiskFlag, TransactionType};
///
/// let start = Payment::new("203.0.113.25".parse()?, TransactionType::Card, "Exempelbutiken AB")
///     .money("350,00", "SEK")
///     .risk_warning(RiskFlag::NewRecipient)
///     .risk_flags([RiskFlag::NewRecipient, RiskFlag::NewCard])
///     .build()?;
///
/// let refused = Payment::new("203.0.113.25".parse()?, TransactionType::Card, "Exempelbutiken AB").money("350.00", "SEK");
/// assert_eq!(refused.build().unwrap_err().details(), "money has invalid amount or currency");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct Payment(Draft);

impl Payment {
    /// A payment to `recipient`, or another action with it, by the user at this address.
    pub fn new(end_user_ip: IpAddr, transaction_type: TransactionType, recipient: &str) -> Self {
        let draft = Draft::new(ApiVersion::V6_0, Operation::Payment).end_user_ip(end_user_ip);
        Self(draft.transaction(transaction_type, recipient))
    }
}

setters!(Payment: text data return_to device requirement person build);

/// The same for a user pointed out by personal number (2.8).
///
/// ```
/// use bankid_core::request::{OtherPayment, TransactionType};
///
/// let start = OtherPayment::new("190000000000".parse()?, TransactionType::Npa, "Exempelbanken").build()?;
/// assert_eq!(
///     serde_json::to_string(&start)?,
///     r#"{"personalNumber":"190000000000","userVisibleTransaction":{"transactionType":"npa","recipient":{"name":"Exempelbanken"}}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct OtherPayment(Draft);

impl OtherPayment {
    /// A payment to `recipient`, or another action with it, by this person.
    pub fn new(
        personal_number: PersonalNumber,
        transaction_type: TransactionType,
        recipient: &str,
    ) -> Self {
        let draft = Draft::new(ApiVersion::V6_0, Operation::OtherPayment).person(personal_number);
        Self(draft.transaction(transaction_type, recipient))
    }
}

setters!(OtherPayment: text data return_to device requirement build);

macro_rules! payment {
    ($builder:ident) => {
        impl $builder {
            /// How much is paid: digits with at most one comma, and an ISO 4217 code. Not for
            /// [`TransactionType::Npa`].
            pub fn money(mut self, amount: &str, currency: &str) -> Self {
                let money = Money { amount: Some(owned(amount)), currency: Some(owned(currency)) };
                self.0.start.user_visible_transaction.get_or_insert_default().money = Some(money);
                self
            }

            /// A warning shown to the user.
            pub fn risk_warning(mut self, warning: RiskFlag) -> Self {
                let transaction = self.0.start.user_visible_transaction.get_or_insert_default();
                transaction.risk_warning = Some(warning.as_str().into());
                self
            }

            /// Signals for the risk assessment, not shown.
            pub fn risk_flags(mut self, flags: impl IntoIterator<Item = RiskFlag>) -> Self {
                self.0.start.risk_flags =
                    Some(flags.into_iter().map(|flag| flag.as_str().into()).collect());
                self
            }
        }
    };
}

payment!(Payment);
payment!(OtherPayment);

impl Draft {
    fn transaction(mut self, transaction_type: TransactionType, recipient: &str) -> Self {
        self.start.user_visible_transaction = Some(Transaction {
            kind: Some(transaction_type.as_str().into()),
            recipient: Some(Recipient { name: Some(owned(recipient)) }),
            money: None,
            risk_warning: None,
        });
        self
    }
}

fn owned(text: &str) -> Text<'static> {
    String::from(text).into()
}
