//! Sharing a screen or a window, and what the machine plays.

use rtc_api::{ScreenCaptureProperty, ScreenCaptureSourceInfo};
use rtc_device::{DeviceError, ScreenSource, Size};
use rtc_protocol::Track;

use super::Cloud;
use crate::control::stream_and_layer;
use crate::{Rect, VideoEncParam, VideoStreamType};

impl Cloud {
    /// Shares the screen or window chosen by [`Cloud::select_screen_capture_target`], on the sub stream or in place of the
    /// camera. `onScreenCaptureStarted` comes when it runs.
    pub fn start_screen_capture(&self, view: u64, stream_type: VideoStreamType, enc_param: Option<VideoEncParam>) {
        let (stream, _) = stream_and_layer(stream_type);
        let track = Track::video_of(stream);
        self.inner.inbox.call(move |control| {
            if control.pictures.start_screen(track, view, enc_param.as_ref()) {
                control.start_track(track);
                control.screen_is_on(track);
            }
        });
    }

    /// Stops sharing.
    pub fn stop_screen_capture(&self) {
        self.inner.inbox.call(|control| {
            control.screen_is_off();
            control.pictures.stop_screen();
        });
    }

    /// Goes on showing the last picture.
    pub fn pause_screen_capture(&self) {
        self.inner.inbox.call(|control| control.pictures.pause_screen());
    }

    /// Shares again what moves.
    pub fn resume_screen_capture(&self) {
        self.inner.inbox.call(|control| control.pictures.resume_screen());
    }

    /// Screens and windows that can be shared, with pictures of at most these sizes.
    ///
    /// # Errors
    /// [`DeviceError`] where there is no display.
    pub fn screen_capture_sources(&self, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, DeviceError> {
        self.inner.pictures.screen_sources(thumbnail, icon)
    }

    /// What is shared, also while it is: a source of [`Cloud::screen_capture_sources`], or a part of it.
    pub fn select_screen_capture_target(
        &self,
        source: ScreenCaptureSourceInfo,
        capture_rect: Rect,
        property: ScreenCaptureProperty,
    ) {
        self.inner.inbox.call(move |control| control.pictures.select_screen(&source, capture_rect, &property));
    }

    /// Leaves a window out when a screen is shared.
    pub fn add_excluded_share_window(&self, window_id: u64) {
        self.inner.pictures.change_excluded(|windows| windows.insert(window_id));
    }

    /// Shows it again.
    pub fn remove_excluded_share_window(&self, window_id: u64) {
        self.inner.pictures.change_excluded(|windows| windows.remove(&window_id));
    }

    /// Shows all of them again.
    pub fn remove_all_excluded_share_window(&self) {
        self.inner.pictures.change_excluded(|windows| {
            windows.clear();
            true
        });
    }

    /// Shares another window beside the chosen one.
    pub fn add_included_share_window(&self, window_id: u64) {
        self.inner.pictures.change_included(|windows| windows.insert(window_id));
    }

    /// Shares it no longer.
    pub fn remove_included_share_window(&self, window_id: u64) {
        self.inner.pictures.change_included(|windows| windows.remove(&window_id));
    }

    /// Shares none of them any longer.
    pub fn remove_all_included_share_window(&self) {
        self.inner.pictures.change_included(|windows| {
            windows.clear();
            true
        });
    }

    /// Sends what the machine plays along with the microphone. `device_name` names a speaker; empty is the one in use.
    /// What failed is told by `onSystemAudioLoopbackError`.
    pub fn start_system_audio_loopback(&self, device_name: &str) {
        let name = device_name.to_owned();
        self.inner.inbox.call(move |control| control.seat.start_system_sound(&name));
    }

    /// Sends it no longer.
    pub fn stop_system_audio_loopback(&self) {
        self.inner.inbox.call(|control| control.seat.stop_system_sound());
    }

    /// How loud it is sent, 0 to 150 percent.
    pub fn set_system_audio_loopback_volume(&self, volume: u32) {
        let volume = i32::try_from(volume).unwrap_or(i32::MAX);
        self.inner.inbox.call(move |control| control.seat.set_system_volume(rtc_audio::Volume::new(volume)));
    }

    /// The same under its older name: a screen's sound travels with the microphone's.
    pub fn set_sub_stream_mix_volume(&self, volume: u32) {
        self.set_system_audio_loopback_volume(volume);
    }
}
