//! Tokens that lead to their order by themselves: no table from token to order is kept.
//!
//! A token has the form of a UUID, version 4, lower case (13.5), and so 122 bits of its own. They are a keyed permutation
//! of the order's place and number, with the kind of the token as tweak. Decoding undoes the permutation; the bits that
//! must then be zero tell foreign and altered tokens, tokens of another kind and those of another lane from real ones
//! (a random text passes once in 2⁴⁶ attempts, and then still has to name an order that exists).
//!
//! This is no cryptography: the permutation hides the order's place from the eye, not from somebody who sets out to
//! compute another order's tokens. A simulator keeps no secrets.

mod hex;
#[cfg(test)]
mod tests;

use std::{fmt, ops::Deref};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `orderRef`
    OrderRef,
    /// `autoStartToken`
    AutoStart,
    /// `qrStartToken`
    QrStart,
    /// `qrStartSecret`
    QrSecret,
}

/// Where an order lives, and which one of those that lived there it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Locator {
    /// The shard of the lane's store.
    pub(crate) shard: u8,
    /// The slot within the shard.
    pub(crate) slot: u32,
    /// The number of the order in its lane, from 1. Only the lower [`Locator::SEQUENCE_BITS`] bits go into tokens.
    pub(crate) sequence: u64,
}

impl Locator {
    /// Enough for a thousand orders a second during 17 years.
    pub(crate) const SEQUENCE_BITS: u32 = 39;
    const SLOT_BITS: u32 = 29;
    /// The most slots of a shard.
    pub(crate) const MAX_SLOTS: usize = 1 << Self::SLOT_BITS;
    const SHARD_BITS: u32 = 8;
    const BITS: u32 = Self::SEQUENCE_BITS + Self::SLOT_BITS + Self::SHARD_BITS;

    fn pack(self) -> u128 {
        let low = |value: u64, bits: u32| u128::from(value & ((1 << bits) - 1));
        low(self.sequence, Self::SEQUENCE_BITS)
            | low(self.slot.into(), Self::SLOT_BITS) << Self::SEQUENCE_BITS
            | u128::from(self.shard) << (Self::SEQUENCE_BITS + Self::SLOT_BITS)
    }

    fn unpack(packed: u128) -> Option<Self> {
        let field = |from: u32, bits: u32| packed >> from & ((1 << bits) - 1);
        if packed >> Self::BITS != 0 {
            return None;
        }
        Some(Self {
            sequence: u64::try_from(field(0, Self::SEQUENCE_BITS)).ok()?,
            slot: u32::try_from(field(Self::SEQUENCE_BITS, Self::SLOT_BITS)).ok()?,
            shard: u8::try_from(field(Self::SEQUENCE_BITS + Self::SLOT_BITS, Self::SHARD_BITS))
                .ok()?,
        })
    }
}

/// Makes and reads the tokens of one lane.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    rounds: [u64; ROUNDS],
}

/// Bits of a token that are not given by its form.
const TOKEN_BITS: u32 = 122;
const HALF_BITS: u32 = TOKEN_BITS / 2;
const HALF: u64 = (1 << HALF_BITS) - 1;
/// Enough for a permutation that looks random from both sides, if its rounds do (Luby and Rackoff).
const ROUNDS: usize = 4;

impl Tokens {
    /// The tokens of a lane whose key is `key`.
    pub(crate) fn new(key: u64) -> Self {
        let mut state = key;
        Self {
            rounds: std::array::from_fn(|_| {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                mix(state, key)
            }),
        }
    }

    /// The token of this kind for the order there.
    pub(crate) fn encode(&self, kind: Kind, locator: Locator) -> TokenText {
        let [token] = self.encode_all([kind], locator);
        token
    }

    /// The tokens of these kinds for the order there.
    pub(crate) fn encode_all<const N: usize>(
        &self,
        kinds: [Kind; N],
        locator: Locator,
    ) -> [TokenText; N] {
        let packed = locator.pack();
        let mut halves = [(half(packed >> HALF_BITS), half(packed)); N];
        // Round by round for all of them: each round waits for the one before, but not for another token's.
        for key in self.rounds {
            for ((left, right), kind) in halves.iter_mut().zip(kinds) {
                (*left, *right) = (*right, *left ^ round(*right, key, kind));
            }
        }
        halves.map(|(left, right)| {
            TokenText::from_bits(u128::from(left) << HALF_BITS | u128::from(right))
        })
    }

    /// The order that a token of this kind leads to, if it is one of this lane's.
    pub(crate) fn decode(&self, kind: Kind, text: &str) -> Option<Locator> {
        let bits = bits_of(text)?;
        let (mut left, mut right) = (half(bits >> HALF_BITS), half(bits));
        for key in self.rounds.iter().rev() {
            (left, right) = (right ^ round(left, *key, kind), left);
        }
        Locator::unpack(u128::from(left) << HALF_BITS | u128::from(right))
    }
}

fn half(bits: u128) -> u64 {
    // The mask leaves 61 bits, so the default is never taken.
    u64::try_from(bits & u128::from(HALF)).unwrap_or_default()
}

fn round(half: u64, key: u64, kind: Kind) -> u64 {
    let tweak = match kind {
        Kind::OrderRef => 0x243f_6a88_85a3_08d3,
        Kind::AutoStart => 0x1319_8a2e_0370_7344,
        Kind::QrStart => 0xa409_3822_299f_31d0,
        Kind::QrSecret => 0x082e_fa98_ec4e_6c89,
    };
    mix(half ^ tweak, key) & HALF
}

/// Mixes two words into one that looks random: the two halves of a full product, folded twice.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        let [low, high] = [product, product >> 64].map(|half| half & u128::from(u64::MAX));
        u64::try_from(low ^ high).unwrap_or_default()
    };
    let once = fold(a ^ 0xa076_1d64_78bd_642f, b ^ 0xe703_7ed1_a0b4_28db);
    fold(once ^ a, once.rotate_left(29) ^ b ^ 0x8ebc_6af0_9c88_c6e3)
}

/// A token as text: 36 ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenText([u8; 36]);

impl TokenText {
    pub(crate) const LEN: usize = 36;

    /// The bytes of the text.
    pub(crate) fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    fn from_bits(bits: u128) -> Self {
        // From the top: 48 bits, the version 4, 12 bits, the variant 10, 62 bits.
        let uuid = (bits >> 74) << 80
            | 0x4 << 76
            | (bits >> 62 & 0xfff) << 64
            | 0b10 << 62
            | bits & ((1 << 62) - 1);
        Self(hex::encode(uuid))
    }
}

impl Deref for TokenText {
    type Target = str;

    fn deref(&self) -> &str {
        // Digits and dashes are ASCII, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for TokenText {
    /// Tokens are not for logs (7.4).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(..)")
    }
}

/// The free bits of a UUID, version 4, in lower case; nothing for any other text.
fn bits_of(text: &str) -> Option<u128> {
    let bytes: &[u8; TokenText::LEN] = text.as_bytes().try_into().ok()?;
    let uuid = hex::decode(bytes)?;
    let form = uuid >> 76 & 0xf == 0x4 && uuid >> 62 & 0b11 == 0b10;
    form.then_some((uuid >> 80) << 74 | (uuid >> 64 & 0xfff) << 62 | uuid & ((1 << 62) - 1))
}
