//! The command line.

mod config;
mod credentials;
mod doctor;
mod serve;
mod ticket;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::Settings;

/// A self-hosted real-time audio and video engine for applications written for Tencent RTC Engine (TRTC).
#[derive(Debug, Parser)]
#[command(name = "rtc-engine", version, after_long_help = EXAMPLES, max_term_width = 110)]
struct Arguments {
    /// The settings file. Without it: RTC_ENGINE_CONFIG, else ./engine.toml if it is there, else the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the engine until Ctrl-C or SIGTERM.
    Serve(serve::Serve),
    /// Show the app, its key and the Cloud API credential; the first call makes them. Works beside a running engine.
    Credentials(credentials::Credentials),
    /// Sign a UserSig: the ticket with which a user enters.
    Usersig(ticket::UserSig),
    /// Sign a PrivateMapKey: the ticket that says what a user may do in one room.
    PrivateMapKey(ticket::PrivateMapKey),
    /// Try each leg between a client and an engine, and say which failed, why, and what to do.
    Doctor(doctor::Doctor),
    /// Show the settings.
    Config(config::Config),
    /// Print completions for a shell.
    Completions {
        /// Which.
        shell: clap_complete::Shell,
    },
}

const EXAMPLES: &str = "\
Examples:
  Try it: start the engine and open the address it prints in two tabs
    rtc-engine serve

  Try it from a phone in the same network (https with a certificate of the engine's own)
    rtc-engine serve --lan

  What an application's server needs to sign tickets and to call the Cloud API
    rtc-engine credentials
    rtc-engine credentials --json | jq -r .sdk_secret_key

  A ticket for the user ann, good for an hour
    rtc-engine usersig --user ann --expire 3600

  Does media get through? On the engine's machine, and from where clients are
    rtc-engine doctor
    rtc-engine doctor https://rtc.example.com/

  Every setting with its explanation, as the start of a settings file of your own
    rtc-engine config --print > engine.toml

  Any setting by a variable: RTC_ENGINE_ and the key in capitals, with _ for the dot
    RTC_ENGINE_HTTP_LISTEN=127.0.0.1:9000 rtc-engine serve

  Completions for bash
    rtc-engine completions bash > ~/.local/share/bash-completion/completions/rtc-engine";

/// Runs the program: reads its arguments, does what they say, tells by the exit code how it went.
pub fn run() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    let done = match command {
        Command::Serve(serve) => load(config.as_deref()).and_then(|settings| serve.run(settings)),
        Command::Credentials(credentials) => load(config.as_deref()).and_then(|settings| credentials.run(&settings)),
        Command::Usersig(ticket) => load(config.as_deref()).and_then(|settings| ticket.run(&settings)),
        Command::PrivateMapKey(ticket) => load(config.as_deref()).and_then(|settings| ticket.run(&settings)),
        Command::Doctor(doctor) => {
            // Of an engine elsewhere the settings here say nothing, however wrong they are.
            let settings = if doctor.needs_settings() { load(config.as_deref()) } else { Ok(Settings::default()) };
            match settings.and_then(|settings| doctor.run(&settings)) {
                Ok(true) => Ok(()),
                Ok(false) => return ExitCode::FAILURE,
                Err(error) => Err(error),
            }
        }
        Command::Config(print) => print.run(config.as_deref()),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "rtc-engine", &mut io::stdout());
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn load(config: Option<&Path>) -> anyhow::Result<Settings> {
    Ok(Settings::load(config)?)
}

/// One line on standard error. Not a log line: whoever typed the command reads it.
#[expect(clippy::print_stderr, reason = "this is the program's answer")]
fn complain(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// What was asked for, on standard output.
#[expect(clippy::print_stdout, reason = "this is the program's answer")]
fn print(text: &str) {
    print!("{text}");
}

/// A runtime for a command that only looks something up.
fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
