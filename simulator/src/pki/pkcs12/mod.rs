//! Writing PKCS#12 files (RFC 7292) of one certificate and its key, in the two forms that BankID hands out (section
//! 1.4): the modern `.p12`, and the old `.pfx` that Windows and Java of their day need.
//!
//! It does not read them, and does not choose algorithms: libraries that write both offer no file whose certificate
//! is under RC2-40 while its key is under triple DES, which is the whole point of the old form.

mod legacy;

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, Tag, construct_der};

use super::{Error, Identity};

/// Key derivation rounds; what BankID's files and OpenSSL use. These files protect nothing of value.
const ROUNDS: u32 = 2048;

const DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 1];
const ENCRYPTED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 6];
const X509_CERTIFICATE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 22, 1];
const FRIENDLY_NAME: &[u64] = &[1, 2, 840, 113_549, 1, 9, 20];
const LOCAL_KEY_ID: &[u64] = &[1, 2, 840, 113_549, 1, 9, 21];
const SHROUDED_KEY_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 2];
const CERTIFICATE_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 3];
const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
const HMAC_SHA256: &[u64] = &[1, 2, 840, 113_549, 2, 9];
const AES_256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];
const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];

/// The random bytes that one file needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salts {
    pub(super) certificate: Salt,
    pub(super) key: Salt,
    pub(super) mac: [u8; 8],
}

/// Salt and initialisation vector of one encryption; the old ciphers derive their vector and leave ours alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salt {
    pub(super) salt: [u8; 8],
    pub(super) vector: [u8; 16],
}

impl Salts {
    /// Fresh ones from the operating system.
    pub(super) fn draw() -> Result<Self, Error> {
        Ok(Self { certificate: Salt::draw()?, key: Salt::draw()?, mac: random()? })
    }
}

impl Salt {
    pub(super) fn draw() -> Result<Self, Error> {
        Ok(Self { salt: random()?, vector: random()? })
    }
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|source| Error::Random { source })?;
    Ok(bytes)
}

/// A file as today's software wants it: PBES2 with AES-256, SHA-256 throughout.
pub(super) fn modern(identity: &Identity, passphrase: &str, salts: &Salts) -> Vec<u8> {
    let certificate = pbes2(&certificate_bag(identity), passphrase, salts.certificate);
    let key = pbes2(identity.key().secret_pkcs8_der(), passphrase, salts.key);
    let safe = authenticated_safe(identity, &certificate, &key);
    let mac_key: [u8; 32] =
        legacy::derive::<Sha256, 32>(passphrase, &salts.mac, legacy::Purpose::Mac);
    let mac = sign::<Hmac<Sha256>>(&mac_key, &safe);
    file(&safe, SHA256, &mac, &salts.mac)
}

/// A file as old Windows and Java want it: certificate under RC2-40, key under triple DES, SHA-1 throughout.
pub(super) fn legacy(identity: &Identity, passphrase: &str, salts: &Salts) -> Vec<u8> {
    let certificate =
        legacy::rc2_40(&certificate_bag(identity), passphrase, &salts.certificate.salt);
    let key = legacy::triple_des(identity.key().secret_pkcs8_der(), passphrase, &salts.key.salt);
    let safe = authenticated_safe(identity, &certificate, &key);
    let mac_key: [u8; 20] =
        legacy::derive::<Sha1, 20>(passphrase, &salts.mac, legacy::Purpose::Mac);
    let mac = sign::<Hmac<Sha1>>(&mac_key, &safe);
    file(&safe, SHA1, &mac, &salts.mac)
}

/// An `EncryptedPrivateKeyInfo` (PKCS#8) under PBES2, as BankID's `.pem` carries it.
pub(super) fn encrypted_key(identity: &Identity, passphrase: &str, salt: Salt) -> Vec<u8> {
    construct_der(|writer| {
        pbes2(identity.key().secret_pkcs8_der(), passphrase, salt).write_key(writer);
    })
}

/// Encrypted bytes with the algorithm identifier that says how.
struct Encrypted {
    algorithm: Vec<u8>,
    bytes: Vec<u8>,
}

impl Encrypted {
    /// As `EncryptedPrivateKeyInfo`.
    fn write_key(&self, writer: DERWriter<'_>) {
        writer.write_sequence(|fields| {
            fields.next().write_der(&self.algorithm);
            fields.next().write_bytes(&self.bytes);
        });
    }

    /// As the `EncryptedData` of PKCS#7.
    fn write_data(&self, writer: DERWriter<'_>) {
        writer.write_sequence(|data| {
            data.next().write_u8(0);
            data.next().write_sequence(|content| {
                content.next().write_oid(&oid(DATA));
                content.next().write_der(&self.algorithm);
                content
                    .next()
                    .write_tagged_implicit(Tag::context(0), |bytes| bytes.write_bytes(&self.bytes));
            });
        });
    }
}

fn pbes2(plain: &[u8], passphrase: &str, salt: Salt) -> Encrypted {
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), &salt.salt, ROUNDS, &mut key);
    let cipher = cbc::Encryptor::<aes::Aes256>::new(&key.into(), &salt.vector.into());
    let algorithm = construct_der(|writer| {
        writer.write_sequence(|scheme| {
            scheme.next().write_oid(&oid(PBES2));
            scheme.next().write_sequence(|parts| {
                parts.next().write_sequence(|derivation| {
                    derivation.next().write_oid(&oid(PBKDF2));
                    derivation.next().write_sequence(|parameters| {
                        parameters.next().write_bytes(&salt.salt);
                        parameters.next().write_u32(ROUNDS);
                        write_algorithm(parameters.next(), HMAC_SHA256);
                    });
                });
                parts.next().write_sequence(|encryption| {
                    encryption.next().write_oid(&oid(AES_256_CBC));
                    encryption.next().write_bytes(&salt.vector);
                });
            });
        });
    });
    Encrypted { algorithm, bytes: cipher.encrypt_padded_vec::<Pkcs7>(plain) }
}

/// The `SafeContents` with the certificate.
fn certificate_bag(identity: &Identity) -> Vec<u8> {
    construct_der(|writer| {
        writer.write_sequence(|bags| {
            bags.next().write_sequence(|bag| {
                bag.next().write_oid(&oid(CERTIFICATE_BAG));
                bag.next().write_tagged(Tag::context(0), |value| {
                    value.write_sequence(|certificate| {
                        certificate.next().write_oid(&oid(X509_CERTIFICATE));
                        certificate.next().write_tagged(Tag::context(0), |der| {
                            der.write_bytes(identity.certificate());
                        });
                    });
                });
                write_attributes(bag.next(), identity);
            });
        });
    })
}

/// Two contents: the certificate, encrypted as a whole, and the key, encrypted in its bag.
fn authenticated_safe(identity: &Identity, certificate: &Encrypted, key: &Encrypted) -> Vec<u8> {
    let key_bag = construct_der(|writer| {
        writer.write_sequence(|bags| {
            bags.next().write_sequence(|bag| {
                bag.next().write_oid(&oid(SHROUDED_KEY_BAG));
                bag.next().write_tagged(Tag::context(0), |value| key.write_key(value));
                write_attributes(bag.next(), identity);
            });
        });
    });
    construct_der(|writer| {
        writer.write_sequence(|contents| {
            contents.next().write_sequence(|content| {
                content.next().write_oid(&oid(ENCRYPTED_DATA));
                content.next().write_tagged(Tag::context(0), |data| certificate.write_data(data));
            });
            write_data(contents.next(), &key_bag);
        });
    })
}

/// Ties certificate and key together: the identifier is what readers match by, the name is what they show.
fn write_attributes(writer: DERWriter<'_>, identity: &Identity) {
    writer.write_set_of(|attributes| {
        attributes.next().write_sequence(|attribute| {
            attribute.next().write_oid(&oid(FRIENDLY_NAME));
            attribute.next().write_set(|values| values.next().write_bmp_string(identity.name()));
        });
        attributes.next().write_sequence(|attribute| {
            attribute.next().write_oid(&oid(LOCAL_KEY_ID));
            let id = Sha1::digest(identity.certificate());
            attribute.next().write_set(|values| values.next().write_bytes(&id));
        });
    });
}

fn file(safe: &[u8], digest: &[u64], mac: &[u8], mac_salt: &[u8]) -> Vec<u8> {
    construct_der(|writer| {
        writer.write_sequence(|pfx| {
            pfx.next().write_u8(3);
            write_data(pfx.next(), safe);
            pfx.next().write_sequence(|mac_data| {
                mac_data.next().write_sequence(|info| {
                    write_algorithm(info.next(), digest);
                    info.next().write_bytes(mac);
                });
                mac_data.next().write_bytes(mac_salt);
                mac_data.next().write_u32(ROUNDS);
            });
        });
    })
}

fn write_data(writer: DERWriter<'_>, bytes: &[u8]) {
    writer.write_sequence(|content| {
        content.next().write_oid(&oid(DATA));
        content.next().write_tagged(Tag::context(0), |data| data.write_bytes(bytes));
    });
}

fn write_algorithm(writer: DERWriter<'_>, algorithm: &[u64]) {
    writer.write_sequence(|fields| {
        fields.next().write_oid(&oid(algorithm));
        fields.next().write_null();
    });
}

fn sign<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn oid(arcs: &[u64]) -> ObjectIdentifier {
    ObjectIdentifier::from_slice(arcs)
}

#[cfg(test)]
mod tests;
