//! The sound of a fragmented MP4 file: Opus packets put in their places, silence between them. It decodes nothing.

use std::time::Duration;

use crate::fragmented::{Fragmented, Sample};
use crate::timeline::{self, Arrival};
use crate::{Error, opus};

/// A track of Opus in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SoundTrack {
    /// Its place in the file.
    pub(crate) track: usize,
    /// One or two.
    pub(crate) channels: u8,
}

impl SoundTrack {
    /// Until when there is sound, from the beginning of the file.
    pub(crate) fn end(self, file: &Fragmented) -> Duration {
        timeline::time(file.end(self.track), opus::RATE)
    }

    /// Adds a packet of `samples` that is heard at a time from the beginning of the file. `false` when its place is taken.
    pub(crate) fn push(self, file: &mut Fragmented, at: Duration, samples: u32, packet: Vec<u8>) -> bool {
        let end = self.end(file);
        match timeline::arrival(end, at) {
            // Where the first packet is put, the others follow, so that it is put exactly.
            _ if end.is_zero() => self.fill(file, at),
            Arrival::Late => return false,
            Arrival::AfterGap(_) => self.fill(file, at),
            Arrival::Follows => {}
        }
        self.push_next(file, samples, packet);
        true
    }

    /// Adds silence until a time from the beginning of the file.
    pub(crate) fn fill(self, file: &mut Fragmented, until: Duration) {
        let Some(gap) = until.checked_sub(self.end(file)) else { return };
        for (samples, packet) in opus::silence(gap, self.channels) {
            self.push_next(file, samples, packet.to_vec());
        }
    }

    fn push_next(self, file: &mut Fragmented, samples: u32, data: Vec<u8>) {
        let at = file.end(self.track);
        file.push(self.track, Sample { at, duration: samples, is_start: true, data });
    }
}

/// Opus in MP4 without a mapping table has one or two channels (RFC 7845 section 5.1.1.1).
pub(crate) fn check_channels(channels: u8) -> Result<(), Error> {
    match channels {
        1 | 2 => Ok(()),
        _ => Err(Error::Input { reason: "sound has one or two channels" }),
    }
}
