//! Hooks between encoders and network, of the boundary as those of the engine.

use std::sync::Arc;

use rtc_core::{AudioPacketHook, Changed, EncodedDataHook, VideoStreamType};

use crate::engine::{Encoded, EncodedKind, PacketBytes};

pub(super) fn data_hook(encoded: Option<Encoded>) -> Option<Arc<dyn EncodedDataHook>> {
    Some(Arc::new(Changes(encoded?)))
}

pub(super) fn packet_hook(bytes: Option<PacketBytes>) -> Option<Arc<dyn AudioPacketHook>> {
    Some(Arc::new(Beside(bytes?)))
}

struct Changes(Encoded);

impl EncodedDataHook for Changes {
    fn did_encode_video(&self, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        (self.0)(EncodedKind::OwnPicture, None, stream_type.into(), data)
    }

    fn will_decode_video(&self, user: &str, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        (self.0)(EncodedKind::OtherPicture, Some(user), stream_type.into(), data)
    }

    fn did_encode_audio(&self, data: &[u8]) -> Changed {
        (self.0)(EncodedKind::OwnSound, None, SOUND, data)
    }

    fn will_decode_audio(&self, user: &str, data: &[u8]) -> Changed {
        (self.0)(EncodedKind::OtherSound, Some(user), SOUND, data)
    }
}

struct Beside(PacketBytes);

impl AudioPacketHook for Beside {
    fn will_send(&self) -> Option<Vec<u8>> {
        (self.0)(None, &[])
    }

    fn did_receive(&self, user: &str, data: &[u8]) {
        (self.0)(Some(user), data);
    }
}

/// The stream type of what is no picture.
const SOUND: i32 = 0;
