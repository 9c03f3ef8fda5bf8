//! How mutexes are locked here.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks it. What a panic of another thread left behind is a state like any other: each is whole after every step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
