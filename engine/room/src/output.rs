//! What rooms want done, in the order it has to be done.

use std::collections::VecDeque;

use rtc_protocol::{Layer, Push, PushBody, Qos, RoomKey, SessionId, TrackRef, TrackState};

use crate::{Fact, FactBody, Time};

/// Something to be done by whoever drives [`crate::Rooms`].
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Tell a session.
    Push {
        /// Which.
        session: SessionId,
        /// What.
        push: Push,
    },
    /// The membership is over. Send what is still to be sent (a push before this, the answer to the exit request that
    /// caused this), then end the connection, and forget the session. Always the last output about a session.
    Close {
        /// Which.
        session: SessionId,
    },
    /// Tell the media engine.
    Media(MediaCommand),
    /// Tell the record.
    Fact(Fact),
}

/// A decision about media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaCommand {
    /// The state of a track, each time it changes.
    Publish {
        /// Which.
        source: TrackRef,
        /// Off: drop its packets. Muted: it stays bound to its slots.
        state: TrackState,
        /// Whether a camera comes with a small layer.
        small: bool,
    },
    /// Bind a published video track to a slot of the viewer, or change the layer.
    View {
        /// Who receives.
        viewer: SessionId,
        /// Camera or screen.
        source: TrackRef,
        /// The layer asked for; big where there is no small.
        layer: Layer,
    },
    /// End a view.
    Unview {
        /// Who received.
        viewer: SessionId,
        /// Camera or screen.
        source: TrackRef,
    },
    /// Let the viewer hear a published microphone.
    Hear {
        /// Who hears.
        viewer: SessionId,
        /// A microphone.
        source: TrackRef,
    },
    /// End a [`MediaCommand::Hear`].
    Unhear {
        /// Who heard.
        viewer: SessionId,
        /// A microphone.
        source: TrackRef,
    },
    /// What matters to a session when the network is not good enough for everything; [`Qos::default`] until this is said.
    Qos {
        /// Whose.
        session: SessionId,
        /// From now on.
        qos: Qos,
    },
    /// The session is over, and with it everything it still views and hears: no unview or unhear of its own precedes this.
    /// What it published has been turned off before, except when its whole room ends.
    Close {
        /// Which.
        session: SessionId,
    },
}

/// Where rooms put their outputs.
#[derive(Debug)]
pub(crate) struct Outbox {
    outputs: VecDeque<Output>,
    next_fact: u64,
}

impl Outbox {
    pub(crate) fn new(first_fact: u64) -> Self {
        Self { outputs: VecDeque::new(), next_fact: first_fact }
    }

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The number of the last fact, which may still be in here.
    pub(crate) fn last_fact(&self) -> u64 {
        self.next_fact - 1
    }

    pub(crate) fn push(&mut self, session: SessionId, n: u64, body: PushBody) {
        self.outputs.push_back(Output::Push { session, push: Push { n, body } });
    }

    pub(crate) fn media(&mut self, command: MediaCommand) {
        self.outputs.push_back(Output::Media(command));
    }

    pub(crate) fn fact(&mut self, at: Time, room: &RoomKey, body: FactBody) {
        let n = self.next_fact;
        self.next_fact += 1;
        self.outputs.push_back(Output::Fact(Fact { n, at, room: room.clone(), body }));
    }

    pub(crate) fn close(&mut self, session: SessionId) {
        self.outputs.push_back(Output::Close { session });
    }
}
