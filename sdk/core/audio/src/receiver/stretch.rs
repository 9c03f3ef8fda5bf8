//! Making sound a little shorter or longer without changing its pitch: a period is left out or repeated, with the seam
//! where the sound is most like itself (waveform-similarity overlap-add); not when to do so.

/// Frames that are left out or repeated: 2.5 to 15 ms, which is a period of 67 to 400 Hz, or a few of a higher voice.
const SHORTEST: usize = 120;
pub(super) const LONGEST: usize = 720;

/// Frames over which one fades into the other: 10 ms, or less when there is less.
const SEAM: usize = 480;
const SHORTEST_SEAM: usize = 240;

/// Frames for which every period can be tried.
pub(super) const ENOUGH: usize = LONGEST + SEAM;

/// The first search looks at every fourth frame.
const STRIDE: usize = 4;

/// Below this mean power nobody hears a seam: -50 dBFS.
const QUIET: f32 = 1e-5;

/// Leaves out up to `most` frames at the beginning of interleaved `samples` where the sound repeats itself to at least
/// `likeness` (0..=1). Returns how many frames.
pub(super) fn shorten(samples: &mut Vec<f32>, channels: usize, most: usize, likeness: f32) -> usize {
    let Some(period) = find_period(samples, channels, most, likeness) else { return 0 };
    let seam = SEAM.min(samples.len() / channels - period);
    let head = samples[..seam * channels].to_vec();
    for frame in 0..seam {
        let fade = fade(frame, seam);
        for channel in 0..channels {
            // It lands where the later sound is, so that the beginning is what is cut off.
            let late = &mut samples[(frame + period) * channels + channel];
            *late = head[frame * channels + channel] * (1.0 - fade) + *late * fade;
        }
    }
    samples.drain(..period * channels);
    period
}

/// Repeats up to `most` frames at the beginning of interleaved `samples`. Returns how many frames.
pub(super) fn lengthen(samples: &mut Vec<f32>, channels: usize, most: usize, likeness: f32) -> usize {
    let Some(period) = find_period(samples, channels, most, likeness) else { return 0 };
    let seam = SEAM.min(samples.len() / channels - period);
    let mut head: Vec<f32> = samples[..(period + seam) * channels].to_vec();
    for frame in 0..seam {
        let fade = fade(frame, seam);
        for channel in 0..channels {
            let at = (frame + period) * channels + channel;
            head[at] = head[at] * (1.0 - fade) + samples[frame * channels + channel] * fade;
        }
    }
    samples.splice(..seam * channels, head);
    period
}

/// From 0 to 1 without corners.
fn fade(frame: usize, len: usize) -> f32 {
    0.5 - 0.5 * (std::f32::consts::PI * (frame as f32 + 0.5) / len as f32).cos()
}

/// The distance at which the beginning is most like what follows.
fn find_period(samples: &[f32], channels: usize, most: usize, likeness: f32) -> Option<usize> {
    let frames = samples.len() / channels;
    let longest = LONGEST.min(most).min(frames.checked_sub(SHORTEST_SEAM)?);
    if longest < SHORTEST {
        return None;
    }
    let mono: Vec<f32> = samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
    let power = mono.iter().map(|value| value * value).sum::<f32>() / frames as f32;
    if power < QUIET {
        return Some(longest);
    }
    let thin: Vec<f32> = mono.chunks_exact(STRIDE).map(|chunk| chunk.iter().sum::<f32>() / STRIDE as f32).collect();
    let coarse = best(&thin, SHORTEST / STRIDE, longest / STRIDE, SEAM / STRIDE)?.0 * STRIDE;
    let around = coarse.saturating_sub(STRIDE).max(SHORTEST)..=(coarse + STRIDE).min(longest);
    let (period, found) = best(&mono, *around.start(), *around.end(), SEAM)?;
    (found >= likeness).then_some(period)
}

/// The period among `shortest..=longest` with the highest normalised correlation over at most `window` samples.
fn best(samples: &[f32], shortest: usize, longest: usize, window: usize) -> Option<(usize, f32)> {
    let mut best: Option<(usize, f32, f32)> = None;
    for period in shortest..=longest {
        let window = window.min(samples.len() - period);
        let (early, late) = (&samples[..window], &samples[period..period + window]);
        let (mut both, mut first, mut second) = (0.0f32, 0.0f32, 0.0f32);
        for (a, b) in early.iter().zip(late) {
            both += a * b;
            first += a * a;
            second += b * b;
        }
        let likeness = both / (first * second).sqrt().max(1e-12);
        // Of several periods that fit, the longer one gets there with fewer seams.
        let score = likeness + 0.02 * period as f32 / longest as f32;
        if best.is_none_or(|(_, _, highest)| score > highest) {
            best = Some((period, likeness, score));
        }
    }
    best.map(|(period, likeness, _)| (period, likeness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channels, Tone, from_float, to_float, tone_share};

    fn sound(tone: &mut Tone, blocks: usize, channels: Channels) -> Vec<f32> {
        (0..blocks).flat_map(|_| tone.block(channels).samples().to_vec()).map(to_float).collect()
    }

    #[test]
    fn a_tone_stays_the_same_tone_when_it_gets_shorter_or_longer() {
        for channels in [Channels::Mono, Channels::Stereo] {
            for stretch in [shorten, lengthen] {
                let mut tone = Tone::new(230.0, 0.5);
                let mut out = Vec::new();
                let mut changed = 0;
                for _ in 0..20 {
                    let mut piece = sound(&mut tone, 3, channels);
                    let before = piece.len();
                    changed += stretch(&mut piece, channels.count(), LONGEST, 0.9);
                    assert_eq!(before.abs_diff(piece.len()) % channels.count(), 0);
                    // Each piece is a sound of its own here, so only its inside is looked at.
                    let mono: Vec<i16> = piece.chunks_exact(channels.count()).map(|f| from_float(f[0])).collect();
                    let step = mono.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max().unwrap();
                    assert!(step < 520, "a click of {step}");
                    out.extend(mono);
                }
                assert!(changed > 20 * SHORTEST, "{changed}");
                assert!(tone_share(&out[..1200], 230.0) > 0.95);
            }
        }
    }

    #[test]
    fn noise_is_left_alone_unless_it_is_quiet() {
        let mut random = crate::tone::Random::new(1);
        let noise: Vec<f32> = (0..ENOUGH).map(|_| random.unit() as f32 - 0.5).collect();
        assert_eq!(shorten(&mut noise.clone(), 1, LONGEST, 0.85), 0);
        let mut quiet: Vec<f32> = noise.iter().map(|value| value * 0.005).collect();
        assert_eq!(shorten(&mut quiet, 1, LONGEST, 0.85), LONGEST);
        assert_eq!(quiet.len(), ENOUGH - LONGEST);
    }

    #[test]
    fn too_little_sound_is_not_touched() {
        for len in [0, 1, 100, 300] {
            let mut samples = vec![0.1; len];
            assert_eq!(shorten(&mut samples, 1, LONGEST, 0.0), 0);
            assert_eq!(lengthen(&mut samples, 1, LONGEST, 0.0), 0);
            assert_eq!(samples.len(), len);
        }
    }
}
