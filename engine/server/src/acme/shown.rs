//! The certificate that connections are shown: the engine's own, or to the authority the proof that a name leads here.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

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
    let certificate = params.self_signed(&key)?.der().clone();
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signer = rustls::crypto::aws_lc_rs::default_provider().key_provider.load_private_key(private)?;
    // As it is: whoever checks certificates refuses the extension that makes it a proof.
    Ok(CertifiedKey::new(vec![certificate], signer))
}

#[cfg(test)]
mod tests {
    use rustls::server::Acceptor;

    use super::*;
    use crate::tls;

    /// What somebody is shown who asks for a name, with a protocol.
    fn shown(all: &Shown, name: &str, protocol: &[u8]) -> Option<Vec<u8>> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let mut client =
            rustls::ClientConnection::new(Arc::new(config), name.to_owned().try_into().expect("a name")).expect("a client");
        let mut hello = Vec::new();
        client.write_tls(&mut hello).expect("written");
        let mut acceptor = Acceptor::default();
        acceptor.read_tls(&mut hello.as_slice()).expect("read");
        let accepted = acceptor.accept().ok().flatten().expect("a hello");
        all.resolve(accepted.client_hello()).map(|key| key.cert[0].to_vec())
    }

    #[test]
    fn a_proof_is_shown_to_the_authority_alone_and_forgotten() {
        let all = Shown::default();
        let name = "rtc.example.com";
        assert_eq!(shown(&all, name, b"http/1.1"), None, "there is none yet");
        let own = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        all.show(tls::certified(&own.cert.pem(), &own.signing_key.serialize_pem()).expect("a pair"));
        all.show_proof(name, proof(name, &[7; 32]).expect("a proof"));
        let (to_all, to_authority) = (shown(&all, name, b"http/1.1"), shown(&all, name, PROOF_PROTOCOL));
        assert_eq!(to_all.as_deref(), Some(own.cert.der().as_ref()));
        assert!(to_authority.is_some() && to_authority != to_all);
        assert_eq!(shown(&all, "other.example.com", PROOF_PROTOCOL), None, "of another name");
        all.forget_proofs();
        assert_eq!(shown(&all, name, PROOF_PROTOCOL), None);
        assert!(proof(name, b"short").is_err());
    }
}
