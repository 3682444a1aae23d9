//! Files that need a passphrase: PKCS#12, and encrypted keys in PKCS#8.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use pkcs8::pkcs5;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use rustls::pki_types::PrivateKeyDer;

use super::IdentityError;

/// Longest file. Real ones have 3 to 10 kB.
const FILE_MAX_BYTES: usize = 1 << 20;

/// Rounds of key derivation, at most: they cost the reader time. OpenSSL writes 2048.
const ROUNDS_MAX: u32 = 1_000_000;

/// The certificates and keys of a PKCS#12 file.
pub(super) type Content = (Vec<Vec<u8>>, Vec<PrivateKeyDer<'static>>);

/// Decrypts a key (1.4: PBES2).
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library may add errors; none of them is about the passphrase"
)]
pub(super) fn pkcs8(der: &[u8], passphrase: &str) -> Result<Vec<u8>, IdentityError> {
    let encrypted =
        EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_malformed| IdentityError::BadPkcs8)?;
    let rounds = encrypted
        .encryption_algorithm
        .pbes2()
        .and_then(|scheme| scheme.kdf.pbkdf2())
        .map(|kdf| kdf.iteration_count);
    if rounds.is_none_or(|rounds| rounds > ROUNDS_MAX) {
        return Err(IdentityError::UnknownEncryption);
    }
    let key = encrypted.decrypt(passphrase).map_err(|error| match error {
        // A wrong key shows in the padding, or else in what comes out.
        pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed)
        | pkcs8::Error::Asn1(_)
        | pkcs8::Error::KeyMalformed(_) => IdentityError::WrongPassphrase,
        _ => IdentityError::UnknownEncryption,
    })?;
    PrivateKeyInfoRef::try_from(key.as_bytes())
        .map_err(|_garbage| IdentityError::WrongPassphrase)?;
    Ok(key.as_bytes().to_vec())
}

/// Reads a PKCS#12 file in either form.
#[expect(clippy::wildcard_enum_match_arm, reason = "all the others say that the file is malformed")]
pub(super) fn pkcs12(file: &[u8], passphrase: &str) -> Result<Content, IdentityError> {
    if file.len() > FILE_MAX_BYTES {
        return Err(IdentityError::BadPkcs12);
    }
    let archive = Pkcs12Archive::from_pkcs12(file, passphrase).map_err(|error| match error {
        Pkcs12Error::MacError(_) => wrong_or_damaged(file, passphrase),
        // Files without a check value show it only here.
        Pkcs12Error::Pkcs5Error(_) | Pkcs12Error::UnpadError => IdentityError::WrongPassphrase,
        Pkcs12Error::UnsupportedEncryptionScheme | Pkcs12Error::UnsupportedMacAlgorithm => {
            IdentityError::UnknownEncryption
        }
        _ => IdentityError::BadPkcs12,
    })?;
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    let key =
        |bag: &p12_keystore::PrivateKeyBag| PrivateKeyDer::Pkcs8(bag.key.as_der().to_vec().into());
    Ok((certificates, archive.keys.iter().map(key).collect()))
}

/// The check value depends on passphrase and content. If the passphrase decrypts the content all the same, the content is
/// what does not fit.
fn wrong_or_damaged(file: &[u8], passphrase: &str) -> IdentityError {
    let opens = without_check_value(file)
        .is_some_and(|file| Pkcs12Archive::from_pkcs12(&file, passphrase).is_ok());
    if opens { IdentityError::CheckValue } else { IdentityError::WrongPassphrase }
}

/// The same file with nothing after version and content.
pub(super) fn without_check_value(file: &[u8]) -> Option<Vec<u8>> {
    let (_, inside) = element(file)?;
    let (version, _) = element(inside)?;
    let (content, _) = element(inside.get(version..)?)?;
    let kept = inside.get(..version + content)?;
    // DER wants the shortest form of a length.
    let digits = u32::try_from(kept.len()).ok()?.to_be_bytes();
    let digits = digits.get(digits.iter().position(|digit| *digit != 0)?..)?;
    let count = u8::try_from(digits.len()).ok()?;
    let mut rewritten = if kept.len() < 0x80 { vec![0x30] } else { vec![0x30, 0x80 | count] };
    rewritten.extend_from_slice(digits);
    rewritten.extend_from_slice(kept);
    Some(rewritten)
}

/// The first element of DER: how long it is as a whole, and its content.
pub(super) fn element(der: &[u8]) -> Option<(usize, &[u8])> {
    let (start, length) = match *der.get(1)? {
        short @ 0..=0x7f => (2, usize::from(short)),
        long @ 0x81..=0x84 => {
            let digits = usize::from(long & 0x7f);
            let bytes = der.get(2..2 + digits)?;
            (2 + digits, bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        }
        _ => return None,
    };
    let whole = start.checked_add(length)?;
    Some((whole, der.get(start..whole)?))
}
