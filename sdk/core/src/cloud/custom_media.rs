//! Sound and pictures that the application brings, takes or changes itself.

use std::sync::Arc;

use rtc_api::{AudioFrameCallbackFormat, ErrorCode};
use rtc_audio::{FormatError, Volume};
use rtc_protocol::{Track, UserId};

use super::Cloud;
use crate::VideoStreamType;
use crate::control::stream_and_layer;
use crate::encoded::{AudioPacketHook, EncodedDataHook};
use crate::picture::{VideoProcessor, VideoSink};
use crate::sound::{AudioFrame, AudioFrameFormat, AudioFrameHook};
use crate::video::frame::Frame;

impl Cloud {
    /// The application is the camera (big) or the screen (sub) from now on, by [`Cloud::send_custom_video_data`].
    pub fn enable_custom_video_capture(&self, stream_type: VideoStreamType, enable: bool) {
        let (stream, _) = stream_and_layer(stream_type);
        let track = Track::video_of(stream);
        self.inner.inbox.call(move |control| {
            control.pictures.set_custom_capture(track, enable);
            if enable { control.start_track(track) } else { control.stop_track(track) }
        });
    }

    /// One picture of the application's own. It never waits: a picture that comes before the one before it was taken
    /// replaces it. False where custom capture is off.
    pub fn send_custom_video_data(&self, stream_type: VideoStreamType, frame: Frame) -> bool {
        let (stream, _) = stream_and_layer(stream_type);
        self.inner.pictures.send_custom(Track::video_of(stream), frame)
    }

    /// The application is the microphone from now on, by [`Cloud::send_custom_audio_data`].
    pub fn enable_custom_audio_capture(&self, enable: bool) {
        self.inner.inbox.call(move |control| {
            control.seat.set_custom_capture(enable);
            if enable { control.start_track(Track::Microphone) } else { control.stop_track(Track::Microphone) }
        });
    }

    /// Sound of the application's own, 5 to 100 ms at a time, 20 ms being best, at the pace at which it is to be heard.
    ///
    /// # Errors
    /// [`FormatError`] for a sample rate or number of channels that cannot be, and when a second of it waits already.
    pub fn send_custom_audio_data(&self, frame: &AudioFrame) -> Result<(), FormatError> {
        self.inner.feeds.send_custom(frame)
    }

    /// Mixes sound of the application's own into what is sent, into what is played, or both.
    pub fn enable_mix_external_audio_frame(&self, enable_publish: bool, enable_playout: bool) {
        self.inner.inbox.call(move |control| control.seat.set_external(enable_publish, enable_playout));
    }

    /// One piece of that sound. Gives the milliseconds that wait to be mixed; about 50 is a good measure.
    ///
    /// # Errors
    /// As for [`Cloud::send_custom_audio_data`].
    pub fn mix_external_audio_frame(&self, frame: &AudioFrame) -> Result<u32, FormatError> {
        self.inner.feeds.mix_external(frame)
    }

    /// How loud it is sent and played, 0 to 100 percent; -1 leaves a volume as it is.
    pub fn set_mix_external_audio_volume(&self, publish_volume: i32, playout_volume: i32) {
        let volume = |percent: i32| (percent >= 0).then(|| Volume::new(percent.min(100)));
        let (publish, playout) = (volume(publish_volume), volume(playout_volume));
        self.inner.inbox.call(move |control| control.seat.set_external_volume(publish, playout));
    }

    /// Milliseconds on the clock that timestamps of custom frames are on: since the instance was made.
    pub fn generate_custom_pts(&self) -> u64 {
        // Half a billion years fit.
        self.inner.epoch.elapsed().as_millis() as u64
    }

    /// Shows every picture of the own camera to the application, which may put another in its place.
    pub fn set_local_video_custom_process_callback(&self, processor: Option<Arc<dyn VideoProcessor>>) {
        self.inner.pictures.set_processor(processor);
    }

    /// Hands every picture of the own camera to the application to draw.
    pub fn set_local_video_render_callback(&self, sink: Option<Arc<dyn VideoSink>>) {
        self.inner.pictures.set_local_sink(sink);
    }

    /// Hands every picture of somebody, camera and screen, to the application to draw. May be called before
    /// [`Cloud::start_remote_view`].
    ///
    /// # Errors
    /// [`ErrorCode::INVALID_PARAMETER`] for a user id that cannot be.
    pub fn set_remote_video_render_callback(&self, user_id: &str, sink: Option<Arc<dyn VideoSink>>) -> Result<(), ErrorCode> {
        let user = UserId::parse(user_id).map_err(|_| ErrorCode::INVALID_PARAMETER)?;
        for stream in [rtc_protocol::Stream::Main, rtc_protocol::Stream::Sub] {
            self.inner.pictures.set_remote_sink(&user, stream, sink.clone());
        }
        Ok(())
    }

    /// Shows sound to the application at five places on its way.
    pub fn set_audio_frame_callback(&self, hook: Option<Arc<dyn AudioFrameHook>>) {
        let desk = self.inner.desk.clone();
        self.inner.inbox.call(move |_| desk.set_hook(hook));
    }

    /// Has encoded pictures and sound changed by the application before they are sent, and back before they are decoded
    /// (`setEncodedDataProcessingListener` of `callExperimentalAPI`).
    pub fn set_encoded_data_hook(&self, hook: Option<Arc<dyn EncodedDataHook>>) {
        self.inner.inbox.call(move |control| control.set_encoded_hook(hook));
    }

    /// Lets the application put bytes beside packets of sound, and read those of others (`setAudioPacketExtraDataListener` of
    /// `callExperimentalAPI`).
    pub fn set_audio_packet_hook(&self, hook: Option<Arc<dyn AudioPacketHook>>) {
        self.inner.inbox.call(move |control| control.set_audio_packet_hook(hook));
    }

    /// The format of [`AudioFrameHook::captured`]; nothing for the default. Returns 0, or an error code below it.
    pub fn set_captured_audio_frame_callback_format(&self, format: Option<AudioFrameCallbackFormat>) -> i32 {
        let desk = self.inner.desk.clone();
        self.set_frame_format(format, move |format| desk.set_captured_format(format))
    }

    /// The format of [`AudioFrameHook::local_processed`].
    pub fn set_local_processed_audio_frame_callback_format(&self, format: Option<AudioFrameCallbackFormat>) -> i32 {
        let desk = self.inner.desk.clone();
        self.set_frame_format(format, move |format| desk.set_processed_format(format))
    }

    /// The format of [`AudioFrameHook::mixed_play`].
    pub fn set_mixed_play_audio_frame_callback_format(&self, format: Option<AudioFrameCallbackFormat>) -> i32 {
        let desk = self.inner.desk.clone();
        self.set_frame_format(format, move |format| desk.set_mixed_format(format))
    }

    fn set_frame_format(
        &self,
        format: Option<AudioFrameCallbackFormat>,
        set: impl FnOnce(AudioFrameFormat) + Send + 'static,
    ) -> i32 {
        match format.as_ref().map_or(Ok(AudioFrameFormat::DEFAULT), AudioFrameFormat::new) {
            Ok(format) => {
                self.inner.inbox.call(move |_| set(format));
                ErrorCode::NULL.0
            }
            Err(error) => {
                tracing::warn!("a format of audio frames is refused: {error}");
                ErrorCode::INVALID_PARAMETER.0
            }
        }
    }

    /// Plays nothing here; the application asks by [`Cloud::custom_audio_rendering_frame`]. To be called before entering.
    pub fn enable_custom_audio_rendering(&self, enable: bool) {
        let (desk, courier) = (self.inner.desk.clone(), self.inner.courier.clone());
        self.inner.inbox.call(move |_| desk.set_custom_rendering(enable, &courier));
    }

    /// The next sound of everybody, as much as `frame.samples` has room for, in the format the frame names.
    ///
    /// # Errors
    /// [`FormatError`] for a format that cannot be.
    pub fn custom_audio_rendering_frame(&self, frame: &mut AudioFrame) -> Result<(), FormatError> {
        self.inner.feeds.render(frame)
    }
}
