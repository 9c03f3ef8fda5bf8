//! https: the operator's certificate, or for `--lan` one the engine signs itself and keeps.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

const DAY: Duration = Duration::from_secs(86_400);
/// How long a certificate of our own is good for. iPhones take none that is good for more than 825 days.
const VALID: Duration = Duration::from_secs(800 * 86_400);
/// When it is replaced.
const RENEWED: Duration = Duration::from_secs(700 * 86_400);

/// The TLS of two PEM texts.
pub(crate) fn config(certificate: &str, key: &str) -> anyhow::Result<RustlsConfig> {
    let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect::<Result<Vec<_>, _>>()?;
    anyhow::ensure!(!chain.is_empty(), "there is no certificate in it");
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // A WebSocket needs HTTP/1.1, and nothing else here profits from more.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

/// A self-signed certificate for these addresses, kept in the data folder, so that a phone that has trusted it once need
/// not be asked again. A new one is made when the machine has an address the old one does not name.
pub(crate) fn self_signed(folder: &Path, addresses: &[IpAddr]) -> anyhow::Result<(String, String)> {
    let (certificate_path, key_path) = (folder.join("lan-certificate.pem"), folder.join("lan-key.pem"));
    let names_path = folder.join("lan-addresses.txt");
    let read = || -> io::Result<(String, String, String)> {
        let age = fs::metadata(&names_path)?.modified()?.elapsed().unwrap_or_default();
        if age > RENEWED {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok((fs::read_to_string(&certificate_path)?, fs::read_to_string(&key_path)?, fs::read_to_string(&names_path)?))
    };
    if let Ok((certificate, key, names)) = read()
        && addresses.iter().all(|address| names.lines().any(|name| name == address.to_string()))
    {
        return Ok((certificate, key));
    }
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "RTC Engine on this network");
    let now = SystemTime::now();
    // A phone's clock may be behind.
    params.not_before = (now - DAY).into();
    params.not_after = (now + VALID).into();
    let key_pair = KeyPair::generate()?;
    let certificate = params.self_signed(&key_pair)?.pem();
    let key = key_pair.serialize_pem();
    let names: String = addresses.iter().map(|address| format!("{address}\n")).collect();
    for (path, text) in [(&key_path, &key), (&certificate_path, &certificate), (&names_path, &names)] {
        write_private(path, text)?;
    }
    Ok((certificate, key))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_kept_until_an_address_is_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let one = IpAddr::from([192, 168, 1, 2]);
        let two = IpAddr::from([10, 0, 0, 2]);
        let first = self_signed(folder.path(), &[one]).expect("made");
        assert_eq!(self_signed(folder.path(), &[one]).expect("kept"), first);
        let second = self_signed(folder.path(), &[one, two]).expect("made anew");
        assert_ne!(second, first);
        assert_eq!(self_signed(folder.path(), &[two]).expect("names it"), second);
        assert!(config(&second.0, &second.1).is_ok());
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        assert!(config("", "").is_err());
    }
}
