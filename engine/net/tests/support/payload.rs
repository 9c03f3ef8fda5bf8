//! Payloads that look like a codec's at their beginning, as far as an engine looks, and tell at their end what they are.

use rtc_protocol::{Codec, Layer, Track};

/// What a payload says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub who: u8,
    pub track: Track,
    pub layer: Layer,
    pub frame: u32,
    /// Which packet of the frame.
    pub packet: u8,
    /// Part of a key frame.
    pub key: bool,
    /// When it was captured, in microseconds on the test's clock.
    pub captured_us: u64,
}

const MARK: &[u8; 4] = b"stmp";
const LENGTH: usize = 21;

impl Stamp {
    /// A payload of a size that bears the stamp.
    pub fn payload(&self, codec: Codec, size: usize) -> Vec<u8> {
        let mut payload = self.beginning(codec).to_vec();
        payload.resize(size - LENGTH, 0xaa);
        payload.extend(MARK);
        payload.push(self.who);
        payload.push(Track::ALL.iter().position(|track| *track == self.track).expect("one of all") as u8);
        payload.push(u8::from(self.layer == Layer::Small));
        payload.extend(self.frame.to_be_bytes());
        payload.push(self.packet);
        payload.push(u8::from(self.key));
        payload.extend(self.captured_us.to_be_bytes());
        payload
    }

    pub fn read(payload: &[u8]) -> Option<Self> {
        let stamp = payload.last_chunk::<LENGTH>()?;
        let (fields, captured) = stamp.strip_prefix(MARK)?.split_last_chunk()?;
        let [who, track, small, f0, f1, f2, f3, packet, key] = fields.try_into().ok()?;
        let layer = if small == 1 { Layer::Small } else { Layer::Big };
        let frame = u32::from_be_bytes([f0, f1, f2, f3]);
        let track = *Track::ALL.get(usize::from(track))?;
        Some(Self { who, track, layer, frame, packet, key: key == 1, captured_us: u64::from_be_bytes(*captured) })
    }

    fn beginning(&self, codec: Codec) -> &'static [u8] {
        match (codec, self.packet, self.key) {
            (Codec::Opus, ..) => &[0xfc],
            // RFC 7741: start of partition 0, then a frame that is a key frame when its lowest bit is 0.
            (Codec::Vp8, 0, true) => &[0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a],
            (Codec::Vp8, 0, false) => &[0x10, 0x11],
            (Codec::Vp8, ..) => &[0x00],
            // RFC 6184: sequence parameters, another slice, a fragment's middle.
            (Codec::H264, 0, true) => &[0x67, 0x42, 0xe0, 0x1f],
            (Codec::H264, 0, false) => &[0x61, 0x88],
            (Codec::H264, ..) => &[0x7c, 0x05],
            // RFC 9628: beginning of a frame, predicted or not.
            (Codec::Vp9, 0, true) => &[0x08, 0x82],
            (Codec::Vp9, 0, false) => &[0x48, 0x82],
            (Codec::Vp9, ..) => &[0x40],
            // One element: a sequence header in a new sequence, a frame, a continued element.
            (Codec::Av1, 0, true) => &[0x18, 0x0a],
            (Codec::Av1, 0, false) => &[0x10, 0x32],
            (Codec::Av1, ..) => &[0x90],
        }
    }
}
