//! When key frames are asked for: requests are merged per source; it does not recognise key frames (`keyframe` does).
//!
//! One request makes key frames on all layers of a source, and a key frame costs as much as a dozen others. So the first
//! request passes at once. While its key frame is on the way, others are answered by the same. After that, who repairs waits
//! until half a second has passed since the last request, and who joins at most a quarter of a second. Where somebody is back
//! whose network was gone a moment ago, a request is easily lost, and is repeated with growing pauses until a key frame comes.

use std::time::{Duration, Instant};

use rtc_protocol::Layer;

use crate::ForwardConfig;

/// Why a key frame is needed, which says how long it may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyframeNeed {
    /// A viewer lost packets (PLI, FIR).
    Repair,
    /// Somebody who has no picture yet waits for it.
    Join,
    /// Publisher or viewer are back after an outage. It is asked for again until it comes.
    Return,
}

/// The requests for one source.
#[derive(Debug, Default)]
pub(crate) struct KeyframeGate {
    sent: Option<Instant>,
    /// The last key frame of each layer.
    seen: [Option<Instant>; 2],
    /// The last request of each layer that still waits.
    waiting: [Option<Instant>; 2],
    due: Option<Instant>,
    owed: Option<Owed>,
}

/// A key frame that is asked for until one comes.
#[derive(Debug)]
struct Owed {
    layer: Layer,
    /// When it is asked for again, and how long after the request before.
    again: Instant,
    pause: Duration,
}

impl KeyframeGate {
    /// A key frame of a layer goes out.
    pub(crate) fn observe(&mut self, now: Instant, layer: Layer) {
        self.seen[layer as usize] = Some(now);
        // One request makes key frames on all layers.
        self.owed = None;
    }

    /// Somebody needs a key frame. Says whether to ask the publisher now; otherwise it is under way, or [`Self::due`].
    pub(crate) fn request(&mut self, now: Instant, layer: Layer, need: KeyframeNeed, config: &ForwardConfig) -> bool {
        if need == KeyframeNeed::Return {
            let pause = config.keyframe_insist;
            self.owed = Some(Owed { layer, again: now + pause, pause });
        }
        let window_ends = self.sent.map(|at| at + config.keyframe_repair).filter(|end| now < *end);
        let Some(window_ends) = window_ends else {
            self.send(now);
            return true;
        };
        let is_under_way = self.seen[layer as usize] < self.sent;
        if is_under_way {
            return false;
        }
        let at = match need {
            KeyframeNeed::Repair => window_ends,
            KeyframeNeed::Join | KeyframeNeed::Return => window_ends.min(now + config.keyframe_join),
        };
        self.waiting[layer as usize] = Some(now);
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
        false
    }

    pub(crate) fn due(&self) -> Option<Instant> {
        [self.due, self.owed.as_ref().map(|owed| owed.again)].into_iter().flatten().min()
    }

    /// Takes the request that is due: those that were merged, or one that is repeated. Nothing, when the key frames came by
    /// themselves meanwhile.
    pub(crate) fn handle_timeout(&mut self, now: Instant, config: &ForwardConfig) -> Option<Layer> {
        self.take_merged(now).or_else(|| self.insist(now, config))
    }

    fn insist(&mut self, now: Instant, config: &ForwardConfig) -> Option<Layer> {
        let owed = self.owed.as_mut().filter(|owed| owed.again <= now)?;
        let layer = owed.layer;
        owed.pause *= 2;
        if owed.pause > config.keyframe_insist_most {
            self.owed = None;
        }
        self.send(now);
        Some(layer)
    }

    fn take_merged(&mut self, now: Instant) -> Option<Layer> {
        self.due.take_if(|due| *due <= now)?;
        let waiting = std::mem::take(&mut self.waiting);
        let unanswered =
            |l: &Layer| waiting[*l as usize].is_some_and(|asked| self.seen[*l as usize].is_none_or(|seen| seen < asked));
        let layer = [Layer::Big, Layer::Small].into_iter().find(unanswered)?;
        self.send(now);
        Some(layer)
    }

    fn send(&mut self, now: Instant) {
        self.sent = Some(now);
        self.waiting = [None; 2];
        self.due = None;
        if let Some(owed) = &mut self.owed {
            owed.again = now + owed.pause;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BIG: Layer = Layer::Big;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn the_first_request_passes_at_once_and_those_before_its_key_frame_are_answered_by_it() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Repair, &config));
        assert!(!gate.request(t + ms(30), BIG, KeyframeNeed::Join, &config));
        assert_eq!(gate.due(), None);
    }

    #[test]
    fn a_repair_waits_for_the_end_of_the_window_and_a_join_a_quarter_of_a_second() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Repair, &config));
        gate.observe(t + ms(20), BIG);
        assert!(!gate.request(t + ms(50), BIG, KeyframeNeed::Repair, &config));
        assert_eq!(gate.due(), Some(t + ms(500)));
        assert!(!gate.request(t + ms(60), BIG, KeyframeNeed::Join, &config));
        assert_eq!(gate.due(), Some(t + ms(310)));
        assert_eq!(gate.handle_timeout(t + ms(309), &config), None);
        assert_eq!(gate.handle_timeout(t + ms(310), &config), Some(BIG));
        assert_eq!(gate.due(), None);
    }

    #[test]
    fn a_key_frame_that_comes_by_itself_answers_who_waits() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Repair, &config));
        gate.observe(t + ms(20), BIG);
        assert!(!gate.request(t + ms(50), BIG, KeyframeNeed::Repair, &config));
        gate.observe(t + ms(200), BIG);
        assert_eq!(gate.handle_timeout(t + ms(500), &config), None);
    }

    #[test]
    fn a_key_frame_for_somebody_who_is_back_is_asked_for_until_it_comes() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Return, &config));
        let mut asked = Vec::new();
        while let Some(due) = gate.due() {
            assert_eq!(gate.handle_timeout(due, &config), Some(BIG));
            asked.push((due - t).as_millis());
        }
        assert_eq!(asked, [250, 750, 1750, 3750, 7750], "and given up then");

        assert!(gate.request(t + ms(9000), BIG, KeyframeNeed::Return, &config));
        gate.observe(t + ms(9100), Layer::Small);
        assert_eq!(gate.due(), None, "one request makes key frames on all layers");
    }

    #[test]
    fn who_is_back_while_a_key_frame_is_on_its_way_has_that_one_unless_it_is_lost() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Repair, &config));
        assert!(!gate.request(t + ms(40), BIG, KeyframeNeed::Return, &config));
        assert_eq!(gate.handle_timeout(t + ms(289), &config), None);
        assert_eq!(gate.handle_timeout(t + ms(290), &config), Some(BIG));
    }

    #[test]
    fn a_request_whose_key_frame_never_came_does_not_block_the_next() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut gate = KeyframeGate::default();
        assert!(gate.request(t, BIG, KeyframeNeed::Join, &config));
        assert!(gate.request(t + ms(500), BIG, KeyframeNeed::Join, &config));
    }
}
