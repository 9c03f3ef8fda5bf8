//! Every room of an engine, and the way from a session to its room.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{EncodeLayers, Error, ErrorCode, Occupant, RoomKey, SessionId, Snapshot, UserId};

use crate::link::Links;
use crate::output::Outbox;
use crate::room::{Room, Turn, not_in_room};
use crate::timers::{Timer, Timers};
use crate::{
    Destination, Enter, FactBody, Membership, Output, Permissions, Reply, RoomConfig, RoomMissing, RoomRequest, Time,
    restoration,
};

/// All rooms. The [crate] tells how it is driven.
#[derive(Debug)]
pub struct Rooms {
    config: RoomConfig,
    rooms: BTreeMap<RoomKey, Room>,
    directory: BTreeMap<SessionId, RoomKey>,
    links: Links,
    timers: Timers,
    outbox: Outbox,
    /// Nobody is taken in any more.
    draining: bool,
}

impl Rooms {
    /// No rooms yet.
    pub fn new(config: RoomConfig) -> Self {
        let outbox = Outbox::new(config.first_fact);
        Self {
            config,
            rooms: BTreeMap::new(),
            directory: BTreeMap::new(),
            links: Links::default(),
            timers: Timers::default(),
            outbox,
            draining: false,
        }
    }

    /// A user enters a room. The answer holds what it may see; its pushes are numbered from 1.
    ///
    /// An earlier session of the same user in this room is put out; in other rooms the user may be as well.
    pub fn handle_enter(&mut self, now: Time, enter: Enter) -> Result<Snapshot, Error> {
        self.handle_timeout(now);
        enter.check()?;
        if self.directory.contains_key(&enter.session) {
            return Err(Error::new(ErrorCode::Internal, "the session id has been used before"));
        }
        let key = enter.key.clone();
        match self.rooms.get(&key) {
            Some(room) if self.draining && !room.has(&enter.user) => return Err(draining()),
            Some(room) => room.admit(&enter, &self.config)?,
            None => self.create(now, &enter)?,
        }
        self.with_room(now, &key, |room, turn| room.enter(turn, enter)).ok_or_else(not_in_room)?
    }

    /// A member leaves its room for another one, with its session and everything it publishes. The others in the old room are
    /// told that it has left by itself, those in the new one that it has entered and publishes. The answer holds what it may
    /// see in the new room; pushes are counted on. What it viewed has ended, whom it wants to hear has not.
    ///
    /// Refused, everything is as it was: with `InvalidParameter` for the room it is in, and otherwise as an entry would be.
    pub fn handle_switch_room(&mut self, now: Time, session: SessionId, destination: Destination) -> Result<Snapshot, Error> {
        self.handle_timeout(now);
        let Destination { key, permissions } = destination;
        let from = self.directory.get(&session).ok_or_else(not_in_room)?.clone();
        if from == key {
            return Err(Error::new(ErrorCode::InvalidParameter, "room: is the one the member is in already"));
        }
        let mover = self.rooms.get(&from).and_then(|room| room.mover(session, &key, permissions)).ok_or_else(not_in_room)?;
        mover.enter.check()?;
        self.with_member(now, session, |room, turn, session| room.pay_announcement(turn, session))
            .ok_or_else(not_in_room)??;
        match self.rooms.get(&key) {
            Some(room) => room.admit_mover(&mover, &self.config)?,
            None => self.create(now, &mover.enter)?,
        }
        let moving = self.with_room(now, &from, |room, turn| room.depart(turn, session)).flatten().ok_or_else(not_in_room)?;
        self.with_room(now, &key, |room, turn| room.arrive(turn, moving, permissions)).ok_or_else(not_in_room)?
    }

    /// A member is back on a new connection, whether or not the loss of the old one has been noticed. Refused with
    /// `NotInRoom` when it has been evicted.
    pub fn handle_resume(&mut self, now: Time, session: SessionId) -> Result<Snapshot, Error> {
        self.handle_timeout(now);
        self.with_member(now, session, Room::resume).ok_or_else(not_in_room)?
    }

    /// Takes up the memberships of a run that ended without its rooms having ended: after a crash, or a stop whose members
    /// are waited for. To be called before anybody enters.
    ///
    /// All are away from `now` on, nobody is told anything, and whoever resumes finds the room as it was: permissions,
    /// tracks, views and whom it hears. Slots, pushes and custom messages are counted anew. The media engine and the
    /// record, which know nothing yet, are told everything. Limits of number are not applied, because all were admitted.
    ///
    /// Tells which sessions live on. The others were no longer valid and are to be forgotten, untold.
    pub fn handle_restore(&mut self, now: Time, memberships: Vec<Membership>) -> BTreeSet<SessionId> {
        let mut by_room: BTreeMap<RoomKey, Vec<Membership>> = BTreeMap::new();
        for membership in restoration::latest(memberships) {
            if !self.directory.contains_key(&membership.session) {
                by_room.entry(membership.key.clone()).or_default().push(membership);
            }
        }
        let mut restored = BTreeSet::new();
        for (key, memberships) in by_room {
            if let (None, Some(first)) = (self.rooms.get(&key), memberships.first()) {
                self.rooms.insert(key.clone(), Room::new(key.clone(), first.scene));
                self.outbox.fact(now, &key, FactBody::RoomRestored { scene: first.scene });
            }
            restored.extend(self.with_room(now, &key, |room, turn| room.restore(turn, memberships)).unwrap_or_default());
        }
        restored
    }

    /// A member asks something. Deliver the outputs before the answer: the others are told of an exit before it is answered.
    pub fn handle_request(&mut self, now: Time, session: SessionId, request: RoomRequest) -> Result<Reply, Error> {
        self.with_member(now, session, |room, turn, session| room.request(turn, session, request)).ok_or_else(not_in_room)?
    }

    /// A member's connection is lost. It keeps its place, the others are told nothing, and it is evicted unless it
    /// resumes in time. A client that leaves properly sends [`RoomRequest::Exit`] or closes its connection cleanly, which
    /// is to be handed in as such.
    pub fn handle_connection_lost(&mut self, now: Time, session: SessionId) {
        self.with_member(now, session, Room::connection_lost);
    }

    /// Media says who is in those of a session's slots that changed, by mid.
    pub fn handle_slots(&mut self, now: Time, session: SessionId, changed: Vec<(String, Option<Occupant>)>) {
        self.with_member(now, session, |room, turn, session| room.slots(turn, session, changed));
    }

    /// Media says which layers of one of its tracks a session should encode now.
    pub fn handle_encode(&mut self, now: Time, session: SessionId, layers: EncodeLayers) {
        self.with_member(now, session, |room, turn, session| room.encode(turn, session, layers));
    }

    /// A session has a new peer connection: what was said of its slots and layers holds no longer. It knows.
    pub fn handle_media_reset(&mut self, session: SessionId) {
        // Nothing that depends on time is touched.
        self.with_member(Time::default(), session, |room, _, session| room.media_reset(session));
    }

    /// The server removes users from a room. Users that are not in it are passed over.
    pub fn handle_remove_users(&mut self, now: Time, key: &RoomKey, users: &[UserId]) -> Result<(), RoomMissing> {
        self.with_room(now, key, |room, turn| room.remove_users(turn, users)).ok_or(RoomMissing)
    }

    /// The server dismisses a room. Its id is free at once.
    pub fn handle_dismiss(&mut self, now: Time, key: &RoomKey) -> Result<(), RoomMissing> {
        self.with_room(now, key, Room::dismiss).ok_or(RoomMissing)
    }

    /// The engine is to stop when its last member is gone, in so many milliseconds at the latest: from now on nobody enters, and no
    /// room comes to be. Who is here stays, may come back, take its own place again, and go to another room that there is.
    /// Everybody is told.
    pub fn handle_draining(&mut self, within_ms: u32) {
        self.draining = true;
        for room in self.rooms.values_mut() {
            room.draining(&mut self.outbox, within_ms);
        }
    }

    /// The engine is about to stop: everybody is told, and when to try again, in milliseconds.
    pub fn handle_closing(&mut self, retry_after_ms: u32) {
        for room in self.rooms.values_mut() {
            room.closing(&mut self.outbox, retry_after_ms);
        }
    }

    /// Does what was due by `now`.
    pub fn handle_timeout(&mut self, now: Time) {
        while let Some(timer) = self.timers.pop_due(now) {
            match timer {
                Timer::Evict(session) => drop(self.with_member(now, session, Room::evict)),
                Timer::EndRoom(key) => drop(self.with_room(now, &key, Room::kept_in_vain)),
                Timer::TellQuality(key) => drop(self.with_room(now, &key, Room::tell_qualities)),
            }
        }
    }

    /// When [`Rooms::handle_timeout`] has something to do next.
    pub fn poll_timeout(&self) -> Option<Time> {
        self.timers.next()
    }

    /// The next thing to be done.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.poll()
    }

    /// What a member may see now, for whoever looks on. A member that asks for itself sends [`RoomRequest::Snapshot`].
    pub fn snapshot(&self, session: SessionId) -> Option<Snapshot> {
        self.rooms.get(self.directory.get(&session)?)?.snapshot(session).ok()
    }

    /// What is to be kept of a member, so that a crash does not end its membership; nothing once it has left. It may be
    /// another one after each fact of which [`FactBody::changed_membership`] says so.
    pub fn membership(&self, session: SessionId) -> Option<Membership> {
        self.rooms.get(self.directory.get(&session)?)?.membership(session)
    }

    /// The number of the last fact there is, also when it has not been polled yet.
    pub fn last_fact(&self) -> u64 {
        self.outbox.last_fact()
    }

    /// Rooms there are, those without members that are still kept included.
    pub fn room_count(&self) -> usize {
        self.rooms.len()
    }

    /// Members there are in all rooms, those away included.
    pub fn member_count(&self) -> usize {
        self.directory.len()
    }

    fn create(&mut self, now: Time, enter: &Enter) -> Result<(), Error> {
        if self.draining {
            return Err(draining());
        }
        if !enter.permissions.allow(Permissions::CREATE) {
            return Err(Error::new(
                ErrorCode::NoPermissionToCreate,
                "privateMapKey: does not allow to create this room, and nobody is in it yet",
            ));
        }
        if self.rooms.len() >= self.config.rooms {
            return Err(Error::new(ErrorCode::Overloaded, "the engine has all the rooms it may have; try again later"));
        }
        self.rooms.insert(enter.key.clone(), Room::new(enter.key.clone(), enter.scene));
        let created = FactBody::RoomCreated { user: enter.user.clone(), scene: enter.scene };
        self.outbox.fact(now, &enter.key, created);
        Ok(())
    }

    fn with_member<T>(
        &mut self,
        now: Time,
        session: SessionId,
        act: impl FnOnce(&mut Room, &mut Turn<'_>, SessionId) -> T,
    ) -> Option<T> {
        let key = self.directory.get(&session)?.clone();
        self.with_room(now, &key, |room, turn| act(room, turn, session))
    }

    fn with_room<T>(&mut self, now: Time, key: &RoomKey, act: impl FnOnce(&mut Room, &mut Turn<'_>) -> T) -> Option<T> {
        let Self { config, rooms, directory, links, timers, outbox, .. } = self;
        Turn { now, config, outbox, timers, directory, rooms, links }.in_room(key, act)
    }
}

fn draining() -> Error {
    Error::new(
        ErrorCode::Overloaded,
        "the engine is about to stop and takes nobody in any more; enter on another one, or again later",
    )
}
