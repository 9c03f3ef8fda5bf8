//! The speaker's side of the desk: everybody who is heard by any seat, mixed. Its device is opened elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use rtc_audio::{Block, Channels, Gain, Meter, Mixer, Volume};
use rtc_protocol::UserId;
use rtc_session::{Incoming, Line, SourceClock};

use super::capturing::{OwnVoice, Played};
use super::feed::SharedFeed;
use super::hook::{AudioFrame, AudioFrameFormat, AudioFrameHook, HookPlace, HookPoint};
use super::voices::{Voices, frame};
use super::volume::VolumeEvaluation;
use crate::lock::lock;

/// The speaker's side.
pub(super) struct Playing {
    played: Arc<Played>,
    own: OwnVoice,
    seats: BTreeMap<u32, SeatIn>,
    mixer: Mixer,
    blocks: u64,
    hook: Option<Arc<dyn AudioFrameHook>>,
    mixed: Option<HookPoint>,
    format: AudioFrameFormat,
    /// `setVoiceEarMonitorVolume`, while it is on.
    ear: Option<Gain>,
    /// Where the mix of everybody goes besides the ears: local recording.
    taps: Vec<Tap>,
    arrived: Receiver<Arrived>,
    /// The other end of `arrived`.
    arrivals: Sender<Arrived>,
}

/// Packets that wait while this side is held up, by a hook say: some seconds of a large room. What comes then is lost.
const WAITING: usize = 8192;
/// More of the own voice than this is a lag of whoever listens to it.
const OWN_BACKLOG: usize = 4;

/// Takes the others' sound and the own one, 10 ms at a time, until it is over.
pub(crate) struct Tap {
    pub(crate) is_over: Arc<AtomicBool>,
    pub(crate) take: Take,
}

/// Called with what is heard and what is said.
type Take = Box<dyn FnMut(&Block, Option<&Block>) + Send>;

/// What arrived for a seat, on its way from the session's thread.
pub(super) struct Arrived {
    pub(super) seat: u32,
    pub(super) user: UserId,
    pub(super) what: Arrival,
}

pub(super) enum Arrival {
    Packet(Line, Incoming),
    Clock(SourceClock),
    /// Its owner is not heard any more.
    Gone,
    /// Nobody is: another room begins.
    AllGone,
}

/// A seat's part of it.
pub(super) struct SeatIn {
    pub(super) voices: Voices,
    pub(super) evaluation: Option<VolumeEvaluation>,
    /// `mixExternalAudioFrame` for the own ears.
    pub(super) external: (SharedFeed, Gain),
    pub(super) is_in_room: bool,
}

impl Playing {
    pub(super) fn new(played: Arc<Played>, own: OwnVoice) -> Self {
        let (arrivals, arrived) = bounded(WAITING);
        Self {
            arrived,
            arrivals,
            played,
            own,
            seats: BTreeMap::new(),
            mixer: Mixer::new(),
            blocks: 0,
            hook: None,
            mixed: None,
            format: AudioFrameFormat::DEFAULT,
            ear: None,
            taps: Vec::new(),
        }
    }

    /// Where the session's thread puts what arrives; it never waits.
    pub(super) fn arrivals(&self) -> Sender<Arrived> {
        self.arrivals.clone()
    }

    fn sort_in(&mut self) {
        while let Ok(Arrived { seat, user, what }) = self.arrived.try_recv() {
            let Some(seat) = self.seats.get_mut(&seat).filter(|seat| seat.is_in_room) else { continue };
            match what {
                Arrival::Packet(line, packet) => seat.voices.insert(&user, line, &packet),
                Arrival::Clock(clock) => seat.voices.set_clock(&user, clock),
                Arrival::Gone => seat.voices.remove(&user),
                Arrival::AllGone => seat.voices.forget_all(),
            }
        }
    }

    pub(super) fn seat(&mut self, number: u32) -> Option<&mut SeatIn> {
        self.seats.get_mut(&number)
    }

    pub(super) fn add_seat(&mut self, number: u32, seat: SeatIn) {
        self.seats.insert(number, seat);
    }

    pub(super) fn remove_seat(&mut self, number: u32) {
        self.seats.remove(&number);
    }

    /// Whether somebody may be heard.
    pub(super) fn is_needed(&self) -> bool {
        self.seats.values().any(|seat| seat.is_in_room) || !self.taps.is_empty()
    }

    pub(super) fn set_hook(&mut self, hook: Option<Arc<dyn AudioFrameHook>>) {
        self.hook = hook;
        self.rebuild_hook();
    }

    pub(super) fn set_mixed_format(&mut self, format: AudioFrameFormat) {
        self.format = format;
        self.rebuild_hook();
    }

    fn rebuild_hook(&mut self) {
        let hook = self.hook.as_ref().filter(|hook| hook.wants(HookPlace::MixedPlay));
        self.mixed = hook.and_then(|_| HookPoint::new(self.format).ok());
    }

    pub(super) fn set_ear_monitor(&mut self, volume: Option<Volume>) {
        self.ear = volume.map(Gain::new);
    }

    /// Another volume, where it is on.
    pub(super) fn change_ear_monitor(&mut self, volume: Volume) {
        self.ear.iter_mut().for_each(|gain| gain.set(volume));
    }

    pub(super) fn add_tap(&mut self, tap: Tap) {
        self.taps.push(tap);
    }

    /// Lets go of those that are over.
    pub(super) fn drop_taps(&mut self) {
        self.taps.retain(|tap| !tap.is_over.load(Ordering::Acquire));
    }

    /// The next 10 ms in stereo. `meter` is the own voice, where there is one.
    pub(super) fn play(&mut self, now: Instant, meter: impl Fn(u32, &mut dyn FnMut(Option<&mut Meter>))) -> Block {
        self.sort_in();
        self.blocks += 1;
        let timestamp = self.blocks * 10;
        for (number, seat) in self.seats.iter_mut().filter(|(_, seat)| seat.is_in_room) {
            let block = seat.voices.pull(now, timestamp, self.hook.as_ref());
            self.mixer.add(&block, &mut Gain::default());
            let (feed, gain) = &mut seat.external;
            if let Some(block) = feed.pull() {
                self.mixer.add(&block, gain);
            }
            if let Some(evaluation) = &mut seat.evaluation {
                meter(*number, &mut |own| evaluation.tick(&mut seat.voices, own));
            }
        }
        let mut block = self.mixer.finish();
        if let (Some(hook), Some(point)) = (&self.hook, &mut self.mixed) {
            block =
                point.pass(&block, timestamp, |frame: &mut AudioFrame| hook.mixed_play(frame)).to_channels(Channels::Stereo);
        }
        let own = {
            let mut own = lock(&self.own);
            while own.len() > OWN_BACKLOG {
                own.pop_front();
            }
            own.pop_front()
        };
        for tap in self.taps.iter_mut().filter(|tap| !tap.is_over.load(Ordering::Acquire)) {
            (tap.take)(&block, own.as_ref());
        }
        if let Some(hook) = &self.hook {
            let all = match &own {
                Some(own) => together(&block, own),
                None => block.clone(),
            };
            crate::inside::guarded_hook(|| hook.mixed_all(&frame(&all, timestamp)));
        }
        if let (Some(gain), Some(own)) = (&mut self.ear, &own) {
            let mut own = own.clone();
            gain.apply(&mut own);
            block = together(&block, &own);
        }
        self.played.push(block.clone());
        block
    }
}

fn together(one: &Block, other: &Block) -> Block {
    let mut mixer = Mixer::new();
    mixer.add(one, &mut Gain::default());
    mixer.add(other, &mut Gain::default());
    mixer.finish()
}

impl SeatIn {
    pub(super) fn new(voices: Voices) -> Self {
        Self { voices, evaluation: None, external: (SharedFeed::default(), Gain::default()), is_in_room: false }
    }
}
