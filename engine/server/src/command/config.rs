//! `rtc-engine config`: the settings there are, and whether a file is good.

use std::path::Path;

use clap::Args;

use crate::settings::{MANUAL, Settings};

#[derive(Debug, Args)]
pub(super) struct Config {
    /// Print the reference manual of all settings, with their defaults: a settings file to begin with. Without this, the
    /// settings as they are now (file and variables applied) are checked and shown.
    #[arg(long)]
    print: bool,
}

impl Config {
    pub(super) fn run(&self, path: Option<&Path>) -> anyhow::Result<()> {
        if self.print {
            super::print(MANUAL);
            return Ok(());
        }
        let settings = Settings::load(path)?;
        super::print(&toml::to_string(&settings)?);
        Ok(())
    }
}
