//! The certificate that connections are shown: the engine's own, or to the authority the proof that a name leads here.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::tls;

/// What the authority says when it looks for a proof (RFC 8737 section 3).
pub(crate) const PROOF_PROTOCOL: &[u8] = b"acme-tls/1";

/// What is shown now.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    own: RwLock<Option<Arc<CertifiedKey>>>,
    /// By name, while they are asked for.
    proofs: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Shown {
    pub(crate) fn show(&self, own: CertifiedKey) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(own));
    }

    pub(crate) fn show_proof(&self, name: &str, proof: CertifiedKey) {
        self.proofs.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_ascii_lowercase(), Arc::new(proof));
    }

    pub(crate) fn forget_proofs(&self) {
        self.proofs.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().into_iter().flatten().any(|protocol| protocol == PROOF_PROTOCOL) {
            let name = hello.server_name()?.to_ascii_lowercase();
            return self.proofs.read().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        }
        self.own.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The proof that a name leads here (RFC 8737 section 3).
pub(crate) fn proof(name: &str, digest: &[u8]) -> anyhow::Result<CertifiedKey> {
    anyhow::ensure!(digest.len() == 32, "a digest of {} bytes", digest.len());
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    tls::certified(&params.self_signed(&key)?.pem(), &key.serialize_pem())
}
