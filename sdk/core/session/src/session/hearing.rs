//! What the engine says: answers, pushes and snapshots, and what of it the application is told.

use std::time::{Duration, Instant};

use base64::Engine as _;
use rtc_protocol::{
    ErrorCode, OfferPurpose, PushBody, RemovalReason, Role, RoomSwitched, SlotBinding, Snapshot, Tracks, UserId, limits,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Connection, MediaState, Phase, Session};
use crate::signaling::{Asked, Heard};
use crate::slots::Source;
use crate::views::Outcome;
use crate::{Ending, Event, Failure, Line, SocketId, code};

/// After a restart of the engine, those who have not published again by then are told as stopped.
const RELEASE: Duration = Duration::from_secs(10);
/// The longest pause that an engine may ask for when it stops.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What was refused for a passing reason is asked again after this.
const RETRY: Duration = Duration::from_secs(1);
/// Senders and kinds of messages that are counted.
const COUNTED: usize = 4096;

impl Session {
    pub(super) fn text(&mut self, now: Instant, socket: SocketId, text: &str) {
        let (signaling, is_joining) = match &mut self.connection {
            Connection::Joining(joining) => (&mut joining.signaling, true),
            Connection::Up(signaling) => (signaling, false),
            Connection::Broken { .. } => return,
        };
        if signaling.socket != socket {
            return;
        }
        let heard = signaling.handle_text(now, text);
        match heard {
            Heard::Answer { asked, result, .. } if is_joining => self.joining_answered(now, &asked, result),
            Heard::Answer { asked, result, took } => self.answered(now, asked, result, Some(took)),
            Heard::Push => self.take_pushes(now),
            Heard::TooMuch if is_joining => {
                let words = "the other side does not speak this protocol";
                self.join_failed(now, Failure::local(code::ENTER_ROOM_FAILED, words), false);
            }
            Heard::TooMuch => self.drop_connection(now, "more than can be kept"),
            Heard::Nothing => {}
        }
    }

    /// An answer on the connection on which we are known, or a failure instead of one.
    pub(super) fn answered(&mut self, now: Instant, asked: Asked, result: Result<Value, Failure>, took: Option<Duration>) {
        match asked {
            Asked::Report => {
                self.rates.answered(took);
                if result.is_ok() {
                    self.signaling_works(now);
                }
            }
            Asked::Snapshot => match read::<Snapshot>(result) {
                Ok(snapshot) => {
                    self.take_snapshot(now, &snapshot);
                    if let Connection::Up(signaling) = &mut self.connection {
                        signaling.begin(snapshot.n);
                    }
                    self.renew_media(now);
                    self.take_pushes(now);
                }
                Err(failure) => {
                    tracing::warn!(%failure, "no snapshot");
                    self.drop_connection(now, "no snapshot");
                }
            },
            Asked::Offer { connection, purpose } => self.offer_answered(now, connection, purpose, read(result)),
            Asked::Publish(track) => match result {
                Ok(_) => {
                    if let Some(state) = self.publications.granted(track) {
                        self.tell(Event::Published { track, state });
                    }
                    self.is_dirty = true;
                }
                Err(failure) if failure.is_passing() => {
                    self.publications.unanswered(track);
                    self.alarms.retry = Some(now + RETRY);
                }
                Err(failure) => {
                    self.publications.refused(track);
                    self.tell(Event::PublishFailed { track, failure });
                }
            },
            Asked::View { user_id, stream } => self.view_answered(now, &user_id, stream, result),
            Asked::SwitchRole { role, private_map_key } => match result {
                Ok(_) => {
                    self.membership.wanted_role = None;
                    if private_map_key.is_some() {
                        self.membership.private_map_key = private_map_key;
                    }
                    self.role_is(role);
                    self.tell(Event::RoleSwitched(Ok(role)));
                }
                Err(failure) => {
                    self.membership.wanted_role = None;
                    self.tell(Event::RoleSwitched(Err(failure)));
                }
            },
            Asked::SwitchRoom(switch) => match read::<RoomSwitched>(result) {
                Ok(switched) => {
                    self.params.room = switch.room;
                    self.params.user_sig = switch.user_sig.unwrap_or_else(|| std::mem::take(&mut self.params.user_sig));
                    self.membership.private_map_key = switch.private_map_key;
                    self.room_switched(now, &switched.snapshot);
                }
                Err(failure) => self.tell(Event::RoomSwitched(Err(failure))),
            },
            Asked::ConnectRoom { user_id } => self.tell(Event::RoomConnected { user_id, result: result.map(drop) }),
            Asked::DisconnectRoom => self.tell(Event::RoomDisconnected(result.map(drop))),
            Asked::ForwardMode { user_id } => {
                self.tell(Event::ForwardModeUpdated { user_id, result: result.map(drop) });
            }
            Asked::Message { cmd_id } => {
                if let Err(failure) = result {
                    self.tell(Event::MessageFailed { cmd_id, failure });
                }
            }
            Asked::Exit => self.over_by_own_will(),
            Asked::Hello | Asked::Wish => {}
        }
    }

    fn view_answered(&mut self, now: Instant, user_id: &UserId, stream: rtc_protocol::Stream, result: Result<Value, Failure>) {
        let outcome = match result {
            Ok(_) => Outcome::Granted,
            Err(failure) => match failure.name {
                Some(ErrorCode::SlotsExhausted) => Outcome::NoSlot,
                Some(ErrorCode::NoSuchStream) => Outcome::Missing,
                _ if failure.is_passing() => Outcome::Again,
                _ => {
                    self.views.end(user_id, stream);
                    self.tell(Event::ViewFailed { user_id: user_id.clone(), stream, failure });
                    return;
                }
            },
        };
        self.views.answered(user_id, stream, outcome);
        match outcome {
            Outcome::NoSlot => self.grow(now),
            Outcome::Again => self.alarms.retry = Some(now + RETRY),
            Outcome::Granted | Outcome::Missing => self.is_dirty = true,
        }
    }

    /// Takes the pushes that wait, in order.
    pub(super) fn take_pushes(&mut self, now: Instant) {
        while let Connection::Up(signaling) = &mut self.connection {
            let Some(push) = signaling.next_push(now, &mut self.outputs) else { return };
            self.membership.last_push = signaling.last_push();
            // Who is leaving wants to know nothing more.
            if self.phase == Phase::Inside {
                self.pushed(now, push);
            }
        }
    }

    fn pushed(&mut self, now: Instant, push: PushBody) {
        match push {
            PushBody::MemberEntered(view) => {
                let events = self.members.entered(view);
                self.tell_members(events);
            }
            PushBody::MemberLeft { user_id, reason } => {
                let events = self.members.left(&user_id, reason);
                self.tell_members(events);
            }
            PushBody::TracksChanged { user_id, tracks } => {
                let events = self.members.tracks_changed(&user_id, tracks);
                self.tell_members(events);
                self.is_dirty = true;
            }
            PushBody::Slots { slots } => {
                let bindings = self.bindings(slots);
                let events = self.slots.changed(bindings);
                self.tell_slots(now, events);
            }
            PushBody::Encode(layers) => {
                if let Some(layers) = self.publications.encode(layers) {
                    self.tell(Event::Encode(layers));
                }
            }
            PushBody::Message { user_id, cmd_id, seq, data } => self.message(user_id, cmd_id, seq, &data),
            PushBody::Quality { members } => self.tell(Event::Quality(members)),
            PushBody::Removed { reason, .. } => self.removed(now, reason),
            // What follows, if we are still here then, is told as an outage is.
            PushBody::Draining { within_ms } => {
                tracing::info!(within_ms, "the engine takes nobody in any more, and stops then");
            }
            PushBody::Closing { retry_after_ms } => self.closing(now, retry_after_ms),
            // A newer engine; what it tells beyond this is of no use here.
            _ => {}
        }
    }

    /// Takes a snapshot for the truth.
    pub(super) fn take_snapshot(&mut self, now: Instant, snapshot: &Snapshot) {
        let is_restarted = snapshot.n < self.membership.last_push;
        self.membership.last_push = snapshot.n;
        if self.membership.role != snapshot.role {
            self.role_is(snapshot.role);
            self.tell(Event::RoleSwitched(Ok(snapshot.role)));
        }
        let events = if is_restarted {
            tracing::info!("the engine was started anew");
            // Its media went with it; what was told is of the connection before the one that is made next.
            self.media.is_gone = true;
            self.slots.reconnected(self.last_connection.wrapping_add(1));
            self.alarms.release = Some(now + RELEASE);
            self.members.snapshot_after_restart(snapshot)
        } else {
            self.members.snapshot(snapshot)
        };
        self.tell_members(events);
        let bindings = self.bindings(snapshot.slots.clone());
        let events = self.slots.snapshot(bindings);
        self.tell_slots(now, events);
        for layers in &snapshot.encode {
            if let Some(layers) = self.publications.encode(*layers) {
                self.tell(Event::Encode(layers));
            }
        }
        self.is_dirty = true;
    }

    fn room_switched(&mut self, now: Instant, snapshot: &Snapshot) {
        self.members.clear();
        self.slots.clear();
        self.held.clear();
        self.views.clear();
        self.messages.clear();
        self.listening.room_changed();
        self.alarms.release = None;
        self.tell(Event::RoomSwitched(Ok(())));
        // No restart of the engine, whatever the number is.
        self.membership.last_push = snapshot.n;
        self.take_snapshot(now, snapshot);
        if let Connection::Up(signaling) = &mut self.connection {
            signaling.begin(snapshot.n);
        }
        self.publications.known(snapshot.tracks);
        self.take_pushes(now);
    }

    /// Lines that are ours, with who is on them.
    fn bindings(&self, slots: Vec<SlotBinding>) -> Vec<(Line, Option<Source>)> {
        let Some(transport) = &self.transport else { return Vec::new() };
        let ours = |slot: SlotBinding| {
            let source = slot.source.map(|source| (source.user_id, source.track));
            transport.line(&slot.mid).map(|line| (line, source))
        };
        slots.into_iter().filter_map(ours).collect()
    }

    pub(super) fn tell_members(&mut self, events: Vec<Event>) {
        for event in events {
            match &event {
                Event::TracksChanged { user_id, after, .. } => {
                    let tracks: Tracks = *after;
                    self.views.tracks_changed(user_id, Some(tracks));
                }
                Event::MemberLeft { user_id, .. } => {
                    self.views.tracks_changed(user_id, None);
                    let of_user: Vec<(UserId, u8)> = self
                        .messages
                        .range((user_id.clone(), 0)..=(user_id.clone(), u8::MAX))
                        .map(|(key, _)| key.clone())
                        .collect();
                    for key in of_user {
                        self.messages.remove(&key);
                    }
                }
                _ => {}
            }
            self.tell(event);
        }
        self.is_dirty = true;
    }

    pub(super) fn tell_slots(&mut self, now: Instant, events: Vec<Event>) {
        for event in events {
            let Event::SourceChanged { user_id, track, line } = &event else { continue };
            let (source, line) = ((user_id.clone(), *track), *line);
            self.tell(event);
            let Some(line) = line else { continue };
            if let Some(transport) = &mut self.transport {
                transport.receiver(line).source_changed();
            }
            self.deliver_held(now, line, &source);
        }
    }

    fn message(&mut self, user_id: UserId, cmd_id: u8, seq: u32, data: &str) {
        let Ok(data) = base64::engine::general_purpose::STANDARD.decode(data) else { return };
        if data.len() > limits::CUSTOM_MESSAGE_BYTES || cmd_id > limits::CUSTOM_MESSAGE_MAX_CMD_ID {
            return;
        }
        let key = (user_id.clone(), cmd_id);
        if self.messages.contains_key(&key) || self.messages.len() < COUNTED {
            let last = self.messages.insert(key, seq);
            // The first one that is heard of somebody says nothing of those before: we may have come later.
            let missed = last.map_or(0, |last| seq.saturating_sub(last).saturating_sub(1));
            if missed > 0 {
                self.tell(Event::MessagesLost { user_id: user_id.clone(), cmd_id, missed });
            }
        }
        self.tell(Event::Message { user_id, cmd_id, seq, data });
    }

    fn removed(&mut self, now: Instant, reason: RemovalReason) {
        if reason == RemovalReason::TimedOut {
            // We were away for too long. Nobody wanted us out: enter again.
            self.membership.resume = None;
            self.drop_connection(now, "away for too long");
        } else {
            self.exited(Ending::Removed(reason));
        }
    }

    /// The engine stops: its media goes with it, the membership does not.
    fn closing(&mut self, now: Instant, retry_after_ms: u32) {
        self.media.is_gone = true;
        self.media.state = MediaState::Lost;
        let pause = Duration::from_millis(retry_after_ms.into()).min(LONGEST_PAUSE);
        self.drop_connection_for(now, pause, "the engine is closing");
    }

    pub(super) fn role_is(&mut self, role: Role) {
        self.membership.role = role;
        if role == Role::Audience {
            self.publications.became_audience();
        }
        self.is_dirty = true;
    }

    /// An offer's answer, when we are in.
    fn offer_answered(
        &mut self,
        now: Instant,
        connection: u16,
        purpose: OfferPurpose,
        answer: Result<rtc_protocol::MediaAnswer, Failure>,
    ) {
        if self.transport.as_ref().is_some_and(|transport| transport.connection() == connection) {
            self.negotiated(now, purpose, answer);
        }
    }
}

fn read<T: DeserializeOwned>(result: Result<Value, Failure>) -> Result<T, Failure> {
    let value = result?;
    serde_json::from_value(value).map_err(|error| {
        tracing::warn!(%error, "an answer of the engine cannot be read");
        Failure::local(code::REQUEST_TIMEOUT, "the engine's answer cannot be read; update the SDK or the engine")
    })
}
