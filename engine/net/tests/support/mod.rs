//! A stage for stories: real shards on loopback, and people with real media clients on it, all driven by the test's thread.

// Each test file uses the part of it that its stories need.
#![allow(dead_code, unreachable_pub)]

pub mod forger;
pub mod payload;
pub mod relay;
pub mod turn;

use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rtc_bench_client::{Client, Happening, Outgoing, Plan};
use rtc_net::{Media, MediaConfig, MediaEvent, OfferError, ShardStats};
use rtc_protocol::{Codec, Layer, MediaAnswer, MediaOffer, OfferPurpose, SessionId, Track, TrackRef, TrackState};
use rtc_sfu::Command;

use payload::Stamp;

/// The beginning of the test's clock.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// How long any single thing may take before a story has failed: far longer than on any machine, however busy.
pub const PATIENCE: Duration = Duration::from_secs(60);
const AUDIO_STEP: Duration = Duration::from_millis(20);
const VIDEO_STEP: Duration = Duration::from_millis(33);
/// Packets of a video frame.
pub const FRAME_PACKETS: u8 = 3;

/// The engine's media part and everybody who is connected to it.
pub struct Stage {
    pub media: Media,
    pub events: Vec<MediaEvent>,
    pub people: Vec<Person>,
    told: Receiver<MediaEvent>,
    poll: Poll,
    sessions: u64,
}

/// Somebody with a media client.
pub struct Person {
    pub session: SessionId,
    pub client: Client,
    /// What arrived, oldest first.
    pub heard: Vec<Heard>,
    pub connected: bool,
    pub disconnected: bool,
    /// What its peer connection broke by. Stories in which none may break fail at once.
    pub broken: Option<String>,
    pub may_break: bool,
    /// Decides which datagrams are lost on the way to it.
    pub lose: Loss,
    /// Neither sends nor receives.
    pub away: bool,
    /// What somebody else sends from its address all the while.
    pub noise: Vec<Vec<u8>>,
    /// Key frames it was asked for, by track.
    pub asked: Vec<Track>,
    shows: Vec<Show>,
}

pub type Loss = Box<dyn FnMut(&[u8]) -> bool>;

/// A packet that arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    pub mid: String,
    pub stamp: Stamp,
    pub pt: u8,
    pub ssrc: u32,
    pub seq: u64,
    pub time: u32,
    pub level: Option<i8>,
    pub at: Instant,
    /// The capture time that the engine's sender reports give it, once there was one.
    pub wall: Option<SystemTime>,
}

impl Heard {
    /// When its sender made it.
    pub fn captured(&self) -> Instant {
        *START + Duration::from_micros(self.stamp.captured_us)
    }
}

/// Something that is being sent.
struct Show {
    track: Track,
    layer: Layer,
    codec: Codec,
    seq: u64,
    frame: u32,
    due: Instant,
    wants_key: bool,
}

impl Stage {
    pub fn new(shards: usize) -> Self {
        Self::with(MediaConfig { shards, ..Self::config() })
    }

    pub fn config() -> MediaConfig {
        MediaConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), shards: 2, ..MediaConfig::default() }
    }

    pub fn with(config: MediaConfig) -> Self {
        let (tell, told) = channel();
        let media = Media::start(config, move |event| drop(tell.send(event))).expect("media on loopback");
        Self { media, events: Vec::new(), people: Vec::new(), told, poll: Poll::new().expect("epoll"), sessions: 0 }
    }

    /// A session on a shard, without a client.
    pub fn session(&mut self, shard: u8) -> SessionId {
        self.sessions += 1;
        SessionId::new(self.sessions, shard)
    }

    /// Hands an offer in and waits for the answer.
    pub fn offer(&self, session: SessionId, offer: MediaOffer) -> Result<MediaAnswer, OfferError> {
        let (tell, told) = channel();
        self.media.offer(session, offer, move |answer| drop(tell.send(answer)));
        told.recv_timeout(PATIENCE).expect("every offer is answered")
    }

    /// Somebody enters on a shard; returns the person's number.
    pub fn enter(&mut self, shard: u8, plan: Plan) -> usize {
        let (client, offer) = Client::new(plan).expect("a client");
        self.enter_with(shard, client, offer)
    }

    /// Somebody enters with a client that was made before.
    pub fn enter_with(&mut self, shard: u8, client: Client, offer: MediaOffer) -> usize {
        let session = self.session(shard);
        let person = Person {
            session,
            client,
            heard: Vec::new(),
            connected: false,
            disconnected: false,
            broken: None,
            may_break: false,
            lose: Box::new(|_| false),
            away: false,
            noise: Vec::new(),
            asked: Vec::new(),
            shows: Vec::new(),
        };
        self.people.push(person);
        let who = self.people.len() - 1;
        self.negotiate(who, offer);
        who
    }

    /// Carries an offer to the engine and its answer back.
    pub fn negotiate(&mut self, who: usize, offer: MediaOffer) {
        let answer = self.offer(self.people[who].session, offer).expect("an answer");
        self.people[who].client.accept(&answer).expect("an answer that fits");
        self.watch(who);
        self.go_on();
    }

    /// Somebody gives up the peer connection and makes a new one.
    pub fn replace(&mut self, who: usize, plan: Plan) {
        let (client, mut offer) = Client::new(plan).expect("a client");
        offer.purpose = OfferPurpose::Replace;
        let person = &mut self.people[who];
        person.client = client;
        person.connected = false;
        person.broken = None;
        person.heard.clear();
        self.negotiate(who, offer);
    }

    /// Waits for the client's socket, too. Needed again whenever that is another one.
    pub fn watch(&mut self, who: usize) {
        let fd = self.people[who].client.as_raw_fd();
        // One that is watched already stays so.
        let _ = self.poll.registry().register(&mut SourceFd(&fd), Token(who), Interest::READABLE);
    }

    pub fn rebind(&mut self, who: usize) {
        self.people[who].client.rebind().expect("a port on loopback");
        self.watch(who);
    }

    /// Publishes a track and sends it.
    pub fn show(&mut self, who: usize, track: Track, codec: Codec) {
        self.publish(who, track, TrackState::On);
        let layers: &[Layer] = if track == Track::Camera { &[Layer::Big, Layer::Small] } else { &[Layer::Big] };
        for layer in layers {
            self.people[who].shows.push(Show {
                track,
                layer: *layer,
                codec,
                seq: 30_000,
                frame: 0,
                due: Instant::now(),
                wants_key: true,
            });
        }
    }

    pub fn publish(&mut self, who: usize, track: Track, state: TrackState) {
        let source = self.track(who, track);
        self.media.command(Command::Publish { source, state, small: track == Track::Camera });
    }

    /// Stops sending a layer, without telling anybody.
    pub fn darken(&mut self, who: usize, track: Track, layer: Layer) {
        self.people[who].shows.retain(|show| (show.track, show.layer) != (track, layer));
    }

    pub fn track(&self, who: usize, track: Track) -> TrackRef {
        TrackRef { publisher: self.people[who].session, track }
    }

    pub fn view(&mut self, viewer: usize, whom: usize, track: Track, layer: Layer) {
        let source = self.track(whom, track);
        self.media.command(Command::View { viewer: self.people[viewer].session, source, layer });
    }

    pub fn unview(&mut self, viewer: usize, whom: usize, track: Track) {
        let source = self.track(whom, track);
        self.media.command(Command::Unview { viewer: self.people[viewer].session, source });
    }

    pub fn hear(&mut self, viewer: usize, whom: usize) {
        let source = self.track(whom, Track::Microphone);
        self.media.command(Command::Hear { viewer: self.people[viewer].session, source });
    }

    pub fn unhear(&mut self, viewer: usize, whom: usize) {
        let source = self.track(whom, Track::Microphone);
        self.media.command(Command::Unhear { viewer: self.people[viewer].session, source });
    }

    /// Has everybody send and receive what is due: a story that does something else for long would have them lost.
    pub fn go_on(&mut self) {
        self.drive();
    }

    /// Lets time pass until something is so.
    #[track_caller]
    pub fn until(&mut self, what: &str, so: impl FnMut(&Self) -> bool) {
        self.until_within(PATIENCE, what, so);
    }

    /// The same for what may take longer, or has to be quick.
    #[track_caller]
    pub fn until_within(&mut self, patience: Duration, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + patience;
        let mut events = Events::with_capacity(64);
        loop {
            let next = self.drive();
            if so(self) {
                return;
            }
            let now = Instant::now();
            assert!(now < deadline, "never happened: {what}\n{}", self.describe());
            let wait = next.min(now + Duration::from_millis(20)).saturating_duration_since(now);
            // An interrupted wait is a short one.
            let _ = self.poll.poll(&mut events, Some(wait));
        }
    }

    /// Until everybody's media connection is up.
    #[track_caller]
    pub fn until_connected(&mut self) {
        self.until("everybody is connected", |stage| stage.people.iter().all(|person| person.connected));
    }

    /// Until the engine counts something.
    #[track_caller]
    pub fn until_counted(&mut self, what: &str, mut so: impl FnMut(&ShardStats) -> bool) {
        self.until(what, |stage| so(&stage.media.stats_now().total()));
    }

    /// The figures of now. A shard that is held up gives none after a second, not even of its own time, and is asked again.
    #[track_caller]
    pub fn stats(&self) -> ShardStats {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let stats = self.media.stats_now();
            if stats.shards.iter().all(|shard| shard.busy > Duration::ZERO) {
                return stats.total();
            }
            assert!(Instant::now() < deadline, "a shard stands still");
        }
    }

    /// Sends and receives what is due; returns when something is due next.
    fn drive(&mut self) -> Instant {
        let mut next = Instant::now() + Duration::from_secs(1);
        for (who, person) in self.people.iter_mut().enumerate().filter(|(_, person)| !person.away) {
            next = next.min(person.play(who)).min(person.drive());
        }
        self.events.extend(self.told.try_iter());
        next
    }

    /// Whether somebody's media was lost or ended at any time.
    pub fn was_lost(&self, who: usize) -> bool {
        let of = self.people[who].session;
        let is_loss = |event: &MediaEvent| matches!(event, MediaEvent::Lost { session } | MediaEvent::Ended { session, .. } if *session == of);
        self.events.iter().any(is_loss)
    }

    /// The mid that a session's slots event bound a track to last, if it still does.
    pub fn slot_of(&self, viewer: usize, source: TrackRef) -> Option<String> {
        let mut slots = Vec::new();
        for event in &self.events {
            if let MediaEvent::Slots { session, changed } = event
                && *session == self.people[viewer].session
            {
                for (mid, occupant) in changed {
                    slots.retain(|(of, _)| of != mid);
                    slots.push((mid.clone(), occupant.map(|occupant| occupant.track)));
                }
            }
        }
        slots.into_iter().find(|(_, of)| *of == Some(source)).map(|(mid, _)| mid)
    }

    fn describe(&self) -> String {
        let people: Vec<_> = self.people.iter().map(|p| (p.session, p.connected, p.heard.len(), p.heard.last())).collect();
        format!("{people:#?}\n{:#?}\n{:?}", self.stats(), self.events)
    }
}

impl Person {
    /// What arrived of somebody's track since a moment.
    pub fn heard_of(&self, who: usize, track: Track, since: Instant) -> impl Iterator<Item = &Heard> {
        let from = move |heard: &&Heard| heard.at >= since && heard.stamp.who == who as u8 && heard.stamp.track == track;
        self.heard.iter().filter(from)
    }

    /// Whether anything arrived of a layer of somebody's track since a moment.
    pub fn sees(&self, who: usize, track: Track, layer: Layer, since: Instant) -> bool {
        self.heard_of(who, track, since).any(|heard| heard.stamp.layer == layer)
    }

    fn play(&mut self, who: usize) -> Instant {
        let now = Instant::now();
        let mut next = now + Duration::from_secs(1);
        if !self.connected {
            return next;
        }
        for show in &mut self.shows {
            while show.due <= now {
                show.play(who as u8, &mut self.client);
                show.due += if show.track == Track::Microphone { AUDIO_STEP } else { VIDEO_STEP };
                if show.due + Duration::from_millis(500) < now {
                    // The machine stood still; a real encoder would not make up for it.
                    show.due = now;
                }
            }
            next = next.min(show.due);
        }
        next
    }

    fn drive(&mut self) -> Instant {
        if self.broken.is_some() {
            return Instant::now() + Duration::from_secs(1);
        }
        for noise in &self.noise {
            self.client.send_raw(noise);
        }
        let Self { client, heard, connected, disconnected, asked, shows, lose, .. } = self;
        let driven = client.drive(&mut *lose, |lines, happening| match happening {
            Happening::Connected => (*connected, *disconnected) = (true, false),
            Happening::Disconnected => *disconnected = true,
            Happening::Received { mid, packet, .. } => {
                if let Some(stamp) = Stamp::read(&packet.payload) {
                    heard.push(Heard {
                        mid,
                        stamp,
                        pt: *packet.header.payload_type,
                        ssrc: *packet.header.ssrc,
                        seq: *packet.seq_no,
                        time: packet.header.timestamp,
                        level: packet.header.ext_vals.audio_level,
                        at: Instant::now(),
                        wall: packet.last_sender_info.map(|report| {
                            let rate = f64::from(packet.time.frequency().get());
                            let ticks = packet.header.timestamp.wrapping_sub(report.rtp_time.numer() as u32) as i32;
                            let ahead = f64::from(ticks) / rate;
                            let offset = Duration::from_secs_f64(ahead.abs());
                            if ahead < 0.0 { report.ntp_time - offset } else { report.ntp_time + offset }
                        }),
                    });
                }
            }
            Happening::KeyframeWanted { mid } => {
                for (line, track) in [(&lines.camera, Track::Camera), (&lines.screen, Track::Screen)] {
                    if line.as_deref() == Some(&*mid) {
                        asked.push(track);
                        // One request makes key frames on all layers, as in browsers.
                        shows.iter_mut().filter(|show| show.track == track).for_each(|show| show.wants_key = true);
                    }
                }
            }
        });
        match driven {
            Ok(next) => next,
            Err(e) if self.may_break => {
                self.broken = Some(e.to_string());
                Instant::now()
            }
            Err(e) => panic!("the client of {} broke: {e}", self.session),
        }
    }
}

impl Show {
    fn play(&mut self, who: u8, client: &mut Client) {
        let key = std::mem::take(&mut self.wants_key);
        let captured_us = START.elapsed().as_micros() as u64;
        let audio = self.track == Track::Microphone;
        let packets = if audio { 1 } else { FRAME_PACKETS };
        for packet in 0..packets {
            let stamp = Stamp { who, track: self.track, layer: self.layer, frame: self.frame, packet, key, captured_us };
            let size = if self.layer == Layer::Small { 300 } else { 900 };
            let outgoing = Outgoing {
                track: self.track,
                layer: self.layer,
                codec: self.codec,
                seq: self.seq,
                time: (captured_us * if audio { 48 } else { 90 } / 1000) as u32,
                marker: audio || packet + 1 == packets,
                level: audio.then_some(30),
                payload: stamp.payload(self.codec, if audio { 80 } else { size }).into(),
            };
            assert!(client.write(&outgoing), "{:?} in {:?} is negotiated", self.track, self.codec);
            self.seq += 1;
        }
        self.frame += 1;
    }
}
