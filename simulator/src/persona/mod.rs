//! Who the pretend users are.
//!
//! A [`Persona`] is a person with a BankID. [`Personas`] knows the built-in ones and those of the configuration, and makes
//! up a name for everybody else: BankID's test service lets anyone take any number, so a requested personal number is
//! always honoured. Generated names, issue dates and device identifiers follow from the number alone, so they are the
//! same in every run.
//!
//! What a persona does is no business of this module, only which scenario is theirs.
//!
//! ```
//! use simulator::persona::Personas;
//!
//! let personas = Personas::built_in();
//! assert_eq!(personas.default_persona().name(), "Tolvan Tolvansson");
//! assert_eq!(personas.named("anna")?.name(), "Anna Testberg");
//! assert!(personas.named("ana").unwrap_err().to_string().contains("did you mean `anna`?"));
//! # Ok::<(), simulator::persona::BadPersona>(())
//! ```

mod built_in;
mod generated;
mod issue_date;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use bankid_core::PersonalNumber;

pub use self::issue_date::{BadIssueDate, IssueDate};
use crate::{
    nearest::nearest,
    scenario::{Scenario, Suggestion},
};

/// A person with a BankID.
#[derive(Clone, Debug)]
pub struct Persona {
    /// The person's number.
    pub personal_number: PersonalNumber,
    /// Given names, as in the certificate.
    pub given_name: Box<str>,
    /// Surname, as in the certificate.
    pub surname: Box<str>,
    /// Day the BankID was issued.
    pub issue_date: IssueDate,
    /// Address of the device with the app; the order's own `endUserIp` if absent.
    pub ip_address: Option<IpAddr>,
    /// `device.uhi` (4.5).
    pub uhi: Box<str>,
    /// What this person does with orders made for their number.
    pub scenario: Option<Arc<Scenario>>,
}

impl Persona {
    /// A person with this number, about whom everything else follows from the number.
    pub fn generated(personal_number: PersonalNumber) -> Self {
        let (given_name, surname) = generated::names(personal_number);
        Self::with_names(personal_number, given_name, surname)
    }

    /// A person with this number and name, about whom everything else follows from the number.
    pub fn with_names(personal_number: PersonalNumber, given_name: &str, surname: &str) -> Self {
        Self {
            personal_number,
            given_name: given_name.into(),
            surname: surname.into(),
            issue_date: generated::issue_date(personal_number),
            ip_address: None,
            uhi: generated::uhi(personal_number),
            scenario: None,
        }
    }

    /// Given names and surname (4.5).
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.surname)
    }
}

/// Everybody who has been given a name.
#[derive(Clone, Debug)]
pub struct Personas {
    default: PersonalNumber,
    /// Names in the order they were added, the built-in ones first.
    named: Vec<(Box<str>, PersonalNumber)>,
    by_number: HashMap<PersonalNumber, Arc<Persona>>,
    built_in: usize,
}

impl Default for Personas {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Personas {
    /// The built-in personas.
    pub fn built_in() -> Self {
        let all = built_in::all();
        Self {
            default: built_in::DEFAULT,
            built_in: all.len(),
            named: all
                .iter()
                .map(|(name, persona)| ((*name).into(), persona.personal_number))
                .collect(),
            by_number: all
                .into_iter()
                .map(|(_, persona)| (persona.personal_number, Arc::new(persona)))
                .collect(),
        }
    }

    /// Adds a person under a name. A built-in persona of the same name or number makes way.
    ///
    /// # Errors
    /// The name or number is taken by one added before, or the number might belong to somebody (11.1) and
    /// `allow_any_personal_number` is not set.
    pub fn add(
        &mut self,
        name: &str,
        persona: Persona,
        allow_any_personal_number: bool,
    ) -> Result<(), BadPersona> {
        let number = persona.personal_number;
        let known = number.is_safe_test_number() || self.by_number.contains_key(&number);
        if !known && !allow_any_personal_number {
            return Err(BadPersona::UnsafeNumber { name: name.into() });
        }
        let added = self.named.get(self.built_in..).unwrap_or_default();
        if let Some((taken, _)) =
            added.iter().find(|(taken, other)| **taken == *name || *other == number)
        {
            return Err(BadPersona::Taken { name: name.into(), by: taken.clone() });
        }
        let replaced: Vec<usize> = (0..self.built_in)
            .filter(|index| {
                self.named
                    .get(*index)
                    .is_some_and(|(old, other)| **old == *name || *other == number)
            })
            .collect();
        for index in replaced.into_iter().rev() {
            let (_, old) = self.named.remove(index);
            self.built_in -= 1;
            if old != self.default || number == old {
                self.by_number.remove(&old);
            }
        }
        self.named.push((name.into(), number));
        self.by_number.insert(number, Arc::new(persona));
        Ok(())
    }

    /// Who completes orders that are for nobody in particular.
    pub fn default_persona(&self) -> Arc<Persona> {
        self.of(self.default)
    }

    /// The person with this number, known or made up.
    pub fn of(&self, number: PersonalNumber) -> Arc<Persona> {
        self.known(number).map_or_else(|| Arc::new(Persona::generated(number)), Arc::clone)
    }

    /// The person with this number, if it has been given a name.
    pub fn known(&self, number: PersonalNumber) -> Option<&Arc<Persona>> {
        self.by_number.get(&number)
    }

    /// Everybody with a name, the built-in ones first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<Persona>)> {
        self.named.iter().filter_map(|(name, number)| Some((&**name, self.by_number.get(number)?)))
    }

    /// The person of this name.
    ///
    /// # Errors
    /// There is none; the error names the nearest one.
    pub fn named(&self, name: &str) -> Result<Arc<Persona>, BadPersona> {
        match self.named.iter().find(|(known, _)| **known == *name) {
            Some((_, number)) => Ok(self.of(*number)),
            None => Err(BadPersona::Unknown {
                nearest: nearest(name, self.named.iter().map(|(known, _)| &**known))
                    .map(Into::into),
                name: name.chars().take(64).collect(),
            }),
        }
    }

    /// A person by name or by number; whoever has no name is made up.
    ///
    /// # Errors
    /// The text is neither twelve digits nor a name that is known.
    pub fn resolve(&self, text: &str) -> Result<Arc<Persona>, BadPersona> {
        match text.parse() {
            Ok(number) => Ok(self.of(number)),
            Err(_) => self.named(text),
        }
    }
}

/// Why there is no such persona.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPersona {
    /// Nobody has this name.
    #[error("there is no persona `{name}`{}", Suggestion(nearest.as_deref()))]
    Unknown {
        /// Who was asked for.
        name: Box<str>,
        /// Who was probably meant.
        nearest: Option<Box<str>>,
    },
    /// Name or number are already taken.
    #[error("the name or the personal number of persona `{name}` is that of `{by}`")]
    Taken {
        /// The new persona.
        name: Box<str>,
        /// The other one.
        by: Box<str>,
    },
    /// The number might be a real person's.
    #[error(
        "the personal number of persona `{name}` is none of those published for tests and might be somebody's; \
         --allow-any-personal-number accepts it"
    )]
    UnsafeNumber {
        /// The new persona.
        name: Box<str>,
    },
}
