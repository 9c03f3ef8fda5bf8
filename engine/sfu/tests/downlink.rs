//! Stories of viewers whose network does not take all they wish for.

mod net;

use std::collections::BTreeSet;
use std::time::Duration;

use net::{Net, Received, audio, big, camera, mic, ms, screen, small, video};
use proptest::prelude::*;
use rtc_protocol::{Layer, Qos, QosControlMode, QosPreference, SessionId, Track, TrackRef, TrackState};
use rtc_sfu::{Command, SlotId};

const K: u64 = 1000;
const M: u64 = 1000 * K;

/// A camera whose layers take 900 and 100 kbit/s.
fn show(net: &mut Net, publisher: SessionId) {
    net.show(publisher);
    // 20 frames a second, of three packets and of one.
    net.stream(big(camera(publisher))).size = 900_000 / 8 / 60;
    net.stream(small(camera(publisher))).size = 100_000 / 8 / 20;
}

/// The same without a small layer.
fn show_big_alone(net: &mut Net, publisher: SessionId) {
    net.send(big(camera(publisher)), ms(50), 3).size = 900_000 / 8 / 60;
    net.command(Command::Publish { source: camera(publisher), state: TrackState::On, small: false });
}

/// A screen that takes 800 kbit/s.
fn share(net: &mut Net, publisher: SessionId) {
    net.share(publisher);
    net.stream(big(screen(publisher))).size = 800_000 / 8 / 40;
}

/// A voice that takes 40 kbit/s.
fn speak(net: &mut Net, publisher: SessionId) {
    net.speak(publisher, 30);
    net.stream(big(mic(publisher))).size = 100;
}

/// What a viewer sees of a track at the moment: the layer of the last 200 ms.
fn seen(net: &mut Net, viewer: SessionId, source: TrackRef) -> Option<Layer> {
    net.take_received();
    net.run(ms(200));
    let last = net.received.iter().rfind(|r| r.viewer == viewer && r.packet.layer.source == source);
    last.map(|r| r.packet.layer.layer)
}

fn longest_gap(got: &[Received]) -> Duration {
    got.windows(2).map(|w| w[1].at - w[0].at).max().expect("some packets")
}

fn switches(got: &[Received]) -> Vec<&Received> {
    got.windows(2).filter(|w| w[0].packet.layer != w[1].packet.layer).map(|w| &w[1]).collect()
}

#[test]
fn a_viewer_whose_network_narrows_gets_the_small_layer_at_once_and_the_big_one_when_that_is_over() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
    assert!(!net.interest.contains(&(0, small(camera(anna)))), "nobody pays for what is not needed");

    net.take_received();
    net.estimate(viewer, 300 * K);
    net.run(ms(200));
    assert_eq!(net.received.last().map(|r| r.packet.layer.layer), Some(Layer::Small));
    net.run(ms(6000));
    assert!(!net.interest.contains(&(0, big(camera(anna)))));
    net.estimate(viewer, 2 * M);
    net.run(ms(2500));
    assert_eq!(switches(&net.received).len(), 1, "a network has to stay good for a while");
    net.run(ms(1500));
    let got = net.received_in(viewer, video(0));
    let switches = switches(&got);
    assert_eq!(switches.len(), 2);
    assert_eq!(switches[1].packet.layer.layer, Layer::Big);
    assert!(switches.iter().all(|first| first.packet.keyframe));
    assert!(longest_gap(&got) <= ms(50), "the picture stood still for {:?}", longest_gap(&got));
    assert!(got.windows(2).all(|w| w[1].rewrite.seq == w[0].rewrite.seq + 1));
    assert!(net.paused.is_empty());
}

#[test]
fn what_was_taken_away_on_trial_is_given_back_at_once_but_not_again_and_again() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    for is_first in [true, false] {
        // In steps, as estimates fall.
        for estimate in [600 * K, 300 * K] {
            net.estimate(viewer, estimate);
            net.run(ms(1000));
        }
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small));
        net.estimate(viewer, 1900 * K);
        net.run(ms(700));
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small), "it is not what it was");
        net.estimate(viewer, 2 * M);
        net.run(ms(700));
        let given = if is_first { Layer::Big } else { Layer::Small };
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(given));
    }
}

#[test]
fn each_viewer_of_a_camera_gets_what_its_own_network_takes() {
    let mut net = Net::new(2);
    let anna = net.enter(1, 0, 0);
    show(&mut net, anna);
    let viewers = [(2 * M, Some(Layer::Big)), (300 * K, Some(Layer::Small)), (50 * K, None)].map(|(estimate, layer)| {
        let viewer = net.enter(0, 1, 1);
        net.estimate(viewer, estimate);
        net.view(viewer, camera(anna), Layer::Big);
        (viewer, layer)
    });
    net.run(ms(5000));
    for (viewer, layer) in viewers {
        assert_eq!(seen(&mut net, viewer, camera(anna)), layer);
        assert_eq!(net.paused.contains(&(viewer, video(0))), layer.is_none());
        assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)));
    }
}

#[test]
fn without_an_estimate_everything_flows_as_it_is_wished_for() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 2), net.enter(0, 0, 0));
    show(&mut net, anna);
    share(&mut net, anna);
    for source in [camera(anna), screen(anna)] {
        net.view(viewer, source, Layer::Big);
    }
    net.run(ms(2000));
    assert!(net.goals.is_empty());
    // Estimates are made, but there is none yet.
    let (now, key) = (net.now, net.peer(viewer));
    net.shard(0).handle_estimate(now, key, None);
    net.run(ms(5000));
    for source in [camera(anna), screen(anna)] {
        assert_eq!(seen(&mut net, viewer, source), Some(Layer::Big));
    }
    assert!(net.goals.contains_key(&viewer));
    // Nor does one matter to a client that decides alone.
    let qos = Qos { control_mode: QosControlMode::Client, ..Qos::default() };
    net.command(Command::Qos { session: viewer, qos });
    net.estimate(viewer, 50 * K);
    net.run(ms(2000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
}

#[test]
fn two_streams_share_a_viewers_network_as_it_prefers() {
    for (preference, of_bert) in [(QosPreference::Clear, None), (QosPreference::Smooth, Some(Layer::Small))] {
        let mut net = Net::new(2);
        let viewer = net.enter(0, 2, 2);
        let (anna, bert) = (net.enter(1, 0, 0), net.enter(0, 0, 0));
        show(&mut net, anna);
        show(&mut net, bert);
        net.prefer(viewer, preference);
        net.view(viewer, camera(bert), Layer::Small);
        net.view(viewer, camera(anna), Layer::Big);
        net.estimate(viewer, 3 * M);
        net.run(ms(3000));
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
        assert_eq!(seen(&mut net, viewer, camera(bert)), Some(Layer::Small));
        net.estimate(viewer, 950 * K);
        net.run(ms(1000));
        let of_anna = if preference == QosPreference::Clear { Layer::Big } else { Layer::Small };
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(of_anna), "{preference:?}");
        assert_eq!(seen(&mut net, viewer, camera(bert)), of_bert, "{preference:?}");
        // A wish is answered at once, as far as there is room.
        let other = if preference == QosPreference::Clear { QosPreference::Smooth } else { QosPreference::Clear };
        net.view(viewer, camera(anna), Layer::Small);
        net.prefer(viewer, other);
        net.run(ms(3500));
        for source in [camera(anna), camera(bert)] {
            assert_eq!(seen(&mut net, viewer, source), Some(Layer::Small));
        }
    }
}

#[test]
fn a_screen_is_kept_before_the_camera_beside_it() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 2), net.enter(1, 0, 0));
    show(&mut net, anna);
    share(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.view(viewer, screen(anna), Layer::Big);
    net.estimate(viewer, 3 * M);
    net.run(ms(3000));
    net.estimate(viewer, 1200 * K);
    net.run(ms(500));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small));
    assert_eq!(seen(&mut net, viewer, screen(anna)), Some(Layer::Big));
    net.view(viewer, camera(anna), Layer::Small);
    net.estimate(viewer, 850 * K);
    net.run(ms(500));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    assert_eq!(seen(&mut net, viewer, screen(anna)), Some(Layer::Big));
}

#[test]
fn on_the_worst_network_there_is_sound_alone_and_then_the_picture_again() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    show(&mut net, anna);
    speak(&mut net, anna);
    net.hear(viewer, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    net.take_received();
    // Enough for the small layer, but not beside the voice.
    net.estimate(viewer, 110 * K);
    net.run(ms(100));
    net.take_received();
    net.run(ms(200));
    assert_eq!(net.served(viewer), BTreeSet::from([mic(anna)]), "in a breakdown at once");
    assert!(net.paused.contains(&(viewer, video(0))));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)), "it is still his place");
    net.run(ms(30_000));
    assert_eq!(net.served(viewer), BTreeSet::from([mic(anna)]));
    net.pli(viewer, video(0));
    assert!(net.interest.iter().all(|(_, layer)| layer.source == mic(anna)));

    net.estimate(viewer, 300 * K);
    let plis = net.plis.len();
    net.run(ms(2500));
    assert!(net.paused.contains(&(viewer, video(0))));
    net.run(ms(1500));
    let got = net.received_in(viewer, video(0));
    assert!(got[0].packet.keyframe && got[0].packet.layer.layer == Layer::Small);
    assert!(net.paused.is_empty(), "told with the picture");
    assert!(net.plis.len() <= plis + 1);
    net.estimate(viewer, 2 * M);
    net.run(ms(5000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
    net.run(ms(100));
    let heard: Vec<_> = net.received_in(viewer, audio(0));
    assert!(longest_gap(&heard) <= ms(21), "sound is never touched");
}

#[test]
fn a_picture_outlives_a_dip_of_the_estimate_but_not_a_narrow_network() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Small);
    net.estimate(viewer, 200 * K);
    net.run(ms(3000));
    net.take_received();
    for _ in 0..10 {
        net.estimate(viewer, 70 * K);
        net.run(ms(1500));
        net.estimate(viewer, 105 * K);
        net.run(ms(500));
    }
    // What is sent makes the estimate: a little below it means nothing.
    net.estimate(viewer, 85 * K);
    net.run(ms(10_000));
    assert!(longest_gap(&net.received) <= ms(50));
    net.estimate(viewer, 70 * K);
    net.run(ms(2500));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    assert!(net.paused.contains(&(viewer, video(0))));
}

#[test]
fn an_estimate_that_wavers_does_not_make_the_picture_waver() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    net.take_received();
    for turn in 0..300u64 {
        // Up to a tenth above and below what the big layer takes.
        net.estimate(viewer, 810 * K + turn * 7919 % 180 * K);
        net.run(ms(200));
    }
    let got = net.received_in(viewer, video(0));
    assert_eq!(switches(&got).len(), 1, "down, and that was it");
    assert!(longest_gap(&got) <= ms(50));
}

#[test]
fn a_network_that_breaks_down_again_and_again_is_trusted_ever_later() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    net.estimate(viewer, 300 * K);
    net.run(ms(1000));
    let mut waits = Vec::new();
    for _ in 0..4 {
        // It looks good until the big layer is on it.
        net.estimate(viewer, 2 * M);
        let asked = net.now;
        while !net.received.iter().any(|r| r.at >= asked && r.packet.layer.layer == Layer::Big) {
            net.run(ms(100));
        }
        waits.push((net.now - asked).as_millis());
        net.run(ms(500));
        net.estimate(viewer, 300 * K);
        net.run(ms(500));
    }
    assert!(waits.windows(2).all(|w| w[1] > w[0] * 3 / 2), "{waits:?}");
    // And after a time without fault, as at the beginning.
    net.estimate(viewer, 2 * M);
    net.run(ms(90_000));
    net.estimate(viewer, 300 * K);
    net.run(ms(500));
    net.estimate(viewer, 2 * M);
    net.run(ms(4000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
}

#[test]
fn a_camera_of_one_layer_is_there_or_not_and_comes_back_later_than_one_of_two() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    show_big_alone(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 2 * M);
    net.run(ms(3000));
    net.take_received();
    net.estimate(viewer, 300 * K);
    net.run(ms(450));
    let got = net.received_in(viewer, video(0));
    assert!(longest_gap(&got) <= ms(50), "the picture goes on while the small layer is looked for");
    net.run(ms(150));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    assert!(net.paused.contains(&(viewer, video(0))));
    net.run(ms(20_000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    net.estimate(viewer, 2 * M);
    net.run(ms(5500));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    net.run(ms(1000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));
    assert!(net.paused.is_empty());
}

#[test]
fn a_small_layer_that_falls_silent_is_replaced_only_where_the_big_one_fits_and_is_taken_back_when_it_flows() {
    for (estimate, instead) in [(2 * M, Some(Layer::Big)), (300 * K, None)] {
        let mut net = Net::new(2);
        let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
        show(&mut net, anna);
        net.view(viewer, camera(anna), Layer::Small);
        net.estimate(viewer, estimate);
        net.run(ms(3000));
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small));
        net.stream(small(camera(anna))).on = false;
        net.run(ms(800));
        assert_eq!(seen(&mut net, viewer, camera(anna)), instead);
        net.run(ms(15_000));
        assert_eq!(seen(&mut net, viewer, camera(anna)), instead);
        net.stream(small(camera(anna))).on = true;
        net.run(ms(300));
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small), "with {estimate}");
        assert!(!net.interest.contains(&(0, big(camera(anna)))));
        net.run(ms(10_000));
        assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small));
    }
}

#[test]
fn a_muted_camera_takes_nothing_and_is_seen_at_once_when_it_is_back() {
    let mut net = Net::new(1);
    let viewer = net.enter(0, 2, 2);
    let (anna, bert) = (net.enter(0, 0, 0), net.enter(0, 0, 0));
    show(&mut net, anna);
    show(&mut net, bert);
    net.estimate(viewer, 300 * K);
    net.view(viewer, camera(anna), Layer::Small);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(3000));
    for layer in [big(camera(bert)), small(camera(bert))] {
        net.stream(layer).on = false;
    }
    net.publish(camera(bert), TrackState::Muted);
    net.run(ms(20_000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Small));
    for layer in [big(camera(bert)), small(camera(bert))] {
        net.stream(layer).on = true;
    }
    net.publish(camera(bert), TrackState::On);
    assert_eq!(seen(&mut net, viewer, camera(bert)), Some(Layer::Small));
}

#[test]
fn the_goal_is_what_all_that_is_wished_for_would_take_and_a_little_more() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 2), net.enter(1, 0, 0));
    show(&mut net, anna);
    share(&mut net, anna);
    speak(&mut net, anna);
    net.hear(viewer, anna);
    net.estimate(viewer, 3 * M);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(4000));
    let near = |net: &Net, wanted: u64| {
        let (goal, _) = net.goals[&viewer];
        let wanted = wanted * 130 / 100;
        assert!(goal.abs_diff(wanted) < wanted / 8, "{goal} for {wanted}");
    };
    near(&net, 940 * K);
    net.view(viewer, screen(anna), Layer::Big);
    net.run(ms(4000));
    near(&net, 1740 * K);
    // What does not fit is still wished for, and traffic is made now and then for the next step, which is the screen.
    net.estimate(viewer, 300 * K);
    net.run(ms(3500));
    near(&net, 1740 * K);
    assert_eq!(net.goals[&viewer].1, 0);
    net.run(ms(1000));
    let pushed = net.goals[&viewer].1;
    assert!(pushed.abs_diff(940 * K * 130 / 100) < 100 * K, "{pushed}");
    net.estimate(viewer, 3 * M);
    net.run(ms(10_000));
    assert_eq!(net.goals[&viewer].1, 0);
    net.goals.clear();
    net.run(ms(20_000));
    assert!(net.goals.is_empty(), "whoever has all looks for no more");
    net.view(viewer, camera(anna), Layer::Small);
    net.unview(viewer, screen(anna));
    net.run(ms(4000));
    near(&net, 140 * K);
}

#[test]
fn a_new_peer_connection_starts_without_an_estimate_and_nothing_is_left_of_who_has_gone() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    show(&mut net, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.estimate(viewer, 50 * K);
    net.run(ms(1000));
    assert_eq!(seen(&mut net, viewer, camera(anna)), None);
    net.disconnect(viewer);
    net.connect(viewer);
    net.set_slots(viewer, &net::pairs(1, 1));
    net.run(ms(300));
    assert_eq!(seen(&mut net, viewer, camera(anna)), Some(Layer::Big));

    net.estimate(viewer, 50 * K);
    net.run(ms(1000));
    // Paused, it is subscribed to nothing; its place must still lead to the right person.
    let bert = net.enter(1, 0, 0);
    show(&mut net, bert);
    net.run(ms(1000));
    net.estimate(viewer, 2 * M);
    net.run(ms(8000));
    assert_eq!(net.served(viewer), BTreeSet::from([camera(anna)]));
    net.estimate(viewer, 50 * K);
    net.run(ms(100));
    for who in [viewer, anna, bert] {
        net.stop_sending(who);
        net.disconnect(who);
        net.command(Command::Close { session: who });
    }
    assert!(net.shards.iter().all(rtc_sfu::Forwarder::is_empty));
}

#[derive(Debug, Clone)]
enum Turn {
    Estimate(u64),
    View(u8, bool),
    Unview(u8),
    Prefer(bool),
    Silence(u8, bool),
    Run(u64),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        4 => (0..4000u64).prop_map(|k| Turn::Estimate(k * K)),
        3 => (0..4u8, any::<bool>()).prop_map(|(who, large)| Turn::View(who, large)),
        1 => (0..4u8).prop_map(Turn::Unview),
        1 => any::<bool>().prop_map(Turn::Prefer),
        1 => (0..3u8, any::<bool>()).prop_map(|(who, on)| Turn::Silence(who, on)),
        6 => (1..4000u64).prop_map(Turn::Run),
    ]
}

/// When, in which slot and with which number a packet came, and of what.
type Got = (Duration, SlotId, u64, TrackRef, Layer);

/// Plays a story and gives everything that the viewer got.
fn play(turns: &[Turn]) -> (Net, Vec<Got>) {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 3, 3);
    let people = [net.enter(0, 0, 0), net.enter(1, 0, 0), net.enter(1, 0, 0)];
    people.iter().for_each(|who| show(&mut net, *who));
    share(&mut net, people[0]);
    speak(&mut net, people[1]);
    net.hear(viewer, people[1]);
    let source = |n: u8| people.get(usize::from(n)).map_or(screen(people[0]), |who| camera(*who));
    for turn in turns {
        match *turn {
            Turn::Estimate(bits) => net.estimate(viewer, bits),
            Turn::View(n, large) => net.view(viewer, source(n), if large { Layer::Big } else { Layer::Small }),
            Turn::Unview(n) => net.unview(viewer, source(n)),
            Turn::Prefer(smooth) => {
                net.prefer(viewer, if smooth { QosPreference::Smooth } else { QosPreference::Clear });
            }
            Turn::Silence(n, on) => net.stream(small(source(n))).on = on,
            Turn::Run(milliseconds) => net.run(ms(milliseconds)),
        }
    }
    let start = net.start;
    let got =
        net.received.iter().map(|r| (r.at - start, r.rewrite.slot, r.rewrite.seq, r.packet.layer.source, r.packet.layer.layer));
    let got = got.collect();
    (net, got)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_a_viewer_settles_within_its_network_and_the_same_again(
        turns in proptest::collection::vec(turn(), 1..25),
        estimate in 0..4000u64,
    ) {
        let (mut net, got) = play(&turns);
        prop_assert_eq!(got, play(&turns).1);
        let viewer = *net.slots.keys().next().expect("a viewer who hears somebody");
        net.estimate(viewer, estimate * K);
        // Long enough for everything that may rise to have risen.
        net.run(ms(65_000));
        net.take_received();
        net.run(ms(4000));
        let bits = |track: fn(Track) -> bool| -> u64 {
            let got = net.received.iter().filter(|r| r.viewer == viewer && track(r.packet.layer.source.track));
            got.map(|r| r.packet.size as u64 * 8).sum::<u64>() / 4
        };
        let (sound, pictures) = (bits(|t| t == Track::Microphone), bits(|t| t != Track::Microphone));
        prop_assert!(sound.abs_diff(40 * K) < 2 * K, "sound always flows, {}", sound);
        // Measured rates are a few percent off, and the last picture goes on with a fifth less than it takes.
        let seen: BTreeSet<_> = net.received.iter().filter(|r| r.viewer == viewer).map(|r| r.packet.layer.source).collect();
        let most = if seen.len() <= 2 { estimate * K * 125 / 100 } else { estimate * K };
        prop_assert!(pictures <= most.saturating_sub(sound) * 104 / 100, "{} of {}", pictures, estimate * K);
        // Who is seen is not told to be paused, and the other way round.
        for (slot, source) in &net.slots[&viewer] {
            let flows = net.received.iter().any(|r| r.viewer == viewer && r.rewrite.slot == *slot);
            let silent = net.paused.contains(&(viewer, *slot));
            prop_assert!(flows != silent, "{:?} flows: {}, paused: {}", source, flows, silent);
        }
    }
}
