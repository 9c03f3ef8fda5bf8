//! What a member publishes: who may, and what follows when it changes.

use std::mem;

use rtc_protocol::{Error, ErrorCode, Publish, PushBody, Role, SceneClass, SessionId, Track, TrackRef, TrackState, Tracks};

use crate::room::{Room, Turn, not_in_room};
use crate::{FactBody, MediaCommand, Permissions, RoomConfig};

/// Why tracks change, as far as the record is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// The member, its permissions, or somebody who holds it back said so.
    Asked,
    /// It leaves.
    Left,
}

impl Room {
    /// Starts, mutes or stops a track.
    pub(crate) fn publish(&mut self, turn: &mut Turn<'_>, session: SessionId, publish: &Publish) -> Result<(), Error> {
        let member = self.members.get(&session).ok_or_else(not_in_room)?;
        let Publish { track, state, small, codec } = *publish;
        let mut tracks = member.tracks;
        let before = mem::replace(tracks.state_mut(track), state);
        if track == Track::Camera {
            tracks.small = small && state != TrackState::Off;
        }
        if tracks == member.tracks {
            return Ok(());
        }
        if state != TrackState::Off {
            self.may_publish(turn, session, track)?;
        }
        // Falling silent is free: it must never be refused, and each time costs a start that was paid for.
        if state >= before {
            self.pay_announcement(turn, session)?;
        }
        if let Some(member) = self.members.get_mut(&session) {
            match codec {
                Some(codec) => drop(member.codecs.insert(track, codec)),
                // Said when it started, if at all.
                None if before != TrackState::Off => {}
                None => drop(member.codecs.remove(&track)),
            }
        }
        self.change_tracks(turn, session, tracks, Change::Asked);
        Ok(())
    }

    /// Sets a member's tracks, with all that follows: facts, media, what others hear and view, and what they are told, here
    /// and where it is linked to. Of a linked member only what others here receive and are told: the rest is the business
    /// of the room it is at home in.
    pub(crate) fn change_tracks(&mut self, turn: &mut Turn<'_>, session: SessionId, tracks: Tracks, change: Change) {
        let Some(member) = self.members.get_mut(&session) else { return };
        let before = mem::replace(&mut member.tracks, tracks);
        if before == tracks {
            return;
        }
        let (user, codecs, at_home) = (member.user.clone(), member.codecs.clone(), !member.is_linked());
        if at_home {
            // Nobody anywhere receives a track that is off, so those in other rooms stop first.
            self.mirror_tracks(turn, session, without_stopped(before, tracks));
        }
        for track in Track::ALL {
            let source = TrackRef { publisher: session, track };
            let (was, state) = (before.state(track), tracks.state(track));
            let small = track == Track::Camera && tracks.small;
            if was == state && (track != Track::Camera || before.small == tracks.small) {
                continue;
            }
            if state == TrackState::Off {
                self.end_reception(turn, source);
            }
            if at_home {
                let (user, codec) = (user.clone(), codecs.get(&track).copied());
                self.fact(
                    turn,
                    match (was, state) {
                        (_, TrackState::Off) => FactBody::StreamStopped { session, user, track, left: change == Change::Left },
                        (TrackState::Off, _) => FactBody::StreamStarted { session, user, track, state, small, codec },
                        _ => FactBody::StreamChanged { session, user, track, state, small },
                    },
                );
                turn.outbox.media(MediaCommand::Publish { source, state, small });
            }
            if was == TrackState::Off && track == Track::Microphone {
                self.let_hear(turn, session);
            }
        }
        self.tell_others(turn, session, &PushBody::TracksChanged { user_id: user, tracks });
        if at_home {
            self.mirror_tracks(turn, session, tracks);
        }
    }

    fn may_publish(&self, turn: &Turn<'_>, session: SessionId, track: Track) -> Result<(), Error> {
        let member = self.members.get(&session).ok_or_else(not_in_room)?;
        let refused = |what: &str| {
            let code = match track {
                Track::Microphone | Track::Camera => ErrorCode::NoPermissionToPublish,
                Track::Screen => ErrorCode::NoPermissionToShareScreen,
            };
            Err(Error::new(code, what))
        };
        if member.role == Role::Audience {
            return refused("role: audience may not publish; become anchor first");
        }
        if !member.permissions.allow(Permissions::to_send(track)) {
            return refused("privateMapKey: does not allow to publish this track");
        }
        self.has_place_for(turn.config, session, track)
    }

    /// Whether one more track fits into the room. Linked members are counted where they are at home.
    pub(crate) fn has_place_for(&self, config: &RoomConfig, session: SessionId, track: Track) -> Result<(), Error> {
        let others = || self.announced().filter(|other| other.session != session && !other.is_linked());
        if config.exclusive_screen && track == Track::Screen && others().any(|other| other.publishes(track)) {
            return Err(Error::new(ErrorCode::ScreenShareOccupied, "somebody else in this room shares a screen"));
        }
        // In live scenes the number of anchors is bounded already.
        let limit = config.call_publishers;
        if self.class() == SceneClass::Call && others().filter(|other| other.publishes_something()).count() >= limit {
            return Err(Error::new(
                ErrorCode::RoomFull,
                format!("{limit} members publish in this room; that is all it may have"),
            ));
        }
        Ok(())
    }
}

/// What is left of tracks when those are off that are off afterwards.
fn without_stopped(mut tracks: Tracks, after: Tracks) -> Tracks {
    for track in Track::ALL.into_iter().filter(|track| after.state(*track) == TrackState::Off) {
        tracks.switch_off(track);
    }
    tracks
}
