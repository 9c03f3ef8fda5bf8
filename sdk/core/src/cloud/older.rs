//! Calls of older versions that say a part of what newer ones say at once. The rest of the old calls are turned into new
//! ones by the faces.

use rtc_api::{AudioEffectParam, ErrorCode, Event, VideoFillMode, VideoMirrorType, VideoRotation};
use rtc_protocol::{Stream, UserId};

use super::Cloud;
use crate::{AudioQuality, RenderParams, VideoStreamType};

impl Cloud {
    /// A part of [`Cloud::set_local_render_params`].
    pub fn set_local_view_fill_mode(&self, mode: VideoFillMode) {
        self.inner.pictures.change_local_render(|params| params.fill_mode = mode);
    }

    /// A part of [`Cloud::set_local_render_params`].
    pub fn set_local_view_rotation(&self, rotation: VideoRotation) {
        self.inner.pictures.change_local_render(|params| params.rotation = rotation);
    }

    /// A part of [`Cloud::set_local_render_params`].
    pub fn set_local_view_mirror(&self, mirror: bool) {
        let mirror_type = if mirror { VideoMirrorType::Enable } else { VideoMirrorType::Disable };
        self.inner.pictures.change_local_render(|params| params.mirror_type = mirror_type);
    }

    /// A part of [`Cloud::set_remote_render_params`].
    pub fn set_remote_view_fill_mode(&self, user_id: &str, mode: VideoFillMode) {
        self.change_render(user_id, "setRemoteViewFillMode", Stream::Main, move |params| params.fill_mode = mode);
    }

    /// A part of [`Cloud::set_remote_render_params`].
    pub fn set_remote_view_rotation(&self, user_id: &str, rotation: VideoRotation) {
        self.change_render(user_id, "setRemoteViewRotation", Stream::Main, move |params| params.rotation = rotation);
    }

    /// A part of [`Cloud::set_remote_render_params`].
    pub fn set_remote_sub_stream_view_fill_mode(&self, user_id: &str, mode: VideoFillMode) {
        self.change_render(user_id, "setRemoteSubStreamViewFillMode", Stream::Sub, move |params| params.fill_mode = mode);
    }

    /// A part of [`Cloud::set_remote_render_params`].
    pub fn set_remote_sub_stream_view_rotation(&self, user_id: &str, rotation: VideoRotation) {
        self.change_render(user_id, "setRemoteSubStreamViewRotation", Stream::Sub, move |params| params.rotation = rotation);
    }

    fn change_render(
        &self,
        user_id: &str,
        method: &'static str,
        stream: Stream,
        change: impl FnOnce(&mut RenderParams) + Send + 'static,
    ) {
        self.with_user(user_id, method, move |control, user: UserId| {
            control.pictures.change_remote_render(&user, stream, change);
        });
    }

    /// The quality of what is sent, from now on.
    pub fn set_audio_quality(&self, quality: AudioQuality) {
        self.inner.inbox.call(move |control| control.seat.set_quality(quality));
    }

    /// The layer of views to come. Views name theirs, so that this only changes those that run.
    pub fn set_prior_remote_video_stream_type(&self, kind: VideoStreamType) {
        self.inner.inbox.call(move |control| control.set_layer_of_all(kind));
    }

    /// Turns what is sent, in quarters clockwise.
    pub fn set_video_encoder_rotation(&self, rotation: VideoRotation) {
        self.inner.pictures.set_encoder_rotation(rotation);
    }

    /// Mirrors what is sent.
    pub fn set_video_encoder_mirror(&self, mirror: bool) {
        self.inner.pictures.set_encoder_mirror(mirror);
    }

    /// Not there yet.
    pub fn play_bgm(&self, _path: &str) {
        tracing::warn!("playBGM is not there yet in this version");
        self.inner.courier.tell(Event::PlayBGMBegin { err_code: ErrorCode::NOT_SUPPORTED });
    }

    /// Not there yet.
    pub fn stop_bgm(&self) {
        self.not_supported("stopBGM");
    }

    /// Not there yet.
    pub fn pause_bgm(&self) {
        self.not_supported("pauseBGM");
    }

    /// Not there yet.
    pub fn resume_bgm(&self) {
        self.not_supported("resumeBGM");
    }

    /// Not there yet; 0 as for a file that cannot be read.
    pub fn bgm_duration(&self, _path: &str) -> u32 {
        self.not_supported("getBGMDuration");
        0
    }

    /// Not there yet.
    pub fn set_bgm_position(&self, _pos: u32) {
        self.not_supported("setBGMPosition");
    }

    /// Not there yet.
    pub fn set_bgm_volume(&self, _volume: u32) {
        self.not_supported("setBGMVolume");
    }

    /// Not there yet.
    pub fn set_bgm_playout_volume(&self, _volume: u32) {
        self.not_supported("setBGMPlayoutVolume");
    }

    /// Not there yet.
    pub fn set_bgm_publish_volume(&self, _volume: u32) {
        self.not_supported("setBGMPublishVolume");
    }

    /// Not there yet.
    pub fn play_audio_effect(&self, effect: Option<AudioEffectParam>) {
        tracing::warn!("playAudioEffect is not there yet in this version");
        let effect_id = effect.map_or(0, |effect| effect.effect_id);
        self.inner.courier.tell(Event::AudioEffectFinished { effect_id, code: ErrorCode::NOT_SUPPORTED.0 });
    }

    /// Not there yet.
    pub fn set_audio_effect_volume(&self, _effect_id: i32, _volume: i32) {
        self.not_supported("setAudioEffectVolume");
    }

    /// Not there yet.
    pub fn stop_audio_effect(&self, _effect_id: i32) {
        self.not_supported("stopAudioEffect");
    }

    /// Not there yet.
    pub fn stop_all_audio_effects(&self) {
        self.not_supported("stopAllAudioEffects");
    }

    /// Not there yet.
    pub fn set_all_audio_effects_volume(&self, _volume: i32) {
        self.not_supported("setAllAudioEffectsVolume");
    }

    /// Not there yet.
    pub fn pause_audio_effect(&self, _effect_id: i32) {
        self.not_supported("pauseAudioEffect");
    }

    /// Not there yet.
    pub fn resume_audio_effect(&self, _effect_id: i32) {
        self.not_supported("resumeAudioEffect");
    }
}
