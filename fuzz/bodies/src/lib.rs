//! What fuzz targets do with the bytes they are given: one function for each parser that the network reaches. It holds no
//! fuzzer and no corpus: `fuzz_targets` of the crate above hands in a fuzzer's bytes, the tests here those of `corpus`.
//!
//! A body never panics, whatever it is given, unless the parser is at fault: it panics itself, or what it says of the bytes
//! contradicts itself. It tells whether the parser took the bytes for good.
//!
//! A parser is added with a function here, a row in [`TARGETS`], a file in `fuzz_targets`, an entry in the manifest above
//! and a folder with a few samples in `corpus`; a test misses whichever is forgotten.

#![forbid(unsafe_code)]

mod client_frame;
mod client_session;
mod cloud_api;
mod feedback;
mod form;
mod keyframe;
mod media_port;
mod native;
mod probe;
mod raw_request;
mod request_signature;
mod rtcp;
mod stun;
mod tickets;
mod turn;
mod video_packets;

pub use client_frame::client_frame;
pub use client_session::client_session;
pub use cloud_api::cloud_api;
pub use feedback::feedback;
pub use form::form;
pub use keyframe::{keyframe_av1, keyframe_h264, keyframe_vp8, keyframe_vp9};
pub use media_port::{ice_tcp, media_datagram, media_offer};
pub use native::{red, sei};
pub use probe::probe_datagram;
pub use request_signature::request_signature;
pub use rtcp::rtcp;
pub use stun::stun_message;
pub use tickets::{private_map_key, private_map_key_record, user_sig, user_sig_json};
pub use turn::turn_message;
pub use video_packets::video_packets;

/// A body with the name that its fuzz target and its folder of samples have.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// The body. True if the parser took the bytes for good.
    pub body: fn(&[u8]) -> bool,
}

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    Target { name: "client_frame", body: client_frame },
    Target { name: "client_session", body: client_session },
    Target { name: "cloud_api", body: cloud_api },
    Target { name: "feedback", body: feedback },
    Target { name: "form", body: form },
    Target { name: "ice_tcp", body: ice_tcp },
    Target { name: "keyframe_av1", body: keyframe_av1 },
    Target { name: "keyframe_h264", body: keyframe_h264 },
    Target { name: "keyframe_vp8", body: keyframe_vp8 },
    Target { name: "keyframe_vp9", body: keyframe_vp9 },
    Target { name: "media_datagram", body: media_datagram },
    Target { name: "media_offer", body: media_offer },
    Target { name: "private_map_key", body: private_map_key },
    Target { name: "private_map_key_record", body: private_map_key_record },
    Target { name: "probe_datagram", body: probe_datagram },
    Target { name: "red", body: red },
    Target { name: "request_signature", body: request_signature },
    Target { name: "rtcp", body: rtcp },
    Target { name: "sei", body: sei },
    Target { name: "stun_message", body: stun_message },
    Target { name: "turn_message", body: turn_message },
    Target { name: "user_sig", body: user_sig },
    Target { name: "user_sig_json", body: user_sig_json },
    Target { name: "video_packets", body: video_packets },
];

/// The secret key that samples are signed with.
pub const KEY: &str = "0123456789abcdef0123456789abcdef";
/// The time at which they are valid, in seconds since 1970.
pub const NOW_S: u64 = 1_700_000_000;
/// The app they are for.
pub const APP: u32 = 1_400_000_001;
/// The user they are for.
pub const USER: &str = "anna";
/// Whose requests to the Cloud API they are.
pub const SECRET_ID: &str = "AKIDexample";
