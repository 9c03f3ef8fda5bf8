//! How `str0m` is set up for all peer connections of an engine. It knows none of them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rtc_egress::WallClock;
use rtc_protocol::SessionId;
use str0m::config::DtlsCert;
use str0m::crypto::{CryptoProvider, from_feature_flags};
use str0m::net::TcpType;
use str0m::{Candidate, RtcConfig};

use super::{LOOKED, Str0mPeer};
use crate::MediaConfig;
use crate::keying;
use crate::negotiator::MakePeer;
use crate::peer::Peer;
use crate::route::Ufrag;
use crate::slots::Slots;
use crate::warmup::warm_up;

/// What all peer connections of an engine share.
pub(crate) struct PeerMaker {
    config: RtcConfig,
    candidates: Vec<Candidate>,
    wall: WallClock,
    bandwidth_estimation: bool,
}

impl PeerMaker {
    /// Makes the one certificate of this engine start, which is slow.
    pub(crate) fn new(config: &MediaConfig, advertised: &[SocketAddr]) -> std::io::Result<Self> {
        Self::with(config, advertised, &from_feature_flags())
    }

    /// The same by another cryptography.
    pub(crate) fn with(config: &MediaConfig, advertised: &[SocketAddr], crypto: &CryptoProvider) -> std::io::Result<Self> {
        let invalid = |e: &dyn std::fmt::Display| std::io::Error::new(std::io::ErrorKind::InvalidInput, e.to_string());
        let mut candidates = Vec::new();
        for address in advertised {
            let tcp = Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build();
            candidates.push(Candidate::host(*address, "udp").map_err(|e| invalid(&e))?);
            candidates.push(tcp.map_err(|e| invalid(&e))?);
        }
        let certificate = certificate().ok_or_else(|| std::io::Error::other("the DTLS certificate could not be made"))?;
        let rtc = RtcConfig::new()
            .set_rtp_mode(true)
            .set_ice_lite(true)
            .set_dtls_cert(certificate)
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(true)
            .enable_h264(true)
            .enable_vp9(true)
            .enable_av1(true)
            .set_crypto_provider(Arc::new(keying::provider(crypto)))
            // Who sends sound decides by our reports how often to repeat it; the default for audio is one in 5 s.
            .set_rtcp_report_interval_audio(Duration::from_secs(1))
            .set_stats_interval(Some(LOOKED));
        // A clock before 1970 is none, and as good as any other to clients.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall = WallClock::new(Instant::now(), since_1970);
        Ok(Self { config: rtc, candidates, wall, bandwidth_estimation: config.bandwidth_estimation })
    }
}

impl MakePeer for PeerMaker {
    fn warm_up(&self) -> bool {
        warm_up(self)
    }

    fn make(&self, now: Instant, session: SessionId) -> Box<dyn Peer> {
        let (ufrag, credentials) = Ufrag::credentials(session.shard());
        let config = self.config.clone().set_local_ice_credentials(credentials);
        let (mut rtc, keys) = keying::listen(|| config.build(now));
        for candidate in &self.candidates {
            rtc.add_local_candidate(candidate.clone());
        }
        let slots = Slots::new(now, self.wall, keys, self.bandwidth_estimation);
        Box::new(Str0mPeer::new(now, session, (rtc, ufrag), slots))
    }
}

fn certificate() -> Option<DtlsCert> {
    from_feature_flags().dtls_provider.generate_certificate()
}
