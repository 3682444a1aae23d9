//! What the streams of one session show: one event at a time, written once for all of them.
//!
//! A stream keeps a seat here and nothing else: no timer, no task, no buffer. Whoever takes a seat is shown the present
//! event at once.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;

/// The comment that keeps a silent line open.
const BEAT: Bytes = Bytes::from_static(b":\n\n");

/// An event, as it goes over the wire.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    pub(super) whole: Bytes,
    /// What those see who are not to have all of it.
    pub(super) withheld: Option<Bytes>,
    /// Whether none follows.
    pub(super) is_last: bool,
}

/// How much of the board a stream has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    event: u64,
    beat: u64,
}

#[derive(Debug, Default)]
pub(super) struct Board(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    event: Event,
    /// Counts events from 1, so that a new stream has seen none.
    now: Seen,
    closed: bool,
    seats: Vec<Seat>,
    next_seat: u64,
}

#[derive(Debug)]
struct Seat {
    number: u64,
    waker: Option<Waker>,
}

impl Board {
    pub(super) fn new(event: Event) -> Self {
        let now = Seen { event: 1, beat: 0 };
        Self(Mutex::new(State { event, now, ..State::default() }))
    }

    /// Shows another event, unless the last one is shown already.
    pub(super) fn show(&self, event: Event) {
        self.change(|state| {
            if !state.event.is_last {
                state.event = event;
                state.now.event = state.now.event.wrapping_add(1);
            }
        });
    }

    /// Keeps the lines open.
    pub(super) fn beat(&self) {
        self.change(|state| state.now.beat = state.now.beat.wrapping_add(1));
    }

    /// Ends the streams as they are. Browsers come back by themselves.
    pub(super) fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// A seat, if there are fewer than so many.
    pub(super) fn sit(&self, most: usize) -> Option<u64> {
        let mut state = self.lock();
        let number = state.next_seat;
        if state.seats.len() >= most {
            return None;
        }
        state.next_seat = number.wrapping_add(1);
        state.seats.push(Seat { number, waker: None });
        Some(number)
    }

    pub(super) fn leave(&self, number: u64) {
        self.lock().seats.retain(|seat| seat.number != number);
    }

    /// Whether nobody looks.
    pub(super) fn is_left(&self) -> bool {
        self.lock().seats.is_empty()
    }

    /// What there is to see from a seat; nothing after the last event.
    pub(super) fn poll(
        &self,
        number: u64,
        seen: &mut Seen,
        may_see_all: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Bytes>> {
        let mut state = self.lock();
        if seen.event != state.now.event {
            *seen = state.now;
            let part = state.event.withheld.as_ref().filter(|_| !may_see_all);
            return Poll::Ready(Some(part.unwrap_or(&state.event.whole).clone()));
        }
        if state.closed || state.event.is_last {
            return Poll::Ready(None);
        }
        if seen.beat != state.now.beat {
            *seen = state.now;
            return Poll::Ready(Some(BEAT));
        }
        if let Some(seat) = state.seats.iter_mut().find(|seat| seat.number == number) {
            seat.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let wakers: Vec<_> = state.seats.iter_mut().filter_map(|seat| seat.waker.take()).collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
