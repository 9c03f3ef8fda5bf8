//! The doctor: tries each leg between a client and an engine and says which one failed, why, and what to do. It is a client
//! like any other: what the engine tells of itself is in [`facts`].

mod anybody;
mod certificate;
mod facts;
mod leg;
mod machine;
mod media;
mod turn;
mod web;
mod wire;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, SystemTime};

pub(crate) use facts::{Facts, Wants};
pub(crate) use leg::Report;
use leg::{Finding, Leg};

use crate::clock::wall_ms;
use crate::settings::Settings;
use wire::{Address, Fault};

/// From here on UserSigs and Cloud API requests signed by the one clock are refused by the other.
const CLOCK_WINDOW: Duration = Duration::from_secs(300);
/// Clocks that are set by the network are closer than this.
const CLOCK_CARE: Duration = Duration::from_secs(30);

/// What is looked at.
#[derive(Debug)]
pub(crate) enum Patient<'a> {
    /// An engine somewhere.
    At(&'a str),
    /// The engine of these settings, on this machine.
    Here(&'a Settings),
}

/// Looks at an engine. Takes some seconds at most.
pub(crate) async fn examine(patient: Patient<'_>) -> Result<Report, String> {
    let (addresses, settings) = match patient {
        Patient::At(url) => (vec![Address::parse(url)?], None),
        Patient::Here(settings) => (here(settings), Some(settings)),
    };
    let mut first_fault = None;
    for address in addresses {
        match reach(&address).await {
            Ok(reached) => return Ok(at(address, reached, settings).await),
            Err(fault) => drop(first_fault.get_or_insert((address, fault))),
        }
    }
    let (address, fault) = first_fault.expect("there was an address to try");
    Ok(unreached(&address, &fault, settings))
}

/// An engine that has answered.
struct Reached {
    facts: Facts,
    /// Its clock against ours, positive when it is ahead.
    skew_ms: i64,
    took: Duration,
    peer: SocketAddr,
    tls: Option<wire::Seen>,
}

async fn reach(address: &Address) -> Result<Reached, Fault> {
    let wire = wire::connect(address).await?;
    let (peer, tls) = (wire.peer, wire.seen.clone());
    let before = wall_ms();
    let (facts, took) = web::facts(wire, address).await?;
    // On the way back it was older by about half of the whole.
    let here = before as i64 + took.as_millis() as i64 / 2;
    let skew_ms = facts.time_ms as i64 - here;
    Ok(Reached { facts, skew_ms, took, peer, tls })
}

async fn at(address: Address, reached: Reached, settings: Option<&Settings>) -> Report {
    let Reached { facts, skew_ms, took, peer, tls } = reached;
    let mut findings =
        vec![Finding::ok(Leg::Http, format!("RTC Engine {} answered in {} ms", facts.version, took.as_millis()))];
    findings.extend(encryption(&address, peer.ip(), tls.as_ref(), settings));
    let (socket, media, turn) = tokio::join!(web::socket(&address), media::check(&facts, peer), turn::check(&facts, peer));
    findings.push(socket);
    findings.push(clock(skew_ms));
    findings.extend(media::judge(&media, peer.ip(), settings.is_some()));
    findings.push(turn);
    findings.extend(match &facts.machine {
        Some(machine) => machine::judge(machine),
        None => machine::untold(),
    });
    Report { url: address.url(), findings }
}

/// What can be said of an engine that was not reached.
fn unreached(address: &Address, fault: &Fault, settings: Option<&Settings>) -> Report {
    let mut findings = Vec::new();
    let why = format!("not tried, because {} failed", fault.leg.title());
    for leg in Leg::ALL {
        findings.push(match (leg, settings) {
            (leg, _) if leg == fault.leg => Finding::failed(leg, fault.found.clone(), fault.fix.clone()),
            (Leg::Certificate, Some(settings)) if !settings.http.tls_certificate.is_empty() => certificate::in_file(settings),
            (Leg::Files | Leg::Buffers, Some(settings)) => machine::here(settings, leg),
            (leg, _) => Finding::skipped(leg, &*why),
        });
    }
    Report { url: address.url(), findings }
}

/// Where the engine of some settings is: as they say, else as `--lan` does.
fn here(settings: &Settings) -> Vec<Address> {
    let listen = settings.http.listen;
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let is_tls = settings.is_acme() || !settings.http.tls_certificate.is_empty();
    [is_tls, true].map(|is_tls| Address::of(SocketAddr::new(ip, listen.port()), is_tls)).to_vec()
}

/// The findings about TLS and its certificate.
fn encryption(address: &Address, peer: IpAddr, seen: Option<&wire::Seen>, settings: Option<&Settings>) -> [Finding; 2] {
    let Some(seen) = seen else {
        let why = "there is no TLS at this address";
        let tls = match peer.to_canonical().is_loopback() {
            true => Finding::skipped(Leg::Tls, format!("{why}; on loopback none is needed")),
            false => Finding::advice(
                Leg::Tls,
                format!("{why}: browsers give camera and microphone to https alone, and UserSigs can be read on the way"),
                "set http.tls_certificate and http.tls_key, or put a reverse proxy with TLS before the engine",
            ),
        };
        return [tls, Finding::skipped(Leg::Certificate, why)];
    };
    // On its own machine the engine is asked by an address that no certificate names.
    let name = settings.is_none().then_some(address.host.as_str());
    let tls = Finding::ok(Leg::Tls, seen.version.clone());
    [tls, certificate::judge(&seen.chain, name, peer, SystemTime::now())]
}

fn clock(skew_ms: i64) -> Finding {
    let off = Duration::from_millis(skew_ms.unsigned_abs());
    let which = if skew_ms > 0 { "ahead of" } else { "behind" };
    let found = format!("the engine's clock is {:.1} s {which} this machine's", off.as_secs_f64());
    let fix = "set both clocks by NTP (timedatectl set-ntp true); times are compared in UTC, so time zones do not matter";
    if off > CLOCK_WINDOW {
        let found = format!("{found}; beyond {} s UserSigs and server requests are refused", CLOCK_WINDOW.as_secs());
        return Finding::failed(Leg::Clock, found, fix);
    }
    if off > CLOCK_CARE {
        return Finding::advice(Leg::Clock, found, fix);
    }
    Finding::ok(Leg::Clock, found)
}

#[cfg(test)]
mod tests {
    use super::leg::State;
    use super::*;

    #[test]
    fn a_clock_is_judged_by_what_signatures_stand() {
        let state = |skew_ms| clock(skew_ms).state;
        assert_eq!(state(-29_000), State::Ok);
        assert_eq!(state(31_000), State::Advice);
        assert_eq!(state(-300_000), State::Advice);
        assert_eq!(state(300_001), State::Failed);
        assert!(clock(-600_000).found.contains("600.0 s behind"));
    }

    #[test]
    fn the_engine_of_some_settings_is_asked_where_this_machine_reaches_it() {
        let mut settings = Settings::default();
        settings.http.listen = SocketAddr::from(([0, 0, 0, 0], 80));
        let urls: Vec<String> = here(&settings).iter().map(Address::url).collect();
        assert_eq!(urls, ["http://127.0.0.1:80/", "https://127.0.0.1:80/"]);
    }
}
