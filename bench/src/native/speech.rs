//! Speech, and what became of it: the face of `bench/speech.py`, which makes the one and judges the other.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

/// A file of sentences.
pub(super) struct Speech {
    python: PathBuf,
    file: PathBuf,
}

/// What is thought of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Score {
    /// PESQ-WB (ITU-T P.862.2): 1.0 to 4.64. Nothing where there was not enough speech to compare.
    pub(super) pesq_wb: Option<f64>,
    /// From the application that speaks to the application that hears.
    pub(super) delay_ms: Option<f64>,
    /// How much of the speech was silence.
    pub(super) missing_percent: f64,
}

impl Speech {
    /// Sentences in a folder, of this many seconds or as long as there are some.
    pub(super) fn new(python: &Path, folder: &Path, seconds: u64) -> anyhow::Result<Self> {
        let speech = Self { python: python.to_owned(), file: folder.join("speech.wav") };
        speech.script(&["speak", &text(&speech.file), &seconds.to_string()])?;
        Ok(speech)
    }

    /// WAV.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Compares it with what was heard. Times say when the first sample of each file was spoken and heard.
    pub(super) fn score(&self, spoken_from_us: u64, heard: &Path, heard_from_us: u64) -> anyhow::Result<Score> {
        let (spoken_from, heard_from) = (spoken_from_us.to_string(), heard_from_us.to_string());
        let answer = self.script(&["score", &text(&self.file), &spoken_from, &text(heard), &heard_from])?;
        serde_json::from_str(&answer).context("the score")
    }

    fn script(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("speech.py");
        let output = Command::new(&self.python).arg(script).args(arguments).output().context("python does not start")?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            bail!("bench/speech.py: {}", words.lines().last().unwrap_or("no word"));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
