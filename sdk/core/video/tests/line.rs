//! From a source over a bad line to the viewer: layers, encoder, cipher, packets, loss, assembly, decoder, barcode.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rtc_video::cipher::{Algorithm, Cipher};
use rtc_video::codec::{Codecs, EncoderSettings, Software, VideoCodec, VideoDecoder, VideoEncoder};
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::pattern::{Mark, Pattern};
use rtc_video::rtp::assembler::{Assembler, Packet};
use rtc_video::rtp::{MAX_PAYLOAD, Packetizer};
use rtc_video::sei::Sei;

const INTERVAL: Duration = Duration::from_millis(66);

struct Publisher {
    pattern: Pattern,
    encoder: Box<dyn VideoEncoder>,
    packetizer: Packetizer,
    number: u32,
    force_key: bool,
    pool: Pool,
}

impl Publisher {
    fn new(source: u16, codec: VideoCodec, size: Size) -> Self {
        let settings = EncoderSettings { bitrate_kbps: 300, ..EncoderSettings::default() };
        Self {
            pattern: Pattern::new(source, size),
            encoder: Software.encoder(codec, settings).unwrap(),
            packetizer: Packetizer::new(MAX_PAYLOAD, 0),
            number: 0,
            force_key: true,
            pool: Pool::default(),
        }
    }

    fn picture(&mut self) -> Option<rtc_video::codec::EncodedFrame> {
        self.number += 1;
        let frame = self.pattern.draw(self.number, u64::from(self.number) * 66_000, &self.pool);
        self.encoder.encode(&frame, std::mem::take(&mut self.force_key)).unwrap()
    }
}

/// Gives packets of changing sources the numbers of one stream, as a slot of the engine does.
#[derive(Default)]
struct Slot {
    seq: u64,
    time: u32,
}

impl Slot {
    fn carry(&mut self, publisher: &mut Publisher) -> Vec<Packet> {
        self.time += 5940;
        let Some(frame) = publisher.picture() else { return Vec::new() };
        self.send(&frame, &mut publisher.packetizer)
    }

    fn send(&mut self, frame: &rtc_video::codec::EncodedFrame, packetizer: &mut Packetizer) -> Vec<Packet> {
        let payloads = packetizer.packetize(frame).into_iter();
        payloads
            .map(|payload| {
                self.seq += 1;
                Packet { seq: self.seq, time: self.time, marker: payload.marker, codec: frame.codec, payload: payload.data }
            })
            .collect()
    }
}

struct Viewer {
    assembler: Assembler,
    decoder: Option<Box<dyn VideoDecoder>>,
    now: Instant,
    pool: Pool,
}

impl Viewer {
    fn new() -> Self {
        let assembler = Assembler::new(Duration::from_millis(150));
        Self { assembler, decoder: None, now: Instant::now(), pool: Pool::default() }
    }

    fn frames(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(encoded) = self.assembler.poll(self.now) {
            if self.decoder.as_ref().is_none_or(|decoder| decoder.codec() != encoded.codec) {
                self.decoder = Some(Software.decoder(encoded.codec, &self.pool).unwrap());
            }
            match self.decoder.as_mut().unwrap().decode(&encoded) {
                Ok(frame) => frames.extend(frame),
                Err(error) => panic!("what came out of the assembler was not decoded: {error}"),
            }
        }
        frames
    }
}

#[test]
fn pictures_stay_whole_and_in_order_on_a_line_that_loses_and_reorders() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let mut publisher = Publisher::new(3, codec, Size::new(320, 240).unwrap());
        let (mut slot, mut viewer) = (Slot::default(), Viewer::new());
        let mut line: VecDeque<(u32, Packet)> = VecDeque::new();
        let (mut marks, mut sent, mut requests) = (Vec::new(), 0u32, 0);
        for tick in 0..200u32 {
            for packet in slot.carry(&mut publisher) {
                sent += 1;
                // Most come at once, some one picture late, some come back by retransmission, some never.
                match sent * 7919 % 100 {
                    0..3 => {}
                    3..8 => line.push_back((tick + 2, packet)),
                    8..13 => line.push_back((tick + 1, packet)),
                    _ => line.push_back((tick, packet)),
                }
            }
            let (due, later): (VecDeque<_>, _) = line.into_iter().partition(|(at, _)| *at <= tick);
            line = later;
            due.into_iter().rev().for_each(|(_, packet)| viewer.assembler.insert(packet));
            marks.extend(viewer.frames().iter().map(|frame| Mark::read(frame).unwrap()));
            if viewer.assembler.keyframe_wanted(viewer.now) {
                requests += 1;
                publisher.force_key = true;
            }
            viewer.now += INTERVAL;
        }
        assert!(marks.is_sorted_by(|a, b| a.number < b.number), "{codec:?}");
        assert!(marks.iter().all(|mark| mark.source == 3 && mark.time_ms == mark.number * 66));
        let counters = viewer.assembler.counters();
        assert!(requests > 0 && counters.losses > 0 && counters.key_frames > 1, "{codec:?}: {counters:?}");
        assert!(marks.len() > 60, "{codec:?}: {} pictures, {counters:?}", marks.len());
    }
}

#[test]
fn a_slot_changes_person_codec_and_size_without_a_lost_picture() {
    let mut publishers = [
        Publisher::new(1, VideoCodec::Vp8, Size::new(320, 240).unwrap()),
        Publisher::new(2, VideoCodec::H264, Size::new(640, 360).unwrap()),
        Publisher::new(3, VideoCodec::Vp8, Size::new(160, 120).unwrap()),
    ];
    let (mut slot, mut viewer) = (Slot::default(), Viewer::new());
    for round in 0..6 {
        let publisher = &mut publishers[round % 3];
        publisher.force_key = true;
        let mut seen = 0;
        for _ in 0..10 {
            slot.carry(publisher).into_iter().for_each(|packet| viewer.assembler.insert(packet));
            for frame in viewer.frames() {
                assert_eq!(Mark::read(&frame).unwrap().source, (round % 3) as u16 + 1);
                seen += 1;
            }
            viewer.now += INTERVAL;
        }
        assert!(seen > 5, "round {round}: {seen}");
    }
    assert_eq!(viewer.assembler.counters().losses, 0);
}

#[test]
fn an_encrypted_picture_with_a_message_arrives() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let mut publisher = Publisher::new(5, codec, Size::new(320, 240).unwrap());
        let cipher = |key: &[u8], prefix| Cipher::new(Algorithm::Aes256Gcm, key, &[9; 32], [prefix; 8]).unwrap();
        let (mut seal, open, stranger) = (cipher(b"room", 1), cipher(b"room", 2), cipher(b"other", 3));
        let (mut slot, mut assembler, pool) = (Slot::default(), Assembler::new(INTERVAL), Pool::default());
        let mut decoder = Software.decoder(codec, &pool).unwrap();
        let message = Sei { uuid: None, data: vec![0; 700] };
        let mut seen = 0;
        for _ in 0..10 {
            let Some(mut frame) = publisher.picture() else { continue };
            if codec == VideoCodec::H264 {
                frame.data = Sei::insert(std::slice::from_ref(&message), &frame.data).unwrap().into();
            }
            let sealed = seal.seal_frame(&frame).unwrap();
            slot.time += 5940;
            slot.send(&sealed, &mut publisher.packetizer).into_iter().for_each(|packet| assembler.insert(packet));
            let arrived = assembler.poll(Instant::now()).unwrap();
            assert_eq!((arrived.key, &arrived.data), (frame.key, &sealed.data));
            assert!(stranger.open_frame(&arrived).is_err());
            let opened = open.open_frame(&arrived).unwrap();
            assert_eq!(opened.data, frame.data);
            if codec == VideoCodec::H264 {
                assert_eq!(Sei::extract(&opened.data), std::slice::from_ref(&message));
            }
            let picture = decoder.decode(&opened).unwrap().unwrap();
            assert_eq!(Mark::read(&picture).unwrap().number, publisher.number);
            seen += 1;
        }
        assert!(seen > 4, "{codec:?}: {seen}");
    }
}
