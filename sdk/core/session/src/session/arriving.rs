//! Entering, and coming back to a membership on another connection: hello, offer and what the engine says to them.

use std::time::{Duration, Instant};

use rtc_protocol::{ErrorCode, Hello, MediaAnswer, OfferPurpose, Request, Tracks, VERSION, Welcome};

use super::{COMING_BACK, Connection, LEAVING, Phase, Session};
use crate::signaling::{Asked, Signaling};
use crate::{Event, Failure, Output, SocketId, code, signal_url};

/// How often entering is tried while the engine cannot be reached, the pause before the second attempt, and what all of them may
/// take together.
const ENTRY_ATTEMPTS: u32 = 3;
const ENTRY_PAUSE: Duration = Duration::from_millis(400);
const ENTRY: Duration = Duration::from_secs(10);
/// What a WebSocket may take to open; where one was open before, the next attempt comes sooner: a system waits ever longer between
/// its own, and does not see that the network is back.
const OPEN: Duration = Duration::from_secs(5);
const OPEN_AGAIN: Duration = Duration::from_secs(3);
/// How soon after an empty welcome the engine says that we were put out, if we were.
const VERDICT: Duration = Duration::from_millis(300);
/// After a new peer connection, sources that are not back by then are told as gone.
pub(super) const SETTLE: Duration = Duration::from_secs(5);

/// A connection on which we are not known yet.
pub(super) struct Joining {
    pub(super) signaling: Signaling,
    pub(super) aim: Aim,
    /// When it must be open.
    open_by: Option<Instant>,
    welcome: Option<Box<Welcome>>,
    is_negotiated: bool,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// A new membership, with a new peer connection.
    Enter,
    /// The membership of the resume token.
    Return,
    /// To say goodbye during an outage.
    Goodbye,
}

impl Joining {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        [self.open_by, self.signaling.poll_timeout()].into_iter().flatten().min()
    }
}

impl Session {
    /// A new membership with a new peer connection: hello and offer go out together.
    pub(super) fn enter_anew(&mut self, now: Instant) {
        self.membership.resume = None;
        self.join(now, Aim::Enter);
        // After the socket: making an offer of twenty lines takes as long as a socket does to open.
        if !matches!(self.phase, Phase::Over) {
            self.open_transport(now);
        }
    }

    pub(super) fn join(&mut self, now: Instant, aim: Aim) {
        let url = match signal_url(&self.params.server) {
            Ok(url) => url,
            Err(error) => {
                self.join_failed(now, Failure::local(code::INVALID_PARAMETER, error.to_string()), false);
                return;
            }
        };
        let socket = self.next_socket();
        let signaling = Signaling::new(socket);
        let open_by = Some(now + if self.phase == Phase::Inside { OPEN_AGAIN } else { OPEN });
        self.connection =
            Connection::Joining(Box::new(Joining { signaling, aim, open_by, welcome: None, is_negotiated: false }));
        self.outputs.push_back(Output::OpenSocket { socket, url });
    }

    pub(super) fn socket_opened(&mut self, now: Instant, socket: SocketId) {
        let hello = self.hello();
        let Connection::Joining(joining) = &mut self.connection else { return };
        if joining.signaling.socket != socket || joining.signaling.is_open {
            return;
        }
        joining.open_by = None;
        joining.signaling.is_open = true;
        joining.signaling.ask(now, Request::Hello(Box::new(hello)), Asked::Hello, &mut self.outputs);
        if joining.aim == Aim::Enter {
            self.offer_entry(now);
        }
    }

    /// Offers on the connection on which we are joining.
    fn offer_entry(&mut self, now: Instant) {
        let (Connection::Joining(joining), Some(transport)) = (&mut self.connection, &mut self.transport) else { return };
        let pairs = self.pairs.max(1);
        let connection = transport.connection();
        if let Some(offer) = transport.offer(OfferPurpose::Enter, pairs) {
            let asked = Asked::Offer { connection, purpose: OfferPurpose::Enter };
            joining.signaling.ask(now, Request::Offer(offer), asked, &mut self.outputs);
        }
    }

    /// An answer on the connection on which we are joining.
    pub(super) fn joining_answered(&mut self, now: Instant, asked: &Asked, result: Result<serde_json::Value, Failure>) {
        match (asked, result) {
            (Asked::Hello, Ok(value)) => match serde_json::from_value::<Welcome>(value) {
                Ok(welcome) => self.let_in(now, welcome),
                Err(error) => self.join_failed(now, unreadable(&error), false),
            },
            (Asked::Hello, Err(failure)) => {
                let Connection::Joining(joining) = &self.connection else { return };
                if joining.aim == Aim::Return && failure.name == Some(ErrorCode::NotInRoom) {
                    tracing::info!("the membership is gone; entering again");
                    self.close_socket(COMING_BACK);
                    self.enter_anew(now);
                } else {
                    self.join_failed(now, failure, false);
                }
            }
            (Asked::Offer { connection, purpose }, result) => {
                let Some(transport) = &mut self.transport else { return };
                if transport.connection() != *connection {
                    return;
                }
                let answer =
                    result.and_then(|value| serde_json::from_value::<MediaAnswer>(value).map_err(|error| unreadable(&error)));
                let accepted = answer.and_then(|answer| {
                    let accepted = transport.accept(now, *purpose, &answer.sdp, &mut self.outputs);
                    accepted.map_err(|error| Failure::local(code::ENTER_ROOM_FAILED, error))
                });
                match accepted {
                    Ok(()) => {
                        if let Connection::Joining(joining) = &mut self.connection {
                            joining.is_negotiated = true;
                        }
                        self.complete_entry(now);
                    }
                    Err(failure) => self.join_failed(now, failure, false),
                }
            }
            (Asked::Exit, _) => self.over_by_own_will(),
            _ => {}
        }
    }

    /// The engine's welcome.
    fn let_in(&mut self, now: Instant, welcome: Welcome) {
        let Connection::Joining(joining) = &mut self.connection else { return };
        let aim = joining.aim;
        self.membership.resume = Some(welcome.resume.clone());
        match aim {
            Aim::Return if welcome.resumed => self.came_back(now, &welcome),
            Aim::Enter | Aim::Return => {
                joining.welcome = Some(Box::new(welcome));
                if aim == Aim::Return {
                    // The engine does not know the membership any more and has made a new one, which needs new media.
                    joining.aim = Aim::Enter;
                    self.open_transport(now);
                    self.offer_entry(now);
                }
                self.complete_entry(now);
            }
            Aim::Goodbye if welcome.resumed => {
                joining.signaling.ask(now, Request::Exit {}, Asked::Exit, &mut self.outputs);
            }
            // Nobody knew us any more: the membership that was just made ends with its connection.
            Aim::Goodbye => self.over_by_own_will(),
        }
    }

    /// In, once there are a welcome and an answer.
    fn complete_entry(&mut self, now: Instant) {
        let Connection::Joining(joining) = &mut self.connection else { return };
        if !joining.is_negotiated {
            return;
        }
        let Some(welcome) = joining.welcome.take() else { return };
        self.known_on_this_connection();
        self.rejoining = super::Rejoining::default();
        self.membership.limits = welcome.limits;
        self.media.is_gone = false;
        self.media.negotiating = None;
        self.media.negotiated_at = now;
        let is_first = matches!(self.phase, Phase::Entering { .. });
        self.phase = Phase::Inside;
        if is_first {
            self.membership.role = welcome.snapshot.role;
            let elapsed = now.saturating_duration_since(self.began);
            self.tell(Event::Entered { elapsed, role: welcome.snapshot.role });
            self.alarms.tick = Some(now + self.report_interval());
        } else {
            self.alarms.settle = Some(now + SETTLE);
        }
        // A new membership counts anew.
        self.membership.last_push = 0;
        self.take_snapshot(now, &welcome.snapshot);
        self.begin_pushes(welcome.snapshot.n);
        self.publications.known(Tracks::default());
        self.ask_again(now);
        self.update_state();
        self.media.watch = None;
        self.watch_media(now);
        self.take_pushes(now);
    }

    /// Back in the same membership.
    fn came_back(&mut self, now: Instant, welcome: &Welcome) {
        self.known_on_this_connection();
        self.rejoining = super::Rejoining::default();
        self.membership.limits = welcome.limits;
        let snapshot = &welcome.snapshot;
        self.begin_pushes(snapshot.n);
        if snapshot.n == 0 && snapshot.members.is_empty() && !self.members.is_empty() {
            // Everybody left, or we were put out and are told why next: then nobody else is to be told as gone.
            self.alarms.verdict = Some(now + VERDICT);
        } else {
            self.take_snapshot(now, snapshot);
        }
        self.publications.known(snapshot.tracks);
        self.ask_again(now);
        self.renew_media(now);
        self.update_state();
        self.take_pushes(now);
    }

    /// Requests go out on this connection from now on.
    fn known_on_this_connection(&mut self) {
        let broken = Connection::Broken { retry_at: None };
        if let Connection::Joining(joining) = std::mem::replace(&mut self.connection, broken) {
            self.connection = Connection::Up(joining.signaling);
        }
    }

    /// Joining failed: `is_lost` when the connection did, and not the engine refused.
    pub(super) fn join_failed(&mut self, now: Instant, failure: Failure, is_lost: bool) {
        // Whatever of a new membership was made ends with its connection.
        let is_return = matches!(&self.connection, Connection::Joining(joining) if joining.aim == Aim::Return);
        self.close_socket(if is_return { COMING_BACK } else { LEAVING });
        match self.phase {
            Phase::Entering { attempt } => {
                let retry_at = now + ENTRY_PAUSE * attempt;
                if is_lost && attempt < ENTRY_ATTEMPTS && retry_at < self.began + ENTRY {
                    self.phase = Phase::Entering { attempt: attempt + 1 };
                    self.connection = Connection::Broken { retry_at: Some(retry_at) };
                } else {
                    self.end();
                    self.tell(Event::EnterFailed(failure));
                }
            }
            Phase::Inside => self.rejoin_failed(now, failure),
            Phase::Leaving { .. } => self.over_by_own_will(),
            Phase::Over => {}
        }
    }

    pub(super) fn unreachable(&self, why: &str) -> Failure {
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        let server = &self.params.server;
        let message = format!("the engine cannot be reached at {server}{why}; check the address and the network");
        Failure::local(code::CONNECT_SERVER_TIMEOUT, message)
    }

    /// When entering is given up, whatever it waits for then.
    pub(super) fn entry_ends(&self) -> Option<Instant> {
        matches!(self.phase, Phase::Entering { .. }).then(|| self.began + ENTRY)
    }

    /// Time passes while joining.
    pub(super) fn joining_due(&mut self, now: Instant) {
        let is_over = self.entry_ends().is_some_and(|end| end <= now);
        let Connection::Joining(joining) = &mut self.connection else { return };
        let is_late = joining.open_by.is_some_and(|by| by <= now);
        let why = if joining.signaling.is_open { "it does not answer" } else { "it does not open" };
        if is_over || is_late || joining.signaling.overdue(now).is_some() {
            let failure = self.unreachable(why);
            self.join_failed(now, failure, true);
        }
    }

    fn begin_pushes(&mut self, n: u64) {
        if let Connection::Up(signaling) = &mut self.connection {
            signaling.begin(n);
        }
    }

    /// Closes the WebSocket of the moment.
    pub(super) fn close_socket(&mut self, code: u16) {
        let socket = match &self.connection {
            Connection::Broken { .. } => return,
            Connection::Joining(joining) => joining.signaling.socket,
            Connection::Up(signaling) => signaling.socket,
        };
        let reason = if code == LEAVING { "leaving" } else { "coming back" };
        self.outputs.push_back(Output::CloseSocket { socket, code, reason });
        self.connection = Connection::Broken { retry_at: None };
    }

    fn hello(&self) -> Hello {
        let params = &self.params;
        Hello {
            protocol: VERSION,
            sdk: params.sdk.clone(),
            sdk_app_id: params.sdk_app_id,
            user_id: params.user_id.clone(),
            user_sig: params.user_sig.clone(),
            room: params.room.clone(),
            scene: params.scene,
            role: self.membership.role,
            private_map_key: self.membership.private_map_key.clone(),
            auto_receive_audio: params.auto_receive_audio,
            user_define_record_id: params.user_define_record_id.clone(),
            resume: self.membership.resume.clone(),
        }
    }
}

fn unreadable(error: &serde_json::Error) -> Failure {
    tracing::warn!(%error, "an answer of the engine cannot be read");
    Failure::local(code::ENTER_ROOM_FAILED, "the engine's answer cannot be read; update the SDK or the engine")
}
