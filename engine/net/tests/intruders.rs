//! Strangers on the wire: they read what others send, and send from any address, also from that of a member. They have no
//! password and no key. A call goes on as if they were not there, and they get nothing that is longer than what they gave.

mod support;

use std::net::{Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use rtc_bench_client::Plan;
use rtc_protocol::{Codec, Layer, Track};
use rtc_sfu::Command;
use str0m::crypto::dtls::{DtlsOutput, DtlsVersion};

use support::Stage;
use support::forger::Forger;

const CALL: Plan = Plan { microphone: true, camera: true, screen: false, slots: 2, video: None, tcp: false };

/// Ann is heard and seen by Bob, who is on another shard.
fn call(stage: &mut Stage) -> (usize, usize) {
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.hear(bob, ann);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    goes_on(stage, ann, bob);
    (ann, bob)
}

#[track_caller]
fn goes_on(stage: &mut Stage, ann: usize, bob: usize) {
    let since = Instant::now();
    stage.until("the call goes on", |stage| {
        let count = |track| stage.people[bob].heard_of(ann, track, since).count();
        count(Track::Microphone) > 5 && count(Track::Camera) > 10
    });
    assert!(!stage.was_lost(ann) && !stage.was_lost(bob));
    assert_eq!(stage.stats().counts.panics, 0);
}

/// The first flight of a client that could really connect, with a certificate of its own.
fn hello(version: DtlsVersion) -> Vec<Vec<u8>> {
    let provider = str0m::crypto::from_feature_flags().dtls_provider;
    let certificate = provider.generate_certificate().expect("a certificate");
    let mut dtls = provider.new_dtls(&certificate, Instant::now(), version, None).expect("DTLS");
    dtls.set_active(true);
    dtls.handle_timeout(Instant::now()).expect("a handshake");
    let (mut buffer, mut flight) = ([0; 4096], Vec::new());
    loop {
        match dtls.poll_output(&mut buffer) {
            DtlsOutput::Packet(packet) => flight.push(packet.to_vec()),
            DtlsOutput::Timeout(_) => break,
            _ => {}
        }
    }
    assert!(!flight.is_empty());
    flight
}

/// Alerts in the clear, and other records that end connections where they are believed (RFC 6347 section 4.1).
fn endings() -> Vec<Vec<u8>> {
    let record = |kind: u8, body: &[u8]| {
        let mut record = vec![kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 7];
        record.extend((body.len() as u16).to_be_bytes());
        record.extend(body);
        record
    };
    vec![
        record(21, &[1, 0]),
        record(21, &[2, 0]),
        record(21, &[2, 40]),
        record(21, &[2, 80]),
        record(20, &[1]),
        // A hello request, and a server's demand to try again with a cookie.
        record(22, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        record(22, &[3, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0xfe, 0xfd, 0]),
    ]
}

fn stranger(stage: &Stage, host: u8) -> UdpSocket {
    let socket = UdpSocket::bind((Ipv4Addr::new(127, 0, 0, host), 0)).expect("loopback");
    socket.connect(stage.media.local_addr()).expect("a UDP socket");
    socket.set_nonblocking(true).expect("a socket");
    socket
}

#[test]
fn a_good_hello_from_an_address_that_ice_has_not_proved_is_not_even_read() {
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    let victim = stage.enter(0, CALL);
    let socket = stranger(&stage, 1);
    let mut said = 0;
    for version in [DtlsVersion::Dtls12, DtlsVersion::Dtls13] {
        for record in hello(version) {
            socket.send(&record).expect("sent");
            said += 1;
        }
    }
    stage.until_counted("the hellos", |stats| stats.drops.dtls_unproved == said);
    assert!(socket.recv(&mut [0; 1500]).is_err(), "nobody is answered");
    stage.until_connected();
    assert!(stage.people[victim].connected);
    goes_on(&mut stage, ann, bob);
}

#[test]
fn who_was_kept_out_by_a_strangers_good_hello_gets_in_with_the_next_peer_connection() {
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    for version in [DtlsVersion::Dtls12, DtlsVersion::Dtls13] {
        let victim = stage.enter(1, CALL);
        // From the victim's own address, and before its own hello: the noise is sent first each time. A client that sees
        // that it is answered what it did not ask gives up the peer connection and makes another, as SDKs do.
        stage.people[victim].may_break = true;
        stage.people[victim].noise = hello(version);
        stage.until("the victim has connected or not", |stage| {
            stage.people[victim].connected || stage.people[victim].broken.is_some()
        });
        stage.people[victim].noise.clear();
        if stage.people[victim].broken.is_some() {
            stage.replace(victim, CALL);
        }
        stage.until("the victim has connected", |stage| stage.people[victim].connected);
        stage.hear(victim, ann);
        let since = Instant::now();
        stage.until("the victim hears", |stage| stage.people[victim].sees(ann, Track::Microphone, Layer::Big, since));
    }
    goes_on(&mut stage, ann, bob);
}

#[test]
fn hellos_and_goodbyes_of_strangers_do_not_end_a_call() {
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    let noise = [hello(DtlsVersion::Dtls12), hello(DtlsVersion::Dtls13), endings()].concat();
    for who in [ann, bob] {
        stage.people[who].noise = noise.clone();
        goes_on(&mut stage, ann, bob);
        stage.people[who].noise.clear();
        goes_on(&mut stage, ann, bob);
    }
}

/// A member whose messages a stranger can have, and who sees Ann.
#[track_caller]
fn watcher(stage: &mut Stage, ann: usize) -> Forger {
    let mut member = Forger::enter(stage, 1, CALL);
    let source = stage.track(ann, Track::Camera);
    stage.media.command(Command::View { viewer: member.session, source, layer: Layer::Big });
    receives(stage, &mut member, 1000);
    member
}

/// Until so many bytes of media have come.
#[track_caller]
fn receives(stage: &mut Stage, member: &mut Forger, bytes: usize) {
    let mut got = 0;
    stage.until("media for a member", |_| {
        member.stay();
        got += member.drain();
        got >= bytes
    });
}

#[test]
fn who_has_read_a_user_fragment_changes_nothing_without_the_password() {
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    let mut victim = watcher(&mut stage, ann);
    let (thief, before) = (stranger(&stage, 1), stage.stats().drops.stun_refused);
    let genuine = victim.check();
    let mut refused = 0;
    // The name is right; the password is not, or the message was changed: another priority, another role, no vote.
    let forged = rtc_stun::check(
        &rand::random(),
        &rtc_stun::Check { user_name: victim.user_name(), password: "a guess", tie_breaker: 7 },
    );
    for at in [9, 30, 50, genuine.len() - 40, genuine.len() - 12] {
        let mut changed = genuine.clone();
        changed[at] ^= 1;
        thief.send(&changed).expect("sent");
        refused += 1;
    }
    for _ in 0..20 {
        thief.send(&forged).expect("sent");
        refused += 1;
    }
    stage.until_counted("all of them", |stats| {
        stats.drops.stun_refused + stats.drops.stun_unknown + stats.drops.stun_malformed >= before + refused
    });
    receives(&mut stage, &mut victim, 50_000);
    assert!(thief.recv(&mut [0; 1500]).is_err(), "the thief gets neither an answer nor media");
    goes_on(&mut stage, ann, bob);
}

#[test]
fn no_answer_is_longer_than_its_check() {
    let mut stage = Stage::new(1);
    let member = Forger::enter(&mut stage, 0, CALL);
    let socket = stranger(&stage, 1);
    socket.set_nonblocking(false).expect("a socket");
    socket.set_read_timeout(Some(support::PATIENCE)).expect("a socket");
    let mut buffer = [0; 1500];
    for _ in 0..10 {
        let check = member.check();
        socket.send(&check).expect("sent");
        let size = socket.recv(&mut buffer).expect("an answer");
        assert!(size <= check.len(), "{size} bytes for {}", check.len());
    }
}

#[test]
fn a_flood_from_many_ports_leaves_media_flowing() {
    const PORTS: usize = 64;
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    let member = Forger::enter(&mut stage, 0, CALL);
    let unsigned = rtc_stun::check(
        &rand::random(),
        &rtc_stun::Check { user_name: member.user_name(), password: "a guess", tie_breaker: 7 },
    );
    let hello = hello(DtlsVersion::Dtls12).remove(0);
    let kinds: [&[u8]; 6] = [&unsigned, &unsigned[..40], &hello, &[0x80; 1200], &[0xff; 600], b"\x80\xc9\0\x01aaaa"];
    let sockets: Vec<UdpSocket> = (0..PORTS).map(|i| stranger(&stage, 2 + (i % 100) as u8)).collect();
    let before = stage.stats();
    let (mut sent, mut delivered) = (0, 0);
    for round in 0..100 {
        for (i, socket) in sockets.iter().enumerate() {
            // Where the engine's buffer is full the network loses it.
            sent += u64::from(socket.send(kinds[(i + round) % kinds.len()]).is_ok());
        }
        let since = Instant::now();
        stage.until("a frame amid the flood", |stage| stage.people[bob].heard_of(ann, Track::Camera, since).count() > 0);
        delivered += stage.people[bob].heard_of(ann, Track::Camera, since).count();
    }
    assert!(delivered >= 100);
    let refused = |drops: &rtc_net::Drops| drops.each().map(|(_, count)| count).sum::<u64>();
    stage.until_counted("that it was a flood", |stats| refused(&stats.drops) - refused(&before.drops) > sent / 2);
    assert_eq!(stage.stats().sessions, before.sessions, "and nothing was built for it");
    assert!(sockets.iter().all(|socket| socket.recv(&mut [0; 1500]).is_err()), "nor was anybody answered");
    goes_on(&mut stage, ann, bob);
}

#[test]
fn a_check_that_was_recorded_and_is_sent_from_elsewhere_takes_nobodys_media_away() {
    let mut stage = Stage::new(2);
    let (ann, bob) = call(&mut stage);
    let mut victim = watcher(&mut stage, ann);
    // The check is one the victim has sent; the stranger read it.
    let recorded = victim.check();
    victim.send_raw(&recorded);
    let thief = stranger(&stage, 1);
    let silent = Instant::now() + Duration::from_millis(700);
    stage.until("the victim's next check is not due yet", |_| Instant::now() >= silent);
    thief.send(&recorded).expect("sent");
    receives(&mut stage, &mut victim, 100_000);
    let mut buffer = [0; 1500];
    let stolen = std::iter::from_fn(|| thief.recv(&mut buffer).ok()).sum::<usize>();
    assert!(stolen <= recorded.len(), "{stolen} bytes went to the thief");
    goes_on(&mut stage, ann, bob);
}
