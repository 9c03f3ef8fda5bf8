//! Stories of voices on bad networks, in virtual time.

use std::time::{Duration, Instant};

use rtc_red::{Repeater, Restorer};

use super::*;
use crate::opus::Decoder;
use crate::tone::Random;
use crate::{Channels, Encoder, MarkDetector, MarkSource, Packet, Quality, Tone, from_float, tone_share};

/// What a network does to packets.
#[derive(Clone, Copy)]
struct Network {
    loss: f64,
    /// How likely the packet behind a lost one is lost as well; 0 means as likely as any.
    burst: f64,
    /// The delay of each packet is drawn anew from 0 to this, which reorders them.
    jitter: Duration,
    duplicates: f64,
    seed: u64,
}

const PERFECT: Network = Network { loss: 0.0, burst: 0.0, jitter: Duration::ZERO, duplicates: 0.0, seed: 1 };

/// A packet on its way.
struct Flight {
    at: Duration,
    sequence: u16,
    timestamp: u32,
    payload: Vec<u8>,
}

/// A receiver, a clock, and everything that came out.
struct Story {
    receiver: Receiver,
    epoch: Instant,
    heard: Vec<i16>,
    /// How long 10 ms of the receiver's sound card last.
    tick: Duration,
}

impl Story {
    fn new() -> Self {
        Self { receiver: Receiver::default(), epoch: Instant::now(), heard: Vec::new(), tick: Duration::from_millis(10) }
    }

    /// Plays until a time, feeding what arrives before each pull.
    fn run(&mut self, mut flights: Vec<Flight>, until: Duration) {
        flights.sort_by_key(|flight| flight.at);
        let mut flights = flights.into_iter().peekable();
        let mut now = Duration::ZERO;
        while now < until {
            while let Some(flight) = flights.next_if(|flight| flight.at <= now) {
                let packet = Arrival { sequence: flight.sequence, timestamp: flight.timestamp, payload: &flight.payload };
                self.receiver.insert(packet, self.epoch + flight.at);
            }
            let block = self.receiver.pull(self.epoch + now);
            self.heard.extend_from_slice(block.to_channels(Channels::Mono).samples());
            now += self.tick;
        }
    }
}

/// Packets of 20 ms, one after the other, from sequence number and timestamp close to their wraps.
fn packets(encoder: &mut Encoder, seconds: usize, mut sound: impl FnMut() -> Block) -> Vec<Packet> {
    (0..seconds * 100).filter_map(|_| encoder.encode(&sound()).unwrap()).collect()
}

fn speech(seconds: usize) -> Vec<Packet> {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    encoder.set_discontinuous(false).unwrap();
    let mut tone = Tone::speech_like(1);
    packets(&mut encoder, seconds, || tone.block(Channels::Mono))
}

fn send(packets: &[Packet], network: Network) -> Vec<Flight> {
    let mut random = Random::new(network.seed);
    let mut lost_before = false;
    let mut flights = Vec::new();
    for (n, packet) in packets.iter().enumerate() {
        let likely = if lost_before && network.burst > 0.0 { network.burst } else { network.loss };
        let lost = random.unit() < likely;
        lost_before = lost;
        for _ in 0..1 + u32::from(random.unit() < network.duplicates) {
            let delay = network.jitter.mul_f64(random.unit());
            if !lost {
                flights.push(Flight {
                    at: Duration::from_micros(u64::from(packet.timestamp) * 1000 / 48) + delay,
                    sequence: 65_500u16.wrapping_add(n as u16),
                    timestamp: (u32::MAX - 10_000).wrapping_add(packet.timestamp),
                    payload: packet.payload.clone(),
                });
            }
        }
    }
    flights
}

/// How many of the marks that were sent once a second were heard.
fn marks(heard: &[i16]) -> Vec<u64> {
    let mut detector = MarkDetector::new();
    heard
        .chunks_exact(BLOCK)
        .filter_map(|samples| detector.push(&Block::new(Channels::Mono, samples)?))
        .map(|mark| mark.frame)
        .collect()
}

const BLOCK: usize = crate::BLOCK_FRAMES;

fn concealed(statistics: &Statistics) -> f64 {
    statistics.frames_concealed as f64 / statistics.frames_played as f64
}

#[test]
fn on_a_perfect_network_the_sound_is_what_a_decoder_makes_of_it_and_nothing_else() {
    let packets = speech(20);
    let mut story = Story::new();
    story.run(send(&packets, PERFECT), Duration::from_secs(20));

    let mut decoder = Decoder::new(Channels::Mono).unwrap();
    let mut plain = Vec::new();
    for packet in &packets {
        decoder.decode(&packet.payload, &mut plain).unwrap();
    }
    let plain: Vec<i16> = plain.into_iter().map(from_float).collect();
    // The first packet is played 40 ms after it came.
    let late = 4 * BLOCK;
    assert!(story.heard[..late].iter().all(|&sample| sample == 0));
    assert_eq!(story.heard[late..], plain[..story.heard.len() - late]);
    let statistics = story.receiver.statistics();
    assert_eq!(statistics.target_delay, Duration::from_millis(40));
    assert_eq!(statistics.packets_received, 1000);
    assert_eq!((statistics.packets_lost, statistics.packets_late, statistics.frames_concealed), (0, 0, 0));
}

#[test]
fn a_sound_card_that_takes_four_blocks_at_once_is_served_without_a_gap() {
    let mut story = Story::new();
    let mut flights = send(&speech(20), PERFECT).into_iter().peekable();
    for step in 0..500u32 {
        let now = Duration::from_millis(40) * step;
        while let Some(flight) = flights.next_if(|flight| flight.at <= now) {
            let packet = Arrival { sequence: flight.sequence, timestamp: flight.timestamp, payload: &flight.payload };
            story.receiver.insert(packet, story.epoch + flight.at);
        }
        for _ in 0..4 {
            story.receiver.pull(story.epoch + now);
        }
    }
    let statistics = story.receiver.statistics();
    assert!(concealed(&statistics) < 0.005, "{statistics:?}");
    assert_eq!(statistics.gaps, 0);
}

#[test]
fn lost_packets_are_mostly_recovered_from_the_packet_behind() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    encoder.set_expected_loss(20).unwrap();
    encoder.set_discontinuous(false).unwrap();
    encoder.set_bitrate(32_000).unwrap();
    let mut tone = Tone::speech_like(1);
    let packets = packets(&mut encoder, 30, || tone.block(Channels::Mono));
    let mut story = Story::new();
    story.run(send(&packets, Network { loss: 0.2, ..PERFECT }), Duration::from_secs(30));
    let statistics = story.receiver.statistics();
    assert!((250..350).contains(&statistics.packets_lost), "{statistics:?}");
    assert!(statistics.frames_corrected > 150 * 960, "{statistics:?}");
    assert!(concealed(&statistics) < 0.08, "{statistics:?}");
    assert_eq!(statistics.gaps, 0, "{statistics:?}");
}

#[test]
fn deep_redundancy_recovers_what_bursts_have_taken() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    encoder.set_expected_loss(50).unwrap();
    encoder.set_discontinuous(false).unwrap();
    encoder.set_deep_redundancy(Duration::from_secs(1)).unwrap();
    let mut tone = Tone::speech_like(1);
    let packets = packets(&mut encoder, 30, || tone.block(Channels::Mono));
    let mut story = Story::new();
    // Half of all packets, in bursts of three on average.
    let network = Network { loss: 0.33, burst: 0.67, ..PERFECT };
    story.run(send(&packets, network), Duration::from_secs(30));
    let statistics = story.receiver.statistics();
    assert!((650..850).contains(&statistics.packets_lost), "{statistics:?}");
    assert!(statistics.frames_deep > 300 * 960, "{statistics:?}");
    assert!(concealed(&statistics) < 0.10, "{statistics:?}");
}

/// The packets of a network that takes three of four, on which each carried the `earlier` before it.
fn restored(packets: &[Packet], earlier: usize) -> Vec<Flight> {
    let mut random = Random::new(4);
    let (mut repeater, mut restorer, mut flights) = (Repeater::new(), Restorer::default(), Vec::new());
    for (n, packet) in packets.iter().enumerate() {
        let at = Duration::from_micros(u64::from(packet.timestamp) * 1000 / 48);
        repeater.remember(n as u64, packet.timestamp, &packet.payload);
        if random.unit() < 0.75 {
            continue;
        }
        let Some(payload) = repeater.wrap(n as u64, 111, earlier, usize::MAX) else { continue };
        let took = restorer.take_wrapped(n as u64, 111, &payload, |frame| {
            let timestamp = packet.timestamp.wrapping_sub(frame.offset);
            flights.push(Flight { at, sequence: frame.seq as u16, timestamp, payload: frame.payload.to_vec() });
        });
        took.unwrap();
    }
    flights
}

#[test]
fn repeated_packets_bring_back_what_three_of_four_lost_ones_held() {
    for (earlier, most) in [(7, 0.16), (17, 0.02)] {
        let mut story = Story::new();
        let flights = restored(&speech(40), earlier);
        story.run(flights, Duration::from_secs(10));
        let early = story.receiver.statistics();

        let mut story = Story::new();
        story.run(restored(&speech(40), earlier), Duration::from_secs(40));
        let statistics = story.receiver.statistics();
        let settled = (statistics.frames_concealed - early.frames_concealed) as f64 / (30.0 * 48_000.0);
        assert!(settled < most, "{earlier}: {settled}, {statistics:?}");
        let stretched = statistics.frames_accelerated + statistics.frames_expanded;
        let stretched = (stretched - early.frames_accelerated - early.frames_expanded) as f64 / (30.0 * 48_000.0);
        assert!(stretched < 0.01, "{earlier}: the delay does not wander: {stretched}");
    }
}

#[test]
fn jitter_is_waited_for_and_the_rest_still_flows() {
    for jitter in [300, 1000, 2000] {
        let jitter = Duration::from_millis(jitter);
        let packets = speech(60);
        let mut story = Story::new();
        story.run(send(&packets, Network { jitter, ..PERFECT }), Duration::from_secs(20));
        let early = story.receiver.statistics();
        assert!(early.target_delay > jitter.mul_f64(0.8), "{jitter:?}: {early:?}");

        let mut story = Story::new();
        story.run(send(&packets, Network { jitter, ..PERFECT }), Duration::from_secs(60));
        let statistics = story.receiver.statistics();
        let settled = (statistics.frames_concealed - early.frames_concealed) as f64 / (40.0 * 48_000.0);
        assert!(settled < 0.10, "{jitter:?}: {settled}, {statistics:?}");
        assert_eq!(statistics.gaps, early.gaps, "{jitter:?}: {statistics:?}");
        assert!(statistics.packets_discarded == 0, "{jitter:?}: {statistics:?}");
    }
}

#[test]
fn loss_and_jitter_together_are_survived() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    encoder.set_expected_loss(40).unwrap();
    encoder.set_deep_redundancy(Duration::from_secs(1)).unwrap();
    encoder.set_discontinuous(false).unwrap();
    let mut tone = Tone::speech_like(1);
    let packets = packets(&mut encoder, 60, || tone.block(Channels::Mono));
    let mut story = Story::new();
    let network = Network { loss: 0.4, jitter: Duration::from_millis(700), ..PERFECT };
    story.run(send(&packets, network), Duration::from_secs(60));
    let statistics = story.receiver.statistics();
    assert!(concealed(&statistics) < 0.10, "{statistics:?}");
}

#[test]
fn reordered_and_doubled_packets_are_played_once_and_in_order() {
    let mut flights = send(&speech(20), Network { duplicates: 0.3, ..PERFECT });
    // Neighbours change places.
    for pair in flights.chunks_exact_mut(2) {
        (pair[0].at, pair[1].at) = (pair[1].at, pair[0].at);
    }
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(20));
    let statistics = story.receiver.statistics();
    assert_eq!((statistics.packets_lost, statistics.packets_late), (0, 0), "{statistics:?}");
    assert!((200..400).contains(&statistics.packets_duplicate), "{statistics:?}");
    assert_eq!(statistics.frames_concealed, 0, "{statistics:?}");
}

#[test]
fn clocks_that_disagree_are_followed_for_ten_minutes() {
    let packets = speech(20);
    for drift in [-200i64, 200] {
        let mut story = Story::new();
        story.tick = Duration::from_nanos((10_000_000 + drift * 10) as u64);
        // The same twenty seconds again and again.
        let many: Vec<Packet> =
            (0..600 * 50u32).map(|n| Packet { timestamp: n * 960, ..packets[n as usize % packets.len()].clone() }).collect();
        story.run(send(&many, PERFECT), Duration::from_secs(600));
        let statistics = story.receiver.statistics();
        let late = statistics.current_delay.abs_diff(statistics.target_delay);
        assert!(late <= Duration::from_millis(35), "{drift} ppm: {statistics:?}");
        assert_eq!((statistics.packets_late, statistics.frames_concealed), (0, 0), "{drift} ppm: {statistics:?}");
        let stretched = statistics.frames_accelerated + statistics.frames_expanded;
        // 200 ppm of ten minutes are 120 ms, of which the first few need no correction.
        assert!((50 * 48..300 * 48).contains(&stretched), "{drift} ppm: {statistics:?}");
    }
}

#[test]
fn after_an_outage_the_sound_is_live_again_and_the_gap_is_counted() {
    let mut flights = send(&speech(20), PERFECT);
    flights.retain(|flight| !(Duration::from_secs(8)..Duration::from_secs(11)).contains(&flight.at));
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(20));
    let statistics = story.receiver.statistics();
    assert_eq!(statistics.gaps, 1);
    assert!(statistics.gap_time.abs_diff(Duration::from_secs(3)) < Duration::from_millis(100), "{statistics:?}");
    assert!(statistics.current_delay < Duration::from_millis(80), "{statistics:?}");
    // Long before its end the outage is silence.
    assert!(story.heard[9 * 48_000..10 * 48_000].iter().all(|&sample| sample == 0));
}

#[test]
fn a_network_that_holds_everything_back_for_a_moment_loses_nothing() {
    let mut flights = send(&speech(30), PERFECT);
    for flight in &mut flights {
        if (Duration::from_secs(8)..Duration::from_millis(8_600)).contains(&flight.at) {
            flight.at = Duration::from_millis(8_600);
        }
    }
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(30));
    let statistics = story.receiver.statistics();
    assert_eq!((statistics.packets_late, statistics.packets_discarded), (0, 0), "{statistics:?}");
    assert!(statistics.frames_accelerated > 300 * 48, "{statistics:?}");
    assert!(statistics.current_delay < Duration::from_millis(400), "{statistics:?}");
}

#[test]
fn silence_that_is_not_sent_is_neither_loss_nor_gap() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    let mut tone = Tone::speech_like(1);
    let mut n = 0;
    let packets = packets(&mut encoder, 40, || {
        n += 1;
        // Four seconds of speech, four of silence.
        if n / 400 % 2 == 0 { tone.block(Channels::Mono) } else { Block::silence(Channels::Mono) }
    });
    assert!(packets.len() < 1400, "{} packets", packets.len());
    let mut story = Story::new();
    story.run(send(&packets, PERFECT), Duration::from_secs(40));
    let statistics = story.receiver.statistics();
    assert_eq!((statistics.packets_lost, statistics.packets_late), (0, 0), "{statistics:?}");
    assert_eq!((statistics.gaps, statistics.frames_concealed), (0, 0), "{statistics:?}");
    assert!(statistics.current_delay < Duration::from_millis(100), "{statistics:?}");
}

#[test]
fn who_stops_sending_and_begins_again_has_not_lost_anything() {
    let mut flights = send(&speech(20), PERFECT);
    // Muted for seven seconds: timestamps go on, sequence numbers do not.
    flights.retain(|flight| !(Duration::from_secs(5)..Duration::from_secs(12)).contains(&flight.at));
    for (n, flight) in flights.iter_mut().enumerate() {
        flight.sequence = n as u16;
    }
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(20));
    let statistics = story.receiver.statistics();
    assert_eq!((statistics.packets_lost, statistics.gaps), (0, 0), "{statistics:?}");
    assert_eq!(statistics.frames_concealed, 0, "{statistics:?}");
    assert!(statistics.current_delay < Duration::from_millis(80), "{statistics:?}");
}

#[test]
fn marks_arrive_after_the_delay_that_is_reported() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    let codec = u64::from(encoder.delay_frames().unwrap());
    let mut source = MarkSource::new(48_000);
    let packets = packets(&mut encoder, 8, || source.block(Channels::Mono));
    let mut story = Story::new();
    story.run(send(&packets, PERFECT), Duration::from_secs(8));
    let heard = marks(&story.heard);
    assert!(heard.len() >= 7, "{heard:?}");
    // The first packet arrives with its first frame in this simulation, and is played 40 ms later.
    for mark in &heard[1..] {
        let late = mark % 48_000;
        assert!(late.abs_diff(codec + 40 * 48) < 35 * 48, "{late}");
    }
}

#[test]
fn another_stream_takes_over_after_two_packets() {
    let packets = speech(10);
    let mut flights = send(&packets, PERFECT);
    for (n, flight) in flights.iter_mut().enumerate().skip(250) {
        flight.sequence = 30_000 + n as u16;
        flight.timestamp = flight.timestamp.wrapping_add(2_000_000_000);
    }
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(10));
    let statistics = story.receiver.statistics();
    assert_eq!(statistics.packets_invalid, 1);
    assert_eq!(statistics.packets_received + statistics.packets_invalid, 500);
    assert!(concealed(&statistics) < 0.02, "{statistics:?}");
}

#[test]
fn a_sender_whose_clock_is_put_back_is_silent_for_a_moment_only() {
    let mut flights = send(&speech(10), PERFECT);
    for flight in flights.iter_mut().skip(250) {
        flight.timestamp = flight.timestamp.wrapping_sub(4 * 48_000);
    }
    let mut story = Story::new();
    story.run(flights, Duration::from_secs(10));
    let statistics = story.receiver.statistics();
    assert!(statistics.packets_late < 40, "{statistics:?}");
    assert!(concealed(&statistics) < 0.1, "{statistics:?}");
}

#[test]
fn the_position_is_that_of_the_sound_that_comes_next() {
    let packets = speech(4);
    let mut story = Story::new();
    assert_eq!(story.receiver.position(), None);
    story.run(send(&packets, PERFECT), Duration::from_secs(3));
    // Three seconds less the 40 ms that everything waits.
    assert_eq!(story.receiver.position(), Some((u32::MAX - 10_000).wrapping_add(2_960 * 48)));
}

#[test]
fn stereo_may_begin_in_the_middle() {
    let mut mono = Encoder::new(Quality::Default).unwrap();
    let mut stereo = Encoder::new(Quality::Music).unwrap();
    let mut tone = Tone::new(440.0, 0.3);
    let mut all = packets(&mut mono, 3, || tone.block(Channels::Mono));
    let later = packets(&mut stereo, 3, || tone.block(Channels::Stereo));
    all.extend(later.into_iter().map(|packet| Packet { timestamp: packet.timestamp + 3 * 48_000, ..packet }));
    let mut story = Story::new();
    story.run(send(&all, PERFECT), Duration::from_secs(6));
    let statistics = story.receiver.statistics();
    assert_eq!(statistics.frames_concealed, 0, "{statistics:?}");
    assert!(tone_share(&story.heard[24_000..48_000], 440.0) > 0.98);
    assert!(tone_share(&story.heard[5 * 48_000..], 440.0) > 0.98);
    assert_eq!(story.receiver.pull(story.epoch + Duration::from_secs(6)).channels(), Channels::Stereo);
}

#[test]
fn after_a_minute_without_pulls_it_goes_on_with_what_is_new() {
    let flights = send(&speech(30), PERFECT);
    let mut story = Story::new();
    for flight in &flights {
        let packet = Arrival { sequence: flight.sequence, timestamp: flight.timestamp, payload: &flight.payload };
        story.receiver.insert(packet, story.epoch + flight.at);
    }
    assert!(story.receiver.buffered() <= Duration::from_secs(6));
    let statistics = story.receiver.statistics();
    assert_eq!(statistics.packets_discarded, 1200, "{statistics:?}");
    for n in 0..20 {
        story.receiver.pull(story.epoch + Duration::from_secs(30) + Duration::from_millis(10) * n);
    }
    assert!(story.receiver.buffered() <= Duration::from_millis(100), "{:?}", story.receiver.buffered());
}

#[test]
fn hostile_packets_neither_panic_nor_fill_the_memory() {
    let mut encoder = Encoder::new(Quality::Default).unwrap();
    encoder.set_expected_loss(50).unwrap();
    encoder.set_deep_redundancy(Duration::from_secs(1)).unwrap();
    encoder.set_discontinuous(false).unwrap();
    let mut tone = Tone::speech_like(1);
    let good = packets(&mut encoder, 2, || tone.block(Channels::Mono));
    for seed in 0..5 {
        let mut random = Random::new(seed);
        let mut story = Story::new();
        let mut now = Duration::ZERO;
        for n in 0..3_000u32 {
            let mut payload = match random.below(6) {
                0 => Vec::new(),
                1 => (0..random.below(4)).map(|_| random.next() as u8).collect(),
                2 => (0..random.below(1_400)).map(|_| random.next() as u8).collect(),
                3 => vec![random.next() as u8; 70_000],
                // A packet that was good, with some bytes changed.
                4 => {
                    let mut payload = good[random.below(100) as usize].payload.clone();
                    for _ in 0..random.below(5) {
                        let at = random.below(payload.len() as u64) as usize;
                        payload[at] = random.next() as u8;
                    }
                    payload
                }
                _ => good[random.below(100) as usize].payload.clone(),
            };
            if random.below(20) == 0 {
                payload.truncate(random.below(10) as usize);
            }
            let (sequence, timestamp) = match random.below(4) {
                0 => (random.next() as u16, random.next() as u32),
                1 => (n as u16, (n * 960).wrapping_add(random.next() as u32 % 5_000)),
                _ => (n as u16, n * 960),
            };
            let packet = Arrival { sequence, timestamp, payload: &payload };
            story.receiver.insert(packet, story.epoch + now);
            assert!(story.receiver.waiting.len() <= MAX_PACKETS);
            assert!(story.receiver.playout.decoded_frames() < 20_000);
            for _ in 0..random.below(4) {
                story.receiver.pull(story.epoch + now);
            }
            now += Duration::from_micros(random.below(30_000));
            if random.below(500) == 0 {
                now += Duration::from_secs(random.below(100));
            }
        }
    }
}
