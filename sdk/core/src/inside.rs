//! Whether this thread is inside of a hook of the application right now: there, nothing may wait for the threads of sound
//! and pictures, because one of them is this one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Calls the application from a thread of sound or pictures.
pub(crate) fn hook<T>(call: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            DEPTH.set(DEPTH.get() - 1);
        }
    }
    DEPTH.set(DEPTH.get() + 1);
    let _leave = Leave;
    call()
}

/// The same for a call whose panic must not end the thread, and with it everybody's sound: what it was shown goes on as it
/// was left.
pub(crate) fn guarded_hook(call: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(|| hook(call))).is_err() {
        tracing::error!("a hook of the application panicked; what comes after goes on");
    }
}

/// Whether [`hook`] is under way on this thread.
pub(crate) fn is_inside() -> bool {
    DEPTH.get() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_ends_with_the_call_also_by_a_panic() {
        assert!(!is_inside());
        assert!(hook(|| hook(is_inside)));
        guarded_hook(|| panic!("a broken hook, on purpose"));
        assert!(!is_inside());
    }
}
