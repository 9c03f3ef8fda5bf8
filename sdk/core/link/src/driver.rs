//! The link's thread: hands a session what happens, and does what it says.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};
use rtc_session::{Command, EnterParams, Event, Input, Output, Session, SocketId};

use crate::LinkConfig;
use crate::addresses::Addresses;
use crate::media::{Happening, Media};
use crate::opener::Opener;
use crate::queue::{Queue, Waiting};
use crate::websocket::{Read, Socket};

/// Tokens below those of media sockets.
const WAKER: Token = Token(0);
const SIGNALING: Token = Token(1);
/// What is ready in one turn.
const EVENTS: usize = 64;
/// The longest wait, whatever the session says.
const LONGEST: Duration = Duration::from_secs(1);

pub(crate) struct Driver {
    session: Session,
    handler: Box<dyn FnMut(Event) + Send>,
    queue: Arc<Queue>,
    poll: Poll,
    opener: Opener,
    opening: BTreeSet<SocketId>,
    /// The one in use, last, and those that are closing.
    sockets: Vec<Socket>,
    media: Media,
    /// Sockets that may have more to read.
    unread: Vec<Token>,
    addresses: Addresses,
    /// Packets that the queue dropped.
    dropped: u64,
}

impl Driver {
    pub(crate) fn new(
        config: LinkConfig,
        params: EnterParams,
        handler: Box<dyn FnMut(Event) + Send>,
    ) -> io::Result<(Self, Arc<Queue>)> {
        let poll = Poll::new()?;
        let queue = Arc::new(Queue::new(Waker::new(poll.registry(), WAKER)?));
        let now = Instant::now();
        let driver = Self {
            session: Session::new(config.session, params, now),
            handler,
            queue: queue.clone(),
            poll,
            opener: Opener::new(config.access.clone()),
            opening: BTreeSet::new(),
            sockets: Vec::new(),
            media: Media::new(config.access.proxy, &queue),
            unread: Vec::new(),
            addresses: Addresses::new(now),
            dropped: 0,
        };
        Ok((driver, queue))
    }

    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        self.act();
        while !(self.session.is_over() && self.sockets.is_empty()) {
            if let Err(error) = self.poll.poll(&mut events, Some(self.pause()))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the system's event queue failed; the session ends");
                break;
            }
            let ready: Vec<Token> = events.iter().map(mio::event::Event::token).chain(self.unread.drain(..)).collect();
            for token in ready {
                match token {
                    WAKER => self.take_news(),
                    SIGNALING => self.read_sockets(),
                    media => self.read_media(media),
                }
            }
            let now = Instant::now();
            if self.media.take_no_way() {
                self.addresses.doubt(now);
            }
            if self.addresses.changed(now) {
                self.session.handle(now, Input::AddressesChanged);
                self.act();
            }
            if self.session.poll_timeout().is_some_and(|at| at <= now) {
                self.session.handle(now, Input::Timeout);
                self.act();
            }
            self.sockets.retain(|socket| socket.close_by.is_none_or(|by| by > now));
        }
        self.queue.ended();
    }

    /// How long nothing is to be done unless something happens.
    fn pause(&self) -> Duration {
        if !self.unread.is_empty() {
            return Duration::ZERO;
        }
        let closing = self.sockets.iter().filter_map(|socket| socket.close_by);
        let next = closing.chain(self.session.poll_timeout()).chain([self.addresses.next()]).min();
        let pause = next.map_or(LONGEST, |next| next.saturating_duration_since(Instant::now()).min(LONGEST));
        // A poll counts whole milliseconds and may cut what is below.
        if pause.is_zero() { pause } else { pause + Duration::from_millis(1) }
    }

    /// Does what the session says, until it has nothing more to say.
    fn act(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::OpenSocket { socket, url } => {
                    self.opening.insert(socket);
                    self.opener.open(socket, url, &self.queue);
                }
                Output::SendText { socket, text } => {
                    let found = self.sockets.iter_mut().position(|known| known.id == socket);
                    if let Some(at) = found.filter(|at| !self.sockets[*at].send(text)) {
                        self.socket_gone(at);
                    }
                }
                Output::CloseSocket { socket, code, reason } => {
                    self.opening.remove(&socket);
                    let now = Instant::now();
                    self.sockets.retain_mut(|known| known.id != socket || known.close(now, code, reason));
                }
                Output::OpenPaths { protocol, remotes } => {
                    let (session, registry) = (&mut self.session, self.poll.registry());
                    self.media.open(registry, protocol, &remotes, |happening| hand_over(session, &happening));
                }
                Output::ClosePaths => self.media.close_all(self.poll.registry()),
                Output::Transmit { protocol, local, remote, bytes } => self.media.send(protocol, local, remote, &bytes),
                Output::Event(event) => self.tell(event),
                _ => {}
            }
        }
    }

    fn tell(&mut self, mut event: Event) {
        if let Event::Statistics(statistics) = &mut event {
            statistics.unsent += self.dropped;
            self.queue.tell_statistics((**statistics).clone());
        }
        (self.handler)(event);
    }

    /// What the application handed over, and WebSockets that opened.
    fn take_news(&mut self) {
        let Waiting { commands, sound, pictures, dropped, is_closing } = self.queue.take();
        self.dropped += dropped;
        let now = Instant::now();
        for command in commands {
            self.session.command(now, command);
            self.act();
        }
        for packet in sound.iter().chain(&pictures) {
            self.session.send(now, packet);
            self.act();
        }
        if is_closing {
            self.session.command(now, Command::Exit);
            self.act();
        }
        while let Some((id, opened)) = self.opener.next() {
            if !self.opening.remove(&id) {
                continue;
            }
            let socket = opened.and_then(|websocket| Socket::new(id, websocket, self.poll.registry(), SIGNALING));
            match socket {
                Ok(socket) => {
                    self.sockets.push(socket);
                    self.session.handle(Instant::now(), Input::SocketOpened(id));
                }
                Err(error) => {
                    let why = error.to_string();
                    self.session.handle(Instant::now(), Input::SocketClosed { socket: id, why: &why });
                }
            }
            self.act();
        }
        let (session, registry) = (&mut self.session, self.poll.registry());
        self.media.adopt(registry, |happening| hand_over(session, &happening));
        self.act();
    }

    fn read_sockets(&mut self) {
        let ids: Vec<SocketId> = self.sockets.iter().map(|socket| socket.id).collect();
        for id in ids {
            // Found anew each time: what the session says may close sockets.
            while let Some(at) = self.sockets.iter().position(|socket| socket.id == id) {
                match self.sockets[at].read() {
                    Read::Text(text) => {
                        if self.sockets[at].close_by.is_none() {
                            self.session.handle(Instant::now(), Input::Text { socket: id, text: &text });
                            self.act();
                        }
                    }
                    Read::Nothing => break,
                    Read::Gone => self.socket_gone(at),
                }
            }
        }
    }

    fn socket_gone(&mut self, at: usize) {
        let socket = self.sockets.remove(at);
        if socket.close_by.is_none() {
            self.session.handle(Instant::now(), Input::SocketClosed { socket: socket.id, why: "" });
            self.act();
        }
    }

    fn read_media(&mut self, token: Token) {
        let session = &mut self.session;
        let may_have_more = self.media.ready(token, &mut |happening| hand_over(session, &happening));
        if may_have_more {
            self.unread.push(token);
        }
        self.act();
    }
}

fn hand_over(session: &mut Session, happening: &Happening<'_>) {
    let input = match *happening {
        Happening::Opened { protocol, local } => Input::PathOpened { protocol, local },
        Happening::Closed { protocol, local } => Input::PathClosed { protocol, local },
        Happening::Datagram { protocol, source, local, bytes } => Input::Datagram { protocol, source, local, bytes },
    };
    session.handle(Instant::now(), input);
}
