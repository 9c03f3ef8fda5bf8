//! The threads that drive a crowd, and what they are told. Members are dealt out to them in turn.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rtc_protocol::SdkAppId;
use slab::Slab;

use super::member::Member;
use super::plan::{Ending, Plan};
use super::tally::Tally;
use crate::engine::Engine;
use crate::systems::Door;

/// The longest a thread sleeps: it is told things through a queue that wakes nobody.
const SLEEP: Duration = Duration::from_millis(10);
/// The shortest time between two looks at all members' clocks.
const LOOK: Duration = Duration::from_millis(1);
/// For how long sockets that nobody reads stay open.
const HALF_OPEN: Duration = Duration::from_secs(20);

/// The threads.
pub(super) struct Crew {
    threads: Vec<(Sender<Order>, Option<JoinHandle<()>>)>,
    turn: usize,
    pub(super) progress: Arc<Progress>,
    interrupted: Arc<AtomicBool>,
}

/// How far a crowd is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Began to enter.
    pub(super) entered: AtomicUsize,
    pub(super) joined: AtomicUsize,
    /// Publish all they are to publish.
    pub(super) on: AtomicUsize,
    pub(super) receiving: AtomicUsize,
    pub(super) failed: AtomicUsize,
    /// Members that are there now.
    pub(super) present: AtomicUsize,
    /// Packets they sent.
    pub(super) sent: AtomicU64,
}

enum Order {
    /// Members, each with the moment it is to enter.
    Add(Vec<(Instant, Plan)>),
    /// All watch whom they are to watch.
    Look,
    /// Count from now on.
    Count,
    /// Tell what was counted, and stop counting.
    Tell(Sender<Tally>),
    Stop,
}

/// Which of a member's sockets there is something for.
#[derive(Debug, Clone, Copy)]
enum Part {
    Line,
    Media,
}

/// A copy of what it takes to enter.
#[derive(Clone)]
struct Way {
    http: String,
    app: SdkAppId,
    key: String,
}

impl Crew {
    /// Starts the threads. Times in marks count from `epoch`.
    pub(super) fn start(
        engine: &Engine,
        threads: usize,
        epoch: Instant,
        interrupted: &Arc<AtomicBool>,
    ) -> anyhow::Result<Self> {
        let progress = Arc::<Progress>::default();
        let way = Way { http: engine.http.clone(), app: engine.app, key: engine.key.clone() };
        let threads = (0..threads)
            .map(|_| {
                let (orders, ordered) = channel();
                let gang = Gang::new(way.clone(), epoch, progress.clone(), ordered)?;
                Ok((orders, Some(thread::spawn(move || gang.run()))))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self { threads, turn: 0, progress, interrupted: interrupted.clone() })
    }

    /// Has members enter, so far apart from each other.
    pub(super) fn enter(&mut self, plans: impl IntoIterator<Item = Plan>, apart: Duration) {
        let mut dealt: Vec<Vec<(Instant, Plan)>> = self.threads.iter().map(|_| Vec::new()).collect();
        let mut at = Instant::now();
        for plan in plans {
            dealt[self.turn].push((at, plan));
            self.turn = (self.turn + 1) % self.threads.len();
            at += apart;
        }
        for ((thread, _), plans) in self.threads.iter().zip(dealt) {
            // One that has gone is noticed when it is asked.
            let _ = thread.send(Order::Add(plans));
        }
    }

    pub(super) fn look(&self) {
        self.order(|| Order::Look);
    }

    pub(super) fn count(&self) {
        self.order(|| Order::Count);
    }

    /// What was counted since [`Crew::count`], and how the entries went until now.
    pub(super) fn tally(&self) -> anyhow::Result<Tally> {
        let (tell, told) = channel();
        self.order(|| Order::Tell(tell.clone()));
        drop(tell);
        let mut sum = Tally::default();
        for _ in &self.threads {
            sum.add(told.recv().context("a thread of the crowd has failed")?);
        }
        Ok(sum)
    }

    /// Waits until it is so. Says what did not happen where it takes too long.
    pub(super) fn until(&self, what: &str, within: Duration, so: impl Fn(&Progress) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + within;
        while !so(&self.progress) {
            if Instant::now() > deadline {
                let failures = self.tally()?.failures;
                let first = failures.first().map_or("nothing has failed", String::as_str);
                bail!("after {} s it is not so that {what}: {:?}; {first}", within.as_secs(), self.progress);
            }
            self.wait(Duration::from_millis(10))?;
        }
        Ok(())
    }

    /// Lets time pass.
    pub(super) fn wait(&self, duration: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + duration;
        while let Some(rest) = end.checked_duration_since(Instant::now()).filter(|rest| !rest.is_zero()) {
            if self.interrupted.load(Ordering::Relaxed) {
                bail!("stopped");
            }
            thread::sleep(rest.min(Duration::from_millis(100)));
        }
        Ok(())
    }

    fn order(&self, order: impl Fn() -> Order) {
        for (thread, _) in &self.threads {
            // One that has gone is noticed when it is asked.
            let _ = thread.send(order());
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.order(|| Order::Stop);
        for (_, thread) in &mut self.threads {
            if let Some(thread) = thread.take() {
                // A failed one has told so.
                let _ = thread.join();
            }
        }
    }
}

/// One thread's members.
struct Gang {
    way: Way,
    epoch: Instant,
    progress: Arc<Progress>,
    orders: Receiver<Order>,
    poll: Poll,
    members: Slab<Member>,
    /// In the order of time.
    arriving: VecDeque<(Instant, Plan)>,
    /// Sockets that nobody reads.
    half_open: VecDeque<(Instant, Member)>,
    tally: Tally,
}

impl Gang {
    fn new(way: Way, epoch: Instant, progress: Arc<Progress>, orders: Receiver<Order>) -> anyhow::Result<Self> {
        Ok(Self {
            way,
            epoch,
            progress,
            orders,
            poll: Poll::new()?,
            members: Slab::new(),
            arriving: VecDeque::new(),
            half_open: VecDeque::new(),
            tally: Tally::default(),
        })
    }

    fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        let mut due = Vec::new();
        let mut look_at = Instant::now();
        loop {
            while let Ok(order) = self.orders.try_recv() {
                match order {
                    Order::Add(plans) => self.arriving.extend(plans),
                    Order::Look => self.look(),
                    Order::Count => self.count(),
                    // Who asked may have given up.
                    Order::Tell(tell) => drop(tell.send(self.tell())),
                    Order::Stop => return,
                }
            }
            let now = Instant::now();
            let next = self.arriving.front().map_or(look_at, |(at, _)| look_at.min(*at));
            let wait = next.saturating_duration_since(now).min(SLEEP);
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                self.tally.failures.push(format!("waiting for sockets: {error}"));
                return;
            }
            for event in &events {
                let Token(token) = event.token();
                self.drive(token / 2, if token % 2 == 0 { Part::Media } else { Part::Line });
            }
            let now = Instant::now();
            if look_at <= now {
                due.extend(self.members.iter().filter(|(_, member)| member.next <= now).map(|(key, _)| key));
                for key in due.drain(..) {
                    self.drive(key, Part::Media);
                }
                self.end_lives(now);
                let next = self.members.iter().map(|(_, member)| member.next).min();
                look_at = next.map_or(now + SLEEP, |next| next.clamp(now + LOOK, now + SLEEP));
            }
            // One at a time, so that those who are in are served in between.
            if self.arriving.front().is_some_and(|(at, _)| *at <= now)
                && let Some((_, plan)) = self.arriving.pop_front()
            {
                self.enter(plan);
            }
        }
    }

    fn enter(&mut self, plan: Plan) {
        self.progress.entered.fetch_add(1, Ordering::Relaxed);
        let door = Door { http: &self.way.http, app: self.way.app, key: &self.way.key };
        let user = plan.user.clone();
        let member = match Member::enter(door, plan, self.epoch) {
            Ok(member) => member,
            Err(error) => return self.fail(&user, &error),
        };
        let [media, line] = member.sockets();
        let entry = self.members.vacant_entry();
        for (socket, token) in [(media, entry.key() * 2), (line, entry.key() * 2 + 1)] {
            if let Err(error) = self.poll.registry().register(&mut SourceFd(&socket), Token(token), Interest::READABLE) {
                return self.fail(&user, &error.into());
            }
        }
        let key = entry.key();
        entry.insert(member);
        self.progress.present.fetch_add(1, Ordering::Relaxed);
        self.drive(key, Part::Line);
    }

    fn drive(&mut self, key: usize, part: Part) {
        let Some(member) = self.members.get_mut(key) else { return };
        let before = (member.is_joined, member.is_on, member.receives);
        let sent_before = member.sent();
        let driven = match part {
            Part::Line => member.drive_line(&mut self.tally),
            Part::Media => member.drive_media(&mut self.tally),
        };
        match driven {
            Ok(()) => {
                let Progress { joined, on, receiving, sent, .. } = &*self.progress;
                sent.fetch_add(member.sent() - sent_before, Ordering::Relaxed);
                joined.fetch_add(usize::from(member.is_joined && !before.0), Ordering::Relaxed);
                on.fetch_add(usize::from(member.is_on && !before.1), Ordering::Relaxed);
                receiving.fetch_add(usize::from(member.receives && !before.2), Ordering::Relaxed);
            }
            Err(error) => {
                let Some(member) = self.remove(key) else { return };
                self.fail(&member.plan.user, &error);
            }
        }
    }

    fn end_lives(&mut self, now: Instant) {
        while self.half_open.front().is_some_and(|(until, _)| *until <= now) {
            self.half_open.pop_front();
        }
        let is_over = |member: &Member| member.ends().is_some_and(|end| end <= now);
        let over: Vec<usize> = self.members.iter().filter(|(_, member)| is_over(member)).map(|(key, _)| key).collect();
        for key in over {
            let Some(mut member) = self.remove(key) else { continue };
            match member.plan.life.map(|(_, ending)| ending) {
                Some(Ending::Exit) => member.exit(),
                Some(Ending::HalfOpen) => {
                    for socket in member.sockets() {
                        // It is not waited for any more.
                        let _ = self.poll.registry().deregister(&mut SourceFd(&socket));
                    }
                    self.half_open.push_back((now + HALF_OPEN, member));
                }
                Some(Ending::Killed) | None => {}
            }
        }
    }

    fn remove(&mut self, key: usize) -> Option<Member> {
        let mut member = self.members.try_remove(key)?;
        let (packets, lost) = member.take_arrivals();
        if self.tally.is_counting {
            self.tally.packets += packets;
            self.tally.lost += lost;
        }
        self.progress.present.fetch_sub(1, Ordering::Relaxed);
        Some(member)
    }

    fn fail(&mut self, user: &str, error: &anyhow::Error) {
        self.progress.failed.fetch_add(1, Ordering::Relaxed);
        self.tally.failures.push(format!("{user}: {error:#}"));
    }

    fn look(&mut self) {
        let mut broken = Vec::new();
        for (_, member) in &mut self.members {
            if let Err(error) = member.look().and_then(|()| member.drive_line(&mut self.tally)) {
                broken.push((member.plan.user.clone(), error));
            }
        }
        for (user, error) in broken {
            self.fail(&user, &error);
        }
    }

    fn count(&mut self) {
        for (_, member) in &mut self.members {
            member.take_arrivals();
        }
        self.tally.delays.clear();
        (self.tally.packets, self.tally.lost, self.tally.pushes) = (0, 0, 0);
        self.tally.is_counting = true;
    }

    fn tell(&mut self) -> Tally {
        for (_, member) in &mut self.members {
            let (packets, lost) = member.take_arrivals();
            self.tally.packets += packets;
            self.tally.lost += lost;
        }
        std::mem::take(&mut self.tally)
    }
}
