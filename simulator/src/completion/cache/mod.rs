//! Two ways of making a thing only once: one value on first use, and a bounded number of values by key.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Error;

/// A value made on first use. Unlike `OnceLock` it lets making fail, and tries again the next time.
#[derive(Debug)]
pub(super) struct Once<T>(Mutex<Option<Arc<T>>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Once<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value. Callers that come while it is made wait for it, since making a key twice costs more than waiting.
    pub(super) fn get(&self, make: impl FnOnce() -> Result<T, Error>) -> Result<Arc<T>, Error> {
        let mut held = lock(&self.0);
        if let Some(value) = held.as_ref() {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *held = Some(Arc::clone(&value));
        Ok(value)
    }
}

/// The last so many values; the oldest makes room.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    bound: usize,
    held: Mutex<Held<K, V>>,
}

#[derive(Debug)]
struct Held<K, V> {
    values: HashMap<K, Arc<V>>,
    by_age: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> Cache<K, V> {
    pub(super) fn new(bound: usize) -> Self {
        Self { bound, held: Mutex::new(Held { values: HashMap::new(), by_age: VecDeque::new() }) }
    }

    /// The value for a key. Two callers may make the same one at once, which does no harm: both get the first.
    pub(super) fn get(
        &self,
        key: &K,
        make: impl FnOnce() -> Result<V, Error>,
    ) -> Result<Arc<V>, Error> {
        if let Some(value) = lock(&self.held).values.get(key) {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        let mut held = lock(&self.held);
        if let Some(first) = held.values.get(key) {
            return Ok(Arc::clone(first));
        }
        if held.by_age.len() >= self.bound
            && let Some(oldest) = held.by_age.pop_front()
        {
            held.values.remove(&oldest);
        }
        held.by_age.push_back(key.clone());
        held.values.insert(key.clone(), Arc::clone(&value));
        Ok(value)
    }
}

/// What is held is whole at every moment, so a panic elsewhere has spoilt nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
