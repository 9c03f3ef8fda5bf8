//! The others' voices of one seat: a jitter buffer each, with volume and measure. It neither mixes nor plays.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_audio::{Arrival, BLOCK_FRAMES, Block, Channels, Gain, Meter, Mixer, Receiver, ReceiverOptions, Statistics, Volume};
use rtc_protocol::UserId;
use rtc_session::{Incoming, Line, SourceClock};
use rtc_video::sync::Played;

use super::VoiceHeard;
use super::beside::{self, PacketHooks};
use super::hook::{AudioFrame, AudioFrameHook};
use crate::courier::Courier;

/// More voices than a room has publishers are nonsense: this bounds what a lying engine could pile up.
const MOST_VOICES: usize = 512;
/// Bytes beside sound that wait to be heard: as many as a jitter buffer has packets at its usual size.
const MOST_EXTRAS: usize = 64;

/// The voices a seat hears.
pub(super) struct Voices {
    courier: Courier,
    voices: BTreeMap<UserId, Voice>,
    /// `setRemoteAudioVolume`, which may be said before somebody speaks.
    volumes: BTreeMap<UserId, Volume>,
    /// `setAudioPlayoutVolume`.
    all: Gain,
    mixer: Mixer,
    /// `setRemoteAudioParallelParams`; 0 for all.
    most: usize,
    always: BTreeSet<UserId>,
    hooks: PacketHooks,
}

struct Voice {
    line: Line,
    receiver: Receiver,
    gain: Gain,
    meter: Meter,
    heard_since: Instant,
    before: Statistics,
    clock: Option<SourceClock>,
    /// What came beside sound that is not heard yet, with the time of its packet.
    extras: VecDeque<(u32, Vec<u8>)>,
}

impl Voices {
    pub(super) fn new(courier: Courier) -> Self {
        Self {
            courier,
            voices: BTreeMap::new(),
            volumes: BTreeMap::new(),
            all: Gain::default(),
            mixer: Mixer::new(),
            most: 0,
            always: BTreeSet::new(),
            hooks: PacketHooks::default(),
        }
    }

    pub(super) fn courier(&self) -> &Courier {
        &self.courier
    }

    pub(super) fn insert(&mut self, user: &UserId, line: Line, packet: &Incoming) {
        // What comes on a new line is another stream of packets.
        if self.voices.get(user).is_none_or(|voice| voice.line != line) {
            if self.voices.len() >= MOST_VOICES && !self.voices.contains_key(user) {
                return;
            }
            let volume = self.volumes.get(user).copied().unwrap_or_default();
            self.voices.insert(user.clone(), Voice::new(line, volume, packet.arrived));
        }
        let Some(received) = beside::received(&self.hooks, user.as_str(), &packet.payload) else { return };
        if let Some(voice) = self.voices.get_mut(user) {
            // The receiver counts as RTP does; the session has put what wrapped into order.
            let arrival = Arrival { sequence: packet.seq as u16, timestamp: packet.time, payload: &received.packet };
            voice.receiver.insert(arrival, packet.arrived);
            voice.keep(packet.time, received.extras);
        }
    }

    /// What an application does to packets.
    pub(super) fn set_hooks(&mut self, hooks: PacketHooks) -> PacketHooks {
        std::mem::replace(&mut self.hooks, hooks)
    }

    /// The clock of somebody's line.
    pub(super) fn set_clock(&mut self, user: &UserId, clock: SourceClock) {
        if let Some(voice) = self.voices.get_mut(user) {
            voice.clock = Some(clock);
        }
    }

    pub(super) fn set_least_delay(&mut self, user: &UserId, delay: Duration) {
        if let Some(voice) = self.voices.get_mut(user) {
            let options = ReceiverOptions::default();
            voice.receiver.set_options(ReceiverOptions { min_delay: options.min_delay.max(delay), ..options });
        }
    }

    /// Somebody is not heard any more.
    pub(super) fn remove(&mut self, user: &UserId) {
        self.voices.remove(user);
    }

    pub(super) fn clear(&mut self) {
        self.voices.clear();
        self.volumes.clear();
    }

    pub(super) fn forget_all(&mut self) {
        self.voices.clear();
    }

    pub(super) fn set_volume(&mut self, user: UserId, volume: Volume) {
        if let Some(voice) = self.voices.get_mut(&user) {
            voice.gain.set(volume);
        }
        if self.volumes.len() < MOST_VOICES || self.volumes.contains_key(&user) {
            self.volumes.insert(user, volume);
        }
    }

    /// At most so many are heard, 0 for all; those who are named always are.
    pub(super) fn set_parallel(&mut self, most: u32, always: Vec<UserId>) {
        self.most = most as usize;
        self.always = always.into_iter().take(MOST_VOICES).collect();
    }

    /// Below this volume somebody is not among the loudest; nothing where all are heard.
    fn threshold(&self) -> u8 {
        if self.most == 0 || self.voices.len() <= self.most {
            return 0;
        }
        let mut volumes: Vec<u8> = self.voices.values().map(|voice| voice.meter.volume()).collect();
        volumes.sort_unstable_by(|a, b| b.cmp(a));
        volumes.get(self.most - 1).copied().unwrap_or(0)
    }

    pub(super) fn set_volume_of_all(&mut self, volume: Volume) {
        self.all.set(volume);
    }

    /// The next 10 ms of everybody.
    pub(super) fn pull(&mut self, now: Instant, timestamp: u64, hook: Option<&Arc<dyn AudioFrameHook>>) -> Block {
        let threshold = self.threshold();
        for (user, voice) in &mut self.voices {
            let position = voice.receiver.position();
            let block = voice.receiver.pull(now);
            voice.meter.push(&block);
            let extra = position.and_then(|position| voice.extra(position));
            if let Some(hook) = hook {
                let shown = AudioFrame { extra_data: extra.unwrap_or_default(), ..frame(&block, timestamp) };
                crate::inside::guarded_hook(|| hook.play(user.as_str(), &shown));
            }
            if voice.meter.volume() >= threshold || self.always.contains(user) {
                self.mixer.add(&block, &mut voice.gain);
            }
        }
        let mut block = self.mixer.finish();
        self.all.apply(&mut block);
        block
    }

    /// What measures each voice; whoever reads at an interval resets it.
    pub(super) fn meters(&mut self) -> impl Iterator<Item = (&UserId, &mut Meter)> {
        self.voices.iter_mut().map(|(user, voice)| (user, &mut voice.meter))
    }

    pub(super) fn measure(&mut self, now: Instant) -> Vec<VoiceHeard> {
        self.voices.iter_mut().map(|(user, voice)| voice.measure(user, now)).collect()
    }
}

impl Voice {
    fn new(line: Line, volume: Volume, now: Instant) -> Self {
        Self {
            line,
            receiver: Receiver::default(),
            gain: Gain::new(volume),
            meter: Meter::without_voice(),
            heard_since: now,
            before: Statistics::default(),
            clock: None,
            extras: VecDeque::new(),
        }
    }

    fn measure(&mut self, user: &UserId, now: Instant) -> VoiceHeard {
        let statistics = self.receiver.statistics();
        let before = std::mem::replace(&mut self.before, statistics);
        let played = statistics.frames_played.saturating_sub(before.frames_played);
        let concealed = statistics.frames_concealed.saturating_sub(before.frames_concealed);
        let heard = now.saturating_duration_since(self.heard_since);
        VoiceHeard {
            user: user.clone(),
            sample_rate: rtc_audio::RATE,
            level: self.meter.volume().into(),
            delay_ms: milliseconds(statistics.current_delay),
            concealed: share(concealed as f32, played as f32),
            blocked_ms: milliseconds(statistics.gap_time),
            blocked_now_ms: milliseconds(statistics.gap_time.saturating_sub(before.gap_time)),
            block_rate: share(statistics.gap_time.as_secs_f32(), heard.as_secs_f32()),
            played: self.played(now, statistics.current_delay),
        }
    }
}

impl Voice {
    /// Keeps what came beside a packet until its sound is heard.
    fn keep(&mut self, time: u32, extras: Vec<Vec<u8>>) {
        for extra in extras {
            if self.extras.len() == MOST_EXTRAS {
                self.extras.pop_front();
            }
            self.extras.push_back((time, extra));
        }
    }

    /// What came beside the sound of the block that begins here, or before it.
    fn extra(&mut self, position: u32) -> Option<Vec<u8>> {
        let end = position.wrapping_add(BLOCK_FRAMES as u32);
        // RTP times go round; what lies less than half of it before is before. Packets may have come in another order.
        let at = self.extras.iter().position(|(time, _)| end.wrapping_sub(*time).cast_signed() > 0)?;
        self.extras.remove(at).map(|(_, extra)| extra)
    }

    /// What is heard now, and when it was said. Nothing while nothing is, or before the sender's clock is known.
    fn played(&self, now: Instant, delay: Duration) -> Option<Played> {
        let (position, clock) = (self.receiver.position()?, self.clock?);
        // RTP times go round; what lies less than half of it apart is before or after.
        let ticks = position.wrapping_sub(clock.time).cast_signed();
        let apart = Duration::from_micros(u64::from(ticks.unsigned_abs()) * 1_000_000 / u64::from(rtc_audio::RATE));
        let taken = if ticks < 0 { clock.ntp.checked_sub(apart) } else { clock.ntp.checked_add(apart) };
        Some(Played { taken: taken?, shown: now, delay })
    }
}

/// A block as an application sees it.
pub(super) fn frame(block: &Block, timestamp: u64) -> AudioFrame {
    AudioFrame {
        samples: block.samples().to_vec(),
        sample_rate: rtc_audio::RATE,
        channels: if block.channels() == Channels::Mono { 1 } else { 2 },
        timestamp,
        extra_data: Vec::new(),
    }
}

fn milliseconds(duration: Duration) -> f32 {
    duration.as_secs_f32() * 1000.0
}

/// Percent.
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole * 100.0).min(100.0) } else { 0.0 }
}
