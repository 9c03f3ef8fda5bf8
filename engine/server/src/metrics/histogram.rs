//! How often something took how long, in the form Prometheus has for it; not what is measured.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// The sum is kept in millionths, because there are no atomic fractions.
const MILLION: f64 = 1_000_000.0;

/// Counts of values by size. Observing is a few additions and never waits.
#[derive(Debug)]
pub(crate) struct Histogram {
    /// The largest value of each bucket, in order; what is larger is in one more.
    bounds: &'static [f64],
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Histogram {
    pub(crate) fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, buckets: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(), sum: AtomicU64::new(0) }
    }

    /// Counts a value; what is negative or no number counts as 0.
    pub(crate) fn observe(&self, value: f64) {
        let value = value.max(0.0);
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        // Saturates.
        self.sum.fetch_add((value * MILLION) as u64, Ordering::Relaxed);
    }

    /// Appends it under this name, labels (`name="value"`, or none) in each line.
    pub(crate) fn write(&self, out: &mut String, name: &str, labels: &str) {
        let counts = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed));
        let sum = self.sum.load(Ordering::Relaxed) as f64 / MILLION;
        write(out, name, labels, self.bounds.iter().copied(), counts, sum);
    }
}

/// Appends a histogram whose `counts`, one more than `bounds`, do not hold those of the buckets before them.
pub(crate) fn write(
    out: &mut String,
    name: &str,
    labels: &str,
    bounds: impl Iterator<Item = f64>,
    counts: impl Iterator<Item = u64>,
    sum: f64,
) {
    let comma = if labels.is_empty() { "" } else { "," };
    let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let mut count = 0;
    let bounds = bounds.map(|bound| bound.to_string()).chain(["+Inf".to_owned()]);
    for (bucket, bound) in counts.zip(bounds) {
        count += bucket;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {count}");
    }
    let _ = writeln!(out, "{name}_sum{braces} {sum}\n{name}_count{braces} {count}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_in_the_bucket_of_the_next_bound_and_all_after_it() {
        let histogram = Histogram::new(&[0.1, 1.0]);
        for value in [0.05, 0.1, 0.5, 7.0, -3.0, f64::NAN] {
            histogram.observe(value);
        }
        let mut out = String::new();
        histogram.write(&mut out, "took", "");
        assert_eq!(
            out,
            "took_bucket{le=\"0.1\"} 4\ntook_bucket{le=\"1\"} 5\ntook_bucket{le=\"+Inf\"} 6\ntook_sum 7.65\ntook_count 6\n"
        );
        out.clear();
        histogram.write(&mut out, "took", "leg=\"up\"");
        assert!(out.contains("took_bucket{leg=\"up\",le=\"1\"} 5\n") && out.ends_with("took_count{leg=\"up\"} 6\n"), "{out}");
    }
}
