//! What was agreed on with the engine: the lines, which section of an offer is which of them, and the formats. It opens no
//! path and sends nothing.

use std::collections::BTreeMap;

use rtc_protocol::{Codec, Layer, Lines, MediaOffer, OfferPurpose, SlotPair, Track};
use str0m::Rtc;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec as WireCodec;
use str0m::media::{Direction, MediaKind, Mid, Pt, Simulcast, SimulcastLayer};

use super::receiving::Format;
use crate::Line;

/// See the module.
pub(crate) struct Negotiation {
    connection: u16,
    lines: Lines,
    offered: Option<(SdpPendingOffer, Lines)>,
    /// The receiving lines, those that are only offered included.
    mids: BTreeMap<Mid, Line>,
    /// What each payload type stands for.
    formats: [Option<Format>; 128],
}

impl Negotiation {
    pub(crate) fn new(connection: u16) -> Self {
        Self { connection, lines: Lines::default(), offered: None, mids: BTreeMap::new(), formats: [None; 128] }
    }

    pub(crate) fn connection(&self) -> u16 {
        self.connection
    }

    pub(crate) fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Offers, with at least so many receiving pairs. An offer that was not answered is void. Nothing where there is nothing
    /// to negotiate.
    pub(crate) fn offer(&mut self, rtc: &mut Rtc, purpose: OfferPurpose, pairs: u16) -> Option<MediaOffer> {
        let mut lines = self.lines.clone();
        self.mids.retain(|_, line| usize::from(line.index()) < lines.slots.len() * 2);
        let mut api = rtc.sdp_api();
        if lines.microphone.is_none() {
            lines.microphone = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None).to_string());
            let mut layers = Simulcast::new();
            layers.add_send_layer(SimulcastLayer::new(Layer::Big.rid()));
            layers.add_send_layer(SimulcastLayer::new(Layer::Small.rid()));
            lines.camera = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(layers)).to_string());
            lines.screen = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None).to_string());
        }
        for index in lines.slots.len()..usize::from(pairs) {
            let mut add = |kind, place: usize| {
                let mid = api.add_media(kind, Direction::RecvOnly, None, None, None);
                // Fits: an offer has at most some hundred sections.
                self.mids.insert(mid, Line::new(self.connection, (index * 2 + place) as u16));
                Some(mid.to_string())
            };
            let (audio, video) = (add(MediaKind::Audio, 0), add(MediaKind::Video, 1));
            lines.slots.push(SlotPair { audio, video });
        }
        if purpose == OfferPurpose::Restart {
            // New sockets are opened when the answer is there: the old ones may be on a network that is gone.
            api.ice_restart(false);
        }
        let (offer, pending) = api.apply()?;
        self.offered = Some((pending, lines.clone()));
        Some(MediaOffer { purpose, sdp: offer.to_sdp_string(), lines })
    }

    /// Takes the engine's answer to the last offer.
    pub(crate) fn accept(&mut self, rtc: &mut Rtc, sdp: &str) -> Result<(), String> {
        let (pending, lines) = self.offered.take().ok_or("there is no offer to answer")?;
        check(sdp)?;
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(|error| error.to_string())?;
        rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())?;
        self.lines = lines;
        for params in rtc.codec_config().params() {
            let Some(codec) = codec_of(params.spec().codec) else { continue };
            let mut set = |pt: Pt, format| {
                if let Some(place) = self.formats.get_mut(usize::from(*pt)) {
                    *place = Some(format);
                }
            };
            set(params.pt(), Format { codec, wraps: None });
            if let Some(red) = params.red() {
                set(red, Format { codec, wraps: Some(*params.pt()) });
            }
        }
        Ok(())
    }

    /// The receiving line of a section.
    pub(crate) fn line(&self, mid: Mid) -> Option<Line> {
        self.mids.get(&mid).copied()
    }

    /// The section of a receiving line.
    pub(crate) fn mid(&self, line: Line) -> Option<Mid> {
        self.mids.iter().find(|(_, known)| **known == line).map(|(mid, _)| *mid)
    }

    /// What is sent in a section.
    pub(crate) fn track(&self, mid: Mid) -> Option<Track> {
        let is = |line: &Option<String>| line.as_deref().is_some_and(|line| Mid::from(line) == mid);
        let lines = [&self.lines.microphone, &self.lines.camera, &self.lines.screen];
        Track::ALL.into_iter().zip(lines).find(|(_, line)| is(line)).map(|(track, _)| track)
    }

    pub(crate) fn format(&self, pt: Pt) -> Option<Format> {
        self.formats.get(usize::from(*pt)).copied().flatten()
    }
}

fn codec_of(codec: WireCodec) -> Option<Codec> {
    Some(match codec {
        WireCodec::Opus => Codec::Opus,
        WireCodec::Vp8 => Codec::Vp8,
        WireCodec::H264 => Codec::H264,
        WireCodec::Vp9 => Codec::Vp9,
        WireCodec::Av1 => Codec::Av1,
        _ => return None,
    })
}

/// Refuses an answer whose name for connectivity checks is longer than the checks have room for beside our own.
fn check(sdp: &str) -> Result<(), String> {
    let mut names = sdp.lines().filter_map(|line| line.strip_prefix("a=ice-ufrag:"));
    match names.find(|name| name.len() > UFRAG_BYTES) {
        Some(name) => Err(format!("its ice-ufrag has {} bytes; the most is {UFRAG_BYTES}", name.len())),
        None => Ok(()),
    }
}

/// Half of what `str0m` writes as the user name of a check, of which our own name takes 17.
const UFRAG_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_whose_name_does_not_fit_into_a_check_is_refused() {
        let answer = |bytes: usize| format!("v=0\r\na=ice-ufrag:{}\r\n", "x".repeat(bytes));
        assert_eq!(check(&answer(64)), Ok(()));
        assert_eq!(check(&answer(65)), Err("its ice-ufrag has 65 bytes; the most is 64".into()));
    }
}
