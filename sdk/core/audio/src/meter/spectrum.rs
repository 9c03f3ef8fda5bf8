//! The frequencies in a moment of sound.

use std::cell::RefCell;
use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};

/// Parts of the spectrum, from 0 to 24 kHz.
pub const SPECTRUM_BINS: usize = 256;

/// The value of a part with nothing in it, in dBFS.
pub const SPECTRUM_FLOOR: f32 = -300.0;

/// Frames that are looked at.
pub(super) const WINDOW: usize = 2 * SPECTRUM_BINS;

thread_local! {
    static PLAN: RefCell<Option<Arc<dyn RealToComplex<f32>>>> = const { RefCell::new(None) };
}

/// The spectrum of [`WINDOW`] mono samples.
pub(super) fn of(samples: &[f32]) -> [f32; SPECTRUM_BINS] {
    let mut bins = [SPECTRUM_FLOOR; SPECTRUM_BINS];
    let plan =
        PLAN.with_borrow_mut(|plan| Arc::clone(plan.get_or_insert_with(|| RealFftPlanner::new().plan_fft_forward(WINDOW))));
    let mut input = plan.make_input_vec();
    for (n, (value, &sample)) in input.iter_mut().zip(samples).enumerate() {
        // Hann's window, without which a tone would leak into all parts.
        let hann = 0.5 - 0.5 * (std::f32::consts::TAU * n as f32 / WINDOW as f32).cos();
        *value = sample * hann;
    }
    let mut output = plan.make_output_vec();
    if plan.process(&mut input, &mut output).is_err() {
        // It fails only for vectors of another length than the plan's own.
        return bins;
    }
    for (bin, value) in bins.iter_mut().zip(&output) {
        // Half of a sine's amplitude is at its positive frequency, and Hann's window takes half of that.
        let amplitude = value.norm() * 4.0 / WINDOW as f32;
        *bin = (20.0 * amplitude.log10()).clamp(SPECTRUM_FLOOR, 0.0);
    }
    bins
}
