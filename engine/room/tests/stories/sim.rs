//! The stage: an engine's rooms, members by name, a clock that is moved by hand. Whatever comes out is checked by a client
//! replica for each session and by the two books, and written down in short words for the stories to compare.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{
    CustomMessage, Error, ErrorCode, ForwardMode, Layer, Listen, MemberKind, Publish, PushBody, Report, Role, RoomId, RoomKey,
    Scene, SdkAppId, SdkInfo, SessionId, Snapshot, Stream, Track, TrackRef, TrackState, Tracks, Unview, UserId, View,
};
use rtc_room::{
    Destination, Enter, Fact, FactBody, MediaCommand, Membership, Output, Permissions, Reply, RoomConfig, RoomRequest, Rooms,
    Time,
};

use crate::books::{FactBooks, MediaBooks};
use crate::replica::Replica;

pub(crate) use rtc_protocol::Track::{Camera, Microphone, Screen};
pub(crate) use rtc_protocol::TrackState::{Muted, Off, On};

/// Above this many members, replicas are not compared with snapshots after every step.
const COMPARED: usize = 20;

pub(crate) struct Sim {
    pub(crate) rooms: Rooms,
    pub(crate) now: Time,
    pub(crate) scene: Scene,
    pub(crate) media_books: MediaBooks,
    pub(crate) fact_books: FactBooks,
    /// What a store that listens to facts has written down.
    pub(crate) kept: BTreeMap<SessionId, Membership>,
    config: RoomConfig,
    sessions: BTreeMap<String, SessionId>,
    names: BTreeMap<SessionId, String>,
    replicas: BTreeMap<SessionId, Replica>,
    /// The last push each mover knows of from the snapshot of its new room; it is not sent what it knows.
    included: BTreeMap<SessionId, u64>,
    away: BTreeSet<SessionId>,
    closed: BTreeSet<SessionId>,
    told: BTreeMap<String, Vec<String>>,
    media: Vec<String>,
    facts: Vec<Fact>,
    log: Vec<String>,
}

/// Making a stage.
impl Sim {
    pub(crate) fn call() -> Self {
        Self::new(Scene::VideoCall, RoomConfig::default())
    }

    pub(crate) fn live() -> Self {
        Self::new(Scene::Live, RoomConfig::default())
    }

    pub(crate) fn new(scene: Scene, config: RoomConfig) -> Self {
        Self {
            rooms: Rooms::new(config.clone()),
            now: Time(1_790_000_000_000),
            scene,
            media_books: MediaBooks::default(),
            fact_books: FactBooks::default(),
            kept: BTreeMap::new(),
            config,
            sessions: BTreeMap::new(),
            names: BTreeMap::new(),
            replicas: BTreeMap::new(),
            included: BTreeMap::new(),
            away: BTreeSet::new(),
            closed: BTreeSet::new(),
            told: BTreeMap::new(),
            media: Vec::new(),
            facts: Vec::new(),
            log: Vec::new(),
        }
    }
}

/// What members do. A name is a user; apostrophes behind it tell further sessions of the same user apart: `ann`, `ann'`.
impl Sim {
    pub(crate) fn enter(&mut self, name: &str) -> Snapshot {
        self.try_enter(name, |_| {}).unwrap_or_else(|error| panic!("{name} may not enter: {error}"))
    }

    pub(crate) fn watch(&mut self, name: &str) -> Snapshot {
        self.try_enter(name, |enter| enter.role = Role::Audience)
            .unwrap_or_else(|error| panic!("{name} may not watch: {error}"))
    }

    pub(crate) fn try_enter(&mut self, name: &str, change: impl FnOnce(&mut Enter)) -> Result<Snapshot, Error> {
        let session = SessionId::new(self.names.len() as u64 + 1, (self.names.len() % 2) as u8);
        let mut enter = Enter {
            session,
            key: room(7),
            user: user(name),
            scene: self.scene,
            role: Role::Anchor,
            kind: MemberKind::Person,
            permissions: Permissions::ALL,
            auto_receive_audio: true,
            sdk: SdkInfo { name: "web".into(), version: "0.1.0".into(), platform: "Chromium 140".into() },
            address: "192.0.2.7".into(),
            record_id: None,
        };
        change(&mut enter);
        self.names.insert(session, name.into());
        self.sessions.insert(name.into(), session);
        let user = enter.user.clone();
        let result = self.rooms.handle_enter(self.now, enter);
        if let Ok(snapshot) = &result {
            self.replicas.insert(session, Replica::new(user, snapshot));
        }
        self.settle();
        result
    }

    pub(crate) fn ask(&mut self, name: &str, request: RoomRequest) -> Result<Reply, Error> {
        let result = self.rooms.handle_request(self.now, self.session(name), request);
        self.settle();
        result
    }

    /// Asks what must be granted.
    pub(crate) fn must(&mut self, name: &str, request: RoomRequest) {
        let what = format!("{request:?}");
        self.ask(name, request).unwrap_or_else(|error| panic!("{name}: {what}: {error}"));
    }

    /// Asks what must be refused, without any effect.
    pub(crate) fn refused(&mut self, name: &str, request: RoomRequest) -> ErrorCode {
        let before = self.log.len();
        let what = format!("{request:?}");
        let error = self.ask(name, request).expect_err(&what);
        assert_eq!(self.log[before..], [] as [String; 0], "{what} was refused and had an effect");
        error.name
    }

    pub(crate) fn publish(&mut self, name: &str, track: Track, state: TrackState) {
        self.must(name, publish(track, state));
    }

    pub(crate) fn view(&mut self, name: &str, whom: &str, stream: Stream) {
        self.must(name, view(whom, stream, Layer::Big));
    }

    pub(crate) fn exit(&mut self, name: &str) {
        self.must(name, RoomRequest::Exit);
    }

    pub(crate) fn switch(&mut self, name: &str, role: Role) {
        self.must(name, RoomRequest::SwitchRole { role, permissions: None });
    }

    pub(crate) fn switch_room(&mut self, name: &str, number: u64) -> Result<Snapshot, Error> {
        self.switch_room_with(name, number, Permissions::ALL)
    }

    pub(crate) fn switch_room_with(&mut self, name: &str, number: u64, permissions: Permissions) -> Result<Snapshot, Error> {
        let session = self.session(name);
        let destination = Destination { key: room(number), permissions };
        let result = self.rooms.handle_switch_room(self.now, session, destination);
        if let Ok(snapshot) = &result {
            self.included.insert(session, snapshot.n);
            self.replicas.insert(session, Replica::new(user(name), snapshot));
        }
        self.settle();
        result
    }

    pub(crate) fn lose(&mut self, name: &str) {
        let session = self.session(name);
        self.away.insert(session);
        self.rooms.handle_connection_lost(self.now, session);
        self.settle();
    }

    pub(crate) fn resume(&mut self, name: &str) -> Result<Snapshot, Error> {
        let session = self.session(name);
        let result = self.rooms.handle_resume(self.now, session);
        if let Ok(snapshot) = &result {
            self.away.remove(&session);
            self.replicas.insert(session, Replica::new(user(name), snapshot));
        }
        self.settle();
        result
    }
}

/// What happens to members.
impl Sim {
    /// Lets time pass, timer by timer.
    pub(crate) fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(at) = self.rooms.poll_timeout().filter(|at| *at <= until) {
            assert!(at >= self.now, "a timer was forgotten");
            self.now = at;
            self.rooms.handle_timeout(at);
            self.settle();
        }
        self.now = until;
    }

    pub(crate) fn remove(&mut self, names: &[&str]) {
        let users: Vec<UserId> = names.iter().map(|name| user(name)).collect();
        self.rooms.handle_remove_users(self.now, &room(7), &users).expect("the room is there");
        self.settle();
    }

    pub(crate) fn dismiss(&mut self) {
        self.rooms.handle_dismiss(self.now, &room(7)).expect("the room is there");
        self.settle();
    }

    pub(crate) fn slots(&mut self, name: &str, changed: &[(&str, Option<(&str, Track)>)]) {
        let source = |(publisher, track): (&str, Track)| TrackRef { publisher: self.session(publisher), track };
        let changed = changed.iter().map(|(mid, bound)| ((*mid).into(), bound.map(|bound| source(bound).into()))).collect();
        self.rooms.handle_slots(self.now, self.session(name), changed);
        self.settle();
    }

    /// The media engine holds back, or holds back no more, what is in a slot.
    pub(crate) fn pause(&mut self, name: &str, mid: &str, (publisher, track): (&str, Track), paused: bool) {
        let track = TrackRef { publisher: self.session(publisher), track };
        let changed = vec![(mid.into(), Some(rtc_protocol::Occupant { track, paused }))];
        self.rooms.handle_slots(self.now, self.session(name), changed);
        self.settle();
    }

    pub(crate) fn encode(&mut self, name: &str, track: Track, big: bool, small: bool) {
        self.rooms.handle_encode(self.now, self.session(name), rtc_protocol::EncodeLayers { track, big, small });
        self.settle();
    }

    pub(crate) fn media_reset(&mut self, name: &str) {
        let session = self.session(name);
        self.rooms.handle_media_reset(session);
        if let Some(replica) = self.replicas.get_mut(&session) {
            replica.media_reset();
        }
        self.settle();
    }

    /// The engine dies and is started again, with media and a record that know nothing.
    pub(crate) fn crash(&mut self) -> Vec<SessionId> {
        self.rooms = Rooms::new(RoomConfig { first_fact: self.fact_books.last + 1, ..self.config.clone() });
        self.media_books = MediaBooks::default();
        self.fact_books = FactBooks::after(self.fact_books.last);
        // In no particular order.
        let memberships = self.kept.values().rev().cloned().collect();
        let restored = self.rooms.handle_restore(self.now, memberships);
        self.kept.retain(|session, _| restored.contains(session));
        self.away = self.kept.keys().copied().collect();
        self.replicas.retain(|session, _| restored.contains(session));
        self.included.clear();
        self.settle();
        restored.into_iter().collect()
    }

    pub(crate) fn draining(&mut self, within_ms: u32) {
        self.rooms.handle_draining(within_ms);
        self.settle();
    }

    pub(crate) fn closing(&mut self, retry_after_ms: u32) {
        self.rooms.handle_closing(retry_after_ms);
        self.settle();
    }
}

/// What came of it.
impl Sim {
    /// Everything a member was told since the last time it was asked about, in order.
    #[track_caller]
    pub(crate) fn expect(&mut self, name: &str, told: &[&str]) {
        assert_eq!(self.told.remove(name).unwrap_or_default(), told, "what {name} was told");
    }

    /// How much a member was told since the last time it was asked about.
    pub(crate) fn told_of(&self, name: &str) -> usize {
        self.told.get(name).map_or(0, Vec::len)
    }

    /// Nobody was told anything else.
    #[track_caller]
    pub(crate) fn expect_silence(&self) {
        assert_eq!(self.told, BTreeMap::new(), "what was told besides");
    }

    /// Every command to the media engine since the last time.
    #[track_caller]
    pub(crate) fn expect_media(&mut self, commands: &[&str]) {
        assert_eq!(std::mem::take(&mut self.media), commands, "what media was told");
    }

    /// Everything that came out since the last time, in order.
    #[track_caller]
    pub(crate) fn expect_outputs(&mut self, outputs: &[&str]) {
        assert_eq!(std::mem::take(&mut self.log), outputs, "what came out");
    }

    /// The facts since the last time.
    pub(crate) fn facts(&mut self) -> Vec<FactBody> {
        std::mem::take(&mut self.facts).into_iter().map(|fact| fact.body).collect()
    }

    /// Forgets what was told up to now.
    pub(crate) fn forget(&mut self) {
        self.told.clear();
        self.media.clear();
        self.facts.clear();
        self.log.clear();
    }

    /// The latest session of a name.
    pub(crate) fn session(&self, name: &str) -> SessionId {
        *self.sessions.get(name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    pub(crate) fn is_closed(&self, name: &str) -> bool {
        self.closed.contains(&self.session(name))
    }

    pub(crate) fn snapshot(&self, name: &str) -> Snapshot {
        self.rooms.snapshot(self.session(name)).unwrap_or_else(|| panic!("{name} is in no room"))
    }

    /// Whom a member sees, with what they publish.
    pub(crate) fn seen_by(&self, name: &str) -> Vec<String> {
        self.snapshot(name).members.iter().map(|view| format!("{}: {}", view.user_id, tracks(&view.tracks))).collect()
    }

    /// Takes and checks what came out.
    pub(crate) fn settle(&mut self) {
        while let Some(output) = self.rooms.poll_output() {
            if let Output::Push { session, push } = &output
                && self.included.get(session).is_some_and(|n| push.n <= *n)
            {
                continue;
            }
            let line = match &output {
                Output::Push { session, push } => {
                    assert!(!self.closed.contains(session), "{} is told {push:?} after it closed", self.names[session]);
                    assert!(!self.away.contains(session), "{} is away and told {push:?}", self.names[session]);
                    self.replicas.get_mut(session).expect("only members are told anything").apply(push);
                    let name = self.names[session].clone();
                    let words = words(&push.body);
                    let line = format!("{name} < {words}");
                    self.told.entry(name).or_default().push(words);
                    line
                }
                Output::Close { session } => {
                    assert!(self.closed.insert(*session), "{} closes twice", self.names[session]);
                    let name = self.names[session].clone();
                    let line = format!("{name} < closed");
                    self.told.entry(name).or_default().push("closed".into());
                    line
                }
                Output::Media(command) => {
                    self.media_books.apply(command);
                    let words = self.command(command);
                    self.media.push(words.clone());
                    format!("media: {words}")
                }
                Output::Fact(fact) => {
                    if let Some(session) = fact.body.changed_membership() {
                        match self.rooms.membership(session) {
                            Some(membership) => drop(self.kept.insert(session, membership)),
                            None => drop(self.kept.remove(&session)),
                        }
                    }
                    assert_eq!(fact.at, self.now);
                    self.fact_books.apply(fact);
                    self.facts.push(fact.clone());
                    format!("fact: {}", fact_words(&fact.body))
                }
            };
            self.log.push(line);
        }
        if self.rooms.member_count() <= COMPARED {
            self.compare();
        }
    }

    /// What a client was told is what a fresh snapshot shows; and the two books agree.
    fn compare(&self) {
        assert_eq!(self.kept.len(), self.rooms.member_count());
        for (session, membership) in &self.kept {
            assert_eq!(self.rooms.membership(*session).as_ref(), Some(membership), "what is kept is not what there is");
        }
        for (session, replica) in &self.replicas {
            let name = &self.names[session];
            let snapshot = self.rooms.snapshot(*session);
            assert_eq!(snapshot.is_none(), self.closed.contains(session), "{name} is in a room, or its session is closed");
            assert!(!replica.removed || snapshot.is_none(), "{name} was told to be out and is not");
            if let Some(snapshot) = snapshot.filter(|_| !self.away.contains(session)) {
                assert_eq!(*replica, Replica::new(user(name), &snapshot), "what {name} was told is not what there is");
            }
        }
        assert_eq!(self.media_books.views, self.fact_books.views);
        let published = self.media_books.published.iter().map(|(source, (state, _))| (*source, *state)).collect();
        assert_eq!(self.fact_books.published, published);
        assert_eq!(self.fact_books.members.len(), self.rooms.member_count());
        assert_eq!(self.fact_books.rooms.len(), self.rooms.room_count());
    }

    fn command(&self, command: &MediaCommand) -> String {
        let name = |session: &SessionId| &self.names[session];
        match command {
            MediaCommand::Publish { source, state, small } => {
                let small = if *small { " with small" } else { "" };
                format!("{} publishes {:?} {state:?}{small}", name(&source.publisher), source.track)
            }
            MediaCommand::View { viewer, source, layer } => {
                format!("{} views {} {:?} {layer:?}", name(viewer), name(&source.publisher), source.track)
            }
            MediaCommand::Unview { viewer, source } => {
                format!("{} unviews {} {:?}", name(viewer), name(&source.publisher), source.track)
            }
            MediaCommand::Hear { viewer, source } => format!("{} hears {}", name(viewer), name(&source.publisher)),
            MediaCommand::Unhear { viewer, source } => format!("{} unhears {}", name(viewer), name(&source.publisher)),
            MediaCommand::Qos { session, qos } => format!("{} prefers {:?}", name(session), qos.preference),
            MediaCommand::Close { session } => format!("{} closes", name(session)),
        }
    }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(name.trim_end_matches('\'')).expect("names are user ids")
}

pub(crate) fn room(number: u64) -> RoomKey {
    RoomKey { app: SdkAppId(1_400_000_001), room: RoomId::number(number).expect("numbers in stories are in range") }
}

pub(crate) fn publish(track: Track, state: TrackState) -> RoomRequest {
    RoomRequest::Publish(Publish { track, state, small: false, codec: None })
}

pub(crate) fn view(whom: &str, stream: Stream, layer: Layer) -> RoomRequest {
    RoomRequest::View(View { user_id: user(whom), stream, layer })
}

pub(crate) fn unview(whom: &str, stream: Stream) -> RoomRequest {
    RoomRequest::Unview(Unview { user_id: user(whom), stream })
}

pub(crate) fn listen(whom: Option<&str>, on: bool) -> RoomRequest {
    RoomRequest::Listen(Listen { user_id: whom.map(user), on })
}

pub(crate) fn switch(role: Role, permissions: Permissions) -> RoomRequest {
    RoomRequest::SwitchRole { role, permissions: Some(permissions) }
}

pub(crate) fn connect(number: u64, whom: &str) -> RoomRequest {
    RoomRequest::ConnectRoom { key: room(number), user: user(whom) }
}

pub(crate) fn hold_back(number: u64, whom: &str, mode: ForwardMode) -> RoomRequest {
    RoomRequest::UpdateForwardMode { key: room(number), user: user(whom), mode }
}

pub(crate) fn message(cmd_id: u8, data: &str) -> RoomRequest {
    RoomRequest::Message(CustomMessage { cmd_id, data: data.into() })
}

pub(crate) fn report(uplink_quality: u8) -> RoomRequest {
    RoomRequest::Report(Box::new(Report { uplink_quality, ..Report::default() }))
}

fn words(body: &PushBody) -> String {
    match body {
        PushBody::MemberEntered(view) => format!("{} entered", view.user_id),
        PushBody::MemberLeft { user_id, reason } => format!("{user_id} left: {reason:?}"),
        PushBody::TracksChanged { user_id, tracks: now } => format!("{user_id} publishes {}", tracks(now)),
        PushBody::Slots { slots } => {
            let slots: Vec<String> = slots
                .iter()
                .map(|slot| match &slot.source {
                    Some(source) => {
                        let paused = if slot.paused { " paused" } else { "" };
                        format!("{}={} {:?}{paused}", slot.mid, source.user_id, source.track)
                    }
                    None => format!("{}=", slot.mid),
                })
                .collect();
            format!("slots {}", slots.join(", "))
        }
        PushBody::Encode(layers) => format!("encode {:?} big {} small {}", layers.track, layers.big, layers.small),
        PushBody::Message { user_id, cmd_id, seq, data } => format!("{user_id} says {cmd_id}/{seq} {data}"),
        PushBody::Quality { members } => {
            let members: Vec<String> = members.iter().map(|member| format!("{}={}", member.user_id, member.quality)).collect();
            format!("quality {}", members.join(", "))
        }
        PushBody::Removed { reason, exit_reason } => format!("removed: {reason:?}, exit {}", u8::from(*exit_reason)),
        PushBody::Draining { within_ms } => format!("draining, {within_ms} ms"),
        PushBody::Closing { retry_after_ms } => format!("closing, {retry_after_ms} ms"),
        other => format!("{other:?}"),
    }
}

fn tracks(tracks: &Tracks) -> String {
    let named = [("microphone", tracks.microphone), ("camera", tracks.camera), ("screen", tracks.screen)];
    let mut published: Vec<String> = named
        .into_iter()
        .filter(|(_, state)| *state != Off)
        .map(|(name, state)| if state == Muted { format!("{name} (muted)") } else { name.to_owned() })
        .collect();
    if tracks.small {
        published.push("small".into());
    }
    if published.is_empty() { "nothing".into() } else { published.join(" + ") }
}

fn fact_words(body: &FactBody) -> String {
    match body {
        FactBody::RoomCreated { .. } => "room created".into(),
        FactBody::RoomEnded { cause } => format!("room ended: {cause:?}"),
        FactBody::SessionInfo { user, .. } => format!("session of {user}"),
        FactBody::MemberEntered { user, .. } => format!("{user} entered"),
        FactBody::MemberLeft { user, cause, .. } => format!("{user} left: {cause:?}"),
        FactBody::LinkStarted { user, home, .. } => format!("{user} of {} linked", home.room),
        FactBody::LinkEnded { user, .. } => format!("{user} not linked"),
        FactBody::StreamStarted { user, track, .. } => format!("{user} started {track:?}"),
        FactBody::StreamStopped { user, track, .. } => format!("{user} stopped {track:?}"),
        FactBody::Subscribed { viewer_user, publisher_user, track, .. } => {
            format!("{viewer_user} subscribed to {publisher_user} {track:?}")
        }
        FactBody::Unsubscribed { viewer_user, publisher_user, track, .. } => {
            format!("{viewer_user} unsubscribed from {publisher_user} {track:?}")
        }
        other => format!("{other:?}"),
    }
}
