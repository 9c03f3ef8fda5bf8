//! Entering: success, refusals, and the order in which the others are told.

use rtc_core::{AppScene, Event, Params, RoleType};
use rtc_test_engine::Permissions;
use sha2::{Digest as _, Sha256};

use crate::engine::{Engine, Tickets as _};
use crate::person::Person;

fn refusal(engine: &Engine, params: Params) -> (i32, i32) {
    let mut person = Person::new(engine);
    person.cloud.enter_room(params, AppScene::VideoCall);
    let error = person.until("onError", |event| match event {
        Event::Error { err_code, .. } => Some(err_code.0),
        _ => None,
    });
    let result = person.until("onEnterRoom", |event| match event {
        Event::EnterRoom { result } => Some(*result),
        _ => None,
    });
    (error, result)
}

#[test]
fn what_cannot_be_is_refused_with_its_own_code_in_both_callbacks() {
    let engine = Engine::start();
    let good = || engine.ticket("ann");
    assert_eq!(refusal(&engine, Params { sdk_app_id: 0, ..good() }), (-3317, -3317));
    assert_eq!(refusal(&engine, Params { user_id: String::new(), ..good() }), (-3319, -3319));
    assert_eq!(refusal(&engine, Params { room_id: 0, ..good() }), (-3318, -3318));
    assert_eq!(refusal(&engine, Params { user_sig: "nonsense".into(), ..good() }), (-100_018, -100_018));
}

#[test]
fn an_engine_that_is_not_there_is_told_as_a_timeout() {
    let mut engine = Engine::start();
    let params = engine.ticket("ann");
    engine.kill();
    assert_eq!(refusal(&engine, params), (-3308, -3308));
}

#[test]
fn who_comes_later_is_told_of_those_who_are_there() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    ann.cloud.start_local_audio(rtc_core::AudioQuality::Default);
    let mut bob = Person::enters(&engine, "bob");
    bob.until_event(&Event::RemoteUserEnterRoom { user_id: "ann".into() });
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });
}

#[test]
fn a_second_entry_is_refused_and_the_first_goes_on() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.until_event(&Event::EnterRoom { result: -3340 });
    let _bob = Person::enters(&engine, "bob");
    ann.until_event(&Event::RemoteUserEnterRoom { user_id: "bob".into() });
}

#[test]
fn an_audience_is_seen_by_nobody_until_it_becomes_anchor() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    ann.enter(engine.ticket("ann"), AppScene::Live);
    let mut bob = Person::new(&engine);
    bob.enter(Params { role: RoleType::Audience, ..engine.ticket("bob") }, AppScene::Live);
    bob.cloud.start_local_audio(rtc_core::AudioQuality::Default);
    bob.until("warning 6001", |event| match event {
        Event::Warning { warning_code, .. } => (warning_code.0 == 6001).then_some(()),
        _ => None,
    });
    bob.cloud.switch_role(RoleType::Anchor);
    bob.until("onSwitchRole", |event| match event {
        Event::SwitchRole { err_code, .. } => (err_code.0 == 0).then_some(()),
        _ => None,
    });
    ann.until_event(&Event::RemoteUserEnterRoom { user_id: "bob".into() });
    ann.until_event(&Event::UserAudioAvailable { user_id: "bob".into(), available: true });
    bob.cloud.switch_role(RoleType::Audience);
    ann.until_event(&Event::UserAudioAvailable { user_id: "bob".into(), available: false });
    ann.until_event(&Event::RemoteUserLeaveRoom { user_id: "bob".into(), reason: 3 });
}

#[test]
fn a_role_comes_with_what_its_key_allows() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    ann.enter(engine.ticket("ann"), AppScene::Live);
    let mut bob = Person::new(&engine);
    bob.enter(Params { role: RoleType::Audience, ..engine.ticket("bob") }, AppScene::Live);
    let becomes_anchor = |bob: &mut Person, key: &str| {
        bob.cloud.switch_role_with_key(RoleType::Anchor, key);
        bob.until("onSwitchRole", |event| match event {
            Event::SwitchRole { err_code, .. } => Some(err_code.0),
            _ => None,
        })
    };
    assert_eq!(becomes_anchor(&mut bob, "nonsense"), -100_006);
    let key = engine.private_map_key("bob", 1, Permissions::AUDIENCE | Permissions::SEND_AUDIO);
    assert_eq!(becomes_anchor(&mut bob, &key), 0);
    bob.cloud.start_local_preview(0);
    bob.until("the refusal of the camera", |event| match event {
        Event::Error { err_msg, .. } => err_msg.contains("privateMapKey").then_some(()),
        _ => None,
    });
    bob.cloud.start_local_audio(rtc_core::AudioQuality::Default);
    ann.until_event(&Event::UserAudioAvailable { user_id: "bob".into(), available: true });
    assert!(!ann.passed().any(|event| matches!(event, Event::UserVideoAvailable { .. })), "the camera was published");
}

#[test]
fn an_engine_that_signed_for_itself_is_trusted_by_its_fingerprint() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let engine = Engine::secure(&made.cert.pem(), &made.signing_key.serialize_pem());
    let digits = |print: &[u8]| print.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let right = digits(&Sha256::digest(made.cert.der()));
    let mut ann = Person::new(&engine);
    ann.use_server(&format!("https://127.0.0.1:{}", engine.http().port()));
    let trust = |ann: &Person, sha256: &str| {
        let call = serde_json::json!({"api": "setServerCertificate", "params": {"sha256": sha256}});
        ann.cloud.call_experimental_api(&call.to_string())
    };
    assert!(trust(&ann, &digits(&[7; 32])).contains(r#""code":0"#));
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.until_event(&Event::EnterRoom { result: -3308 });
    assert!(trust(&ann, &right).contains(r#""code":0"#));
    ann.enter(engine.ticket("ann"), AppScene::VideoCall);
    assert!(trust(&ann, "none").contains(r#""code":-2"#));
}

#[test]
fn a_second_instance_can_be_in_another_room() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let mut bob = Person::new(&engine);
    bob.enter(Params { room_id: 2, ..engine.ticket("bob") }, AppScene::VideoCall);
    let (sender, told) = std::sync::mpsc::channel();
    let sub = ann.cloud.create_sub_cloud(move |event: &Event| drop(sender.send(event.clone()))).expect("a sub-instance");
    sub.call_experimental_api(&format!(r#"{{"api":"setServer","params":{{"url":"{}"}}}}"#, engine.address()));
    sub.enter_room(Params { room_id: 2, ..engine.ticket("ann") }, AppScene::VideoCall);
    let entered = told.iter().find_map(|event| match event {
        Event::EnterRoom { result } => Some(result),
        _ => None,
    });
    assert!(entered.is_some_and(|result| result > 0), "{entered:?}");
    bob.until_event(&Event::RemoteUserEnterRoom { user_id: "ann".into() });
    sub.destroy();
    bob.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
    // The first room was not touched by it.
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
}
