//! An instance's place at the desk: its voice, its ears, and what it mixes in. It opens no device itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use rtc_api::{AudioQuality, AudioVolumeEvaluateParams, ErrorCode, Event};
use rtc_audio::{Channels, Format, FormatError, Outlet, RATE, Volume};
use rtc_device::{AudioBlock, DeviceError, SystemSound, SystemSoundSource};
use rtc_link::Link;
use rtc_protocol::UserId;
use rtc_session::{Incoming, Line, SourceClock};
use rtc_video::cipher::Cipher;

use super::beside::PacketHooks;
use super::capturing::SeatOut;
use super::desk::Desk;
use super::feed::SharedFeed;
use super::hook::AudioFrame;
use super::playing::{Arrival, Arrived, SeatIn};
use super::sending::quality_of;
use super::volume::VolumeEvaluation;
use super::{SoundMeasured, VoiceSent};
use crate::courier::Courier;
use crate::lock::lock;
use crate::picture::PayloadKey;

/// An instance's place at the desk.
pub(crate) struct Seat {
    desk: Arc<Desk>,
    number: u32,
    courier: Courier,
    system: Mutex<Option<SystemSound>>,
    key: Mutex<Option<PayloadKey>>,
}

impl Seat {
    pub(super) fn new(desk: Arc<Desk>, number: u32, courier: Courier) -> Self {
        Self { desk, number, courier, system: Mutex::default(), key: Mutex::default() }
    }

    /// For calls of the application that must not wait for anything.
    pub(crate) fn feeds(&self) -> Feeds {
        let of = |feed: Option<SharedFeed>| feed.unwrap_or_default();
        Feeds {
            desk: Arc::clone(&self.desk),
            number: self.number,
            custom: of(self.capturing(|seat| seat.custom.clone())),
            for_others: of(self.capturing(|seat| seat.external.0.clone())),
            for_ears: of(self.playing(|seat| seat.external.0.clone())),
            outlet: Arc::default(),
        }
    }

    fn capturing<T>(&self, act: impl FnOnce(&mut SeatOut) -> T) -> Option<T> {
        lock(&self.desk.capturing).seat(self.number).map(act)
    }

    fn playing<T>(&self, act: impl FnOnce(&mut SeatIn) -> T) -> Option<T> {
        lock(&self.desk.playing).seat(self.number).map(act)
    }

    /// What the session's thread hands packets to, for one stay.
    pub(crate) fn inbox(&self) -> VoiceInbox {
        let key = lock(&self.key);
        VoiceInbox {
            arrivals: lock(&self.desk.playing).arrivals(),
            seat: self.number,
            // A key that works for nothing was refused when it was given.
            cipher: key.as_ref().and_then(|key| key.cipher().ok()),
            known: BTreeSet::new(),
        }
    }

    /// `startLocalAudio`; while it runs, another quality takes over without a break.
    pub(crate) fn start_microphone(&self, quality: AudioQuality) {
        let result = self.capturing(|seat| {
            seat.from_microphone = !seat.custom.is_on();
            seat.sending.set_quality(quality_of(quality))
        });
        if let Some(Err(error)) = result {
            self.courier.error(ErrorCode::AUDIO_ENCODE_FAIL, format!("the encoder could not be made: {error}"));
        }
        lock(&self.desk.capturing).choose_processing();
        self.desk.arrange(&self.courier);
    }

    /// Encrypts and decrypts with this key. Nothing is sent in the clear because of a key that does not work.
    pub(crate) fn set_key(&self, key: Option<&PayloadKey>) {
        self.capturing(|seat| seat.sending.set_key(key));
        *lock(&self.key) = key.cloned();
    }

    /// What an application does to packets of sound.
    pub(crate) fn set_packet_hooks(&self, hooks: &PacketHooks) {
        let before = (
            self.capturing(|seat| seat.sending.set_hooks(hooks.clone())),
            self.playing(|seat| seat.voices.set_hooks(hooks.clone())),
        );
        // The application's own drop runs without our locks.
        drop(before);
    }

    /// `setAudioQuality` of older versions: what is sent from now on.
    pub(crate) fn set_quality(&self, quality: AudioQuality) {
        if let Some(Err(error)) = self.capturing(|seat| seat.sending.set_quality(quality_of(quality))) {
            self.courier.error(ErrorCode::AUDIO_ENCODE_FAIL, format!("the encoder could not be made: {error}"));
        }
        lock(&self.desk.capturing).choose_processing();
    }

    /// `stopLocalAudio`; returns when the microphone is free.
    pub(crate) fn stop_microphone(&self) {
        self.capturing(|seat| seat.from_microphone = false);
        lock(&self.desk.capturing).choose_processing();
        self.desk.arrange(&self.courier);
    }

    /// What the network loses on the way up, percent, and how many earlier packets each carries against that.
    pub(crate) fn set_network(&self, loss: u8, repeated: u8) {
        self.capturing(|seat| seat.sending.set_network(loss, repeated));
    }

    pub(crate) fn set_muted(&self, is_muted: bool) {
        self.capturing(|seat| seat.sending.set_muted(is_muted));
    }

    pub(crate) fn set_sending(&self, is_open: bool) {
        self.capturing(|seat| seat.sending.set_open(is_open));
    }

    /// A stay begins.
    pub(crate) fn connect(&self, uplink: Arc<Link>) {
        self.capturing(|seat| seat.sending.connect(Some(uplink)));
        self.playing(|seat| seat.is_in_room = true);
        self.desk.arrange(&self.courier);
    }

    /// A stay is over: the microphone is closed, nobody is heard.
    pub(crate) fn leave(&self) {
        self.stop_system_sound();
        self.capturing(|seat| {
            seat.sending.set_open(false);
            seat.sending.connect(None);
            seat.from_microphone = false;
            seat.custom.turn(false);
            seat.external.0.turn(false);
        });
        self.playing(|seat| {
            seat.voices.clear();
            seat.is_in_room = false;
            seat.external.0.turn(false);
        });
        self.desk.arrange(&self.courier);
    }

    /// A stay did not come about. The microphone goes on.
    pub(crate) fn disconnect(&self) {
        self.capturing(|seat| {
            seat.sending.set_open(false);
            seat.sending.connect(None);
        });
        self.playing(|seat| {
            seat.voices.forget_all();
            seat.is_in_room = false;
        });
        self.desk.arrange(&self.courier);
    }

    /// Another room begins without the old one's voices.
    pub(crate) fn forget_voices(&self) {
        self.playing(|seat| seat.voices.forget_all());
    }

    /// The instance ends.
    pub(crate) fn close(&self) {
        self.set_packet_hooks(&PacketHooks::default());
        self.desk.remove_seat(self.number);
        self.desk.arrange(&self.courier);
    }

    pub(crate) fn set_volume(&self, user: UserId, volume: Volume) {
        self.playing(|seat| seat.voices.set_volume(user, volume));
    }

    /// A voice waits at least so long, so that it is heard with its picture.
    pub(crate) fn set_least_delay(&self, user: &UserId, delay: Duration) {
        self.playing(|seat| seat.voices.set_least_delay(user, delay));
    }

    pub(crate) fn set_playout_volume(&self, volume: Volume) {
        self.playing(|seat| seat.voices.set_volume_of_all(volume));
    }

    pub(crate) fn evaluate_volume(&self, is_on: bool, params: AudioVolumeEvaluateParams) {
        self.playing(|seat| seat.evaluation = VolumeEvaluation::new(is_on, params));
    }

    /// `setRemoteAudioParallelParams`: at most so many are heard, the loudest and those who are named.
    pub(crate) fn set_parallel(&self, most: u32, always: Vec<UserId>) {
        self.playing(|seat| seat.voices.set_parallel(most, always));
    }

    /// `startSystemAudioLoopback`; the empty name is the speaker in use.
    pub(crate) fn start_system_sound(&self, speaker: &str) {
        let feed = self.capturing(|seat| seat.system.0.clone()).unwrap_or_default();
        feed.turn(true);
        let fed = feed.clone();
        let on_block = move |block: &AudioBlock<'_>| {
            // A second that waits is enough: nobody sends at the moment.
            let _ = fed.push(&AudioFrame {
                samples: block.samples.to_vec(),
                sample_rate: block.format.sample_rate,
                channels: block.format.channels.into(),
                ..AudioFrame::default()
            });
        };
        let source = SystemSoundSource::Speaker((!speaker.is_empty()).then(|| speaker.to_owned()));
        let opened = SystemSound::open(self.desk.devices(), source, 2, on_block, |_event| {});
        let mut system = lock(&self.system);
        match opened {
            Ok(sound) => {
                *system = Some(sound);
                self.courier.tell(Event::SystemAudioLoopbackError { err_code: ErrorCode::NULL });
            }
            Err(error) => {
                tracing::warn!("what the machine plays cannot be captured: {error}");
                feed.turn(false);
                let err_code = match error {
                    DeviceError::Unsupported { .. } => ErrorCode::NOT_SUPPORTED,
                    _ => ErrorCode::SYSTEM_LOOPBACK_START_FAILED,
                };
                self.courier.tell(Event::SystemAudioLoopbackError { err_code });
            }
        }
    }

    /// `stopSystemAudioLoopback`.
    pub(crate) fn stop_system_sound(&self) {
        let sound = lock(&self.system).take();
        drop(sound);
        self.capturing(|seat| seat.system.0.turn(false));
    }

    /// `setSystemAudioLoopbackVolume`.
    pub(crate) fn set_system_volume(&self, volume: Volume) {
        self.capturing(|seat| seat.system.1.set(volume));
    }

    /// `enableCustomAudioCapture`: the application is the microphone.
    pub(crate) fn set_custom_capture(&self, is_on: bool) {
        self.capturing(|seat| {
            seat.custom.turn(is_on);
            seat.from_microphone = seat.from_microphone && !is_on;
        });
        self.desk.arrange(&self.courier);
    }

    /// `enableMixExternalAudioFrame`.
    pub(crate) fn set_external(&self, for_others: bool, for_ears: bool) {
        self.capturing(|seat| seat.external.0.turn(for_others));
        self.playing(|seat| seat.external.0.turn(for_ears));
    }

    /// `setMixExternalAudioVolume`; nothing keeps what was.
    pub(crate) fn set_external_volume(&self, for_others: Option<Volume>, for_ears: Option<Volume>) {
        if let Some(volume) = for_others {
            self.capturing(|seat| seat.external.1.set(volume));
        }
        if let Some(volume) = for_ears {
            self.playing(|seat| seat.external.1.set(volume));
        }
    }

    pub(crate) fn measure(&self) -> SoundMeasured {
        let sent = {
            let mut side = lock(&self.desk.capturing);
            let is_on = side.seat(self.number).is_some_and(|seat| seat.is_on());
            VoiceSent {
                sample_rate: if is_on { RATE } else { 0 },
                capture_state: u32::from(is_on && side.is_silent()),
                level: side.meter().volume().into(),
            }
        };
        let heard = self.playing(|seat| seat.voices.measure(Instant::now())).unwrap_or_default();
        SoundMeasured { sent, heard }
    }
}

/// An application's own sound in and out of a seat, from its own threads.
#[derive(Clone)]
pub(crate) struct Feeds {
    desk: Arc<Desk>,
    number: u32,
    custom: SharedFeed,
    for_others: SharedFeed,
    for_ears: SharedFeed,
    /// The format an application asks for and what is left of the last block in it.
    outlet: Arc<Mutex<Rendering>>,
}

#[derive(Default)]
struct Rendering {
    outlet: Option<Outlet>,
    rest: Vec<i16>,
}

impl Feeds {
    /// `sendCustomAudioData`. Inside of a hook it waits for the next call outside, because sound is being sent right then.
    pub(crate) fn send_custom(&self, frame: &AudioFrame) -> Result<(), FormatError> {
        if self.custom.push(frame)?.is_some() && !crate::inside::is_inside() {
            lock(&self.desk.capturing).capture_custom(self.number);
        }
        Ok(())
    }

    /// `mixExternalAudioFrame`: milliseconds that wait now, or why the frame was not taken.
    pub(crate) fn mix_external(&self, frame: &AudioFrame) -> Result<u32, FormatError> {
        let for_others = self.for_others.push(frame)?;
        let for_ears = self.for_ears.push(frame)?;
        Ok(for_others.max(for_ears).unwrap_or(0))
    }

    /// `getCustomAudioRenderingFrame`: fills the samples with what is to be played next.
    pub(crate) fn render(&self, frame: &mut AudioFrame) -> Result<(), FormatError> {
        if crate::inside::is_inside() {
            // The sound that is asked for is being made right now, by this very thread.
            frame.samples.fill(0);
            return Ok(());
        }
        let channels = match frame.channels {
            1 => Channels::Mono,
            2 => Channels::Stereo,
            _ => return Err(FormatError::Ragged),
        };
        let format = Format { rate: frame.sample_rate, channels, frames_per_call: frame.sample_rate / 100 };
        let mut rendering = lock(&self.outlet);
        if rendering.outlet.as_ref().is_none_or(|outlet| outlet.format() != format) {
            rendering.outlet = Some(Outlet::new(format)?);
            rendering.rest.clear();
        }
        while rendering.rest.len() < frame.samples.len() {
            let block = self.desk.render();
            let Rendering { outlet: Some(outlet), rest } = &mut *rendering else { return Ok(()) };
            rest.extend(outlet.push(&block).unwrap_or_default());
        }
        let wanted = frame.samples.len();
        frame.samples.copy_from_slice(&rendering.rest[..wanted]);
        rendering.rest.drain(..wanted);
        Ok(())
    }
}

/// Takes the packets of voices, on the session's thread, for one stay. It never waits.
pub(crate) struct VoiceInbox {
    arrivals: Sender<Arrived>,
    seat: u32,
    cipher: Option<Cipher>,
    /// Whose sound has come.
    known: BTreeSet<UserId>,
}

/// More voices than a room has publishers are nonsense.
const MOST_VOICES: usize = 512;

impl VoiceInbox {
    /// Whether it is the first packet of a voice that can be heard.
    pub(crate) fn packet(&mut self, user: &UserId, line: Line, mut packet: Incoming) -> bool {
        if let Some(cipher) = &self.cipher {
            // With another key there is nothing to hear.
            let Ok(opened) = cipher.open_audio(&packet.payload) else { return false };
            packet.payload = opened.into();
        }
        self.hand(user, Arrival::Packet(line, packet));
        !self.known.contains(user) && self.known.len() < MOST_VOICES && self.known.insert(user.clone())
    }

    /// Whether somebody was heard who is not any more.
    pub(crate) fn source_changed(&mut self, user: &UserId, line: Option<Line>) -> bool {
        // A new line begins with its first packet: what waits of the old one is played until then.
        if line.is_some() {
            return false;
        }
        self.hand(user, Arrival::Gone);
        self.known.remove(user)
    }

    /// A voice's clock, for lip sync.
    pub(crate) fn clock(&self, user: &UserId, clock: SourceClock) {
        self.hand(user, Arrival::Clock(clock));
    }

    /// Another room begins without the old one's voices.
    pub(crate) fn forget(&mut self) {
        if let Some(user) = self.known.first().cloned() {
            self.hand(&user, Arrival::AllGone);
        }
        self.known.clear();
    }

    fn hand(&self, user: &UserId, what: Arrival) {
        // A full queue says that the speaker's side is held up; what is lost then could not be played.
        let _ = self.arrivals.try_send(Arrived { seat: self.seat, user: user.clone(), what });
    }
}
