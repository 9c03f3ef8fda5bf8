//! Between rooms: going to another one, and linking with an anchor there.

use rtc_core::{AppScene, AudioQuality, Event, Params, SwitchRoomConfig};

use crate::engine::{Engine, Tickets as _};
use crate::person::Person;

fn in_room(engine: &Engine, user: &str, room_id: u32, scene: AppScene) -> Person {
    let mut person = Person::new(engine);
    person.enter(Params { room_id, ..engine.ticket(user) }, scene);
    person
}

#[test]
fn an_anchor_goes_to_another_room_and_goes_on_publishing_there() {
    let engine = Engine::start();
    let mut old = in_room(&engine, "olga", 1, AppScene::Live);
    let mut new = in_room(&engine, "nora", 2, AppScene::Live);
    let mut ann = in_room(&engine, "ann", 1, AppScene::Live);
    ann.cloud.start_local_audio(AudioQuality::Default);
    old.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });

    ann.cloud.switch_room(SwitchRoomConfig { room_id: 2, ..SwitchRoomConfig::default() });
    ann.until("onSwitchRoom", |event| match event {
        Event::SwitchRoom { err_code, .. } => (err_code.0 == 0).then_some(()),
        _ => None,
    });
    ann.until_event(&Event::RemoteUserEnterRoom { user_id: "nora".into() });
    old.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
    new.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });
    new.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
}

#[test]
fn anchors_of_two_rooms_are_linked_and_parted() {
    let engine = Engine::start();
    let mut ann = in_room(&engine, "ann", 1, AppScene::Live);
    let mut bob = in_room(&engine, "bob", 2, AppScene::Live);
    for person in [&ann, &bob] {
        person.cloud.start_local_audio(AudioQuality::Default);
    }
    ann.cloud.connect_other_room(r#"{"roomId":2,"userId":"bob"}"#);
    let code = ann.until("onConnectOtherRoom", |event| match event {
        Event::ConnectOtherRoom { user_id, err_code, .. } => Some((user_id.clone(), err_code.0)),
        _ => None,
    });
    assert_eq!(code, ("bob".into(), 0));
    ann.until_event(&Event::FirstAudioFrame { user_id: "bob".into() });
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    ann.cloud.update_other_room_forward_mode(r#"{"roomId":2,"userId":"bob","muteAudio":true}"#);
    ann.until_event(&Event::UserAudioAvailable { user_id: "bob".into(), available: false });
    ann.cloud.disconnect_other_room();
    ann.until_event(&Event::RemoteUserLeaveRoom { user_id: "bob".into(), reason: 0 });
    bob.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
}

#[test]
fn what_names_no_room_is_refused_at_once() {
    let engine = Engine::start();
    let mut ann = in_room(&engine, "ann", 1, AppScene::Live);
    for (json, expected) in [("nonsense", -3328), (r#"{"roomId":0,"userId":"bob"}"#, -3328)] {
        ann.cloud.connect_other_room(json);
        let code = ann.until("onConnectOtherRoom", |event| match event {
            Event::ConnectOtherRoom { err_code, .. } => Some(err_code.0),
            _ => None,
        });
        assert_eq!(code, expected, "{json}");
    }
}
