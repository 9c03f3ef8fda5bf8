//! Bad input: each kind is refused or counted and dropped, and a call that goes on meanwhile never notices.

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use rtc_bench_client::{Client, Plan};
use rtc_net::{MediaConfig, OfferError};
use rtc_protocol::{Codec, Layer, Lines, MediaOffer, OfferPurpose, Track};
use socket2::{Domain, Socket, Type};

use support::Stage;

const CALL: Plan = Plan { microphone: true, camera: true, screen: false, slots: 2, video: None, tcp: false };

/// A call of two on different shards that has to survive the story.
struct Bystanders {
    ann: usize,
    bob: usize,
}

impl Bystanders {
    fn enter(stage: &mut Stage) -> Self {
        let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
        stage.show(ann, Track::Microphone, Codec::Opus);
        stage.show(ann, Track::Camera, Codec::Vp8);
        stage.hear(bob, ann);
        stage.view(bob, ann, Track::Camera, Layer::Big);
        let them = Self { ann, bob };
        them.flow(stage);
        them
    }

    #[track_caller]
    fn flow(&self, stage: &mut Stage) {
        let since = Instant::now();
        stage.until("the call goes on", |stage| {
            let count = |track| stage.people[self.bob].heard_of(self.ann, track, since).count();
            count(Track::Microphone) > 5 && count(Track::Camera) > 10
        });
        assert!(!stage.was_lost(self.ann) && !stage.was_lost(self.bob));
        assert_eq!(stage.stats().counts.panics, 0);
    }
}

/// A numbers generator for nonsense that is the same each time.
struct Nonsense(u64);

impl Nonsense {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.below(256) as u8).collect()
    }
}

fn stranger(stage: &Stage) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    socket.connect(stage.media.local_addr()).expect("a UDP socket");
    socket
}

/// A binding request for a session, whose integrity is junk.
fn stun(ufrag: &str) -> Vec<u8> {
    let name = format!("{ufrag}:them");
    let mut body = vec![0, 6, 0, name.len() as u8];
    body.extend(name.as_bytes());
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend([0, 0x24, 0, 4, 0x7e, 0, 0, 0xff]);
    body.extend([0, 8, 0, 20]);
    body.extend([0x5a; 20]);
    let mut message = vec![0, 1, 0, body.len() as u8, 0x21, 0x12, 0xa4, 0x42];
    message.extend([9; 12]);
    message.extend(body);
    message
}

fn ufrag(sdp: &str) -> String {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).expect("an ICE user fragment").to_owned()
}

#[test]
fn garbage_offers_get_an_error_that_says_what_is_wrong() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let session = stage.session(0);
    let refused = |stage: &Stage, sdp: String, lines: Lines| {
        stage.offer(session, MediaOffer { purpose: OfferPurpose::Enter, sdp, lines }).expect_err("not an offer")
    };
    assert!(matches!(refused(&stage, String::new(), Lines::default()), OfferError::Sdp(_)));
    assert!(matches!(refused(&stage, "v=0\r\nhello".into(), Lines::default()), OfferError::Sdp(_)));
    let sections = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:x\r\n".repeat(1000);
    assert_eq!(refused(&stage, sections, Lines::default()), OfferError::TooManySections { sections: 1000 });
    let large = "a".repeat(513 * 1024);
    assert!(matches!(refused(&stage, large, Lines::default()), OfferError::TooLarge { .. }));
    let (_, good) = Client::new(CALL).expect("a client");
    let mut lines = good.lines.clone();
    lines.camera = Some("nosuch".into());
    let error = refused(&stage, good.sdp.clone(), lines).to_string();
    assert!(error.contains("camera") && error.contains("nosuch"), "{error}");
    let bare = good.sdp.replace("a=fingerprint", "a=fingertip");
    assert!(matches!(refused(&stage, bare, good.lines), OfferError::Sdp(_)));
    bystanders.flow(&mut stage);
    assert_eq!(stage.stats().sessions, 2);
}

#[test]
fn offers_with_random_damage_are_answered_somehow_and_hurt_nobody() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let (_, good) = Client::new(CALL).expect("a client");
    let mut nonsense = Nonsense(7);
    for round in 0..300 {
        let mut sdp = good.sdp.clone().into_bytes();
        for _ in 0..=nonsense.below(6) {
            let at = nonsense.below(sdp.len());
            match nonsense.below(4) {
                0 => sdp.truncate(at),
                1 => sdp[at] = nonsense.below(256) as u8,
                2 => drop(sdp.drain(at..(at + nonsense.below(40)).min(sdp.len()))),
                _ => {
                    let copy = sdp[at..(at + nonsense.below(200)).min(sdp.len())].to_vec();
                    sdp.splice(at..at, copy);
                }
            }
            if sdp.is_empty() {
                break;
            }
        }
        let sdp = String::from_utf8_lossy(&sdp).into_owned();
        let purpose = if round % 3 == 0 { OfferPurpose::Replace } else { OfferPurpose::Enter };
        // On a session of its own, and some on a running one.
        let session = stage.session(round as u8 % 2);
        let _ = stage.offer(session, MediaOffer { purpose, sdp: sdp.clone(), lines: good.lines.clone() });
        let _ = stage.offer(session, MediaOffer { purpose: OfferPurpose::Grow, sdp, lines: good.lines.clone() });
        stage.media.command(rtc_sfu::Command::Close { session });
        stage.go_on();
    }
    bystanders.flow(&mut stage);
    stage.until_counted("only the call is left", |stats| stats.sessions == 2);
}

#[test]
fn stun_with_a_wrong_password_for_nobody_or_by_the_thousand_is_counted_and_dropped() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let (session, (_, offer)) = (stage.session(1), Client::new(CALL).expect("a client"));
    let ufrag = ufrag(&stage.offer(session, offer).expect("an answer").sdp);
    let socket = stranger(&stage);
    let say = |datagram: &[u8]| assert_eq!(socket.send(datagram).expect("sent"), datagram.len());

    say(&stun(&ufrag));
    stage.until_counted("a wrong password", |stats| stats.drops.stun_refused == 1);
    say(&stun("nobody"));
    say(&stun(&format!("{}0000000000000", &ufrag[..3])));
    stage.until_counted("nobody's", |stats| stats.drops.stun_unknown == 2);
    say(&stun(&ufrag)[..40]);
    say(&[0; 20]);
    stage.until_counted("malformed", |stats| stats.drops.stun_malformed == 2);
    for _ in 0..4000 {
        say(&stun(&ufrag));
    }
    stage.until_counted("a flood", |stats| stats.drops.stun_limited > 0);
    // Nobody was answered.
    socket.set_nonblocking(true).expect("a UDP socket");
    assert!(socket.recv(&mut [0; 100]).is_err());
    bystanders.flow(&mut stage);
}

#[test]
fn before_ice_has_proved_an_address_nothing_else_is_taken_from_it() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let socket = stranger(&stage);
    let say = |datagram: &[u8]| assert_eq!(socket.send(datagram).expect("sent"), datagram.len());
    say(&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    stage.until_counted("DTLS", |stats| stats.drops.dtls_unproved == 1);
    say(&[0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3]);
    say(&[0x80, 200, 0, 1, 0, 0, 0, 0]);
    stage.until_counted("RTP and RTCP", |stats| stats.drops.rtp_unproved == 2);
    // Its first letter is that of a TURN channel.
    say(b"GET / HTTP/1.1");
    stage.until_counted("TURN that is none", |stats| stats.drops.turn_malformed == 1);
    // What begins like nothing of ours the kernel drops, where it can, and nobody counts it.
    say(b"POST / HTTP/1.1");
    say(&[]);
    let counted = if cfg!(target_os = "linux") { 2 } else { 4 };
    say(&[0x80]);
    say(&[0, 1, 0, 0]);
    stage.until_counted("something else", |stats| stats.drops.unknown_protocol == counted);
    say(&[0x80; 3000]);
    stage.until_counted("too long", |stats| stats.drops.oversized == 1);
    bystanders.flow(&mut stage);
}

#[test]
fn broken_rtp_of_a_member_is_counted_and_the_member_stays() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let bad = stage.enter(0, CALL);
    stage.until_connected();
    let before = stage.stats().drops;
    let rtp = |first: u8, ssrc: u32, rest: &[u8]| {
        let mut packet = vec![first, 96, 0, 1, 0, 0, 0, 0];
        packet.extend(ssrc.to_be_bytes());
        packet.extend(rest);
        packet
    };
    // Sources nobody has announced, padding longer than the packet, all without valid encryption.
    let client = &mut stage.people[bad].client;
    client.send_raw(&rtp(0x80, 1, &[0; 100]));
    client.send_raw(&rtp(0xa0, 1, &[0xff; 40]));
    stage.until_counted("packets that give nothing", |stats| stats.drops.rtp_empty >= before.rtp_empty + 2);
    // Extensions and contributing sources that are not there.
    let client = &mut stage.people[bad].client;
    client.send_raw(&rtp(0x90, 1, &[0xbe, 0xde, 0xff, 0xff, 1, 2, 3, 4]));
    client.send_raw(&rtp(0x8f, 1, &[0; 8]));
    client.send_raw(&rtp(0x90, 1, &[]));
    client.send_raw(&[0x80, 200, 0]);
    stage.until_counted("malformed packets", |stats| stats.drops.rtp_malformed == before.rtp_malformed + 4);
    // More sources than anybody has.
    for ssrc in 100..200 {
        stage.people[bad].client.send_raw(&rtp(0x80, ssrc, &[0; 100]));
    }
    stage.until_counted("sources", |stats| stats.drops.rtp_sources > 50);
    let mut nonsense = Nonsense(3);
    for first in [0u8, 1, 20, 22, 23, 63, 128, 144, 160, 191, 255] {
        for length in [1, 13, 20, 60, 1200, 1500] {
            let mut datagram = nonsense.bytes(length);
            datagram[0] = first;
            stage.people[bad].client.send_raw(&datagram);
        }
    }
    stage.show(bad, Track::Microphone, Codec::Opus);
    stage.hear(bystanders.bob, bad);
    // The known sources of the bad one were pushed out of the list, as it deserves; the connection lives, and was never lost.
    stage.until("the bad one is still connected", |stage| stage.stats().connected == 3);
    bystanders.flow(&mut stage);
    assert!(!stage.was_lost(bad));
}

#[test]
fn packets_as_large_as_they_come_reach_a_viewer_whole_or_not_at_all() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    for size in [1200, 1400, 1450, 1600, 1900] {
        let outgoing = rtc_bench_client::Outgoing {
            track: Track::Camera,
            layer: Layer::Big,
            codec: Codec::Vp8,
            seq: 90_000,
            time: 1,
            marker: true,
            level: None,
            payload: vec![0x10; size].into(),
        };
        stage.people[bystanders.ann].client.write(&outgoing);
    }
    bystanders.flow(&mut stage);
    stage.until_counted("too long", |stats| stats.drops.oversized >= 2);
}

#[test]
fn ten_thousand_silent_connections_do_not_keep_an_honest_one_out() {
    let mut stage =
        Stage::with(MediaConfig { shards: 2, tcp_connections: 500, tcp_connections_per_source: 300, ..Stage::config() });
    let bystanders = Bystanders::enter(&mut stage);
    let engine = stage.media.local_addr();
    let began = Instant::now();
    let (mut silent, mut first) = (Vec::new(), began);
    while stage.stats().drops.tcp_limited <= 9000 {
        assert!(began.elapsed() < 4 * support::PATIENCE, "they are not limited");
        // Who says nothing is closed after ten seconds. On a slow machine others are silent in their places.
        if first.elapsed() > Duration::from_secs(8) {
            (silent, first) = (Vec::new(), Instant::now());
        }
        for _ in 0..1000 {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
            socket.bind(&SocketAddr::from(([127, 0, 0, 2], 0)).into()).expect("loopback");
            // Refused and reset are fine: that is one less.
            if socket.connect(&engine.into()).is_ok() && silent.len() < 400 {
                silent.push(socket);
            }
        }
        bystanders.flow(&mut stage);
    }
    assert!(stage.stats().tcp_connections <= 300);
    let honest = stage.enter(1, Plan { tcp: true, ..CALL });
    stage.hear(honest, bystanders.ann);
    let since = Instant::now();
    stage
        .until("the honest one hears", |stage| stage.people[honest].sees(bystanders.ann, Track::Microphone, Layer::Big, since));
    bystanders.flow(&mut stage);
}

#[test]
fn tcp_that_is_not_ice_is_closed() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let framed = |bytes: &[u8]| [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat();
    let openings = [b"GET / HTTP/1.1\r\n\r\n".to_vec(), vec![0x16, 3, 1, 2, 0, 1], framed(&[7; 100]), framed(&stun("nobody"))];
    for (i, opening) in openings.iter().enumerate() {
        let mut tcp = TcpStream::connect(stage.media.local_addr()).expect("loopback");
        tcp.write_all(opening).expect("sent");
        stage.until_counted("the refusal", |stats| stats.drops.tcp_refused == i as u64 + 1);
        tcp.set_read_timeout(Some(support::PATIENCE)).expect("a timeout");
        let closed = tcp.read(&mut [0; 10]);
        assert!(matches!(&closed, Ok(0)) || closed.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    }
    // The right name with a wrong password: the session's shard closes it.
    let (session, (_, offer)) = (stage.session(1), Client::new(CALL).expect("a client"));
    let name = ufrag(&stage.offer(session, offer).expect("an answer").sdp);
    let mut tcp = TcpStream::connect(stage.media.local_addr()).expect("loopback");
    tcp.write_all(&framed(&stun(&name))).expect("sent");
    stage.until_counted("the refusal", |stats| stats.drops.stun_refused == 1 && stats.tcp_connections == 0);
    bystanders.flow(&mut stage);
}

#[test]
fn forged_handshakes_from_the_address_of_somebody_who_connects_do_not_stop_him() {
    let mut stage = Stage::new(2);
    let bystanders = Bystanders::enter(&mut stage);
    let mut nonsense = Nonsense(11);
    let victim = stage.enter(1, CALL);
    // Records of each type with nonsense in them, among them a client hello that makes no sense.
    for kind in [20, 21, 22, 23, 25] {
        let mut record = vec![kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 60];
        record.extend(nonsense.bytes(60));
        if kind == 22 {
            record[13..25].copy_from_slice(&[1, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 48]);
        }
        stage.people[victim].noise.push(record);
    }
    stage.until_connected();
    stage.people[victim].noise.clear();
    stage.hear(victim, bystanders.ann);
    let since = Instant::now();
    stage.until("the victim hears", |stage| stage.people[victim].sees(bystanders.ann, Track::Microphone, Layer::Big, since));
    bystanders.flow(&mut stage);
}
