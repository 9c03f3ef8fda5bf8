//! The load generator: scenarios that measure the engine from outside, through its public protocol. It is no test: nothing
//! here fails because a machine is slow or a figure bad, but `soak`, which fails where the engine grows.

mod crowd;
mod engine;
mod forward;
mod native;
mod systems;

use clap::{Parser, Subcommand};

/// Measures RTC Engine. Use it through `bench/run`, which builds everything first.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// What a forwarded packet costs, here and in other servers: one publisher, many subscribers.
    Forward(forward::Options),
    /// Rooms in which members see and hear each other, from ten to the largest.
    Meeting(crowd::MeetingOptions),
    /// Rooms of voices alone, from ten members to a thousand.
    Audio(crowd::AudioOptions),
    /// Members enter much faster than they usually do.
    Storm(crowd::StormOptions),
    /// Members come and go, well and badly, for a long time. Fails where the engine grows.
    Soak(crowd::SoakOptions),
    /// Attacks in quantity, and what a call beside them notices.
    Armour(crowd::ArmourOptions),
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
    /// The least that any forwarder must do, as a process of its own; `forward` starts it.
    #[command(hide = true)]
    Floor(systems::FloorOptions),
    /// Writes down a call as a load; `bench/record.mjs` starts it.
    #[command(hide = true)]
    Record(forward::RecordOptions),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().scenario {
        Scenario::Forward(options) => forward::run(&options),
        Scenario::Meeting(options) => crowd::meeting(&options),
        Scenario::Audio(options) => crowd::audio(&options),
        Scenario::Storm(options) => crowd::storm(&options),
        Scenario::Soak(options) => crowd::soak(&options),
        Scenario::Armour(options) => crowd::armour(&options),
        Scenario::Native(options) => native::run(&options),
        Scenario::Impair(options) => native::impair(&options),
        Scenario::Member(options) => native::member(&options),
        Scenario::Calls(options) => native::calls(&options),
        Scenario::Floor(options) => systems::run_floor(&options),
        Scenario::Record(options) => forward::record(&options),
    }
}
