//! An engine of one story, and tickets to its room 1.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use rtc_core::Params;

pub(crate) use rtc_test_engine::PATIENCE;

pub(crate) struct Engine(rtc_test_engine::Engine);

impl Engine {
    pub(crate) fn start() -> Self {
        Self(rtc_test_engine::Engine::start())
    }

    /// What somebody needs to enter room 1.
    pub(crate) fn ticket(&self, user: &str) -> Params {
        self.ticket_for(user, Duration::from_secs(600))
    }

    /// The same, for a while.
    pub(crate) fn ticket_for(&self, user: &str, span: Duration) -> Params {
        Params {
            sdk_app_id: self.sdk_app_id(),
            user_id: user.into(),
            user_sig: self.user_sig(user, span),
            room_id: 1,
            ..Params::default()
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
