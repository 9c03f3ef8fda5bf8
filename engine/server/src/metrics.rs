//! What the server counts by itself, and the text in which everything that is counted is shown to Prometheus.

mod histogram;
mod quality;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use rtc_net::{MediaStats, ShardStats};
use rtc_sfu::Waits;

use crate::control::Figures;

use self::histogram::Histogram;
use self::quality::Qualities;
pub(crate) use self::quality::QualityReader;

/// One counter.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What is counted outside of the media shards: nothing here is on the way of a packet.
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $($(#[$doc])* pub(crate) $name: Count,)*
            /// From entering to flowing media.
            pub(crate) joins: Joins,
            /// What clients say of their network.
            qualities: Qualities,
        }

        impl Counters {
            fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name.value()),)*].into_iter()
            }
        }
    };
}

counters! {
    /// HTTP connections that were accepted.
    connections,
    /// HTTP connections closed at once because there were too many.
    connections_refused,
    /// HTTP connections closed because they were silent and there were too many.
    connections_evicted,
    /// WebSockets that were opened.
    signal_connections,
    /// Hellos that were refused before they came to a room.
    hellos_refused,
    /// WebSockets that said nothing in time.
    hellos_missed,
    /// Messages that could not be read.
    malformed,
    /// Messages beyond what a client may send.
    oversized,
    /// Requests beyond what a client may make in a second.
    limited,
    /// Clients dropped because they did not read.
    overflows,
    /// Clients dropped because nothing was heard of them.
    silent,
    /// Network tests that were begun.
    probes,
    /// Network tests that were refused, or not brought to their end in time.
    probes_refused,
}

/// How long it takes from a member's entering until its media flows.
#[derive(Debug)]
pub(crate) struct Joins(Histogram);

impl Default for Joins {
    fn default() -> Self {
        Self(Histogram::new(&[0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0]))
    }
}

impl Joins {
    pub(crate) fn observe(&self, milliseconds: u64) {
        self.0.observe(milliseconds as f64 / 1000.0);
    }
}

/// Everything in the text format of Prometheus.
pub(crate) fn text(counters: &Counters, figures: Option<Figures>, media: &MediaStats) -> String {
    let mut out = String::with_capacity(8 * 1024);
    let mut line = |kind: &str, name: &str, labels: &str, value: u64| {
        // Writing to a String cannot fail.
        if !kind.is_empty() {
            let _ = writeln!(out, "# TYPE rtc_engine_{name} {kind}");
        }
        let _ = writeln!(out, "rtc_engine_{name}{labels} {value}");
    };
    if let Some(figures) = figures {
        line("gauge", "rooms", "", figures.rooms as u64);
        line("gauge", "members", "", figures.members as u64);
        line("gauge", "members_connected", "", figures.connected as u64);
        line("gauge", "draining", "", figures.is_draining.into());
    }
    for (name, value) in counters.each() {
        line("counter", &format!("{name}_total"), "", value);
    }
    type Gauge = fn(&ShardStats) -> u64;
    let gauges: [(&str, Gauge); 3] = [
        ("media_sessions", |shard| shard.sessions),
        ("media_sessions_connected", |shard| shard.connected),
        ("media_tcp_connections", |shard| shard.tcp_connections),
    ];
    for (name, value) in gauges {
        for (i, shard) in media.shards.iter().enumerate() {
            line(if i == 0 { "gauge" } else { "" }, name, &format!("{{shard=\"{i}\"}}"), value(shard));
        }
    }
    for (i, shard) in media.shards.iter().enumerate() {
        let busy = u64::try_from(shard.busy.as_millis()).unwrap_or(u64::MAX);
        line(if i == 0 { "counter" } else { "" }, "media_busy_milliseconds_total", &format!("{{shard=\"{i}\"}}"), busy);
    }
    for (i, (shard, (queue, most))) in
        media.shards.iter().enumerate().flat_map(|(i, shard)| shard.queues.each().map(move |queue| (i, queue))).enumerate()
    {
        let labels = format!("{{queue=\"{queue}\",shard=\"{shard}\"}}");
        line(if i == 0 { "gauge" } else { "" }, "media_queue_most", &labels, most);
    }
    let total = media.total();
    for (name, value) in total.counts.each() {
        line("counter", &format!("media_{name}_total"), "", value);
    }
    for (i, (cause, value)) in total.drops.each().enumerate() {
        line(if i == 0 { "counter" } else { "" }, "media_dropped_total", &format!("{{cause=\"{cause}\"}}"), value);
    }
    let _ = writeln!(out, "# TYPE rtc_engine_join_seconds histogram");
    counters.joins.0.write(&mut out, "rtc_engine_join_seconds", "");
    let _ = writeln!(out, "# TYPE rtc_engine_picture_seconds histogram");
    let bounds = Waits::BOUNDS_MS.iter().map(|bound| *bound as f64 / 1000.0);
    let counts = total.waits.buckets().iter().copied();
    histogram::write(&mut out, "rtc_engine_picture_seconds", "", bounds, counts, total.waits.sum().as_secs_f64());
    counters.qualities.write(&mut out);
    out
}
