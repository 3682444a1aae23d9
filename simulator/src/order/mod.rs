//! The life of one order, as a pure function of what happens to it: `step(life, event, terms, now)`.
//!
//! An order either follows its scenario or is in the hands of a person with the virtual phone; the deadlines (7.6, 14.3)
//! end it in both cases and win over everything else that falls due at the same moment. Nothing is logged: the state is
//! computed anew from what the order is made of whenever somebody looks.
//!
//! A scripted order counts as picked up from its first step whose hint is neither `outstandingTransaction` nor
//! `noClient`. A final state is never left.

mod record;
#[cfg(test)]
mod tests;

pub(crate) use self::record::{
    Closed, Extras, Gone, LogEntry, NewOrder, Order, Texts, Transaction,
};
use crate::scenario::{End, Hint, Stay, Timeline};

/// Milliseconds after which an order fails that nobody picked up by QR code or start link.
pub(crate) const START_LIMIT_MS: u32 = 30_000;
/// Milliseconds after which an order fails that is not finished.
pub(crate) const ORDER_LIMIT_MS: u32 = 180_000;
/// Milliseconds from the creation of an order that nobody picked up until it is forgotten.
pub(crate) const KEEP_UNSTARTED_MS: u32 = 190_000;
/// Milliseconds from completion until an order is forgotten.
pub(crate) const KEEP_COMPLETE_MS: u32 = 180_000;
/// Milliseconds from failure until an order is forgotten.
pub(crate) const KEEP_FAILED_MS: u32 = 300_000;

/// Where an order stands. All times are in milliseconds since it was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    /// When the present step or phase began.
    since: u32,
    /// Collects that were answered with the present step of the scenario.
    collects: u16,
    /// The present step of the scenario; the last one that was reached, when the order no longer follows it.
    step: u8,
    phase: Phase,
}

/// What kind of state it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The scenario moves the order.
    Scripted,
    /// In the app: is the user in a call?
    ConfirmCall,
    /// In the app: the identity document is to be read.
    ReadDocument,
    /// In the app: the user is to confirm.
    Sign,
    /// Over: the scenario completed it.
    ScriptCompleted,
    /// Over: the scenario failed it.
    ScriptFailed,
    /// Over: the user confirmed.
    Approved,
    /// Over: the user cancelled.
    UserCancelled,
    /// Over: the user denied the call.
    CallDeclined,
    /// Over: another order for the same person arrived.
    Superseded,
    /// Over: nobody picked it up within the start limit.
    StartFailed,
    /// Over: nobody picked it up, and it had no start limit.
    NeverPickedUp,
    /// Over: picked up, and not finished.
    Expired,
}

/// What an order's collect answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status<'a> {
    Pending(&'a Hint),
    Failed(&'a Hint),
    Complete,
}

/// What happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Nothing but the passing of time.
    Look,
    /// A collect is answered.
    Collect,
    /// A person picks it up with the virtual phone.
    PickUp,
    /// The user confirms to be in the call.
    ConfirmCall,
    /// The user denies it.
    DeclineCall,
    /// The user reads the identity document.
    ReadDocument,
    /// The user confirms.
    Approve,
    /// The user cancels.
    Cancel,
    /// Another order for the same person arrives.
    Supersede,
}

/// What of an order never changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) timeline: &'a Timeline,
    /// Whether it waits for the person to open the app, without the start limit of QR code and start link.
    pub(crate) starts_by_number: bool,
    /// Whether the user is asked to confirm a call.
    pub(crate) call: bool,
    /// Whether an identity document must be read.
    pub(crate) document: bool,
}

static SIGN: Hint = Hint::documented("userSign");
static CONFIRM_CALL: Hint = Hint::documented("userCallConfirm");
static READ_DOCUMENT: Hint = Hint::documented("userMrtd");
static USER_CANCEL: Hint = Hint::documented("userCancel");
static CALL_DECLINED: Hint = Hint::documented("userDeclinedCall");
static CANCELLED: Hint = Hint::documented("cancelled");
static START_FAILED: Hint = Hint::documented("startFailed");
static EXPIRED: Hint = Hint::documented("expiredTransaction");

/// What becomes of an order when something happens to it, `now` milliseconds after its creation.
///
/// # Errors
/// The event cannot happen to the order as it stands then. That state is given back, since time may have moved it.
pub(crate) fn step(life: Life, event: Event, terms: &Terms<'_>, now: u32) -> Result<Life, Life> {
    let life = life.settled(terms, now);
    let to = |phase| Ok(Life { phase, since: now.max(life.since), ..life });
    let after_call = if terms.document { Phase::ReadDocument } else { Phase::Sign };
    match (life.phase, event) {
        (Phase::Scripted, Event::Collect) => Ok(life.collected(terms, now)),
        (_, Event::Collect | Event::Look) => Ok(life),
        (Phase::Scripted, Event::PickUp) => {
            to(if terms.call { Phase::ConfirmCall } else { after_call })
        }
        (Phase::ConfirmCall, Event::ConfirmCall) => to(after_call),
        (Phase::ConfirmCall, Event::DeclineCall) => to(Phase::CallDeclined),
        (Phase::ReadDocument, Event::ReadDocument) => to(Phase::Sign),
        (Phase::Sign, Event::Approve) => to(Phase::Approved),
        (Phase::ConfirmCall | Phase::ReadDocument | Phase::Sign, Event::Cancel) => {
            to(Phase::UserCancelled)
        }
        (phase, Event::Supersede) if phase.is_pending() => to(Phase::Superseded),
        _ => Err(life),
    }
}

impl Life {
    /// A new order.
    pub(crate) fn new(timeline: &Timeline) -> Self {
        Self::entered(timeline, 0, 0)
    }

    pub(crate) fn phase(self) -> Phase {
        self.phase
    }

    /// When the present step or phase began, in milliseconds since the order's creation.
    pub(crate) fn since(self) -> u32 {
        self.since
    }

    /// The step of the scenario, the number of its steps for its end.
    pub(crate) fn step(self) -> usize {
        self.step.into()
    }

    /// What collect answers in this state.
    pub(crate) fn status(self, timeline: &Timeline) -> Status<'_> {
        match self.phase {
            // A scripted order always stands at a step: with none, it is over at once.
            Phase::Scripted => timeline
                .steps()
                .get(self.step())
                .map_or(Status::Complete, |step| Status::Pending(step.hint())),
            Phase::ConfirmCall => Status::Pending(&CONFIRM_CALL),
            Phase::ReadDocument => Status::Pending(&READ_DOCUMENT),
            Phase::Sign => Status::Pending(&SIGN),
            Phase::ScriptCompleted | Phase::Approved => Status::Complete,
            Phase::ScriptFailed => match timeline.end() {
                End::Failed(hint) => Status::Failed(hint),
                End::Complete => Status::Complete,
            },
            Phase::UserCancelled => Status::Failed(&USER_CANCEL),
            Phase::CallDeclined => Status::Failed(&CALL_DECLINED),
            Phase::Superseded => Status::Failed(&CANCELLED),
            Phase::StartFailed => Status::Failed(&START_FAILED),
            Phase::NeverPickedUp | Phase::Expired => Status::Failed(&EXPIRED),
        }
    }

    pub(crate) fn is_pending(self) -> bool {
        self.phase.is_pending()
    }

    /// When the order is forgotten if nobody fetches its result (7.6); nothing while it is pending.
    pub(crate) fn forgotten_at(self) -> Option<u32> {
        match self.phase {
            Phase::Scripted | Phase::ConfirmCall | Phase::ReadDocument | Phase::Sign => None,
            Phase::ScriptCompleted | Phase::Approved => {
                Some(self.since.saturating_add(KEEP_COMPLETE_MS))
            }
            Phase::StartFailed | Phase::NeverPickedUp => Some(KEEP_UNSTARTED_MS),
            Phase::ScriptFailed
            | Phase::UserCancelled
            | Phase::CallDeclined
            | Phase::Superseded
            | Phase::Expired => Some(self.since.saturating_add(KEEP_FAILED_MS)),
        }
    }

    /// Whether an app has picked the order up.
    fn is_picked_up(self, timeline: &Timeline) -> bool {
        self.phase != Phase::Scripted || self.step() >= timeline.picked_up_at()
    }

    /// What time alone has made of the order.
    fn settled(mut self, terms: &Terms<'_>, now: u32) -> Self {
        while self.is_pending() {
            let (limit, ending) = self.deadline(terms);
            match self.due(terms.timeline) {
                Some(due) if due < limit && due <= now => {
                    self = Self::entered(terms.timeline, self.step() + 1, due);
                }
                _ if limit <= now => return Self { phase: ending, since: limit, ..self },
                _ => break,
            }
        }
        self
    }

    /// When the order ends if nothing happens, and how.
    fn deadline(self, terms: &Terms<'_>) -> (u32, Phase) {
        if self.is_picked_up(terms.timeline) {
            (ORDER_LIMIT_MS, Phase::Expired)
        } else if terms.starts_by_number {
            (ORDER_LIMIT_MS, Phase::NeverPickedUp)
        } else {
            (START_LIMIT_MS, Phase::StartFailed)
        }
    }

    /// When the scenario moves the order on by itself; nothing while that takes a collect or a person.
    fn due(self, timeline: &Timeline) -> Option<u32> {
        if self.phase != Phase::Scripted {
            return None;
        }
        match timeline.steps().get(self.step())?.stay() {
            Stay::For { collects, millis } if self.collects >= collects => {
                Some(self.since.saturating_add(millis))
            }
            Stay::For { .. } | Stay::UntilActed => None,
        }
    }

    /// A scripted order after a collect has been answered with its state.
    fn collected(self, terms: &Terms<'_>, now: u32) -> Self {
        let life = Self { collects: self.collects.saturating_add(1), ..self };
        match life.due(terms.timeline) {
            Some(due) if due <= now => Self::entered(terms.timeline, life.step() + 1, now),
            _ => life,
        }
    }

    /// A scripted order at the step of this number, or at the end.
    fn entered(timeline: &Timeline, step: usize, since: u32) -> Self {
        let phase = match (timeline.steps().get(step), timeline.end()) {
            (Some(_), _) => Phase::Scripted,
            (None, End::Complete) => Phase::ScriptCompleted,
            (None, End::Failed(_)) => Phase::ScriptFailed,
        };
        // A timeline has at most a hundred steps.
        Self { since, collects: 0, step: u8::try_from(step).unwrap_or(u8::MAX), phase }
    }
}

impl Phase {
    pub(crate) fn is_pending(self) -> bool {
        matches!(self, Self::Scripted | Self::ConfirmCall | Self::ReadDocument | Self::Sign)
    }
}
