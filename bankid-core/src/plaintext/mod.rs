//! Texts the app shows as they are (`plaintext`, protocol 13.4), and what both formats share: lines and characters.
//!
//! It does not wrap, style or judge a text's length.
//!
//! ```
//! use bankid_core::plaintext;
//!
//! assert!(plaintext::lines("Hej\r\n\r\nKöp: 350 kr\r").eq(["Hej", "", "Köp: 350 kr"]));
//! ```

#[cfg(test)]
mod tests;

/// The lines of a text, which end with CR, LF or CRLF; after the last end no further line starts.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = rest.split_once(['\r', '\n']).unwrap_or((rest, ""));
        let ended_by_cr = rest.as_bytes().get(line.len()) == Some(&b'\r');
        rest = after.strip_prefix('\n').filter(|_| ended_by_cr).unwrap_or(after);
        Some(line)
    })
}

/// Whether a character may stand in simpleMarkdownV1, and should be the only kind in plain text (13.3, 13.4): tab, line
/// ends, printable ASCII, and U+00A0 to U+FFEF. Nothing beyond the basic plane, so hardly any emoji.
pub fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{ffef}')
}
