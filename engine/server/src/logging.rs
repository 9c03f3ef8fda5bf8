//! Log lines on standard error; standard output belongs to what was asked for.

use std::io::{self, IsTerminal as _};

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, Settings, SettingsError};

/// Starts logging for the whole process.
pub(crate) fn start(settings: &Settings) -> Result<(), SettingsError> {
    let filter =
        EnvFilter::try_new(&settings.log).map_err(|error| SettingsError::value("log", &format!("cannot be used: {error}")))?;
    let chosen = tracing_subscriber::registry().with(filter).with(filter_fn(may_be_written));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    // Failing means that somebody has started it already, as a test does.
    let _ = match settings.log_format {
        LogFormat::Text => chosen.with(lines).try_init(),
        LogFormat::Json => chosen.with(lines.json()).try_init(),
    };
    Ok(())
}

/// What libraries write beyond a level is what goes through them: at `trace` the messages of clients, with the tokens that are
/// in them, and at `debug` the ICE agent its passwords. So those levels are for others alone, whatever the settings say.
fn may_be_written(line: &Metadata<'_>) -> bool {
    let most = match line.target().split("::").next() {
        Some(part) if part.starts_with("rtc_") => Level::TRACE,
        Some("is") => Level::INFO,
        _ => Level::DEBUG,
    };
    *line.level() <= most
}
