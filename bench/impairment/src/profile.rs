//! What happens to packets, as data. It decides nothing.

use std::time::Duration;

/// What happens to packets that go one way. The default lets every packet through at once.
///
/// Shares are from 0 (never) to 1 (always) of all packets, each decided by itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Profile {
    /// When nothing gets through at all.
    pub outage: Outage,
    /// What is lost.
    pub loss: Loss,
    /// How much gets through, without a limit where there is none.
    pub rate: Option<Rate>,
    /// How long every packet travels.
    pub delay: Duration,
    /// How much longer some of them do.
    pub jitter: Jitter,
    /// What is overtaken by others.
    pub reorder: Reorder,
    /// The share of packets that arrive twice.
    pub duplicate: f64,
}

/// When nothing gets through, counted from when the profile was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outage {
    /// Never.
    #[default]
    None,
    /// Always.
    Always,
    /// Up for a while, then down for a while, then up again, and so on.
    Repeated {
        /// How long packets get through.
        up: Duration,
        /// How long they do not.
        down: Duration,
    },
}

/// Which packets are lost.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Loss {
    /// None.
    #[default]
    None,
    /// This share, each packet by itself.
    Uniform(f64),
    /// More at some times than at others.
    Bursts(Bursts),
}

/// Loss by a network that is good at one time and bad at another (Gilbert and Elliott). It is good when the profile is set;
/// with every packet it may change first, and then strikes with the share of what it has become.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// The chance of each packet to find that a good network has become bad; the good time lasts 1/`begin` packets on average.
    pub begin: f64,
    /// The chance of each packet to find that a bad network has become good; the bad time lasts 1/`end` packets on average.
    pub end: f64,
    /// The share lost while it is good.
    pub loss_between: f64,
    /// The share lost while it is bad.
    pub loss_within: f64,
}

/// A link that takes its time for every packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What it carries, in bits a second. With 0 nothing arrives.
    pub bits_per_second: u64,
    /// A packet that would have to wait longer than this before the link is free for it is dropped.
    pub queue: Duration,
}

/// Delays that differ from packet to packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Jitter {
    /// Each packet travels longer by a time that is drawn for it alone, evenly from nothing to this.
    pub most: Duration,
    /// What becomes of the order.
    pub order: Order,
}

/// What jitter does to the order of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Each packet arrives when its own time is over, whatever became of those before it. Netem does the same.
    #[default]
    Free,
    /// No packet arrives before one that was sent earlier. With delays drawn anew for each packet those behind a late one
    /// arrive together with it, so nearly all of them are nearly as late as the latest.
    Kept,
}

/// Packets that others overtake, however the order is otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reorder {
    /// The share that is held back.
    pub share: f64,
    /// How long each of them is.
    pub by: Duration,
}
