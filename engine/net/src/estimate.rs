//! What a client's network is estimated to take of media, whoever estimated it; it makes no estimate itself.

use std::time::{Duration, Instant};

use rtc_sfu::Rate;

/// The estimates for one client.
#[derive(Debug, Default)]
pub(crate) struct Estimates {
    /// Ours, from the client's reports of each packet.
    own: Option<u64>,
    /// The client's, of what it receives. Only looked at where there is no other.
    remote: Option<Remote>,
    /// What is written, and what of that is repeated sound.
    sent: Rate,
    repeated: Rate,
}

/// A receiver cannot know of what was not sent to it: it hardly ever says more than half again of what it gets. So where
/// it leaves room, the figure grows by itself, until the receiver names one that is too little.
#[derive(Debug, Clone, Copy)]
struct Remote {
    bits: u64,
    at: Instant,
}

impl Estimates {
    /// An estimate of ours, in bits a second, or that none can be made.
    pub(crate) fn handle_own(&mut self, bits: Option<u64>) {
        self.own = bits;
    }

    /// An estimate of the client (REMB), in bits a second.
    pub(crate) fn handle_remote(&mut self, now: Instant, bits: u64) {
        let sent = self.sent.now(now).unwrap_or(0);
        let grown = self.remote.filter(|_| bits >= sent + sent / 4).map(|before| {
            let passed = now.saturating_duration_since(before.at).min(Duration::from_secs(1));
            before.bits.saturating_add((before.bits / 1000).saturating_mul(passed.as_millis() as u64) / 1000 * GROWTH)
        });
        self.remote = Some(Remote { bits: grown.map_or(bits, |grown| grown.max(bits)).min(MOST), at: now });
    }

    /// A packet was written of so many bytes, of which so many repeat earlier ones.
    pub(crate) fn observe(&mut self, now: Instant, bytes: usize, repeated: usize) {
        // Only the client's figure is held against it, and this is done for each packet.
        if self.own.is_none() {
            self.sent.observe(now, bytes);
        }
        if repeated > 0 {
            self.repeated.observe(now, repeated);
        }
    }

    /// What is there for media as publishers send it; nothing where that is not known.
    pub(crate) fn for_media(&self, now: Instant) -> Option<u64> {
        let estimate = self.own.or(self.remote.map(|remote| remote.bits));
        estimate.map(|bits| bits.saturating_sub(self.repeated.now(now).unwrap_or(0)))
    }
}

/// Thousandths a second by thousandths: 5 % a second.
const GROWTH: u64 = 50;
/// Nothing is decided by more.
const MOST: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn our_estimate_counts_before_the_clients() {
        let (mut estimates, now) = (Estimates::default(), Instant::now());
        assert_eq!(estimates.for_media(now), None);
        estimates.handle_remote(now, 200_000);
        estimates.handle_own(Some(700_000));
        assert_eq!(estimates.for_media(now), Some(700_000));
        estimates.handle_own(None);
        assert_eq!(estimates.for_media(now), Some(200_000));
    }

    #[test]
    fn repeated_sound_is_not_there_for_media() {
        let (mut estimates, start) = (Estimates::default(), Instant::now());
        estimates.handle_own(Some(700_000));
        // 50 packets a second with 250 bytes of copies: 100 kbit/s.
        for n in 0..100 {
            estimates.observe(start + ms(20 * n), 350, 250);
        }
        let now = start + ms(2000);
        assert!(estimates.for_media(now).expect("one").abs_diff(600_000) < 2_000);
        assert_eq!(estimates.for_media(now + ms(2000)), Some(700_000));
    }

    #[test]
    fn a_clients_estimate_grows_while_it_has_room_and_is_believed_when_it_has_not() {
        let (mut estimates, start) = (Estimates::default(), Instant::now());
        let mut now = start;
        // 100 kbit/s are sent, and the client says that it could take 150.
        for n in 0..2000u64 {
            now = start + ms(10 * n);
            estimates.observe(now, 125, 0);
            if n % 20 == 0 {
                estimates.handle_remote(now, 150_000);
            }
        }
        let grown = estimates.for_media(now).expect("one");
        assert!((300_000..500_000).contains(&grown), "{grown} after twenty seconds");
        estimates.handle_remote(now, 110_000);
        assert_eq!(estimates.for_media(now), Some(110_000));
    }
}
