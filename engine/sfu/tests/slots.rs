//! Stories of who gets which slot.

mod net;

use net::{Net, audio, camera, mic, ms, pairs, screen, video};
use rtc_protocol::{Layer, MediaKind, Qos, QosPreference, SessionId, TrackState};
use rtc_sfu::{Command, SlotId, SlotSpec};

/// A viewer, and people who publish everything.
fn room(audios: u16, videos: u16, people: usize) -> (Net, SessionId, Vec<SessionId>) {
    let mut net = Net::new(2);
    let viewer = net.enter(0, audios, videos);
    let people: Vec<_> = (0..people).map(|n| net.enter(n as u8 % 2, 0, 0)).collect();
    for &who in &people {
        net.show(who);
        net.share(who);
        net.speak(who, 40);
    }
    (net, viewer, people)
}

#[test]
fn cameras_fill_the_pairs_from_the_bottom_and_screens_from_the_top() {
    let (mut net, viewer, people) = room(4, 4, 3);
    net.view(viewer, camera(people[0]), Layer::Big);
    net.view(viewer, screen(people[0]), Layer::Big);
    net.view(viewer, camera(people[1]), Layer::Big);
    net.view(viewer, screen(people[2]), Layer::Big);
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(people[0])));
    assert_eq!(net.in_slot(viewer, video(1)), Some(camera(people[1])));
    assert_eq!(net.in_slot(viewer, video(2)), Some(screen(people[2])));
    assert_eq!(net.in_slot(viewer, video(3)), Some(screen(people[0])));
}

#[test]
fn a_screen_never_takes_the_pair_of_a_camera() {
    let (mut net, viewer, people) = room(2, 2, 3);
    net.view(viewer, camera(people[0]), Layer::Big);
    net.view(viewer, camera(people[1]), Layer::Big);
    net.view(viewer, screen(people[2]), Layer::Big);
    net.run(ms(500));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(people[0])));
    assert_eq!(net.in_slot(viewer, video(1)), Some(camera(people[1])));
    assert!(!net.served(viewer).contains(&screen(people[2])), "it waits");
}

#[test]
fn a_viewed_persons_voice_moves_beside_the_picture_and_whoever_was_there_makes_room() {
    let (mut net, viewer, people) = room(4, 2, 3);
    for &who in &people {
        net.hear(viewer, who);
    }
    assert_eq!(net.in_slot(viewer, audio(2)), Some(mic(people[2])));
    net.view(viewer, camera(people[2]), Layer::Big);
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(people[2])), "the third slot has no picture");
    assert_eq!(net.in_slot(viewer, audio(0)), Some(mic(people[2])));
    assert_eq!(net.in_slot(viewer, audio(2)), Some(mic(people[0])));
    assert_eq!(net.in_slot(viewer, audio(1)), Some(mic(people[1])));
    let push = net.pushes.last().expect("it was told");
    assert_eq!(push.changed.len(), 3, "all in one push");
    net.run(ms(300));
    net.take_received();
    net.run(ms(100));
    for &who in &people {
        let lines: std::collections::BTreeSet<SlotId> =
            net.received.iter().filter(|r| r.packet.layer.source == mic(who)).map(|r| r.rewrite.slot).collect();
        assert_eq!(lines.len(), 1, "everybody is heard once");
    }
}

#[test]
fn a_picture_goes_to_where_the_voice_is_already() {
    let (mut net, viewer, people) = room(3, 3, 3);
    for &who in &people {
        net.hear(viewer, who);
    }
    let pushes = net.pushes.len();
    net.view(viewer, camera(people[1]), Layer::Big);
    assert_eq!(net.in_slot(viewer, video(1)), Some(camera(people[1])));
    let only = net::Push { session: viewer, changed: vec![(video(1), Some(camera(people[1]).into()))] };
    assert_eq!(net.pushes[pushes..], [only], "nothing else moves");
}

#[test]
fn a_voice_that_comes_after_the_picture_goes_beside_it() {
    let (mut net, viewer, people) = room(3, 3, 2);
    net.view(viewer, camera(people[0]), Layer::Big);
    net.hear(viewer, people[1]);
    assert_eq!(net.in_slot(viewer, audio(1)), Some(mic(people[1])), "the first place is kept for the voice of the picture");
    net.hear(viewer, people[0]);
    assert_eq!(net.in_slot(viewer, audio(0)), Some(mic(people[0])));
}

#[test]
fn the_view_that_waited_longest_gets_the_next_free_slot() {
    let (mut net, viewer, people) = room(1, 1, 4);
    for &who in &people {
        net.view(viewer, camera(who), Layer::Big);
    }
    net.run(ms(300));
    for n in 1..4 {
        net.unview(viewer, camera(people[n - 1]));
        net.run(ms(300));
        assert_eq!(net.in_slot(viewer, video(0)), Some(camera(people[n])));
    }
    net.unview(viewer, camera(people[3]));
    assert_eq!(net.in_slot(viewer, video(0)), None);
}

#[test]
fn more_slots_serve_who_waited_and_leave_the_others_where_they_are() {
    let (mut net, viewer, people) = room(2, 2, 4);
    for &who in &people {
        net.view(viewer, camera(who), Layer::Big);
        net.hear(viewer, who);
    }
    net.run(ms(500));
    net.take_received();
    net.run(ms(500));
    assert_eq!(net.served(viewer).len(), 4);
    let before = net.slots[&viewer].clone();
    net.set_slots(viewer, &pairs(4, 4));
    for pair in [0, 1] {
        assert_eq!(net.in_slot(viewer, video(pair)), before.get(&video(pair)).copied());
    }
    for (n, who) in people.iter().enumerate() {
        assert_eq!(net.in_slot(viewer, audio(n as u16)), Some(mic(*who)), "everybody is heard beside his picture");
    }
    net.run(ms(500));
    assert_eq!(net.served(viewer).len(), 8);
    let numbers = net.received_in(viewer, video(0));
    assert!(numbers.iter().all(|r| r.rewrite.seq > 1000));
}

#[test]
fn lines_without_a_partner_are_used_last_for_cameras() {
    let (mut net, viewer, people) = room(0, 0, 2);
    let line = |slot, pair, kind| SlotSpec { slot: SlotId(slot), pair, kind };
    net.set_slots(
        viewer,
        &[
            line(0, 0, MediaKind::Video),
            line(1, 1, MediaKind::Video),
            line(2, 1, MediaKind::Audio),
            line(1, 7, MediaKind::Audio),
        ],
    );
    net.view(viewer, camera(people[0]), Layer::Big);
    net.view(viewer, camera(people[1]), Layer::Big);
    net.hear(viewer, people[1]);
    assert_eq!(net.in_slot(viewer, SlotId(1)), Some(camera(people[0])));
    assert_eq!(net.in_slot(viewer, SlotId(0)), Some(camera(people[1])));
    assert_eq!(net.in_slot(viewer, SlotId(2)), Some(mic(people[1])), "rather out of sync than not heard");
}

#[test]
fn a_flood_of_wishes_is_bounded_and_the_first_ones_count() {
    let mut config = rtc_sfu::ForwardConfig::default();
    config.wishes_per_session = 3;
    let mut net = Net::with(1, &config);
    let viewer = net.enter_without_media(0);
    for n in 100..200 {
        net.view(viewer, camera(SessionId::new(n, 0)), Layer::Big);
        net.hear(viewer, SessionId::new(n, 0));
    }
    net.connect(viewer);
    net.set_slots(viewer, &pairs(8, 8));
    assert_eq!(net.slots[&viewer].len(), 6);
    assert_eq!(net.in_slot(viewer, video(2)), Some(camera(SessionId::new(102, 0))));
}

#[test]
fn a_peer_key_that_is_used_again_does_not_reach_the_former_session() {
    let mut net = Net::new(1);
    let (anna, old) = (net.enter(0, 0, 0), net.enter(0, 1, 1));
    net.show(anna);
    net.view(old, camera(anna), Layer::Big);
    net.run(ms(300));
    let key = net.peer(old);
    let new = net.enter_without_media(0);
    // The driver forgot to say that the old one is gone.
    net.shard(0).add_session(key, new);
    net.pump();
    net.take_received();
    net.run(ms(300));
    assert!(net.take_received().is_empty());
    assert!(net.interest.is_empty());
}

#[test]
fn what_matters_to_a_session_outlives_its_peer_connection_and_no_more() {
    let mut net = Net::new(1);
    let who = net.enter_without_media(0);
    let smooth = Qos { preference: QosPreference::Smooth, ..Qos::default() };
    assert_eq!(net.shard(0).qos(who), Qos::default());
    net.command(Command::Qos { session: who, qos: smooth });
    net.connect(who);
    net.disconnect(who);
    assert_eq!(net.shard(0).qos(who), smooth);
    net.command(Command::Close { session: who });
    assert_eq!(net.shard(0).qos(who), Qos::default());
    assert!(net.shard(0).is_empty());
}

#[test]
fn a_publisher_that_moves_to_another_room_is_taken_out_of_slots_and_put_into_those_of_others() {
    let (mut net, viewer, people) = room(1, 1, 1);
    let elsewhere = net.enter(1, 1, 1);
    net.view(viewer, camera(people[0]), Layer::Big);
    net.hear(viewer, people[0]);
    net.run(ms(200));
    assert_eq!(net.in_slot(viewer, video(0)), Some(camera(people[0])));
    // As a room that is left and one that is entered have it done, one right after the other.
    net.unview(viewer, camera(people[0]));
    net.unhear(viewer, people[0]);
    for source in [mic(people[0]), camera(people[0])] {
        net.publish(source, TrackState::Off);
        net.publish(source, TrackState::On);
    }
    net.hear(elsewhere, people[0]);
    net.view(elsewhere, camera(people[0]), Layer::Big);
    net.run(ms(200));
    assert_eq!((net.in_slot(viewer, video(0)), net.in_slot(viewer, audio(0))), (None, None));
    assert_eq!(net.in_slot(elsewhere, video(0)), Some(camera(people[0])));
    net.take_received();
    net.run(ms(200));
    assert!(net.received_in(elsewhere, video(0)).len() > 3 && net.received_in(elsewhere, audio(0)).len() > 3);
}
