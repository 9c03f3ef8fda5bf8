//! Random stories beside a model that knows nothing of packets: after each the viewers were told, and got, what the model says,
//! every slot was one line of numbers all the while, and when all have left nothing is remembered.

mod net;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use net::{Net, Received, big, camera, mic, ms, pairs, screen, small};
use proptest::prelude::*;
use rtc_protocol::{Layer, MediaKind, SessionId, Track, TrackRef, TrackState};
use rtc_sfu::{Command, Forwarder, SlotId};

const PEOPLE: usize = 5;
/// More lines than this nobody has; mostly there are fewer than people, so that views wait and voices are chosen.
const MOST_LINES: u16 = 5;
/// Until silent layers were noticed, key frames asked for again, and speakers chosen.
const SETTLED_MS: u64 = 9_000;
/// How long somebody may be seen in place of his successor, and how often it is looked.
const LINGER_MS: u64 = 1_020;
const LOOKED_AT_MS: u64 = 10;

#[derive(Debug, Clone)]
enum Step {
    Publish {
        who: usize,
        track: Track,
        state: TrackState,
        small: bool,
    },
    View {
        who: usize,
        whom: usize,
        track: Track,
        layer: Layer,
    },
    Unview {
        who: usize,
        whom: usize,
        track: Track,
    },
    Hear {
        who: usize,
        whom: usize,
    },
    Unhear {
        who: usize,
        whom: usize,
    },
    Lines {
        who: usize,
        audios: u16,
        videos: u16,
    },
    Reconnect {
        who: usize,
    },
    Disconnect {
        who: usize,
    },
    /// The publisher's encoder makes a layer no more, or again.
    Darken {
        who: usize,
        layer: Layer,
        on: bool,
    },
    /// Packets are lost on the way to the engine.
    Lose {
        who: usize,
        track: Track,
        packets: u64,
    },
    /// The publisher has a new peer connection: another source that counts anew.
    Restart {
        who: usize,
        track: Track,
    },
    /// Packets of a track that nobody has published, and of a layer that there is not.
    Stray {
        who: usize,
    },
    Pli {
        who: usize,
        pair: u16,
    },
    Close {
        who: usize,
    },
}

/// What a person is to the model.
#[derive(Debug, Default)]
struct Person {
    gone: bool,
    connected: bool,
    audios: usize,
    videos: usize,
    published: BTreeMap<Track, Publication>,
    /// In the order they were asked for, each with the layer it is wished in.
    views: Vec<(TrackRef, Layer)>,
    /// Those of them that have a line.
    shown: BTreeSet<TrackRef>,
    /// Who was told to be in which line.
    told: BTreeMap<u16, TrackRef>,
    /// When others ceased to be viewed: until a while later they may be seen in place of who comes after them.
    unviewed: BTreeMap<TrackRef, Instant>,
    voices: BTreeSet<TrackRef>,
}

#[derive(Debug, Clone, Copy)]
struct Publication {
    small: bool,
}

struct Story {
    net: Net,
    ids: Vec<SessionId>,
    people: Vec<Person>,
    /// The layers that are not made although they are asked for.
    dark: BTreeSet<(usize, Layer)>,
    lines: Lines,
}

/// Each slot's line of packets, as a receiver sees it.
#[derive(Default)]
struct Lines {
    last: BTreeMap<(SessionId, SlotId), Received>,
    /// When it was told last that somebody else is in a line.
    given: BTreeMap<(SessionId, SlotId), Instant>,
}

impl Story {
    fn new(shards: u8, lines: &[(u16, u16)]) -> Self {
        let mut net = Net::new(shards);
        let mut people = Vec::new();
        let ids: Vec<SessionId> = (0..PEOPLE)
            .map(|n| {
                let (audios, videos) = lines[n];
                people.push(Person { connected: true, audios: audios.into(), videos: videos.into(), ..Person::default() });
                net.enter(n as u8 % shards, audios, videos)
            })
            .collect();
        for (n, &id) in ids.iter().enumerate() {
            net.send(big(mic(id)), ms(20), 1).level = Some(20 + 12 * n as u8);
            net.send(big(camera(id)), ms(50), 3);
            net.send(small(camera(id)), ms(50), 1);
            net.send(big(screen(id)), ms(100), 2);
        }
        let mut story = Self { net, ids, people, dark: BTreeSet::new(), lines: Lines::default() };
        for who in 0..PEOPLE {
            for track in [Track::Microphone, Track::Camera] {
                story.act(&Step::Publish { who, track, state: TrackState::On, small: true });
            }
        }
        story
    }

    fn track(&self, whom: usize, track: Track) -> TrackRef {
        TrackRef { publisher: self.ids[whom], track }
    }

    fn number(&self, id: SessionId) -> usize {
        self.ids.iter().position(|known| *known == id).expect("everybody has a number")
    }

    fn act(&mut self, step: &Step) {
        match *step {
            Step::Publish { who, .. }
            | Step::Lines { who, .. }
            | Step::Reconnect { who }
            | Step::Disconnect { who }
            | Step::Darken { who, .. }
            | Step::Lose { who, .. }
            | Step::Restart { who, .. }
            | Step::Stray { who }
            | Step::Pli { who, .. }
            | Step::Close { who }
                if self.people[who].gone => {}
            Step::View { who, whom, .. } | Step::Hear { who, whom } if who == whom || self.is_any_gone(who, whom) => {}
            Step::Unview { who, whom, .. } | Step::Unhear { who, whom } if self.is_any_gone(who, whom) => {}
            Step::Publish { who, track, state, small } => {
                let source = self.track(who, track);
                self.net.command(Command::Publish { source, state, small });
                match state {
                    TrackState::Off => drop(self.people[who].published.remove(&track)),
                    TrackState::On | TrackState::Muted => {
                        let publication = Publication { small: small && track == Track::Camera };
                        self.people[who].published.insert(track, publication);
                    }
                }
            }
            Step::View { who, whom, track, layer } => {
                let source = self.track(whom, track);
                self.net.view(self.ids[who], source, layer);
                let layer = if track == Track::Camera { layer } else { Layer::Big };
                let views = &mut self.people[who].views;
                match views.iter_mut().find(|(viewed, _)| *viewed == source) {
                    Some((_, wished)) => *wished = layer,
                    None => views.push((source, layer)),
                }
            }
            Step::Unview { who, whom, track } => self.unview(who, self.track(whom, track)),
            Step::Hear { who, whom } => {
                self.net.hear(self.ids[who], self.ids[whom]);
                self.people[who].voices.insert(mic(self.ids[whom]));
            }
            Step::Unhear { who, whom } => self.unhear(who, whom),
            Step::Lines { who, audios, videos } => {
                let Person { connected, audios: least_audios, videos: least_videos, .. } = self.people[who];
                if connected {
                    self.set_lines(who, audios.max(least_audios as u16), videos.max(least_videos as u16));
                }
            }
            Step::Reconnect { who } => {
                if self.people[who].connected {
                    self.disconnect(who);
                }
                self.net.connect(self.ids[who]);
                self.people[who].connected = true;
                self.set_lines(who, 2, 3);
                for track in Track::ALL {
                    self.restart(who, track);
                }
                self.send(who);
            }
            Step::Disconnect { who } => {
                if self.people[who].connected {
                    self.disconnect(who);
                }
            }
            Step::Darken { who, layer, on } => {
                if on {
                    self.dark.remove(&(who, layer));
                } else {
                    self.dark.insert((who, layer));
                }
                self.send(who);
            }
            Step::Lose { who, track, packets } => {
                let source = self.track(who, track);
                self.net.stream(big(source)).seq += packets;
            }
            Step::Restart { who, track } => self.restart(who, track),
            Step::Stray { who } => self.stray(who),
            Step::Pli { who, pair } => {
                if self.people[who].connected {
                    self.net.pli(self.ids[who], net::video(pair));
                }
            }
            Step::Close { who } => self.close(who),
        }
        self.fill();
        self.note_changes();
    }

    fn is_any_gone(&self, who: usize, whom: usize) -> bool {
        self.people[who].gone || self.people[whom].gone
    }

    fn unview(&mut self, who: usize, source: TrackRef) {
        self.net.unview(self.ids[who], source);
        self.people[who].views.retain(|(viewed, _)| *viewed != source);
        self.people[who].unviewed.insert(source, self.net.now);
    }

    fn unhear(&mut self, who: usize, whom: usize) {
        self.net.unhear(self.ids[who], self.ids[whom]);
        self.people[who].voices.remove(&mic(self.ids[whom]));
    }

    /// Whoever is connected sends the layers that are not dark.
    fn send(&mut self, who: usize) {
        let is_connected = self.people[who].connected;
        for track in Track::ALL {
            let source = self.track(who, track);
            self.net.stream(big(source)).on =
                is_connected && (track != Track::Camera || !self.dark.contains(&(who, Layer::Big)));
        }
        let small = small(self.track(who, Track::Camera));
        self.net.stream(small).on = is_connected && !self.dark.contains(&(who, Layer::Small));
    }

    /// Another source that counts anew and begins with a key frame.
    fn restart(&mut self, who: usize, track: Track) {
        let source = self.track(who, track);
        let layers = [Some(big(source)), (track == Track::Camera).then(|| small(source))];
        for layer in layers.into_iter().flatten() {
            let stream = self.net.stream(layer);
            stream.ssrc += 0x10_0000;
            stream.seq = 7;
            stream.time += 1 << 40;
            stream.owes_keyframe = true;
        }
    }

    fn set_lines(&mut self, who: usize, audios: u16, videos: u16) {
        self.net.set_slots(self.ids[who], &pairs(audios, videos));
        let person = &mut self.people[who];
        (person.audios, person.videos) = (audios.into(), videos.into());
    }

    fn disconnect(&mut self, who: usize) {
        self.net.disconnect(self.ids[who]);
        let person = &mut self.people[who];
        person.connected = false;
        (person.audios, person.videos) = (0, 0);
        person.shown.clear();
        person.told.clear();
        self.send(who);
        // Its lines begin anew.
        self.lines.last.retain(|(viewer, _), _| *viewer != self.ids[who]);
    }

    /// As rooms do it: who watches is told first.
    fn close(&mut self, who: usize) {
        for other in 0..PEOPLE {
            for track in [Track::Camera, Track::Screen] {
                self.unview(other, self.track(who, track));
            }
            self.unhear(other, who);
        }
        self.net.command(Command::Close { session: self.ids[who] });
        if self.people[who].connected {
            self.disconnect(who);
        }
        self.net.stop_sending(self.ids[who]);
        self.people[who] = Person { gone: true, ..Person::default() };
    }

    fn stray(&mut self, who: usize) {
        let now = self.net.now;
        let layers = [small(screen(self.ids[who])), small(mic(self.ids[who])), big(camera(SessionId::new(9_999, 0)))];
        for layer in layers {
            let before = self.net.received.len();
            self.net.deliver(&rtc_sfu::PacketInfo {
                layer,
                ssrc: 1,
                seq: 1,
                time: 1,
                clock_rate: 90_000,
                size: 100,
                marker: true,
                keyframe: true,
                level: Some(0),
                captured: now,
                arrived: now,
            });
            assert_eq!(self.net.received.len(), before, "{layer:?} went somewhere");
        }
    }

    /// The view that waited longest gets the next free line; which one that is, is the engine's to choose.
    fn fill(&mut self) {
        for who in 0..PEOPLE {
            let now = self.net.now;
            let told = self.net.slots.get(&self.ids[who]);
            let person = &mut self.people[who];
            let mut shown = person.shown.clone();
            shown.retain(|track| person.views.iter().any(|(viewed, _)| viewed == track));
            for (source, _) in &person.views {
                if shown.len() < person.videos {
                    shown.insert(*source);
                }
            }
            let videos = told.into_iter().flatten().filter(|(slot, _)| slot.0 >= 100);
            let in_lines: BTreeMap<u16, TrackRef> = videos.map(|(slot, track)| (slot.0 - 100, *track)).collect();
            let different: BTreeSet<TrackRef> = in_lines.values().copied().collect();
            assert_eq!(different.len(), in_lines.len(), "nobody is in two lines of {who}");
            assert_eq!(in_lines.len(), shown.len(), "{who} is shown {in_lines:?} and not {shown:?}");
            let lingers = |track: &&TrackRef| person.unviewed.get(*track).is_some_and(|at| now - *at <= ms(LINGER_MS));
            let other = different.difference(&shown).find(|track| !lingers(track));
            assert_eq!(other, None, "{who} is shown {in_lines:?} and not {shown:?}");
            for (line, track) in &person.told {
                let stays = person.shown.contains(track) && shown.contains(track);
                assert!(!stays || in_lines.get(line) == Some(track), "a picture is never moved");
            }
            (person.shown, person.told) = (shown, in_lines);

            let audios = told.into_iter().flatten().filter(|(slot, _)| slot.0 < 100);
            let heard: Vec<TrackRef> = audios.map(|(_, track)| *track).collect();
            let different: BTreeSet<TrackRef> = heard.iter().copied().collect();
            assert_eq!(different.len(), heard.len(), "nobody is in two lines");
            assert!(different.is_subset(&person.voices), "{who} hears whom he did not ask for");
            let most = if person.connected { person.audios.min(person.voices.len()) } else { 0 };
            assert_eq!(heard.len(), most, "voices of {who}");
        }
    }

    /// Since when each line carries somebody else.
    fn note_changes(&mut self) {
        for push in std::mem::take(&mut self.net.pushes) {
            for (slot, _) in push.changed {
                self.lines.given.insert((push.session, slot), self.net.now);
            }
        }
    }

    /// Lets time pass and looks at every packet that went to somebody.
    fn run(&mut self, time: u64) {
        for _ in 0..time.div_ceil(LOOKED_AT_MS) {
            self.net.run(ms(LOOKED_AT_MS));
            self.note_changes();
            for received in self.net.take_received() {
                self.look_at(&received);
            }
        }
    }

    fn look_at(&mut self, got: &Received) {
        let (viewer, source) = (self.number(got.viewer), got.packet.layer.source);
        let publisher = &self.people[self.number(source.publisher)];
        assert!(publisher.published.contains_key(&source.track), "{source:?} is not published");
        let line = (got.viewer, got.rewrite.slot);
        let told = self.net.in_slot(got.viewer, got.rewrite.slot);
        if source.track.kind() == MediaKind::Audio {
            assert!(self.people[viewer].voices.contains(&source), "{viewer} hears {source:?} unasked");
        } else {
            let person = &self.people[viewer];
            let is_viewed = person.views.iter().any(|(viewed, _)| *viewed == source);
            let lingers = |at: &Instant| got.at - *at <= ms(LINGER_MS);
            assert!(is_viewed || person.unviewed.get(&source).is_some_and(lingers), "{viewer} sees {source:?} unasked");
            // It is told with the first packet, and this one may have come just before.
            let just_now = |at: &Instant| self.net.now - *at <= ms(LOOKED_AT_MS);
            assert!(told == Some(source) || self.lines.given.get(&line).is_some_and(just_now), "{source:?} for {told:?}");
        }

        let before = self.lines.last.insert(line, *got);
        let is_video = source.track.kind() == MediaKind::Video;
        let is_switched = before.is_none_or(|b| (b.packet.layer, b.packet.ssrc) != (got.packet.layer, got.packet.ssrc));
        assert!(!is_switched || !is_video || got.packet.keyframe, "a picture begins with a key frame");
        assert!(got.rewrite.wallclock <= got.at, "nothing is captured after it has come");
        let Some(before) = before else {
            assert_eq!(got.rewrite.seq, 1000, "a line begins at its beginning");
            return;
        };
        let step = got.rewrite.seq.wrapping_sub(before.rewrite.seq);
        // A gap of the source is one of the slot, so that what was lost can be asked for; a switch makes none.
        let gap = if is_switched { 1 } else { got.packet.seq - before.packet.seq };
        assert!(step == 1 || step == gap, "{step} numbers on in {line:?} for {gap}");
        assert!(got.rewrite.time >= before.rewrite.time, "time runs back in {line:?}");
    }

    /// After a while without a change everybody gets what he asked for, as far as it is sent, and each publisher makes what
    /// is asked for.
    fn check_settled(&mut self) {
        self.run(SETTLED_MS);
        let mut got: BTreeMap<usize, BTreeSet<(TrackRef, Layer)>> = BTreeMap::new();
        for _ in 0..100 {
            self.net.run(ms(LOOKED_AT_MS));
            self.note_changes();
            for received in self.net.take_received() {
                let layer = received.packet.layer;
                got.entry(self.number(received.viewer)).or_default().insert((layer.source, layer.layer));
                self.look_at(&received);
            }
        }
        self.fill();
        for who in 0..PEOPLE {
            let got = got.remove(&who).unwrap_or_default();
            let person = &self.people[who];
            let pictures: BTreeSet<_> = got.iter().copied().filter(|(source, _)| source.track != Track::Microphone).collect();
            let expected: BTreeSet<_> = person.shown.iter().filter_map(|source| self.expected(who, *source)).collect();
            // A small layer that was seen stays where the big one that is wished for now never comes.
            let kept = |(source, layer): &&(TrackRef, Layer)| {
                *layer == Layer::Small && person.shown.contains(source) && self.is_dark(*source, Layer::Big)
            };
            let surplus: BTreeSet<_> = pictures.difference(&expected).filter(|picture| !kept(picture)).collect();
            assert!(expected.is_subset(&pictures) && surplus.is_empty(), "{who} sees {pictures:?} and not {expected:?}");
            let voices = got.iter().filter(|(source, _)| source.track == Track::Microphone).count();
            assert!(voices <= person.audios, "{voices} voices in {} lines", person.audios);
            if person.connected && person.voices.len() <= person.audios {
                let speaking = person.voices.iter().filter(|voice| self.is_sent(**voice)).count();
                assert_eq!(voices, speaking, "voices that {who} hears");
            }
        }
        self.check_encoding();
    }

    fn is_sent(&self, source: TrackRef) -> bool {
        let publisher = &self.people[self.number(source.publisher)];
        publisher.connected && publisher.published.contains_key(&source.track)
    }

    fn is_dark(&self, source: TrackRef, layer: Layer) -> bool {
        source.track == Track::Camera && self.dark.contains(&(self.number(source.publisher), layer))
    }

    /// The layer of a shown picture that must come: the one that is wished for, and in place of a small one that is not there
    /// the big one.
    fn expected(&self, who: usize, source: TrackRef) -> Option<(TrackRef, Layer)> {
        let publisher = self.number(source.publisher);
        let publication = self.people[publisher].published.get(&source.track)?;
        let is_sent = |layer| self.is_sent(source) && !self.is_dark(source, layer);
        let wish = self.people[who].views.iter().find(|(viewed, _)| *viewed == source)?.1;
        if wish == Layer::Small && publication.small && is_sent(Layer::Small) {
            return Some((source, Layer::Small));
        }
        is_sent(Layer::Big).then_some((source, Layer::Big))
    }

    /// The small layer is encoded while somebody is shown it, the big one at least then.
    fn check_encoding(&self) {
        for publisher in (0..PEOPLE).filter(|n| self.people[*n].connected) {
            let Some(publication) = self.people[publisher].published.get(&Track::Camera) else { continue };
            let source = self.track(publisher, Track::Camera);
            let wished = |layer| {
                let shown_to = self.people.iter().filter(|person| person.shown.contains(&source));
                shown_to.flat_map(|person| &person.views).any(|(viewed, wish)| *viewed == source && *wish == layer)
            };
            let told = self.net.encode.get(&(self.ids[publisher], Track::Camera)).expect("it was told what to encode");
            let small = publication.small && wished(Layer::Small);
            assert!(told.small == small || self.is_dark(source, Layer::Big), "the small layer of {publisher}");
            assert!(told.big || !wished(Layer::Big), "the big layer of {publisher}");
        }
    }

    /// When all have left, nothing is remembered anywhere.
    fn end(mut self) {
        for who in 0..PEOPLE {
            if !self.people[who].gone {
                self.close(who);
                self.fill();
                self.run(LINGER_MS);
            }
        }
        assert!(self.net.interest.is_empty(), "{:?}", self.net.interest);
        assert!(self.net.shards.iter().all(Forwarder::is_empty), "a shard remembers something");
        self.net.run(ms(2000));
        assert!(self.net.take_received().is_empty());
    }
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..PEOPLE;
    // One watches more than there are lines for, so that there is always somebody who waits.
    let viewer = || prop_oneof![2 => Just(0), 1 => 0..PEOPLE];
    let track = || prop::sample::select(&Track::ALL[..]);
    let video = || prop_oneof![3 => Just(Track::Camera), 1 => Just(Track::Screen)];
    let layer = || prop_oneof![Just(Layer::Big), Just(Layer::Small)];
    let state = prop_oneof![2 => Just(TrackState::On), 1 => Just(TrackState::Muted), 2 => Just(TrackState::Off)];
    let publish = (who(), track(), state, prop::bool::weighted(0.8));
    prop_oneof![
        6 => publish.prop_map(|(who, track, state, small)| Step::Publish { who, track, state, small }),
        12 => (viewer(), who(), video(), layer()).prop_map(|(who, whom, track, layer)| Step::View { who, whom, track, layer }),
        5 => (viewer(), who(), video()).prop_map(|(who, whom, track)| Step::Unview { who, whom, track }),
        6 => (who(), who()).prop_map(|(who, whom)| Step::Hear { who, whom }),
        2 => (who(), who()).prop_map(|(who, whom)| Step::Unhear { who, whom }),
        2 => (who(), 0..=MOST_LINES, 0..=MOST_LINES).prop_map(|(who, audios, videos)| Step::Lines { who, audios, videos }),
        1 => who().prop_map(|who| Step::Reconnect { who }),
        1 => who().prop_map(|who| Step::Disconnect { who }),
        2 => (who(), layer(), any::<bool>()).prop_map(|(who, layer, on)| Step::Darken { who, layer, on }),
        2 => (who(), track(), 1..20_u64).prop_map(|(who, track, packets)| Step::Lose { who, track, packets }),
        1 => (who(), track()).prop_map(|(who, track)| Step::Restart { who, track }),
        1 => who().prop_map(|who| Step::Stray { who }),
        1 => (who(), 0..MOST_LINES).prop_map(|(who, pair)| Step::Pli { who, pair }),
        1 => who().prop_map(|who| Step::Close { who }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_goes_as_the_model_says(
        shards in 1..=3_u8,
        lines in prop::collection::vec((0..4_u16, 1..4_u16), PEOPLE),
        steps in prop::collection::vec((step(), prop_oneof![2 => Just(0_u64), 1 => 0..400_u64]), 1..50),
    ) {
        let mut story = Story::new(shards, &lines);
        for (step, pause) in &steps {
            story.act(step);
            story.run(*pause);
        }
        story.check_settled();
        story.end();
    }
}
