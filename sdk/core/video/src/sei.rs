//! Messages inside H.264 pictures: supplemental enhancement information, as user data with a UUID (type 5) or as the bare
//! bytes that the Web SDK sends (type 243). It decides nothing about who may send what, and how often.

use crate::nal::{self, START_CODE};

/// The most bytes in one message: what the Web SDK lets an application send. `sendSEIMsg` of native ones takes 1000.
pub const MAX_BYTES: usize = 1024;

/// `payloadType` of user data that begins with a UUID.
pub const WITH_UUID: u8 = 5;
/// `payloadType` of bare bytes.
pub const BARE: u8 = 243;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sei {
    /// The UUID of type 5, which says who defined what the bytes mean; `None` for type 243.
    pub uuid: Option<[u8; 16]>,
    /// What the application sent.
    pub data: Vec<u8>,
}

/// Why a message cannot go into a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeiError {
    /// It is too long.
    #[error("an SEI message has {0} bytes; at most {MAX_BYTES} are possible")]
    Length(usize),
    /// There is no picture to carry it.
    #[error("the access unit has no slice; send SEI with a picture")]
    NoSlice,
}

impl Sei {
    /// A number that is the same for the same message: senders repeat one on several pictures for safety.
    pub fn key(&self) -> u64 {
        // FNV-1a. Nobody gains from a collision: he would only lose a message of his own.
        let bytes = [WITH_UUID].into_iter().filter(|_| self.uuid.is_some()).chain(self.uuid.into_iter().flatten());
        let data = self.data.iter().copied();
        bytes.chain(data).fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The access unit with the messages in it, each in a unit of its own before the first slice (7.4.1.2.3).
    ///
    /// # Errors
    /// [`SeiError`].
    pub fn insert(messages: &[Self], access_unit: &[u8]) -> Result<Vec<u8>, SeiError> {
        let units: Vec<&[u8]> = nal::units(access_unit).collect();
        let slice = units.iter().position(|unit| nal::kind(unit).is_some_and(nal::is_slice)).ok_or(SeiError::NoSlice)?;
        let mut stream = Vec::with_capacity(access_unit.len() + messages.len() * 64);
        for unit in &units[..slice] {
            stream.extend_from_slice(&START_CODE);
            stream.extend_from_slice(unit);
        }
        for message in messages {
            message.write(&mut stream)?;
        }
        for unit in &units[slice..] {
            stream.extend_from_slice(&START_CODE);
            stream.extend_from_slice(unit);
        }
        Ok(stream)
    }

    /// The messages of an access unit. Other kinds of SEI are left out, and so is what is damaged or too long.
    pub fn extract(access_unit: &[u8]) -> Vec<Self> {
        let units = nal::units(access_unit).filter(|unit| nal::kind(unit) == Some(nal::SEI));
        units.take(MAX_PER_PICTURE).flat_map(|unit| read(&nal::unescape(&unit[1..]))).take(MAX_PER_PICTURE).collect()
    }

    fn write(&self, stream: &mut Vec<u8>) -> Result<(), SeiError> {
        if self.data.len() > MAX_BYTES {
            return Err(SeiError::Length(self.data.len()));
        }
        let uuid = self.uuid.as_ref().map_or(&[][..], |uuid| uuid);
        let length = uuid.len() + self.data.len();
        // 7.3.2.3: type and length in steps of 255.
        let mut payload = vec![if self.uuid.is_some() { WITH_UUID } else { BARE }];
        payload.extend(std::iter::repeat_n(0xff, length / 255));
        payload.push((length % 255) as u8);
        payload.extend_from_slice(uuid);
        payload.extend_from_slice(&self.data);
        payload.push(TRAILING_BITS);
        stream.extend_from_slice(&START_CODE);
        stream.push(nal::SEI);
        nal::escape(&payload, stream);
        Ok(())
    }
}

/// The messages of one unit without its header and emulation prevention.
fn read(mut payload: &[u8]) -> Vec<Sei> {
    let mut messages = Vec::new();
    while payload.len() > 1 && messages.len() < MAX_PER_PICTURE {
        let Some((kind, length)) = number(&mut payload).zip(number(&mut payload)) else { break };
        let Some((body, rest)) = payload.split_at_checked(length) else { break };
        payload = rest;
        let message = match u8::try_from(kind) {
            Ok(WITH_UUID) => body.split_first_chunk().map(|(uuid, data)| Sei { uuid: Some(*uuid), data: data.to_vec() }),
            Ok(BARE) => Some(Sei { uuid: None, data: body.to_vec() }),
            _ => None,
        };
        messages.extend(message.filter(|message| message.data.len() <= MAX_BYTES));
    }
    messages
}

/// A number in steps of 255; `None` when the bytes end before it does. Larger ones than any message needs stay as they are.
fn number(payload: &mut &[u8]) -> Option<usize> {
    let steps = payload.iter().position(|byte| *byte != 0xff)?;
    let last = usize::from(payload[steps]);
    *payload = &payload[steps + 1..];
    Some(steps * 255 + last)
}

/// Tells a message that was seen already from a new one. Remembers the last few.
#[derive(Debug, Default)]
pub struct Repeats {
    /// Keys, and the number of the picture that had each last.
    recent: Vec<(u64, u64)>,
    picture: u64,
}

impl Repeats {
    /// Remembers nothing yet.
    pub const fn new() -> Self {
        Self { recent: Vec::new(), picture: 0 }
    }

    /// Takes the messages of the next picture and gives those that were not on one of the pictures just before: a repetition
    /// rides on pictures that follow each other, with a few lost. Called for pictures without messages as well.
    pub fn next_picture(&mut self, messages: Vec<Sei>) -> Vec<Sei> {
        self.picture += 1;
        let picture = self.picture;
        self.recent.retain(|(_, last)| picture - last <= FORGET_AFTER);
        let mut fresh = Vec::new();
        for message in messages {
            let key = message.key();
            match self.recent.iter_mut().find(|(known, _)| *known == key) {
                // Twice on one picture is two messages; on two pictures it is a repetition.
                Some((_, last)) if *last < picture => *last = picture,
                Some(_) => fresh.push(message),
                None => {
                    self.recent.push((key, picture));
                    fresh.push(message);
                }
            }
        }
        fresh
    }
}

const TRAILING_BITS: u8 = 0x80;
/// The most messages that are read of one picture.
pub const MAX_PER_PICTURE: usize = 16;
/// Pictures without a message after which the same one is new.
const FORGET_AFTER: u64 = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(bytes: &[u8]) -> Vec<u8> {
        [&START_CODE, bytes].concat()
    }

    fn picture() -> Vec<u8> {
        [unit(&[0x67, 0x42]), unit(&[0x68, 0xce]), unit(&[0x65, 0x88, 1])].concat()
    }

    fn bare(data: &[u8]) -> Sei {
        Sei { uuid: None, data: data.to_vec() }
    }

    #[test]
    fn a_message_goes_before_the_slice_and_comes_back() {
        let message = bare(b"hello");
        let with = Sei::insert(std::slice::from_ref(&message), &picture()).unwrap();
        let expected =
            [unit(&[0x67, 0x42]), unit(&[0x68, 0xce]), unit(b"\x06\xf3\x05hello\x80"), unit(&[0x65, 0x88, 1])].concat();
        assert_eq!(with, expected);
        assert_eq!(Sei::extract(&with), [message]);
        assert_eq!(Sei::extract(&picture()), []);
    }

    #[test]
    fn the_longest_message_full_of_zeros_and_with_a_uuid() {
        let messages = [Sei { uuid: Some([0; 16]), data: vec![0; MAX_BYTES] }, bare(&[]), bare(&[0, 0, 1])];
        let with = Sei::insert(&messages, &picture()).unwrap();
        assert_eq!(Sei::extract(&with), messages);
        assert_eq!(Sei::insert(&[bare(&[1; MAX_BYTES + 1])], &picture()), Err(SeiError::Length(MAX_BYTES + 1)));
        assert_eq!(Sei::insert(&[], &unit(&[0x67])), Err(SeiError::NoSlice));
    }

    #[test]
    fn foreign_and_damaged_messages_are_left_out() {
        let several = [&[0x06, 1, 2, 9, 9][..], b"\xf3\x02ok", &[0x80]].concat();
        assert_eq!(Sei::extract(&unit(&several)), [bare(b"ok")], "two in one unit");
        for damaged in [&[6][..], &[6, 0xf3], &[6, 0xf3, 9, 1, 0x80], &[6, 0xff, 0xff], &[6, 5, 3, 1, 2, 3, 0x80]] {
            assert_eq!(Sei::extract(&unit(damaged)), [], "{damaged:02x?}");
        }
        let long = [&[6, 0xf3][..], &[0xff; 4], &[10], &[7; 1030], &[0x80]].concat();
        assert_eq!(Sei::extract(&unit(&long)), []);
    }

    #[test]
    fn a_repetition_is_dropped_and_the_same_words_later_are_new() {
        let mut repeats = Repeats::new();
        let (a, b) = (bare(b"a"), bare(b"b"));
        let mut seen = |messages: &[&Sei]| repeats.next_picture(messages.iter().copied().cloned().collect()).len();
        assert_eq!([seen(&[&a]), seen(&[&a, &b]), seen(&[]), seen(&[&a])], [1, 1, 0, 0]);
        assert_eq!([seen(&[]), seen(&[]), seen(&[]), seen(&[&a])], [0, 0, 0, 1]);
        assert_ne!(a.key(), Sei { uuid: Some([0; 16]), data: b"a".to_vec() }.key());
    }

    proptest! {
        #[test]
        fn every_message_comes_back(data in proptest::collection::vec(0u8..4, 0..=MAX_BYTES), uuid: Option<[u8; 16]>) {
            let message = Sei { uuid, data };
            let with = Sei::insert(std::slice::from_ref(&message), &picture()).unwrap();
            prop_assert_eq!(Sei::extract(&with), vec![message]);
        }

        #[test]
        fn no_access_unit_panics(bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(1), Just(6), Just(5), Just(243), Just(255), any::<u8>()], 0..100)) {
            prop_assert!(Sei::extract(&bytes).len() <= MAX_PER_PICTURE);
            let _ = Sei::insert(&[], &bytes);
        }
    }
}
