//! What is changed in an SDP answer before it leaves: stream ids, so that a slot pair plays in sync, and after an ICE
//! restart the credentials, so that they name the shard again.

use std::fmt::Write;

use str0m::IceCreds;

use crate::OfferError;
use crate::offer::SlotLine;

/// Rewrites an answer. Browsers play the tracks of one stream in sync, but only its first audio and its first video track,
/// so each pair becomes a stream of its own: `slot-<number>`.
pub(crate) fn finished(answer: &str, slots: &[SlotLine], credentials: Option<&IceCreds>) -> Result<String, OfferError> {
    let mut out = String::with_capacity(answer.len() + 64 * slots.len());
    // The slot of the section a line is in. The mid comes before the lines that are changed, but not by any rule: look it
    // up per section.
    for section in split_sections(answer) {
        let mid = section.lines().find_map(|line| line.strip_prefix("a=mid:"));
        let slot = slots.iter().find(|slot| Some(slot.mid.as_str()) == mid);
        for line in section.lines() {
            if let Some(media) = line.strip_prefix("m=") {
                refuse_without_codec(media, mid)?;
            }
            rewritten(&mut out, line, slot, credentials);
            out.push_str("\r\n");
        }
    }
    Ok(out)
}

fn rewritten(out: &mut String, line: &str, slot: Option<&SlotLine>, credentials: Option<&IceCreds>) {
    // Writing to a String cannot fail.
    if let Some(creds) = credentials {
        if line.starts_with("a=ice-ufrag:") {
            let _ = write!(out, "a=ice-ufrag:{}", creds.ufrag);
            return;
        }
        if line.starts_with("a=ice-pwd:") {
            let _ = write!(out, "a=ice-pwd:{}", creds.pass);
            return;
        }
    }
    if line.starts_with("a=candidate:") {
        // The user fragment belongs to candidates that are sent apart from an SDP, and would be an old one after a restart.
        out.push_str(line.split_once(" ufrag ").map_or(line, |(candidate, _)| candidate));
        return;
    }
    if line.starts_with("a=msid-semantic:") {
        // RFC 8830 needs no list of streams here; `*` stands for all of them in what came before it.
        out.push_str("a=msid-semantic: WMS *");
        return;
    }
    if let Some(slot) = slot
        && let Some(at) = line.find("msid:").filter(|_| line.starts_with("a=msid:") || line.starts_with("a=ssrc:"))
        && let Some((_, track)) = line[at..].split_once(' ')
    {
        let _ = write!(out, "{}msid:slot-{} {track}", &line[..at], slot.pair);
        return;
    }
    out.push_str(line);
}

/// A section that is not rejected must have a payload type: `m=<media> <port> <protocol> <payload types>`.
fn refuse_without_codec(media: &str, mid: Option<&str>) -> Result<(), OfferError> {
    let mut words = media.split_ascii_whitespace();
    let port = words.nth(1);
    if port == Some("0") || words.nth(1).is_some() {
        return Ok(());
    }
    Err(OfferError::Sdp(format!(
        "section {} has no codec that is used here (opus; VP8, H264, VP9, AV1)",
        mid.unwrap_or("without a mid")
    )))
}

/// The session part, then each media section.
fn split_sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = sdp;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.match_indices("\nm=").next().map_or(rest.len(), |(at, _)| at + 1);
        let (section, after) = rest.split_at(end);
        rest = after;
        Some(section)
    })
}

#[cfg(test)]
mod tests {
    use rtc_protocol::MediaKind;

    use super::*;

    const ANSWER: &str = "v=0\r\na=msid-semantic: WMS x1 x2 x3\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:old\r\na=ice-pwd:secret\r\n\
        a=candidate:1 1 udp 5 10.0.0.1 9 typ host ufrag old\r\na=mid:0\r\na=msid:x1 t1\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a\r\na=msid:x2 t2\r\na=ssrc:7 cname:t2\r\na=ssrc:7 msid:x2 t2\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:v\r\na=msid:x3 t3\r\na=ssrc:8 msid:x3 t3\r\na=ssrc-group:FID 8 9\r\n";

    fn slots() -> [SlotLine; 2] {
        [("a", MediaKind::Audio), ("v", MediaKind::Video)].map(|(mid, kind)| SlotLine { mid: mid.into(), pair: 4, kind })
    }

    #[test]
    fn the_lines_of_a_pair_become_one_stream_and_nothing_else_changes() {
        let finished = finished(ANSWER, &slots(), None).expect("a good answer");
        assert_eq!(
            finished,
            ANSWER
                .replace("WMS x1 x2 x3", "WMS *")
                .replace(" ufrag old", "")
                .replace("x2 t2", "slot-4 t2")
                .replace("x3 t3", "slot-4 t3")
        );
    }

    #[test]
    fn after_a_restart_our_credentials_stand_in_the_answer() {
        let creds = IceCreds { ufrag: "ours".into(), pass: "password".into() };
        let finished = finished(ANSWER, &[], Some(&creds)).expect("a good answer");
        assert!(finished.contains("a=ice-ufrag:ours\r\na=ice-pwd:password\r\n"));
        assert!(!finished.contains("old") && !finished.contains("secret"));
    }

    #[test]
    fn a_section_without_a_common_codec_is_refused_unless_it_is_rejected() {
        let bare = ANSWER.replace("SAVPF 96 97", "SAVPF ");
        assert!(matches!(finished(&bare, &[], None), Err(OfferError::Sdp(m)) if m.contains("section v")));
        let rejected = bare.replace("m=video 9", "m=video 0");
        assert!(finished(&rejected, &[], None).is_ok());
    }
}
