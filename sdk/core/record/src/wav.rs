//! A WAV file of 16-bit samples that can be played while it grows. It knows no time.

use crate::Error;
use crate::disk::Disk;

const HEADER: u32 = 44;

/// How much of the file the header counts before it is written again: nothing written after that is lost to players, but
/// what is beyond is when the process dies.
const PATCH_PER_SECOND: u32 = 2;

/// The largest file whose lengths fit into the header, with room to spare for readers that calculate with the sum.
const LARGEST: u64 = u32::MAX as u64 - 4 * HEADER as u64;

/// A WAV file of ours.
#[derive(Debug)]
pub(crate) struct Wav {
    disk: Disk,
    rate: u32,
    channels: u8,
    /// Bytes of samples that the header counts.
    counted: u64,
}

impl Wav {
    /// Writes the header into an empty file.
    pub(crate) fn begin(mut disk: Disk, rate: u32, channels: u8) -> Result<Self, Error> {
        disk.append(&header(rate, channels, 0))?;
        Ok(Self { disk, rate, channels, counted: 0 })
    }

    #[cfg(test)]
    pub(crate) fn disk_mut(&mut self) -> &mut Disk {
        &mut self.disk
    }

    pub(crate) fn into_disk(self) -> Disk {
        self.disk
    }

    /// Instants written: one is a sample of every channel.
    pub(crate) fn instants(&self) -> u64 {
        self.bytes() / self.block()
    }

    /// How many instants the format has room for.
    pub(crate) fn room(&self) -> u64 {
        (LARGEST.saturating_sub(self.bytes())) / self.block()
    }

    /// Adds interleaved samples.
    pub(crate) fn append(&mut self, samples: &[i16]) -> Result<(), Error> {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.disk.append(&bytes)?;
        let uncounted = self.bytes() - self.counted;
        if uncounted * u64::from(PATCH_PER_SECOND) >= u64::from(self.rate) * self.block() { self.count() } else { Ok(()) }
    }

    /// Makes the header count everything, and brings the file to the medium.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.count()?;
        self.disk.sync()
    }

    /// Makes the header count what a full disk has left.
    pub(crate) fn count(&mut self) -> Result<(), Error> {
        self.counted = self.bytes();
        self.disk.patch(0, &header(self.rate, self.channels, self.counted as u32))
    }

    fn bytes(&self) -> u64 {
        self.disk.length() - u64::from(HEADER)
    }

    fn block(&self) -> u64 {
        2 * u64::from(self.channels)
    }
}

/// RIFF with a `fmt ` chunk of plain PCM and the beginning of a `data` chunk.
fn header(rate: u32, channels: u8, data: u32) -> Vec<u8> {
    let block = 2 * u16::from(channels);
    let mut header = Vec::with_capacity(HEADER as usize);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&(data + HEADER - 8).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&16_u32.to_le_bytes());
    header.extend_from_slice(&1_u16.to_le_bytes());
    header.extend_from_slice(&u16::from(channels).to_le_bytes());
    header.extend_from_slice(&rate.to_le_bytes());
    header.extend_from_slice(&(rate * u32::from(block)).to_le_bytes());
    header.extend_from_slice(&block.to_le_bytes());
    header.extend_from_slice(&16_u16.to_le_bytes());
    header.extend_from_slice(b"data");
    header.extend_from_slice(&data.to_le_bytes());
    header
}
