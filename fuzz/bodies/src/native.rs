//! What a native client reads of others' media before a decoder sees it.

use rtc_red::{MAX_OFFSET, Restorer, pack, unpack};
use rtc_video::nal::START_CODE;
use rtc_video::sei::{MAX_BYTES, Sei};

/// A slice of a key picture, which messages can travel with.
const SLICE: [u8; 3] = [0x65, 0x88, 0x80];

/// A RED payload (RFC 2198). Where headers can say it again, it is written as it was, and what is restored by it comes once.
pub fn red(data: &[u8]) -> bool {
    let Ok(blocks) = unpack(data) else { return false };
    if blocks.earlier().iter().all(|block| (1..=MAX_OFFSET).contains(&block.offset)) {
        assert_eq!(pack(blocks.newest(), blocks.earlier()), data);
    }
    let mut restorer = Restorer::default();
    restorer.take(1000);
    let mut given = Vec::new();
    for seq in [1016, 1017, 1016] {
        let taken = restorer.take_wrapped(seq, blocks.newest().payload_type, data, |frame| {
            assert!(frame.seq <= seq && !given.contains(&frame.seq));
            given.push(frame.seq);
        });
        taken.expect("it was unpacked before");
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
