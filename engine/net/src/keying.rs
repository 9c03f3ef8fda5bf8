//! Takes the media keys of a DTLS handshake aside on their way into `str0m`, which hands them to nobody: its provider of
//! cryptography, with a DTLS that is listened to. It changes nothing of what passes.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use rtc_egress::{Keying, Profile};
use str0m::config::DtlsCert;
use str0m::crypto::dtls::{DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion, SrtpProfile};
use str0m::crypto::{CryptoError, CryptoProvider};

/// Where the keys of one connection appear when its handshake is over.
pub(crate) type Keys = Arc<OnceLock<Keying>>;

thread_local! {
    /// The connection that is being built on this thread.
    static BUILT: RefCell<Option<Keys>> = const { RefCell::new(None) };
}

/// A cryptography for connections whose keys can be had. It is made once for an engine, and stays as long as that.
pub(crate) fn provider(inner: &CryptoProvider) -> CryptoProvider {
    let listening = Box::leak(Box::new(Listening { inner: inner.dtls_provider }));
    CryptoProvider { dtls_provider: listening, ..inner.clone() }
}

/// Builds a connection with [`provider`]: a provider is one for all connections, and which of them asks it for a DTLS shows
/// only in when it does.
pub(crate) fn listen<C>(build: impl FnOnce() -> C) -> (C, Keys) {
    let keys = Keys::default();
    BUILT.set(Some(keys.clone()));
    let built = build();
    BUILT.take();
    (built, keys)
}

#[derive(Debug)]
struct Listening {
    inner: &'static dyn DtlsProvider,
}

impl DtlsProvider for Listening {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        self.inner.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = self.inner.new_dtls(certificate, now, version, mtu)?;
        Ok(match BUILT.take() {
            Some(keys) => Box::new(Listened { inner, keys }),
            None => inner,
        })
    }

    fn is_test(&self) -> bool {
        self.inner.is_test()
    }
}

#[derive(Debug)]
struct Listened {
    inner: Box<dyn DtlsInstance>,
    keys: Keys,
}

impl DtlsInstance for Listened {
    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.inner.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.inner.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output
            && let Some(keying) = profile_of(*profile).and_then(|of| Keying::new(of, material, self.inner.is_active()))
        {
            // A connection has one handshake. Were there another, its keys would not be ours.
            let _ = self.keys.set(keying);
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}

fn profile_of(profile: SrtpProfile) -> Option<Profile> {
    match profile {
        SrtpProfile::AES128_CM_SHA1_80 => Some(Profile::Aes128CmSha1_80),
        SrtpProfile::AEAD_AES_128_GCM => Some(Profile::Aes128Gcm),
        SrtpProfile::AEAD_AES_256_GCM => Some(Profile::Aes256Gcm),
        _ => None,
    }
}
