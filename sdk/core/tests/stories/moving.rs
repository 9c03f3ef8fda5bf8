//! Coming back: how soon pictures are there again after the network was gone, was another one, or the engine was another one.
//! The times are printed, and fail nothing: a machine may be slow.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_core::video::pattern::Mark;
use rtc_core::{AudioQuality, Event};
use rtc_test_engine::free_port;

use crate::engine::Engine;
use crate::person::Person;
use crate::relay::{TcpRelay, UdpRelay};
use crate::seen::{Camera, Eyes};

const OUTAGE: Duration = Duration::from_secs(5);

/// Somebody who shows something, sees himself, and sees the other.
struct Side {
    person: Person,
    name: &'static str,
    own: Arc<Eyes>,
    eyes: Arc<Eyes>,
    _camera: Camera,
}

/// Two who see each other, on the other side of something that can break.
struct Call {
    engine: Engine,
    media: UdpRelay,
    signaling: TcpRelay,
    sides: [Side; 2],
}

impl Call {
    fn new() -> Self {
        let media = free_port();
        let advertised = (Ipv4Addr::new(127, 0, 0, 2), media.port()).into();
        let engine = Engine::advertising(media, advertised);
        let (media, signaling) = (UdpRelay::at(advertised, media), TcpRelay::to(engine.http()));
        let enter = |name: &'static str, source| {
            let mut person = Person::new(&engine);
            person.use_server(&format!("http://{}", signaling.address));
            person.enter(crate::engine::Tickets::ticket(&engine, name), rtc_core::AppScene::VideoCall);
            person.cloud.start_local_audio(AudioQuality::Default);
            let (camera, own) = person.shows(source);
            (person, camera, own)
        };
        let ((mut ann, anns, ann_own), (mut bob, bobs, bob_own)) = (enter("ann", 1), enter("bob", 2));
        let (of_bob, of_ann) = (ann.watches("bob"), bob.watches("ann"));
        let sides = [
            Side { person: ann, name: "ann", own: ann_own, eyes: of_bob, _camera: anns },
            Side { person: bob, name: "bob", own: bob_own, eyes: of_ann, _camera: bobs },
        ];
        let mut call = Self { engine, media, signaling, sides };
        call.until_seen();
        for side in &mut call.sides {
            side.person.settles();
        }
        call
    }

    /// Waits until each sees a picture of the other that was drawn from now on.
    fn until_seen(&self) -> [Duration; 2] {
        let (since, [ann, bob]) = (Instant::now(), &self.sides);
        let latest = |side: &Side| side.own.latest("").and_then(|frame| Mark::read(&frame)).map_or(0, |mark| mark.number);
        let drawn = [latest(ann), latest(bob)];
        let mut seen = [Duration::ZERO; 2];
        for (n, (viewer, whom)) in [(ann, bob), (bob, ann)].into_iter().enumerate() {
            let after = drawn[1 - n];
            viewer.eyes.until(whom.name, "a later picture", |frame| Mark::read(frame).filter(|mark| mark.number > after));
            seen[n] = since.elapsed();
        }
        seen
    }

    #[expect(clippy::print_stdout, reason = "what was measured")]
    #[track_caller]
    fn comes_back(mut self, what: &str) {
        let [first, second] = self.until_seen().map(|time| time.as_millis());
        println!("{what}: pictures are back after {first} and {second} ms");
        for Side { person, .. } in &mut self.sides {
            person.settles();
            let count = |is_it: fn(&Event) -> bool| person.passed().filter(|event| is_it(event)).count();
            let gone = count(|event| {
                matches!(
                    event,
                    Event::RemoteUserLeaveRoom { .. }
                        | Event::UserVideoAvailable { available: false, .. }
                        | Event::UserAudioAvailable { available: false, .. }
                        | Event::ExitRoom { .. }
                )
            });
            // Once, at the beginning.
            let there = [
                count(|event| matches!(event, Event::RemoteUserEnterRoom { .. })),
                count(|event| matches!(event, Event::UserAudioAvailable { .. })),
            ];
            assert_eq!((gone, there), (0, [1, 1]), "{:?}", person.passed());
        }
    }
}

#[test]
fn five_seconds_without_media() {
    let call = Call::new();
    call.media.lose(true);
    std::thread::sleep(OUTAGE);
    call.media.lose(false);
    call.comes_back("five seconds without media");
}

#[test]
fn five_seconds_without_a_network() {
    let call = Call::new();
    call.media.lose(true);
    call.signaling.close(true);
    call.signaling.cut();
    std::thread::sleep(OUTAGE);
    call.signaling.close(false);
    call.media.lose(false);
    call.comes_back("five seconds without a network");
}

#[test]
fn another_address() {
    let call = Call::new();
    call.media.forget();
    call.comes_back("another address");
}

#[test]
fn an_engine_that_is_stopped_and_started_again() {
    let mut call = Call::new();
    call.engine.stop_and_start_again();
    call.comes_back("an engine that was stopped and started again");
}

#[test]
fn an_engine_that_crashes_and_is_started_again() {
    let mut call = Call::new();
    call.engine.crash_and_start_again();
    call.comes_back("an engine that crashed and was started again");
}
