use std::fmt::{self, Display};

use crate::document::{Fault, Position};

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("{file}: the file could not be read")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What the file says does not hold. Each fault is shown on a line of its own.
    #[error("{}", Lines(.file.as_deref(), .faults))]
    Refused {
        /// The file, if it came from one.
        file: Option<String>,
        /// At least one.
        faults: Vec<ConfigFault>,
    },
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Line, counted from 1; 0 where the configuration was not read from a text.
    pub line: usize,
    /// Column, counted from 1 in characters; 0 where the configuration was not read from a text.
    pub column: usize,
    /// The member at fault (`personas.anna.issueDate`); empty for the document as a whole.
    pub member: String,
    /// What is wrong with it.
    pub reason: String,
    /// The known name that was probably meant.
    pub nearest: Option<String>,
}

impl ConfigError {
    pub(super) fn refused(text: &str, faults: &[Fault]) -> Self {
        let faults = faults.iter().map(|fault| {
            let Position { line, column } = Position::of(text, fault.at.unwrap_or_default());
            ConfigFault { line, column, ..ConfigFault::unplaced(fault) }
        });
        Self::Refused { file: None, faults: faults.collect() }
    }

    pub(super) fn unplaced(faults: &[Fault]) -> Self {
        Self::Refused { file: None, faults: faults.iter().map(ConfigFault::unplaced).collect() }
    }

    pub(super) fn in_file(self, name: String) -> Self {
        match self {
            Self::Refused { faults, .. } => Self::Refused { file: Some(name), faults },
            unreadable @ Self::Unreadable { .. } => unreadable,
        }
    }

    /// Stable word for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "configUnreadable",
            Self::Refused { .. } => "configRefused",
        }
    }
}

impl ConfigFault {
    fn unplaced(fault: &Fault) -> Self {
        Self {
            line: 0,
            column: 0,
            member: fault.member.to_string(),
            reason: fault.reason.clone(),
            nearest: fault.nearest.clone(),
        }
    }
}

impl Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        if !self.member.is_empty() {
            write!(f, "{}: ", self.member)?;
        }
        f.write_str(&self.reason)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

struct Lines<'a>(Option<&'a str>, &'a [ConfigFault]);

impl Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.1.iter().enumerate() {
            let (newline, separator) =
                (if index > 0 { "\n" } else { "" }, if fault.line > 0 { ":" } else { ": " });
            match self.0 {
                Some(file) => write!(f, "{newline}{file}{separator}{fault}")?,
                None => write!(f, "{newline}{fault}")?,
            }
        }
        Ok(())
    }
}
