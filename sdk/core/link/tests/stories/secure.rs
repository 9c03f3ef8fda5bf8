//! Engines with certificates of their own.

use rtc_link::{Access, LinkConfig, Trust};
use rtc_session::{EnterParams, Event, code};
use sha2::{Digest as _, Sha256};

use crate::engine::{Engine, Tickets as _};
use crate::person::Person;

/// An engine that signed for itself, and the fingerprint of its certificate.
fn secure() -> (Engine, [u8; 32]) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let engine = Engine::secure(&made.cert.pem(), &made.signing_key.serialize_pem());
    (engine, Sha256::digest(made.cert.der()).into())
}

fn ticket(engine: &Engine) -> EnterParams {
    EnterParams { server: format!("https://127.0.0.1:{}", engine.http().port()), ..engine.ticket("ann") }
}

fn trusting(trust: Trust) -> LinkConfig {
    LinkConfig { access: Access { trust, ..Access::default() }, ..LinkConfig::default() }
}

#[test]
fn a_certificate_whose_fingerprint_is_known_is_good() {
    let (engine, fingerprint) = secure();
    let config = trusting(Trust::Fingerprint(fingerprint));
    let mut ann = Person::arrives_with(config, ticket(&engine));
    ann.until("entered", |event| matches!(event, Event::Entered { .. }).then_some(()));
    assert_eq!(ann.leaves().last().map(String::as_str), Some("Exited(Own)"));
}

#[test]
fn any_other_certificate_is_not() {
    let (engine, mut fingerprint) = secure();
    fingerprint[0] ^= 1;
    for trust in [Trust::Fingerprint(fingerprint), Trust::System] {
        let mut ann = Person::arrives_with(trusting(trust), ticket(&engine));
        let failure = ann.until("a failure", |event| match event {
            Event::EnterFailed(failure) => Some(failure.clone()),
            _ => None,
        });
        assert_eq!(failure.code, code::CONNECT_SERVER_TIMEOUT);
        assert!(failure.message.contains("certificate"), "{failure}");
    }
}
