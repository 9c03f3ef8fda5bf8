//! Stories of viewers whose requests and estimates come over a bad network.

mod net;

use net::{Net, big, camera, ms, small, video};
use rtc_impairment::{Impairment, Jitter, Loss, Profile};
use rtc_protocol::{Layer, SessionId};

/// A camera of 900 and 100 kbit/s, seen by somebody on another shard.
fn watched() -> (Net, SessionId, SessionId) {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 0, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.stream(big(camera(anna))).size = 900_000 / 8 / 60;
    net.stream(small(camera(anna))).size = 100_000 / 8 / 20;
    net.view(viewer, camera(anna), Layer::Big);
    net.run(ms(2000));
    (net, anna, viewer)
}

#[test]
fn requests_that_a_network_loses_doubles_and_delays_cost_two_key_frames_a_second_at_most() {
    let profile = Profile {
        loss: Loss::Uniform(0.5),
        jitter: Jitter { most: ms(1000), ..Jitter::default() },
        duplicate: 0.3,
        ..Profile::default()
    };
    let (mut net, _, viewer) = watched();
    net.plis.clear();
    let mut network = Impairment::new(net.now, 3);
    network.set(net.now, profile);
    // For twenty seconds the viewer can decode nothing, and says so whenever it may.
    for tick in 0..2000 {
        if tick % 30 == 0 {
            network.push(net.now, b"PLI");
        }
        while network.poll(net.now).is_some() {
            net.pli(viewer, video(0));
        }
        net.run(ms(10));
    }
    assert!((10..=40).contains(&net.plis.len()), "{} key frames", net.plis.len());
    let closest = net.plis.windows(2).map(|pair| pair[1].0 - pair[0].0).min().expect("some");
    assert!(closest >= ms(490), "{closest:?}");
}

#[test]
fn an_estimate_that_loss_cuts_now_and_then_does_not_make_pictures_flicker() {
    let (mut net, anna, viewer) = watched();
    net.estimate(viewer, 2_000_000);
    net.run(ms(3000));
    net.take_received();
    // Bursts of loss: for 400 ms of each three seconds the estimate is a quarter.
    for _ in 0..10 {
        net.estimate(viewer, 300_000);
        net.run(ms(400));
        net.estimate(viewer, 2_000_000);
        net.run(ms(2600));
    }
    let got = net.received_in(viewer, video(0));
    let switches = got.windows(2).filter(|pair| pair[0].packet.layer != pair[1].packet.layer).count();
    // The first time it is given back at once. Each relapse doubles the time until the next attempt.
    assert!(switches <= 7, "{switches} switches, where the estimate went down and up ten times");
    let longest = got.windows(2).map(|pair| pair[1].at - pair[0].at).max().expect("pictures");
    assert!(longest <= ms(100), "the picture stood still for {longest:?}");
    // Once the network is good again, so is the picture.
    net.run(ms(30_000));
    net.take_received();
    net.run(ms(200));
    assert_eq!(net.received_in(viewer, video(0)).last().map(|got| got.packet.layer), Some(big(camera(anna))));
}
