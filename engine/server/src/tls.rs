//! https: the operator's certificate, read again when its files change, or for `--lan` one the engine signs itself and keeps.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ResolvesServerCert, WantsServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ConfigBuilder, ServerConfig};
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

/// The first certificate in a PEM text.
fn first(certificate: &str) -> Option<Certificate> {
    let own = CertificateDer::pem_slice_iter(certificate.as_bytes()).next()?.ok()?;
    Certificate::from_der(&own).ok()
}

/// The names of the first certificate in a PEM text.
pub(crate) fn names(certificate: &str) -> Vec<String> {
    let names = || {
        let read = first(certificate)?;
        let (_, SubjectAltName(names)) = read.tbs_certificate().get_extension().ok()??;
        let name = |name: &GeneralName| match name {
            GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
            _ => None,
        };
        Some(names.iter().filter_map(name).collect())
    };
    names().unwrap_or_default()
}

/// From when to when a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    begins: SystemTime,
    ends: SystemTime,
}

impl Span {
    /// That of the first certificate in a PEM text.
    pub(crate) fn of(certificate: &str) -> Option<Self> {
        let read = first(certificate)?;
        let validity = read.tbs_certificate().validity();
        let at = |time: x509_cert::time::Time| SystemTime::UNIX_EPOCH + time.to_unix_duration();
        Some(Self { begins: at(validity.not_before), ends: at(validity.not_after) })
    }

    /// How long until it should be replaced, which is after two thirds of it; nothing when that is over.
    pub(crate) fn until_renewal(&self, now: SystemTime) -> Option<Duration> {
        let whole = self.ends.duration_since(self.begins).unwrap_or_default();
        (self.ends - whole / 3).duration_since(now).ok().filter(|left| !left.is_zero())
    }
}

/// A certificate with its key, of two PEM texts.
pub(crate) fn certified(certificate: &str, key: &str) -> anyhow::Result<CertifiedKey> {
    let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Ok(CertifiedKey::from_der(chain, key, &provider)?)
}

/// A new key (PEM), and the request of a certificate for it (DER).
pub(crate) fn request(names: &[String]) -> anyhow::Result<(String, Vec<u8>)> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate()?;
    let request = params.serialize_request(&key)?.der().to_vec();
    Ok((key.serialize_pem(), request))
}

/// The TLS of a certificate that may change.
pub(crate) fn resolving(shown: Arc<dyn ResolvesServerCert>) -> anyhow::Result<Arc<ServerConfig>> {
    let mut config = builder()?.with_cert_resolver(shown);
    config.alpn_protocols = protocols();
    config.alpn_protocols.push(crate::acme::PROOF_PROTOCOL.to_vec());
    Ok(Arc::new(config))
}

fn builder() -> anyhow::Result<ConfigBuilder<ServerConfig, WantsServerCert>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_no_client_auth())
}

fn protocols() -> Vec<Vec<u8>> {
    // A WebSocket needs HTTP/1.1, and nothing else here profits from more. TURN has a name of its own (RFC 7443), which few of
    // its clients say.
    vec![b"http/1.1".to_vec(), b"stun.turn".to_vec()]
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
        names(&fs::read_to_string(&self.files.certificate).ok()?).into_iter().find(|name| !name.contains('*'))
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
    let mut config = builder()?.with_single_cert(chain, key)?;
    config.alpn_protocols = protocols();
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

/// Makes a folder for its owner alone, unless it is there.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file for its owner alone.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_replaced_after_two_thirds_of_its_time() {
        let begins = SystemTime::UNIX_EPOCH + DAY * 10_000;
        let mut params = CertificateParams::new(["rtc.example.com".to_owned(), "*.example.com".to_owned()]).expect("names");
        (params.not_before, params.not_after) = (begins.into(), (begins + DAY * 90).into());
        let pem = params.self_signed(&KeyPair::generate().expect("a key")).expect("signed").pem();
        let span = Span::of(&pem).expect("a certificate");
        assert_eq!(span.until_renewal(begins), Some(DAY * 60));
        assert_eq!(span.until_renewal(begins + DAY * 59), Some(DAY));
        assert_eq!(span.until_renewal(begins + DAY * 60), None);
        assert_eq!(span.until_renewal(begins + DAY * 400), None);
        assert_eq!(names(&pem), ["rtc.example.com", "*.example.com"]);
        assert_eq!((Span::of("nothing"), names("nothing")), (None, vec![]));
    }

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
