//! One client's WebSocket, from its opening to its end.

use std::future::pending;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use rtc_protocol::{Answer, ClientFrame, ConnectRoom, Error, Request, SwitchRoom, UpdateForwardMode};
use rtc_room::RoomRequest;
use tokio::time::{self, MissedTickBehavior, sleep, timeout, timeout_at};

use super::Signal;
use super::frame::{self, Unreadable};
use super::hello;
use super::identity::Identity;
use super::pace::Pace;
use crate::control::{Ask, Ending, Input, Link, LinkEnd, Outgoing};
use crate::door::Guest;
use crate::refusal;

/// Messages in a row that cannot be read, after which somebody speaks another protocol.
const STRIKES: u32 = 5;
/// How long a closed connection is listened to for the client's own close.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long an answer waits for what it tells to be written. It usually takes a millisecond.
const WRITTEN_WITHIN: Duration = Duration::from_secs(1);
/// Messages that leave in one write, if they are there.
const GATHERED: usize = 64;
/// Taken off the pace of a client that asks too much, so that it cannot have its refusals as fast as it likes.
const REFUSAL_PAUSE: Duration = Duration::from_millis(10);
/// Offers are dear (a negotiation each), so they have a pace of their own: an honest client makes one now and then.
const OFFERS_PER_SECOND: u32 = 2;
const OFFER_BURST: u32 = 10;

/// Close codes (RFC 6455 section 7.4).
const NORMAL: u16 = 1000;
const NO_STATUS: u16 = 1005;
const POLICY: u16 = 1008;
const TOO_BIG: u16 = 1009;

/// Serves a client until it is gone.
pub(super) async fn run(socket: WebSocket, guest: Guest, signal: &Signal) {
    signal.counters.signal_connections.add(1);
    let _alive = signal.alive.clone();
    let (link, mut end) = Link::new(signal.settings.queue_messages, signal.settings.queue_bytes);
    let connection = link.id();
    let (mut sink, mut stream) = socket.split();
    let mut reader = Reader::new(signal, guest, link);

    let cut = std::sync::Arc::clone(&end.cut);
    let ending = tokio::select! {
        ending = reader.run(&mut stream) => Over::ByClient(ending),
        over = write(&mut sink, &mut end, signal) => over,
        () = cut.notified() => Over::Broken,
    };
    let told = match ending {
        Over::ByClient(ending) => ending,
        Over::ByEngine | Over::Broken => Ending::Lost,
    };
    // At once, before any politeness: the others shall learn of a departure soon.
    signal.control.tell(Input::Gone { connection, ending: told }).await;
    match ending {
        // Its close is answered by this.
        Over::ByClient(Ending::Left) => drop(timeout(LAST_WORDS, sink.close()).await),
        // A connection dropped with unread bytes is reset, and the close frame could be lost with it.
        Over::ByEngine => drop(timeout(LAST_WORDS, async { while let Some(Ok(_)) = stream.next().await {} }).await),
        Over::ByClient(Ending::Lost) | Over::Broken => {}
    }
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    ByClient(Ending),
    ByEngine,
    Broken,
}

/// Writes what the client is told, and pings it.
async fn write(sink: &mut SplitSink<WebSocket, Message>, end: &mut LinkEnd, signal: &Signal) -> Over {
    let settings = &signal.settings;
    let mut ping = time::interval(settings.ping_interval());
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.reset();
    let mut gathered = 0;
    loop {
        let (message, over) = tokio::select! {
            outgoing = end.next() => match outgoing {
                Some(Outgoing::Text(text)) => (Message::Text(text.into()), None),
                Some(Outgoing::After(fact)) => {
                    // What was said before does not wait.
                    if gathered > 0 && !matches!(timeout(settings.write_timeout(), sink.flush()).await, Ok(Ok(()))) {
                        return Over::Broken;
                    }
                    gathered = 0;
                    until_written(signal, fact).await;
                    continue;
                }
                Some(Outgoing::Close { code, reason }) => {
                    (Message::Close(Some(CloseFrame { code, reason: reason.into() })), Some(Over::ByEngine))
                }
                // The reader has a link, so there is always one.
                None => return Over::Broken,
            },
            _ = ping.tick() => (Message::Ping(Default::default()), None),
        };
        // Where hundreds enter at once, what waits for one client leaves in one write.
        gathered += 1;
        let is_last = over.is_some() || gathered >= GATHERED || !end.has_more();
        let written = async {
            sink.feed(message).await?;
            if is_last { sink.flush().await } else { Ok(()) }
        };
        if is_last {
            gathered = 0;
        }
        match timeout(settings.write_timeout(), written).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Over::Broken,
            Err(_) => {
                signal.counters.overflows.add(1);
                return Over::Broken;
            }
        }
        if let Some(over) = over {
            return over;
        }
    }
}

/// Waits until a fact has been written, but not for ever: a slow disk shall not keep anybody out.
async fn until_written(signal: &Signal, fact: u64) {
    let mut written = signal.written.clone();
    if timeout(WRITTEN_WITHIN, written.wait_for(|last| *last >= fact)).await.is_err() {
        tracing::warn!(fact, "the store is slow; members are let in before they are written down");
    }
}

/// Reads what the client says.
struct Reader<'a> {
    signal: &'a Signal,
    guest: Guest,
    link: Link,
    /// Nothing before its hello was good.
    identity: Option<Identity>,
    requests: Pace,
    offers: Pace,
    strikes: u32,
}

impl<'a> Reader<'a> {
    fn new(signal: &'a Signal, guest: Guest, link: Link) -> Self {
        let (settings, now) = (&signal.settings, Instant::now());
        Self {
            signal,
            guest,
            link,
            identity: None,
            requests: Pace::new(settings.requests_per_second, settings.request_burst, now),
            offers: Pace::new(OFFERS_PER_SECOND, OFFER_BURST, now),
            strikes: 0,
        }
    }

    async fn run(&mut self, stream: &mut SplitStream<WebSocket>) -> Ending {
        let hello_by = time::Instant::now() + self.signal.settings.hello_timeout();
        loop {
            let silent_at = match self.identity {
                None => hello_by,
                Some(_) => time::Instant::now() + self.signal.settings.silence_timeout(),
            };
            let Ok(message) = timeout_at(silent_at, stream.next()).await else {
                return self.fallen_silent().await;
            };
            let flow = match message {
                Some(Ok(Message::Text(text))) => self.handle_text(text.as_str()).await,
                Some(Ok(Message::Binary(_))) => self.strike(0, refusal::malformed("it is binary; send text")),
                Some(Ok(Message::Close(frame))) => return ending(frame.map_or(NO_STATUS, |frame| frame.code)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.handle_ping().await,
                Some(Err(error)) => self.handle_broken(&error),
                None => return Ending::Lost,
            };
            if flow.is_break() {
                // The writer ends the connection when all has been written.
                return pending().await;
            }
        }
    }

    /// A sign of life; the WebSocket has answered it. They count as requests, so that they come no faster.
    async fn handle_ping(&mut self) -> ControlFlow<()> {
        if !self.requests.take(Instant::now()) {
            sleep(REFUSAL_PAUSE).await;
        }
        ControlFlow::Continue(())
    }

    /// Nothing was heard for too long.
    async fn fallen_silent(&self) -> Ending {
        if self.identity.is_some() {
            self.signal.counters.silent.add(1);
            return Ending::Lost;
        }
        self.signal.counters.hellos_missed.add(1);
        self.link.close(POLICY, "no hello in time");
        pending().await
    }

    /// The stream cannot be read on. A message longer than any may be is told so; the text is what the WebSocket library
    /// says of it, which has no other sign that can be seen from here.
    fn handle_broken(&self, error: &axum::Error) -> ControlFlow<()> {
        if error.to_string().contains("too long") {
            self.signal.counters.oversized.add(1);
            self.link.close(TOO_BIG, "the message is too long");
        } else {
            self.link.cut();
        }
        ControlFlow::Break(())
    }

    async fn handle_text(&mut self, text: &str) -> ControlFlow<()> {
        if !self.requests.take(Instant::now()) {
            self.signal.counters.limited.add(1);
            sleep(REFUSAL_PAUSE).await;
            return self.refuse(frame::number(text), refusal::too_many_requests(self.signal.settings.requests_per_second));
        }
        match frame::read(text) {
            Ok(frame) => {
                self.strikes = 0;
                self.handle_frame(frame).await
            }
            Err(Unreadable { re, error, oversized }) => {
                let counters = &self.signal.counters;
                let count = if oversized { &counters.oversized } else { &counters.malformed };
                count.add(1);
                self.strike(re, error)
            }
        }
    }

    async fn handle_frame(&mut self, frame: ClientFrame) -> ControlFlow<()> {
        let re = frame.id;
        let Some(identity) = &self.identity else {
            return match frame.request {
                Request::Hello(hello) => self.handle_hello(re, *hello).await,
                _ => self.turn_away(re, refusal::unknown_request("type: the first message must be hello")),
            };
        };
        let ask = match frame.request {
            Request::Hello(_) => return self.refuse(re, refusal::unknown_request("type: hello was said already")),
            Request::Offer(offer) => {
                if !self.offers.take(Instant::now()) {
                    self.signal.counters.limited.add(1);
                    return self.refuse(re, refusal::too_many_requests(OFFERS_PER_SECOND));
                }
                Ask::Offer(offer)
            }
            Request::Publish(publish) => Ask::Room(RoomRequest::Publish(publish)),
            Request::View(view) => Ask::Room(RoomRequest::View(view)),
            Request::Unview(unview) => Ask::Room(RoomRequest::Unview(unview)),
            Request::Listen(listen) => Ask::Room(RoomRequest::Listen(listen)),
            Request::SwitchRole(switch) => {
                let permissions = match switch.private_map_key.as_deref() {
                    None | Some("") => None,
                    Some(key) => match identity.permissions(key, &self.signal.apps).await {
                        Ok(permissions) => Some(permissions),
                        Err(error) => return self.refuse(re, error),
                    },
                };
                Ask::Room(RoomRequest::SwitchRole { role: switch.role, permissions })
            }
            Request::SwitchRoom(switch) => return self.handle_switch_room(re, switch).await,
            Request::ConnectRoom(ConnectRoom { room, user_id }) => match identity.elsewhere(&room, &user_id) {
                Ok((key, user)) => Ask::Room(RoomRequest::ConnectRoom { key, user }),
                Err(error) => return self.refuse(re, error),
            },
            Request::DisconnectRoom {} => Ask::Room(RoomRequest::DisconnectRoom),
            Request::UpdateForwardMode(UpdateForwardMode { room, user_id, mode }) => {
                match identity.elsewhere(&room, &user_id) {
                    Ok((key, user)) => Ask::Room(RoomRequest::UpdateForwardMode { key, user, mode }),
                    Err(error) => return self.refuse(re, error),
                }
            }
            Request::SetQos(qos) => Ask::Room(RoomRequest::SetQos(qos)),
            Request::Message(message) => Ask::Room(RoomRequest::Message(message)),
            Request::Report(report) => Ask::Room(RoomRequest::Report(report)),
            Request::Snapshot {} => Ask::Room(RoomRequest::Snapshot),
            Request::Exit {} => Ask::Room(RoomRequest::Exit),
            _ => return self.refuse(re, refusal::unknown_request("type: this engine does not know this request yet")),
        };
        self.signal.control.tell(Input::Ask { connection: self.link.id(), re, ask }).await;
        ControlFlow::Continue(())
    }

    /// Nothing else is read until it is known in which room the client is: its next ticket is for that one.
    async fn handle_switch_room(&mut self, re: u32, switch: SwitchRoom) -> ControlFlow<()> {
        let Some(identity) = &mut self.identity else { return ControlFlow::Continue(()) };
        let destination = match identity.destination(&switch, &self.signal.apps).await {
            Ok(destination) => destination,
            Err(error) => return self.refuse(re, error),
        };
        let room = destination.key.room.clone();
        let connection = self.link.id();
        let ask = |moved| Input::Ask { connection, re, ask: Ask::SwitchRoom { destination, moved } };
        if self.signal.control.ask(ask).await == Some(true) {
            identity.room = room;
        }
        ControlFlow::Continue(())
    }

    async fn handle_hello(&mut self, re: u32, hello: rtc_protocol::Hello) -> ControlFlow<()> {
        match hello::check(re, hello, &self.signal.apps, self.guest.address, self.link.clone()).await {
            Ok((identity, arrival)) => {
                self.guest.has_spoken();
                self.identity = Some(identity);
                self.signal.control.tell(Input::Enter(Box::new(arrival))).await;
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.signal.counters.hellos_refused.add(1);
                // Not louder: whoever can connect can have it logged as often as it likes.
                tracing::debug!(address = %self.guest.address, name = ?error.name, code = error.code, "hello refused");
                self.turn_away(re, error)
            }
        }
    }

    /// Refuses a request, and goes on.
    fn refuse(&self, re: u32, error: Error) -> ControlFlow<()> {
        match self.link.answer(Answer::error(re, error)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => {
                self.signal.counters.overflows.add(1);
                self.link.cut();
                ControlFlow::Break(())
            }
        }
    }

    /// Refuses a request, and that was it.
    fn turn_away(&self, re: u32, error: Error) -> ControlFlow<()> {
        let _ = self.refuse(re, error);
        self.link.close(POLICY, "refused");
        ControlFlow::Break(())
    }

    /// Refuses a message that could not be read; somebody who sends nothing else is turned away.
    fn strike(&mut self, re: u32, error: Error) -> ControlFlow<()> {
        self.strikes += 1;
        let is_enough = self.strikes >= STRIKES || self.identity.is_none();
        if is_enough { self.turn_away(re, error) } else { self.refuse(re, error) }
    }
}

/// What a client means by closing. Who closes in order has left, and one that gives no reason had none to come back. Any
/// other code is for a connection that is given up to try another. 1001 is not an own will: a browser's network process
/// sends it for pages that were killed, while a page that is closed says `exit` first.
fn ending(code: u16) -> Ending {
    match code {
        NORMAL | NO_STATUS => Ending::Left,
        _ => Ending::Lost,
    }
}
