//! The way to one client: a queue bounded in messages and bytes, which carries answers and pushes in order. The control
//! never waits for a client; one that does not read loses its connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use rtc_protocol::{Answer, EngineFrame, Push};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};

/// A WebSocket, for as long as it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConnectionId(u64);

/// What is written to a client.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// A text frame.
    Text(String),
    /// Nothing: what comes next waits until this fact has been written.
    After(u64),
    /// The last thing: a close frame.
    Close { code: u16, reason: &'static str },
}

/// The writing end.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    id: ConnectionId,
    queue: mpsc::Sender<Outgoing>,
    waiting: Arc<AtomicUsize>,
    most_bytes: usize,
    cut: Arc<Notify>,
}

/// The connection's end.
#[derive(Debug)]
pub(crate) struct LinkEnd {
    pub(crate) queue: mpsc::Receiver<Outgoing>,
    waiting: Arc<AtomicUsize>,
    /// Rings when the connection is to be dropped at once.
    pub(crate) cut: Arc<Notify>,
}

/// The client does not read fast enough.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

impl Link {
    /// A new link that holds at most so much that was not written yet.
    pub(crate) fn new(most_messages: usize, most_bytes: usize) -> (Self, LinkEnd) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = ConnectionId(NEXT.fetch_add(1, Ordering::Relaxed));
        let (queue, receiver) = mpsc::channel(most_messages);
        let (waiting, cut) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let end = LinkEnd { queue: receiver, waiting: Arc::clone(&waiting), cut: Arc::clone(&cut) };
        (Self { id, queue, waiting, most_bytes, cut }, end)
    }

    pub(crate) fn id(&self) -> ConnectionId {
        self.id
    }

    pub(crate) fn answer(&self, answer: Answer) -> Result<(), Overflow> {
        self.send(&EngineFrame::Answer(answer))
    }

    pub(crate) fn push(&self, push: Push) -> Result<(), Overflow> {
        self.send(&EngineFrame::Push(push))
    }

    /// Has what is sent from now on wait until a fact has been written, so that it outlives a crash once the client knows of it.
    pub(crate) fn after(&self, fact: u64) -> Result<(), Overflow> {
        self.enqueue(Outgoing::After(fact))
    }

    fn send(&self, frame: &EngineFrame) -> Result<(), Overflow> {
        let text = serde_json::to_string(frame).expect("frames hold nothing that JSON lacks");
        let bytes = text.len();
        if self.waiting.fetch_add(bytes, Ordering::Relaxed) + bytes > self.most_bytes {
            return Err(Overflow);
        }
        self.enqueue(Outgoing::Text(text))
    }

    fn enqueue(&self, outgoing: Outgoing) -> Result<(), Overflow> {
        match self.queue.try_send(outgoing) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Overflow),
            // It is gone, and the control is about to hear of it.
            Err(TrySendError::Closed(_)) => Ok(()),
        }
    }

    /// Ends the connection after what is waiting has been written.
    pub(crate) fn close(&self, code: u16, reason: &'static str) {
        if self.queue.try_send(Outgoing::Close { code, reason }).is_err() {
            self.cut();
        }
    }

    /// Drops the connection at once.
    pub(crate) fn cut(&self) {
        self.cut.notify_one();
    }
}

impl LinkEnd {
    /// The next thing to write; nothing when all links are gone.
    pub(crate) async fn next(&mut self) -> Option<Outgoing> {
        let outgoing = self.queue.recv().await?;
        if let Outgoing::Text(text) = &outgoing {
            self.waiting.fetch_sub(text.len(), Ordering::Relaxed);
        }
        Some(outgoing)
    }

    /// Whether more waits to be written.
    pub(crate) fn has_more(&self) -> bool {
        !self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use rtc_protocol::PushBody;

    use super::*;

    fn push(n: u64) -> Push {
        Push { n, body: PushBody::Closing { retry_after_ms: 1 } }
    }

    #[test]
    fn too_many_messages_overflow() {
        let (link, _end) = Link::new(2, 1000);
        assert_eq!(link.push(push(1)), Ok(()));
        assert_eq!(link.push(push(2)), Ok(()));
        assert_eq!(link.push(push(3)), Err(Overflow));
    }

    #[tokio::test]
    async fn too_many_bytes_overflow_until_they_are_read() {
        let (link, mut end) = Link::new(100, 60);
        assert_eq!(link.push(push(1)), Ok(()));
        assert!(matches!(end.next().await, Some(Outgoing::Text(text)) if text.starts_with(r#"{"n":1,"#)));
        assert_eq!(link.push(push(2)), Ok(()));
        assert_eq!(link.push(push(3)), Err(Overflow));
    }

    #[tokio::test]
    async fn a_close_that_finds_no_place_cuts() {
        let (link, end) = Link::new(1, 1000);
        assert_eq!(link.push(push(1)), Ok(()));
        link.close(1000, "bye");
        end.cut.notified().await;
    }
}
