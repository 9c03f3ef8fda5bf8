//! Every way out of a room. The departure is announced first, then everything that was opened for the room is let go of,
//! and only then the application is told (`onExitRoom`): it may enter again or destroy the instance from there on.

use std::sync::Arc;

use rtc_api::Event;
use rtc_protocol::ExitReason;
use rtc_session::{Command, Ending};

use super::Control;
use crate::failure::code_of;
use crate::shared::Phase;

impl Control {
    /// Leaves. Outside of a room there is nothing to leave, and nothing is told, because a pair of calls gets one answer.
    pub(crate) fn exit_room(&mut self) {
        // Whoever was to be entered next is not any more.
        let had_next = self.next.take().is_some();
        let Some(stay) = &mut self.stay else {
            tracing::warn!("exitRoom was called outside of a room");
            return;
        };
        if stay.is_leaving {
            if had_next {
                self.called_off += 1;
            } else {
                tracing::info!("exitRoom was called while leaving; once is enough");
            }
            return;
        }
        stay.is_leaving = true;
        // The others first.
        if stay.link.command(Command::Exit).is_err() {
            tracing::warn!("the session is over already");
        }
        self.shared.set_phase(Phase::Leaving);
        self.let_go();
    }

    /// The session says that it is over.
    pub(super) fn exited(&mut self, ending: &Ending) {
        let Some(stay) = self.stay.take() else { return };
        if stay.is_leaving {
            // Everything was let go of when the exit began; what was started since then is for the next room.
            self.seat.forget_voices();
        } else {
            self.let_go();
        }
        let reason = match ending {
            Ending::Own => ExitReason::Own,
            Ending::Removed(reason) => reason.exit_reason(),
            // There is no number for a session that found no way back. Being told nothing would leave the application in a
            // room that is not there; the server decided that we are out, so this is its removal, with the reason as an error.
            Ending::Failed(failure) => {
                self.courier.error(code_of(failure), failure.message.clone());
                ExitReason::Removed
            }
        };
        self.left(reason);
    }

    /// Out, with everything let go of.
    pub(super) fn left(&mut self, reason: ExitReason) {
        self.shared.set_phase(Phase::Out);
        self.courier.tell(Event::ExitRoom { reason: i32::from(u8::from(reason)) });
        for _ in 0..std::mem::take(&mut self.called_off) {
            self.courier.tell(Event::ExitRoom { reason: i32::from(u8::from(ExitReason::Own)) });
        }
        self.take_next();
    }

    pub(super) fn take_next(&mut self) {
        if let Some(entry) = self.next.take() {
            self.enter(&entry);
        }
    }

    /// Camera, microphone, screen, codecs, the others' sound and pictures, and every setting that lasts for one stay.
    fn let_go(&mut self) {
        self.recordings.stop();
        self.publications.clear();
        self.hearing.reset();
        self.views.clear();
        self.pictures.leave();
        self.seat.leave();
        self.set_key(None);
        self.others.forget();
        self.measuring.stop();
    }

    /// The instance ends: leaves politely if it is in a room, and tells nothing any more.
    pub(super) fn shut_down(&mut self) {
        self.next = None;
        let stay = self.stay.take();
        self.let_go();
        self.pictures.close();
        self.seat.close();
        // Sound and pictures have let go of it, so that this is the last reference, and the goodbye is waited for.
        if let Some(link) = stay.and_then(|stay| Arc::try_unwrap(stay.link).ok()) {
            link.close();
        }
        self.shared.set_phase(Phase::Out);
    }
}
