//! Frames, pictures and messages that cannot be, handed to an instance that would take good ones: each is refused, and good
//! ones are taken afterwards.
//!
//! It calls C functions, which is what this program is for.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::ptr;
use std::time::{Duration, Instant};

use rtcengine::c::{
    AudioFrame, Image, VideoFrame, rtc_custom_audio_rendering_frame, rtc_mix_external_audio, rtc_send_custom_audio,
    rtc_send_custom_cmd_msg, rtc_send_custom_video, rtc_send_sei_msg, rtc_set_video_mute_image, rtc_set_watermark,
};
use serde_json::json;

use crate::engine::{Engine, PATIENCE};
use crate::instance::{Instance, assert_no_thread_panicked};

const I420: i32 = 1;
const MEMORY: i32 = 1;
const PCM: i32 = 1;

/// Waits until what was switched on is on: calls return before it is.
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} does not happen");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

#[test]
fn pictures_that_cannot_be_are_refused() {
    let engine = Engine::start();
    let instance = Instance::of(&engine);
    instance.enters(&engine, "ann");
    instance.call("enableCustomVideoCapture", &json!({"streamType": 0, "enable": true}));
    let mut pixels = vec![0x80_u8; 64 * 48 * 3 / 2];
    let good = VideoFrame {
        format: I420,
        buffer_type: MEMORY,
        data: pixels.as_mut_ptr(),
        length: pixels.len() as u32,
        width: 64,
        height: 48,
        timestamp_ms: 0,
        rotation: 0,
    };
    let send = |stream: i32, frame: &VideoFrame| {
        // SAFETY: the frame and its bytes live until the call returns, or its length says that there are none.
        unsafe { rtc_send_custom_video(instance.handle(), stream, frame) }
    };
    until("custom capture", || send(0, &good) == 0);
    let wrong = [
        VideoFrame { format: 99, ..good },
        VideoFrame { format: -1, ..good },
        VideoFrame { buffer_type: 99, ..good },
        VideoFrame { data: ptr::null_mut(), ..good },
        VideoFrame { length: 0, ..good },
        VideoFrame { length: good.length - 1, ..good },
        VideoFrame { width: 0, ..good },
        VideoFrame { height: 0, ..good },
        VideoFrame { width: u32::MAX, height: u32::MAX, ..good },
        VideoFrame { width: 1 << 16, height: 1 << 16, ..good },
        VideoFrame { width: 64, height: 1 << 26, ..good },
    ];
    for frame in &wrong {
        assert!(send(0, frame) < 0, "taken: {frame:?}");
    }
    assert!(send(77, &good) < 0, "taken for a stream that is none");
    // SAFETY: null is a case of the contract.
    assert!(unsafe { rtc_send_custom_video(instance.handle(), 0, ptr::null()) } < 0);
    for odd in [VideoFrame { rotation: i32::MIN, ..good }, VideoFrame { timestamp_ms: u64::MAX, ..good }, good] {
        let code = send(0, &odd);
        assert!(code == 0 || code == -2, "{code} for {odd:?}");
    }
    assert_eq!(send(0, &good), 0);
    instance.until("the first picture", |event| event["event"] == "onSendFirstLocalVideoFrame");
    assert_no_thread_panicked();
}

#[test]
fn sound_that_cannot_be_is_refused() {
    let engine = Engine::start();
    let instance = Instance::of(&engine);
    instance.enters(&engine, "ann");
    instance.call("enableCustomAudioCapture", &json!({"enable": true}));
    instance.call("enableMixExternalAudioFrame", &json!({"enablePublish": true, "enablePlayout": true}));
    instance.call("enableCustomAudioRendering", &json!({"enable": true}));
    let mut samples = vec![0_i16; 960];
    let mut extra = [0_u8; 200];
    let good = AudioFrame {
        format: PCM,
        data: samples.as_mut_ptr().cast(),
        length: 1920,
        sample_rate: 48_000,
        channels: 1,
        timestamp_ms: 0,
        extra_data: ptr::null_mut(),
        extra_data_length: 0,
    };
    let wrong = [
        AudioFrame { sample_rate: 0, ..good },
        AudioFrame { sample_rate: u32::MAX, ..good },
        AudioFrame { sample_rate: 8_000, ..good },
        AudioFrame { channels: 0, ..good },
        AudioFrame { channels: 3, ..good },
        AudioFrame { channels: u32::MAX, ..good },
        AudioFrame { length: 1919, ..good },
        AudioFrame { length: u32::MAX, ..good },
        AudioFrame { data: ptr::null_mut(), ..good },
    ];
    // SAFETY: frames and their memory live until the call returns; a length that is too much is refused unread.
    let send = |frame: &AudioFrame| unsafe { rtc_send_custom_audio(instance.handle(), frame) };
    // SAFETY: as before.
    let mix = |frame: &AudioFrame| unsafe { rtc_mix_external_audio(instance.handle(), frame) };
    // SAFETY: as before, and nobody else has the samples.
    let render = |mut frame: AudioFrame| unsafe { rtc_custom_audio_rendering_frame(instance.handle(), &raw mut frame) };
    until("custom capture", || send(&wrong[0]) < 0);
    until("mixing", || mix(&wrong[0]) < 0);
    for frame in wrong {
        assert!(send(&frame) < 0, "sent: {frame:?}");
        assert!(mix(&frame) < 0, "mixed: {frame:?}");
        assert!(render(frame) < 0, "filled: {frame:?}");
    }
    let much = AudioFrame { extra_data: extra.as_mut_ptr(), extra_data_length: 200, ..good };
    assert!(send(&much) < 0, "sent with 200 bytes beside it");
    assert!(send(&AudioFrame { format: 0, ..good }) < 0, "sent in no format");
    // SAFETY: null is a case of the contract.
    unsafe {
        assert!(rtc_send_custom_audio(instance.handle(), ptr::null()) < 0);
        assert!(rtc_mix_external_audio(instance.handle(), ptr::null()) < 0);
        assert!(rtc_custom_audio_rendering_frame(instance.handle(), ptr::null_mut()) < 0);
    }
    assert_eq!(send(&good), 0);
    assert!(mix(&good) >= 0);
    assert_eq!(render(good), 0);
    assert_no_thread_panicked();
}

#[test]
fn messages_and_stills_that_cannot_be_are_refused() {
    let engine = Engine::start();
    let instance = Instance::of(&engine);
    instance.enters(&engine, "ann");
    let handle = instance.handle();
    let bytes = vec![7_u8; 4096];
    let message = |command: u32, length: u32| {
        // SAFETY: there are so many bytes.
        unsafe { rtc_send_custom_cmd_msg(handle, command, bytes.as_ptr(), length, true, true) }
    };
    // SAFETY: there are so many bytes.
    let sei = |length: u32, repeat: i32| unsafe { rtc_send_sei_msg(handle, bytes.as_ptr(), length, repeat) };
    for (command, length) in [(11, 1), (u32::MAX, 1), (256 + 1, 1), (1, 0), (1, 1025), (1, 4096)] {
        assert!(message(command, length) < 0, "a message of {length} bytes with the number {command} was taken");
    }
    for (length, repeat) in [(0, 1), (1001, 1), (1, 0), (1, -1), (1, 61), (1, i32::MAX)] {
        assert!(sei(length, repeat) < 0, "an SEI message of {length} bytes, {repeat} times, was taken");
    }
    let image = Image { data: bytes.as_ptr(), length: 4096, width: 32, height: 32 };
    let wrong = [
        Image { data: ptr::null(), ..image },
        Image { length: 4095, ..image },
        Image { width: 0, ..image },
        Image { width: u32::MAX, height: u32::MAX, ..image },
        // 2^64 + 4096 bytes, of which 64 bits show the last.
        Image { width: 3_734_020_352, height: 1_235_045_764, ..image },
    ];
    // SAFETY: the image and its bytes live until the call returns, or its size is refused unread.
    let mute = |image: &Image| unsafe { rtc_set_video_mute_image(handle, image, 5) };
    for image in &wrong {
        assert!(mute(image) < 0, "taken: {image:?}");
    }
    let mark = |kind: i32, (width, height): (u32, u32), (x, y, ratio): (f32, f32, f32)| {
        // SAFETY: a size that fits has its bytes, and any other is refused unread.
        unsafe { rtc_set_watermark(handle, 0, bytes.as_ptr().cast(), kind, width, height, x, y, ratio, false) }
    };
    let middle = (0.1, 0.1, 0.2);
    for (kind, size, place) in
        [(99, (32, 32), middle), (1, (0, 32), middle), (1, (u32::MAX, u32::MAX), middle), (3, (32, 32), middle)]
    {
        assert!(mark(kind, size, place) < 0, "a watermark {kind} {size:?} {place:?} was taken");
    }
    // Places outside of the picture are brought back into it.
    for place in [(f32::NAN, 0.0, 0.2), (0.0, f32::INFINITY, 0.2), (0.0, 0.0, -1.0), (1e30, -1e30, f32::NAN)] {
        assert_eq!(mark(1, (32, 32), place), 0, "{place:?}");
    }
    assert_eq!((message(1, 1024), mute(&image), mark(1, (32, 32), middle)), (0, 0, 0));
    assert_no_thread_panicked();
}

#[test]
fn a_watermark_from_a_file_is_taken_if_it_is_a_picture() {
    let engine = Engine::start();
    let instance = Instance::of(&engine);
    let folder = tempfile::tempdir().expect("a folder");
    let mark = |name: &str| {
        let path = CString::new(folder.path().join(name).into_os_string().into_encoded_bytes()).expect("a path");
        // SAFETY: the text lives until the call returns.
        unsafe { rtc_set_watermark(instance.handle(), 0, path.as_ptr(), 0, 0, 0, 0.1, 0.1, 0.2, false) }
    };
    // One white pixel.
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    std::fs::write(folder.path().join("picture"), gif).expect("written");
    std::fs::write(folder.path().join("words.png"), "only words").expect("written");
    assert_eq!(["picture", "words.png", "none.png", ""].map(mark), [0, -2, -2, -2]);
    assert_no_thread_panicked();
}
