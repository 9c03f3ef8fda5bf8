//! The peer connection of a stay: what comes from it, and how its path is brought back: ICE first, then a new one.

use std::time::{Duration, Instant};

use rtc_protocol::{MediaAnswer, OfferPurpose, Request};

use super::arriving::SETTLE;
use super::{Connection, MOST_PAIRS, MediaState, Phase, Session};
use crate::signaling::Asked;
use crate::slots::Source;
use crate::transport::{Happening, PathState, Transport};
use crate::{Event, Failure, Line, code};

/// What an ICE path may take to come up, or come back, before a new peer connection is made.
const PATH: Duration = Duration::from_secs(10);
/// After this long without media the application is told.
const BLOCKED: Duration = Duration::from_secs(30);
/// Between two attempts of which the first was refused.
const PAUSE: Duration = Duration::from_secs(1);

/// A path that is missed, or not there yet.
#[derive(Debug)]
pub(super) struct Watch {
    since: Instant,
    /// When the next step is taken; nothing while there is nobody to ask, or it is not known whether there is.
    pub(super) step_at: Option<Instant>,
    is_restarted: bool,
    is_told_blocked: bool,
    reason: Reason,
}

/// Why a path is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It is lost, or not there yet.
    Missing,
    /// Nothing comes any more, though it is too early to call it lost.
    Hushed,
    /// Another network: a restart even if the path seems to work.
    Moved,
}

impl Watch {
    fn new(since: Instant, step_at: Option<Instant>, reason: Reason) -> Self {
        Self { since, step_at, is_restarted: false, is_told_blocked: false, reason }
    }
}

impl Session {
    /// A new peer connection instead of the one before.
    pub(super) fn open_transport(&mut self, now: Instant) {
        if let Some(before) = &mut self.transport {
            self.pairs = self.pairs.max(before.pairs());
            self.rates.closing(before);
        }
        self.last_connection = self.last_connection.wrapping_add(1);
        let mut transport = Transport::new(self.last_connection, &self.config, now);
        if let Some(bits_per_second) = self.media.wanted_uplink {
            transport.want_uplink(bits_per_second);
        }
        self.transport = Some(transport);
        self.media.negotiating = None;
        self.media.is_full = false;
        self.held.clear();
        self.slots.reconnected(self.last_connection);
        for layers in self.publications.media_reset() {
            self.tell(Event::Encode(layers));
        }
        if self.media.state == MediaState::Up {
            self.media.state = MediaState::Lost;
        }
    }

    /// Watches a path that is not up until it is.
    pub(super) fn watch_media(&mut self, now: Instant) {
        if self.media.watch.is_some() || self.media.state == MediaState::Up {
            return;
        }
        let is_dead = self.transport.as_ref().is_none_or(Transport::is_dead);
        if is_dead || self.can_restart() {
            self.look_for_another_path(now, Reason::Missing);
        } else {
            // A path that was just negotiated gets its time.
            self.media.watch = Some(Watch::new(now, Some(now + PATH), Reason::Missing));
        }
    }

    /// Has a new path looked for as soon as signaling has shown that it works. Where it may be dead as well, an offer that waits in
    /// it could reach the engine after we have given it up: the engine would take the credentials of a path that nobody uses.
    fn look_for_another_path(&mut self, now: Instant, reason: Reason) {
        self.media.watch = Some(Watch::new(now, None, reason));
        self.check_signaling(now);
    }

    /// The engine has answered on the connection of the moment.
    pub(super) fn signaling_works(&mut self, now: Instant) {
        if let Some(watch) = &mut self.media.watch
            && watch.step_at.is_none()
        {
            watch.step_at = Some(now);
        }
    }

    /// What the path is now, and the next step where it is missed for too long.
    pub(super) fn watch_path(&mut self, now: Instant) {
        if self.phase != Phase::Inside {
            return;
        }
        let path = self.transport.as_ref().map_or(PathState::Lost, |transport| transport.state(now));
        let is_dead = self.transport.as_ref().is_some_and(Transport::is_dead);
        match path {
            PathState::Up if !self.media.is_gone => {
                let is_hushed = self.transport.as_ref().is_some_and(|transport| transport.is_hushed(now));
                self.media.watch.take_if(|watch| match watch.reason {
                    Reason::Missing => true,
                    Reason::Hushed => !is_hushed,
                    Reason::Moved => false,
                });
                if is_hushed && self.media.watch.is_none() {
                    self.look_for_another_path(now, Reason::Hushed);
                }
                if self.media.state != MediaState::Up {
                    self.media.state = MediaState::Up;
                    self.update_state();
                }
            }
            PathState::Lost if self.media.state != MediaState::Lost => {
                self.media.state = MediaState::Lost;
                self.update_state();
                self.watch_media(now);
            }
            _ if is_dead => self.watch_media(now),
            _ => {}
        }
        if let Some(watch) = &mut self.media.watch
            && super::due(&mut watch.step_at, now)
        {
            self.step(now);
        }
    }

    /// One attempt to have a path.
    fn step(&mut self, now: Instant) {
        let Some(watch) = &mut self.media.watch else { return };
        if watch.reason == Reason::Missing && self.media.state != MediaState::Lost {
            self.media.state = MediaState::Lost;
        }
        let is_blocked = now.saturating_duration_since(watch.since) > BLOCKED && !watch.is_told_blocked;
        watch.is_told_blocked |= is_blocked;
        self.update_state();
        if !self.is_signaling_up() {
            // Goes on when we are back.
            return;
        }
        if is_blocked {
            self.tell(Event::MediaBlocked);
        }
        let can_restart = self.can_restart();
        let age = now.saturating_duration_since(self.media.negotiated_at);
        let is_dead = self.transport.as_ref().is_none_or(Transport::is_dead);
        let Some(watch) = &mut self.media.watch else { return };
        if !can_restart && !is_dead && age < PATH {
            // Coming back may just have made a new peer connection.
            watch.step_at = Some(self.media.negotiated_at + PATH);
            return;
        }
        watch.step_at = Some(now + PATH);
        if can_restart && !watch.is_restarted {
            if self.media.negotiating.is_some() {
                watch.step_at = Some(now + PAUSE);
                return;
            }
            watch.is_restarted = true;
            if std::mem::replace(&mut watch.reason, Reason::Missing) == Reason::Missing {
                self.tell(Event::Reconnecting);
            }
            self.negotiate(now, OfferPurpose::Restart);
        } else {
            self.tell(Event::Reconnecting);
            self.replace_media(now);
        }
    }

    /// Takes up again what waited for signaling: a path that is missed, or an engine that has forgotten ours.
    pub(super) fn renew_media(&mut self, now: Instant) {
        if self.media.is_gone {
            if self.media.negotiating != Some(OfferPurpose::Replace) {
                self.replace_media(now);
            }
        } else {
            self.signaling_works(now);
        }
    }

    fn replace_media(&mut self, now: Instant) {
        self.open_transport(now);
        if let Some(watch) = &mut self.media.watch {
            // It is of the network of now, and gets its time.
            watch.reason = Reason::Missing;
            watch.step_at = Some(now + PATH);
        }
        self.negotiate(now, OfferPurpose::Replace);
    }

    /// Doubles the pool, if the engine allows as many.
    pub(super) fn grow(&mut self, now: Instant) {
        if self.media.negotiating.is_some() {
            // Its answer asks for what waits.
            return;
        }
        let Some(pairs) = self.transport.as_ref().map(Transport::pairs) else { return };
        if pairs == 0 {
            // A new peer connection is about to be negotiated, which asks for what waits as well.
            return;
        }
        let wanted = pairs.saturating_mul(2).min(self.membership.limits.max_slots).min(MOST_PAIRS);
        if wanted <= pairs {
            self.no_more_slots("all receiving slots of this engine are in use; end a view first");
            return;
        }
        self.pairs = wanted;
        self.negotiate(now, OfferPurpose::Grow);
    }

    /// Whether so many views need more slots than there are, and more can be had.
    pub(super) fn needs_more_slots(&self, views: usize) -> bool {
        let most = self.membership.limits.max_slots.min(MOST_PAIRS);
        let pairs = self.transport.as_ref().map_or(most, Transport::pairs);
        views > pairs.into() && pairs < most && !self.media.is_full
    }

    fn no_more_slots(&mut self, words: &str) {
        for (user_id, stream) in self.views.give_up() {
            let failure = Failure::local(rtc_protocol::ErrorCode::SlotsExhausted.code(), words);
            self.tell(Event::ViewFailed { user_id, stream, failure });
        }
    }

    fn negotiate(&mut self, now: Instant, purpose: OfferPurpose) {
        let Some(transport) = &mut self.transport else { return };
        let connection = transport.connection();
        let Some(offer) = transport.offer(purpose, self.pairs) else { return };
        if self.ask(now, Request::Offer(offer), Asked::Offer { connection, purpose }) {
            self.media.negotiating = Some(purpose);
        }
    }

    /// The engine's answer to an offer on the peer connection of the moment, or why there is none.
    pub(super) fn negotiated(&mut self, now: Instant, purpose: OfferPurpose, answer: Result<MediaAnswer, Failure>) {
        self.media.negotiating = None;
        // What waited for it, or for more slots.
        self.is_dirty = true;
        let Some(transport) = &mut self.transport else { return };
        let accepted = answer.and_then(|answer| {
            let accepted = transport.accept(now, purpose, &answer.sdp, &mut self.outputs);
            accepted.map_err(|error| Failure::local(code::REQUEST_TIMEOUT, error))
        });
        match (accepted, purpose) {
            (Ok(()), OfferPurpose::Grow) => {
                self.views.grown();
                self.is_dirty = true;
            }
            (Ok(()), _) => {
                self.media.negotiated_at = now;
                if purpose != OfferPurpose::Restart {
                    self.media.is_gone = false;
                    self.alarms.settle = Some(now + SETTLE);
                    // Who is on which line was told in between, of the old connection or of the new one: ask which.
                    if let Connection::Up(signaling) = &mut self.connection {
                        signaling.doubt(now, &mut self.outputs);
                    }
                    self.views.grown();
                    self.is_dirty = true;
                }
                self.watch_media(now);
                if let Some(watch) = &mut self.media.watch {
                    watch.step_at = Some(now + PATH);
                }
            }
            (Err(failure), OfferPurpose::Grow) => {
                tracing::info!(%failure, "no more slots");
                self.media.is_full = true;
                self.is_dirty = true;
                self.no_more_slots("the engine refused more receiving slots; end a view first");
            }
            (Err(failure), _) => {
                tracing::info!(%failure, "negotiating media anew failed");
                self.watch_media(now);
                if let Some(watch) = &mut self.media.watch {
                    watch.step_at = Some(now + PAUSE);
                }
            }
        }
    }

    /// An offer was lost with the connection it was made on.
    pub(super) fn offer_lost(&mut self) {
        if let (Some(OfferPurpose::Restart), Some(watch)) = (self.media.negotiating.take(), &mut self.media.watch) {
            watch.is_restarted = false;
            watch.step_at = None;
        }
    }

    /// Another network: whatever path there was, a new one is looked for, and signaling is tried.
    pub(super) fn addresses_changed(&mut self, now: Instant) {
        if self.phase != Phase::Inside {
            return;
        }
        if self.can_restart() {
            self.look_for_another_path(now, Reason::Moved);
        } else {
            self.check_signaling(now);
        }
    }

    /// Takes what happened on the peer connection.
    pub(super) fn take_happenings(&mut self) {
        while let Some(happening) = self.transport.as_mut().and_then(Transport::next_happening) {
            match happening {
                Happening::Packet { line, packet } => match self.slots.source(line) {
                    Some((user_id, track)) => {
                        let (user_id, track) = (user_id.clone(), *track);
                        self.tell(Event::Media { user_id, track, line, packet });
                    }
                    None => self.held.hold(line, packet),
                },
                Happening::Clock { line, clock } => {
                    if let Some((user_id, track)) = self.slots.source(line) {
                        let (user_id, track) = (user_id.clone(), *track);
                        self.tell(Event::Clock { user_id, track, line, clock });
                    }
                }
                Happening::KeyframeWanted { track, layer } => self.tell(Event::KeyframeWanted { track, layer }),
                Happening::Uplink { bits_per_second } => {
                    self.rates.uplink(bits_per_second);
                    self.tell(Event::UplinkBandwidth { bits_per_second });
                }
            }
        }
    }

    pub(super) fn deliver_held(&mut self, now: Instant, line: Line, (user_id, track): &Source) {
        for packet in self.held.take(now, line) {
            self.tell(Event::Media { user_id: user_id.clone(), track: *track, line, packet });
        }
    }

    /// Whether there is a path that a restart could bring back.
    fn can_restart(&self) -> bool {
        !self.media.is_gone && self.transport.as_ref().is_some_and(Transport::had_path)
    }
}
