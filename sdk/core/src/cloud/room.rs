//! Rooms: entering, leaving, roles, other rooms.

use rtc_protocol::Role;

use super::Cloud;
use crate::{AppScene, Params, RoleType, SwitchRoomConfig};

impl Cloud {
    /// Enters a room, which comes to be if it is not there. Answered by `onEnterRoom`: milliseconds above zero, or an error
    /// code below, which `onError` brings as well. An entry during an exit waits for it.
    pub fn enter_room(&self, param: Params, scene: AppScene) {
        self.inner.inbox.call(move |control| control.enter_room(&param, scene));
    }

    /// Leaves the room. The others are told at once; microphone, camera, screen and codecs are free before `onExitRoom`
    /// comes: 0 by this call, 1 removed by the server, 2 the room was dismissed.
    pub fn exit_room(&self) {
        self.inner.inbox.call(super::super::control::Control::exit_room);
    }

    /// Becomes anchor or audience, in live scenes. Answered by `onSwitchRole`.
    pub fn switch_role(&self, role: RoleType) {
        self.switch_role_with_key(role, "");
    }

    /// The same with a PrivateMapKey that allows the new role.
    pub fn switch_role_with_key(&self, role: RoleType, private_map_key: &str) {
        let private_map_key = private_map_key.to_owned();
        let role = match role {
            RoleType::Anchor => Role::Anchor,
            RoleType::Audience => Role::Audience,
        };
        self.inner.inbox.call(move |control| control.switch_role(role, private_map_key));
    }

    /// Goes to another room; an anchor goes on publishing there. Answered by `onSwitchRoom`.
    pub fn switch_room(&self, config: SwitchRoomConfig) {
        self.inner.inbox.call(move |control| control.switch_room(&config));
    }

    /// Links with an anchor of another room: `{"roomId":1,"userId":"bob"}`, or `strRoomId`. Answered by `onConnectOtherRoom`.
    pub fn connect_other_room(&self, param: &str) {
        let param = param.to_owned();
        self.inner.inbox.call(move |control| control.connect_other_room(&param));
    }

    /// Ends every link. Answered by `onDisconnectOtherRoom`.
    pub fn disconnect_other_room(&self) {
        self.inner.inbox.call(super::super::control::Control::disconnect_other_room);
    }

    /// Holds back sound or pictures of a linked anchor: the JSON of [`Cloud::connect_other_room`] with `muteAudio`,
    /// `muteVideo`, `muteSubStream`. Answered by `onUpdateOtherRoomForwardMode`.
    pub fn update_other_room_forward_mode(&self, param: &str) {
        let param = param.to_owned();
        self.inner.inbox.call(move |control| control.update_forward_mode(&param));
    }

    /// Whether everybody is heard without being asked for, for the next entry. Pictures come when they are viewed, in
    /// either mode: receiving what nobody looks at would only cost both sides.
    pub fn set_default_stream_recv_mode(&self, auto_recv_audio: bool, auto_recv_video: bool) {
        let _ = auto_recv_video;
        self.inner.inbox.call(move |control| control.set_default_hearing(auto_recv_audio));
    }
}
