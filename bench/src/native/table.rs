//! The figures of the scenario as Markdown. It measures nothing.

use std::fmt::Write as _;

use super::{Figures, Spread};

/// All figures that are there, a table each.
pub(super) fn of(figures: &Figures) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = write(figures, &mut text);
    text
}

fn write(figures: &Figures, text: &mut String) -> std::fmt::Result {
    writeln!(text, "{}{}.", figures.machine, if figures.is_quick { "; a quick run" } else { "" })?;
    write_spreads(figures, text)?;
    write_calls(figures, text)?;
    write_loss(figures, text)?;
    write_library(figures, text)?;
    for reason in &figures.left_out {
        writeln!(text, "\nLeft out: {reason}")?;
    }
    Ok(())
}

fn write_spreads(figures: &Figures, text: &mut String) -> std::fmt::Result {
    let mut rows: Vec<(String, Spread)> = Vec::new();
    if let Some(entering) = &figures.entering {
        rows.push(("call of `enter_room` to `onEnterRoom`".into(), entering.entered_ms));
        rows.push(("call of `enter_room` to the first remote picture".into(), entering.first_frame_ms));
    }
    if let Some(delays) = &figures.delays {
        rows.push((format!("mouth to ear, the jitter buffer holding {} ms", delays.jitter_buffer_ms), delays.mouth_to_ear_ms));
        rows.extend(delays.glass_to_glass.iter().map(|glass| (format!("glass to glass, {}", glass.profile), glass.delay_ms)));
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n| milliseconds | p50 | p90 | least | most | of |\n| --- | --- | --- | --- | --- | --- |")?;
    for (what, Spread { p50, p90, least, most, count }) in rows {
        writeln!(text, "| {what} | {p50:.0} | {p90:.0} | {least:.0} | {most:.0} | {count} |")?;
    }
    Ok(())
}

fn write_calls(figures: &Figures, text: &mut String) -> std::fmt::Result {
    let Some(calls) = &figures.calls else { return Ok(()) };
    writeln!(
        text,
        "\n| call | profile | CPU, % of a core | memory | frames/s of each | sent | engine's CPU | whole machine busy |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for call in calls {
        writeln!(
            text,
            "| 1v{} | {} | {:.0} | {:.0} MB | {:.1} | {:.0} kbit/s | {:.1} | {:.0} % |",
            call.others,
            call.profile,
            call.cpu_percent,
            call.resident_mb,
            call.frames_per_second,
            call.sent_kilobits,
            call.engine_cpu_percent,
            call.machine_percent
        )?;
    }
    Ok(())
}

fn write_loss(figures: &Figures, text: &mut String) -> std::fmt::Result {
    let Some(levels) = &figures.loss else { return Ok(()) };
    writeln!(
        text,
        "\n| uplink loss | PESQ-WB | drop | mouth to ear | concealed | gaps | jitter buffer | arriving |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".into());
    for level in levels {
        let outcome = &level.outcome;
        writeln!(
            text,
            "| {} % | {} | {} | {} | {:.0} % | {} ms | {:.0} ms | {:.0} kbit/s |",
            level.loss_percent,
            or_none(outcome.score.pesq_wb.map(|score| format!("{score:.2}"))),
            or_none(level.pesq_drop.map(|drop| format!("{drop:.2}"))),
            or_none(outcome.score.delay_ms.map(|delay| format!("{delay:.0} ms"))),
            outcome.concealed,
            outcome.heard.gaps_ms,
            outcome.heard.jitter_buffer_ms,
            outcome.heard.kilobits
        )?;
    }
    Ok(())
}

fn write_library(figures: &Figures, text: &mut String) -> std::fmt::Result {
    if let Some(methods) = &figures.abi {
        writeln!(text, "\n| `rtc_call` | calls a second | one call |\n| --- | --- | --- |")?;
        for method in methods {
            let (rate, name) = (method.calls_per_second, &method.method);
            writeln!(text, "| `{name}` | {rate:.0} | {:.2} µs |", 1e6 / rate)?;
        }
    }
    let Some(size) = &figures.size else { return Ok(()) };
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    writeln!(
        text,
        "\nThe library, stripped: {:.1} MB; code {:.1}, constants {:.1}, tables for unwinding and loading {:.1}.",
        megabytes(size.stripped),
        megabytes(size.code),
        megabytes(size.constants),
        megabytes(size.tables)
    )?;
    let named: u64 = size.parts.iter().map(|part| part.bytes).sum();
    writeln!(text, "\n| part of the library | MB | of what has a name |\n| --- | --- | --- |")?;
    for part in &size.parts {
        let share = part.bytes as f64 / named.max(1) as f64 * 100.0;
        writeln!(text, "| {} | {:.2} | {share:.0} % |", part.name, megabytes(part.bytes))?;
    }
    Ok(())
}
