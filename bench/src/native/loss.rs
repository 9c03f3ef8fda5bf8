//! What loss on the speaker's uplink does to speech without pictures.

use rtc_wire::{Direction, Loss, Profile as Impairment};
use serde::Serialize;

use super::Options;
use super::conversation::{Conversation, Outcome, Web};
use super::speech::Speech;

/// One level of loss.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) loss_percent: u32,
    /// Against no loss in the same run.
    pub(super) pesq_drop: Option<f64>,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

/// All levels, the unimpaired one first.
pub(super) fn measure(options: &Options) -> anyhow::Result<Vec<Figures>> {
    let folder = tempfile::tempdir()?;
    let (levels, seconds): (&[u32], u64) = if options.quick { (&[0, 75], 8) } else { (&[0, 50, 65, 75, 80], 60) };
    let speech = Speech::new(&options.python, folder.path(), seconds)?;
    let mut figures: Vec<Figures> = Vec::new();
    for loss_percent in levels.iter().copied() {
        super::progress(&format!("speech with {loss_percent} % of uplink loss"));
        let conversation = Conversation {
            engine: &options.engine,
            speech: &speech,
            folder: folder.path(),
            logs: None,
            before: if options.quick { 4 } else { 15 },
            after: 3,
            camera: None,
            is_live: false,
            direction: Direction::Up,
            impairment: Impairment { loss: Loss::Uniform(f64::from(loss_percent) / 100.0), ..Impairment::default() },
            is_both: false,
            changes: Vec::new(),
            web: Web::Nobody,
        };
        let outcome = conversation.run()?;
        let best = figures.first().map_or(outcome.score.pesq_wb, |first| first.outcome.score.pesq_wb);
        let pesq_drop = best.zip(outcome.score.pesq_wb).map(|(best, score)| best - score);
        figures.push(Figures { loss_percent, pesq_drop, outcome });
    }
    Ok(figures)
}
