//! Tickets to room 1 of the engine of one story.

use std::time::Duration;

use rtc_core::Params;

pub(crate) use rtc_test_engine::{Engine, PATIENCE};

pub(crate) trait Tickets {
    /// What somebody needs to enter room 1.
    fn ticket(&self, user: &str) -> Params {
        self.ticket_for(user, Duration::from_secs(600))
    }

    /// The same, for a while.
    fn ticket_for(&self, user: &str, span: Duration) -> Params;
}

impl Tickets for Engine {
    fn ticket_for(&self, user: &str, span: Duration) -> Params {
        Params {
            sdk_app_id: self.sdk_app_id(),
            user_id: user.into(),
            user_sig: self.user_sig(user, span),
            room_id: 1,
            ..Params::default()
        }
    }
}
