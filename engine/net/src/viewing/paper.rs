//! A DTLS of paper, which agrees on whatever profile a story wants and on keys that everybody knows. It protects nothing.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use str0m::config::DtlsCert;
use str0m::crypto::dtls::{
    DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, KeyingMaterial, ProtocolVersion, SrtpProfile,
};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};

/// A cryptography whose handshakes end with this profile.
pub(super) fn provider(profile: SrtpProfile) -> CryptoProvider {
    CryptoProvider { dtls_provider: Box::leak(Box::new(Paper { profile })), ..from_feature_flags() }
}

#[derive(Debug)]
struct Paper {
    profile: SrtpProfile,
}

impl DtlsProvider for Paper {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        _: DtlsVersion,
        _: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let certificate = certificate.certificate.clone();
        Ok(Box::new(Handshake { profile: self.profile, certificate, now, active: false, peer: None, says: VecDeque::new() }))
    }
}

/// Each side sends its certificate, and is done when it has the other's.
#[derive(Debug)]
struct Handshake {
    profile: SrtpProfile,
    certificate: Vec<u8>,
    now: Instant,
    active: bool,
    peer: Option<Vec<u8>>,
    says: VecDeque<Say>,
}

#[derive(Debug)]
enum Say {
    Hello,
    Peer,
    Keys,
    Connected,
}

/// What a DTLS record of a handshake begins with.
const HANDSHAKE: u8 = 22;

impl DtlsInstance for Handshake {
    fn set_active(&mut self, active: bool) {
        self.active = active;
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        match packet.split_first() {
            None => self.says.push_back(Say::Hello),
            Some((&HANDSHAKE, certificate)) if self.peer.is_none() => {
                self.peer = Some(certificate.to_vec());
                if !self.active {
                    self.says.push_back(Say::Hello);
                }
                self.says.extend([Say::Peer, Say::Keys, Say::Connected]);
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let mut put = |first: &[u8], rest: &[u8]| {
            buffer[..first.len()].copy_from_slice(first);
            buffer[first.len()..first.len() + rest.len()].copy_from_slice(rest);
            first.len() + rest.len()
        };
        match self.says.pop_front() {
            None => DtlsOutput::Timeout(self.now + Duration::from_secs(3600)),
            Some(Say::Hello) => {
                let length = put(&[HANDSHAKE], &self.certificate);
                DtlsOutput::Packet(&buffer[..length])
            }
            Some(Say::Peer) => {
                let length = put(&[], self.peer.as_deref().unwrap_or_default());
                DtlsOutput::PeerCert(&buffer[..length])
            }
            Some(Say::Keys) => {
                let material: Vec<u8> = (0..self.profile.keying_material_len() as u8).collect();
                DtlsOutput::KeyingMaterial(KeyingMaterial::new(&material), self.profile)
            }
            Some(Say::Connected) => DtlsOutput::Connected,
        }
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.now = now;
        Ok(())
    }

    fn send_application_data(&mut self, _: &[u8]) -> Result<usize, DtlsImplError> {
        Ok(0)
    }

    fn is_active(&self) -> bool {
        self.active
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        None
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        Ok(())
    }
}
