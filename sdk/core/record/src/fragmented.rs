//! A fragmented MP4 file that grows by whole fragments (ISO/IEC 14496-12 section 8.8). It knows no codec and decides no
//! times.
//!
//! The header comes first and every fragment stands for itself, so that the file plays up to its last fragment whenever
//! writing ends.

use std::time::Duration;

use mp4_atom::{Encode, FragmentInfo, Mfhd, Mfra, Mfro, Moof, Tfdt, Tfhd, Tfra, Traf, Trun, TrunEntry};

use crate::disk::Disk;
use crate::header::{self, TrackKind};
use crate::{Error, timeline};

/// A fragment is closed early at this size, which bounds memory and what an abrupt end loses.
const LARGEST_FRAGMENT: usize = 8 << 20;

// Sample flags (ISO/IEC 14496-12 section 8.8.3.1): depends on no other, or depends on others and is no point to start at.
const STANDS_ALONE: u32 = 0x0200_0000;
const DEPENDS: u32 = 0x0101_0000;

/// One encoded picture or packet, in ticks of its track.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) at: u64,
    pub(crate) duration: u32,
    /// Decoding can start here.
    pub(crate) is_start: bool,
    pub(crate) data: Vec<u8>,
}

/// A file of ours, with the fragment that is being collected.
#[derive(Debug)]
pub(crate) struct Fragmented {
    disk: Disk,
    tracks: Vec<Track>,
    header_length: u64,
    sequence: u32,
    pending: usize,
}

#[derive(Debug)]
struct Track {
    kind: TrackKind,
    samples: Vec<Sample>,
    /// The end of the last sample, in ticks.
    end: u64,
    /// Where the fragments begin that one can seek to.
    starts: Vec<FragmentInfo>,
}

impl Fragmented {
    /// Writes the header into an empty file.
    pub(crate) fn begin(mut disk: Disk, kinds: Vec<TrackKind>) -> Result<Self, Error> {
        let header = encoded(header::header(&kinds, Duration::ZERO), &disk)?;
        disk.append(&header)?;
        let tracks = kinds.into_iter().map(|kind| Track { kind, samples: Vec::new(), end: 0, starts: Vec::new() }).collect();
        Ok(Self { disk, tracks, header_length: header.len() as u64, sequence: 0, pending: 0 })
    }

    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    pub(crate) fn into_disk(self) -> Disk {
        self.disk
    }

    #[cfg(test)]
    pub(crate) fn disk_mut(&mut self) -> &mut Disk {
        &mut self.disk
    }

    /// The end of the last sample of a track, in its ticks.
    pub(crate) fn end(&self, track: usize) -> u64 {
        self.tracks[track].end
    }

    /// Adds a sample to the fragment. It moves on to the end of the sample before it, should it begin earlier; should it begin
    /// later, the sample before lasts until then.
    pub(crate) fn push(&mut self, track: usize, mut sample: Sample) {
        let track = &mut self.tracks[track];
        if let Some(last) = track.samples.last_mut() {
            // Two samples at one time would make the first last for nothing, which players take for an error.
            sample.at = sample.at.max(last.at + 1);
            last.duration = u32::try_from(sample.at - last.at).unwrap_or(u32::MAX);
            sample.at = last.at + u64::from(last.duration);
        } else {
            // After a closed fragment a later begin is legal and extends what came before (section 8.8.12).
            sample.at = sample.at.max(track.end);
        }
        track.end = sample.at + u64::from(sample.duration);
        self.pending += sample.data.len();
        track.samples.push(sample);
    }

    /// Lets the last sample of a track last until a time in ticks, if it is still in the fragment and begins before.
    pub(crate) fn extend(&mut self, track: usize, until: u64) {
        let track = &mut self.tracks[track];
        if let Some(last) = track.samples.last_mut()
            && until > last.at
        {
            last.duration = u32::try_from(until - last.at).unwrap_or(u32::MAX);
            track.end = last.at + u64::from(last.duration);
        }
    }

    /// Takes samples that begin at a time or later back out of the fragment.
    pub(crate) fn take_from(&mut self, track: usize, at: u64) -> Vec<Sample> {
        let track = &mut self.tracks[track];
        let kept = track.samples.partition_point(|sample| sample.at < at);
        let taken = track.samples.split_off(kept);
        if let Some(first) = taken.first() {
            track.end = first.at;
        }
        self.pending -= taken.iter().map(|sample| sample.data.len()).sum::<usize>();
        taken
    }

    /// When the fragment begins, of all tracks the earliest time.
    pub(crate) fn fragment_begin(&self) -> Option<Duration> {
        self.tracks.iter().filter_map(|track| Some(timeline::time(track.samples.first()?.at, track.kind.rate()))).min()
    }

    /// When the fragment begins for one track, in its ticks, and whether decoding can start there.
    pub(crate) fn track_begin(&self, track: usize) -> Option<(u64, bool)> {
        self.tracks[track].samples.first().map(|first| (first.at, first.is_start))
    }

    /// Whether the fragment should be closed for its size.
    pub(crate) fn is_full(&self) -> bool {
        self.pending >= LARGEST_FRAGMENT
    }

    /// The end of the longest track.
    pub(crate) fn duration(&self) -> Duration {
        self.tracks.iter().map(|track| timeline::time(track.end, track.kind.rate())).max().unwrap_or_default()
    }

    /// Writes the fragment, and the new duration into the header.
    pub(crate) fn close_fragment(&mut self) -> Result<(), Error> {
        if self.tracks.iter().all(|track| track.samples.is_empty()) {
            return Ok(());
        }
        self.sequence += 1;
        // The offsets of the data are known once the boxes before it have a length, which does not depend on them.
        let sizing = encoded(self.moof(0), &self.disk)?;
        let mut piece = encoded(self.moof(sizing.len() as u32 + 8), &self.disk)?;
        piece.extend_from_slice(&(self.pending as u32 + 8).to_be_bytes());
        piece.extend_from_slice(b"mdat");
        for sample in self.tracks.iter().flat_map(|track| &track.samples) {
            piece.extend_from_slice(&sample.data);
        }
        let written = self.disk.append(&piece);
        if let Ok(moof_offset) = written {
            self.note_starts(moof_offset);
        }
        for track in &mut self.tracks {
            track.samples.clear();
        }
        self.pending = 0;
        written?;
        self.patch_header()
    }

    /// Closes the last fragment, adds the index for seeking, and brings the file to the medium.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.close_fragment()?;
        let index = encoded(self.index(), &self.disk)?;
        self.disk.append(&index)?;
        self.disk.sync()
    }

    fn moof(&self, mut data_offset: u32) -> mp4_atom::Result<Vec<u8>> {
        let mut traf = Vec::with_capacity(self.tracks.len());
        for (track, track_id) in self.tracks.iter().zip(1..) {
            let Some(first) = track.samples.first() else { continue };
            let entry = |sample: &Sample| TrunEntry {
                duration: Some(sample.duration),
                size: Some(sample.data.len() as u32),
                flags: Some(if sample.is_start { STANDS_ALONE } else { DEPENDS }),
                cts: None,
            };
            traf.push(Traf {
                tfhd: Tfhd { track_id, default_base_is_moof: true, ..Default::default() },
                tfdt: Some(Tfdt { base_media_decode_time: first.at }),
                trun: vec![Trun {
                    data_offset: Some(data_offset as i32),
                    samples: track.samples.iter().map(entry).collect::<Vec<_>>().into(),
                }],
                ..Default::default()
            });
            data_offset += track.samples.iter().map(|sample| sample.data.len() as u32).sum::<u32>();
        }
        bytes(&Moof { mfhd: Mfhd { sequence_number: self.sequence }, traf })
    }

    /// Remembers a fragment just written at `moof_offset` for the index.
    fn note_starts(&mut self, moof_offset: u64) {
        let mut traf_number = 0;
        for track in &mut self.tracks {
            let Some(first) = track.samples.first() else { continue };
            traf_number += 1;
            if first.is_start {
                track.starts.push(FragmentInfo { time: first.at, moof_offset, traf_number, trun_number: 1, sample_delta: 1 });
            }
        }
    }

    /// Section 8.8.9.
    fn index(&self) -> mp4_atom::Result<Vec<u8>> {
        let tfra =
            self.tracks.iter().zip(1..).map(|(track, track_id)| Tfra { track_id, entries: track.starts.clone() }).collect();
        let mut index = Mfra { tfra, mfro: Mfro { parent_size: 0 } };
        index.mfro.parent_size = bytes(&index)?.len() as u32;
        bytes(&index)
    }

    fn patch_header(&mut self) -> Result<(), Error> {
        let kinds: Vec<_> = self.tracks.iter().map(|track| track.kind.clone()).collect();
        let header = encoded(header::header(&kinds, self.duration()), &self.disk)?;
        debug_assert_eq!(header.len() as u64, self.header_length, "the header depends on the tracks only");
        self.disk.patch(0, &header)
    }
}

fn bytes(atom: &impl Encode) -> mp4_atom::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    atom.encode(&mut bytes)?;
    Ok(bytes)
}

/// What cannot be put into boxes cannot be recorded. Formats are checked when they are read, so that this is not reached.
fn encoded(bytes: mp4_atom::Result<Vec<u8>>, disk: &Disk) -> Result<Vec<u8>, Error> {
    bytes.map_err(|error| Error::Disk { path: disk.path().to_path_buf(), message: error.to_string() })
}
