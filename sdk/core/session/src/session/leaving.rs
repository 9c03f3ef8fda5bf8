//! The end of a stay: by own will, by the engine's, or because nothing works any more.

use std::time::Instant;

use rtc_protocol::Request;

use super::arriving::Aim;
use super::{Alarms, COMING_BACK, Connection, EXIT, GOODBYE, LEAVING, Phase, Session};
use crate::signaling::Asked;
use crate::{Ending, Event, Output};

impl Session {
    /// Leaves: announces it, during an outage on a connection made for it, if one can be made soon.
    pub(super) fn exit(&mut self, now: Instant) {
        if self.phase != Phase::Inside {
            // Of an entry that is under way nothing is left when its connection closes.
            self.over_by_own_will();
            return;
        }
        self.close_media();
        self.alarms = Alarms::default();
        if let Connection::Up(signaling) = &mut self.connection {
            self.phase = Phase::Leaving { until: now + EXIT };
            signaling.ask(now, Request::Exit {}, Asked::Exit, &mut self.outputs);
        } else if self.membership.resume.is_some() {
            self.phase = Phase::Leaving { until: now + GOODBYE };
            self.close_socket(COMING_BACK);
            self.join(now, Aim::Goodbye);
        } else {
            self.over_by_own_will();
        }
    }

    /// The departure was announced, or cannot be.
    pub(super) fn over_by_own_will(&mut self) {
        self.exited(Ending::Own);
    }

    pub(super) fn exited(&mut self, ending: Ending) {
        if self.phase != Phase::Over {
            self.end();
            self.tell(Event::Exited(ending));
        }
    }

    /// Lets go of everything.
    pub(super) fn end(&mut self) {
        self.close_socket(LEAVING);
        self.close_media();
        self.phase = Phase::Over;
        self.alarms = Alarms::default();
        self.members.clear();
        self.slots.clear();
        self.views.clear();
        self.messages.clear();
    }

    fn close_media(&mut self) {
        self.media.watch = None;
        self.held.clear();
        if self.transport.take().is_some() {
            self.outputs.push_back(Output::ClosePaths);
        }
    }
}
