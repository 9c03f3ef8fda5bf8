//! An engine of one story, and tickets to its room 1.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use rtc_protocol::{HelloRoom, Role, Scene, SdkAppId, SdkInfo};
use rtc_session::EnterParams;

pub(crate) use rtc_test_engine::{PATIENCE, free_port};

pub(crate) struct Engine(rtc_test_engine::Engine);

impl Engine {
    pub(crate) fn start() -> Self {
        Self(rtc_test_engine::Engine::start())
    }

    pub(crate) fn advertising(media: SocketAddr, advertised: SocketAddr) -> Self {
        Self(rtc_test_engine::Engine::advertising(media, advertised))
    }

    pub(crate) fn secure(certificate: &str, key: &str) -> Self {
        Self(rtc_test_engine::Engine::secure(certificate, key))
    }

    /// What somebody needs to enter room 1 as an anchor of a live scene.
    pub(crate) fn ticket(&self, user: &str) -> EnterParams {
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

impl Deref for Engine {
    type Target = rtc_test_engine::Engine;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Engine {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
