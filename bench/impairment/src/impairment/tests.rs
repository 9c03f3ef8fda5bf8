//! Stories in time that passes only here.

use proptest::prelude::*;

use super::*;
use crate::profile::{Bursts, Jitter, Loss, Order, Rate, Reorder};

const MS: Duration = Duration::from_millis(1);

/// A direction, and a clock.
struct Way {
    begin: Instant,
    now: Duration,
    impairment: Impairment<Vec<u8>>,
}

impl Way {
    fn new(profile: Profile) -> Self {
        Self::seeded(7, profile)
    }

    fn seeded(seed: u64, profile: Profile) -> Self {
        let begin = Instant::now();
        let mut way = Self { begin, now: Duration::ZERO, impairment: Impairment::new(begin, seed) };
        way.set(profile);
        way
    }

    fn set(&mut self, profile: Profile) {
        self.impairment.set(self.begin + self.now, profile);
    }

    /// A packet of so many bytes that begins with its number.
    fn push(&mut self, number: u32, bytes: usize) {
        let mut packet = number.to_be_bytes().to_vec();
        packet.resize(bytes, 0);
        self.impairment.push(self.begin + self.now, packet);
    }

    /// So many packets of 100 bytes, one every so often; then everything that arrives, with when it does.
    fn send(&mut self, count: u32, every: Duration) -> Vec<(u32, Duration)> {
        let mut arrived = Vec::new();
        for number in 0..count {
            self.push(number, 100);
            arrived.extend(self.pass(every));
        }
        arrived.extend(self.rest());
        arrived
    }

    /// Time goes by; what arrives in it, with when it does.
    fn pass(&mut self, duration: Duration) -> Vec<(u32, Duration)> {
        self.until(self.now + duration)
    }

    /// Everything that is still under way.
    fn rest(&mut self) -> Vec<(u32, Duration)> {
        self.until(Duration::MAX)
    }

    fn until(&mut self, end: Duration) -> Vec<(u32, Duration)> {
        let mut arrived = Vec::new();
        while let Some(at) = self.impairment.poll_timeout().map(|at| at - self.begin).filter(|at| *at <= end) {
            self.now = self.now.max(at);
            let packet = self.impairment.poll(self.begin + self.now).expect("it was said to be due");
            arrived.push((u32::from_be_bytes(packet[..4].try_into().unwrap()), self.now));
        }
        if end != Duration::MAX {
            self.now = end;
        }
        arrived
    }
}

fn share(arrived: &[(u32, Duration)], count: u32) -> f64 {
    arrived.len() as f64 / f64::from(count)
}

#[test]
fn a_clean_way_gives_everything_at_once_and_in_order() {
    let mut way = Way::new(Profile::default());
    let arrived = way.send(100, 5 * MS);
    assert_eq!(arrived, (0..100).map(|number| (number, number * 5 * MS)).collect::<Vec<_>>());
    assert_eq!(way.impairment.poll_timeout(), None);
    let all = Counts { taken: 100, given: 100, taken_bytes: 10_000, given_bytes: 10_000, ..Counts::default() };
    assert_eq!(way.impairment.counts(), all);
}

#[test]
fn nothing_arrives_before_its_time() {
    let mut way = Way::new(Profile { delay: 80 * MS, ..Profile::default() });
    way.push(1, 100);
    assert_eq!(way.pass(79 * MS), []);
    assert!(way.impairment.poll(way.begin + way.now).is_none());
    assert_eq!(way.pass(MS), [(1, 80 * MS)]);
}

#[test]
fn the_share_that_is_said_is_lost() {
    for share_lost in [0.0, 0.1, 0.5, 0.8, 1.0] {
        let mut way = Way::new(Profile { loss: Loss::Uniform(share_lost), ..Profile::default() });
        let arrived = way.send(20_000, MS);
        assert!((share(&arrived, 20_000) - (1.0 - share_lost)).abs() < 0.01, "{share_lost}: {}", arrived.len());
        assert_eq!(way.impairment.counts().lost + arrived.len() as u64, 20_000);
    }
}

#[test]
fn the_same_seed_decides_alike_and_another_one_otherwise() {
    let profile = Profile {
        loss: Loss::Uniform(0.3),
        jitter: Jitter { most: 50 * MS, ..Jitter::default() },
        duplicate: 0.1,
        ..Profile::default()
    };
    let fate = |seed| Way::seeded(seed, profile).send(500, 5 * MS);
    assert_eq!(fate(1), fate(1));
    assert_ne!(fate(1), fate(2));
}

#[test]
fn jitter_is_drawn_evenly_for_each_packet_alone_and_changes_the_order() {
    let mut way =
        Way::new(Profile { delay: 100 * MS, jitter: Jitter { most: 2000 * MS, ..Jitter::default() }, ..Profile::default() });
    let arrived = way.send(10_000, 20 * MS);
    assert_eq!(arrived.len(), 10_000);
    let late: Vec<Duration> = arrived.iter().map(|(number, at)| *at - *number * 20 * MS).collect();
    assert!(late.iter().all(|late| (100 * MS..=2100 * MS).contains(late)));
    for quarter in 0..4 {
        let range = 100 * MS + quarter * 500 * MS..100 * MS + (quarter + 1) * 500 * MS;
        let count = late.iter().filter(|late| range.contains(late)).count();
        assert!((2300..2700).contains(&count), "{count} in quarter {quarter}");
    }
    assert!(arrived.windows(2).filter(|pair| pair[0].0 > pair[1].0).count() > 1000);
}

#[test]
fn jitter_keeps_the_order_where_that_is_wanted() {
    let jitter = Jitter { most: 2000 * MS, order: Order::Kept };
    let arrived = Way::new(Profile { jitter, ..Profile::default() }).send(1000, 20 * MS);
    assert_eq!(arrived.len(), 1000);
    assert!(arrived.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
    assert!(arrived.iter().all(|(number, at)| *at - *number * 20 * MS <= 2000 * MS));
}

#[test]
fn a_link_takes_its_time_for_every_bit() {
    // 100 bytes are 10 ms at 80 kbit/s.
    let rate = Rate { bits_per_second: 80_000, queue: 500 * MS };
    let mut way = Way::new(Profile { rate: Some(rate), delay: 5 * MS, ..Profile::default() });
    for number in 0..3 {
        way.push(number, 100);
    }
    assert_eq!(way.rest(), [(0, 15 * MS), (1, 25 * MS), (2, 35 * MS)]);
    // A link that had nothing to do is free at once.
    way.pass(200 * MS);
    let now = way.now;
    way.push(3, 200);
    assert_eq!(way.rest(), [(3, now + 25 * MS)]);
}

#[test]
fn what_would_wait_longer_than_the_queue_may_be_is_dropped() {
    let rate = Rate { bits_per_second: 80_000, queue: 50 * MS };
    let mut way = Way::new(Profile { rate: Some(rate), ..Profile::default() });
    for number in 0..20 {
        way.push(number, 100);
    }
    let arrived = way.rest();
    // The one on the link, and five that wait up to 50 ms.
    assert_eq!(arrived.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(way.impairment.counts().dropped, 14);
    // Twice what it carries comes in: half arrives, none of it later than the queue is long.
    let arrived = way.send(1000, 5 * MS);
    assert!((share(&arrived, 1000) - 0.5).abs() < 0.01);
}

#[test]
fn what_is_lost_takes_no_room_on_the_link() {
    let rate = Rate { bits_per_second: 80_000, queue: 20 * MS };
    let mut way = Way::new(Profile { rate: Some(rate), loss: Loss::Uniform(0.5), ..Profile::default() });
    let arrived = way.send(4000, 5 * MS);
    // Half is lost, and the other half is just what the link carries; a queue of two loses a part of it.
    assert!(share(&arrived, 4000) > 0.4, "{}", arrived.len());
}

#[test]
fn an_outage_lets_nothing_through_while_it_lasts() {
    let mut way = Way::new(Profile { outage: Outage::Repeated { up: 100 * MS, down: 50 * MS }, ..Profile::default() });
    let arrived: Vec<u32> = way.send(30, 10 * MS).into_iter().map(|(number, _)| number).collect();
    assert_eq!(arrived, [(0..10), (15..25)].into_iter().flatten().collect::<Vec<_>>());
    assert_eq!(way.impairment.counts().cut, 10);
    way.set(Profile { outage: Outage::Always, ..Profile::default() });
    assert_eq!(way.send(10, MS), []);
}

#[test]
fn a_copy_travels_by_itself() {
    let mut way =
        Way::new(Profile { duplicate: 1.0, jitter: Jitter { most: 50 * MS, ..Jitter::default() }, ..Profile::default() });
    let arrived = way.send(50, 100 * MS);
    assert_eq!(arrived.len(), 100);
    assert!(arrived.chunks(2).all(|pair| pair[0].0 == pair[1].0));
    assert!(arrived.chunks(2).filter(|pair| pair[0].1 != pair[1].1).count() > 45);
    assert_eq!(way.impairment.counts().doubled, 50);
}

#[test]
fn a_share_is_overtaken_also_where_jitter_keeps_the_order() {
    let reorder = Reorder { share: 0.1, by: 35 * MS };
    let jitter = Jitter { order: Order::Kept, ..Jitter::default() };
    let arrived = Way::new(Profile { delay: 10 * MS, reorder, jitter, ..Profile::default() }).send(5000, 10 * MS);
    let held: Vec<u32> =
        arrived.iter().filter(|(number, at)| *at - *number * 10 * MS == 45 * MS).map(|(number, _)| *number).collect();
    assert!((400..600).contains(&held.len()), "{}", held.len());
    // Each is behind the three that were sent after it, unless those were held back too.
    let place = |wanted: u32| arrived.iter().position(|(number, _)| *number == wanted);
    let others = held.iter().filter(|number| !held.contains(&(**number + 3)) && **number < 4990);
    assert!(others.into_iter().all(|number| place(*number) > place(number + 3)));
}

#[test]
fn what_is_under_way_arrives_as_if_the_profile_had_not_changed() {
    let mut way = Way::new(Profile { delay: 100 * MS, ..Profile::default() });
    way.push(0, 100);
    way.pass(10 * MS);
    way.set(Profile { outage: Outage::Always, ..Profile::default() });
    way.push(1, 100);
    way.pass(10 * MS);
    way.set(Profile::default());
    way.push(2, 100);
    assert_eq!(way.rest(), [(2, 20 * MS), (0, 100 * MS)]);
}

#[test]
fn a_flood_into_a_long_delay_is_bounded() {
    let mut way = Way::new(Profile { delay: 1000 * MS, ..Profile::default() });
    for _ in 0..MOST_HELD + 10 {
        way.push(0, 4);
    }
    assert_eq!(way.impairment.counts().dropped, 10);
    assert_eq!(way.rest().len(), MOST_HELD);
}

fn profiles() -> impl Strategy<Value = Profile> {
    let loss = prop_oneof![
        Just(Loss::None),
        (-1.0..2.0).prop_map(Loss::Uniform),
        [0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0].prop_map(|[begin, end, loss_between, loss_within]| {
            Loss::Bursts(Bursts { begin, end, loss_between, loss_within })
        }),
    ];
    let time = |most: u64| (0..most).prop_map(Duration::from_millis);
    let outage = prop_oneof![
        Just(Outage::None),
        Just(Outage::Always),
        (time(100), time(100)).prop_map(|(up, down)| Outage::Repeated { up, down })
    ];
    let rate = proptest::option::of((0..1_000_000u64, time(500)))
        .prop_map(|rate| rate.map(|(bits_per_second, queue)| Rate { bits_per_second, queue }));
    let jitter =
        (time(500), prop_oneof![Just(Order::Free), Just(Order::Kept)]).prop_map(|(most, order)| Jitter { most, order });
    let reorder = (0.0..1.0, time(100)).prop_map(|(share, by)| Reorder { share, by });
    (outage, loss, rate, time(500), jitter, reorder, -1.0..2.0).prop_map(
        |(outage, loss, rate, delay, jitter, reorder, duplicate)| Profile {
            outage,
            loss,
            rate,
            delay,
            jitter,
            reorder,
            duplicate,
        },
    )
}

proptest! {
    #[test]
    fn every_packet_is_accounted_for_whatever_the_profiles(
        seed: u64,
        steps in proptest::collection::vec((profiles(), 1..40u32), 1..6),
    ) {
        let mut way = Way::seeded(seed, Profile::default());
        let mut arrived = 0;
        for (profile, count) in steps {
            way.set(profile);
            for number in 0..count {
                way.push(number, 40 + number as usize * 30);
                arrived += way.pass(7 * MS).len() as u64;
            }
        }
        arrived += way.rest().len() as u64;
        let Counts { taken, cut, lost, dropped, doubled, given, .. } = way.impairment.counts();
        prop_assert_eq!(given, arrived);
        prop_assert_eq!(taken + doubled, cut + lost + dropped + given);
        prop_assert_eq!(way.impairment.poll_timeout(), None);
    }
}
