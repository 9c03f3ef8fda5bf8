//! The same room on one shard and spread over three: nobody can tell the difference.

mod net;

use std::collections::{BTreeMap, BTreeSet};

use net::{Net, big, camera, mic, ms, screen};
use proptest::prelude::*;
use rtc_protocol::{Layer, SessionId, Track, TrackState};
use rtc_sfu::{Command, SlotId};

const PEOPLE: usize = 5;
/// Too few for everybody, so that voices are chosen and views wait.
const LINES: (u16, u16) = (2, 3);

#[derive(Debug, Clone)]
enum Step {
    Camera(usize, TrackState),
    Screen(usize, bool),
    /// Two people become as loud as the other was.
    SwapLevels(usize, usize),
    View(usize, usize, Layer),
    ViewScreen(usize, usize),
    Unview(usize, usize),
    Hear(usize, usize),
    Unhear(usize, usize),
    Pli(usize),
    Reconnect(usize),
    Close(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..PEOPLE;
    let layer = || prop_oneof![Just(Layer::Big), Just(Layer::Small)];
    let state = prop_oneof![Just(TrackState::On), Just(TrackState::Muted), Just(TrackState::Off)];
    prop_oneof![
        2 => (who(), state).prop_map(|(a, s)| Step::Camera(a, s)),
        1 => (who(), any::<bool>()).prop_map(|(a, on)| Step::Screen(a, on)),
        2 => (who(), who()).prop_map(|(a, b)| Step::SwapLevels(a, b)),
        6 => (who(), who(), layer()).prop_map(|(a, b, l)| Step::View(a, b, l)),
        2 => (who(), who()).prop_map(|(a, b)| Step::ViewScreen(a, b)),
        3 => (who(), who()).prop_map(|(a, b)| Step::Unview(a, b)),
        8 => (who(), who()).prop_map(|(a, b)| Step::Hear(a, b)),
        1 => (who(), who()).prop_map(|(a, b)| Step::Unhear(a, b)),
        1 => who().prop_map(Step::Pli),
        1 => who().prop_map(Step::Reconnect),
        1 => who().prop_map(Step::Close),
    ]
}

/// For each person by number: which tracks it was told to receive, and which layers it got. In which slot a voice is, and how
/// it got there, may differ, because a shard knows how loud somebody is only while somebody there listens.
type Story = BTreeMap<usize, (BTreeSet<(usize, Track)>, BTreeSet<(usize, Track, Layer)>)>;

fn play(steps: &[(Step, u64)], shards: u8) -> Story {
    let mut net = Net::new(shards);
    let people: Vec<SessionId> = (0..PEOPLE).map(|n| net.enter(n as u8 % shards, LINES.0, LINES.1)).collect();
    for &who in &people {
        net.show(who);
        net.share(who);
    }
    // Apart by more than the margin, so that in the end there is one right choice.
    for (&who, level) in people.iter().zip([20, 32, 44, 56, 68]) {
        net.speak(who, level);
    }
    let mut gone = BTreeSet::new();
    for (step, pause) in steps {
        apply(&mut net, &people, &mut gone, step);
        net.run(ms(*pause));
    }
    // Until every speaker could be replaced by a louder one, and silent layers were noticed.
    net.run(ms(8500));
    check(&net);
    net.take_received();
    net.run(ms(1500));
    check(&net);
    let number = |s: SessionId| people.iter().position(|p| *p == s).expect("everybody has a number");
    let mut story = Story::new();
    for (n, who) in people.iter().enumerate() {
        let told = net.slots.get(who).into_iter().flatten().map(|(_, t)| (number(t.publisher), t.track)).collect();
        let layers = net.received.iter().filter(|r| r.viewer == *who).map(|r| r.packet.layer);
        let got = layers.map(|l| (number(l.source.publisher), l.source.track, l.layer)).collect();
        story.insert(n, (told, got));
    }
    for n in 0..PEOPLE {
        apply(&mut net, &people, &mut gone, &Step::Close(n));
    }
    for &who in &people {
        net.disconnect(who);
    }
    assert!(net.interest.is_empty() && net.shards.iter().all(rtc_sfu::Forwarder::is_empty), "nothing is left behind");
    story
}

fn apply(net: &mut Net, people: &[SessionId], gone: &mut BTreeSet<usize>, step: &Step) {
    let involved = match *step {
        Step::Camera(a, _) | Step::Screen(a, _) | Step::Pli(a) | Step::Reconnect(a) | Step::Close(a) => [a, a],
        Step::SwapLevels(a, b)
        | Step::View(a, b, _)
        | Step::ViewScreen(a, b)
        | Step::Unview(a, b)
        | Step::Hear(a, b)
        | Step::Unhear(a, b) => [a, b],
    };
    if involved.iter().any(|n| gone.contains(n)) {
        return;
    }
    match *step {
        Step::Camera(a, state) => net.publish(camera(people[a]), state),
        Step::Screen(a, on) => net.publish(screen(people[a]), if on { TrackState::On } else { TrackState::Off }),
        Step::SwapLevels(a, b) => {
            let [of_a, of_b] = [a, b].map(|n| net.stream(big(mic(people[n]))).level);
            net.stream(big(mic(people[a]))).level = of_b;
            net.stream(big(mic(people[b]))).level = of_a;
        }
        Step::View(a, b, layer) if a != b => net.view(people[a], camera(people[b]), layer),
        Step::ViewScreen(a, b) if a != b => net.view(people[a], screen(people[b]), Layer::Big),
        Step::Unview(a, b) => net.unview(people[a], camera(people[b])),
        Step::Hear(a, b) if a != b => net.hear(people[a], people[b]),
        Step::Unhear(a, b) => net.unhear(people[a], people[b]),
        Step::Pli(a) => net.pli(people[a], net::video(0)),
        Step::Reconnect(a) => {
            net.disconnect(people[a]);
            net.connect(people[a]);
            net.set_slots(people[a], &net::pairs(LINES.0, LINES.1));
        }
        Step::Close(a) => {
            gone.insert(a);
            for &viewer in people {
                net.unview(viewer, camera(people[a]));
                net.unview(viewer, screen(people[a]));
                net.unhear(viewer, people[a]);
            }
            net.command(Command::Close { session: people[a] });
            net.slots.remove(&people[a]);
        }
        Step::View(..) | Step::ViewScreen(..) | Step::Hear(..) => {}
    }
}

/// What must hold after every story.
fn check(net: &Net) {
    let mut lines: BTreeMap<(SessionId, SlotId), Vec<&net::Received>> = BTreeMap::new();
    for r in &net.received {
        lines.entry((r.viewer, r.rewrite.slot)).or_default().push(r);
    }
    for got in lines.values() {
        for w in got.windows(2) {
            let began_anew = w[1].rewrite.seq == 1000;
            let same = w[0].packet.layer == w[1].packet.layer && w[0].packet.ssrc == w[1].packet.ssrc;
            // A source has gaps only where it was off; a slot has the same ones, and none at a switch.
            let gap = if same { w[1].packet.seq - w[0].packet.seq } else { 1 };
            let step = w[1].rewrite.seq.wrapping_sub(w[0].rewrite.seq);
            assert!(began_anew || step == gap || step == 1, "{step} numbers for {gap}");
            assert!(began_anew || w[1].rewrite.time >= w[0].rewrite.time);
            assert!(w[1].rewrite.wallclock <= w[1].at);
            let is_video = w[0].packet.layer.source.track != Track::Microphone;
            assert!(same || !is_video || w[1].packet.keyframe, "a picture changes only with a key frame");
        }
    }
    for slots in net.slots.values() {
        let distinct: BTreeSet<_> = slots.values().collect();
        assert_eq!(distinct.len(), slots.len(), "nobody is in two slots");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn one_shard_and_three_serve_the_same_people(steps in proptest::collection::vec((step(), 0..700u64), 1..25)) {
        prop_assert_eq!(play(&steps, 1), play(&steps, 3));
    }
}
