//! Log lines on standard error; standard output belongs to what was asked for.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, Settings, SettingsError};

/// Starts logging for the whole process.
pub(crate) fn start(settings: &Settings) -> Result<(), SettingsError> {
    let filter =
        EnvFilter::try_new(&settings.log).map_err(|error| SettingsError::value("log", &format!("cannot be used: {error}")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    // Failing means that somebody has started it already, as a test does.
    let _ = match settings.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    Ok(())
}
