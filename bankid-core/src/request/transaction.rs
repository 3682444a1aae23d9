//! `userVisibleTransaction` and `riskFlags`: what is being paid, and the payment's risk signals (2.7).
use serde::{Deserialize, Serialize};

use super::object::object;
use crate::Text;
use crate::error::Invalid;
use crate::word::words;

/// Longest payee name, in characters.
const RECIPIENT_NAME_MAX: usize = 40;
/// Longest amount, in characters.
const AMOUNT_MAX: usize = 48;

words! {
    /// What kind of approval is asked for.
    pub enum TransactionType {
        /// A card payment.
        Card = "card",
        /// An authentication without a payment, such as adding a card to a wallet.
        Npa = "npa",
    }
}

words! {
    /// A risk signal of a payment; one of them may also be shown to the user as `riskWarning`.
    pub enum RiskFlag {
        /// The card is new.
        NewCard = "newCard",
        /// The customer is new.
        NewCustomer = "newCustomer",
        /// The payee is new.
        NewRecipient = "newRecipient",
        /// The payee is risky.
        HighRiskRecipient = "highRiskRecipient",
        /// The amount is large.
        LargeAmount = "largeAmount",
        /// The currency is foreign.
        ForeignCurrency = "foreignCurrency",
        /// Crypto currency is bought.
        CryptoCurrencyPurchase = "cryptoCurrencyPurchase",
        /// Money is moved.
        MoneyTransfer = "moneyTransfer",
        /// The payment goes overseas.
        OverseasTransaction = "overseasTransaction",
        /// The payment recurs.
        RecurringPayment = "recurringPayment",
        /// The pattern of payments is suspicious.
        SuspiciousPaymentPattern = "suspiciousPaymentPattern",
        /// Something else.
        Other = "other",
    }
}

/// What is being paid, as on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction<'a> {
    /// `card` or `npa`.
    #[serde(rename = "transactionType", borrow, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Text<'a>>,
    /// Who is paid.
    #[serde(borrow, default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<Recipient<'a>>,
    /// How much; not allowed for `npa`.
    #[serde(borrow, default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    pub(super) money: Option<Money<'a>>,
    /// A warning shown to the user, a word of [`RiskFlag`].
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) risk_warning: Option<Text<'a>>,
}

/// Who is paid, as on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recipient<'a> {
    /// Payee; for `card` the merchant's name. 1 to 40 characters.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Text<'a>>,
}

/// How much is paid, as on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Money<'a> {
    /// Digits with at most one comma between them, 1 to 48 characters.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<Text<'a>>,
    /// ISO 4217 alphabetic code.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<Text<'a>>,
}

/// A transaction that passed the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedTransaction<'a> {
    /// Payment or not.
    pub transaction_type: TransactionType,
    /// The payee's name.
    pub recipient: &'a str,
    /// How much, if it is said.
    pub money: Option<CheckedMoney<'a>>,
    /// A warning shown to the user.
    pub risk_warning: Option<RiskFlag>,
}

/// An amount that passed the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedMoney<'a> {
    /// The amount as it is shown.
    pub amount: &'a str,
    /// ISO 4217 alphabetic code.
    pub currency: &'a str,
}

/// The checks in the order of 2.12: type, recipient, money, warning.
pub(super) fn check<'a>(
    transaction: &'a Transaction<'_>,
) -> Result<CheckedTransaction<'a>, Invalid> {
    let transaction_type =
        transaction.kind.as_deref().and_then(TransactionType::from_word).ok_or(Invalid::new(
            "userVisibleTransaction.transactionType",
            "transactionType is not a valid transaction type",
        ))?;
    let recipient = transaction
        .recipient
        .as_ref()
        .and_then(|recipient| recipient.name.as_deref())
        .filter(|name| !name.is_empty() && name.chars().count() <= RECIPIENT_NAME_MAX)
        .ok_or(Invalid::new(
            "userVisibleTransaction.recipient.name",
            "Recipient name is invalid",
        ))?;
    let money = match (&transaction.money, transaction_type) {
        (None, _) => None,
        (Some(_), TransactionType::Npa) => return Err(bad_money("userVisibleTransaction.money")),
        (Some(money), TransactionType::Card) => Some(check_money(money)?),
    };
    let risk_warning = match transaction.risk_warning.as_deref() {
        None => None,
        Some(word) => Some(
            RiskFlag::from_word(word)
                .ok_or(Invalid::new("userVisibleTransaction.riskWarning", "Invalid riskWarning"))?,
        ),
    };
    Ok(CheckedTransaction { transaction_type, recipient, money, risk_warning })
}

pub(super) fn check_risk_flags(flags: &[Text<'_>]) -> Result<(), Invalid> {
    if flags.iter().all(|flag| RiskFlag::from_word(flag).is_some()) {
        Ok(())
    } else {
        Err(Invalid::new("riskFlags", "Invalid riskFlags"))
    }
}

fn check_money<'a>(money: &'a Money<'_>) -> Result<CheckedMoney<'a>, Invalid> {
    let amount = money.amount.as_deref().filter(|amount| is_amount(amount));
    let currency =
        money.currency.as_deref().filter(|currency| CURRENCIES.binary_search(currency).is_ok());
    Ok(CheckedMoney {
        amount: amount.ok_or(bad_money("userVisibleTransaction.money.amount"))?,
        currency: currency.ok_or(bad_money("userVisibleTransaction.money.currency"))?,
    })
}

const fn bad_money(member: &'static str) -> Invalid {
    Invalid::new(member, "money has invalid amount or currency")
}

/// Digits with at most one comma. A comma at either end is refused: no documented amount has one.
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = match text.split_once(',') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    };
    parts && text.len() <= AMOUNT_MAX
}

/// The alphabetic codes of ISO 4217 in use, sorted.
#[rustfmt::skip]
pub const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND",
    "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY",
    "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD",
    "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN",
    "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
    "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD",
    "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX",
    "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAD", "XAF", "XAG", "XAU", "XBA",
    "XBB", "XBC", "XBD", "XCD", "XCG", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER", "ZAR",
    "ZMW", "ZWG",
];
