//! API keys: who may call, and what.
//!
//! Only SHA-256 of a key is ever kept. A key is drawn at random (`bankid-gateway key` makes one), so that a fast hash is
//! enough: there is nothing to guess. What a caller presents is hashed too, and compared with every digest there is, in
//! time that depends on their number alone.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bankid_client::Call;
use sha2::{Digest as _, Sha256};
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

#[cfg(test)]
mod tests;

/// Digests of all keys together.
const DIGESTS_MAX: usize = 1_000;

/// SHA-256 of a key, as it is kept.
pub fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// Who may call, by a name that stands for it everywhere else. Several digests under one name are one caller, so that a
/// key can be exchanged without a gap. `Debug` hides the digests.
pub struct ApiKey {
    name: Arc<str>,
    digests: Vec<[u8; 32]>,
    rights: Vec<Call>,
    start_secrets: bool,
    pace: Option<Pace>,
}

impl ApiKey {
    /// A caller that may do everything, with no key yet.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            digests: Vec::new(),
            rights: Call::ALL.to_vec(),
            start_secrets: true,
            pace: None,
        }
    }

    /// Accepts this key.
    #[must_use]
    pub fn accepting(self, key: &str) -> Self {
        self.accepting_digest(digest(key))
    }

    /// Accepts the key with this SHA-256.
    #[must_use]
    pub fn accepting_digest(mut self, digest: [u8; 32]) -> Self {
        self.digests.push(digest);
        self
    }

    /// May call these operations and no others.
    #[must_use]
    pub fn rights(self, rights: impl IntoIterator<Item = Call>) -> Self {
        Self { rights: rights.into_iter().collect(), ..self }
    }

    /// Whether it is given `qrStartSecret`. Without it, it asks for finished QR texts (`?meta=qr`).
    #[must_use]
    pub fn start_secrets(self, start_secrets: bool) -> Self {
        Self { start_secrets, ..self }
    }

    /// How many calls a second it may make; as many again may come at once. 0 for any number.
    #[must_use]
    pub fn calls_per_second(self, calls: u32) -> Self {
        let interval = Duration::from_secs(1).checked_div(calls);
        let pace = interval.map(|interval| Pace { interval, next: Mutex::default() });
        Self { pace, ..self }
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub(crate) fn may(&self, call: Call) -> bool {
        self.rights.contains(&call)
    }

    pub(crate) fn gets_start_secrets(&self) -> bool {
        self.start_secrets
    }

    /// Counts a call.
    ///
    /// # Errors
    /// How long to wait, if it is one too many.
    pub(crate) fn count(&self, now: Duration) -> Result<(), Duration> {
        self.pace.as_ref().map_or(Ok(()), |pace| pace.count(now))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("name", &self.name)
            .field("digests", &self.digests.len())
            .field("rights", &self.rights)
            .finish_non_exhaustive()
    }
}

/// A rate, kept as the moment at which the next call is due.
struct Pace {
    interval: Duration,
    next: Mutex<Duration>,
}

impl Pace {
    /// How far ahead of their time calls may come.
    const BURST: Duration = Duration::from_secs(1);

    fn count(&self, now: Duration) -> Result<(), Duration> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*next).max(now).saturating_add(self.interval);
        let early = after.saturating_sub(now);
        if early > Self::BURST {
            return Err(early.saturating_sub(Self::BURST));
        }
        *next = after;
        Ok(())
    }
}

/// The keys of a gateway.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<Arc<ApiKey>>);

/// Why a set of keys cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// A key has no name, a long one, or one that does not go into a log.
    #[error("the name of a key is 1 to 64 letters, digits, dots, underscores and hyphens")]
    Name,
    /// Two keys have one name.
    #[error("there are two keys named {name:?}; give one of them both digests")]
    SameName {
        /// The name.
        name: Box<str>,
    },
    /// The same digest stands twice, so that it would be unclear who calls.
    #[error("the key {name:?} has a digest that stands elsewhere too")]
    SameDigest {
        /// The second one's name.
        name: Box<str>,
    },
    /// A key without a digest lets nobody in.
    #[error("the key {name:?} has no digest")]
    NoDigest {
        /// The name.
        name: Box<str>,
    },
    /// More digests than are compared with every call.
    #[error("there are more than {DIGESTS_MAX} digests")]
    TooMany,
}

impl Keys {
    /// These keys, if they can be told apart.
    ///
    /// # Errors
    /// See [`BadKeys`].
    pub fn new(keys: impl IntoIterator<Item = ApiKey>) -> Result<Self, BadKeys> {
        let mut known: Vec<Arc<ApiKey>> = Vec::new();
        let mut digests = Vec::new();
        for key in keys {
            let name = || Box::from(&*key.name);
            if !is_name(&key.name) {
                return Err(BadKeys::Name);
            }
            if key.digests.is_empty() {
                return Err(BadKeys::NoDigest { name: name() });
            }
            if known.iter().any(|other| other.name == key.name) {
                return Err(BadKeys::SameName { name: name() });
            }
            for digest in &key.digests {
                if digests.contains(digest) {
                    return Err(BadKeys::SameDigest { name: name() });
                }
                digests.push(*digest);
            }
            if digests.len() > DIGESTS_MAX {
                return Err(BadKeys::TooMany);
            }
            known.push(Arc::new(key));
        }
        Ok(Self(known))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody may call.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    #[cfg(feature = "server")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ApiKey> {
        self.0.iter().map(|key| &**key)
    }

    /// Whose key this is. The one place where keys are compared: every digest is, to its end, whichever fits.
    pub(crate) fn find(&self, presented: &[u8]) -> Option<&Arc<ApiKey>> {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        let mut found = u32::MAX;
        for (position, key) in (0_u32..).zip(&self.0) {
            for digest in &key.digests {
                found.conditional_assign(&position, digest.ct_eq(&presented));
            }
        }
        self.0.get(usize::try_from(found).ok()?)
    }
}

/// Whether a text can name a key.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
