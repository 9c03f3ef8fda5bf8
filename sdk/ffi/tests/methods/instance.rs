//! An instance behind the C ABI, as a program in C has it, and what it was told.
//!
//! It calls C functions, which is what this program is for.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Instant;

use rtcengine::c::{EventFn, rtc_call, rtc_create, rtc_create_local_record, rtc_destroy, rtc_free_string};
use serde_json::{Value, json};

use crate::engine::{Engine, PATIENCE, Tickets as _};

/// An instance in no room. It is destroyed when it is dropped.
pub(crate) struct Instance {
    handle: u64,
    ears: *mut Sender<Value>,
    told: Receiver<Value>,
    fences: u32,
}

impl Instance {
    pub(crate) fn new() -> Self {
        Self::made_by(rtc_create)
    }

    /// A recorder of screens, which is no instance of the engine.
    pub(crate) fn recorder() -> Self {
        Self::made_by(rtc_create_local_record)
    }

    fn made_by(create: extern "C" fn(EventFn, *mut c_void) -> u64) -> Self {
        use_twins();
        let (sender, told) = channel();
        let ears = Box::into_raw(Box::new(sender));
        let handle = create(Some(hear), ears.cast());
        assert_ne!(handle, 0, "no instance");
        Self { handle, ears, told, fences: 0 }
    }

    /// One that knows the engine.
    pub(crate) fn of(engine: &Engine) -> Self {
        let instance = Self::new();
        instance.use_engine(engine);
        instance
    }

    pub(crate) fn use_engine(&self, engine: &Engine) {
        let server = json!({"api": "setServer", "params": {"url": engine.address()}});
        let answer = self.call("callExperimentalAPI", &json!({"jsonStr": server.to_string()}));
        assert_eq!(answer["ok"].as_str(), Some(r#"{"code":0,"message":""}"#), "{answer}");
    }

    pub(crate) fn call(&self, method: &str, arguments: &Value) -> Value {
        self.call_text(method, &arguments.to_string())
    }

    pub(crate) fn call_text(&self, method: &str, json: &str) -> Value {
        call(self.handle, method, json)
    }

    /// Everything that was told because of what was called so far. Works outside of a room.
    pub(crate) fn told_until_now(&mut self) -> Vec<Value> {
        self.fences += 1;
        // A call that is refused in order, after all that was called before it, and says whom it was about.
        let user = format!("fence-{}", self.fences);
        let answer = self.call("connectOtherRoom", &json!({"param": json!({"roomId": 1, "userId": user}).to_string()}));
        assert_eq!(answer["ok"], Value::Null, "{answer}");
        self.until(&user, |event| event["event"] == "onConnectOtherRoom" && event["data"]["userId"] == user.as_str()).0
    }

    /// Waits for an event; gives all that was told before, and it.
    pub(crate) fn until(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> (Vec<Value>, Value) {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(event) = self.told.recv_timeout(left) else { panic!("no {what}; told instead: {before:?}") };
            if is_it(&event) {
                return (before, event);
            }
            before.push(event);
        }
    }

    pub(crate) fn enters(&self, engine: &Engine, user: &str) {
        let ticket = serde_json::to_value(engine.ticket(user)).expect("a struct of texts and numbers");
        let answer = self.call("enterRoom", &json!({"param": ticket, "scene": 0}));
        assert_eq!(answer["ok"], Value::Null, "{answer}");
        let (_, entered) = self.until("onEnterRoom", |event| event["event"] == "onEnterRoom");
        assert!(entered["data"]["result"].as_i64() > Some(0), "not let in: {entered}");
    }

    /// The number that stands for it.
    pub(crate) fn handle(&self) -> u64 {
        self.handle
    }

    /// Destroys it and gives the number that stood for it.
    pub(crate) fn end(self) -> u64 {
        self.handle
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        rtc_destroy(self.handle);
        // SAFETY: it came from a box, and the instance calls nobody any more.
        drop(unsafe { Box::from_raw(self.ears) });
    }
}

/// A call in C.
pub(crate) fn call(handle: u64, method: &str, json: &str) -> Value {
    let text = |text: &str| CString::new(text).expect("no NUL is in it");
    let (method, json) = (text(method), text(json));
    // SAFETY: both texts live until the call returns.
    unsafe { read(rtc_call(handle, method.as_ptr(), json.as_ptr())) }
}

/// A call of which texts may be missing.
pub(crate) fn call_without(handle: u64, method: Option<&CStr>, json: Option<&CStr>) -> Value {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: null is a case of the contract, and both texts live until the call returns.
    unsafe { read(rtc_call(handle, pointer(method), pointer(json))) }
}

/// # Safety
///
/// The answer is one of `rtc_call`, and was not read before.
unsafe fn read(answer: *mut c_char) -> Value {
    assert!(!answer.is_null(), "no answer");
    // SAFETY: an answer is a text that ends with NUL, and ours until it is freed.
    let value = serde_json::from_slice(unsafe { CStr::from_ptr(answer) }.to_bytes());
    // SAFETY: it came from the library and is not used any more.
    unsafe { rtc_free_string(answer) };
    value.expect("an answer is JSON")
}

unsafe extern "C" fn hear(user: *mut c_void, event: *const c_char) {
    // SAFETY: it is the sender given to `rtc_create`, which lives until the instance is destroyed, and the callback thread
    // is the only one that uses it.
    let sender = unsafe { &*user.cast::<Sender<Value>>() };
    // SAFETY: the library promises a text that ends with NUL.
    let event = unsafe { CStr::from_ptr(event) };
    let _ = sender.send(serde_json::from_slice(event.to_bytes()).expect("an event is JSON"));
}

/// The panics of the threads of the engine. They have names, and what runs on them is caught nowhere else.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[track_caller]
pub(crate) fn assert_no_thread_panicked() {
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(panics.is_empty(), "threads of the engine panicked: {panics:#?}");
}

fn note_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        if name.starts_with("rtc-") || name.starts_with("device-") {
            PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{name}: {panic}"));
        }
        before(panic);
    }));
}

/// Devices that are not there, and a folder of its own for what methods write into the current one.
fn use_twins() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        note_panics();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("methods");
        std::fs::create_dir_all(&folder).and_then(|()| std::env::set_current_dir(&folder)).expect("a folder");
        let twins = [
            ("RTC_ENGINE_AUDIO", "synthetic"),
            ("RTC_ENGINE_MICROPHONE", "tone:440"),
            ("RTC_ENGINE_SPEAKER", "nowhere"),
            ("RTC_ENGINE_CAMERA", "pattern"),
            ("RTC_ENGINE_SCREEN", "pattern"),
        ];
        for (name, value) in twins {
            // SAFETY: the first instance of this program is made after this, so that what is written in C does not run yet,
            // and what is written in Rust takes turns.
            unsafe { std::env::set_var(name, value) };
        }
    });
}
