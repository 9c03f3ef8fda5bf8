//! The way across: pointers checked and read, panics caught and reported, answers turned into C strings. Every C function
//! goes through [`code`] or [`answer`].
//!
//! Pointers from C are followed here, which is what the crate is for.
#![allow(unsafe_code)]

use std::any::Any;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use serde_json::{Value, json};

use crate::error::CallError;
use crate::instance::{self, Instance};
use crate::table::Handle;

/// The longest text that is read, in bytes.
pub(crate) const TEXT_LIMIT: usize = 1 << 20;
/// The longest run of bytes that is read: a picture of 8192 × 8192 with four bytes a pixel is less.
pub(crate) const BYTES_LIMIT: usize = 1 << 28;

/// Runs a call on an instance; 0 or a positive result when it was carried out, an error code when not.
pub(crate) fn code(handle: Handle, call: impl FnOnce(&Instance) -> Result<i32, CallError>) -> i32 {
    match guarded(handle, call) {
        Ok(result) => result,
        Err(error) => {
            tracing::debug!(code = error.code, "refused: {}", error.message);
            error.code
        }
    }
}

/// Runs a call on an instance and answers in JSON. What is refused is also reported, because in most languages the method
/// behind it returns nothing.
pub(crate) fn answer(handle: Handle, call: impl FnOnce(&Instance) -> Result<Value, CallError>) -> *mut c_char {
    match guarded(handle, |instance| call(instance).inspect_err(|error| instance.subject().report(error))) {
        Ok(value) => c_answer(&json!({ "ok": value })),
        Err(error) => c_answer(&error.answer()),
    }
}

/// Runs a call that needs no instance and answers in JSON.
pub(crate) fn global_answer(call: impl FnOnce() -> Result<Value, CallError>) -> *mut c_char {
    match unwound(call) {
        Ok(value) => c_answer(&json!({ "ok": value })),
        Err(error) => c_answer(&error.answer()),
    }
}

/// Turns a panic into an error.
pub(crate) fn unwound<T>(call: impl FnOnce() -> Result<T, CallError>) -> Result<T, CallError> {
    // What a panic leaves behind in the engine is behind its own locks; nothing of it is used here afterwards.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let error = CallError::failed(format!("the engine has a fault, please report it: {}", words(&*panic)));
        // A payload may panic when it is dropped.
        std::mem::forget(panic);
        Err(error)
    })
}

fn guarded<T>(handle: Handle, call: impl FnOnce(&Instance) -> Result<T, CallError>) -> Result<T, CallError> {
    let instance = instance::find(handle)?;
    let mut calling = true;
    let result = unwound(|| {
        let result = call(&instance);
        calling = false;
        result
    });
    if let (true, Err(error)) = (calling, &result) {
        tracing::error!("{error}");
        // Reporting is the engine's as well; if that panics too, the answer has to do.
        let _ = unwound(|| {
            instance.subject().report(error);
            Ok(())
        });
    }
    result
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}

fn c_answer(value: &Value) -> *mut c_char {
    // JSON escapes NUL, so the text has none. If it had, null is what callers check for anyway.
    CString::new(value.to_string()).map_or(ptr::null_mut(), CString::into_raw)
}

/// Reads a text.
///
/// # Safety
///
/// `text` is null or points to a text that ends with NUL within [`TEXT_LIMIT`] bytes, or to at least that many bytes; it
/// stays unchanged while the result lives.
pub(crate) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str, CallError> {
    if text.is_null() {
        return Err(CallError::invalid(format!("{name} is a null pointer; pass a text that ends with NUL")));
    }
    // SAFETY: promised by the caller; strnlen reads no further than the limit or the NUL.
    let length = unsafe { libc::strnlen(text, TEXT_LIMIT + 1) };
    if length > TEXT_LIMIT {
        return Err(CallError::invalid(format!("{name} is longer than {TEXT_LIMIT} bytes; make it shorter")));
    }
    // SAFETY: so many bytes were just read.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| {
        CallError::invalid(format!("{name} is not UTF-8 from byte {} on; convert it first", error.valid_up_to()))
    })
}

/// Reads bytes. None at all are fine, also behind a null pointer.
///
/// # Safety
///
/// `data` is null or points to `length` bytes, which stay unchanged while the result lives.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: u32, name: &str) -> Result<&'a [u8], CallError> {
    let length = length as usize;
    if length == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(CallError::invalid(format!("{name} is a null pointer with a length of {length}; pass the bytes")));
    }
    if length > BYTES_LIMIT {
        return Err(CallError::invalid(format!("{name} has {length} bytes, and {BYTES_LIMIT} are the most")));
    }
    // SAFETY: promised by the caller, and the length is far below what a slice may have.
    Ok(unsafe { std::slice::from_raw_parts(data, length) })
}

/// Reads a struct.
///
/// # Safety
///
/// `pointer` is null or points to a valid `T`, which nobody changes while the result lives.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T, name: &str) -> Result<&'a T, CallError> {
    // SAFETY: promised by the caller.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// Reads a struct to be written.
///
/// # Safety
///
/// `pointer` is null or points to a valid `T`, which nobody else touches while the result lives.
pub(crate) unsafe fn reference_mut<'a, T>(pointer: *mut T, name: &str) -> Result<&'a mut T, CallError> {
    // SAFETY: promised by the caller.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(name))
}

fn null(name: &str) -> CallError {
    CallError::invalid(format!("{name} is a null pointer; pass the address of one"))
}
