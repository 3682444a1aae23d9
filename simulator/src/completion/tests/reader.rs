//! A verifier of completions for tests, written from section 10.8 and sharing no code with what makes them.

#![expect(clippy::string_slice, reason = "ranges come from the parser, or lie within ASCII")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey as _;
use rsa::signature::Verifier as _;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const BANKID: &str = "http://www.bankid.com/signature/v1.0.0/types";

/// A verified completion, in parts.
pub(super) struct Verified {
    pub(super) xml: String,
    /// Leaf first, without the root.
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) ocsp: Ocsp,
}

/// Checks all that can be checked without the root: digests, signature, OCSP response, nonce, responder.
pub(super) fn verify(signature: &str, ocsp_response: &str) -> Verified {
    let xml = String::from_utf8(STANDARD.decode(signature).unwrap()).unwrap();
    let chain = verify_xml(&xml);
    let ocsp = Ocsp::parse(&STANDARD.decode(ocsp_response).unwrap());
    ocsp.verify(&chain, signature);
    Verified { xml, chain, ocsp }
}

/// Checks a chain against a pinned root at the moment of the OCSP response.
pub(super) fn verify_chain(verified: &Verified, root: &[u8]) {
    let certificates: Vec<_> =
        verified.chain.iter().map(Vec::as_slice).chain([root]).map(certificate).collect();
    let at = verified.ocsp.produced_at_seconds();
    for (certificate, issuer) in
        certificates.iter().zip(certificates.iter().skip(1).chain(certificates.last()))
    {
        assert_eq!(certificate.issuer().as_raw(), issuer.subject().as_raw());
        certificate.verify_signature(Some(issuer.public_key())).unwrap();
        assert!(issuer.is_ca() && issuer.key_usage().unwrap().unwrap().value.key_cert_sign());
        let validity = certificate.validity();
        assert!((validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&at));
    }
}

pub(super) fn certificate(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate
}

/// Elements below the root in document order, as paths with their attributes in the order written. Certificates and
/// conditions repeat, so each line is what a reader of the structure sees.
pub(super) fn structure(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    document
        .descendants()
        .filter(Node::is_element)
        .map(|node| {
            let mut path: Vec<_> = node
                .ancestors()
                .filter(Node::is_element)
                .map(|part| part.tag_name().name().to_owned())
                .collect();
            path.reverse();
            // The start tag as it stands, which keeps the order of namespace declaration and attributes.
            let tag = &xml[node.range()];
            format!("{} {}", path.join("/"), &tag[..=tag.find('>').unwrap()])
        })
        .collect()
}

fn verify_xml(xml: &str) -> Vec<Vec<u8>> {
    let document = Document::parse(xml).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name((DSIG, "Signature")));
    let [signed_info, value, key_info, object] = children(root);
    let [data] = children(object);
    assert!(data.has_tag_name((BANKID, "bankIdSignedData")));
    let [canonicalization, method, first, second] = children(signed_info);
    assert_eq!(
        canonicalization.attribute("Algorithm"),
        Some("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    );
    assert_eq!(
        method.attribute("Algorithm"),
        Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    );
    for (reference, target, id) in
        [(first, data, "#bidSignedData"), (second, key_info, "#bidKeyInfo")]
    {
        assert_eq!(reference.attribute("URI"), Some(id));
        assert_eq!(target.attribute("Id"), id.strip_prefix('#'));
        let digest = Sha256::digest(&xml[target.range()]);
        assert_eq!(text_of(reference, "DigestValue"), STANDARD.encode(digest), "{id}");
    }
    let chain: Vec<_> = key_info
        .descendants()
        .filter(|node| node.has_tag_name((DSIG, "X509Certificate")))
        .map(|node| STANDARD.decode(node.text().unwrap()).unwrap())
        .collect();
    verify_rsa(
        certificate(&chain[0]).public_key().raw,
        &xml[signed_info.range()],
        value.text().unwrap(),
    );
    chain
}

fn verify_rsa(public_key: &[u8], message: &str, signature: &str) {
    let key = rsa::PublicKey::from_public_key_der(public_key).unwrap();
    let signature = STANDARD.decode(signature).unwrap();
    let signature = Signature::try_from(signature.as_slice()).unwrap();
    VerifyingKey::<Sha256>::new(key).verify(message.as_bytes(), &signature).unwrap();
}

fn children<'a, 'b, const N: usize>(node: Node<'a, 'b>) -> [Node<'a, 'b>; N] {
    assert!(node.children().all(|child| child.is_element()), "no text between elements");
    node.children().collect::<Vec<_>>().try_into().unwrap()
}

fn text_of<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.descendants().find(|child| child.tag_name().name() == name).unwrap().text().unwrap()
}

/// A parsed OCSP response. Every field that is always the same in BankID's responses was checked when it was parsed.
pub(super) struct Ocsp {
    signed: Vec<u8>,
    signature: Vec<u8>,
    responder_name: Vec<u8>,
    pub(super) responder: Vec<u8>,
    pub(super) produced_at: String,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) nonce: Vec<u8>,
}

impl Ocsp {
    pub(super) fn parse(der: &[u8]) -> Self {
        let [status, bytes] = fields(only(der, 0x30));
        assert_eq!(status.content, [0], "successful");
        let [response_type, response] = fields(only(only(bytes.whole, 0xa0), 0x30));
        assert_eq!(response_type.content, [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1], "id-pkix-ocsp-basic");
        let [data, algorithm, signature, certificates] = fields(only(response.content, 0x30));
        assert_eq!(
            algorithm.content,
            [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0],
            "RSA and SHA-256"
        );
        let [responder] = fields(only(only(certificates.whole, 0xa0), 0x30));

        let [responder_id, produced_at, responses, extensions] = fields(data.content);
        let [single] = fields(responses.content);
        let [id, cert_status, this_update] = fields(single.content);
        assert_eq!(cert_status.whole, [0x80, 0], "good");
        assert_eq!(this_update.whole, produced_at.whole);
        let [hash, name_hash, key_hash, serial] = fields(id.content);
        assert_eq!(hash.content, [6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0], "SHA-1 with NULL");

        let [extension] = fields(only(only(extensions.whole, 0xa1), 0x30));
        assert_eq!(extension.whole[..2], [0x30, 0x30]);
        let [oid, critical, nonce] = fields(extension.content);
        assert_eq!(oid.content, [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2], "nonce");
        assert_eq!(critical.whole, [1, 1, 0xff]);
        assert_eq!(nonce.whole[..2], [4, 0x20]);
        Self {
            signed: data.whole.to_vec(),
            signature: signature.content[1..].to_vec(),
            responder_name: only(responder_id.whole, 0xa1).to_vec(),
            responder: responder.whole.to_vec(),
            produced_at: String::from_utf8(produced_at.content.to_vec()).unwrap(),
            name_hash: name_hash.content.to_vec(),
            key_hash: key_hash.content.to_vec(),
            serial: serial.content.to_vec(),
            nonce: nonce.content.to_vec(),
        }
    }

    /// Steps 10 to 12 of section 10.8.
    fn verify(&self, chain: &[Vec<u8>], signature: &str) {
        let (leaf, issuer, responder) =
            (certificate(&chain[0]), certificate(&chain[1]), certificate(&self.responder));
        assert_eq!(self.serial, leaf.tbs_certificate.raw_serial());
        assert_eq!(self.name_hash, Sha1::digest(issuer.subject().as_raw()).to_vec());
        assert_eq!(
            self.key_hash,
            Sha1::digest(&issuer.public_key().subject_public_key.data).to_vec()
        );
        assert_eq!(self.responder_name, responder.subject().as_raw());
        assert_eq!(responder.issuer().as_raw(), issuer.subject().as_raw());
        responder.verify_signature(Some(issuer.public_key())).unwrap();
        let usage = responder.extended_key_usage().unwrap().unwrap();
        assert!(usage.critical && usage.value.ocsp_signing);
        let validity = responder.validity();
        assert!(
            (validity.not_before.timestamp()..=validity.not_after.timestamp())
                .contains(&self.produced_at_seconds())
        );
        let key = rsa::PublicKey::from_public_key_der(responder.public_key().raw).unwrap();
        let signed = Signature::try_from(self.signature.as_slice()).unwrap();
        VerifyingKey::<Sha256>::new(key).verify(&self.signed, &signed).unwrap();
        assert_eq!(self.nonce[..20], Sha1::digest(signature)[..]);
    }

    /// `producedAt` as Unix time.
    pub(super) fn produced_at_seconds(&self) -> i64 {
        let number = |range: std::ops::Range<usize>| self.produced_at[range].parse::<u8>().unwrap();
        assert!(
            self.produced_at.len() == 15 && self.produced_at.ends_with('Z'),
            "{}",
            self.produced_at
        );
        let year = self.produced_at[..4].parse().unwrap();
        let date = time::Date::from_calendar_date(
            year,
            time::Month::try_from(number(4..6)).unwrap(),
            number(6..8),
        );
        let time = time::Time::from_hms(number(8..10), number(10..12), number(12..14)).unwrap();
        date.unwrap().with_time(time).assume_utc().unix_timestamp()
    }
}

/// One element of DER.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    whole: &'a [u8],
    content: &'a [u8],
}

/// The fields of a sequence, exactly so many.
fn fields<const N: usize>(mut content: &[u8]) -> [Element<'_>; N] {
    std::array::from_fn(|index| {
        let (element, rest) = element(content);
        assert_eq!(index == N - 1, rest.is_empty(), "{N} fields");
        content = rest;
        element
    })
}

/// The content of the only element.
fn only(der: &[u8], tag: u8) -> &[u8] {
    let (element, rest) = element(der);
    assert!(rest.is_empty());
    assert_eq!(element.tag, tag);
    element.content
}

fn element(der: &[u8]) -> (Element<'_>, &[u8]) {
    let (start, length) = match der[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        other => panic!("a length of form {other:x}"),
    };
    let (whole, rest) = der.split_at(start + length);
    (Element { tag: der[0], whole, content: &whole[start..] }, rest)
}
