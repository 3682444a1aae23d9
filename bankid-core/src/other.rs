//! Members of an answer that nobody knows yet.
//!
//! BankID adds members without notice (2.1). They are kept as they came and written again; nothing here reads them.
//!
//! ```
//! use bankid_core::error::ApiError;
//!
//! let text = r#"{"errorCode":"internalError","trace":"abc"}"#;
//! let error: ApiError = serde_json::from_str(text)?;
//! assert_eq!(error.other.get("trace").and_then(|trace| trace.as_str()), Some("abc"));
//! assert_eq!(serde_json::to_string(&error)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```
use alloc::string::String;
use core::fmt;
use core::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Unknown members by name. What they hold may be personal, so `Debug` tells their names only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OtherMembers(Map<String, Value>);

impl OtherMembers {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Deref for OtherMembers {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for OtherMembers {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl fmt::Debug for OtherMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
