//! https: the operator's certificate, read again when its files change, or for `--lan` one the engine signs itself and keeps.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::time::{MissedTickBehavior, interval};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const DAY: Duration = Duration::from_secs(86_400);
/// How long a certificate of our own is good for. iPhones take none that is good for more than 825 days.
const VALID: Duration = Duration::from_secs(800 * 86_400);
/// When it is replaced.
const RENEWED: Duration = Duration::from_secs(700 * 86_400);

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The two files of a certificate.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What a file is known by without reading it.
type Stamp = (u64, u64, i64, i64);

impl Files {
    fn read(&self) -> anyhow::Result<Arc<ServerConfig>> {
        config(&fs::read_to_string(&self.certificate)?, &fs::read_to_string(&self.key)?)
    }

    /// Follows links, because many who renew certificates change where a link leads.
    fn stamps(&self) -> io::Result<[Stamp; 2]> {
        let stamp = |path: &Path| -> io::Result<Stamp> {
            let file = fs::metadata(path)?;
            Ok((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
        };
        Ok([stamp(&self.certificate)?, stamp(&self.key)?])
    }
}

/// The first name without a wildcard of the first certificate in a PEM text.
fn first_name(certificate: &str) -> Option<String> {
    let own = CertificateDer::pem_slice_iter(certificate.as_bytes()).next()?.ok()?;
    let read = Certificate::from_der(&own).ok()?;
    let (_, SubjectAltName(names)) = read.tbs_certificate().get_extension().ok()??;
    let name = |name: &GeneralName| match name {
        GeneralName::DnsName(name) if !name.as_str().contains('*') => Some(name.as_str().to_owned()),
        _ => None,
    };
    names.iter().find_map(name)
}

/// A certificate in files, and the sight of them.
pub(crate) struct Followed {
    files: Files,
    config: RustlsConfig,
    /// What the files were when they were read last.
    read: [Stamp; 2],
    /// What they were when they could not be used, so that this is said once.
    complained: Option<[Stamp; 2]>,
}

impl Followed {
    pub(crate) fn open(files: Files) -> anyhow::Result<Self> {
        // Before the reading: what changes meanwhile is read again.
        let read = files.stamps()?;
        let config = RustlsConfig::from_config(files.read()?);
        Ok(Self { files, config, read, complained: None })
    }

    /// The name by which clients may reach the certificate's owner.
    pub(crate) fn name(&self) -> Option<String> {
        first_name(&fs::read_to_string(&self.files.certificate).ok()?)
    }

    /// What new connections are given, always of the newest good certificate.
    pub(crate) fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Reads the files again whenever they have changed. Connections that are open keep what they have. Files that cannot be
    /// used, such as a certificate whose key has not been written yet, change nothing and are tried again.
    pub(crate) async fn follow(mut self) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            // Files may be on a disk that is slow.
            let looked = tokio::task::spawn_blocking(move || {
                self.look();
                self
            });
            match looked.await {
                Ok(followed) => self = followed,
                Err(_) => return,
            }
        }
    }

    fn look(&mut self) {
        let stamps = match self.files.stamps() {
            Ok(stamps) if stamps == self.read => return,
            // A file that is being replaced may be gone for a moment.
            Err(_) => return,
            Ok(stamps) => stamps,
        };
        let certificate = self.files.certificate.display();
        match self.files.read() {
            Ok(config) => {
                self.config.reload_from_config(config);
                self.read = stamps;
                self.complained = None;
                tracing::info!(%certificate, "the certificate has changed and is used from now on");
            }
            Err(error) if self.complained != Some(stamps) => {
                self.complained = Some(stamps);
                tracing::warn!(%certificate, %error, "the certificate has changed and cannot be used; the one before stays");
            }
            Err(_) => {}
        }
    }
}

/// The TLS of two PEM texts.
pub(crate) fn config(certificate: &str, key: &str) -> anyhow::Result<Arc<ServerConfig>> {
    let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect::<Result<Vec<_>, _>>()?;
    anyhow::ensure!(!chain.is_empty(), "there is no certificate in it");
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // A WebSocket needs HTTP/1.1, and nothing else here profits from more. TURN has a name of its own (RFC 7443), which few of
    // its clients say.
    config.alpn_protocols = vec![b"http/1.1".to_vec(), b"stun.turn".to_vec()];
    Ok(Arc::new(config))
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

    #[test]
    fn a_certificate_is_taken_only_with_its_key_and_the_one_before_stays_until_then() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files { certificate: folder.path().join("certificate.pem"), key: folder.path().join("key.pem") };
        let new = || {
            let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
            (signed.cert.pem(), signed.signing_key.serialize_pem())
        };
        let write = |path: &Path, text: &str| {
            // As those who renew certificates do.
            let beside = path.with_extension("new");
            fs::write(&beside, text).and_then(|()| fs::rename(&beside, path)).expect("written");
        };
        let (first, second) = (new(), new());
        write(&files.certificate, &first.0);
        write(&files.key, &first.1);
        let mut followed = Followed::open(files.clone()).expect("a certificate");
        let config = followed.config();
        let before = config.get_inner();
        let is_same = |followed: &mut Followed| {
            followed.look();
            Arc::ptr_eq(&before, &config.get_inner())
        };
        assert!(is_same(&mut followed), "nothing has changed");
        write(&files.certificate, &second.0);
        assert!(is_same(&mut followed), "the key is the old one");
        assert!(followed.complained.is_some());
        fs::remove_file(&files.key).expect("removed");
        assert!(is_same(&mut followed), "there is no key");
        write(&files.key, &second.1);
        assert!(!is_same(&mut followed), "both are new");
        assert!(followed.complained.is_none());
    }
}
