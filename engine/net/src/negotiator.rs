//! The thread that reads offers and builds peer connections, so that a join costs the media threads next to nothing. It keeps
//! no state: later offers of a session go on to its shard.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use rtc_protocol::{MediaAnswer, OfferPurpose, SessionId};

use crate::OfferError;
use crate::inbox::{Application, Control, Outlet};
use crate::offer::{Offer, Terms};
use crate::peer::Peer;

/// Offers that may wait. At about 2 ms each, more would be answered too late to be of use.
const WAITING: usize = 1024;

/// Builds a peer connection for a session. A trait of its own so that tests can have sessions that misbehave.
pub(crate) trait MakePeer: Send + Sync + 'static {
    fn make(&self, now: Instant, session: SessionId) -> Box<dyn Peer>;

    /// Does once what the first peer connection would otherwise wait for. Says whether that went well.
    fn warm_up(&self) -> bool {
        true
    }
}

/// The way to the negotiator. When the last is dropped, the thread ends.
pub(crate) struct Negotiator {
    applications: Sender<Application>,
    thread: JoinHandle<()>,
}

impl Negotiator {
    /// Starts the thread.
    pub(crate) fn start(maker: Arc<dyn MakePeer>, shards: Vec<Outlet>, terms: Terms) -> std::io::Result<Self> {
        let (applications, waiting) = bounded(WAITING);
        let worker = Worker { maker, shards, terms };
        let thread = std::thread::Builder::new().name("media-offers".into()).spawn(move || worker.run(&waiting))?;
        Ok(Self { applications, thread })
    }

    /// Hands an offer in. It is answered in any case.
    pub(crate) fn apply(&self, application: Application) {
        let (application, error) = match self.applications.try_send(application) {
            Ok(()) => return,
            Err(TrySendError::Full(application)) => (application, OfferError::Busy),
            Err(TrySendError::Disconnected(application)) => (application, OfferError::Failed),
        };
        (application.reply)(Err(error));
    }

    /// Ends the thread, after what waits.
    pub(crate) fn stop(self) {
        drop(self.applications);
        // It has caught every panic of an offer; one of its own has been printed.
        let _ = self.thread.join();
    }
}

struct Worker {
    maker: Arc<dyn MakePeer>,
    shards: Vec<Outlet>,
    terms: Terms,
}

impl Worker {
    fn run(&self, waiting: &Receiver<Application>) {
        if !catch_unwind(AssertUnwindSafe(|| self.maker.warm_up())).unwrap_or(false) {
            tracing::warn!("the handshake in memory at the start failed; the first client may have to wait");
        }
        for application in waiting {
            self.handle(application);
        }
    }

    fn handle(&self, application: Application) {
        let session = application.session;
        let Some(shard) = self.shards.get(usize::from(session.shard())) else {
            return (application.reply)(Err(OfferError::NoSession));
        };
        let control = match application.offer.purpose {
            OfferPurpose::Grow | OfferPurpose::Restart => Control::Renegotiate(Box::new(application)),
            OfferPurpose::Enter | OfferPurpose::Replace => match self.build(session, &application) {
                Ok((peer, answer)) => Control::Install { session, peer, answer, reply: application.reply },
                Err(error) => return (application.reply)(Err(error)),
            },
        };
        match shard.ask(control) {
            Err(Control::Install { reply, .. }) => reply(Err(OfferError::Failed)),
            Err(Control::Renegotiate(application)) => (application.reply)(Err(OfferError::Failed)),
            _ => {}
        }
    }

    fn build(&self, session: SessionId, application: &Application) -> Result<(Box<dyn Peer>, MediaAnswer), OfferError> {
        // What is built here is thrown away if it panics, so nothing half-done is seen afterwards.
        catch_unwind(AssertUnwindSafe(|| {
            let offer: Offer = application.read(self.terms)?;
            let now = Instant::now();
            let mut peer = self.maker.make(now, session);
            let sdp = peer.handle_offer(now, &offer)?;
            Ok((peer, MediaAnswer { sdp }))
        }))
        .unwrap_or_else(|_| {
            tracing::error!(%session, "reading an offer panicked");
            Err(OfferError::Failed)
        })
    }
}
