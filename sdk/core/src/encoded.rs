//! What an application may do to pictures and sound between encoder and network: change them, for an encryption of its own
//! say, and put bytes beside packets of sound. It sees no frames.

use rtc_api::VideoStreamType;

pub use rtc_video::changed::Changed;

/// Changes encoded pictures and sound before they are sent and back after they have come
/// (`ITXLiteAVEncodedDataProcessingListener`). Pictures are shown on the threads of their streams, sound on those of microphone
/// and speaker: whoever takes long makes it stutter. What a hook panics over goes nowhere.
///
/// What was changed is seen and heard only by those who change it back: the others, browsers among them, see nothing and hear
/// silence. Recordings are made before it.
pub trait EncodedDataHook: Send + Sync {
    /// An own picture: a VP8 frame, or an access unit of H.264 in Annex B form.
    fn did_encode_video(&self, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        let _ = (stream_type, data);
        Changed::No
    }

    /// Somebody's picture: what he made of it, or the picture itself where he did not change it. The small layer is told as
    /// such where it was asked for; the engine may have given the big one.
    fn will_decode_video(&self, user: &str, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        let _ = (user, stream_type, data);
        Changed::No
    }

    /// 20 ms of the own sound: an Opus packet. At most [`MOST_SOUND`] bytes can take its place.
    fn did_encode_audio(&self, data: &[u8]) -> Changed {
        let _ = data;
        Changed::No
    }

    /// Somebody's sound, as for pictures.
    fn will_decode_audio(&self, user: &str, data: &[u8]) -> Changed {
        let _ = (user, data);
        Changed::No
    }
}

/// Puts bytes beside packets of sound, and reads those of others (`ITRTCAudioPacketListener`). Called on the threads of
/// microphone and speaker.
pub trait AudioPacketHook: Send + Sync {
    /// A packet is about to be sent: the bytes that shall travel with it, at most [`MOST_BESIDE`].
    fn will_send(&self) -> Option<Vec<u8>> {
        None
    }

    /// A packet with bytes beside it has come, some time before its sound is heard.
    fn did_receive(&self, user: &str, data: &[u8]) {
        let _ = (user, data);
    }
}

/// The most bytes that a packet of sound may become: it has to fit a datagram.
pub const MOST_SOUND: usize = 1000;

/// The most bytes beside one packet of sound.
pub const MOST_BESIDE: usize = 100;
