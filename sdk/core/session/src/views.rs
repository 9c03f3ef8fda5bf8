//! The pictures this member watches, as standing wishes, and which of them the engine knows of.

use std::collections::BTreeMap;

use rtc_protocol::{Layer, Stream, TrackState, Tracks, UserId, View};

/// Wishes that are kept, more than an engine has slots for.
const MOST: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// To be asked for.
    Wanted,
    /// Asked for in this layer, not answered yet.
    Asked(Layer),
    /// Granted in this layer.
    Granted(Layer),
    /// Not there: asked for again when something changes about the user.
    Missing,
    /// All slots are in use: asked for again when there are more.
    NoSlot,
}

#[derive(Debug)]
struct Wish {
    layer: Layer,
    state: State,
}

#[derive(Debug, Default)]
pub(crate) struct Views {
    wishes: BTreeMap<(UserId, Stream), Wish>,
}

/// What became of an answer to a `view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Granted,
    /// The picture is not there now.
    Missing,
    /// All slots are in use.
    NoSlot,
    /// To be tried again.
    Again,
}

impl Views {
    /// Wants a picture, or the same one in another layer. False when there are too many.
    pub(crate) fn want(&mut self, user: UserId, stream: Stream, layer: Layer) -> bool {
        if let Some(wish) = self.wishes.get_mut(&(user.clone(), stream)) {
            wish.layer = layer;
            if matches!(wish.state, State::Granted(granted) if granted != layer) {
                wish.state = State::Wanted;
            }
            return true;
        }
        if self.wishes.len() >= MOST {
            return false;
        }
        self.wishes.insert((user, stream), Wish { layer, state: State::Wanted });
        true
    }

    /// Wants it no more. Whether the engine may know of it.
    pub(crate) fn end(&mut self, user: &UserId, stream: Stream) -> bool {
        let wish = self.wishes.remove(&(user.clone(), stream));
        wish.is_some_and(|wish| matches!(wish.state, State::Asked(_) | State::Granted(_)))
    }

    /// What is to be asked now, out of what `is_there` says is published. It counts as asked.
    pub(crate) fn ask(&mut self, mut is_there: impl FnMut(&UserId, Stream) -> bool) -> Vec<View> {
        let mut views = Vec::new();
        for ((user, stream), wish) in &mut self.wishes {
            if wish.state == State::Wanted && is_there(user, *stream) {
                wish.state = State::Asked(wish.layer);
                views.push(View { user_id: user.clone(), stream: *stream, layer: wish.layer });
            }
        }
        views
    }

    /// How many need a slot, out of what `is_there` says is published.
    pub(crate) fn count(&self, mut is_there: impl FnMut(&UserId, Stream) -> bool) -> usize {
        self.wishes.keys().filter(|(user, stream)| is_there(user, *stream)).count()
    }

    pub(crate) fn answered(&mut self, user: &UserId, stream: Stream, outcome: Outcome) {
        let Some(wish) = self.wishes.get_mut(&(user.clone(), stream)) else { return };
        let State::Asked(asked) = wish.state else { return };
        wish.state = match outcome {
            Outcome::Granted if asked == wish.layer => State::Granted(asked),
            // The layer was changed in between.
            Outcome::Granted | Outcome::Again => State::Wanted,
            Outcome::Missing => State::Missing,
            Outcome::NoSlot => State::NoSlot,
        };
    }

    /// The engine ends views with what they show; and what was not there may be now.
    pub(crate) fn tracks_changed(&mut self, user: &UserId, tracks: Option<Tracks>) {
        for stream in [Stream::Main, Stream::Sub] {
            let Some(wish) = self.wishes.get_mut(&(user.clone(), stream)) else { continue };
            let track = rtc_protocol::Track::video_of(stream);
            let is_off = tracks.is_none_or(|tracks| tracks.state(track) == TrackState::Off);
            if is_off || wish.state == State::Missing {
                wish.state = State::Wanted;
            }
        }
    }

    /// There are more slots.
    pub(crate) fn grown(&mut self) {
        for wish in self.wishes.values_mut().filter(|wish| wish.state == State::NoSlot) {
            wish.state = State::Wanted;
        }
    }

    /// Those for which there is no slot, when there will be none.
    pub(crate) fn give_up(&mut self) -> Vec<(UserId, Stream)> {
        let wishes = self.wishes.iter().filter(|(_, wish)| wish.state == State::NoSlot);
        let given_up: Vec<(UserId, Stream)> = wishes.map(|(key, _)| key.clone()).collect();
        for key in &given_up {
            self.wishes.remove(key);
        }
        given_up
    }

    /// An engine that may know nothing of them, or the same one on another connection.
    pub(crate) fn forget_answers(&mut self) {
        for wish in self.wishes.values_mut() {
            wish.state = State::Wanted;
        }
    }

    /// Wants nothing any more.
    pub(crate) fn clear(&mut self) {
        self.wishes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> UserId {
        UserId::parse("ann").expect("good")
    }

    #[test]
    fn a_view_waits_for_its_picture_and_is_asked_again_when_it_returns() {
        let mut views = Views::default();
        assert!(views.want(ann(), Stream::Main, Layer::Big));
        assert!(views.ask(|_, _| false).is_empty());
        assert_eq!(views.ask(|_, _| true).len(), 1);
        views.answered(&ann(), Stream::Main, Outcome::Granted);
        assert!(views.ask(|_, _| true).is_empty());
        views.tracks_changed(&ann(), Some(Tracks::default()));
        assert_eq!(views.ask(|_, _| true).len(), 1);
    }

    #[test]
    fn a_layer_that_changed_before_the_answer_is_asked_for_after_it() {
        let mut views = Views::default();
        views.want(ann(), Stream::Main, Layer::Big);
        views.ask(|_, _| true);
        views.want(ann(), Stream::Main, Layer::Small);
        assert!(views.ask(|_, _| true).is_empty());
        views.answered(&ann(), Stream::Main, Outcome::Granted);
        let asked = views.ask(|_, _| true);
        assert_eq!(asked[0].layer, Layer::Small);
    }
}
