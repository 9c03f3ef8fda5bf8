//! Sessions of a shard coming and going: new peer connections, later offers, ends of every kind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::Instant;

use rtc_protocol::{MediaAnswer, SessionId};
use rtc_sfu::{Command, PeerKey};

use crate::allowance::Allowance;
use crate::inbox::Reply;
use crate::media::MediaEvent;
use crate::offer::Offer;
use crate::peer::Peer;
use crate::session::Session;
use crate::shard::Shard;
use crate::{EndReason, OfferError};

impl Shard {
    /// A room's wish.
    pub(crate) fn handle_command(&mut self, now: Instant, command: Command) {
        self.forwarder.handle_command(now, command);
        let Command::Close { session } = command else { return };
        self.closed.insert(session, now);
        if let Some(key) = self.by_id.get(&session).copied() {
            self.remove(now, key);
        }
    }

    /// Takes a new peer connection in, in place of the one the session may have.
    pub(crate) fn install(&mut self, now: Instant, id: SessionId, peer: Box<dyn Peer>, answer: MediaAnswer, reply: Reply) {
        // It is here now, or never will be.
        let _ = self.load.expected.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n > 0).then(|| n - 1));
        if self.closed.contains_key(&id) {
            self.stats.counts.offers_refused += 1;
            return reply(Err(OfferError::NoSession));
        }
        if let Some(old) = self.by_id.get(&id).copied() {
            self.remove(now, old);
        }
        let slots = peer.slots();
        let mut session = Session::new(now, id, peer);
        session.allowance = Allowance::new(now, self.config.publisher_bits);
        let ufrag = session.ufrag;
        // A slab of 2^32 sessions does not fit any memory.
        let key = self.sessions.insert(session) as u32;
        self.by_id.insert(id, key);
        self.by_ufrag.insert(ufrag, key);
        self.loads(1);
        self.forwarder.add_session(PeerKey(key), id);
        self.forwarder.set_slots(now, PeerKey(key), &slots);
        self.stats.counts.offers += 1;
        self.touch(key);
        reply(Ok(answer));
    }

    /// A later offer of a session: more slots, or an ICE restart.
    pub(crate) fn renegotiate(&mut self, now: Instant, id: SessionId, offer: Offer, reply: Reply) {
        let answer = self.renegotiated(now, id, offer);
        match answer {
            Ok(_) => self.stats.counts.offers += 1,
            Err(_) => self.stats.counts.offers_refused += 1,
        }
        reply(answer);
    }

    fn renegotiated(&mut self, now: Instant, id: SessionId, offer: Offer) -> Result<MediaAnswer, OfferError> {
        let key = self.by_id.get(&id).copied().ok_or(OfferError::NoSession)?;
        let session = self.sessions.get_mut(key as usize).ok_or(OfferError::NoSession)?;
        let peer = &mut session.peer;
        let answer = catch_unwind(AssertUnwindSafe(|| peer.handle_offer(now, offer)));
        let (ufrag, slots) = (peer.ufrag(), peer.slots());
        let before = std::mem::replace(&mut session.ufrag, ufrag);
        // Also where the offer was refused: what was taken of it before that stays.
        if before != ufrag {
            session.restart(now);
            self.by_ufrag.remove(&before);
            self.by_ufrag.insert(ufrag, key);
        }
        let Ok(answer) = answer else {
            self.fail(now, key);
            return Err(OfferError::Failed);
        };
        self.forwarder.set_slots(now, PeerKey(key), &slots);
        self.touch(key);
        Ok(MediaAnswer { sdp: answer? })
    }

    /// A session's code panicked: it alone ends.
    pub(crate) fn fail(&mut self, now: Instant, key: u32) {
        self.stats.counts.panics += 1;
        if let Some(session) = self.sessions.get_mut(key as usize) {
            tracing::error!(session = %session.id, "a peer connection panicked and was ended");
            session.broken = true;
        }
        self.end(now, key, EndReason::Failed);
    }

    /// A peer connection is over without the room's wish, which is told.
    pub(crate) fn end(&mut self, now: Instant, key: u32, reason: EndReason) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        if session.leaving {
            return;
        }
        // What it said last cannot matter any more.
        session.broken |= reason == EndReason::Failed;
        let id = session.id;
        self.remove(now, key);
        (self.emit)(MediaEvent::Ended { session: id, reason });
    }

    /// Takes a peer connection away, after it has said good-bye.
    pub(crate) fn remove(&mut self, now: Instant, key: u32) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        if std::mem::replace(&mut session.leaving, true) {
            return;
        }
        if !session.broken {
            let peer = &mut session.peer;
            match catch_unwind(AssertUnwindSafe(|| peer.close())) {
                Ok(()) => self.listen(now, key),
                Err(_) => self.stats.counts.panics += 1,
            }
        }
        let Some(session) = self.sessions.try_remove(key as usize) else { return };
        self.loads(-1);
        for address in session.addresses() {
            self.addresses.remove(&address, key);
        }
        self.by_ufrag.remove(&session.ufrag);
        if self.by_id.get(&session.id) == Some(&key) {
            self.by_id.remove(&session.id);
        }
        for (_, stream) in &session.streams {
            if let Some(stream) = self.streams.get_mut(*stream) {
                // The good-bye; whether it arrives is not ours.
                let _ = stream.flush(now);
            }
            self.streams.try_remove(*stream);
        }
        // What a panic has left behind may panic again.
        if catch_unwind(AssertUnwindSafe(|| drop(session))).is_err() {
            self.stats.counts.panics += 1;
        }
        self.forwarder.remove_session(now, PeerKey(key));
    }
}
