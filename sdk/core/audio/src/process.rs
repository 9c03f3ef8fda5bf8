//! Echo, noise and level of a microphone, by `sonora`; not where the sound comes from or goes to.

use std::time::Duration;

use sonora::config::{AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, MaxProcessingRate, Pipeline};
use sonora::{AudioProcessing, Config, StreamConfig};

use crate::{Block, Channels, Quality, RATE};

/// How strongly steady noise is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoiseSuppression {
    /// Not at all.
    Off,
    /// By about 6 dB.
    Low,
    /// By about 12 dB.
    Moderate,
    /// By about 18 dB.
    #[default]
    High,
    /// By about 21 dB; speech suffers.
    VeryHigh,
}

/// What is done to the microphone's sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Processing {
    /// Take away what the loudspeaker plays.
    pub echo: bool,
    /// Take away steady noise.
    pub noise: NoiseSuppression,
    /// Bring speech to an even level.
    pub gain: bool,
}

impl Processing {
    /// Nothing is done.
    pub const OFF: Self = Self { echo: false, noise: NoiseSuppression::Off, gain: false };

    /// What suits a quality: everything for speech; nothing for music, which would suffer.
    pub fn of(quality: Quality) -> Self {
        match quality {
            Quality::Speech => Self { echo: true, noise: NoiseSuppression::High, gain: true },
            Quality::Default => Self { echo: true, noise: NoiseSuppression::Moderate, gain: true },
            Quality::Music => Self::OFF,
        }
    }

    fn config(self) -> Config {
        use sonora::config::NoiseSuppressionLevel as Level;
        let level = match self.noise {
            NoiseSuppression::Off => None,
            NoiseSuppression::Low => Some(Level::Low),
            NoiseSuppression::Moderate => Some(Level::Moderate),
            NoiseSuppression::High => Some(Level::High),
            NoiseSuppression::VeryHigh => Some(Level::VeryHigh),
        };
        Config {
            pipeline: Pipeline { maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz, ..Pipeline::default() },
            high_pass_filter: (self != Self::OFF).then(HighPassFilter::default),
            echo_canceller: self.echo.then(EchoCanceller::default),
            noise_suppression: level
                .map(|level| sonora::config::NoiseSuppression { level, ..sonora::config::NoiseSuppression::default() }),
            gain_controller2: self
                .gain
                .then(|| GainController2 { adaptive_digital: Some(AdaptiveDigital::default()), ..GainController2::default() }),
            ..Config::default()
        }
    }
}

/// Why a block could not be processed; it was left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the processing of captured sound failed ({0}): create it anew")]
pub struct ProcessError(sonora::Error);

/// Processes one microphone against one loudspeaker. For each 10 ms, what is about to be played is shown to
/// [`Processor::render`], and what was captured is changed by [`Processor::capture`].
#[derive(Debug)]
pub struct Processor {
    parts: AudioProcessing,
    processing: Processing,
}

impl Processor {
    /// A processor that does this.
    pub fn new(processing: Processing) -> Self {
        Self { parts: AudioProcessing::builder().config(processing.config()).build(), processing }
    }

    /// What is done now.
    pub fn processing(&self) -> Processing {
        self.processing
    }

    /// Does this from the next block on.
    pub fn set(&mut self, processing: Processing) {
        if processing != self.processing {
            self.processing = processing;
            self.parts.apply_config(processing.config());
        }
    }

    /// The time from [`Processor::render`] until the same sound comes back to [`Processor::capture`], where it is known:
    /// the buffers of both devices. The canceller finds it by itself as well, but sooner with this. At most 500 ms.
    pub fn set_delay(&mut self, delay: Duration) {
        let milliseconds = delay.as_millis().min(500) as i32;
        // An error says that the value was clamped, which is as good as can be.
        let _ = self.parts.set_stream_delay_ms(milliseconds);
    }

    /// Shows what is about to be played. It changes nothing in it.
    pub fn render(&mut self, block: &Block) -> Result<(), ProcessError> {
        if !self.processing.echo {
            return Ok(());
        }
        let config = config_of(block.channels());
        let mut unused = [0i16; 960];
        let unused = &mut unused[..block.samples().len()];
        self.parts.process_render_i16_with_config(block.samples(), &config, &config, unused).map_err(ProcessError)
    }

    /// Changes what was captured.
    pub fn capture(&mut self, block: &mut Block) -> Result<(), ProcessError> {
        if self.processing == Processing::OFF {
            return Ok(());
        }
        let config = config_of(block.channels());
        let input = block.clone();
        self.parts.process_capture_i16_with_config(input.samples(), &config, &config, block.samples_mut()).map_err(ProcessError)
    }
}

fn config_of(channels: Channels) -> StreamConfig {
    // One or two.
    StreamConfig::new(RATE, channels.count() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::Random;
    use crate::{Tone, from_float, to_float};

    fn energy(block: &Block) -> f64 {
        block.samples().iter().map(|&sample| f64::from(to_float(sample)).powi(2)).sum()
    }

    fn decibels(part: f64, whole: f64) -> f64 {
        10.0 * (part.max(1e-12) / whole).log10()
    }

    /// What a room makes of a loudspeaker: 60 ms later, with two reflections, at a third of the loudness.
    fn echo(history: &[i16]) -> Block {
        let mut block = Block::silence(Channels::Mono);
        for (n, sample) in block.samples_mut().iter_mut().enumerate() {
            let at = |late: usize| (history.len() + n).checked_sub(480 + late).and_then(|i| history.get(i)).copied();
            let sum: f32 = [(2_880, 0.3), (3_300, 0.12), (4_010, 0.07)]
                .into_iter()
                .map(|(late, factor)| to_float(at(late).unwrap_or(0)) * factor)
                .sum();
            *sample = from_float(sum);
        }
        block
    }

    #[test]
    fn the_far_voice_does_not_come_back_but_the_near_one_passes() {
        let processing = Processing { echo: true, noise: NoiseSuppression::Off, gain: false };
        let mut processor = Processor::new(processing);
        let (mut far, mut near) = (Tone::speech_like(1), Tone::speech_like(2));
        let mut history = Vec::new();
        let (mut before, mut after, mut near_before, mut near_after) = (0.0, 0.0, 0.0, 0.0);
        for n in 0..1600 {
            // Ten seconds of the far end alone, then six of the near end alone.
            let played = if n < 1000 { far.block(Channels::Mono) } else { Block::silence(Channels::Mono) };
            history.extend_from_slice(played.samples());
            processor.render(&played).unwrap();
            let mut captured = if n < 1010 { echo(&history) } else { near.block(Channels::Mono) };
            let heard = energy(&captured);
            processor.capture(&mut captured).unwrap();
            match n {
                500..1000 => {
                    before += heard;
                    after += energy(&captured);
                }
                1100.. => {
                    near_before += heard;
                    near_after += energy(&captured);
                }
                _ => {}
            }
        }
        let cancelled = decibels(after, before);
        let kept = decibels(near_after, near_before);
        assert!(cancelled < -25.0, "the echo is only {cancelled:.1} dB weaker");
        assert!(kept > -3.0, "the near voice has lost {kept:.1} dB");
    }

    #[test]
    fn noise_goes_and_is_left_alone_when_told_so() {
        for (noise, most, least) in [(NoiseSuppression::High, -10.0, -60.0), (NoiseSuppression::Off, 1.0, -3.0)] {
            let mut processor = Processor::new(Processing { echo: true, noise, gain: false });
            let mut random = Random::new(3);
            let (mut before, mut after) = (0.0, 0.0);
            for n in 0..600 {
                let mut block = Block::silence(Channels::Mono);
                for sample in block.samples_mut() {
                    *sample = ((random.unit() - 0.5) * 3_000.0) as i16;
                }
                processor.render(&Block::silence(Channels::Mono)).unwrap();
                let heard = energy(&block);
                processor.capture(&mut block).unwrap();
                if n > 300 {
                    before += heard;
                    after += energy(&block);
                }
            }
            let change = decibels(after, before);
            assert!((least..most).contains(&change), "{noise:?}: {change:.1} dB");
        }
    }

    #[test]
    fn a_quiet_speaker_is_raised() {
        let mut processor = Processor::new(Processing { echo: false, noise: NoiseSuppression::Off, gain: true });
        let mut speech = Tone::speech_like(4);
        let (mut before, mut after) = (0.0, 0.0);
        for n in 0..1500 {
            let mut block = speech.block(Channels::Mono);
            for sample in block.samples_mut() {
                *sample /= 16;
            }
            let heard = energy(&block);
            processor.capture(&mut block).unwrap();
            if n > 1000 {
                before += heard;
                after += energy(&block);
            }
        }
        assert!(decibels(after, before) > 6.0, "{:.1} dB", decibels(after, before));
    }

    #[test]
    fn music_passes_bit_by_bit() {
        let mut processor = Processor::new(Processing::of(Quality::Music));
        let mut tone = Tone::new(440.0, 0.7);
        for _ in 0..20 {
            let block = tone.block(Channels::Stereo);
            let mut out = block.clone();
            processor.render(&block).unwrap();
            processor.capture(&mut out).unwrap();
            assert_eq!(out, block);
        }
    }

    #[test]
    fn switching_parts_and_channels_in_the_middle_is_harmless() {
        let mut processor = Processor::new(Processing::of(Quality::Speech));
        let mut tone = Tone::speech_like(9);
        for n in 0..120 {
            processor.set(match n / 20 % 3 {
                0 => Processing::of(Quality::Speech),
                1 => Processing::OFF,
                _ => Processing::of(Quality::Default),
            });
            processor.set_delay(Duration::from_millis(n * 10));
            let channels = if n / 10 % 2 == 0 { Channels::Mono } else { Channels::Stereo };
            let mut block = tone.block(channels);
            processor.render(&block).unwrap();
            processor.capture(&mut block).unwrap();
            assert_eq!(block.channels(), channels);
        }
    }
}
