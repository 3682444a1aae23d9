//! What is kept of an order: few bytes for the usual one, and a box for what is rare.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use bankid_core::{
    PersonalNumber,
    request::{
        ApiVersion, CallInitiator, CardReader, Checked, CheckedRequirement, CheckedTransaction,
        Operation, RiskFlag, TextFormat, TransactionType,
    },
};

use super::{Event, Life, Terms, step};
use crate::{clock::Timestamp, lane::Rp, rule::Rule, scenario::Scenario};

/// An order. A million of them are held at once, so every byte counts.
#[derive(Debug)]
pub(crate) struct Order {
    /// Number in the lane, from 1.
    pub(crate) sequence: u64,
    pub(crate) created: Timestamp,
    pub(crate) rp: Rp,
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) extras: Option<Box<Extras>>,
    number: u64,
    ip: [u8; 16],
    pub(crate) life: Life,
    /// The entry of the lane's queue that decided, counted from 1; 0 if none did.
    pub(crate) ticket: u32,
    pub(crate) operation: Operation,
    pub(crate) version: ApiVersion,
    pub(crate) rule: Rule,
    flags: u8,
}

/// What only some orders have.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    /// Who completes the order, where that is not the person whose number it carries or the default persona.
    pub(crate) person: Option<PersonalNumber>,
    /// What was done with the virtual phone.
    pub(crate) log: Vec<LogEntry>,
    pub(crate) texts: Texts,
}

/// What the request brought besides the usual.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) visible: Option<Box<str>>,
    pub(crate) format: Option<TextFormat>,
    pub(crate) non_visible: Option<Box<str>>,
    pub(crate) return_url: Option<Box<str>>,
    pub(crate) policies: Box<[Box<str>]>,
    pub(crate) issuer_names: Box<[Box<str>]>,
    pub(crate) card_reader: Option<CardReader>,
    pub(crate) transaction: Option<Transaction>,
}

/// What is being paid (2.7).
#[derive(Debug)]
pub(crate) struct Transaction {
    pub(crate) kind: TransactionType,
    pub(crate) recipient: Box<str>,
    /// Amount and currency.
    pub(crate) money: Option<(Box<str>, Box<str>)>,
    pub(crate) warning: Option<RiskFlag>,
}

/// Something a person did with the virtual phone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogEntry {
    pub(crate) event: Event,
    /// Milliseconds since the order was created.
    pub(crate) at: u32,
}

/// An order that can no longer be collected.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(crate) order: Order,
    pub(crate) slot: u32,
    pub(crate) gone: Gone,
    pub(crate) at: Timestamp,
}

/// Why an order can no longer be collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// Its final answer was handed out.
    Collected,
    /// The relying party cancelled it.
    Cancelled,
    /// Nobody fetched the final answer in time.
    Forgotten,
}

/// What an order is made of.
pub(crate) struct NewOrder<'a> {
    pub(crate) checked: &'a Checked<'a>,
    pub(crate) sequence: u64,
    pub(crate) created: Timestamp,
    pub(crate) rp: Rp,
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) rule: Rule,
    pub(crate) ticket: u32,
    pub(crate) extras: Option<Box<Extras>>,
}

/// No personal number; larger than any.
const NOBODY: u64 = u64::MAX;

const BY_NUMBER: u8 = 1;
const PIN_CODE: u8 = 1 << 1;
const DOCUMENT: u8 = 1 << 2;
const RISK: u8 = 1 << 3;
const IP_V4: u8 = 1 << 4;
const NO_IP: u8 = 1 << 5;
const RP_CALLS: u8 = 1 << 6;

impl Order {
    pub(crate) fn new(new: NewOrder<'_>) -> Self {
        let NewOrder { checked, sequence, created, rp, scenario, rule, ticket, extras } = new;
        let life = Life::new(scenario.timeline(is_call(checked.operation)));
        let ip = match checked.end_user_ip {
            Some(IpAddr::V4(ip)) => ip.to_ipv6_mapped(),
            Some(IpAddr::V6(ip)) => ip,
            None => Ipv6Addr::UNSPECIFIED,
        };
        let flags = [
            (BY_NUMBER, checked.starts_by_number),
            (PIN_CODE, checked.requirement.pin_code),
            (DOCUMENT, checked.requirement.mrtd),
            (RISK, checked.return_risk),
            (IP_V4, matches!(checked.end_user_ip, Some(IpAddr::V4(_)))),
            (NO_IP, checked.end_user_ip.is_none()),
            (RP_CALLS, checked.call_initiator == Some(CallInitiator::Rp)),
        ];
        Self {
            sequence,
            created,
            rp,
            scenario,
            extras,
            number: checked.personal_number.map_or(NOBODY, PersonalNumber::as_u64),
            ip: ip.octets(),
            life,
            ticket,
            operation: checked.operation,
            version: checked.version,
            rule,
            flags: flags.into_iter().filter(|(_, set)| *set).fold(0, |all, (flag, _)| all | flag),
        }
    }

    /// The number the order carries.
    pub(crate) fn number(&self) -> Option<PersonalNumber> {
        PersonalNumber::from_u64(self.number)
    }

    /// Whoever completes the order, if that is somebody in particular.
    pub(crate) fn person(&self) -> Option<PersonalNumber> {
        self.extras.as_ref().and_then(|extras| extras.person).or(self.number())
    }

    pub(crate) fn end_user_ip(&self) -> Option<IpAddr> {
        let ip = Ipv6Addr::from(self.ip);
        match (self.has(NO_IP), self.has(IP_V4)) {
            (true, _) => None,
            (false, true) => ip.to_ipv4_mapped().map(IpAddr::V4),
            (false, false) => Some(IpAddr::V6(ip)),
        }
    }

    /// Whether the user must enter the security code.
    pub(crate) fn needs_pin_code(&self) -> bool {
        self.has(PIN_CODE)
    }

    /// Whether an identity document must be read.
    pub(crate) fn needs_document(&self) -> bool {
        self.has(DOCUMENT)
    }

    /// Whether the relying party wants to know the risk.
    pub(crate) fn wants_risk(&self) -> bool {
        self.has(RISK)
    }

    /// Whether it waits for the person to open the app.
    pub(crate) fn starts_by_number(&self) -> bool {
        self.has(BY_NUMBER)
    }

    /// Who placed the call; phone orders only.
    pub(crate) fn call_initiator(&self) -> Option<CallInitiator> {
        let initiator = if self.has(RP_CALLS) { CallInitiator::Rp } else { CallInitiator::User };
        is_call(self.operation).then_some(initiator)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn texts(&self) -> Option<&Texts> {
        self.extras.as_ref().map(|extras| &extras.texts)
    }

    pub(crate) fn terms(&self) -> Terms<'_> {
        Terms {
            timeline: self.scenario.timeline(is_call(self.operation)),
            starts_by_number: self.starts_by_number(),
            call: is_call(self.operation),
            document: self.needs_document(),
        }
    }

    /// Milliseconds since the order was created.
    pub(crate) fn age(&self, now: Timestamp) -> u32 {
        u32::try_from(now.millis_since(self.created)).unwrap_or(u32::MAX)
    }

    /// Where the order stands now.
    pub(crate) fn life_at(&self, now: Timestamp) -> Life {
        self.after(Event::Look, now).unwrap_or_else(|life| life)
    }

    /// Where the order stands after something happened to it now; see [`step`].
    pub(crate) fn after(&self, event: Event, now: Timestamp) -> Result<Life, Life> {
        step(self.life, event, &self.terms(), self.age(now))
    }

    /// The moment so many milliseconds after the order's creation.
    pub(crate) fn moment(&self, age: u32) -> Timestamp {
        self.created.plus_millis(age.into())
    }

    pub(crate) fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }
}

/// Whether an order of this operation begins with a phone call.
pub(crate) const fn is_call(operation: Operation) -> bool {
    matches!(operation, Operation::PhoneAuth | Operation::PhoneSign)
}

impl Texts {
    /// What is worth keeping of a request; nothing of the usual one.
    pub(crate) fn of(checked: &Checked<'_>) -> Option<Self> {
        let CheckedRequirement { card_reader, certificate_policies, issuer_cn, .. } =
            checked.requirement;
        let usual = checked.user_visible_data.is_none()
            && checked.user_non_visible_data.is_none()
            && checked.return_url.is_none()
            && checked.transaction.is_none()
            && certificate_policies.is_empty()
            && issuer_cn.is_empty()
            && card_reader.is_none();
        if usual {
            return None;
        }
        let owned =
            |texts: &[bankid_core::Text<'_>]| texts.iter().map(|text| Box::from(&**text)).collect();
        Some(Self {
            visible: checked.user_visible_data.map(Into::into),
            format: Some(checked.user_visible_data_format),
            non_visible: checked.user_non_visible_data.map(Into::into),
            return_url: checked.return_url.map(Into::into),
            policies: owned(certificate_policies),
            issuer_names: owned(issuer_cn),
            card_reader,
            transaction: checked.transaction.as_ref().map(Transaction::of),
        })
    }

    /// How many bytes of text are kept.
    pub(crate) fn bytes(&self) -> usize {
        let single = [&self.visible, &self.non_visible, &self.return_url];
        let listed = self.policies.iter().chain(&self.issuer_names);
        let text = single.into_iter().flatten().chain(listed).map(|text| text.len()).sum::<usize>();
        text + self.transaction.as_ref().map_or(0, Transaction::bytes)
    }
}

impl Transaction {
    fn of(transaction: &CheckedTransaction<'_>) -> Self {
        Self {
            kind: transaction.transaction_type,
            recipient: transaction.recipient.into(),
            money: transaction
                .money
                .as_ref()
                .map(|money| (money.amount.into(), money.currency.into())),
            warning: transaction.risk_warning,
        }
    }

    fn bytes(&self) -> usize {
        let money =
            self.money.as_ref().map_or(0, |(amount, currency)| amount.len() + currency.len());
        self.recipient.len() + money
    }
}
