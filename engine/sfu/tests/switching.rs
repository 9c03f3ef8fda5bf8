//! Stories of who is seen in a slot while that changes.

mod net;

use net::{Net, Received, audio, big, camera, mic, ms, pairs, screen, small, video};
use rtc_protocol::{Layer, TrackState};

#[test]
fn a_view_shows_the_first_picture_with_a_key_frame() {
    let mut net = Net::new(2);
    let (anna, bert) = (net.enter(0, 2, 2), net.enter(1, 2, 2));
    net.show(anna);
    net.run(ms(2000));
    assert!(net.take_received().is_empty(), "nobody watches yet");
    net.view(bert, camera(anna), Layer::Big);
    assert_eq!(net.in_slot(bert, video(0)), Some(camera(anna)), "an empty slot is told at once");
    net.run(ms(100));
    let got = net.received_in(bert, video(0));
    assert!(got[0].packet.keyframe && got[0].rewrite.seq == 1000);
    assert!(got.len() >= 4);
    let waits = net.shards[1].waits();
    assert_eq!(waits.buckets().iter().sum::<u64>(), 1, "a viewer waited for a picture once");
    assert_eq!(waits.sum(), got[0].at - net.start - ms(2000));
}

#[test]
fn a_viewer_keeps_seeing_the_old_person_until_the_new_ones_key_frame() {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 1, 1);
    let (anna, bert) = (net.enter(1, 0, 0), net.enter(0, 0, 0));
    net.show(anna);
    net.show(bert);
    net.view(viewer, camera(anna), Layer::Big);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(1000));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)), "the second view waits for a slot");

    net.stream(big(camera(bert))).answers_plis = false;
    net.take_received();
    net.unview(viewer, camera(anna));
    net.run(ms(300));
    let got = net.received_in(viewer, video(0));
    assert!(got.len() > 10 && got.iter().all(|r| r.packet.layer.source == camera(anna)));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)));

    net.stream(big(camera(bert))).owes_keyframe = true;
    net.run(ms(200));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(bert)), "told when it has happened");
    let got = net.take_received();
    let switch = got.iter().position(|r| r.packet.layer.source == camera(bert)).expect("bert is seen");
    assert!(got[switch].packet.keyframe);
    assert!(got[switch..].iter().all(|r| r.packet.layer.source == camera(bert)), "and anna no more");
    let gap = got[switch].at - got[switch - 1].at;
    assert!(gap <= ms(50), "no longer than between frames, but {gap:?}");
}

#[test]
fn an_old_person_does_not_linger_for_a_key_frame_that_never_comes() {
    let mut net = Net::new(1);
    let viewer = net.enter(0, 1, 1);
    let (anna, bert) = (net.enter(0, 0, 0), net.enter(0, 0, 0));
    net.show(anna);
    net.publish(camera(bert), TrackState::Muted);
    net.view(viewer, camera(anna), Layer::Big);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(500));
    net.unview(viewer, camera(anna));
    net.run(ms(999));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)));
    net.run(ms(2));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(bert)));
    net.take_received();
    net.run(ms(500));
    assert!(net.take_received().is_empty());
    assert!(!net.interest.contains(&(0, big(camera(anna)))));
}

#[test]
fn changing_the_layer_never_interrupts_the_picture() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(1000));
    let pushes = net.pushes.len();
    for layer in [Layer::Small, Layer::Big, Layer::Small, Layer::Big] {
        net.view(viewer, camera(anna), layer);
        net.run(ms(1000));
        let last = net.received.last().expect("packets flow").packet.layer.layer;
        assert_eq!(last, layer);
    }
    let got = net.received_in(viewer, video(0));
    assert!(got.windows(2).all(|w| w[1].at - w[0].at <= ms(50)));
    for switch in got.windows(2).filter(|w| w[0].packet.layer != w[1].packet.layer) {
        assert!(switch[1].packet.keyframe);
    }
    assert_eq!(net.pushes.len(), pushes, "the slot carries the same track all the time");
}

#[test]
fn ten_switches_keep_sequence_numbers_without_gaps() {
    let mut net = Net::new(2);
    let viewer = net.enter(0, 1, 1);
    let people = [net.enter(0, 0, 0), net.enter(1, 0, 0), net.enter(0, 0, 0)];
    for who in people {
        net.show(who);
        net.speak(who, 30);
    }
    for n in 0..10 {
        let who = people[n % 3];
        net.view(viewer, camera(who), Layer::Big);
        net.hear(viewer, who);
        if n > 0 {
            net.unview(viewer, camera(people[(n - 1) % 3]));
            net.unhear(viewer, people[(n - 1) % 3]);
        }
        net.run(ms(730));
    }
    for slot in [video(0), audio(0)] {
        let got = net.received_in(viewer, slot);
        let switches = got.windows(2).filter(|w| w[0].packet.layer != w[1].packet.layer).count();
        assert_eq!(switches, 9);
        assert_eq!(got[0].rewrite.seq, 1000);
        assert!(got.windows(2).all(|w| w[1].rewrite.seq == w[0].rewrite.seq + 1), "every number, once, in order");
        assert!(got.windows(2).all(|w| w[1].rewrite.time >= w[0].rewrite.time));
        assert!(got.windows(2).all(|w| w[1].rewrite.wallclock >= w[0].rewrite.wallclock));
        assert!(got.iter().all(|r| r.rewrite.wallclock <= r.at));
    }
}

#[test]
fn a_lost_packet_leaves_a_gap_that_its_retransmission_fills() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 0, 1), net.enter(0, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(500));
    let last = *net.received.last().expect("packets flow");
    net.stream(big(camera(anna))).on = false;
    let at = |seq: u64| {
        let mut packet = last.packet;
        packet.seq += seq;
        packet.time += seq * 4500;
        packet
    };
    net.take_received();
    for seq in [1, 3, 4, 2] {
        net.deliver(&at(seq));
    }
    let got: Vec<u64> = net.take_received().iter().map(|r| r.rewrite.seq - last.rewrite.seq).collect();
    assert_eq!(got, [1, 3, 4, 2]);
    // What was sent before the viewer was switched to this layer has no number in the slot.
    net.deliver(&{
        let mut old = last.packet;
        old.seq = 20_017 - 1;
        old
    });
    assert!(net.take_received().is_empty());
}

#[test]
fn a_publisher_with_a_new_peer_connection_is_seen_again_from_its_first_key_frame() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.speak(anna, 30);
    net.hear(viewer, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(1000));
    net.disconnect(anna);
    net.stop_sending(anna);
    net.run(ms(1500));
    net.connect(anna);
    let encode = net.encode[&(anna, rtc_protocol::Track::Camera)];
    assert!(encode.big, "the new connection is told what to encode");
    let before: Vec<Received> = net.take_received();
    net.send(big(camera(anna)), ms(50), 3).owes_keyframe = true;
    net.send(big(mic(anna)), ms(20), 1);
    for stream in [big(camera(anna)), big(mic(anna))] {
        // Numbers of an earlier part of the number space.
        net.stream(stream).seq = 3;
        net.stream(stream).ssrc = 0x9999;
    }
    net.run(ms(300));
    for slot in [video(0), audio(0)] {
        let last = before.iter().rfind(|r| r.rewrite.slot == slot).expect("it flowed before");
        let got = net.received_in(viewer, slot);
        assert_eq!(got[0].rewrite.seq, last.rewrite.seq + 1);
        assert!(got[0].rewrite.time > last.rewrite.time);
        assert!(got.len() > 5);
    }
    assert!(net.received_in(viewer, video(0))[0].packet.keyframe);
}

#[test]
fn a_source_that_starts_anew_in_the_middle_of_a_picture_is_held_back_and_asked_for_a_key_frame() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(1000));
    let plis = net.plis.len();
    net.take_received();
    net.stream(big(camera(anna))).ssrc = 0x7777;
    net.run(ms(60));
    assert_eq!(net.plis.len(), plis + 1);
    net.run(ms(100));
    let got = net.take_received();
    let first = got.iter().find(|r| r.packet.ssrc == 0x7777).expect("it flows again");
    assert!(first.packet.keyframe);
}

#[test]
fn a_muted_track_keeps_its_slot_and_a_stopped_one_loses_it() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(300));
    net.publish(camera(anna), TrackState::Muted);
    net.stream(big(camera(anna))).on = false;
    net.run(ms(3000));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)));
    net.stream(big(camera(anna))).on = true;
    net.publish(camera(anna), TrackState::On);
    net.take_received();
    net.run(ms(200));
    assert!(net.served(viewer).contains(&camera(anna)), "the same slot goes on");

    net.publish(camera(anna), TrackState::Off);
    net.run(ms(200));
    assert!(net.served(viewer).is_empty(), "dropped where it enters, before any viewer heard of it");
    net.unview(viewer, camera(anna));
    assert_eq!(net.in_slot(viewer, video(0)), None);
    assert!(net.interest.is_empty());
}

#[test]
fn packets_of_a_track_that_was_never_published_go_nowhere() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.send(big(camera(anna)), ms(50), 1);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(500));
    assert!(net.take_received().is_empty());
    net.publish(camera(anna), TrackState::On);
    net.run(ms(200));
    assert!(net.received[0].packet.keyframe, "a key frame was asked for, because the first was not let through");
}

#[test]
fn several_changes_make_one_push() {
    let mut net = Net::new(1);
    let viewer = net.enter_without_media(0);
    let people: Vec<_> = (0..3).map(|_| net.enter(0, 0, 0)).collect();
    for &who in &people {
        net.show(who);
        net.speak(who, 40);
        net.view(viewer, camera(who), Layer::Small);
        net.hear(viewer, who);
    }
    assert!(net.pushes.is_empty(), "there is nothing to tell before there are slots");
    net.connect(viewer);
    net.set_slots(viewer, &pairs(4, 4));
    assert_eq!(net.pushes.len(), 1);
    assert_eq!(net.pushes[0].changed.len(), 6);
    for (n, who) in people.iter().enumerate() {
        assert_eq!(net.in_slot(viewer, video(n as u16)), Some(camera(*who)));
        assert_eq!(net.in_slot(viewer, audio(n as u16)), Some(mic(*who)));
    }
}

#[test]
fn wishes_survive_a_new_peer_connection_of_the_viewer() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.speak(anna, 40);
    net.view(viewer, camera(anna), Layer::Big);
    net.hear(viewer, anna);
    net.run(ms(500));
    net.disconnect(viewer);
    assert!(net.interest.is_empty(), "nothing is sent to somebody who is away");
    net.run(ms(500));
    net.connect(viewer);
    net.set_slots(viewer, &pairs(1, 1));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)));
    net.take_received();
    net.run(ms(200));
    assert_eq!(net.received_in(viewer, video(0))[0].rewrite.seq, 1000, "a new connection has new lines");
    assert_eq!(net.served(viewer).len(), 2);
}

#[test]
fn who_has_left_is_forgotten_on_every_shard() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 2, 2), net.enter(1, 2, 2));
    for who in [viewer, anna] {
        net.show(who);
        net.share(who);
        net.speak(who, 40);
    }
    for (a, b) in [(viewer, anna), (anna, viewer)] {
        net.view(a, camera(b), Layer::Small);
        net.view(a, screen(b), Layer::Big);
        net.hear(a, b);
    }
    net.run(ms(700));
    for session in [viewer, anna] {
        net.command(rtc_sfu::Command::Close { session });
        net.disconnect(session);
    }
    net.run(ms(2000));
    net.take_received();
    net.run(ms(500));
    assert!(net.take_received().is_empty());
    assert!(net.interest.is_empty());
    for shard in &net.shards {
        assert_eq!(shard.poll_timeout(), None);

        assert!(shard.is_empty());
    }
}

#[test]
fn a_silent_small_layer_is_replaced_by_the_big_one_until_it_comes_back() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.stream(small(camera(anna))).on = false;
    net.run(ms(200));
    net.view(viewer, camera(anna), Layer::Small);
    net.run(ms(499));
    assert!(net.take_received().is_empty());
    net.run(ms(120));
    let got = net.take_received();
    assert!(got[0].packet.keyframe && got[0].packet.layer == big(camera(anna)));

    net.stream(small(camera(anna))).on = true;
    net.run(ms(100));
    assert_eq!(net.received.last().expect("it flows").packet.layer, small(camera(anna)));
    assert!(!net.interest.contains(&(0, big(camera(anna)))), "the big one is wanted no more");

    net.stream(small(camera(anna))).on = false;
    net.run(ms(2500));
    assert_eq!(net.received.last().expect("it flows").packet.layer, big(camera(anna)), "and again");
    let got = net.received_in(viewer, video(0));
    assert!(got.windows(2).all(|w| w[1].rewrite.seq == w[0].rewrite.seq + 1));
}

#[test]
fn a_jump_that_no_network_makes_is_taken_for_a_new_start() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    net.show(anna);
    net.speak(anna, 30);
    net.hear(viewer, anna);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(1000));
    let before = net.take_received();
    for layer in [big(camera(anna)), big(mic(anna))] {
        net.stream(layer).seq += 5000;
    }
    net.run(ms(300));
    for slot in [video(0), audio(0)] {
        let last = before.iter().rfind(|r| r.rewrite.slot == slot).expect("it flowed before");
        assert_eq!(net.received_in(viewer, slot)[0].rewrite.seq, last.rewrite.seq + 1);
    }
    assert!(net.received_in(viewer, video(0))[0].packet.keyframe);
}

#[test]
fn a_small_layer_that_flows_again_in_time_is_not_replaced() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Small);
    net.run(ms(1000));
    for layer in [big(camera(anna)), small(camera(anna))] {
        net.stream(layer).answers_plis = false;
    }
    net.stream(small(camera(anna))).on = false;
    net.run(ms(700));
    assert!(net.interest.contains(&(0, big(camera(anna)))), "the big one is on its way");
    let source = camera(anna);
    // It goes on in the middle of a picture, as after a hole in the network.
    let resumed = net.received.iter().rfind(|r| r.packet.layer == small(source)).expect("it flowed").packet;
    let packet = rtc_sfu::PacketInfo { seq: resumed.seq + 1, time: resumed.time + 63_000, keyframe: false, ..resumed };
    net.deliver(&packet);
    assert!(!net.interest.contains(&(0, big(source))));
}

#[test]
fn who_is_seen_again_elsewhere_does_not_linger_in_the_old_slot() {
    let mut net = Net::new(1);
    let (viewer, anna, bert) = (net.enter(0, 0, 1), net.enter(0, 0, 0), net.enter(0, 0, 0));
    net.show(anna);
    net.publish(camera(bert), TrackState::Muted);
    net.view(viewer, camera(anna), Layer::Big);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(500));
    net.unview(viewer, camera(anna));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(anna)), "she lingers");
    net.set_slots(viewer, &pairs(0, 2));
    net.view(viewer, camera(anna), Layer::Big);
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(bert)));
    assert_eq!(net.in_slot(viewer, video(1)), Some(camera(anna)));
    net.take_received();
    net.run(ms(300));
    assert!(net.received_in(viewer, video(0)).is_empty() && !net.received_in(viewer, video(1)).is_empty());
}

#[test]
fn a_voice_does_not_linger_while_its_successor_says_nothing() {
    let mut net = Net::new(2);
    let (viewer, anna, bert) = (net.enter(0, 1, 0), net.enter(1, 0, 0), net.enter(1, 0, 0));
    net.speak(anna, 20);
    net.publish(mic(bert), TrackState::Muted);
    net.hear(viewer, anna);
    net.hear(viewer, bert);
    net.run(ms(500));
    net.unhear(viewer, anna);
    assert_eq!(net.in_slot(viewer, audio(0)), Some(mic(bert)));
    net.take_received();
    net.run(ms(300));
    assert!(net.served(viewer).is_empty());
}
