//! `rtc-engine serve`.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use clap::Args;
use rtc_store::Credentials;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use crate::settings::{Demo, Settings};
use crate::{Engine, logging};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Be reachable from the whole network: listen on all addresses, by https with a certificate of the engine's own,
    /// and print the address for a phone. The browser will warn of the certificate once.
    #[arg(long)]
    lan: bool,
    /// Whether the demo page is given UserSigs without asking who it is (see `demo` in the settings).
    #[arg(long, value_name = "WHEN")]
    demo: Option<Demo>,
    /// After SIGTERM, take nobody in any more and end when the last member is gone, after so many seconds at the latest, or
    /// at a second signal (see `drain_seconds` in the settings).
    #[arg(long, value_name = "SECONDS")]
    drain: Option<u64>,
}

impl Serve {
    pub(super) fn run(&self, mut settings: Settings) -> anyhow::Result<()> {
        if let Some(demo) = self.demo {
            settings.demo = demo;
        }
        if let Some(seconds) = self.drain {
            settings.drain_seconds = seconds;
            settings.check()?;
        }
        logging::start(&settings)?;
        for (name, meant) in Settings::misspelt_variables() {
            tracing::warn!("the variable {name} is no setting; did you mean {meant}?");
        }
        raise_open_files();
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(self.serve(settings))
    }

    async fn serve(&self, settings: Settings) -> anyhow::Result<()> {
        // Taken before anything is started, so that no signal is missed.
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let engine = tokio::select! {
            engine = Engine::start(&settings, self.lan) => engine?,
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        };
        if let Some(credentials) = engine.first_credentials() {
            show_first(credentials);
        }
        let urls = engine.urls();
        let (url, others) = urls.split_first().expect("an engine has an address");
        for other in others {
            tracing::info!("also at {other}");
        }
        // The one line that programs wait for.
        let mut stdout = io::stdout();
        writeln!(stdout, "RTC Engine is ready: {url}")?;
        stdout.flush()?;
        let is_terminated = tokio::select! {
            _ = interrupt.recv() => false,
            _ = terminate.recv() => true,
        };
        let drain_seconds = if is_terminated { settings.drain_seconds } else { 0 };
        if drain_seconds > 0 {
            tracing::info!(drain_seconds, "nobody is taken in any more; a second signal stops at once");
            tokio::select! {
                () = engine.drain(Duration::from_secs(drain_seconds)) => {}
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        tracing::info!("stopping");
        let stopped = engine.stop();
        tokio::select! {
            () = stopped => {}
            // Whoever presses Ctrl-C twice means now.
            _ = interrupt.recv() => {}
        }
        Ok(())
    }
}

/// A first start shows what it has made, once, and only to a person: standard output of a service usually goes to a log,
/// where a key must never be. `rtc-engine credentials` shows them at any time.
fn show_first(credentials: &Credentials) {
    if io::stdout().is_terminal() {
        let words = super::credentials::words(credentials);
        super::print(&format!("{words}`rtc-engine credentials` shows this again.\n\n"));
    } else {
        tracing::info!(
            app = %credentials.sdk_app_id,
            "made a first app, its key and a Cloud API credential; `rtc-engine credentials` shows them"
        );
    }
}

/// Each connection is an open file, and many systems start programs with 1024 of them.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        tracing::warn!(%error, current = limit.current, "the limit of open files could not be raised");
    }
}
