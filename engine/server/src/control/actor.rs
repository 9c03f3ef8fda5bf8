//! The task behind [`super::Control`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng as _;
use rtc_net::{Media, MediaEvent};
use rtc_protocol::{
    Answer, Error, Limits, MediaOffer, OfferPurpose, Push, PushBody, RemovalReason, Role, RoomKey, RoomSwitched, SessionId,
    Snapshot, Tracks, UserId, VERSION, Welcome,
};
use rtc_room::{Destination, FactBody, LeaveCause, Output, RoomRequest, Rooms, Time};
use rtc_store::KeptMembership;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::departed::{self, Departed, Departure};
use super::link::Overflow;
use super::token::TokenHash;
use super::{Arrival, Ask, ConnectionId, Ending, Figures, FromMedia, Input, Link, Parts, ResumeToken, media};
use crate::bus::Bus;
use crate::clock::Clock;
use crate::metrics::Counters;
use crate::refusal;
use crate::roster::Roster;
use crate::turn::Relays;

/// When members are told to try again when the engine stops, in milliseconds.
const RETRY_AFTER_MS: u32 = 500;
/// How long the task sleeps when no room waits for anything.
const IDLE: Duration = Duration::from_secs(3600);

/// Close codes (RFC 6455 section 7.4) and why.
const NORMAL: u16 = 1000;
const POLICY: u16 = 1008;
const INTERNAL_ERROR: u16 = 1011;
const SERVICE_RESTART: u16 = 1012;
const REPLACED: u16 = 4000;

pub(super) struct Actor {
    rooms: Rooms,
    clock: Clock,
    limits: Limits,
    max_sessions: usize,
    media: Arc<Media>,
    relays: Relays,
    from_media: mpsc::UnboundedReceiver<FromMedia>,
    to_control: mpsc::UnboundedSender<FromMedia>,
    bus: Bus,
    roster: Arc<Roster>,
    counters: Arc<Counters>,
    seats: HashMap<SessionId, Seat>,
    connections: HashMap<ConnectionId, SessionId>,
    departed: Departed,
    /// The next session's number. The first is random, so that sessions of two runs do not meet in a record.
    counter: u64,
    /// Sessions whose client does not read.
    overflowed: Vec<SessionId>,
    /// Sessions that are over and whose connections are to be closed once they have been told everything.
    over: Vec<SessionId>,
    stopping: bool,
    draining: bool,
    /// Who waits for the last member to go.
    gone: Option<oneshot::Sender<()>>,
}

/// A session, as far as it concerns signaling.
struct Seat {
    room: RoomKey,
    user: UserId,
    token: TokenHash,
    /// Nothing while the member is away.
    link: Option<Link>,
    /// The last push the client knows of from a snapshot.
    told: u64,
    /// When it entered, until its media has flowed.
    entered: Option<Time>,
    /// How it left, once it has.
    farewell: Option<LeaveCause>,
}

impl Actor {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { rooms, limits, max_sessions, media, relays, from_media, to_control, bus, roster, counters } = parts;
        Self {
            rooms: Rooms::new(rooms),
            clock: Clock::start(),
            limits,
            max_sessions,
            media,
            relays,
            from_media,
            to_control,
            bus,
            roster,
            counters,
            seats: HashMap::new(),
            connections: HashMap::new(),
            departed: Departed::default(),
            counter: rand::rng().random_range(0..1 << 40),
            overflowed: Vec::new(),
            over: Vec::new(),
            stopping: false,
            draining: false,
            gone: None,
        }
    }

    pub(super) async fn run(mut self, mut inputs: mpsc::Receiver<Input>) -> Bus {
        loop {
            let pause = match self.rooms.poll_timeout() {
                Some(at) => Duration::from_millis(at.since(self.clock.now())),
                None => IDLE,
            };
            // Fair between media and inputs, so that neither starves the other.
            tokio::select! {
                input = inputs.recv() => match input {
                    Some(Input::End) | None => return self.bus,
                    Some(input) => self.handle_input(input),
                },
                Some(message) = self.from_media.recv() => self.handle_media(message),
                () = sleep(pause) => {}
            }
            self.rooms.handle_timeout(self.clock.now());
            self.settle();
            if self.rooms.member_count() == 0
                && let Some(gone) = self.gone.take()
            {
                // Who waited may have lost patience.
                let _ = gone.send(());
            }
        }
    }

    fn handle_input(&mut self, input: Input) {
        match input {
            Input::Enter(arrival) => self.handle_arrival(*arrival),
            Input::Ask { connection, re, ask } => self.handle_ask(connection, re, ask),
            Input::Gone { connection, ending } => self.handle_gone(connection, ending),
            Input::RemoveUsers { room, users, reply } => {
                let result = self.rooms.handle_remove_users(self.clock.now(), &room, &users);
                self.settle();
                let _ = reply.send(result);
            }
            Input::Dismiss { room, reply } => {
                let result = self.rooms.handle_dismiss(self.clock.now(), &room);
                self.settle();
                let _ = reply.send(result);
            }
            Input::Figures { reply } => {
                let (rooms, members) = (self.rooms.room_count(), self.rooms.member_count());
                let _ = reply.send(Figures { rooms, members, connected: self.connections.len(), is_draining: self.draining });
            }
            Input::Restore { memberships, reply } => {
                let _ = reply.send(self.restore(memberships));
            }
            Input::Drain { within_ms, gone } => {
                self.draining = true;
                self.gone = Some(gone);
                self.rooms.handle_draining(within_ms);
            }
            Input::Stop { reply } => {
                self.stop();
                let _ = reply.send(());
            }
            // Ends the loop that calls this.
            Input::End => {}
        }
    }

    fn handle_arrival(&mut self, arrival: Arrival) {
        if self.stopping {
            return refuse(&arrival.link, arrival.re, refusal::stopping());
        }
        if let Some(token) = &arrival.resume {
            let token = token.clone();
            let seat = self.seats.get(&token.session);
            let seat = seat.filter(|seat| seat.token.is_of(&token) && seat.user == arrival.user);
            if let Some(seat) = seat {
                if seat.room == arrival.room {
                    return self.resume(&arrival, &token);
                }
                // It was moved and has not heard so: what it comes back to is gone, and it is not where it was moved to.
                if arrival.expired.is_none() {
                    let _ = self.rooms.handle_request(self.clock.now(), token.session, RoomRequest::Exit);
                    self.settle();
                }
            }
            // Told to nobody whose UserSig has run out: the word is kept for when he shows a good one.
            if arrival.expired.is_none()
                && let Some(reason) = self.departed.take(self.clock.now(), &token, &arrival.room, &arrival.user)
            {
                return self.tell_departed(&arrival, &token, reason);
            }
        }
        if let Some(expired) = arrival.expired {
            self.counters.hellos_refused.add(1);
            return refuse(&arrival.link, arrival.re, expired);
        }
        self.enter(arrival);
    }

    fn enter(&mut self, arrival: Arrival) {
        if self.seats.len() >= self.max_sessions {
            return refuse(&arrival.link, arrival.re, refusal::too_many_sessions(self.max_sessions));
        }
        let now = self.clock.now();
        let session = self.next_session();
        let token = ResumeToken::new(session);
        let snapshot = match self.rooms.handle_enter(now, arrival.enter(session)) {
            Ok(snapshot) => snapshot,
            Err(error) => return refuse(&arrival.link, arrival.re, error),
        };
        tracing::info!(%session, user = %arrival.user, room = %arrival.room, "entered");
        let told = snapshot.n;
        let welcome = self.welcome(&arrival, &token, false, snapshot);
        let Arrival { re, room, user, link, .. } = arrival;
        // The answer goes first: what is pushed was caused by the entry and counts on from its snapshot.
        // Not before it is written: a client that was let in finds its place again after a crash.
        let sent = link.after(self.rooms.last_fact()).and_then(|()| link.answer(Answer::ok(re, &welcome)));
        if sent.is_err() {
            self.overflowed.push(session);
        }
        self.connections.insert(link.id(), session);
        let seat = Seat { room, user, token: token.hash(), link: Some(link), told, entered: Some(now), farewell: None };
        self.seats.insert(session, seat);
    }

    fn next_session(&mut self) -> SessionId {
        loop {
            let session = SessionId::new(self.counter, self.media.least_loaded_shard());
            self.counter += 1;
            // One of the run before may have the number.
            if !self.seats.contains_key(&session) {
                return session;
            }
        }
    }

    fn resume(&mut self, arrival: &Arrival, token: &ResumeToken) {
        let session = token.session;
        let snapshot = match self.rooms.handle_resume(self.clock.now(), session) {
            Ok(snapshot) => snapshot,
            Err(error) => return refuse(&arrival.link, arrival.re, arrival.expired.clone().unwrap_or(error)),
        };
        let welcome = self.welcome(arrival, token, true, snapshot);
        let Some(seat) = self.seats.get_mut(&session) else { return };
        if let Some(old) = seat.link.take() {
            self.connections.remove(&old.id());
            old.close(REPLACED, "the session goes on on another connection");
        }
        tracing::info!(%session, user = %seat.user, room = %seat.room, "resumed");
        seat.told = welcome.snapshot.n;
        if arrival.link.answer(Answer::ok(arrival.re, &welcome)).is_err() {
            self.overflowed.push(session);
        }
        self.connections.insert(arrival.link.id(), session);
        seat.link = Some(arrival.link.clone());
    }

    /// Somebody was put out while it was away. It is let in to an empty room and told there, as it would have been.
    fn tell_departed(&self, arrival: &Arrival, token: &ResumeToken, reason: RemovalReason) {
        let snapshot = Snapshot {
            n: 0,
            role: Role::default(),
            tracks: Tracks::default(),
            members: Vec::new(),
            slots: Vec::new(),
            encode: Vec::new(),
        };
        let welcome = self.welcome(arrival, token, true, snapshot);
        let removed = PushBody::Removed { reason, exit_reason: reason.exit_reason() };
        let link = &arrival.link;
        let told = link.answer(Answer::ok(arrival.re, &welcome)).and_then(|()| link.push(Push { n: 1, body: removed }));
        match told {
            Ok(()) => link.close(NORMAL, "out of the room"),
            Err(Overflow) => link.cut(),
        }
    }

    fn welcome(&self, arrival: &Arrival, token: &ResumeToken, resumed: bool, snapshot: Snapshot) -> Welcome {
        Welcome {
            protocol: arrival.protocol.min(VERSION),
            engine: env!("CARGO_PKG_VERSION").into(),
            resume: token.to_text(),
            resumed,
            time_ms: crate::clock::wall_ms(),
            limits: self.limits,
            turn: self.relays.of(token.session),
            snapshot,
        }
    }

    fn handle_ask(&mut self, connection: ConnectionId, re: u32, ask: Ask) {
        // A connection that was refused, or whose session went on elsewhere, is not answered any more.
        let Some(session) = self.connections.get(&connection).copied() else { return };
        match ask {
            Ask::Room(request) => {
                let outcome = self.handle_request(session, request);
                // What it caused is told before it is answered.
                self.deliver();
                self.answer(session, outcome.unwrap_or_else(|error| Answer::error(re, error)), re);
            }
            Ask::SwitchRoom { destination, moved } => {
                let outcome = self.switch_room(session, destination);
                // The connection may be gone; then nobody asks where it is.
                let _ = moved.send(outcome.is_ok());
                self.deliver();
                self.answer(session, outcome.unwrap_or_else(|error| Answer::error(re, error)), re);
            }
            Ask::Offer(offer) => self.handle_offer(connection, session, re, offer),
        }
    }

    fn handle_request(&mut self, session: SessionId, request: RoomRequest) -> Result<Answer, Error> {
        let now = self.clock.now();
        let is_snapshot = matches!(request, RoomRequest::Snapshot);
        let reply = self.rooms.handle_request(now, session, request);
        if is_snapshot
            && let Ok(rtc_room::Reply::Snapshot(snapshot)) = &reply
            && let Some(seat) = self.seats.get_mut(&session)
        {
            seat.told = snapshot.n;
        }
        reply.map(|reply| Answer::ok(0, &reply))
    }

    /// The session, its connections and its token go on; what was told of the old room is void.
    fn switch_room(&mut self, session: SessionId, destination: Destination) -> Result<Answer, Error> {
        let room = destination.key.clone();
        let snapshot = self.rooms.handle_switch_room(self.clock.now(), session, destination)?;
        if let Some(seat) = self.seats.get_mut(&session) {
            tracing::info!(%session, user = %seat.user, from = %seat.room, to = %room, "switched room");
            seat.room = room;
            seat.told = snapshot.n;
            if let Some(link) = &seat.link
                && link.after(self.rooms.last_fact()).is_err()
            {
                self.overflowed.push(session);
            }
        }
        Ok(Answer::ok(0, &RoomSwitched { snapshot }))
    }

    fn answer(&mut self, session: SessionId, answer: Answer, re: u32) {
        let answer = Answer { re, ..answer };
        let Some(link) = self.seats.get(&session).and_then(|seat| seat.link.as_ref()) else { return };
        if link.answer(answer).is_err() {
            self.overflowed.push(session);
        }
    }

    fn handle_offer(&mut self, connection: ConnectionId, session: SessionId, re: u32, offer: MediaOffer) {
        if matches!(offer.purpose, OfferPurpose::Enter | OfferPurpose::Replace) {
            self.rooms.handle_media_reset(session);
        }
        tracing::debug!(%session, purpose = ?offer.purpose, bytes = offer.sdp.len(), "offer");
        let to_control = self.to_control.clone();
        self.media.offer(session, offer, move |result| {
            if let Err(error) = &result {
                tracing::debug!(%session, %error, "offer refused");
            }
            let result = result.map_err(|error| refusal::offer(&error));
            let _ = to_control.send(FromMedia::Answered { connection, re, result });
        });
    }

    fn handle_media(&mut self, message: FromMedia) {
        let now = self.clock.now();
        match message {
            FromMedia::Answered { connection, re, result } => {
                let Some(session) = self.connections.get(&connection).copied() else { return };
                let answer = match result {
                    Ok(answer) => Answer::ok(re, &answer),
                    Err(error) => Answer::error(re, error),
                };
                self.answer(session, answer, re);
            }
            FromMedia::Event(MediaEvent::Slots { session, changed }) => self.rooms.handle_slots(now, session, changed),
            FromMedia::Event(MediaEvent::Encode { session, layers }) => self.rooms.handle_encode(now, session, layers),
            FromMedia::Event(MediaEvent::ShardFailed { shard }) => self.handle_shard_failed(shard),
            FromMedia::Event(MediaEvent::Connected { session }) => {
                tracing::debug!(%session, "media flows");
                if let Some(entered) = self.seats.get_mut(&session).and_then(|seat| seat.entered.take()) {
                    self.counters.joins.observe(now.since(entered));
                }
            }
            FromMedia::Event(event) => tracing::debug!(?event, "media"),
        }
    }

    /// The media of these sessions cannot come back. Their clients enter anew and get another shard.
    fn handle_shard_failed(&mut self, shard: u8) {
        let hit: Vec<SessionId> = self.seats.keys().copied().filter(|session| session.shard() == shard).collect();
        tracing::error!(shard, sessions = hit.len(), "a media shard has failed");
        for session in hit {
            if let Some(link) = self.seats.get_mut(&session).and_then(|seat| seat.link.take()) {
                self.connections.remove(&link.id());
                link.close(INTERNAL_ERROR, "the media part of this session has failed; enter again");
            }
            let _ = self.rooms.handle_request(self.clock.now(), session, RoomRequest::Exit);
        }
    }

    fn handle_gone(&mut self, connection: ConnectionId, ending: Ending) {
        let Some(session) = self.connections.remove(&connection) else { return };
        let Some(seat) = self.seats.get_mut(&session) else { return };
        seat.link = None;
        if self.stopping {
            return;
        }
        tracing::info!(%session, user = %seat.user, room = %seat.room, ?ending, "connection ended");
        let now = self.clock.now();
        match ending {
            Ending::Left => drop(self.rooms.handle_request(now, session, RoomRequest::Exit)),
            Ending::Lost => self.rooms.handle_connection_lost(now, session),
        }
    }

    /// Takes the memberships of the run before up again: their members are away, and have as long to come back as anybody.
    /// Gives how many were taken up.
    fn restore(&mut self, before: Vec<KeptMembership>) -> usize {
        let mut memberships = Vec::with_capacity(before.len());
        let mut seats = Vec::with_capacity(before.len());
        for KeptMembership { membership, resume_hash } in before {
            let Some(token) = TokenHash::parse(&resume_hash) else { continue };
            // There may be fewer shards than before.
            if membership.session.shard() >= self.media.shards() {
                continue;
            }
            let (room, user) = (membership.key.clone(), membership.user.clone());
            seats.push((membership.session, Seat { room, user, token, link: None, told: 0, entered: None, farewell: None }));
            memberships.push(membership);
        }
        let restored = self.rooms.handle_restore(self.clock.now(), memberships);
        self.seats.extend(seats.into_iter().filter(|(session, _)| restored.contains(session)));
        self.settle();
        restored.len()
    }

    fn stop(&mut self) {
        self.stopping = true;
        self.rooms.handle_closing(RETRY_AFTER_MS);
        self.deliver();
        for seat in self.seats.values() {
            if let Some(link) = &seat.link {
                link.close(SERVICE_RESTART, "the engine stops");
            }
        }
    }

    /// Delivers everything, and ends what is over.
    fn settle(&mut self) {
        self.deliver();
        for session in std::mem::take(&mut self.over) {
            self.end(session);
        }
    }

    /// Carries out what rooms want done. Connections that are to be closed stay open for the answer that may follow.
    fn deliver(&mut self) {
        loop {
            while let Some(output) = self.rooms.poll_output() {
                match output {
                    Output::Push { session, push } => self.push(session, push),
                    Output::Close { session } => self.over.push(session),
                    Output::Media(command) => self.media.command(media::command(command)),
                    Output::Fact(fact) => {
                        self.note(&fact.body);
                        self.bus.publish(fact);
                    }
                }
            }
            let overflowed = std::mem::take(&mut self.overflowed);
            if overflowed.is_empty() {
                return;
            }
            for session in overflowed {
                let Some(seat) = self.seats.get_mut(&session) else { continue };
                let Some(link) = seat.link.take() else { continue };
                tracing::warn!(%session, user = %seat.user, room = %seat.room, "the client does not read; its connection is dropped");
                self.counters.overflows.add(1);
                self.connections.remove(&link.id());
                link.cut();
                self.rooms.handle_connection_lost(self.clock.now(), session);
            }
        }
    }

    fn push(&mut self, session: SessionId, push: Push) {
        let Some(seat) = self.seats.get(&session) else { return };
        let Some(link) = &seat.link else { return };
        // It is in the snapshot already.
        if push.n <= seat.told {
            return;
        }
        if link.push(push).is_err() {
            self.overflowed.push(session);
        }
    }

    /// Remembers what a fact means for a session, before any reader hears of it.
    fn note(&mut self, fact: &FactBody) {
        if let Some(session) = fact.changed_membership()
            && let Some(membership) = self.rooms.membership(session)
            && let Some(seat) = self.seats.get(&session)
        {
            self.roster.insert(KeptMembership { membership, resume_hash: seat.token.to_text() });
        }
        match fact {
            FactBody::MemberLeft { session, user, cause, .. } => {
                tracing::info!(%session, %user, ?cause, "left");
                if let Some(seat) = self.seats.get_mut(session) {
                    seat.farewell = Some(*cause);
                }
            }
            // It left a room for this one.
            FactBody::MemberEntered { session, .. } => {
                if let Some(seat) = self.seats.get_mut(session) {
                    seat.farewell = None;
                }
            }
            _ => {}
        }
    }

    /// A session is over: its connection is closed, or what it could not be told is kept for its return.
    fn end(&mut self, session: SessionId) {
        self.roster.remove(session);
        let Some(Seat { room, user, token, link, farewell, .. }) = self.seats.remove(&session) else { return };
        match link {
            Some(link) => {
                self.connections.remove(&link.id());
                link.close(NORMAL, "out of the room");
            }
            None => {
                if let Some(reason) = farewell.and_then(departed::reason) {
                    let at = self.clock.now();
                    self.departed.remember(session, Departure { room, user, token, reason, at });
                }
            }
        }
    }
}

fn refuse(link: &Link, re: u32, error: Error) {
    match link.answer(Answer::error(re, error)) {
        Ok(()) => link.close(POLICY, "refused"),
        Err(Overflow) => link.cut(),
    }
}
