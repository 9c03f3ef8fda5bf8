//! What the application wants, and what the engine is asked of it.

use std::time::Instant;

use base64::Engine as _;
use rtc_protocol::{
    ConnectRoom, CustomMessage, Listen, Request, Role, SceneClass, Stream, SwitchRole, SwitchRoom, Track, TrackState, Unview,
    UpdateForwardMode, UserId, limits,
};

use super::{Connection, Phase, Session};
use crate::signaling::Asked;
use crate::{Command, Event, Failure, code};

impl Session {
    pub(super) fn take_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Publish { track, state, codec, small } => {
                self.publications.wish(track, state, codec, small);
                self.is_dirty = true;
            }
            Command::View { user_id, stream, layer } => {
                if !self.views.want(user_id.clone(), stream, layer) {
                    let failure = Failure::local(code::INVALID_PARAMETER, "too many views; end some that are not needed");
                    self.tell(Event::ViewFailed { user_id, stream, failure });
                }
                self.is_dirty = true;
            }
            Command::Unview { user_id, stream } => {
                if self.views.end(&user_id, stream) {
                    self.ask(now, Request::Unview(Unview { user_id, stream }), Asked::Wish);
                }
            }
            Command::Listen { user_id, on } => {
                self.listening.say(user_id.as_ref(), on);
                self.ask(now, Request::Listen(Listen { user_id, on }), Asked::Wish);
            }
            Command::SwitchRole { role, private_map_key } => self.switch_role(now, role, private_map_key),
            Command::SwitchRoom { room, user_sig, private_map_key } => {
                let switch = SwitchRoom { room, user_sig, private_map_key };
                if !self.ask(now, Request::SwitchRoom(switch.clone()), Asked::SwitchRoom(switch)) {
                    self.tell(Event::RoomSwitched(Err(not_now())));
                }
            }
            Command::ConnectRoom { room, user_id } => {
                let asked = Asked::ConnectRoom { user_id: user_id.clone() };
                if !self.ask(now, Request::ConnectRoom(ConnectRoom { room, user_id: user_id.clone() }), asked) {
                    self.tell(Event::RoomConnected { user_id, result: Err(not_now()) });
                }
            }
            Command::DisconnectRoom => {
                if !self.ask(now, Request::DisconnectRoom {}, Asked::DisconnectRoom) {
                    self.tell(Event::RoomDisconnected(Err(not_now())));
                }
            }
            Command::UpdateForwardMode { room, user_id, mode } => {
                let asked = Asked::ForwardMode { user_id: user_id.clone() };
                let update = UpdateForwardMode { room, user_id: user_id.clone(), mode };
                if !self.ask(now, Request::UpdateForwardMode(update), asked) {
                    self.tell(Event::ForwardModeUpdated { user_id, result: Err(not_now()) });
                }
            }
            Command::SetQos(qos) => {
                self.qos = Some(qos);
                self.ask(now, Request::SetQos(qos), Asked::Wish);
            }
            Command::SendMessage { cmd_id, data } => self.send_message(now, cmd_id, &data),
            Command::Report(report) => self.report = Some(report),
            Command::WantKeyframe { user_id, track } => {
                if let (Some(line), Some(transport)) = (self.slots.line(&(user_id, track)), &mut self.transport) {
                    transport.want_keyframe(now, line, &mut self.outputs);
                }
            }
            Command::WantUplink { bits_per_second } => {
                self.media.wanted_uplink = Some(bits_per_second);
                if let Some(transport) = &mut self.transport {
                    transport.want_uplink(bits_per_second);
                }
            }
            Command::Exit => self.exit(now),
        }
    }

    fn switch_role(&mut self, now: Instant, role: Role, private_map_key: Option<String>) {
        if self.params.scene.class() == SceneClass::Call {
            // Call scenes know only anchors; nothing is to be asked.
            let result = match role {
                Role::Anchor => Ok(role),
                Role::Audience => Err(Failure::local(code::INVALID_PARAMETER, "call scenes know only anchors")),
            };
            self.tell(Event::RoleSwitched(result));
        } else if self.phase != Phase::Inside {
            self.tell(Event::RoleSwitched(Err(not_now())));
        } else {
            // One that is not answered yet is replaced: only the last counts after an outage.
            self.membership.wanted_role = Some((role, private_map_key.clone()));
            self.ask_role(now, role, private_map_key);
        }
    }

    fn ask_role(&mut self, now: Instant, role: Role, private_map_key: Option<String>) {
        let switch = SwitchRole { role, private_map_key: private_map_key.clone() };
        self.ask(now, Request::SwitchRole(switch), Asked::SwitchRole { role, private_map_key });
    }

    fn send_message(&mut self, now: Instant, cmd_id: u8, data: &[u8]) {
        let is_good = cmd_id <= limits::CUSTOM_MESSAGE_MAX_CMD_ID && (1..=limits::CUSTOM_MESSAGE_BYTES).contains(&data.len());
        let failure = if is_good {
            let data = base64::engine::general_purpose::STANDARD.encode(data);
            let request = Request::Message(CustomMessage { cmd_id, data });
            if self.ask(now, request, Asked::Message { cmd_id }) {
                return;
            }
            not_now()
        } else {
            let words = format!("a message needs a cmdId of 0 to 10 and 1 to {} bytes", limits::CUSTOM_MESSAGE_BYTES);
            Failure::local(code::INVALID_PARAMETER, words)
        };
        self.tell(Event::MessageFailed { cmd_id, failure });
    }

    /// What changed about the wishes is asked, where there is somebody to ask.
    pub(super) fn ask_what_is_wished(&mut self, now: Instant) {
        if !self.is_dirty || self.phase != Phase::Inside || !self.is_signaling_up() {
            return;
        }
        self.is_dirty = false;
        for publish in self.publications.ask(self.membership.role == Role::Anchor) {
            let asked = Asked::Publish(publish.track);
            self.ask(now, Request::Publish(publish), asked);
        }
        let members = &self.members;
        let is_there = |user: &UserId, stream: Stream| {
            let track = Track::video_of(stream);
            let is_on = members.find(user).is_some_and(|view| view.tracks.state(track) != TrackState::Off);
            is_on && !members.is_held(user, track)
        };
        if self.needs_more_slots(self.views.count(is_there)) {
            // The engine takes a view for which it has no slot, and shows nothing. Asked when there are more.
            self.grow(now);
            return;
        }
        let views = self.views.ask(is_there);
        for view in views {
            let asked = Asked::View { user_id: view.user_id.clone(), stream: view.stream };
            self.ask(now, Request::View(view), asked);
        }
    }

    /// What the engine may not know of what was asked before.
    pub(super) fn ask_again(&mut self, now: Instant) {
        for listen in self.listening.all() {
            self.ask(now, Request::Listen(listen), Asked::Wish);
        }
        if let Some(qos) = self.qos {
            self.ask(now, Request::SetQos(qos), Asked::Wish);
        }
        if let Some((role, private_map_key)) = self.membership.wanted_role.clone() {
            self.ask_role(now, role, private_map_key);
        }
        self.views.forget_answers();
        self.is_dirty = true;
    }

    /// Asks where there is somebody to ask. False where there is not.
    pub(super) fn ask(&mut self, now: Instant, request: Request, asked: Asked) -> bool {
        let Connection::Up(signaling) = &mut self.connection else { return false };
        signaling.ask(now, request, asked, &mut self.outputs)
    }
}

fn not_now() -> Failure {
    Failure::local(code::REFUSED, "there is no connection to a room now; ask again when there is")
}
