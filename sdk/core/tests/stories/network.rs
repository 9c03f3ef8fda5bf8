//! The network: a test before entering, figures in a room, outages.

use rtc_core::{AudioQuality, Event, Params, SpeedTestParams};

use crate::engine::{Engine, Tickets as _};
use crate::person::Person;

#[test]
fn a_test_before_entering_finds_loopback_excellent() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    let Params { sdk_app_id, user_id, user_sig, .. } = engine.ticket("ann");
    let params = SpeedTestParams {
        sdk_app_id: sdk_app_id.cast_signed(),
        user_id,
        user_sig,
        expected_up_bandwidth: 1000,
        expected_down_bandwidth: 1000,
        ..SpeedTestParams::default()
    };
    let mut tries = 0;
    loop {
        assert_eq!(ann.cloud.start_speed_test(params.clone()), 0);
        assert_eq!(ann.cloud.start_speed_test(params.clone()), -3, "two tests at once");
        let result = ann.until("onSpeedTestResult", |event| match event {
            Event::SpeedTestResult { result } => Some(result.clone()),
            _ => None,
        });
        assert!(result.success, "{result:?}");
        assert_eq!(result.ip, "127.0.0.1");
        if result.available_up_bandwidth > 300 && result.available_down_bandwidth > 300 {
            break;
        }
        // A machine that stood still during a test has measured itself.
        tries += 1;
        assert!(tries < 5, "{result:?}");
    }
}

#[test]
fn a_test_that_is_stopped_tells_nothing_and_makes_room_for_the_next() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    let Params { sdk_app_id, user_id, user_sig, .. } = engine.ticket("ann");
    let params = SpeedTestParams { sdk_app_id: sdk_app_id.cast_signed(), user_id, user_sig, ..SpeedTestParams::default() };
    assert_eq!(ann.cloud.start_speed_test(params.clone()), 0);
    ann.cloud.stop_speed_test();
    assert_eq!(ann.cloud.start_speed_test(params), 0);
    let told = |event: &Event| matches!(event, Event::SpeedTestResult { .. }).then_some(());
    ann.until("a result", told);
    assert!(ann.ends().iter().all(|told| !format!("{told:?}").contains("SpeedTestResult")), "both tests were answered");
}

#[test]
fn a_test_with_a_bad_ticket_says_so() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    let Params { sdk_app_id, user_id, .. } = engine.ticket("ann");
    let params = SpeedTestParams {
        sdk_app_id: sdk_app_id.cast_signed(),
        user_id,
        user_sig: "nonsense".into(),
        ..SpeedTestParams::default()
    };
    assert_eq!(ann.cloud.start_speed_test(SpeedTestParams { user_sig: String::new(), ..params.clone() }), -2);
    assert_eq!(ann.cloud.start_speed_test(params), 0);
    let result = ann.until("onSpeedTestResult", |event| match event {
        Event::SpeedTestResult { result } => Some(result.clone()),
        _ => None,
    });
    assert!(!result.success && !result.err_msg.is_empty(), "{result:?}");
}

#[test]
fn figures_come_every_two_seconds_and_are_measured() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    for person in [&ann, &bob] {
        person.cloud.start_local_audio(AudioQuality::Default);
    }
    let statistics = bob.until("figures of both ways", |event| match event {
        Event::Statistics { statistics } => {
            let heard = statistics.remote_statistics_array.iter().any(|row| row.user_id == "ann" && row.audio_bitrate > 0);
            let said = statistics.local_statistics_array.iter().any(|row| row.audio_bitrate > 0);
            (heard && said).then(|| statistics.clone())
        }
        _ => None,
    });
    assert!(statistics.sent_bytes > 0 && statistics.received_bytes > 0, "{statistics:?}");
    assert!(statistics.app_memory_usage_in_mb > 0 && statistics.system_memory_in_mb > 0, "{statistics:?}");
    let ann_heard = &statistics.remote_statistics_array[0];
    assert_eq!(ann_heard.audio_sample_rate, 48_000);
    assert!(ann_heard.jitter_buffer_delay > 0, "{ann_heard:?}");
    bob.until("the quality of both", |event| match event {
        Event::NetworkQuality { local_quality, .. } => (i32::from(local_quality.quality) == 1).then_some(()),
        _ => None,
    });
}

#[test]
fn an_engine_that_is_started_anew_is_found_again() {
    let mut engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    ann.cloud.start_local_audio(AudioQuality::Default);
    let mut bob = Person::enters(&engine, "bob");
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    engine.crash_and_start_again();
    bob.until_event(&Event::ConnectionLost);
    bob.until_event(&Event::TryToReconnect);
    bob.until_event(&Event::ConnectionRecovery);
    assert!(
        bob.passed().all(|event| !matches!(event, Event::RemoteUserLeaveRoom { .. } | Event::ExitRoom { .. })),
        "somebody was told as gone who was not"
    );
}
