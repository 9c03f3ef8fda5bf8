//! Pictures on their way from a test's engine to its client, by what real engines send them with: kept, and sent again when they
//! are asked for. It has a key of its own only because it listens to the handshake.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use rtc_egress::{Egress, Event, Extensions, Keying, Outgoing, Profile, Sink, StreamSpec, Taken, Terms, WallClock};
use rtc_video::rtp::Payload;
use str0m::Rtc;
use str0m::config::DtlsCert;
use str0m::crypto::dtls::{DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion, SrtpProfile};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};
use str0m::format::Codec;
use str0m::media::Mid;
use str0m::rtp::Extension;

/// A line of pictures.
pub(crate) struct Pictures {
    egress: Egress,
    /// Of VP8, and of what is sent again of it.
    types: (u8, u8),
}

/// Datagrams that leave.
#[derive(Default)]
struct Sent(Vec<Vec<u8>>);

impl Sink for Sent {
    fn room(&mut self, _: usize) -> &mut Vec<u8> {
        self.0.push(Vec::new());
        self.0.last_mut().expect("pushed")
    }
}

impl Pictures {
    /// Takes a line over from a connection of this thread that is connected and was built with [`crypto`].
    pub(crate) fn new(now: Instant, rtc: &mut Rtc, mid: Mid) -> Self {
        let keying = KEYING.with_borrow_mut(Option::take).expect("the handshake is over");
        let vp8 = rtc.codec_config().find(|params| params.spec().codec == Codec::Vp8).expect("VP8");
        let types = (*vp8.pt(), *vp8.resend().expect("negotiated"));
        let map = rtc.media(mid).expect("a line").remote_extmap();
        let id = |extension| map.id_of(extension);
        let extensions =
            Extensions { mid: id(Extension::RtpMid), abs_send_time: id(Extension::AbsoluteSendTime), ..Extensions::default() };
        let stream = rtc.direct_api().stream_tx_by_mid(mid, None).map(|stream| (stream.ssrc(), stream.rtx()));
        let (ssrc, repeat) = stream.expect("a line that is sent on");
        rtc.direct_api().remove_stream_tx(ssrc);
        let mut egress = Egress::new(now, WallClock::new(now, Duration::from_secs(1_700_000_000)), false);
        egress.set_keys(&keying);
        egress.add_stream(
            now,
            StreamSpec {
                ssrc: *ssrc,
                repeat_ssrc: repeat.map(|ssrc| *ssrc),
                is_sound: false,
                mid: (*mid).into(),
                cname: "engine".into(),
                terms: Terms { extensions, padding_type: Some(types.1) },
            },
        );
        Self { egress, types }
    }

    pub(crate) fn sends(&mut self, now: Instant, seq: u64, time: u32, payload: &Payload) {
        let (payload_type, repeat_type) = self.types;
        self.egress.write(
            0,
            Outgoing {
                payload_type,
                repeat_type: Some(repeat_type),
                seq,
                time,
                clock_rate: 90_000,
                wallclock: now,
                marker: payload.marker,
                audio_level: None,
                orientation: None,
                payload: payload.data.as_ref().into(),
            },
        );
    }

    /// What leaves now, and when to come back.
    pub(crate) fn drive(&mut self, now: Instant) -> (Vec<Vec<u8>>, Option<Instant>) {
        let mut sent = Sent::default();
        if self.egress.wants_to_send(now) {
            self.egress.send(now, &mut sent);
        }
        (sent.0, self.egress.poll_timeout())
    }

    /// Takes what the client says. Whether it was about pictures alone.
    pub(crate) fn hears(&mut self, now: Instant, datagram: &[u8]) -> bool {
        matches!(datagram, [128..=191, 192..=223, ..]) && self.egress.handle_rtcp(now, datagram) == Taken::Whole
    }

    /// Whether a key frame was asked for since.
    pub(crate) fn is_key_wanted(&mut self) -> bool {
        let events = std::iter::from_fn(|| self.egress.poll_event());
        events.fold(false, |wanted, event| wanted | matches!(event, Event::KeyframeWanted { .. }))
    }
}

thread_local! {
    /// What the last handshake of this thread has left.
    static KEYING: RefCell<Option<Keying>> = const { RefCell::new(None) };
}

/// A cryptography whose handshakes are listened to.
pub(crate) fn crypto() -> Arc<CryptoProvider> {
    static LISTENING: LazyLock<Listening> = LazyLock::new(|| Listening(from_feature_flags().dtls_provider));
    Arc::new(CryptoProvider { dtls_provider: &*LISTENING, ..from_feature_flags() })
}

#[derive(Debug)]
struct Listening(&'static dyn DtlsProvider);

impl DtlsProvider for Listening {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        self.0.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        Ok(Box::new(Listened(self.0.new_dtls(certificate, now, version, mtu)?)))
    }
}

#[derive(Debug)]
struct Listened(Box<dyn DtlsInstance>);

impl DtlsInstance for Listened {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.0.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output {
            let profile = match *profile {
                SrtpProfile::AEAD_AES_128_GCM => Profile::Aes128Gcm,
                SrtpProfile::AEAD_AES_256_GCM => Profile::Aes256Gcm,
                _ => Profile::Aes128CmSha1_80,
            };
            KEYING.set(Keying::new(profile, material, self.0.is_active()));
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}
