//! Who is heard where not everybody fits: the loudest, chosen from audio levels (RFC 6464) so that the choice does not
//! flap; it does not say into which slot they go.

use std::time::{Duration, Instant};

use rtc_protocol::TrackRef;

use crate::ForwardConfig;

/// How loud a microphone is, smoothed: up within two or three packets, down within about a second.
#[derive(Debug, Default)]
pub(crate) struct Loudness {
    /// 0 (silence) to 127, in dB above -127 dBov.
    smoothed: f32,
    at: Option<Instant>,
    is_speaking: bool,
}

impl Loudness {
    /// Takes in a packet's level. Says whether somebody begins to speak with it.
    pub(crate) fn observe(&mut self, now: Instant, level: Option<u8>) -> bool {
        let loud = level.map_or(UNKNOWN, |below| 127.0 - f32::from(below.min(127)));
        let before = self.at_time(now);
        let pace = if loud > before { 0.6 } else { 0.04 };
        self.smoothed = before + (loud - before) * pace;
        self.at = Some(now);
        let spoke = self.is_speaking;
        self.is_speaking = self.smoothed >= if spoke { AUDIBLE - 6.0 } else { AUDIBLE };
        self.is_speaking && !spoke
    }

    /// How loud it is now: who sends nothing (discontinuous transmission, muted) falls silent by himself.
    pub(crate) fn at_time(&self, now: Instant) -> f32 {
        let Some(at) = self.at else { return 0.0 };
        let idle = now.saturating_duration_since(at).saturating_sub(GRACE);
        (self.smoothed - idle.as_secs_f32() * DECAY_A_SECOND).max(0.0)
    }
}

/// A microphone that a viewer hears, or would hear if there were room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) source: TrackRef,
    /// Since when it has been among the selected.
    pub(crate) selected: Option<Instant>,
    /// Whether the viewer's shard was told that the viewer listens.
    pub(crate) is_counted: bool,
    /// The figures of the present selection.
    pub(crate) loudness: f32,
}

impl Voice {
    pub(crate) fn new(source: TrackRef) -> Self {
        Self { source, selected: None, is_counted: false, loudness: 0.0 }
    }

    fn may_be_replaced(&self, now: Instant, config: &ForwardConfig) -> bool {
        let is_held = |since| now.saturating_duration_since(since) < config.speaker_hold;
        self.selected.is_some_and(|since| self.loudness < AUDIBLE || !is_held(since))
    }
}

/// Selects at most `room` voices, beginning from those that are selected already. Their `loudness` must be up to date. Says
/// whether the selection changed.
pub(crate) fn select(now: Instant, room: usize, voices: &mut [Voice], config: &ForwardConfig) -> bool {
    let mut selected = voices.iter().filter(|v| v.selected.is_some()).count();
    let mut changed = false;
    while selected > room
        && let Some(leaver) = quietest(voices, |v| v.selected.is_some())
    {
        voices[leaver].selected = None;
        selected -= 1;
        changed = true;
    }
    while selected < room
        && let Some(newcomer) = loudest(voices)
    {
        voices[newcomer].selected = Some(now);
        selected += 1;
        changed = true;
    }
    while let Some(newcomer) = loudest(voices)
        && let Some(leaver) = quietest(voices, |v| v.may_be_replaced(now, config))
        && voices[newcomer].loudness >= AUDIBLE
        && voices[newcomer].loudness > voices[leaver].loudness + f32::from(config.speaker_margin)
    {
        voices[leaver].selected = None;
        voices[newcomer].selected = Some(now);
        changed = true;
    }
    changed
}

/// The loudest who is not selected; among equals, the one who was there first.
fn loudest(voices: &[Voice]) -> Option<usize> {
    let outside = voices.iter().enumerate().filter(|(_, v)| v.selected.is_none());
    outside.rev().max_by(|(_, a), (_, b)| a.loudness.total_cmp(&b.loudness)).map(|(i, _)| i)
}

/// The quietest of some; among equals, the one who came last.
fn quietest(voices: &[Voice], among: impl Fn(&Voice) -> bool) -> Option<usize> {
    let inside = voices.iter().enumerate().filter(|(_, v)| among(v));
    inside.rev().min_by(|(_, a), (_, b)| a.loudness.total_cmp(&b.loudness)).map(|(i, _)| i)
}

/// -60 dBov: speech is well above, the noise of a quiet room below.
const AUDIBLE: f32 = 67.0;
/// For packets that bear no level: as somebody who speaks softly.
const UNKNOWN: f32 = 75.0;
const GRACE: Duration = Duration::from_millis(200);
const DECAY_A_SECOND: f32 = 60.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_holds_between_packets_and_decays_without_them() {
        let t = Instant::now();
        let mut loudness = Loudness::default();
        assert_eq!(loudness.at_time(t), 0.0);
        let began = (0..5u64).filter(|n| loudness.observe(t + Duration::from_millis(20 * n), Some(30))).count();
        assert_eq!(began, 1, "speaking begins once");
        let last = t + Duration::from_millis(80);
        let loud = loudness.at_time(last);
        assert!(loud > 90.0);
        assert_eq!(loudness.at_time(last + GRACE), loud);
        assert!(loudness.at_time(last + GRACE + Duration::from_millis(500)) < loud - 25.0);
        assert_eq!(loudness.at_time(last + Duration::from_secs(60)), 0.0);
    }
}
