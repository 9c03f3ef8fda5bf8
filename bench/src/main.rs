//! The load generator: scenarios that measure the engine from outside, through its public protocol. It is no test: nothing
//! here fails because a machine is slow or a figure bad.

mod engine;
mod forward;
mod native;
mod signal;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Measures RTC Engine. Use it through `bench/run`, which builds everything first.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// One publisher, many subscribers, 150 packets a second of 1150 bytes in bursts of five.
    Forward(ForwardOptions),
    /// The native client: entering, delays, processor and memory of calls, speech through loss, the C ABI.
    Native(native::Options),
    /// The native client through bad networks: a voice and a picture between two members. Fails where nothing comes through.
    Impair(native::ImpairOptions),
    /// One member of a measured call, as a process of its own; `native` starts it.
    #[command(hide = true)]
    Member(native::MemberOptions),
    /// Calls through the C ABI, in a process without devices; `native` starts it.
    #[command(hide = true)]
    Calls(native::CallOptions),
}

/// Options of the scenario `forward`.
#[derive(Debug, clap::Args)]
struct ForwardOptions {
    /// The engine's binary.
    #[arg(long, default_value = "target/release/rtc-engine")]
    engine: PathBuf,
    /// How many watch.
    #[arg(long, default_value_t = 200)]
    subscribers: u32,
    /// Media threads of the engine.
    #[arg(long, default_value_t = 1)]
    shards: u8,
    /// Let the engine estimate each subscriber's bandwidth.
    #[arg(long)]
    bandwidth_estimation: bool,
    /// How long to measure, in seconds; 20, or 5 with --quick.
    #[arg(long)]
    seconds: Option<u64>,
    /// A short run, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Also write the result to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().scenario {
        Scenario::Forward(options) => forward::run(&options),
        Scenario::Native(options) => native::run(&options),
        Scenario::Impair(options) => native::impair(&options),
        Scenario::Member(options) => native::member(&options),
        Scenario::Calls(options) => native::calls(&options),
    }
}
