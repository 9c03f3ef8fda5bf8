//! The figures of the scenario as Markdown, with what is published beside them. It measures nothing.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::voice::Heard;
use super::rows::{PUBLISHED_BEST, Published, Row};
use super::{Figures, Measured};

/// A table of each scene.
pub(super) fn of(figures: &Figures) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = write(figures, &mut text);
    text
}

fn write(figures: &Figures, text: &mut String) -> std::fmt::Result {
    writeln!(text, "{}{}.", figures.machine, if figures.is_quick { "; a quick run" } else { "" })?;
    for (is_live, title) in [(false, super::CALL.name), (true, super::LIVE.name)] {
        let rows: Vec<&Measured> = figures.rows.iter().filter(|measured| measured.network.is_live == is_live).collect();
        if !rows.is_empty() {
            writeln!(text, "\n{} at {title}:\n", if is_live { "Live show" } else { "Call" })?;
            write_rows(&rows, text)?;
        }
    }
    for words in &figures.broken {
        writeln!(text, "\nBroken: {words}")?;
    }
    Ok(())
}

fn write_rows(rows: &[&Measured], text: &mut String) -> std::fmt::Result {
    writeln!(
        text,
        "| network | PESQ-WB | drop | mouth to ear | concealed | missing | gaps | pictures/s | frozen | size | glass to glass | sound, picture \
         back after | sent | arrived | machine busy | TRTC publishes |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for Measured { network: row, pesq_drop, outcome } in rows.iter().copied() {
        let (score, heard, wire) = (&outcome.score, &outcome.heard, &outcome.wire);
        let sight = heard.sight;
        let cells = [
            row.what(),
            number(score.pesq_wb, 2, ""),
            number(*pesq_drop, 2, ""),
            number(score.delay_ms, 0, " ms"),
            number(Some(outcome.concealed), 0, " %"),
            number(Some(score.missing_percent), 0, " %"),
            format!("{} ms", heard.gaps_ms),
            number(sight.map(|sight| sight.pictures_per_second), 1, ""),
            number(sight.map(|sight| sight.frozen_percent), 0, " %"),
            sight.map_or_else(|| "none".into(), |sight| format!("{}x{}", sight.size.0, sight.size.1)),
            number(sight.and_then(|sight| sight.delay_ms).map(|delay| delay.p50), 0, " ms"),
            row.outage().map_or_else(String::new, |outage| back(outage, heard)),
            format!("{:.0} kbit/s", wire.sent_kilobits),
            format!("{:.0} kbit/s", wire.arrived_kilobits),
            number(Some(outcome.machine_percent), 0, " %"),
            published(row),
        ];
        writeln!(text, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// How much longer than the outage nothing was heard and seen.
fn back(outage: Duration, heard: &Heard) -> String {
    let outage = outage.as_millis() as f64;
    let after = |silence: f64| format!("{:.1} s", (silence - outage).max(0.0) / 1000.0);
    let sight = heard.sight.map_or_else(|| "none".into(), |sight| after(sight.longest_ms));
    format!("{}, {sight}", after(f64::from(heard.gaps_ms)))
}

fn number(value: Option<f64>, digits: usize, unit: &str) -> String {
    value.map_or_else(|| "none".into(), |value| format!("{value:.digits$}{unit}"))
}

fn published(row: &Row) -> String {
    match row.published {
        Published::Nothing => String::new(),
        Published::Limit => "still works".into(),
        Published::Sound { mos, delay_ms } => format!("MOS {mos:.2}, drop {:.2}; {delay_ms} ms", PUBLISHED_BEST - mos),
    }
}
