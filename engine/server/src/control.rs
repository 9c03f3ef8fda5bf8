//! The control: one task that owns every room. It takes what connections, media and the Cloud API say, one thing at a
//! time, hands it to `rtc_room`, and carries out what that wants done. It decides nothing about rooms itself.

mod actor;
mod arrival;
mod departed;
mod link;
mod media;
mod token;

use std::sync::Arc;

use rtc_net::{Media, MediaEvent};
use rtc_protocol::{Error, Limits, MediaAnswer, MediaOffer, RoomKey, UserId};
use rtc_room::{Destination, RoomConfig, RoomMissing, RoomRequest};
use rtc_store::KeptMembership;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub(crate) use arrival::Arrival;
pub(crate) use link::{ConnectionId, Link, LinkEnd, Outgoing};
pub(crate) use token::ResumeToken;

use crate::bus::Bus;
use crate::metrics::Counters;
use crate::roster::Roster;
use crate::turn::Relays;

/// Things that may wait for the control. A connection that finds the queue full stops reading, and so does its client.
const QUEUE: usize = 1024;

/// What the control is told.
pub(crate) enum Input {
    /// Somebody who has proved who it is wants to enter.
    Enter(Box<Arrival>),
    /// A member asks something.
    Ask {
        connection: ConnectionId,
        /// The number of the request.
        re: u32,
        ask: Ask,
    },
    /// A connection is over.
    Gone { connection: ConnectionId, ending: Ending },
    /// The server removes users.
    RemoveUsers { room: RoomKey, users: Vec<UserId>, reply: oneshot::Sender<Result<(), RoomMissing>> },
    /// The server dismisses a room.
    Dismiss { room: RoomKey, reply: oneshot::Sender<Result<(), RoomMissing>> },
    /// Somebody wants to know how much there is.
    Figures { reply: oneshot::Sender<Figures> },
    /// Members of the run before, who may come back.
    Restore { memberships: Vec<KeptMembership>, reply: oneshot::Sender<usize> },
    /// Take nobody in any more, tell everybody, and say when the last member is gone.
    Drain { within_ms: u32, gone: oneshot::Sender<()> },
    /// Tell everybody that the engine stops, and close all connections.
    Stop { reply: oneshot::Sender<()> },
    /// End the task, whoever may still hold a way to it.
    End,
}

/// What a member asks.
pub(crate) enum Ask {
    Room(RoomRequest),
    /// To go to another room; `moved` tells the connection whether it is there now.
    SwitchRoom {
        destination: Destination,
        moved: oneshot::Sender<bool>,
    },
    Offer(MediaOffer),
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The client said goodbye: it has left.
    Left,
    /// It broke, or nothing was heard for too long: the member is away.
    Lost,
}

/// What media tells. Not bounded: it grows only with what clients ask, which is, and a shard must never wait for the
/// control, which waits for shards.
pub(crate) enum FromMedia {
    Event(MediaEvent),
    Answered { connection: ConnectionId, re: u32, result: Result<MediaAnswer, Error> },
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) rooms: usize,
    pub(crate) members: usize,
    /// Of these, those with a connection.
    pub(crate) connected: usize,
    /// Whether nobody is taken in any more.
    pub(crate) is_draining: bool,
}

/// The way to the control.
#[derive(Clone)]
pub(crate) struct Control {
    queue: mpsc::Sender<Input>,
}

/// What the control is started with.
pub(crate) struct Parts {
    pub(crate) rooms: RoomConfig,
    pub(crate) limits: Limits,
    pub(crate) max_sessions: usize,
    pub(crate) media: Arc<Media>,
    pub(crate) relays: Relays,
    pub(crate) from_media: mpsc::UnboundedReceiver<FromMedia>,
    pub(crate) to_control: mpsc::UnboundedSender<FromMedia>,
    pub(crate) bus: Bus,
    pub(crate) roster: Arc<Roster>,
    pub(crate) counters: Arc<Counters>,
}

impl Control {
    /// Starts the task. It ends at [`Input::End`], and gives back the bus.
    pub(crate) fn start(parts: Parts) -> (Self, JoinHandle<Bus>) {
        let (queue, inputs) = mpsc::channel(QUEUE);
        let task = tokio::spawn(actor::Actor::new(parts).run(inputs));
        (Self { queue }, task)
    }

    /// Says something; waits while the control is busy. Nothing comes of it when the engine has ended.
    pub(crate) async fn tell(&self, input: Input) {
        let _ = self.queue.send(input).await;
    }

    /// Asks something and waits for the answer; nothing when the engine has ended.
    pub(crate) async fn ask<T>(&self, input: impl FnOnce(oneshot::Sender<T>) -> Input) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(input(reply)).await.ok()?;
        answer.await.ok()
    }
}
