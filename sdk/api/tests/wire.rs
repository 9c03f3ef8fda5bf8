//! What goes over the boundary between façades and engine is written as agreed: names of C++, enums as numbers, events with
//! their name and data.

use rtc_api::*;
use serde_json::{Value, from_value, json, to_value};

#[test]
fn an_event_has_its_name_and_its_data() {
    let event = Event::UserVideoAvailable { user_id: "a".to_owned(), available: true };
    let json = json!({ "event": "onUserVideoAvailable", "data": { "userId": "a", "available": true } });
    assert_eq!(to_value(&event).expect("events are JSON"), json);
    assert_eq!(from_value::<Event>(json).expect("well formed"), event);
}

#[test]
fn an_event_that_has_nothing_to_say_has_no_data() {
    assert_eq!(to_value(Event::ConnectionLost).expect("events are JSON"), json!({ "event": "onConnectionLost" }));
}

#[test]
fn events_keep_the_spelling_of_the_original() {
    let wire = |event: Event| to_value(event).expect("events are JSON");
    assert_eq!(wire(Event::ScreenCaptureStoped { reason: 1 })["event"], "onScreenCaptureStoped");
    let missed = wire(Event::MissCustomCmdMsg { user_id: String::new(), cmd_id: 3, err_code: 0, missed: 1 });
    assert_eq!(missed["data"]["cmdID"], 3);
    assert_eq!(wire(Event::MusicStart { id: 1, err_code: 0 })["event"], "music.onStart");
    assert_eq!(wire(Event::PreloadProgress { id: 1, progress: 5 })["event"], "preload.onLoadProgress");
}

#[test]
fn statistics_travel_whole() {
    let local = LocalStatistics { width: 640, stream_type: VideoStreamType::Sub, ..LocalStatistics::default() };
    let statistics = Statistics { rtt: 20, local_statistics_array: vec![local], ..Statistics::default() };
    let event = Event::Statistics { statistics };
    let json = to_value(&event).expect("events are JSON");
    let data = &json["data"]["statistics"];
    assert_eq!((&data["rtt"], &data["localStatisticsArray"][0]["streamType"]), (&json!(20), &json!(2)));
    assert_eq!(data["remoteStatisticsArray"], json!([]));
    assert_eq!(from_value::<Event>(json).expect("well formed"), event);
}

#[test]
fn a_struct_has_the_defaults_of_the_c_plus_plus_constructor() {
    let encoder: VideoEncParam = from_value(json!({})).expect("everything has a default");
    assert_eq!(encoder, VideoEncParam::default());
    assert_eq!(encoder.video_resolution, VideoResolution::R640x360);
    assert_eq!((encoder.video_fps, encoder.video_bitrate), (15, 550));
    assert_eq!(Params::default().role, RoleType::Anchor);
    assert_eq!(RenderParams::default().fill_mode, VideoFillMode::Fit);
    assert_eq!(LocalRecordingParams::default().interval, -1);
    assert!(PublishCdnUrl::default().is_internal_line);
}

#[test]
fn a_struct_is_written_with_the_names_of_c_plus_plus() {
    let json = to_value(StreamEncoderParam { video_encoded_fps: 15, ..StreamEncoderParam::default() }).expect("it is JSON");
    assert_eq!((&json["videoEncodedFPS"], &json["videoEncodedGOP"]), (&json!(15), &json!(0)));
    let source = ScreenCaptureSourceInfo { kind: ScreenCaptureSourceType::Window, ..ScreenCaptureSourceInfo::default() };
    assert_eq!(to_value(source).expect("it is JSON")["type"], 0);
}

#[test]
fn an_enum_is_its_number_and_nothing_else() {
    assert_eq!(to_value(AppScene::VoiceChatRoom).expect("it is JSON"), json!(3));
    for wrong in [json!(4), json!(-1), json!("LIVE"), json!(1.5), Value::Null] {
        let error = from_value::<AppScene>(wrong.clone()).expect_err("it is no scene");
        assert!(!wrong.is_i64() || error.to_string().contains("TRTCAppScene"), "{error}");
    }
}

#[test]
fn a_code_knows_its_name() {
    assert_eq!(ErrorCode::ROOM_PARAM_NULL.name(), Some("ERR_TRTC_ROOM_PARAM_NULL"));
    assert_eq!(ErrorCode(-102_052).name(), Some("ERR_SERVER_CENTER_ROOM_FULL"));
    assert_eq!(ErrorCode(1).name(), None);
    assert_eq!(WarningCode::IGNORE_UPSTREAM_FOR_AUDIENCE, WarningCode(6001));
    assert_eq!(to_value(ErrorCode::REFUSED).expect("it is JSON"), json!(-3));
}
