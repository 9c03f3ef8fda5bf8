//! What this member publishes: what was started, what is muted, and what the role allows. It captures and encodes nothing.

use rtc_api::{
    AudioQuality, ErrorCode, Event, NetworkQosParam, QosControlMode as ApiControlMode, VideoQosPreference, WarningCode,
};
use rtc_protocol::{Codec, Layer, Qos, QosControlMode, QosPreference, Role, Track, TrackState};
use rtc_session::{Command, Failure};

use super::Control;
use crate::failure::{code_of, outcome};

/// Each track as the application wants it.
#[derive(Debug, Default)]
pub(crate) struct Publications {
    microphone: Publication,
    camera: Publication,
    screen: Publication,
    /// `enableSmallVideoStream`.
    small: bool,
    /// What the camera is encoded with; VP8 until the application sends SEI messages, which only H.264 carries.
    sei: bool,
    /// The track on which a screen is shared.
    shared: Option<Track>,
    /// `setNetworkQosParam`.
    qos: Qos,
}

/// One track as the application wants it.
#[derive(Debug, Clone, Copy, Default)]
struct Publication {
    is_started: bool,
    is_muted: bool,
}

impl Publication {
    fn state(self) -> TrackState {
        match (self.is_started, self.is_muted) {
            (false, _) => TrackState::Off,
            (true, true) => TrackState::Muted,
            (true, false) => TrackState::On,
        }
    }
}

impl Publications {
    fn track(&mut self, track: Track) -> &mut Publication {
        match track {
            Track::Microphone => &mut self.microphone,
            Track::Camera => &mut self.camera,
            Track::Screen => &mut self.screen,
        }
    }

    /// The state of a track as the others are to see it.
    pub(crate) fn state(&self, track: Track) -> TrackState {
        match track {
            Track::Microphone => self.microphone.state(),
            Track::Camera => self.camera.state(),
            Track::Screen => self.screen.state(),
        }
    }

    fn codec(&self, track: Track) -> Codec {
        match track {
            Track::Microphone => Codec::Opus,
            Track::Camera | Track::Screen if self.sei => Codec::H264,
            Track::Camera | Track::Screen => Codec::Vp8,
        }
    }

    /// The end of a stay stops what was started; whether a track is muted and has a small layer stays as it was set.
    pub(crate) fn clear(&mut self) {
        for track in Track::ALL {
            self.track(track).is_started = false;
        }
        self.sei = false;
        self.shared = None;
    }
}

impl Control {
    /// `startLocalAudio`.
    pub(crate) fn start_local_audio(&mut self, quality: AudioQuality) {
        self.seat.start_microphone(quality);
        self.start_track(Track::Microphone);
    }

    /// `stopLocalAudio`.
    pub(crate) fn stop_local_audio(&mut self) {
        self.seat.stop_microphone();
        self.stop_track(Track::Microphone);
    }

    /// A track has a source from now on.
    pub(crate) fn start_track(&mut self, track: Track) {
        self.publications.track(track).is_started = true;
        if self.shared.is_audience() && self.is_in_room() {
            let message = "an audience publishes nothing; call switchRole(TRTCRoleAnchor) first";
            self.courier.warning(WarningCode::IGNORE_UPSTREAM_FOR_AUDIENCE, message);
        }
        self.publish(track);
    }

    /// A track has no source any more.
    pub(crate) fn stop_track(&mut self, track: Track) {
        self.publications.track(track).is_started = false;
        self.publish(track);
    }

    /// `muteLocalAudio`, `muteLocalVideo`. What is muted stays so until it is unmuted, started or not.
    pub(crate) fn mute_track(&mut self, track: Track, is_muted: bool) {
        let publication = self.publications.track(track);
        if publication.is_muted == is_muted {
            return;
        }
        publication.is_muted = is_muted;
        match track {
            Track::Microphone => self.seat.set_muted(is_muted),
            Track::Camera | Track::Screen => self.pictures.set_muted(track, is_muted),
        }
        self.publish(track);
    }

    /// `enableSmallVideoStream`.
    pub(crate) fn set_small(&mut self, is_on: bool) {
        if self.publications.small != is_on {
            self.publications.small = is_on;
            self.publish(Track::Camera);
        }
    }

    /// The application sends SEI messages from now on: pictures go out as H.264.
    pub(crate) fn carry_sei(&mut self) {
        if !self.publications.sei {
            self.publications.sei = true;
            self.pictures.set_codec(Codec::H264);
            self.publish(Track::Camera);
            self.publish(Track::Screen);
        }
    }

    /// Whether a track has a source.
    pub(crate) fn is_started(&self, track: Track) -> bool {
        self.publications.state(track) != TrackState::Off
    }

    /// A screen is shared on this track from now on.
    pub(crate) fn screen_is_on(&mut self, track: Track) {
        self.publications.shared = Some(track);
    }

    /// No screen is shared any more.
    pub(crate) fn screen_is_off(&mut self) {
        if let Some(track) = self.publications.shared.take() {
            self.stop_track(track);
        }
    }

    /// `setNetworkQosParam`, for the engine's half of it.
    pub(crate) fn set_qos(&mut self, param: &NetworkQosParam) {
        let preference = match param.preference {
            VideoQosPreference::Smooth => QosPreference::Smooth,
            VideoQosPreference::Clear => QosPreference::Clear,
        };
        let control_mode = match param.control_mode {
            ApiControlMode::Client => QosControlMode::Client,
            ApiControlMode::Server => QosControlMode::Server,
        };
        self.publications.qos = Qos { preference, control_mode };
        self.command(Command::SetQos(self.publications.qos));
    }

    /// Tells a new session what is to be published.
    pub(super) fn publish_again(&mut self) {
        let Some(stay) = &self.stay else { return };
        self.seat.connect(stay.link.clone());
        self.pictures.connect(stay.link.clone());
        self.command(Command::SetQos(self.publications.qos));
        for track in Track::ALL {
            self.publish(track);
        }
    }

    fn publish(&mut self, track: Track) {
        let state = self.publications.state(track);
        let may_send = !self.shared.is_audience();
        // A muted microphone goes on sending next to nothing, so that it is heard at once when it is unmuted.
        match track {
            Track::Microphone => self.seat.set_sending(may_send && state != TrackState::Off),
            Track::Camera | Track::Screen => self.pictures.set_sending(track, may_send && state != TrackState::Off),
        }
        let small = track == Track::Camera && self.publications.small;
        let codec = Some(self.publications.codec(track)).filter(|_| state != TrackState::Off);
        self.command(Command::Publish { track, state, codec, small });
    }

    /// The engine does not let us publish a track.
    pub(super) fn publish_failed(&mut self, track: Track, failure: Failure) {
        match track {
            Track::Microphone => self.seat.set_sending(false),
            Track::Camera | Track::Screen => self.pictures.set_sending(track, false),
        }
        self.courier.error(code_of(&failure), failure.message);
    }

    /// Somebody needs a key frame.
    pub(super) fn keyframe_wanted(&self, track: Track, layer: Layer) {
        self.pictures.want_keyframe(track, layer);
    }

    /// `switchRole`.
    pub(crate) fn switch_role(&mut self, role: Role, private_map_key: String) {
        if !self.is_in_room() {
            let err_msg = "switchRole works in a room only; enter one first".to_owned();
            self.courier.tell(Event::SwitchRole { err_code: ErrorCode::REFUSED, err_msg });
            return;
        }
        let private_map_key = Some(private_map_key).filter(|key| !key.is_empty());
        self.command(Command::SwitchRole { role, private_map_key });
    }

    pub(super) fn role_switched(&mut self, result: Result<Role, Failure>) {
        if let Ok(role) = result {
            self.shared.set_audience(role == Role::Audience);
            // Who becomes anchor publishes what was started before; who becomes audience keeps it for the next time.
            for track in Track::ALL {
                self.publish(track);
            }
        }
        let (err_code, err_msg) = outcome(result);
        self.courier.tell(Event::SwitchRole { err_code, err_msg });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_stay_stops_but_does_not_unmute() {
        let mut publications = Publications::default();
        publications.track(Track::Microphone).is_started = true;
        publications.track(Track::Microphone).is_muted = true;
        assert_eq!(publications.state(Track::Microphone), TrackState::Muted);
        publications.clear();
        assert_eq!(publications.state(Track::Microphone), TrackState::Off);
        publications.track(Track::Microphone).is_started = true;
        assert_eq!(publications.state(Track::Microphone), TrackState::Muted);
    }

    #[test]
    fn pictures_are_vp8_until_messages_ride_on_them() {
        let mut publications = Publications::default();
        assert_eq!(publications.codec(Track::Camera), Codec::Vp8);
        publications.sei = true;
        assert_eq!(publications.codec(Track::Camera), Codec::H264);
        assert_eq!(publications.codec(Track::Microphone), Codec::Opus);
    }
}
