//! The pitch of a voice, by the cumulative mean normalised difference of YIN (de Cheveigné and Kawahara, 2002).

/// Frames a second of what is looked at.
pub(super) const PITCH_RATE: u32 = 16_000;

/// Frames that are looked at: 64 ms.
pub(super) const WINDOW: usize = 1024;

/// 500 and 60 Hz as periods.
const SHORTEST: usize = PITCH_RATE as usize / 500;
const LONGEST: usize = PITCH_RATE as usize / 60;

/// Frames that are compared with those one period later.
const COMPARED: usize = WINDOW - LONGEST - 2;

/// How unlike two periods may be.
const THRESHOLD: f32 = 0.15;

/// Below this power there is nothing to be found: -60 dBFS.
const SILENCE: f32 = 1e-6;

/// The pitch in Hz of [`WINDOW`] samples.
pub(super) fn of(samples: &[f32]) -> Option<f32> {
    let samples: &[f32; WINDOW] = samples.try_into().ok()?;
    if samples.iter().map(|value| value * value).sum::<f32>() / (WINDOW as f32) < SILENCE {
        return None;
    }
    // normal[t]: how unlike the sound is to itself t frames later, against the mean of shorter distances.
    let mut normal = [1.0f32; LONGEST + 2];
    let mut sum = 0.0;
    for (period, normal) in normal.iter_mut().enumerate().skip(1) {
        let pairs = samples[..COMPARED].iter().zip(&samples[period..]);
        let difference: f32 = pairs.map(|(a, b)| (a - b) * (a - b)).sum();
        sum += difference;
        *normal = if sum > 0.0 { difference * period as f32 / sum } else { 1.0 };
    }
    let mut period = (SHORTEST..=LONGEST).find(|&period| normal[period] < THRESHOLD)?;
    while period < LONGEST && normal[period + 1] < normal[period] {
        period += 1;
    }
    // The lowest point of a parabola through the three around it.
    let (before, at, after) = (normal[period - 1], normal[period], normal[period + 1]);
    let bend = before + after - 2.0 * at;
    let shift = if bend > 0.0 { (before - after) / (2.0 * bend) } else { 0.0 };
    Some(PITCH_RATE as f32 / (period as f32 + shift.clamp(-1.0, 1.0)))
}
