//! Sound between this machine's devices and a session: capture, processing and encoding on the microphone's own thread,
//! decoding and mixing on the speaker's own thread. Nothing here knows of rooms.
//!
//! One [`Desk`] serves an instance and its sub-instances, because there is one microphone and one pair of ears; each of
//! them has a [`Seat`] at it. The two sides of the desk share short queues, of what the speaker played lately (for echo
//! cancellation) and of the own voice (for ears and recordings), and the speaker's side reads the microphone's meter. Each side
//! is locked by its device's thread for the time of a block, hooks of the application included, and by others for less.

mod beside;
mod capturing;
mod desk;
mod feed;
mod hook;
mod playing;
mod seat;
mod sending;
mod voices;
mod volume;

use rtc_protocol::UserId;
use rtc_video::sync::Played;

pub(crate) use self::beside::PacketHooks;
pub(crate) use self::desk::Desk;
pub(crate) use self::feed::SharedFeed;
pub use self::hook::{AudioFrame, AudioFrameFormat, AudioFrameHook, HookPlace};
pub(crate) use self::playing::Tap;
pub(crate) use self::seat::{Feeds, Seat, VoiceInbox};

/// The own voice, as it is sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct VoiceSent {
    /// Hertz; 0 while nothing is captured.
    pub(crate) sample_rate: u32,
    /// 0 to 100.
    pub(crate) level: u32,
    /// `audioCaptureState`: 0 fine, 1 silence for a while.
    pub(crate) capture_state: u32,
}

/// One of the others' voices, since the last time it was measured where nothing else is said.
#[derive(Debug, Clone)]
pub(crate) struct VoiceHeard {
    pub(crate) user: UserId,
    /// Hertz.
    pub(crate) sample_rate: u32,
    /// 0 to 100, now.
    pub(crate) level: u32,
    /// What waits in the jitter buffer.
    pub(crate) delay_ms: f32,
    /// Percent of what was played that had to be invented.
    pub(crate) concealed: f32,
    /// Gaps of more than 200 ms, since the voice is heard.
    pub(crate) blocked_ms: f32,
    /// Gaps of more than 200 ms, since the last time.
    pub(crate) blocked_now_ms: f32,
    /// Percent of the time since the voice is heard that was such a gap.
    pub(crate) block_rate: f32,
    /// What is heard now and when it was said, for lip sync.
    pub(crate) played: Option<Played>,
}

/// Everything measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct SoundMeasured {
    pub(crate) sent: VoiceSent,
    pub(crate) heard: Vec<VoiceHeard>,
}
