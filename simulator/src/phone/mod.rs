//! The virtual phone: a person with the BankID app.
//!
//! A person picks an order up by scanning its QR code, by opening its start link, or, for orders that start by personal
//! number, by opening the app. From then on only the phone and the deadlines move the order, whatever its scenario says.
//! What the order does not allow is refused with the reason, and then nothing happens to it. Of two who act at the same
//! time the first wins; the other one is told the outcome.
//!
//! The app is a mobile one, so orders whose certificate policies allow no mobile BankID cannot be picked up. It has one
//! order at a time: a new one cancels an earlier one that is not finished (5.1).

mod refusal;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, sync::Arc};

use bankid_core::{
    PersonalNumber,
    launch::parse_start_url,
    qr::{self, Scanned},
};

pub use self::refusal::{PhoneRefusal, Way};
use crate::{
    clock::Timestamp,
    completion::BankIdKind,
    journal::{OrderState, OrderView},
    lane::{Lane, lock, permits},
    order::{Event, Gone, LogEntry, Order},
    persona::Persona,
    store::Shard,
    token::{Kind, Locator},
};

/// How far the time of a QR code may lie from the order's age (14.3, chosen).
const QR_TOLERANCE_SECONDS: u32 = 5;
/// After so many persons the lane forgets those in whose app there is nothing any more.
const PHONES_BEFORE_TIDYING: usize = 1024;

/// A person's phone in a lane.
#[derive(Clone)]
pub struct Phone {
    lane: Arc<Lane>,
    persona: Arc<Persona>,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Phone").field("lane", &self.lane.name()).finish_non_exhaustive()
    }
}

impl Phone {
    pub(crate) fn new(lane: Arc<Lane>, persona: Arc<Persona>) -> Self {
        Self { lane, persona }
    }

    /// Whose phone it is.
    pub fn persona(&self) -> &Persona {
        &self.persona
    }

    /// Scans a QR code, whose text is judged at the lane's time.
    ///
    /// # Errors
    /// The text is no valid code at this moment, or the order does not allow this person to pick it up.
    pub fn scan(&self, text: &str) -> Result<OrderView, PhoneRefusal> {
        let scanned = Scanned::parse(text)?;
        let locator = self
            .lane
            .tokens
            .decode(Kind::QrStart, scanned.token.as_str())
            .ok_or(PhoneRefusal::NoSuchOrder)?;
        let secret = self.lane.tokens.encode(Kind::QrSecret, locator);
        self.pick_up(locator, |order, now| {
            let age_seconds = order.age(now) / 1_000;
            let secret = qr::Secret::from(&*secret);
            let frame = qr::verify(text, scanned.token, secret, age_seconds, QR_TOLERANCE_SECONDS)?;
            if frame >= qr::LIFETIME_SECONDS {
                return Err(PhoneRefusal::PastStartLimit { frame });
            }
            Ok(())
        })
    }

    /// Opens a start link.
    ///
    /// # Errors
    /// The text is no start link, or the order does not allow this person to pick it up.
    pub fn open(&self, start_url: &str) -> Result<OrderView, PhoneRefusal> {
        let opened = parse_start_url(start_url)?;
        let locator = self
            .lane
            .tokens
            .decode(Kind::AutoStart, opened.token.as_str())
            .ok_or(PhoneRefusal::NoSuchOrder)?;
        self.pick_up(locator, |_, _| Ok(()))
    }

    /// Opens the app, which finds the order that waits for this person's number: phone and other-payment orders, and
    /// those of v5.1 that start by number.
    ///
    /// # Errors
    /// There is none, or it cannot be picked up.
    pub fn open_pending(&self) -> Result<OrderView, PhoneRefusal> {
        let locator = self
            .lane
            .waiting_for(self.persona.personal_number)
            .ok_or(PhoneRefusal::NothingWaits)?;
        self.pick_up(locator, |_, _| Ok(()))
    }

    /// Confirms the order in the app.
    ///
    /// # Errors
    /// There is no order in the app, it waits for something else first, or it demands the security code.
    pub fn approve(&self, way: Way) -> Result<OrderView, PhoneRefusal> {
        self.act(Event::Approve, |order| match way {
            Way::Biometrics if order.needs_pin_code() => Err(PhoneRefusal::CodeRequired),
            Way::Biometrics | Way::SecurityCode => Ok(()),
        })
    }

    /// Cancels the order in the app.
    ///
    /// # Errors
    /// There is no order in the app, or it is over.
    pub fn cancel(&self) -> Result<OrderView, PhoneRefusal> {
        self.act(Event::Cancel, |_| Ok(()))
    }

    /// Says yes to being in a call with the relying party (5.2).
    ///
    /// # Errors
    /// There is no order in the app, or it does not ask.
    pub fn confirm_call(&self) -> Result<OrderView, PhoneRefusal> {
        self.act(Event::ConfirmCall, |_| Ok(()))
    }

    /// Says no to being in a call with the relying party (5.2).
    ///
    /// # Errors
    /// There is no order in the app, or it does not ask.
    pub fn decline_call(&self) -> Result<OrderView, PhoneRefusal> {
        self.act(Event::DeclineCall, |_| Ok(()))
    }

    /// Reads the chip of a passport or identity card.
    ///
    /// # Errors
    /// There is no order in the app, or it does not ask for that now.
    pub fn read_document(&self) -> Result<OrderView, PhoneRefusal> {
        self.act(Event::ReadDocument, |_| Ok(()))
    }

    /// The order in the app, also when it is over by now.
    pub fn order(&self) -> Option<OrderView> {
        let locator = *lock(&self.lane.phones).get(&self.persona.personal_number)?;
        self.lane.view(locator)
    }

    fn pick_up(
        &self,
        locator: Locator,
        judge: impl FnOnce(&Order, Timestamp) -> Result<(), PhoneRefusal>,
    ) -> Result<OrderView, PhoneRefusal> {
        let person = self.persona.personal_number;
        let mut phones = lock(&self.lane.phones);
        let mut shard = self.lane.shard(locator.shard);
        let now = self.lane.clock.now();
        let order = live(&mut shard, locator)?;
        judge(order, now)?;
        may_pick_up(order, person, now)?;
        apply(order, Event::PickUp, now)?;
        order.extras_mut().person = Some(person);
        let view = self.lane.view_now(order, locator, now);
        drop(shard);
        self.lane.put_into_app(&mut phones, person, locator);
        Ok(view)
    }

    fn act(
        &self,
        event: Event,
        allows: impl FnOnce(&Order) -> Result<(), PhoneRefusal>,
    ) -> Result<OrderView, PhoneRefusal> {
        let phones = lock(&self.lane.phones);
        let locator =
            *phones.get(&self.persona.personal_number).ok_or(PhoneRefusal::NothingInApp)?;
        let mut shard = self.lane.shard(locator.shard);
        let now = self.lane.clock.now();
        let order = live(&mut shard, locator)?;
        // What it does not wait for is the better reason, so that comes first.
        order.after(event, now).map_err(|life| refusal_of(order, event, life))?;
        allows(order)?;
        apply(order, event, now)?;
        Ok(self.lane.view_now(order, locator, now))
    }
}

/// The order there, unless it can no longer be collected.
fn live(shard: &mut Shard, locator: Locator) -> Result<&mut Order, PhoneRefusal> {
    let gone = shard.gone().find(|closed| closed.is(locator)).map(|closed| match closed.gone {
        Gone::Cancelled => PhoneRefusal::Withdrawn,
        Gone::Collected | Gone::Forgotten => {
            PhoneRefusal::Over { outcome: OrderState::of(&closed.order, closed.order.life) }
        }
    });
    shard.get_mut(locator).ok_or_else(|| gone.unwrap_or(PhoneRefusal::NoSuchOrder))
}

/// Whether a person may pick an order up that they have the code, link or number for.
fn may_pick_up(order: &Order, person: PersonalNumber, now: Timestamp) -> Result<(), PhoneRefusal> {
    let life = order.life_at(now);
    if !life.is_pending() {
        return Err(PhoneRefusal::Over { outcome: OrderState::of(order, life) });
    }
    // Refused towards the app; the order stays as it was (14.3).
    if order.number().is_some_and(|number| number != person) {
        return Err(PhoneRefusal::OtherPerson);
    }
    if !permits(order.texts().map(|texts| &*texts.policies).unwrap_or_default(), BankIdKind::Mobile)
    {
        return Err(PhoneRefusal::NoMobileBankId);
    }
    Ok(())
}

/// Lets something happen to an order, and notes it.
fn apply(order: &mut Order, event: Event, now: Timestamp) -> Result<(), PhoneRefusal> {
    let life = order.after(event, now).map_err(|life| refusal_of(order, event, life))?;
    let at = order.age(now);
    order.life = life;
    order.extras_mut().log.push(LogEntry { event, at });
    Ok(())
}

fn refusal_of(order: &Order, event: Event, life: crate::order::Life) -> PhoneRefusal {
    match OrderState::of(order, life) {
        OrderState::Pending(_) if event == Event::PickUp => PhoneRefusal::Taken,
        OrderState::Pending(hint) => PhoneRefusal::NotNow { hint },
        outcome @ (OrderState::Failed(_) | OrderState::Complete) => PhoneRefusal::Over { outcome },
    }
}

impl Lane {
    /// The order that starts by this person's number and has not been picked up with a phone yet.
    fn waiting_for(&self, person: PersonalNumber) -> Option<Locator> {
        let index = self.shard_for(Some(person));
        let mut shard = self.shard(index);
        let (slot, order) = shard.of_person(person)?;
        let locator = Locator { shard: index, slot, sequence: order.sequence };
        order.starts_by_number().then_some(locator)
    }

    /// Puts an order into a person's app. An earlier one there that is not finished is cancelled (5.1).
    fn put_into_app(
        &self,
        phones: &mut HashMap<PersonalNumber, Locator>,
        person: PersonalNumber,
        locator: Locator,
    ) {
        if phones.len() >= PHONES_BEFORE_TIDYING && phones.len().is_power_of_two() {
            phones.retain(|_, locator| self.shard(locator.shard).get(*locator).is_some());
        }
        let Some(earlier) = phones.insert(person, locator).filter(|earlier| *earlier != locator)
        else {
            return;
        };
        let mut shard = self.shard(earlier.shard);
        let now = self.clock.now();
        if let Some(order) = shard.get_mut(earlier)
            && let Ok(life) = order.after(Event::Supersede, now)
        {
            order.life = life;
        }
    }
}
