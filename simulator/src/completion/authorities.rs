//! The hierarchy behind the signatures of persons: root, bank, one authority per kind of BankID, and the keys.
//!
//! A key costs some 50 ms to make, so there are few, made when first needed and shared where it does no harm: all
//! persons share one key to identify and one to sign, as they share this process; the responders of all kinds share
//! one. Authorities have one each, so that a chain built wrongly does not verify by accident. BankID's authorities have
//! 4096 bits, ours 2048, which are made ten times faster.

use std::fmt;
use std::sync::Arc;

use bankid_core::PersonalNumber;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use rcgen::{
    CertificateParams, Issuer, KeyPair, PKCS_RSA_SHA256, PKCS_RSA_SHA512, SignatureAlgorithm,
    SigningKey as _,
};
use rsa::pkcs8::EncodePrivateKey as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use time::{Date, Month, OffsetDateTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::cache::{Cache, Once};
use super::certificate::{self, Serial, Usage, Validity};
use super::{BankIdKind, CompletionFacts, Error};
use crate::pki::moment;

/// Certificates of persons kept for the next order; each takes some two kilobytes.
const KEPT_LEAVES: usize = 256;
/// Certificates of responders: a few half years of a few kinds.
const KEPT_RESPONDERS: usize = 16;

/// The whole hierarchy; parts of it appear when they are needed.
pub(super) struct Authorities {
    seed: [u8; 32],
    root: Authority,
    bank: Authority,
    bank_base64: String,
    mobile: Once<Branch>,
    file: Once<Branch>,
    card: Once<Branch>,
    identification_key: Once<KeyPair>,
    signing_key: Once<KeyPair>,
    responder_key: Once<KeyPair>,
    leaves: Cache<LeafId, Leaf>,
    responders: Cache<(BankIdKind, Validity), CertificateDer<'static>>,
}

#[derive(Debug)]
pub(super) struct Authority {
    certificate: CertificateDer<'static>,
    params: CertificateParams,
    key: KeyPair,
}

/// The authority for one kind of BankID.
#[derive(Debug)]
pub(super) struct Branch {
    authority: Authority,
    /// The certificate as it stands in a signature.
    pub(super) base64: String,
    /// What OCSP calls it by: SHA-1 of its name and of its key.
    pub(super) name_hash: [u8; 20],
    pub(super) key_hash: [u8; 20],
}

/// What a person's certificate is made from.
#[derive(Clone, PartialEq, Eq, Hash)]
struct LeafId {
    personal_number: PersonalNumber,
    names: [Box<str>; 3],
    kind: BankIdKind,
    usage: Usage,
    validity: Validity,
}

/// A person's certificate, as far as a completion needs it.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) base64: String,
    pub(super) serial: Serial,
    pub(super) usage: Usage,
    pub(super) validity: Validity,
}

impl Authorities {
    /// Those of this process, made on first use.
    pub(super) fn of_this_process() -> Result<Arc<Self>, Error> {
        static SHARED: Once<Authorities> = Once::new();
        SHARED.get(|| {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(Error::Random)?;
            Self::generate(seed)
        })
    }

    /// A hierarchy of its own; the same seed gives the same one.
    pub(super) fn generate(seed: [u8; 32]) -> Result<Self, Error> {
        Self::under(Authority::new_root(&seed)?, seed)
    }

    /// A hierarchy under this root, with keys of its own below.
    pub(super) fn under(root: Authority, seed: [u8; 32]) -> Result<Self, Error> {
        let bank = root.subordinate(
            certificate::BANK,
            new_key(&seed, "bank", &PKCS_RSA_SHA512)?,
            &certificate::GENERAL_POLICY,
        )?;
        Ok(Self {
            seed,
            bank_base64: STANDARD.encode(&bank.certificate),
            root,
            bank,
            mobile: Once::new(),
            file: Once::new(),
            card: Once::new(),
            identification_key: Once::new(),
            signing_key: Once::new(),
            responder_key: Once::new(),
            leaves: Cache::new(KEPT_LEAVES),
            responders: Cache::new(KEPT_RESPONDERS),
        })
    }

    /// Makes the keys that the most common completions need, each a while after the other, until somebody has had enough.
    pub(super) fn make_ahead(&self, enough: impl Fn() -> bool) -> Result<(), Error> {
        let steps: [&dyn Fn() -> Result<(), Error>; 4] = [
            &|| self.branch(BankIdKind::Mobile).map(drop),
            &|| self.person_key(Usage::Identification).map(drop),
            &|| self.responder_key().map(drop),
            &|| self.person_key(Usage::Signing).map(drop),
        ];
        steps.into_iter().take_while(|_| !enough()).try_for_each(|make| make())
    }

    /// The root's certificate, which no signature carries.
    pub(super) fn root(&self) -> &CertificateDer<'static> {
        &self.root.certificate
    }

    /// The bank's certificate as it stands in a signature.
    pub(super) fn bank_base64(&self) -> &str {
        &self.bank_base64
    }

    /// The authority for a kind of BankID.
    pub(super) fn branch(&self, kind: BankIdKind) -> Result<Arc<Branch>, Error> {
        let (held, label) = match kind {
            BankIdKind::Mobile => (&self.mobile, "mobile"),
            BankIdKind::File => (&self.file, "file"),
            BankIdKind::Card => (&self.card, "card"),
        };
        held.get(|| {
            let key = new_key(&self.seed, label, &PKCS_RSA_SHA256)?;
            let authority = self.bank.subordinate(
                &certificate::customer_authority(kind),
                key,
                &certificate::policy(kind),
            )?;
            let (_, parsed) = X509Certificate::from_der(&authority.certificate)
                .map_err(|_malformed| Error::OwnCertificate)?;
            let name_hash = Sha1::digest(parsed.subject().as_raw()).into();
            Ok(Branch {
                base64: STANDARD.encode(&authority.certificate),
                name_hash,
                key_hash: certificate::key_id(&authority.key),
                authority,
            })
        })
    }

    /// The certificate with which a person finishes such an order.
    pub(super) fn leaf(&self, facts: &CompletionFacts, usage: Usage) -> Result<Arc<Leaf>, Error> {
        let issued = facts.person.issue_date.date().and_then(|(year, month, day)| {
            Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()
        });
        // No BankID is older than BankID, and DER has no years before 0.
        let issued = issued.filter(|day| day.year() >= 2000);
        let validity = Validity::of_person(facts.kind, issued, moment(facts.finished_at_ms));
        let person = &facts.person;
        let names = [person.given_name.clone(), person.surname.clone(), person.name.clone()];
        let id = LeafId {
            personal_number: person.personal_number,
            names,
            kind: facts.kind,
            usage,
            validity,
        };
        self.leaves.get(&id, || {
            let branch = self.branch(facts.kind)?;
            let key = self.person_key(usage)?;
            let (params, serial) = certificate::person_params(
                &facts.person,
                facts.kind,
                usage,
                validity,
                &key,
                &branch.authority.key,
            )
            .map_err(Error::Issue)?;
            let certificate = branch.authority.issue(&params, &key)?;
            Ok(Leaf { base64: STANDARD.encode(&certificate), serial, usage, validity })
        })
    }

    /// Signs as a person, with RSA and SHA-256.
    pub(super) fn sign_as_person(&self, usage: Usage, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.person_key(usage)?.sign(message).map_err(Error::Issue)
    }

    /// The certificate of the responder for a kind at a moment.
    pub(super) fn responder(
        &self,
        kind: BankIdKind,
        at: OffsetDateTime,
    ) -> Result<Arc<CertificateDer<'static>>, Error> {
        let validity = Validity::of_responder(at);
        self.responders.get(&(kind, validity), || {
            let branch = self.branch(kind)?;
            let key = self.responder_key()?;
            let params = certificate::responder_params(kind, validity, &key, &branch.authority.key)
                .map_err(Error::Issue)?;
            branch.authority.issue(&params, &key)
        })
    }

    /// Signs as the responder, with RSA and SHA-256.
    pub(super) fn sign_as_responder(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.responder_key()?.sign(message).map_err(Error::Issue)
    }

    fn responder_key(&self) -> Result<Arc<KeyPair>, Error> {
        self.responder_key.get(|| new_key(&self.seed, "responder", &PKCS_RSA_SHA256))
    }

    fn person_key(&self, usage: Usage) -> Result<Arc<KeyPair>, Error> {
        match usage {
            Usage::Identification => self
                .identification_key
                .get(|| new_key(&self.seed, "identification", &PKCS_RSA_SHA256)),
            Usage::Signing => {
                self.signing_key.get(|| new_key(&self.seed, "signing", &PKCS_RSA_SHA256))
            }
        }
    }
}

impl fmt::Debug for Authorities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorities").finish_non_exhaustive()
    }
}

impl Authority {
    /// A root that nobody has seen before, unless the seed has been used.
    pub(super) fn new_root(seed: &[u8; 32]) -> Result<Self, Error> {
        Self::root(new_key(seed, "root", &PKCS_RSA_SHA512)?)
    }

    fn root(key: KeyPair) -> Result<Self, Error> {
        let params = certificate::authority_params(
            certificate::ROOT,
            &key,
            &key,
            &certificate::GENERAL_POLICY,
        )
        .map_err(Error::Issue)?;
        let certificate = params.self_signed(&key).map_err(Error::Issue)?.into();
        Ok(Self { certificate, params, key })
    }

    /// A root that was kept: its certificate, and the key that belongs to it. Nothing, if it is none of ours, so that what
    /// is issued under it would not lead to it.
    pub(super) fn kept_root(
        certificate: CertificateDer<'static>,
        key: &PrivatePkcs8KeyDer<'_>,
    ) -> Option<Self> {
        let key = KeyPair::from_pkcs8_der_and_sign_algo(key, &PKCS_RSA_SHA512).ok()?;
        let made = Self::root(key).ok()?;
        let is_ours = {
            let (_, kept) = X509Certificate::from_der(&certificate).ok()?;
            let (_, made) = X509Certificate::from_der(&made.certificate).ok()?;
            kept.subject().as_raw() == made.subject().as_raw()
        };
        is_ours.then_some(Self { certificate, ..made })
    }

    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The private key as PKCS#8 DER.
    pub(super) fn key(&self) -> PrivatePkcs8KeyDer<'_> {
        self.key.serialized_der().into()
    }

    fn subordinate(
        &self,
        subject: &certificate::Subject,
        key: KeyPair,
        policy: &[u64],
    ) -> Result<Self, Error> {
        let params = certificate::authority_params(subject, &key, &self.key, policy)
            .map_err(Error::Issue)?;
        let certificate = self.issue(&params, &key)?;
        Ok(Self { certificate, params, key })
    }

    fn issue(
        &self,
        params: &CertificateParams,
        key: &KeyPair,
    ) -> Result<CertificateDer<'static>, Error> {
        let issuer = Issuer::from_params(&self.params, &self.key);
        Ok(params.signed_by(key, &issuer).map_err(Error::Issue)?.into())
    }
}

const KEY_BITS: usize = 2048;

/// The key with this label: the same seed gives the same key, in whatever order keys are asked for.
fn new_key(
    seed: &[u8; 32],
    label: &str,
    algorithm: &'static SignatureAlgorithm,
) -> Result<KeyPair, Error> {
    let own_seed = Sha256::new().chain_update(seed).chain_update(label).finalize();
    let mut random = ChaCha20Rng::from_seed(own_seed.into());
    let key = rsa::PrivateKey::new(&mut random, KEY_BITS).map_err(Error::Key)?;
    let der = key.to_pkcs8_der().map_err(|source| Error::Key(source.into()))?;
    let der = PrivatePkcs8KeyDer::from(der.as_bytes());
    KeyPair::from_pkcs8_der_and_sign_algo(&der, algorithm).map_err(Error::Issue)
}
