use std::num::NonZeroU32;

use super::*;

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A pacer that believes this estimate.
fn pacer(now: Instant, estimate: u64) -> Pacer<u32> {
    let mut pacer = Pacer::new(now, PacerSettings::default());
    pacer.rate = Some(estimate * 5 / 2);
    pacer
}

/// Packets of 1200 bytes that come at once: the times and sizes of the bursts in which they leave.
fn bursts(pacer: &mut Pacer<u32>, start: Instant, packets: u32) -> Vec<(u64, usize)> {
    let mut bursts = Vec::new();
    let at_once = (0..packets).filter(|n| match pacer.admit(start, Class::Picture, 1200) {
        Some(_) => true,
        None => {
            pacer.push(start, Class::Picture, 1200, *n).expect("there is room");
            false
        }
    });
    bursts.push((0, at_once.count()));
    while let Some(due) = pacer.poll_timeout() {
        let count = std::iter::from_fn(|| pacer.poll(due)).count();
        assert!(count > 0, "a timer for nothing at {:?}", due - start);
        bursts.push(((due - start).as_millis() as u64, count));
    }
    bursts
}

#[test]
fn while_nothing_is_known_nothing_waits() {
    let now = Instant::now();
    let mut pacer = Pacer::<u32>::new(now, PacerSettings::default());
    assert!((0..1000).all(|_| pacer.admit(now, Class::Picture, 1200).is_some()));
    assert_eq!(pacer.poll_timeout(), None);
}

#[test]
fn who_sends_little_needs_no_timer() {
    let start = Instant::now();
    let mut pacer = pacer(start, 1_000_000);
    for n in 0..300 {
        let now = start + ms(33) * n;
        assert!((0..2).all(|_| pacer.admit(now, Class::Picture, 1200).is_some()), "picture {n}");
        assert!(pacer.admit(now + ms(15), Class::Sound, 100).is_some());
        assert_eq!(pacer.poll_timeout(), None);
    }
}

#[test]
fn a_large_picture_leaves_in_bursts_at_two_and_a_half_times_the_estimate() {
    let start = Instant::now();
    // 5 ms at 25 Mbit/s are 13 packets.
    let found = bursts(&mut pacer(start, 10_000_000), start, 100);
    assert!(found[..found.len() - 1].iter().all(|(_, count)| *count == 14), "{found:?}");
    let (last, _) = found[found.len() - 1];
    assert!((35..40).contains(&last), "{found:?}: 120 kB at 25 Mbit/s take 38 ms");
    // On a narrow network they are small, but two packets still leave together.
    let found = bursts(&mut pacer(start, 300_000), start, 20);
    assert!(found.iter().all(|(_, count)| *count == 2), "{found:?}");
    assert!((220..260).contains(&found[9].0), "{found:?}: 24 kB at 750 kbit/s take 256 ms");
}

#[test]
fn sound_does_not_wait_and_repairs_leave_before_pictures() {
    let start = Instant::now();
    let mut pacer = pacer(start, 300_000);
    bursts(&mut pacer, start, 2);
    for n in 0..3 {
        assert!(pacer.admit(start, Class::Picture, 1200).is_none());
        pacer.push(start, Class::Picture, 1200, n).expect("there is room");
    }
    pacer.push(start, Class::Repair, 1200, 9).expect("there is room");
    assert!(pacer.admit(start, Class::Sound, 100).is_some());
    let mut items = Vec::new();
    while let Some(due) = pacer.poll_timeout() {
        items.extend(std::iter::from_fn(|| pacer.poll(due)).map(|released| released.item));
    }
    assert_eq!(items, [9, 0, 1, 2]);
}

#[test]
fn a_picture_does_not_overtake_those_that_wait() {
    let start = Instant::now();
    let mut pacer = pacer(start, 300_000);
    assert!((0..2).all(|_| pacer.admit(start, Class::Picture, 1200).is_some()));
    assert!(pacer.admit(start, Class::Picture, 1200).is_none());
    pacer.push(start, Class::Picture, 1200, 0).expect("there is room");
    assert!(pacer.admit(start + ms(100), Class::Picture, 1200).is_none());
    assert!(pacer.poll(start + ms(100)).is_some());
}

#[test]
fn nothing_waits_much_longer_than_is_allowed() {
    let start = Instant::now();
    // 600 kB at 250 kbit/s would take 19 s.
    let found = bursts(&mut pacer(start, 100_000), start, 500);
    let (last, _) = found[found.len() - 1];
    assert!((1500..2200).contains(&last), "{last} ms");
}

#[test]
fn more_than_is_allowed_is_given_back() {
    let start = Instant::now();
    let mut pacer = pacer(start, 100_000);
    assert_eq!(pacer.push(start, Class::Picture, 900_000, 1), Ok(()));
    assert_eq!(pacer.push(start, Class::Picture, 200_000, 2), Err(2));
    assert_eq!((pacer.waiting(), pacer.oldest(start + ms(7))), (900_000, Some(ms(7))));
}

#[test]
fn when_the_estimate_is_lost_what_waits_leaves() {
    let start = Instant::now();
    let mut pacer = pacer(start, 100_000);
    pacer.push(start, Class::Picture, 100_000, 1).expect("there is room");
    pacer.rate = None;
    let due = pacer.poll_timeout().expect("something waits");
    assert!(due <= start && pacer.poll(start).is_some());
}

#[test]
fn padding_makes_up_for_what_is_not_sent() {
    let start = Instant::now();
    let mut pacer = pacer(start, 2_000_000);
    pacer.padding = 800_000;
    let (mut media, mut padding, mut asked) = (0, 0, 0);
    for n in 0..2000 {
        let now = start + ms(n);
        // 300 kbit/s in pictures.
        if n % 40 == 0 {
            media += 1500;
            pacer.admit(now, Class::Picture, 1500);
        }
        if pacer.poll_timeout().is_some_and(|due| due <= now)
            && let Some(Padding { bytes }) = pacer.poll_padding(now)
        {
            asked += 1;
            padding += bytes;
            pacer.admit(now, Class::Padding, bytes);
        }
    }
    assert!((media + padding).abs_diff(200_000) < 5_000, "{media} and {padding} in two seconds");
    assert!(asked < 210, "{asked} times");
}

#[test]
fn who_cannot_pad_is_not_asked_without_end() {
    let start = Instant::now();
    let mut pacer = pacer(start, 2_000_000);
    pacer.padding = 800_000;
    let mut due = start;
    for _ in 0..10 {
        pacer.poll_padding(due + ms(10));
        let next = pacer.poll_timeout().expect("padding is wanted");
        assert!(next >= due + ms(10), "{:?}", next - start);
        due = next;
    }
    assert!(due >= start + ms(200));
}

#[test]
fn a_probe_leaves_at_its_rate_and_takes_what_there_is_with_it() {
    let start = Instant::now();
    let mut pacer = pacer(start, 300_000);
    let probe = Probe { id: ProbeId(NonZeroU32::MIN), rate: 1_000_000, bytes: 2500, packets: 5, patience: ms(1000) };
    pacer.probing = Some(Probing { probe, begun: None, bytes: 0, packets: 0, until: start + ms(1000) });
    let departure = pacer.admit(start, Class::Picture, 500).expect("it may leave");
    assert_eq!(departure.probe, Some(ProbeId(NonZeroU32::MIN)));
    let mut times = Vec::new();
    while pacer.probing.is_some() {
        let due = pacer.poll_timeout().expect("it is under way");
        let Padding { bytes } = pacer.poll_padding(due).expect("it is due");
        pacer.admit(due, Class::Padding, bytes);
        times.push((due - start).as_micros());
    }
    assert_eq!(times[0], 4000, "500 bytes at a megabit");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 1600), "{times:?}");
    assert!((18_000..20_500).contains(times.last().expect("there were some")), "{times:?}");
    assert_eq!(pacer.admit(start + ms(30), Class::Picture, 500), Some(Departure { probe: None }));
}

#[test]
fn a_probe_that_does_not_come_about_is_dropped() {
    let start = Instant::now();
    let mut pacer = pacer(start, 300_000);
    let probe = Probe { id: ProbeId(NonZeroU32::MIN), rate: 1_000_000, bytes: 2500, packets: 5, patience: ms(1000) };
    pacer.probing = Some(Probing { probe, begun: None, bytes: 0, packets: 0, until: start + ms(1000) });
    assert!(pacer.poll_padding(start).is_some());
    assert_eq!(pacer.poll_padding(start + ms(1000)), None);
    assert_eq!(pacer.poll_timeout(), None);
}
