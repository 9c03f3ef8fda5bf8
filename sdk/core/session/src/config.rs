//! What a session is told at its beginning. It holds values and decides nothing.

use std::fmt;
use std::time::Duration;

use rtc_protocol::{Codec, HelloRoom, Role, Scene, SdkAppId, SdkInfo};

/// How a session works, the same for every room.
#[derive(Debug, Clone)]
pub struct Config {
    /// Video codecs that are offered, for sending and receiving alike. Opus is always offered.
    pub video_codecs: Vec<Codec>,
    /// Receiving pairs of the first offer, 1 to 98, and no more than the engine allows. Beyond them the loudest are heard,
    /// and the pool is doubled when more is watched.
    pub pairs: u16,
    /// Which ways to the engine's media port are tried.
    pub paths: MediaPaths,
    /// How long UDP alone is tried before TCP is tried as well.
    pub tcp_after: Duration,
    /// Where the estimate of the uplink begins, in bits a second; nothing where no estimate is wanted.
    pub uplink_estimate: Option<u64>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            video_codecs: vec![Codec::Vp8, Codec::H264],
            pairs: 8,
            paths: MediaPaths::UdpThenTcp,
            tcp_after: Duration::from_secs(2),
            uplink_estimate: Some(1_500_000),
        }
    }
}

/// Ways to the engine's media port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MediaPaths {
    /// UDP, and TCP when it finds no way.
    #[default]
    UdpThenTcp,
    /// UDP only.
    Udp,
    /// TCP only (RFC 6544).
    Tcp,
}

/// Who enters, where and as what. Does not print its tickets.
#[derive(Clone)]
pub struct EnterParams {
    /// The engine's address: `http`, `https`, `ws` or `wss`, host, perhaps port and a path prefix.
    pub server: String,
    /// The app.
    pub sdk_app_id: SdkAppId,
    /// The user. The engine checks it, so that a bad one gets its own code.
    pub user_id: String,
    /// The ticket of app and user.
    pub user_sig: String,
    /// The room; also checked by the engine.
    pub room: HelloRoom,
    /// The scene.
    pub scene: Scene,
    /// Anchor or audience; call scenes know only anchors.
    pub role: Role,
    /// The ticket of the room, where the app asks for one.
    pub private_map_key: Option<String>,
    /// Hear everybody without asking.
    pub auto_receive_audio: bool,
    /// A part of the names of automatic recordings, at most 64 bytes of `[A-Za-z0-9_-]`.
    pub user_define_record_id: Option<String>,
    /// The SDK and where it runs.
    pub sdk: SdkInfo,
}

impl fmt::Debug for EnterParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnterParams")
            .field("server", &self.server)
            .field("sdk_app_id", &self.sdk_app_id)
            .field("user_id", &self.user_id)
            .field("room", &self.room)
            .field("scene", &self.scene)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
