//! Pictures: the camera, how it is encoded, whose pictures are seen.

use rtc_api::{ErrorCode, GravitySensorAdaptiveMode};
use rtc_protocol::{Track, UserId};

use super::Cloud;
use crate::control::stream_and_layer;
use crate::video::frame::Frame;
use crate::video::overlay::Watermark;
use crate::{NetworkQosParam, RenderParams, SnapshotSourceType, VideoEncParam, VideoStreamType};

impl Cloud {
    /// Opens the camera, shows it in a window (0 for none), and publishes it while in a room. `onCameraDidReady` comes when
    /// it is open, `onFirstVideoFrame` with an empty user when it gives the first picture.
    pub fn start_local_preview(&self, view: u64) {
        self.inner.inbox.call(move |control| {
            control.pictures.start_camera(view);
            control.start_track(Track::Camera);
        });
    }

    /// The same on a phone, which has two cameras; this machine has no front and back, so that the chosen one is opened.
    pub fn start_local_preview_with_camera(&self, front_camera: bool, view: u64) {
        let _ = front_camera;
        self.start_local_preview(view);
    }

    /// Shows the camera in another window.
    pub fn update_local_view(&self, view: u64) {
        self.inner.inbox.call(move |control| control.pictures.update_camera_window(view));
    }

    /// Stops publishing and closes the camera.
    pub fn stop_local_preview(&self) {
        self.inner.inbox.call(|control| {
            control.stop_track(Track::Camera);
            control.pictures.stop_camera();
        });
    }

    /// Sends no pictures, or those of [`Cloud::set_video_mute_image`], while the preview goes on.
    pub fn mute_local_video(&self, stream_type: VideoStreamType, mute: bool) {
        let (stream, _) = stream_and_layer(stream_type);
        self.inner.inbox.call(move |control| control.mute_track(Track::video_of(stream), mute));
    }

    /// What is sent while the camera is muted, at 5 to 10 pictures a second; nothing for nothing.
    pub fn set_video_mute_image(&self, image: Option<Frame>, fps: i32) {
        let fps = u32::try_from(fps.clamp(5, 10)).unwrap_or(5);
        self.inner.inbox.call(move |control| control.pictures.set_mute_image(image, fps));
    }

    /// Receives somebody's pictures and shows them in a window (0 where callbacks draw).
    pub fn start_remote_view(&self, user_id: &str, stream_type: VideoStreamType, view: u64) {
        self.with_user(user_id, "startRemoteView", move |control, user| control.start_remote_view(user, stream_type, view));
    }

    /// Shows them in another window.
    pub fn update_remote_view(&self, user_id: &str, stream_type: VideoStreamType, view: u64) {
        self.with_user(user_id, "updateRemoteView", move |control, user| control.update_remote_view(&user, stream_type, view));
    }

    /// Stops receiving somebody's pictures.
    pub fn stop_remote_view(&self, user_id: &str, stream_type: VideoStreamType) {
        let (stream, _) = stream_and_layer(stream_type);
        self.with_user(user_id, "stopRemoteView", move |control, user| control.stop_remote_view(user, stream));
    }

    /// Stops receiving all pictures.
    pub fn stop_all_remote_view(&self) {
        self.inner.inbox.call(super::super::control::Control::stop_all_remote_views);
    }

    /// Receives no pictures of somebody for now; the last one stays. May be called before entering, holds for one stay.
    pub fn mute_remote_video_stream(&self, user_id: &str, stream_type: VideoStreamType, mute: bool) {
        let (stream, _) = stream_and_layer(stream_type);
        self.with_user(user_id, "muteRemoteVideoStream", move |control, user| control.mute_remote_video(user, stream, mute));
    }

    /// The same for everybody, also those who come later.
    pub fn mute_all_remote_video_streams(&self, mute: bool) {
        self.inner.inbox.call(move |control| control.mute_all_remote_videos(mute));
    }

    /// Size, rate and bitrate of the camera.
    pub fn set_video_encoder_param(&self, param: VideoEncParam) {
        self.inner.pictures.set_encoder_param(Track::Camera, &param);
    }

    /// Size, rate and bitrate of the screen.
    pub fn set_sub_stream_encoder_param(&self, param: VideoEncParam) {
        self.inner.pictures.set_encoder_param(Track::Screen, &param);
    }

    /// What gives way when the network does.
    pub fn set_network_qos_param(&self, param: NetworkQosParam) {
        self.inner.pictures.set_qos(&param);
        self.inner.inbox.call(move |control| control.set_qos(&param));
    }

    /// How the camera is shown in its own window.
    pub fn set_local_render_params(&self, params: RenderParams) {
        self.inner.pictures.set_local_render(&params);
    }

    /// How somebody's pictures are shown.
    pub fn set_remote_render_params(&self, user_id: &str, stream_type: VideoStreamType, params: RenderParams) {
        let (stream, _) = stream_and_layer(stream_type);
        self.with_user(user_id, "setRemoteRenderParams", move |control, user| {
            control.pictures.set_remote_render(&user, stream, &params);
        });
    }

    /// Sends a small layer of the camera beside the big one, whenever somebody watches it.
    pub fn enable_small_video_stream(&self, enable: bool, small_video_enc_param: VideoEncParam) {
        self.inner.pictures.set_small_param(enable, &small_video_enc_param);
        self.inner.inbox.call(move |control| control.set_small(enable));
    }

    /// Big or small of somebody's camera; big where there is no small.
    pub fn set_remote_video_stream_type(&self, user_id: &str, stream_type: VideoStreamType) {
        self.with_user(user_id, "setRemoteVideoStreamType", move |control, user| control.set_remote_layer(user, stream_type));
    }

    /// Takes a picture of a stream; an empty user is the own camera. Answered by `onSnapshotComplete`.
    pub fn snapshot_video(&self, user_id: &str, stream_type: VideoStreamType, source_type: SnapshotSourceType) {
        if user_id.is_empty() {
            return self.inner.pictures.snapshot(None, stream_type, source_type);
        }
        self.with_user(user_id, "snapshotVideo", move |control, user| {
            control.pictures.snapshot(Some(&user), stream_type, source_type);
        });
    }

    /// Phones turn; this machine has no sensor of gravity, so that there is nothing to adapt to.
    pub fn set_gravity_sensor_adaptive_mode(&self, mode: GravitySensorAdaptiveMode) {
        tracing::info!(?mode, "setGravitySensorAdaptiveMode does nothing on a machine that has no sensor of gravity");
    }

    /// A picture that is laid over what is sent; nothing takes it away.
    pub fn set_water_mark(&self, stream_type: VideoStreamType, watermark: Option<Watermark>) {
        let (stream, _) = stream_and_layer(stream_type);
        self.inner.pictures.set_watermark(Track::video_of(stream), watermark);
    }

    /// Does something about a named user on the control thread, if the name can be one.
    pub(super) fn with_user(
        &self,
        user_id: &str,
        method: &'static str,
        act: impl FnOnce(&mut crate::control::Control, UserId) + Send + 'static,
    ) {
        match UserId::parse(user_id) {
            Ok(user) => self.inner.inbox.call(move |control| act(control, user)),
            Err(error) => self.inner.courier.error(ErrorCode::INVALID_PARAMETER, format!("{method}: userId {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rtc_video::codec::EncodedFrame;

    use super::*;
    use crate::{
        AudioBackend, Event, MicrophoneChoice, Options, PictureChoice, PictureOptions, SoundOptions, SpeakerChoice,
        VideoQosPreference, VideoResolution,
    };

    /// Far longer than anything takes, also on a machine that is busy otherwise.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn on_a_thin_line_size_or_movement_gives_way_as_it_is_wished() {
        let options = Options {
            sound: SoundOptions {
                backend: AudioBackend::Synthetic,
                microphone: MicrophoneChoice::Silence,
                speaker: SpeakerChoice::Nowhere,
            },
            picture: PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern },
        };
        let cloud = Cloud::new(&options, |_: &Event| {}).expect("an instance");
        let pictures = &cloud.inner.pictures;
        let (encoded, widths) = crossbeam_channel::unbounded();
        // What is recorded is encoded without a room.
        let tap = move |frame: &EncodedFrame| {
            // Another size begins with a key frame, which says its width (RFC 6386, section 9.1).
            if let (true, [_, _, _, _, _, _, low, high, ..]) = (frame.key, &*frame.data) {
                let _ = encoded.send(u16::from_le_bytes([*low, *high]) & 0x3fff);
            }
        };
        pictures.set_tap(Track::Camera, Some(Arc::new(tap)));
        pictures.set_bandwidth(44_000);
        cloud.set_video_encoder_param(VideoEncParam {
            video_resolution: VideoResolution::R320x180,
            video_bitrate: 300,
            enable_adjust_res: true,
            ..VideoEncParam::default()
        });
        cloud.start_local_preview(0);
        let prefer = |preference| cloud.set_network_qos_param(NetworkQosParam { preference, ..NetworkQosParam::default() });
        let until_width = |width| while widths.recv_timeout(PATIENCE).expect("another size") != width {};
        prefer(VideoQosPreference::Smooth);
        until_width(240);
        prefer(VideoQosPreference::Clear);
        until_width(320);
        pictures.set_tap(Track::Camera, None);
    }
}
