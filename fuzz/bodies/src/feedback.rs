//! What a viewer's client says of the packets that it was sent, and an estimator that believes it.

use std::time::{Duration, Instant};

use rtc_bwe::{Estimator, Feedback, ReferenceTime, Settings};

/// Packets that were sent before the report, so that some reports are of them.
const SENT: u64 = 400;

/// Transport-wide feedback. It has as many entries as it says, and no estimate follows from it that is out of bounds.
pub fn feedback(data: &[u8]) -> bool {
    let Ok(feedback) = Feedback::parse(data) else { return false };
    assert_eq!(feedback.entries().count(), usize::from(feedback.count()));
    ReferenceTime::default().unwrap(feedback.reference());

    let settings = Settings::default();
    let start = Instant::now();
    let mut estimator = Estimator::new(start, settings);
    // They end with the last one reported on, or some beyond it.
    let last = 0x10_0000 + u64::from(feedback.first()) + u64::from(feedback.count() % 300);
    for n in 0..SENT {
        let at = start + Duration::from_millis(5 * n);
        let probe = estimator.poll_probe(at).map(|probe| probe.id);
        estimator.sent(last - SENT + n, at, 1200, probe);
    }
    for n in 0..3 {
        let now = start + Duration::from_millis(5 * SENT + 100 * n);
        estimator.handle_feedback(now, &feedback);
        estimator.handle_timeout(now);
        if let Some(estimate) = estimator.estimate() {
            assert!((settings.floor..=2 * settings.goal).contains(&estimate), "{estimate}");
        }
    }
    true
}
