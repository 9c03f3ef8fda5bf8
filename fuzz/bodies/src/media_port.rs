//! What the engine's media port reads before anybody has proved anything, and the offers that lead there.

use rtc_net::parsers::{self, Greeting};
use rtc_protocol::{Lines, MediaOffer, OfferPurpose};

/// A datagram: told apart, and asked where it belongs.
pub fn media_datagram(data: &[u8]) -> bool {
    parsers::datagram(data).is_some()
}

/// The bytes of a TCP connection. However they are cut, they are the same frames, and whose it is does not depend on what comes
/// after that was said.
pub fn ice_tcp(data: &[u8]) -> bool {
    let (whole, rest, over) = parsers::frames(data);
    assert!(whole.iter().all(|frame| frame.len() <= parsers::LONGEST));
    assert!(over || rest.len() < 2 + parsers::LONGEST);
    for step in [1, 3, 64] {
        let (mut found, mut buffer, mut is_over) = (Vec::new(), Vec::new(), false);
        for piece in data.chunks(step) {
            buffer.extend_from_slice(piece);
            let (frames, left, over) = parsers::frames(&buffer);
            found.extend(frames.into_iter().map(<[u8]>::to_vec));
            is_over = over;
            if over {
                break;
            }
            buffer = left.to_vec();
        }
        assert_eq!((&found, is_over), (&whole.iter().map(|frame| frame.to_vec()).collect(), over));
    }
    let mut said = Greeting::Unfinished;
    for end in 0..=data.len().min(2 + parsers::LONGEST) {
        let now = parsers::greeting(&data[..end]);
        assert!(said == Greeting::Unfinished || said == now, "{said:?} was said, and then {now:?}");
        said = now;
    }
    matches!(said, Greeting::Names(_))
}

/// An offer: its lines as JSON in the first line of text, then the SDP. An answer has the sections of its offer.
pub fn media_offer(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let (lines, sdp) = text.split_once('\n').unwrap_or((&text, ""));
    let lines: Lines = serde_json::from_str(lines).unwrap_or_default();
    let offer = MediaOffer { purpose: OfferPurpose::Enter, sdp: sdp.to_owned(), lines };
    let Ok(answers) = parsers::offer(&offer) else { return false };
    let sections = |sdp: &str| sdp.lines().filter(|line| line.starts_with("m=")).count();
    for answer in answers {
        assert_eq!(sections(&answer), sections(sdp), "{answer}");
    }
    true
}
