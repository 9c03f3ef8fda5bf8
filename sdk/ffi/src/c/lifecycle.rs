//! Instances, calls and strings.

use std::ffi::{CString, c_char, c_void};

use super::{EventFn, SnapshotFn};
use crate::error::CallError;
use crate::instance::{self, User};
use crate::{boundary, cloud, recorder};

/// Creates an instance. `fn` gets its events and may be null; `user` comes back with each. Returns a handle, or 0 when no
/// instance could be made (the log says why). End it with rtc_destroy.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_create(r#fn: EventFn, user: *mut c_void) -> u64 {
    let user = User(user);
    let created = boundary::unwound(|| instance::create(r#fn, user, cloud::start));
    handle_or_zero(created)
}

/// Creates a second instance in the name of the first, to be in another room at the same time. As rtc_create otherwise; the
/// two are ended one by one, in any order.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_create_sub(handle: u64, r#fn: EventFn, user: *mut c_void) -> u64 {
    let user = User(user);
    let created = boundary::unwound(|| {
        let parent = instance::find(handle)?;
        instance::create(r#fn, user, |listener| parent.engine()?.sub(listener))
    });
    handle_or_zero(created)
}

/// Creates a recorder of screens, which needs no room: its methods are startLocalRecord, stopLocalRecord,
/// enableRecordMicrophone and enableRecordSystemAudio, rtc_screen_sources lists what it can record, and its events are
/// OnRecordStarted, OnRecordError and OnRecordComplete. As rtc_create otherwise; what only an instance can do is refused.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_create_local_record(r#fn: EventFn, user: *mut c_void) -> u64 {
    let user = User(user);
    handle_or_zero(boundary::unwound(|| instance::create(r#fn, user, recorder::start)))
}

/// Ends an instance or a recorder: leaves the room, lets devices go, forgets the handle. May be called on any thread, also in a callback.
/// When it returns, no callback of the instance is running and none will run; called from inside one, those that run on
/// other threads at this moment may still finish. Returns 0, or -3 when there is no such instance (any more).
#[unsafe(no_mangle)]
pub extern "C" fn rtc_destroy(handle: u64) -> i32 {
    boundary::unwound(|| instance::destroy(handle)).map_or_else(|error| error.code, |()| 0)
}

/// Calls a method by its name, with its arguments as a JSON object. Handle 0 is for methods that need no instance. Returns
/// {"ok":value} or {"error":{"code":-2,"message":"…"}}; free it with rtc_free_string. Texts may have 1 MiB.
///
/// # Safety
///
/// `method` and `json` are null or point to texts that end with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_call(handle: u64, method: *const c_char, json: *const c_char) -> *mut c_char {
    // SAFETY: promised by the caller.
    let texts = || unsafe { Ok((boundary::text(method, "method")?, boundary::text(json, "json")?)) };
    if handle == 0 {
        return boundary::global_answer(|| texts().and_then(|(method, json)| cloud::call(method, json)));
    }
    boundary::answer(handle, |instance| texts().and_then(|(method, json)| instance.subject().call(method, json)))
}

/// Frees a text that a function of this header returned. Null is fine.
///
/// # Safety
///
/// `text` is null or came from a function of this header and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_free_string(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: promised by the caller: it was made by `CString::into_raw`.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// Sets who gets the pictures that snapshotVideo asks for; null for nobody.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_snapshot_callback(handle: u64, r#fn: SnapshotFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.ears().snapshot.set(r#fn, user);
        Ok(0)
    })
}

fn handle_or_zero(created: Result<u64, CallError>) -> u64 {
    created.unwrap_or_else(|error| {
        tracing::error!("no instance was created: {error}");
        0
    })
}
