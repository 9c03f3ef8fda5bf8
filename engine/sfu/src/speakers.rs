//! Who is heard where not everybody fits: the loudest, chosen from audio levels (RFC 6464) so that the choice does not
//! flap; it does not say into which slot they go. Also which packets of silence are worth sending.

use std::time::{Duration, Instant};

use rtc_protocol::TrackRef;

use crate::ForwardConfig;

/// How loud a microphone is, smoothed: up within two or three packets, down within about a second.
#[derive(Debug, Default)]
pub(crate) struct Loudness {
    /// 0 (silence) to 127, in dB above -127 dBov.
    smoothed: f32,
    /// The loudest of late; it goes down by seconds.
    peak: f32,
    at: Option<Instant>,
    /// What it was when it last rose by enough to be told.
    told: f32,
}

impl Loudness {
    /// Takes in a packet's level. Says whether somebody has become louder by so much that the choice may be another one.
    pub(crate) fn observe(&mut self, now: Instant, level: Option<u8>) -> bool {
        let loud = level.map_or(UNKNOWN, |below| 127.0 - f32::from(below.min(127)));
        let before = self.at_time(now);
        let pace = if loud > before { 0.6 } else { 0.04 };
        self.smoothed = before + (loud - before) * pace;
        self.peak = self.recent(now).max(self.smoothed);
        self.at = Some(now);
        let has_risen = self.smoothed >= AUDIBLE && self.smoothed >= self.told + STEP;
        self.told = if has_risen { self.smoothed } else { self.told.min(self.smoothed) };
        has_risen
    }

    /// How loud it is now: who sends nothing (discontinuous transmission, muted) falls silent by himself.
    pub(crate) fn at_time(&self, now: Instant) -> f32 {
        let Some(at) = self.at else { return 0.0 };
        let idle = now.saturating_duration_since(at).saturating_sub(GRACE);
        (self.smoothed - idle.as_secs_f32() * DECAY_A_SECOND).max(0.0)
    }

    /// How loud it was of late.
    pub(crate) fn recent(&self, now: Instant) -> f32 {
        let Some(at) = self.at else { return 0.0 };
        (self.peak - now.saturating_duration_since(at).as_secs_f32() * PEAK_DECAY_A_SECOND).max(0.0)
    }
}

/// Silence in a microphone that sends all the same: muted in the application, or without discontinuous transmission.
#[derive(Debug, Default)]
pub(crate) struct Silence {
    /// Since when, and which packet of it passed last.
    lasts: Option<(Instant, Instant)>,
}

impl Silence {
    /// Whether a packet is worth sending: all that is to be heard, and of silence what [`ForwardConfig`] says. What bears
    /// no level may be anything.
    pub(crate) fn passes(&mut self, now: Instant, level: Option<u8>, config: &ForwardConfig) -> bool {
        if level.is_none_or(|level| level < SILENT) {
            self.lasts = None;
            return true;
        }
        let (since, passed) = self.lasts.get_or_insert((now, now));
        let is_due = now.saturating_duration_since(*passed) >= config.silence_interval;
        let passes = now.saturating_duration_since(*since) < config.silence_passes || is_due;
        if passes {
            *passed = now;
        }
        passes
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
    /// The figures of the present selection: how loud it is, and was of late.
    pub(crate) loudness: f32,
    pub(crate) recent: f32,
}

impl Voice {
    pub(crate) fn new(source: TrackRef) -> Self {
        Self { source, selected: None, is_counted: false, loudness: 0.0, recent: 0.0 }
    }

    /// Whether it makes room for a newcomer: at once for one who speaks when it is quiet, and later for one who is clearly
    /// louder than it was of late. Those who murmur would otherwise take turns all the time.
    fn yields_to(&self, newcomer: &Self, now: Instant, config: &ForwardConfig) -> bool {
        let Some(since) = self.selected else { return false };
        let margin = f32::from(config.speaker_margin);
        let is_quiet = self.loudness < AUDIBLE && newcomer.loudness >= SPEECH;
        let is_held = now.saturating_duration_since(since) < config.speaker_hold;
        newcomer.loudness >= AUDIBLE
            && newcomer.loudness > self.loudness + margin
            && (is_quiet || !is_held && newcomer.loudness > self.recent + margin)
    }
}

/// Selects at most `room` voices, beginning from those that are selected already. Their figures must be up to date. Says
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
        && let Some(leaver) = quietest(voices, |v| v.yields_to(&voices[newcomer], now, config))
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

/// The level of digital silence (RFC 6464 section 3).
const SILENT: u8 = 127;
/// -60 dBov: speech is well above, the noise of a quiet room below.
const AUDIBLE: f32 = 67.0;
/// -51 dBov: no mere murmur.
const SPEECH: f32 = 76.0;
/// By how much somebody has to become louder for the choice to be made anew at once.
const STEP: f32 = 6.0;
/// For packets that bear no level: as somebody who speaks softly.
const UNKNOWN: f32 = 75.0;
const GRACE: Duration = Duration::from_millis(200);
const DECAY_A_SECOND: f32 = 60.0;
const PEAK_DECAY_A_SECOND: f32 = 6.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_holds_between_packets_and_decays_without_them() {
        let t = Instant::now();
        let mut loudness = Loudness::default();
        assert_eq!(loudness.at_time(t), 0.0);
        let began = (0..10u64).filter(|n| loudness.observe(t + Duration::from_millis(20 * n), Some(30))).count();
        assert!((1..=3).contains(&began), "a rise is told while it lasts: {began}");
        assert!(!(10..50u64).any(|n| loudness.observe(t + Duration::from_millis(20 * n), Some(30))), "and then no more");
        let last = t + Duration::from_millis(980);
        let loud = loudness.at_time(last);
        assert!(loud > 90.0);
        assert_eq!(loudness.at_time(last + GRACE), loud);
        assert!(loudness.at_time(last + GRACE + Duration::from_millis(500)) < loud - 25.0);
        assert_eq!(loudness.at_time(last + Duration::from_secs(60)), 0.0);
    }
}
