//! What the payload types of an offer stand for: all sections share one transport, where each may stand for one thing only
//! (RFC 9143 section 9.1). It does not decide which of them are used.

use std::collections::BTreeMap;

use crate::OfferError;

/// What makes two payload types of one codec different ones: parameters of `a=fmtp`. Others may differ between what a client
/// sends and what it receives, as levels do.
const DISTINCTIVE: [&str; 5] = ["apt", "packetization-mode", "profile", "profile-id", "profile-level-id"];
/// Of a `profile-level-id` the bytes of the profile, in hex (RFC 6184 section 8.1).
const PROFILE_DIGITS: usize = 4;

/// A codec by its `a=rtpmap`, and what is distinctive in each `a=fmtp`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Meaning {
    codecs: Vec<String>,
    parameters: Vec<String>,
}

/// Refuses an offer in which a payload type stands for two things. The session's own parser takes that for granted.
pub(super) fn check(sdp: &str) -> Result<(), OfferError> {
    let mut known: BTreeMap<u8, Meaning> = BTreeMap::new();
    let mut here: BTreeMap<u8, Meaning> = BTreeMap::new();
    for line in sdp.lines() {
        if line.starts_with("m=") {
            settle(&mut known, std::mem::take(&mut here))?;
        } else if let Some((payload_type, codec)) = line.strip_prefix("a=rtpmap:").and_then(numbered) {
            here.entry(payload_type).or_default().codecs.push(codec.to_ascii_lowercase());
        } else if let Some((payload_type, parameters)) = line.strip_prefix("a=fmtp:").and_then(numbered) {
            here.entry(payload_type).or_default().parameters.extend(distinctive(parameters));
        }
    }
    settle(&mut known, here)
}

/// A section ends.
fn settle(known: &mut BTreeMap<u8, Meaning>, here: BTreeMap<u8, Meaning>) -> Result<(), OfferError> {
    for (payload_type, mut meaning) in here {
        meaning.parameters.sort();
        let is_clear = meaning.codecs.len() <= 1;
        if !is_clear || *known.entry(payload_type).or_insert_with(|| meaning.clone()) != meaning {
            return Err(OfferError::Sdp(format!("payload type {payload_type} stands for more than one codec")));
        }
    }
    Ok(())
}

fn numbered(attribute: &str) -> Option<(u8, &str)> {
    let (number, rest) = attribute.split_once(' ')?;
    Some((number.parse().ok()?, rest.trim()))
}

fn distinctive(parameters: &str) -> impl Iterator<Item = String> + '_ {
    parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        let name = DISTINCTIVE.into_iter().find(|known| name.eq_ignore_ascii_case(known))?;
        let value = if name == "profile-level-id" { value.get(..PROFILE_DIGITS).unwrap_or(value) } else { value };
        Some(format!("{name}={}", value.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two sections with these attributes fit each other.
    fn fit(one: &str, other: &str) -> bool {
        let attributes = |of: &str| of.split(", ").map(|line| format!("a={line}\r\n")).collect::<String>();
        let (one, other) = (attributes(one), attributes(other));
        check(&format!("v=0\r\nm=video 9 X 96 97\r\n{one}m=video 9 X 96 97\r\n{other}")).is_ok()
    }

    #[test]
    fn a_payload_type_stands_for_one_codec_wherever_it_is_named() {
        assert!(fit("rtpmap:96 VP8/90000, rtpmap:97 rtx/90000, fmtp:97 apt=96", "rtpmap:97 rtx/90000, fmtp:97 apt=96"));
        assert!(!fit("rtpmap:96 VP8/90000", "rtpmap:96 VP9/90000"));
        assert!(!fit("rtpmap:96 VP8/90000, rtpmap:96 rtx/90000", "rtcp-fb:96 nack"));
        assert!(!fit("rtpmap:97 rtx/90000, fmtp:97 apt=96", "rtpmap:97 rtx/90000, fmtp:97 apt=98"));
        assert!(!fit("rtpmap:96 VP9/90000, fmtp:96 profile-id=0", "rtpmap:96 VP9/90000, fmtp:96 profile-id=2"));
    }

    #[test]
    fn levels_and_what_else_a_client_sends_otherwise_than_it_receives_may_differ() {
        let h264 = |level: &str| format!("rtpmap:96 H264/90000, fmtp:96 packetization-mode=1;profile-level-id={level}");
        assert!(fit(&h264("42e01f"), &h264("42E034")));
        assert!(!fit(&h264("42e01f"), &h264("64001f")));
        assert!(!fit(&h264("42e01f"), &h264("42e01f").replace("mode=1", "mode=0")));
        assert!(fit("rtpmap:96 opus/48000/2, fmtp:96 useinbandfec=1", "rtpmap:96 opus/48000/2, fmtp:96 stereo=1"));
    }

    #[test]
    fn what_is_no_payload_type_is_left_to_the_parser() {
        for odd in ["rtpmap:x VP8/90000", "rtpmap:300 VP8/90000", "rtpmap:96", "fmtp:", "fmtp:96 =;;profile-level-id=é"] {
            assert!(fit(odd, "rtpmap:96 VP8/90000, fmtp:96 x=1") || odd.starts_with("fmtp:96"), "{odd}");
        }
    }
}
