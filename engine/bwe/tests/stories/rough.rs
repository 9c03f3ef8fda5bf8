//! Networks that lose, delay and reorder whatever is sent, and take much all the same; and narrow ones that do that, too.

use rtc_impairment::{Bursts, Jitter, Loss, Order, Profile};

use crate::world::{Media, World, link, ms};

/// A voice alone, with a small picture, and with a large one. Of the last, the padding may ask for somewhat more.
const LAYERS: [u64; 3] = [60_000, 200_000, 480_000];
const PADDED: u64 = 600_000;

fn wide() -> Profile {
    Profile { delay: ms(20), ..Profile::default() }
}

/// Mostly good, and for ten packets or so hardly any gets through.
fn bursts() -> Loss {
    Loss::Bursts(Bursts { begin: 0.02, end: 0.1, loss_between: 0.0, loss_within: 0.9 })
}

/// Each packet is late by itself.
fn trembles(most: u64) -> Jitter {
    Jitter { most: ms(most), order: Order::Free }
}

fn rough() -> [(&'static str, Profile); 5] {
    [
        ("bursts", Profile { loss: bursts(), ..wide() }),
        ("65 % lost", Profile { loss: Loss::Uniform(0.65), ..wide() }),
        ("late by up to 1.6 s", Profile { jitter: trembles(1600), ..wide() }),
        ("40 % lost, late by up to 0.7 s", Profile { loss: Loss::Uniform(0.4), jitter: trembles(700), ..wide() }),
        ("40 % lost, far away", Profile { loss: Loss::Uniform(0.4), delay: ms(600), ..wide() }),
    ]
}

/// Of how many looks within a time the large picture is sent, in percent.
fn large(world: &mut World, seconds: u64) -> u32 {
    let (mut looks, mut large) = (0, 0);
    world.watch(ms(seconds * 1000), |world| {
        looks += 1;
        large += u32::from(world.senders[0].layer == 2);
    });
    large * 100 / looks
}

#[test]
fn who_was_given_all_before_keeps_it_when_the_network_gets_rough() {
    for (what, profile) in rough() {
        for seed in 0..5 {
            let mut world = World::new(seed, wide(), [Media::Layers(&LAYERS)]);
            world.goal(LAYERS[2] * 13 / 10, PADDED);
            world.run(ms(10_000));
            world.set(profile);
            let share = large(&mut world, 60);
            assert!(share > 75, "{what} {seed}: in {share} % of the time");
        }
    }
}

#[test]
fn who_begins_on_a_rough_network_is_soon_given_all_of_it() {
    for (what, profile) in rough() {
        for seed in 0..5 {
            let mut world = World::new(seed, profile, [Media::Layers(&LAYERS)]);
            world.goal(LAYERS[2] * 13 / 10, PADDED);
            world.run(ms(15_000));
            let share = large(&mut world, 45);
            assert!(share > 80, "{what} {seed}: in {share} % of the time");
        }
    }
}

#[test]
fn a_narrow_network_is_found_to_be_narrow_however_rough() {
    for (what, profile) in [
        ("bursts", Profile { loss: bursts(), ..link(300_000) }),
        ("40 % lost", Profile { loss: Loss::Uniform(0.4), ..link(300_000) }),
        ("late", Profile { jitter: trembles(300), ..link(300_000) }),
    ] {
        for seed in 0..5 {
            let mut world = World::new(seed, profile, [Media::Layers(&LAYERS)]);
            world.run(ms(10_000));
            let before = world.link.counts();
            let share = large(&mut world, 60);
            let (after, sender) = (world.link.counts(), &world.senders[0]);
            let dropped = (after.dropped - before.dropped) * 100 / (after.taken - before.taken);
            assert!(share < 5 && dropped < 4, "{what} {seed}: in {share} % of the time, {dropped} % dropped");
            assert!(sender.switches < 15, "{what} {seed}: {} switches", sender.switches);
        }
    }
}
