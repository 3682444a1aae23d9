//! Why the virtual phone could not do something.

use bankid_core::{launch, qr};

use crate::journal::OrderState;

/// How a person confirms in the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// With the security code.
    #[default]
    SecurityCode,
    /// With fingerprint or face.
    Biometrics,
}

/// Why nothing happened, exactly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneRefusal {
    /// The scanned text is not a valid code of an order at this moment.
    #[error(transparent)]
    Qr(#[from] qr::Fault),
    /// The code is genuine, but made for a time after the start limit of every order.
    #[error(
        "too late: frame {frame}, and codes end with the order's start limit of {} s",
        qr::LIFETIME_SECONDS
    )]
    PastStartLimit {
        /// The time in the code.
        frame: u32,
    },
    /// The text is no start link.
    #[error(transparent)]
    Link(#[from] launch::Fault),
    /// The token of the code or link belongs to no order of this lane.
    #[error("unknown token: it belongs to no order of this lane")]
    NoSuchOrder,
    /// No order waits for this person to open the app.
    #[error("no order waits for this person to open the app")]
    NothingWaits,
    /// This person has no order in the app.
    #[error("there is no order in this person's app")]
    NothingInApp,
    /// The order may be completed only by somebody else.
    #[error("the order is for another personal number")]
    OtherPerson,
    /// Somebody has picked the order up before.
    #[error("the order is in an app already")]
    Taken,
    /// The certificate policies of the order exclude the BankID of a phone.
    #[error("the certificate policies of the order allow no mobile BankID")]
    NoMobileBankId,
    /// The order demands the security code.
    #[error("the order demands the security code, so biometrics are not enough")]
    CodeRequired,
    /// The app waits for something else.
    #[error("the app waits for something else: {hint}")]
    NotNow {
        /// What the order is waiting for.
        hint: Box<str>,
    },
    /// The relying party has cancelled the order.
    #[error("the relying party has cancelled the order")]
    Withdrawn,
    /// The order is over: somebody or something was faster.
    #[error("the order is over: {outcome}")]
    Over {
        /// How it ended.
        outcome: OrderState,
    },
}

impl PhoneRefusal {
    /// One word for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Qr(qr::Fault::NotABankIdCode(_)) => "notABankIdCode",
            Self::Qr(qr::Fault::UnknownToken) | Self::NoSuchOrder => "unknownToken",
            Self::Qr(qr::Fault::WrongAuthCode { .. }) => "wrongAuthCode",
            Self::Qr(qr::Fault::Stale { .. }) => "stale",
            Self::Qr(qr::Fault::Early { .. }) => "early",
            Self::PastStartLimit { .. } => "pastStartLimit",
            Self::Link(_) => "notAStartLink",
            Self::NothingWaits => "nothingWaits",
            Self::NothingInApp => "nothingInApp",
            Self::OtherPerson => "otherPerson",
            Self::Taken => "taken",
            Self::NoMobileBankId => "noMobileBankId",
            Self::CodeRequired => "codeRequired",
            Self::NotNow { .. } => "notNow",
            Self::Withdrawn => "withdrawn",
            Self::Over { .. } => "over",
        }
    }

    /// How the order ended, where somebody or something was faster.
    pub const fn outcome(&self) -> Option<&OrderState> {
        if let Self::Over { outcome } = self { Some(outcome) } else { None }
    }
}
