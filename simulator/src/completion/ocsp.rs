//! The OCSP response that ties a signature to its moment (section 10.7).

use rustls::pki_types::CertificateDer;
use sha1::{Digest as _, Sha1};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use yasna::models::{GeneralizedTime, ObjectIdentifier};
use yasna::{DERWriter, Tag, construct_der};

use super::authorities::{Authorities, Branch, Leaf};
use super::{CompletionFacts, Error};
use crate::pki::moment;

const SHA1_OID: &[u64] = &[1, 3, 14, 3, 2, 26];
const SHA256_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];
const BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
const NONCE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

/// The status `[0] NULL`.
const GOOD: [u8; 2] = [0x80, 0];

/// The response for the certificate of this signature: good, at the moment the order was finished.
pub(super) fn response(
    authorities: &Authorities,
    leaf: &Leaf,
    facts: &CompletionFacts,
    signature: &str,
    salt: &[u8; 12],
) -> Result<Vec<u8>, Error> {
    let produced_at = moment(facts.finished_at_ms);
    let branch = authorities.branch(facts.kind)?;
    let responder = authorities.responder(facts.kind, produced_at)?;
    let nonce = nonce(signature, salt);
    let time = GeneralizedTime::from_datetime(produced_at);
    let data = response_data(&responder, &branch, leaf, &time, &nonce)?;
    let signed = authorities.sign_as_responder(&data)?;
    let basic = construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_der(&data);
            write_algorithm(fields.next(), SHA256_WITH_RSA);
            fields.next().write_bitvec_bytes(&signed, signed.len() * 8);
            fields.next().write_tagged(Tag::context(0), |certificates| {
                certificates.write_sequence(|list| list.next().write_der(&responder));
            });
        });
    });
    Ok(construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_enum(0);
            fields.next().write_tagged(Tag::context(0), |bytes| {
                bytes.write_sequence(|response| {
                    response.next().write_oid(&oid(BASIC));
                    response.next().write_bytes(&basic);
                });
            });
        });
    }))
}

/// The part that the responder signs.
fn response_data(
    responder: &CertificateDer<'_>,
    branch: &Branch,
    leaf: &Leaf,
    time: &GeneralizedTime,
    nonce: &[u8; 32],
) -> Result<Vec<u8>, Error> {
    let (_, responder) =
        X509Certificate::from_der(responder).map_err(|_malformed| Error::OwnCertificate)?;
    Ok(construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_tagged(Tag::context(1), |by_name| {
                by_name.write_der(responder.subject().as_raw());
            });
            fields.next().write_generalized_time(time);
            fields.next().write_sequence(|responses| {
                responses.next().write_sequence(|single| {
                    write_certificate_id(single.next(), branch, leaf);
                    single.next().write_der(&GOOD);
                    single.next().write_generalized_time(time);
                });
            });
            fields.next().write_tagged(Tag::context(1), |extensions| {
                extensions.write_sequence(|list| {
                    list.next().write_sequence(|extension| {
                        extension.next().write_oid(&oid(NONCE));
                        extension.next().write_bool(true);
                        // Raw bytes: BankID leaves out the inner OCTET STRING of RFC 8954.
                        extension.next().write_bytes(nonce);
                    });
                });
            });
        });
    }))
}

fn write_certificate_id(writer: DERWriter<'_>, branch: &Branch, leaf: &Leaf) {
    writer.write_sequence(|id| {
        write_algorithm(id.next(), SHA1_OID);
        id.next().write_bytes(&branch.name_hash);
        id.next().write_bytes(&branch.key_hash);
        id.next().write_bigint_bytes(&leaf.serial, true);
    });
}

/// SHA-1 of the signature's base64 text, and twelve random bytes.
pub(super) fn nonce(signature: &str, salt: &[u8; 12]) -> [u8; 32] {
    let mut nonce = [0; 32];
    let digest: [u8; 20] = Sha1::digest(signature).into();
    for (to, from) in nonce.iter_mut().zip(digest.iter().chain(salt)) {
        *to = *from;
    }
    nonce
}

fn write_algorithm(writer: DERWriter<'_>, algorithm: &[u64]) {
    writer.write_sequence(|fields| {
        fields.next().write_oid(&oid(algorithm));
        fields.next().write_null();
    });
}

fn oid(arcs: &[u64]) -> ObjectIdentifier {
    ObjectIdentifier::from_slice(arcs)
}
