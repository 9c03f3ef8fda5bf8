//! From blocks to Opus packets of 20 ms; not their RTP headers.

use std::time::Duration;

use opusic_c::{Application, Bandwidth, Bitrate, InbandFec, SampleRate, Signal};

use super::{OpusError, Protection};
use crate::{BLOCK_FRAMES, Block, Channels, Level};

/// Frames of one packet: 20 ms.
pub const PACKET_FRAMES: usize = 2 * BLOCK_FRAMES;

/// More bytes than a packet of 20 ms may have, with all redundancy in it: RFC 6716 section 3.2.1 allows 1275, and deep
/// redundancy travels in the padding. It is also what fits a datagram.
const MAX_PACKET_LEN: usize = 1400;

/// A packet of at most this many bytes holds no sound (RFC 6716 section 2.1.9).
pub(crate) const DTX_LEN: usize = 2;

/// What sound is captured and encoded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quality {
    /// Speech that has to get through: up to 8 kHz of it (as sampling at 16 kHz has), mono, 16 kbit/s.
    Speech,
    /// Speech and some music: full band, mono, 50 kbit/s.
    #[default]
    Default,
    /// Music: full band, stereo, 128 kbit/s.
    Music,
}

impl Quality {
    /// Whether it is mono or stereo.
    pub const fn channels(self) -> Channels {
        match self {
            Self::Speech | Self::Default => Channels::Mono,
            Self::Music => Channels::Stereo,
        }
    }

    /// Bits a second, unless [`Encoder::set_bitrate`] says otherwise.
    pub const fn bitrate(self) -> u32 {
        match self {
            Self::Speech => 16_000,
            Self::Default => 50_000,
            Self::Music => 128_000,
        }
    }
}

/// One encoded packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The Opus packet, 1 to 1400 bytes.
    pub payload: Vec<u8>,
    /// Frames at 48 kHz since the encoder began, wrapping: the RTP timestamp but for the sender's random start.
    pub timestamp: u32,
    /// How loud it is (RFC 6464).
    pub level: Level,
    /// Whether it is the first after a pause, which the RTP marker bit tells (RFC 7587 section 4.2).
    pub marker: bool,
}

/// Encodes one sender's sound. The bits for redundancy are taken from the bitrate, not added to it.
pub struct Encoder {
    opus: opusic_c::Encoder,
    quality: Quality,
    half: Option<Block>,
    timestamp: u32,
    paused: bool,
}

impl Encoder {
    /// An encoder with in-band error correction and discontinuous transmission on; the latter not for music.
    pub fn new(quality: Quality) -> Result<Self, OpusError> {
        let channels = match quality.channels() {
            Channels::Mono => opusic_c::Channels::Mono,
            Channels::Stereo => opusic_c::Channels::Stereo,
        };
        let application = if quality == Quality::Music { Application::Audio } else { Application::Voip };
        let mut opus = opusic_c::Encoder::new(channels, SampleRate::Hz48000, application)?;
        opus.set_bitrate(Bitrate::Value(quality.bitrate()))?;
        // In music, mode 2 corrects errors where the codec codes speech, but does not leave the better music codec for it.
        opus.set_inband_fec(if quality == Quality::Music { InbandFec::Mode2 } else { InbandFec::Mode1 })?;
        opus.set_dtx(quality != Quality::Music)?;
        opus.set_signal(if quality == Quality::Music { Signal::Music } else { Signal::Voice })?;
        opus.set_max_bandwidth(widest(quality))?;
        Ok(Self { opus, quality, half: None, timestamp: 0, paused: false })
    }

    /// What it was made for.
    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// Arms the voice against loss, all at once.
    pub fn protect(&mut self, protection: Protection) -> Result<(), OpusError> {
        self.set_bitrate(protection.bitrate)?;
        self.set_wideband(protection.wideband)?;
        self.set_error_correction(protection.correction)?;
        self.set_expected_loss(protection.expected_loss)?;
        self.set_deep_redundancy(protection.deep)
    }

    /// Bits a second, clamped to 6 000..=510 000 (RFC 6716 section 2.1.1).
    pub fn set_bitrate(&mut self, bits_per_second: u32) -> Result<(), OpusError> {
        Ok(self.opus.set_bitrate(Bitrate::Value(bits_per_second.clamp(6_000, 510_000)))?)
    }

    /// Whether only what 8 kHz of sound hold is coded, whatever the quality would have: what is left of a small bitrate
    /// makes that part better.
    pub fn set_wideband(&mut self, on: bool) -> Result<(), OpusError> {
        let bandwidth = if on { Bandwidth::Wide } else { widest(self.quality) };
        Ok(self.opus.set_max_bandwidth(bandwidth)?)
    }

    /// The loss to be armed against, in percent, clamped to 100. In-band error correction and deep redundancy get their
    /// share of the bits by it; with 0 there is none.
    pub fn set_expected_loss(&mut self, percent: u8) -> Result<(), OpusError> {
        Ok(self.opus.set_packet_loss(percent.min(100))?)
    }

    /// How far deep redundancy (DRED) reaches back, in steps of 10 ms up to 1.04 s; zero turns it off. Every Opus decoder
    /// can play such packets, ours can also repair with them.
    pub fn set_deep_redundancy(&mut self, reach: Duration) -> Result<(), OpusError> {
        let frames = (reach.as_millis() / 10).min(104);
        // At most 104, as just made sure.
        Ok(self.opus.set_dred_duration(frames as u8)?)
    }

    /// Whether each packet carries a rougher copy of the one before (RFC 6716 section 2.1.7).
    pub fn set_error_correction(&mut self, on: bool) -> Result<(), OpusError> {
        let mode = match (on, self.quality) {
            (false, _) => InbandFec::Off,
            (true, Quality::Music) => InbandFec::Mode2,
            (true, _) => InbandFec::Mode1,
        };
        Ok(self.opus.set_inband_fec(mode)?)
    }

    /// Whether nothing is sent while nothing is said (RFC 6716 section 2.1.9).
    pub fn set_discontinuous(&mut self, on: bool) -> Result<(), OpusError> {
        Ok(self.opus.set_dtx(on)?)
    }

    /// Takes 10 ms in any number of channels. Gives a packet for every second block, except in a pause, in which only the
    /// first packet and one about every 400 ms are worth sending.
    pub fn encode(&mut self, block: &Block) -> Result<Option<Packet>, OpusError> {
        let block = block.to_channels(self.quality.channels());
        let Some(first) = self.half.take() else {
            self.half = Some(block);
            return Ok(None);
        };
        let mut samples = [0i16; 2 * PACKET_FRAMES];
        let half = first.samples().len();
        samples[..half].copy_from_slice(first.samples());
        samples[half..2 * half].copy_from_slice(block.samples());
        let samples = &samples[..2 * half];
        let timestamp = self.timestamp;
        self.timestamp = timestamp.wrapping_add(PACKET_FRAMES as u32);

        // The binding takes the bits of the samples as unsigned numbers and hands them to a function of signed ones.
        let mut bits = [0u16; 2 * PACKET_FRAMES];
        for (bits, &sample) in bits.iter_mut().zip(samples) {
            *bits = sample as u16;
        }
        let mut payload = vec![0; MAX_PACKET_LEN];
        let len = self.opus.encode_to_slice(&bits[..samples.len()], &mut payload)?;
        payload.truncate(len);
        payload.shrink_to_fit();

        let pause = len <= DTX_LEN;
        let marker = self.paused && !pause;
        // The first packet of a pause tells the receiver that this is one, so that it does not take it for loss.
        let send = !(pause && self.paused);
        self.paused = pause;
        Ok(send.then(|| Packet { payload, timestamp, level: Level::of(samples), marker }))
    }

    /// How many frames of 48 kHz the sound is late by the codec's own looking ahead, encoder and decoder together.
    pub fn delay_frames(&mut self) -> Result<u32, OpusError> {
        Ok(self.opus.get_look_ahead()?)
    }
}

fn widest(quality: Quality) -> Bandwidth {
    if quality == Quality::Speech { Bandwidth::Wide } else { Bandwidth::Full }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("quality", &self.quality).field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tone;

    fn encoded_bytes(quality: Quality, seconds: usize) -> usize {
        let mut encoder = Encoder::new(quality).unwrap();
        let mut tone = Tone::speech_like(1);
        let blocks = seconds * 100;
        (0..blocks)
            .filter_map(|_| encoder.encode(&tone.block(Channels::Stereo)).unwrap())
            .map(|packet| packet.payload.len())
            .sum()
    }

    #[test]
    fn each_quality_keeps_to_its_bitrate() {
        for quality in [Quality::Speech, Quality::Default, Quality::Music] {
            let bitrate = encoded_bytes(quality, 10) as f64 * 8.0 / 10.0;
            let wanted = f64::from(quality.bitrate());
            assert!((0.4 * wanted..1.2 * wanted).contains(&bitrate), "{quality:?}: {bitrate} bit/s");
        }
    }

    #[test]
    fn two_blocks_make_a_packet_and_timestamps_count_frames() {
        let mut encoder = Encoder::new(Quality::Default).unwrap();
        let mut tone = Tone::new(440.0, 0.5);
        assert_eq!(encoder.encode(&tone.block(Channels::Mono)).unwrap(), None);
        let first = encoder.encode(&tone.block(Channels::Mono)).unwrap().unwrap();
        encoder.encode(&tone.block(Channels::Mono)).unwrap();
        let second = encoder.encode(&tone.block(Channels::Mono)).unwrap().unwrap();
        assert_eq!((first.timestamp, second.timestamp), (0, 960));
        assert_eq!(second.level.negative_dbov(), 9);
    }

    #[test]
    fn in_silence_hardly_anything_is_sent_and_speech_after_it_is_marked() {
        let mut encoder = Encoder::new(Quality::Default).unwrap();
        let mut speech = Tone::speech_like(2);
        for _ in 0..100 {
            encoder.encode(&speech.block(Channels::Mono)).unwrap();
        }
        let silence = Block::silence(Channels::Mono);
        let sent = (0..400).filter_map(|_| encoder.encode(&silence).unwrap()).count();
        assert!(sent < 60, "{sent} of 200 packets of silence were sent");
        let mut loud = Tone::new(300.0, 0.5);
        let next = (0..10).find_map(|_| encoder.encode(&loud.block(Channels::Mono)).unwrap()).unwrap();
        assert!(next.marker);
    }

    #[test]
    fn redundancy_is_in_the_packets_when_asked_for() {
        let mut encoder = Encoder::new(Quality::Default).unwrap();
        encoder.set_expected_loss(30).unwrap();
        encoder.set_deep_redundancy(Duration::from_millis(500)).unwrap();
        let mut speech = Tone::speech_like(3);
        let packets: Vec<_> = (0..200).filter_map(|_| encoder.encode(&speech.block(Channels::Mono)).unwrap()).collect();
        let headers: Vec<_> = packets.iter().map(|packet| crate::opus::PacketHeader::read(&packet.payload).unwrap()).collect();
        assert!(headers.iter().filter(|header| header.may_have_deep_redundancy).count() > 50);
        assert!(headers.iter().filter(|header| header.has_previous).count() > 50);
    }
}
