//! Encoded pictures and sound with marks in them, made by ffmpeg, and what ffmpeg says of a recording. It tests nothing.
//!
//! 480 ms after every full second the picture is white for one frame and a tone sounds for 40 ms.
#![allow(dead_code)] // Each test uses its part.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// One encoded picture or packet.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// From the beginning of the material.
    pub(crate) at: Duration,
    pub(crate) data: Vec<u8>,
}

/// Frames a second of all pictures.
pub(crate) const FPS: u64 = 25;

/// What an Opus encoder looks ahead: 312 samples at 48 kHz.
const LOOKAHEAD: Duration = Duration::from_micros(6_500);

/// H.264 access units, with a key frame every second.
pub(crate) fn h264(size: &str, seconds: u64, profile: &str) -> Vec<Piece> {
    let stream = ffmpeg(&[
        &pictures(size, seconds),
        "-c:v libx264 -preset superfast -tune zerolatency -g 25 -sc_threshold 0 -pix_fmt yuv420p -profile:v",
        profile,
        "-bsf:v h264_metadata=aud=insert -f h264 -",
    ]);
    // Every access unit begins with a delimiter.
    let starts: Vec<usize> = stream
        .windows(5)
        .enumerate()
        .filter(|(_, bytes)| bytes[..4] == [0, 0, 0, 1] && bytes[4] & 0x1f == 9)
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    timed(starts.iter().zip(ends).map(|(&start, end)| stream[start..end].to_vec()))
}

/// VP8 frames, with a key frame every second.
pub(crate) fn vp8(size: &str, seconds: u64) -> Vec<Piece> {
    let stream = ffmpeg(&[&pictures(size, seconds), "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 300k -g 25 -f ivf -"]);
    let mut rest = &stream[32..];
    timed(std::iter::from_fn(move || {
        let length = u32::from_le_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let frame = rest.get(12..12 + length)?.to_vec();
        rest = &rest[12 + length..];
        Some(frame)
    }))
}

/// Opus packets of 20 ms. Their times are those of what is heard.
pub(crate) fn opus(seconds: u64) -> Vec<Piece> {
    let stream = ffmpeg(&[
        &format!("-f lavfi -i aevalsrc=0.8*sin(2*PI*1000*t)*between(mod(t\\,1)\\,0.48\\,0.52):s=48000:d={seconds}"),
        "-c:a libopus -application audio -b:a 64k -frame_duration 20 -page_duration 20000 -f ogg -",
    ]);
    let mut packets = ogg_packets(&stream);
    packets.drain(..2); // the two headers
    let times = (0..).map(|number: u64| Duration::from_millis(20 * number));
    // What is from before the first instant is not heard.
    times.zip(packets).skip(1).map(|(at, data)| Piece { at: at - LOOKAHEAD, data }).collect()
}

/// What ffprobe says of streams and format.
pub(crate) fn probe(path: &Path) -> Value {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_streams", "-show_format", "-of", "json"])
        .arg(path)
        .output()
        .expect("ffprobe, of the package ffmpeg, is there");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("ffprobe writes JSON")
}

/// The stream of a kind, `video` or `audio`.
pub(crate) fn stream<'probe>(probe: &'probe Value, kind: &str) -> Option<&'probe Value> {
    probe["streams"].as_array()?.iter().find(|stream| stream["codec_type"] == kind)
}

/// The length of the whole, in seconds.
pub(crate) fn duration(probe: &Value) -> f64 {
    probe["format"]["duration"].as_str().expect("the length is known").parse().expect("it is a number")
}

/// Decodes everything, and fails if ffmpeg has anything to complain about.
pub(crate) fn decodes(path: &Path) {
    let path = path.to_str().expect("tests have plain paths");
    run(Command::new("ffmpeg").args(["-v", "error", "-xerror", "-i", path, "-f", "null", "-"]));
}

/// When frames are shown, in seconds.
pub(crate) fn picture_times(path: &Path) -> Vec<f64> {
    let path = path.to_str().expect("tests have plain paths");
    let args = ["-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path];
    let text = String::from_utf8(run(Command::new("ffprobe").args(args))).expect("numbers are text");
    text.lines().filter_map(|line| line.trim_end_matches(',').parse().ok()).collect()
}

/// When the picture becomes white, in seconds.
pub(crate) fn flashes(path: &Path) -> Vec<f64> {
    let file = path.to_str().expect("tests have plain paths");
    let args = [
        "-v",
        "error",
        "-i",
        file,
        "-vf",
        "scale=1:1:flags=area,format=gray",
        "-fps_mode",
        "passthrough",
        "-f",
        "rawvideo",
        "-",
    ];
    let levels = run(Command::new("ffmpeg").args(args));
    let times = picture_times(path);
    assert_eq!(levels.len(), times.len(), "every frame is decoded once");
    onsets(levels.iter().map(|&level| level > 128).zip(times))
}

/// When the tone begins, in seconds, as a player that honours times plays it.
pub(crate) fn tones(path: &Path) -> Vec<f64> {
    let file = path.to_str().expect("tests have plain paths");
    let args = [
        "-v",
        "error",
        "-i",
        file,
        "-vn",
        "-af",
        "aresample=async=1:first_pts=0",
        "-ac",
        "1",
        "-ar",
        "48000",
        "-f",
        "s16le",
        "-",
    ];
    let bytes = run(Command::new("ffmpeg").args(args));
    let samples = bytes.chunks_exact(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]]));
    let mut quiet_for = usize::MAX;
    let mut found = Vec::new();
    for (number, sample) in samples.enumerate() {
        if sample.unsigned_abs() < 6_000 {
            quiet_for = quiet_for.saturating_add(1);
            continue;
        }
        // A tone has quiet samples too, at its zero crossings.
        if quiet_for > 4_800 {
            found.push(number as f64 / 48_000.0);
        }
        quiet_for = 0;
    }
    found
}

fn onsets(levels: impl Iterator<Item = (bool, f64)>) -> Vec<f64> {
    let mut was_on = false;
    levels.filter_map(|(is_on, at)| (!std::mem::replace(&mut was_on, is_on) && is_on).then_some(at)).collect()
}

fn pictures(size: &str, seconds: u64) -> String {
    // A little movement, so that no frame is empty.
    format!(
        "-f lavfi -i testsrc2=s={size}:r={FPS}:d={seconds},eq=brightness=-0.4,\
         drawbox=c=white:t=fill:enable=between(mod(t\\,1)\\,0.479\\,0.519),format=yuv420p"
    )
}

fn timed(pieces: impl Iterator<Item = Vec<u8>>) -> Vec<Piece> {
    pieces.zip(0..).map(|(data, number)| Piece { at: Duration::from_millis(1_000 / FPS * number), data }).collect()
}

fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let arguments = arguments.join(" ");
    run(Command::new("ffmpeg").args(["-v", "error"]).args(arguments.split_whitespace()))
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output().expect("ffmpeg and ffprobe, of the package ffmpeg, are there");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{command:?}: {complaints}");
    output.stdout
}

/// RFC 3533 section 6.
fn ogg_packets(mut pages: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = vec![Vec::new()];
    while pages.len() > 27 && pages.starts_with(b"OggS") {
        let lacing = &pages[27..27 + usize::from(pages[26])];
        let mut body = &pages[27 + lacing.len()..];
        for &length in lacing {
            let (part, rest) = body.split_at(usize::from(length));
            packets.last_mut().expect("there is always one").extend_from_slice(part);
            if length < 255 {
                packets.push(Vec::new());
            }
            body = rest;
        }
        pages = body;
    }
    packets.retain(|packet| !packet.is_empty());
    packets
}
