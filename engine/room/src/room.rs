//! One room: who is in it, who sees whom, and how its members are told.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use rtc_protocol::{
    EncodeLayers, Error, ErrorCode, LeaveReason, Occupant, PushBody, Qos, RoomKey, Scene, SceneClass, SessionId, SlotBinding,
    SlotSource, Snapshot, TrackRef, UserId,
};

use crate::link::Links;
use crate::member::Member;
use crate::output::Outbox;
use crate::pace::{ANNOUNCED_MS, QUIET_MS};
use crate::quality::QualityBoard;
use crate::timers::Timers;
use crate::{FactBody, MediaCommand, Reply, RoomConfig, RoomRequest, Time};

#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) key: RoomKey,
    /// The scene of whoever entered first.
    pub(crate) scene: Scene,
    /// By session, which is the order they entered in but for those who came from other rooms.
    pub(crate) members: BTreeMap<SessionId, Member>,
    /// The session of each user: never more than one.
    pub(crate) users: BTreeMap<UserId, SessionId>,
    /// Those who are announced: everybody in call scenes.
    pub(crate) anchors: BTreeSet<SessionId>,
    /// Those of the anchors who are at home in other rooms. Each is linked with a member who is at home here.
    pub(crate) linked: BTreeSet<SessionId>,
    pub(crate) quality: QualityBoard,
    /// Set while the room has no members but is kept.
    pub(crate) kept_until: Option<Time>,
    /// Set when it has ended and is to be dropped.
    pub(crate) over: bool,
}

/// What a room may touch besides itself while it handles one input.
pub(crate) struct Turn<'a> {
    pub(crate) now: Time,
    pub(crate) config: &'a RoomConfig,
    pub(crate) outbox: &'a mut Outbox,
    pub(crate) timers: &'a mut Timers,
    /// The room of each session.
    pub(crate) directory: &'a mut BTreeMap<SessionId, RoomKey>,
    /// All rooms but the one that is at work.
    pub(crate) rooms: &'a mut BTreeMap<RoomKey, Room>,
    pub(crate) links: &'a mut Links,
}

impl Turn<'_> {
    /// Has a room do something. Nothing if there is none, or it is at work already.
    pub(crate) fn in_room<T>(&mut self, key: &RoomKey, act: impl FnOnce(&mut Room, &mut Self) -> T) -> Option<T> {
        let (key, mut room) = self.rooms.remove_entry(key)?;
        let result = act(&mut room, self);
        if !room.over {
            self.rooms.insert(key, room);
        }
        Some(result)
    }
}

impl Room {
    pub(crate) fn new(key: RoomKey, scene: Scene) -> Self {
        Self {
            key,
            scene,
            members: BTreeMap::new(),
            users: BTreeMap::new(),
            anchors: BTreeSet::new(),
            linked: BTreeSet::new(),
            quality: QualityBoard::default(),
            kept_until: None,
            over: false,
        }
    }

    pub(crate) fn class(&self) -> SceneClass {
        self.scene.class()
    }

    /// Answers a member's request.
    pub(crate) fn request(&mut self, turn: &mut Turn<'_>, session: SessionId, request: RoomRequest) -> Result<Reply, Error> {
        let member = self.members.get_mut(&session).ok_or_else(not_in_room)?;
        match &request {
            RoomRequest::View(_)
            | RoomRequest::Unview(_)
            | RoomRequest::Listen(_)
            | RoomRequest::Report(_)
            | RoomRequest::Snapshot
            | RoomRequest::SetQos(_)
            | RoomRequest::DisconnectRoom
            | RoomRequest::SwitchRole { permissions: Some(_), .. } => member.pace.spend(turn.now, QUIET_MS)?,
            // What everybody is told of is paid for where it is known to change anything. Messages have limits of their
            // own, and leaving is free.
            RoomRequest::Publish(_)
            | RoomRequest::SwitchRole { permissions: None, .. }
            | RoomRequest::ConnectRoom { .. }
            | RoomRequest::UpdateForwardMode { .. }
            | RoomRequest::Message(_)
            | RoomRequest::Exit => {}
        }
        match request {
            RoomRequest::Publish(publish) => self.publish(turn, session, &publish)?,
            RoomRequest::View(view) => self.view(turn, session, &view)?,
            RoomRequest::Unview(unview) => self.unview(turn, session, &unview),
            RoomRequest::Listen(listen) => self.listen(turn, session, &listen)?,
            RoomRequest::SwitchRole { role, permissions } => self.switch_role(turn, session, role, permissions)?,
            RoomRequest::ConnectRoom { key, user } => self.connect_room(turn, session, &key, &user)?,
            RoomRequest::DisconnectRoom => self.end_links(turn, session, LeaveReason::Left),
            RoomRequest::UpdateForwardMode { key, user, mode } => {
                self.update_forward_mode(turn, session, &key, &user, mode)?;
            }
            RoomRequest::SetQos(qos) => self.set_qos(turn, session, qos),
            RoomRequest::Message(message) => self.send_message(turn, session, message)?,
            RoomRequest::Report(report) => self.report(turn, session, *report),
            RoomRequest::Snapshot => return Ok(Reply::Snapshot(Box::new(self.recover(turn, session)?))),
            RoomRequest::Exit => self.exit(turn, session),
        }
        Ok(Reply::Done {})
    }

    /// Takes the price of something everybody is told of.
    pub(crate) fn pay_announcement(&mut self, turn: &Turn<'_>, session: SessionId) -> Result<(), Error> {
        self.members.get_mut(&session).ok_or_else(not_in_room)?.pace.spend(turn.now, ANNOUNCED_MS)
    }

    /// Media says who is in a member's slots. Media is a step behind: a publisher that is gone by now is nobody.
    pub(crate) fn slots(&mut self, turn: &mut Turn<'_>, session: SessionId, changed: Vec<(String, Option<Occupant>)>) {
        let mut slots = Vec::with_capacity(changed.len());
        let mut bound = Vec::with_capacity(changed.len());
        for (mid, occupant) in changed {
            let is_visible = |publisher| self.anchors.contains(&publisher) && publisher != session;
            let occupant = occupant.filter(|occupant| is_visible(occupant.track.publisher));
            slots.push(self.slot_binding(mid.clone(), occupant));
            bound.push((mid, occupant));
        }
        let Some(member) = self.members.get_mut(&session) else { return };
        for (mid, occupant) in bound {
            match occupant {
                Some(occupant) => member.slots.insert(mid, occupant),
                None => member.slots.remove(&mid),
            };
        }
        if !slots.is_empty() {
            member.tell(turn.outbox, PushBody::Slots { slots });
        }
    }

    /// Media says which layers a member should encode.
    pub(crate) fn encode(&mut self, turn: &mut Turn<'_>, session: SessionId, layers: EncodeLayers) {
        let Some(member) = self.members.get_mut(&session) else { return };
        member.encode.insert(layers.track, layers);
        member.tell(turn.outbox, PushBody::Encode(layers));
    }

    /// A member's peer connection is a new one.
    pub(crate) fn media_reset(&mut self, session: SessionId) {
        let Some(member) = self.members.get_mut(&session) else { return };
        member.slots.clear();
        member.encode.clear();
    }

    /// A member says what matters to it when the network is not good enough for everything.
    fn set_qos(&mut self, turn: &mut Turn<'_>, session: SessionId, qos: Qos) {
        let Some(member) = self.members.get_mut(&session) else { return };
        if mem::replace(&mut member.qos, qos) == qos {
            return;
        }
        let user = member.user.clone();
        self.fact(turn, FactBody::QosChanged { session, user, qos });
        turn.outbox.media(MediaCommand::Qos { session, qos });
    }

    /// The engine takes nobody in any more.
    pub(crate) fn draining(&mut self, outbox: &mut Outbox, within_ms: u32) {
        for member in self.members.values_mut() {
            member.tell(outbox, PushBody::Draining { within_ms });
        }
    }

    /// Whether a user is here by itself, so that it would take its own place.
    pub(crate) fn has(&self, user: &UserId) -> bool {
        self.users.get(user).is_some_and(|session| !self.linked.contains(session))
    }

    /// The engine is about to stop.
    pub(crate) fn closing(&mut self, outbox: &mut Outbox, retry_after_ms: u32) {
        for member in self.members.values_mut() {
            member.tell(outbox, PushBody::Closing { retry_after_ms });
        }
    }

    /// Everything a member may see now.
    pub(crate) fn snapshot(&self, session: SessionId) -> Result<Snapshot, Error> {
        let member = self.members.get(&session).ok_or_else(not_in_room)?;
        let slots = member.slots.iter().map(|(mid, occupant)| self.slot_binding(mid.clone(), Some(*occupant)));
        let slots = slots.filter(|slot| slot.source.is_some());
        Ok(Snapshot {
            n: member.pushed(),
            role: member.role,
            tracks: member.tracks,
            members: self.announced().filter(|other| other.session != session).map(Member::view).collect(),
            slots: slots.collect(),
            encode: member.encode.values().copied().collect(),
        })
    }

    /// Those who are announced, by session.
    pub(crate) fn announced(&self) -> impl Iterator<Item = &Member> {
        self.anchors.iter().filter_map(|session| self.members.get(session))
    }

    /// Tells everybody but the one it is about.
    pub(crate) fn tell_others(&mut self, turn: &mut Turn<'_>, about: SessionId, body: &PushBody) {
        for (session, member) in &mut self.members {
            if *session != about {
                member.tell(turn.outbox, body.clone());
            }
        }
    }

    /// Tells everybody else that an announced member is not to be seen any more. What they had of it goes with it.
    pub(crate) fn tell_left(&mut self, turn: &mut Turn<'_>, who: SessionId, user: &UserId, reason: LeaveReason) {
        for (session, member) in &mut self.members {
            if *session != who {
                member.slots.retain(|_, occupant| occupant.track.publisher != who);
                member.tell(turn.outbox, PushBody::MemberLeft { user_id: user.clone(), reason });
            }
        }
    }

    pub(crate) fn fact(&self, turn: &mut Turn<'_>, body: FactBody) {
        turn.outbox.fact(turn.now, &self.key, body);
    }

    fn slot_binding(&self, mid: String, occupant: Option<Occupant>) -> SlotBinding {
        let is_paused = occupant.is_some_and(|occupant| occupant.paused);
        let source = occupant.and_then(|Occupant { track: TrackRef { publisher, track }, .. }| {
            let publisher = self.members.get(&publisher)?;
            Some(SlotSource { user_id: publisher.user.clone(), track })
        });
        SlotBinding { mid, paused: is_paused && source.is_some(), source }
    }
}

pub(crate) fn not_in_room() -> Error {
    Error::new(ErrorCode::NotInRoom, "this session is not in a room, or not any more; enter again")
}
