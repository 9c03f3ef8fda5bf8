//! `rtc-engine doctor`.

use clap::Args;

use crate::Settings;
use crate::doctor::{self, Patient};

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The engine's address, such as https://rtc.example.com/. Without it: the engine of the settings, on this machine.
    url: Option<String>,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// The address, where one was given; else settings are needed.
    pub(super) fn needs_settings(&self) -> bool {
        self.url.is_none()
    }

    /// Whether no leg failed.
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<bool> {
        let patient = self.url.as_deref().map_or(Patient::Here(settings), Patient::At);
        let report = super::wait_for(async { doctor::examine(patient).await.map_err(anyhow::Error::msg) })?;
        super::print(&if self.json { report.json() } else { report.words() });
        Ok(report.is_well())
    }
}
