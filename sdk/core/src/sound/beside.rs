//! What an application does to packets of sound, and what it puts beside them. It encodes nothing and keeps no time.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use rtc_audio::carried::{self, Detached, Kind};

use super::hook::AudioFrame;
use crate::encoded::{AudioPacketHook, Changed, EncodedDataHook, MOST_BESIDE, MOST_SOUND};
use crate::inside::guarded_hook;

/// Bytes beside frames that wait for a packet; an application that brings more than there are packets loses the oldest.
const WAITING: usize = 8;
/// Those that one packet takes: frames may be half as long as a packet.
const IN_PACKET: usize = 2;

/// Who has a say about packets of sound.
#[derive(Clone, Default)]
pub(crate) struct PacketHooks {
    pub(crate) encoded: Option<Arc<dyn EncodedDataHook>>,
    pub(crate) beside: Option<Arc<dyn AudioPacketHook>>,
}

/// The own packets.
#[derive(Default)]
pub(super) struct Outbound {
    pub(super) hooks: PacketHooks,
    waiting: VecDeque<Vec<u8>>,
}

impl Outbound {
    /// Bytes that shall travel with the next packet.
    pub(super) fn add(&mut self, extra: Vec<u8>) {
        if extra.len() > AudioFrame::EXTRA_BYTES {
            return tracing::warn!(
                "{} bytes beside a frame are left out; {} are the most",
                extra.len(),
                AudioFrame::EXTRA_BYTES
            );
        }
        if self.waiting.len() == WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(extra);
    }

    /// What waits is not sent any more.
    pub(super) fn forget(&mut self) {
        self.waiting.clear();
    }

    /// A packet as it is sent. Nothing for one that must not be sent: the application failed at it.
    pub(super) fn pass(&mut self, packet: Vec<u8>) -> Option<Vec<u8>> {
        let changed = self.hooks.encoded.as_ref().map_or(Changed::No, |hook| asked(|| hook.did_encode_audio(&packet)));
        let mut beside = Vec::new();
        if let Some(hook) = &self.hooks.beside {
            guarded_hook(|| beside.extend(hook.will_send()));
            beside.retain(|bytes: &Vec<u8>| {
                let fits = bytes.len() <= MOST_BESIDE;
                if !fits {
                    tracing::warn!("{} bytes beside a packet of sound are left out; {MOST_BESIDE} are the most", bytes.len());
                }
                fits
            });
        }
        let (base, changed) = match changed {
            Changed::No => (packet, None),
            // Who cannot change it back hears silence.
            Changed::To(changed) if changed.len() <= MOST_SOUND => (carried::silence_like(&packet)?, Some(changed)),
            Changed::To(changed) => {
                tracing::warn!("a packet of sound is lost: it became {} bytes, and {MOST_SOUND} are the most", changed.len());
                return None;
            }
            Changed::Lost => return None,
        };
        let count = self.waiting.len().min(IN_PACKET);
        let frames: Vec<Vec<u8>> = self.waiting.drain(..count).collect();
        let frames = frames.iter().map(|bytes| (Kind::Frame, bytes.as_slice()));
        let beside = beside.iter().map(|bytes| (Kind::Packet, bytes.as_slice()));
        let changed = changed.iter().map(|bytes| (Kind::Changed, bytes.as_slice()));
        let pieces: Vec<carried::Piece<'_>> = frames.chain(beside).chain(changed).collect();
        if pieces.is_empty() {
            return Some(base);
        }
        carried::attach(&base, &pieces)
    }
}

/// Somebody's packet.
pub(super) struct Received<'a> {
    /// As it is decoded.
    pub(super) packet: Cow<'a, [u8]>,
    /// What he put beside frames of it.
    pub(super) extras: Vec<Vec<u8>>,
}

/// What a packet's payload holds. Nothing for one that the application failed at.
pub(super) fn received<'a>(hooks: &PacketHooks, user: &str, payload: &'a [u8]) -> Option<Received<'a>> {
    let Detached { packet, pieces } = carried::detach(payload);
    let of = |kind| pieces.iter().filter(move |(of, _)| *of == kind).map(|(_, bytes)| *bytes);
    if let Some(hook) = &hooks.beside {
        for bytes in of(Kind::Packet) {
            guarded_hook(|| hook.did_receive(user, bytes));
        }
    }
    let extras = of(Kind::Frame).map(<[u8]>::to_vec).collect();
    let Some(hook) = &hooks.encoded else { return Some(Received { packet, extras }) };
    let changed = of(Kind::Changed).next();
    let packet = match (asked(|| hook.will_decode_audio(user, changed.unwrap_or(&packet))), changed) {
        (Changed::To(bytes), _) => Cow::Owned(bytes),
        (Changed::No, Some(bytes)) => Cow::Owned(bytes.to_vec()),
        (Changed::No, None) => packet,
        (Changed::Lost, _) => return None,
    };
    Some(Received { packet, extras })
}

/// A hook that panics has failed.
fn asked(ask: impl FnOnce() -> Changed) -> Changed {
    let mut changed = Changed::Lost;
    guarded_hook(|| changed = ask());
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Turns every bit.
    struct Inverts;

    fn inverted(data: &[u8]) -> Vec<u8> {
        data.iter().map(|byte| !byte).collect()
    }

    impl EncodedDataHook for Inverts {
        fn did_encode_audio(&self, data: &[u8]) -> Changed {
            Changed::To(inverted(data))
        }

        fn will_decode_audio(&self, user: &str, data: &[u8]) -> Changed {
            assert_eq!(user, "ann");
            Changed::To(inverted(data))
        }
    }

    struct Grows(usize);

    impl EncodedDataHook for Grows {
        fn did_encode_audio(&self, _: &[u8]) -> Changed {
            assert_ne!(self.0, 0, "a broken hook, on purpose");
            Changed::To(vec![7; self.0])
        }
    }

    fn hooks(encoded: impl EncodedDataHook + 'static) -> PacketHooks {
        PacketHooks { encoded: Some(Arc::new(encoded)), beside: None }
    }

    const PACKET: &[u8] = b"\x78sound";

    #[test]
    fn what_one_application_changes_the_other_changes_back() {
        let mut out = Outbound { hooks: hooks(Inverts), ..Outbound::default() };
        out.add(b"one".to_vec());
        let sent = out.pass(PACKET.to_vec()).expect("it is sent");
        assert!(!sent.windows(5).any(|window| window == b"sound"));
        let heard = received(&hooks(Inverts), "ann", &sent).expect("it is heard");
        assert_eq!((&*heard.packet, heard.extras), (PACKET, vec![b"one".to_vec()]));
        let heard = received(&PacketHooks::default(), "ann", &sent).expect("it is heard");
        assert_eq!(*heard.packet, [0x78], "silence of the same length");
    }

    #[test]
    fn nothing_goes_out_as_it_was_because_of_a_hook_that_fails() {
        for grows in [Grows(0), Grows(MOST_SOUND + 1)] {
            assert_eq!(Outbound { hooks: hooks(grows), ..Outbound::default() }.pass(PACKET.to_vec()), None);
        }
        let mut out = Outbound { hooks: hooks(Grows(MOST_SOUND)), ..Outbound::default() };
        assert!(out.pass(PACKET.to_vec()).is_some_and(|sent| sent.len() < 1100));
    }

    #[test]
    fn what_waits_is_bounded_and_goes_two_at_a_time() {
        let mut out = Outbound::default();
        (0..20u8).for_each(|number| out.add(vec![number]));
        out.add(vec![0; AudioFrame::EXTRA_BYTES + 1]);
        let numbers: Vec<Vec<Vec<u8>>> = (0..5)
            .map(|_| {
                let sent = out.pass(PACKET.to_vec()).expect("it is sent");
                received(&PacketHooks::default(), "ann", &sent).expect("it is heard").extras
            })
            .collect();
        let expected: Vec<Vec<Vec<u8>>> = [vec![12, 13], vec![14, 15], vec![16, 17], vec![18, 19], vec![]]
            .map(|numbers: Vec<u8>| numbers.into_iter().map(|number| vec![number]).collect())
            .into();
        assert_eq!(numbers, expected);
    }
}
