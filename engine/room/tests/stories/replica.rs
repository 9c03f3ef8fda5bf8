//! What a client makes of a snapshot and the pushes after it. It insists that every push makes sense.

use std::collections::BTreeMap;

use rtc_protocol::{EncodeLayers, MemberView, Push, PushBody, Role, SlotBinding, SlotSource, Snapshot, Track, Tracks, UserId};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Replica {
    me: UserId,
    n: u64,
    members: BTreeMap<UserId, MemberView>,
    slots: BTreeMap<String, SlotSource>,
    encode: BTreeMap<Track, EncodeLayers>,
    /// Set by the last word the engine had for this client.
    pub(crate) removed: bool,
}

impl Replica {
    pub(crate) fn new(me: UserId, snapshot: &Snapshot) -> Self {
        let members = snapshot.members.iter().map(|view| (view.user_id.clone(), view.clone())).collect::<BTreeMap<_, _>>();
        assert_eq!(members.len(), snapshot.members.len(), "a user twice in {snapshot:?}");
        assert!(!members.contains_key(&me), "{me} sees itself");
        Self {
            me,
            n: snapshot.n,
            members,
            slots: snapshot.slots.iter().map(|slot| (slot.mid.clone(), slot.source.clone().unwrap())).collect(),
            encode: snapshot.encode.iter().map(|layers| (layers.track, *layers)).collect(),
            removed: false,
        }
    }

    pub(crate) fn apply(&mut self, push: &Push) {
        assert!(!self.removed, "{}: {push:?} after it was told to be out", self.me);
        assert_eq!(push.n, self.n + 1, "{}: a number is missing or doubled before {push:?}", self.me);
        self.n = push.n;
        match &push.body {
            PushBody::MemberEntered(view) => {
                assert_ne!(view.user_id, self.me, "told about itself");
                assert_eq!(view.role, Role::Anchor, "an audience was announced");
                assert_eq!(view.tracks, Tracks::default(), "whoever enters publishes nothing yet");
                let before = self.members.insert(view.user_id.clone(), view.clone());
                assert_eq!(before, None, "{}: {} entered twice", self.me, view.user_id);
            }
            PushBody::MemberLeft { user_id, .. } => {
                let view = self.members.remove(user_id).expect("only who was seen can leave");
                assert_eq!(view.tracks, Tracks::default(), "whoever leaves has been told to publish nothing");
                self.slots.retain(|_, source| source.user_id != *user_id);
            }
            PushBody::TracksChanged { user_id, tracks } => {
                let view = self.members.get_mut(user_id).expect("only who is seen has tracks");
                assert_ne!(view.tracks, *tracks, "{}: nothing changed of {user_id}", self.me);
                view.tracks = *tracks;
            }
            PushBody::Slots { slots } => {
                for SlotBinding { mid, source, .. } in slots {
                    match source {
                        Some(source) => {
                            assert!(self.members.contains_key(&source.user_id), "a stranger is in slot {mid}");
                            self.slots.insert(mid.clone(), source.clone());
                        }
                        None => drop(self.slots.remove(mid)),
                    }
                }
            }
            PushBody::Encode(layers) => drop(self.encode.insert(layers.track, *layers)),
            PushBody::Message { user_id, .. } => assert!(self.members.contains_key(user_id), "a stranger speaks"),
            PushBody::Quality { members } => {
                assert!(!members.is_empty());
                for quality in members {
                    assert!(self.members.contains_key(&quality.user_id), "the quality of a stranger, or its own");
                }
            }
            PushBody::Removed { .. } => self.removed = true,
            PushBody::Draining { .. } | PushBody::Closing { .. } => {}
            other => panic!("a push nobody here knows: {other:?}"),
        }
    }

    pub(crate) fn media_reset(&mut self) {
        self.slots.clear();
        self.encode.clear();
    }
}
