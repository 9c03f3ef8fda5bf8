//! Sound: the microphone, who is heard how loud, recording.

use std::sync::atomic::Ordering;

use rtc_audio::Volume;
use rtc_protocol::{Track, UserId};

use super::Cloud;
use crate::{AudioParallelParams, AudioQuality, AudioRecordingParams, AudioVolumeEvaluateParams};

/// The loudest a volume may be, percent.
const LOUDEST: i32 = 150;

impl Cloud {
    /// Opens the microphone and publishes it while in a room. `onMicDidReady` comes when it is open.
    pub fn start_local_audio(&self, quality: AudioQuality) {
        self.inner.inbox.call(move |control| control.start_local_audio(quality));
    }

    /// Stops publishing and closes the microphone.
    pub fn stop_local_audio(&self) {
        self.inner.inbox.call(super::super::control::Control::stop_local_audio);
    }

    /// Sends silence, and shows the others `onUserAudioAvailable(false)`, while the microphone stays open.
    pub fn mute_local_audio(&self, mute: bool) {
        self.inner.inbox.call(move |control| control.mute_track(Track::Microphone, mute));
    }

    /// Does not receive somebody's sound. May be called before entering, and holds for one stay.
    pub fn mute_remote_audio(&self, user_id: &str, mute: bool) {
        self.with_user(user_id, "muteRemoteAudio", move |control, user| control.listen_to(user, !mute));
    }

    /// Does not receive anybody's sound, also of those who come later.
    pub fn mute_all_remote_audio(&self, mute: bool) {
        self.inner.inbox.call(move |control| control.listen_to_all(!mute));
    }

    /// How loud somebody is played, 0 to 150 percent.
    pub fn set_remote_audio_volume(&self, user_id: &str, volume: i32) {
        self.with_user(user_id, "setRemoteAudioVolume", move |control, user| {
            control.seat.set_volume(user, Volume::new(volume));
        });
    }

    /// How loud the microphone is sent, 0 to 150 percent.
    pub fn set_audio_capture_volume(&self, volume: i32) {
        let volume = volume.clamp(0, LOUDEST);
        self.inner.volumes.capture.store(volume, Ordering::Release);
        let desk = self.inner.desk.clone();
        self.inner.inbox.call(move |_| desk.set_capture_volume(Volume::new(volume)));
    }

    /// What [`Cloud::set_audio_capture_volume`] set.
    pub fn audio_capture_volume(&self) -> i32 {
        self.inner.volumes.capture.load(Ordering::Acquire)
    }

    /// How loud the others are played together, 0 to 150 percent, and so recorded here. Ear monitoring is not changed by it.
    pub fn set_audio_playout_volume(&self, volume: i32) {
        let volume = volume.clamp(0, LOUDEST);
        self.inner.volumes.playout.store(volume, Ordering::Release);
        self.inner.inbox.call(move |control| control.seat.set_playout_volume(Volume::new(volume)));
    }

    /// What [`Cloud::set_audio_playout_volume`] set.
    pub fn audio_playout_volume(&self) -> i32 {
        self.inner.volumes.playout.load(Ordering::Acquire)
    }

    /// Tells who is how loud (`onUserVoiceVolume`) every `interval` milliseconds, at least 100; 0 turns it off.
    pub fn enable_audio_volume_evaluation(&self, enable: bool, params: AudioVolumeEvaluateParams) {
        self.inner.inbox.call(move |control| control.seat.evaluate_volume(enable, params));
    }

    /// Records sound into a file: `.wav`, or Opus in `.m4a` and `.mp4`. Ends with the stay.
    ///
    /// Returns 0, or -1 when a recording runs already, -2 when the file cannot be made, -3 for another extension.
    pub fn start_audio_recording(&self, param: AudioRecordingParams) -> i32 {
        self.inner.recordings.start_sound(&param)
    }

    /// Ends the recording.
    pub fn stop_audio_recording(&self) {
        self.inner.recordings.stop_sound();
    }

    /// How many of the others are heard at once, and who always is. The engine chooses the loudest by itself when more
    /// speak than lines were negotiated; a smaller number is kept here.
    pub fn set_remote_audio_parallel_params(&self, params: AudioParallelParams) {
        let users = params.include_users.iter().filter_map(|user| UserId::parse(user).ok()).collect();
        self.inner.inbox.call(move |control| control.seat.set_parallel(params.max_count, users));
    }
}
