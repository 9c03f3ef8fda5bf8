//! What a member publishes: who may, and what follows when it changes.

use std::mem;

use rtc_protocol::{
    Codec, Error, ErrorCode, Publish, PushBody, Role, SceneClass, SessionId, Track, TrackRef, TrackState, Tracks,
};

use crate::room::{Room, Turn, not_in_room};
use crate::{FactBody, MediaCommand, Permissions};

/// Why tracks change, as far as the record is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// The member, or its permissions, said so. The codec is what the client said of a track it starts.
    Asked(Option<Codec>),
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
        self.change_tracks(turn, session, tracks, Change::Asked(codec));
        Ok(())
    }

    /// Sets a member's tracks, with all that follows: facts, media, what others hear and view, and what they are told.
    pub(crate) fn change_tracks(&mut self, turn: &mut Turn<'_>, session: SessionId, tracks: Tracks, change: Change) {
        let Some(member) = self.members.get_mut(&session) else { return };
        let before = mem::replace(&mut member.tracks, tracks);
        if before == tracks {
            return;
        }
        let user = member.user.clone();
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
            let user = user.clone();
            self.fact(
                turn,
                match (was, state, change) {
                    (_, TrackState::Off, _) => FactBody::StreamStopped { session, user, track, left: change == Change::Left },
                    (TrackState::Off, _, Change::Asked(codec)) => {
                        FactBody::StreamStarted { session, user, track, state, small, codec }
                    }
                    _ => FactBody::StreamChanged { session, user, track, state, small },
                },
            );
            turn.outbox.media(MediaCommand::Publish { source, state, small });
            if was == TrackState::Off && track == Track::Microphone {
                self.let_hear(turn, session);
            }
        }
        self.tell_others(turn, session, &PushBody::TracksChanged { user_id: user, tracks });
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
        let others = || self.announced().filter(|other| other.session != session);
        if turn.config.exclusive_screen && track == Track::Screen && others().any(|other| other.publishes(track)) {
            return Err(Error::new(ErrorCode::ScreenShareOccupied, "somebody else in this room shares a screen"));
        }
        // In live scenes the number of anchors is bounded already.
        let limit = turn.config.call_publishers;
        if self.class() == SceneClass::Call && others().filter(|other| other.publishes_something()).count() >= limit {
            return Err(Error::new(
                ErrorCode::RoomFull,
                format!("{limit} members publish in this room; that is all it may have"),
            ));
        }
        Ok(())
    }
}
