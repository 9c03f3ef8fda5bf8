//! The figures of the scenario as Markdown. It measures nothing.

use std::fmt::Write as _;

use super::result::{Figures, Outcome, Setup};
use crate::systems::Kind;

/// A table for each load and number of subscribers.
pub(super) fn of(outcome: &Outcome) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = write(outcome, &mut text);
    text
}

fn write(outcome: &Outcome, text: &mut String) -> std::fmt::Result {
    let machine = &outcome.machine;
    writeln!(
        text,
        "{} cores of {}, Linux {}, load {:.1} before the run; medians of {} of {} s each.",
        machine.cores, machine.processor, machine.kernel, machine.load, outcome.rounds, outcome.seconds
    )?;
    for setup in outcome.setups() {
        write_setup(outcome, setup, text)?;
    }
    writeln!(text)?;
    for (kind, version) in &outcome.versions {
        writeln!(text, "- {kind}: {version}")?;
    }
    for failure in &outcome.failures {
        writeln!(text, "- Not measured: {failure}")?;
    }
    Ok(())
}

fn write_setup(outcome: &Outcome, setup: Setup, text: &mut String) -> std::fmt::Result {
    writeln!(
        text,
        "\nLoad `{}`{}{}, {}:\n\n\
         | system | subscribers | of a core | the generator | CPU s a million packets | user | system | x engine | x floor | \
         delay p50 | p99 | p99.9 | loss | memory | a subscriber |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        setup.load,
        if setup.publishers == 1 { String::new() } else { format!(" of each of {} publishers", setup.publishers) },
        if setup.rooms == 1 { String::new() } else { format!(" in each of {} rooms", setup.rooms) },
        match setup.load_core {
            Some(percent) => format!("as many subscribers as use {percent} % of a core"),
            None => format!("{} subscribers", setup.subscribers),
        }
    )?;
    let cost = |kind| outcome.figures(kind, setup).map(|figures: &Figures| figures.cpu_s_per_mpkt);
    for kind in Kind::ALL {
        let Some(figures) = outcome.figures(kind, setup) else { continue };
        let times = |other: Option<f64>| other.map_or("".into(), |other| format!("{:.2}", figures.cpu_s_per_mpkt / other));
        writeln!(
            text,
            "| {kind} | {:.0} | {:.0} % | {:.0} % | {:.2} | {:.2} | {:.2} | {} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.3} % | {:.0} MB | {:.0} KB |",
            figures.members,
            figures.core * 100.0,
            figures.generator_core * 100.0,
            figures.cpu_s_per_mpkt,
            figures.user_s_per_mpkt,
            figures.system_s_per_mpkt,
            times(cost(Kind::Engine)),
            times(cost(Kind::Floor)),
            figures.added_ms_p50,
            figures.added_ms_p99,
            figures.added_ms_p999,
            figures.loss * 100.0,
            figures.rss_kb / 1000.0,
            figures.rss_per_subscriber_kb,
        )?;
    }
    Ok(())
}
