//! What the stories play on: pictures with an uplink that ends in the test, and an application that is told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rtc_api::{Event, VideoEncParam, VideoResolution, VideoStreamType};
use rtc_protocol::{EncodeLayers, Layer, Stream, Track, UserId};
use rtc_session::{Incoming, Outgoing};
use rtc_video::codec::EncodedFrame;
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::pattern::{Mark, Pattern};
use rtc_video::rtp::assembler::{Assembler, Packet};

use super::super::uplink::Uplink;
use super::super::{Pictures, Snapshot, VideoSink, settings};
use crate::courier::{CallbackThread, Listener, SeiMessage};
use crate::options::{PictureChoice, PictureOptions};

/// Long enough for the slowest machine; nobody waits for it unless something is broken.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const SIZE: (u32, u32) = (320, 180);

/// Everything an application is told.
#[derive(Debug)]
pub(super) enum Told {
    Event(Event),
    Sei(SeiMessage),
    Snapshot(Snapshot),
}

struct Application(Sender<Told>);

impl Listener for Application {
    fn event(&mut self, event: &Event) {
        let _ = self.0.send(Told::Event(event.clone()));
    }

    fn sei_message(&mut self, message: &SeiMessage) {
        let _ = self.0.send(Told::Sei(message.clone()));
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let _ = self.0.send(Told::Snapshot(snapshot.clone()));
    }
}

/// The engine's end of the uplink.
struct Wire {
    packets: Sender<Outgoing>,
    wanted: Sender<(UserId, Track)>,
    bandwidth: Arc<AtomicU64>,
}

impl Uplink for Wire {
    fn send(&self, packet: Outgoing) {
        let _ = self.packets.send(packet);
    }

    fn want_bandwidth(&self, bits_per_second: u64) {
        self.bandwidth.store(bits_per_second, Ordering::Relaxed);
    }

    fn want_keyframe(&self, user: &UserId, track: Track) {
        let _ = self.wanted.send((user.clone(), track));
    }

    fn round_trip(&self) -> Option<Duration> {
        Some(Duration::from_millis(10))
    }
}

pub(super) struct Stage {
    pub(super) pictures: Pictures,
    pub(super) told: Receiver<Told>,
    pub(super) packets: Receiver<Outgoing>,
    pub(super) wanted: Receiver<(UserId, Track)>,
    /// What was asked of the line last, in bits a second.
    pub(super) bandwidth: Arc<AtomicU64>,
    wire: Arc<Wire>,
    _callbacks: CallbackThread,
}

impl Stage {
    /// Nobody is in a room yet; the devices are patterns.
    pub(super) fn new() -> Self {
        let (tell, told) = unbounded();
        let callbacks = CallbackThread::start(Box::new(Application(tell))).expect("a thread");
        let options = PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern };
        let pictures = Pictures::new(options, callbacks.courier());
        let ((packets, sent), (wanted, asked)) = (unbounded(), unbounded());
        let bandwidth = Arc::default();
        let wire = Arc::new(Wire { packets, wanted, bandwidth: Arc::clone(&bandwidth) });
        let small = param(VideoResolution::R320x180);
        pictures.set_encoder_param(Track::Camera, &small);
        Self { pictures, told, packets: sent, wanted: asked, bandwidth, wire, _callbacks: callbacks }
    }

    /// In a room, with a camera of the application's own that others see.
    pub(super) fn with_camera() -> (Self, Camera) {
        let stage = Self::new();
        stage.enter();
        stage.pictures.set_custom_capture(Track::Camera, true);
        stage.pictures.set_sending(Track::Camera, true);
        let camera = Camera::start(stage.pictures.clone(), 7);
        (stage, camera)
    }

    pub(super) fn enter(&self) {
        self.pictures.connect(self.wire.clone());
    }

    pub(super) fn encode(&self, big: bool, small: bool) {
        self.pictures.encode(EncodeLayers { track: Track::Camera, big, small });
    }

    /// Waits until something is told that `is_it` takes.
    pub(super) fn wait_for<T>(&self, what: &str, mut is_it: impl FnMut(Told) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.told.recv_deadline(deadline) {
                Ok(told) => {
                    if let Some(found) = is_it(told) {
                        return found;
                    }
                }
                Err(_) => panic!("nobody was told of {what}"),
            }
        }
    }

    pub(super) fn wait_for_event<T>(&self, what: &str, mut is_it: impl FnMut(&Event) -> Option<T>) -> T {
        self.wait_for(what, |told| if let Told::Event(event) = told { is_it(&event) } else { None })
    }

    /// Waits until this is told.
    pub(super) fn wait_for_this(&self, expected: &Event) {
        self.wait_for_event(&format!("{expected:?}"), |event| (event == expected).then_some(()));
    }

    /// The next encoded picture of a layer that goes out.
    pub(super) fn sent(&self, engine: &mut Engine, layer: Layer) -> EncodedFrame {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let packet = self.packets.recv_deadline(deadline).expect("a packet goes out");
            if packet.layer == layer
                && let Some(frame) = engine.take(packet)
            {
                return frame;
            }
        }
    }

    /// Watches somebody whose big pictures are those that go out here.
    pub(super) fn watch(&self, name: &str) -> (UserId, Receiver<Frame>, Loop) {
        let user = UserId::parse(name).expect("a user id");
        let (sink, frames) = Eye::new();
        self.pictures.set_remote_sink(&user, Stream::Main, Some(sink));
        self.pictures.start_view(&user, Stream::Main, 0);
        let repeater = Loop::start(self, user.clone());
        (user, frames, repeater)
    }
}

pub(super) fn param(resolution: VideoResolution) -> VideoEncParam {
    VideoEncParam { video_resolution: resolution, video_bitrate: 300, ..VideoEncParam::default() }
}

/// The first picture that is taken.
pub(super) fn seen(frames: &Receiver<Frame>, mut is_it: impl FnMut(&Frame) -> bool) -> Frame {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let frame = frames.recv_deadline(deadline).expect("a picture is shown");
        if is_it(&frame) {
            return frame;
        }
    }
}

pub(super) fn source_of(frame: &Frame) -> Option<u16> {
    Mark::read(frame).map(|mark| mark.source)
}

/// A camera of the application's own: coded pictures at 30 a second until it is dropped.
pub(super) struct Camera {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Camera {
    pub(super) fn start(pictures: Pictures, source: u16) -> Self {
        let (stop, stopped) = bounded::<()>(0);
        let thread = std::thread::spawn(move || {
            let (pattern, pool) = (pattern(source), Pool::default());
            for number in 0.. {
                pictures.send_custom(Track::Camera, pattern.draw(number, 0, &pool));
                // The pace of a camera.
                if stopped.recv_timeout(Duration::from_millis(33)) != Err(crossbeam_channel::RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(super) fn pattern(source: u16) -> Pattern {
    Pattern::new(source, Size::nearest(SIZE.0, SIZE.1))
}

/// Sees pictures.
pub(super) struct Eye(Mutex<Sender<Frame>>);

impl Eye {
    pub(super) fn new() -> (Arc<Self>, Receiver<Frame>) {
        let (sender, frames) = unbounded();
        (Arc::new(Self(Mutex::new(sender))), frames)
    }
}

impl VideoSink for Eye {
    fn frame(&self, _user: &str, _stream_type: VideoStreamType, frame: &Frame) {
        let _ = self.0.lock().expect("nobody panics with it").send(frame.clone());
    }
}

/// What an engine makes of the packets of one layer.
pub(super) struct Engine {
    assembler: Assembler,
    next: Option<u64>,
}

impl Engine {
    pub(super) fn new() -> Self {
        Self { assembler: Assembler::new(Duration::from_millis(100)), next: None }
    }

    pub(super) fn take(&mut self, packet: Outgoing) -> Option<EncodedFrame> {
        assert!(self.next.is_none_or(|next| next == packet.seq), "numbers have a gap at {packet:?}");
        self.next = Some(packet.seq + 1);
        let Outgoing { codec, seq, time, marker, payload, .. } = packet;
        let codec = settings::video_codec(codec).expect("pictures");
        self.assembler.insert(Packet { seq, time, marker, codec, payload });
        self.assembler.poll(Instant::now())
    }
}

/// Hands what goes out back as somebody's stream.
pub(super) struct Loop {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Packets to lose.
    lose: Arc<Mutex<u32>>,
}

impl Loop {
    fn start(stage: &Stage, user: UserId) -> Self {
        let (stop, stopped) = bounded::<()>(0);
        let (packets, pictures) = (stage.packets.clone(), stage.pictures.clone());
        let lose = Arc::new(Mutex::new(0));
        let losses = Arc::clone(&lose);
        let thread = std::thread::spawn(move || {
            loop {
                crossbeam_channel::select! {
                    recv(stopped) -> _ => return,
                    recv(packets) -> packet => {
                        let Ok(packet) = packet else { return };
                        let mut left = losses.lock().expect("nobody panics with it");
                        if *left > 0 {
                            *left -= 1;
                            continue;
                        }
                        drop(left);
                        if packet.layer == Layer::Big
                            && let Some(view) = pictures.inner.views.view(&user, packet.track)
                        {
                            view.insert(incoming(packet));
                        }
                    }
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread), lose }
    }

    pub(super) fn lose(&self, packets: u32) {
        *self.lose.lock().expect("nobody panics with it") = packets;
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn incoming(packet: Outgoing) -> Incoming {
    let Outgoing { codec, seq, time, marker, level, payload, .. } = packet;
    Incoming { codec, seq, time, marker, level, payload, arrived: Instant::now() }
}
