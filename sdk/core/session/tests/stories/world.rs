//! A session, an engine and the network between them, as bad as a story wants it, all in one time that only the story moves.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_impairment::{Impairment, Profile};
use rtc_protocol::{HelloRoom, Role, Scene, SdkAppId, SdkInfo};
use rtc_session::{Command, Config, EnterParams, Event, Input, Output, Protocol, Session, SocketId};

use crate::engine::{Engine, MEDIA};

pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) session: Session,
    pub(crate) engine: Engine,
    /// Whether the engine can be reached by signaling, and by media.
    pub(crate) has_signaling: bool,
    pub(crate) has_media: bool,
    /// Whether a WebSocket that is asked for comes to anything, be it good or bad.
    pub(crate) has_sockets: bool,
    /// What becomes of media on its way up and down.
    up: Impairment<Datagram>,
    down: Impairment<Datagram>,
    /// Everything that was told, but for statistics.
    pub(crate) told: Vec<Event>,
    /// WebSockets that were asked for.
    pub(crate) opened: u32,
    /// The WebSocket that is open.
    socket: Option<SocketId>,
    closed: Vec<u16>,
    local: Option<SocketAddr>,
    next_port: u16,
}

/// A packet of media, and the client's address.
#[derive(Clone)]
struct Datagram(SocketAddr, Vec<u8>);

impl AsRef<[u8]> for Datagram {
    fn as_ref(&self) -> &[u8] {
        &self.1
    }
}

impl World {
    /// Somebody begins to enter.
    pub(crate) fn new() -> Self {
        Self::with(Engine::new(), params())
    }

    pub(crate) fn with(engine: Engine, params: EnterParams) -> Self {
        let now = Instant::now();
        Self {
            now,
            session: Session::new(Config::default(), params, now),
            engine,
            has_signaling: true,
            has_media: true,
            has_sockets: true,
            up: Impairment::new(now, 1),
            down: Impairment::new(now, 2),
            told: Vec::new(),
            opened: 0,
            socket: None,
            closed: Vec::new(),
            local: None,
            next_port: 1000,
        }
    }

    /// Somebody who is in, with media.
    pub(crate) fn inside() -> Self {
        let mut world = Self::new();
        world.pass(Duration::from_secs(1));
        assert!(matches!(world.told[..], [Event::Entered { .. }, ..]), "{:?}", world.told);
        world
    }

    /// The network is like this from now on.
    pub(crate) fn network(&mut self, up: Profile, down: Profile) {
        self.up.set(self.now, up);
        self.down.set(self.now, down);
    }

    /// Bytes of media that were sent on their way up and down so far.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        (self.up.counts().taken_bytes, self.down.counts().taken_bytes)
    }

    /// Sends a packet of media.
    pub(crate) fn sends(&mut self, packet: &rtc_session::Outgoing) -> bool {
        let is_sent = self.session.send(self.now, packet);
        self.settle();
        is_sent
    }

    pub(crate) fn does(&mut self, command: Command) {
        self.session.command(self.now, command);
        self.settle();
    }

    /// Lets time pass, with everything that happens in it.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        let mut stuck = 0;
        loop {
            let engine = self.settle();
            let (up, down) = (self.up.poll_timeout(), self.down.poll_timeout());
            let next = [self.session.poll_timeout(), engine, up, down, Some(end)].into_iter().flatten().min().expect("the end");
            // What is due now was done just now.
            self.now = next.max(self.now + Duration::from_micros(100)).min(end);
            self.session.handle(self.now, Input::Timeout);
            let is_stuck = self.session.poll_timeout().is_some_and(|at| at <= self.now);
            stuck = if is_stuck { stuck + 1 } else { 0 };
            assert!(stuck < 500, "the session wants to be woken again and again, and does nothing then");
            if self.now >= end {
                self.settle();
                return;
            }
        }
    }

    /// Lets time pass until something is told, and gives it. Panics when it takes too long.
    #[track_caller]
    pub(crate) fn until<T>(&mut self, longest: Duration, mut look: impl FnMut(&Event) -> Option<T>) -> T {
        let (end, mut seen) = (self.now + longest, self.told.len());
        while self.now < end {
            self.pass(Duration::from_millis(20));
            if let Some(found) = self.told[seen..].iter().find_map(&mut look) {
                return found;
            }
            seen = self.told.len();
        }
        panic!("not told in {longest:?}; told: {:?}", self.told);
    }

    /// The WebSocket breaks.
    pub(crate) fn cut(&mut self) {
        if let Some(socket) = self.socket.take() {
            self.session.handle(self.now, Input::SocketClosed { socket, why: "" });
        }
    }

    /// A text of whatever kind arrives.
    pub(crate) fn hears(&mut self, text: &str) {
        if let Some(socket) = self.socket {
            self.session.handle(self.now, Input::Text { socket, text });
        }
        self.settle();
    }

    /// The codes of the WebSockets the session closed.
    pub(crate) fn closed(&self) -> &[u16] {
        &self.closed
    }

    /// How often something was told.
    pub(crate) fn count(&self, mut is_it: impl FnMut(&Event) -> bool) -> usize {
        self.told.iter().filter(|event| is_it(event)).count()
    }

    /// Carries everything to where it goes, until nothing moves. When the engine's connection wants to be driven again.
    fn settle(&mut self) -> Option<Instant> {
        loop {
            let mut has_moved = false;
            while let Some(output) = self.session.poll() {
                has_moved = true;
                self.act(output);
            }
            while let (Some(text), true) = (self.engine.texts.pop_front(), self.has_signaling) {
                has_moved = true;
                if let Some(socket) = self.socket {
                    self.session.handle(self.now, Input::Text { socket, text: &text });
                }
            }
            while let Some(Datagram(local, bytes)) = self.up.poll(self.now) {
                has_moved = true;
                self.engine.datagram(self.now, local, &bytes);
            }
            let (datagrams, next) = self.engine.drive(self.now);
            for (to, bytes) in datagrams.into_iter().filter(|_| self.has_media) {
                has_moved = true;
                self.down.push(self.now, Datagram(to, bytes));
            }
            while let Some(Datagram(to, bytes)) = self.down.poll(self.now) {
                if let Some(local) = self.local.filter(|local| *local == to) {
                    has_moved = true;
                    let source = MEDIA.parse().expect("an address");
                    self.session.handle(self.now, Input::Datagram { protocol: Protocol::Udp, source, local, bytes: &bytes });
                }
            }
            if !has_moved {
                return next;
            }
        }
    }

    fn act(&mut self, output: Output) {
        match output {
            Output::OpenSocket { socket, url } => {
                assert_eq!(url, "ws://engine.test/v1/signal");
                self.opened += 1;
                if !self.has_sockets {
                    return;
                }
                if self.has_signaling {
                    self.socket = Some(socket);
                    self.session.handle(self.now, Input::SocketOpened(socket));
                } else {
                    self.session.handle(self.now, Input::SocketClosed { socket, why: "" });
                }
            }
            Output::SendText { socket, text } if self.has_signaling && self.socket == Some(socket) => {
                self.engine.text(self.now, &text);
            }
            Output::CloseSocket { socket, code, .. } => {
                self.closed.push(code);
                self.socket.take_if(|open| *open == socket);
            }
            Output::OpenPaths { protocol: Protocol::Udp, remotes } => {
                assert_eq!(remotes, [MEDIA.parse().expect("an address")]);
                self.next_port += 1;
                let local = SocketAddr::from(([192, 0, 2, 9], self.next_port));
                self.local = Some(local);
                self.session.handle(self.now, Input::PathOpened { protocol: Protocol::Udp, local });
            }
            Output::ClosePaths => self.local = None,
            Output::Transmit { local, bytes, .. } if self.has_media && self.local == Some(local) => {
                self.up.push(self.now, Datagram(local, bytes));
            }
            Output::Event(Event::Statistics(_)) => {}
            Output::Event(event) => self.told.push(event),
            _ => {}
        }
    }
}

pub(crate) fn params() -> EnterParams {
    EnterParams {
        server: "http://engine.test".into(),
        sdk_app_id: SdkAppId(1),
        user_id: "me".into(),
        user_sig: "a ticket".into(),
        room: HelloRoom::Number(1),
        scene: Scene::Live,
        role: Role::Anchor,
        private_map_key: None,
        auto_receive_audio: true,
        user_define_record_id: None,
        sdk: SdkInfo { name: "test".into(), version: "1".into(), platform: "none".into() },
    }
}
