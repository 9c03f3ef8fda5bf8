//! Other rooms: going there without stopping what is published, and linking with an anchor of one.

use rtc_api::{ErrorCode, Event, SwitchRoomConfig};
use rtc_protocol::{ForwardMode, HelloRoom};
use rtc_session::{Command, Failure};
use serde::Deserialize;

use super::Control;
use super::entering::{Refusal, room_of};
use crate::failure::outcome;

/// The JSON of `connectOtherRoom` and `updateOtherRoomForwardMode`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtherRoom {
    #[serde(default)]
    room_id: u32,
    #[serde(default)]
    str_room_id: String,
    user_id: String,
    #[serde(default)]
    mute_audio: bool,
    #[serde(default)]
    mute_video: bool,
    #[serde(default)]
    mute_sub_stream: bool,
}

impl OtherRoom {
    fn parse(json: &str) -> Result<(Self, HelloRoom), Refusal> {
        let invalid = |message: String| Refusal { code: ErrorCode::CONNECT_OTHER_ROOM_INVALID_PARAMETER, message };
        let other: Self = serde_json::from_str(json).map_err(|error| {
            invalid(format!(r#"the parameter must be {{"roomId":number or "strRoomId":text,"userId":text}}: {error}"#))
        })?;
        let room = room_of(other.room_id, &other.str_room_id).map_err(|refusal| invalid(refusal.message))?;
        Ok((other, room))
    }
}

impl Control {
    /// `switchRoom`.
    pub(crate) fn switch_room(&mut self, config: &SwitchRoomConfig) {
        let failed = |err_code, err_msg: String| Event::SwitchRoom { err_code, err_msg };
        if !self.is_in_room() {
            let message = "switchRoom works in a room only; use enterRoom".to_owned();
            return self.courier.tell(failed(ErrorCode::REFUSED, message));
        }
        let room = match room_of(config.room_id, &config.str_room_id) {
            Ok(room) => room,
            Err(Refusal { code, message }) => return self.courier.tell(failed(code, message)),
        };
        let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        self.command(Command::SwitchRoom {
            room,
            user_sig: optional(&config.user_sig),
            private_map_key: optional(&config.private_map_key),
        });
    }

    /// A good switch voids everything known of the old room; the session tells the new one from the beginning.
    pub(super) fn room_switched(&mut self, result: Result<(), Failure>) {
        if result.is_ok() {
            self.others.forget();
            self.views.clear();
            self.hearing.another_room();
            self.pictures.forget_views();
        }
        let (err_code, err_msg) = outcome(result);
        self.courier.tell(Event::SwitchRoom { err_code, err_msg });
    }

    /// `connectOtherRoom`.
    pub(crate) fn connect_other_room(&mut self, json: &str) {
        let failed = |user_id: String, code, err_msg| Event::ConnectOtherRoom { user_id, err_code: code, err_msg };
        match OtherRoom::parse(json) {
            Err(Refusal { code, message }) => self.courier.tell(failed(String::new(), code, message)),
            Ok((other, _)) if !self.is_in_room() => {
                let message = "connectOtherRoom works in a room only; enter one first".to_owned();
                self.courier.tell(failed(other.user_id, ErrorCode::REFUSED, message));
            }
            Ok((other, _)) if self.shared.is_audience() => {
                let message = "an audience cannot link rooms; become anchor first".to_owned();
                self.courier.tell(failed(other.user_id, ErrorCode::CONNECT_OTHER_ROOM_AS_AUDIENCE, message));
            }
            Ok((other, room)) => self.command(Command::ConnectRoom { room, user_id: other.user_id }),
        }
    }

    pub(super) fn room_connected(&mut self, user_id: String, result: Result<(), Failure>) {
        let (err_code, err_msg) = outcome(result);
        self.courier.tell(Event::ConnectOtherRoom { user_id, err_code, err_msg });
    }

    /// `disconnectOtherRoom`.
    pub(crate) fn disconnect_other_room(&mut self) {
        if self.is_in_room() {
            self.command(Command::DisconnectRoom);
        } else {
            let err_msg = "disconnectOtherRoom works in a room only".to_owned();
            self.courier.tell(Event::DisconnectOtherRoom { err_code: ErrorCode::REFUSED, err_msg });
        }
    }

    pub(super) fn room_disconnected(&mut self, result: Result<(), Failure>) {
        let (err_code, err_msg) = outcome(result);
        self.courier.tell(Event::DisconnectOtherRoom { err_code, err_msg });
    }

    /// `updateOtherRoomForwardMode`.
    pub(crate) fn update_forward_mode(&mut self, json: &str) {
        match OtherRoom::parse(json) {
            Err(Refusal { code, message }) => {
                self.courier.tell(Event::UpdateOtherRoomForwardMode { err_code: code, err_msg: message });
            }
            Ok(_) if !self.is_in_room() => {
                let err_msg = "updateOtherRoomForwardMode works in a room only".to_owned();
                self.courier.tell(Event::UpdateOtherRoomForwardMode { err_code: ErrorCode::REFUSED, err_msg });
            }
            Ok((other, room)) => {
                let mode = ForwardMode {
                    mute_audio: other.mute_audio,
                    mute_video: other.mute_video,
                    mute_sub_stream: other.mute_sub_stream,
                };
                self.command(Command::UpdateForwardMode { room, user_id: other.user_id, mode });
            }
        }
    }

    pub(super) fn forward_mode_updated(&mut self, result: Result<(), Failure>) {
        let (err_code, err_msg) = outcome(result);
        self.courier.tell(Event::UpdateOtherRoomForwardMode { err_code, err_msg });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_room_is_named_by_number_or_text() {
        let parse = |json| OtherRoom::parse(json).map(|(other, room)| (room, other.user_id)).map_err(|refusal| refusal.code.0);
        assert_eq!(parse(r#"{"roomId":5,"userId":"bob"}"#), Ok((HelloRoom::Number(5), "bob".into())));
        assert_eq!(parse(r#"{"strRoomId":"five","userId":"bob"}"#), Ok((HelloRoom::Text("five".into()), "bob".into())));
        for wrong in ["", "{}", r#"{"userId":"bob"}"#, r#"{"roomId":"5","userId":"bob"}"#, r#"{"roomId":5}"#, "[]"] {
            assert_eq!(parse(wrong), Err(-3328), "{wrong}");
        }
    }
}
