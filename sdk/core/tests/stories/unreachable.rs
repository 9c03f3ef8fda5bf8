//! Engines that are not there, slow, silent or lying, and tickets that expire: what an application is told, and how soon.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use std::{iter, thread};

use rtc_core::{AppScene, Event, SpeedTestParams};
use serde_json::json;
use tungstenite::Message;

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::person::Person;
use crate::relay::TcpRelay;

const CONNECT_SERVER_TIMEOUT: i32 = -3308;
const ENTER_ROOM_FAILED: i32 = -3301;
const USER_SIG_CHECK_FAILED: i32 = -100_018;
/// After ten seconds entering is given up, and then it has to be told, also on a machine that is busy otherwise.
const LONGEST: Duration = Duration::from_secs(30);

/// What entering there comes to, soon enough: the code of both callbacks.
fn entering_fails(engine: &Engine, server: SocketAddr) -> i32 {
    let mut ann = Person::new(engine);
    ann.use_server(&format!("http://{server}"));
    let began = Instant::now();
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    let error = ann.until("onError", |event| match event {
        Event::Error { err_code, err_msg } => Some((err_code.0, err_msg.clone())),
        _ => None,
    });
    assert!(began.elapsed() < LONGEST, "it took {:?}", began.elapsed());
    assert!(!error.1.is_empty(), "an error without words");
    ann.until_event(&Event::EnterRoom { result: error.0 });
    // It is not stuck.
    ann.use_server(&engine.address());
    ann.enter(engine.ticket("ann"), AppScene::VideoCall);
    error.0
}

/// A server that does something to every connection.
fn server(serve: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(connection));
        }
    });
    address
}

/// A WebSocket server that answers every text.
fn talker(answer: impl Fn(&str) -> Vec<String> + Send + Sync + Clone + 'static) -> SocketAddr {
    server(move |connection| {
        let Ok(mut websocket) = tungstenite::accept(connection) else { return };
        while let Ok(message) = websocket.read() {
            let Message::Text(text) = message else { continue };
            for answer in answer(&text) {
                if websocket.send(Message::text(answer)).is_err() {
                    return;
                }
            }
        }
    })
}

/// Reads until the other side has enough.
fn swallow(mut connection: TcpStream) {
    let _ = std::io::copy(&mut connection, &mut std::io::sink());
}

#[test]
fn a_server_that_swallows_everything_is_told_as_a_timeout() {
    let engine = Engine::start();
    assert_eq!(entering_fails(&engine, server(swallow)), CONNECT_SERVER_TIMEOUT);
}

#[test]
fn an_engine_that_never_answers_is_told_as_a_timeout() {
    let engine = Engine::start();
    assert_eq!(entering_fails(&engine, talker(|_| Vec::new())), CONNECT_SERVER_TIMEOUT);
}

#[test]
fn a_server_that_lets_no_connection_come_about_is_told_as_a_timeout() {
    let engine = Engine::start();
    // Nobody accepts: once its queue is full, the system answers no more connections, as networks do that drop them.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
    let waiting: Vec<_> = iter::repeat_with(connect).map_while(|connection| connection).collect();
    assert_eq!(entering_fails(&engine, address), CONNECT_SERVER_TIMEOUT);
    drop((waiting, listener));
}

#[test]
fn a_server_that_is_no_engine_is_told_as_one_that_is_not_there() {
    let engine = Engine::start();
    let web = server(|mut connection| {
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        let _ = connection.shutdown(Shutdown::Write);
        swallow(connection);
    });
    assert_eq!(entering_fails(&engine, web), CONNECT_SERVER_TIMEOUT);
    let closer = server(drop);
    assert_eq!(entering_fails(&engine, closer), CONNECT_SERVER_TIMEOUT);
}

#[test]
fn an_engine_that_talks_nonsense_is_told_as_one_that_does_not_answer() {
    let engine = Engine::start();
    let nonsense = ["", "nonsense", "[]", "{}", r#"{"re":"one"}"#, r#"{"n":-1,"type":"slots"}"#, "\u{1F600}"];
    let babbler = talker(move |_| nonsense.map(str::to_owned).to_vec());
    let code = entering_fails(&engine, babbler);
    assert!([CONNECT_SERVER_TIMEOUT, -6].contains(&code), "{code}");
}

#[test]
fn an_engine_that_lies_is_told_as_a_failure() {
    let engine = Engine::start();
    let liar = talker(|text| {
        let id = serde_json::from_str::<serde_json::Value>(text).map_or(json!(0), |request| request["id"].clone());
        vec![json!({"re": id, "ok": {"protocol": "many", "snapshot": [], "sdp": "v=0"}}).to_string()]
    });
    assert_eq!(entering_fails(&engine, liar), ENTER_ROOM_FAILED);
    let refuser = talker(|text| {
        let id = serde_json::from_str::<serde_json::Value>(text).map_or(json!(0), |request| request["id"].clone());
        vec![json!({"re": id, "error": {"code": 0, "name": "somethingNew", "message": "no"}}).to_string()]
    });
    assert!(entering_fails(&engine, refuser) < 0, "a refusal was taken for a success");
}

#[test]
fn an_engine_that_is_slow_is_waited_for() {
    // There and back for the WebSocket, and again for hello and offer: about three of the ten seconds. The rest is for a
    // machine that is slow itself.
    const DELAY: Duration = Duration::from_millis(500);
    let engine = Engine::start();
    let target = engine.http();
    let slow = server(move |inner| {
        let Ok(outer) = TcpStream::connect(target) else { return };
        let pump = |mut from: TcpStream, mut to: TcpStream| {
            let mut buffer = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                // The way there is long.
                thread::sleep(DELAY);
                if to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Both);
        };
        let copy = |stream: &TcpStream| stream.try_clone().expect("a handle");
        let (from, to) = (copy(&outer), copy(&inner));
        thread::spawn(move || pump(from, to));
        pump(inner, outer);
    });
    let mut ann = Person::new(&engine);
    ann.use_server(&format!("http://{slow}"));
    let began = Instant::now();
    ann.enter(engine.ticket("ann"), AppScene::VideoCall);
    assert!(began.elapsed() >= 4 * DELAY, "the way was short: {:?}", began.elapsed());
    let _bob = Person::enters(&engine, "bob");
    ann.until_event(&Event::RemoteUserEnterRoom { user_id: "bob".into() });
}

#[test]
fn leaving_an_engine_that_does_not_answer_is_told_soon() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    ann.use_server(&format!("http://{}", server(swallow)));
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
    ann.use_server(&engine.address());
    ann.enter(engine.ticket("ann"), AppScene::VideoCall);
}

#[test]
fn destroying_does_not_wait_for_an_engine_that_does_not_answer() {
    let engine = Engine::start();
    let ann = Person::new(&engine);
    ann.use_server(&format!("http://{}", server(swallow)));
    ann.cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
    let began = Instant::now();
    drop(ann);
    assert!(began.elapsed() < PATIENCE / 3, "it took {:?}", began.elapsed());
}

#[test]
fn a_network_test_of_a_server_that_swallows_everything_ends() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    ann.use_server(&format!("http://{}", server(swallow)));
    let rtc_core::Params { sdk_app_id, user_id, user_sig, .. } = engine.ticket("ann");
    let params = SpeedTestParams { sdk_app_id: sdk_app_id.cast_signed(), user_id, user_sig, ..SpeedTestParams::default() };
    assert_eq!(ann.cloud.start_speed_test(params), 0);
    let success = ann.until("onSpeedTestResult", |event| match event {
        Event::SpeedTestResult { result } => Some(result.success),
        _ => None,
    });
    assert!(!success);
}

#[test]
fn a_ticket_that_expires_in_a_room_ends_nothing_also_after_an_outage() {
    let engine = Engine::start();
    let relay = TcpRelay::to(engine.http());
    let brief = Duration::from_secs(2);
    let mut ann = Person::new(&engine);
    ann.use_server(&format!("http://{}", relay.address));
    let twin = engine.ticket_for("twin", brief);
    ann.enter(engine.ticket_for("ann", brief), AppScene::VideoCall);
    let mut bob = Person::enters(&engine, "bob");
    // Made in the same second as hers, and so over in the same one.
    let refused = iter::repeat_with(|| {
        let mut person = Person::new(&engine);
        person.cloud.enter_room(twin.clone(), AppScene::VideoCall);
        person.until("onEnterRoom", |event| match event {
            Event::EnterRoom { result } => Some(*result),
            _ => None,
        })
    });
    let code = refused.take(1000).find(|result| *result < 0);
    assert_eq!(code, Some(USER_SIG_CHECK_FAILED), "a ticket does not expire");

    relay.cut();
    ann.until_event(&Event::ConnectionLost);
    ann.until_event(&Event::ConnectionRecovery);
    ann.cloud.start_local_audio(rtc_core::AudioQuality::Default);
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    let went = |event: &Event| matches!(event, Event::RemoteUserLeaveRoom { user_id, .. } if user_id == "ann");
    assert!(!bob.passed().any(went), "she was told as gone");
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
}
