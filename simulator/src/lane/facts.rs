//! From a finished order to what its completion says.

use std::net::{IpAddr, Ipv4Addr};

use bankid_core::{
    PersonalNumber,
    collect::Risk,
    request::{ApiVersion, Operation, TextFormat, policy_permits},
};

use crate::{
    completion::{BankIdKind, CompletionFacts, Condition, Person},
    order::{Order, Texts},
    persona::Personas,
    pki::rp_fingerprint,
};

/// The relying party that an order belongs to: the first eight bytes of its certificate's SHA-256, which is plenty to
/// tell a test's relying parties apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rp(u64);

impl Rp {
    /// Whoever comes over the plain port, without a certificate.
    pub(crate) const PLAIN: Self = Self(0);

    /// The owner of this certificate (DER).
    pub(crate) fn of_certificate(der: &[u8]) -> Self {
        let first = rp_fingerprint(der).first_chunk().copied().unwrap_or_default();
        // Nobody's certificate stands for the plain port.
        Self(u64::from_be_bytes(first).max(1))
    }
}

/// What is needed of an order once it is over.
pub(super) struct Finished {
    person: Option<PersonalNumber>,
    ip: Option<IpAddr>,
    operation: Operation,
    version: ApiVersion,
    at_ms: u64,
    document: bool,
    risk: bool,
    pin_code: bool,
}

impl Finished {
    pub(super) fn of(order: &Order) -> Self {
        Self {
            person: order.person(),
            ip: order.end_user_ip(),
            operation: order.operation,
            version: order.version,
            at_ms: order.moment(order.life.since()).unix_ms(),
            document: order.needs_document(),
            risk: order.wants_risk(),
            pin_code: order.needs_pin_code(),
        }
    }

    pub(super) fn facts(self, texts: Texts, personas: &Personas) -> CompletionFacts {
        let persona = match self.person {
            Some(number) => personas.of(number),
            None => personas.default_persona(),
        };
        CompletionFacts {
            person: Person {
                personal_number: persona.personal_number,
                given_name: persona.given_name.clone(),
                surname: persona.surname.clone(),
                name: persona.name().into(),
                issue_date: format!("{}Z", persona.issue_date).as_str().into(),
            },
            kind: kind(&texts.policies),
            ip_address: persona.ip_address.or(self.ip).unwrap_or(DEVICE),
            uhi: persona.uhi.clone(),
            operation: self.operation,
            conditions: self.conditions(&texts),
            visible_data: texts.visible,
            format: texts.format.unwrap_or(TextFormat::Plaintext),
            non_visible_data: texts.non_visible,
            mrtd: self.document.then_some(true),
            risk: self.risk.then_some(Risk::Low),
            finished_at_ms: self.at_ms,
        }
    }

    /// Those conditions whose names are known (10.3).
    fn conditions(&self, texts: &Texts) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let mut add = |name, value: Box<str>| conditions.push(Condition { name, value });
        if !texts.policies.is_empty() {
            add("CertificatePolicies", texts.policies.join(",").into());
        }
        if !texts.issuer_names.is_empty() {
            add("IssuerCn", texts.issuer_names.join(",").into());
        }
        if self.version == ApiVersion::V5_1 {
            add("AllowFingerprint", if self.pin_code { "no" } else { "yes" }.into());
        }
        conditions
    }
}

/// The address of a device about which nothing is known: of the block for documentation.
const DEVICE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 25));

/// The policies of production (3), which test code may send as well.
const fn production_policy(kind: BankIdKind) -> &'static str {
    match kind {
        BankIdKind::Mobile => "1.2.752.78.1.5",
        BankIdKind::File => "1.2.752.78.1.1",
        BankIdKind::Card => "1.2.752.78.1.2",
    }
}

/// Whether an order with these policies, none meaning all, takes this kind of BankID.
pub(crate) fn permits(policies: &[Box<str>], kind: BankIdKind) -> bool {
    let permits = |policy: &str| {
        policy_permits(policy, kind.policy()) || policy_permits(policy, production_policy(kind))
    };
    policies.is_empty() || policies.iter().any(|policy| permits(policy))
}

/// The kind of BankID that a scripted order is completed with: the most common one that is allowed. What no BankID is
/// allowed for completes all the same, since the scenario says so.
fn kind(policies: &[Box<str>]) -> BankIdKind {
    BankIdKind::ALL.into_iter().find(|kind| permits(policies, *kind)).unwrap_or(BankIdKind::Mobile)
}
