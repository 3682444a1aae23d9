//! How much all lanes together may hold.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::token::Locator;

/// The bounds and what is used of them. The counts are exact at every moment.
#[derive(Debug)]
pub(crate) struct Limits {
    max_orders: usize,
    max_text_bytes: usize,
    orders: AtomicUsize,
    text_bytes: AtomicUsize,
}

/// Which bound stands in the way of another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    Orders,
    TextBytes,
    Lanes,
}

impl Full {
    /// The flag that sets the bound.
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Self::Orders => "--max-orders",
            Self::TextBytes => "--max-text-bytes",
            Self::Lanes => "--max-lanes",
        }
    }
}

impl Limits {
    pub(crate) fn new(max_orders: usize, max_text_bytes: usize) -> Self {
        Self {
            // Even if all of them came into one shard, tokens can name them.
            max_orders: max_orders.min(Locator::MAX_SLOTS),
            max_text_bytes,
            orders: AtomicUsize::new(0),
            text_bytes: AtomicUsize::new(0),
        }
    }

    /// Takes room for an order with so many bytes of text.
    ///
    /// # Errors
    /// There is none, and nothing was taken.
    pub(crate) fn take(&self, text_bytes: usize) -> Result<(), Full> {
        take(&self.orders, 1, self.max_orders).ok_or(Full::Orders)?;
        if text_bytes > 0 && take(&self.text_bytes, text_bytes, self.max_text_bytes).is_none() {
            self.orders.fetch_sub(1, Ordering::Relaxed);
            return Err(Full::TextBytes);
        }
        Ok(())
    }

    /// Gives back the room of an order with so many bytes of text.
    pub(crate) fn give_back(&self, text_bytes: usize) {
        self.orders.fetch_sub(1, Ordering::Relaxed);
        if text_bytes > 0 {
            self.text_bytes.fetch_sub(text_bytes, Ordering::Relaxed);
        }
    }

    /// How many orders are kept.
    pub(crate) fn orders(&self) -> usize {
        self.orders.load(Ordering::Relaxed)
    }

    /// How many bytes of text are kept.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text_bytes.load(Ordering::Relaxed)
    }
}

fn take(used: &AtomicUsize, more: usize, max: usize) -> Option<usize> {
    used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
        used.checked_add(more).filter(|sum| *sum <= max)
    })
    .ok()
}
