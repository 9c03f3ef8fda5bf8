//! What a native client reads of others' media before a decoder sees it.

use rtc_audio::red::{MAX_OFFSET, pack, unpack};
use rtc_video::nal::START_CODE;
use rtc_video::sei::{MAX_BYTES, Sei};

/// A slice of a key picture, which messages can travel with.
const SLICE: [u8; 3] = [0x65, 0x88, 0x80];

/// A RED payload (RFC 2198). Where headers can say it again, it is written as it was.
pub fn red(data: &[u8]) -> bool {
    const TIMESTAMP: u32 = 1000;
    let Ok(blocks) = unpack(data, TIMESTAMP) else { return false };
    let (primary, redundant) = blocks.split_last().expect("there is a primary block");
    assert_eq!(primary.timestamp, TIMESTAMP);
    if redundant.iter().all(|block| (1..=MAX_OFFSET).contains(&TIMESTAMP.wrapping_sub(block.timestamp))) {
        assert_eq!(pack(*primary, redundant), data);
    }
    true
}

/// A picture of H.264 with SEI messages. Those that were found are found again in another picture.
pub fn sei(data: &[u8]) -> bool {
    let messages = Sei::extract(data);
    assert!(messages.iter().all(|message| message.data.len() <= MAX_BYTES));
    let picture = [&START_CODE[..], &SLICE].concat();
    let carried = Sei::insert(&messages, &picture).expect("there is a slice, and no message is too long");
    assert_eq!(Sei::extract(&carried), messages);
    !messages.is_empty()
}
