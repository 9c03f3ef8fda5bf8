//! The state machine itself. What the parts decide is in the files beside this one; here they are brought together.

mod arriving;
mod asking;
mod hearing;
mod held;
mod leaving;
mod measuring;
mod media;
mod rejoining;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::{Duration, Instant};

use rtc_protocol::{Limits, OfferPurpose, Qos, Report, Role, SceneClass, UserId, limits};

use crate::listening::Listening;
use crate::members::Members;
use crate::publications::Publications;
use crate::signaling::Signaling;
use crate::slots::Slots;
use crate::transport::Transport;
use crate::views::Views;
use crate::{Command, Config, EnterParams, Event, Input, Outgoing, Output, SocketId, Statistics};

use arriving::Joining;
use held::Held;
use measuring::Rates;
use media::Watch;
use rejoining::Rejoining;

/// One stay of one user in a place: from its first attempt to enter to its end.
pub struct Session {
    config: Config,
    params: EnterParams,
    began: Instant,
    outputs: VecDeque<Output>,
    phase: Phase,
    connection: Connection,
    last_socket: u32,
    membership: Membership,
    /// Whether wishes may have become something to ask.
    is_dirty: bool,
    /// Whether the application was told that the connection is lost.
    is_told_lost: bool,
    rejoining: Rejoining,
    transport: Option<Transport>,
    last_connection: u16,
    /// Receiving pairs of the next offer that is for a new peer connection.
    pairs: u16,
    media: Media,
    members: Members,
    slots: Slots,
    held: Held,
    views: Views,
    listening: Listening,
    publications: Publications,
    /// The last number of each sender's messages with each `cmdId`.
    messages: BTreeMap<(UserId, u8), u32>,
    qos: Option<Qos>,
    alarms: Alarms,
    report: Option<Box<Report>>,
    rates: Rates,
    statistics: Statistics,
}

/// Where a stay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Not let in yet; the how manieth attempt.
    Entering {
        attempt: u32,
    },
    Inside,
    /// Has said goodbye, and does not wait for the answer beyond this.
    Leaving {
        until: Instant,
    },
    Over,
}

/// The way to the engine's signaling.
enum Connection {
    /// There is none; the next attempt.
    Broken {
        retry_at: Option<Instant>,
    },
    /// One on which we are not known yet.
    Joining(Box<Joining>),
    Up(Signaling),
}

/// What the engine gave with the membership.
struct Membership {
    role: Role,
    /// A change of role that was asked for and not answered.
    wanted_role: Option<(Role, Option<String>)>,
    private_map_key: Option<String>,
    /// The way back; nothing before the first welcome and when the engine does not know us any more.
    resume: Option<String>,
    limits: Limits,
    /// The number of the last push. The engine counts on while it runs: less means that it was started anew.
    last_push: u64,
}

/// What is known of the media path.
struct Media {
    state: MediaState,
    /// Whether the engine has forgotten our peer connection, or has announced that it will.
    is_gone: bool,
    negotiated_at: Instant,
    /// The offer that waits for its answer. One at a time.
    negotiating: Option<OfferPurpose>,
    /// Whether the engine has refused more slots.
    is_full: bool,
    watch: Option<Watch>,
    /// What the encoders would like to send.
    wanted_uplink: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MediaState {
    Coming,
    Up,
    /// From the moment the path is missed until one is up again.
    Lost,
}

/// Moments at which something is to be done.
#[derive(Debug, Default)]
struct Alarms {
    /// Measure and report.
    tick: Option<Instant>,
    /// Tell of those who have not published again after a restart of the engine.
    release: Option<Instant>,
    /// Tell of those who have not come back on a new peer connection.
    settle: Option<Instant>,
    /// The engine may have said by then that we were put out.
    verdict: Option<Instant>,
    /// Ask again for what was refused for a passing reason.
    retry: Option<Instant>,
}

impl Session {
    /// Begins to enter.
    pub fn new(config: Config, params: EnterParams, now: Instant) -> Self {
        let role = if params.scene.class() == SceneClass::Call { Role::Anchor } else { params.role };
        let private_map_key = params.private_map_key.clone();
        let pairs = config.pairs.clamp(1, MOST_PAIRS);
        let mut session = Self {
            config,
            began: now,
            outputs: VecDeque::new(),
            phase: Phase::Entering { attempt: 1 },
            connection: Connection::Broken { retry_at: None },
            last_socket: 0,
            membership: Membership {
                role,
                wanted_role: None,
                private_map_key,
                resume: None,
                limits: Limits::default(),
                last_push: 0,
            },
            is_dirty: false,
            is_told_lost: false,
            rejoining: Rejoining::default(),
            transport: None,
            last_connection: 0,
            pairs,
            media: Media {
                state: MediaState::Coming,
                is_gone: false,
                negotiated_at: now,
                negotiating: None,
                is_full: false,
                watch: None,
                wanted_uplink: None,
            },
            members: Members::default(),
            slots: Slots::default(),
            held: Held::default(),
            views: Views::default(),
            listening: Listening::default(),
            publications: Publications::default(),
            messages: BTreeMap::new(),
            qos: None,
            alarms: Alarms::default(),
            report: None,
            rates: Rates::default(),
            statistics: Statistics::default(),
            params,
        };
        session.enter_anew(now);
        session
    }

    /// Takes what happened.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        match input {
            Input::Timeout => {}
            Input::SocketOpened(socket) => self.socket_opened(now, socket),
            Input::Text { socket, text } => self.text(now, socket, text),
            Input::SocketClosed { socket, why } => self.socket_closed(now, socket, why),
            Input::PathOpened { protocol, local } => {
                if let Some(transport) = &mut self.transport {
                    transport.path_opened(now, protocol, local, &mut self.outputs);
                }
            }
            Input::PathClosed { protocol, local } => {
                if let Some(transport) = &mut self.transport {
                    transport.path_closed(protocol, local);
                }
            }
            Input::Datagram { protocol, source, local, bytes } => {
                if let Some(transport) = &mut self.transport {
                    transport.handle_datagram(now, (protocol, source, local), bytes, &mut self.outputs);
                }
            }
            Input::AddressesChanged => self.addresses_changed(now),
        }
        self.settle(now);
    }

    /// Takes a command. Commands that come when the session is leaving or over are void.
    pub fn command(&mut self, now: Instant, command: Command) {
        if !matches!(self.phase, Phase::Leaving { .. } | Phase::Over) {
            self.take_command(now, command);
            self.settle(now);
        }
    }

    /// Sends a packet. False, and counted, where there is no path, too much waits for it already, or the line or codec was
    /// not negotiated.
    pub fn send(&mut self, now: Instant, packet: &Outgoing) -> bool {
        let is_sent = match &mut self.transport {
            Some(transport) if self.phase == Phase::Inside => transport.send(now, packet, &mut self.outputs),
            _ => false,
        };
        self.statistics.unsent += u64::from(!is_sent);
        self.take_happenings();
        is_sent
    }

    /// What is to be done next; to be asked after every call above until there is nothing more.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`] at the latest. Nothing when the session is over.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.phase == Phase::Over {
            return None;
        }
        let signaling = match &self.connection {
            Connection::Broken { retry_at } => *retry_at,
            Connection::Joining(joining) => joining.poll_timeout(),
            Connection::Up(signaling) => signaling.poll_timeout(),
        };
        let leaving = if let Phase::Leaving { until } = self.phase { Some(until) } else { None };
        let Alarms { tick, release, settle, verdict, retry } = self.alarms;
        let transport = self.transport.as_ref().and_then(Transport::poll_timeout);
        let watch = self.media.watch.as_ref().and_then(|watch| watch.step_at);
        let ends = [leaving, self.entry_ends()];
        let alarms = [signaling, tick, release, settle, verdict, retry, transport, watch];
        ends.into_iter().chain(alarms).flatten().min()
    }

    /// What was measured last, at every report interval; empty before.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Whether nothing follows any more.
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Everything that follows from what was just taken, and from the time.
    fn settle(&mut self, now: Instant) {
        self.signaling_due(now);
        if let Some(transport) = &mut self.transport {
            transport.handle_timeout(now, &mut self.outputs);
        }
        self.take_happenings();
        self.watch_path(now);
        self.alarms_due(now);
        self.ask_what_is_wished(now);
    }

    fn alarms_due(&mut self, now: Instant) {
        if due(&mut self.alarms.release, now) {
            let events = self.members.release();
            self.tell_members(events);
        }
        if due(&mut self.alarms.settle, now) {
            let events = self.slots.settle();
            self.tell_slots(now, events);
        }
        if due(&mut self.alarms.verdict, now)
            && let Connection::Up(signaling) = &mut self.connection
        {
            signaling.doubt(now, &mut self.outputs);
        }
        if due(&mut self.alarms.retry, now) {
            self.is_dirty = true;
        }
        if due(&mut self.alarms.tick, now) {
            self.tick(now);
        }
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    /// Tells when the connection is lost, and when it is back.
    fn update_state(&mut self) {
        if self.phase != Phase::Inside {
            return;
        }
        let is_up = matches!(self.connection, Connection::Up(_)) && self.media.state != MediaState::Lost;
        if is_up == self.is_told_lost {
            self.is_told_lost = !is_up;
            self.tell(if is_up { Event::ConnectionRecovered } else { Event::ConnectionLost });
        }
    }

    fn next_socket(&mut self) -> SocketId {
        self.last_socket = self.last_socket.wrapping_add(1);
        SocketId(self.last_socket)
    }

    fn is_signaling_up(&self) -> bool {
        matches!(self.connection, Connection::Up(_))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("params", &self.params).field("phase", &self.phase).finish_non_exhaustive()
    }
}

/// Whether an alarm rings; it rings once.
fn due(alarm: &mut Option<Instant>, now: Instant) -> bool {
    alarm.take_if(|at| *at <= now).is_some()
}

/// Receiving pairs that one offer can have beside the three sending lines, whatever an engine allows.
const MOST_PAIRS: u16 = (limits::MEDIA_SECTIONS as u16 - 3) / 2;

/// Closes of a WebSocket (RFC 6455 section 7.4.1): the engine takes the first for a departure, the other for somebody who
/// will be back on another connection.
const LEAVING: u16 = 1000;
const COMING_BACK: u16 = 4000;

/// What the engine may take to acknowledge our departure, and a connection that is made for it.
const EXIT: Duration = Duration::from_secs(1);
const GOODBYE: Duration = Duration::from_secs(2);
