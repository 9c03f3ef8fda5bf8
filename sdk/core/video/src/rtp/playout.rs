//! When each picture is shown: late enough that the next one is there in time, not later. It holds whatever stands for a
//! picture, shows nothing itself, and lets lip sync ask for more delay.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Pictures of one stream waiting for their time. Times are instants of one clock that never go back between calls.
#[derive(Debug)]
pub struct Playout<T> {
    queue: VecDeque<(u64, T)>,
    /// What the delay is measured from: arrival and picture time of the first picture since the last break.
    origin: Option<(Instant, u64)>,
    /// Arrivals relative to `origin`, in microseconds against the picture's time: the newest [`WINDOW`] of them.
    offsets: VecDeque<i64>,
    /// The earliest arrival that the delay is counted from, in the same measure.
    base: i64,
    delay: Duration,
    minimum: Duration,
    last_moved: Option<Instant>,
    dropped: u64,
}

impl<T> Playout<T> {
    /// An empty queue with the smallest delay.
    pub const fn new() -> Self {
        Self {
            queue: VecDeque::new(),
            origin: None,
            offsets: VecDeque::new(),
            base: 0,
            delay: SMALLEST,
            minimum: Duration::ZERO,
            last_moved: None,
            dropped: 0,
        }
    }

    /// Takes a picture that is ready; `time_us` is when it was taken, on the sender's clock in microseconds. One older than a
    /// waiting one goes after it: pictures are shown in the order in which they came.
    pub fn push(&mut self, time_us: u64, picture: T, now: Instant) {
        let offset = self.offset(time_us, now);
        if self.origin.is_none() || (offset - self.base).unsigned_abs() > BREAK.as_micros() as u64 {
            // Another source, or a pause: what was learned about the old path means nothing.
            self.origin = Some((now, time_us));
            self.offsets.clear();
            self.base = 0;
            self.learn(0);
            self.queue.iter_mut().for_each(|(time, _)| *time = time_us);
        } else {
            self.learn(offset);
        }
        self.move_delay(now);
        if self.queue.len() == MAX_WAITING {
            self.queue.pop_front();
            self.dropped += 1;
        }
        self.queue.push_back((time_us, picture));
    }

    /// A picture whose time has come. Called until it is `None`; who shows pictures shows the last one.
    pub fn poll(&mut self, now: Instant) -> Option<T> {
        self.move_delay(now);
        let due = self.due()?;
        if due > now {
            return None;
        }
        self.queue.pop_front().map(|(_, picture)| picture)
    }

    /// When the next picture is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due()
    }

    /// How long a picture on the fastest way waits before it is shown.
    pub const fn delay(&self) -> Duration {
        self.delay
    }

    /// What the delay moves to: enough for nearly all pictures of the last seconds, and what lip sync asked for.
    pub fn target_delay(&self) -> Duration {
        self.jitter().saturating_add(SMALLEST).max(self.minimum).min(LARGEST)
    }

    /// Lip sync asks for at least this delay, because the sound needs it; zero when it does not care. At most 2 s.
    pub fn set_minimum_delay(&mut self, minimum: Duration) {
        self.minimum = minimum;
    }

    /// When a picture taken at this time, in microseconds on the sender's clock, is shown; `None` before the first one. With
    /// the same of the sound, lip sync knows how far apart the two are.
    pub fn shown_at(&self, time_us: u64) -> Option<Instant> {
        let (arrived, first) = self.origin?;
        let after = i128::from(time_us) - i128::from(first) + i128::from(self.base) + self.delay.as_micros() as i128;
        match u64::try_from(after) {
            Ok(after) => arrived.checked_add(Duration::from_micros(after)),
            Err(_) => arrived.checked_sub(Duration::from_micros(u64::try_from(-after).ok()?)),
        }
    }

    /// Pictures that wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Pictures thrown away because too many waited.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    fn due(&self) -> Option<Instant> {
        let (time_us, _) = self.queue.front()?;
        self.shown_at(*time_us)
    }

    /// How late a picture arrives against the first one, in microseconds; far beyond any break when the times are absurd.
    fn offset(&self, time_us: u64, now: Instant) -> i64 {
        let Some((arrived, first)) = self.origin else { return 0 };
        let passed = now.saturating_duration_since(arrived).as_micros() as i128;
        let offset = passed - (i128::from(time_us) - i128::from(first));
        i64::try_from(offset).unwrap_or(i64::MAX / 2).clamp(i64::MIN / 4, i64::MAX / 4)
    }

    fn learn(&mut self, offset: i64) {
        if self.offsets.len() == WINDOW {
            self.offsets.pop_front();
        }
        self.offsets.push_back(offset);
        // The window forgets old arrivals, so the base follows a clock that is slower or faster than ours.
        self.base = self.offsets.iter().copied().min().unwrap_or(0);
    }

    /// How much later than the earliest nearly all arrive.
    fn jitter(&self) -> Duration {
        let mut sorted: Vec<i64> = self.offsets.iter().map(|offset| offset - self.base).collect();
        if sorted.is_empty() {
            return Duration::ZERO;
        }
        let at = (sorted.len() - 1) * 95 / 100;
        let (_, value, _) = sorted.select_nth_unstable(at);
        Duration::from_micros(u64::try_from(*value).unwrap_or(0))
    }

    /// Moves the delay a little at a time, so that movement stays even: up by a fifth of the time that passed, down by a
    /// twentieth.
    fn move_delay(&mut self, now: Instant) {
        let passed = self.last_moved.replace(now).map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
        let target = self.target_delay();
        self.delay = if self.delay < target {
            (self.delay + passed / 5).min(target)
        } else {
            self.delay.saturating_sub(passed / 20).max(target)
        };
    }
}

impl<T> Default for Playout<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Decoding and painting take this long.
const SMALLEST: Duration = Duration::from_millis(10);
const LARGEST: Duration = Duration::from_secs(2);
/// An arrival this far from what was expected is no jitter.
const BREAK: Duration = Duration::from_secs(3);
/// Pictures that the jitter is judged by: 4 to 8 s.
const WINDOW: usize = 120;
const MAX_WAITING: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const INTERVAL_US: u64 = 40_000;

    /// Sends pictures each 40 ms over a path that delays each by what the function says, in ms, and tells when each was
    /// shown after it was taken, in ms.
    fn run(playout: &mut Playout<u64>, start: Instant, numbers: std::ops::Range<u64>, path: impl Fn(u64) -> u64) -> Vec<u64> {
        let arrivals: Vec<_> = numbers.clone().map(|n| (start + MS * (n as u32 * 40) + MS * path(n) as u32, n)).collect();
        let mut shown = Vec::new();
        // Pictures are decoded in order, so one that was fast waits for the one before.
        let mut latest = start;
        let in_order = arrivals.into_iter().map(|(arrival, n)| {
            latest = latest.max(arrival);
            (latest, n)
        });
        let mut arrivals = in_order.peekable();
        while shown.len() < numbers.clone().count() {
            let now = match (arrivals.peek(), playout.poll_timeout()) {
                (Some((arrival, _)), due) => due.map_or(*arrival, |due| due.min(*arrival)),
                (None, Some(due)) => due,
                (None, None) => break,
            };
            if let Some((arrival, n)) = arrivals.next_if(|(arrival, _)| *arrival <= now) {
                playout.push(n * INTERVAL_US, n, arrival);
            }
            while let Some(n) = playout.poll(now) {
                let taken = start + MS * (n as u32 * 40);
                shown.push(now.saturating_duration_since(taken).as_millis() as u64);
            }
        }
        shown
    }

    #[test]
    fn on_an_even_path_pictures_are_shown_at_once() {
        let mut playout = Playout::new();
        let shown = run(&mut playout, Instant::now(), 0..100, |_| 20);
        assert!(shown.iter().all(|delay| *delay == 30), "{shown:?}");
    }

    #[test]
    fn jitter_is_smoothed_after_a_while() {
        let mut playout = Playout::new();
        let shown = run(&mut playout, Instant::now(), 0..300, |n| 20 + n * 7 % 5 * 8);
        let late = &shown[100..];
        let (least, most) = (late.iter().min().unwrap(), late.iter().max().unwrap());
        assert!(most - least <= 2, "{least} to {most} ms");
        assert_eq!(playout.delay().as_millis(), 42);
    }

    #[test]
    fn the_delay_goes_down_again_when_the_path_calms() {
        let mut playout = Playout::new();
        let start = Instant::now();
        run(&mut playout, start, 0..200, |n| 20 + n % 3 * 15);
        assert_eq!(playout.delay().as_millis(), 40);
        run(&mut playout, start, 200..500, |_| 20);
        assert_eq!(playout.delay(), SMALLEST);
    }

    #[test]
    fn lip_sync_moves_the_pictures_slowly() {
        let mut playout = Playout::new();
        let start = Instant::now();
        run(&mut playout, start, 0..10, |_| 0);
        playout.set_minimum_delay(MS * 110);
        let shown = run(&mut playout, start, 10..60, |_| 0);
        assert!(shown.windows(2).all(|pair| pair[1] >= pair[0] && pair[1] - pair[0] <= 12), "{shown:?}");
        assert_eq!(shown.last(), Some(&110));
        let shown_at = playout.shown_at(100 * INTERVAL_US).unwrap();
        assert_eq!(shown_at - start, MS * 4110);
    }

    #[test]
    fn a_pause_or_another_clock_begins_anew() {
        let mut playout = Playout::new();
        let start = Instant::now();
        run(&mut playout, start, 0..10, |_| 0);
        let later = start + Duration::from_secs(60);
        playout.push(10 * INTERVAL_US, 10, later);
        assert_eq!(playout.poll_timeout(), Some(later + playout.delay()));
        for time in [u64::MAX, 0, u64::MAX / 2] {
            playout.push(time, 11, later);
            let due = playout.poll_timeout().unwrap();
            assert!(due <= later + playout.delay(), "nothing waits for ever");
        }
    }

    #[test]
    fn the_queue_is_bounded() {
        let mut playout = Playout::new();
        let start = Instant::now();
        playout.set_minimum_delay(Duration::from_secs(100));
        for n in 0..1000 {
            playout.push(n * 1000, n, start + MS * n as u32);
        }
        assert_eq!((playout.len(), playout.dropped()), (MAX_WAITING, 1000 - MAX_WAITING as u64));
        assert_eq!(playout.target_delay(), LARGEST);
    }
}
