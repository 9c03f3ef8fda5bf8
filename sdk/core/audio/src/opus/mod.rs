//! The Opus codec (RFC 6716) with its redundancies; not when packets are sent or played.

mod decoder;
mod encoder;
mod protection;

pub(crate) use decoder::{Decoder, PacketHeader};
pub use encoder::{Encoder, PACKET_FRAMES, Packet, Quality};
pub use protection::Protection;

/// Why the codec refused. A packet that cannot be decoded is concealed; anything else says that the codec cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpusError {
    /// The bytes are no Opus packet.
    #[error("the bytes are not an Opus packet: drop them")]
    InvalidPacket,
    /// Memory for the codec's state is missing.
    #[error("no memory for the codec's state: close other applications")]
    NoMemory,
    /// The codec reported a number that it should not report here.
    #[error("the codec failed with code {0}: create it anew")]
    Codec(i32),
}

impl From<opusic_c::ErrorCode> for OpusError {
    fn from(error: opusic_c::ErrorCode) -> Self {
        match error {
            opusic_c::ErrorCode::InvalidPacket => Self::InvalidPacket,
            opusic_c::ErrorCode::AllocFail => Self::NoMemory,
            other => Self::Codec(other as i32),
        }
    }
}
