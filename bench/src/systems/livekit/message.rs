//! As much of LiveKit's signaling messages as a load generator needs (`livekit_rtc.proto` and `livekit_models.proto` of its
//! protocol). Fields and kinds that are not here are passed over.

use prost::{Message, Oneof};

/// A picture.
pub(super) const VIDEO: i32 = 1;
/// Sound.
pub(super) const AUDIO: i32 = 0;
/// Where a track comes from.
pub(super) const CAMERA: i32 = 1;
pub(super) const MICROPHONE: i32 = 2;
/// The quality of the only layer.
pub(super) const HIGH: i32 = 2;

/// Which of a participant's two peer connections, as the participant sees it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    Publisher = 0,
    Subscriber = 1,
}

/// `SignalRequest`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Request {
    #[prost(oneof = "ToServer", tags = "1, 2, 4")]
    pub(super) message: Option<ToServer>,
}

/// What a participant says.
#[derive(Clone, PartialEq, Oneof)]
pub(super) enum ToServer {
    #[prost(message, tag = "1")]
    Offer(Description),
    #[prost(message, tag = "2")]
    Answer(Description),
    #[prost(message, tag = "4")]
    AddTrack(AddTrack),
}

/// `SignalResponse`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Response {
    #[prost(oneof = "FromServer", tags = "1, 2, 3, 4, 6, 8")]
    pub(super) message: Option<FromServer>,
}

/// What the server says.
#[derive(Clone, PartialEq, Oneof)]
pub(super) enum FromServer {
    #[prost(message, tag = "1")]
    Join(Seen),
    #[prost(message, tag = "2")]
    Answer(Description),
    #[prost(message, tag = "3")]
    Offer(Description),
    #[prost(message, tag = "4")]
    Trickle(Trickle),
    #[prost(message, tag = "6")]
    TrackPublished(Seen),
    #[prost(message, tag = "8")]
    Leave(Leave),
}

/// `SessionDescription`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Description {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(string, tag = "2")]
    pub(super) sdp: String,
    /// An answer has that of its offer.
    #[prost(uint32, tag = "3")]
    pub(super) id: u32,
}

/// `TrickleRequest`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Trickle {
    /// `RTCIceCandidateInit` as JSON.
    #[prost(string, tag = "1")]
    pub(super) candidate: String,
    #[prost(int32, tag = "2")]
    pub(super) target: i32,
}

/// `AddTrackRequest`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct AddTrack {
    /// The track's name in the offer.
    #[prost(string, tag = "1")]
    pub(super) cid: String,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(int32, tag = "3")]
    pub(super) kind: i32,
    #[prost(uint32, tag = "4")]
    pub(super) width: u32,
    #[prost(uint32, tag = "5")]
    pub(super) height: u32,
    #[prost(int32, tag = "8")]
    pub(super) source: i32,
    #[prost(message, repeated, tag = "9")]
    pub(super) layers: Vec<VideoLayer>,
    #[prost(bool, tag = "13")]
    pub(super) disable_red: bool,
}

/// `VideoLayer`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct VideoLayer {
    #[prost(int32, tag = "1")]
    pub(super) quality: i32,
    #[prost(uint32, tag = "2")]
    pub(super) width: u32,
    #[prost(uint32, tag = "3")]
    pub(super) height: u32,
    /// Bits a second.
    #[prost(uint32, tag = "4")]
    pub(super) bitrate: u32,
}

/// `LeaveRequest`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Leave {
    /// A `DisconnectReason`.
    #[prost(int32, tag = "2")]
    pub(super) reason: i32,
}

/// A message of which nothing is needed but that it came.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Seen {}
