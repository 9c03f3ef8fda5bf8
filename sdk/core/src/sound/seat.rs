//! An instance's place at the desk: its voice, its ears, and what it mixes in. It opens no device itself.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use rtc_api::{AudioQuality, AudioVolumeEvaluateParams, ErrorCode, Event};
use rtc_audio::{Channels, Format, FormatError, Gain, Outlet, RATE, Volume};
use rtc_device::{AudioBlock, DeviceError, SystemSound, SystemSoundSource};
use rtc_link::Link;
use rtc_protocol::UserId;
use rtc_session::{Incoming, Line};

use super::capturing::SeatOut;
use super::desk::{Desk, lock};
use super::feed::Feed;
use super::hook::AudioFrame;
use super::playing::{Playing, SeatIn};
use super::sending::quality_of;
use super::voices::Voices;
use super::volume::VolumeEvaluation;
use super::{SoundMeasured, VoiceSent};
use crate::courier::Courier;

/// An instance's place at the desk.
pub(crate) struct Seat {
    desk: Arc<Desk>,
    number: u32,
    courier: Courier,
    system: Mutex<Option<SystemSound>>,
}

impl Seat {
    pub(super) fn new(desk: Arc<Desk>, number: u32, courier: Courier) -> Self {
        Self { desk, number, courier, system: Mutex::default() }
    }

    /// For calls of the application that must not wait for anything.
    pub(crate) fn feeds(&self) -> Feeds {
        Feeds { desk: Arc::clone(&self.desk), number: self.number, outlet: Arc::default() }
    }

    fn capturing<T>(&self, act: impl FnOnce(&mut SeatOut) -> T) -> Option<T> {
        lock(&self.desk.capturing).seat(self.number).map(act)
    }

    fn playing<T>(&self, act: impl FnOnce(&mut SeatIn) -> T) -> Option<T> {
        lock(&self.desk.playing).seat(self.number).map(act)
    }

    /// What the session's thread hands packets to.
    pub(crate) fn inbox(&self) -> VoiceInbox {
        VoiceInbox { playing: Arc::downgrade(&self.desk.playing), number: self.number }
    }

    /// `startLocalAudio`; while it runs, another quality takes over without a break.
    pub(crate) fn start_microphone(&self, quality: AudioQuality) {
        let result = self.capturing(|seat| {
            seat.from_microphone = seat.custom.is_none();
            seat.sending.set_quality(quality_of(quality))
        });
        if let Some(Err(error)) = result {
            self.courier.error(ErrorCode::AUDIO_ENCODE_FAIL, format!("the encoder could not be made: {error}"));
        }
        lock(&self.desk.capturing).choose_processing();
        self.desk.arrange(&self.courier);
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
            seat.custom = None;
            seat.external = None;
        });
        self.playing(|seat| {
            seat.voices.clear();
            seat.is_in_room = false;
            seat.external = None;
        });
        self.desk.arrange(&self.courier);
    }

    /// Another room begins without the old one's voices.
    pub(crate) fn forget_voices(&self) {
        self.playing(|seat| seat.voices.forget_all());
    }

    /// The instance ends.
    pub(crate) fn close(&self) {
        lock(&self.desk.capturing).remove_seat(self.number);
        lock(&self.desk.playing).remove_seat(self.number);
        self.desk.arrange(&self.courier);
    }

    pub(crate) fn set_volume(&self, user: UserId, volume: Volume) {
        self.playing(|seat| seat.voices.set_volume(user, volume));
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
        let feed = Feed::new().ok().map(|feed| (feed, Gain::default()));
        self.capturing(|seat| seat.system = feed);
        let (side, number) = (Arc::clone(&self.desk.capturing), self.number);
        let on_block = move |block: &AudioBlock<'_>| {
            let mut side = lock(&side);
            if let Some(SeatOut { system: Some((feed, _)), .. }) = side.seat(number) {
                // A second that waits is enough: nobody sends at the moment.
                let _ = feed.push(&AudioFrame {
                    samples: block.samples.to_vec(),
                    sample_rate: block.format.sample_rate,
                    channels: block.format.channels.into(),
                    ..AudioFrame::default()
                });
            }
        };
        let source = SystemSoundSource::Speaker((!speaker.is_empty()).then(|| speaker.to_owned()));
        let opened = SystemSound::open(self.desk.devices(), source, 2, on_block, |_event| {});
        let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        match opened {
            Ok(sound) => {
                *system = Some(sound);
                self.courier.tell(Event::SystemAudioLoopbackError { err_code: ErrorCode::NULL });
            }
            Err(error) => {
                tracing::warn!("what the machine plays cannot be captured: {error}");
                self.capturing(|seat| seat.system = None);
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
        // Waits for its thread, which takes the side's lock: closed before that is taken here.
        let sound = self.system.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(sound);
        self.capturing(|seat| seat.system = None);
    }

    /// `setSystemAudioLoopbackVolume`.
    pub(crate) fn set_system_volume(&self, volume: Volume) {
        self.capturing(|seat| seat.system.iter_mut().for_each(|(_, gain)| gain.set(volume)));
    }

    /// `enableCustomAudioCapture`: the application is the microphone.
    pub(crate) fn set_custom_capture(&self, is_on: bool) {
        self.capturing(|seat| {
            seat.custom = is_on.then(|| Feed::new().ok()).flatten();
            seat.from_microphone = seat.from_microphone && !is_on;
        });
        self.desk.arrange(&self.courier);
    }

    /// `enableMixExternalAudioFrame`.
    pub(crate) fn set_external(&self, for_others: bool, for_ears: bool) {
        let feed = |is_on: bool| is_on.then(|| Feed::new().ok()).flatten().map(|feed| (feed, Gain::default()));
        self.capturing(|seat| seat.external = feed(for_others));
        self.playing(|seat| seat.external = feed(for_ears));
    }

    /// `setMixExternalAudioVolume`; nothing keeps what was.
    pub(crate) fn set_external_volume(&self, for_others: Option<Volume>, for_ears: Option<Volume>) {
        if let Some(volume) = for_others {
            self.capturing(|seat| seat.external.iter_mut().for_each(|(_, gain)| gain.set(volume)));
        }
        if let Some(volume) = for_ears {
            self.playing(|seat| seat.external.iter_mut().for_each(|(_, gain)| gain.set(volume)));
        }
    }

    pub(crate) fn measure(&self) -> SoundMeasured {
        let sent = {
            let mut side = lock(&self.desk.capturing);
            let is_on = side.seat(self.number).is_some_and(|seat| seat.from_microphone || seat.custom.is_some());
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
    /// The format an application asks for and what is left of the last block in it.
    outlet: Arc<Mutex<Rendering>>,
}

#[derive(Default)]
struct Rendering {
    outlet: Option<Outlet>,
    rest: Vec<i16>,
}

impl Feeds {
    fn capturing<T>(&self, act: impl FnOnce(&mut SeatOut) -> T) -> Option<T> {
        lock(&self.desk.capturing).seat(self.number).map(act)
    }

    fn playing<T>(&self, act: impl FnOnce(&mut SeatIn) -> T) -> Option<T> {
        lock(&self.desk.playing).seat(self.number).map(act)
    }

    /// `sendCustomAudioData`.
    pub(crate) fn send_custom(&self, frame: &AudioFrame) -> Result<(), FormatError> {
        let mut side = lock(&self.desk.capturing);
        let Some(seat) = side.seat(self.number) else { return Ok(()) };
        let Some(feed) = &mut seat.custom else { return Ok(()) };
        feed.push(frame)?;
        side.capture_custom(self.number);
        Ok(())
    }

    /// `mixExternalAudioFrame`: milliseconds that wait now, or why the frame was not taken.
    pub(crate) fn mix_external(&self, frame: &AudioFrame) -> Result<u32, FormatError> {
        let mut waiting = 0;
        let mut take = |mixed: &mut Option<(Feed, Gain)>| -> Result<(), FormatError> {
            if let Some((feed, _)) = mixed {
                feed.push(frame)?;
                waiting = waiting.max(feed.buffered_ms());
            }
            Ok(())
        };
        self.capturing(|seat| take(&mut seat.external)).transpose()?;
        self.playing(|seat| take(&mut seat.external)).transpose()?;
        Ok(waiting)
    }

    /// `getCustomAudioRenderingFrame`: fills the samples with what is to be played next.
    pub(crate) fn render(&self, frame: &mut AudioFrame) -> Result<(), FormatError> {
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

/// Takes the packets of voices, on the session's thread.
pub(crate) struct VoiceInbox {
    playing: Weak<Mutex<Playing>>,
    number: u32,
}

impl VoiceInbox {
    /// Whether it is the first packet of a voice.
    pub(crate) fn packet(&self, user: &UserId, line: Line, packet: &Incoming) -> bool {
        self.with(|voices| voices.insert(user, line, packet))
    }

    /// Whether somebody is heard no longer.
    pub(crate) fn source_changed(&self, user: &UserId, line: Option<Line>) -> bool {
        self.with(|voices| voices.source_changed(user, line))
    }

    fn with(&self, act: impl FnOnce(&mut Voices) -> bool) -> bool {
        self.playing.upgrade().is_some_and(|playing| lock(&playing).seat(self.number).is_some_and(|seat| act(&mut seat.voices)))
    }
}
