//! The member's own tracks: what is wished, what the engine knows of it, and what must be said to bring the two together.
//! It encodes nothing.

use rtc_protocol::{Codec, EncodeLayers, Publish, Track, TrackState, Tracks};

#[derive(Debug, Clone, Copy, Default)]
struct Publication {
    wish: State,
    /// What the engine was last told, and took.
    announced: State,
    /// What it was told and has not answered.
    asked: Option<State>,
    /// Which layers it wants; the first demand while nothing was told.
    demand: Option<(bool, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct State {
    state: TrackState,
    codec: Option<Codec>,
    small: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Publications {
    tracks: [Publication; 3],
}

impl Publications {
    pub(crate) fn wish(&mut self, track: Track, state: TrackState, codec: Option<Codec>, small: bool) {
        let small = small && track == Track::Camera && state != TrackState::Off;
        self.of(track).wish = State { state, codec, small };
    }

    /// What is to be said of each track now. It counts as asked.
    pub(crate) fn ask(&mut self, may_publish: bool) -> Vec<Publish> {
        let mut publishes = Vec::new();
        for track in Track::ALL {
            let publication = self.of(track);
            let target = if may_publish { publication.wish } else { State::default() };
            if publication.asked.is_none() && !target.is_same(publication.announced) {
                publication.asked = Some(target);
                let State { state, codec, small } = target;
                publishes.push(Publish { track, state, small, codec });
            }
        }
        publishes
    }

    /// The engine took what was asked: what the others see now.
    pub(crate) fn granted(&mut self, track: Track) -> Option<TrackState> {
        let publication = self.of(track);
        let asked = publication.asked.take()?;
        if asked.state == TrackState::Off || publication.announced.state == TrackState::Off {
            publication.demand = None;
        }
        publication.announced = asked;
        Some(asked.state)
    }

    /// The engine refused it for good: it is wished no more. What it knew before, it still knows.
    pub(crate) fn refused(&mut self, track: Track) {
        let publication = self.of(track);
        publication.asked = None;
        publication.wish = State::default();
    }

    /// The answer did not come, or asks to come again later.
    pub(crate) fn unanswered(&mut self, track: Track) {
        self.of(track).asked = None;
    }

    /// What the engine says it knows: nothing after entering, something after coming back.
    pub(crate) fn known(&mut self, tracks: Tracks) {
        for track in Track::ALL {
            let publication = self.of(track);
            publication.asked = None;
            let small = track == Track::Camera && tracks.small;
            publication.announced = State { state: tracks.state(track), codec: None, small };
        }
    }

    /// The engine takes the audience's tracks off by itself.
    pub(crate) fn became_audience(&mut self) {
        self.known(Tracks::default());
    }

    /// A new peer connection: the engine has forgotten which layers it wanted.
    pub(crate) fn media_reset(&mut self) -> Vec<EncodeLayers> {
        let changed = Track::ALL.into_iter().filter(|track| self.of(*track).demand.take().is_some_and(|told| told != FIRST));
        changed.collect::<Vec<_>>().into_iter().map(first_demand).collect()
    }

    /// The engine says which layers are watched. Nothing where that is known already.
    pub(crate) fn encode(&mut self, layers: EncodeLayers) -> Option<EncodeLayers> {
        let demand = (layers.big, layers.small);
        (self.of(layers.track).demand.replace(demand).unwrap_or(FIRST) != demand).then_some(layers)
    }

    /// Whether the others are told of a track.
    pub(crate) fn is_announced(&self, track: Track) -> bool {
        self.tracks[track as usize].announced.state != TrackState::Off
    }

    fn of(&mut self, track: Track) -> &mut Publication {
        &mut self.tracks[track as usize]
    }
}

/// Before the engine has said anything: it switches the big layer off itself when nobody watches, and asks for the small.
const FIRST: (bool, bool) = (true, false);

fn first_demand(track: Track) -> EncodeLayers {
    EncodeLayers { track, big: FIRST.0, small: FIRST.1 }
}

impl State {
    /// Whether the engine need not be told. A codec that it does not name is not known to differ.
    fn is_same(self, known: Self) -> bool {
        let is_same_codec = self.codec == known.codec || self.codec.is_none() || known.codec.is_none();
        self.state == known.state && (self.state == TrackState::Off || (self.small == known.small && is_same_codec))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_before_the_answer_is_said_after_it() {
        let mut publications = Publications::default();
        publications.wish(Track::Camera, TrackState::On, Some(Codec::Vp8), true);
        assert_eq!(publications.ask(true).len(), 1);
        publications.wish(Track::Camera, TrackState::Muted, Some(Codec::Vp8), true);
        assert!(publications.ask(true).is_empty());
        assert_eq!(publications.granted(Track::Camera), Some(TrackState::On));
        assert_eq!(publications.ask(true)[0].state, TrackState::Muted);
    }

    #[test]
    fn the_audience_publishes_when_it_becomes_anchor() {
        let mut publications = Publications::default();
        publications.wish(Track::Microphone, TrackState::On, None, false);
        assert!(publications.ask(false).is_empty());
        assert_eq!(publications.ask(true)[0].track, Track::Microphone);
        publications.granted(Track::Microphone);
        publications.became_audience();
        assert!(publications.ask(false).is_empty());
        assert_eq!(publications.ask(true).len(), 1);
    }

    #[test]
    fn after_coming_back_only_the_difference_is_said() {
        let mut publications = Publications::default();
        publications.wish(Track::Microphone, TrackState::On, None, false);
        publications.wish(Track::Screen, TrackState::On, None, false);
        publications.ask(true);
        publications.known(Tracks { microphone: TrackState::On, ..Tracks::default() });
        let asked = publications.ask(true);
        assert_eq!(asked.iter().map(|publish| publish.track).collect::<Vec<_>>(), [Track::Screen]);
    }

    #[test]
    fn demand_is_told_when_it_changes() {
        let mut publications = Publications::default();
        let layers = |big, small| EncodeLayers { track: Track::Camera, big, small };
        assert_eq!(publications.encode(layers(true, false)), None);
        assert_eq!(publications.encode(layers(true, true)), Some(layers(true, true)));
        assert_eq!(publications.encode(layers(true, true)), None);
        assert_eq!(publications.media_reset(), [layers(true, false)]);
    }
}
