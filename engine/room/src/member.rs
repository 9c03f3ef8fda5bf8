//! A member: one session of one user in one room, and all that is remembered of it. Everything here has a bound.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{
    Codec, EncodeLayers, ForwardMode, Layer, MemberKind, MemberView, Occupant, PushBody, Qos, Role, SdkInfo, SessionId, Track,
    TrackRef, TrackState, Tracks, UserId,
};

use crate::custom_message::MessageLedger;
use crate::membership::Hearing;
use crate::output::Outbox;
use crate::pace::Pace;
use crate::{FactBody, Permissions, Time};

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) kind: MemberKind,
    pub(crate) permissions: Permissions,
    /// What it publishes. An audience member publishes nothing.
    pub(crate) tracks: Tracks,
    /// What the client said its tracks are encoded with, when they started.
    pub(crate) codecs: BTreeMap<Track, Codec>,
    /// What is held back of it, if it is linked in from another room.
    pub(crate) held_back: ForwardMode,
    pub(crate) qos: Qos,
    /// Set while its connection is lost: when it will be evicted.
    pub(crate) away_until: Option<Time>,
    pub(crate) hearing: Hearing,
    /// The video it views. Each is published by a member of the room.
    pub(crate) views: BTreeMap<TrackRef, Layer>,
    /// Who is in its slots, by mid, as media said last. Each publisher is visible to it.
    pub(crate) slots: BTreeMap<String, Occupant>,
    /// What it should encode, as media said last.
    pub(crate) encode: BTreeMap<Track, EncodeLayers>,
    pub(crate) messages: MessageLedger,
    pub(crate) pace: Pace,
    /// Quality of its uplink, 0 unknown.
    pub(crate) uplink: u8,
    /// When its last report was taken.
    pub(crate) reported: Option<Time>,
    /// Whether it must be told all qualities next time, not only those that changed.
    pub(crate) needs_qualities: bool,
    /// The number of the last push.
    pushed: u64,
    pub(crate) origin: Box<Origin>,
}

/// What a member brings along when it enters, or is taken up again with.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) kind: MemberKind,
    pub(crate) permissions: Permissions,
    pub(crate) hearing: Hearing,
    pub(crate) origin: Origin,
}

/// What nobody in the room needs to know of a member.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// When it entered.
    pub(crate) entered: Time,
    pub(crate) sdk: SdkInfo,
    pub(crate) address: String,
    pub(crate) record_id: Option<String>,
}

impl Member {
    pub(crate) fn new(arrival: Arrival) -> Self {
        let Arrival { session, user, role, kind, permissions, hearing, origin } = arrival;
        Self {
            session,
            user,
            role,
            kind,
            permissions,
            tracks: Tracks::default(),
            codecs: BTreeMap::new(),
            held_back: ForwardMode::default(),
            qos: Qos::default(),
            away_until: None,
            hearing,
            views: BTreeMap::new(),
            slots: BTreeMap::new(),
            encode: BTreeMap::new(),
            messages: MessageLedger::default(),
            pace: Pace::default(),
            uplink: 0,
            reported: None,
            needs_qualities: true,
            pushed: 0,
            origin: Box::new(origin),
        }
    }

    /// An anchor of another room, as it is taken in here at `now`, publishing nothing yet. What it does as a member it does in
    /// the room it is at home in.
    pub(crate) fn linked(session: SessionId, user: UserId, now: Time) -> Self {
        let sdk = SdkInfo { name: String::new(), version: String::new(), platform: String::new() };
        Self::new(Arrival {
            session,
            user,
            role: Role::Anchor,
            kind: MemberKind::Linked,
            permissions: Permissions::ALL,
            hearing: Hearing { everybody: false, except: BTreeSet::new() },
            origin: Origin { entered: now, sdk, address: String::new(), record_id: None },
        })
    }

    /// The number of the last push.
    pub(crate) fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Whether it can be told anything.
    pub(crate) fn connected(&self) -> bool {
        self.away_until.is_none()
    }

    /// Whether it is at home in another room, which is where it is told things.
    pub(crate) fn is_linked(&self) -> bool {
        self.kind == MemberKind::Linked
    }

    /// Tells it, if it is connected. What is not sent is not counted.
    pub(crate) fn tell(&mut self, outbox: &mut Outbox, body: PushBody) {
        if self.connected() && !self.is_linked() {
            self.pushed += 1;
            outbox.push(self.session, self.pushed, body);
        }
    }

    /// How others see it.
    pub(crate) fn view(&self) -> MemberView {
        MemberView { user_id: self.user.clone(), role: self.role, kind: self.kind, tracks: self.tracks }
    }

    pub(crate) fn publishes(&self, track: Track) -> bool {
        self.tracks.state(track) != TrackState::Off
    }

    pub(crate) fn publishes_something(&self) -> bool {
        Track::ALL.into_iter().any(|track| self.publishes(track))
    }

    pub(crate) fn source(&self, track: Track) -> TrackRef {
        TrackRef { publisher: self.session, track }
    }

    /// Whether it is to receive the microphone of another member, if that is published.
    pub(crate) fn hears(&self, other: &Self) -> bool {
        !self.is_linked()
            && self.session != other.session
            && self.permissions.allow(Permissions::RECEIVE_AUDIO)
            && self.hearing.wants(&other.user)
    }

    /// What the record is told of its session.
    pub(crate) fn info(&self) -> FactBody {
        let Origin { sdk, address, .. } = &*self.origin;
        FactBody::SessionInfo { session: self.session, user: self.user.clone(), sdk: sdk.clone(), address: address.clone() }
    }

    pub(crate) fn subscribed(&self, publisher: &Self, track: Track, layer: Layer) -> FactBody {
        FactBody::Subscribed {
            viewer: self.session,
            viewer_user: self.user.clone(),
            publisher: publisher.session,
            publisher_user: publisher.user.clone(),
            track,
            layer,
        }
    }

    pub(crate) fn unsubscribed(&self, publisher: &Self, track: Track) -> FactBody {
        FactBody::Unsubscribed {
            viewer: self.session,
            viewer_user: self.user.clone(),
            publisher: publisher.session,
            publisher_user: publisher.user.clone(),
            track,
        }
    }
}
