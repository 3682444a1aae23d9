//! Which calls get an error.

use std::{
    num::NonZeroU64,
    sync::atomic::{AtomicU64, Ordering},
};

use super::{BadFault, Endpoint, Strike};
use crate::token::mix;

/// A fault that strikes some calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRule {
    /// The endpoint it strikes; all of them if absent.
    pub endpoint: Option<Endpoint>,
    /// What the caller meets.
    pub strike: Strike,
    /// Which calls.
    pub when: When,
}

/// Which calls an [`ErrorRule`] strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// This one in each lane, counted from 1 over the calls that the rule is about.
    Call(NonZeroU64),
    /// This part of them; the seed of the simulator says which.
    Rate(Rate),
}

impl When {
    /// The `call`th call, counted from 1.
    ///
    /// # Errors
    /// `call` is 0.
    pub fn call(call: u64) -> Result<Self, BadFault> {
        NonZeroU64::new(call).map(Self::Call).ok_or(BadFault::Call)
    }

    /// A part of all calls, from 0 to 1.
    ///
    /// # Errors
    /// `rate` lies outside.
    pub fn rate(rate: f64) -> Result<Self, BadFault> {
        Rate::try_from(rate).map(Self::Rate)
    }
}

/// A part of a whole, kept in steps of 2⁻³².
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(u64);

impl Rate {
    const ONE: u64 = 1 << 32;
}

impl TryFrom<f64> for Rate {
    type Error = BadFault;

    fn try_from(rate: f64) -> Result<Self, BadFault> {
        if !(0.0..=1.0).contains(&rate) {
            return Err(BadFault::Rate);
        }
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "the rate lies between 0 and 1, so the product lies between 0 and 2 to the power of 32"
        )]
        Ok(Self((rate * Self::ONE as f64) as u64))
    }
}

/// How many calls of a lane each rule has been about.
#[derive(Debug)]
pub(crate) struct Counters(Box<[AtomicU64]>);

impl Counters {
    pub(crate) fn new(rules: &[ErrorRule]) -> Self {
        Self(rules.iter().map(|_| AtomicU64::new(0)).collect())
    }

    /// Counts a call and says which rule it meets, if any: the first that strikes it. Every rule that is
    /// about the endpoint counts the call.
    pub(crate) fn strike<'a>(
        &self,
        rules: &'a [ErrorRule],
        endpoint: Endpoint,
        seed: u64,
    ) -> Option<&'a ErrorRule> {
        let mut struck = None;
        for ((rule, counter), number) in rules.iter().zip(&self.0).zip(0_u64..) {
            if rule.endpoint.is_some_and(|about| about != endpoint) {
                continue;
            }
            let call = counter.fetch_add(1, Ordering::Relaxed) + 1;
            let strikes = match rule.when {
                When::Call(nth) => nth.get() == call,
                // Mixed twice: with `seed ^ number`, neighbouring seeds would only change places between two rules.
                When::Rate(Rate(rate)) => mix(mix(seed, number), call) >> 32 < rate,
            };
            if strikes && struck.is_none() {
                struck = Some(rule);
            }
        }
        struck
    }

    /// Begins to count anew.
    pub(crate) fn reset(&self) {
        for counter in &self.0 {
            counter.store(0, Ordering::Relaxed);
        }
    }
}
