//! The engine of one story, and tickets to its room 1.

use std::net::Ipv4Addr;
use std::time::Duration;

use rtc_protocol::{HelloRoom, Role, Scene, SdkAppId, SdkInfo};
use rtc_session::EnterParams;

use crate::relay::UdpRelay;

pub(crate) use rtc_test_engine::{Engine, PATIENCE, free_port};

pub(crate) trait Tickets {
    /// What somebody needs to enter room 1 as an anchor of a live scene.
    fn ticket(&self, user: &str) -> EnterParams;
}

impl Tickets for Engine {
    fn ticket(&self, user: &str) -> EnterParams {
        EnterParams {
            server: self.address(),
            sdk_app_id: SdkAppId(self.sdk_app_id()),
            user_id: user.into(),
            user_sig: self.user_sig(user, Duration::from_secs(600)),
            room: HelloRoom::Number(1),
            scene: Scene::Live,
            role: Role::Anchor,
            private_map_key: None,
            auto_receive_audio: true,
            user_define_record_id: None,
            sdk: SdkInfo { name: "test".into(), version: "1".into(), platform: "none".into() },
        }
    }
}

/// An engine whose media comes and goes through something that can lose it.
pub(crate) fn behind_a_relay() -> (Engine, UdpRelay) {
    let media = free_port();
    let advertised = (Ipv4Addr::new(127, 0, 0, 2), media.port()).into();
    let engine = Engine::advertising(media, advertised);
    (engine, UdpRelay::at(advertised, media))
}
