//! What is encoded of a source: which of its pictures, in which sizes, with how many bits. It encodes nothing and measures no
//! bandwidth.

use crate::frame::{Frame, FrameError, Pool, Size};
use crate::rate::{Budget, QualityPreference};
use crate::resolution::Orientation;
use crate::scale::{FillMode, Scaler};

/// What the application wants of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerSettings {
    /// The size of its pictures.
    pub size: Size,
    /// Pictures a second, 1 to 60.
    pub frame_rate: u32,
    /// The most bits to spend, in kbit/s.
    pub bitrate_kbps: u32,
    /// The fewest bits to spend, in kbit/s; 0 leaves that to the engine.
    pub min_bitrate_kbps: u32,
    /// Whether the size may shrink when the bits do not suffice for it.
    pub may_shrink: bool,
}

impl LayerSettings {
    /// The settings brought into their ranges: 1 to 60 pictures a second, at least 1 kbit/s, the fewest not above the most.
    #[must_use]
    pub fn in_range(self) -> Self {
        let bitrate_kbps = self.bitrate_kbps.max(1);
        Self {
            frame_rate: self.frame_rate.clamp(1, 60),
            bitrate_kbps,
            min_bitrate_kbps: self.min_bitrate_kbps.min(bitrate_kbps),
            ..self
        }
    }
}

/// One of the two layers of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The full picture.
    Big,
    /// The one for small views and slow lines.
    Small,
}

/// A picture to be encoded now.
#[derive(Debug, Clone)]
pub struct Job {
    /// Into which layer.
    pub layer: Layer,
    /// In the layer's size.
    pub frame: Frame,
    /// The encoder's bitrate, in kbit/s.
    pub bitrate_kbps: u32,
    /// The encoder's frame rate.
    pub frame_rate: u32,
}

/// The plan for one source with up to two layers.
pub struct Layers {
    big: Track,
    small: Option<Track>,
    preference: QualityPreference,
    estimate_kbps: Option<u32>,
    fill: FillMode,
    follows_source: bool,
    scaler: Scaler,
    pool: Pool,
}

struct Track {
    settings: LayerSettings,
    is_wanted: bool,
    budget: Budget,
    decimator: Decimator,
}

impl Layers {
    /// A plan with the big layer only, which is encoded until [`Layers::set_wanted`] says otherwise. Pictures of another shape
    /// are cut to the layer's shape.
    pub fn new(big: LayerSettings, preference: QualityPreference, pool: &Pool) -> Self {
        let mut layers = Self {
            big: Track::new(big),
            small: None,
            preference,
            estimate_kbps: None,
            fill: FillMode::Fill,
            follows_source: false,
            scaler: Scaler::new(pool.clone()),
            pool: pool.clone(),
        };
        layers.share();
        layers
    }

    /// What happens to pictures of another shape. A screen is better padded than cut.
    pub fn set_fill(&mut self, fill: FillMode) {
        self.fill = fill;
    }

    /// Whether layers lie or stand as the source does, whatever their settings say, as phones do when they are turned.
    pub fn set_follows_source(&mut self, follows: bool) {
        self.follows_source = follows;
    }

    /// Other settings of the big layer from now on.
    pub fn set_big(&mut self, settings: LayerSettings) {
        self.big.settings = settings.in_range();
        self.share();
    }

    /// A small layer with these settings, or none. A new one is not wanted until [`Layers::set_wanted`].
    pub fn set_small(&mut self, settings: Option<LayerSettings>) {
        match (&mut self.small, settings) {
            (Some(track), Some(settings)) => track.settings = settings.in_range(),
            (small, settings) => {
                *small = settings.map(|settings| Track { is_wanted: false, ..Track::new(settings) });
            }
        }
        self.share();
    }

    /// Whether somebody watches the layer, so that it is worth encoding.
    pub fn set_wanted(&mut self, layer: Layer, wanted: bool) {
        match (layer, &mut self.small) {
            (Layer::Big, _) => self.big.is_wanted = wanted,
            (Layer::Small, Some(small)) => small.is_wanted = wanted,
            (Layer::Small, None) => {}
        }
        self.share();
    }

    /// Which of a smooth and a clear picture matters more when bits are few.
    pub fn set_preference(&mut self, preference: QualityPreference) {
        self.preference = preference;
        self.share();
    }

    /// How much the line carries for this source, in kbit/s.
    pub fn handle_estimate(&mut self, kbps: u32) {
        self.estimate_kbps = Some(kbps);
        self.share();
    }

    /// What each layer that is wanted may spend now.
    pub fn budget(&self, layer: Layer) -> Option<Budget> {
        self.track(layer).filter(|track| track.is_wanted).map(|track| track.budget)
    }

    /// Takes a picture of the source and gives what has to be encoded of it, upright. The small layer's picture is made from the big
    /// layer's when that is large enough, so that a large source is scaled down once.
    ///
    /// # Errors
    /// None that a frame of this crate causes.
    pub fn handle_frame(&mut self, frame: &Frame) -> Result<Vec<Job>, FrameError> {
        let mut jobs: Vec<Job> = Vec::with_capacity(2);
        let mut upright = None;
        for layer in [Layer::Big, Layer::Small] {
            let Some(track) = (match layer {
                Layer::Big => Some(&mut self.big),
                Layer::Small => self.small.as_mut(),
            }) else {
                continue;
            };
            let Budget { bitrate_kbps, frame_rate, size } = track.budget;
            if !track.is_wanted || !track.decimator.takes(frame.time_us, frame_rate) {
                continue;
            }
            let frame = match &mut upright {
                Some(frame) => &*frame,
                none => none.insert(frame.upright(&self.pool)?),
            };
            let size = if self.follows_source { Orientation::of(frame.size()).apply(size) } else { size };
            let from = match jobs.first() {
                Some(big) if can_serve(big.frame.size(), size) => &big.frame,
                _ => frame,
            };
            let frame = self.scaler.scale(from, size, self.fill)?;
            jobs.push(Job { layer, frame, bitrate_kbps, frame_rate });
        }
        Ok(jobs)
    }

    fn track(&self, layer: Layer) -> Option<&Track> {
        match layer {
            Layer::Big => Some(&self.big),
            Layer::Small => self.small.as_ref(),
        }
    }

    /// Shares the line among the layers: the small one comes first, because it is what viewers on slow lines depend on, but
    /// never takes more than a third while the big one is wanted as well.
    fn share(&mut self) {
        let both = self.big.is_wanted && self.small.as_ref().is_some_and(|small| small.is_wanted);
        let mut left = self.estimate_kbps;
        if let Some(small) = &mut self.small {
            let part = left.map(|kbps| if both { kbps / 3 } else { kbps });
            small.budget = Budget::new(small.settings, self.preference, part, small.budget.size);
            if both {
                left = left.map(|kbps| kbps.saturating_sub(small.budget.bitrate_kbps));
            }
        }
        self.big.budget = Budget::new(self.big.settings, self.preference, left, self.big.budget.size);
    }
}

impl Track {
    fn new(settings: LayerSettings) -> Self {
        let settings = settings.in_range();
        let budget = Budget { size: settings.size, frame_rate: settings.frame_rate, bitrate_kbps: settings.bitrate_kbps };
        Self { settings, is_wanted: true, budget, decimator: Decimator::default() }
    }
}

/// Whether a picture of one size is as good a source as the original: at least as large, and of the same shape.
fn can_serve(from: Size, to: Size) -> bool {
    let shape = |a: Size, b: Size| u64::from(a.width()) * u64::from(b.height());
    let is_same_shape = shape(from, to).abs_diff(shape(to, from)) * 50 <= shape(from, to);
    is_same_shape && from.width() >= to.width() && from.height() >= to.height()
}

/// Leaves out pictures of a source that gives more of them than wanted, as evenly as the source allows.
#[derive(Debug, Default)]
struct Decimator {
    /// When the next picture is due, in microseconds.
    due_us: Option<u64>,
}

impl Decimator {
    fn takes(&mut self, time_us: u64, frame_rate: u32) -> bool {
        let interval = 1_000_000 / u64::from(frame_rate.max(1));
        // A source's clock trembles: what comes a little early is taken, or a source of exactly the wanted rate would lose
        // every other picture.
        let tolerance = interval / 4;
        match self.due_us {
            // A due time farther ahead than any we set means that the clock was set back.
            Some(due) if time_us.saturating_add(tolerance) < due && due.saturating_sub(time_us) <= 2 * interval => false,
            // Close to its time: the next one is due an interval after it was, so that the mean rate is right.
            Some(due) if due.abs_diff(time_us) <= interval => {
                self.due_us = Some(due.saturating_add(interval));
                true
            }
            // The first one, or after a pause, or a clock that was set.
            _ => {
                self.due_us = Some(time_us.saturating_add(interval));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Rotation;
    use crate::pattern::{Mark, Pattern};

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    fn settings(width: u32, height: u32, frame_rate: u32, bitrate_kbps: u32) -> LayerSettings {
        LayerSettings { size: size(width, height), frame_rate, bitrate_kbps, min_bitrate_kbps: 0, may_shrink: false }
    }

    fn layers() -> Layers {
        let mut layers = Layers::new(settings(640, 360, 15, 900), QualityPreference::Clear, &Pool::default());
        layers.set_small(Some(settings(160, 90, 10, 100)));
        layers
    }

    /// Pictures that each layer takes of a source in a second.
    fn second(layers: &mut Layers, rate: u64, size: Size) -> [usize; 2] {
        let (pool, mut counts) = (Pool::default(), [0, 0]);
        for n in 0..rate {
            // The clock trembles by 3 ms.
            let time = 10_000_000 + n * 1_000_000 / rate + n % 3 * 1500;
            let mut canvas = pool.canvas(size);
            canvas.time_us = time;
            for job in layers.handle_frame(&canvas.into_frame()).unwrap() {
                counts[job.layer as usize] += 1;
            }
        }
        counts
    }

    #[test]
    fn each_layer_gets_its_size_rate_and_bits() {
        let mut layers = layers();
        layers.set_wanted(Layer::Small, true);
        let pool = Pool::default();
        let frame = Pattern::new(9, size(1280, 720)).draw(4, 1_000_000, &pool);
        let jobs = layers.handle_frame(&frame).unwrap();
        let told: Vec<_> = jobs.iter().map(|job| (job.layer, job.frame.size(), job.bitrate_kbps, job.frame_rate)).collect();
        assert_eq!(told, [(Layer::Big, size(640, 360), 900, 15), (Layer::Small, size(160, 90), 100, 10)]);
        for job in jobs {
            assert_eq!(Mark::read(&job.frame), Mark::read(&frame));
            assert_eq!(job.frame.time_us, 1_000_000);
        }
    }

    #[test]
    fn a_faster_source_loses_pictures_and_a_slow_one_none() {
        for (rate, expected) in [(60, [15, 10]), (30, [15, 10]), (25, [15, 10]), (15, [15, 10]), (8, [8, 8])] {
            let mut layers = layers();
            layers.set_wanted(Layer::Small, true);
            let counts = second(&mut layers, rate, size(640, 360));
            for (count, expected) in counts.into_iter().zip(expected) {
                assert!(count.abs_diff(expected) <= 1, "{rate} a second: {counts:?}");
            }
        }
    }

    #[test]
    fn what_nobody_watches_is_not_made() {
        let mut layers = layers();
        assert_eq!(second(&mut layers, 15, size(640, 360)), [15, 0]);
        layers.set_wanted(Layer::Big, false);
        assert_eq!(second(&mut layers, 15, size(640, 360)), [0, 0]);
        layers.set_wanted(Layer::Small, true);
        assert_eq!(second(&mut layers, 10, size(640, 360)), [0, 10]);
        assert_eq!(layers.budget(Layer::Big), None);
    }

    #[test]
    fn a_source_whose_clock_jumps_goes_on() {
        let mut layers = layers();
        let pool = Pool::default();
        let pattern = Pattern::new(1, size(640, 360));
        for time in [5_000_000, 9_000_000_000, 1000, u64::MAX, 0, 70_000] {
            assert_eq!(layers.handle_frame(&pattern.draw(0, time, &pool)).unwrap().len(), 1, "{time}");
        }
    }

    #[test]
    fn the_small_layer_keeps_its_part_of_a_slow_line() {
        let mut layers = layers();
        layers.set_wanted(Layer::Small, true);
        layers.handle_estimate(600);
        let kbps = |layers: &Layers, layer| layers.budget(layer).map(|budget| budget.bitrate_kbps);
        assert_eq!((kbps(&layers, Layer::Big), kbps(&layers, Layer::Small)), (Some(500), Some(100)));
        layers.handle_estimate(150);
        assert_eq!((kbps(&layers, Layer::Big), kbps(&layers, Layer::Small)), (Some(100), Some(50)));
        layers.set_wanted(Layer::Small, false);
        assert_eq!((kbps(&layers, Layer::Big), kbps(&layers, Layer::Small)), (Some(150), None));
    }

    #[test]
    fn a_layer_can_stand_when_its_source_stands() {
        let mut layers = layers();
        layers.set_follows_source(true);
        let pool = Pool::default();
        let frame = Pattern::new(1, size(720, 1280)).draw(0, 0, &pool);
        let [job] = layers.handle_frame(&frame).unwrap().try_into().unwrap();
        assert_eq!(job.frame.size(), size(360, 640));

        // The same picture as a sensor gives it that lies in a standing phone.
        let lying = frame.rotate(Rotation::Clockwise270, &pool).unwrap().turned(Rotation::Clockwise90).at(1_000_000);
        let [job] = layers.handle_frame(&lying).unwrap().try_into().unwrap();
        assert_eq!((job.frame.size(), job.frame.rotation), (size(360, 640), Rotation::None));
        assert_eq!(Mark::read(&job.frame), Mark::read(&frame));
    }
}
