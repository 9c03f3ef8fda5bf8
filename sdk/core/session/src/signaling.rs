//! One WebSocket to the engine: requests and their answers, pushes in order. It does not know what the messages mean, and
//! it never reconnects; the session does.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use rtc_protocol::{ClientFrame, Error, OfferPurpose, PushBody, Request, Role, Stream, SwitchRoom, Track, UserId};
use serde::Deserialize;
use serde_json::Value;

use crate::{Failure, Output, SocketId, code};

/// A request that gets no answer in this time has failed.
const ANSWER: Duration = Duration::from_secs(10);
/// A report that gets no answer in this time proves the connection dead, where nothing else is heard of the engine either.
const HEARTBEAT: Duration = Duration::from_secs(6);
/// The same while media flows. Where most packets are lost TCP stands still for many seconds and goes on by itself; another
/// WebSocket would have to get through the same network, with more packets than this one needs.
const HEARTBEAT_BESIDE_MEDIA: Duration = Duration::from_secs(30);
/// The longest text that is read. A snapshot of a full room has some hundred kilobytes.
const TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Requests that may wait for their answers. What an application can ask at once is bounded below this.
const PENDING: usize = 2048;
/// Pushes that may wait for the welcome, or for a snapshot.
const WAITING: usize = 1024;

/// What was asked, to know what an answer is for. Some bear tickets, so that it does not print.
#[derive(Clone, PartialEq)]
pub(crate) enum Asked {
    Hello,
    Offer {
        connection: u16,
        purpose: OfferPurpose,
    },
    Publish(Track),
    View {
        user_id: UserId,
        stream: Stream,
    },
    /// An answer that changes nothing: `unview`, `listen`, `setQos`.
    Wish,
    SwitchRole {
        role: Role,
        private_map_key: Option<String>,
    },
    SwitchRoom(SwitchRoom),
    ConnectRoom {
        user_id: String,
    },
    DisconnectRoom,
    ForwardMode {
        user_id: String,
    },
    Message {
        cmd_id: u8,
    },
    Report,
    Snapshot,
    Exit,
}

/// What a text turned out to be.
pub(crate) enum Heard {
    /// The answer to a request that still waited, and how long it took.
    Answer { asked: Asked, result: Result<Value, Failure>, took: Duration },
    /// A push waits to be taken by [`Signaling::next_push`].
    Push,
    /// Nothing of use.
    Nothing,
    /// More than a client can be asked to keep: the other side does not speak this protocol.
    TooMuch,
}

struct Pending {
    asked: Asked,
    since: Instant,
    deadline: Instant,
    /// Whether the answer is wanted soon whatever else is heard: the network is another one.
    is_urgent: bool,
}

/// A push whose number counts even if its body is of no use here.
struct Numbered {
    n: u64,
    body: Option<PushBody>,
}

pub(crate) struct Signaling {
    pub(crate) socket: SocketId,
    pub(crate) is_open: bool,
    last_id: u32,
    pending: BTreeMap<u32, Pending>,
    /// The number of the last push that was handed on; nothing before the welcome said where to begin.
    last_push: Option<u64>,
    waiting: VecDeque<Numbered>,
    is_asking_snapshot: bool,
}

/// An engine's message, read leniently: a newer engine may say more than is known here.
#[derive(Deserialize)]
struct Frame {
    re: Option<u32>,
    ok: Option<Value>,
    error: Option<Refusal>,
    n: Option<u64>,
    #[serde(rename = "type")]
    kind: Option<String>,
    data: Option<Value>,
}

/// A refusal whose name may be a newer one.
#[derive(Deserialize)]
struct Refusal {
    code: i32,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    message: String,
}

impl Signaling {
    pub(crate) fn new(socket: SocketId) -> Self {
        Self {
            socket,
            is_open: false,
            last_id: 0,
            pending: BTreeMap::new(),
            last_push: None,
            waiting: VecDeque::new(),
            is_asking_snapshot: false,
        }
    }

    /// Asks the engine. The answer comes by [`Signaling::handle_text`], or the question by [`Signaling::overdue`].
    /// False where it cannot be asked.
    pub(crate) fn ask(&mut self, now: Instant, request: Request, asked: Asked, outputs: &mut VecDeque<Output>) -> bool {
        if !self.is_open || self.pending.len() >= PENDING {
            return false;
        }
        self.last_id = self.last_id.wrapping_add(1);
        let limit = if asked == Asked::Report { HEARTBEAT } else { ANSWER };
        let Ok(text) = serde_json::to_string(&ClientFrame { id: self.last_id, request }) else { return false };
        self.pending.insert(self.last_id, Pending { asked, since: now, deadline: now + limit, is_urgent: false });
        outputs.push_back(Output::SendText { socket: self.socket, text });
        true
    }

    /// Asks for a snapshot; pushes wait until it is there.
    pub(crate) fn doubt(&mut self, now: Instant, outputs: &mut VecDeque<Output>) {
        if !self.is_asking_snapshot && self.is_open {
            self.is_asking_snapshot = true;
            self.ask(now, Request::Snapshot {}, Asked::Snapshot, outputs);
        }
    }

    /// A snapshot with this number was taken: what follows it is handed on.
    pub(crate) fn begin(&mut self, n: u64) {
        self.last_push = Some(n);
        self.is_asking_snapshot = false;
        self.waiting.retain(|push| push.n > n);
        // What came before the snapshot is in it. An engine that says otherwise would be asked without end.
        if self.waiting.front().is_some_and(|push| push.n > n.saturating_add(1)) {
            self.waiting.clear();
        }
    }

    /// Shortens the wait for a sign of life.
    pub(crate) fn expect_soon(&mut self, by: Instant) {
        for pending in self.pending.values_mut().filter(|pending| pending.asked == Asked::Report) {
            pending.deadline = pending.deadline.min(by);
            pending.is_urgent = true;
        }
    }

    /// How long answers to reports are waited for depends on whether media is heard of the engine.
    pub(crate) fn expect_reports(&mut self, has_media: bool) {
        let limit = if has_media { HEARTBEAT_BESIDE_MEDIA } else { HEARTBEAT };
        for pending in self.pending.values_mut().filter(|pending| pending.asked == Asked::Report && !pending.is_urgent) {
            pending.deadline = pending.since + limit;
        }
    }

    pub(crate) fn handle_text(&mut self, now: Instant, text: &str) -> Heard {
        if text.len() > TEXT_BYTES {
            return Heard::TooMuch;
        }
        let Ok(frame) = serde_json::from_str::<Frame>(text) else {
            tracing::warn!("a message of the engine cannot be read");
            return Heard::Nothing;
        };
        if let Some(re) = frame.re {
            let Some(pending) = self.pending.remove(&re) else { return Heard::Nothing };
            let result = match frame.error {
                Some(refusal) => Err(refusal.into()),
                None => Ok(frame.ok.unwrap_or_default()),
            };
            let took = now.saturating_duration_since(pending.since);
            return Heard::Answer { asked: pending.asked, result, took };
        }
        let (Some(n), Some(kind)) = (frame.n, frame.kind) else { return Heard::Nothing };
        if self.waiting.len() >= WAITING {
            return Heard::TooMuch;
        }
        let body = body(kind, frame.data);
        if body.is_none() {
            tracing::debug!(n, "a push that is not known here");
        }
        self.waiting.push_back(Numbered { n, body });
        Heard::Push
    }

    /// The next push in order. Where one is missing, asks for a snapshot instead.
    pub(crate) fn next_push(&mut self, now: Instant, outputs: &mut VecDeque<Output>) -> Option<PushBody> {
        loop {
            let last = self.last_push?;
            if self.is_asking_snapshot {
                return None;
            }
            let push = self.waiting.front()?;
            if push.n > last.saturating_add(1) {
                tracing::warn!(from = last + 1, to = push.n - 1, "pushes are missing");
                self.doubt(now, outputs);
                return None;
            }
            let push = self.waiting.pop_front()?;
            if push.n <= last {
                continue;
            }
            self.last_push = Some(push.n);
            if push.body.is_some() {
                return push.body;
            }
        }
    }

    pub(crate) fn last_push(&self) -> u64 {
        self.last_push.unwrap_or_default()
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.pending.values().map(|pending| pending.deadline).min()
    }

    /// The next question that was not answered in time.
    pub(crate) fn overdue(&mut self, now: Instant) -> Option<Asked> {
        let id = self.pending.iter().find(|(_, pending)| pending.deadline <= now).map(|(id, _)| *id)?;
        self.pending.remove(&id).map(|pending| pending.asked)
    }

    /// The questions that were lost with the connection.
    pub(crate) fn unanswered(self) -> impl Iterator<Item = Asked> {
        self.pending.into_values().map(|pending| pending.asked)
    }
}

impl Asked {
    /// What a question that got no answer failed with.
    pub(crate) fn timed_out(&self) -> Failure {
        let code = match self {
            Self::ConnectRoom { .. } => code::CONNECT_OTHER_ROOM_TIMEOUT,
            Self::DisconnectRoom => code::DISCONNECT_OTHER_ROOM_TIMEOUT,
            _ => code::REQUEST_TIMEOUT,
        };
        Failure::local(code, "the engine did not answer in time; try again when the network is better")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match serde_json::from_value(refusal.name) {
            Ok(name) => Error { code: refusal.code, name, message: refusal.message }.into(),
            Err(_) => Self::local(refusal.code, refusal.message),
        }
    }
}

fn body(kind: String, data: Option<Value>) -> Option<PushBody> {
    let mut push = serde_json::Map::new();
    push.insert("type".into(), Value::String(kind));
    if let Some(data) = data {
        push.insert("data".into(), data);
    }
    serde_json::from_value(Value::Object(push)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> (Signaling, VecDeque<Output>, Instant) {
        let mut signaling = Signaling::new(SocketId(1));
        signaling.is_open = true;
        (signaling, VecDeque::new(), Instant::now())
    }

    fn left(n: u64) -> String {
        format!(r#"{{"n":{n},"type":"memberLeft","data":{{"userId":"bob","reason":0}}}}"#)
    }

    #[test]
    fn pushes_wait_for_the_welcome_and_come_in_order() {
        let (mut signaling, mut outputs, now) = open();
        assert!(matches!(signaling.handle_text(now, &left(4)), Heard::Push));
        assert!(signaling.next_push(now, &mut outputs).is_none());
        signaling.begin(3);
        assert!(matches!(signaling.next_push(now, &mut outputs), Some(PushBody::MemberLeft { .. })));
        assert!(signaling.next_push(now, &mut outputs).is_none());
        assert!(outputs.is_empty());
    }

    #[test]
    fn a_missing_push_is_made_good_by_a_snapshot() {
        let (mut signaling, mut outputs, now) = open();
        signaling.begin(3);
        signaling.handle_text(now, &left(6));
        assert!(signaling.next_push(now, &mut outputs).is_none());
        assert!(matches!(&outputs[0], Output::SendText { text, .. } if text.contains("snapshot")));
        let heard = signaling.handle_text(now, r#"{"re":1,"ok":{}}"#);
        assert!(matches!(heard, Heard::Answer { asked: Asked::Snapshot, .. }));
        signaling.begin(5);
        assert!(signaling.next_push(now, &mut outputs).is_some());
    }

    #[test]
    fn what_a_newer_engine_says_counts_and_is_passed_over() {
        let (mut signaling, mut outputs, now) = open();
        signaling.begin(0);
        signaling.handle_text(now, r#"{"n":1,"type":"weather","data":{"sun":true}}"#);
        signaling.handle_text(now, &left(2));
        assert!(signaling.next_push(now, &mut outputs).is_some());
        assert!(outputs.is_empty());
        signaling.ask(now, Request::Exit {}, Asked::Exit, &mut outputs);
        let text = r#"{"re":1,"error":{"code":-5,"name":"tooSunny","message":"wait"}}"#;
        let Heard::Answer { result: Err(failure), .. } = signaling.handle_text(now, text) else { panic!("no answer") };
        assert_eq!((failure.code, failure.name, failure.is_passing()), (-5, None, false));
    }

    #[test]
    fn nonsense_is_passed_over_and_a_flood_ends_it() {
        let (mut signaling, _, now) = open();
        for text in ["", "[]", "{}", "{\"re\":7,\"ok\":{}}", "{\"n\":-1}", "{\"n\":1,\"type\":5}", "null", "{\"re\":1e99}"] {
            assert!(matches!(signaling.handle_text(now, text), Heard::Nothing), "{text}");
        }
        let flood = (1..=2000).map(|n| signaling.handle_text(now, &left(n)));
        assert!(flood.into_iter().any(|heard| matches!(heard, Heard::TooMuch)));
    }
}
