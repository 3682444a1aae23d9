//! BankID's answers as bytes: compact JSON with the members in the documented order (2.5, 4.1, 4.5, 6.1).
//!
//! Each document is written piece by piece into one buffer of the right size. That is several times faster than a
//! serializer, and here the order of the members is on the page for everyone to compare with the reference. What goes
//! into a document is given by the caller, who knows when it is right to say it.

use bytes::Bytes;

#[cfg(test)]
mod tests;

/// The text of a token: a UUID in its lower-case form, as BankID's are.
pub(crate) type TokenText = [u8; 36];

/// The answer of `cancel`.
pub(crate) const EMPTY: &[u8] = b"{}";

/// The four tokens of an order that starts by autostart or QR code.
pub(crate) fn started(
    order_ref: &TokenText,
    auto_start_token: &TokenText,
    qr_start_token: &TokenText,
    qr_start_secret: &TokenText,
) -> Bytes {
    write([
        br#"{"orderRef":""#,
        order_ref,
        br#"","autoStartToken":""#,
        auto_start_token,
        br#"","qrStartToken":""#,
        qr_start_token,
        br#"","qrStartSecret":""#,
        qr_start_secret,
        br#""}"#,
    ])
}

/// The answer of an order that starts by personal number.
pub(crate) fn started_by_number(order_ref: &TokenText) -> Bytes {
    write([br#"{"orderRef":""#, order_ref, br#""}"#])
}

/// An order that waits.
pub(crate) fn pending(order_ref: &TokenText, hint: &str) -> Bytes {
    hinted(order_ref, br#"","status":"pending","hintCode":""#, hint)
}

/// An order that failed.
pub(crate) fn failed(order_ref: &TokenText, hint: &str) -> Bytes {
    hinted(order_ref, br#"","status":"failed","hintCode":""#, hint)
}

fn hinted(order_ref: &TokenText, status: &[u8], hint: &str) -> Bytes {
    write([br#"{"orderRef":""#, order_ref, status, &escaped(hint), br#""}"#])
}

/// An error (6.1).
pub(crate) fn error(code: &str, details: &str) -> Bytes {
    write([br#"{"errorCode":""#, &escaped(code), br#"","details":""#, &escaped(details), br#""}"#])
}

/// What a completed order tells (4.5). There is no `Debug`, because nearly all of it is personal.
pub(crate) struct Completed<'a> {
    pub(crate) order_ref: &'a TokenText,
    pub(crate) personal_number: &'a str,
    pub(crate) name: &'a str,
    pub(crate) given_name: &'a str,
    pub(crate) surname: &'a str,
    pub(crate) ip_address: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) ocsp_response: &'a str,
    pub(crate) by_version: ByVersion<'a>,
}

/// What only one version tells (2.13).
pub(crate) enum ByVersion<'a> {
    V6_0 {
        uhi: Option<&'a str>,
        /// A date with its mark, `2023-11-29Z`.
        bank_id_issue_date: &'a str,
        /// Whether the identity document was read, if that was asked for.
        mrtd: Option<bool>,
        risk: Option<&'a str>,
    },
    /// The validity of the user's certificate, in Unix milliseconds.
    V5_1 { not_before_ms: i64, not_after_ms: i64 },
}

/// An order that the user completed.
pub(crate) fn complete(completed: &Completed<'_>) -> Bytes {
    let room = completed.signature.len() + completed.ocsp_response.len() + 600;
    let mut out = Vec::with_capacity(room);
    let mut put = |pieces: &[&[u8]]| pieces.iter().for_each(|piece| out.extend_from_slice(piece));
    put(&[
        br#"{"orderRef":""#,
        completed.order_ref,
        br#"","status":"complete","completionData":{"user":{"personalNumber":""#,
        &escaped(completed.personal_number),
        br#"","name":""#,
        &escaped(completed.name),
        br#"","givenName":""#,
        &escaped(completed.given_name),
        br#"","surname":""#,
        &escaped(completed.surname),
        br#""},"device":{"ipAddress":""#,
        &escaped(completed.ip_address),
    ]);
    match &completed.by_version {
        ByVersion::V6_0 { uhi, bank_id_issue_date, mrtd, .. } => {
            if let Some(uhi) = uhi {
                put(&[br#"","uhi":""#, &escaped(uhi)]);
            }
            put(&[br#""},"bankIdIssueDate":""#, &escaped(bank_id_issue_date), br#"""#]);
            if let Some(read) = mrtd {
                put(&[br#","stepUp":{"mrtd":"#, if *read { b"true" } else { b"false" }, b"}"]);
            }
        }
        ByVersion::V5_1 { not_before_ms, not_after_ms } => {
            put(&[br#""},"cert":{"notBefore":""#, not_before_ms.to_string().as_bytes()]);
            put(&[br#"","notAfter":""#, not_after_ms.to_string().as_bytes(), br#""}"#]);
        }
    }
    put(&[br#","signature":""#, &escaped(completed.signature)]);
    put(&[br#"","ocspResponse":""#, &escaped(completed.ocsp_response), br#"""#]);
    if let ByVersion::V6_0 { risk: Some(risk), .. } = completed.by_version {
        put(&[br#","risk":""#, &escaped(risk), br#"""#]);
    }
    put(&[b"}}"]);
    Bytes::from(out)
}

/// Puts pieces together in one buffer of exactly their size, which [`Bytes`] takes over as it is.
fn write<const N: usize>(pieces: [&[u8]; N]) -> Bytes {
    let mut out = Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum());
    for piece in pieces {
        out.extend_from_slice(piece);
    }
    Bytes::from(out)
}

/// Text as it stands between the quotes of JSON. Nearly always it can stand as it is.
fn escaped(text: &str) -> std::borrow::Cow<'_, [u8]> {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    // Without an early way out this takes many bytes at a time; signed documents have thousands.
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return std::borrow::Cow::Borrowed(text.as_bytes());
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            0..0x20 => {
                let digit = byte & 0xf;
                let low = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), low]);
            }
            _ => out.push(byte),
        }
    }
    std::borrow::Cow::Owned(out)
}
