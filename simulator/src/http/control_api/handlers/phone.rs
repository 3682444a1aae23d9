//! The virtual phone.

use super::super::documents::{Approve, InApp, Open, Order, Scan, Way, Whose};
use super::super::problem::{Code, Problem};
use super::super::route::{Call, Json, State};
use super::lane;
use super::queue::unknown_persona;
use crate::journal::OrderView;
use crate::phone::{self, Phone, PhoneRefusal};

type Acted = Result<Json<Order>, Problem>;

pub(in super::super) fn read(
    state: &State,
    call: &Call,
    whose: &Whose,
) -> Result<Json<InApp>, Problem> {
    let order = phone(state, call, whose.persona.as_deref())?.order();
    Ok(Json(InApp { order: order.map(Order::from) }))
}

pub(in super::super) fn scan(state: &State, call: &Call, scan: &Scan) -> Acted {
    acted(phone(state, call, scan.persona.as_deref())?.scan(&scan.qr), Some("qr"))
}

pub(in super::super) fn open(state: &State, call: &Call, open: &Open) -> Acted {
    let phone = phone(state, call, open.persona.as_deref())?;
    match &open.url {
        Some(url) => acted(phone.open(url), Some("url")),
        None => acted(phone.open_pending(), None),
    }
}

pub(in super::super) fn approve(state: &State, call: &Call, approve: &Approve) -> Acted {
    let way = match approve.way {
        Way::SecurityCode => phone::Way::SecurityCode,
        Way::Biometrics => phone::Way::Biometrics,
    };
    acted(phone(state, call, approve.persona.as_deref())?.approve(way), None)
}

pub(in super::super) fn cancel(state: &State, call: &Call, whose: &Whose) -> Acted {
    acted(phone(state, call, whose.persona.as_deref())?.cancel(), None)
}

pub(in super::super) fn confirm_call(state: &State, call: &Call, whose: &Whose) -> Acted {
    acted(phone(state, call, whose.persona.as_deref())?.confirm_call(), None)
}

pub(in super::super) fn decline_call(state: &State, call: &Call, whose: &Whose) -> Acted {
    acted(phone(state, call, whose.persona.as_deref())?.decline_call(), None)
}

pub(in super::super) fn read_document(state: &State, call: &Call, whose: &Whose) -> Acted {
    acted(phone(state, call, whose.persona.as_deref())?.read_document(), None)
}

fn phone(state: &State, call: &Call, persona: Option<&str>) -> Result<Phone, Problem> {
    let lane = lane(state, call)?;
    match persona {
        Some(persona) => lane.phone(persona).map_err(unknown_persona),
        None => Ok(lane.default_phone()),
    }
}

/// `member` is what the caller gave that the phone judges.
fn acted(done: Result<OrderView, PhoneRefusal>, member: Option<&str>) -> Acted {
    let refusal = match done {
        Ok(order) => return Ok(Json(order.into())),
        Err(refusal) => refusal,
    };
    let code = match refusal {
        PhoneRefusal::Over { .. } | PhoneRefusal::Taken | PhoneRefusal::Withdrawn => {
            Code::AlreadyDecided
        }
        PhoneRefusal::Qr(_)
        | PhoneRefusal::PastStartLimit { .. }
        | PhoneRefusal::Link(_)
        | PhoneRefusal::NoSuchOrder
        | PhoneRefusal::NothingWaits
        | PhoneRefusal::NothingInApp
        | PhoneRefusal::OtherPerson
        | PhoneRefusal::NoMobileBankId
        | PhoneRefusal::CodeRequired
        | PhoneRefusal::NotNow { .. } => Code::PhoneRefused,
    };
    let judged = matches!(
        refusal,
        PhoneRefusal::Qr(_)
            | PhoneRefusal::PastStartLimit { .. }
            | PhoneRefusal::Link(_)
            | PhoneRefusal::NoSuchOrder
    );
    let problem = Problem::new(code, refusal.to_string()).with_reason(refusal.code());
    let problem = match refusal.outcome() {
        Some(outcome) => problem.with_outcome(outcome.to_string()),
        None => problem,
    };
    Err(match member {
        Some(member) if judged => problem.with_member(member),
        Some(_) | None => problem,
    })
}
