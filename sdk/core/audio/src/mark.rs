//! Short chirps at known times, and how to find them in what was heard: a ruler for the delay from mouth to ear.

use std::f64::consts::{PI, TAU};

use crate::{BLOCK_FRAMES, Block, Channels, RATE, from_float};

/// Frames of one mark: 40 ms.
const MARK_FRAMES: usize = 4 * BLOCK_FRAMES;

/// A mark rises from here to there, in Hz: frequencies that every codec for speech keeps.
const FROM_HERTZ: f64 = 600.0;
const TO_HERTZ: f64 = 3_000.0;

/// The detector looks at every fourth frame.
const STRIDE: usize = 4;
const SHORT: usize = MARK_FRAMES / STRIDE;

/// How alike the sound and a mark must be, 0..=1.
const THRESHOLD: f32 = 0.5;

/// Below this mean power there is no mark: -56 dBFS.
const SILENCE: f32 = 2.5e-6;

fn chirp(frame: usize) -> f64 {
    let time = frame as f64 / f64::from(RATE);
    let length = MARK_FRAMES as f64 / f64::from(RATE);
    let phase = TAU * (FROM_HERTZ * time + (TO_HERTZ - FROM_HERTZ) * time * time / (2.0 * length));
    let swell = 0.5 - 0.5 * (TAU * frame as f64 / MARK_FRAMES as f64).cos();
    (phase - PI / 2.0).cos() * swell * 0.7
}

/// Silence with a mark at the beginning of each period.
#[derive(Debug, Clone)]
pub struct MarkSource {
    period: u64,
    frame: u64,
}

impl MarkSource {
    /// A mark each `period_frames` frames at 48 kHz, the first one at once; at least 0.1 s apart.
    pub fn new(period_frames: u64) -> Self {
        Self { period: period_frames.max(u64::from(RATE) / 10), frame: 0 }
    }

    /// The next 10 ms.
    pub fn block(&mut self, channels: Channels) -> Block {
        let mut block = Block::silence(channels);
        for frame in block.samples_mut().chunks_exact_mut(channels.count()) {
            let within = (self.frame % self.period) as usize;
            if within < MARK_FRAMES {
                frame.fill(from_float(chirp(within) as f32));
            }
            self.frame += 1;
        }
        block
    }
}

/// A mark that was heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// The frame at 48 kHz it began with, counted from the first the detector was given.
    pub frame: u64,
    /// How alike it was, 0.5..=1.
    pub likeness: f32,
}

/// Finds marks to less than a millisecond, by a matched filter.
#[derive(Debug, Clone)]
pub struct MarkDetector {
    mark: Vec<f32>,
    /// The last [`SHORT`] thinned frames and those of the newest block.
    heard: Vec<f32>,
    /// The thinned frame that `heard` begins with.
    first: i64,
    best: Option<(i64, f32)>,
}

impl MarkDetector {
    /// A detector that has heard nothing.
    pub fn new() -> Self {
        let long: Vec<f32> = (0..MARK_FRAMES).map(|frame| chirp(frame) as f32).collect();
        let mark: Vec<f32> = thin(&long);
        let energy = mark.iter().map(|value| value * value).sum::<f32>().sqrt();
        let mark = mark.into_iter().map(|value| value / energy).collect();
        Self { mark, heard: vec![0.0; SHORT], first: -(SHORT as i64), best: None }
    }

    /// Takes 10 ms; gives a mark once it is over for 40 ms.
    pub fn push(&mut self, block: &Block) -> Option<Mark> {
        let mut found = None;
        self.heard.extend(thin(&block.mono_floats()));
        for start in 0..self.heard.len() - SHORT {
            let window = &self.heard[start..start + SHORT];
            let energy: f32 = window.iter().map(|value| value * value).sum();
            let likeness = if energy / SHORT as f32 > SILENCE {
                let sum: f32 = window.iter().zip(&self.mark).map(|(value, mark)| value * mark).sum();
                // A codec may turn the phase.
                sum.abs() / energy.sqrt()
            } else {
                0.0
            };
            let at = self.first + start as i64;
            if likeness >= THRESHOLD && self.best.is_none_or(|(_, best)| likeness > best) {
                self.best = Some((at, likeness));
            }
            if let Some((best, likeness)) = self.best
                && at - best >= SHORT as i64
            {
                self.best = None;
                found = Some(Mark { frame: u64::try_from(best).unwrap_or(0) * STRIDE as u64, likeness });
            }
        }
        let done = self.heard.len() - SHORT;
        self.heard.drain(..done);
        self.first += done as i64;
        found
    }
}

impl Default for MarkDetector {
    fn default() -> Self {
        Self::new()
    }
}

/// The mean of each [`STRIDE`] frames.
fn thin(samples: &[f32]) -> Vec<f32> {
    samples.chunks_exact(STRIDE).map(|chunk| chunk.iter().sum::<f32>() / STRIDE as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::Random;
    use crate::{Encoder, Quality, Tone};

    #[test]
    fn marks_are_found_where_they_are_also_in_noise() {
        let mut source = MarkSource::new(24_000);
        let mut detector = MarkDetector::new();
        let mut random = Random::new(2);
        let mut found = Vec::new();
        for _ in 0..300 {
            let mut block = source.block(Channels::Mono);
            for sample in block.samples_mut() {
                *sample = sample.saturating_add(((random.unit() - 0.5) * 6_000.0) as i16);
            }
            found.extend(detector.push(&block));
        }
        assert_eq!(found.len(), 6, "{found:?}");
        for (n, mark) in found.iter().enumerate() {
            assert!(mark.frame.abs_diff(n as u64 * 24_000) < 48, "{mark:?}");
        }
    }

    #[test]
    fn speech_holds_no_marks() {
        let mut detector = MarkDetector::new();
        let mut speech = Tone::speech_like(8);
        assert!((0..400).all(|_| detector.push(&speech.block(Channels::Mono)).is_none()));
    }

    #[test]
    fn a_mark_survives_the_codec_and_tells_its_delay_to_a_millisecond() {
        for quality in [Quality::Speech, Quality::Default, Quality::Music] {
            let mut encoder = Encoder::new(quality).unwrap();
            encoder.set_discontinuous(false).unwrap();
            let late = u64::from(encoder.delay_frames().unwrap());
            let mut decoder = crate::opus::Decoder::new(Channels::Mono).unwrap();
            let mut source = MarkSource::new(48_000);
            let mut detector = MarkDetector::new();
            let mut out = Vec::new();
            let mut found = Vec::new();
            for _ in 0..300 {
                if let Some(packet) = encoder.encode(&source.block(Channels::Mono)).unwrap() {
                    decoder.decode(&packet.payload, &mut out).unwrap();
                } else {
                    continue;
                }
                while out.len() >= BLOCK_FRAMES {
                    let samples: Vec<i16> = out.drain(..BLOCK_FRAMES).map(from_float).collect();
                    found.extend(detector.push(&Block::new(Channels::Mono, &samples).unwrap()));
                }
            }
            assert!(!found.is_empty(), "{quality:?}");
            for mark in found {
                let second = (mark.frame + 24_000) / 48_000 * 48_000;
                assert!(mark.frame.abs_diff(second + late) < 48, "{quality:?}: {mark:?}, expected {}", second + late);
            }
        }
    }
}
