//! One instance that does what comes by chance, and a count of the answers it is owed.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use rtc_core::video::frame::{Pool, Size};
use rtc_core::video::pattern::Pattern;
use rtc_core::{
    AppScene, AudioBackend, AudioFrame, AudioFrameHook, AudioQuality, AudioVolumeEvaluateParams, Cloud, Event,
    MicrophoneChoice, Options, Params, PictureChoice, PictureOptions, RoleType, SoundOptions, SpeakerChoice, SwitchRoomConfig,
    VideoEncParam, VideoResolution, VideoStreamType,
};

use crate::chance::Chance;
use crate::engine::{Engine, PATIENCE, Tickets as _};

const REFUSED: i32 = -3340;
/// What the number of a second room is beyond that of the first.
const ELSEWHERE: u32 = 1000;

/// Where it is, as far as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Out,
    Entering,
    In,
    /// So many times; and whether an entry waits for that.
    Leaving(u32, bool),
}

pub(crate) struct Life {
    seed: u64,
    user: &'static str,
    cloud: Cloud,
    told: Receiver<Event>,
    place: Place,
    /// What was done and told, for the words of a failure.
    story: Vec<String>,
    enters_told: usize,
    exits_told: usize,
    /// Entries whose answer may be missing, because they were called off before it.
    called_off: usize,
    enters: usize,
    exits: usize,
    fences: u32,
}

struct Quiet;

impl AudioFrameHook for Quiet {
    fn captured(&self, frame: &mut AudioFrame) {
        frame.samples.iter_mut().for_each(|sample| *sample /= 2);
    }
}

impl Life {
    pub(crate) fn begin(engine: &Engine, user: &'static str, seed: u64) -> Self {
        let options = Options {
            sound: SoundOptions {
                backend: AudioBackend::Synthetic,
                microphone: MicrophoneChoice::Tone(440.0),
                speaker: SpeakerChoice::Nowhere,
            },
            picture: PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern },
        };
        Self::around(engine, user, seed, |sender| Cloud::new(&options, listener(sender)).expect("an instance"))
    }

    pub(crate) fn begin_sub(&self, engine: &Engine, user: &'static str, seed: u64) -> Self {
        Self::around(engine, user, seed, |sender| self.cloud.create_sub_cloud(listener(sender)).expect("a sub-instance"))
    }

    fn around(engine: &Engine, user: &'static str, seed: u64, make: impl FnOnce(Sender<Event>) -> Cloud) -> Self {
        let (sender, told) = channel();
        let cloud = make(sender);
        cloud.call_experimental_api(&format!(r#"{{"api":"setServer","params":{{"url":"{}"}}}}"#, engine.address()));
        // Small, because it is life that is tried, not the machine.
        cloud.set_video_encoder_param(small());
        Self {
            seed,
            user,
            cloud,
            told,
            place: Place::Out,
            story: Vec::new(),
            enters_told: 0,
            exits_told: 0,
            called_off: 0,
            enters: 0,
            exits: 0,
            fences: 0,
        }
    }

    pub(crate) fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Does one thing.
    pub(crate) fn act(&mut self, engine: &Engine, chance: &mut Chance) {
        self.hear_all();
        let other = if self.user == "ann" { "bob" } else { "ann" };
        let stream = if chance.one_in(3) { VideoStreamType::Sub } else { VideoStreamType::Big };
        let on = chance.one_in(2);
        let cloud = self.cloud.clone();
        let what = match chance.up_to(22) {
            0..=4 => {
                let role = if chance.one_in(3) { RoleType::Audience } else { RoleType::Anchor };
                self.enter(engine, role);
                if chance.one_in(3) {
                    return;
                }
                return self.until_settled();
            }
            5 | 6 => return self.exit(),
            7 => {
                cloud.start_local_audio(AudioQuality::Speech);
                "starts sound"
            }
            8 => {
                cloud.stop_local_audio();
                "stops sound"
            }
            9 => {
                cloud.start_local_preview(0);
                "starts the camera"
            }
            10 => {
                cloud.stop_local_preview();
                "stops the camera"
            }
            11 => {
                cloud.mute_local_audio(on);
                "mutes sound"
            }
            12 => {
                cloud.mute_local_video(stream, on);
                "mutes pictures"
            }
            13 => {
                cloud.start_remote_view(other, stream, 0);
                "views"
            }
            14 => {
                cloud.stop_remote_view(other, stream);
                "views no more"
            }
            15 => {
                cloud.switch_role(if on { RoleType::Anchor } else { RoleType::Audience });
                "switches its role"
            }
            16 => {
                cloud.set_audio_frame_callback(on.then(|| Arc::new(Quiet) as Arc<dyn AudioFrameHook>));
                "sets a hook"
            }
            17 => {
                cloud.enable_custom_audio_capture(on);
                let frame = AudioFrame { samples: vec![1; 960], sample_rate: 48_000, channels: 1, ..AudioFrame::default() };
                let _ = cloud.send_custom_audio_data(&frame);
                "is its own microphone"
            }
            18 => {
                if on {
                    cloud.start_screen_capture(0, VideoStreamType::Sub, Some(small()));
                } else {
                    cloud.stop_screen_capture();
                }
                "shares its screen"
            }
            19 => {
                let room_id = u32::try_from(self.seed).expect("a small number") + if on { 0 } else { ELSEWHERE };
                cloud.switch_room(SwitchRoomConfig { room_id, ..SwitchRoomConfig::default() });
                "goes to another room"
            }
            20 => {
                cloud.enable_custom_video_capture(stream, on);
                cloud.send_custom_video_data(stream, Pattern::new(1, Size::nearest(160, 90)).draw(0, 0, &Pool::default()));
                "is its own camera"
            }
            _ => {
                cloud.enable_audio_volume_evaluation(on, AudioVolumeEvaluateParams::default());
                cloud.send_custom_cmd_msg(1, b"hello", true, true);
                "says hello"
            }
        };
        self.story.push(what.into());
    }

    fn enter(&mut self, engine: &Engine, role: RoleType) {
        let room_id = u32::try_from(self.seed).expect("a small number");
        self.cloud.enter_room(Params { role, room_id, ..engine.ticket(self.user) }, AppScene::Live);
        self.story.push(format!("enters from {:?}", self.place));
        self.enters += 1;
        self.place = match self.place {
            Place::Out => Place::Entering,
            Place::Leaving(times, _) => Place::Leaving(times, true),
            inside => inside,
        };
    }

    fn exit(&mut self) {
        self.cloud.exit_room();
        self.story.push(format!("exits from {:?}", self.place));
        self.place = match self.place {
            Place::Out => Place::Out,
            // Nothing more to leave.
            Place::Leaving(times, false) => Place::Leaving(times, false),
            place => {
                self.exits += 1;
                self.called_off += usize::from(place != Place::In);
                match place {
                    Place::Leaving(times, _) => Place::Leaving(times + 1, false),
                    _ => Place::Leaving(1, false),
                }
            }
        };
    }

    fn hear_all(&mut self) {
        while let Ok(event) = self.told.try_recv() {
            self.hear(&event);
        }
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::EnterRoom { result } => {
                self.enters_told += 1;
                self.story.push(format!("told it entered: {result}"));
                assert!(*result > 0 || *result == REFUSED, "{self:?}");
                if *result > 0 && self.place == Place::Entering {
                    self.place = Place::In;
                }
            }
            Event::ExitRoom { reason } => {
                self.exits_told += 1;
                self.story.push(format!("told it left: {reason}"));
                assert_eq!(*reason, 0, "{self:?}");
                self.place = match self.place {
                    Place::Leaving(1, false) => Place::Out,
                    Place::Leaving(1, true) => Place::Entering,
                    Place::Leaving(times, next) => Place::Leaving(times - 1, next),
                    _ => panic!("told that it left without having been asked: {self:?}"),
                };
            }
            _ => {}
        }
    }

    /// Waits until it is in a room or out of it.
    fn until_settled(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !matches!(self.place, Place::In | Place::Out) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.told.recv_timeout(left) {
                Ok(event) => self.hear(&event),
                Err(_) => panic!("neither in nor out: {self:?}"),
            }
        }
    }

    /// Leaves, if it is somewhere, and makes sure that every call has its answer.
    pub(crate) fn settle(&mut self) {
        self.hear_all();
        if matches!(self.place, Place::In | Place::Entering | Place::Leaving(_, true)) {
            self.exit();
        }
        self.until_settled();
        self.fences += 1;
        // Refused in order, after all that was asked before.
        let fence = format!("fence-{}", self.fences);
        self.cloud.connect_other_room(&format!(r#"{{"roomId":1,"userId":"{fence}"}}"#));
        loop {
            let Ok(event) = self.told.recv_timeout(PATIENCE) else { panic!("no answer to {fence}: {self:?}") };
            self.hear(&event);
            if matches!(&event, Event::ConnectOtherRoom { user_id, .. } if *user_id == fence) {
                break;
            }
        }
        self.check_answers(true);
    }

    /// Compares what was asked with what was told: never more, and after everything never less.
    pub(crate) fn check_answers(&mut self, is_all: bool) {
        self.hear_all();
        assert!(self.enters_told <= self.enters && self.exits_told <= self.exits, "told too often: {self:?}");
        if is_all {
            assert_eq!(self.exits_told, self.exits, "an exit has no answer: {self:?}");
            assert!(self.enters_told + self.called_off >= self.enters, "an entry has no answer: {self:?}");
        }
    }
}

fn listener(sender: Sender<Event>) -> impl FnMut(&Event) + Send + 'static {
    move |event| drop(sender.send(event.clone()))
}

fn small() -> VideoEncParam {
    VideoEncParam { video_resolution: VideoResolution::R160x90, video_fps: 5, ..VideoEncParam::default() }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seed, user, enters, enters_told, exits, exits_told, called_off, story, .. } = self;
        write!(f, "seed {seed}, {user}: {enters_told} of {enters} entries told, {called_off} called off, ")?;
        write!(f, "{exits_told} of {exits} exits told; {story:#?}")
    }
}
