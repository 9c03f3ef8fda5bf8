//! Messages.

use std::ffi::c_void;

use super::{CmdMsgFn, SeiMsgFn};
use crate::boundary;
use crate::error::CallError;
use crate::instance::User;

/// Sends a message of at most 1 KB to everybody in the room. `reliable` and `ordered` must be equal. Returns 0 when it was
/// accepted, else an error code.
///
/// # Safety
///
/// `data` is null or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_send_custom_cmd_msg(
    handle: u64,
    cmd_id: u32,
    data: *const u8,
    length: u32,
    reliable: bool,
    ordered: bool,
) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let data = unsafe { boundary::bytes(data, length, "data") }?;
        accepted(instance.engine()?.send_custom_cmd_msg(cmd_id, data, reliable, ordered))
    })
}

/// Sends up to 1000 bytes inside of the next `repeat_count` pictures. Returns 0 when it was accepted, else an error code.
///
/// # Safety
///
/// `data` is null or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_send_sei_msg(handle: u64, data: *const u8, length: u32, repeat_count: i32) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let data = unsafe { boundary::bytes(data, length, "data") }?;
        accepted(instance.engine()?.send_sei_msg(data, repeat_count))
    })
}

/// Sets who gets the custom messages of others; null for nobody.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_cmd_msg_callback(handle: u64, r#fn: CmdMsgFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.ears().cmd_msg.set(r#fn, user);
        Ok(0)
    })
}

/// Sets who gets the SEI messages of others; null for nobody.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_sei_msg_callback(handle: u64, r#fn: SeiMsgFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.ears().sei_msg.set(r#fn, user);
        Ok(0)
    })
}

fn accepted(accepted: bool) -> Result<i32, CallError> {
    if accepted { Ok(0) } else { Err(CallError::refused("the message was not accepted: see the limits of the method")) }
}
