//! What the session tells, turned into what the application is told, in the same order.

use rtc_api::{ErrorCode, Event as ApiEvent, QualityInfo};
use rtc_protocol::MemberQuality;
use rtc_session::Event;

use super::Control;
use super::statistics::quality;
use crate::courier::{Message, Parcel};

impl Control {
    pub(super) fn handle_session(&mut self, stay: u64, event: Event) {
        if self.stay.as_ref().is_none_or(|current| current.number != stay) {
            return;
        }
        if self.stay.as_ref().is_some_and(|stay| stay.is_leaving) {
            // Everything else is about a room the application has left by its own call.
            match event {
                Event::Exited(ending) => self.exited(&ending),
                Event::EnterFailed(failure) => self.entry_refused(failure),
                _ => {}
            }
            return;
        }
        match event {
            Event::Entered { elapsed, role } => self.entered(elapsed, role),
            Event::EnterFailed(failure) => self.entry_refused(failure),
            Event::Exited(ending) => self.exited(&ending),
            Event::MemberEntered(member) => {
                self.others.entered(&member, &mut |event| self.courier.tell(event));
                self.tell_early_voice(&member.user_id);
            }
            Event::MemberLeft { user_id, reason } => {
                self.others.left(&user_id, reason, &mut |event| self.courier.tell(event));
            }
            Event::TracksChanged { user_id, after, .. } => {
                self.others.changed(&user_id, after, &mut |event| self.courier.tell(event));
                self.tell_early_voice(&user_id);
                self.pictures.others_changed(&user_id, after);
            }
            Event::ConnectionLost => self.courier.tell(ApiEvent::ConnectionLost),
            Event::Reconnecting => self.courier.tell(ApiEvent::TryToReconnect),
            Event::ConnectionRecovered => self.courier.tell(ApiEvent::ConnectionRecovery),
            // No warning of the original says this.
            Event::MediaBlocked => {
                tracing::warn!(
                    "the engine answers but no media arrives: is UDP or TCP to its media port blocked by a firewall?"
                );
            }
            Event::RoleSwitched(result) => self.role_switched(result),
            Event::RoomSwitched(result) => self.room_switched(result),
            Event::RoomConnected { user_id, result } => self.room_connected(user_id, result),
            Event::RoomDisconnected(result) => self.room_disconnected(result),
            Event::ForwardModeUpdated { result, .. } => self.forward_mode_updated(result),
            Event::PublishFailed { track, failure } => self.publish_failed(track, failure),
            Event::ViewFailed { user_id, stream, failure } => {
                tracing::warn!(%user_id, ?stream, "watching was refused: {failure}");
            }
            Event::MessageFailed { cmd_id, failure } => tracing::warn!(cmd_id, "a custom message was not taken: {failure}"),
            Event::Message { user_id, cmd_id, seq, data } => {
                let message = Message { user_id: user_id.to_string(), cmd_id: cmd_id.into(), seq, data };
                self.courier.hand(Parcel::Message(message));
            }
            Event::MessagesLost { user_id, cmd_id, missed } => self.courier.tell(ApiEvent::MissCustomCmdMsg {
                user_id: user_id.to_string(),
                cmd_id: cmd_id.into(),
                err_code: ErrorCode::FAILED.0,
                missed: i32::try_from(missed).unwrap_or(i32::MAX),
            }),
            Event::Quality(members) => self.measuring.others = members.iter().map(info).collect(),
            Event::Encode(layers) => self.pictures.encode(layers),
            Event::KeyframeWanted { track, layer } => self.keyframe_wanted(track, layer),
            Event::UplinkBandwidth { bits_per_second } => self.pictures.set_bandwidth(bits_per_second),
            Event::Statistics(statistics) => self.measured(&statistics),
            // Taken on the session's own thread, before they get here.
            Event::Media { .. } | Event::Clock { .. } | Event::SourceChanged { .. } => {}
            Event::Published { .. } => {}
            other => tracing::debug!(?other, "a session told something new"),
        }
    }
}

fn info(member: &MemberQuality) -> QualityInfo {
    QualityInfo { user_id: member.user_id.to_string(), quality: quality(member.quality) }
}
