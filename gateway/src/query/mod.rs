//! The query: what is added to an answer, and what is left out of it.
//!
//! JSON:API leaves names of small letters alone to itself, so that each parameter has a second spelling that it permits.

use http::Uri;

use crate::fault::{Code, Fault, Source};

#[cfg(test)]
mod tests;

/// What the caller wants beyond the documented members.
#[expect(clippy::struct_excessive_bools, reason = "what may be asked for is independent")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The text of the QR code of this second.
    pub(crate) qr: bool,
    /// Links that start the app.
    pub(crate) links: bool,
    /// The text for the user.
    pub(crate) message: bool,
    /// Without `qrStartSecret`.
    pub(crate) no_secrets: bool,
}

impl Query {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Fault> {
        let mut read = Self::default();
        let (mut meta, mut secrets) = (false, false);
        for parameter in uri.query().unwrap_or_default().split('&').filter(|text| !text.is_empty())
        {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (decode(name), decode(value));
            let refused = |detail: &'static str| {
                Fault::new(Code::InvalidQuery, detail).at(Source::Parameter(name.clone()))
            };
            match &*name {
                "meta" | "bankIdMeta" => {
                    if std::mem::replace(&mut meta, true) {
                        return Err(refused("meta stands twice."));
                    }
                    for word in value.split(',') {
                        match word {
                            "qr" => read.qr = true,
                            "links" => read.links = true,
                            "message" => read.message = true,
                            _ => return Err(refused("meta is a list of qr, links and message.")),
                        }
                    }
                }
                "secrets" | "bankIdSecrets" => {
                    if std::mem::replace(&mut secrets, true) {
                        return Err(refused("secrets stands twice."));
                    }
                    if value != "none" {
                        return Err(refused("secrets can be none, and nothing else."));
                    }
                    read.no_secrets = true;
                }
                _ => {
                    return Err(refused(
                        "The parameters are meta and secrets, or bankIdMeta and bankIdSecrets.",
                    ));
                }
            }
        }
        Ok(read)
    }
}

/// Undoes percent-encoding, since a comma comes encoded from many clients. What is no text stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let encoded = after.first_chunk().filter(|_| *first == b'%');
        let byte = encoded.and_then(|digits: &[u8; 2]| base16ct::mixed::decode_vec(digits).ok());
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
        bytes.extend(byte.unwrap_or_else(|| vec![*first]));
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
