//! The samples in `corpus`, and quick mutations of them, through the bodies: what a fuzzer has found stays found, and what
//! is easy to find is found without one.

use std::any::Any;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rtc_fuzz_bodies::{TARGETS, Target};

/// Mutations of a target's samples, altogether.
const MUTATIONS: usize = 5_000;
/// The same of targets that make a peer connection each time.
const SLOW_MUTATIONS: usize = 500;
const SLOW: [&str; 2] = ["client_session", "media_offer"];
/// Samples are not mutated beyond this many bytes.
const LONGEST: usize = 8_192;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The samples of a target with their names, in the same order everywhere.
fn samples(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = fuzz().join("corpus").join(target.name);
    let mut samples: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| {
            let path = entry.expect("a folder that can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("a file that can be read"))
        })
        .collect();
    samples.sort();
    samples
}

fn run(target: &Target, bytes: &[u8], whence: &str) -> bool {
    catch_unwind(AssertUnwindSafe(|| (target.body)(bytes)))
        .unwrap_or_else(|panic| panic!("{} fails on {whence}: {}\n{}", target.name, message(&*panic), bytes.escape_ascii()))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default()
}

#[test]
fn every_sample_is_answered_and_the_valid_ones_are_taken() {
    for target in TARGETS {
        let samples = samples(target);
        for (name, bytes) in &samples {
            let taken = run(target, bytes, name);
            if name.starts_with("valid") {
                assert!(taken, "{}: {name} is refused", target.name);
            } else if name.starts_with("refused") {
                assert!(!taken, "{}: {name} is taken", target.name);
            }
        }
        for kind in ["valid", "refused"] {
            assert!(samples.iter().any(|(name, _)| name.starts_with(kind)), "{}: no sample is {kind}", target.name);
        }
    }
}

#[test]
fn mutated_samples_are_answered() {
    for (n, target) in TARGETS.iter().enumerate() {
        let samples: Vec<_> = samples(target).into_iter().filter(|(_, bytes)| bytes.len() <= LONGEST).collect();
        let mut chance = Chance(0x5eed_0000 + n as u64);
        let rounds = if SLOW.contains(&target.name) { SLOW_MUTATIONS } else { MUTATIONS };
        for round in 0..rounds {
            let (name, bytes) = &samples[chance.below(samples.len())];
            let (_, other) = &samples[chance.below(samples.len())];
            let mut bytes = bytes.clone();
            for _ in 0..=chance.below(4) {
                mutate(&mut bytes, other, &mut chance);
            }
            run(target, &bytes, &format!("mutation {round} of {name}"));
        }
    }
}

#[test]
fn no_target_is_forgotten() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "two targets have one name");
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(fuzz().join(folder)).expect("a folder that can be read");
        let name = |path: PathBuf| path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        entries.map(|entry| name(entry.expect("a folder that can be read").path())).collect()
    };
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("a manifest that can be read");
    for name in &targets {
        let source = fs::read_to_string(fuzz().join(format!("fuzz_targets/{name}.rs"))).expect("it is there");
        assert!(source.contains(&format!("rtc_fuzz_bodies::{name}(data)")), "{name} runs another body");
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name} is not in Cargo.toml"
        );
    }
}

/// One small change, of the kinds that find the most in parsers.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let length = chance.below(16) + 1;
    let end = bytes.len().min(at + length);
    match chance.below(8) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => bytes.insert(at, chance.byte()),
        3 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        4 => {
            let from = chance.below(other.len() + 1);
            let until = other.len().min(from + length * 4);
            bytes.splice(at..end, other[from..until].iter().copied());
        }
        5 => {
            let digits = ["0", "-1", "4294967296", "18446744073709551616", "1e999", "0.1", "null", "\u{fffd}", "[[[["];
            bytes.splice(at..end, digits[chance.below(digits.len())].bytes());
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = if chance.below(2) == 0 { *byte ^ (1 << chance.below(8)) } else { chance.byte() };
            }
        }
    }
}

/// A sequence that looks random and is always the same (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// In 0..`bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// Mostly at the edges, where parsers err.
    fn byte(&mut self) -> u8 {
        match self.below(4) {
            0 => [0, 1, 0x7f, 0x80, 0xff, b'%', b'"', b'\\'][self.below(8)],
            _ => self.next() as u8,
        }
    }
}
