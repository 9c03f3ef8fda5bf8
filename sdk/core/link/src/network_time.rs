//! Asks an engine what time it is, over the WebSocket `/v1/time`, and says how far its clock is from this machine's. It keeps
//! nothing.

use std::io;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rtc_protocol::{TimeAnswer, TimeQuestion};
use tungstenite::{Message, WebSocket};

use crate::stream::Stream;
use crate::{Access, opener};

/// How often it is asked: enough for one round trip without a queue in it.
const QUESTIONS: u32 = 10;
/// All questions together.
const WITHIN: Duration = Duration::from_secs(10);

/// An engine's clock, as it was read once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkTime {
    at: Instant,
    time_us: u64,
    may_be_off: Duration,
}

/// Why the time is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkTimeError {
    /// The engine cannot be reached.
    #[error("the engine cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    /// What answered is no engine, or one that does not tell the time.
    #[error("the engine answered what is not understood: {0}")]
    Nonsense(String),
}

impl NetworkTime {
    /// Asks. It takes ten round trips and what opening a connection takes, ten seconds and some at most.
    ///
    /// # Errors
    /// [`NetworkTimeError`].
    pub fn ask(server: &str, access: &Access) -> Result<Self, NetworkTimeError> {
        let nonsense = |error: &dyn std::fmt::Display| NetworkTimeError::Nonsense(error.to_string());
        let url = rtc_session::time_url(server).map_err(|error| nonsense(&error))?;
        let mut socket = opener::open(&url, access, &OnceLock::new())?;
        let give_up = Instant::now() + WITHIN;
        let mut best: Option<Self> = None;
        for id in 0..QUESTIONS {
            let asked = Instant::now();
            if asked >= give_up && best.is_some() {
                break;
            }
            let question = serde_json::to_string(&TimeQuestion { id }).map_err(|error| nonsense(&error))?;
            socket.send(Message::text(question)).map_err(io::Error::other)?;
            let answer = hear(&mut socket)?;
            if answer.id != id {
                return Err(nonsense(&"it is no answer to what was asked"));
            }
            let reading = Self::between(asked, Instant::now(), answer.time_us);
            if best.is_none_or(|best| reading.may_be_off < best.may_be_off) {
                best = Some(reading);
            }
        }
        best.ok_or_else(|| nonsense(&"nothing"))
    }

    /// The answer to a question, whose reading lies somewhere between the two moments.
    fn between(asked: Instant, heard: Instant, time_us: u64) -> Self {
        let half = heard.saturating_duration_since(asked) / 2;
        Self { at: asked + half, time_us, may_be_off: half }
    }

    /// Milliseconds since 1970 by the engine's clock.
    pub fn milliseconds(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.at).as_micros();
        self.time_us.saturating_add(u64::try_from(since).unwrap_or(u64::MAX)) / 1000
    }

    /// By how much it is wrong at most, but for how the two clocks drift apart.
    pub fn may_be_off(&self) -> Duration {
        self.may_be_off
    }
}

fn hear(socket: &mut WebSocket<Stream>) -> Result<TimeAnswer, NetworkTimeError> {
    loop {
        match socket.read().map_err(io::Error::other)? {
            Message::Text(text) => {
                return serde_json::from_str(&text).map_err(|error| NetworkTimeError::Nonsense(error.to_string()));
            }
            Message::Close(_) => return Err(NetworkTimeError::Nonsense("it hung up".to_owned())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_goes_on_and_says_how_wrong_it_may_be() {
        let asked = Instant::now();
        let reading = NetworkTime::between(asked, asked + Duration::from_millis(30), 1_700_000_000_000_000);
        assert_eq!(reading.may_be_off(), Duration::from_millis(15));
        assert_eq!(reading.milliseconds(asked + Duration::from_millis(15)), 1_700_000_000_000);
        assert_eq!(reading.milliseconds(asked + Duration::from_millis(2515)), 1_700_000_002_500);
        assert_eq!(reading.milliseconds(asked), 1_700_000_000_000, "a clock does not run backwards");
    }
}
