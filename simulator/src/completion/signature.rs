//! The XML signature, in exactly the form of section 10.2: no white space, every element already canonical.
//!
//! Since it is canonical, what is hashed and signed is the text itself.

use bankid_core::request::TextFormat;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::authorities::{Authorities, Leaf};
use super::{CompletionFacts, Error, device};
use crate::pki::RpName;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const BANKID_TYPES: &str = "http://www.bankid.com/signature/v1.0.0/types";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// The whole document.
pub(super) fn document(
    authorities: &Authorities,
    leaf: &Leaf,
    facts: &CompletionFacts,
    rp: &RpName,
    server_nonce: &[u8; 20],
) -> Result<String, Error> {
    let signed_data = signed_data(leaf, facts, rp, server_nonce);
    let key_info = key_info(authorities, leaf, facts)?;
    let signed_info = signed_info(&digest(&signed_data), &digest(&key_info));
    let value = STANDARD.encode(authorities.sign_as_person(leaf.usage, signed_info.as_bytes())?);
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><Signature xmlns=\"{DSIG}\">{signed_info}\
         <SignatureValue>{value}</SignatureValue>{key_info}<Object>{signed_data}</Object></Signature>"
    ))
}

/// Both references, in their fixed order (section 10.2).
fn signed_info(data_digest: &str, key_digest: &str) -> String {
    let references = [
        reference(&format!("Type=\"{BANKID_TYPES}\" URI=\"#bidSignedData\""), data_digest),
        reference("URI=\"#bidKeyInfo\"", key_digest),
    ]
    .concat();
    format!(
        "<SignedInfo xmlns=\"{DSIG}\"><CanonicalizationMethod Algorithm=\"{C14N}\"></CanonicalizationMethod>\
         <SignatureMethod Algorithm=\"{RSA_SHA256}\"></SignatureMethod>{references}</SignedInfo>"
    )
}

fn reference(attributes: &str, digest: &str) -> String {
    format!(
        "<Reference {attributes}><Transforms><Transform Algorithm=\"{C14N}\"></Transform></Transforms>\
         <DigestMethod Algorithm=\"{SHA256}\"></DigestMethod><DigestValue>{digest}</DigestValue></Reference>"
    )
}

/// The person's certificate and those above it, without the root.
fn key_info(
    authorities: &Authorities,
    leaf: &Leaf,
    facts: &CompletionFacts,
) -> Result<String, Error> {
    let branch = authorities.branch(facts.kind)?;
    let chain = [leaf.base64.as_str(), &branch.base64, authorities.bank_base64()]
        .map(|certificate| element("X509Certificate", certificate))
        .concat();
    Ok(format!(
        "<KeyInfo xmlns=\"{DSIG}\" Id=\"bidKeyInfo\">{}</KeyInfo>",
        element("X509Data", &chain)
    ))
}

/// What the person put their name to (section 10.3).
fn signed_data(
    leaf: &Leaf,
    facts: &CompletionFacts,
    rp: &RpName,
    server_nonce: &[u8; 20],
) -> String {
    let format = match facts.format {
        TextFormat::Plaintext => "",
        TextFormat::SimpleMarkdownV1 => " format=\"simpleMarkdownV1\"",
    };
    let visible = facts.visible_data.as_ref().map_or_else(String::new, |data| {
        let data = escape(data);
        format!(
            "<usrVisibleData charset=\"UTF-8\"{format} visible=\"wysiwys\">{data}</usrVisibleData>"
        )
    });
    let non_visible = facts
        .non_visible_data
        .as_ref()
        .map_or_else(String::new, |data| element("usrNonVisibleData", &escape(data)));
    let server = [
        element("name", &STANDARD.encode(&rp.dn)),
        element("nonce", &STANDARD.encode(server_nonce)),
        element("displayName", &STANDARD.encode(&rp.display_name)),
    ]
    .concat();
    let content =
        [visible, non_visible, element("srvInfo", &server), client_info(leaf, facts)].concat();
    format!(
        "<bankIdSignedData xmlns=\"{BANKID_TYPES}\" Id=\"bidSignedData\">{content}</bankIdSignedData>"
    )
}

/// What the app says: `funcId`, `fsib`, `utb`, the conditions and `uauth` in plain text, the rest base64.
fn client_info(leaf: &Leaf, facts: &CompletionFacts) -> String {
    let device = device::describe(facts.kind, &facts.uhi, facts.finished_at_ms);
    let app = [
        element("type", &STANDARD.encode(device.platform)),
        element("deviceInfo", &STANDARD.encode(device.system)),
        // The identifier is base64 text already.
        element("uhi", &escape(&facts.uhi)),
        element("fsib", device.fsib),
        element("utb", device.utb),
        requirement(facts),
        element("uauth", "pw"),
    ]
    .concat();
    let content = [
        element("funcId", leaf.usage.func_id()),
        element("version", &STANDARD.encode(&device.version)),
        element("env", &element("ai", &app)),
    ]
    .concat();
    element("clientInfo", &content)
}

/// The conditions in alphabetical order; without any, no element (section 10.3 leaves it open).
fn requirement(facts: &CompletionFacts) -> String {
    if facts.conditions.is_empty() {
        return String::new();
    }
    let mut conditions: Vec<_> = facts.conditions.iter().collect();
    conditions.sort();
    let content: String = conditions
        .into_iter()
        .map(|condition| {
            let value = element("value", &escape(&condition.value));
            element("condition", &(element("type", condition.name) + &value))
        })
        .collect();
    element("requirement", &content)
}

fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

/// Text as canonical XML writes it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;")
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}
