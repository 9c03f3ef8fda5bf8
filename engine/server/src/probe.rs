//! The network test before a call: the WebSocket `/v1/probe`. It checks who tests and how often; datagrams and figures are
//! the media part's business.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use rtc_auth::user_sig;
use rtc_probe::Token;
use rtc_protocol::{
    Error, ErrorCode, PREVIOUS_VERSION, ProbeAnswer, ProbeBegin, ProbeFindings, ProbeRequest, ProbeTicket, SdkAppId, UserId,
    VERSION, limits,
};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::clock::wall_ms;
use crate::door::Guest;
use crate::refusal;
use crate::signal::Signal;

/// The longest message: a UserSig with what is around it.
const MESSAGE_BYTES: usize = 16 * 1024;
/// A whole test.
const WITHIN: Duration = Duration::from_millis(limits::PROBE_MS);
/// Tests at one time in the whole engine. Each may cost what its client asks, 5 Mbit/s at most, for some seconds.
const MOST: usize = 32;
/// How soon a user may test again after its last test began.
const PAUSE: Duration = Duration::from_secs(2);
/// Users whose last test is remembered for that.
const REMEMBERED: usize = 1024;

/// Who tests now, and who did just now.
#[derive(Debug, Default)]
pub(crate) struct Testers {
    tests: Mutex<HashMap<(SdkAppId, UserId), Test>>,
}

#[derive(Debug)]
struct Test {
    began: Instant,
    is_running: bool,
}

/// A test's place. Dropping it makes room.
#[derive(Debug)]
struct Place {
    testers: Arc<Testers>,
    who: (SdkAppId, UserId),
}

/// The handler of `/v1/probe`. As with `/v1/signal`, the page's origin is not looked at: a UserSig is what lets somebody in.
pub(crate) async fn upgrade(
    State(signal): State<Arc<Signal>>,
    Extension(guest): Extension<Guest>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .read_buffer_size(MESSAGE_BYTES)
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES)
        .on_upgrade(move |socket| async move { run(socket, &guest, &signal).await })
}

async fn run(mut socket: WebSocket, guest: &Guest, signal: &Signal) {
    let _alive = signal.alive.clone();
    let answer = match timeout(signal.settings.hello_timeout(), next(&mut socket)).await {
        // It has gone, or says nothing.
        Err(_) | Ok(None) => return,
        Ok(Some(Err(error))) => ProbeAnswer::Refused(error),
        Ok(Some(Ok(request))) => match begin(request, signal).await {
            Err(error) => ProbeAnswer::Refused(error),
            Ok((place, begun)) => {
                guest.has_spoken();
                signal.counters.probes.add(1);
                let answer = test(&mut socket, signal, &begun).await;
                drop(place);
                match answer {
                    Some(answer) => answer,
                    None => return,
                }
            }
        },
    };
    if matches!(answer, ProbeAnswer::Refused(_)) {
        signal.counters.probes_refused.add(1);
    }
    say(&mut socket, &answer).await;
    let _ = timeout(signal.settings.write_timeout(), socket.send(Message::Close(None))).await;
}

/// Lets a client send its datagrams, until it says that it has. Nothing if it has gone meanwhile.
async fn test(socket: &mut WebSocket, signal: &Signal, begin: &ProbeBegin) -> Option<ProbeAnswer> {
    let (token, key) = signal.media.begin_probe(begin.expected_down_kbps, WITHIN);
    let ticket = ProbeTicket {
        token: token.to_string(),
        key: key.to_text(),
        addresses: signal.media.advertised().iter().map(ToString::to_string).collect(),
        within_ms: WITHIN.as_millis() as u32,
    };
    let answer = match say(socket, &ProbeAnswer::Ready(ticket)).await {
        false => None,
        true => match timeout(WITHIN, next(socket)).await {
            Err(_) => Some(ProbeAnswer::Refused(refusal::probe_over(WITHIN))),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some(ProbeAnswer::Refused(error)),
            Ok(Some(Ok(ProbeRequest::Finish {}))) => return Some(findings(signal, token).await),
            Ok(Some(Ok(_))) => Some(ProbeAnswer::Refused(refusal::unknown_request("type: the test has begun; say finish"))),
        },
    };
    signal.media.end_probe(token, |_| {});
    answer
}

async fn findings(signal: &Signal, token: Token) -> ProbeAnswer {
    let (tell, told) = oneshot::channel::<Option<ProbeFindings>>();
    signal.media.end_probe(token, move |findings| {
        // Who asked may have gone.
        let _ = tell.send(findings);
    });
    match told.await {
        Ok(Some(findings)) => ProbeAnswer::Findings(findings),
        Ok(None) | Err(_) => ProbeAnswer::Refused(refusal::probe_over(WITHIN)),
    }
}

/// Checks who wants to test what, and gives it a place.
async fn begin(request: ProbeRequest, signal: &Signal) -> Result<(Place, ProbeBegin), Error> {
    let ProbeRequest::Begin(begin) = request else {
        return Err(refusal::unknown_request("type: the first message must be begin"));
    };
    if !(PREVIOUS_VERSION..=VERSION).contains(&begin.protocol) {
        return Err(refusal::version(begin.protocol.into()));
    }
    for (field, kbps) in [("expectedUpKbps", begin.expected_up_kbps), ("expectedDownKbps", begin.expected_down_kbps)] {
        if kbps != 0 && !limits::PROBE_KBPS.contains(&kbps) {
            let (least, most) = limits::PROBE_KBPS.into_inner();
            let words = format!("{field}: {kbps} is neither 0 nor in {least}..={most}");
            return Err(Error::new(ErrorCode::InvalidParameter, words));
        }
    }
    let user = UserId::parse(&begin.user_id).map_err(refusal::user_id)?;
    let id = begin.sdk_app_id;
    let app = signal.apps.find(id).await.ok_or_else(|| refusal::app_unknown(id))?;
    user_sig::verify(&begin.user_sig, id.0, user.as_str(), &app.keys, wall_ms() / 1000)
        .map_err(|error| refusal::user_sig(&error))?;
    Ok((signal.testers.admit((id, user), Instant::now())?, *begin))
}

/// The next thing a client says; nothing when it has gone.
async fn next(socket: &mut WebSocket) -> Option<Result<ProbeRequest, Error>> {
    loop {
        return match socket.recv().await?.ok()? {
            Message::Text(text) => Some(serde_json::from_str(&text).map_err(refusal::malformed)),
            Message::Binary(_) => Some(Err(refusal::malformed("it is binary; send text"))),
            Message::Close(_) => None,
            Message::Ping(_) | Message::Pong(_) => continue,
        };
    }
}

/// False when the client has gone, or does not read.
async fn say(socket: &mut WebSocket, answer: &ProbeAnswer) -> bool {
    let text = serde_json::to_string(answer).expect("answers hold nothing that JSON lacks");
    timeout(WITHIN, socket.send(Message::text(text))).await.is_ok_and(|sent| sent.is_ok())
}

impl Testers {
    fn admit(self: &Arc<Self>, who: (SdkAppId, UserId), now: Instant) -> Result<Place, Error> {
        let mut tests = self.lock();
        if tests.len() >= REMEMBERED {
            tests.retain(|_, test| test.is_running || now.saturating_duration_since(test.began) < PAUSE);
        }
        if let Some(test) = tests.get(&who) {
            let is_soon = now.saturating_duration_since(test.began) < PAUSE;
            if test.is_running || is_soon {
                return Err(refusal::probe_again(PAUSE));
            }
        }
        if tests.len() >= REMEMBERED || tests.values().filter(|test| test.is_running).count() >= MOST {
            return Err(refusal::too_many_probes(MOST));
        }
        tests.insert(who.clone(), Test { began: now, is_running: true });
        Ok(Place { testers: Arc::clone(self), who })
    }

    /// Nothing that is done under the lock can leave an entry half changed.
    fn lock(&self) -> MutexGuard<'_, HashMap<(SdkAppId, UserId), Test>> {
        self.tests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(test) = self.testers.lock().get_mut(&self.who) {
            test.is_running = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(user: &str) -> (SdkAppId, UserId) {
        (SdkAppId(1), UserId::parse(user).expect("a user"))
    }

    #[test]
    fn a_user_tests_once_at_a_time_and_not_again_at_once() {
        let (testers, now) = (Arc::new(Testers::default()), Instant::now());
        let place = testers.admit(who("ann"), now).expect("the first");
        assert!(testers.admit(who("ann"), now + 10 * PAUSE).is_err(), "it tests");
        drop(place);
        assert!(testers.admit(who("ann"), now + PAUSE / 2).is_err(), "it did just now");
        assert!(testers.admit(who("ann"), now + PAUSE).is_ok());
    }

    #[test]
    fn tests_are_bounded_in_number_and_so_is_what_is_remembered() {
        let (testers, now) = (Arc::new(Testers::default()), Instant::now());
        let places: Vec<Place> = (0..MOST).map(|n| testers.admit(who(&format!("user {n}")), now).expect("a place")).collect();
        assert!(testers.admit(who("ann"), now).is_err());
        drop(places);
        for n in 0..3 * REMEMBERED as u32 {
            let _ = testers.admit(who(&format!("user {n}")), now + PAUSE + Duration::from_millis(10) * n);
        }
        assert!(testers.lock().len() <= REMEMBERED);
    }
}
