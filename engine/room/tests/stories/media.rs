//! What the media engine says, as members are told it.

use rtc_protocol::{Role, Stream};

use crate::sim::*;

#[test]
fn a_member_is_told_who_is_in_its_slots() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("bob", Camera, On);
    sim.view("ann", "bob", Stream::Main);
    sim.forget();
    sim.slots("ann", &[("3", Some(("bob", Microphone))), ("4", Some(("bob", Camera)))]);
    sim.slots("ann", &[("3", None)]);
    sim.slots("ann", &[]);
    sim.expect("ann", &["slots 3=bob Microphone, 4=bob Camera", "slots 3="]);
    sim.expect_silence();
    let slots = sim.snapshot("ann").slots;
    assert_eq!(slots.iter().map(|slot| slot.mid.as_str()).collect::<Vec<_>>(), ["4"]);
}

#[test]
fn a_member_is_told_that_what_is_in_a_slot_is_paused() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    let paused = |sim: &mut Sim, paused: bool| {
        sim.pause("ann", "4", ("bob", Camera), paused);
        let snapshot = sim.snapshot("ann").slots;
        snapshot.iter().map(|slot| (slot.mid.clone(), slot.paused)).collect::<Vec<_>>()
    };
    sim.forget();
    assert_eq!(paused(&mut sim, true), [("4".into(), true)]);
    assert_eq!(paused(&mut sim, false), [("4".into(), false)]);
    sim.expect("ann", &["slots 4=bob Camera paused", "slots 4=bob Camera"]);
    sim.pause("ann", "5", ("ann", Camera), true);
    assert!(sim.snapshot("ann").slots.iter().all(|slot| !slot.paused), "what is in no slot is not paused either");
}

#[test]
fn a_publisher_that_is_gone_by_now_is_in_no_slot() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.slots("ann", &[("4", Some(("bob", Camera)))]);
    sim.exit("bob");
    assert_eq!(sim.snapshot("ann").slots, []);
    sim.forget();
    sim.slots("ann", &[("5", Some(("bob", Camera)))]);
    sim.expect("ann", &["slots 5="]);

    sim.enter("bob'");
    assert_eq!(sim.snapshot("ann").slots, [], "a new session of bob is not the one that was in the slot");
}

#[test]
fn a_publisher_that_becomes_audience_is_in_no_slot_even_after_it_became_anchor_again() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.enter("ann");
    sim.slots("zoe", &[("4", Some(("ann", Camera)))]);
    sim.switch("ann", Role::Audience);
    sim.slots("zoe", &[("5", Some(("ann", Camera)))]);
    sim.switch("ann", Role::Anchor);
    assert_eq!(sim.snapshot("zoe").slots, []);
}

#[test]
fn a_member_is_told_which_layers_to_encode_and_the_snapshot_remembers() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.forget();
    sim.encode("ann", Camera, true, false);
    sim.encode("ann", Screen, true, false);
    sim.encode("ann", Camera, true, true);
    sim.expect(
        "ann",
        &["encode Camera big true small false", "encode Screen big true small false", "encode Camera big true small true"],
    );
    let encode = sim.snapshot("ann").encode;
    assert_eq!(
        encode.iter().map(|layers| (layers.track, layers.big, layers.small)).collect::<Vec<_>>(),
        [(Camera, true, true), (Screen, true, false)]
    );
}

#[test]
fn a_new_peer_connection_begins_with_empty_slots_and_keeps_what_is_viewed() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("bob", Camera, On);
    sim.view("ann", "bob", Stream::Main);
    sim.slots("ann", &[("4", Some(("bob", Camera)))]);
    sim.encode("ann", Camera, true, false);
    sim.forget();
    sim.media_reset("ann");
    sim.expect_outputs(&[]);
    let snapshot = sim.snapshot("ann");
    assert_eq!((snapshot.slots, snapshot.encode), (vec![], vec![]));
    assert_eq!(sim.media_books.views.len(), 1);
}
