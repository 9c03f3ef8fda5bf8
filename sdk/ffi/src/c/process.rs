//! What concerns the whole process: the log, and the network time.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex};

use rtc_core::NetworkTimeCallback;

use super::{LogFn, NetworkTimeFn};
use crate::engine::Log;
use crate::error::CallError;
use crate::gate::Gate;
use crate::instance::{User, c_text};
use crate::lock::lock;
use crate::{boundary, cloud};

/// Sets who gets the lines of the log, for the whole process; null for nobody. When it returns, the one before is not running
/// any more, except where it is itself the caller. Returns 0 or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_log_callback(r#fn: LogFn, user: *mut c_void) -> i32 {
    let user = User(user);
    let set =
        boundary::unwound(|| LOG.replace(r#fn.is_some(), |gate| cloud::set_log(gate.map(|gate| line_to(r#fn, user, gate)))));
    set.map_or_else(|error| error.code, |()| 0)
}

/// Sets who is told how an update of the network time went (the method updateNetworkTime, with handle 0), for the whole
/// process; null for nobody. When it returns, the one before is not running any more, except where it is itself the caller.
/// Returns 0 or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_network_time_callback(r#fn: NetworkTimeFn, user: *mut c_void) -> i32 {
    let user = User(user);
    let set = boundary::unwound(|| {
        NETWORK_TIME.replace(r#fn.is_some(), |gate| {
            cloud::set_network_time(gate.map(|gate| outcome_to(r#fn, user, gate)));
            Ok(())
        })
    });
    set.map_or_else(|error| error.code, |()| 0)
}

/// Writes a line to the log, at level 0 (verbose) to 5 (fatal): for faces of this library in other languages. Returns 0 or an
/// error code.
///
/// # Safety
///
/// `line` is null or points to a text that ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_log(level: i32, line: *const c_char) -> i32 {
    let written = boundary::unwound(|| {
        // SAFETY: promised by the caller.
        let line = unsafe { boundary::text(line, "line") }?;
        match level {
            ..=0 => tracing::trace!(target: "face", "{line}"),
            1 => tracing::debug!(target: "face", "{line}"),
            2 => tracing::info!(target: "face", "{line}"),
            3 => tracing::warn!(target: "face", "{line}"),
            _ => tracing::error!(target: "face", "{line}"),
        }
        Ok(())
    });
    written.map_or_else(|error| error.code, |()| 0)
}

/// The gate of a callback of the process.
struct Current(Mutex<Option<Arc<Gate>>>);

impl Current {
    /// Puts another callback in its place, by `install`, or none, and waits for the one before.
    fn replace(
        &self,
        is_there: bool,
        install: impl FnOnce(Option<Arc<Gate>>) -> Result<(), CallError>,
    ) -> Result<(), CallError> {
        let mut current = lock(&self.0);
        let gate = is_there.then(|| Arc::new(Gate::default()));
        install(gate.clone())?;
        let old = std::mem::replace(&mut *current, gate);
        drop(current);
        if let Some(old) = old {
            old.close();
            old.wait();
        }
        Ok(())
    }
}

fn line_to(log: LogFn, user: User, gate: Arc<Gate>) -> Log {
    Arc::new(move |line: &str, level: i32, module: &str| {
        // The whole struct is captured, because the pointer alone may not cross threads.
        let user = user;
        // What the application does with a line may write another one.
        if LOGGING.replace(true) {
            return;
        }
        let (line, module) = (c_text(line), c_text(module));
        if let (Some(log), Some(_pass)) = (log, gate.enter()) {
            // SAFETY: the application promised that this function may be called with this pointer from any thread until it
            // is replaced, and the gate is open. The texts live until it returns.
            unsafe { log(user.0, line.as_ptr(), level, module.as_ptr()) };
        }
        LOGGING.set(false);
    })
}

fn outcome_to(told: NetworkTimeFn, user: User, gate: Arc<Gate>) -> NetworkTimeCallback {
    Arc::new(move |code: i32, message: &str| {
        let user = user;
        let message = c_text(message);
        if let (Some(told), Some(_pass)) = (told, gate.enter()) {
            // SAFETY: as in `line_to`.
            unsafe { told(user.0, code, message.as_ptr()) };
        }
    })
}

static LOG: Current = Current(Mutex::new(None));
static NETWORK_TIME: Current = Current(Mutex::new(None));

thread_local! {
    static LOGGING: Cell<bool> = const { Cell::new(false) };
}
