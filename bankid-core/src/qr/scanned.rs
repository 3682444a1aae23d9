//! What a scanned text says, and whether it is a code of the order it names.

use core::fmt;

use subtle::ConstantTimeEq;

use super::{AUTH_CODE_LEN, BadToken, Key, MAX_DIGITS, PREFIX, Secret, Token};

/// The parts of a QR text; whether they are genuine is for [`verify`] to say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Scanned<'a> {
    /// The `qrStartToken`, which tells the order.
    pub token: Token<'a>,
    /// How old the order is, according to the code.
    pub elapsed_seconds: u32,
    auth_code: &'a str,
}

impl<'a> Scanned<'a> {
    /// Takes a QR text apart.
    ///
    /// # Errors
    ///
    /// [`Fault::NotABankIdCode`], with the first thing that is wrong.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::split(text).map_err(Fault::NotABankIdCode)
    }

    /// From the end, since an opaque token may hold dots itself.
    fn split(text: &'a str) -> Result<Self, Reason> {
        if text.starts_with("bankid:") || text.starts_with("https://app.bankid.com/") {
            return Err(Reason::StartLink);
        }
        let rest = text.strip_prefix(PREFIX).ok_or(Reason::Prefix)?;
        let (rest, auth_code) = rest.rsplit_once('.').ok_or(Reason::Parts)?;
        let (token, seconds) = rest.rsplit_once('.').ok_or(Reason::Parts)?;
        let token = Token::try_from(token).map_err(Reason::Token)?;
        let elapsed_seconds = time(seconds).ok_or(Reason::Time)?;
        let is_code = auth_code.len() == AUTH_CODE_LEN
            && auth_code.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_code { Ok(Self { token, elapsed_seconds, auth_code }) } else { Err(Reason::AuthCode) }
    }
}

impl fmt::Debug for Scanned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanned")
            .field("token", &self.token)
            .field("elapsed_seconds", &self.elapsed_seconds)
            .finish_non_exhaustive()
    }
}

/// Says whether `text` is a code of the order with this token and secret, which is `elapsed_seconds` old, and not older
/// or newer than it by more than `tolerance_seconds`; gives the time the code was made for.
///
/// The auth code is compared in constant time. That codes end with the order's start time
/// ([`LIFETIME_SECONDS`](super::LIFETIME_SECONDS)) is for the caller to say, who knows whether the order still waits.
///
/// # Errors
///
/// A [`Fault`] with the first thing that is wrong; whether a code is in time is only told of genuine ones.
///
/// ```
/// use bankid_core::qr::{self, Token};
///
/// let (token, secret) = (Token::try_from("start-token")?, "secret".into());
/// let frame = qr::frame(token, secret, 0);
/// assert_eq!(qr::verify(&frame, token, secret, 2, 5), Ok(0));
/// let fault = qr::verify(&frame, token, secret, 7, 5).unwrap_err();
/// assert_eq!(fault.to_string(), "stale: frame 0, the order is 7 s old");
/// # Ok::<(), bankid_core::qr::BadToken>(())
/// ```
pub fn verify(
    text: &str,
    token: Token<'_>,
    secret: Secret<'_>,
    elapsed_seconds: u32,
    tolerance_seconds: u32,
) -> Result<u32, Fault> {
    let scanned = Scanned::parse(text)?;
    if scanned.token != token {
        return Err(Fault::UnknownToken);
    }
    let frame = scanned.elapsed_seconds;
    let expected = Key::new(token, secret).auth_code(frame);
    if !bool::from(expected.ct_eq(scanned.auth_code.as_bytes())) {
        return Err(Fault::WrongAuthCode { frame });
    }
    if frame.abs_diff(elapsed_seconds) <= tolerance_seconds {
        Ok(frame)
    } else if frame < elapsed_seconds {
        Err(Fault::Stale { frame, order_age_seconds: elapsed_seconds })
    } else {
        Err(Fault::Early { frame, order_age_seconds: elapsed_seconds })
    }
}

/// What is wrong with a scanned text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has not the form of an animated BankID code.
    #[error("not a BankID code: {0}")]
    NotABankIdCode(Reason),
    /// It is a code of another order, or of none.
    #[error("unknown token: the code belongs to no such order")]
    UnknownToken,
    /// It was not made with the order's start secret, or not for the time it names.
    #[error("wrong auth code: frame {frame} was not made with the order's start secret")]
    WrongAuthCode {
        /// The time in the code.
        frame: u32,
    },
    /// It is genuine, but was shown too long ago.
    #[error("stale: frame {frame}, the order is {order_age_seconds} s old")]
    Stale {
        /// The time in the code.
        frame: u32,
        /// The time by the judge's clock.
        order_age_seconds: u32,
    },
    /// It is genuine, but not due yet.
    #[error("early: frame {frame}, the order is {order_age_seconds} s old")]
    Early {
        /// The time in the code.
        frame: u32,
        /// The time by the judge's clock.
        order_age_seconds: u32,
    },
}

/// Why a text is not an animated BankID code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It is a link that starts the app; as a QR code that is the static code of old (7.5).
    #[error("it is a start link, and static codes are no longer accepted")]
    StartLink,
    /// It does not start as the codes do.
    #[error("it does not start with `bankid.`")]
    Prefix,
    /// It has fewer parts than a code.
    #[error("it must have the parts `bankid.TOKEN.SECONDS.AUTHCODE`")]
    Parts,
    /// Its second part cannot be a start token.
    #[error("{0}")]
    Token(BadToken),
    /// Its third part is not a time.
    #[error("the time must be whole seconds in decimal digits without leading zeros")]
    Time,
    /// Its last part is not an auth code.
    #[error("the auth code must be 64 hex digits in lower case")]
    AuthCode,
}

/// The time of a code, in the one way to write it: `u32::from_str` would also take `+7` and `007`.
fn time(text: &str) -> Option<u32> {
    let well_formed = text.len() <= MAX_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if well_formed { text.parse().ok() } else { None }
}
