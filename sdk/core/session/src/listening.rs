//! Whom this member wants to hear: what was said of everybody, and of single users since. It hears nothing itself.

use std::collections::BTreeMap;

use rtc_protocol::{Listen, UserId};

/// Users of whom something can be said. Beyond it the first in order are forgotten, which only matters after an outage.
const MOST: usize = 1000;

#[derive(Debug, Default)]
pub(crate) struct Listening {
    /// Nothing while nothing was said and the entry's `auto_receive_audio` rules.
    everybody: Option<bool>,
    users: BTreeMap<UserId, bool>,
}

impl Listening {
    pub(crate) fn say(&mut self, user: Option<&UserId>, on: bool) {
        match user {
            Some(user) => {
                self.users.insert(user.clone(), on);
                while self.users.len() > MOST {
                    self.users.pop_first();
                }
            }
            None => {
                self.everybody = Some(on);
                self.users.clear();
            }
        }
    }

    /// What must be asked of an engine that knows nothing of it.
    pub(crate) fn all(&self) -> impl Iterator<Item = Listen> + use<> {
        let everybody = self.everybody.map(|on| Listen { user_id: None, on });
        let users: Vec<Listen> = self.users.iter().map(|(user, on)| Listen { user_id: Some(user.clone()), on: *on }).collect();
        everybody.into_iter().chain(users)
    }

    /// Another room has other users; what was said of everybody stays.
    pub(crate) fn room_changed(&mut self) {
        self.users.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_everybody_forgets_single_users_and_comes_first() {
        let (ann, bob) = (UserId::parse("ann").expect("good"), UserId::parse("bob").expect("good"));
        let mut listening = Listening::default();
        assert_eq!(listening.all().count(), 0);
        listening.say(Some(&ann), false);
        listening.say(None, true);
        listening.say(Some(&bob), false);
        let all: Vec<Listen> = listening.all().collect();
        assert_eq!(all, [Listen { user_id: None, on: true }, Listen { user_id: Some(bob), on: false }]);
    }
}
