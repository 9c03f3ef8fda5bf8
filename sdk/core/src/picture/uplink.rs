//! Where packets and requests of pictures go: the session, or a test in its place. It sends nothing itself.

use std::time::Duration;

use rtc_link::Link;
use rtc_protocol::{Track, UserId};
use rtc_session::{Command, Outgoing};

/// The way to the engine. No method waits.
pub(crate) trait Uplink: Send + Sync {
    fn send(&self, packet: Outgoing);

    /// What all pictures and the sound ask of the line, in bits a second: how far it is probed.
    fn want_bandwidth(&self, bits_per_second: u64);

    /// Asks for a key frame of somebody's pictures.
    fn want_keyframe(&self, user: &UserId, track: Track);

    /// To the engine and back, once it is known.
    fn round_trip(&self) -> Option<Duration>;
}

impl Uplink for Link {
    fn send(&self, packet: Outgoing) {
        Self::send(self, packet);
    }

    fn want_bandwidth(&self, bits_per_second: u64) {
        let _ = self.command(Command::WantUplink { bits_per_second });
    }

    fn want_keyframe(&self, user: &UserId, track: Track) {
        // A session that takes no more commands is over, and its pictures with it.
        let _ = self.command(Command::WantKeyframe { user_id: user.clone(), track });
    }

    fn round_trip(&self) -> Option<Duration> {
        self.stats().round_trip
    }
}
