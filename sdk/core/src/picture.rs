//! Pictures between this machine's cameras and windows and a session: capture, two layers, encoding and packets on the way
//! out; packets, decoding, timing and drawing on the way in. Nothing here knows of rooms.
//!
//! Each sent track has a thread as long as it has a source ([`pipeline`]), each watched stream one as long as it is watched
//! ([`watching`]). What everybody else does with a stream is to change what is wished, under a lock that is held for a
//! moment; the application's hooks are called on the stream's own thread, without any lock.

mod camera;
mod encoded;
mod gaps;
mod lines;
mod payload_key;
mod pipeline;
mod screen;
mod sending;
mod settings;
mod snapshot;
mod sources;
mod uplink;
mod view;
mod views;
mod watching;
mod window;
mod worker;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rtc_api::{
    CameraCaptureParam, NetworkQosParam, Rect, RenderParams, ScreenCaptureProperty, ScreenCaptureSourceInfo,
    SnapshotSourceType, VideoEncParam, VideoResolution, VideoRotation, VideoStreamType,
};
use rtc_device::{DeviceError, ScreenSource, Size};
use rtc_protocol::{Codec, EncodeLayers, Layer, Stream, Track, Tracks, UserId};
use rtc_video::frame::Frame;
use rtc_video::overlay::Watermark;
use rtc_video::sync::Played;

use self::camera::CameraTest;
pub(crate) use self::camera::{Converter, code as camera_code};
pub(crate) use self::payload_key::PayloadKey;
pub(crate) use self::screen::{PATTERN as SCREEN_PATTERN, region as screen_region, sources as screen_sources};
use self::sending::Sending;
use self::sources::{Sources, index};
use self::uplink::Uplink;
pub(crate) use self::views::PictureInbox;
use self::views::Views;
use self::worker::Worker;
use crate::courier::{Courier, Parcel};
use crate::lock::lock;
use crate::options::PictureOptions;

/// What the microphone may need of the line, in bits a second: the best quality with its redundancy.
const SOUND_BITS: u64 = 100_000;
/// What headers and packets that are sent again add to what encoders make.
const OVERHEAD_PERCENT: u64 = 10;

/// What is offered to the engine, in the order of preference.
pub(crate) const CODECS: [Codec; 2] = [Codec::Vp8, Codec::H264];

/// A picture an application asked for (`onSnapshotComplete`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Whose; empty for the own camera.
    pub user_id: String,
    /// Which stream.
    pub stream_type: VideoStreamType,
    /// Four bytes a pixel: blue, green, red, alpha. Empty when there was nothing to take a picture of.
    pub data: Vec<u8>,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Takes pictures to show: every frame of one stream, on a thread of pictures.
pub trait VideoSink: Send + Sync {
    /// A picture; `user` is empty for the own camera.
    fn frame(&self, user: &str, stream_type: VideoStreamType, frame: &Frame);
}

/// Sees every picture of the own camera before it is encoded, and may put another in its place.
pub trait VideoProcessor: Send + Sync {
    /// What is sent and shown instead; nothing leaves the picture as it is.
    fn process(&self, frame: &Frame) -> Option<Frame>;
}

/// One layer that is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PictureSent {
    pub(crate) track: Track,
    pub(crate) layer: Layer,
    /// Width and height.
    pub(crate) size: (u32, u32),
    pub(crate) captured_per_second: f32,
    pub(crate) frames_per_second: f32,
}

/// One stream that is watched.
#[derive(Debug, Clone)]
pub(crate) struct PictureWatched {
    pub(crate) user: UserId,
    pub(crate) track: Track,
    /// The one that was asked for.
    pub(crate) layer: Layer,
    /// Width and height.
    pub(crate) size: (u32, u32),
    /// Shown since the last time.
    pub(crate) frames_per_second: f32,
    /// How long pictures wait to be shown.
    pub(crate) delay_ms: f32,
    /// Gaps of more than 600 ms (3 s for a screen), since it is watched.
    pub(crate) blocked_ms: f32,
    /// The same since the last time.
    pub(crate) blocked_now_ms: f32,
    /// Percent of the time since the first picture that was such a gap.
    pub(crate) block_rate: f32,
    /// What is seen now on its sender's clock, for lip sync; nothing before that clock is known.
    pub(crate) played: Option<Played>,
}

/// Everything measured, since the last time where nothing else is said.
#[derive(Debug, Clone, Default)]
pub(crate) struct PicturesMeasured {
    pub(crate) sent: Vec<PictureSent>,
    pub(crate) watched: Vec<PictureWatched>,
}

/// Everything of pictures that one instance has. Clones are the same.
#[derive(Clone)]
pub(crate) struct Pictures {
    inner: Arc<Inner>,
}

struct Inner {
    options: PictureOptions,
    courier: Courier,
    /// Camera and screen.
    sendings: [Arc<Sending>; 2],
    /// Locked while devices are opened and closed; no thread of pictures takes it.
    sources: Mutex<Sources>,
    views: Arc<Views>,
    line: Mutex<Line>,
    test: Mutex<Option<CameraTest>>,
}

/// The way to the engine, while there is one.
#[derive(Default)]
struct Line {
    uplink: Option<Arc<dyn Uplink>>,
    /// What it carries, in bits a second, once that is known.
    carries: Option<u64>,
    /// What was asked of it last, in bits a second.
    asked: Option<u64>,
}

impl Pictures {
    pub(crate) fn new(options: PictureOptions, courier: Courier) -> Self {
        let epoch = Instant::now();
        let screen =
            VideoEncParam { video_resolution: VideoResolution::R1280x720, video_bitrate: 1600, ..VideoEncParam::default() };
        let sendings = [(Track::Camera, VideoEncParam::default()), (Track::Screen, screen)]
            .map(|(track, param)| Sending::new(track, &param, courier.clone(), epoch));
        let inner = Inner {
            sources: Mutex::new(Sources::new(options.clone(), sendings.clone())),
            options,
            views: Views::new(courier.clone()),
            courier,
            sendings,
            line: Mutex::default(),
            test: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// A stay begins, or goes on with another session.
    pub(crate) fn connect(&self, uplink: Arc<dyn Uplink>) {
        self.inner.connect(Some(uplink));
    }

    /// A stay did not come about; the preview goes on.
    pub(crate) fn disconnect(&self) {
        self.inner.connect(None);
    }

    /// A stay is over: when this returns, the devices are free, and nothing is encoded, decoded or drawn.
    pub(crate) fn leave(&self) {
        self.inner.leave(true);
    }

    /// Another room begins without the old one's pictures.
    pub(crate) fn forget_views(&self) {
        self.inner.views.stop_all();
    }

    /// The instance ends, and lets go of every hook.
    pub(crate) fn close(&self) {
        self.inner.leave(false);
        self.inner.views.forget_sinks();
        self.set_processor(None);
        self.set_local_sink(None);
        self.set_encoded(None);
        self.set_tap(Track::Camera, None);
        self.set_tap(Track::Screen, None);
    }

    /// What the session's thread hands packets to.
    pub(crate) fn inbox(&self) -> PictureInbox {
        PictureInbox::new(&self.inner.views)
    }

    /// `startLocalPreview`, in a room or not.
    pub(crate) fn start_camera(&self, window: u64) {
        self.sources().start_camera(window);
    }

    /// `updateLocalView`.
    pub(crate) fn update_camera_window(&self, window: u64) {
        self.sending(Track::Camera).wish(|wishes| wishes.window = window);
    }

    /// `stopLocalPreview`; returns when the camera is free.
    pub(crate) fn stop_camera(&self) {
        self.sources().stop_camera();
        self.inner.settle();
    }

    /// Uses this camera from now on, also while one runs; nothing for the first one.
    pub(crate) fn choose_camera(&self, device: Option<String>) {
        self.sources().wish_camera(|wishes| wishes.device = device);
    }

    /// `setCameraCapturerParam`.
    pub(crate) fn set_capture_param(&self, param: &CameraCaptureParam) {
        self.sources().wish_camera(|wishes| wishes.capture = param.clone());
    }

    /// `startCameraDeviceTest`: shows the camera in a window, to a sink, or both, without a room.
    pub(crate) fn start_camera_test(&self, window: u64, sink: Option<Arc<dyn VideoSink>>) -> Result<(), DeviceError> {
        // The one before is over before the next one opens the same camera.
        self.stop_camera_test();
        let test = self.sources().start_test(window, sink)?;
        *lock(&self.inner.test) = Some(test);
        Ok(())
    }

    /// `stopCameraDeviceTest`; when it returns, the camera is closed.
    pub(crate) fn stop_camera_test(&self) {
        let test = lock(&self.inner.test).take();
        drop(test);
    }

    /// `startScreenCapture`. False, with an error told, where there is nothing to share.
    pub(crate) fn start_screen(&self, track: Track, window: u64, param: Option<&VideoEncParam>) -> bool {
        let is_started = self.sources().start_screen(track, window, param);
        self.inner.settle();
        self.inner.share_bandwidth();
        is_started
    }

    /// `pauseScreenCapture`: the last picture stays.
    pub(crate) fn pause_screen(&self) {
        self.sources().screen.pause(true);
    }

    /// `resumeScreenCapture`.
    pub(crate) fn resume_screen(&self) {
        self.sources().screen.pause(false);
    }

    /// Whether what was shared is gone by itself.
    pub(crate) fn is_screen_over(&self) -> bool {
        self.sources().screen.is_over()
    }

    /// `stopScreenCapture`.
    pub(crate) fn stop_screen(&self) {
        self.sources().stop_screen();
        self.inner.settle();
    }

    /// `getScreenCaptureSources`.
    pub(crate) fn screen_sources(&self, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, DeviceError> {
        screen::sources(self.inner.options.screen, thumbnail, icon)
    }

    /// `selectScreenCaptureTarget`; `part` without an area is all of it.
    pub(crate) fn select_screen(&self, source: &ScreenCaptureSourceInfo, part: Rect, property: &ScreenCaptureProperty) {
        let selected = self.sources().screen.select(self.inner.options.screen, source, part, property);
        if let Err(error) = selected {
            self.inner.courier.error(screen::code(&error), format!("`{}` cannot be shared: {error}", source.source_name));
        }
    }

    /// Changes which windows are left out of a shared screen, and says whether anything did.
    pub(crate) fn change_excluded(&self, change: impl FnOnce(&mut BTreeSet<u64>) -> bool) {
        self.change_windows(|screen| change(&mut screen.excluded));
    }

    /// Changes which windows are shared beside a shared window.
    pub(crate) fn change_included(&self, change: impl FnOnce(&mut BTreeSet<u64>) -> bool) {
        self.change_windows(|screen| change(&mut screen.included));
    }

    fn change_windows(&self, change: impl FnOnce(&mut screen::Screen) -> bool) {
        let mut sources = self.sources();
        if change(&mut sources.screen)
            && let Err(error) = sources.screen.change()
        {
            tracing::warn!("the shared screen stays as it is: {error}");
        }
    }

    /// `enableCustomVideoCapture`: the application is the camera or the screen.
    pub(crate) fn set_custom_capture(&self, track: Track, is_on: bool) {
        self.sources().set_custom(track, is_on);
        self.inner.settle();
    }

    /// `sendCustomVideoData`, from a thread of the application. False where custom capture is off.
    pub(crate) fn send_custom(&self, track: Track, frame: Frame) -> bool {
        self.sending(track).put_custom(frame)
    }

    /// `setVideoEncoderParam`, `setSubStreamEncoderParam`.
    pub(crate) fn set_encoder_param(&self, track: Track, param: &VideoEncParam) {
        let big = settings::layer_settings(param);
        self.sending(track).wish(|wishes| wishes.big = big);
        self.sources().follow(track);
        self.inner.share_bandwidth();
    }

    /// `enableSmallVideoStream`.
    pub(crate) fn set_small_param(&self, is_on: bool, param: &VideoEncParam) {
        let small = is_on.then(|| settings::layer_settings(param));
        self.sending(Track::Camera).wish(|wishes| wishes.small = small);
        self.inner.share_bandwidth();
    }

    /// `setNetworkQosParam`, for the encoders' half of it.
    pub(crate) fn set_qos(&self, param: &NetworkQosParam) {
        let preference = settings::preference(param);
        self.inner.sendings.iter().for_each(|sending| sending.wish(|wishes| wishes.preference = preference));
    }

    /// Whether a track's pictures may go out.
    pub(crate) fn set_sending(&self, track: Track, is_open: bool) {
        self.sending(track).set_open(is_open);
        self.inner.share_bandwidth();
    }

    /// While muted no picture of the source goes out, and where it is open the mute image does. The preview goes on.
    pub(crate) fn set_muted(&self, track: Track, is_muted: bool) {
        self.sending(track).wish(|wishes| wishes.is_muted = is_muted);
    }

    /// `setVideoMuteImage`.
    pub(crate) fn set_mute_image(&self, image: Option<Frame>, fps: u32) {
        self.sending(Track::Camera).wish(|wishes| wishes.mute_image = image.map(|image| (image, fps)));
    }

    /// What pictures are written in, until the stay is over.
    pub(crate) fn set_codec(&self, codec: Codec) {
        if let Some(codec) = settings::video_codec(codec) {
            self.inner.sendings.iter().for_each(|sending| sending.wish(|wishes| wishes.codec = codec));
        }
    }

    /// The engine says what somebody watches.
    pub(crate) fn encode(&self, layers: EncodeLayers) {
        self.sending(layers.track).want(layers);
    }

    /// Somebody needs a key frame.
    pub(crate) fn want_keyframe(&self, track: Track, layer: Layer) {
        self.sending(track).want_keyframe(layer);
    }

    /// `enablePayloadPrivateEncryption`: pictures are encrypted with this key, until the stay is over. Nothing is sent in the
    /// clear because of a key that does not work.
    pub(crate) fn set_key(&self, key: Option<&PayloadKey>) {
        self.inner.sendings.iter().for_each(|sending| sending.wish(|wishes| wishes.key = key.cloned()));
        self.inner.views.set_key(key);
    }

    /// What the line carries, all tracks together.
    pub(crate) fn set_bandwidth(&self, bits_per_second: u64) {
        lock(&self.inner.line).carries = Some(bits_per_second);
        self.inner.share_bandwidth();
    }

    /// `sendSEIMsg`: rides on the next `repeat` pictures in H.264.
    pub(crate) fn send_sei(&self, track: Track, data: Vec<u8>, repeat: u32) {
        self.sending(track).send_message(data, repeat);
    }

    /// `setWaterMark`, seen by those who are sent to and in the preview.
    pub(crate) fn set_watermark(&self, track: Track, watermark: Option<Watermark>) {
        let watermark = watermark.map(|watermark| Arc::new(Mutex::new(watermark)));
        self.sending(track).wish(|wishes| wishes.watermark = watermark);
    }

    /// `setLocalRenderParams`.
    pub(crate) fn set_local_render(&self, params: &RenderParams) {
        self.change_local_render(|render| *render = params.clone());
    }

    /// The same in parts.
    pub(crate) fn change_local_render(&self, change: impl FnOnce(&mut RenderParams)) {
        self.sending(Track::Camera).wish(|wishes| change(&mut wishes.render));
    }

    /// `setVideoEncoderRotation`.
    pub(crate) fn set_encoder_rotation(&self, rotation: VideoRotation) {
        self.sending(Track::Camera).wish(|wishes| wishes.rotation = settings::rotation(rotation));
    }

    /// `setVideoEncoderMirror`.
    pub(crate) fn set_encoder_mirror(&self, is_mirrored: bool) {
        self.sending(Track::Camera).wish(|wishes| wishes.is_mirrored = is_mirrored);
    }

    /// `setLocalVideoCustomProcessCallback`.
    pub(crate) fn set_processor(&self, processor: Option<Arc<dyn VideoProcessor>>) {
        // Here and below: what goes is dropped without a lock, because it may be the application's.
        drop(self.sending(Track::Camera).wish(|wishes| std::mem::replace(&mut wishes.processor, processor)));
    }

    /// `setLocalVideoRenderCallback`.
    pub(crate) fn set_local_sink(&self, sink: Option<Arc<dyn VideoSink>>) {
        drop(self.sending(Track::Camera).wish(|wishes| std::mem::replace(&mut wishes.sink, sink)));
    }

    /// `startRemoteView`, `updateRemoteView`.
    pub(crate) fn start_view(&self, user: &UserId, stream: Stream, window: u64) {
        self.inner.views.start(user, Track::video_of(stream), window);
    }

    /// The layer that is asked for, to be told with what is measured.
    pub(crate) fn set_view_layer(&self, user: &UserId, stream: Stream, layer: Layer) {
        if let Some(view) = self.inner.views.view(user, Track::video_of(stream)) {
            view.wish(|wishes| wishes.layer = layer);
        }
    }

    /// `stopRemoteView`; nothing is shown any more when this returns.
    pub(crate) fn stop_view(&self, user: &UserId, stream: Stream) {
        self.inner.views.stop(user, Track::video_of(stream));
    }

    /// Somebody shows something else than before.
    pub(crate) fn others_changed(&self, user: &UserId, after: Tracks) {
        self.inner.views.published(user, after);
    }

    /// `setRemoteVideoRenderCallback`: may be said before anything is watched, and holds until it is taken back.
    pub(crate) fn set_remote_sink(&self, user: &UserId, stream: Stream, sink: Option<Arc<dyn VideoSink>>) {
        self.inner.views.set_sink(user, Track::video_of(stream), sink);
    }

    /// `setRemoteRenderParams`.
    pub(crate) fn set_remote_render(&self, user: &UserId, stream: Stream, params: &RenderParams) {
        self.change_remote_render(user, stream, |render| *render = params.clone());
    }

    /// The same in parts.
    pub(crate) fn change_remote_render(&self, user: &UserId, stream: Stream, change: impl FnOnce(&mut RenderParams)) {
        self.inner.views.change_render(user, Track::video_of(stream), change);
    }

    /// `snapshotVideo`: the last picture, or an empty one where there is none. Nobody is the own stream.
    pub(crate) fn snapshot(&self, user: Option<&UserId>, stream_type: VideoStreamType, source: SnapshotSourceType) {
        let track = if stream_type == VideoStreamType::Sub { Track::Screen } else { Track::Camera };
        let (frame, render) = match user {
            None => {
                let sending = self.sending(track);
                (sending.latest(source == SnapshotSourceType::Capture), Some(sending.wishes().render))
            }
            Some(user) => {
                let view = self.inner.views.view(user, track);
                (view.as_ref().and_then(|view| view.latest()), view.map(|view| view.wishes().render))
            }
        };
        let render = render.filter(|_| source == SnapshotSourceType::View);
        let name = user.map(ToString::to_string).unwrap_or_default();
        self.inner.courier.hand(Parcel::Snapshot(snapshot::of(name, stream_type, frame, render.as_ref())));
    }

    /// Lip sync: somebody's pictures are shown at least so late from now on, at most 2 s.
    pub(crate) fn set_least_delay(&self, user: &UserId, stream: Stream, delay: Duration) {
        if let Some(view) = self.inner.views.view(user, Track::video_of(stream)) {
            view.wish(|wishes| wishes.least_delay = delay);
        }
    }

    pub(crate) fn measure(&self) -> PicturesMeasured {
        let now = Instant::now();
        let sent = self.inner.sendings.iter().flat_map(|sending| sending.measure(now)).collect();
        PicturesMeasured { sent, watched: self.inner.views.measure(now) }
    }

    /// Shows every encoded picture of a track's big layer to local recording, and encodes them also where nobody watches.
    /// Called on the track's thread.
    pub(crate) fn set_tap(&self, track: Track, tap: Option<sending::Tap>) {
        self.sending(track).set_tap(tap);
    }

    fn sending(&self, track: Track) -> &Arc<Sending> {
        &self.inner.sendings[index(track)]
    }

    fn sources(&self) -> MutexGuard<'_, Sources> {
        lock(&self.inner.sources)
    }
}

impl Inner {
    fn connect(&self, uplink: Option<Arc<dyn Uplink>>) {
        *lock(&self.line) = Line { uplink: uplink.clone(), carries: None, asked: None };
        self.sendings.iter().for_each(|sending| sending.connect(uplink.clone()));
        self.views.connect(uplink);
    }

    fn leave(&self, is_told: bool) {
        lock(&self.sources).stop_all(is_told);
        self.settle();
        self.views.stop_all();
        self.views.set_key(None);
        self.connect(None);
    }

    /// Waits for the threads of tracks that lost their source. Not with the lock of the sources: a hook on such a thread may
    /// be about to take it.
    fn settle(&self) {
        let deadline = Worker::deadline();
        self.sendings.iter().for_each(|sending| sending.join(deadline));
    }

    /// Asks for a line that carries everything, and divides the one there is between camera and screen, in proportion to what
    /// each asks for, after the sound has its part.
    fn share_bandwidth(&self) {
        let asked = self.sendings.each_ref().map(|sending| sending.asked_kbps());
        let all = asked.iter().sum::<u64>().max(1);
        let mut line = lock(&self.line);
        let wanted = (all * 1000 + SOUND_BITS) * (100 + OVERHEAD_PERCENT) / 100;
        if line.asked.replace(wanted) != Some(wanted)
            && let Some(uplink) = &line.uplink
        {
            uplink.want_bandwidth(wanted);
        }
        let Some(bits) = line.carries else { return };
        drop(line);
        let kbps = bits.saturating_sub(SOUND_BITS.min(bits / 4)) / 1000;
        for (sending, asked) in self.sendings.iter().zip(asked) {
            // Who is not sent yet begins with what the other one leaves.
            let part = if asked == 0 { kbps } else { kbps * asked / all };
            sending.set_bandwidth(u32::try_from(part).unwrap_or(u32::MAX).max(1));
        }
    }
}

impl Drop for Inner {
    /// Threads hold what is theirs only: without this they would go on without an instance.
    fn drop(&mut self) {
        self.leave(false);
    }
}
