//! Stories of rooms with more people than anybody can hear or see at once.

mod net;

use std::collections::{BTreeMap, BTreeSet};

use net::{Net, big, camera, mic, ms};
use rtc_protocol::{Layer, SessionId, Track, TrackRef};
use rtc_sfu::ForwardConfig;

const PEOPLE: usize = 50;
const TALKERS: [usize; 3] = [7, 23, 41];

/// Numbers that look like chance and are the same each time (Knuth, TAOCP 3.3.4, line 26 of its table).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Fifty people on three shards, whom viewers on each shard hear through eight lines.
fn fifty(net: &mut Net) -> (Vec<SessionId>, Vec<SessionId>) {
    let viewers: Vec<_> = (0..3).map(|shard| net.enter(shard, 8, 0)).collect();
    let people: Vec<_> = (0..PEOPLE).map(|n| net.enter(n as u8 % 3, 0, 0)).collect();
    for &who in &people {
        net.speak(who, 100);
        for &viewer in &viewers {
            net.hear(viewer, who);
        }
    }
    (viewers, people)
}

/// A tenth of a second of a meeting: three talk, the others murmur around the border of what is audible.
fn murmur(net: &mut Net, people: &[SessionId], chance: &mut Chance) {
    for (n, &who) in people.iter().enumerate() {
        let level = if TALKERS.contains(&n) { 24 + chance.below(10) } else { 58 + chance.below(25) };
        net.stream(big(mic(who))).level = Some(level as u8);
    }
    net.run(ms(100));
}

fn heard(net: &Net, viewer: SessionId) -> BTreeMap<TrackRef, rtc_sfu::SlotId> {
    net.slots[&viewer].iter().filter(|(_, t)| t.track == Track::Microphone).map(|(slot, track)| (*track, *slot)).collect()
}

#[test]
fn of_fifty_the_three_who_talk_keep_their_slots_and_those_who_murmur_do_not_flap() {
    let mut net = Net::new(3);
    let (viewers, people) = fifty(&mut net);
    let mut chance = Chance(1);
    (0..30).for_each(|_| murmur(&mut net, &people, &mut chance));
    let slots: Vec<_> = viewers.iter().map(|v| TALKERS.map(|n| heard(&net, *v)[&mic(people[n])])).collect();
    net.pushes.clear();
    for _ in 0..200 {
        murmur(&mut net, &people, &mut chance);
        for (viewer, slots) in viewers.iter().zip(&slots) {
            let now = heard(&net, *viewer);
            assert_eq!(TALKERS.map(|n| now[&mic(people[n])]), *slots, "who talks stays where he is");
        }
    }
    assert!(net.pushes.len() <= 3 * 20, "{} changes in 20 s for three viewers", net.pushes.len());
}

#[test]
fn whoever_begins_to_speak_among_fifty_is_heard_within_200_ms_on_every_shard() {
    let mut net = Net::new(3);
    let (viewers, people) = fifty(&mut net);
    let mut chance = Chance(2);
    (0..30).for_each(|_| murmur(&mut net, &people, &mut chance));
    for newcomer in [0, 1, 2, 10, 48] {
        net.take_received();
        let began = net.now;
        for _ in 0..20 {
            net.stream(big(mic(people[newcomer]))).level = Some(28);
            net.run(ms(20));
        }
        for &viewer in &viewers {
            let first = net.received.iter().find(|r| r.viewer == viewer && r.packet.layer.source == mic(people[newcomer]));
            let after = first.expect("is heard").at - began;
            // He may have been among the eight already.
            assert!(after <= ms(200), "{newcomer} was heard after {after:?}");
        }
        (0..20).for_each(|_| murmur(&mut net, &people, &mut chance));
    }
}

#[test]
fn those_who_take_turns_are_all_heard_though_there_is_a_line_for_few() {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 2, 0);
    let people: Vec<_> = (0..12).map(|n| net.enter(n % 2, 0, 0)).collect();
    for &who in &people {
        net.speak(who, 100);
        net.hear(viewer, who);
    }
    net.run(ms(500));
    for turn in 0..24 {
        let speaker = people[turn % 12];
        net.take_received();
        net.stream(big(mic(speaker))).level = Some(if turn % 2 == 0 { 30 } else { 45 });
        net.run(ms(1000));
        let packets = net.received.iter().filter(|r| r.packet.layer.source == mic(speaker)).count();
        assert!(packets >= 40, "{packets} of 50 packets of turn {turn} were heard");
        net.stream(big(mic(speaker))).level = Some(100);
        net.run(ms(300));
    }
}

#[test]
fn those_without_levels_are_heard_until_somebody_is_clearly_louder() {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 3, 0);
    let people: Vec<_> = (0..8).map(|n| net.enter(n % 2, 0, 0)).collect();
    for (n, &who) in people.iter().enumerate() {
        net.speak(who, 70);
        if n >= 4 {
            net.stream(big(mic(who))).level = None;
        }
        net.hear(viewer, who);
    }
    net.run(ms(3000));
    let without: BTreeSet<_> = people[4..].iter().map(|who| mic(*who)).collect();
    let before: BTreeSet<_> = heard(&net, viewer).into_keys().collect();
    assert_eq!((before.len(), before.is_subset(&without)), (3, true), "they might speak; the others only murmur");
    let pushes = net.pushes.len();
    net.run(ms(3000));
    assert_eq!(net.pushes.len(), pushes, "among those of whom nothing is known nobody is better");
    net.stream(big(mic(people[0]))).level = Some(25);
    net.run(ms(200));
    let now: BTreeSet<_> = heard(&net, viewer).into_keys().collect();
    assert!(now.contains(&mic(people[0])));
    assert_eq!(now.intersection(&before).count(), 2);
}

#[test]
fn however_many_lines_there_are_no_more_voices_are_heard_than_the_engine_allows() {
    let mut config = ForwardConfig::default();
    config.voices = 4;
    let mut net = Net::with(2, &config);
    let viewer = net.enter(0, 20, 0);
    let people: Vec<_> = (0..20).map(|n| net.enter(n % 2, 0, 0)).collect();
    for (n, &who) in people.iter().enumerate() {
        net.speak(who, if n % 5 == 0 { 30 } else { 95 });
        net.hear(viewer, who);
    }
    net.run(ms(1000));
    let loudest: BTreeSet<_> = (0..20).step_by(5).map(|n| mic(people[n])).collect();
    assert_eq!(heard(&net, viewer).into_keys().collect::<BTreeSet<_>>(), loudest);
}

#[test]
fn lasting_silence_costs_a_packet_now_and_then_and_leaves_no_gap() {
    let mut net = Net::new(2);
    let viewers = [net.enter(0, 2, 0), net.enter(1, 2, 0)];
    let who = net.enter(0, 0, 0);
    net.speak(who, 30);
    for viewer in viewers {
        net.hear(viewer, who);
    }
    net.run(ms(1000));
    net.take_received();
    for (level, least, most) in [(127, 100, 103), (30, 499, 501), (127, 100, 103), (40, 499, 501)] {
        net.stream(big(mic(who))).level = Some(level);
        net.run(ms(10_000));
        for viewer in viewers {
            let passed = net.received.iter().filter(|r| r.viewer == viewer).collect::<Vec<_>>();
            assert!((least..=most).contains(&passed.len()), "{} of 500 packets of level {level} passed", passed.len());
            for pair in passed.windows(2) {
                assert_eq!(pair[1].rewrite.seq, pair[0].rewrite.seq + 1, "nobody misses what was not worth sending");
                let elapsed = (pair[1].packet.time - pair[0].packet.time, pair[1].rewrite.time - pair[0].rewrite.time);
                assert_eq!(elapsed.0, elapsed.1, "time passes as it does");
            }
        }
        net.take_received();
    }
}

#[test]
fn a_viewer_grows_to_forty_nine_pictures_and_back_without_losing_one() {
    let mut net = Net::new(3);
    let viewer = net.enter(1, 8, 8);
    let people: Vec<_> = (0..49).map(|n| net.enter(n % 3, 0, 0)).collect();
    for &who in &people {
        net.show(who);
        net.speak(who, 60);
        net.hear(viewer, who);
    }
    let mut pairs = 8;
    for (n, &who) in people.iter().enumerate() {
        if n == usize::from(pairs) {
            pairs = (pairs * 2).min(49);
            net.set_slots(viewer, &net::pairs(pairs, pairs));
        }
        net.view(viewer, camera(who), Layer::Small);
        net.run(ms(100));
    }
    net.run(ms(2000));
    net.take_received();
    net.run(ms(300));
    let seen = |tracks: BTreeSet<TrackRef>| tracks.into_iter().filter(|t| t.track == Track::Camera).collect::<BTreeSet<_>>();
    let all: BTreeSet<_> = people.iter().map(|who| camera(*who)).collect();
    assert_eq!(seen(net.served(viewer)), all);

    let stay = &people[40..];
    let before: Vec<_> = stay.iter().map(|who| slot_of(&net, viewer, camera(*who))).collect();
    for &who in &people[..40] {
        net.unview(viewer, camera(who));
    }
    net.run(ms(100));
    net.take_received();
    net.run(ms(300));
    assert_eq!(seen(net.served(viewer)), stay.iter().map(|who| camera(*who)).collect());
    assert_eq!(stay.iter().map(|who| slot_of(&net, viewer, camera(*who))).collect::<Vec<_>>(), before, "nobody is moved");
    net.run(ms(12_000));
    let encoded = people[..40].iter().filter(|who| net.encode[&(**who, Track::Camera)].small).count();
    assert_eq!(encoded, 0, "nobody encodes what is watched no more");
}

fn slot_of(net: &Net, viewer: SessionId, track: TrackRef) -> Option<rtc_sfu::SlotId> {
    net.slots[&viewer].iter().find(|(_, t)| **t == track).map(|(slot, _)| *slot)
}
