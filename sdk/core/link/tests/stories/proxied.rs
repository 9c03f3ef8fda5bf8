//! Proxies on the way to an engine: what goes through them, and what happens where they do not help.

use std::time::Duration;

use rtc_link::{Access, LinkConfig, NetworkTime, Proxy, SpeedTest, Through};
use rtc_protocol::{ProbeBegin, Track};
use rtc_session::{EnterParams, Event, Protocol, code};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::person::Person;
use crate::socks::{PASSWORD, Socks, USER};

fn access(socks: &Socks, password: &str, through: Through) -> Access {
    let proxy = Proxy::new("127.0.0.1", socks.address.port(), USER, password, through).expect("a proxy");
    Access { proxy: Some(proxy), ..Access::default() }
}

fn config(socks: &Socks, through: Through) -> LinkConfig {
    LinkConfig { access: access(socks, PASSWORD, through), ..LinkConfig::default() }
}

/// The engine by a name, which only the proxy looks up.
fn named(engine: &Engine, user: &str) -> EnterParams {
    EnterParams { server: format!("http://localhost:{}", engine.http().port()), ..engine.ticket(user) }
}

/// Ann behind a proxy and bob on the open network see and hear each other: both, and the protocol of ann's media.
#[track_caller]
fn call(engine: &Engine, config: LinkConfig) -> (Person, Person, Protocol) {
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut ann = Person::arrives_with(config, named(engine, "ann"));
    ann.until("entered", |event| matches!(event, Event::Entered { .. }).then_some(()));
    ann.publishes();
    bob.publishes();
    for (person, other) in [(&mut ann, "bob"), (&mut bob, "ann")] {
        person.until_camera(other);
        person.views(other);
        person.until_media(other, Track::Camera, 50);
        person.until_media(other, Track::Microphone, 50);
    }
    let protocol = ann.until("a path", |event| match event {
        Event::Statistics(statistics) => statistics.path.map(|path| path.protocol),
        _ => None,
    });
    (ann, bob, protocol)
}

#[test]
fn signaling_and_datagrams_go_through_a_proxy_with_a_login() {
    let (engine, socks) = (Engine::start(), Socks::start());
    let (mut ann, _bob, protocol) = call(&engine, config(&socks, Through::default()));
    assert_eq!(protocol, Protocol::Udp);
    assert_eq!(socks.connections(), 1, "the WebSocket");
    assert!(socks.datagrams() > 100, "{}", socks.datagrams());

    // A relay that is gone is found out by its connection, and another one is asked for.
    socks.loses_relays();
    ann.until("a new path", |event| matches!(event, Event::ConnectionRecovered).then_some(()));
    ann.until_media("bob", Track::Camera, 20);
    ann.leaves();
}

#[test]
fn a_proxy_that_relays_no_datagrams_is_passed_by_connections() {
    let (engine, socks) = (Engine::start(), Socks::start().refuses_datagrams());
    let (_ann, _bob, protocol) = call(&engine, config(&socks, Through::default()));
    assert_eq!(protocol, Protocol::Tcp);
    assert!(socks.connections() >= 2, "the WebSocket and the media");
    assert_eq!(socks.datagrams(), 0);
}

#[test]
fn what_is_not_to_go_through_the_proxy_goes_past_it() {
    let (engine, socks) = (Engine::start(), Socks::start());
    let (_ann, _bob, protocol) = call(&engine, config(&socks, Through { udp: false, tcp: false, ..Through::default() }));
    assert_eq!(protocol, Protocol::Udp);
    assert_eq!((socks.connections(), socks.datagrams()), (1, 0));
}

#[test]
fn a_proxy_that_does_not_let_us_in_is_told_as_an_engine_that_is_not_reached() {
    let (engine, socks) = (Engine::start(), Socks::start());
    let access = access(&socks, "open, please", Through::default());
    let mut ann = Person::arrives_with(LinkConfig { access, ..LinkConfig::default() }, engine.ticket("ann"));
    let failure = ann.until("a failure", |event| match event {
        Event::EnterFailed(failure) => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.code, code::CONNECT_SERVER_TIMEOUT);
    assert!(failure.message.contains("does not know this user and password"), "{failure}");
}

#[test]
fn the_network_test_and_the_time_go_through_the_proxy() {
    let (engine, socks) = (Engine::start(), Socks::start());
    let access = access(&socks, PASSWORD, Through::default());
    NetworkTime::ask(&engine.address(), &access).expect("the time");
    assert_eq!(socks.connections(), 1);

    let begin = ProbeBegin {
        protocol: rtc_protocol::VERSION,
        sdk_app_id: engine.ticket("ann").sdk_app_id,
        user_id: "ann".into(),
        user_sig: engine.user_sig("ann", Duration::from_secs(600)),
        expected_up_kbps: 500,
        expected_down_kbps: 500,
    };
    let (tell, told) = std::sync::mpsc::channel();
    let test = SpeedTest::start(&engine.address(), access, begin, move |result| drop(tell.send(result)));
    let outcome = told.recv_timeout(PATIENCE).expect("a result").expect("an outcome");
    drop(test);
    assert!(outcome.success && outcome.up_kbps > 100 && outcome.down_kbps > 100, "{outcome:?}");
    assert_eq!(socks.connections(), 2);
    assert!(socks.datagrams() > 100, "{}", socks.datagrams());
}
