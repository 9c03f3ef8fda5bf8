//! An encryption of the application's own, and bytes that travel with sound.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use rtc_core::video::pattern::Mark;
use rtc_core::{
    AudioFrame, AudioFrameHook, AudioPacketHook, AudioQuality, Changed, EncodedDataHook, EncryptionAlgorithm, Event,
    PayloadPrivateEncryptionConfig, VideoStreamType,
};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::Heard;
use crate::person::{Person, Told};
use crate::pictures::watching;
use crate::seen::Eyes;

/// Turns every byte by a secret, both ways, and remembers whose it was.
struct Turns {
    secret: u8,
    asked: Mutex<Sender<(String, Option<VideoStreamType>)>>,
}

impl Turns {
    fn by(secret: u8) -> (Arc<Self>, Receiver<(String, Option<VideoStreamType>)>) {
        let (asked, told) = channel();
        (Arc::new(Self { secret, asked: Mutex::new(asked) }), told)
    }

    fn turned(&self, user: &str, stream: Option<VideoStreamType>, data: &[u8]) -> Changed {
        let _ = self.asked.lock().expect("not poisoned").send((user.to_owned(), stream));
        Changed::To(data.iter().map(|byte| byte ^ self.secret).collect())
    }
}

impl EncodedDataHook for Turns {
    fn did_encode_video(&self, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        self.turned("", Some(stream_type), data)
    }

    fn will_decode_video(&self, user: &str, stream_type: VideoStreamType, data: &[u8]) -> Changed {
        self.turned(user, Some(stream_type), data)
    }

    fn did_encode_audio(&self, data: &[u8]) -> Changed {
        self.turned("", None, data)
    }

    fn will_decode_audio(&self, user: &str, data: &[u8]) -> Changed {
        self.turned(user, None, data)
    }
}

/// Waits until a hook was asked about something.
fn until_asked(asked: &Receiver<(String, Option<VideoStreamType>)>, user: &str, stream: Option<VideoStreamType>) {
    let wanted = (user.to_owned(), stream);
    while asked.recv_timeout(PATIENCE).expect("the hook is asked") != wanted {}
}

#[test]
fn only_who_knows_the_secret_of_the_application_sees_and_hears() {
    let engine = Engine::start();
    let (ann, _camera, bob, eyes) = watching(&engine);
    let (turns, asked) = Turns::by(0x5a);
    ann.cloud.set_encoded_data_hook(Some(turns));
    ann.cloud.start_local_audio(AudioQuality::Music);
    until_asked(&asked, "", Some(VideoStreamType::Big));
    until_asked(&asked, "", None);

    // Cat knows it, dan does not.
    let mut cat = Person::enters(&engine, "cat");
    let (turns, asked) = Turns::by(0x5a);
    cat.cloud.set_encoded_data_hook(Some(turns));
    let (heard, cats_eyes) = (Arc::<Heard>::default(), Arc::<Eyes>::default());
    let mut dan = Person::enters(&engine, "dan");
    let (dans, dans_eyes) = (Arc::<Heard>::default(), Arc::<Eyes>::default());
    for (person, heard, eyes) in [(&mut cat, &heard, &cats_eyes), (&mut dan, &dans, &dans_eyes)] {
        person.cloud.set_audio_frame_callback(Some(heard.clone()));
        person.cloud.set_remote_video_render_callback("ann", Some(eyes.clone())).expect("a user id");
        person.cloud.start_remote_view("ann", VideoStreamType::Big, 0);
    }
    let mark = |frame: &rtc_core::video::frame::Frame| Mark::read(frame).filter(|mark| mark.source == 7);
    cats_eyes.until("ann", "her mark", mark);
    heard.until_tone("ann", 440.0);
    until_asked(&asked, "ann", Some(VideoStreamType::Big));
    until_asked(&asked, "ann", None);
    assert!(dans_eyes.have_seen_nothing() && dans.share("ann", 440.0) < 0.1, "dan, who knows nothing, sees or hears her");

    // When she stops it, everybody sees her, bob and dan again and cat no longer.
    ann.cloud.set_encoded_data_hook(None);
    eyes.until("ann", "her mark", mark);
    dans_eyes.until("ann", "her mark", mark);
    dans.until_tone("ann", 440.0);
    drop(bob);
}

#[test]
fn the_applications_encryption_goes_with_ours_and_with_messages_in_pictures() {
    let engine = Engine::start();
    let key = PayloadPrivateEncryptionConfig {
        encryption_algorithm: EncryptionAlgorithm::Aes128Gcm,
        encryption_key: "0123456789abcdef".into(),
        ..Default::default()
    };
    let [mut ann, mut bob] = ["ann", "bob"].map(|user| {
        let mut person = Person::new(&engine);
        assert_eq!(person.cloud.enable_payload_private_encryption(true, key.clone()), 0);
        person.cloud.set_encoded_data_hook(Some(Turns::by(0xff).0));
        person.enter(engine.ticket(user), rtc_core::AppScene::VideoCall);
        person
    });
    ann.cloud.start_local_preview(0);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    bob.cloud.start_remote_view("ann", VideoStreamType::Big, 0);
    bob.until("the first picture", |event| {
        matches!(event, Event::FirstVideoFrame { user_id, .. } if user_id == "ann").then_some(())
    });
    ann.until_event(&Event::SendFirstLocalVideoFrame { stream_type: VideoStreamType::Big });
    assert!(ann.cloud.send_sei_msg(b"between the lines", 3));
    bob.until_told("the message", |told| match told {
        Told::Sei(message) => (message.data == b"between the lines").then_some(()),
        _ => None,
    });
}

/// Puts a number beside every frame of the own voice, and tells those beside the others' voices.
struct Numbers {
    next: Mutex<u8>,
    told: Mutex<Sender<Vec<u8>>>,
}

impl AudioFrameHook for Numbers {
    fn local_processed(&self, frame: &mut AudioFrame) {
        let mut next = self.next.lock().expect("not poisoned");
        *next = next.wrapping_add(1);
        // As many as may be, from time to time.
        let length = if *next == 100 { AudioFrame::EXTRA_BYTES } else { 1 };
        frame.extra_data = vec![*next; length];
    }

    fn play(&self, user: &str, frame: &AudioFrame) {
        if user == "ann" && !frame.extra_data.is_empty() {
            let _ = self.told.lock().expect("not poisoned").send(frame.extra_data.clone());
        }
    }
}

impl AudioPacketHook for Numbers {
    fn will_send(&self) -> Option<Vec<u8>> {
        Some(b"beside".to_vec())
    }

    fn did_receive(&self, user: &str, data: &[u8]) {
        let _ = self.told.lock().expect("not poisoned").send([user.as_bytes(), b": ", data].concat());
    }
}

fn numbers() -> (Arc<Numbers>, Receiver<Vec<u8>>) {
    let (told, is_told) = channel();
    (Arc::new(Numbers { next: Mutex::new(0), told: Mutex::new(told) }), is_told)
}

#[test]
fn what_is_put_beside_a_frame_is_there_when_it_is_heard() {
    let engine = Engine::start();
    let (ann, bob) = (Person::enters(&engine, "ann"), Person::enters(&engine, "bob"));
    let (hook, _) = numbers();
    ann.cloud.set_audio_frame_callback(Some(hook));
    let (hook, told) = numbers();
    bob.cloud.set_audio_frame_callback(Some(hook));
    ann.cloud.start_local_audio(AudioQuality::Default);
    let mut last: Option<u8> = None;
    for _ in 0..300 {
        let extra = told.recv_timeout(PATIENCE).expect("something beside a frame");
        assert!(extra.iter().all(|byte| *byte == extra[0]));
        assert_eq!(extra.len(), if extra[0] == 100 { AudioFrame::EXTRA_BYTES } else { 1 });
        // In order, and none twice; one whose packet came too late to be heard may be missing.
        if let Some(last) = last {
            assert!((1..50).contains(&extra[0].wrapping_sub(last)), "{last} and then {}", extra[0]);
        }
        last = Some(extra[0]);
    }
}

#[test]
fn bytes_beside_packets_come_even_where_nothing_is_said() {
    let engine = Engine::start();
    let (ann, bob) = (Person::enters(&engine, "ann"), Person::enters(&engine, "bob"));
    let (hook, _) = numbers();
    ann.cloud.set_audio_packet_hook(Some(hook));
    let (hook, told) = numbers();
    bob.cloud.set_audio_packet_hook(Some(hook));
    ann.cloud.start_local_audio(AudioQuality::Default);
    ann.cloud.mute_local_audio(true);
    for _ in 0..5 {
        assert_eq!(told.recv_timeout(PATIENCE).expect("something beside a packet"), b"ann: beside");
    }
}
