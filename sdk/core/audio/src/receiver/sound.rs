//! Decoded sound on its way out, and the decoder that makes it; not the choice of what is decoded.

use super::stretch;
use super::{Waiting, WaitingPacket};
use crate::opus::{Decoder, OpusError};
use crate::{Block, Channels, from_float};

/// Concealed sound fades out from here ...
const FADE_AFTER: i64 = 200 * 48;
/// ... for this long, and what follows fades in for that long.
const FADE_OUT: f32 = 100.0 * 48.0;
const FADE_IN: f32 = 5.0 * 48.0;

/// Packets behind a hole that are asked for its sound.
const ASKED: usize = 3;

/// Where recovered sound came from.
pub(super) enum Recovered {
    /// The copy in the packet behind.
    Previous,
    /// Deep redundancy.
    Deep,
}

/// A queue of sound. Lengths are frames at 48 kHz.
#[derive(Default)]
pub(super) struct Sound {
    decoder: Option<Decoder>,
    /// Interleaved, decoded and not yet given out.
    ready: Vec<f32>,
    channels: Channels,
    /// How much concealment is turned down, 0..=1.
    damping: f32,
    /// The packet whose deep redundancy the decoder has read.
    deep_of: Option<i64>,
    deep_reach: i64,
}

impl Sound {
    /// Another stream begins, whose packets a decoder of this one does not understand. What is ready is still played.
    pub(super) fn restart(&mut self) {
        self.decoder = None;
        self.deep_of = None;
        self.deep_reach = 0;
    }

    pub(super) fn frames(&self) -> usize {
        self.ready.len() / self.channels.count()
    }

    /// How far back deep redundancy has reached in this stream.
    pub(super) fn deep_reach(&self) -> i64 {
        self.deep_reach
    }

    /// The first 10 ms; what is missing of them is silence.
    pub(super) fn take_block(&mut self) -> Block {
        let mut block = Block::silence(self.channels);
        let len = block.samples().len().min(self.ready.len());
        for (sample, value) in block.samples_mut().iter_mut().zip(self.ready.drain(..len)) {
            *sample = from_float(value);
        }
        block
    }

    /// Throws away what is ready; what comes next fades in.
    pub(super) fn clear(&mut self) {
        self.ready.clear();
        self.damping = 1.0;
    }

    /// Appends the sound of a packet.
    pub(super) fn play(&mut self, packet: &WaitingPacket) -> Result<(), OpusError> {
        self.prepare(packet.header.channels)?;
        let before = self.frames();
        let Some(decoder) = &mut self.decoder else { return Err(OpusError::NoMemory) };
        decoder.decode(&packet.payload, &mut self.ready)?;
        self.fade_in(before);
        Ok(())
    }

    /// Appends the lost sound of this place from the packets behind it, if they have it.
    pub(super) fn recover(&mut self, place: i64, frames: usize, waiting: &Waiting) -> Option<Recovered> {
        let (before, before_frames) = (self.ready.len(), self.frames());
        let decoder = self.decoder.as_mut()?;
        if let Some((&behind, packet)) = waiting.first_key_value()
            && behind - place == frames as i64
            && packet.header.has_previous
            && decoder.decode_previous(&packet.payload, frames, &mut self.ready).is_ok()
        {
            self.fade_in(before_frames);
            return Some(Recovered::Previous);
        }
        for (&behind, packet) in waiting.iter().take(ASKED) {
            if !packet.header.may_have_deep_redundancy {
                continue;
            }
            if self.deep_of != Some(behind) {
                self.deep_of = None;
                match decoder.read_deep(&packet.payload) {
                    Ok(true) => self.deep_of = Some(behind),
                    _ => continue,
                }
            }
            // Whatever waits is behind the hole.
            let distance = usize::try_from(behind - place).unwrap_or(0);
            if decoder.deep_covers(distance) && decoder.decode_deep(distance, frames, &mut self.ready).is_ok() {
                self.deep_reach = self.deep_reach.max(decoder.deep_reach() as i64);
                self.fade_in(before_frames);
                return Some(Recovered::Deep);
            }
        }
        self.ready.truncate(before);
        None
    }

    /// Appends a guess, which fades out when `concealed` frames in a row, these included, were guessed.
    pub(super) fn pretend(&mut self, frames: usize, concealed: i64) {
        if self.damping >= 1.0 {
            self.silence(frames);
            return;
        }
        let before = self.frames();
        self.guess(frames);
        let channels = self.channels.count();
        let fading = concealed > FADE_AFTER;
        for frame in self.ready[before * channels..].chunks_exact_mut(channels) {
            if fading {
                self.damping = (self.damping + 1.0 / FADE_OUT).min(1.0);
            }
            for value in frame {
                *value *= 1.0 - self.damping;
            }
        }
    }

    /// Appends what the decoder would say if a packet were lost, which after a pausing one is comfort noise.
    pub(super) fn guess(&mut self, frames: usize) {
        let before = self.ready.len();
        let wanted = before + frames * self.channels.count();
        if let Some(decoder) = &mut self.decoder
            && decoder.conceal(frames, &mut self.ready).is_err()
        {
            self.ready.truncate(before);
        }
        self.ready.resize(wanted, 0.0);
    }

    pub(super) fn silence(&mut self, frames: usize) {
        let wanted = self.ready.len() + frames * self.channels.count();
        self.ready.resize(wanted, 0.0);
    }

    /// Leaves out up to `most` frames. Returns how many.
    pub(super) fn shorten(&mut self, most: usize, likeness: f32) -> usize {
        stretch::shorten(&mut self.ready, self.channels.count(), most, likeness)
    }

    /// Repeats up to `most` frames. Returns how many.
    pub(super) fn lengthen(&mut self, most: usize, likeness: f32) -> usize {
        stretch::lengthen(&mut self.ready, self.channels.count(), most, likeness)
    }

    /// Makes a decoder for these channels, if there is none that plays them.
    fn prepare(&mut self, channels: Channels) -> Result<(), OpusError> {
        let more = channels == Channels::Stereo && self.channels == Channels::Mono;
        if self.decoder.is_some() && !more {
            return Ok(());
        }
        // A decoder of stereo plays mono as well, so that the number changes once at most.
        let channels = if more { channels } else { self.channels };
        self.decoder = Some(Decoder::new(channels)?);
        self.deep_of = None;
        if more {
            self.channels = channels;
            self.ready = self.ready.iter().flat_map(|&value| [value, value]).collect();
        }
        Ok(())
    }

    /// Sound comes again: brings what was added from this frame on back to full loudness.
    fn fade_in(&mut self, from: usize) {
        let channels = self.channels.count();
        for frame in self.ready[from * channels..].chunks_exact_mut(channels) {
            if self.damping <= 0.0 {
                break;
            }
            self.damping = (self.damping - 1.0 / FADE_IN).max(0.0);
            for value in frame {
                *value *= 1.0 - self.damping;
            }
        }
    }
}
