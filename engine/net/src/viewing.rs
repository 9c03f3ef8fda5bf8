//! Stories of one viewer in memory: a peer connection of ours, `str0m` at the other end, and a clock of the story's own.

mod end;
mod lossy;
mod narrow;
mod paper;

use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use rtc_egress::Sink;
use rtc_protocol::{Layer, Lines, SessionId, SlotPair, Track, TrackRef};
use rtc_sfu::{LayerRef, PacketInfo, Rewrite, SlotId};
use str0m::crypto::dtls::SrtpProfile;
use str0m::format::Codec;
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid};
use str0m::rtp::rtcp::Rtcp;
use str0m::rtp::{ExtensionValues, RawPacket, RtpPacket, RtpWrite};
use str0m::{Event, Input, Output, Rtc};

use crate::MediaConfig;
use crate::peer::{MediaPacket, PeerEvent, PeerOutput, Taken, Written};
use crate::route::Protocol;
use crate::str0m_peer::PeerMaker;

use end::End;

const MS: Duration = Duration::from_millis(1);
const CLIENT: ([u8; 4], u16) = ([127, 0, 0, 1], 9);
const ENGINE: ([u8; 4], u16) = ([127, 0, 0, 1], 8000);
const AUDIO: SlotId = SlotId(0);
const VIDEO: SlotId = SlotId(1);
const PROFILES: [SrtpProfile; 3] =
    [SrtpProfile::AEAD_AES_128_GCM, SrtpProfile::AEAD_AES_256_GCM, SrtpProfile::AES128_CM_SHA1_80];

/// A viewer with one pair of slots, who also speaks.
struct Viewer {
    now: Instant,
    end: End,
    microphone: Mid,
    heard: Vec<RtpPacket>,
    /// When the engine reported on what the viewer says, and what share was lost by that, in 256ths.
    reported: Vec<(Instant, u8)>,
    events: Vec<PeerEvent>,
    /// What was sent each way, lost or not.
    to_client: Vec<Vec<u8>>,
    to_engine: Vec<Vec<u8>>,
    lose: Loss,
    said: u64,
}

/// Which datagrams are lost on their way to the viewer.
type Loss = Box<dyn FnMut(&[u8]) -> bool>;

#[derive(Default)]
struct Sent {
    datagrams: Vec<Vec<u8>>,
    lengths: Vec<usize>,
}

impl Sink for Sent {
    fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        self.lengths.push(bytes);
        self.datagrams.push(Vec::new());
        self.datagrams.last_mut().expect("pushed")
    }
}

/// What a packet of a VP8 picture begins with (RFC 7741 section 4.2): the first of a picture with the start of partition 0 and a
/// frame, which is a key frame when its lowest bit is 0.
fn vp8(is_first: bool, is_key: bool) -> &'static [u8] {
    match (is_first, is_key) {
        (true, true) => &[0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a],
        (true, false) => &[0x10, 0x11],
        (false, _) => &[0],
    }
}

impl Viewer {
    fn connected(profile: SrtpProfile, bandwidth_estimation: bool) -> Self {
        let now = Instant::now();
        let config = MediaConfig { bandwidth_estimation, ..MediaConfig::default() };
        let maker = PeerMaker::with(&config, &[ENGINE.into()], &paper::provider(profile)).expect("a maker");
        let client = Rtc::builder().enable_raw_packets(true).set_crypto_provider(Arc::new(paper::provider(profile)));
        let (end, lines) = End::agreed(now, &maker, SessionId::new(1, 0), client, bandwidth_estimation, |api| {
            let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None).to_string();
            let mut line = |kind| Some(api.add_media(kind, Direction::RecvOnly, None, None, None).to_string());
            let slots = vec![SlotPair { audio: line(MediaKind::Audio), video: line(MediaKind::Video) }];
            Lines { microphone: Some(microphone), slots, ..Lines::default() }
        });
        let microphone = Mid::from(lines.microphone.as_deref().expect("offered"));
        let mut viewer = Self {
            now,
            end,
            microphone,
            heard: Vec::new(),
            reported: Vec::new(),
            events: Vec::new(),
            to_client: Vec::new(),
            to_engine: Vec::new(),
            lose: Box::new(|_| false),
            said: 0,
        };
        for _ in 0..200 {
            viewer.pass(20 * MS);
        }
        let connected = |event: &PeerEvent| matches!(event, PeerEvent::Connected);
        assert!(viewer.events.iter().any(connected) && viewer.end.client.is_connected(), "{profile:?}");
        viewer
    }

    /// Lets time pass, and both sides do what is due.
    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.end.client.handle_input(Input::Timeout(self.now)).expect("it lives");
        self.drain_client();
        self.end.peer.handle_timeout(self.now).expect("it lives");
        self.drain_peer();
        self.drain_client();
    }

    fn drain_client(&mut self) {
        loop {
            match self.end.client.poll_output().expect("it lives") {
                Output::Timeout(_) => return,
                Output::Event(Event::RtpPacket(packet)) => self.heard.push(packet),
                Output::Event(Event::RawPacket(packet)) => {
                    if let RawPacket::RtcpRx(Rtcp::ReceiverReport(report)) = *packet {
                        self.reported.extend(report.reports.iter().map(|block| (self.now, block.fraction_lost)));
                    }
                }
                Output::Event(_) => {}
                Output::Transmit(transmit) => {
                    self.to_engine.push(transmit.contents.to_vec());
                    let taken = self.give(&transmit.contents);
                    assert_ne!(taken, Taken::BadRtcp);
                }
            }
        }
    }

    /// Gives the engine a datagram.
    fn give(&mut self, bytes: &[u8]) -> Taken {
        let taken = self.end.give_engine(self.now, bytes);
        self.drain_peer();
        taken
    }

    fn drain_peer(&mut self) {
        let sent = self.end.send(self.now);
        for (datagram, length) in sent.datagrams.into_iter().zip(sent.lengths) {
            assert_eq!(datagram.len(), length, "as long as was said");
            self.deliver(datagram);
        }
        loop {
            match self.end.peer.poll_output().expect("it lives") {
                PeerOutput::Timeout(_) => return,
                PeerOutput::Event(event) => self.events.push(event),
                PeerOutput::Transmit(transmit) => self.deliver(transmit.bytes),
            }
        }
    }

    fn deliver(&mut self, datagram: Vec<u8>) {
        if !(self.lose)(&datagram) {
            self.end.give_client(self.now, &datagram);
            // It has room for one packet.
            self.drain_client();
        }
        self.to_client.push(datagram);
    }

    /// Shows the viewer a packet of 33 ms of video, or 20 ms of sound.
    fn show(&mut self, slot: SlotId, seq: u64, payload: &[u8]) -> Written {
        let (track, codec, clock_rate) = match slot {
            AUDIO => (Track::Microphone, Codec::Opus, 48_000),
            _ => (Track::Camera, Codec::Vp8, 90_000),
        };
        let source = TrackRef { publisher: SessionId::new(2, 0), track };
        let format = *self.end.client.codec_config().find(|params| params.spec().codec == codec).expect("known");
        let info = PacketInfo {
            layer: LayerRef { source, layer: Layer::Big },
            ssrc: 5,
            seq,
            time: seq * 960,
            clock_rate,
            size: payload.len(),
            marker: seq.is_multiple_of(2),
            keyframe: false,
            level: None,
            captured: self.now,
            arrived: self.now,
        };
        let packet = MediaPacket {
            info,
            format: Arc::new(format),
            payload: payload.into(),
            audio_level: (slot == AUDIO).then_some(-37),
            voice_activity: (slot == AUDIO).then_some(true),
            orientation: None,
        };
        let wallclock = self.now.checked_sub(400 * MS).unwrap_or(self.now);
        self.end.peer.write(self.now, &packet, &Rewrite { slot, seq, time: seq * 960, wallclock })
    }

    /// The viewer says something itself.
    fn say(&mut self) {
        let pt = self.end.client.codec_config().find(|params| params.spec().codec == Codec::Opus).expect("known").pt();
        let extensions = ExtensionValues { mid: Some(self.microphone), ..ExtensionValues::default() };
        self.said += 1;
        let packet = RtpWrite::new(pt, self.said.into(), self.said as u32 * 960, self.now, vec![7; 50]);
        let mut api = self.end.client.direct_api();
        api.stream_tx_by_mid(self.microphone, None).expect("a line").write_rtp(packet.ext_vals(extensions));
    }

    fn heard_in(&self, kind: MediaKind) -> impl Iterator<Item = &RtpPacket> {
        let rate = if kind == MediaKind::Audio { 48_000 } else { 90_000 };
        self.heard.iter().filter(move |packet| packet.time.frequency().get() == rate)
    }

    fn rtcp_of_client(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.to_engine.iter().filter(|datagram| Protocol::of(datagram) == Protocol::Rtcp)
    }
}

#[test]
fn packets_arrive_as_they_were_under_every_profile_also_when_their_numbers_turn() {
    for profile in PROFILES {
        let mut viewer = Viewer::connected(profile, false);
        for seq in 65_500..65_600 {
            assert_eq!(viewer.show(VIDEO, seq, &[seq as u8; 900]), Written::Yes);
            assert_eq!(viewer.show(AUDIO, seq, &[seq as u8; 80]), Written::Yes);
            viewer.pass(20 * MS);
        }
        for kind in [MediaKind::Audio, MediaKind::Video] {
            let heard: Vec<_> = viewer.heard_in(kind).collect();
            let seqs: Vec<u64> = heard.iter().map(|packet| *packet.seq_no).collect();
            assert_eq!(seqs, (65_500..65_600).collect::<Vec<_>>(), "{profile:?} {kind:?}");
            for packet in heard {
                let seq = *packet.seq_no;
                assert!(packet.payload.iter().all(|byte| *byte == seq as u8));
                assert_eq!((packet.header.timestamp, packet.header.marker), (seq as u32 * 960, seq.is_multiple_of(2)));
                let level = (packet.header.ext_vals.audio_level, packet.header.ext_vals.voice_activity);
                assert_eq!(level == (Some(-37), Some(true)), kind == MediaKind::Audio);
            }
        }
    }
}

#[test]
fn what_is_lost_comes_again_under_every_profile_and_across_the_turn() {
    for profile in PROFILES {
        let mut viewer = Viewer::connected(profile, false);
        // Every seventh of what is no retransmission: those have a source of their own.
        let mut first = None;
        viewer.lose = Box::new(move |datagram| {
            if Protocol::of(datagram) != Protocol::Rtp {
                return false;
            }
            let ssrc = &datagram[8..12];
            let seq = u16::from_be_bytes([datagram[2], datagram[3]]);
            first.get_or_insert_with(|| ssrc.to_vec()) == ssrc && seq % 7 == 3
        });
        for seq in 65_500..65_600 {
            viewer.show(VIDEO, seq, &[seq as u8; 900]);
            viewer.pass(20 * MS);
        }
        for _ in 0..50 {
            viewer.pass(20 * MS);
        }
        let mut seqs: Vec<u64> = viewer.heard_in(MediaKind::Video).map(|packet| *packet.seq_no).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (65_500..65_600).collect::<Vec<_>>(), "{profile:?}");
        assert!(viewer.heard_in(MediaKind::Video).all(|packet| packet.payload[..] == [*packet.seq_no as u8; 900]));
    }
}

#[test]
fn reports_tell_when_what_is_shown_was_captured() {
    let mut viewer = Viewer::connected(SrtpProfile::AEAD_AES_128_GCM, false);
    for seq in 1000..1200 {
        viewer.show(VIDEO, seq, &[1; 900]);
        viewer.show(AUDIO, seq, &[1; 80]);
        // RTP time of sound passes by the clock; that of the picture does not, and must not matter.
        viewer.pass(20 * MS);
    }
    let wall = |packet: &RtpPacket| {
        let report = packet.last_sender_info.as_ref()?;
        let ticks = packet.header.timestamp.wrapping_sub(report.rtp_time.numer() as u32) as i32;
        let since = report.ntp_time.duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64();
        Some(since + f64::from(ticks) / f64::from(packet.time.frequency().get()))
    };
    let sound: Vec<f64> = viewer.heard_in(MediaKind::Audio).filter_map(wall).collect();
    assert!(sound.len() >= 198, "{} of 200 after the first report", sound.len());
    for pair in sound.windows(2) {
        assert!((pair[1] - pair[0] - 0.02).abs() < 0.001, "captured 20 ms after each other: {pair:?}");
    }
    let pictures = viewer.heard_in(MediaKind::Video).filter_map(wall).count();
    assert!(pictures >= 198, "reported from the beginning");
}

#[test]
fn rtcp_that_is_damaged_or_comes_twice_is_refused() {
    let mut viewer = Viewer::connected(SrtpProfile::AEAD_AES_128_GCM, false);
    viewer.show(VIDEO, 1000, &[1; 900]);
    viewer.pass(20 * MS);
    let wanted = |viewer: &Viewer| {
        viewer.events.iter().filter(|event| matches!(event, PeerEvent::KeyframeWanted(slot) if *slot == VIDEO)).count()
    };
    assert_eq!(wanted(&viewer), 0);
    let ssrc = viewer.heard[0].header.ssrc;
    let before = viewer.to_engine.len();
    viewer.end.client.direct_api().stream_rx(&ssrc).expect("a stream").request_keyframe(KeyframeRequestKind::Pli);
    viewer.pass(20 * MS);
    assert_eq!(wanted(&viewer), 1);
    let asked: Vec<_> = viewer.to_engine[before..].iter().filter(|d| Protocol::of(d) == Protocol::Rtcp).cloned().collect();
    for datagram in &asked {
        assert_eq!(viewer.give(datagram), Taken::BadRtcp, "a second time");
        for at in [4, 9, datagram.len() - 6] {
            let mut damaged = datagram.clone();
            damaged[at] ^= 1;
            assert_eq!(viewer.give(&damaged), Taken::BadRtcp, "damaged at {at}");
        }
        assert_eq!(viewer.give(&datagram[..datagram.len() - 1]), Taken::BadRtcp);
        assert_eq!(viewer.give(&datagram[..20]), Taken::BadRtcp);
    }
    assert_eq!(wanted(&viewer), 1);
}

/// AES-GCM is broken for good by one nonce that is used twice, and the nonce of SRTCP is made of the source that a compound
/// begins with and its index. Two write under one key here.
#[test]
fn no_source_and_index_of_rtcp_are_ever_used_twice() {
    let mut viewer = Viewer::connected(SrtpProfile::AEAD_AES_128_GCM, true);
    for seq in 1000..1300 {
        viewer.show(VIDEO, seq, &[1; 900]);
        viewer.show(AUDIO, seq, &[1; 80]);
        viewer.say();
        viewer.pass(20 * MS);
    }
    let rtcp: Vec<_> = viewer.to_client.iter().filter(|d| Protocol::of(d) == Protocol::Rtcp).collect();
    let word = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().expect("four bytes"));
    let nonce = |datagram: &&Vec<u8>| (word(&datagram[4..8]), word(&datagram[datagram.len() - 4..]) & 0x7fff_ffff);
    let mut nonces: Vec<(u32, u32)> = rtcp.iter().map(nonce).collect();
    let count = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), count, "each once");
    let slots: Vec<u32> = viewer.heard.iter().map(|packet| *packet.header.ssrc).collect();
    let (ours, others): (Vec<_>, Vec<_>) = nonces.into_iter().partition(|(_, index)| *index >= 1 << 30);
    assert!(ours.len() >= 5 && others.len() >= 5, "both have spoken: {} and {}", ours.len(), others.len());
    assert!(ours.iter().all(|(ssrc, _)| slots.contains(ssrc)), "we speak as our slots");
    assert!(others.iter().all(|(ssrc, _)| !slots.contains(ssrc)), "and nobody else does");
    assert!(viewer.rtcp_of_client().count() > 10, "the viewer has reported");
}

/// Who speaks repeats sound as much as these reports ask for: one in five seconds, as is usual for sound, leaves a voice broken for
/// as long.
#[test]
fn who_speaks_is_told_of_losses_every_second() {
    let mut viewer = Viewer::connected(SrtpProfile::AEAD_AES_128_GCM, false);
    let begins = viewer.now;
    for _ in 0..500 {
        viewer.say();
        viewer.pass(20 * MS);
    }
    let clean = viewer.reported.len();
    assert!((8..=12).contains(&clean) && viewer.reported.iter().all(|(_, lost)| *lost == 0), "{:?}", viewer.reported);
    // Every second packet is lost on its way to the engine from now on: numbers that were never sent are lost as well.
    let turns = viewer.now;
    for _ in 0..500 {
        viewer.said += 1;
        viewer.say();
        viewer.pass(20 * MS);
    }
    let told = viewer.reported.iter().find(|(_, lost)| *lost > 100).map(|(at, _)| *at).expect("the loss is told");
    assert!(told - turns < 2500 * MS, "told after {:?}", told - turns);
    assert!((8..=12).contains(&(viewer.reported.len() - clean)), "{:?}", viewer.reported);
    assert!(viewer.reported.is_sorted() && viewer.reported[0].0 - begins < 2500 * MS, "{:?}", viewer.reported);
}
