//! The certificate extensions that BankID uses, each exactly as observed (sections 1.4, 10.5 and 10.7).
//!
//! The issuing library writes some of these itself, but in its own order and with its own criticality.

use rcgen::CustomExtension;
use sha1::{Digest as _, Sha1};
use yasna::models::ObjectIdentifier;
use yasna::{Tag, construct_der};

/// What a key may be used for, as the number of its bit (RFC 5280, section 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    DigitalSignature,
    NonRepudiation,
    CertificateAndCrlSigning,
}

/// `keyUsage`, critical.
pub(crate) fn key_usage(usage: KeyUse) -> CustomExtension {
    let (byte, bits) = match usage {
        KeyUse::DigitalSignature => (0b1000_0000, 1),
        KeyUse::NonRepudiation => (0b0100_0000, 2),
        KeyUse::CertificateAndCrlSigning => (0b0000_0110, 7),
    };
    critical(&[2, 5, 29, 15], construct_der(|writer| writer.write_bitvec_bytes(&[byte], bits)))
}

/// `basicConstraints` with CA:TRUE and no path length, critical.
pub(crate) fn authority() -> CustomExtension {
    critical(
        &[2, 5, 29, 19],
        construct_der(|writer| writer.write_sequence(|fields| fields.next().write_bool(true))),
    )
}

/// `certificatePolicies` with one policy and no qualifiers.
pub(crate) fn policy(oid: &[u64]) -> CustomExtension {
    let content = construct_der(|writer| {
        writer.write_sequence(|policies| {
            policies.next().write_sequence(|policy| {
                policy.next().write_oid(&ObjectIdentifier::from_slice(oid));
            });
        });
    });
    CustomExtension::from_oid_content(&[2, 5, 29, 32], content)
}

/// `extendedKeyUsage` with one purpose.
pub(crate) fn extended_key_usage(purpose: &[u64], is_critical: bool) -> CustomExtension {
    let content = construct_der(|writer| {
        writer.write_sequence(|purposes| {
            purposes.next().write_oid(&ObjectIdentifier::from_slice(purpose));
        });
    });
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], content);
    extension.set_criticality(is_critical);
    extension
}

/// `subjectKeyIdentifier`.
pub(crate) fn subject_key_id(id: [u8; 20]) -> CustomExtension {
    CustomExtension::from_oid_content(
        &[2, 5, 29, 14],
        construct_der(|writer| writer.write_bytes(&id)),
    )
}

/// `authorityKeyIdentifier` with the key identifier only.
pub(crate) fn authority_key_id(id: [u8; 20]) -> CustomExtension {
    let content = construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_tagged_implicit(Tag::context(0), |field| field.write_bytes(&id));
        });
    });
    CustomExtension::from_oid_content(&[2, 5, 29, 35], content)
}

/// `authorityInfoAccess` that names an OCSP responder.
pub(crate) fn ocsp_responder(url: &str) -> CustomExtension {
    let content = construct_der(|writer| {
        writer.write_sequence(|descriptions| {
            descriptions.next().write_sequence(|description| {
                description
                    .next()
                    .write_oid(&ObjectIdentifier::from_slice(&[1, 3, 6, 1, 5, 5, 7, 48, 1]));
                description
                    .next()
                    .write_tagged_implicit(Tag::context(6), |uri| uri.write_ia5_string(url));
            });
        });
    });
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)
}

/// `id-pkix-ocsp-nocheck`: the responder's own certificate is not asked about.
pub(crate) fn ocsp_no_check() -> CustomExtension {
    const NULL: [u8; 2] = [5, 0];
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], NULL.to_vec())
}

/// The number printed on a smart card, 18 digits, as certificates on cards carry it.
pub(crate) fn card_number(number: u64) -> CustomExtension {
    let digits = format!("{:018}", number % 1_000_000_000_000_000_000);
    CustomExtension::from_oid_content(
        &[1, 2, 752, 34, 2, 1],
        construct_der(|writer| writer.write_printable_string(&digits)),
    )
}

/// The identifier of a key: SHA-1 of the bits of its public key, which is also what OCSP calls the key hash.
pub(crate) fn key_id(public_key: &[u8]) -> [u8; 20] {
    Sha1::digest(public_key).into()
}

fn critical(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content);
    extension.set_criticality(true);
    extension
}
