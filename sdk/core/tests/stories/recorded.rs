//! What a recording holds, as ffprobe and ffmpeg find it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::engine::PATIENCE;

/// Waits until so much of a recording is written.
pub(crate) fn until_size(path: &Path, bytes: u64) {
    let deadline = Instant::now() + PATIENCE;
    while std::fs::metadata(path).map_or(0, |file| file.len()) < bytes {
        assert!(Instant::now() < deadline, "nothing is written");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// What a file holds, in ffprobe's words.
pub(crate) fn probe(path: &Path) -> String {
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_name,width,height,channels,r_frame_rate", "-of", "default=nw=1"])
        .arg(path)
        .output()
        .expect("ffprobe is there (Debian: ffmpeg)");
    String::from_utf8_lossy(&probe.stdout).into_owned()
}

/// The sound of a file, one channel at 48 kHz.
pub(crate) fn sound(path: &Path) -> Vec<i16> {
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-vn", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"])
        .output()
        .expect("ffmpeg is there (Debian: ffmpeg)");
    decoded.stdout.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}
