//! The application's hooks between encoders and network, which last until others take their place.

use std::sync::Arc;

use super::Control;
use crate::encoded::{AudioPacketHook, EncodedDataHook};

impl Control {
    pub(crate) fn set_encoded_hook(&mut self, hook: Option<Arc<dyn EncodedDataHook>>) {
        self.pictures.set_encoded(hook.as_ref());
        self.packet_hooks.encoded = hook;
        self.seat.set_packet_hooks(&self.packet_hooks);
    }

    pub(crate) fn set_audio_packet_hook(&mut self, hook: Option<Arc<dyn AudioPacketHook>>) {
        self.packet_hooks.beside = hook;
        self.seat.set_packet_hooks(&self.packet_hooks);
    }
}
