//! How a layer lives with the bits it gets: what it gives up first, and when. It knows one layer and one number of kbit/s.

use crate::frame::Size;
use crate::layers::LayerSettings;

/// What matters more when bits are few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QualityPreference {
    /// Movement: the frame rate stays, the picture blurs or shrinks.
    Smooth,
    /// Detail: the picture stays, the frame rate falls.
    #[default]
    Clear,
}

/// What a layer may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bits, in kbit/s.
    pub bitrate_kbps: u32,
    /// Pictures a second.
    pub frame_rate: u32,
    /// The size of the pictures.
    pub size: Size,
}

impl Budget {
    /// What to do with `available_kbps`, `None` meaning that nobody knows yet. `current` is the size used until now: the size
    /// goes up again only when there is a good reason, because each change costs a key frame.
    ///
    /// The bits never exceed the settings' most, and fall below their fewest only when the line carries less: sending more
    /// than it carries would lose everything.
    pub fn new(settings: LayerSettings, preference: QualityPreference, available_kbps: Option<u32>, current: Size) -> Self {
        let settings = settings.in_range();
        let most = settings.bitrate_kbps;
        let bitrate_kbps = match available_kbps {
            // An estimate a little below the fewest is no reason to fall below them: estimates are not that exact.
            Some(kbps) if kbps < settings.min_bitrate_kbps && settings.min_bitrate_kbps - kbps <= kbps / 4 => {
                settings.min_bitrate_kbps.clamp(1, most)
            }
            Some(kbps) => kbps.clamp(1, most),
            None => most,
        };
        let size = if settings.may_shrink { shrunk(settings, preference, bitrate_kbps, current) } else { settings.size };
        let frame_rate = match preference {
            QualityPreference::Smooth => settings.frame_rate,
            QualityPreference::Clear => slowed(settings, size, bitrate_kbps),
        };
        Self { bitrate_kbps, frame_rate, size }
    }
}

/// The largest of the settings' size and its smaller steps that the bits suffice for.
fn shrunk(settings: LayerSettings, preference: QualityPreference, kbps: u32, current: Size) -> Size {
    // Who wants movement keeps the frame rate and shrinks early; who wants detail first gives up half of the pictures.
    let frame_rate = match preference {
        QualityPreference::Smooth => settings.frame_rate,
        QualityPreference::Clear => (settings.frame_rate / 2).max(1),
    };
    let steps =
        STEPS.map(|(part, whole)| Size::nearest(settings.size.width() * part / whole, settings.size.height() * part / whole));
    let is_enough = |size: Size| {
        // Growing needs a fifth more than staying.
        let reserve = if size.area() > current.area() { 120 } else { 100 };
        u64::from(kbps) * 100 >= u64::from(needed(size, frame_rate)) * reserve
    };
    // A most that is too low for the full size is the application's own choice and no reason to shrink.
    let is_own_choice = |size: Size| size == settings.size && kbps >= settings.bitrate_kbps;
    steps.into_iter().find(|size| is_own_choice(*size) || is_enough(*size)).unwrap_or(steps[STEPS.len() - 1])
}

/// The highest frame rate, up to the settings', at which each picture gets the bits it needs.
fn slowed(settings: LayerSettings, size: Size, kbps: u32) -> u32 {
    if kbps >= settings.bitrate_kbps {
        return settings.frame_rate;
    }
    // Never more bits a picture than the application planned for: it may have chosen few.
    let planned = settings.bitrate_kbps / settings.frame_rate.max(1);
    let a_picture = (needed(size, PACE) / PACE).min(planned).max(1);
    (kbps / a_picture).clamp(SLOWEST.min(settings.frame_rate), settings.frame_rate)
}

/// Bits for a picture that is decent, in kbit/s. Twice the frame rate needs less than twice the bits, because pictures that
/// are closer in time are more alike: the power 0.75 fits both.
fn needed(size: Size, frame_rate: u32) -> u32 {
    let pictures = f64::from(frame_rate).powf(0.75) * f64::from(PACE).powf(0.25);
    // At most 4096 x 4096 pixels at 60 a second, which is far below the largest number.
    (f64::from(size.area()) * pictures * BITS_A_PIXEL / 1000.0) as u32
}

/// Sizes below the full one, in parts of its sides.
const STEPS: [(u32, u32); 4] = [(1, 1), (3, 4), (1, 2), (1, 4)];
/// At 15 pictures a second a decent 640x360 needs some 170 kbit/s.
const BITS_A_PIXEL: f64 = 0.05;
const PACE: u32 = 15;
/// Fewer pictures a second than this are a slide show.
const SLOWEST: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> LayerSettings {
        LayerSettings {
            size: Size::nearest(1280, 720),
            frame_rate: 30,
            bitrate_kbps: 1800,
            min_bitrate_kbps: 0,
            may_shrink: false,
        }
    }

    fn budget(settings: LayerSettings, preference: QualityPreference, kbps: u32) -> Budget {
        Budget::new(settings, preference, Some(kbps), settings.size)
    }

    #[test]
    fn a_good_line_gives_what_was_asked_for() {
        let full = Budget { bitrate_kbps: 1800, frame_rate: 30, size: settings().size };
        for preference in [QualityPreference::Smooth, QualityPreference::Clear] {
            assert_eq!(budget(settings(), preference, 5000), full);
            assert_eq!(Budget::new(settings(), preference, None, settings().size), full);
        }
    }

    #[test]
    fn smooth_keeps_the_frame_rate_and_clear_the_size() {
        let shrinking = LayerSettings { may_shrink: true, ..settings() };
        let smooth = budget(shrinking, QualityPreference::Smooth, 400);
        assert_eq!((smooth.frame_rate, smooth.bitrate_kbps), (30, 400));
        assert!(smooth.size.area() < settings().size.area());
        let clear = budget(settings(), QualityPreference::Clear, 400);
        assert_eq!(clear.size, settings().size);
        assert!((SLOWEST..15).contains(&clear.frame_rate), "{clear:?}");
    }

    #[test]
    fn fewer_bits_never_give_more_of_anything() {
        for preference in [QualityPreference::Smooth, QualityPreference::Clear] {
            for may_shrink in [false, true] {
                let settings = LayerSettings { may_shrink, ..settings() };
                let mut last = budget(settings, preference, 3000);
                for kbps in (1..3000).rev() {
                    let next = Budget::new(settings, preference, Some(kbps), last.size);
                    assert!(next.bitrate_kbps <= last.bitrate_kbps && next.size.area() <= last.size.area(), "{kbps}");
                    assert!(next.frame_rate <= last.frame_rate || next.size < last.size, "{kbps}: {last:?} {next:?}");
                    last = next;
                }
                assert_eq!(last.frame_rate, if preference == QualityPreference::Smooth { 30 } else { last.frame_rate });
            }
        }
    }

    #[test]
    fn the_size_does_not_swing_around_its_limit() {
        let settings = LayerSettings { may_shrink: true, ..settings() };
        let full = settings.size;
        let limit =
            (1..1800).rev().find(|kbps| Budget::new(settings, QualityPreference::Smooth, Some(*kbps), full).size != full);
        let limit = limit.unwrap();
        let small = Budget::new(settings, QualityPreference::Smooth, Some(limit), full).size;
        let a_little_more = Budget::new(settings, QualityPreference::Smooth, Some(limit + limit / 10), small);
        assert_eq!(a_little_more.size, small);
        assert_eq!(Budget::new(settings, QualityPreference::Smooth, Some(limit + limit / 3), small).size, full);
    }

    #[test]
    fn a_low_bitrate_of_the_applications_choice_changes_neither_size_nor_rate() {
        let modest = LayerSettings { bitrate_kbps: 100, may_shrink: true, ..settings() };
        for preference in [QualityPreference::Smooth, QualityPreference::Clear] {
            let budget = budget(modest, preference, 5000);
            assert_eq!((budget.size, budget.frame_rate, budget.bitrate_kbps), (modest.size, 30, 100));
        }
    }

    #[test]
    fn the_fewest_bits_are_kept_as_long_as_the_line_nearly_carries_them() {
        let settings = LayerSettings { min_bitrate_kbps: 500, ..settings() };
        let kbps = |available| budget(settings, QualityPreference::Smooth, available).bitrate_kbps;
        assert_eq!([kbps(600), kbps(450), kbps(200), kbps(0)], [600, 500, 200, 1]);
    }
}
