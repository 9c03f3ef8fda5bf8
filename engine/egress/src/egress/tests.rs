//! Stories of one viewer, whose end of the keys is the test's. How `str0m` understands all this is tried in `rtc_net`.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::*;
use crate::header::Extensions;
use crate::keys::{Profile, RTP};

const MS: Duration = Duration::from_millis(1);
const PICTURE: u32 = 0x1111_1111;
const REPEAT: u32 = 0x2222_2222;
const SOUND: u32 = 0x3333_3333;

#[derive(Default)]
struct Datagrams(Vec<Vec<u8>>);

impl Sink for Datagrams {
    fn room(&mut self, _: usize) -> &mut Vec<u8> {
        self.0.push(Vec::new());
        self.0.last_mut().expect("pushed")
    }
}

/// A packet as the viewer sees it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    ssrc: u32,
    payload_type: u8,
    seq: u16,
    padding: bool,
    transport_seq: Option<u16>,
    payload: Vec<u8>,
}

pub(super) struct Story {
    pub(super) now: Instant,
    pub(super) egress: Egress,
    pub(super) viewer: Sealer,
    key: LessSafeKey,
    salt: Vec<u8>,
}

impl Story {
    pub(super) fn new(estimating: bool) -> Self {
        let now = Instant::now();
        let material: Vec<u8> = (0..56).collect();
        let keying = |is_client| Keying::new(Profile::Aes128Gcm, &material, is_client).expect("a length that fits");
        let mut egress = Egress::new(now, WallClock::new(now, Duration::from_secs(1_700_000_000)), estimating);
        for (ssrc, repeat_ssrc) in [(PICTURE, Some(REPEAT)), (SOUND, None)] {
            let transport_sequence = estimating.then_some(3);
            let extensions = Extensions { transport_sequence, ..Extensions::default() };
            let terms = Terms { extensions, padding_type: repeat_ssrc.map(|_| 97) };
            let is_sound = ssrc == SOUND;
            egress.add_stream(now, StreamSpec { ssrc, repeat_ssrc, is_sound, mid: "v".into(), cname: "name".into(), terms });
        }
        assert!(egress.set_keys(&keying(false)));
        let keys = keying(false).ours(RTP).expect("keys");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &keys.cipher).expect("a key"));
        Self { now, egress, viewer: Sealer::new(&keying(true)).expect("a cipher"), key, salt: keys.salt }
    }

    fn write(&mut self, stream: usize, seq: u64, bytes: usize) -> Written {
        let packet = self.outgoing(stream, seq, vec![seq as u8; bytes].into());
        self.egress.write(stream, packet)
    }

    /// A packet of a stream.
    pub(super) fn outgoing(&self, stream: usize, seq: u64, payload: Arc<[u8]>) -> Outgoing {
        Outgoing {
            payload_type: 96,
            repeat_type: (stream == 0).then_some(97),
            seq,
            time: seq as u32 * 3000,
            clock_rate: 90_000,
            wallclock: self.now,
            marker: false,
            audio_level: None,
            orientation: None,
            payload,
        }
    }

    /// What leaves now: packets, and how many compounds of RTCP.
    fn send(&mut self) -> (Vec<Seen>, usize) {
        let mut out = Datagrams::default();
        self.egress.send(self.now, &mut out);
        let (rtcp, rtp): (Vec<_>, Vec<_>) = out.0.into_iter().partition(|datagram| (64..96).contains(&(datagram[1] & 0x7f)));
        let seen = rtp.iter().map(|datagram| self.open(datagram)).collect();
        (seen, rtcp.len())
    }

    fn open(&self, datagram: &[u8]) -> Seen {
        let word = |at| crate::srtp::u32_at(datagram, at).expect("a header");
        let (ssrc, seq) = (word(8), word(0) as u16);
        let extended = datagram[0] & 0x10 != 0;
        let header = if extended { 16 + 4 * (word(12) & 0xffff) as usize } else { 12 };
        // All of these stories are over before the numbers turn.
        let mut nonce: [u8; 12] = self.salt[..].try_into().expect("12 bytes");
        nonce.iter_mut().skip(2).zip(ssrc.to_be_bytes()).for_each(|(byte, with)| *byte ^= with);
        nonce.iter_mut().skip(10).zip(seq.to_be_bytes()).for_each(|(byte, with)| *byte ^= with);
        let mut body = datagram[header..].to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let clear = self.key.open_in_place(nonce, Aad::from(&datagram[..header]), &mut body).expect("genuine");
        Seen {
            ssrc,
            payload_type: datagram[1] & 0x7f,
            seq,
            padding: datagram[0] & 0x20 != 0,
            transport_seq: extended.then(|| u16::from_be_bytes([datagram[17], datagram[18]])),
            payload: clear.to_vec(),
        }
    }

    /// The viewer reports.
    fn tell(&mut self, compound: &[u8]) -> Taken {
        let mut datagram = compound.to_vec();
        self.viewer.seal_rtcp(&mut datagram, 0).expect("sealed");
        self.egress.handle_rtcp(self.now, &datagram)
    }

    fn nack(&mut self, seq: u16) -> Taken {
        self.tell(&packet(1, 205, &[7, PICTURE, u32::from(seq) << 16]))
    }
}

/// Feedback of the packets from this number on, all of which arrived, at these times of the viewer in ticks of 250 µs; none
/// more than 63 ms after the one before.
pub(super) fn arrivals(first: u16, times: &[u64]) -> Vec<u8> {
    let Some(began) = times.first() else { return Vec::new() };
    let mut body = vec![0, 0, 0, 7, 0x11, 0x11, 0x11, 0x11];
    body.extend(first.to_be_bytes());
    body.extend((times.len() as u16).to_be_bytes());
    // 64 ms a unit; what is left of the time is the first packet's.
    body.extend(&((began / 256) as u32).to_be_bytes()[1..]);
    body.push((began / 200) as u8);
    body.extend((0x2000 | times.len() as u16).to_be_bytes());
    let before = std::iter::once(began / 256 * 256).chain(times.iter().copied());
    body.extend(times.iter().zip(before).map(|(time, before)| (time - before) as u8));
    let padding = (4 - body.len() % 4) % 4;
    body.extend((1..=padding).map(|n| if n == padding { n as u8 } else { 0 }));
    let mut feedback = vec![0x80 | if padding > 0 { 0x20 } else { 0 } | 15, 205];
    feedback.extend(((body.len() / 4) as u16).to_be_bytes());
    feedback.extend(body);
    feedback
}

fn packet(first: u8, kind: u8, words: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0x80 | first, kind];
    bytes.extend((words.len() as u16).to_be_bytes());
    words.iter().for_each(|word| bytes.extend(word.to_be_bytes()));
    bytes
}

#[test]
fn a_packet_that_is_asked_for_comes_again_once_a_round_trip_as_its_own_stream() {
    let mut story = Story::new(false);
    for seq in 1000..1003 {
        assert_eq!(story.write(0, seq, 900), Written::Yes);
    }
    assert_eq!(
        story.send().0.iter().map(|seen| (seen.ssrc, seen.seq)).collect::<Vec<_>>(),
        [1000, 1001, 1002].map(|seq| (PICTURE, seq))
    );
    assert_eq!(story.nack(1001), Taken::Whole);
    assert_eq!(story.nack(1001), Taken::Whole);
    assert!(story.egress.wants_to_send(story.now));
    let (again, _) = story.send();
    let payload = [&1001_u16.to_be_bytes()[..], &[1001_u16 as u8; 900]].concat();
    let expected = Seen { ssrc: REPEAT, payload_type: 97, seq: 1, padding: false, transport_seq: None, payload };
    assert_eq!(again, [expected], "asked twice, answered once");
    story.now += 50 * MS;
    assert_eq!(story.nack(1001), Taken::Whole);
    assert_eq!(story.nack(999), Taken::Whole);
    assert_eq!(story.send().0.iter().map(|seen| (seen.ssrc, seen.seq)).collect::<Vec<_>>(), [(REPEAT, 2)], "999 never was");
}

#[test]
fn sound_is_not_sent_again() {
    let mut story = Story::new(false);
    story.write(1, 1000, 80);
    story.send();
    assert_eq!(story.tell(&packet(1, 205, &[7, SOUND, 1000 << 16])), Taken::Whole);
    assert_eq!(story.send().0, []);
}

#[test]
fn a_stream_is_reported_with_its_first_packet_and_once_a_second_while_it_flows() {
    let mut story = Story::new(false);
    story.now += 2000 * MS;
    story.write(0, 1000, 900);
    assert_eq!(story.send().1, 1);
    let mut reports = Vec::new();
    for n in 1..100 {
        story.now += 33 * MS;
        story.write(0, 1000 + n, 900);
        reports.extend(std::iter::repeat_n(n, story.send().1));
    }
    assert_eq!(reports, [31, 62, 93], "a second is 30.3 frames");
    let timeout = story.egress.poll_timeout().expect("the last frames are not reported yet");
    story.now = timeout;
    assert!(story.egress.wants_to_send(story.now));
    assert_eq!(story.send().1, 1);
    assert_eq!(story.egress.poll_timeout(), None, "nothing is left to report");
    story.write(1, 1, 80);
    assert_eq!(story.send().1, 1, "the other stream does not wait for its turn");
}

#[test]
fn packets_wait_for_keys_but_not_without_end() {
    let mut story = Story::new(false);
    let keys = story.egress.keys.take();
    let mut written = 0;
    while story.write(0, 1000 + written, 1000) == Written::Yes {
        written += 1;
    }
    assert_eq!(written, (QUEUED_MOST / 1000) as u64 + 1);
    assert!(!story.egress.wants_to_send(story.now));
    story.egress.keys = keys;
    assert_eq!(story.send().0.len() as u64, written);
    assert_eq!(story.write(0, 1000 + written, 1000), Written::Yes);
}

#[test]
fn no_number_is_encrypted_twice() {
    let mut story = Story::new(false);
    assert_eq!(story.write(0, 1000, 900), Written::Yes);
    assert_eq!(story.write(0, 1000, 901), Written::Repeated);
    assert_eq!(story.write(1, 1000, 80), Written::Yes, "another stream has numbers of its own");
    assert_eq!(story.write(2, 1000, 80), Written::NoStream);
    story.send();
    assert_eq!(story.write(0, 1000, 900), Written::Repeated);
}

#[test]
fn loss_is_told_every_two_seconds_by_what_it_is_about() {
    let mut story = Story::new(false);
    for (seconds, newest, lost) in [(1, 100, 255), (2, 200, 0), (3, 500, 128)] {
        story.now += 1000 * MS;
        assert_eq!(story.tell(&packet(1, 201, &[7, SOUND, lost << 24, newest, 0, 0, 0])), Taken::Whole);
        let told = story.egress.poll_event();
        match seconds {
            1 => assert_eq!(told, None, "the first tells from where"),
            2 => assert_eq!(told, Some(Event::Loss { stream: 1, share: 0.0 })),
            _ => assert_eq!(told, None),
        }
    }
    story.now += 1000 * MS;
    story.tell(&packet(1, 201, &[7, SOUND, 0, 600, 0, 0, 0]));
    assert_eq!(story.egress.poll_event(), Some(Event::Loss { stream: 1, share: 0.375 }), "half of 300 of 400");
}

#[test]
fn who_also_sends_is_read_elsewhere_too_and_what_is_broken_nowhere() {
    let mut story = Story::new(true);
    assert_eq!(story.tell(&packet(0, 200, &[7, 1, 2, 3, 4, 5])), Taken::Shared);
    let pli = packet(1, 206, &[7, PICTURE]);
    // More packets than the control information names (RFC 4585), then lies about lengths of every kind.
    let arrivals = packet(15, 205, &[7, PICTURE, 0x0007_ffff, 0x0000_0300, 0x2002_0102]);
    for broken in [arrivals, packet(1, 205, &[7, PICTURE]), packet(3, 201, &[7, 1, 2]), vec![0x80, 206, 0, 9, 0, 0, 0, 0]] {
        assert_eq!(story.tell(&[&pli[..], &broken].concat()), Taken::Refused);
    }
    assert!(!matches!(story.egress.poll_event(), Some(Event::KeyframeWanted { .. })), "dropped as a whole");
    // Arrivals of packets that never left.
    assert_eq!(story.tell(&packet(15, 205, &[7, PICTURE, 0x0007_0002, 0x0000_0300, 0x2002_0102])), Taken::Whole);
    assert_eq!(story.tell(&packet(15, 206, &[7, 0, 0x5245_4d42, 0x01ff_ffff])), Taken::Whole);
    assert_eq!(story.egress.poll_event(), Some(Event::Most(u64::MAX)));
    assert_eq!(story.tell(&pli), Taken::Whole);
    assert_eq!(story.egress.poll_event(), Some(Event::KeyframeWanted { stream: 0 }));
}

#[test]
fn who_leaves_says_so_for_what_was_sent() {
    let mut story = Story::new(false);
    story.write(0, 1000, 900);
    story.send();
    story.egress.close();
    assert!(story.egress.wants_to_send(story.now));
    assert_eq!(story.send(), (Vec::new(), 1));
    assert!(!story.egress.wants_to_send(story.now));
}

#[test]
fn a_viewer_who_tells_of_arrivals_is_probed_by_what_may_be_of_use() {
    let mut story = Story::new(true);
    story.egress.set_goal(story.now, 4_000_000, 0);
    let (mut seen, mut told, mut estimate) = (Vec::new(), 0, None);
    for tick in 0..3000 {
        story.now += MS;
        if tick % 33 == 0 {
            for n in 0..3 {
                story.write(0, 1000 + tick / 33 * 3 + n, 900);
            }
        }
        if tick % 20 == 0 {
            story.write(1, 1000 + tick / 20, 80);
        }
        if story.egress.wants_to_send(story.now) {
            seen.extend(story.send().0);
        }
        if tick % 50 == 49 && seen.len() > told {
            // All of them have come, a tick after each other.
            let times: Vec<u64> = (0..seen.len() - told).map(|n| (tick + 1) * 4 + n as u64).collect();
            let feedback = arrivals(told as u16, &times);
            assert_eq!(story.tell(&feedback), Taken::Whole);
            told = seen.len();
        }
        while let Some(event) = story.egress.poll_event() {
            if let Event::Estimate(bits) = event {
                estimate = bits.or(estimate);
            }
        }
    }
    let numbers: Vec<u16> = seen.iter().map(|seen| seen.transport_seq.expect("numbered")).collect();
    assert_eq!(numbers, (0..seen.len() as u16).collect::<Vec<_>>(), "every packet of the connection has the next number");
    let repeated: Vec<_> = seen.iter().filter(|seen| seen.ssrc == REPEAT).collect();
    assert!(repeated.iter().any(|seen| !seen.padding && seen.payload.len() == 902), "packets that were sent before");
    let sent = seen.iter().filter(|seen| seen.ssrc == PICTURE).count();
    assert_eq!(sent, 273, "nothing was left behind");
    assert!(estimate.is_some_and(|bits| bits > 700_000), "{estimate:?}");
}

#[test]
fn before_anything_was_shown_a_probe_is_made_of_nothing() {
    let mut story = Story::new(true);
    story.write(1, 1000, 80);
    let mut seen = story.send().0;
    for _ in 0..100 {
        story.now += MS;
        if story.egress.wants_to_send(story.now) {
            seen.extend(story.send().0);
        }
    }
    let nothing: Vec<_> = seen.iter().filter(|seen| seen.padding).collect();
    assert!(!nothing.is_empty(), "{seen:?}");
    for seen in nothing {
        assert_eq!((seen.ssrc, seen.payload_type, seen.payload.len(), seen.payload.last()), (REPEAT, 97, 255, Some(&255)));
    }
}

#[test]
fn a_report_that_is_due_leaves_before_a_burst_that_might_fill_the_network() {
    let mut story = Story::new(false);
    for seq in [999, 1000] {
        story.write(0, seq, 900);
        story.send();
    }
    story.now += REPORTS;
    for seq in 1001..1010 {
        story.write(0, seq, 900);
    }
    let mut out = Datagrams::default();
    story.egress.send(story.now, &mut out);
    let is_rtcp: Vec<bool> = out.0.iter().map(|datagram| (64..96).contains(&(datagram[1] & 0x7f))).collect();
    assert_eq!(is_rtcp, [[true].as_slice(), &[false; 9]].concat());
}

#[test]
fn what_the_other_end_is_asked_for_leaves_at_once_with_a_source_of_ours() {
    let mut story = Story::new(false);
    assert!(!story.egress.wants_to_send(story.now));
    story.egress.request_missing(99, &[]);
    assert!(!story.egress.wants_to_send(story.now), "nothing is missed");
    story.egress.request_missing(99, &[65_535, 3]);
    story.egress.request_keyframe(98);
    // No room for all of these.
    let many: Vec<u16> = (0..1000).map(|n| n * 20).collect();
    story.egress.request_missing(97, &many);
    assert!(story.egress.wants_to_send(story.now));
    let mut out = Datagrams::default();
    story.egress.send(story.now, &mut out);
    assert!(out.0.len() == 1 && !story.egress.wants_to_send(story.now));

    let material: Vec<u8> = (0..56).collect();
    let keying = Keying::new(Profile::Aes128Gcm, &material, true).expect("a length that fits");
    let mut clear = Vec::new();
    Opener::new(&keying).expect("a cipher").open(&out.0[0], &mut clear).expect("genuine");
    assert_eq!(clear[4..8], PICTURE.to_be_bytes());
    let items: Vec<_> = Compound::read(&clear).expect("well formed").items().collect();
    let [Item::Nack { ssrc: 99, missing }, Item::KeyframeWanted { ssrc: 98 }] = items[..] else { panic!("{items:?}") };
    assert_eq!(missing.numbers().collect::<Vec<_>>(), [65_535, 3]);
}

#[test]
fn nothing_is_asked_for_before_there_are_keys() {
    let now = Instant::now();
    let mut egress = Egress::new(now, WallClock::new(now, Duration::from_secs(1_700_000_000)), false);
    egress.request_missing(99, &[1]);
    egress.request_keyframe(99);
    assert!(egress.requests.is_empty() && !egress.wants_to_send(now));
}
