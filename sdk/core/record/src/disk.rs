//! One file that grows by whole pieces: a piece that does not fit is taken back. It knows no format.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// A new file of ours.
#[derive(Debug)]
pub(crate) struct Disk {
    file: File,
    path: PathBuf,
    length: u64,
    /// How long the file may become, so that tests can fill a disk.
    #[cfg(test)]
    room: u64,
}

impl Disk {
    /// Makes the file, which must not exist, in a folder, which must.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        // Asking for a file and not making one in the same step would be a race: create_new is both.
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| Error::from_io(path, &error))?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
            length: 0,
            #[cfg(test)]
            room: u64::MAX,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes written.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Adds one piece at the end and returns where it begins. When it does not fit, the file is as it was before.
    pub(crate) fn append(&mut self, piece: &[u8]) -> Result<u64, Error> {
        let begin = self.length;
        if let Err(error) = self.write_at(begin, piece) {
            // A broken piece at the end would be read as the beginning of something. If cutting fails too, players still
            // stop there.
            let _ = self.file.set_len(begin);
            return Err(Error::from_io(&self.path, &error));
        }
        self.length += piece.len() as u64;
        Ok(begin)
    }

    /// Writes over bytes that exist.
    pub(crate) fn patch(&mut self, at: u64, bytes: &[u8]) -> Result<(), Error> {
        debug_assert!(at + bytes.len() as u64 <= self.length, "a patch does not make the file grow");
        self.write_at(at, bytes).map_err(|error| Error::from_io(&self.path, &error))
    }

    /// Asks the system to bring the file to the medium, so that it outlives a power cut.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        self.file.sync_all().map_err(|error| Error::from_io(&self.path, &error))
    }

    /// Takes the file away again.
    pub(crate) fn remove(self) -> Result<(), Error> {
        let path = self.path;
        drop(self.file);
        fs::remove_file(&path).map_err(|error| Error::from_io(&path, &error))
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        #[cfg(test)]
        if at + bytes.len() as u64 > self.room {
            self.file.write_all(&bytes[..self.room.saturating_sub(at) as usize])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write_all(bytes)
    }

    #[cfg(test)]
    pub(crate) fn limit(&mut self, room: u64) {
        self.room = room;
    }
}
