//! One seat's voice on its way out: encoded, numbered and handed to the session. It captures nothing.

use std::sync::Arc;

use rtc_api::{AudioQuality, ErrorCode, Event};
use rtc_audio::{Block, Encoder, Gain, Mixer, OpusError, Protection, Quality, Volume};
use rtc_link::Link;
use rtc_protocol::{Codec, Layer, Track};
use rtc_session::Outgoing;

use rtc_video::cipher::{Cipher, CipherError};

use super::beside::{Outbound, PacketHooks};
use crate::courier::Courier;
use crate::picture::PayloadKey;

/// A voice on its way out.
pub(super) struct Sending {
    courier: Courier,
    encoder: Encoder,
    quality: Quality,
    /// Percent that is lost on the way up, and how many earlier packets each carries.
    network: (u8, u8),
    uplink: Option<Arc<Link>>,
    /// Whether the role and the room let it go out.
    is_open: bool,
    is_muted: bool,
    /// Over the capture volume: silence while muted.
    gain: Gain,
    mixer: Mixer,
    seq: u64,
    has_told_first: bool,
    is_broken: bool,
    /// What is sent is encrypted, or not sent where that does not work.
    cipher: Option<Result<Cipher, CipherError>>,
    outbound: Outbound,
    /// Whether something travels with the sound, which then has no pauses.
    has_extra: bool,
}

impl Sending {
    pub(super) fn new(courier: Courier, quality: Quality) -> Result<Self, OpusError> {
        Ok(Self {
            courier,
            encoder: encoder(quality, (0, 0))?,
            quality,
            network: (0, 0),
            uplink: None,
            is_open: false,
            is_muted: false,
            gain: Gain::default(),
            mixer: Mixer::new(),
            seq: 1,
            has_told_first: false,
            is_broken: false,
            cipher: None,
            outbound: Outbound::default(),
            has_extra: false,
        })
    }

    pub(super) fn quality(&self) -> Quality {
        self.quality
    }

    pub(super) fn set_quality(&mut self, quality: Quality) -> Result<(), OpusError> {
        if self.quality != quality {
            // Its timestamps begin anew, which receivers take for another source.
            self.encoder = encoder(quality, self.network)?;
            self.encoder.set_discontinuous(!self.has_extra && quality != Quality::Music)?;
            self.quality = quality;
        }
        Ok(())
    }

    pub(super) fn set_key(&mut self, key: Option<&PayloadKey>) {
        self.cipher = key.map(PayloadKey::cipher);
    }

    /// What an application does to packets.
    pub(super) fn set_hooks(&mut self, hooks: PacketHooks) -> PacketHooks {
        std::mem::replace(&mut self.outbound.hooks, hooks)
    }

    /// Bytes that travel with the next packet.
    pub(super) fn add_extra(&mut self, extra: &[u8]) {
        if !std::mem::replace(&mut self.has_extra, true)
            && let Err(error) = self.encoder.set_discontinuous(false)
        {
            tracing::warn!("bytes beside the sound wait while nothing is said: {error}");
        }
        self.outbound.add(extra.to_vec());
    }

    pub(super) fn connect(&mut self, uplink: Option<Arc<Link>>) {
        self.uplink = uplink;
        self.has_told_first = false;
    }

    /// What the network loses on the way up, percent, and how many earlier packets the session puts into each against that.
    pub(super) fn set_network(&mut self, loss: u8, repeated: u8) {
        self.network = (loss, repeated);
        if let Err(error) = self.encoder.protect(Protection::new(self.quality, loss, repeated)) {
            tracing::warn!("the voice could not be protected against loss: {error}");
        }
    }

    pub(super) fn set_open(&mut self, is_open: bool) {
        self.is_open = is_open;
        if !is_open {
            self.outbound.forget();
        }
    }

    pub(super) fn set_muted(&mut self, is_muted: bool) {
        self.is_muted = is_muted;
        self.gain.set(if is_muted { Volume::SILENT } else { Volume::UNITY });
    }

    pub(super) fn is_muted(&self) -> bool {
        self.is_muted
    }

    /// Sends a block, with `extra` mixed in.
    pub(super) fn send(&mut self, voice: &Block, extra: Option<&Block>) {
        let mut block = voice.clone();
        self.gain.apply(&mut block);
        if let Some(extra) = extra {
            self.mixer.add(&block, &mut Gain::default());
            self.mixer.add(extra, &mut Gain::default());
            block = self.mixer.finish();
        }
        let packet = match self.encoder.encode(&block) {
            Ok(Some(packet)) => packet,
            Ok(None) => return,
            Err(error) => return self.broken(&error),
        };
        let Some(uplink) = self.uplink.clone().filter(|_| self.is_open) else { return };
        let Some(passed) = self.outbound.pass(packet.payload) else { return };
        let payload = match &mut self.cipher {
            None => passed,
            Some(Ok(cipher)) => match cipher.seal_audio(&passed) {
                Ok(sealed) => sealed,
                Err(error) => return self.broken(&error),
            },
            Some(Err(error)) => {
                let words = error.to_string();
                return self.broken(&words);
            }
        };
        uplink.send(Outgoing {
            track: Track::Microphone,
            layer: Layer::Big,
            codec: Codec::Opus,
            seq: self.seq,
            time: packet.timestamp,
            marker: packet.marker,
            level: Some(packet.level.negative_dbov()),
            payload: payload.into(),
        });
        self.seq += 1;
        if !self.has_told_first {
            self.has_told_first = true;
            self.courier.tell(Event::SendFirstLocalAudioFrame);
        }
    }

    fn broken(&mut self, error: &dyn std::fmt::Display) {
        if !self.is_broken {
            self.courier.error(ErrorCode::AUDIO_ENCODE_FAIL, format!("the microphone's sound cannot be encoded: {error}"));
            self.is_broken = true;
        }
    }
}

/// The quality an application asks for.
pub(super) fn quality_of(quality: AudioQuality) -> Quality {
    match quality {
        AudioQuality::Speech => Quality::Speech,
        AudioQuality::Default => Quality::Default,
        AudioQuality::Music => Quality::Music,
    }
}

fn encoder(quality: Quality, (loss, repeated): (u8, u8)) -> Result<Encoder, OpusError> {
    let mut encoder = Encoder::new(quality)?;
    encoder.protect(Protection::new(quality, loss, repeated))?;
    Ok(encoder)
}
