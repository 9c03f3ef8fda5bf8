//! Writes down a call as a load: enters a room as a viewer and notes size and time of every packet of the one who publishes
//! there. `bench/record.mjs` uses it.

use std::fmt::Write as _;
use std::os::fd::AsRawFd as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rtc_bench_client::{Client, Happening, Plan, RtpPacket};
use rtc_protocol::{Codec, Layer, Listen, Request, Role, SdkAppId, Stream, UserId, View};

use crate::systems::{Door, Signal};

/// How long the first key frame may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Options of the recorder.
#[derive(Debug, clap::Args)]
pub(crate) struct RecordOptions {
    /// Host and port of the engine's HTTP face.
    #[arg(long)]
    http: String,
    /// The app.
    #[arg(long)]
    app: u32,
    /// Its key.
    #[arg(long)]
    key: String,
    /// Who publishes in live room 1.
    #[arg(long)]
    publisher: String,
    /// How long to record.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The file to write.
    #[arg(long)]
    to: PathBuf,
    /// What is on the picture and in the sound, for the file's head.
    #[arg(long)]
    about: String,
}

/// A packet as it arrived.
struct Noted {
    at: Instant,
    what: What,
    bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Voice,
    Picture { key: bool, time: u32, last: bool },
}

/// Records and ends.
pub(crate) fn run(options: &RecordOptions) -> anyhow::Result<()> {
    let (mut client, offer) = Client::new(Plan { slots: 1, video: Some(Codec::Vp8), ..Plan::default() })?;
    let door = Door { http: &options.http, app: SdkAppId(options.app), key: &options.key };
    let mut signal = Signal::enter(door, 1, "recorder", Role::Audience)?;
    client.accept(&signal.offer(offer)?)?;
    let user_id = UserId::parse(&options.publisher)?;
    signal.ask(Request::View(View { user_id, stream: Stream::Main, layer: Layer::Big })).context("view")?;
    signal.ask(Request::Listen(Listen { user_id: None, on: true })).context("listen")?;
    signal.settle()?;

    let mut poll = Poll::new()?;
    poll.registry().register(&mut SourceFd(&client.as_raw_fd()), Token(0), Interest::READABLE)?;
    let mut events = Events::with_capacity(1);
    let mut noted: Vec<Noted> = Vec::new();
    let mut deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let mut slot = None;
        let next = client.drive(
            |_| false,
            |lines, happening| {
                let Happening::Received { mid, packet, .. } = happening else { return };
                let is_voice = lines.slots.iter().any(|slot| slot.audio.as_deref() == Some(&*mid));
                let packet = note(&packet, is_voice);
                let is_key = matches!(packet.what, What::Picture { key: true, .. });
                if noted.is_empty() && is_key {
                    deadline = packet.at + Duration::from_secs(options.seconds);
                }
                if !noted.is_empty() || is_key {
                    noted.push(packet);
                } else if !is_voice {
                    slot = Some(mid);
                }
            },
        )?;
        // A load begins with a key frame.
        if let Some(slot) = slot {
            client.want_keyframe(&slot);
        }
        signal.keep_alive()?;
        poll.poll(&mut events, Some(next.saturating_duration_since(Instant::now())))?;
    }
    if noted.is_empty() {
        bail!("no key frame of {} came", options.publisher);
    }
    let text = write(&options.about, &noted).context("less than one whole picture came")?;
    std::fs::write(&options.to, text).with_context(|| format!("cannot write {}", options.to.display()))
}

fn note(packet: &RtpPacket, is_voice: bool) -> Noted {
    let what = if is_voice {
        What::Voice
    } else {
        let key = rtc_sfu::keyframe::is_switch_point(Codec::Vp8, &packet.payload);
        What::Picture { key, time: packet.header.timestamp, last: packet.header.marker }
    };
    Noted { at: packet.timestamp, what, bytes: packet.payload.len() }
}

/// As `Load::parse` reads it. The last picture may be cut off, so its first packet is the end.
fn write(about: &str, noted: &[Noted]) -> Option<String> {
    let starts_picture = |index: usize| match noted[index].what {
        What::Voice => None,
        What::Picture { time, .. } => {
            let before = noted[..index].iter().rev().find_map(|packet| match packet.what {
                What::Picture { time, .. } => Some(time),
                What::Voice => None,
            });
            Some(before != Some(time))
        }
    };
    let end = (1..noted.len()).rev().find(|&index| starts_picture(index) == Some(true))?;
    let mut text = format!("# {about}\n# Microseconds since the packet before, what it is, bytes of payload.\n");
    let mut before = noted.first()?.at;
    for (index, packet) in noted[..end].iter().enumerate() {
        let word = match (packet.what, starts_picture(index)) {
            (What::Picture { key: true, .. }, Some(true)) => "key",
            (_, Some(true)) => "frame",
            (_, Some(false)) => "more",
            (_, None) => "voice",
        };
        let dot = if matches!(packet.what, What::Picture { last: true, .. }) { "." } else { "" };
        writeln!(text, "{} {word}{dot} {}", packet.at.duration_since(before).as_micros(), packet.bytes).ok()?;
        before = packet.at;
    }
    writeln!(text, "{} end", noted[end].at.duration_since(before).as_micros()).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::super::load::Load;
    use super::*;

    #[test]
    fn what_is_written_is_read_again_up_to_the_last_picture() {
        let start = Instant::now();
        let packet = |ms, what, bytes| Noted { at: start + Duration::from_millis(ms), what, bytes };
        let picture = |key, time, last| What::Picture { key, time, last };
        let noted = [
            packet(0, picture(true, 1, false), 1100),
            packet(1, picture(false, 1, true), 1099),
            packet(20, What::Voice, 90),
            packet(33, picture(false, 2, true), 300),
            packet(40, What::Voice, 91),
            packet(66, picture(false, 3, false), 1000),
            packet(67, What::Voice, 92),
        ];
        let text = write("a test", &noted).unwrap();
        let load = Load::parse(&text).unwrap();
        assert_eq!(load.period, Duration::from_millis(66));
        assert_eq!(load.packets.iter().map(|packet| packet.bytes).collect::<Vec<_>>(), [1100, 1099, 90, 300, 91]);
        assert!(text.contains("0 key 1100\n1000 more. 1099\n19000 voice 90\n13000 frame. 300\n"), "{text}");
    }
}
