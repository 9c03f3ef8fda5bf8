//! What a member of a crowd does: who it is, what it sends, whom it watches, how it leaves.

use std::time::Duration;

use rtc_protocol::{Role, Scene};

/// A member to be.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) user: String,
    pub(super) room: u64,
    pub(super) scene: Scene,
    pub(super) role: Role,
    /// Pairs of receiving lines.
    pub(super) slots: u16,
    pub(super) voice: Option<Voice>,
    pub(super) camera: Option<Camera>,
    /// Whose cameras it watches.
    pub(super) views: Vec<String>,
    /// Decrypts nothing: it counts what arrives by the numbers in the headers, which costs this program a tenth.
    pub(super) is_light: bool,
    /// Offers something that is no offer.
    pub(super) offers_nonsense: bool,
    /// How long it stays, and how it leaves then. For good where nothing is said.
    pub(super) life: Option<(Duration, Ending)>,
}

/// How a microphone sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// A packet every 20 ms, as loud as somebody who speaks.
    Talks,
    /// The same of somebody in a noisy place who does not speak.
    Murmurs,
    /// A packet every 400 ms: discontinuous transmission.
    Rests,
    /// One every 100 ms, so that many can be told that they hear something at little cost.
    Ticks,
}

/// What a camera sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Camera {
    pub(super) frames_per_second: u32,
    pub(super) packets: u32,
    pub(super) bytes: usize,
}

/// How somebody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Says so, and hangs up.
    Exit,
    /// Its process is killed: the system closes its sockets.
    Killed,
    /// Its sockets stay open and nobody reads them.
    HalfOpen,
}

impl Plan {
    /// Somebody who only listens.
    pub(super) fn new(user: String, room: u64, scene: Scene, role: Role) -> Self {
        Self {
            user,
            room,
            scene,
            role,
            slots: 3,
            voice: None,
            camera: None,
            views: Vec::new(),
            is_light: false,
            offers_nonsense: false,
            life: None,
        }
    }
}

impl Voice {
    pub(super) fn interval(self) -> Duration {
        match self {
            Self::Talks | Self::Murmurs => Duration::from_millis(20),
            Self::Rests => Duration::from_millis(400),
            Self::Ticks => Duration::from_millis(100),
        }
    }

    /// Loudness of a packet, in -dBov.
    pub(super) fn level(self, packet: u64) -> u8 {
        let wavers = (packet * 7 % 11) as u8;
        match self {
            Self::Talks | Self::Ticks => 24 + wavers,
            Self::Murmurs => 70 + wavers,
            Self::Rests => 100,
        }
    }
}
