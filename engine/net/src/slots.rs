//! A client's receiving lines, from a packet that is to go into one to what leaves for the client: the client's own payload
//! types, sound that is repeated, what is known of its network. The packets themselves are `rtc_egress`'s.

use std::sync::Arc;
use std::time::Instant;

use rtc_egress::{Egress, Extensions, Outgoing, Sink, StreamSpec, Taken, Terms, WallClock, Written as Queued};
use rtc_protocol::MediaKind;
use rtc_red::{Depth, Repeater};
use rtc_sfu::{Rewrite, SlotId, SlotSpec};
use str0m::Rtc;
use str0m::format::PayloadParams;
use str0m::media::{Mid, Pt};
use str0m::rtp::{Extension, Ssrc};

use crate::estimate::Estimates;
use crate::keying::Keys;
use crate::offer::SlotLine;
use crate::peer::{MediaPacket, PeerEvent, Written};

/// The longest payload of repeated sound: with its headers it fits every network's datagrams.
const WRAPPED_MOST: usize = 1100;

/// The receiving lines of a client.
pub(crate) struct Slots {
    lines: Vec<SlotLine>,
    slots: Vec<Slot>,
    /// The slot of each stream.
    of_stream: Vec<usize>,
    keys: Keys,
    egress: Egress,
    /// Whether bandwidth is estimated.
    estimating: bool,
    estimates: Estimates,
}

/// A line the client receives on.
struct Slot {
    mid: Mid,
    kind: MediaKind,
    /// Its stream, where it was negotiated.
    stream: Option<Stream>,
    /// What the codec that was written last is to the client; none where the client has not negotiated it.
    format: Option<(Arc<PayloadParams>, Option<Negotiated>)>,
    /// How often sound is repeated, and what was sent lately.
    depth: Depth,
    repeater: Repeater<Arc<[u8]>>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    index: usize,
    ssrc: Ssrc,
    repeat: Option<Ssrc>,
}

/// The payload types of a codec on a client's line.
#[derive(Debug, Clone, Copy)]
struct Negotiated {
    pt: Pt,
    /// Of the codec wrapped by RFC 2198.
    red: Option<Pt>,
    /// Of what is sent again.
    repeat: Option<Pt>,
}

impl Slots {
    pub(crate) fn new(now: Instant, wall: WallClock, keys: Keys, estimating: bool) -> Self {
        Self {
            lines: Vec::new(),
            slots: Vec::new(),
            of_stream: Vec::new(),
            keys,
            egress: Egress::new(now, wall, estimating),
            estimating,
            estimates: Estimates::default(),
        }
    }

    pub(crate) fn lines(&self) -> &[SlotLine] {
        &self.lines
    }

    pub(crate) fn specs(&self) -> Vec<SlotSpec> {
        let spec = |(i, line): (usize, &SlotLine)| SlotSpec { slot: SlotId(i as u16), pair: line.pair, kind: line.kind };
        self.lines.iter().enumerate().map(spec).collect()
    }

    pub(crate) fn mid(&self, slot: SlotId) -> Option<&str> {
        self.lines.get(usize::from(slot.0)).map(|line| line.mid.as_str())
    }

    /// Has `str0m` know the streams while it reads an offer, so that its answer names their sources.
    pub(crate) fn lend(&self, rtc: &mut Rtc) {
        for (slot, stream) in self.streams() {
            if rtc.media(slot.mid).is_some() {
                rtc.direct_api().declare_stream_tx(stream.ssrc, stream.repeat, slot.mid, None);
            }
        }
    }

    /// Takes them back. As long as `str0m` knows a source it reports on it, and what it encrypts by that would not go together
    /// with what is encrypted here: see `rtc_egress`, where SRTCP indices begin.
    pub(crate) fn take_back(&self, rtc: &mut Rtc) {
        for (_, stream) in self.streams() {
            rtc.direct_api().remove_stream_tx(stream.ssrc);
        }
    }

    /// Takes the lines as they are after an offer. Those there were are the first of them.
    pub(crate) fn adopt(&mut self, now: Instant, rtc: &mut Rtc, lines: Vec<SlotLine>) {
        for line in &lines[self.slots.len()..] {
            let mid = Mid::from(line.mid.as_str());
            let stream = rtc.direct_api().stream_tx_by_mid(mid, None).map(|stream| (stream.ssrc(), stream.rtx()));
            let stream = stream.map(|(ssrc, repeat)| {
                rtc.direct_api().remove_stream_tx(ssrc);
                self.of_stream.push(self.slots.len());
                let cname = rtc.media(mid).map_or("", |media| media.cname());
                let terms = terms(rtc, mid);
                let repeat_ssrc = repeat.map(|ssrc| *ssrc).filter(|_| line.kind == MediaKind::Video);
                let is_sound = line.kind == MediaKind::Audio;
                let mid = line.mid.as_str().into();
                self.egress.add_stream(now, StreamSpec { ssrc: *ssrc, repeat_ssrc, is_sound, mid, cname: cname.into(), terms });
                Stream { index: self.of_stream.len() - 1, ssrc, repeat }
            });
            let (depth, repeater) = Default::default();
            self.slots.push(Slot { mid, kind: line.kind, stream, format: None, depth, repeater });
        }
        self.lines = lines;
        for slot in &mut self.slots {
            // Payload types may have been added to.
            slot.format = None;
            if let Some(stream) = slot.stream {
                self.egress.set_terms(now, stream.index, terms(rtc, slot.mid));
            }
        }
    }

    fn streams(&self) -> impl Iterator<Item = (&Slot, Stream)> {
        self.slots.iter().filter_map(|slot| Some((slot, slot.stream?)))
    }

    /// Takes the keys, once there are any.
    pub(crate) fn look_for_keys(&mut self) {
        if !self.egress.has_keys()
            && let Some(keying) = self.keys.get()
            && !self.egress.set_keys(keying)
        {
            tracing::error!("no ciphers could be made of a connection's keys");
        }
    }

    /// Puts a packet into a slot.
    pub(crate) fn write(&mut self, rtc: &Rtc, now: Instant, packet: &MediaPacket, rewrite: &Rewrite) -> Written {
        let Some(slot) = self.slots.get_mut(usize::from(rewrite.slot.0)) else { return Written::NoSlot };
        let Some(stream) = slot.stream else { return Written::NoSlot };
        let negotiated = match &slot.format {
            Some((format, negotiated)) if Arc::ptr_eq(format, &packet.format) => *negotiated,
            _ => {
                let negotiated = negotiated(rtc, slot.mid, *packet.format);
                slot.format = Some((packet.format.clone(), negotiated));
                negotiated
            }
        };
        let Some(negotiated) = negotiated else { return Written::NoCodec };
        let time = rewrite.time as u32;
        let (pt, payload) = match negotiated.red.filter(|_| slot.depth.earlier() > 0) {
            None => (negotiated.pt, packet.payload.clone()),
            Some(red) => {
                slot.repeater.remember(rewrite.seq, time, &packet.payload);
                match slot.repeater.wrap(rewrite.seq, *negotiated.pt, slot.depth.earlier(), WRAPPED_MOST) {
                    Some(wrapped) => (red, wrapped.into()),
                    None => (negotiated.pt, packet.payload.clone()),
                }
            }
        };
        if self.estimating {
            self.estimates.observe(now, packet.info.size, payload.len().saturating_sub(packet.payload.len()));
        }
        let level = packet.audio_level.zip(packet.voice_activity);
        let written = self.egress.write(
            stream.index,
            Outgoing {
                payload_type: *pt,
                repeat_type: negotiated.repeat.filter(|_| slot.kind == MediaKind::Video).map(|pt| *pt),
                seq: rewrite.seq,
                time,
                clock_rate: packet.info.clock_rate,
                // A report for a time that is still to come cannot be made.
                wallclock: rewrite.wallclock.min(now),
                marker: packet.info.marker,
                // RFC 6464: the level in -dBov, and whether it is voice above that.
                audio_level: level.map(|(level, voice)| level.unsigned_abs().min(127) | if voice { 0x80 } else { 0 }),
                orientation: packet.orientation.map(|orientation| orientation as u8),
                payload,
            },
        );
        match written {
            Queued::Yes => Written::Yes,
            Queued::Congested => Written::Congested,
            Queued::Repeated | Queued::NoStream => Written::NoSlot,
        }
    }

    /// Asks the client for packets of a source of its own.
    pub(crate) fn request_missing(&mut self, ssrc: u32, numbers: &[u16]) {
        self.egress.request_missing(ssrc, numbers);
    }

    /// Asks it for a key frame of such a source.
    pub(crate) fn request_keyframe(&mut self, ssrc: u32) {
        self.egress.request_keyframe(ssrc);
    }

    /// Sends what waits and is due.
    pub(crate) fn send(&mut self, now: Instant, out: &mut dyn Sink) {
        self.egress.send(now, out);
    }

    /// Whether there is something to send by now.
    pub(crate) fn wants_to_send(&self, now: Instant) -> bool {
        self.egress.wants_to_send(now)
    }

    /// When something is due at the latest.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.egress.poll_timeout()
    }

    /// Takes an SRTCP datagram.
    pub(crate) fn handle_rtcp(&mut self, now: Instant, datagram: &[u8]) -> Taken {
        self.egress.handle_rtcp(now, datagram)
    }

    /// What the client has said of its slots.
    pub(crate) fn poll_event(&mut self, now: Instant) -> Option<PeerEvent> {
        use rtc_egress::Event as E;
        while let Some(event) = self.egress.poll_event() {
            match event {
                E::KeyframeWanted { stream } => {
                    let slot = *self.of_stream.get(stream)?;
                    return Some(PeerEvent::KeyframeWanted(SlotId(slot as u16)));
                }
                E::Loss { stream, share } => {
                    let slot = self.of_stream.get(stream).and_then(|slot| self.slots.get_mut(*slot));
                    if let Some(slot) = slot.filter(|slot| slot.kind == MediaKind::Audio) {
                        slot.depth.handle_report(now, share);
                    }
                }
                E::Estimate(bits) => {
                    self.estimates.handle_own(bits);
                    return Some(PeerEvent::Estimate(self.estimates.for_media(now)));
                }
                E::Most(bits) if self.estimating => {
                    self.estimates.handle_remote(now, bits);
                    return Some(PeerEvent::Estimate(self.estimates.for_media(now)));
                }
                _ => {}
            }
        }
        None
    }

    /// See [`crate::peer::Peer::set_goal`].
    pub(crate) fn set_goal(&mut self, now: Instant, most: u64, least: u64) {
        self.egress.set_goal(now, most, least);
    }

    /// Has good-bye said with what is sent next.
    pub(crate) fn close(&mut self) {
        self.egress.close();
    }
}

/// The payload types a client knows a codec by, on one of its lines.
fn negotiated(rtc: &Rtc, mid: Mid, params: PayloadParams) -> Option<Negotiated> {
    let params = rtc.codec_config().match_params(params)?;
    let known = rtc.media(mid)?.remote_pts().contains(&params.pt());
    known.then_some(Negotiated { pt: params.pt(), red: params.red(), repeat: params.resend() })
}

/// What was negotiated for one of a client's lines, whatever goes over it.
fn terms(rtc: &Rtc, mid: Mid) -> Terms {
    let Some(media) = rtc.media(mid) else { return Terms::default() };
    let id = |extension| media.remote_extmap().id_of(extension);
    let extensions = Extensions {
        mid: id(Extension::RtpMid),
        transport_sequence: id(Extension::TransportSequenceNumber),
        abs_send_time: id(Extension::AbsoluteSendTime),
        audio_level: id(Extension::AudioLevel),
        orientation: id(Extension::VideoOrientation),
    };
    let known = rtc.codec_config().params().iter().filter(|params| media.remote_pts().contains(&params.pt()));
    Terms { extensions, padding_type: known.filter_map(PayloadParams::resend).map(|pt| *pt).next() }
}
