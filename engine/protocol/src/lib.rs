//! The messages between a client SDK and the engine, and the identifiers both use: one set of types, from which the
//! TypeScript ones are generated. It holds no behaviour beyond checking that a value may exist.
//!
//! A connection is one WebSocket carrying JSON text frames:
//!
//! * the client sends [`ClientFrame`]s, each with an `id` of its own choice (growing from 1), and gets exactly one
//!   [`Answer`] for each; the first frame must be [`Request::Hello`];
//! * the engine sends [`Push`]es, numbered by a counter that belongs to this session alone and is raised only by what
//!   was sent to it. A client that misses a number asks for a [`Snapshot`]; there is no other way to recover.
//!
//! What the fields mean for media is told in `ARCHITECTURE.md`, "A session".

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod error;
mod frame;
mod ident;
pub mod limits;
mod media;
mod member;
mod probe;
mod push;
mod report;
mod request;
mod time;

pub use error::{Error, ErrorCode};
pub use frame::{Answer, ClientFrame, EngineFrame, Outcome};
pub use ident::{InvalidIdent, Occupant, RoomId, RoomKey, SdkAppId, SessionId, TrackRef, UserId};
pub use limits::Limits;
pub use media::{
    Codec, EncodeLayers, ForwardMode, Layer, Lines, MediaKind, MediaOffer, OfferPurpose, Qos, QosControlMode, QosPreference,
    SlotBinding, SlotPair, SlotSource, Stream, Track, TrackState,
};
pub use member::{ExitReason, LeaveReason, MemberKind, MemberView, RemovalReason, Role, Scene, SceneClass, Tracks};
pub use probe::{ProbeAnswer, ProbeBegin, ProbeFindings, ProbeRequest, ProbeTicket, ProbeTrain};
pub use push::{Push, PushBody};
pub use report::{LocalTrackReport, MemberQuality, RemoteTrackReport, Report};
pub use request::{
    ConnectRoom, CustomMessage, Hello, HelloRoom, Listen, MediaAnswer, Publish, Request, RoomSwitched, SdkInfo, Snapshot,
    SwitchRole, SwitchRoom, TurnServers, Unview, UpdateForwardMode, View, Welcome,
};
pub use time::{TimeAnswer, TimeQuestion};

/// The version of this protocol. The engine also accepts [`PREVIOUS_VERSION`], so that an engine can be upgraded before
/// its clients.
pub const VERSION: u16 = 1;

/// The oldest version that is still answered.
pub const PREVIOUS_VERSION: u16 = 1;
