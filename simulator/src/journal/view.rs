//! From an order's record to its view.

use bankid_core::request::decode_text;

use super::{Cause, GoneBecause, OrderState, OrderView, RequestView, StepView, TransactionView};
use crate::{
    clock::Timestamp,
    order::{Closed, Event, Gone, Life, Order, Phase, Status, Transaction},
    rule::Rule,
};

impl OrderView {
    /// An order as it stands now.
    pub(crate) fn of(order: &Order, order_ref: &str, now: Timestamp) -> Self {
        let life = order.life_at(now);
        let by_phone = order.extras.as_ref().is_some_and(|extras| !extras.log.is_empty());
        Self {
            number: order.sequence,
            order_ref: order_ref.into(),
            operation: order.operation,
            version: order.version,
            created: order.created,
            state: OrderState::of(order, life),
            gone: None,
            personal_number: order.number(),
            person: order.person(),
            scenario: order.scenario.to_string().into(),
            rule: if by_phone { Rule::Phone } else { order.rule },
            ticket: (order.ticket > 0).then_some(order.ticket),
            request: RequestView::of(order),
            steps: steps(order, life),
        }
    }

    /// An order that can no longer be collected.
    pub(crate) fn of_closed(closed: &Closed, order_ref: &str) -> Self {
        let (gone, what, cause) = match closed.gone {
            Gone::Collected => {
                (GoneBecause::Collected, "the final answer was handed out", Cause::RelyingParty)
            }
            Gone::Cancelled => {
                (GoneBecause::Cancelled, "the order was cancelled by cancel", Cause::RelyingParty)
            }
            Gone::Forgotten => {
                (GoneBecause::Forgotten, "the order was forgotten uncollected", Cause::Deadline)
            }
        };
        let mut view = Self::of(&closed.order, order_ref, closed.at);
        view.gone = Some(gone);
        view.steps.push(StepView { what: what.into(), cause, at: Some(closed.at) });
        view
    }
}

impl OrderState {
    pub(crate) fn of(order: &Order, life: Life) -> Self {
        match life.status(order.terms().timeline) {
            Status::Pending(hint) => Self::Pending(hint.as_str().into()),
            Status::Failed(hint) => Self::Failed(hint.as_str().into()),
            Status::Complete => Self::Complete,
        }
    }
}

impl RequestView {
    fn of(order: &Order) -> Self {
        let view = Self {
            call_initiator: order.call_initiator(),
            pin_code: order.needs_pin_code(),
            mrtd: order.needs_document(),
            ..Self::default()
        };
        let Some(texts) = order.texts() else { return view };
        Self {
            text: texts.visible.as_deref().and_then(decode_text),
            format: texts.visible.as_ref().and(texts.format),
            return_url: texts.return_url.clone(),
            transaction: texts.transaction.as_ref().map(TransactionView::of),
            card_reader: texts.card_reader,
            certificate_policies: texts.policies.to_vec(),
            ..view
        }
    }
}

impl TransactionView {
    fn of(transaction: &Transaction) -> Self {
        Self {
            transaction_type: transaction.kind.as_str(),
            recipient: transaction.recipient.clone(),
            money: transaction.money.clone(),
            risk_warning: transaction.warning.map(bankid_core::request::RiskFlag::as_str),
        }
    }
}

/// Everything that happened: the steps of the scenario that were reached, what was done with the phone, and the end.
fn steps(order: &Order, life: Life) -> Vec<StepView> {
    let timeline = order.terms().timeline;
    let scripted = Cause::Scenario(order.rule);
    let is_scripted = matches!(life.phase(), Phase::Scripted);
    let mut steps: Vec<_> = timeline
        .steps()
        .iter()
        .take(life.step() + 1)
        .enumerate()
        .map(|(index, step)| {
            let at = match index {
                0 => Some(order.created),
                index if is_scripted && index == life.step() => Some(order.moment(life.since())),
                _ => None,
            };
            StepView { what: step.to_string().into(), cause: scripted, at }
        })
        .collect();
    let log = order.extras.as_ref().map(|extras| &*extras.log).unwrap_or_default();
    steps.extend(log.iter().filter_map(|entry| {
        let at = Some(order.moment(entry.at));
        Some(StepView { what: action(entry.event)?.into(), cause: Cause::Phone, at })
    }));
    let (what, cause) = match life.phase() {
        Phase::ScriptCompleted | Phase::ScriptFailed => (timeline.end().to_string(), scripted),
        Phase::StartFailed => ("startFailed: nobody picked the order up".into(), Cause::Deadline),
        Phase::NeverPickedUp => {
            ("expiredTransaction: nobody picked the order up".into(), Cause::Deadline)
        }
        Phase::Expired => ("expiredTransaction: the user did not finish".into(), Cause::Deadline),
        Phase::Superseded => ("cancelled".into(), Cause::OtherOrder),
        // The log says it.
        Phase::Scripted
        | Phase::ConfirmCall
        | Phase::ReadDocument
        | Phase::Sign
        | Phase::Approved
        | Phase::UserCancelled
        | Phase::CallDeclined => return steps,
    };
    steps.push(StepView { what: what.into(), cause, at: Some(order.moment(life.since())) });
    steps
}

/// What a person did, in words.
fn action(event: Event) -> Option<&'static str> {
    match event {
        Event::PickUp => Some("picked up"),
        Event::ConfirmCall => Some("call confirmed"),
        Event::DeclineCall => Some("call declined: userDeclinedCall"),
        Event::ReadDocument => Some("identity document read"),
        Event::Approve => Some("approved: complete"),
        Event::Cancel => Some("cancelled in the app: userCancel"),
        Event::Look | Event::Collect | Event::Supersede => None,
    }
}
