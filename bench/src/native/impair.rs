//! The scenario `impair`: what bad networks do to a voice and a picture between two native members, at the levels for which
//! figures of others are published.

mod rows;
mod table;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rtc_wire::Direction;
use serde::Serialize;

use self::rows::{QUICK, ROWS, Row};
use super::call::{CALL, LIVE};
use super::conversation::{Conversation, Outcome};
use super::speech::Speech;
use super::{Machine, progress};

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The engine's binary.
    #[arg(long, default_value = "target/release/rtc-engine")]
    engine: PathBuf,
    /// A python with sdk/core/audio/quality/requirements.txt, for the scores of speech.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Only these rows, with commas between them; may be given again.
    #[arg(long, visible_alias = "row", value_name = "NAMES", value_delimiter = ',', value_parser = rows::names())]
    only: Vec<String>,
    /// Begin no row after so many minutes.
    #[arg(long)]
    minutes: Option<u64>,
    /// Three rows and little speech, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Keep the logs of the clients in this folder.
    #[arg(long)]
    logs: Option<PathBuf>,
    /// Also write the result to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Also write the tables to this file.
    #[arg(long)]
    markdown: Option<PathBuf>,
}

/// Everything measured.
#[derive(Debug, Serialize)]
struct Figures {
    scenario: &'static str,
    is_quick: bool,
    machine: Machine,
    rows: Vec<Measured>,
    /// What is wrong beyond a bad score, in words.
    broken: Vec<String>,
}

/// A row that was measured.
#[derive(Debug, Serialize)]
struct Measured {
    network: &'static Row,
    /// Against the unimpaired row of the same scene in the same run.
    pesq_drop: Option<f64>,
    #[serde(flatten)]
    outcome: Outcome,
}

/// Runs it, prints the figures as a table, and fails where a row could not be measured or nothing came through in it.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let machine = Machine::read();
    let folder = tempfile::tempdir()?;
    let speech = Speech::new(&options.python, folder.path(), if options.quick { 8 } else { 60 })?;
    let wanted: Vec<&'static Row> = ROWS.iter().filter(|row| options.wants(row)).collect();
    let mut figures = Figures { scenario: "impair", is_quick: options.quick, machine, rows: Vec::new(), broken: Vec::new() };
    let end = options.minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    for (number, row) in wanted.iter().enumerate() {
        if end.is_some_and(|end| Instant::now() >= end) {
            progress(&format!("the time is over; {} rows are left out", wanted.len() - number));
            break;
        }
        progress(&format!("{} of {}: {} ({})", number + 1, wanted.len(), row.name, row.what()));
        let conversation = Conversation {
            engine: &options.engine,
            speech: &speech,
            folder: folder.path(),
            logs: options.logs.as_ref().map(|logs| logs.join(row.name)),
            before: if options.quick { 4 } else { 8 },
            after: 3 + (row.delay_ms + row.jitter_ms).div_ceil(1000),
            camera: Some(if row.is_live { LIVE } else { CALL }),
            is_live: row.is_live,
            direction: row.direction,
            is_both: row.is_both,
            impairment: row.impairment(),
            changes: row.changes(),
            web: row.web,
        };
        let known = figures.broken.len();
        match conversation.run() {
            Ok(outcome) => figures.add(row, outcome),
            Err(error) => figures.broken.push(format!("{} could not be measured: {error:#}", row.name)),
        }
        figures.broken.iter().skip(known).for_each(|words| progress(words));
    }
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        print!("{}", table::of(&figures));
    }
    if let Some(file) = &options.markdown {
        std::fs::write(file, table::of(&figures))?;
    }
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&figures)? + "\n")?;
    }
    anyhow::ensure!(figures.broken.is_empty(), "{}", figures.broken.join("; "));
    Ok(())
}

impl Options {
    fn wants(&self, row: &Row) -> bool {
        match (self.only.is_empty(), self.quick) {
            (false, _) => self.only.iter().any(|name| name == row.name),
            (true, true) => QUICK.contains(&row.name),
            (true, false) => true,
        }
    }
}

impl Figures {
    fn add(&mut self, row: &'static Row, outcome: Outcome) {
        let clean = self.rows.iter().find(|measured| measured.network.is_beside(row));
        let score = outcome.score.pesq_wb;
        let pesq_drop = match clean {
            Some(clean) => clean.outcome.score.pesq_wb.zip(score).map(|(clean, score)| clean - score),
            None => score.filter(|_| !row.is_impaired()).map(|_| 0.0),
        };
        let measured = Measured { network: row, pesq_drop, outcome };
        self.broken.extend(measured.broken());
        self.rows.push(measured);
    }
}

impl Measured {
    /// What no network explains. Bad scores are none of it, and no picture is to be expected where most packets are lost.
    fn broken(&self) -> Option<String> {
        let Self { network: row, outcome, .. } = self;
        let sees = outcome.heard.sight.is_some_and(|sight| sight.pictures_per_second > 0.0);
        let words = if outcome.score.pesq_wb.is_none() {
            "no speech was heard"
        } else if !row.is_impaired() && !sees {
            "no picture was seen"
        } else if outcome.wire.arrived_kilobits == 0.0 {
            "nothing came over the wire"
        } else {
            return None;
        };
        Some(format!("{}: {words}", row.name))
    }
}

/// For people: `uplink` or `downlink`.
fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "uplink",
        Direction::Down => "downlink",
    }
}
