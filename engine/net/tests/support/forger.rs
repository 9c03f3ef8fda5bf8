//! A member with a keyboard instead of a client: it proves itself and agrees on keys as anybody does, and then sends whatever
//! its story types, encrypted as it must be. It receives nothing but sizes.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use rtc_bench_client::{Client, Plan};
use rtc_protocol::{Lines, SessionId, Track, TrackRef};
use str0m::crypto::dtls::{DtlsCert, DtlsInstance, DtlsOutput, DtlsVersion, KeyingMaterial, SrtpProfile};
use str0m::crypto::{AeadAes128GcmCipher, AeadAes256GcmCipher, CryptoProvider, SrtpProvider};

use super::{PATIENCE, Stage};

/// How often it proves its address anew.
const PROVES_EVERY: Duration = Duration::from_secs(1);
/// Length of the authentication tag of AES-GCM.
const TAG: usize = 16;

pub struct Forger {
    pub session: SessionId,
    pub lines: Lines,
    pub socket: UdpSocket,
    answer: String,
    user_name: String,
    proved: Instant,
    rtp: Key,
    rtcp: Key,
    rtcp_index: u32,
}

/// One RTP packet before it is encrypted.
#[derive(Debug, Clone)]
pub struct Forged<'a> {
    /// Everything of the first byte but the version: padding, extension, number of contributing sources.
    pub flags: u8,
    pub pt: u8,
    /// With the roll-overs in its upper bits.
    pub index: u64,
    pub time: u32,
    pub ssrc: u32,
    pub marker: bool,
    /// What follows the fixed header and is not encrypted: sources and extensions.
    pub clear: Vec<u8>,
    /// What is encrypted.
    pub payload: &'a [u8],
}

struct Key {
    salt: [u8; 12],
    cipher: Cipher,
}

enum Cipher {
    Aes128(Box<dyn AeadAes128GcmCipher>),
    Aes256(Box<dyn AeadAes256GcmCipher>),
}

impl Forger {
    /// Enters on a shard and waits until keys are agreed.
    pub fn enter(stage: &mut Stage, shard: u8, plan: Plan) -> Self {
        let crypto = str0m::crypto::from_feature_flags();
        let certificate = crypto.dtls_provider.generate_certificate().expect("a certificate");
        let (_, mut offer) = Client::new(plan).expect("a client");
        offer.sdp = ours(&offer.sdp, &fingerprint(&crypto, &certificate));
        let (session, lines) = (stage.session(shard), offer.lines.clone());
        let theirs = line(&offer.sdp, "a=ice-ufrag:").to_owned();
        let answer = stage.offer(session, offer).expect("an answer").sdp;
        assert_eq!(line(&answer, "a=setup:"), "passive", "the engine waits for the client's hello");
        let user_name = format!("{}:{theirs}", line(&answer, "a=ice-ufrag:"));
        let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
        socket.connect(stage.media.local_addr()).expect("a UDP socket");
        socket.set_read_timeout(Some(Duration::from_millis(20))).expect("a socket");

        prove(&socket, &user_name, line(&answer, "a=ice-pwd:"));
        let mut answered = [0; 1500];
        let size = recv_until(&socket, &mut answered, |bytes| bytes.first().is_some_and(|first| *first < 4));
        assert!(size > 20, "the engine answers a good check");
        let dtls = crypto.dtls_provider.new_dtls(&certificate, Instant::now(), DtlsVersion::Dtls12, None).expect("DTLS");
        let (material, profile) = handshake(&socket, dtls);
        let key = |label| Key::derive(crypto.srtp_provider, profile, &material, label);
        let (rtp, rtcp) = (key(0), key(3));
        Self { session, lines, socket, answer, user_name, proved: Instant::now(), rtp, rtcp, rtcp_index: 0 }
    }

    pub fn track(&self, track: Track) -> TrackRef {
        TrackRef { publisher: self.session, track }
    }

    /// What its checks bear: the engine's user fragment and its own.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// The payload type of a codec, as it stands in `a=rtpmap`, and with `of` the retransmission of one.
    pub fn payload_type(&self, codec: &str) -> u8 {
        let line = self.answer.lines().find_map(|line| line.strip_prefix("a=rtpmap:").filter(|rest| rest.contains(codec)));
        line.and_then(|line| line.split(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("no {codec} in {}", self.answer))
    }

    /// The payload type for retransmissions of another.
    pub fn retransmission_of(&self, pt: u8) -> u8 {
        let of = format!("apt={pt}");
        let fmtp = |line: &str| {
            let (number, rest) = line.strip_prefix("a=fmtp:")?.split_once(' ')?;
            (rest == of).then(|| number.parse().ok())?
        };
        self.answer.lines().find_map(fmtp).unwrap_or_else(|| panic!("no {of} in {}", self.answer))
    }

    /// The extension that says of which line and layer a packet is (RFC 8285 section 4.2).
    pub fn names(&self, mid: &str, rid: Option<&str>) -> Vec<u8> {
        let mut elements = Vec::new();
        let named =
            [("urn:ietf:params:rtp-hdrext:sdes:mid", Some(mid)), ("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", rid)];
        for (uri, value) in named {
            let Some(value) = value else { continue };
            let id = self.extension(uri).unwrap_or_else(|| panic!("no {uri} in {}", self.answer));
            elements.push(id << 4 | (value.len() as u8 - 1));
            elements.extend(value.bytes());
        }
        elements.resize(elements.len().next_multiple_of(4), 0);
        let mut extension = vec![0xbe, 0xde, 0, (elements.len() / 4) as u8];
        extension.extend(elements);
        extension
    }

    /// The number of a header extension.
    pub fn extension(&self, uri: &str) -> Option<u8> {
        let extmaps = self.answer.lines().filter_map(|line| line.strip_prefix("a=extmap:"));
        extmaps.filter_map(|rest| rest.split_once(' ')).find(|(_, of)| *of == uri).and_then(|(id, _)| id.parse().ok())
    }

    /// The engine's source for a receiving line.
    pub fn source_of(&self, mid: &str) -> u32 {
        let mid = format!("a=mid:{mid}");
        let section = self.answer.split("m=").find(|section| section.lines().any(|line| line == mid)).expect("the section");
        let source = line(section, "a=ssrc:").split(' ').next().expect("a source");
        source.parse().expect("a number")
    }

    /// Sends an RTP packet; gives the datagram.
    pub fn send(&mut self, forged: &Forged<'_>) -> Vec<u8> {
        let mut header = vec![0x80 | forged.flags, u8::from(forged.marker) << 7 | forged.pt];
        header.extend((forged.index as u16).to_be_bytes());
        header.extend(forged.time.to_be_bytes());
        header.extend(forged.ssrc.to_be_bytes());
        header.extend(&forged.clear);
        let mut iv = [0; 12];
        iv[2..6].copy_from_slice(&forged.ssrc.to_be_bytes());
        // RFC 7714 section 8.1: the roll-over counter and the number.
        iv[6..12].copy_from_slice(&forged.index.to_be_bytes()[2..]);
        let sealed = self.rtp.seal(iv, &header, forged.payload);
        header.extend(sealed);
        self.send_raw(&header);
        header
    }

    /// Sends RTCP; gives the datagram. A packet has at least eight bytes.
    pub fn send_rtcp(&mut self, packet: &[u8]) -> Vec<u8> {
        self.rtcp_index += 1;
        let word = 0x8000_0000 | self.rtcp_index;
        let mut iv = [0; 12];
        iv[2..6].copy_from_slice(&packet[4..8]);
        iv[8..12].copy_from_slice(&self.rtcp_index.to_be_bytes());
        // RFC 7714 section 9.2: the first eight bytes and the index are authenticated only.
        let sealed = self.rtcp.seal(iv, &[&packet[..8], &word.to_be_bytes()].concat(), &packet[8..]);
        let datagram = [&packet[..8], &sealed, &word.to_be_bytes()].concat();
        self.send_raw(&datagram);
        datagram
    }

    /// Sends bytes as they are, and stays proved.
    pub fn send_raw(&mut self, datagram: &[u8]) {
        self.stay();
        // A full buffer is a lossy network.
        let _ = self.socket.send(datagram);
    }

    /// Proves its address anew when it is time.
    pub fn stay(&mut self) {
        if self.proved.elapsed() > PROVES_EVERY {
            self.proved = Instant::now();
            prove(&self.socket, &self.user_name, line(&self.answer, "a=ice-pwd:"));
        }
    }

    /// A good check of its own making, as one who reads the wire has it. The password is in it, but cannot be read from it.
    pub fn check(&self) -> Vec<u8> {
        let (user_name, password) = (&*self.user_name, line(&self.answer, "a=ice-pwd:"));
        rtc_stun::check(&rand::random(), &rtc_stun::Check { user_name, password, tie_breaker: 1 })
    }

    /// Throws away what has arrived; gives its bytes.
    pub fn drain(&mut self) -> usize {
        self.socket.set_nonblocking(true).expect("a socket");
        let mut buffer = [0; 2000];
        std::iter::from_fn(|| self.socket.recv(&mut buffer).ok()).sum()
    }
}

impl Forged<'_> {
    /// A packet of a line as an honest client sends it.
    pub fn of(clear: Vec<u8>, pt: u8, ssrc: u32, index: u64) -> Self {
        Self { flags: 0x10, pt, index, time: index as u32 * 3000, ssrc, marker: true, clear, payload: &[] }
    }
}

impl Key {
    /// RFC 3711 section 4.3.1 and, for the longer key, RFC 6188. `label` is that of the cipher's key; the salt's is two more.
    fn derive(provider: &dyn SrtpProvider, profile: SrtpProfile, material: &KeyingMaterial, label: u8) -> Self {
        let length = match profile {
            SrtpProfile::AEAD_AES_128_GCM => 16,
            SrtpProfile::AEAD_AES_256_GCM => 32,
            other => panic!("{other} is not what engines prefer"),
        };
        // RFC 5764 section 4.2: both keys, then both salts; the client's come first.
        let (master, salt) = (&material[..length], &material[2 * length..][..12]);
        let stream = |label: u8| {
            let mut out = Vec::new();
            for round in 0..3u8 {
                let mut input = [0; 16];
                input[..12].copy_from_slice(salt);
                input[7] ^= label;
                input[15] = round;
                let mut block = [0; 32];
                match length {
                    16 => provider.srtp_aes_128_ecb_round(master, &input, &mut block),
                    _ => provider.srtp_aes_256_ecb_round(master, &input, &mut block),
                }
                out.extend(&block[..16]);
            }
            out
        };
        let key = stream(label);
        let cipher = match length {
            16 => Cipher::Aes128(provider.aead_aes_128_gcm().create_cipher(*key.first_chunk().expect("48 bytes"), true)),
            _ => Cipher::Aes256(provider.aead_aes_256_gcm().create_cipher(*key.first_chunk().expect("48 bytes"), true)),
        };
        Self { salt: *stream(label + 2).first_chunk().expect("48 bytes"), cipher }
    }

    fn seal(&mut self, mut iv: [u8; 12], clear: &[u8], secret: &[u8]) -> Vec<u8> {
        iv.iter_mut().zip(self.salt).for_each(|(byte, salt)| *byte ^= salt);
        let mut out = vec![0; secret.len() + TAG];
        let sealed = match &mut self.cipher {
            Cipher::Aes128(cipher) => cipher.encrypt(&iv, clear, secret, &mut out),
            Cipher::Aes256(cipher) => cipher.encrypt(&iv, clear, secret, &mut out),
        };
        sealed.expect("sealed");
        out
    }
}

/// Does the client's half of a handshake.
fn handshake(socket: &UdpSocket, mut dtls: Box<dyn DtlsInstance>) -> (KeyingMaterial, SrtpProfile) {
    dtls.set_active(true);
    let deadline = Instant::now() + PATIENCE;
    let (mut agreed, mut connected) = (None, false);
    let mut buffer = [0; 4096];
    while Instant::now() < deadline {
        dtls.handle_timeout(Instant::now()).expect("a handshake");
        loop {
            match dtls.poll_output(&mut buffer) {
                DtlsOutput::Packet(packet) => drop(socket.send(packet).expect("sent")),
                DtlsOutput::KeyingMaterial(material, profile) => agreed = Some((material, profile)),
                DtlsOutput::Connected => connected = true,
                DtlsOutput::Timeout(_) => break,
                _ => {}
            }
        }
        if connected && let Some(agreed) = agreed {
            return agreed;
        }
        if let Ok(size) = socket.recv(&mut buffer)
            && (20..=63).contains(&buffer[0])
        {
            let datagram = buffer[..size].to_vec();
            dtls.handle_packet(&datagram).expect("a handshake");
        }
    }
    panic!("no handshake");
}

fn prove(socket: &UdpSocket, user_name: &str, password: &str) {
    let check = rtc_stun::Check { user_name, password, tie_breaker: 1 };
    let _ = socket.send(&rtc_stun::check(&rand::random(), &check));
}

fn recv_until(socket: &UdpSocket, buffer: &mut [u8], so: impl Fn(&[u8]) -> bool) -> usize {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Ok(size) = socket.recv(buffer)
            && so(&buffer[..size])
        {
            return size;
        }
    }
    panic!("nothing of the kind has come");
}

fn fingerprint(crypto: &CryptoProvider, certificate: &DtlsCert) -> String {
    let digest = crypto.sha256_provider.sha256(&certificate.certificate);
    digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// With another certificate than the client's that made the offer, and with repeated sound (RFC 2198), as browsers offer it.
fn ours(sdp: &str, fingerprint: &str) -> String {
    let line = |line: &str| match line.split(' ').next() {
        Some("m=audio") => format!("{line} 63\r\n"),
        Some("a=rtpmap:111") => format!("{line}\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"),
        Some(fingerprinted) if fingerprinted.starts_with("a=fingerprint:") => {
            format!("a=fingerprint:sha-256 {fingerprint}\r\n")
        }
        _ => format!("{line}\r\n"),
    };
    sdp.lines().map(line).collect()
}

/// The rest of the first line that begins so.
pub fn line<'a>(sdp: &'a str, begins: &str) -> &'a str {
    sdp.lines().find_map(|line| line.strip_prefix(begins)).unwrap_or_else(|| panic!("no {begins} in {sdp}"))
}
