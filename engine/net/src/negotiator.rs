//! The thread that reads offers and builds peer connections, so that a join costs the media threads next to nothing. It keeps
//! no state: later offers of a session go on to its shard.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use rtc_protocol::{MediaAnswer, MediaOffer, OfferPurpose, SessionId};

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
        let Application { offer, reply, .. } = application;
        // What is built of an offer is thrown away if that panics, so nothing half-done is seen afterwards.
        let control = match catch_unwind(AssertUnwindSafe(|| self.work(session, &offer))) {
            Ok(Ok(Work::New(peer, answer))) => Control::Install { session, peer, answer, reply },
            Ok(Ok(Work::More(offer))) => Control::Renegotiate { session, offer, reply },
            Ok(Err(error)) => return reply(Err(error)),
            Err(_) => {
                tracing::error!(%session, "reading an offer panicked");
                return reply(Err(OfferError::Failed));
            }
        };
        if let Err(Control::Install { reply, .. } | Control::Renegotiate { reply, .. }) = shard.ask(control) {
            reply(Err(OfferError::Failed));
        }
    }

    fn work(&self, session: SessionId, offer: &MediaOffer) -> Result<Work, OfferError> {
        let purpose = offer.purpose;
        let offer = Offer::read(offer, self.terms)?;
        Ok(match purpose {
            OfferPurpose::Grow | OfferPurpose::Restart => Work::More(Box::new(offer)),
            OfferPurpose::Enter | OfferPurpose::Replace => {
                let now = Instant::now();
                let mut peer = self.maker.make(now, session);
                let sdp = peer.handle_offer(now, offer)?;
                Work::New(peer, MediaAnswer { sdp })
            }
        })
    }
}

/// What an offer becomes here.
enum Work {
    /// A peer connection, and its answer.
    New(Box<dyn Peer>, MediaAnswer),
    /// Something for a peer connection that runs already.
    More(Box<Offer>),
}
