//! Everybody who receives, served by one thread, and what each of them received.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use crate::systems::{Mark, Subscriber, System};

/// How long the last member may take to receive.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often signaling is looked after, usually and while some enter.
const TENDING: Duration = Duration::from_secs(1);
const TENDING_NEWCOMERS: Duration = Duration::from_millis(50);
/// How often timers are looked at: with hundreds of members, looking costs more than most of what is due.
const TIMERS: Duration = Duration::from_millis(5);

/// The members.
pub(super) struct Audience<'a> {
    rooms: u32,
    publishers: u32,
    members: Vec<Member>,
    poll: Poll,
    interrupted: &'a AtomicBool,
    next_timers: Instant,
    next_tending: Instant,
    tending: Duration,
    tally: Tally,
}

/// Which packets count, and what is known of them.
struct Tally {
    epoch: SystemTime,
    /// The first packet that counts in each room; none does where there is none.
    from: Vec<u64>,
    /// Microseconds from the publisher's call until the kernel had it for the subscriber.
    delays: Vec<u32>,
}

struct Member {
    room: usize,
    subscriber: Box<dyn Subscriber>,
    next: Instant,
    started: bool,
    received: Received,
}

/// Which packets one member received, one bit each from the first that counts.
#[derive(Default)]
struct Received {
    bits: Vec<u64>,
    repeated: u64,
}

/// What all of them received.
pub(super) struct Arrived {
    /// Packets, each counted once for each member.
    pub(super) packets: u64,
    /// How many would have been all.
    pub(super) sent: u64,
    /// Packets that came to a member once more.
    pub(super) repeated: u64,
    /// Microseconds from the publisher's call until the kernel had it for the subscriber, sorted.
    pub(super) delays: Vec<u32>,
}

impl<'a> Audience<'a> {
    /// Nobody yet. They spread over the rooms, where each is to be sent `publishers`; times in marks count from `epoch`.
    pub(super) fn new(rooms: u32, publishers: u32, epoch: Instant, interrupted: &'a AtomicBool) -> anyhow::Result<Self> {
        Ok(Self {
            rooms,
            publishers,
            members: Vec::new(),
            poll: Poll::new()?,
            interrupted,
            next_timers: Instant::now(),
            next_tending: Instant::now(),
            tending: TENDING,
            tally: Tally { epoch: SystemTime::now() - epoch.elapsed(), from: Vec::new(), delays: Vec::new() },
        })
    }

    /// Enters so many more and waits until each receives.
    pub(super) fn enter(&mut self, system: &mut dyn System, more: u32) -> anyhow::Result<()> {
        // Those who enter have more to be told.
        (self.next_tending, self.tending) = (Instant::now(), TENDING_NEWCOMERS);
        for index in self.members()..self.members() + more {
            let room = index % self.rooms;
            let subscriber =
                system.subscriber(room, index, self.publishers).with_context(|| format!("subscriber {index} cannot enter"))?;
            let token = Token(self.members.len());
            self.poll.registry().register(&mut SourceFd(&subscriber.media()), token, Interest::READABLE)?;
            let next = Instant::now();
            self.members.push(Member { room: room as usize, subscriber, next, started: false, received: Received::default() });
            // Those who are in must answer ICE and DTLS while others enter.
            self.drive_until(Instant::now(), |_| false)?;
        }
        self.drive_until(Instant::now() + PATIENCE, |audience| audience.members.iter().all(|member| member.started))?;
        let receiving = self.members.iter().filter(|member| member.started).count();
        if receiving < self.members.len() {
            bail!("only {receiving} of {} subscribers receive after {} s", self.members.len(), PATIENCE.as_secs());
        }
        self.tending = TENDING;
        Ok(())
    }

    /// How many there are.
    pub(super) fn members(&self) -> u32 {
        self.members.len() as u32
    }

    /// Serves them for a while.
    pub(super) fn attend(&mut self, duration: Duration) -> anyhow::Result<()> {
        self.drive_until(Instant::now() + duration, |_| false)
    }

    /// Counts packets from this index on in each room.
    pub(super) fn count_from(&mut self, indices: Vec<u64>) {
        self.tally.from = indices;
    }

    /// What arrived of the packets before this index in each room.
    pub(super) fn arrived(mut self, until: &[u64]) -> Arrived {
        let wanted: Vec<u64> = until.iter().zip(&self.tally.from).map(|(until, from)| until.saturating_sub(*from)).collect();
        let of = |member: &Member| wanted.get(member.room).copied().unwrap_or(0);
        let sent = self.members.iter().map(of).sum();
        let packets = self.members.iter().map(|member| member.received.below(of(member))).sum();
        let repeated = self.members.iter().map(|member| member.received.repeated).sum();
        self.tally.delays.sort_unstable();
        Arrived { packets, sent, repeated, delays: self.tally.delays }
    }

    /// Serves all sockets and timers until the deadline or until `done`.
    fn drive_until(&mut self, deadline: Instant, done: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            let now = Instant::now();
            if now >= self.next_tending {
                self.next_tending = now + self.tending;
                for member in &mut self.members {
                    member.subscriber.tend()?;
                }
            }
            let wait = self.next_timers.min(deadline).min(self.next_tending).saturating_duration_since(now);
            match self.poll.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => other?,
            }
            if self.interrupted.load(Ordering::Relaxed) {
                bail!("stopped");
            }
            for event in &events {
                self.drive(event.token().0)?;
            }
            let now = Instant::now();
            if now >= self.next_timers {
                self.next_timers = now + TIMERS;
                for index in 0..self.members.len() {
                    if self.members[index].next <= now {
                        self.drive(index)?;
                    }
                }
            }
            if now >= deadline || done(self) {
                return Ok(());
            }
        }
    }

    fn drive(&mut self, index: usize) -> anyhow::Result<()> {
        let Member { room, subscriber, next, started, received } = &mut self.members[index];
        let tally = &mut self.tally;
        let from = tally.from.get(*room).copied().unwrap_or(u64::MAX);
        *next = subscriber.drive(&mut |payload, at| {
            let Some(mark) = Mark::read(payload) else { return };
            *started = true;
            if let Some(index) = mark.index.checked_sub(from) {
                received.note(index);
                let since = at.duration_since(tally.epoch).unwrap_or_default().as_micros() as u64;
                tally.delays.push(since.saturating_sub(mark.sent_us) as u32);
            }
        })?;
        Ok(())
    }
}

impl Received {
    fn note(&mut self, index: u64) {
        let (word, bit) = ((index / 64) as usize, 1 << (index % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.repeated += u64::from(self.bits[word] & bit != 0);
        self.bits[word] |= bit;
    }

    /// How many packets below this index are there.
    fn below(&self, index: u64) -> u64 {
        let (words, rest) = ((index / 64) as usize, index % 64);
        let whole: u32 = self.bits.iter().take(words).map(|word| word.count_ones()).sum();
        let part = self.bits.get(words).map_or(0, |word| (word & ((1 << rest) - 1)).count_ones());
        u64::from(whole) + u64::from(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_counts_once_and_only_inside_the_window() {
        let mut received = Received::default();
        for index in [0, 63, 64, 64, 70, 200] {
            received.note(index);
        }
        assert_eq!(received.repeated, 1);
        assert_eq!([0, 1, 64, 65, 70, 71, 201, 1000].map(|until| received.below(until)), [0, 1, 2, 3, 3, 4, 5, 5]);
    }
}
