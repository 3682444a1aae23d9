//! The server's checks, in the server's order (2.12), with the server's words (6.3, 14.2).
use core::fmt;
use core::net::IpAddr;

use super::device::{self, CheckedDevice};
use super::encoded;
use super::member::{Member, Presence};
use super::requirement::{self, CheckedRequirement};
use super::transaction::{self, CheckedTransaction};
use super::{ApiVersion, Operation, Start};
use crate::error::Invalid;
use crate::word::words;
use crate::{PersonalNumber, Text, markdown};

/// Longest `returnUrl`, in characters.
const RETURN_URL_MAX: usize = 512;

words! {
    /// Who placed the phone call (5.2).
    pub enum CallInitiator {
        /// The customer called in.
        User = "user",
        /// The relying party called.
        Rp = "RP",
    }
}

words! {
    /// How the app shows `userVisibleData` (13.3, 13.4).
    pub enum TextFormat {
        /// As it stands.
        Plaintext = "plaintext",
        /// With BankID's few marks for headings, lists, tables and bold text.
        SimpleMarkdownV1 = "simpleMarkdownV1",
    }
}

/// A request that passed every check of the server, with the defaults filled in.
#[derive(Clone)]
pub struct Checked<'a> {
    /// The version it came in by.
    pub version: ApiVersion,
    /// The operation it starts.
    pub operation: Operation,
    /// Address of the user's device; phone and other-payment orders have none.
    pub end_user_ip: Option<IpAddr>,
    /// The person the order is for: top level or in `requirement`, whichever the operation has.
    pub personal_number: Option<PersonalNumber>,
    /// Whether the order waits for that person to open the app by hand, without QR code or start URL: phone and
    /// other-payment orders, and v5.1 orders with a top-level number that ask for no token start.
    pub starts_by_number: bool,
    /// Who placed the call; phone orders only.
    pub call_initiator: Option<CallInitiator>,
    /// What is being paid; payments only.
    pub transaction: Option<CheckedTransaction<'a>>,
    /// Risk signals of a payment, words of [`RiskFlag`](super::RiskFlag).
    pub risk_flags: &'a [Text<'a>],
    /// The text shown, in base64 as it was sent. [`decode_text`](super::decode_text) makes it readable.
    pub user_visible_data: Option<&'a str>,
    /// How the text is shown.
    pub user_visible_data_format: TextFormat,
    /// Data signed but not shown, in base64 as it was sent.
    pub user_non_visible_data: Option<&'a str>,
    /// Where the app sends the user afterwards.
    pub return_url: Option<&'a str>,
    /// Whether the risk is asked for.
    pub return_risk: bool,
    /// Where the user came from.
    pub device: Option<CheckedDevice<'a>>,
    /// Conditions on the completion.
    pub requirement: CheckedRequirement<'a>,
}

impl fmt::Debug for Checked<'_> {
    /// What the order is, not what it is about: texts and addresses may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("version", &self.version)
            .field("operation", &self.operation)
            .field("personal_number", &self.personal_number)
            .field("starts_by_number", &self.starts_by_number)
            .field("requirement", &self.requirement)
            .finish_non_exhaustive()
    }
}

impl Start<'_> {
    /// Applies every check of BankID's server in its order (2.12), short of "already in progress".
    ///
    /// Where the reference leaves a choice, this is what happens:
    /// * a missing `userVisibleTransaction` is found at its place, after the personal number; a transaction without type,
    ///   recipient or amount gives the text of a bad one;
    /// * `requirement.personalNumber` that is no string is no twelve digits: `Incorrect personalNumber`, at its place;
    /// * an unknown `userVisibleDataFormat` is refused also when there is no `userVisibleData`, while a known one is then
    ///   without effect;
    /// * line breaks in base64 text count towards its limit, since the limit is one on the member as sent.
    ///
    /// # Errors
    /// The first fault in that order, with exactly the server's `details`.
    pub fn check(&self) -> Result<Checked<'_>, Invalid> {
        let end_user_ip = self.check_end_user_ip()?;
        let personal_number = self.check_personal_number()?;
        let call_initiator = self.check_call_initiator()?;
        let transaction = self.check_transaction()?;
        let risk_flags = self.risk_flags.as_deref().unwrap_or_default();
        transaction::check_risk_flags(risk_flags)?;
        let (user_visible_data, user_visible_data_format) = self.check_visible()?;
        let user_non_visible_data = self.check_non_visible()?;
        let return_url = self.check_return_url()?;
        let device = device::check(self.app.as_ref(), self.web.as_ref())?;
        let requirement =
            requirement::check(self.requirement.as_ref(), self.version, self.operation)?;
        Ok(Checked {
            version: self.version,
            operation: self.operation,
            end_user_ip,
            personal_number,
            starts_by_number: self.starts_by_number(),
            call_initiator,
            transaction,
            risk_flags,
            user_visible_data,
            user_visible_data_format,
            user_non_visible_data,
            return_url,
            return_risk: self.return_risk.unwrap_or_default(),
            device,
            requirement,
        })
    }

    fn requires(&self, member: Member) -> bool {
        member.presence(self.version, self.operation) == Presence::Required
    }

    fn starts_by_number(&self) -> bool {
        let token_start = self.requirement.as_ref().is_some_and(|requirement| {
            requirement.token_start_required == Some(true)
                || requirement.auto_start_token_required == Some(true)
        });
        self.personal_number.is_some() && !token_start
    }

    fn check_end_user_ip(&self) -> Result<Option<IpAddr>, Invalid> {
        const BAD: Invalid = Invalid::new("endUserIp", "Invalid endUserIp");
        match self.end_user_ip.as_deref() {
            // `IpAddr` reads exactly the text forms of RFC 4291: no port, no brackets, no zone.
            Some(text) => text.parse().map(Some).or(Err(BAD)),
            None if self.requires(Member::EndUserIp) => Err(BAD),
            None => Ok(None),
        }
    }

    fn check_personal_number(&self) -> Result<Option<PersonalNumber>, Invalid> {
        const DETAILS: &str = "Incorrect personalNumber";
        const BAD: Invalid = Invalid::new("personalNumber", DETAILS);
        const BAD_REQUIREMENT: Invalid = Invalid::new("requirement.personalNumber", DETAILS);
        match self.personal_number.as_deref() {
            Some(text) => return text.parse().map(Some).or(Err(BAD)),
            None if self.requires(Member::PersonalNumber) => return Err(BAD),
            None => {}
        }
        let Some(requirement) = &self.requirement else { return Ok(None) };
        if requirement.personal_number_mistyped() {
            return Err(BAD_REQUIREMENT);
        }
        requirement.personal_number.as_deref().map(str::parse).transpose().or(Err(BAD_REQUIREMENT))
    }

    fn check_call_initiator(&self) -> Result<Option<CallInitiator>, Invalid> {
        const BAD: Invalid = Invalid::new("callInitiator", "Incorrect callInitiator");
        match self.call_initiator.as_deref() {
            Some(word) => CallInitiator::from_word(word).map(Some).ok_or(BAD),
            None if self.requires(Member::CallInitiator) => Err(BAD),
            None => Ok(None),
        }
    }

    fn check_transaction(&self) -> Result<Option<CheckedTransaction<'_>>, Invalid> {
        match &self.user_visible_transaction {
            Some(transaction) => transaction::check(transaction).map(Some),
            None if self.requires(Member::UserVisibleTransaction) => {
                Err(Invalid::request(Some(Member::UserVisibleTransaction.name())))
            }
            None => Ok(None),
        }
    }

    fn check_visible(&self) -> Result<(Option<&str>, TextFormat), Invalid> {
        const BAD: Invalid = Invalid::new("userVisibleData", "Invalid userVisibleData");
        let data = match self.user_visible_data.as_deref() {
            Some(text) if text.len() <= self.limits().visible && encoded::is_base64_text(text) => {
                Some(text)
            }
            Some(_) => return Err(BAD),
            None if self.requires(Member::UserVisibleData) => return Err(BAD),
            None => None,
        };
        let format = match self.user_visible_data_format.as_deref() {
            None => TextFormat::Plaintext,
            Some(word) => TextFormat::from_word(word)
                .ok_or(Invalid::new("userVisibleDataFormat", "Invalid userVisibleDataFormat"))?,
        };
        if let (Some(text), TextFormat::SimpleMarkdownV1) = (data, format) {
            let text = encoded::decode_text(text).ok_or(BAD)?;
            markdown::parse(&text).map_err(|fault| Invalid::because("userVisibleData", &fault))?;
        }
        Ok((data, format))
    }

    fn check_non_visible(&self) -> Result<Option<&str>, Invalid> {
        const MEMBER: &str = "userNonVisibleData";
        let Some(text) = self.user_non_visible_data.as_deref() else { return Ok(None) };
        let payment = matches!(self.operation, Operation::Payment | Operation::OtherPayment);
        if payment && self.user_visible_data.is_none() {
            return Err(Invalid::new(MEMBER, "userNonVisible data requires userVisibleData"));
        }
        if text.len() <= self.limits().non_visible && encoded::is_base64(text) {
            Ok(Some(text))
        } else {
            Err(Invalid::new(MEMBER, "Invalid userNonVisibleData"))
        }
    }

    fn check_return_url(&self) -> Result<Option<&str>, Invalid> {
        match self.return_url.as_deref() {
            Some(url) if url.is_empty() || url.chars().count() > RETURN_URL_MAX => {
                Err(Invalid::new("returnUrl", "Invalid returnUrl"))
            }
            url => Ok(url),
        }
    }

    /// The length limits of 2.2, in characters of base64.
    const fn limits(&self) -> Limits {
        match self.operation {
            Operation::Auth | Operation::PhoneAuth => Limits { visible: 1_500, non_visible: 1_500 },
            Operation::Sign | Operation::PhoneSign => {
                Limits { visible: 40_000, non_visible: 200_000 }
            }
            Operation::Payment | Operation::OtherPayment => {
                Limits { visible: 1_000, non_visible: 1_000 }
            }
        }
    }
}

struct Limits {
    visible: usize,
    non_visible: usize,
}
