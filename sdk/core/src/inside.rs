//! Whether this thread is inside of a hook of the application right now: there, nothing may wait for the threads of sound
//! and pictures, because one of them is this one.

use std::cell::Cell;

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
        assert!(std::panic::catch_unwind(|| hook(|| panic!("a broken hook"))).is_err());
        assert!(!is_inside());
    }
}
