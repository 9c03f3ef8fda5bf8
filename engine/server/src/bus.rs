//! The one stream of facts. Whoever keeps a record of what happened (the store, metrics, later callbacks, metering and
//! monitoring) is a [`Reader`] of it; nothing is ever called from a room.
//!
//! Each reader has a bounded queue and a task of its own: a slow one delays neither rooms nor other readers. What does
//! not fit its queue is not kept for it; it is told that it missed something and reconciles itself from the source.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtc_room::Fact;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Facts that may wait for one reader.
const QUEUE: usize = 16 * 1024;
/// Facts handed over at once.
const BATCH: usize = 1024;

/// Somebody who reads facts.
///
/// A new one is attached in `engine.rs`. It sees every fact from then on, in order, unless it is told otherwise. Facts
/// are numbered without gaps, so a reader that keeps its position can also tell by itself.
pub trait Reader: Send + 'static {
    /// For logs and metrics.
    fn name(&self) -> &'static str;

    /// Facts that happened, in order: whatever has come since the last call, so that they can be committed as one group.
    fn handle_facts(&mut self, facts: &[Arc<Fact>]) -> impl Future<Output = ()> + Send;

    /// Facts were dropped because this reader was too slow: so many, some time before now. Called before the facts
    /// that follow.
    fn handle_missed(&mut self, count: u64) -> impl Future<Output = ()> + Send;
}

/// The writing end, held by the control.
#[derive(Default)]
pub struct Bus {
    readers: Vec<Line>,
}

struct Line {
    name: &'static str,
    queue: mpsc::Sender<Arc<Fact>>,
    missed: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Bus {
    /// Adds a reader and starts its task.
    pub fn attach(&mut self, mut reader: impl Reader) {
        let (queue, mut facts) = mpsc::channel(QUEUE);
        let missed = Arc::new(AtomicU64::new(0));
        let name = reader.name();
        let task = tokio::spawn({
            let missed = Arc::clone(&missed);
            async move {
                let mut batch = Vec::with_capacity(BATCH);
                while facts.recv_many(&mut batch, BATCH).await > 0 {
                    let count = missed.swap(0, Ordering::Relaxed);
                    if count > 0 {
                        reader.handle_missed(count).await;
                    }
                    reader.handle_facts(&batch).await;
                    batch.clear();
                }
                // What was dropped last has no fact after it to be told with.
                let count = missed.swap(0, Ordering::Relaxed);
                if count > 0 {
                    reader.handle_missed(count).await;
                }
            }
        });
        self.readers.push(Line { name, queue, missed, task });
    }

    /// Tells everybody a fact. Never waits.
    pub(crate) fn publish(&self, fact: Fact) {
        let fact = Arc::new(fact);
        for reader in &self.readers {
            if reader.queue.try_send(Arc::clone(&fact)).is_err() && reader.missed.fetch_add(1, Ordering::Relaxed) == 0 {
                tracing::warn!(reader = reader.name, fact = fact.n, "a reader of facts is too slow and misses some");
            }
        }
    }

    /// Ends the stream and waits until every reader has done what it was told.
    pub(crate) async fn close(self) {
        for Line { queue, task, name, .. } in self.readers {
            drop(queue);
            if task.await.is_err() {
                tracing::error!(reader = name, "a reader of facts has panicked");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use rtc_protocol::{RoomId, RoomKey, SdkAppId};
    use rtc_room::{EndCause, FactBody, Time};
    use tokio::sync::Semaphore;

    use super::*;

    /// Takes one batch a permit, and writes down what it was told.
    struct Slow {
        permits: Arc<Semaphore>,
        told: Arc<Mutex<Vec<String>>>,
    }

    impl Reader for Slow {
        fn name(&self) -> &'static str {
            "slow"
        }

        async fn handle_facts(&mut self, facts: &[Arc<Fact>]) {
            self.permits.acquire().await.expect("never closed").forget();
            let range = format!("{}..={}", facts[0].n, facts[facts.len() - 1].n);
            self.told.lock().expect("no panic").push(range);
        }

        async fn handle_missed(&mut self, count: u64) {
            self.told.lock().expect("no panic").push(format!("missed {count}"));
        }
    }

    fn fact(n: u64) -> Fact {
        let room = RoomKey { app: SdkAppId(1), room: RoomId::Number(1) };
        Fact { n, at: Time(n), room, body: FactBody::RoomEnded { cause: EndCause::Emptied } }
    }

    #[tokio::test]
    async fn a_slow_reader_misses_facts_and_is_told_so() {
        let (permits, told) = (Arc::new(Semaphore::new(0)), Arc::default());
        let mut bus = Bus::default();
        bus.attach(Slow { permits: Arc::clone(&permits), told: Arc::clone(&told) });
        bus.publish(fact(1));
        // It has taken the first and waits; the queue fills behind it.
        tokio::task::yield_now().await;
        for n in 2..=QUEUE as u64 + 11 {
            bus.publish(fact(n));
        }
        permits.add_permits(1000);
        bus.close().await;
        let told = told.lock().expect("no panic");
        assert_eq!(told[..2], ["1..=1", "missed 10"]);
        assert_eq!(told.last().expect("told"), &format!("{}..={}", QUEUE - BATCH + 2, QUEUE + 1));
    }
}
