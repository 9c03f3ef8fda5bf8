//! How alike two pictures are, as numbers. For tests and statistics; it judges nothing.

use crate::frame::Frame;

/// Peak signal-to-noise ratio of brightness in dB: about 30 is a visible loss, 40 is hard to see, infinity is the same
/// picture. `None` when the sizes differ.
pub fn psnr(a: &Frame, b: &Frame) -> Option<f64> {
    if a.size() != b.size() {
        return None;
    }
    let ([a, ..], [b, ..]) = (a.planes(), b.planes());
    let squares: u64 = a.rows().zip(b.rows()).map(|(a, b)| squared_differences(a, b)).sum();
    let mean = squares as f64 / (a.width * a.height) as f64;
    Some(if squares == 0 { f64::INFINITY } else { 10.0 * (255.0 * 255.0 / mean).log10() })
}

/// Structural similarity of brightness, the mean over blocks of 8x8: 1 is the same picture, below 0.9 looks worse. `None`
/// when the sizes differ or there is no whole block.
pub fn ssim(a: &Frame, b: &Frame) -> Option<f64> {
    if a.size() != b.size() {
        return None;
    }
    let ([a, ..], [b, ..]) = (a.planes(), b.planes());
    let (mut sum, mut count) = (0.0, 0);
    for top in (0..a.height.saturating_sub(BLOCK - 1)).step_by(BLOCK) {
        for left in (0..a.width.saturating_sub(BLOCK - 1)).step_by(BLOCK) {
            let pairs = (top..top + BLOCK).flat_map(|y| {
                let of = |data| row(data, y, a.stride, left);
                of(a.data).iter().zip(of(b.data))
            });
            sum += block_similarity(pairs);
            count += 1;
        }
    }
    (count > 0).then(|| sum / f64::from(count))
}

const BLOCK: usize = 8;

fn row(data: &[u8], y: usize, stride: usize, left: usize) -> &[u8] {
    &data[y * stride + left..][..BLOCK]
}

fn squared_differences(a: &[u8], b: &[u8]) -> u64 {
    a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum()
}

/// The formula of Wang, Bovik, Sheikh and Simoncelli (2004) with its usual constants.
fn block_similarity<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u8)>) -> f64 {
    let (mut sum_a, mut sum_b, mut sum_aa, mut sum_bb, mut sum_ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (f64::from(*a), f64::from(*b));
        sum_a += a;
        sum_b += b;
        sum_aa += a * a;
        sum_bb += b * b;
        sum_ab += a * b;
    }
    let n = (BLOCK * BLOCK) as f64;
    let (mean_a, mean_b) = (sum_a / n, sum_b / n);
    let (variance_a, variance_b) = (sum_aa / n - mean_a * mean_a, sum_bb / n - mean_b * mean_b);
    let covariance = sum_ab / n - mean_a * mean_b;
    let (c1, c2) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    (2.0 * mean_a * mean_b + c1) * (2.0 * covariance + c2)
        / ((mean_a * mean_a + mean_b * mean_b + c1) * (variance_a + variance_b + c2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Pool, Size};
    use crate::pattern::Pattern;

    #[test]
    fn the_same_picture_is_perfect_and_noise_lowers_both_measures() {
        let pool = Pool::default();
        let frame = Pattern::new(1, Size::new(64, 64).unwrap()).draw(0, 0, &pool);
        assert_eq!((psnr(&frame, &frame), ssim(&frame, &frame)), (Some(f64::INFINITY), Some(1.0)));
        let mut noisy = frame.clone().into_canvas(&pool);
        noisy.i420().iter_mut().step_by(2).for_each(|byte| *byte ^= 16);
        let noisy = noisy.into_frame();
        // Half of the samples are 16 off: 10 log10(255^2 / 128).
        assert!((psnr(&frame, &noisy).unwrap() - 27.06).abs() < 0.01);
        assert!(ssim(&frame, &noisy).unwrap() < 0.9);
        let other = pool.canvas(Size::new(64, 62).unwrap()).into_frame();
        assert_eq!((psnr(&frame, &other), ssim(&frame, &other)), (None, None));
    }
}
