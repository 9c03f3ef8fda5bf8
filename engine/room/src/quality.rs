//! Clients' reports, and the qualities a room is told of, batched.

use std::collections::BTreeSet;
use std::sync::Arc;

use rtc_protocol::{MemberQuality, PushBody, Report, RoomKey, SessionId};

use crate::member::Member;
use crate::room::{Room, Turn};
use crate::timers::Timer;
use crate::{FactBody, Time};

/// Entries kept of each list of a report.
const REPORT_ENTRIES: usize = 128;
/// Reports of a member that follow each other faster are passed over; they are due every 2 s.
const REPORT_SPACING_MS: u64 = 1000;
/// The worst quality there is: disconnected.
const WORST: u8 = 6;
/// How often a room is told, at most.
const TELL_EVERY_MS: u64 = 2000;
/// A larger room is told as much more rarely, so that no room makes more than about 500 pushes a second.
const TELL_MEMBERS: u64 = 1000;
/// In a room with more announced members than this, only the quality of those who publish is told.
const SMALL_ROOM: usize = 50;

/// What is yet to be told of qualities in one room.
#[derive(Debug, Default)]
pub(crate) struct QualityBoard {
    /// Whose quality changed since the last telling. Some may be gone by then, or audience.
    changed: BTreeSet<SessionId>,
    /// When the next telling is, if there is anything to tell.
    due: Option<Time>,
}

impl Room {
    /// Takes a report to the record, and the quality of the member's uplink to the board.
    pub(crate) fn report(&mut self, turn: &mut Turn<'_>, session: SessionId, mut report: Report) {
        let Some(member) = self.members.get_mut(&session) else { return };
        if member.reported.is_some_and(|at| at.0.abs_diff(turn.now.0) < REPORT_SPACING_MS) {
            return;
        }
        member.reported = Some(turn.now);
        report.local.truncate(REPORT_ENTRIES);
        report.remote.truncate(REPORT_ENTRIES);
        for quality in [&mut report.uplink_quality, &mut report.downlink_quality] {
            if *quality > WORST {
                *quality = 0;
            }
        }
        let (user, uplink) = (member.user.clone(), report.uplink_quality);
        self.fact(turn, FactBody::QualitySampled { session, user, report: Arc::new(report) });
        self.set_uplink(turn, session, uplink);
        self.mirror_uplink(turn, session, uplink);
    }

    /// Puts the quality of a member's uplink on the board, if it is another one.
    pub(crate) fn set_uplink(&mut self, turn: &mut Turn<'_>, session: SessionId, uplink: u8) {
        let Some(member) = self.members.get_mut(&session) else { return };
        if std::mem::replace(&mut member.uplink, uplink) != uplink && self.anchors.contains(&session) {
            self.quality.changed.insert(session);
            self.schedule_qualities(turn);
        }
    }

    /// A member has missed tellings, or may have: it is told everything the next time.
    pub(crate) fn qualities_missed(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        let Some(member) = self.members.get_mut(&session) else { return };
        member.needs_qualities = true;
        if self.announced().any(|other| other.session != session && other.uplink != 0) {
            self.schedule_qualities(turn);
        }
    }

    /// Tells everybody what changed, and everything to those who missed something.
    pub(crate) fn tell_qualities(&mut self, turn: &mut Turn<'_>) {
        self.quality.due = None;
        let changed = std::mem::take(&mut self.quality.changed);
        let small = self.anchors.len() <= SMALL_ROOM;
        let told_of = |member: &Member| small || member.publishes_something();
        let known: Vec<(SessionId, MemberQuality)> = self
            .announced()
            .filter(|member| told_of(member))
            .map(|member| (member.session, MemberQuality { user_id: member.user.clone(), quality: member.uplink }))
            .collect();
        for (session, member) in &mut self.members {
            let all = std::mem::take(&mut member.needs_qualities);
            let members: Vec<MemberQuality> = known
                .iter()
                .filter(|(about, quality)| about != session && (changed.contains(about) || all && quality.quality != 0))
                .map(|(_, quality)| quality.clone())
                .collect();
            if !members.is_empty() {
                member.tell(turn.outbox, PushBody::Quality { members });
            }
        }
    }

    fn schedule_qualities(&mut self, turn: &mut Turn<'_>) {
        if self.quality.due.is_none() {
            let at = turn.now + TELL_EVERY_MS * (1 + self.members.len() as u64 / TELL_MEMBERS);
            self.quality.due = Some(at);
            turn.timers.set(at, Timer::TellQuality(self.key.clone()));
        }
    }
}

impl QualityBoard {
    /// Nobody is there to be told.
    pub(crate) fn cancel(&mut self, turn: &mut Turn<'_>, key: &RoomKey) {
        if let Some(at) = self.due.take() {
            turn.timers.cancel(at, Timer::TellQuality(key.clone()));
        }
    }
}
