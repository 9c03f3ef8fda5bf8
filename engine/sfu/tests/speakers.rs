//! Stories of who is heard where not everybody fits.

mod net;

use std::collections::BTreeSet;

use net::{Net, audio, big, camera, mic, ms};
use rtc_protocol::{Layer, SessionId, TrackRef};

/// Ten people of different loudness, whom somebody hears through three slots.
fn ten(net: &mut Net, levels: [u8; 10]) -> (SessionId, Vec<SessionId>) {
    let viewer = net.enter(0, 3, 2);
    let people: Vec<_> = (0..10).map(|n| net.enter(n % 2, 0, 0)).collect();
    for (&who, level) in people.iter().zip(levels) {
        net.speak(who, level);
        net.hear(viewer, who);
    }
    (viewer, people)
}

fn heard(net: &Net, viewer: SessionId) -> BTreeSet<TrackRef> {
    net.slots[&viewer].values().copied().filter(|t| t.track == rtc_protocol::Track::Microphone).collect()
}

#[test]
fn the_loudest_three_of_ten_are_heard_and_do_not_flap() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [90, 100, 90, 95, 90, 28, 90, 30, 90, 25]);
    net.run(ms(1000));
    assert_eq!(heard(&net, viewer), [5, 7, 9].map(|n| mic(people[n])).into());
    let pushes = net.pushes.len();
    // A fourth who is about as loud, and all of them up and down by some dB.
    for round in 0..50u8 {
        for (n, base) in [(5, 28), (7, 30), (9, 25), (2, 27)] {
            net.stream(big(mic(people[n]))).level = Some(base + round % 8);
        }
        net.run(ms(100));
    }
    assert_eq!(net.pushes.len(), pushes);
    net.take_received();
    net.run(ms(200));
    assert_eq!(net.served(viewer).len(), 3);
}

#[test]
fn who_begins_to_speak_is_heard_before_a_tenth_of_a_second_has_passed() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [30, 32, 80, 90, 90, 90, 90, 90, 90, 90]);
    net.run(ms(3070));
    assert!(heard(&net, viewer).contains(&mic(people[2])));
    net.take_received();
    let began = net.now;
    net.stream(big(mic(people[8]))).level = Some(25);
    net.run(ms(300));
    let first = net.received.iter().find(|r| r.packet.layer.source == mic(people[8])).expect("is heard");
    assert!(first.at - began <= ms(100), "took {:?}", first.at - began);
    assert_eq!(heard(&net, viewer), [0, 1, 8].map(|n| mic(people[n])).into(), "the quiet one makes room");
}

#[test]
fn a_clearly_louder_voice_takes_over_from_one_who_still_speaks() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [45, 44, 43, 90, 90, 90, 90, 90, 90, 90]);
    net.run(ms(3000));
    net.stream(big(mic(people[9]))).level = Some(20);
    net.run(ms(500));
    assert_eq!(heard(&net, viewer), [1, 2, 9].map(|n| mic(people[n])).into());
}

#[test]
fn while_all_fit_nobody_is_moved_or_dropped_however_quiet() {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 4, 2);
    let people: Vec<_> = (0..4).map(|n| net.enter(n % 2, 0, 0)).collect();
    for (&who, level) in people.iter().zip([127, 20, 127, 60]) {
        net.speak(who, level);
        net.hear(viewer, who);
    }
    let pushes = net.pushes.len();
    net.run(ms(3000));
    net.stream(big(mic(people[1]))).on = false;
    net.run(ms(3000));
    assert_eq!(net.pushes.len(), pushes);
    for (n, who) in people.iter().enumerate() {
        assert_eq!(net.in_slot(viewer, audio(n as u16)), Some(mic(*who)));
    }
}

#[test]
fn who_falls_silent_by_sending_nothing_makes_room() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [30, 30, 30, 90, 90, 90, 90, 90, 90, 90]);
    net.run(ms(2000));
    net.stream(big(mic(people[1]))).on = false;
    net.run(ms(1500));
    net.stream(big(mic(people[4]))).level = Some(40);
    net.run(ms(400));
    assert_eq!(heard(&net, viewer), [0, 2, 4].map(|n| mic(people[n])).into());
}

#[test]
fn a_loud_newcomer_who_is_seen_is_heard_beside_his_picture() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [30, 32, 34, 90, 90, 90, 90, 90, 90, 90]);
    net.show(people[6]);
    net.view(viewer, camera(people[6]), Layer::Big);
    net.run(ms(2000));
    assert_eq!(net.in_slot(viewer, net::video(0)), Some(camera(people[6])));
    net.stream(big(mic(people[0]))).level = Some(100);
    net.stream(big(mic(people[6]))).level = Some(20);
    net.run(ms(1500));
    assert_eq!(net.in_slot(viewer, audio(0)), Some(mic(people[6])));
    assert_eq!(heard(&net, viewer).len(), 3);
}

#[test]
fn levels_that_are_not_sent_do_not_silence_anybody() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [90; 10]);
    net.stream(big(mic(people[9]))).level = None;
    net.run(ms(2000));
    assert!(heard(&net, viewer).contains(&mic(people[9])));
}

#[test]
fn nothing_is_chosen_any_more_when_everybody_fits_again() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [40; 10]);
    net.run(ms(500));
    assert!(net.shards[0].poll_timeout().is_some());
    for who in &people[3..] {
        net.unhear(viewer, *who);
    }
    assert_eq!(net.shards[0].poll_timeout(), None);
    assert_eq!(heard(&net, viewer), [0, 1, 2].map(|n| mic(people[n])).into());
}

#[test]
fn one_who_can_hear_everybody_again_does_not_end_the_choice_for_others() {
    let mut net = Net::new(2);
    let (viewer, people) = ten(&mut net, [40, 41, 42, 90, 90, 90, 90, 90, 90, 55]);
    let other = net.enter(0, 1, 0);
    net.hear(other, people[0]);
    net.hear(other, people[1]);
    net.run(ms(3000));
    net.unhear(other, people[1]);
    // He was audible before, so that nothing but the regular choice brings him in.
    net.stream(big(mic(people[9]))).level = Some(20);
    net.run(ms(500));
    assert!(heard(&net, viewer).contains(&mic(people[9])));
}
