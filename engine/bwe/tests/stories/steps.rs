//! The network, or what is wanted of it, becomes more or less.

use rtc_impairment::{Jitter, Order, Profile};

use crate::world::{Media, World, link, ms};

#[test]
fn a_wide_network_is_found_within_a_second() {
    let mut world = World::new(1, link(2_200_000), [Media::Greedy(2_000_000)]);
    assert_eq!(world.senders[0].estimator.estimate(), None, "nothing was measured yet");
    let took = world.until(ms(1000), |estimate| estimate > 1_800_000);
    assert!(took.is_some(), "{}", world.estimate());
}

#[test]
fn a_wide_network_is_found_through_jitter() {
    for seed in 0..8 {
        let jitter = Jitter { most: ms(40), order: Order::Free };
        let mut world =
            World::new(seed, Profile { jitter, ..link(20_000_000) }, [Media::Layers(&[150_000, 500_000, 1_500_000])]);
        world.run(ms(4000));
        assert!((2_300_000..3_200_000).contains(&world.estimate()), "{}", world.estimate());
        assert_eq!((world.senders[0].layer, world.senders[0].switches), (2, 1));
    }
}

#[test]
fn from_two_megabits_to_three_hundred_kilobits_and_back() {
    for seed in 0..5 {
        let mut world = World::new(seed, link(2_200_000), [Media::Greedy(2_000_000)]);
        world.run(ms(5000 + 111 * seed));
        let (least, _) = world.range(ms(5000));
        assert!(least > 1_700_000, "{least} before anything happened");

        world.set(link(300_000));
        let took = world.until(ms(2000), |estimate| estimate < 350_000).expect("it falls");
        assert!(took < ms(1000), "{took:?}");
        // What had gathered in the link goes, and after that nothing more does.
        world.run(ms(4000));
        let (least, most) = world.range(ms(10_000));
        assert!(least > 180_000 && most < 400_000, "{least} to {most}");

        world.set(link(2_200_000));
        let took = world.until(ms(10_000), |estimate| estimate > 1_800_000).expect("it rises");
        assert!(took < ms(5000), "{took:?}");
        let (least, _) = world.range(ms(5000));
        assert!(least > 1_700_000, "{least} after it was over");
    }
}

#[test]
fn who_begins_on_a_narrow_network_is_told_soon() {
    let mut world = World::new(1, link(250_000), [Media::Fixed(1_500_000)]);
    let took = world.until(ms(2000), |estimate| estimate > 0).expect("there is an estimate");
    assert!(took < ms(1000), "{took:?}");
    world.until(ms(1000), |estimate| estimate < 300_000).expect("it is what the network takes");
}

#[test]
fn what_fits_is_sent_without_loss_or_queue() {
    let mut world = World::new(1, link(1_000_000), [Media::Greedy(5_000_000)]);
    world.run(ms(3000));
    let (before, dropped) = (world.senders[0].arrived_bytes, world.link.counts().dropped);
    world.run(ms(30_000));
    let arrived = (world.senders[0].arrived_bytes - before) * 8 / 30;
    assert!(arrived > 850_000, "{arrived} of a million");
    assert_eq!(world.link.counts().dropped, dropped);
}

#[test]
fn what_makes_a_picture_leaves_in_few_bursts() {
    let mut world = World::new(1, link(5_000_000), [Media::Fixed(2_000_000)]);
    world.run(ms(3000));
    let before = (world.senders[0].packets, world.senders[0].departures);
    world.run(ms(10_000));
    let sender = &world.senders[0];
    let (packets, departures) = (sender.packets - before.0, sender.departures - before.1);
    assert!(packets > departures * 2, "{packets} packets in {departures} bursts");
}

#[test]
fn who_sends_little_and_then_wants_more_is_given_more() {
    let mut world = World::new(1, link(6_000_000), [Media::Fixed(150_000)]);
    world.goal(200_000, 0);
    world.run(ms(5000));
    let before = world.estimate();
    assert!((2_300_000..3_000_000).contains(&before), "{before}: what one may soon want was looked for");
    let padding = world.senders[0].padding_bytes;
    let (least, most) = world.range(ms(60_000));
    assert_eq!((least, most), (before, before), "no more is looked for than is wanted");
    assert_eq!(world.senders[0].padding_bytes, padding, "nor is anything made up");

    world.goal(5_000_000, 0);
    let took = world.until(ms(5000), |estimate| estimate > 4_700_000).expect("it is found");
    assert!(took < ms(2000), "{took:?}");
}

#[test]
fn an_estimate_rises_although_nothing_but_sound_flows_after_congestion() {
    let mut world = World::new(1, link(200_000), [Media::Fixed(1_000_000)]);
    world.run(ms(5000));
    assert!(world.estimate() < 250_000);
    // The pictures are paused, and the network recovers.
    world.senders[0].media = Media::Fixed(32_000);
    world.set(link(3_000_000));
    let took = world.until(ms(10_000), |estimate| estimate > 2_000_000).expect("it rises");
    assert!(took < ms(6000), "{took:?}");
}

#[test]
fn an_estimate_rises_although_nothing_flows_at_all() {
    let mut world = World::new(1, link(100_000), [Media::Fixed(1_000_000)]);
    world.run(ms(5000));
    assert!(world.estimate() < 150_000);
    world.senders[0].media = Media::Fixed(0);
    world.run(ms(60_000));
    assert!(world.estimate() < 150_000, "{} on a network that stays as it is", world.estimate());
    world.set(link(3_000_000));
    let took = world.until(ms(10_000), |estimate| estimate > 2_000_000).expect("it rises");
    assert!(took < ms(6000), "{took:?}");
    world.senders[0].media = Media::Fixed(2_000_000);
    let (least, _) = world.range(ms(10_000));
    assert!(least > 1_900_000, "{least} when it flows again");
}

#[test]
fn looking_for_more_on_a_narrow_network_costs_little() {
    let mut world = World::new(1, link(300_000), [Media::Fixed(150_000)]);
    world.run(ms(10_000));
    let padding = world.senders[0].padding_bytes;
    world.run(ms(60_000));
    let padding = (world.senders[0].padding_bytes - padding) * 8 / 60;
    assert!(padding < 12_000, "{padding} bits a second of padding");
    let estimate = world.estimate();
    assert!((200_000..400_000).contains(&estimate), "{estimate}");
}

#[test]
fn padding_is_made_up_to_what_is_asked_for_and_no_further_than_the_estimate() {
    let mut world = World::new(1, link(2_000_000), [Media::Fixed(200_000)]);
    world.goal(1_000_000, 0);
    world.run(ms(5000));
    let before = world.senders[0].sent_bytes;
    world.goal(1_000_000, 600_000);
    world.run(ms(10_000));
    let sent = (world.senders[0].sent_bytes - before) * 8 / 10;
    assert!((560_000..640_000).contains(&sent), "{sent}");

    let mut world = World::new(1, link(300_000), [Media::Fixed(100_000)]);
    world.goal(1_000_000, 600_000);
    world.run(ms(5000));
    let before = world.senders[0].sent_bytes;
    world.run(ms(20_000));
    let sent = (world.senders[0].sent_bytes - before) * 8 / 20;
    assert!((220_000..310_000).contains(&sent), "{sent} through 300 kbit/s");
}

#[test]
fn layers_are_chosen_once_and_kept() {
    for seed in 0..3 {
        for (narrow, fits) in [(250_000, 0), (300_000, 0), (700_000, 1), (1_000_000, 1)] {
            let mut world = World::new(seed, link(2_500_000), [Media::Layers(&[150_000, 500_000, 1_500_000])]);
            world.run(ms(10_000 + 77 * seed));
            assert_eq!((world.senders[0].layer, world.senders[0].switches), (2, 1), "the best at once, and nothing else");
            world.set(link(narrow));
            world.run(ms(2000));
            let (switches, dropped) = (world.senders[0].switches, world.link.counts().dropped);
            world.run(ms(60_000));
            let sender = &world.senders[0];
            assert_eq!((sender.layer, sender.switches), (fits, switches), "layer and switches at {narrow}");
            assert_eq!(world.link.counts().dropped, dropped, "at {narrow}");
            world.set(link(2_500_000));
            world.run(ms(8000));
            assert_eq!(world.senders[0].layer, 2, "after {narrow}");
        }
    }
}
