//! What types alone cannot say: whether names exist and values make sense.

use super::{Config, ErrorEntry, PersonaEntry};
use crate::document::{Fault, Path};

/// Everything wrong with a configuration, by member.
pub(super) fn faults(config: &Config) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, persona) in &config.personas {
        check_persona(name, persona, &mut faults);
    }
    for (index, error) in config.errors.iter().enumerate() {
        check_error(index, error, &mut faults);
    }
    let limits = &config.limits;
    let zero = [
        ("orders", limits.orders == Some(0)),
        ("textBytes", limits.text_bytes == Some(0)),
        ("lanes", limits.lanes == Some(0)),
    ];
    for (name, _) in zero.into_iter().filter(|(_, zero)| *zero) {
        faults.push(Fault::new(Path::of(["limits", name]), "must be at least 1"));
    }
    faults
}

fn check_persona(name: &str, persona: &PersonaEntry, faults: &mut Vec<Fault>) {
    let mut fault = |member: &str, reason: &str| {
        faults.push(Fault::new(Path::of(["personas", name, member]), reason));
    };
    let number = persona.personal_number.as_bytes();
    if number.len() != 12 || !number.iter().all(u8::is_ascii_digit) {
        fault("personalNumber", "must be twelve digits");
    }
    for (member, text) in [
        ("givenName", Some(&persona.given_name)),
        ("surname", Some(&persona.surname)),
        ("uhi", persona.uhi.as_ref()),
    ] {
        if text.is_some_and(|text| text.is_empty() || text.chars().count() > 100) {
            fault(member, "must have 1 to 100 characters");
        }
    }
}

fn check_error(index: usize, error: &ErrorEntry, faults: &mut Vec<Fault>) {
    let item = index.to_string();
    let path = |member| Path::of(["errors", item.as_str(), member]);
    match (error.call, error.rate) {
        (None, None) | (Some(_), Some(_)) => {
            faults.push(Fault::new(
                Path::of(["errors", item.as_str()]),
                "needs either `call` or `rate`",
            ));
        }
        (Some(0), None) => faults.push(Fault::new(path("call"), "calls are counted from 1")),
        (None, Some(rate)) if !(0.0..=1.0).contains(&rate) => {
            faults.push(Fault::new(path("rate"), "must lie between 0 and 1"));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if error.status.is_some_and(|status| !(400..600).contains(&status)) {
        faults.push(Fault::new(path("status"), "must be an error status, 400 to 599"));
    }
}
