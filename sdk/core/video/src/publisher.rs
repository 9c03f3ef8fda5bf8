//! One source on its way out: plan, encoders, the application's changes, messages, encryption and packets of up to two layers. It has no thread and no
//! clock, and sends nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::changed::{self, Change, Changed};
use crate::cipher::{Cipher, CipherError};
use crate::codec::{CodecError, Codecs, Content, EncodedFrame, EncoderSettings, VideoCodec, VideoEncoder};
use crate::frame::{Frame, FrameError, Pool, Size};
use crate::layers::{Job, Layer, LayerSettings, Layers};
use crate::rate::QualityPreference;
use crate::rtp::{self, MAX_PAYLOAD, Packetizer, Payload};
use crate::sei::{self, Sei, SeiError};

/// What a publisher is made with.
#[derive(Debug, Clone, Copy)]
pub struct PublisherSettings {
    /// How pictures are written.
    pub codec: VideoCodec,
    /// What is shown.
    pub content: Content,
    /// The big layer.
    pub big: LayerSettings,
    /// What matters more when bits are few.
    pub preference: QualityPreference,
    /// Where VP8 picture numbers begin; random.
    pub picture_id: u16,
}

/// One encoded picture of one layer.
#[derive(Debug, Clone)]
pub struct Published {
    /// Of which layer.
    pub layer: Layer,
    /// The picture before the application's changes and encryption, for local recording.
    pub frame: EncodedFrame,
    /// The RTP time of all payloads.
    pub time: u32,
    /// What to send, in this order.
    pub payloads: Vec<Payload>,
}

/// Why a picture was not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// It could not be scaled or turned.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// It could not be encoded. The next picture gets a new encoder.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// It could not be encrypted, and was not sent in the clear.
    #[error(transparent)]
    Cipher(#[from] CipherError),
}

/// Turns the pictures of one source into packets.
pub struct Publisher {
    codecs: Arc<dyn Codecs>,
    codec: VideoCodec,
    content: Content,
    layers: Layers,
    outlets: [Outlet; 2],
    cipher: Option<Cipher>,
    change: Option<Change>,
    messages: VecDeque<(Sei, u32)>,
}

/// The way of one layer.
struct Outlet {
    encoder: Option<Box<dyn VideoEncoder>>,
    settings: EncoderSettings,
    packetizer: Packetizer,
    needs_key: bool,
}

impl Publisher {
    /// A publisher of the big layer. A small one is added by [`Publisher::layers`].
    pub fn new(settings: PublisherSettings, codecs: Arc<dyn Codecs>, pool: &Pool) -> Self {
        let outlet = |first: u16| Outlet {
            encoder: None,
            settings: EncoderSettings::default(),
            packetizer: Packetizer::new(MAX_PAYLOAD, first),
            needs_key: true,
        };
        Self {
            codecs,
            codec: settings.codec,
            content: settings.content,
            layers: Layers::new(settings.big, settings.preference, pool),
            // Receivers that follow a switch between layers must not take one's number for the other's.
            outlets: [outlet(settings.picture_id), outlet(settings.picture_id.wrapping_add(0x4000))],
            cipher: None,
            change: None,
            messages: VecDeque::new(),
        }
    }

    /// What is encoded, and with how many bits.
    pub const fn layers(&mut self) -> &mut Layers {
        &mut self.layers
    }

    /// Writes pictures in another codec from the next one on, which is a key frame.
    pub fn set_codec(&mut self, codec: VideoCodec) {
        if self.codec != codec {
            self.codec = codec;
            self.outlets.iter_mut().for_each(Outlet::close);
        }
    }

    /// How pictures are written.
    pub const fn codec(&self) -> VideoCodec {
        self.codec
    }

    /// Encrypts pictures from the next one on, or no longer. It has to be a cipher of its own.
    pub fn set_cipher(&mut self, cipher: Option<Cipher>) {
        self.cipher = cipher;
        self.outlets.iter_mut().for_each(|outlet| outlet.needs_key = true);
    }

    /// Has encoded pictures changed from the next one on, or no longer.
    pub fn set_change(&mut self, change: Option<Change>) {
        self.change = change;
    }

    /// Makes the next picture of a layer a key frame.
    pub const fn want_keyframe(&mut self, layer: Layer) {
        self.outlets[layer as usize].needs_key = true;
    }

    /// Puts a message into the next pictures of the big layer, as many as `count` says, at least one. It waits until there
    /// are any in H.264; VP8 carries none. False when 32 messages wait already.
    ///
    /// # Errors
    /// [`SeiError::Length`].
    pub fn send_message(&mut self, message: Sei, count: u32) -> Result<bool, SeiError> {
        if message.data.len() > sei::MAX_BYTES {
            return Err(SeiError::Length(message.data.len()));
        }
        let has_room = self.messages.len() < MAX_MESSAGES;
        if has_room {
            self.messages.push_back((message, count.max(1)));
        }
        Ok(has_room)
    }

    /// Takes a picture of the source and gives what came of it, nothing if it is left out. A layer whose picture failed is
    /// missing; the error is that of the last one that did.
    pub fn handle_frame(&mut self, frame: &Frame) -> (Vec<Published>, Option<PublishError>) {
        let (mut published, mut error) = (Vec::new(), None);
        for layer in [Layer::Big, Layer::Small] {
            if self.layers.budget(layer).is_none() {
                // Who watches again has to begin somewhere.
                self.outlets[layer as usize].needs_key = true;
            }
        }
        match self.layers.handle_frame(frame) {
            Ok(jobs) => {
                for job in jobs {
                    match self.publish(&job) {
                        Ok(picture) => published.extend(picture),
                        Err(e) => {
                            self.outlets[job.layer as usize].close();
                            error = Some(e);
                        }
                    }
                }
            }
            Err(e) => error = Some(e.into()),
        }
        (published, error)
    }

    fn publish(&mut self, job: &Job) -> Result<Option<Published>, PublishError> {
        let outlet = &mut self.outlets[job.layer as usize];
        let settings = EncoderSettings {
            bitrate_kbps: job.bitrate_kbps,
            frame_rate: job.frame_rate,
            content: self.content,
            threads: threads(self.codec, job.frame.size()),
        };
        let Some(frame) = outlet.encode(&*self.codecs, self.codec, settings, &job.frame)? else { return Ok(None) };
        let changed = self.change.as_ref().map_or(Changed::No, |change| change(job.layer, &frame.data));
        let (mut wire, is_changed) = match changed {
            Changed::No => (frame.clone(), false),
            Changed::To(changed) => (changed::wrap(&frame, &changed), true),
            Changed::Lost => {
                // What follows builds on it.
                outlet.needs_key = true;
                return Ok(None);
            }
        };
        if job.layer == Layer::Big && wire.codec == VideoCodec::H264 && !self.messages.is_empty() {
            wire = with_messages(wire, &mut self.messages);
        }
        let sealed = self.cipher.as_mut().map(|cipher| cipher.seal_frame(&wire)).transpose()?;
        let payloads = outlet.packetizer.packetize(sealed.as_ref().unwrap_or(&wire));
        let frame = if is_changed { frame } else { wire };
        Ok(Some(Published { layer: job.layer, time: rtp::time(frame.time_us), frame, payloads }))
    }
}

impl Outlet {
    fn close(&mut self) {
        self.encoder = None;
        self.needs_key = true;
    }

    fn encode(
        &mut self,
        codecs: &dyn Codecs,
        codec: VideoCodec,
        settings: EncoderSettings,
        frame: &Frame,
    ) -> Result<Option<EncodedFrame>, CodecError> {
        let fixed = |settings: EncoderSettings| (settings.content, settings.threads);
        let encoder = match &mut self.encoder {
            Some(encoder) if fixed(self.settings) == fixed(settings) => {
                if self.settings.bitrate_kbps != settings.bitrate_kbps {
                    encoder.set_bitrate(settings.bitrate_kbps);
                }
                if self.settings.frame_rate != settings.frame_rate {
                    encoder.set_frame_rate(settings.frame_rate);
                }
                encoder
            }
            encoder => encoder.insert(codecs.encoder(codec, settings)?),
        };
        self.settings = settings;
        let encoded = encoder.encode(frame, self.needs_key)?;
        // A key frame that was left out is still owed.
        self.needs_key &= encoded.as_ref().is_none_or(|frame| !frame.key);
        Ok(encoded)
    }
}

/// The picture with the messages that wait, each counted down.
fn with_messages(frame: EncodedFrame, messages: &mut VecDeque<(Sei, u32)>) -> EncodedFrame {
    let now: Vec<Sei> = messages.iter().take(sei::MAX_PER_PICTURE).map(|(message, _)| message.clone()).collect();
    // Their lengths were checked when they came, and an encoder's picture has a slice; if not, they wait for the next one.
    let Ok(data) = Sei::insert(&now, &frame.data) else { return frame };
    messages.iter_mut().take(now.len()).for_each(|(_, count)| *count -= 1);
    messages.retain(|(_, count)| *count > 0);
    EncodedFrame { data: data.into(), ..frame }
}

/// Threads for pictures of this size. The rows of VP8's second thread wait for those of the first by spinning, which on cores
/// that have something else to do takes many times as long as one thread alone; slices of H.264 need nothing of each other.
const fn threads(codec: VideoCodec, size: Size) -> u32 {
    match codec {
        VideoCodec::H264 if size.area() >= TWO_THREADS_FROM => 2,
        VideoCodec::H264 | VideoCodec::Vp8 => 1,
    }
}

const MAX_MESSAGES: usize = 32;
/// Pixels from which a second thread helps more than it costs.
const TWO_THREADS_FROM: u32 = 1280 * 720;
