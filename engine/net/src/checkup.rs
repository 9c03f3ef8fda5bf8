//! Checkups: ICE checks of somebody who is no session and wants to know whether media would get through. Nothing is kept of
//! them: a checkup's name says until when it lasts, and its password follows from its name.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::Rng as _;
use rtc_stun::Secret;

use crate::route::{ICE_CHARS, Ufrag};

/// How long a checkup lasts.
const LASTS: Duration = Duration::from_secs(60);
/// What their user fragments begin with. As a shard it would be far beyond those there are.
const MARK: [u8; 2] = *b"//";
/// Characters that say when it is over.
const UNTIL: usize = 6;

/// What somebody shows to have his checks answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// The engine's user fragment.
    pub ufrag: String,
    /// The engine's password.
    pub password: String,
    /// How long it lasts.
    pub within: Duration,
}

/// Answers checks.
#[derive(Debug)]
pub(crate) struct Checkups {
    secret: Secret,
    began: Instant,
}

impl Checkups {
    pub(crate) fn new(now: Instant) -> Self {
        Self { secret: Secret(rand::rng().random()), began: now }
    }

    /// A new one.
    pub(crate) fn begin(&self, now: Instant) -> Checkup {
        let mut rng = rand::rng();
        let until = self.seconds(now) + LASTS.as_secs();
        let mut name: [u8; Ufrag::LENGTH] = std::array::from_fn(|_| ICE_CHARS[rng.random_range(0..64)]);
        name[..MARK.len()].copy_from_slice(&MARK);
        for (i, char) in name[MARK.len()..MARK.len() + UNTIL].iter_mut().enumerate() {
            *char = ICE_CHARS[(until >> (6 * i)) as usize & 63];
        }
        let ufrag = name.iter().copied().map(char::from).collect();
        Checkup { ufrag, password: self.secret.password(&name), within: LASTS }
    }

    /// Whether a user fragment is of a checkup.
    pub(crate) fn names(ufrag: Ufrag) -> bool {
        ufrag.bytes().starts_with(&MARK)
    }

    /// Answers a check; nothing for one that does not bear the password, or comes too late. Nobody gets more bytes than he
    /// sent.
    pub(crate) fn answer(&self, now: Instant, ufrag: Ufrag, source: SocketAddr, check: &[u8]) -> Option<Vec<u8>> {
        let name = ufrag.bytes();
        let digits = name[MARK.len()..MARK.len() + UNTIL].iter().rev();
        let until = digits.map(|char| ICE_CHARS.iter().position(|known| known == char)).try_fold(0, |until, digit| {
            // Six digits of six bits.
            Some(until << 6 | digit? as u64)
        })?;
        if self.seconds(now) >= until {
            return None;
        }
        let answer = rtc_stun::answer(check, &self.secret.password(&name), source)?;
        (answer.len() <= check.len()).then_some(answer)
    }

    fn seconds(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.began).as_secs()
    }
}

#[cfg(test)]
mod tests {
    use rtc_stun::{Check, Transaction, where_from};

    use super::*;

    const T: Transaction = [3; 12];

    fn answered(checkups: &Checkups, now: Instant, checkup: &Checkup) -> bool {
        let user_name = format!("{}:them", checkup.ufrag);
        let check = rtc_stun::check(&T, &Check { user_name: &user_name, password: &checkup.password, tie_breaker: 1 });
        let ufrag = Ufrag::parse(checkup.ufrag.as_bytes()).expect("one of ours");
        assert!(Checkups::names(ufrag));
        let source = SocketAddr::from(([192, 0, 2, 1], 7));
        let answer = checkups.answer(now, ufrag, source, &check);
        answer.is_some_and(|answer| where_from(&answer, &T, Some(&checkup.password)) == Some(source))
    }

    #[test]
    fn it_is_answered_while_it_lasts_and_by_who_began_it() {
        let began = Instant::now();
        let checkups = Checkups::new(began);
        let later = began + Duration::from_secs(1_000_000);
        let checkup = checkups.begin(later);
        assert!(answered(&checkups, later, &checkup));
        assert!(answered(&checkups, later + LASTS - Duration::from_secs(1), &checkup));
        assert!(!answered(&checkups, later + LASTS, &checkup), "it is over");
        assert!(!answered(&Checkups::new(began), later, &checkup), "another engine's");
        let mut longer = checkup;
        longer.ufrag.replace_range(2..3, if longer.ufrag.as_bytes()[2] == b'9' { "8" } else { "9" });
        assert!(!answered(&checkups, later, &longer), "its end is part of its name");
    }

    #[test]
    fn no_session_is_taken_for_one() {
        for shard in 0..=u8::MAX {
            assert!(!Checkups::names(Ufrag::credentials(shard).0));
        }
    }
}
