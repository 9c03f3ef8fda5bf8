//! What a client asks, and what it is answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Codec, EncodeLayers, ForwardMode, Layer, Limits, MediaOffer, MemberView, Qos, Report, Role, RoomId, Scene, SdkAppId,
    SlotBinding, Stream, Track, TrackState, Tracks, UserId,
};

/// Everything a client can ask. Each gets one [`crate::Answer`]; where no other is named, the answer is `{}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
#[ts(tag = "type", content = "data", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Request {
    /// Enter a room, or come back to it. Always the first message, and only the first. Answer: [`Welcome`].
    Hello(Box<Hello>),
    /// An SDP offer. May follow `hello` without waiting for its answer. Answer: [`MediaAnswer`].
    Offer(MediaOffer),
    /// Start, mute or stop a track.
    Publish(Publish),
    /// Watch a video track; the slot it was given follows as a `slots` push.
    View(View),
    /// Stop watching.
    Unview(Unview),
    /// Hear somebody, or everybody, or not.
    Listen(Listen),
    /// Become anchor or audience (live scenes).
    SwitchRole(SwitchRole),
    /// Leave this room for another on the same connection: same session, same peer connection, same slots, and what is
    /// published here is published there at once. Refused, the member is where it was. Answer: [`RoomSwitched`].
    SwitchRoom(SwitchRoom),
    /// Link with an anchor of another room (anchors only): each is a member of the other's room as
    /// [`crate::MemberKind::Linked`], until one of the two disconnects, leaves or becomes audience. Each end sees the other
    /// by a `memberEntered` push, which comes before the answer.
    ConnectRoom(ConnectRoom),
    /// End every link this member is part of, whichever end asked for it. There need not be one.
    DisconnectRoom {},
    /// Hold back something of a linked anchor for everybody in the own room (anchors who are linked with it only).
    /// Whatever is not named is let through again; the end of the link forgets it.
    UpdateForwardMode(UpdateForwardMode),
    /// What matters when the network is not good enough for everything. Nobody is told.
    SetQos(Qos),
    /// Send a custom message to the whole room (anchors only).
    Message(CustomMessage),
    /// What only the client knows, every [`Limits::report_interval_ms`].
    Report(Box<Report>),
    /// A doubt: tell everything again. Answer: [`Snapshot`].
    Snapshot {},
    /// Leave now. The others are told before the answer is sent.
    Exit {},
}

/// Who enters, with what, where and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The protocol the SDK speaks ([`crate::VERSION`]).
    pub protocol: u16,
    /// The SDK.
    pub sdk: SdkInfo,
    /// The app.
    pub sdk_app_id: SdkAppId,
    /// The user. Checked where it enters, so that a bad one gets its own code.
    pub user_id: String,
    /// The ticket of app and user.
    pub user_sig: String,
    /// The room; also checked where it enters.
    pub room: HelloRoom,
    /// The scene; everybody in a room uses scenes of one class.
    pub scene: Scene,
    /// Anchor or audience; ignored in call scenes.
    #[serde(default)]
    pub role: Role,
    /// The ticket of the room, where the app asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub private_map_key: Option<String>,
    /// Hear everybody without asking.
    #[serde(default = "yes")]
    pub auto_receive_audio: bool,
    /// A part of the names of automatic recordings, at most 64 bytes of `[A-Za-z0-9_-]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user_define_record_id: Option<String>,
    /// The token of the [`Welcome`] before, to come back to the same membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resume: Option<String>,
}

fn yes() -> bool {
    true
}

/// A room id as it was typed: [`RoomId::number`] and [`RoomId::text`] check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum HelloRoom {
    /// `roomId`.
    Number(#[ts(type = "number")] u64),
    /// `strRoomId`.
    Text(String),
}

impl HelloRoom {
    /// Checks it.
    pub fn parse(&self) -> Result<RoomId, crate::InvalidIdent> {
        match self {
            Self::Number(n) => RoomId::number(*n),
            Self::Text(t) => RoomId::text(t),
        }
    }
}

impl From<RoomId> for HelloRoom {
    fn from(room: RoomId) -> Self {
        match room {
            RoomId::Number(n) => Self::Number(n.into()),
            RoomId::Text(t) => Self::Text(t.as_ref().into()),
        }
    }
}

/// The SDK and where it runs. Each text is cut at 128 bytes by the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SdkInfo {
    /// `web`, `cpp`, …
    pub name: String,
    /// The SDK's version.
    pub version: String,
    /// Browser or operating system, with version.
    pub platform: String,
}

/// The answer to [`Request::Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// The protocol that will be spoken: the lower of the two.
    pub protocol: u16,
    /// The engine's version.
    pub engine: String,
    /// Shows the way back to this membership; a secret.
    pub resume: String,
    /// Whether this is the membership of the resume token (its peer connection may live on), or a new one.
    pub resumed: bool,
    /// The engine's clock, in milliseconds since 1970.
    #[ts(type = "number")]
    pub time_ms: u64,
    /// Bounds.
    pub limits: Limits,
    /// How to reach the engine's media where neither its UDP nor its TCP can be reached; nothing where it has no TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turn: Option<TurnServers>,
    /// What the member may see.
    pub snapshot: Snapshot,
}

/// TURN servers as a peer connection is told them, good for a day. They lead to the engine's media and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TurnServers {
    /// `turn:` and `turns:` URLs (RFC 7065).
    pub urls: Vec<String>,
    /// The user name.
    pub username: String,
    /// The password; a secret.
    pub credential: String,
}

/// Everything a member may see now. The client compares it with what it had and turns the difference into events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The number of the last push this snapshot includes.
    #[ts(type = "number")]
    pub n: u64,
    /// The member's own role.
    pub role: Role,
    /// What the engine holds for the member's own tracks.
    pub tracks: Tracks,
    /// The others.
    pub members: Vec<MemberView>,
    /// Every slot that is in use.
    pub slots: Vec<SlotBinding>,
    /// Which layers to encode.
    pub encode: Vec<EncodeLayers>,
}

/// The answer to [`Request::Offer`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaAnswer {
    /// The SDP answer.
    pub sdp: String,
}

/// The state of one of the member's own tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Publish {
    /// Which.
    pub track: Track,
    /// Its state from now on.
    pub state: TrackState,
    /// Whether the camera is sent with a small layer, too.
    #[serde(default)]
    pub small: bool,
    /// The codec it is encoded with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub codec: Option<Codec>,
}

/// Watch a video track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Whose.
    pub user_id: UserId,
    /// Camera or screen.
    pub stream: Stream,
    /// Big or small; big where there is no small.
    #[serde(default)]
    pub layer: Layer,
}

/// Stop watching a video track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unview {
    /// Whose.
    pub user_id: UserId,
    /// Camera or screen.
    pub stream: Stream,
}

/// Hear or do not hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Listen {
    /// One user; nobody named means everybody, now and later, and forgets what was said of single users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user_id: Option<UserId>,
    /// Hear.
    pub on: bool,
}

/// Become anchor or audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SwitchRole {
    /// The new role.
    pub role: Role,
    /// The ticket, where the new role needs other permissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub private_map_key: Option<String>,
}

/// Another room, with what it takes to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SwitchRoom {
    /// The room to go to; not the one the member is in.
    pub room: HelloRoom,
    /// A newer ticket of app and user. The one of the hello holds on where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user_sig: Option<String>,
    /// The ticket of the room, where the app asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub private_map_key: Option<String>,
}

/// The answer to [`Request::SwitchRoom`]. The resume token stays the same; a hello that shows it names the new room. A client
/// that loses its connection before this came may name either room: if it was moved and names the old one, it enters there
/// anew, and has left the new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomSwitched {
    /// What the member may see in the new room. Everything it knew of the old one is void, slots included; pushes go on
    /// to be counted from here.
    pub snapshot: Snapshot,
}

/// An anchor of another room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectRoom {
    /// The other room, of the same app.
    pub room: HelloRoom,
    /// The anchor there. Checked where it enters, so that a bad one gets its own code.
    pub user_id: String,
}

/// What is held back of a linked anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpdateForwardMode {
    /// The room the anchor is at home in.
    pub room: HelloRoom,
    /// The anchor.
    pub user_id: String,
    /// What is held back.
    #[serde(flatten)]
    pub mode: ForwardMode,
}

/// A custom message, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomMessage {
    /// 0..=10.
    pub cmd_id: u8,
    /// Base64 of 1 to 1024 bytes.
    pub data: String,
}
