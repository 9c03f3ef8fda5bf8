//! A publisher and its viewers, with nothing between them but numbers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_video::changed::Changed;
use rtc_video::cipher::{Algorithm, Cipher};
use rtc_video::codec::{Codecs as _, Content, Software, VideoCodec};
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::layers::{Layer, LayerSettings};
use rtc_video::pattern::{Mark, Pattern};
use rtc_video::publisher::{Published, Publisher, PublisherSettings};
use rtc_video::rate::QualityPreference;
use rtc_video::rtp::assembler::Packet;
use rtc_video::sei::{MAX_BYTES, Sei, SeiError};
use rtc_video::viewer::Viewer;

const INTERVAL: Duration = Duration::from_millis(66);

/// A source with its publisher, and for each layer the numbers that a sender counts.
struct Camera {
    pattern: Pattern,
    number: u32,
    publisher: Publisher,
    seqs: [u64; 2],
    pool: Pool,
}

impl Camera {
    fn new(codec: VideoCodec) -> Self {
        let settings = PublisherSettings {
            codec,
            content: Content::Camera,
            big: layer(320, 240, 300),
            preference: QualityPreference::Clear,
            picture_id: 0,
        };
        let pool = Pool::default();
        let pattern = Pattern::new(7, Size::new(320, 240).unwrap());
        let publisher = Publisher::new(settings, Arc::new(Software), &pool);
        Self { pattern, number: 0, publisher, seqs: [0; 2], pool }
    }

    fn take(&mut self) -> Vec<Published> {
        self.number += 1;
        let frame = self.pattern.draw(self.number, u64::from(self.number) * 66_000, &self.pool);
        let (published, error) = self.publisher.handle_frame(&frame);
        assert_eq!(error, None);
        published
    }

    /// The packets of one layer of the next picture.
    fn packets(&mut self, wanted: Layer) -> Vec<Packet> {
        let published = self.take();
        self.numbered(published, wanted)
    }

    fn numbered(&mut self, published: Vec<Published>, wanted: Layer) -> Vec<Packet> {
        let mut packets = Vec::new();
        for Published { layer, frame, time, payloads } in published {
            for payload in payloads {
                let seq = &mut self.seqs[layer as usize];
                *seq += 1;
                if layer == wanted {
                    let (marker, payload) = (payload.marker, payload.data);
                    packets.push(Packet { seq: *seq, time, marker, codec: frame.codec, payload });
                }
            }
        }
        packets
    }
}

fn layer(width: u32, height: u32, bitrate_kbps: u32) -> LayerSettings {
    let size = Size::new(width, height).unwrap();
    LayerSettings { size, frame_rate: 15, bitrate_kbps, min_bitrate_kbps: 0, may_shrink: false }
}

struct Screen {
    viewer: Viewer,
    now: Instant,
}

impl Screen {
    fn new() -> Self {
        Self { viewer: Viewer::new(Duration::from_millis(150), Arc::new(Software), &Pool::default()), now: Instant::now() }
    }

    /// Receives packets and shows what is due until the next ones come.
    fn watch(&mut self, packets: Vec<Packet>) -> Vec<Frame> {
        packets.into_iter().for_each(|packet| self.viewer.handle_packet(packet, self.now));
        let next = self.now + INTERVAL;
        let mut frames = Vec::new();
        while let Some(due) = self.viewer.poll_timeout().filter(|due| *due < next) {
            self.now = self.now.max(due);
            self.viewer.handle_timeout(self.now);
            frames.extend(self.viewer.poll_frame(self.now));
        }
        self.now = next;
        frames
    }
}

fn numbers(frames: &[Frame]) -> Vec<u32> {
    frames.iter().map(|frame| Mark::read(frame).unwrap().number).collect()
}

#[test]
fn both_layers_can_be_watched_at_once() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        for (wanted, size) in [(Layer::Big, (320, 240)), (Layer::Small, (160, 120))] {
            let (mut camera, mut screen) = (Camera::new(codec), Screen::new());
            camera.publisher.layers().set_small(Some(layer(160, 120, 100)));
            camera.publisher.layers().set_wanted(Layer::Small, true);
            let mut seen = Vec::new();
            for _ in 0..20 {
                let frames = screen.watch(camera.packets(wanted));
                assert!(frames.iter().all(|frame| (frame.width(), frame.height()) == size));
                seen.extend(numbers(&frames));
            }
            assert!(seen.len() >= 15 && seen.is_sorted_by(|a, b| a < b), "{codec:?} {wanted:?}: {seen:?}");
            let counters = screen.viewer.counters();
            assert_eq!((counters.damaged, counters.losses, counters.shown), (0, 0, seen.len() as u64));
        }
    }
}

#[test]
fn a_layer_that_is_watched_again_begins_with_a_key_frame() {
    let mut camera = Camera::new(VideoCodec::Vp8);
    camera.publisher.layers().set_small(Some(layer(160, 120, 100)));
    for _ in 0..3 {
        assert_eq!(camera.take().iter().map(|picture| picture.layer).collect::<Vec<_>>(), [Layer::Big]);
    }
    camera.publisher.layers().set_wanted(Layer::Small, true);
    camera.publisher.layers().set_wanted(Layer::Big, false);
    assert_eq!(camera.take().iter().map(|p| (p.layer, p.frame.key)).collect::<Vec<_>>(), [(Layer::Small, true)]);
    camera.publisher.layers().set_wanted(Layer::Big, true);
    let keys: Vec<_> = camera.take().iter().map(|p| (p.layer, p.frame.key)).collect();
    assert_eq!(keys, [(Layer::Big, true), (Layer::Small, false)]);
}

#[test]
fn a_request_makes_one_key_frame_of_that_layer() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let mut camera = Camera::new(codec);
        assert!(camera.take()[0].frame.key);
        assert!((0..3).flat_map(|_| camera.take()).all(|picture| !picture.frame.key));
        camera.publisher.want_keyframe(Layer::Big);
        let after: Vec<_> = (0..6).flat_map(|_| camera.take()).map(|picture| picture.frame.key).collect();
        assert_eq!(after.iter().filter(|key| **key).count(), 1, "{codec:?}");
        assert!(after[0], "{codec:?}");
    }
}

#[test]
fn another_codec_on_the_way_is_seen_as_nothing_but_pictures() {
    let (mut camera, mut screen) = (Camera::new(VideoCodec::Vp8), Screen::new());
    let mut seen = Vec::new();
    for round in 0..4 {
        camera.publisher.set_codec([VideoCodec::Vp8, VideoCodec::H264][round % 2]);
        for _ in 0..8 {
            let packets = camera.packets(Layer::Big);
            seen.extend(numbers(&screen.watch(packets)));
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
    assert_eq!(screen.viewer.counters().damaged, 0);
}

#[test]
fn a_lost_picture_leads_to_a_key_frame_and_goes_on() {
    let (mut camera, mut screen) = (Camera::new(VideoCodec::Vp8), Screen::new());
    let mut seen = Vec::new();
    for n in 0..30 {
        let packets = camera.packets(Layer::Big);
        seen.extend(numbers(&screen.watch(if n == 10 { Vec::new() } else { packets })));
        if screen.viewer.keyframe_wanted(screen.now) {
            camera.publisher.want_keyframe(Layer::Big);
        }
    }
    let counters = screen.viewer.counters();
    assert_eq!((counters.losses, counters.damaged), (1, 0));
    assert!(seen.iter().any(|number| *number > 20) && seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn a_message_rides_on_several_pictures_and_is_told_once() {
    let (mut camera, mut screen) = (Camera::new(VideoCodec::H264), Screen::new());
    let message = |text: &str| Sei { uuid: None, data: text.as_bytes().to_vec() };
    assert!(camera.publisher.send_message(message("one"), 3).unwrap());
    assert!(camera.publisher.send_message(message("two"), 0).unwrap());
    let mut carried = [0; 2];
    for _ in 0..8 {
        let published = camera.take();
        for picture in &published {
            let messages = Sei::extract(&picture.frame.data);
            carried[0] += messages.iter().filter(|found| **found == message("one")).count();
            carried[1] += messages.iter().filter(|found| **found == message("two")).count();
        }
        let packets = camera.numbered(published, Layer::Big);
        screen.watch(packets);
    }
    assert_eq!(carried, [3, 1]);
    let told: Vec<Sei> = std::iter::from_fn(|| screen.viewer.poll_message()).collect();
    assert_eq!(told, [message("one"), message("two")]);
    let long = Sei { uuid: None, data: vec![0; MAX_BYTES + 1] };
    assert_eq!(camera.publisher.send_message(long, 1), Err(SeiError::Length(MAX_BYTES + 1)));
    let taken = (0..100).filter(|_| camera.publisher.send_message(message("many"), 1).unwrap()).count();
    assert_eq!(taken, 32);
}

#[test]
fn encrypted_pictures_are_seen_with_the_key_and_never_without() {
    let cipher = |key: &[u8]| Cipher::new(Algorithm::Aes128Gcm, key, &[1; 32], [2; 8]).unwrap();
    let (mut camera, mut friend, mut stranger) = (Camera::new(VideoCodec::H264), Screen::new(), Screen::new());
    camera.publisher.set_cipher(Some(cipher(b"room")));
    friend.viewer.set_cipher(Some(Arc::new(cipher(b"room"))));
    stranger.viewer.set_cipher(Some(Arc::new(cipher(b"guess"))));
    let (mut seen, mut guessed) = (0, 0);
    for _ in 0..10 {
        let packets = camera.packets(Layer::Big);
        seen += friend.watch(packets.clone()).len();
        guessed += stranger.watch(packets).len();
        assert!(!stranger.viewer.keyframe_wanted(stranger.now), "a key frame would not help");
    }
    assert!(seen >= 5, "{seen}");
    assert_eq!(guessed, 0);
    assert!(stranger.viewer.counters().undecipherable > 0);
}

#[test]
fn pictures_an_application_changes_are_seen_by_who_changes_them_back_and_recorded_as_they_were() {
    let turned = |data: &[u8]| Changed::To(data.iter().map(|byte| byte ^ 0x5a).collect());
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let (mut camera, mut friend, mut stranger) = (Camera::new(codec), Screen::new(), Screen::new());
        let mut wrong = Screen::new();
        camera.publisher.set_change(Some(Arc::new(move |layer, data| {
            assert_eq!(layer, Layer::Big);
            turned(data)
        })));
        friend.viewer.set_change_back(Some(Arc::new(turned)));
        wrong.viewer.set_change_back(Some(Arc::new(|data| Changed::To(data.iter().map(|byte| !byte).collect()))));
        let mut recorded = Software.decoder(codec, &Pool::default()).unwrap();
        let (mut seen, mut unseen) = (0, 0);
        for n in 0..10 {
            if n == 5 {
                camera.publisher.send_message(Sei { uuid: None, data: b"hello".to_vec() }, 1).unwrap();
            }
            let published = camera.take();
            for picture in &published {
                assert!(recorded.decode(&picture.frame).is_ok(), "a recording shows it");
            }
            let packets = camera.numbered(published, Layer::Big);
            seen += numbers(&friend.watch(packets.clone())).len();
            unseen += stranger.watch(packets.clone()).len() + wrong.watch(packets).len();
            assert!(!stranger.viewer.keyframe_wanted(stranger.now), "a key frame would not help");
            assert!(!wrong.viewer.keyframe_wanted(wrong.now), "a key frame would not help");
        }
        assert!(seen >= 5, "{codec:?}: {seen}");
        assert_eq!(unseen, 0, "{codec:?}");
        assert_eq!(friend.viewer.poll_message().is_some(), codec == VideoCodec::H264, "messages are not part of it");
        // What was plain all along is seen by the stranger at once.
        camera.publisher.set_change(None);
        camera.publisher.want_keyframe(Layer::Big);
        let plain: usize = (0..5).map(|_| numbers(&stranger.watch(camera.packets(Layer::Big))).len()).sum();
        assert!(plain > 0, "{codec:?}");
    }
}

#[test]
fn a_picture_an_application_fails_at_is_not_sent_and_a_key_frame_follows() {
    let mut camera = Camera::new(VideoCodec::Vp8);
    assert_eq!(camera.take().len(), 1);
    camera.publisher.set_change(Some(Arc::new(|_, _| Changed::Lost)));
    assert!(camera.take().is_empty());
    camera.publisher.set_change(None);
    assert!(camera.take()[0].frame.key, "the one before is missing to who watches");
}
