//! Builders, one per operation: a client says what it wants in plain text and typed values, and gets a request that the
//! server's own checks have passed.
//!
//! A builder offers exactly the members its operation has (2.2, 2.3). Stricter rules than the server's are applied only
//! after `strict()`.
mod draft;
mod payment;
mod setters;

use core::net::IpAddr;

use draft::Draft;
use setters::setters;

pub use payment::{OtherPayment, Payment};

use super::{ApiVersion, CallInitiator, Operation};
use crate::PersonalNumber;

/// Identification, started by QR code or on the same device (2.5).
///
/// ```
/// use bankid_core::request::Auth;
///
/// let start = Auth::new("203.0.113.25".parse()?).text("Logga in på Exempeltjänsten").pin_code(true).build()?;
/// let json = serde_json::to_string(&start)?;
/// assert_eq!(
///     json,
///     r#"{"endUserIp":"203.0.113.25","userVisibleData":"TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4=","requirement":{"pinCode":true}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct Auth(Draft);

impl Auth {
    /// An identification of the user at this address.
    pub fn new(end_user_ip: IpAddr) -> Self {
        Self(Draft::new(ApiVersion::V6_0, Operation::Auth).end_user_ip(end_user_ip))
    }
}

setters!(Auth: text data return_to device requirement person build);

/// Signature over a text, started by QR code or on the same device (2.6).
///
/// ```
/// use bankid_core::request::Sign;
///
/// let start = Sign::new("2001:db8::1f3a".parse()?, "Jag godkänner köp av 2 biljetter.\nSumma: 350 kr")
///     .non_visible_data(b"order=4711;v=1")
///     .personal_number("190000000000".parse()?)
///     .build()?;
///
/// let refused = Sign::new("2001:db8::1f3a".parse()?, "").build().unwrap_err();
/// assert_eq!(refused.member(), Some("userVisibleData"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct Sign(Draft);

impl Sign {
    /// A signature over `text` by the user at this address.
    pub fn new(end_user_ip: IpAddr, text: &str) -> Self {
        Self(Draft::new(ApiVersion::V6_0, Operation::Sign).end_user_ip(end_user_ip).text(text))
    }
}

setters!(Sign: data return_to device requirement person build);

/// Identification during a phone call (2.9).
///
/// ```
/// use bankid_core::request::{CallInitiator, PhoneAuth};
///
/// let start = PhoneAuth::new("190000000000".parse()?, CallInitiator::Rp).build()?;
/// assert_eq!(serde_json::to_string(&start)?, r#"{"callInitiator":"RP","personalNumber":"190000000000"}"#);
///
/// // The server takes a number that is no date; strict checks do not.
/// let refused = PhoneAuth::new("190000000000".parse()?, CallInitiator::Rp).strict().build().unwrap_err();
/// assert_eq!(refused.member(), Some("personalNumber"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct PhoneAuth(Draft);

impl PhoneAuth {
    /// An identification of the person on the line.
    pub fn new(personal_number: PersonalNumber, call_initiator: CallInitiator) -> Self {
        let draft = Draft::new(ApiVersion::V6_0, Operation::PhoneAuth);
        Self(draft.person(personal_number).call_initiator(call_initiator))
    }
}

setters!(PhoneAuth: text data requirement build);

/// Signature during a phone call (2.9).
///
/// ```
/// use bankid_core::request::{CallInitiator, PhoneSign};
///
/// let start = PhoneSign::new("190000000000".parse()?, CallInitiator::User, "Jag säger upp mitt avtal.").build()?;
/// assert!(start.check()?.starts_by_number);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct PhoneSign(Draft);

impl PhoneSign {
    /// A signature over `text` by the person on the line.
    pub fn new(personal_number: PersonalNumber, call_initiator: CallInitiator, text: &str) -> Self {
        let draft = Draft::new(ApiVersion::V6_0, Operation::PhoneSign);
        Self(draft.person(personal_number).call_initiator(call_initiator).text(text))
    }
}

setters!(PhoneSign: data requirement build);

/// v5.1's builders; public as [`v5`](crate::v5).
pub(crate) mod v5 {
    use super::{ApiVersion, Draft, IpAddr, Operation, setters};

    /// v5.1's identification (2.13).
    ///
    /// ```
    /// use bankid_core::v5::Auth;
    ///
    /// let start = Auth::new("203.0.113.25".parse()?)
    ///     .personal_number("190000000000".parse()?)
    ///     .token_start_required(true)
    ///     .allow_fingerprint(true)
    ///     .build()?;
    /// assert_eq!(
    ///     serde_json::to_string(&start)?,
    ///     r#"{"personalNumber":"190000000000","endUserIp":"203.0.113.25","requirement":{"tokenStartRequired":true,"allowFingerprint":true}}"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Clone, Debug)]
    #[must_use = "a builder does nothing until it is built"]
    pub struct Auth(Draft);

    impl Auth {
        /// An identification of the user at this address.
        pub fn new(end_user_ip: IpAddr) -> Self {
            Self(Draft::new(ApiVersion::V5_1, Operation::Auth).end_user_ip(end_user_ip))
        }
    }

    setters!(Auth: text data conditions conditions_5_1 build);

    /// v5.1's signature over a text (2.13).
    ///
    /// ```
    /// use bankid_core::v5::Sign;
    ///
    /// let start = Sign::new("203.0.113.25".parse()?, "Jag godkänner.").issuer_cn(["Testbank A Customer CA1 v1"]).build()?;
    /// // Biometrics are off by default when signing with v5.1.
    /// assert!(start.check()?.requirement.pin_code);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Clone, Debug)]
    #[must_use = "a builder does nothing until it is built"]
    pub struct Sign(Draft);

    impl Sign {
        /// A signature over `text` by the user at this address.
        pub fn new(end_user_ip: IpAddr, text: &str) -> Self {
            Self(Draft::new(ApiVersion::V5_1, Operation::Sign).end_user_ip(end_user_ip).text(text))
        }
    }

    setters!(Sign: data conditions conditions_5_1 build);
}
