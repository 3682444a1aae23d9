//! The operations of the API (2.1), as errors name them.

use std::fmt;

use bankid_core::request::Operation;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// One that starts an order.
    Start(Operation),
    /// `/collect`.
    Collect,
    /// `/cancel`.
    Cancel,
}

impl Call {
    /// Every operation, in the order of 2.1.
    pub const ALL: [Self; 8] = [
        Self::Start(Operation::Auth),
        Self::Start(Operation::Sign),
        Self::Start(Operation::Payment),
        Self::Start(Operation::OtherPayment),
        Self::Start(Operation::PhoneAuth),
        Self::Start(Operation::PhoneSign),
        Self::Collect,
        Self::Cancel,
    ];

    /// The operation's path below the version, without a leading slash.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Start(operation) => operation.path(),
            Self::Collect => "collect",
            Self::Cancel => "cancel",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}
