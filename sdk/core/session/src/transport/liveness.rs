//! Whether a path carries anything: what was heard of the other end, and when. It does not know what was heard.

use std::time::{Duration, Instant};

/// Nothing heard for so long: the path is taken for lost. Checks are answered twice a second.
const SILENCE: Duration = Duration::from_secs(5);
/// Nothing heard for so long, where much was heard just before: another path had better be looked for.
const HUSH: Duration = Duration::from_millis(1500);
/// Nothing heard for so long, which is never the case where checks are answered: what was sent meanwhile is lost.
const OUTAGE: Duration = Duration::from_secs(2);
/// Nothing heard for so long: what is sent is sent in vain.
const IN_VAIN: Duration = Duration::from_secs(15);
/// Datagrams a second that are much: where four of five are lost, that many are never all of them.
const MUCH: u32 = 20;

/// Whether media can flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathState {
    /// No path was found yet.
    Coming,
    /// ICE and DTLS are through, and something was heard lately.
    Up,
    /// There was a path.
    Lost,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Liveness {
    /// Whether ICE and DTLS were through once.
    is_connected: bool,
    /// Whether the path in use was closed or ICE gave it up, and ICE has found no other since.
    is_broken: bool,
    /// Whether `str0m` gave up on this connection.
    is_dead: bool,
    heard_at: Instant,
    /// Datagrams of the second that began then, and of the one before.
    heard: (Instant, u32, u32),
    /// The time of the last [`Liveness::look`].
    looked_at: Instant,
}

impl Liveness {
    pub(crate) fn new(now: Instant) -> Self {
        Self { is_connected: false, is_broken: false, is_dead: false, heard_at: now, heard: (now, 0, 0), looked_at: now }
    }

    pub(crate) fn state(&self, now: Instant) -> PathState {
        if !self.is_connected {
            return PathState::Coming;
        }
        let is_silent = now.saturating_duration_since(self.heard_at) >= SILENCE;
        if self.is_dead || self.is_broken || is_silent { PathState::Lost } else { PathState::Up }
    }

    /// Whether to send. Through a silence, too: once the path is there again, media arrives before anything is heard of it by the
    /// next check, and the engine asks for what it needs at once.
    pub(crate) fn may_send(&self, now: Instant) -> bool {
        self.is_connected && !self.is_dead && !self.is_broken && now.saturating_duration_since(self.heard_at) < IN_VAIN
    }

    /// Whether the path seems to work, but nothing comes where much came until now.
    pub(crate) fn is_hushed(&self, now: Instant) -> bool {
        let (_, this, before) = self.heard;
        self.is_connected && now.saturating_duration_since(self.heard_at) >= HUSH && this.max(before) >= MUCH
    }

    /// Whether it will never work again.
    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// Whether there was a path, which a restart could bring back.
    pub(crate) fn had_path(&self) -> bool {
        self.is_connected && !self.is_dead
    }

    /// A datagram came. Says whether it ends an outage, for which the engine asks for key frames.
    pub(crate) fn hear(&mut self, now: Instant) -> bool {
        let gap = now.saturating_duration_since(self.heard_at);
        self.heard_at = now;
        let (since, this, _) = &mut self.heard;
        if now.saturating_duration_since(*since) < Duration::from_secs(1) {
            *this += 1;
        } else {
            // After a silence nothing is left of what was before.
            self.heard = (now, 1, if gap < HUSH { *this } else { 0 });
        }
        gap >= OUTAGE
    }

    /// Other paths are looked for.
    pub(crate) fn begin_anew(&mut self, now: Instant) {
        if self.state(now) == PathState::Up {
            // The new path gets its time; one that was lost is lost until something is heard.
            self.heard_at = now;
            self.heard = (now, 0, 0);
        }
    }

    /// ICE and DTLS are through.
    pub(crate) fn connected(&mut self, now: Instant) {
        self.is_connected = true;
        self.is_broken = false;
        self.heard_at = now;
    }

    /// The path in use is gone, or another was found for it.
    pub(crate) fn set_broken(&mut self, is_broken: bool) {
        self.is_broken = is_broken;
    }

    /// It has failed for good.
    pub(crate) fn die(&mut self) {
        self.is_dead = true;
    }

    /// Time has passed: silences that have lasted until now are known.
    pub(crate) fn look(&mut self, now: Instant) {
        self.looked_at = now;
    }

    /// When there is a silence to be known, unless something is heard before.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        if !self.is_connected || self.is_broken {
            return None;
        }
        // Once it was seen to be silent there is nothing more to wait for.
        [HUSH, SILENCE].into_iter().map(|silence| self.heard_at + silence).find(|at| *at > self.looked_at)
    }
}
