//! Pictures that an application has changed after they were encoded, as they travel: whatever it made of them, the engine
//! still sees where key frames begin. It changes nothing itself.

use std::sync::Arc;

use crate::cipher::{H264_CLEAR, vp8_clear};
use crate::codec::{EncodedFrame, VideoCodec};
use crate::layers::Layer;
use crate::nal::{self, START_CODE};

/// What an application made of something encoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Changed {
    /// Nothing: it stays as it is.
    #[default]
    No,
    /// This, in its place.
    To(Vec<u8>),
    /// It failed at it: what could not be changed goes nowhere.
    Lost,
}

/// Makes other bytes of an encoded picture that will be sent.
pub type Change = Arc<dyn Fn(Layer, &[u8]) -> Changed + Send + Sync>;
/// Makes an encoded picture of what has come.
pub type ChangeBack = Arc<dyn Fn(&[u8]) -> Changed + Send + Sync>;

/// The picture that carries `changed` instead of its own contents, behind the headers in which the engine looks for key
/// frames.
pub fn wrap(plain: &EncodedFrame, changed: &[u8]) -> EncodedFrame {
    let mut data = Vec::with_capacity(changed.len() + 64);
    match plain.codec {
        VideoCodec::Vp8 => {
            data.extend_from_slice(&plain.data[..vp8_clear(&plain.data)]);
            data.extend_from_slice(changed);
            data.extend_from_slice(&MARK);
        }
        VideoCodec::H264 => {
            for unit in nal::units(&plain.data) {
                data.extend_from_slice(&START_CODE);
                if nal::kind(unit).is_some_and(nal::is_slice) {
                    let head = &unit[..unit.len().min(H264_CLEAR)];
                    // A unit must not end in a zero.
                    nal::escape(&[head, changed, &MARK, &[NAL_END]].concat(), &mut data);
                    break;
                }
                data.extend_from_slice(unit);
            }
        }
    }
    EncodedFrame { data: data.into(), ..plain.clone() }
}

/// What such a picture carries. Nothing for a picture that carries only itself.
pub fn unwrap(frame: &EncodedFrame) -> Option<Vec<u8>> {
    match frame.codec {
        VideoCodec::Vp8 => {
            let rest = frame.data.strip_suffix(&MARK)?;
            Some(rest[vp8_clear(rest)..].to_vec())
        }
        VideoCodec::H264 => {
            let slice = nal::units(&frame.data).find(|unit| nal::kind(unit).is_some_and(nal::is_slice))?;
            let slice = nal::unescape(slice);
            let rest = slice.strip_suffix(&[NAL_END])?.strip_suffix(&MARK)?;
            rest.get(H264_CLEAR..).map(<[u8]>::to_vec)
        }
    }
}

/// Tells a picture that carries something from one that does not; as likely to end an honest picture as to be guessed.
const MARK: [u8; 8] = [0xd7, 0x52, 0x45, 0x9b, 0x31, 0xc8, 0x6e, 0xf4];
const NAL_END: u8 = 0x80;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(codec: VideoCodec, data: &[u8]) -> EncodedFrame {
        EncodedFrame { codec, data: data.to_vec().into(), key: true, time_us: 5 }
    }

    fn pictures() -> [EncodedFrame; 4] {
        [
            frame(VideoCodec::Vp8, b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00key picture"),
            frame(VideoCodec::Vp8, b"\x11\x00\x00picture"),
            frame(VideoCodec::H264, b"\0\0\0\x01\x67\x42\0\0\0\x01\x68\xce\0\0\0\x01\x65\x88key\0\0\0\x01\x65\x08picture"),
            frame(VideoCodec::H264, b"\0\0\0\x01\x41\x9apicture"),
        ]
    }

    #[test]
    fn the_engine_still_sees_key_frames() {
        let [vp8, inter, h264, slice] = pictures().map(|picture| wrap(&picture, b"\0\0\x01anything").data);
        assert_eq!(vp8[..10], *b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00");
        assert_eq!(inter[..3], *b"\x11\x00\x00");
        let units: Vec<_> = nal::units(&h264).collect();
        assert_eq!(units.len(), 3, "one slice carries what were two");
        assert_eq!((units[0], units[1]), (&[0x67, 0x42][..], &[0x68, 0xce][..]));
        assert!(nal::starts_idr(units[2]));
        assert!(nal::units(&slice).next().is_some_and(|unit| unit.starts_with(b"\x41\x9a")));
    }

    #[test]
    fn a_picture_that_carries_nothing_is_told_apart() {
        for picture in pictures() {
            assert_eq!(unwrap(&picture), None);
            assert_eq!(unwrap(&wrap(&picture, b"")).as_deref(), Some(&b""[..]));
        }
    }

    proptest! {
        #[test]
        fn whatever_was_made_of_it_comes_back(changed in proptest::collection::vec(0u8..4, 0..300)) {
            for picture in pictures() {
                prop_assert_eq!(unwrap(&wrap(&picture, &changed)), Some(changed.clone()));
            }
        }

        #[test]
        fn any_bytes_are_looked_through_without_panic(mut bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(1), Just(0x65), any::<u8>()], 0..40), marked: bool) {
            if marked {
                bytes.extend(MARK);
                bytes.push(NAL_END);
            }
            let _ = (unwrap(&frame(VideoCodec::Vp8, &bytes)), unwrap(&frame(VideoCodec::H264, &bytes)));
        }
    }
}
