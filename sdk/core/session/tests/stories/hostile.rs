//! An engine that lies, stammers or shouts: nothing panics, and memory does not grow.

use std::time::Duration;

use proptest::prelude::*;
use rtc_protocol::{PushBody, SlotBinding, SlotSource, Track, TrackState};
use rtc_session::{Event, Input, Protocol};

use crate::engine::{MEDIA, user};
use crate::world::World;

#[test]
fn lines_that_are_not_ours_carry_nobody() {
    let mut world = World::inside();
    let source = |name: &str| Some(SlotSource { user_id: user(name), track: Track::Camera });
    let slots = ["", "nobody", "a mid that is far longer than any may be", "é", "\0"].map(|mid| SlotBinding {
        mid: mid.into(),
        source: source("ann"),
        paused: false,
    });
    world.engine.push(PushBody::Slots { slots: slots.to_vec() });
    world.pass(Duration::from_millis(10));
    assert_eq!(world.count(|event| matches!(event, Event::SourceChanged { .. })), 0);
}

#[test]
fn pushes_about_nobody_change_nothing() {
    let mut world = World::inside();
    let before = world.told.len();
    world.engine.push(PushBody::TracksChanged { user_id: user("ghost"), tracks: Default::default() });
    world.engine.push(PushBody::MemberLeft { user_id: user("ghost"), reason: rtc_protocol::LeaveReason::Left });
    world.engine.push(PushBody::Message { user_id: user("ghost"), cmd_id: 200, seq: 1, data: "%%%".into() });
    world.pass(Duration::from_millis(10));
    assert_eq!(world.told.len(), before, "{:?}", &world.told[before..]);
}

#[test]
fn a_flood_of_pushes_that_cannot_be_placed_costs_the_connection_only() {
    let mut world = World::inside();
    world.engine.is_silent = true;
    for n in 0..3000 {
        world.hears(&format!(r#"{{"n":{},"type":"closing","data":{{"retryAfterMs":1}}}}"#, 1_000_000 + n));
    }
    assert_eq!(world.closed(), [4000]);
    world.engine.is_silent = false;
    world.until(Duration::from_secs(30), |event| matches!(event, Event::ConnectionRecovered).then_some(()));
}

#[test]
fn an_answer_to_nothing_and_a_welcome_out_of_place_are_passed_over() {
    let mut world = World::inside();
    let before = world.told.len();
    for text in [
        r#"{"re":1,"ok":{"sdp":"v=0"}}"#,
        r#"{"re":4294967295,"error":{"code":-1}}"#,
        r#"{"re":2,"ok":{},"n":7,"type":"slots"}"#,
        r#"{"n":18446744073709551615,"type":"removed","data":{"reason":"kick","exitReason":1}}"#,
    ] {
        world.hears(text);
    }
    world.pass(Duration::from_secs(1));
    assert_eq!(world.told.len(), before, "{:?}", &world.told[before..]);
}

#[test]
fn an_answer_to_the_offer_that_is_none_is_a_refusal() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(Duration::from_millis(1));
    for sdp in ["", "v=0", "nonsense\r\n", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP 0\r\n"] {
        world.hears(&serde_json::json!({"re": 2, "ok": {"sdp": sdp}}).to_string());
    }
    world.pass(Duration::from_millis(1));
    assert!(matches!(world.told[..], [Event::EnterFailed(_)]), "{:?}", world.told);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_and_no_datagram_panics_a_session(
        texts in prop::collection::vec(".{0,200}", 0..20),
        bodies in prop::collection::vec("(removed|slots|encode|message|quality|memberEntered|tracksChanged|closing)", 0..20),
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..20),
    ) {
        let mut world = World::inside();
        world.engine.enters("ann", TrackState::On);
        for text in &texts {
            world.hears(text);
        }
        for (n, body) in bodies.iter().enumerate() {
            let data = texts.get(n).map_or("", String::as_str);
            world.hears(&serde_json::json!({"n": n + 2, "type": body, "data": {"userId": data, "slots": [data]}}).to_string());
        }
        let (source, protocol) = (MEDIA.parse().expect("an address"), Protocol::Udp);
        for bytes in &datagrams {
            let local = "192.0.2.9:1001".parse().expect("an address");
            world.session.handle(world.now, Input::Datagram { protocol, source, local, bytes });
        }
        world.pass(Duration::from_secs(10));
    }
}
