//! Pictures through both codecs: quality, key frames on request, rates, and damage.

use rtc_video::codec::{CodecError, Codecs, Content, EncodedFrame, EncoderSettings, Software, VideoCodec, VideoEncoder};
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::measure::{psnr, ssim};
use rtc_video::nal;
use rtc_video::pattern::{Mark, Pattern};

const BOTH: [VideoCodec; 2] = [VideoCodec::Vp8, VideoCodec::H264];
const FRAME_RATE: u32 = 15;

fn size(width: u32, height: u32) -> Size {
    Size::new(width, height).unwrap()
}

fn settings(bitrate_kbps: u32) -> EncoderSettings {
    EncoderSettings { bitrate_kbps, frame_rate: FRAME_RATE, ..EncoderSettings::default() }
}

struct Camera {
    pattern: Pattern,
    number: u32,
    pool: Pool,
}

impl Camera {
    fn new(size: Size) -> Self {
        Self { pattern: Pattern::new(7, size), number: 0, pool: Pool::default() }
    }

    fn take(&mut self) -> Frame {
        self.number += 1;
        self.pattern.draw(self.number, u64::from(self.number) * 1_000_000 / u64::from(FRAME_RATE), &self.pool)
    }
}

/// Encodes so many pictures and gives those that were not left out.
fn encode(camera: &mut Camera, encoder: &mut dyn VideoEncoder, count: usize) -> Vec<EncodedFrame> {
    (0..count).filter_map(|_| encoder.encode(&camera.take(), false).unwrap()).collect()
}

#[test]
fn a_picture_comes_back_as_it_was() {
    for codec in BOTH {
        let mut camera = Camera::new(size(320, 180));
        let mut encoder = Software.encoder(codec, settings(800)).unwrap();
        let mut decoder = Software.decoder(codec, &camera.pool).unwrap();
        for number in 0..30 {
            let frame = camera.take();
            let Some(encoded) = encoder.encode(&frame, false).unwrap() else { continue };
            assert_eq!((encoded.key, encoded.time_us, encoded.codec), (number == 0, frame.time_us, codec));
            let decoded = decoder.decode(&encoded).unwrap().unwrap();
            assert_eq!(decoded.time_us, frame.time_us);
            let (noise, likeness) = (psnr(&frame, &decoded).unwrap(), ssim(&frame, &decoded).unwrap());
            assert!(noise > 30.0 && likeness > 0.93, "{codec:?} picture {number}: {noise} dB, {likeness}");
        }
    }
}

#[test]
fn the_mark_can_be_read_at_100_kbps() {
    for codec in BOTH {
        for size in [size(240, 320), size(160, 120)] {
            let mut camera = Camera::new(size);
            let mut encoder = Software.encoder(codec, settings(100)).unwrap();
            let mut decoder = Software.decoder(codec, &camera.pool).unwrap();
            let frames = encode(&mut camera, encoder.as_mut(), 60);
            assert!(frames.len() >= 20, "{codec:?} left out all but {}", frames.len());
            for encoded in &frames {
                let decoded = decoder.decode(encoded).unwrap().unwrap();
                let mark = Mark::read(&decoded).unwrap_or_else(|| panic!("{codec:?} {size} {}", encoded.time_us));
                assert_eq!(u64::from(mark.time_ms), encoded.time_us / 1000, "{codec:?}");
            }
        }
    }
}

#[test]
fn a_key_frame_comes_when_asked_for_and_can_be_decoded_by_a_newcomer() {
    for codec in BOTH {
        let mut camera = Camera::new(size(320, 240));
        let mut encoder = Software.encoder(codec, settings(1000)).unwrap();
        let before = encode(&mut camera, encoder.as_mut(), 10);
        assert!(before[1..].iter().all(|frame| !frame.key));
        let asked = encoder.encode(&camera.take(), true).unwrap().unwrap();
        assert!(asked.key, "{codec:?}");
        let mut newcomer = Software.decoder(codec, &camera.pool).unwrap();
        assert_eq!(newcomer.decode(&before[5]).unwrap_err(), CodecError::KeyframeNeeded);
        assert!(newcomer.decode(&asked).unwrap().is_some());
        for encoded in encode(&mut camera, encoder.as_mut(), 5) {
            assert!(newcomer.decode(&encoded).unwrap().is_some());
        }
    }
}

#[test]
fn h264_key_frames_carry_their_parameter_sets_and_one_slice() {
    let mut camera = Camera::new(size(320, 240));
    let mut encoder = Software.encoder(VideoCodec::H264, settings(500)).unwrap();
    for force in [false, true] {
        let encoded = encoder.encode(&camera.take(), force).unwrap().unwrap();
        let kinds: Vec<u8> = nal::units(&encoded.data).filter_map(nal::kind).collect();
        assert_eq!(kinds, [nal::SPS, nal::PPS, nal::IDR]);
        let sps = nal::units(&encoded.data).next().unwrap();
        assert_eq!(sps[1], 66, "baseline");
        assert_ne!(sps[2] & 0x40, 0, "constrained");
    }
}

#[test]
fn the_bitrate_follows_what_is_asked() {
    for codec in BOTH {
        let mut camera = Camera::new(size(320, 180));
        let mut random = Random(9);
        let mut encoder = Software.encoder(codec, settings(1000)).unwrap();
        // What is sent in 60 pictures of coarse noise, which no encoder makes small, after it had 15 to settle.
        let mut kbps = |encoder: &mut dyn VideoEncoder| {
            let mut bytes = 0;
            for number in 0..75 {
                let mut canvas = camera.take().into_canvas(&camera.pool);
                let [mut y, _, _] = canvas.planes();
                for row in y.rows() {
                    row.chunks_mut(4).for_each(|part| part.fill(random.below(256) as u8));
                }
                let encoded = encoder.encode(&canvas.into_frame(), false).unwrap();
                bytes += encoded.filter(|_| number >= 15).map_or(0, |encoded| encoded.data.len() as u32);
            }
            bytes * 8 * FRAME_RATE / 60 / 1000
        };
        let high = kbps(encoder.as_mut());
        encoder.set_bitrate(400);
        let low = kbps(encoder.as_mut());
        encoder.set_bitrate(1000);
        let again = kbps(encoder.as_mut());
        let told = format!("{codec:?}: {high}, {low}, {again}");
        assert!((600..1300).contains(&high) && (240..520).contains(&low) && (600..1300).contains(&again), "{told}");
    }
}

#[test]
fn a_new_size_begins_with_a_key_frame() {
    for codec in BOTH {
        let mut encoder = Software.encoder(codec, settings(600)).unwrap();
        let mut viewer = Software.decoder(codec, &Pool::default()).unwrap();
        for size in [size(320, 180), size(640, 360), size(180, 320), size(642, 362)] {
            let mut camera = Camera::new(size);
            let encoded = encoder.encode(&camera.take(), false).unwrap().unwrap();
            assert!(encoded.key, "{codec:?} {size}");
            assert_eq!(viewer.decode(&encoded).unwrap().unwrap().size(), size, "{codec:?}");
        }
    }
}

#[test]
fn screen_content_keeps_its_edges() {
    for codec in BOTH {
        let mut camera = Camera::new(size(640, 480));
        let screen = EncoderSettings { content: Content::Screen, ..settings(800) };
        let mut encoder = Software.encoder(codec, screen).unwrap();
        let mut decoder = Software.decoder(codec, &camera.pool).unwrap();
        let mut last = None;
        for _ in 0..20 {
            let frame = camera.take();
            if let Some(encoded) = encoder.encode(&frame, false).unwrap() {
                last = Some(psnr(&frame, &decoder.decode(&encoded).unwrap().unwrap()).unwrap());
            }
        }
        assert!(last.unwrap() > 30.0, "{codec:?}: {last:?}");
    }
}

#[test]
fn sizes_a_codec_cannot_do_are_errors() {
    let tiny = Pool::default().canvas(size(8, 8)).into_frame();
    let mut h264 = Software.encoder(VideoCodec::H264, settings(100)).unwrap();
    assert_eq!(h264.encode(&tiny, false).unwrap_err(), CodecError::Size { codec: VideoCodec::H264, size: size(8, 8) });
    let mut vp8 = Software.encoder(VideoCodec::Vp8, settings(100)).unwrap();
    assert!(vp8.encode(&tiny, false).unwrap().is_some());
}

#[test]
fn a_vp8_frame_that_claims_to_be_huge_gets_no_memory() {
    let mut decoder = Software.decoder(VideoCodec::Vp8, &Pool::default()).unwrap();
    let huge = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f, 0, 0, 0, 0];
    let frame = EncodedFrame { codec: VideoCodec::Vp8, data: huge.to_vec().into(), key: true, time_us: 0 };
    assert!(matches!(decoder.decode(&frame), Err(CodecError::Frame(_))));
}

#[test]
fn decoders_survive_damage_and_go_on_with_the_next_key_frame() {
    for codec in BOTH {
        let mut camera = Camera::new(size(160, 120));
        let mut encoder = Software.encoder(codec, settings(300)).unwrap();
        let mut decoder = Software.decoder(codec, &camera.pool).unwrap();
        let mut random = Random(u64::from(codec == VideoCodec::Vp8) + 1);
        let mut errors = 0;
        for round in 0..150 {
            let good = encoder.encode(&camera.take(), round % 5 == 0).unwrap();
            let Some(mut encoded) = good else { continue };
            let mut data = encoded.data.to_vec();
            match random.below(4) {
                0 => data.truncate(random.below(data.len())),
                1 => (0..1 + random.below(20)).for_each(|_| {
                    let at = random.below(data.len());
                    data[at] ^= random.below(255) as u8 + 1;
                }),
                2 => data = (0..random.below(400)).map(|_| random.below(256) as u8).collect(),
                _ => {}
            }
            encoded.data = data.into();
            if let Err(error) = decoder.decode(&encoded) {
                assert!(error.wants_keyframe() || matches!(error, CodecError::Frame(_)), "{error}");
                errors += 1;
            }
        }
        assert!(errors > 20, "{codec:?}: {errors}");
        let key = encoder.encode(&camera.take(), true).unwrap().unwrap();
        assert!(Mark::read(&decoder.decode(&key).unwrap().unwrap()).is_some(), "{codec:?}");
    }
}

#[test]
fn a_decoder_refuses_the_other_codec() {
    let mut vp8 = Software.decoder(VideoCodec::Vp8, &Pool::default()).unwrap();
    let frame = EncodedFrame { codec: VideoCodec::H264, data: vec![0, 0, 0, 1, 0x65].into(), key: true, time_us: 0 };
    assert_eq!(vp8.decode(&frame).unwrap_err(), CodecError::WrongCodec { expected: VideoCodec::Vp8, given: VideoCodec::H264 });
}

/// Numbers that look random and are the same in each run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
