//! Reads a client's offer before the session's own SDP parser sees it: checks that it is bounded and fits its `lines`, and
//! leaves out what an ICE-lite engine has no use for and an attacker might (candidates by the thousand, sources by the
//! thousand). It answers nothing.

mod payload_types;

use rtc_protocol::{MediaKind, MediaOffer, SlotPair, Track, limits};
use str0m::change::SdpOffer;

use crate::OfferError;

/// Text lines in one offer. An honest one has about 45 in a media section.
const LINES: usize = 20_000;
/// `a=ssrc` lines kept in the section of a sending line: two sources with two lines each, and some spare.
const SOURCE_LINES: usize = 16;
/// `a=rid` lines kept in a section.
const RID_LINES: usize = 4;
/// Bytes of a mid: what fits a one-byte RTP header extension (RFC 8285 section 4.2), and what the session tells apart.
const MID_BYTES: usize = 16;

/// What the engine grants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// The most pairs of slots.
    pub(crate) max_slots: usize,
    /// Whether clients shall report what arrives in their slots. That is only of use to bandwidth estimation, and costs a
    /// report every 50 to 100 ms from each client.
    pub(crate) feedback: bool,
}

/// Header extensions that make a receiver report arrivals.
const FEEDBACK_EXTENSIONS: [&str; 2] = [
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
];

/// An offer that was checked and parsed.
#[derive(Debug)]
pub(crate) struct Offer {
    /// What it negotiates.
    pub(crate) sdp: SdpOffer,
    /// The lines the client sends on.
    pub(crate) sending: Vec<SendingLine>,
    /// The lines the client receives on.
    pub(crate) slots: Vec<SlotLine>,
}

/// An offer whose bounds and lines were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checked {
    /// The SDP, without what is not used.
    sdp: String,
    sending: Vec<SendingLine>,
    /// Pair `i` of the client's list has number `i`.
    slots: Vec<SlotLine>,
}

/// A line the client sends a track on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SendingLine {
    pub(crate) mid: String,
    pub(crate) track: Track,
}

/// A line the client receives on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlotLine {
    pub(crate) mid: String,
    pub(crate) pair: u16,
    pub(crate) kind: MediaKind,
}

/// A media section of the SDP.
#[derive(Debug)]
struct Section<'a> {
    kind: MediaKind,
    mid: Option<&'a str>,
    direction: &'a str,
}

impl Offer {
    /// Checks and parses an offer, which takes milliseconds for a large one: not for a media thread.
    pub(crate) fn read(offer: &MediaOffer, terms: Terms) -> Result<Self, OfferError> {
        let Checked { sdp, sending, slots } = Checked::read(offer, terms)?;
        let count = sdp.lines().filter(|line| is_section(line)).count();
        let sdp = SdpOffer::from_sdp_string(&sdp).map_err(|error| OfferError::Sdp(complaint(&error.to_string())))?;
        // The parser stops without a word where it can read no further. The answer would lack what follows.
        let read = sdp.media_lines.len();
        if read != count {
            return Err(OfferError::Sdp(format!("only {read} of its {count} sections can be read")));
        }
        Ok(Self { sdp, sending, slots })
    }
}

impl Checked {
    fn read(offer: &MediaOffer, terms: Terms) -> Result<Self, OfferError> {
        if offer.sdp.len() > limits::OFFER_BYTES {
            return Err(OfferError::TooLarge { bytes: offer.sdp.len() });
        }
        let pairs = offer.lines.slots.len();
        if pairs > terms.max_slots {
            return Err(OfferError::TooManySlots { pairs, max: terms.max_slots });
        }
        let sections = sections(&offer.sdp)?;
        payload_types::check(&offer.sdp)?;
        let mut used = Vec::new();
        let mut line = |field: String, mid: &str, kind: MediaKind, direction: &str| {
            let fault = |problem: String| OfferError::Lines { field: field.clone(), problem };
            if mid.is_empty() || mid.len() > MID_BYTES || !mid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(fault(format!("is not 1 to {MID_BYTES} letters, digits and underscores")));
            }
            if used.iter().any(|u| u == mid) {
                return Err(fault(format!("names section {mid} a second time")));
            }
            let Some(section) = sections.iter().find(|s| s.mid == Some(mid)) else {
                return Err(fault(format!("names section {mid}, which the offer does not have")));
            };
            if section.kind != kind {
                return Err(fault(format!("names section {mid}, which is not {}", name(kind))));
            }
            if section.direction != direction {
                return Err(fault(format!("names section {mid}, which is {} and must be {direction}", section.direction)));
            }
            used.push(mid.to_owned());
            Ok(mid.to_owned())
        };

        let mut sending = Vec::new();
        for track in Track::ALL {
            let (field, mid) = match track {
                Track::Microphone => ("microphone", &offer.lines.microphone),
                Track::Camera => ("camera", &offer.lines.camera),
                Track::Screen => ("screen", &offer.lines.screen),
            };
            if let Some(mid) = mid {
                let mid = line(field.into(), mid, track.kind(), "sendonly")?;
                sending.push(SendingLine { mid, track });
            }
        }
        let mut slots = Vec::new();
        for (i, SlotPair { audio, video }) in offer.lines.slots.iter().enumerate() {
            for (field, mid, kind) in [("audio", audio, MediaKind::Audio), ("video", video, MediaKind::Video)] {
                if let Some(mid) = mid {
                    let mid = line(format!("slots[{i}].{field}"), mid, kind, "recvonly")?;
                    // Fits: there are at most `max_slots` pairs, and sections enough for each.
                    slots.push(SlotLine { mid, pair: i as u16, kind });
                }
            }
        }
        let sends = |mid: Option<&str>| sending.iter().any(|line| Some(line.mid.as_str()) == mid);
        let sdp = trimmed(&offer.sdp, &sections, sends, terms.feedback);
        Ok(Self { sdp, sending, slots })
    }
}

/// The slots after an offer that has `slots`: those there were `before` keep their numbers, new ones follow. An offer that
/// changes or leaves out a slot there was is refused, because slots are for the life of the connection.
pub(crate) fn grown(slots: Vec<SlotLine>, before: &[SlotLine]) -> Result<Vec<SlotLine>, OfferError> {
    if let Some(old) = before.iter().find(|old| !slots.contains(old)) {
        return Err(OfferError::Lines {
            field: format!("slots[{}]", old.pair),
            problem: format!("must still have section {} at this place", old.mid),
        });
    }
    let new = slots.into_iter().filter(|slot| !before.contains(slot));
    Ok(before.iter().cloned().chain(new).collect())
}

fn name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Audio => "audio",
        MediaKind::Video => "video",
    }
}

/// What the session's SDP parser complains of, on one line and without the place, which it gives as an address in memory.
fn complaint(of_parser: &str) -> String {
    let lines =
        of_parser.lines().map(|line| line.split_once("Parse error at PointerOffset(").map_or(line, |(before, _)| before));
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a media section begins with this text line.
fn is_section(line: &str) -> bool {
    line.starts_with("m=")
}

fn sections(sdp: &str) -> Result<Vec<Section<'_>>, OfferError> {
    let count = sdp.lines().filter(|line| is_section(line)).count();
    if count > limits::MEDIA_SECTIONS {
        return Err(OfferError::TooManySections { sections: count });
    }
    let lines = sdp.lines().count();
    if lines > LINES {
        return Err(OfferError::Sdp(format!("it has {lines} text lines; the most is {LINES}")));
    }
    let mut sections: Vec<Section<'_>> = Vec::with_capacity(count);
    for line in sdp.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            let kind = match media.split(' ').next() {
                Some("audio") => MediaKind::Audio,
                Some("video") => MediaKind::Video,
                Some("application") => {
                    return Err(OfferError::Sdp("it has an application section; data channels are not used here".into()));
                }
                // The answer would lack it, and no client takes an answer with fewer sections than its offer has.
                _ => return Err(OfferError::Sdp(format!("section {} is neither audio nor video", sections.len()))),
            };
            // RFC 8866 section 6.7: without a direction, a section is sendrecv.
            sections.push(Section { kind, mid: None, direction: "sendrecv" });
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        let Some(attribute) = line.strip_prefix("a=") else { continue };
        if let Some(mid) = attribute.strip_prefix("mid:") {
            section.mid = Some(mid);
        } else if matches!(attribute, "sendonly" | "recvonly" | "sendrecv" | "inactive") {
            section.direction = attribute;
        }
    }
    Ok(sections)
}

/// The SDP without candidates (an ICE-lite agent checks none: it learns addresses from the checks it is sent), and with
/// bounded sources and rids. Without `feedback`, receiving lines lose the extensions that cause it.
fn trimmed(sdp: &str, sections: &[Section<'_>], sends: impl Fn(Option<&str>) -> bool, feedback: bool) -> String {
    let mut out = String::with_capacity(sdp.len());
    let mut coming = sections.iter();
    let mut sending = true;
    let (mut sources, mut rids) = (0, 0);
    for line in sdp.lines() {
        if is_section(line) {
            sending = sends(coming.next().and_then(|section| section.mid));
            (sources, rids) = (0, 0);
        }
        let keep = if line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates") {
            false
        } else if line.starts_with("a=ssrc") {
            sources += 1;
            sending && sources <= SOURCE_LINES
        } else if line.starts_with("a=extmap:") {
            let feeds = FEEDBACK_EXTENSIONS.iter().any(|uri| line.split(' ').any(|word| word == *uri));
            sending || feedback || !feeds
        } else if line.starts_with("a=rid:") {
            rids += 1;
            rids <= RID_LINES
        } else {
            true
        };
        if keep {
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{Lines, OfferPurpose};

    use super::*;

    fn read(offer: &MediaOffer) -> Result<Checked, OfferError> {
        Checked::read(offer, Terms { max_slots: 64, feedback: true })
    }

    fn section(kind: &str, mid: &str, direction: &str) -> String {
        let (number, codec) = if kind == "audio" { (111, "opus/48000/2") } else { (96, "VP8/90000") };
        format!("m={kind} 9 UDP/TLS/RTP/SAVPF {number}\r\na=mid:{mid}\r\na=rtpmap:{number} {codec}\r\na={direction}\r\n")
    }

    fn offer(sections: &[String], lines: Lines) -> MediaOffer {
        let sdp = format!("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{}", sections.concat());
        MediaOffer { purpose: OfferPurpose::Enter, sdp, lines }
    }

    fn pair(audio: &str, video: &str) -> SlotPair {
        let some = |mid: &str| (!mid.is_empty()).then(|| mid.to_owned());
        SlotPair { audio: some(audio), video: some(video) }
    }

    fn sample() -> MediaOffer {
        let sections = [
            section("audio", "mic", "sendonly"),
            section("video", "cam", "sendonly"),
            section("audio", "a0", "recvonly"),
            section("video", "v0", "recvonly"),
            section("video", "v1", "recvonly"),
        ];
        let lines = Lines {
            microphone: Some("mic".into()),
            camera: Some("cam".into()),
            screen: None,
            slots: vec![pair("a0", "v0"), pair("", "v1")],
        };
        offer(&sections, lines)
    }

    fn field(offer: &MediaOffer) -> String {
        match read(offer) {
            Err(OfferError::Lines { field, .. }) => field,
            other => panic!("not refused for its lines: {other:?}"),
        }
    }

    #[test]
    fn lines_become_tracks_and_numbered_slots() {
        let read = read(&sample()).expect("a good offer");
        let tracks: Vec<_> = read.sending.iter().map(|l| (l.mid.as_str(), l.track)).collect();
        assert_eq!(tracks, [("mic", Track::Microphone), ("cam", Track::Camera)]);
        let slots: Vec<_> = read.slots.iter().map(|s| (s.mid.as_str(), s.pair, s.kind)).collect();
        assert_eq!(slots, [("a0", 0, MediaKind::Audio), ("v0", 0, MediaKind::Video), ("v1", 1, MediaKind::Video)]);
    }

    #[test]
    fn a_line_that_is_missing_doubled_of_the_other_kind_or_direction_is_named() {
        let change = |f: &dyn Fn(&mut Lines)| {
            let mut offer = sample();
            f(&mut offer.lines);
            field(&offer)
        };
        assert_eq!(change(&|l| l.screen = Some("scr".into())), "screen");
        assert_eq!(change(&|l| l.screen = Some("cam".into())), "screen");
        assert_eq!(change(&|l| l.microphone = Some("cam".into())), "microphone");
        assert_eq!(change(&|l| l.camera = Some("v0".into())), "camera");
        assert_eq!(change(&|l| l.slots[1].audio = Some("mic".into())), "slots[1].audio");
        assert_eq!(change(&|l| l.slots[1].video = Some("a mid".into())), "slots[1].video");
        assert_eq!(change(&|l| l.slots[0].audio = Some(String::new())), "slots[0].audio");
    }

    #[test]
    fn a_thousand_sections_and_half_a_megabyte_are_refused_before_anything_is_read() {
        let many: Vec<_> = (0..1000).map(|i| section("audio", &format!("m{i}"), "recvonly")).collect();
        let refused = read(&offer(&many, Lines::default()));
        assert_eq!(refused, Err(OfferError::TooManySections { sections: 1000 }));
        let mut large = sample();
        large.sdp.push_str(&"a=x\r\n".repeat(110_000));
        assert!(matches!(read(&large), Err(OfferError::TooLarge { .. })));
        let mut long = sample();
        long.sdp.push_str(&"a=x\r\n".repeat(LINES));
        assert!(matches!(read(&long), Err(OfferError::Sdp(_))));
        assert_eq!(
            Checked::read(&sample(), Terms { max_slots: 1, feedback: true }),
            Err(OfferError::TooManySlots { pairs: 2, max: 1 })
        );
    }

    #[test]
    fn candidates_and_surplus_sources_are_left_out() {
        let mut offer = sample();
        let sources: String = (0..100).map(|i| format!("a=ssrc:{i} cname:x\r\n")).collect();
        let camera = "a=mid:cam\r\n";
        offer.sdp = offer.sdp.replace(camera, &format!("{camera}a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n{sources}"));
        offer.sdp = offer.sdp.replace("a=mid:v0\r\n", "a=mid:v0\r\na=ssrc:5 cname:x\r\n");
        let read = read(&offer).expect("a good offer");
        assert!(!read.sdp.contains("candidate"));
        assert_eq!(read.sdp.matches("a=ssrc:").count(), SOURCE_LINES);
    }

    #[test]
    fn without_bandwidth_estimation_viewers_are_not_asked_to_report() {
        let mut offer = sample();
        let extensions: String = FEEDBACK_EXTENSIONS.iter().map(|uri| format!("a=extmap:3 {uri}\r\n")).collect();
        for mid in ["cam", "v0"] {
            let line = format!("a=mid:{mid}\r\n");
            offer.sdp =
                offer.sdp.replace(&line, &format!("{line}a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n{extensions}"));
        }
        let count = |feedback| {
            let read = Checked::read(&offer, Terms { max_slots: 64, feedback }).expect("a good offer");
            read.sdp.matches("a=extmap:").count()
        };
        assert_eq!((count(true), count(false)), (6, 4), "the sender's are kept");
    }

    #[test]
    fn data_channels_are_refused() {
        let mut offer = sample();
        offer.sdp.push_str("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n");
        assert!(matches!(read(&offer), Err(OfferError::Sdp(_))));
    }

    #[test]
    fn a_section_of_another_kind_is_named() {
        for kind in ["text", "", "AUDIO", "audio\t9"] {
            let mut offer = sample();
            offer.sdp.push_str(&section(kind, "x", "recvonly"));
            assert_eq!(read(&offer), Err(OfferError::Sdp("section 5 is neither audio nor video".into())), "{kind:?}");
        }
    }

    #[test]
    fn an_offer_is_read_to_its_end_or_refused() {
        let terms = Terms { max_slots: 64, feedback: true };
        let refused = |offer: &MediaOffer| Offer::read(offer, terms).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(refused(&sample()), Ok(()));
        for broken in ["m=video 9 UDP", "m=video 9 RTP/AVP 96\r\n", "nonsense\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"] {
            let mut offer = sample();
            offer.sdp.push_str(broken);
            let problem = refused(&offer).expect_err(broken);
            assert!(problem.contains("only 5 of its 6 sections can be read"), "{broken}: {problem}");
        }
    }

    #[test]
    fn no_complaint_gives_an_address_in_memory() {
        let mut offer = sample();
        offer.sdp = offer.sdp.replace("a=rtpmap:96", "a=rtpmap:98");
        let complaint = Offer::read(&offer, Terms { max_slots: 64, feedback: true }).expect_err("not described").to_string();
        assert!(complaint.ends_with("SDP parse: Missing a=rtp_map:96 for mid: cam"), "{complaint}");
    }

    #[test]
    fn slots_grow_at_the_end_and_never_change() {
        let before = read(&sample()).expect("a good offer").slots;
        let mut more = sample();
        more.sdp.push_str(&section("audio", "a1", "recvonly"));
        more.lines.slots[1].audio = Some("a1".into());
        let grown = grown(read(&more).expect("a good offer").slots, &before).expect("it grew");
        let mids: Vec<_> = grown.iter().map(|s| s.mid.as_str()).collect();
        assert_eq!(mids, ["a0", "v0", "v1", "a1"]);
        let mut less = sample();
        less.lines.slots.pop();
        assert!(super::grown(read(&less).expect("a good offer").slots, &before).is_err());
    }
}
