//! The old password-based encryption of PKCS#12 (RFC 7292, appendices B and C).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, InnerIvInit as _, KeyIvInit as _};
use rc2::Rc2;
use sha1::{Digest, Sha1};
use yasna::construct_der;

use super::{Encrypted, ROUNDS, oid};

pub(super) const SHA_3_KEY_TRIPLE_DES_CBC: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 3];
pub(super) const SHA_40_BIT_RC2_CBC: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 6];

/// What derived bytes are for; its number goes into the derivation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Key,
    Vector,
    Mac,
}

impl Purpose {
    fn number(self) -> u8 {
        match self {
            Self::Key => 1,
            Self::Vector => 2,
            Self::Mac => 3,
        }
    }
}

/// `pbeWithSHA1And40BitRC2-CBC`.
pub(super) fn rc2_40(plain: &[u8], passphrase: &str, salt: &[u8]) -> Encrypted {
    let key: [u8; 5] = derive::<Sha1, 5>(passphrase, salt, Purpose::Key);
    let vector: [u8; 8] = derive::<Sha1, 8>(passphrase, salt, Purpose::Vector);
    let cipher =
        cbc::Encryptor::<Rc2>::inner_iv_init(Rc2::new_with_eff_key_len(&key, 40), &vector.into());
    Encrypted {
        algorithm: algorithm(SHA_40_BIT_RC2_CBC, salt),
        bytes: cipher.encrypt_padded_vec::<Pkcs7>(plain),
    }
}

/// `pbeWithSHA1And3-KeyTripleDES-CBC`.
pub(super) fn triple_des(plain: &[u8], passphrase: &str, salt: &[u8]) -> Encrypted {
    let key: [u8; 24] = derive::<Sha1, 24>(passphrase, salt, Purpose::Key);
    let vector: [u8; 8] = derive::<Sha1, 8>(passphrase, salt, Purpose::Vector);
    let cipher = cbc::Encryptor::<des::TdesEde3>::new(&key.into(), &vector.into());
    Encrypted {
        algorithm: algorithm(SHA_3_KEY_TRIPLE_DES_CBC, salt),
        bytes: cipher.encrypt_padded_vec::<Pkcs7>(plain),
    }
}

fn algorithm(number: &[u64], salt: &[u8]) -> Vec<u8> {
    construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_oid(&oid(number));
            fields.next().write_sequence(|parameters| {
                parameters.next().write_bytes(salt);
                parameters.next().write_u32(ROUNDS);
            });
        });
    })
}

/// Block size of SHA-1 and SHA-256 alike.
const BLOCK: usize = 64;

/// The derivation of RFC 7292, appendix B.2.
pub(super) fn derive<D: Digest, const N: usize>(
    passphrase: &str,
    salt: &[u8],
    purpose: Purpose,
) -> [u8; N] {
    let password: Vec<u8> =
        passphrase.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let mut input = fill_blocks(salt);
    input.extend(fill_blocks(&password));
    let mut derived = Vec::with_capacity(N + 32);
    loop {
        let mut hash =
            D::new().chain_update([purpose.number(); BLOCK]).chain_update(&input).finalize();
        for _ in 1..ROUNDS {
            hash = D::digest(&hash);
        }
        derived.extend_from_slice(&hash);
        if let Some(bytes) = derived.first_chunk() {
            return *bytes;
        }
        let addend: Vec<u8> = hash.iter().copied().cycle().take(BLOCK).collect();
        for block in input.chunks_exact_mut(BLOCK) {
            add_with_one(block, &addend);
        }
    }
}

/// Repeats `bytes` up to the next whole number of blocks.
fn fill_blocks(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len().next_multiple_of(BLOCK)).collect()
}

/// `block = block + addend + 1`, big endian, whatever overflows is dropped.
fn add_with_one(block: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (byte, add) in block.iter_mut().zip(addend).rev() {
        let [high, low] = (u16::from(*byte) + u16::from(*add) + carry).to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
}
