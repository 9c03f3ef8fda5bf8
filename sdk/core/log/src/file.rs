//! The files of a log: one being written, full ones beside it, the oldest removed. It knows lines, not what they say.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use time::OffsetDateTime;

/// After a failure, files are tried again at most so often.
const RETRY: Duration = Duration::from_secs(5);

/// All files of ours begin with this.
const PREFIX: &str = "rtc_";

/// The files of a log.
#[derive(Debug)]
pub(crate) struct Files {
    largest: u64,
    kept: usize,
    open: Option<Open>,
    failed: Option<Instant>,
    tidying: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Open {
    directory: PathBuf,
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl Files {
    pub(crate) fn new(largest: u64, kept: usize) -> Self {
        Self { largest, kept, open: None, failed: None, tidying: None }
    }

    /// Writes a line into the file of a folder. `false` when it is lost.
    pub(crate) fn write(&mut self, directory: &Path, compress: bool, time: SystemTime, line: &str) -> bool {
        if self.failed.is_some_and(|failed| failed.elapsed() < RETRY) {
            return false;
        }
        let result = self.try_write(directory, compress, time, line);
        self.failed = result.is_err().then(Instant::now);
        if result.is_err() {
            self.open = None;
        }
        result.is_ok()
    }

    /// Whether lines are being lost.
    pub(crate) fn are_failing(&self) -> bool {
        self.failed.is_some()
    }

    /// Brings what is buffered to the system.
    pub(crate) fn flush(&mut self) {
        if let Some(open) = &mut self.open
            && open.file.flush().is_err()
        {
            self.open = None;
            self.failed = Some(Instant::now());
        }
    }

    /// Flushes, and waits for what is being compressed.
    pub(crate) fn close(&mut self) {
        self.flush();
        self.open = None;
        self.wait();
    }

    fn try_write(&mut self, directory: &Path, compress: bool, time: SystemTime, line: &str) -> io::Result<()> {
        if let Some(open) = &mut self.open {
            if open.directory != directory {
                open.file.flush()?;
                self.open = None;
            } else if open.length + line.len() as u64 > self.largest && open.length > 0 {
                self.rotate(compress)?;
            }
        }
        let open = match &mut self.open {
            Some(open) => open,
            None => {
                let open = Open::new(directory, time)?;
                if open.length == 0 {
                    self.tidy(None, directory.to_path_buf(), open.path.clone());
                }
                self.open.insert(open)
            }
        };
        open.file.write_all(line.as_bytes())?;
        open.length += line.len() as u64;
        Ok(())
    }

    /// Puts the full file aside under a number.
    fn rotate(&mut self, compress: bool) -> io::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.file.flush()?;
        let Open { path, directory, file, .. } = open;
        // Some systems do not rename files that are open.
        drop(file);
        let full = numbered(&path);
        fs::rename(&path, &full)?;
        self.tidy(compress.then_some(full), directory, path);
        Ok(())
    }

    /// Compresses a full file and removes the oldest ones, on a thread of its own, because lines do not wait.
    fn tidy(&mut self, full: Option<PathBuf>, directory: PathBuf, current: PathBuf) {
        self.wait();
        let kept = self.kept;
        let tidy = move || {
            if let Some(full) = full
                && let Err(error) = compress(&full)
            {
                // The log cannot log; the file stays as it is.
                let _ = writeln!(io::stderr(), "cannot compress {}: {error}", full.display());
            }
            remove_oldest(&directory, &current, kept);
        };
        // Without a thread it has to be done here.
        match thread::Builder::new().name("rtc-log-tidy".into()).spawn(tidy.clone()) {
            Ok(thread) => self.tidying = Some(thread),
            Err(_) => tidy(),
        }
    }

    fn wait(&mut self) {
        if let Some(tidying) = self.tidying.take() {
            // It has nothing to tell.
            let _ = tidying.join();
        }
    }
}

impl Open {
    /// Opens `rtc_<date>_<process>.log`; one that exists, of an earlier process with this number, goes on.
    fn new(directory: &Path, time: SystemTime) -> io::Result<Self> {
        // Somebody may have cleaned up.
        fs::create_dir_all(directory)?;
        let date = OffsetDateTime::from(time).date();
        let (month, day) = (u8::from(date.month()), date.day());
        let path = directory.join(format!("{PREFIX}{:04}{month:02}{day:02}_{}.log", date.year(), process::id()));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let length = file.metadata()?.len();
        Ok(Self { directory: directory.to_path_buf(), path, file: BufWriter::new(file), length })
    }
}

/// `rtc_20240229_4711.log` becomes `rtc_20240229_4711_1.log`, or the next number that is free.
fn numbered(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = |number: u64, end: &str| path.with_file_name(format!("{stem}_{number}.{end}"));
    let is_free = |number: &u64| !["log", "log.gz"].iter().any(|end| name(*number, end).exists());
    // Removed numbers are below the ones that are left, so that the highest has to be looked for.
    let highest = fs::read_dir(path.parent().unwrap_or(Path::new(".")))
        .into_iter()
        .flatten()
        .filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            name.strip_prefix(&stem)?.strip_prefix('_')?.split('.').next()?.parse::<u64>().ok()
        })
        .max()
        .unwrap_or(0);
    let number = (highest.saturating_add(1)..u64::MAX).find(is_free).unwrap_or(u64::MAX);
    name(number, "log")
}

/// Replaces a file by its gzip.
fn compress(path: &Path) -> io::Result<()> {
    let mut target = path.as_os_str().to_owned();
    target.push(".gz");
    // Only a whole file gets the name that says it is one.
    let mut partial = target.clone();
    partial.push(".part");
    let mut gzip = GzEncoder::new(File::create(&partial)?, Compression::default());
    io::copy(&mut File::open(path)?, &mut gzip)?;
    gzip.finish()?.sync_all()?;
    fs::rename(&partial, &target)?;
    fs::remove_file(path)
}

/// Removes the oldest files of logs in a folder, of this process and others, until so many are left beside the current one.
fn remove_oldest(directory: &Path, current: &Path, kept: usize) {
    let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|file| {
            let file = file.ok()?;
            let is_ours = is_log(&file.file_name().to_string_lossy()) && file.path() != current;
            is_ours.then_some((file.metadata().ok()?.modified().ok()?, file.path()))
        })
        .collect();
    files.sort();
    let too_many = files.len().saturating_sub(kept);
    for (_, path) in files.drain(..too_many) {
        // Another process may have been quicker.
        let _ = fs::remove_file(path);
    }
}

/// Whether a name is one that this module makes: a date, a process, perhaps a number. Nothing else is ever removed.
fn is_log(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let Some(stem) = [".log", ".log.gz", ".log.gz.part"].iter().find_map(|end| rest.strip_suffix(end)) else { return false };
    let parts: Vec<_> = stem.split('_').collect();
    matches!(parts.len(), 2 | 3) && parts[0].len() == 8 && parts.iter().all(|part| part.parse::<u64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_logs() {
        for name in ["rtc_20240229_4711.log", "rtc_20240229_4711_12.log.gz", "rtc_20240229_1_2.log"] {
            assert!(is_log(name), "{name}");
        }
        for name in ["rtc_notes.log", "rtc_20240229.log", "rtc_20240229_4711.txt", "20240229_4711.log", "rtc_20240229_a.log"] {
            assert!(!is_log(name), "{name}");
        }
    }
}
