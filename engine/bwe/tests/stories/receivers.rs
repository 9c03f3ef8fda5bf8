//! Receivers that say nothing, or nothing any more.

use rtc_bwe::{Estimator, Settings};

use crate::world::{Media, World, link, ms};

#[test]
fn of_a_receiver_that_never_reports_nothing_is_known_and_little_is_asked() {
    let mut world = World::new(1, link(2_000_000), [Media::Fixed(500_000)]);
    world.senders[0].receives_feedback = false;
    world.run(ms(120_000));
    assert_eq!(world.senders[0].estimator.estimate(), None);
    let padding = world.senders[0].padding_bytes;
    assert!(padding < 40_000, "{padding} bytes of probes to nobody");
    assert_eq!(world.senders[0].pacer.waiting(), 0, "what is not known makes nothing wait");
}

#[test]
fn when_reports_end_the_estimate_falls_to_the_least() {
    let mut world = World::new(1, link(2_000_000), [Media::Fixed(500_000)]);
    world.run(ms(5000));
    world.is_back_cut = true;
    world.run(ms(20_000));
    assert_eq!(world.estimate(), Settings::default().floor);
    world.is_back_cut = false;
    world.until(ms(5000), |estimate| estimate > 1_500_000).expect("it comes back with them");
}

#[test]
fn an_estimate_stays_while_there_is_nothing_to_report_on() {
    let mut world = World::new(1, link(3_000_000), [Media::Fixed(1_000_000)]);
    world.run(ms(5000));
    let before = world.estimate();
    world.senders[0].media = Media::Fixed(0);
    let (least, most) = world.range(ms(120_000));
    assert_eq!((least, most), (before, before));
}

#[test]
fn who_cannot_be_probed_is_estimated_all_the_same() {
    let mut world = World::new(1, link(3_000_000), [Media::Fixed(800_000)]);
    world.senders[0].can_pad = false;
    world.run(ms(10_000));
    assert!((800_000..1_400_000).contains(&world.estimate()), "{}", world.estimate());
}

#[test]
fn an_estimator_that_is_left_alone_wants_nothing() {
    let world = World::new(1, link(3_000_000), []);
    let mut estimator = Estimator::new(world.now, Settings::default());
    assert_eq!((estimator.estimate(), estimator.poll_timeout()), (None, None));
    assert_eq!(estimator.poll_probe(world.now), None, "nobody may be there yet");
}
