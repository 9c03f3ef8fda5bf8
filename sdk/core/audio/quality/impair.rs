//! Sends a WAV file through encoder, a simulated network and receiver, once for each profile; it judges nothing, which
//! `measure.py` beside it does.
//!
//! `impair INPUT.wav FOLDER` writes `reference.wav` and one WAV file a profile (16 kHz mono, as PESQ-WB wants them) into
//! the folder, and a line of numbers a profile to the standard output.
#![allow(clippy::print_stdout)] // The numbers are what it is for.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

use rtc_audio::{Arrival, Block, Channels, Encoder, Format, Outlet, PACKET_FRAMES, Quality, RATE, Receiver, WavSource};
use rtc_red::{Repeater, Restorer};

/// What the sender does against loss.
#[derive(Clone, Copy)]
enum Guard {
    /// Nothing.
    None,
    /// The codec's own copy of the packet before.
    Correction,
    /// That, and a second of deep redundancy.
    Deep,
    /// So many earlier packets in each.
    Red(usize),
    /// The same, of so many bits a second, up to 8 kHz of sound.
    Spare { earlier: usize, bitrate: u32 },
}

impl Guard {
    /// How many earlier packets are repeated, if any.
    fn earlier(self) -> Option<usize> {
        match self {
            Self::Red(earlier) | Self::Spare { earlier, .. } => Some(earlier),
            Self::None | Self::Correction | Self::Deep => None,
        }
    }
}

struct Profile {
    name: &'static str,
    loss: f64,
    jitter: u64,
    guard: Guard,
}

const fn profile(name: &'static str, loss: f64, jitter: u64, guard: Guard) -> Profile {
    Profile { name, loss, jitter, guard }
}

const PROFILES: [Profile; 27] = [
    profile("unimpaired", 0.0, 0, Guard::Correction),
    profile("loss10-none", 0.10, 0, Guard::None),
    profile("loss10-fec", 0.10, 0, Guard::Correction),
    profile("loss10-dred", 0.10, 0, Guard::Deep),
    profile("loss20-none", 0.20, 0, Guard::None),
    profile("loss20-fec", 0.20, 0, Guard::Correction),
    profile("loss20-dred", 0.20, 0, Guard::Deep),
    profile("loss20-red2", 0.20, 0, Guard::Red(2)),
    profile("loss50-none", 0.50, 0, Guard::None),
    profile("loss50-fec", 0.50, 0, Guard::Correction),
    profile("loss50-dred", 0.50, 0, Guard::Deep),
    profile("loss50-red4", 0.50, 0, Guard::Red(4)),
    profile("loss75-fec", 0.75, 0, Guard::Correction),
    profile("loss75-dred", 0.75, 0, Guard::Deep),
    profile("loss75-red7", 0.75, 0, Guard::Red(7)),
    profile("loss75-red17", 0.75, 0, Guard::Red(17)),
    profile("loss50-red7-32k", 0.50, 0, Guard::Spare { earlier: 7, bitrate: 32_000 }),
    profile("loss65-red12-32k", 0.65, 0, Guard::Spare { earlier: 12, bitrate: 32_000 }),
    profile("loss75-red17-32k", 0.75, 0, Guard::Spare { earlier: 17, bitrate: 32_000 }),
    profile("loss75-red17-24k", 0.75, 0, Guard::Spare { earlier: 17, bitrate: 24_000 }),
    profile("loss80-red17-24k", 0.80, 0, Guard::Spare { earlier: 17, bitrate: 24_000 }),
    profile("jitter300", 0.0, 300, Guard::Correction),
    profile("jitter1000", 0.0, 1000, Guard::Correction),
    profile("jitter2000", 0.0, 2000, Guard::Correction),
    profile("loss20-jitter300-dred", 0.20, 300, Guard::Deep),
    profile("loss40-jitter700-dred", 0.40, 700, Guard::Deep),
    profile("loss55-jitter1200-red7", 0.55, 1200, Guard::Red(7)),
];

/// The payload type of Opus.
const OPUS: u8 = 111;

/// Sound before the file, in which the receiver comes to know the network, as it does in a call that lasts.
const WARM_UP: Duration = Duration::from_secs(15);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder] = arguments.as_slice() else {
        return Err("usage: impair INPUT.wav FOLDER".into());
    };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let mut source = WavSource::new(BufReader::new(File::open(input)?), false)?;
    let sound: Vec<Block> = std::iter::from_fn(|| source.block()).collect();
    write(&folder.join("reference.wav"), &sound)?;
    println!("profile\tloss %\tjitter ms\tkbit/s\tconcealed %\tcorrected %\tdeep %\tred %\tgaps\tdelay ms\tstretched ms");
    for profile in &PROFILES {
        run(profile, &sound, folder)?;
    }
    Ok(())
}

fn run(profile: &Profile, sound: &[Block], folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut encoder = Encoder::new(Quality::Default)?;
    // Rounded, and at most 75.
    encoder.set_expected_loss((profile.loss * 100.0).round() as u8)?;
    encoder.set_error_correction(matches!(profile.guard, Guard::Correction | Guard::Deep))?;
    if let Guard::Spare { bitrate, .. } = profile.guard {
        encoder.set_bitrate(bitrate)?;
        encoder.set_wideband(true)?;
    }
    if matches!(profile.guard, Guard::Deep) {
        encoder.set_deep_redundancy(Duration::from_secs(1))?;
    }
    encoder.set_discontinuous(false)?;
    let warm_up = (WARM_UP.as_millis() / 10) as usize;
    let mut packets = Vec::new();
    for block in sound.iter().cycle().take(warm_up).chain(sound) {
        packets.extend(encoder.encode(block)?);
    }

    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut unit = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut bytes = 0;
    let mut flights = Vec::new();
    let mut repeater = Repeater::new();
    for (n, packet) in packets.iter().enumerate() {
        repeater.remember(n as u64, packet.timestamp, &packet.payload);
        let wrapped = profile.guard.earlier().and_then(|earlier| repeater.wrap(n as u64, OPUS, earlier, usize::MAX));
        let is_wrapped = wrapped.is_some();
        let payload = wrapped.unwrap_or_else(|| packet.payload.clone());
        bytes += payload.len();
        let (lost, late) = (unit() < profile.loss, Duration::from_millis(profile.jitter).mul_f64(unit()));
        if !lost {
            let sent = Duration::from_micros(u64::from(packet.timestamp) * 1_000_000 / u64::from(RATE));
            flights.push((sent + late, n, is_wrapped, payload));
        }
    }
    flights.sort_by_key(|flight| flight.0);

    let mut receiver = Receiver::default();
    let (mut restorer, mut restored) = (Restorer::default(), 0);
    let epoch = Instant::now();
    let mut flights = flights.into_iter().peekable();
    let mut heard = Vec::new();
    let mut before = receiver.statistics();
    let mut delays = Vec::new();
    // What was sent last has to come out as well.
    for tick in 0..warm_up + sound.len() + 250 {
        let now = Duration::from_millis(10) * tick as u32;
        while let Some((at, n, is_wrapped, payload)) = flights.next_if(|flight| flight.0 <= now) {
            let mut insert = |seq: u64, offset: u32, payload: &[u8]| {
                let timestamp = packets[n].timestamp.wrapping_sub(offset);
                receiver.insert(Arrival { sequence: seq as u16, timestamp, payload }, epoch + at);
            };
            if is_wrapped {
                restorer.take_wrapped(n as u64, OPUS, &payload, |frame| {
                    restored += u32::from(frame.offset > 0);
                    insert(frame.seq, frame.offset, frame.payload);
                })?;
            } else if restorer.take(n as u64) {
                insert(n as u64, 0, &payload);
            }
        }
        if tick == warm_up {
            before = receiver.statistics();
        }
        let block = receiver.pull(epoch + now);
        if tick >= warm_up && tick < warm_up + sound.len() {
            delays.push(receiver.statistics().current_delay);
        }
        if tick >= warm_up {
            heard.push(block);
        }
    }
    let after = receiver.statistics();
    // The file begins in the output when its delay is over; PESQ aligns what is left.
    let delay = delays.iter().sum::<Duration>() / delays.len().max(1) as u32;
    let skip = (delay.as_millis() / 10) as usize;
    write(&folder.join(format!("{}.wav", profile.name)), &heard[skip..skip + sound.len()])?;

    let frames = (sound.len() * 480) as f64;
    let percent = |count: u64| count as f64 * 100.0 / frames;
    println!(
        "{}\t{:.0}\t{}\t{:.0}\t{:.1}\t{:.1}\t{:.1}\t{:.1}\t{}\t{}\t{}",
        profile.name,
        profile.loss * 100.0,
        profile.jitter,
        bytes as f64 * 8.0 / (packets.len() * PACKET_FRAMES) as f64 * f64::from(RATE) / 1000.0,
        percent(after.frames_concealed - before.frames_concealed),
        percent(after.frames_corrected - before.frames_corrected),
        percent(after.frames_deep - before.frames_deep),
        f64::from(restored) * 100.0 / packets.len() as f64,
        after.gaps - before.gaps,
        delay.as_millis(),
        (after.frames_accelerated + after.frames_expanded - before.frames_accelerated - before.frames_expanded) / 48,
    );
    Ok(())
}

fn write(path: &Path, sound: &[Block]) -> Result<(), Box<dyn std::error::Error>> {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: 16_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut outlet = Outlet::new(Format { rate: 16_000, channels: Channels::Mono, frames_per_call: 160 })?;
    let mut writer = hound::WavWriter::create(path, spec)?;
    for samples in sound.iter().filter_map(|block| outlet.push(block)) {
        for sample in samples {
            writer.write_sample(sample)?;
        }
    }
    writer.finalize()?;
    Ok(())
}
