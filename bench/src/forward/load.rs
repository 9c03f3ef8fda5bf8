//! What is published: sizes and times of packets, made up or recorded. It knows no contents.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::{Serialize, Serializer};

use crate::systems::LEAST_PAYLOAD;

/// A kind of load, by the name it has on the command line and in results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoadKind {
    /// Picture and voice as Chromium sent them, over and over.
    Trace,
    /// Pictures alone: 150 packets of 1150 bytes a second in bursts of five.
    Even,
    /// What many in a meeting send: 30 packets of 1000 bytes a second in pairs, and a voice.
    Small,
}

/// One period of a load, which is repeated.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) packets: Vec<LoadPacket>,
    pub(super) period: Duration,
}

/// One packet of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LoadPacket {
    /// When it is sent, from the begin of the period.
    pub(super) at: Duration,
    pub(super) media: MediaPacket,
    /// Of the RTP payload.
    pub(super) bytes: usize,
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaPacket {
    Voice,
    Picture {
        /// The first packet of a frame.
        first: bool,
        /// The last packet of a frame.
        last: bool,
        /// Of a key frame.
        key: bool,
    },
}

/// Recorded by `bench/record.mjs`, which says what was on the picture.
const RECORDED: &str = include_str!("../../traces/chromium.txt");

impl LoadKind {
    const ALL: [Self; 3] = [Self::Trace, Self::Even, Self::Small];

    fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Even => "even",
            Self::Small => "small",
        }
    }

    /// What is sent.
    pub(super) fn load(self) -> anyhow::Result<Load> {
        match self {
            Self::Trace => Load::parse(RECORDED).context("bench/traces/chromium.txt"),
            Self::Even => Ok(Load::even()),
            Self::Small => Ok(Load::small()),
        }
    }
}

impl Load {
    fn even() -> Self {
        const FRAMES: u32 = 30;
        const PACKETS: u32 = 5;
        let frame = |index| {
            (0..PACKETS).map(move |packet| LoadPacket {
                at: Duration::from_secs(1) * index / FRAMES,
                media: MediaPacket::Picture { first: packet == 0, last: packet == PACKETS - 1, key: false },
                bytes: 1150,
            })
        };
        Self { packets: (0..FRAMES).flat_map(frame).collect(), period: Duration::from_secs(1) }
    }

    fn small() -> Self {
        const FRAMES: u32 = 15;
        const SOUNDS: u32 = 50;
        let second = Duration::from_secs(1);
        let pictures = (0..FRAMES).flat_map(|index| {
            [true, false].map(|first| LoadPacket {
                at: second * index / FRAMES,
                media: MediaPacket::Picture { first, last: !first, key: false },
                bytes: 1000,
            })
        });
        let sounds = (0..SOUNDS).map(|index| LoadPacket { at: second * index / SOUNDS, media: MediaPacket::Voice, bytes: 80 });
        let mut packets: Vec<_> = pictures.chain(sounds).collect();
        packets.sort_by_key(|packet| packet.at);
        Self { packets, period: second }
    }

    /// Reads a recording: lines of microseconds since the packet before, a word for what it is, and bytes; lines that begin
    /// with `#` say something to people. The last line, `end`, is the end of the period.
    ///
    /// The words: `voice`; `key` and `frame`, the first packet of a picture; `more`, another packet of it. A `.` after it
    /// says that it is the last one of the picture.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut packets = Vec::new();
        let mut at = Duration::ZERO;
        let mut is_key = false;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let parse = || -> Option<(u64, &str, usize)> {
                let mut words = line.split(' ');
                let (wait, what) = (words.next()?.parse().ok()?, words.next()?);
                Some((wait, what, words.next().map_or(Some(0), |bytes| bytes.parse().ok())?))
            };
            let (wait, what, bytes) = parse().with_context(|| format!("line {} is no packet: {line}", number + 1))?;
            at += Duration::from_micros(wait);
            let (word, last) = what.strip_suffix('.').map_or((what, false), |word| (word, true));
            is_key = word == "key" || is_key && word == "more";
            let media = match word {
                "voice" => MediaPacket::Voice,
                "key" | "frame" | "more" => MediaPacket::Picture { first: word != "more", last, key: is_key },
                "end" if !packets.is_empty() => return Ok(Self { packets, period: at }),
                _ => bail!("line {}: there is no kind {word}", number + 1),
            };
            packets.push(LoadPacket { at, media, bytes: bytes.max(LEAST_PAYLOAD) });
        }
        bail!("it does not end with `end`")
    }

    /// Whether there is sound in it.
    pub(super) fn has_voice(&self) -> bool {
        self.packets.iter().any(|packet| packet.media == MediaPacket::Voice)
    }
}

impl fmt::Display for LoadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for LoadKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("there is no load {name}; there are trace, even and small"))
    }
}

impl Serialize for LoadKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_even_load_is_150_packets_of_1150_bytes_in_bursts_of_five() {
        let load = Load::even();
        assert_eq!((load.packets.len(), load.period), (150, Duration::from_secs(1)));
        assert!(load.packets.iter().all(|packet| packet.bytes == 1150));
        assert!(load.packets.chunks(5).all(|burst| burst.iter().all(|packet| packet.at == burst[0].at)));
        assert!(!load.has_voice());
    }

    #[test]
    fn the_small_load_keeps_the_packets_of_a_picture_together() {
        let load = Load::small();
        assert_eq!((load.packets.len(), load.period, load.has_voice()), (80, Duration::from_secs(1), true));
        let pictures: Vec<_> = load.packets.iter().filter(|packet| packet.media != MediaPacket::Voice).collect();
        for pair in pictures.chunks(2) {
            assert_eq!(pair[0].at, pair[1].at);
            assert_eq!(pair[0].media, MediaPacket::Picture { first: true, last: false, key: false });
        }
        assert!(load.packets.is_sorted_by_key(|packet| packet.at));
    }

    #[test]
    fn a_recording_says_what_came_when() {
        let load = Load::parse("# said\n0 key 1200\n10 more. 900\n500 voice 80\n90 frame. 70\n400 end\n").unwrap();
        assert_eq!(load.period, Duration::from_millis(1));
        let pictures = |first, last, key| MediaPacket::Picture { first, last, key };
        let expected = [
            (0, pictures(true, false, true), 1200),
            (10, pictures(false, true, true), 900),
            (510, MediaPacket::Voice, 80),
            (600, pictures(true, true, false), 70),
        ];
        let expected = expected.map(|(at, media, bytes)| LoadPacket { at: Duration::from_micros(at), media, bytes });
        assert_eq!(load.packets, expected);
    }

    #[test]
    fn a_recording_that_is_cut_off_is_none() {
        for bad in ["", "0 key 1200\n", "0 end\n", "0 lock 3\n1 end\n", "x key 3\n1 end\n", "0 key x\n1 end\n"] {
            assert!(Load::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_recorded_call_has_pictures_and_sound_and_begins_with_a_key_frame() {
        let load = LoadKind::Trace.load().unwrap();
        assert!(load.has_voice());
        let first = load.packets.iter().find(|packet| packet.media != MediaPacket::Voice).unwrap();
        assert_eq!(first.media, MediaPacket::Picture { first: true, last: false, key: true });
    }
}
