//! Where the pictures of each track come from: camera, screen, or the application. One source a track; the last one that was
//! started wins. Threads of tracks are asked to end here, and waited for by whoever called, without the lock.

use std::sync::Arc;

use rtc_api::{RenderParams, VideoEncParam};
use rtc_device::DeviceError;
use rtc_protocol::Track;
use rtc_video::codec::Content;

use super::VideoSink;
use super::camera::{self, CameraTest, CameraWishes, OpenCamera};
use super::screen::{self, Screen};
use super::sending::{Sending, content_of};
use super::settings;
use crate::options::PictureOptions;

/// What the two tracks show.
pub(super) struct Sources {
    options: PictureOptions,
    tracks: [(Arc<Sending>, Source); 2],
    camera: Option<OpenCamera>,
    camera_wishes: CameraWishes,
    pub(super) screen: Screen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    None,
    Camera,
    Screen,
    Custom,
}

impl Sources {
    pub(super) fn new(options: PictureOptions, tracks: [Arc<Sending>; 2]) -> Self {
        let tracks = tracks.map(|sending| (sending, Source::None));
        let camera_wishes = CameraWishes::new(options.camera);
        Self { options, tracks, camera: None, camera_wishes, screen: Screen::default() }
    }

    pub(super) fn start_camera(&mut self, window: u64) {
        let sending = self.sending(Track::Camera);
        sending.wish(|wishes| wishes.window = window);
        if self.camera.is_some() {
            return;
        }
        self.take_over(Track::Camera, Source::Camera);
        self.camera = camera::start(&self.camera_wishes, &sending);
    }

    pub(super) fn stop_camera(&mut self) {
        if self.source(Track::Camera) == Source::Camera {
            self.stop(Track::Camera, true);
        }
    }

    /// False, with an error told, where it cannot be shared.
    pub(super) fn start_screen(&mut self, track: Track, window: u64, param: Option<&VideoEncParam>) -> bool {
        if let Some(sending) = self.screen.sending() {
            tracing::warn!("a screen is shared already on the {:?}; stop that first", sending.track());
            return false;
        }
        let sending = self.sending(track);
        self.take_over(track, Source::Screen);
        sending.wish(|wishes| {
            wishes.window = window;
            // A screen is never mirrored or turned; words about the local view are about the camera.
            wishes.render = RenderParams::default();
            if let Some(param) = param {
                wishes.big = settings::layer_settings(param);
            }
        });
        screen::begin(&sending);
        let started = self.screen.start(self.options.screen, &sending);
        if let Err(error) = &started {
            sending.courier().error(screen::code(error), format!("the screen cannot be shared: {error}"));
            self.stop(track, false);
        }
        started.is_ok()
    }

    pub(super) fn start_test(&self, window: u64, sink: Option<Arc<dyn VideoSink>>) -> Result<CameraTest, DeviceError> {
        CameraTest::start(&self.camera_wishes, self.sending(Track::Camera).wishes().big, window, sink)
    }

    pub(super) fn stop_screen(&mut self) {
        for track in [Track::Camera, Track::Screen] {
            if self.source(track) == Source::Screen {
                self.stop(track, true);
            }
        }
    }

    pub(super) fn set_custom(&mut self, track: Track, is_on: bool) {
        let is_custom = self.source(track) == Source::Custom;
        if is_on && !is_custom {
            self.take_over(track, Source::Custom);
            self.sending(track).begin(content_of(track), true);
        } else if !is_on && is_custom {
            self.stop(track, true);
        }
    }

    /// Changes what is wished of the camera, also while it runs.
    pub(super) fn wish_camera(&mut self, change: impl FnOnce(&mut CameraWishes)) {
        change(&mut self.camera_wishes);
        self.follow(Track::Camera);
    }

    /// Has the devices follow what is to be sent.
    pub(super) fn follow(&mut self, track: Track) {
        let sending = self.sending(track);
        match self.source(track) {
            Source::Camera
                if self.camera.as_ref().is_some_and(|open| !open.suffices(&self.camera_wishes, sending.wishes().big)) =>
            {
                // Some cameras can be opened only once.
                self.camera = None;
                match OpenCamera::open(&self.camera_wishes, &sending, false) {
                    Ok(camera) => self.camera = Some(camera),
                    Err(error) => {
                        sending.courier().error(camera::code(&error), format!("the camera could not be changed: {error}"));
                    }
                }
            }
            Source::Screen => {
                if let Err(error) = self.screen.change() {
                    tracing::warn!("the shared screen stays as it is: {error}");
                }
            }
            Source::None | Source::Camera | Source::Custom => {}
        }
    }

    /// Lets go of every device, and asks every thread to end.
    pub(super) fn stop_all(&mut self, is_told: bool) {
        for track in [Track::Camera, Track::Screen] {
            self.stop(track, is_told);
        }
    }

    fn stop(&mut self, track: Track, is_told: bool) {
        self.close(track, is_told);
        self.sending(track).end();
    }

    /// Another source begins: the one before is closed, the track goes on.
    fn take_over(&mut self, track: Track, source: Source) {
        let before = self.source(track);
        if before != source {
            if before != Source::None {
                tracing::info!(?track, ?before, ?source, "another source takes over");
            }
            self.close(track, true);
        }
        self.tracks[index(track)].1 = source;
    }

    fn close(&mut self, track: Track, is_told: bool) {
        let sending = self.sending(track);
        match std::mem::replace(&mut self.tracks[index(track)].1, Source::None) {
            Source::Camera => self.camera = None,
            Source::Screen => self.screen.stop(sending.courier(), is_told),
            Source::None | Source::Custom => {}
        }
    }

    fn source(&self, track: Track) -> Source {
        self.tracks[index(track)].1
    }

    fn sending(&self, track: Track) -> Arc<Sending> {
        Arc::clone(&self.tracks[index(track)].0)
    }
}

/// Where a track is in pairs of the two that have pictures.
pub(super) fn index(track: Track) -> usize {
    usize::from(content_of(track) == Content::Screen)
}
