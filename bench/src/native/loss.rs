//! What loss on the speaker's uplink does to speech, by real instances through a real engine; `bench/speech.py` makes the
//! speech and gives the scores.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::Options;
use super::network::{NEAR, Network};
use super::party::{Party, Role};
use super::person::{PATIENCE, Ticket};
use super::voice::{Finished, Heard, Spoken};
use crate::engine::Engine;

/// One level of loss.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) loss_percent: u32,
    /// PESQ-WB (ITU-T P.862.2): 1.0 to 4.64. Nothing where there was not enough speech to compare.
    pub(super) pesq_wb: Option<f64>,
    /// Against no loss in the same run.
    pub(super) pesq_drop: Option<f64>,
    /// From the application that speaks to the application that hears.
    pub(super) delay_ms: Option<f64>,
    pub(super) heard: Heard,
}

/// What the script says.
#[derive(Debug, Deserialize)]
struct Score {
    pesq_wb: Option<f64>,
    delay_ms: Option<f64>,
}

/// All levels, the unimpaired one first.
pub(super) fn measure(options: &Options) -> anyhow::Result<Vec<Figures>> {
    let folder = tempfile::tempdir()?;
    let network = Network::new()?;
    let (levels, seconds): (&[u32], u64) = if options.quick { (&[0, 75], 8) } else { (&[0, 50, 65, 75, 80], 60) };
    let speech = folder.path().join("speech.wav");
    script(options, &["speak", &text(&speech), &seconds.to_string()])?;
    let mut figures: Vec<Figures> = Vec::new();
    for loss_percent in levels {
        super::progress(&format!("speech with {loss_percent} % of uplink loss"));
        let file = folder.path().join(format!("heard-{loss_percent}.wav"));
        let (heard, score) = one(options, &network, &speech, &file, *loss_percent)?;
        let best = figures.first().map_or(score.pesq_wb, |first| first.pesq_wb);
        let pesq_drop = best.zip(score.pesq_wb).map(|(best, score)| best - score);
        figures.push(Figures {
            loss_percent: *loss_percent,
            pesq_wb: score.pesq_wb,
            pesq_drop,
            delay_ms: score.delay_ms,
            heard,
        });
    }
    Ok(figures)
}

fn one(options: &Options, network: &Network, speech: &Path, file: &Path, loss: u32) -> anyhow::Result<(Heard, Score)> {
    let binary = std::path::absolute(&options.engine)?;
    network.lose(0)?;
    let engine = Engine::start_at(NEAR, || network.near(&binary)).context("the engine does not start")?;
    let listener = Role::Hear { file: file.to_owned() };
    let mut listener = Party::start(&Ticket::new(&engine, "listener")?, &listener, |program| network.near(program))?;
    let speaker = Role::Speak { file: speech.to_owned(), before: if options.quick { 4 } else { 15 }, after: 3 };
    let mut speaker = Party::start(&Ticket::new(&engine, "speaker")?, &speaker, |program| network.far(program))?;
    network.lose(loss)?;
    speaker.say("speak")?;
    let Spoken { spoken_from_us } = speaker.answer(PATIENCE)?;
    listener.say("measure")?;
    let Finished { .. } = speaker.answer(Duration::from_secs(120))?;
    let heard: Heard = listener.end()?;
    let (from, since) = (spoken_from_us.to_string(), heard.heard_from_us.to_string());
    let answer = script(options, &["score", &text(speech), &from, &text(file), &since])?;
    Ok((heard, serde_json::from_str(&answer).context("the score")?))
}

fn script(options: &Options, arguments: &[&str]) -> anyhow::Result<String> {
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("speech.py");
    let output = Command::new(&options.python).arg(script).args(arguments).output().context("python does not start")?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("bench/speech.py: {}", words.lines().last().unwrap_or("no word"));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
