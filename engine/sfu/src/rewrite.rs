//! Renumbering of the packets that go into one slot: one unbroken line of sequence numbers, RTP times and wallclocks,
//! whoever is in the slot; it does not decide who that is.
//!
//! Within one source every gap of the source is a gap of the slot, so that lost packets can be asked for. At a switch the
//! numbers go on by one.
//!
//! Time is the harder part. A receiver learns from sender reports which wallclock belongs to an RTP time, smooths that over
//! many reports, and plays the two lines of a pair in sync by it. So the relation must not jump at a switch. What a slot
//! says is captured at `c` was therefore captured at `c - delay`, where the delay is chosen at the switch such that the
//! line goes on:
//!
//! * in an audio slot RTP time goes on by the time that passed between the arrivals, in whole Opus frames, because that is
//!   what a jitter buffer does not notice;
//! * a video slot takes over the delay of the audio slot of its pair, when the same publisher is in there: equal delays are
//!   lip sync. Where that would let time run backwards it starts with a greater delay and comes down by a few
//!   milliseconds a frame.

use std::time::{Duration, Instant};

use rtc_protocol::{MediaKind, SessionId};

use crate::PacketInfo;

/// The line of one slot.
#[derive(Debug)]
pub(crate) struct Rewriter {
    kind: MediaKind,
    next_seq: u64,
    /// The newest packet that went out.
    newest: Option<Sent>,
    mapping: Option<Mapping>,
    /// Audio: ticks by which the rounding of steps has put RTP time ahead of the arrivals.
    ahead: i64,
    /// Audio: packets that were skipped because they came too soon after the one before the switch.
    skipped: u8,
}

#[derive(Debug, Clone, Copy)]
struct Sent {
    time: u64,
    wallclock: Instant,
    arrived: Instant,
}

/// How the present source is mapped. Offsets wrap, so that one addition serves both directions.
#[derive(Debug)]
struct Mapping {
    publisher: SessionId,
    ssrc: u32,
    first_seq: u64,
    newest_seq: u64,
    newest_time: u64,
    seq_offset: u64,
    times: TimeOffsets,
    delay: Nanos,
}

/// A difference of two instants.
type Nanos = i64;

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It goes out with these numbers.
    Send { seq: u64, time: u64, wallclock: Instant },
    /// It is not wanted here.
    Drop,
    /// The source was started anew and this is no packet to start with: nothing flows until one comes.
    Broken,
}

impl Rewriter {
    pub(crate) fn new(kind: MediaKind) -> Self {
        Self { kind, next_seq: FIRST_SEQ, newest: None, mapping: None, ahead: 0, skipped: 0 }
    }

    /// The source leaves the slot; the next packet starts another.
    pub(crate) fn leave(&mut self) {
        self.mapping = None;
        self.skipped = 0;
    }

    /// The delay at which a publisher is played in this slot, when it is he who is in it.
    pub(crate) fn delay_of(&self, publisher: SessionId) -> Option<Nanos> {
        self.mapping.as_ref().filter(|m| m.publisher == publisher).map(|m| m.delay)
    }

    /// Whether [`Self::handle`] would read its `delay` for this packet.
    pub(crate) fn asks_for_delay(&self, packet: &PacketInfo) -> bool {
        self.kind == MediaKind::Video
            && self.mapping.as_ref().is_none_or(|m| packet.time > m.newest_time || m.is_broken_by(packet))
    }

    /// Maps a packet of the source that is in the slot. `delay` is the one of the paired audio slot, if it plays the same
    /// publisher.
    pub(crate) fn handle(&mut self, packet: &PacketInfo, delay: Option<Nanos>) -> Outcome {
        if self.mapping.as_ref().is_some_and(|m| m.is_broken_by(packet)) {
            self.leave();
        }
        let Some(mapping) = &mut self.mapping else {
            return match self.kind {
                MediaKind::Audio => self.start_audio(packet),
                MediaKind::Video if packet.keyframe => self.start_video(packet, delay.unwrap_or(HOME_DELAY)),
                MediaKind::Video => Outcome::Broken,
            };
        };
        if packet.seq < mapping.first_seq {
            return Outcome::Drop;
        }
        if let Some(delay) = delay
            && self.kind == MediaKind::Video
            && packet.time > mapping.newest_time
        {
            mapping.approach(delay, packet);
        }
        let Some(time_offset) = mapping.times.at(packet.time) else { return Outcome::Drop };
        mapping.newest_seq = mapping.newest_seq.max(packet.seq);
        mapping.newest_time = mapping.newest_time.max(packet.time);
        let seq = packet.seq.wrapping_add(mapping.seq_offset);
        let time = packet.time.wrapping_add(time_offset);
        let wallclock = shifted(packet.captured, mapping.delay);
        self.sent(packet, seq, time, wallclock)
    }

    /// A packet of the source that is in the slot is not worth sending. The line goes on without a gap of numbers, as it does
    /// where the source itself sends nothing; time passes.
    pub(crate) fn pass_over(&mut self, packet: &PacketInfo) {
        let Some(mapping) = self.mapping.as_mut().filter(|m| !m.is_broken_by(packet)) else { return };
        if packet.seq > mapping.newest_seq {
            // What was lost before it would fall onto numbers that are taken: it is given up.
            mapping.first_seq = packet.seq.saturating_add(1);
            mapping.seq_offset = self.next_seq.wrapping_sub(mapping.first_seq);
            mapping.newest_seq = packet.seq;
            mapping.newest_time = mapping.newest_time.max(packet.time);
        }
    }

    fn start_audio(&mut self, packet: &PacketInfo) -> Outcome {
        let rate = packet.clock_rate;
        let Some(before) = self.newest else {
            return self.start(packet, FIRST_TIME, shifted(packet.captured, HOME_DELAY));
        };
        let frame = i64::from(rate.max(50)) / 50;
        let continued = shifted(before.wallclock, between(packet.arrived, before.arrived));
        let off_home = between(continued, packet.captured).saturating_sub(HOME_DELAY);
        // Delays wander a little with each switch. A frame more or less now and then brings them back before they could
        // put the wallclock ahead of now.
        let correction = if off_home.saturating_abs() > FAR_FROM_HOME { -off_home.signum() * frame } else { 0 };
        let ideal = ticks(between(packet.arrived, before.arrived), rate) - self.ahead + correction;
        let frames = (ideal + frame / 2).div_euclid(frame);
        if frames < 1 && self.skipped < 2 {
            // Two packets in less than half a frame: to stretch time for the second would make every switch add delay.
            self.skipped += 1;
            return Outcome::Drop;
        }
        let step = frames.max(1).saturating_mul(frame);
        self.ahead = (step - ideal).clamp(-frame, frame);
        let time = before.time.wrapping_add_signed(step);
        self.start(packet, time, shifted(before.wallclock, nanos(step, rate)))
    }

    fn start_video(&mut self, packet: &PacketInfo, delay: Nanos) -> Outcome {
        let rate = packet.clock_rate;
        let ideal = shifted(packet.captured, delay);
        let Some(before) = self.newest else { return self.start(packet, FIRST_TIME, ideal) };
        let step = ticks(between(ideal, before.wallclock), rate).max(i64::from(rate) / 90);
        let time = before.time.wrapping_add_signed(step);
        self.start(packet, time, shifted(before.wallclock, nanos(step, rate)))
    }

    fn start(&mut self, packet: &PacketInfo, time: u64, wallclock: Instant) -> Outcome {
        let seq = self.next_seq;
        self.skipped = 0;
        self.mapping = Some(Mapping {
            publisher: packet.layer.source.publisher,
            ssrc: packet.ssrc,
            first_seq: packet.seq,
            newest_seq: packet.seq,
            newest_time: packet.time,
            seq_offset: seq.wrapping_sub(packet.seq),
            times: TimeOffsets::new(time.wrapping_sub(packet.time)),
            delay: between(wallclock, packet.captured),
        });
        self.sent(packet, seq, time, wallclock)
    }

    fn sent(&mut self, packet: &PacketInfo, seq: u64, time: u64, wallclock: Instant) -> Outcome {
        // A sender report for an instant that is still to come cannot be made.
        let wallclock = wallclock.min(packet.arrived);
        if seq >= self.next_seq {
            self.next_seq = seq + 1;
            self.newest = Some(Sent { time, wallclock, arrived: packet.arrived });
        }
        Outcome::Send { seq, time, wallclock }
    }
}

impl Mapping {
    /// Another SSRC, or a jump that no network makes (RFC 3550, A.1, calls 3000 a dropout).
    fn is_broken_by(&self, packet: &PacketInfo) -> bool {
        packet.ssrc != self.ssrc || packet.seq.abs_diff(self.newest_seq) > MAX_JUMP
    }

    /// Brings the delay nearer to the wanted one, at the beginning of a frame.
    fn approach(&mut self, wanted: Nanos, packet: &PacketInfo) {
        let off = self.delay.saturating_sub(wanted);
        if off.saturating_abs() < CLOSE_ENOUGH {
            return;
        }
        let gap = i64::try_from(packet.time - self.newest_time).map_or(Nanos::MAX, |t| nanos(t, packet.clock_rate));
        let most = (gap / 4).min(FASTEST_APPROACH);
        // In whole ticks, so that RTP time and wallclock stay together.
        let change = ticks(off.clamp(-most, most), packet.clock_rate);
        self.delay = self.delay.saturating_sub(nanos(change, packet.clock_rate));
        self.times.change(packet.time, change.wrapping_neg());
    }
}

/// Offsets between the source's RTP time and the slot's, with the source times from which on they hold: a packet that comes
/// late must bear the time of its frame.
#[derive(Debug)]
struct TimeOffsets {
    ring: [(u64, u64); 8],
    newest: u8,
}

impl TimeOffsets {
    fn new(offset: u64) -> Self {
        Self { ring: [(0, offset); 8], newest: 0 }
    }

    fn change(&mut self, from: u64, by: i64) {
        let (_, offset) = self.ring[usize::from(self.newest)];
        self.newest = (self.newest + 1) % 8;
        self.ring[usize::from(self.newest)] = (from, offset.wrapping_add_signed(by));
    }

    /// Nothing for a packet so late that its frame's offset is forgotten: with another one it would spoil the frame.
    fn at(&self, time: u64) -> Option<u64> {
        let from_newest = (0..8u8).map(|age| self.ring[usize::from((self.newest + 8 - age) % 8)]);
        from_newest.into_iter().find(|(from, _)| time >= *from).map(|(_, offset)| offset)
    }
}

fn between(later: Instant, earlier: Instant) -> Nanos {
    let size = |d: Duration| Nanos::try_from(d.as_nanos()).unwrap_or(Nanos::MAX);
    match later.checked_duration_since(earlier) {
        Some(d) => size(d),
        None => -size(earlier.duration_since(later)),
    }
}

/// An instant moved. One that would lie before the clock's beginning, or beyond its end, stays where it is.
fn shifted(instant: Instant, by: Nanos) -> Instant {
    let size = Duration::from_nanos(by.unsigned_abs());
    let moved = if by < 0 { instant.checked_sub(size) } else { instant.checked_add(size) };
    moved.unwrap_or(instant)
}

fn ticks(nanos: Nanos, rate: u32) -> i64 {
    // Within i64: nanoseconds shrink by more than any clock rate grows them (10^9 > 90000).
    (i128::from(nanos) * i128::from(rate) / 1_000_000_000) as i64
}

fn nanos(ticks: i64, rate: u32) -> Nanos {
    let exact = i128::from(ticks) * 1_000_000_000 / i128::from(rate.max(1));
    Nanos::try_from(exact).unwrap_or(if exact < 0 { Nanos::MIN } else { Nanos::MAX })
}

/// SRTP counts roll-overs of the 16-bit number from 0, so the first one must be below 65536.
const FIRST_SEQ: u64 = 1000;
const FIRST_TIME: u64 = 960_000;
/// Slots say that everything was captured half a second before it was, so that no correction reaches into the future.
const HOME_DELAY: Nanos = -500_000_000;
const FAR_FROM_HOME: Nanos = 250_000_000;
const CLOSE_ENOUGH: Nanos = 1_000_000;
const FASTEST_APPROACH: Nanos = 10_000_000;
const MAX_JUMP: u64 = 3000;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use rtc_protocol::{Layer, Track, TrackRef};

    use super::*;
    use crate::LayerRef;

    fn packet(kind: MediaKind, source: u64, seq: u64, time: u64, now: Instant) -> PacketInfo {
        let (track, clock_rate) = if kind == MediaKind::Audio { (Track::Microphone, 48_000) } else { (Track::Camera, 90_000) };
        let source_ref = TrackRef { publisher: SessionId(source), track };
        PacketInfo {
            layer: LayerRef { source: source_ref, layer: Layer::Big },
            ssrc: source as u32,
            seq,
            time,
            clock_rate,
            size: 100,
            marker: true,
            keyframe: false,
            level: None,
            captured: now - Duration::from_millis(source * 13),
            arrived: now,
        }
    }

    /// What the network does with the packets of the source that is in the slot.
    #[derive(Debug, Clone)]
    enum Event {
        Pass,
        Lose(u8),
        /// One of the lost comes late.
        Late(u8),
        Switch(u64),
        Wait(u16),
        Delay(i32),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            8 => Just(Event::Pass),
            2 => (1..20u8).prop_map(Event::Lose),
            3 => any::<u8>().prop_map(Event::Late),
            2 => (1..4u64).prop_map(Event::Switch),
            1 => (0..3000u16).prop_map(Event::Wait),
            1 => (-300..300i32).prop_map(Event::Delay),
        ]
    }

    proptest! {
        /// The model: a switch begins at the highest number so far plus one, and within a stay numbers differ as the
        /// source's do.
        #[test]
        fn numbers_grow_never_repeat_and_keep_gaps(events in proptest::collection::vec(event(), 1..200), is_audio: bool) {
            let kind = if is_audio { MediaKind::Audio } else { MediaKind::Video };
            let frame = if is_audio { 960 } else { 3000 };
            let mut now = Instant::now() + Duration::from_secs(10_000);
            let mut slot = Rewriter::new(kind);
            let mut next: BTreeMap<u64, (u64, u64)> = (1..4).map(|n| (n, (n * 70_000, n << 33))).collect();
            let mut who = 1;
            let mut stay: Option<(u64, u64)> = None;
            let mut sent: BTreeMap<u64, u64> = BTreeMap::new();
            let mut highest = 999;
            let mut delay = None;
            let mut lost: Vec<(u64, u64)> = Vec::new();
            let mut used = BTreeSet::new();
            for event in events {
                let (late, packet) = match event {
                    Event::Wait(millis) => {
                        now += Duration::from_millis(millis.into());
                        continue;
                    }
                    Event::Delay(millis) => {
                        delay = Some(HOME_DELAY + i64::from(millis) * 1_000_000);
                        continue;
                    }
                    Event::Lose(n) => {
                        let (seq, time) = next.get_mut(&who).expect("there are three");
                        for _ in 0..n {
                            lost.push((*seq, *time));
                            *seq += 1;
                            *time += frame;
                        }
                        continue;
                    }
                    Event::Switch(to) => {
                        slot.leave();
                        (who, stay) = (to, None);
                        lost.clear();
                        continue;
                    }
                    Event::Late(n) => {
                        let Some(&(seq, time)) = lost.get(usize::from(n) % lost.len().max(1)) else { continue };
                        (true, packet(kind, who, seq, time, now))
                    }
                    Event::Pass => {
                        now += Duration::from_millis(20);
                        let (seq, time) = next.get_mut(&who).expect("there are three");
                        let p = packet(kind, who, *seq, *time, now);
                        (*seq, *time) = (*seq + 1, *time + frame);
                        (false, p)
                    }
                };
                if late && stay.is_none() {
                    continue;
                }
                let keyframe = stay.is_none();
                match slot.handle(&PacketInfo { keyframe, ..packet }, delay) {
                    Outcome::Drop => {
                        let too_old = stay.is_some_and(|(first, _)| packet.seq < first);
                        let too_soon = is_audio && stay.is_none();
                        let frame_forgotten = late && !is_audio;
                        prop_assert!(too_old || too_soon || frame_forgotten, "nothing else is dropped");
                    }
                    Outcome::Broken => prop_assert!(false, "nothing here is broken"),
                    Outcome::Send { seq, time, wallclock } => {
                        let (first_source, first_slot) = *stay.get_or_insert((packet.seq, highest + 1));
                        prop_assert_eq!(seq, first_slot + (packet.seq - first_source));
                        prop_assert!(late || used.insert(seq), "each number once");
                        prop_assert!(wallclock <= now);
                        if let Some((_, before)) = sent.range(..seq).next_back() {
                            prop_assert!(time > *before, "later numbers bear later times");
                        }
                        if let Some((_, after)) = sent.range(seq + 1..).next() {
                            prop_assert!(time < *after);
                        }
                        sent.insert(seq, time);
                        highest = highest.max(seq);
                    }
                }
            }
        }

        #[test]
        fn no_numbers_make_it_panic(packets in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<bool>(), 0..3u64, any::<i64>()), 1..40), is_audio: bool) {
            let kind = if is_audio { MediaKind::Audio } else { MediaKind::Video };
            let now = Instant::now();
            let mut slot = Rewriter::new(kind);
            for (seq, time, keyframe, source, delay) in packets {
                let packet = PacketInfo { keyframe, captured: now, ..packet(kind, source, seq, time, now + Duration::from_secs(60)) };
                slot.pass_over(&packet);
                slot.handle(&packet, Some(delay));
            }
        }
    }

    #[test]
    fn late_packets_bear_the_time_of_their_frame_while_the_delay_changes() {
        let start = Instant::now() + Duration::from_secs(1000);
        let mut slot = Rewriter::new(MediaKind::Video);
        let mut times = BTreeMap::new();
        for n in 0..12u64 {
            let now = start + Duration::from_millis(40 * n);
            // Two packets a frame; the second of each frame comes three frames late.
            let p = PacketInfo { keyframe: n == 0, ..packet(MediaKind::Video, 1, 2 * n, 3600 * n, now) };
            let Outcome::Send { time, .. } = slot.handle(&p, Some(HOME_DELAY - 80_000_000)) else { panic!("it is in order") };
            times.insert(n, time);
            if let Some(frame) = n.checked_sub(3) {
                let late = packet(MediaKind::Video, 1, 2 * frame + 1, 3600 * frame, now);
                let Outcome::Send { time, .. } = slot.handle(&late, Some(HOME_DELAY)) else { panic!("it is not too late") };
                assert_eq!(time, times[&frame]);
            }
        }
    }

    /// Sends a packet, which must go out.
    fn send(slot: &mut Rewriter, p: &PacketInfo, delay: Option<Nanos>) -> (u64, Instant) {
        match slot.handle(p, delay) {
            Outcome::Send { time, wallclock, .. } => (time, wallclock),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn steps_that_are_always_rounded_the_same_way_do_not_add_up() {
        let start = Instant::now() + Duration::from_secs(1000);
        let mut slot = Rewriter::new(MediaKind::Audio);
        let p = PacketInfo { captured: start, ..packet(MediaKind::Audio, 1, 1, 0, start) };
        let (first, _) = send(&mut slot, &p, None);
        let mut now = start;
        for n in 2..200u64 {
            // Everybody says one packet, 33 ms after the one before: that is neither one Opus frame nor two.
            now += Duration::from_millis(33);
            slot.leave();
            let p = PacketInfo { captured: now, ..packet(MediaKind::Audio, n, 1, 0, now) };
            let (time, _) = send(&mut slot, &p, None);
            let ahead = (time - first) as f64 / 48.0 - (now - start).as_secs_f64() * 1e3;
            assert!(ahead.abs() < 10.01, "{ahead} ms ahead after {n} switches");
        }
    }

    #[test]
    fn delays_that_wander_with_each_switch_stay_behind_now() {
        let mut now = Instant::now() + Duration::from_secs(1000);
        let mut slot = Rewriter::new(MediaKind::Audio);
        for n in 1..300u64 {
            slot.leave();
            // The first packet of each stay was on its way 15 ms longer than the last.
            for (seq, transit) in [(1, 15), (2, 0)] {
                now += Duration::from_millis(20);
                let captured = now - Duration::from_millis(transit);
                let p = PacketInfo { captured, ..packet(MediaKind::Audio, n, seq, seq * 960, now) };
                if let Outcome::Send { wallclock, .. } = slot.handle(&p, None) {
                    let behind = now - wallclock;
                    assert!((150..900).contains(&behind.as_millis()), "{behind:?} behind after {n} switches");
                }
            }
        }
    }

    #[test]
    fn a_picture_starts_with_the_delay_of_its_sound() {
        let now = Instant::now() + Duration::from_secs(1000);
        let delay = HOME_DELAY - 70_000_000;
        let mut slot = Rewriter::new(MediaKind::Video);
        for (n, at) in [(1, now), (2, now + Duration::from_secs(1))] {
            slot.leave();
            let p = PacketInfo { keyframe: true, ..packet(MediaKind::Video, n, 1, 0, at) };
            let (_, wallclock) = send(&mut slot, &p, Some(delay));
            let off = between(wallclock, p.captured) - delay;
            assert!(off.abs() < CLOSE_ENOUGH, "{off} ns off");
        }
    }
}
