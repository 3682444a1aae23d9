//! The request under construction, shared by all builders.
use alloc::string::{String, ToString};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::net::IpAddr;

use crate::error::Invalid;
use crate::request::requirement::Requirement;
use crate::request::{ApiVersion, CallInitiator, Operation, Start};
use crate::{PersonalNumber, Text};

#[derive(Clone, Debug)]
pub(in crate::request) struct Draft {
    pub(super) start: Start<'static>,
    strict: bool,
}

impl Draft {
    pub(super) const fn new(version: ApiVersion, operation: Operation) -> Self {
        Self { start: Start::new(version, operation), strict: false }
    }

    /// An IPv4 address in IPv6's clothes is written as what it is: whether the server takes the other is unknown (13.2).
    pub(super) fn end_user_ip(mut self, address: IpAddr) -> Self {
        self.start.end_user_ip = Some(address.to_canonical().to_string().into());
        self
    }

    pub(super) fn person(mut self, number: PersonalNumber) -> Self {
        self.start.personal_number = Some(clear(number));
        self
    }

    pub(super) fn required_person(mut self, number: PersonalNumber) -> Self {
        self.requirement().personal_number = Some(clear(number));
        self
    }

    pub(super) fn call_initiator(mut self, who: CallInitiator) -> Self {
        self.start.call_initiator = Some(who.as_str().into());
        self
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        self.start.user_visible_data = Some(STANDARD.encode(text).into());
        self
    }

    pub(super) fn data(mut self, data: &[u8]) -> Self {
        self.start.user_non_visible_data = Some(STANDARD.encode(data).into());
        self
    }

    pub(super) fn requirement(&mut self) -> &mut Requirement<'static> {
        self.start.requirement.get_or_insert_default()
    }

    pub(super) const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    pub(super) fn build(self) -> Result<Start<'static>, Invalid> {
        let checked = self.start.check()?;
        if let (true, Some(number)) = (self.strict, checked.personal_number) {
            let member = if self.start.personal_number.is_some() {
                "personalNumber"
            } else {
                "requirement.personalNumber"
            };
            number.strict().map_err(|fault| Invalid::because(member, &fault))?;
        }
        Ok(self.start)
    }
}

fn clear(number: PersonalNumber) -> Text<'static> {
    String::from(&*number.expose()).into()
}
