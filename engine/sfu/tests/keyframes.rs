//! Stories of key-frame requests on their way from viewers to a publisher.

mod net;

use net::{Net, big, camera, ms, video};
use rtc_protocol::{Layer, SessionId};

/// A camera with viewers on two shards who all see it.
fn audience(viewers: usize) -> (Net, SessionId, Vec<SessionId>) {
    let mut net = Net::new(2);
    let anna = net.enter(1, 0, 0);
    net.show(anna);
    let viewers: Vec<_> = (0..viewers).map(|n| net.enter(n as u8 % 2, 0, 1)).collect();
    for &v in &viewers {
        net.view(v, camera(anna), Layer::Big);
    }
    net.run(ms(2000));
    net.plis.clear();
    net.take_received();
    (net, anna, viewers)
}

#[test]
fn a_pli_storm_makes_one_key_frame() {
    let (mut net, _, viewers) = audience(30);
    for _ in 0..5 {
        for &v in &viewers {
            net.pli(v, video(0));
        }
        net.run(ms(10));
    }
    assert_eq!(net.plis.len(), 1);
    net.run(ms(1000));
    assert!(net.plis.len() <= 2, "those after the key frame share one more");
    let keyframes = net.received_in(viewers[0], video(0)).iter().filter(|r| r.packet.keyframe).count();
    assert_eq!(keyframes, net.plis.len());
}

#[test]
fn endless_plis_make_at_most_two_key_frames_a_second() {
    let (mut net, _, viewers) = audience(4);
    // For five seconds.
    for _ in 0..500 {
        net.pli(viewers[0], video(0));
        net.run(ms(10));
    }
    assert!((10..=11).contains(&net.plis.len()), "{:?}", net.plis);
}

#[test]
fn no_new_viewer_waits_longer_than_a_quarter_of_a_second_and_a_frame() {
    let (mut net, anna, viewers) = audience(1);
    net.pli(viewers[0], video(0));
    for n in 0..20 {
        net.run(ms(37));
        let newcomer = net.enter(n % 2, 0, 1);
        let asked = net.now;
        net.view(newcomer, camera(anna), Layer::Big);
        net.run(ms(320));
        let first = net.received_in(newcomer, video(0))[0].at;
        assert!(first - asked <= ms(300), "waited {:?}", first - asked);
    }
}

#[test]
fn newcomers_who_come_together_share_a_key_frame() {
    let (mut net, anna, _) = audience(1);
    let newcomers: Vec<_> = (0..40).map(|n| net.enter(n % 2, 0, 1)).collect();
    for &v in &newcomers {
        net.view(v, camera(anna), Layer::Big);
        net.run(ms(5));
    }
    net.run(ms(300));
    assert!(net.plis.len() <= 2, "{:?}", net.plis);
    assert!(newcomers.iter().all(|v| !net.received_in(*v, video(0)).is_empty()));
}

#[test]
fn a_key_frame_that_does_not_come_is_asked_for_again() {
    let (mut net, anna, _) = audience(1);
    net.stream(big(camera(anna))).answers_plis = false;
    let newcomer = net.enter(0, 0, 1);
    net.view(newcomer, camera(anna), Layer::Big);
    net.run(ms(3500));
    assert_eq!(net.plis.len(), 4, "once at first, then every second: {:?}", net.plis);
    net.stream(big(camera(anna))).owes_keyframe = true;
    net.run(ms(2000));
    assert_eq!(net.plis.len(), 4, "and no longer than needed");
}

#[test]
fn a_pli_for_an_empty_or_unknown_slot_asks_nobody() {
    let (mut net, anna, viewers) = audience(1);
    net.unview(viewers[0], camera(anna));
    net.pli(viewers[0], video(0));
    net.pli(viewers[0], video(9));
    let key = rtc_sfu::PeerKey(4711);
    let now = net.now;
    net.shard(0).handle_keyframe_request(now, key, video(0));
    net.layer_request(big(camera(viewers[0])), rtc_sfu::KeyframeNeed::Join);
    net.run(ms(100));
    assert!(net.plis.is_empty());
}

#[test]
fn new_interest_asks_for_a_key_frame_when_the_layer_flows() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 0, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.run(ms(1000));
    net.view(viewer, camera(anna), Layer::Big);
    assert_eq!(net.plis.len(), 1);
    assert_eq!(net.plis[0].1, camera(anna));
    net.run(ms(1000));
    net.view(viewer, camera(anna), Layer::Small);
    net.run(ms(1000));
    assert_eq!(net.plis.len(), 1, "a layer that was not encoded begins with a key frame by itself");
}

#[test]
fn a_request_for_a_resting_layer_does_not_hold_up_one_for_the_layer_that_flows() {
    let mut net = Net::new(1);
    let (anna, viewer) = (net.enter(0, 0, 0), net.enter(0, 0, 1));
    net.show(anna);
    net.run(ms(1000));
    net.layer_request(net::small(camera(anna)), rtc_sfu::KeyframeNeed::Join);
    net.view(viewer, camera(anna), Layer::Big);
    assert_eq!(net.plis.len(), 1);
    assert_eq!(net.plis[0].2, Layer::Big);
}

#[test]
fn a_viewer_without_any_picture_asks_every_second_even_when_nothing_flows() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 0, 1), net.enter(1, 0, 0));
    net.publish(camera(anna), rtc_protocol::TrackState::On);
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(999));
    assert!(net.plis.is_empty(), "it would begin with a key frame by itself");
    net.run(ms(2500));
    assert_eq!(net.plis.len(), 3, "but a publisher whose packets were lost needs a nudge");
}

#[test]
fn a_viewer_who_is_back_has_a_key_frame_without_asking_and_those_who_come_with_him_share_it() {
    let (mut net, _, viewers) = audience(6);
    for &v in &viewers {
        net.comes_back(v);
        net.run(ms(5));
    }
    assert_eq!(net.plis.len(), 1, "{:?}", net.plis);
    net.run(ms(3000));
    assert!(net.plis.len() <= 2, "it has come: {:?}", net.plis);
    assert!(net.received_in(viewers[5], video(0)).iter().any(|received| received.packet.keyframe));
}

#[test]
fn a_publisher_who_is_back_is_asked_until_his_key_frame_comes() {
    let (mut net, anna, viewers) = audience(2);
    let stream = net.stream(big(camera(anna)));
    stream.answers_plis = false;
    stream.next += ms(5000);
    net.run(ms(5000));
    net.plis.clear();
    let back = net.now;
    net.comes_back(anna);
    net.run(ms(2000));
    assert_eq!(net.plis.len(), 4, "at once, after 250, 750 and 1750 ms: {:?}", net.plis);
    net.stream(big(camera(anna))).owes_keyframe = true;
    net.run(ms(100));
    net.plis.clear();
    net.run(ms(10_000));
    assert!(net.plis.is_empty(), "and no longer than needed: {:?}", net.plis);
    let first =
        net.received_in(viewers[1], video(0)).into_iter().find(|received| received.packet.keyframe && received.at > back);
    assert!(first.is_some());
}

#[test]
fn who_is_back_and_is_not_watched_is_asked_for_nothing() {
    let (mut net, anna, viewers) = audience(1);
    net.unview(viewers[0], camera(anna));
    net.run(ms(1000));
    net.comes_back(anna);
    net.comes_back(viewers[0]);
    net.run(ms(1000));
    assert!(net.plis.is_empty(), "{:?}", net.plis);
}
