//! A gate in front of one application callback: closed, it lets nobody in any more and waits for who is inside. It does
//! not know what is called.

use std::cell::Cell;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::lock::lock;

/// One callback's gate. Several threads may be inside at once.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    inside: usize,
}

/// Permission to call the application once, on this thread.
#[derive(Debug)]
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
    /// Lets the caller in, unless the gate is closed.
    pub(crate) fn enter(&self) -> Option<Pass<'_>> {
        let mut state = self.lock();
        if state.closed {
            return None;
        }
        state.inside += 1;
        DEPTH.set(DEPTH.get() + 1);
        Some(Pass(self))
    }

    /// Lets nobody in from now on.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
    }

    /// Waits until nobody is inside a closed gate. Inside any callback it returns at once: waiting there would be waiting
    /// for oneself, or for a thread that waits in turn.
    pub(crate) fn wait(&self) {
        if inside_callback() {
            return;
        }
        let mut state = self.lock();
        while state.inside > 0 {
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        let mut state = self.0.lock();
        state.inside -= 1;
        if state.inside == 0 {
            self.0.left.notify_all();
        }
    }
}

/// Whether this thread is running application code that the SDK called.
pub(crate) fn inside_callback() -> bool {
    DEPTH.get() > 0
}

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    #[test]
    fn a_closed_gate_lets_nobody_in() {
        let gate = Gate::default();
        assert!(gate.enter().is_some());
        gate.close();
        assert!(gate.enter().is_none());
    }

    #[test]
    fn waiting_ends_when_the_last_one_has_left() {
        let gate = Arc::new(Gate::default());
        let (entered, has_entered) = channel();
        let (go, may_go) = channel::<()>();
        let inner = Arc::clone(&gate);
        let caller = thread::spawn(move || {
            let pass = inner.enter();
            entered.send(()).expect("the test is listening");
            may_go.recv().expect("the test tells when");
            drop(pass);
        });
        has_entered.recv().expect("the thread gets in");
        gate.close();
        assert_eq!(gate.lock().inside, 1);
        let inner = Arc::clone(&gate);
        let waiter = thread::spawn(move || {
            inner.wait();
            inner.lock().inside
        });
        go.send(()).expect("the thread is waiting");
        assert_eq!(waiter.join().expect("does not panic"), 0);
        caller.join().expect("does not panic");
    }

    #[test]
    fn who_is_inside_does_not_wait_for_himself() {
        let gate = Gate::default();
        let pass = gate.enter();
        assert!(inside_callback());
        gate.close();
        gate.wait();
        drop(pass);
        assert!(!inside_callback());
    }
}
