//! The jitter of arrivals (RFC 3550 section 6.4.1, in microseconds instead of units of a media clock).

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Jitter {
    last: Option<i128>,
    us: f64,
}

impl Jitter {
    /// A datagram has arrived: both times on the clocks of their own ends.
    pub(crate) fn observe(&mut self, sent_us: u64, arrived_us: u64) {
        let transit = i128::from(arrived_us) - i128::from(sent_us);
        if let Some(last) = self.last.replace(transit) {
            self.us += ((transit - last).unsigned_abs() as f64 - self.us) / 16.0;
        }
    }

    pub(crate) fn ms(&self) -> f32 {
        (self.us / 1000.0) as f32
    }
}
