//! From the file's words to what the simulator goes by; on the way, all that types alone cannot say is checked.

use std::sync::Arc;
use std::time::Duration;

use bankid_core::PersonalNumber;
use bankid_core::request::Operation;

use super::{ApiOperation, Config, ErrorEntry, LaneEntry, PersonaEntry, ScenarioEntry, Span};
use crate::document::{Fault, Path};
use crate::fault::{ApiFault, BadFault, Endpoint, ErrorRule, Strike, When};
use crate::http::is_lane_name;
use crate::persona::{BadPersona, Persona};
use crate::rule::Rules;
use crate::scenario::{BadScenario, Scenario, Timeline};

/// The rules of a configuration, or everything that is wrong with it.
pub(super) fn of(config: &Config, allow_any_personal_number: bool) -> Result<Rules, Vec<Fault>> {
    let mut reading = Reading { rules: Rules::default(), faults: Vec::new() };
    // In this order, since the later ones name the earlier ones.
    for (name, scenario) in &config.scenarios {
        reading.scenario(name, scenario);
    }
    for (name, persona) in &config.personas {
        reading.persona(name, persona, allow_any_personal_number);
    }
    reading.operations(config);
    for (name, lane) in &config.lanes {
        reading.lane(name, lane);
    }
    reading.rules.default = reading.named(config.scenario.as_deref(), &["scenario"]);
    for (index, error) in config.errors.iter().enumerate() {
        reading.error(&index.to_string(), error);
    }
    for (member, reason) in config.limits.faults() {
        reading.refuse(&["limits", member], reason);
    }
    if reading.faults.is_empty() { Ok(reading.rules) } else { Err(reading.faults) }
}

/// The rules read so far, and the faults found.
struct Reading {
    rules: Rules,
    faults: Vec<Fault>,
}

impl Reading {
    fn refuse(&mut self, member: &[&str], reason: impl Into<String>) {
        self.faults.push(Fault::new(Path::of(member.iter().copied()), reason));
    }

    fn scenario(&mut self, name: &str, entry: &ScenarioEntry) {
        let (about, steps, phone) = match entry {
            ScenarioEntry::Steps(steps) => (None, (steps, vec!["scenarios", name]), None),
            ScenarioEntry::Forms(forms) => (
                forms.about.as_deref(),
                (&forms.steps, vec!["scenarios", name, "steps"]),
                forms.phone.as_ref(),
            ),
        };
        let (steps, member) = steps;
        let steps = self.timeline(steps, &member);
        let phone = phone.map(|phone| self.timeline(phone, &["scenarios", name, "phone"]));
        let (Some(steps), None | Some(Some(_))) = (steps, &phone) else { return };
        let about = about.unwrap_or("from the configuration");
        let scenario = Scenario::named(name, about, steps, phone.flatten());
        if let Err(bad) = self.rules.scenarios.add(scenario) {
            self.refuse(&["scenarios", name], bad.to_string());
        }
    }

    fn timeline(&mut self, text: &str, member: &[&str]) -> Option<Timeline> {
        text.parse()
            .map_err(|fault: crate::scenario::TimelineFault| self.refuse(member, fault.to_string()))
            .ok()
    }

    /// The scenario that a member names, if there is such a member.
    fn named(&mut self, text: Option<&str>, member: &[&str]) -> Option<Arc<Scenario>> {
        match self.rules.scenarios.resolve(text?) {
            Ok(scenario) => Some(scenario),
            Err(bad) => {
                self.faults.push(scenario_fault(bad, Path::of(member.iter().copied())));
                None
            }
        }
    }

    fn persona(&mut self, name: &str, entry: &PersonaEntry, allow_any_personal_number: bool) {
        let found_before = self.faults.len();
        let number: Option<PersonalNumber> = entry.personal_number.parse().ok();
        if number.is_none() {
            self.refuse(&["personas", name, "personalNumber"], "must be twelve digits");
        }
        for (member, text) in [
            ("givenName", Some(&entry.given_name)),
            ("surname", Some(&entry.surname)),
            ("uhi", entry.uhi.as_ref()),
        ] {
            let text = text.map_or("-", String::as_str);
            if text.trim().is_empty()
                || text.chars().count() > 100
                || text.chars().any(char::is_control)
            {
                self.refuse(&["personas", name, member], "must be 1 to 100 characters of text");
            }
        }
        let issue_date = entry.issue_date.as_deref().map(str::parse).transpose();
        if issue_date.is_err() {
            self.refuse(
                &["personas", name, "issueDate"],
                "must be a day from 1970 on, written `2023-11-29`",
            );
        }
        let scenario = self.named(entry.scenario.as_deref(), &["personas", name, "scenario"]);
        let (Some(number), Ok(issue_date), true) =
            (number, issue_date, self.faults.len() == found_before)
        else {
            return;
        };
        let mut persona = Persona::with_names(number, &entry.given_name, &entry.surname);
        persona.issue_date = issue_date.unwrap_or(persona.issue_date);
        persona.uhi = entry.uhi.as_deref().map_or(persona.uhi, Into::into);
        persona.ip_address = entry.ip_address;
        persona.scenario = scenario;
        match self.rules.personas.add(name, persona, allow_any_personal_number) {
            Ok(()) => {}
            Err(bad @ BadPersona::UnsafeNumber { .. }) => {
                self.refuse(&["personas", name, "personalNumber"], bad.to_string());
            }
            Err(bad) => self.refuse(&["personas", name], bad.to_string()),
        }
    }

    fn operations(&mut self, config: &Config) {
        let by_kind: [(_, _, &[Operation]); 4] = [
            ("auth", &config.operations.auth, &[Operation::Auth]),
            ("sign", &config.operations.sign, &[Operation::Sign]),
            ("payment", &config.operations.payment, &[Operation::Payment, Operation::OtherPayment]),
            ("phone", &config.operations.phone, &[Operation::PhoneAuth, Operation::PhoneSign]),
        ];
        for (member, text, operations) in by_kind {
            if let Some(scenario) = self.named(text.as_deref(), &["operations", member]) {
                let scenarios =
                    operations.iter().map(|operation| (*operation, Arc::clone(&scenario)));
                self.rules.operations.extend(scenarios);
            }
        }
    }

    fn lane(&mut self, name: &str, entry: &LaneEntry) {
        if !is_lane_name(name) {
            self.refuse(
                &["lanes", name],
                "a lane's name is 1 to 64 letters, digits, dots, underscores and hyphens",
            );
        }
        if let Some(scenario) = self.named(entry.scenario.as_deref(), &["lanes", name, "scenario"])
        {
            self.rules.lanes.insert(name.into(), scenario);
        }
    }

    fn error(&mut self, index: &str, entry: &ErrorEntry) {
        let when = match (entry.call, entry.rate) {
            (Some(call), None) => When::call(call).map_err(|bad| ("call", bad)),
            (None, Some(rate)) => When::rate(rate).map_err(|bad| ("rate", bad)),
            (None, None) | (Some(_), Some(_)) => {
                return self.refuse(&["errors", index], "needs either `call` or `rate`");
            }
        };
        let details = entry.details.as_deref();
        match (when, strike(&entry.error, entry.status, details, entry.delay)) {
            (Ok(when), Ok(strike)) => {
                let endpoint = entry.operation.map(Endpoint::from);
                self.rules.errors.push(ErrorRule { endpoint, strike, when });
            }
            (when, strike) => {
                for (member, bad) in [when.err(), strike.err()].into_iter().flatten() {
                    self.faults.push(error_fault(bad, Path::of(["errors", index, member])));
                }
            }
        }
    }
}

/// The fault on demand that these members describe, or the member at fault. Beside BankID's codes, `error` knows
/// `html:CODE` (a page with the code's status), `hangUp` and `late`.
pub(crate) fn strike(
    error: &str,
    status: Option<u16>,
    details: Option<&str>,
    delay: Option<Span>,
) -> Result<Strike, (&'static str, BadFault)> {
    let needless = |member| (member, BadFault::Needless { error: error.into() });
    let delay = match delay {
        Some(Span(delay)) => delay,
        None if error == "late" => return Err(("error", BadFault::Delay)),
        None => Duration::ZERO,
    };
    let page = error.strip_prefix("html:");
    if details.is_some() && (page.is_some() || matches!(error, "hangUp" | "late")) {
        return Err(needless("details"));
    }
    let strike = match (error, page) {
        ("hangUp" | "late", _) if status.is_some() => return Err(needless("status")),
        ("hangUp", _) => Strike::hang_up(),
        ("late", _) => return Ok(Strike::late(delay)),
        (_, Some(code)) => Strike::html(fault(code, status, None)?),
        (code, None) => fault(code, status, details)?.into(),
    };
    Ok(strike.after(delay))
}

fn fault(
    code: &str,
    status: Option<u16>,
    details: Option<&str>,
) -> Result<ApiFault, (&'static str, BadFault)> {
    let fault = ApiFault::named(code).map_err(|bad| ("error", bad))?;
    let fault = match status {
        Some(status) => fault.with_status(status).map_err(|bad| ("status", bad))?,
        None => fault,
    };
    Ok(match details {
        Some(details) => fault.with_details(details.to_owned()),
        None => fault,
    })
}

/// A member that names no scenario.
pub(crate) fn scenario_fault(bad: BadScenario, member: Path) -> Fault {
    match bad {
        BadScenario::Unknown { name, nearest } => {
            Fault::new(member, format!("there is no scenario `{name}`")).with_nearest(nearest)
        }
        bad @ (BadScenario::Timeline(_) | BadScenario::Taken { .. } | BadScenario::Name { .. }) => {
            Fault::new(member, bad.to_string())
        }
    }
}

/// A member that describes no API error.
pub(crate) fn error_fault(bad: BadFault, member: Path) -> Fault {
    match bad {
        BadFault::Unknown { code, nearest } => {
            Fault::new(member, format!("BankID has no error code `{code}`")).with_nearest(nearest)
        }
        bad @ (BadFault::Name { .. }
        | BadFault::Known { .. }
        | BadFault::Status { .. }
        | BadFault::Rate
        | BadFault::Call
        | BadFault::Delay
        | BadFault::Needless { .. }) => Fault::new(member, bad.to_string()),
    }
}

impl From<ApiOperation> for Endpoint {
    fn from(operation: ApiOperation) -> Self {
        match operation {
            ApiOperation::Auth => Self::Start(Operation::Auth),
            ApiOperation::Sign => Self::Start(Operation::Sign),
            ApiOperation::Payment => Self::Start(Operation::Payment),
            ApiOperation::OtherPayment => Self::Start(Operation::OtherPayment),
            ApiOperation::PhoneAuth => Self::Start(Operation::PhoneAuth),
            ApiOperation::PhoneSign => Self::Start(Operation::PhoneSign),
            ApiOperation::Collect => Self::Collect,
            ApiOperation::Cancel => Self::Cancel,
        }
    }
}
