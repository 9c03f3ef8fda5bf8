//! A recorder of screens behind the C ABI: what it does, and what it refuses because it is no instance.
#![allow(unsafe_code)]

use std::ptr::{null, null_mut};
use std::time::Instant;

use rtcengine::c::{
    rtc_create_sub, rtc_screen_sources, rtc_screen_sources_count, rtc_screen_sources_release, rtc_send_custom_video,
    rtc_set_encoded_data_callback,
};
use serde_json::{Value, json};

use crate::engine::PATIENCE;
use crate::instance::{Instance, assert_no_thread_panicked};

fn start(recorder: &Instance, path: &std::path::Path) -> Value {
    let config = json!({"filePath": path, "fps": 20, "recordWidth": 320});
    let part = json!({"left": 0, "top": 0, "right": 0, "bottom": 0});
    recorder.call("startLocalRecord", &json!({"config": config, "type": 1, "sourceId": 0, "captureRect": part}))["ok"].clone()
}

#[test]
fn a_recorder_records_and_tells_how_it_goes() {
    let recorder = Instance::recorder();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("screen.mp4");
    let list = rtc_screen_sources(recorder.handle(), 0, 0, 0, 0);
    assert_eq!(rtc_screen_sources_count(list), 1, "the pattern");
    assert_eq!(rtc_screen_sources_release(list), 0);

    assert_eq!(recorder.call("enableRecordMicrophone", &json!({"enable": true})), json!({"ok": null}));
    assert_eq!(start(&recorder, &path), 0);
    assert_eq!(start(&recorder, &path), -2);
    let (_, begun) = recorder.until("OnRecordStarted", |event| event["event"] == "OnRecordStarted");
    assert_eq!(begun["data"], json!({"videoWidth": 320, "videoHeight": 180, "fps": 20}));
    let deadline = Instant::now() + PATIENCE;
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 20_000 {
        assert!(Instant::now() < deadline, "nothing is written");
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    assert_eq!(recorder.call("stopLocalRecord", &json!({})), json!({"ok": null}));
    let (_, complete) = recorder.until("OnRecordComplete", |event| event["event"] == "OnRecordComplete");
    assert_eq!(complete["data"]["path"], path.to_str().expect("UTF-8"));
    assert_no_thread_panicked();
}

#[test]
fn a_recorder_refuses_what_only_an_instance_can_do() {
    let recorder = Instance::recorder();
    for method in ["enterRoom", "getSDKVersion", "startLocalAudio"] {
        assert_eq!(recorder.call(method, &json!({}))["error"]["code"], -2, "{method}");
    }
    assert_eq!(recorder.call("startLocalRecord", &json!({}))["error"]["code"], -2, "arguments are missing");
    assert_eq!(recorder.call("enableRecordMicrophone", &json!({"enable": 1}))["error"]["code"], -2);
    assert_eq!(rtc_create_sub(recorder.handle(), None, null_mut()), 0);
    assert_eq!(rtc_set_encoded_data_callback(recorder.handle(), None, null_mut()), -3);
    // SAFETY: null is a case of the contract.
    assert!(unsafe { rtc_send_custom_video(recorder.handle(), 0, null()) } < 0);
    assert_eq!(recorder.call("stopLocalRecord", &json!({})), json!({"ok": null}), "nothing runs");
}
