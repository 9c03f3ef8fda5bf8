//! What a receiver counts.

use std::time::Duration;

/// What has happened to one remote voice since its receiver was made. Frames are of 48 kHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Statistics {
    /// How long sound is meant to wait here, beyond the fastest packet's way through the network.
    pub target_delay: Duration,
    /// How long the sound being played has waited, beyond the fastest packet's way.
    pub current_delay: Duration,
    /// Packets that came, each counted once.
    pub packets_received: u64,
    /// Packets that have not come, by their sequence numbers. One that is merely late is taken back when it comes.
    pub packets_lost: u64,
    /// Packets that came after their time and were not played.
    pub packets_late: u64,
    /// Packets that came again.
    pub packets_duplicate: u64,
    /// Packets that are no Opus, or belong to no stream.
    pub packets_invalid: u64,
    /// Packets thrown away because too much waited already.
    pub packets_discarded: u64,
    /// Frames given out.
    pub frames_played: u64,
    /// Frames that nobody sent: the codec's guess, or silence where that was too long.
    pub frames_concealed: u64,
    /// Frames of lost packets recovered from the packet behind.
    pub frames_corrected: u64,
    /// Frames of lost packets recovered from deep redundancy.
    pub frames_deep: u64,
    /// Frames left out to play sooner.
    pub frames_accelerated: u64,
    /// Frames played twice to play later.
    pub frames_expanded: u64,
    /// Times at which more than 200 ms in a row were concealed though somebody sent.
    pub gaps: u64,
    /// How long those gaps were together.
    pub gap_time: Duration,
}
