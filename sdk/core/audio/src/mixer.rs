//! Several voices as one sound that does not clip; not which voices are heard.

use crate::{BLOCK_FRAMES, Block, Channels, from_float, to_float};

/// How loud somebody is played: 0 is silent, 100 is as he was sent, 150 is the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Volume(u8);

impl Volume {
    /// Unchanged.
    pub const UNITY: Self = Self(100);
    /// Nothing.
    pub const SILENT: Self = Self(0);

    /// A volume, clamped to 0..=150.
    pub fn new(percent: i32) -> Self {
        // At most 150, so that it fits.
        Self(percent.clamp(0, 150) as u8)
    }

    /// The number, 0..=150.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// What samples are multiplied with, 0..=1.5.
    pub fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }
}

impl Default for Volume {
    fn default() -> Self {
        Self::UNITY
    }
}

/// The volume of one voice, which glides to a new value within one block, so that nobody hears a step.
#[derive(Debug, Clone, Copy)]
pub struct Gain {
    current: f32,
    wanted: f32,
}

impl Gain {
    /// A gain that begins with this volume.
    pub fn new(volume: Volume) -> Self {
        Self { current: volume.factor(), wanted: volume.factor() }
    }

    /// Another volume, from the next block on.
    pub fn set(&mut self, volume: Volume) {
        self.wanted = volume.factor();
    }

    /// Applies it to a block in place; beyond full scale, samples are clamped.
    pub fn apply(&mut self, block: &mut Block) {
        if self.current == 1.0 && self.wanted == 1.0 {
            return;
        }
        let count = block.channels().count();
        let glide = self.glide();
        for (frame, factor) in block.samples_mut().chunks_exact_mut(count).zip(glide) {
            for sample in frame {
                *sample = from_float(to_float(*sample) * factor);
            }
        }
    }

    /// The factor of each frame of one block.
    fn glide(&mut self) -> impl Iterator<Item = f32> + use<> {
        let (from, step) = (self.current, (self.wanted - self.current) / BLOCK_FRAMES as f32);
        let to = self.wanted;
        self.current = to;
        (1..=BLOCK_FRAMES).map(move |n| if n == BLOCK_FRAMES { to } else { from + step * n as f32 })
    }
}

impl Default for Gain {
    fn default() -> Self {
        Self::new(Volume::UNITY)
    }
}

/// Adds voices up, a block at a time: [`Mixer::add`] for each voice, then [`Mixer::finish`].
#[derive(Debug)]
pub struct Mixer {
    /// Interleaved stereo.
    sum: [f32; 2 * BLOCK_FRAMES],
    limiter: Limiter,
}

impl Mixer {
    /// A mixer with nothing in it.
    pub fn new() -> Self {
        Self { sum: [0.0; 2 * BLOCK_FRAMES], limiter: Limiter { gain: 1.0 } }
    }

    /// Adds a voice at its volume. Mono is heard on both sides.
    pub fn add(&mut self, block: &Block, gain: &mut Gain) {
        let count = block.channels().count();
        let frames = block.samples().chunks_exact(count);
        for ((sum, frame), factor) in self.sum.chunks_exact_mut(2).zip(frames).zip(gain.glide()) {
            sum[0] += to_float(frame[0]) * factor;
            sum[1] += to_float(frame[count - 1]) * factor;
        }
    }

    /// The sum so far as a stereo block, limited; the next block begins.
    pub fn finish(&mut self) -> Block {
        self.limiter.apply(&mut self.sum);
        let mut block = Block::silence(Channels::Stereo);
        for (sample, value) in block.samples_mut().iter_mut().zip(&mut self.sum) {
            *sample = from_float(*value);
            *value = 0.0;
        }
        block
    }
}

impl Default for Mixer {
    fn default() -> Self {
        Self::new()
    }
}

/// Turns the sound down before it would clip, and slowly up again. It sees one block and adds no delay, so that a peak in
/// the first millisecond of a block finds it unprepared; what then remains too loud is clamped.
#[derive(Debug)]
struct Limiter {
    gain: f32,
}

/// The limiter decides once a millisecond.
const STEP_FRAMES: usize = BLOCK_FRAMES / 10;
const STEPS: usize = BLOCK_FRAMES / STEP_FRAMES;

/// The largest value that is let through.
const CEILING: f32 = 32_767.0 / 32_768.0;

/// How much of the way to no limiting is gone in a millisecond: a time constant of 100 ms.
const RELEASE: f32 = 0.01;

impl Limiter {
    fn apply(&mut self, samples: &mut [f32; 2 * BLOCK_FRAMES]) {
        let mut allowed = [1.0f32; STEPS + 1];
        for (allowed, step) in allowed.iter_mut().zip(samples.chunks_exact(2 * STEP_FRAMES)) {
            let peak = step.iter().fold(0.0f32, |peak, value| peak.max(value.abs()));
            *allowed = if peak > CEILING { CEILING / peak } else { 1.0 };
        }
        if self.gain == 1.0 && allowed.iter().all(|&allowed| allowed == 1.0) {
            return;
        }
        for (index, step) in samples.chunks_exact_mut(2 * STEP_FRAMES).enumerate() {
            // What the end of this step must not exceed: its own peak, and that of the next.
            let recovered = self.gain + (1.0 - self.gain) * RELEASE;
            let recovered = if recovered > 0.999 { 1.0 } else { recovered };
            let end = recovered.min(allowed[index]).min(allowed[index + 1]);
            let (start, slope) = (self.gain, (end - self.gain) / STEP_FRAMES as f32);
            for (n, frame) in step.chunks_exact_mut(2).enumerate() {
                for value in frame {
                    *value = (*value * (start + slope * n as f32)).clamp(-1.0, CEILING);
                }
            }
            self.gain = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tone, tone_share};

    #[test]
    fn one_voice_at_unity_is_not_touched() {
        let mut mixer = Mixer::new();
        let mut tone = Tone::speech_like(1);
        for _ in 0..50 {
            let block = tone.block(Channels::Stereo);
            mixer.add(&block, &mut Gain::default());
            assert_eq!(mixer.finish(), block);
        }
    }

    #[test]
    fn ten_loud_voices_sound_loud_but_not_distorted() {
        let mut mixer = Mixer::new();
        let mut tone = Tone::new(500.0, 0.6);
        let mut samples = Vec::new();
        for _ in 0..100 {
            let block = tone.block(Channels::Mono);
            for _ in 0..10 {
                mixer.add(&block, &mut Gain::default());
            }
            samples.extend_from_slice(mixer.finish().to_channels(Channels::Mono).samples());
        }
        // Clipping six times full scale would leave a square wave, of which 81 % are in the tone itself.
        assert!(tone_share(&samples[4_800..], 500.0) > 0.98, "{}", tone_share(&samples[4_800..], 500.0));
        let peak = samples[4_800..].iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!(peak > 30_000);
    }

    #[test]
    fn after_a_loud_moment_the_sound_comes_back_to_what_it_was() {
        let mut mixer = Mixer::new();
        let mut tone = Tone::new(500.0, 0.5);
        for loud in 0..200 {
            let block = tone.block(Channels::Stereo);
            for _ in 0..if loud < 20 { 6 } else { 1 } {
                mixer.add(&block, &mut Gain::default());
            }
            let out = mixer.finish();
            if loud > 150 {
                assert_eq!(out, block);
            }
        }
    }

    #[test]
    fn a_new_volume_comes_without_a_step() {
        let mut gain = Gain::new(Volume::UNITY);
        gain.set(Volume::SILENT);
        let mut block = Block::new(Channels::Mono, &[10_000; BLOCK_FRAMES]).unwrap();
        gain.apply(&mut block);
        let steps = block.samples().windows(2).map(|pair| pair[0] - pair[1]).max().unwrap();
        assert!(steps <= 22, "{steps}");
        assert_eq!(block.samples()[BLOCK_FRAMES - 1], 0);
        gain.apply(&mut block);
        assert!(block.samples().iter().all(|&sample| sample == 0));
    }

    #[test]
    fn volumes_are_clamped_to_what_the_interface_allows() {
        assert_eq!(Volume::new(-5), Volume::SILENT);
        assert_eq!(Volume::new(1000).percent(), 150);
        assert_eq!(Volume::UNITY.factor(), 1.0);
    }
}
