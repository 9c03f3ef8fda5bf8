//! Whether a certificate is good: its time, its name, and who has signed it, in this order.

use std::fs;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::time::Time;

use super::leg::{Finding, Leg};
use crate::settings::Settings;

/// How long before its end a certificate should have been replaced. Those that are replaced by machines are a month before.
const CARE: Duration = Duration::from_secs(14 * 86_400);

/// The certificate that an engine of these settings would show. Clients know the name it is reached by, this does not.
pub(super) fn in_file(settings: &Settings) -> Finding {
    let path = &settings.http.tls_certificate;
    let chain = fs::read(path).map_err(|error| error.to_string()).and_then(|pem| {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        chain.map_err(|error| error.to_string())
    });
    match chain {
        Ok(chain) => judge(&chain, None, settings.http.listen.ip(), SystemTime::now()),
        Err(error) => Finding::failed(
            Leg::Certificate,
            format!("{path}: {error}"),
            "name a PEM file with the chain in http.tls_certificate, one that the engine may read",
        ),
    }
}

/// Judges a chain, the engine's own certificate first. `name` is what the client knows the engine by, if that is known;
/// `peer` where it was met.
pub(super) fn judge(chain: &[CertificateDer<'_>], name: Option<&str>, peer: IpAddr, now: SystemTime) -> Finding {
    const RENEW: &str = "renew it, and write the new one to the files of http.tls_certificate and http.tls_key; the engine reads \
                         them again by itself";
    let failed = |found: String, fix: &str| Finding::failed(Leg::Certificate, found, fix);
    let Some((own, others)) = chain.split_first() else {
        return failed("there is none".into(), "set http.tls_certificate and http.tls_key");
    };
    let (parsed, read) = match (ParsedCertificate::try_from(own), Certificate::from_der(own)) {
        (Ok(parsed), Ok(read)) => (parsed, read),
        _ => return failed("it cannot be read".into(), "use an X.509 certificate of version 3"),
    };
    let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let validity = read.tbs_certificate().validity();
    let (begins, ends) = (&validity.not_before, &validity.not_after);
    if now > ends.to_unix_duration() {
        return failed(format!("it expired on {}", day(ends)), RENEW);
    }
    if now < begins.to_unix_duration() {
        return failed(format!("it is good from {} on only", day(begins)), "set this machine's clock, or wait for that day");
    }
    if let Some(name) = name
        && !ServerName::try_from(name).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
    {
        let fix = "open the engine by a name that the certificate has, or have one made for this name";
        return failed(format!("it is not for {name}"), fix);
    }
    let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
    let trusted =
        verify_server_cert_signed_by_trust_anchor(&parsed, &roots(), others, UnixTime::since_unix_epoch(now), algorithms.all);
    if let Err(error) = trusted {
        let found = format!("it is good until {}, but this machine does not trust who signed it: {error}", day(ends));
        let fix = "use one of an authority that browsers know, with the certificates in between in the same file \
                   (fullchain.pem)";
        // In a network of one's own that may be meant so.
        return if is_private(peer) { Finding::advice(Leg::Certificate, found, fix) } else { failed(found, fix) };
    }
    if now + CARE > ends.to_unix_duration() {
        return Finding::advice(Leg::Certificate, format!("it expires on {}", day(ends)), RENEW);
    }
    Finding::ok(Leg::Certificate, format!("good until {}", day(ends)))
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
    }
}

fn day(time: &Time) -> String {
    let date = time.to_date_time();
    format!("{}-{:02}-{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::super::leg::State;
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn chain(begins: SystemTime, ends: SystemTime) -> Vec<CertificateDer<'static>> {
        let mut params = CertificateParams::new(["rtc.example.com".to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (begins.into(), ends.into());
        let key = KeyPair::generate().expect("a key");
        vec![params.self_signed(&key).expect("signed").der().clone()]
    }

    #[test]
    fn what_is_wrong_is_named() {
        let now = SystemTime::now();
        let (private, public) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([192, 0, 2, 1]));
        let name = Some("rtc.example.com");
        let see = |chain: &[CertificateDer<'_>], name, peer| {
            let Finding { state, found, .. } = judge(chain, name, peer, now);
            (state, found)
        };
        let old = see(&chain(now - 9 * DAY, now - 2 * DAY), name, private);
        assert!(old.0 == State::Failed && old.1.contains("expired"), "{old:?}");
        let early = see(&chain(now + 2 * DAY, now + 9 * DAY), name, private);
        assert!(early.0 == State::Failed && early.1.contains("good from"), "{early:?}");
        let good = chain(now - DAY, now + 90 * DAY);
        let other = see(&good, Some("rtc.example.org"), private);
        assert!(other.0 == State::Failed && other.1.contains("not for rtc.example.org"), "{other:?}");
        assert_eq!(see(&good, Some("not a name"), private).0, State::Failed);
        // Signed by itself.
        assert_eq!(see(&good, name, private).0, State::Advice);
        assert_eq!(see(&good, name, public).0, State::Failed);
        assert_eq!(see(&good, None, private).0, State::Advice);
        assert_eq!(see(&[], name, private).0, State::Failed);
        assert_eq!(see(&[CertificateDer::from(vec![1, 2, 3])], name, private).0, State::Failed);
    }
}
