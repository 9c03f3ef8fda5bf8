//! An engine as a session sees it: it answers what is asked, as a story wants it to, and has one real peer connection.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

use rtc_protocol::{
    Answer, ClientFrame, Error, ErrorCode, Limits, MediaAnswer, MediaOffer, MemberKind, MemberView, OfferPurpose, Push,
    PushBody, Request, Role, RoomSwitched, SlotBinding, SlotSource, Snapshot, Track, TrackState, Tracks, UserId, Welcome,
};
use rtc_video::rtp::Payload;
use str0m::change::SdpOffer;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, Ssrc};
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::pictures::{Pictures, crypto};

/// Where the engine's media port is.
pub(crate) const MEDIA: &str = "192.0.2.1:8000";

pub(crate) struct Engine {
    /// Everything that was asked, in order.
    pub(crate) asked: Vec<Request>,
    /// What is refused, once for each entry, by the name of the request.
    pub(crate) refusals: VecDeque<(&'static str, ErrorCode)>,
    /// Whether requests are answered at all.
    pub(crate) is_silent: bool,
    pub(crate) resumes: bool,
    pub(crate) snapshot: Snapshot,
    pub(crate) limits: Limits,
    /// The lines of the last offer.
    pub(crate) offer: Option<MediaOffer>,
    pub(crate) rtc: Option<Rtc>,
    /// Packets of pictures that came from the client.
    pub(crate) came: Vec<RtpPacket>,
    /// On which source.
    source: Option<Ssrc>,
    /// What sends pictures, once there were any.
    pictures: Option<Pictures>,
    /// Where the client is.
    client: Option<SocketAddr>,
    /// Datagrams to send.
    datagrams: Vec<(SocketAddr, Vec<u8>)>,
    /// Texts to send.
    pub(crate) texts: VecDeque<String>,
    /// Answers that were not given.
    held: Vec<String>,
    seq: u64,
}

impl Engine {
    pub(crate) fn new() -> Self {
        Self {
            asked: Vec::new(),
            refusals: VecDeque::new(),
            is_silent: false,
            resumes: true,
            snapshot: Snapshot {
                n: 0,
                role: Role::Anchor,
                tracks: Tracks::default(),
                members: Vec::new(),
                slots: Vec::new(),
                encode: Vec::new(),
            },
            limits: Limits { report_interval_ms: 2000, away_ms: 90_000, max_slots: 32 },
            offer: None,
            rtc: None,
            came: Vec::new(),
            source: None,
            pictures: None,
            client: None,
            datagrams: Vec::new(),
            texts: VecDeque::new(),
            held: Vec::new(),
            seq: 1000,
        }
    }

    pub(crate) fn text(&mut self, now: Instant, text: &str) {
        let ClientFrame { id, request } = serde_json::from_str(text).expect("a request of this protocol");
        let answer = self.answer(now, id, &request);
        self.asked.push(request);
        let text = serde_json::to_string(&answer).expect("an answer");
        if self.is_silent {
            self.held.push(text);
        } else {
            self.texts.push_back(text);
        }
    }

    /// Gives every answer that was not given.
    pub(crate) fn catches_up(&mut self) {
        self.is_silent = false;
        self.texts.extend(self.held.drain(..));
    }

    fn answer(&mut self, now: Instant, id: u32, request: &Request) -> Answer {
        let name = serde_json::to_value(request).expect("JSON")["type"].as_str().expect("a type").to_owned();
        if let Some(at) = self.refusals.iter().position(|(refused, _)| *refused == name)
            && let Some((_, code)) = self.refusals.remove(at)
        {
            return Answer::error(id, Error::new(code, "as the story wants it"));
        }
        match request {
            Request::Hello(hello) => {
                let resumed = hello.resume.is_some() && self.resumes;
                let snapshot = self.snapshot.clone();
                let (engine, resume) = ("test".into(), "the way back".into());
                Answer::ok(
                    id,
                    &Welcome { protocol: 1, engine, resume, resumed, time_ms: 0, limits: self.limits, turn: None, snapshot },
                )
            }
            Request::Offer(offer) => {
                let sdp = self.negotiate(now, offer);
                self.offer = Some(offer.clone());
                Answer::ok(id, &MediaAnswer { sdp })
            }
            Request::Snapshot {} => Answer::ok(id, &self.snapshot),
            Request::SwitchRoom(_) => Answer::ok(id, &RoomSwitched { snapshot: self.snapshot.clone() }),
            _ => Answer::ok(id, &serde_json::json!({})),
        }
    }

    fn negotiate(&mut self, now: Instant, offer: &MediaOffer) -> String {
        if matches!(offer.purpose, OfferPurpose::Enter | OfferPurpose::Replace) {
            let builder = Rtc::builder().set_rtp_mode(true).set_ice_lite(true).enable_opus(true, false);
            let mut rtc = builder.set_crypto_provider(crypto()).build(now);
            let address: SocketAddr = MEDIA.parse().expect("an address");
            rtc.add_local_candidate(Candidate::host(address, "udp").expect("a candidate"));
            self.rtc = Some(rtc);
            self.seq = 1000;
        }
        let rtc = self.rtc.as_mut().expect("there is a connection to negotiate");
        let parsed = SdpOffer::from_sdp_string(&offer.sdp).expect("a good offer");
        rtc.sdp_api().accept_offer(parsed).expect("an offer that fits").to_sdp_string()
    }

    /// Tells something, numbered as it should be.
    pub(crate) fn push(&mut self, body: PushBody) {
        self.snapshot.n += 1;
        let push = Push { n: self.snapshot.n, body };
        self.texts.push_back(serde_json::to_string(&push).expect("a push"));
    }

    /// Somebody is in the room from now on; whoever is connected is told.
    pub(crate) fn enters(&mut self, name: &str, camera: TrackState) {
        let view = member(name, camera);
        self.snapshot.members.push(view.clone());
        self.push(PushBody::MemberEntered(view));
    }

    /// Puts somebody's track on the first line of its kind.
    pub(crate) fn binding(&self, name: &str, track: Track) -> SlotBinding {
        let pair = self.offer.as_ref().expect("negotiated").lines.slots[0].clone();
        let mid = if track == Track::Microphone { pair.audio } else { pair.video };
        SlotBinding { mid: mid.expect("a pair"), source: Some(SlotSource { user_id: user(name), track }), paused: false }
    }

    /// Sends a packet of sound on the first line.
    pub(crate) fn sends_sound(&mut self, now: Instant, payload: &[u8]) {
        let mid = self.offer.as_ref().and_then(|offer| offer.lines.slots[0].audio.clone()).expect("a pair");
        let mid = Mid::from(mid.as_str());
        let rtc = self.rtc.as_mut().expect("a connection");
        let opus = rtc.codec_config().find(|params| params.spec().codec == str0m::format::Codec::Opus).expect("opus").pt();
        let extensions = ExtensionValues { mid: Some(mid), ..ExtensionValues::default() };
        let mut api = rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, None).expect("a line that is sent on");
        let time = u32::try_from(self.seq).expect("few packets") * 960;
        stream.write_rtp(RtpWrite::new(opus, self.seq.into(), time, now, payload).ext_vals(extensions));
        self.seq += 1;
    }

    /// Sends a packet of a picture on the first line.
    pub(crate) fn sends_picture(&mut self, now: Instant, seq: u64, time: u32, payload: &Payload) {
        let pictures = self.pictures.get_or_insert_with(|| {
            let mid = self.offer.as_ref().and_then(|offer| offer.lines.slots[0].video.clone()).expect("a pair");
            Pictures::new(now, self.rtc.as_mut().expect("a connection"), Mid::from(mid.as_str()))
        });
        pictures.sends(now, 1000 + seq, time, payload);
    }

    /// Whether the client has asked for a key frame of what it receives since this was asked last.
    pub(crate) fn is_key_wanted(&mut self) -> bool {
        self.pictures.as_mut().is_some_and(Pictures::is_key_wanted)
    }

    /// Asks the client for a key frame of the picture it sends.
    pub(crate) fn wants_key(&mut self) {
        let Some(ssrc) = self.source else { return };
        let rtc = self.rtc.as_mut().expect("a connection");
        if let Some(stream) = rtc.direct_api().stream_rx(&ssrc) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
    }

    pub(crate) fn datagram(&mut self, now: Instant, source: SocketAddr, bytes: &[u8]) {
        let destination = MEDIA.parse().expect("an address");
        if self.pictures.as_mut().is_some_and(|pictures| pictures.hears(now, bytes)) {
            return;
        }
        if let (Some(rtc), Ok(receive)) = (&mut self.rtc, Receive::new(Protocol::Udp, source, destination, bytes)) {
            let input = Input::Receive(now, receive);
            if rtc.accepts(&input) {
                rtc.handle_input(input).expect("a good datagram");
            }
        }
        self.poll();
    }

    /// Datagrams to send, and when to come back.
    pub(crate) fn drive(&mut self, now: Instant) -> (Vec<(SocketAddr, Vec<u8>)>, Option<Instant>) {
        if let Some(rtc) = &mut self.rtc {
            rtc.handle_input(Input::Timeout(now)).expect("time passes");
        }
        let mut next = self.poll();
        if let (Some(pictures), Some(client)) = (&mut self.pictures, self.client) {
            let (sent, due) = pictures.drive(now);
            self.datagrams.extend(sent.into_iter().map(|datagram| (client, datagram)));
            next = next.into_iter().chain(due).min();
        }
        (std::mem::take(&mut self.datagrams), next)
    }

    /// Takes what the connection has to say, which it wants to be asked for after each thing that it was told.
    fn poll(&mut self) -> Option<Instant> {
        let rtc = self.rtc.as_mut()?;
        loop {
            match rtc.poll_output().expect("it works") {
                Output::Timeout(next) => return Some(next),
                Output::Transmit(transmit) => {
                    self.client = Some(transmit.destination);
                    self.datagrams.push((transmit.destination, transmit.contents.to_vec()));
                }
                Output::Event(Event::RtpPacket(packet)) if packet.time.frequency().get() == 90_000 => {
                    self.source = Some(packet.header.ssrc);
                    self.came.push(packet);
                }
                Output::Event(_) => {}
            }
        }
    }

    /// How often something was asked.
    pub(crate) fn count(&self, mut is_it: impl FnMut(&Request) -> bool) -> usize {
        self.asked.iter().filter(|request| is_it(request)).count()
    }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(name).expect("a good id")
}

pub(crate) fn member(name: &str, camera: TrackState) -> MemberView {
    let tracks = Tracks { camera, ..Tracks::default() };
    MemberView { user_id: user(name), role: Role::Anchor, kind: MemberKind::Person, tracks }
}
