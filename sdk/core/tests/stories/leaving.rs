//! Every way out of a room, and the moments in which it is unusual.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use rtc_core::{AppScene, AudioQuality, Cloud, Event};

use crate::engine::{Engine, Tickets as _};
use crate::person::{Person, Told, twins};

#[test]
fn the_own_exit_is_told_with_reason_0_and_nothing_after_it() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.start_local_audio(AudioQuality::Default);
    ann.until_event(&Event::MicDidReady);
    let mut bob = Person::enters(&engine, "bob");
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });
    ann.cloud.exit_room();
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: false });
    bob.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
    assert_eq!(ann.ends(), Vec::<Told>::new(), "something was told after the end of the stay");
}

#[test]
fn the_same_user_elsewhere_puts_the_first_out_with_reason_1() {
    let engine = Engine::start();
    let mut first = Person::enters(&engine, "ann");
    let _second = Person::enters(&engine, "ann");
    first.until_event(&Event::ExitRoom { reason: 1 });
    // It is free again.
    first.enter(engine.ticket("zoe"), AppScene::VideoCall);
}

#[test]
fn an_entry_during_an_exit_waits_for_it() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.exit_room();
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.until_event(&Event::ExitRoom { reason: 0 });
    ann.until("onEnterRoom", |event| matches!(event, Event::EnterRoom { result } if *result > 0).then_some(()));
}

#[test]
fn an_exit_calls_off_the_entry_that_waits_and_both_exits_are_told() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.exit_room();
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.cloud.exit_room();
    for _ in 0..2 {
        ann.until_event(&Event::ExitRoom { reason: 0 });
    }
    assert!(ann.passed().all(|event| !matches!(event, Event::EnterRoom { .. })), "{:?}", ann.passed().collect::<Vec<_>>());
    ann.enter(engine.ticket("ann"), AppScene::VideoCall);
}

#[test]
fn of_two_entries_during_an_exit_the_second_is_refused() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.exit_room();
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.until_event(&Event::EnterRoom { result: -3340 });
    ann.until("onEnterRoom", |event| matches!(event, Event::EnterRoom { result } if *result > 0).then_some(()));
}

#[test]
fn an_exit_during_an_entry_is_an_exit() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
    assert!(ann.passed().all(|event| !matches!(event, Event::Error { .. })), "{:?}", ann.passed().collect::<Vec<_>>());
}

#[test]
fn an_instance_can_be_destroyed_from_inside_of_its_callback() {
    let engine = Engine::start();
    let slot: Arc<Mutex<Option<Cloud>>> = Arc::default();
    let (sender, done) = channel();
    let inside = Arc::clone(&slot);
    let listener = move |event: &Event| {
        if matches!(event, Event::EnterRoom { .. }) {
            let cloud = inside.lock().expect("not poisoned").take().expect("it was put there");
            cloud.destroy();
            sender.send(cloud.is_destroyed()).expect("the test listens");
        }
    };
    let cloud = Cloud::new(&twins(440.0), listener).expect("an instance");
    cloud.call_experimental_api(&format!(r#"{{"api":"setServer","params":{{"url":"{}"}}}}"#, engine.address()));
    *slot.lock().expect("not poisoned") = Some(cloud.clone());
    cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    assert_eq!(done.recv(), Ok(true));
    // The member is gone as well.
    let bob = Person::enters(&engine, "bob");
    assert!(bob.ends().iter().all(|told| !format!("{told:?}").contains("ann")));
}

#[test]
fn an_instance_that_is_dropped_leaves_its_room() {
    let engine = Engine::start();
    let mut bob = Person::enters(&engine, "bob");
    drop(Person::enters(&engine, "ann"));
    bob.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
}
