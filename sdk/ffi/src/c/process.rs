//! The log.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};

use super::LogFn;
use crate::engine::Log;
use crate::error::CallError;
use crate::gate::Gate;
use crate::instance::{User, c_text};
use crate::{boundary, cloud};

/// Sets who gets the lines of the log, for the whole process; null for nobody. When it returns, the one before is not running
/// any more, except where it is itself the caller. Returns 0 or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_log_callback(r#fn: LogFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::unwound(|| replace(r#fn, user)).map_or_else(|error| error.code, |()| 0)
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

fn replace(log: LogFn, user: User) -> Result<(), CallError> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    let gate = log.map(|_| Arc::new(Gate::default()));
    cloud::set_log(gate.clone().map(|gate| line_to(log, user, gate)))?;
    let old = std::mem::replace(&mut *current, gate);
    drop(current);
    if let Some(old) = old {
        old.close();
        old.wait();
    }
    Ok(())
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

/// The gate of the callback that is set now.
static CURRENT: Mutex<Option<Arc<Gate>>> = Mutex::new(None);

thread_local! {
    static LOGGING: Cell<bool> = const { Cell::new(false) };
}
