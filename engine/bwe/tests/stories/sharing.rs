//! Several flows through one link.

use rtc_impairment::{Jitter, Order, Profile};

use crate::world::{Media, World, link, ms};

#[test]
fn two_flows_share_a_link_within_a_factor_of_two() {
    for seed in 0..6 {
        // Clocks of frames that never move against each other would let one always come first.
        let jitter = Jitter { most: ms(4), order: Order::Kept };
        let profile = Profile { jitter, ..link(2_000_000) };
        let mut world = World::new(seed, profile, [Media::Greedy(5_000_000)]);
        world.run(ms(10_000 + 777 * seed));
        world.add(Media::Greedy(5_000_000));
        world.run(ms(20_000));
        let before: Vec<u64> = world.senders.iter().map(|sender| sender.arrived_bytes).collect();
        world.run(ms(120_000));
        let arrived: Vec<u64> =
            world.senders.iter().zip(before).map(|(s, before)| (s.arrived_bytes - before) / 15_000).collect();
        assert!(arrived[0] < arrived[1] * 2 && arrived[1] < arrived[0] * 2, "{arrived:?} kbit/s");
        assert!(arrived[0] + arrived[1] > 1_600, "{arrived:?} kbit/s");
    }
}

#[test]
fn who_comes_later_to_a_link_that_is_used_gets_a_part_of_it() {
    let mut world = World::new(1, link(1_500_000), [Media::Greedy(5_000_000)]);
    world.run(ms(20_000));
    world.add(Media::Greedy(500_000));
    world.run(ms(30_000));
    let before = world.senders[1].arrived_bytes;
    world.run(ms(30_000));
    let arrived = (world.senders[1].arrived_bytes - before) * 8 / 30;
    assert!(arrived > 250_000, "{arrived}");
}
