//! Music and voice effects: what is there of them, and a clear word about the rest.

use rtc_api::{AudioMusicParam, ErrorCode, Event, VoiceChangerType, VoiceReverbType};
use rtc_audio::Volume;

use super::Cloud;

/// Ear monitoring and the volume of the voice work; music, reverb, voice changing and pitch do not yet.
#[derive(Debug, Clone, Copy)]
pub struct AudioEffectManager<'a> {
    cloud: &'a Cloud,
}

impl<'a> AudioEffectManager<'a> {
    pub(super) fn new(cloud: &'a Cloud) -> Self {
        Self { cloud }
    }

    /// Plays the own voice in the own ears.
    pub fn enable_voice_ear_monitor(&self, enable: bool) {
        let desk = self.cloud.inner.desk.clone();
        self.cloud.inner.inbox.call(move |_| desk.set_ear_monitor(enable));
    }

    /// How loud, 0 to 150 percent.
    pub fn set_voice_ear_monitor_volume(&self, volume: i32) {
        let desk = self.cloud.inner.desk.clone();
        self.cloud.inner.inbox.call(move |_| desk.set_ear_volume(Volume::new(volume)));
    }

    /// The same as [`Cloud::set_audio_capture_volume`].
    pub fn set_voice_capture_volume(&self, volume: i32) {
        self.cloud.set_audio_capture_volume(volume);
    }

    /// Not there yet.
    pub fn set_voice_reverb_type(&self, kind: VoiceReverbType) {
        // Type 0 is none, which is what there is.
        if i32::from(kind) != 0 {
            self.cloud.not_supported("setVoiceReverbType");
        }
    }

    /// Not there yet.
    pub fn set_voice_changer_type(&self, kind: VoiceChangerType) {
        if i32::from(kind) != 0 {
            self.cloud.not_supported("setVoiceChangerType");
        }
    }

    /// Not there yet.
    pub fn set_voice_pitch(&self, pitch: f64) {
        if pitch != 0.0 {
            self.cloud.not_supported("setVoicePitch");
        }
    }

    /// Not there yet: `onStart` of the music's observer gets the error code, as for music that cannot be opened.
    pub fn start_play_music(&self, music_param: AudioMusicParam) {
        let AudioMusicParam { id, .. } = music_param;
        tracing::warn!(id, "startPlayMusic is not there yet in this version");
        self.cloud.inner.courier.tell(Event::MusicStart { id, err_code: ErrorCode::NOT_SUPPORTED.0 });
    }

    /// Not there yet.
    pub fn preload_music(&self, preload_param: AudioMusicParam) {
        let AudioMusicParam { id, .. } = preload_param;
        tracing::warn!(id, "preloadMusic is not there yet in this version");
        self.cloud.inner.courier.tell(Event::PreloadError { id, error_code: ErrorCode::NOT_SUPPORTED.0 });
    }

    /// Nothing plays, so there is nothing to stop.
    pub fn stop_play_music(&self, id: i32) {
        self.without_music("stopPlayMusic", id);
    }

    /// Not there yet.
    pub fn pause_play_music(&self, id: i32) {
        self.without_music("pausePlayMusic", id);
    }

    /// Not there yet.
    pub fn resume_play_music(&self, id: i32) {
        self.without_music("resumePlayMusic", id);
    }

    /// Not there yet.
    pub fn set_all_music_volume(&self, _volume: i32) {
        self.without_music("setAllMusicVolume", 0);
    }

    /// Not there yet.
    pub fn set_music_publish_volume(&self, id: i32, _volume: i32) {
        self.without_music("setMusicPublishVolume", id);
    }

    /// Not there yet.
    pub fn set_music_playout_volume(&self, id: i32, _volume: i32) {
        self.without_music("setMusicPlayoutVolume", id);
    }

    /// Not there yet.
    pub fn set_music_pitch(&self, id: i32, _pitch: f32) {
        self.without_music("setMusicPitch", id);
    }

    /// Not there yet.
    pub fn set_music_speed_rate(&self, id: i32, _speed_rate: f32) {
        self.without_music("setMusicSpeedRate", id);
    }

    /// Not there yet; -1 as for music that does not play.
    pub fn music_current_pos_in_ms(&self, id: i32) -> i64 {
        self.without_music("getMusicCurrentPosInMS", id);
        -1
    }

    /// Not there yet; -1 as for a file that cannot be read.
    pub fn music_duration_in_ms(&self, _path: &str) -> i64 {
        self.without_music("getMusicDurationInMS", 0);
        -1
    }

    /// Not there yet.
    pub fn seek_music_to_pos_in_time(&self, id: i32, _pts: i32) {
        self.without_music("seekMusicToPosInTime", id);
    }

    /// Not there yet.
    pub fn set_music_scratch_speed_rate(&self, id: i32, _scratch_speed_rate: f32) {
        self.without_music("setMusicScratchSpeedRate", id);
    }

    /// Not there yet; -1 as for music that does not play.
    pub fn music_track_count(&self, id: i32) -> i64 {
        self.without_music("getMusicTrackCount", id);
        -1
    }

    /// Not there yet.
    pub fn set_music_track(&self, id: i32, _track_index: i32) {
        self.without_music("setMusicTrack", id);
    }

    fn without_music(&self, method: &'static str, id: i32) {
        tracing::warn!(id, method, "music is not there yet in this version");
        self.cloud.not_supported(method);
    }
}
