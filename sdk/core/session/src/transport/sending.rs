//! The sending lines of a peer connection: numbers of packets, packets that carry earlier ones, and counters. It encodes and
//! paces nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_protocol::{Codec, Layer, Lines, Track};
use rtc_red::{Depth, Repeater};
use str0m::Rtc;
use str0m::format::{Codec as WireCodec, PayloadParams};
use str0m::media::{Mid, Pt, Rid};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::stats::MediaEgressStats;

use super::uplink::Sends;
use crate::Outgoing;

/// Where numbers on the wire begin. The first must be below 65536 (SRTP has no other way to know the rollover counter,
/// RFC 3711 section 3.3.1), and some that come late may be below the first.
const FIRST: u64 = 1000;
/// A leap beyond this is a sender that began anew, not a loss.
const LEAP: u64 = 10_000;
/// Sent packets that are kept for each video layer to answer NACKs from, and for how long.
const KEPT_PACKETS: usize = 1000;
const KEPT_FOR: Duration = Duration::from_secs(3);
/// The most of what is sent that may be retransmission: where half of all packets are lost, half of what is sent has to be, or
/// hardly a picture comes through whole.
const RETRANSMITTED_MOST: f32 = 0.7;

/// The longest payload of sound with what it carries of earlier sound: with its headers it fits every network's datagrams.
const WRAPPED_MOST: usize = 1100;

/// Bytes that may wait in a line for the pacer.
const QUEUED_MOST: usize = 128 * 1024;

/// The four streams of packets that are sent, in the order of [`index`].
#[derive(Debug, Default)]
pub(crate) struct Senders {
    senders: [Sender; 4],
    /// How often sound is repeated, and what was sent lately.
    depth: Depth,
    repeater: Repeater<Arc<[u8]>>,
    /// The sources of pictures, and that of sound.
    video: Vec<u32>,
    sound: Option<u32>,
}

/// One stream of packets.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sender {
    /// The sender's last number, and the one it had on the wire.
    last: Option<(u64, u64)>,
    pub(crate) packets: u64,
    pub(crate) bytes: u64,
    /// How many earlier packets each carries.
    pub(crate) repeated: u8,
    pub(crate) loss: Option<f32>,
    pub(crate) round_trip: Option<Duration>,
    pub(crate) keyframes_wanted: u64,
    pub(crate) nacks: u64,
}

impl Senders {
    /// After an answer: retransmissions can be had of every video stream.
    pub(crate) fn negotiated(&mut self, rtc: &mut Rtc, lines: &Lines) {
        self.video.clear();
        for (track, layer) in [(Track::Camera, Layer::Big), (Track::Camera, Layer::Small), (Track::Screen, Layer::Big)] {
            let Some((mid, rid)) = line(lines, track, layer) else { continue };
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, rid) {
                self.video.push(*stream.ssrc());
            }
        }
        self.forget(rtc);
        if let Some((mid, _)) = line(lines, Track::Microphone, Layer::Big)
            && let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None)
        {
            // Sound is never held back behind pictures.
            stream.set_unpaced(true);
            self.sound = Some(*stream.ssrc());
        }
    }

    /// What was sent of pictures is not sent again any more: after an outage it would be in the way of the key frame that makes it
    /// needless.
    pub(crate) fn forget(&self, rtc: &mut Rtc) {
        for ssrc in &self.video {
            if let Some(stream) = rtc.direct_api().stream_tx(&(*ssrc).into()) {
                stream.set_rtx_cache(KEPT_PACKETS, KEPT_FOR, Some(RETRANSMITTED_MOST));
            }
        }
    }

    /// Hands a packet to `str0m`. False where its line or codec was not negotiated, the line is congested, or the packet
    /// comes far too late.
    pub(crate) fn write(&mut self, rtc: &mut Rtc, lines: &Lines, now: Instant, packet: &Outgoing) -> bool {
        let Some((mid, rid)) = line(lines, packet.track, packet.layer) else { return false };
        let Some((pt, red)) = payload_types(rtc, packet.codec) else { return false };
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, rid) else { return false };
        if stream.queue_info().is_some_and(|queue| queue.byte_size() > QUEUED_MOST) {
            return false;
        }
        let sender = &mut self.senders[index(packet.track, packet.layer)];
        let Some(seq) = sender.number(packet.seq) else { return false };
        let (pt, payload) = match red.filter(|_| packet.track == Track::Microphone) {
            None => (pt, packet.payload.clone()),
            Some(red) => {
                self.repeater.remember(seq, packet.time, &packet.payload);
                match self.repeater.wrap(seq, *pt, self.depth.earlier(), WRAPPED_MOST) {
                    Some(wrapped) => (red, wrapped.into()),
                    None => (pt, packet.payload.clone()),
                }
            }
        };
        sender.packets += 1;
        sender.bytes += payload.len() as u64;
        let extensions = ExtensionValues {
            audio_level: packet.level.map(|level| -(level.min(127) as i8)),
            // str0m writes the level only together with this.
            voice_activity: packet.level.map(|level| level < 127),
            mid: Some(mid),
            rid,
            ..ExtensionValues::default()
        };
        stream.write_rtp(
            RtpWrite::new(pt, seq.into(), packet.time, now, payload)
                .marker(packet.marker)
                .ext_vals(extensions)
                .nackable(packet.track != Track::Microphone),
        );
        true
    }

    pub(crate) fn keyframe_wanted(&mut self, track: Track, layer: Layer) {
        self.senders[index(track, layer)].keyframes_wanted += 1;
    }

    /// Counters of `str0m`, which has read the engine's reports. What is lost behind a queue is not repeated more often: that
    /// would make it longer.
    pub(crate) fn reported(&mut self, now: Instant, track: Track, layer: Layer, stats: &MediaEgressStats, is_queueing: bool) {
        let sender = &mut self.senders[index(track, layer)];
        let loss = stats.loss.filter(|loss| loss.is_finite());
        if let Some(loss) = loss.filter(|_| track == Track::Microphone && !is_queueing) {
            self.depth.handle_report(now, loss);
            // At most 17.
            sender.repeated = self.depth.earlier() as u8;
        }
        sender.loss = loss.map(|loss| (loss * 100.0).clamp(0.0, 100.0));
        sender.round_trip = stats.rtt.or(sender.round_trip);
        sender.nacks = stats.nacks;
    }

    /// What is sent from this source.
    pub(crate) fn kind(&self, ssrc: u32) -> Sends {
        match self.sound {
            Some(sound) if sound == ssrc => Sends::Sound,
            _ if self.is_video(ssrc) => Sends::Picture,
            _ => Sends::Again,
        }
    }

    /// Whether pictures are sent from this source.
    pub(crate) fn is_video(&self, ssrc: u32) -> bool {
        self.video.contains(&ssrc)
    }

    pub(crate) fn of(&self, track: Track, layer: Layer) -> &Sender {
        &self.senders[index(track, layer)]
    }
}

impl Sender {
    /// The number on the wire for the sender's own one: gaps stay gaps. Nothing for one that is too late.
    fn number(&mut self, seq: u64) -> Option<u64> {
        let Some((last, wire)) = self.last else {
            self.last = Some((seq, FIRST));
            return Some(FIRST);
        };
        let number = match seq.checked_sub(last) {
            Some(ahead) if ahead <= LEAP => wire.checked_add(ahead)?,
            // It began anew.
            Some(_) => wire.checked_add(1)?,
            None if last - seq > LEAP => wire.checked_add(1)?,
            // A late one, which does not move the last on.
            None => return wire.checked_sub(last - seq),
        };
        self.last = Some((seq, number));
        Some(number)
    }
}

fn index(track: Track, layer: Layer) -> usize {
    match (track, layer) {
        (Track::Microphone, _) => 0,
        (Track::Camera, Layer::Big) => 1,
        (Track::Camera, Layer::Small) => 2,
        (Track::Screen, _) => 3,
    }
}

fn line(lines: &Lines, track: Track, layer: Layer) -> Option<(Mid, Option<Rid>)> {
    let (line, rid) = match track {
        Track::Microphone => (&lines.microphone, None),
        Track::Camera => (&lines.camera, Some(Rid::from(layer.rid()))),
        Track::Screen => (&lines.screen, None),
    };
    Some((Mid::from(line.as_deref()?), rid))
}

/// The payload type of a codec, and that of its packets wrapped by RFC 2198; of H.264 the profile that every browser has: constrained baseline, packetization mode 1.
fn payload_types(rtc: &Rtc, codec: Codec) -> Option<(Pt, Option<Pt>)> {
    let wanted = match codec {
        Codec::Opus => WireCodec::Opus,
        Codec::Vp8 => WireCodec::Vp8,
        Codec::H264 => WireCodec::H264,
        Codec::Vp9 => WireCodec::Vp9,
        Codec::Av1 => WireCodec::Av1,
    };
    let known = || rtc.codec_config().params().iter().filter(|params| params.spec().codec == wanted);
    let is_common = |params: &&PayloadParams| {
        let format = params.spec().format;
        format.profile_level_id == Some(0x42_e01f) && format.packetization_mode == Some(1)
    };
    let params = known().find(is_common).or_else(|| known().next())?;
    Some((params.pt(), params.red()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_stay_gaps_wherever_the_count_begins() {
        let mut sender = Sender::default();
        let numbers = [5_000_000_000, 5_000_000_001, 5_000_000_004, 5_000_000_003].map(|seq| sender.number(seq));
        assert_eq!(numbers, [Some(1000), Some(1001), Some(1004), Some(1003)]);
    }

    #[test]
    fn a_sender_that_begins_anew_goes_on_where_it_was() {
        let mut sender = Sender::default();
        let numbers = [70_000, 3, 4, 900_000].map(|seq| sender.number(seq));
        assert_eq!(numbers, [Some(1000), Some(1001), Some(1002), Some(1003)]);
    }
}
