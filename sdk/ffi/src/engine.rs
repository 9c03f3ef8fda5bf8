//! What the boundary asks of the engine and of recorders of screens. There are three answers: `rtc_core::Cloud`,
//! `rtc_core::LocalRecord`, and the double that the tests of the boundary provoke and panic with.

use std::sync::Arc;

use rtc_core::Changed;
use serde_json::Value;

use crate::error::CallError;
use crate::frame::{AudioFrame, Image, ScreenSource, VideoFrame, WatermarkPicture, WatermarkPlace};

/// What a handle stands for. Everything may be called from every thread, also from inside the listener; dropping it ends it,
/// and may wait for its threads.
pub(crate) trait Subject: Send + Sync {
    /// A method that has only JSON in it.
    fn call(&self, method: &str, json: &str) -> Result<Value, CallError>;
    /// Tells the listener of an error, in order with its events.
    fn report(&self, error: &CallError);
    /// Width and height of thumbnails and icons; zero leaves them out.
    fn screen_sources(&self, thumbnail: (u32, u32), icon: (u32, u32)) -> Result<Vec<ScreenSource>, CallError>;
    /// The engine, where it is one.
    fn engine(&self) -> Option<&dyn Engine>;
}

/// One instance of the engine.
pub(crate) trait Engine: Subject {
    /// A second instance in another room.
    fn sub(&self, listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError>;

    fn send_custom_video(&self, stream: i32, frame: &VideoFrame<'_>) -> Result<(), CallError>;
    fn send_custom_audio(&self, frame: &AudioFrame<'_>) -> Result<(), CallError>;
    /// Returns the milliseconds that now wait to be mixed.
    fn mix_external_audio(&self, frame: &AudioFrame<'_>) -> Result<i32, CallError>;
    /// Fills the samples with the next sound to be played.
    fn custom_audio_rendering_frame(&self, frame: &mut AudioFrame<'_>) -> Result<(), CallError>;

    /// `None` takes the callback away.
    fn set_local_video_render(&self, format: i32, buffer_type: i32, render: Option<Render>) -> Result<(), CallError>;
    fn set_remote_video_render(
        &self,
        user_id: &str,
        format: i32,
        buffer_type: i32,
        render: Option<Render>,
    ) -> Result<(), CallError>;
    fn set_local_video_process(&self, format: i32, buffer_type: i32, process: Option<Process>) -> Result<(), CallError>;
    fn set_audio_frame(&self, hooks: AudioHooks) -> Result<(), CallError>;
    fn set_encoded_data(&self, encoded: Option<Encoded>) -> Result<(), CallError>;
    fn set_audio_packet(&self, bytes: Option<PacketBytes>) -> Result<(), CallError>;
    fn start_camera_device_test(&self, render: Render) -> Result<(), CallError>;

    /// False when the message was not accepted: too large, too many, not in a room.
    fn send_custom_cmd_msg(&self, command: u32, data: &[u8], reliable: bool, ordered: bool) -> bool;
    fn send_sei_msg(&self, data: &[u8], repeat: i32) -> bool;

    fn set_video_mute_image(&self, image: Option<Image>, fps: i32) -> Result<(), CallError>;
    fn set_watermark(&self, stream: i32, picture: WatermarkPicture<'_>, place: WatermarkPlace) -> Result<(), CallError>;
}

/// Who is told. All are called on the instance's one callback thread, in the order in which things happened.
pub(crate) trait Listener: Send {
    /// An event as JSON.
    fn event(&mut self, json: &str);
    /// A picture that `snapshotVideo` asked for.
    fn snapshot(&mut self, user_id: &str, stream: i32, frame: &VideoFrame<'_>);
    /// A custom message of another member.
    fn custom_cmd_msg(&mut self, user_id: &str, command: i32, sequence: u32, data: &[u8]);
    /// An SEI message of another member.
    fn sei_msg(&mut self, user_id: &str, data: &[u8]);
}

/// Gets a picture to show: user (empty for oneself), stream, frame. Called from the engine's threads, several at once if
/// it likes.
pub(crate) type Render = Arc<dyn Fn(&str, i32, &VideoFrame<'_>) + Send + Sync>;

/// Gets the captured picture, fills the second buffer of the same size. False keeps the captured one.
pub(crate) type Process = Arc<dyn Fn(&VideoFrame<'_>, &mut [u8]) -> bool + Send + Sync>;

/// Gets sound, and may change samples and extra data where the API allows it.
pub(crate) type Hear = Arc<dyn Fn(&mut AudioFrame<'_>) + Send + Sync>;

/// Gets one remote user's sound before it is mixed.
pub(crate) type HearUser = Arc<dyn Fn(&mut AudioFrame<'_>, &str) + Send + Sync>;

/// The five places at which an application can hear, and in part change, the sound.
#[derive(Clone, Default)]
pub(crate) struct AudioHooks {
    pub(crate) captured: Option<Hear>,
    pub(crate) local_processed: Option<Hear>,
    pub(crate) remote: Option<HearUser>,
    pub(crate) mixed_play: Option<Hear>,
    pub(crate) mixed_all: Option<Hear>,
}

/// What is shown to who may change what is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum EncodedKind {
    OwnPicture = 0,
    OtherPicture = 1,
    OwnSound = 2,
    OtherSound = 3,
}

/// May change something encoded: what, whose (none for one's own), stream, bytes.
pub(crate) type Encoded = Arc<dyn Fn(EncodedKind, Option<&str>, i32, &[u8]) -> Changed + Send + Sync>;

/// Gives the bytes that travel with a packet of sound, or takes those that came with somebody's.
pub(crate) type PacketBytes = Arc<dyn Fn(Option<&str>, &[u8]) -> Option<Vec<u8>> + Send + Sync>;

/// Gets a line of the log: text, level, module.
pub(crate) type Log = Arc<dyn Fn(&str, i32, &str) + Send + Sync>;
