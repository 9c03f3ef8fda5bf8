//! What makes packets late or loses them and is no congestion, and what fails altogether.

use rtc_impairment::{Jitter, Loss, Order, Outage, Profile};

use crate::world::{Media, Policer, World, link, ms};

fn down() -> Profile {
    Profile { outage: Outage::Always, ..Profile::default() }
}

/// A world that has found that 2 Mbit/s can be had.
fn found(seed: u64) -> World {
    let mut world = World::new(seed, link(2_500_000), [Media::Greedy(2_000_000)]);
    world.run(ms(5000));
    assert!(world.estimate() > 1_900_000);
    world
}

#[test]
fn an_outage_of_a_second_leaves_the_estimate() {
    let mut world = found(1);
    world.set(down());
    world.run(ms(1000));
    world.set(link(2_500_000));
    let (least, _) = world.range(ms(5000));
    assert!(least > 1_800_000, "{least}");
}

#[test]
fn after_longer_outages_the_estimate_comes_back() {
    for seconds in [5, 20] {
        let mut world = found(seconds);
        world.set(down());
        world.run(ms(1000 * seconds));
        let during = world.estimate();
        assert!(during < 300_000, "{during} after {seconds} s without news");
        world.set(link(2_500_000));
        let took = world.until(ms(10_000), |estimate| estimate > 1_900_000).expect("it comes back");
        assert!(took < ms(3000), "{took:?} after {seconds} s");
    }
}

#[test]
fn after_an_outage_less_is_found_where_less_is_to_be_had() {
    let mut world = found(1);
    world.set(down());
    world.run(ms(10_000));
    world.set(link(300_000));
    world.run(ms(3000));
    let (least, most) = world.range(ms(10_000));
    assert!(least > 150_000 && most < 420_000, "{least} to {most}");
}

#[test]
fn what_was_before_an_outage_is_not_believed_without_a_probe() {
    let mut world = found(1);
    world.set(down());
    world.run(ms(10_000));
    world.goal(30_000, 0);
    world.set(link(2_500_000));
    let (_, most) = world.range(ms(3000));
    assert!(most < 200_000, "{most}, where nothing is looked for");
}

#[test]
fn when_only_the_news_was_late_nothing_was_lost() {
    let mut world = found(1);
    world.back_delay = ms(4000);
    world.run(ms(3900));
    assert!(world.estimate() < 1_500_000, "it becomes careful");
    world.back_delay = ms(25);
    world.run(ms(500));
    assert!(world.estimate() > 1_800_000, "{}", world.estimate());
}

#[test]
fn a_fifth_lost_by_chance_is_found_out_to_be_no_congestion() {
    for seed in 0..5 {
        let mut world = found(seed);
        world.set(Profile { loss: Loss::Uniform(0.2), ..link(2_500_000) });
        let (least, _) = world.range(ms(5000));
        assert!(least > 1_000_000, "{least} while it is tried");
        let mut careful = 0;
        let mut looks = 0;
        world.watch(ms(60_000), |world| {
            looks += 1;
            careful += u32::from(world.estimate() < 1_700_000);
        });
        assert!(careful * 10 < looks, "for {careful} of {looks} looks it was less");
    }
}

#[test]
fn a_network_that_drops_what_is_too_much_is_not_flooded() {
    let mut world = found(1);
    world.policer = Some(Policer::new(500_000));
    let took = world.until(ms(5000), |estimate| estimate < 600_000).expect("it falls");
    assert!(took < ms(2000), "{took:?}");
    let (packets, dropped) = (world.senders[0].packets, world.policer.as_ref().expect("it is there").dropped);
    world.run(ms(60_000));
    let dropped = world.policer.as_ref().expect("it is there").dropped - dropped;
    let share = dropped as f64 / (world.senders[0].packets - packets) as f64;
    assert!(share < 0.2, "{share} is dropped of what is as greedy as it may be");
}

#[test]
fn jitter_of_a_tenth_of_a_second_is_no_congestion() {
    for seed in 0..5 {
        let mut world = found(seed);
        world.set(Profile { jitter: Jitter { most: ms(100), order: Order::Free }, ..link(2_500_000) });
        let (least, most) = world.range(ms(60_000));
        assert!(least > 1_800_000 && most < 4_000_000, "{least} to {most}");
    }
}

#[test]
fn jitter_that_keeps_the_order_costs_little_of_what_flows() {
    // All packets are later by most of it from one moment on, as if a queue had filled.
    let jittery = || Profile { jitter: Jitter { most: ms(100), order: Order::Kept }, ..link(2_500_000) };
    for seed in 0..5 {
        let mut world = found(seed);
        world.set(jittery());
        let (least, _) = world.range(ms(20_000));
        assert!(least > 1_600_000, "{least} where two million flow");
        let (least, most) = world.range(ms(60_000));
        assert!(least > 2_400_000 && most < 4_000_000, "{least} to {most} when it is used to it");

        let mut world = World::new(seed, link(2_500_000), [Media::Fixed(600_000)]);
        world.run(ms(5000));
        world.set(jittery());
        let (least, _) = world.range(ms(20_000));
        assert!(least > 480_000, "{least} where 600,000 flow");
    }
}

#[test]
fn congestion_is_seen_through_jitter() {
    let jitter = Jitter { most: ms(60), order: Order::Free };
    let mut world = World::new(3, Profile { jitter, ..link(2_500_000) }, [Media::Greedy(2_000_000)]);
    world.run(ms(20_000));
    assert!(world.estimate() > 1_000_000, "{}", world.estimate());
    world.set(Profile { jitter, ..link(300_000) });
    let took = world.until(ms(5000), |estimate| estimate < 400_000).expect("it falls");
    assert!(took < ms(1500), "{took:?}");
}

#[test]
fn a_receiver_that_did_not_come_to_read_is_no_congestion() {
    for media in [Media::Fixed(300_000), Media::Fixed(1_000_000), Media::Greedy(2_000_000)] {
        for length in [50, 120, 250, 400, 800, 1300] {
            let mut world = World::new(length, link(2_500_000), [media]);
            world.run(ms(5000));
            let before = world.estimate();
            for _ in 0..5 {
                world.jammed_until = Some(world.now + ms(length));
                let (least, _) = world.range(ms(1500));
                assert!(least >= before * 9 / 10, "{before} became {least} by jams of {length} ms");
            }
        }
    }
}

#[test]
fn a_machine_that_is_busy_all_the_time_is_no_congestion() {
    let mut world = World::new(1, link(5_000_000), [Media::Fixed(1_500_000)]);
    world.run(ms(3000));
    let before = world.estimate();
    for n in 0..600u64 {
        // Of each tenth of a second, from nothing to sixty ms are not for the receiver.
        world.jammed_until = Some(world.now + ms(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 63));
        world.run(ms(100));
        assert!(world.estimate() >= before * 9 / 10, "{before} became {} after {n}", world.estimate());
    }
}
