//! The names of a recording's files: the one asked for, then the same with a number. It makes no file.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::disk::Disk;

/// How many taken names are passed over before giving up, so that a folder full of files cannot hold up a recording.
const MOST_TAKEN: u32 = 1_000;

/// Hands out `talk.mp4`, `talk-2.mp4`, `talk-3.mp4` and so on.
#[derive(Debug)]
pub(crate) struct Names {
    first: PathBuf,
    number: u32,
}

impl Names {
    pub(crate) fn new(first: &Path) -> Self {
        Self { first: first.to_path_buf(), number: 1 }
    }

    /// Makes the first file. It must not exist.
    pub(crate) fn first(&self) -> Result<Disk, Error> {
        Disk::create(&self.first)
    }

    /// Makes the next file. Names that are taken are passed over, because a recording must not end for somebody's old file.
    pub(crate) fn next(&mut self) -> Result<Disk, Error> {
        let mut last = Error::Exists { path: self.first.clone() };
        for _ in 0..MOST_TAKEN {
            self.number = self.number.saturating_add(1);
            match Disk::create(&self.numbered()) {
                Err(error @ Error::Exists { .. }) => last = error,
                made => return made,
            }
        }
        Err(last)
    }

    fn numbered(&self) -> PathBuf {
        let mut name = self.first.file_stem().unwrap_or_default().to_os_string();
        name.push(format!("-{}", self.number));
        if let Some(extension) = self.first.extension() {
            name.push(".");
            name.push(extension);
        }
        self.first.with_file_name(name)
    }
}

/// The extension in lower case, without its dot.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_and_pass_over_what_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.b-2.mp4"), b"old").unwrap();
        let mut names = Names::new(&folder.path().join("a.b.mp4"));
        assert_eq!(names.first().unwrap().path(), folder.path().join("a.b.mp4"));
        assert_eq!(names.next().unwrap().path(), folder.path().join("a.b-3.mp4"));
        assert_eq!(std::fs::read(folder.path().join("a.b-2.mp4")).unwrap(), b"old");
    }
}
