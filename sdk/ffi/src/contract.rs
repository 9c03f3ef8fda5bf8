//! Stories about the C functions, told with the double in place of the engine. What needs a C compiler is in
//! `tests/conformance.c`.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;

use serde_json::{Value, json};

use crate::c::*;
use crate::double;
use crate::instance::{self, User};

#[test]
fn a_call_is_answered_with_its_value() {
    let instance = Instance::new();
    assert_eq!(instance.call("echo", r#"{"a":[1,"ü\u0000"]}"#), json!({ "ok": { "a": [1, "ü\u{0}"] } }));
}

#[test]
fn a_refused_call_is_answered_and_told() {
    let instance = Instance::new();
    let answer = instance.call("nonsense", "{}");
    assert_eq!(answer["error"]["code"], -2);
    let event = instance.heard();
    assert_eq!(event["event"], "onError");
    assert_eq!(event["data"]["errCode"], -2);
    assert_eq!(event["data"]["errMsg"], answer["error"]["message"]);
}

#[test]
fn a_panic_becomes_an_error_and_the_instance_lives_on() {
    let instance = Instance::new();
    let answer = instance.call("panic", "{}");
    assert_eq!(answer["error"]["code"], -1);
    assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains("that the test asked for")));
    assert_eq!(instance.heard()["data"]["errCode"], -1);
    let mut data = *b"panic";
    let frame = frame(&mut data);
    // SAFETY: the frame's data lives until the end of the test.
    assert_eq!(unsafe { rtc_send_custom_video(instance.handle, 0, &raw const frame) }, -1);
    assert_eq!(instance.heard()["data"]["errCode"], -1);
    assert_eq!(instance.call("echo", "1"), json!({ "ok": 1 }));
}

#[test]
fn null_long_and_broken_texts_are_refused() {
    let instance = Instance::new();
    let long = CString::new(vec![b' '; (1 << 20) + 1]).expect("no NUL");
    let just = CString::new(format!("{}1", " ".repeat((1 << 20) - 1))).expect("no NUL");
    let broken = CString::new([0xff]).expect("no NUL");
    let bad = [(null(), c"{}".as_ptr()), (c"echo".as_ptr(), null()), (c"echo".as_ptr(), long.as_ptr())];
    for (method, json) in bad.into_iter().chain([(c"echo".as_ptr(), broken.as_ptr()), (broken.as_ptr(), c"{}".as_ptr())]) {
        // SAFETY: null or texts that end with NUL.
        let answer = taken(unsafe { rtc_call(instance.handle, method, json) });
        assert_eq!(answer["error"]["code"], -2, "{answer}");
    }
    // SAFETY: texts that end with NUL.
    assert_eq!(taken(unsafe { rtc_call(instance.handle, c"echo".as_ptr(), just.as_ptr()) }), json!({ "ok": 1 }));
    // SAFETY: null is allowed.
    unsafe { rtc_free_string(null_mut()) };
}

#[test]
fn a_handle_that_is_none_is_refused_everywhere() {
    let old = Instance::new().handle;
    for handle in [0, 1, old, u64::MAX] {
        // SAFETY: null pointers are allowed everywhere.
        let codes = unsafe {
            [
                rtc_destroy(handle),
                rtc_send_custom_video(handle, 0, null()),
                rtc_send_custom_audio(handle, null()),
                rtc_mix_external_audio(handle, null()),
                rtc_custom_audio_rendering_frame(handle, null_mut()),
                rtc_set_local_video_render_callback(handle, 1, 1, None, null_mut()),
                rtc_set_remote_video_render_callback(handle, null(), 1, 1, None, null_mut()),
                rtc_set_local_video_process_callback(handle, 1, 1, None, null_mut()),
                rtc_set_audio_frame_callback(handle, null()),
                rtc_set_encoded_data_callback(handle, None, null_mut()),
                rtc_set_audio_packet_callback(handle, None, null_mut()),
                rtc_set_snapshot_callback(handle, None, null_mut()),
                rtc_start_camera_device_test(handle, None, null_mut()),
                rtc_send_custom_cmd_msg(handle, 1, null(), 0, true, true),
                rtc_send_sei_msg(handle, null(), 0, 1),
                rtc_set_video_mute_image(handle, null(), 5),
                rtc_set_watermark(handle, 0, null(), 0, 0, 0, 0.0, 0.0, 0.0, false),
                rtc_screen_sources_count(handle),
                rtc_screen_sources_at(handle, 0, null_mut()),
                rtc_screen_sources_release(handle),
            ]
        };
        assert_eq!(codes, [-3; 20], "{handle:#x}");
        assert_eq!(rtc_screen_sources(handle, 0, 0, 0, 0), 0);
        assert_eq!(rtc_create_sub(handle, None, null_mut()), 0);
    }
    // SAFETY: texts that end with NUL.
    let answer = taken(unsafe { rtc_call(old, c"echo".as_ptr(), c"{}".as_ptr()) });
    assert_eq!(answer["error"]["code"], -3);
    assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains("rtc_create")), "it says what to do");
}

#[test]
fn null_pointers_behind_a_good_handle_are_refused() {
    let instance = Instance::new();
    // SAFETY: null pointers are allowed everywhere.
    let codes = unsafe {
        [
            rtc_send_custom_video(instance.handle, 0, null()),
            rtc_send_custom_audio(instance.handle, null()),
            rtc_mix_external_audio(instance.handle, null()),
            rtc_custom_audio_rendering_frame(instance.handle, null_mut()),
            rtc_set_remote_video_render_callback(instance.handle, null(), 1, 1, None, null_mut()),
            rtc_start_camera_device_test(instance.handle, None, null_mut()),
            rtc_send_custom_cmd_msg(instance.handle, 1, null(), 5, true, true),
        ]
    };
    assert_eq!(codes, [-2; 7]);
}

#[test]
fn events_come_in_order() {
    let instance = Instance::new();
    for number in 0..100 {
        instance.call("emit", &number.to_string());
    }
    for number in 0..100 {
        assert_eq!(instance.heard(), json!(number));
    }
}

#[test]
fn destroying_waits_for_the_callback_that_runs_and_none_comes_after() {
    let (begun, has_begun) = channel();
    let (left, has_left) = channel();
    let instance = Instance::hearing(Box::new(move |handle, _| {
        let _ = begun.send(());
        // Once the handle is forgotten, destroying has begun; it must not end before this does.
        while rtc_set_snapshot_callback(handle, None, null_mut()) == 0 {
            thread::yield_now();
        }
        for _ in 0..100 {
            thread::yield_now();
        }
        let _ = left.send(());
    }));
    instance.call("emit", "1");
    instance.call("emit", "2");
    has_begun.recv().expect("the first event is told");
    assert_eq!(rtc_destroy(instance.handle), 0);
    let left = has_left.try_iter().count();
    assert!(left >= 1, "the callback had ended when destroy returned");
    assert_eq!(has_begun.try_iter().count() + 1, left, "none runs");
    assert!(has_begun.try_recv().is_err() && has_left.try_recv().is_err(), "the thread that could tell more has ended");
}

#[test]
fn an_instance_may_be_destroyed_and_called_inside_its_own_callback() {
    let (told, heard) = channel();
    let instance = Instance::hearing(Box::new(move |handle, _| {
        // SAFETY: texts that end with NUL.
        let echo = taken(unsafe { rtc_call(handle, c"echo".as_ptr(), c"1".as_ptr()) });
        let destroyed = rtc_destroy(handle);
        // SAFETY: as above.
        let after = taken(unsafe { rtc_call(handle, c"echo".as_ptr(), c"1".as_ptr()) });
        let _ = told.send((echo, destroyed, after["error"]["code"].clone()));
    }));
    instance.call("emit", "1");
    assert_eq!(heard.recv(), Ok((json!({ "ok": 1 }), 0, json!(-3))));
}

#[test]
fn two_callbacks_may_destroy_each_other() {
    let both = Arc::new(Barrier::new(2));
    let (told, heard) = channel();
    let (first_peer, second_peer) = (channel::<u64>(), channel::<u64>());
    let make = |peer: Receiver<u64>| {
        let (both, told) = (Arc::clone(&both), told.clone());
        let peer = std::sync::Mutex::new(peer);
        Instance::hearing(Box::new(move |_, _| {
            both.wait();
            let other = peer.lock().expect("one thread only").recv().expect("the test tells it");
            let _ = told.send(rtc_destroy(other));
        }))
    };
    let (first, second) = (make(first_peer.1), make(second_peer.1));
    first_peer.0.send(second.handle).expect("the callback listens");
    second_peer.0.send(first.handle).expect("the callback listens");
    first.call("emit", "1");
    second.call("emit", "1");
    assert_eq!([heard.recv(), heard.recv()], [Ok(0), Ok(0)]);
}

#[test]
fn many_threads_may_call_while_the_instance_goes() {
    let instance = Instance::new();
    let handle = instance.handle;
    let start = Arc::new(Barrier::new(9));
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let start = Arc::clone(&start);
            thread::spawn(move || {
                start.wait();
                (0..200).all(|_| {
                    // SAFETY: texts that end with NUL.
                    let answer = taken(unsafe { rtc_call(handle, c"echo".as_ptr(), c"1".as_ptr()) });
                    answer["ok"] == 1 || answer["error"]["code"] == -3
                })
            })
        })
        .collect();
    start.wait();
    assert_eq!(rtc_destroy(handle), 0);
    assert!(callers.into_iter().all(|caller| caller.join().expect("no panic crosses")));
}

#[test]
fn a_thousand_instances_come_and_go() {
    let mut last = 0;
    for _ in 0..1000 {
        let instance = Instance::new();
        assert_ne!(instance.handle, last);
        last = instance.handle;
    }
}

#[test]
fn pictures_reach_the_callback_until_it_is_taken_away() {
    unsafe extern "C" fn show(user: *mut c_void, user_id: *const c_char, stream: i32, frame: *const VideoFrame) {
        // SAFETY: the test passes its sender; text and frame live until this returns.
        let (told, user_id, frame) = unsafe { (&*user.cast::<Sender<String>>(), CStr::from_ptr(user_id), &*frame) };
        let text = format!("{} {stream} {}x{} {}", user_id.to_string_lossy(), frame.width, frame.height, frame.length);
        let _ = told.send(text);
    }
    let (mut told, heard) = channel::<String>();
    let user: *mut c_void = (&raw mut told).cast();
    let instance = Instance::new();
    assert_eq!(rtc_set_local_video_render_callback(instance.handle, 3, 1, Some(show), user), 0);
    instance.call("render", "{}");
    assert_eq!(heard.try_recv().as_deref(), Ok("a 2 2x2 16"));
    assert_eq!(rtc_set_local_video_render_callback(instance.handle, 0, 1, Some(show), user), -2);
    instance.call("render", "{}");
    assert_eq!(heard.try_recv().as_deref(), Ok("a 2 2x2 16"), "what was refused changes nothing");
    assert_eq!(rtc_set_local_video_render_callback(instance.handle, 3, 1, None, null_mut()), 0);
    instance.call("render", "{}");
    assert!(heard.try_recv().is_err());

    assert_eq!(rtc_set_snapshot_callback(instance.handle, Some(show), user), 0);
    instance.call("snapshot", "{}");
    assert_eq!(heard.recv().as_deref(), Ok("a 0 2x2 16"));
    drop(instance);
}

#[test]
fn the_application_may_change_pictures_and_sound() {
    unsafe extern "C" fn change(_: *mut c_void, source: *const VideoFrame, result: *mut VideoFrame) -> i32 {
        // SAFETY: both live until this returns, and the second is writable.
        unsafe { *(*result).data = *(*source).data + 1 };
        0
    }
    unsafe extern "C" fn louder(_: *mut c_void, frame: *mut AudioFrame) {
        static EXTRA: [u8; 3] = *b"abc";
        // SAFETY: the frame lives until this returns, and has four samples.
        unsafe {
            (*frame).data.cast::<i16>().write_unaligned(5);
            (*frame).extra_data = EXTRA.as_ptr().cast_mut();
            (*frame).extra_data_length = 3;
        }
    }
    let instance = Instance::new();
    assert_eq!(instance.call("process", "{}")["ok"]["filled"], false);
    assert_eq!(rtc_set_local_video_process_callback(instance.handle, 3, 1, Some(change), null_mut()), 0);
    let answer = instance.call("process", "{}");
    assert_eq!((&answer["ok"]["filled"], &answer["ok"]["result"][0]), (&json!(true), &json!(2)));

    let callbacks = AudioFrameCallbacks {
        user: null_mut(),
        on_captured: None,
        on_local_processed: Some(louder),
        on_remote: None,
        on_mixed_play: None,
        on_mixed_all: None,
    };
    // SAFETY: the struct lives.
    assert_eq!(unsafe { rtc_set_audio_frame_callback(instance.handle, &raw const callbacks) }, 0);
    assert_eq!(instance.call("hear", "{}")["ok"], json!({ "samples": [5, 100, 100, 100], "extra": [97, 98, 99] }));
    // SAFETY: null takes it away.
    assert_eq!(unsafe { rtc_set_audio_frame_callback(instance.handle, null()) }, 0);
    assert_eq!(instance.call("hear", "{}")["ok"]["extra"], json!([9]));
}

#[test]
fn the_application_may_change_what_is_encoded_and_put_bytes_beside_sound() {
    unsafe extern "C" fn change(
        _: *mut c_void,
        kind: i32,
        user_id: *const c_char,
        stream_type: i32,
        data: *const u8,
        length: u32,
        result: *mut Bytes,
    ) -> i32 {
        static CHANGED: [u8; 4] = *b"else";
        // SAFETY: text and bytes live until this returns.
        let data = unsafe { std::slice::from_raw_parts(data, length as usize) };
        match kind {
            0 => {
                assert!(user_id.is_null() && stream_type == 2 && data == b"picture");
                // SAFETY: it is ours to write to.
                unsafe { *result = Bytes { data: CHANGED.as_ptr(), length: 4 } };
                1
            }
            3 => {
                // SAFETY: it is a text.
                assert_eq!(unsafe { CStr::from_ptr(user_id) }, c"a");
                assert_eq!(data, b"sound");
                -1
            }
            _ => 0,
        }
    }
    unsafe extern "C" fn beside(told: *mut c_void, user_id: *const c_char, bytes: *mut Bytes) -> i32 {
        static BESIDE: [u8; 2] = *b"hi";
        if user_id.is_null() {
            // SAFETY: it is ours to write to.
            unsafe { *bytes = Bytes { data: BESIDE.as_ptr(), length: 2 } };
            return 1;
        }
        // SAFETY: the test passes its sender; text and bytes live until this returns.
        let (told, bytes) = unsafe { (&*told.cast::<Sender<Vec<u8>>>(), &*bytes) };
        // SAFETY: as above.
        let _ = told.send(unsafe { std::slice::from_raw_parts(bytes.data, bytes.length as usize) }.to_vec());
        1
    }
    let (mut told, heard) = channel::<Vec<u8>>();
    let instance = Instance::new();
    assert_eq!(instance.call("encode", "{}"), json!({ "ok": null }));
    assert_eq!(rtc_set_encoded_data_callback(instance.handle, Some(change), null_mut()), 0);
    assert_eq!(instance.call("encode", "{}")["ok"], json!([format!("To({:?})", b"else"), "Lost"]));
    assert_eq!(rtc_set_audio_packet_callback(instance.handle, Some(beside), (&raw mut told).cast()), 0);
    assert_eq!(instance.call("packets", "{}")["ok"], json!([b"hi", null]), "what came is not answered");
    assert_eq!(heard.try_recv(), Ok(b"came".to_vec()));
    assert_eq!(rtc_set_encoded_data_callback(instance.handle, None, null_mut()), 0);
    assert_eq!(rtc_set_audio_packet_callback(instance.handle, None, null_mut()), 0);
    assert_eq!(instance.call("encode", "{}"), json!({ "ok": null }));
}

#[test]
fn sound_crosses_at_any_alignment() {
    let instance = Instance::new();
    let mut bytes = [0_u8; 9];
    bytes[1..3].copy_from_slice(&300_i16.to_ne_bytes());
    bytes[3..5].copy_from_slice(&(-1_i16).to_ne_bytes());
    let mut sound = AudioFrame {
        format: 1,
        data: bytes[1..].as_mut_ptr(),
        length: 4,
        sample_rate: 48_000,
        channels: 1,
        timestamp_ms: 0,
        extra_data: null_mut(),
        extra_data_length: 0,
    };
    // SAFETY: four bytes are there.
    unsafe {
        assert_eq!(rtc_mix_external_audio(instance.handle, &raw const sound), 299);
        assert_eq!(rtc_custom_audio_rendering_frame(instance.handle, &raw mut sound), 0);
    }
    assert_eq!(sound.timestamp_ms, 77);
    let mut expected = [0_u8; 9];
    expected[1..3].copy_from_slice(&3_i16.to_ne_bytes());
    expected[3..5].copy_from_slice(&3_i16.to_ne_bytes());
    assert_eq!(bytes, expected, "only what was lent is written");
    for (length, format) in [(3, 1), (4, 2), (u32::MAX, 1), (0, 1)] {
        let wrong = AudioFrame { length, format, ..sound };
        // SAFETY: it is refused before the data is read.
        assert_eq!(unsafe { rtc_send_custom_audio(instance.handle, &raw const wrong) }, -2);
    }
}

#[test]
fn messages_say_whether_they_were_accepted() {
    let instance = Instance::new();
    // SAFETY: five bytes are there.
    unsafe {
        assert_eq!(rtc_send_custom_cmd_msg(instance.handle, 1, b"hello".as_ptr(), 5, true, true), 0);
        assert_eq!(rtc_send_custom_cmd_msg(instance.handle, 1, b"hello".as_ptr(), 5, true, false), -3);
        assert_eq!(rtc_send_sei_msg(instance.handle, b"hello".as_ptr(), 5, 1), 0);
        assert_eq!(rtc_send_sei_msg(instance.handle, b"hello".as_ptr(), 4, 1), -3);
    }
}

#[test]
fn messages_of_others_reach_their_callbacks() {
    unsafe extern "C" fn message(user: *mut c_void, from: *const c_char, cmd: i32, seq: u32, data: *const u8, length: u32) {
        // SAFETY: the test passes its sender; text and bytes live until this returns.
        let (told, from, data) = unsafe {
            (&*user.cast::<Sender<String>>(), CStr::from_ptr(from), std::slice::from_raw_parts(data, length as usize))
        };
        let text = format!("{} {cmd} {seq} {}", from.to_string_lossy(), String::from_utf8_lossy(data));
        let _ = told.send(text);
    }
    unsafe extern "C" fn sei(user: *mut c_void, from: *const c_char, data: *const u8, length: u32) {
        // SAFETY: as above.
        unsafe { message(user, from, 0, 0, data, length) };
    }
    let (mut told, heard) = channel::<String>();
    let user: *mut c_void = (&raw mut told).cast();
    let instance = Instance::new();
    assert_eq!(rtc_set_cmd_msg_callback(instance.handle, Some(message), user), 0);
    assert_eq!(rtc_set_sei_msg_callback(instance.handle, Some(sei), user), 0);
    instance.call("messages", "{}");
    assert_eq!([heard.recv().as_deref(), heard.recv().as_deref()], [Ok("a 1 2 hello"), Ok("a 0 0 sei")]);
    drop(instance);
}

#[test]
fn sources_can_be_looked_through_until_they_are_released() {
    let instance = Instance::new();
    let list = rtc_screen_sources(instance.handle, 2, 1, 0, 0);
    drop(instance);
    assert_eq!(rtc_screen_sources_count(list), 2, "a list outlives its instance");
    let mut source = std::mem::MaybeUninit::<ScreenSource>::uninit();
    // SAFETY: there is room for one; it is read only when it was written.
    unsafe {
        assert_eq!(rtc_screen_sources_at(list, 0, source.as_mut_ptr()), 0);
        let screen = source.assume_init();
        assert_eq!(CStr::from_ptr(screen.name), c"Screen 1");
        assert_eq!((screen.kind, screen.is_main_screen, screen.thumbnail.length), (1, true, 8));
        assert_eq!(*screen.thumbnail.data, 5);
        assert!(screen.icon.data.is_null());
        assert_eq!(rtc_screen_sources_at(list, 1, source.as_mut_ptr()), 0);
        assert_eq!(CStr::from_ptr(source.assume_init().name), c"a", "a text ends at its first NUL");
        assert_eq!(rtc_screen_sources_at(list, 2, source.as_mut_ptr()), -2);
        assert_eq!(rtc_screen_sources_at(list, 0, null_mut()), -2);
    }
    assert_eq!(rtc_screen_sources_release(list), 0);
    assert_eq!(rtc_screen_sources_count(list), -3);
    assert_eq!(rtc_screen_sources_release(list), -3);
}

type Heard = Box<dyn Fn(u64, Value) + Send + Sync>;

/// An instance on the double, with its events either kept or given to a function together with its handle.
struct Instance {
    handle: u64,
    events: Receiver<Value>,
    told: *mut Told,
}

struct Told {
    handle: std::sync::OnceLock<u64>,
    function: Heard,
}

impl Instance {
    fn new() -> Self {
        let (told, events) = channel();
        let mut instance = Self::hearing(Box::new(move |_, event| drop(told.send(event))));
        instance.events = events;
        instance
    }

    fn hearing(function: Heard) -> Self {
        unsafe extern "C" fn tell(user: *mut c_void, event: *const c_char) {
            // SAFETY: the user is the box below, which lives longer than the instance; the text ends with NUL.
            let (told, event) = unsafe { (&*user.cast::<Told>(), CStr::from_ptr(event)) };
            let event = serde_json::from_slice(event.to_bytes()).expect("events are JSON");
            (told.function)(*told.handle.wait(), event);
        }
        let told = Box::into_raw(Box::new(Told { handle: std::sync::OnceLock::new(), function }));
        let handle = instance::create(Some(tell), User(told.cast()), double::start).expect("there is room");
        // SAFETY: it was just made.
        unsafe { &*told }.handle.set(handle).expect("it is set once");
        Self { handle, events: channel().1, told }
    }

    fn call(&self, method: &str, json: &str) -> Value {
        let (method, json) = (CString::new(method).expect("no NUL"), CString::new(json).expect("no NUL"));
        // SAFETY: texts that end with NUL.
        taken(unsafe { rtc_call(self.handle, method.as_ptr(), json.as_ptr()) })
    }

    fn heard(&self) -> Value {
        self.events.recv().expect("an event comes")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if rtc_destroy(self.handle) == 0 {
            // SAFETY: no callback runs or will run, so this is the last use. If a callback destroyed the instance the
            // box is left alone, because that callback may still be running.
            drop(unsafe { Box::from_raw(self.told) });
        }
    }
}

fn taken(answer: *mut c_char) -> Value {
    assert!(!answer.is_null());
    // SAFETY: it came from `rtc_call` and is freed once.
    unsafe {
        let value = serde_json::from_slice(CStr::from_ptr(answer).to_bytes()).expect("answers are JSON");
        rtc_free_string(answer);
        value
    }
}

fn frame(data: &mut [u8]) -> VideoFrame {
    VideoFrame {
        format: 3,
        buffer_type: 1,
        data: data.as_mut_ptr(),
        length: data.len() as u32,
        width: 1,
        height: 1,
        timestamp_ms: 0,
        rotation: 0,
    }
}
