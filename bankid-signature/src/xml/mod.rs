//! The XML of a completion's signature (10.2), as far as its certificates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node, ParsingOptions};

use crate::{BadCertificate, Certificate, Error};

/// Longest document. The largest legal order makes one of about 250 kB (10.8).
const XML_MAX_BYTES: usize = 1 << 20;

/// Nodes of a document; a real one has less than a hundred.
const NODES_MAX: u32 = 1_000;

/// Elements inside each other; a real document has 8.
const DEPTH_MAX: usize = 32;

/// Certificates of a document; a real one has 3.
const CERTIFICATES_MAX: usize = 8;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The certificates in `completionData.signature`, the user's first, then those above, without the root (10.2).
///
/// # Errors
/// The text is not base64 of XML as section 10.2 has it, or a certificate cannot be read.
pub fn certificates(signature: &str) -> Result<Vec<Certificate>, Error> {
    if signature.len() > XML_MAX_BYTES.div_ceil(3) * 4 {
        return Err(Error::TooLarge { limit_bytes: XML_MAX_BYTES });
    }
    let xml = STANDARD.decode(signature).map_err(|_position| Error::NotBase64)?;
    let xml = String::from_utf8(xml).map_err(|_position| Error::NotUtf8)?;
    // No DTD, so no entities of the document's own, and nothing is ever fetched.
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&xml, options).map_err(Error::Xml)?;
    refuse_strange_nodes(&document)?;
    let root = document.root_element();
    if !root.has_tag_name((DSIG, "Signature")) {
        return Err(structure("the root element is not a signature of XMLDSig"));
    }
    let key_info = only_child(root, "KeyInfo", "there is not exactly one KeyInfo")?;
    let data = only_child(key_info, "X509Data", "there is not exactly one X509Data in KeyInfo")?;
    let found: Vec<_> = data.children().filter(Node::is_element).collect();
    if found.is_empty() || found.len() > CERTIFICATES_MAX {
        return Err(structure("X509Data holds no certificate, or too many"));
    }
    found.into_iter().enumerate().map(|(position, node)| certificate(position, node)).collect()
}

fn certificate(position: usize, node: Node<'_, '_>) -> Result<Certificate, Error> {
    if !node.has_tag_name((DSIG, "X509Certificate")) {
        return Err(structure("X509Data holds something else than certificates"));
    }
    // A second text node would mean that something stands between the two.
    let mut children = node.children();
    let text = match (children.next(), children.next()) {
        (Some(text), None) if text.is_text() => text.text().unwrap_or_default(),
        _ => return Err(structure("an X509Certificate holds something else than text")),
    };
    let refused = |source| Error::Certificate { position, source };
    let der = STANDARD.decode(text).map_err(|_position| refused(BadCertificate::NotBase64))?;
    Certificate::from_der(&der).map_err(refused)
}

/// Depth is bounded, and nothing but elements, text and comments stands in the document.
fn refuse_strange_nodes(document: &Document<'_>) -> Result<(), Error> {
    for node in document.descendants() {
        if node.is_pi() {
            return Err(structure("there is a processing instruction"));
        }
        if node.is_element() && node.ancestors().take(DEPTH_MAX + 2).count() > DEPTH_MAX + 1 {
            return Err(structure("the elements are nested too deeply"));
        }
    }
    Ok(())
}

fn only_child<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &str,
    problem: &'static str,
) -> Result<Node<'a, 'input>, Error> {
    let mut found = parent.children().filter(|child| child.has_tag_name((DSIG, name)));
    match (found.next(), found.next()) {
        (Some(child), None) => Ok(child),
        _ => Err(structure(problem)),
    }
}

const fn structure(problem: &'static str) -> Error {
    Error::Structure { problem }
}

#[cfg(test)]
mod tests;
