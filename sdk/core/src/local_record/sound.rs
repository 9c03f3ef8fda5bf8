//! The sound of a recording: microphone and what the machine plays, mixed and encoded at the pace of one of them.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use rtc_api::LocalRecordError;
use rtc_audio::{Gain, Mixer, Quality};
use rtc_device::{
    AudioBlock, AudioDevices, DeviceError, Microphone, MicrophoneConfig, StreamEvent, SystemSound, SystemSoundSource,
};

use super::teller::Teller;
use super::{LocalRecordEvent, Wants};
use crate::lock::lock;
use crate::options::{MicrophoneChoice, Options};
use crate::recording::{Encoding, Running};
use crate::sound::{AudioFrame, SharedFeed};

pub(super) struct Sound {
    microphone: MicrophoneChoice,
    devices: AudioDevices,
    table: Arc<Table>,
    open: Mutex<Open>,
}

/// Dropping them closes the devices.
#[derive(Default)]
struct Open {
    microphone: Option<Microphone>,
    system: Option<SystemSound>,
}

/// Where both meet.
struct Table {
    teller: Teller,
    microphone: SharedFeed,
    system: SharedFeed,
    out: Mutex<Out>,
}

struct Out {
    recording: Running,
    epoch: Instant,
    mixer: Mixer,
    encoding: Encoding,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Microphone,
    System,
}

impl Sound {
    pub(super) fn new(
        options: &Options,
        recording: Running,
        teller: Teller,
        epoch: Instant,
    ) -> Result<Self, (LocalRecordError, String)> {
        let devices = AudioDevices::open(&options.sound.backend)
            .map_err(|error| (LocalRecordError::MicrophoneFailure, format!("the sound system cannot be used: {error}")))?;
        let encoding = Encoding::opus(Quality::Music)
            .map_err(|error| (LocalRecordError::MicrophoneFailure, format!("sound cannot be encoded: {error}")))?;
        let table = Table {
            teller,
            microphone: SharedFeed::default(),
            system: SharedFeed::default(),
            out: Mutex::new(Out { recording, epoch, mixer: Mixer::new(), encoding }),
        };
        let microphone = options.sound.microphone.clone();
        Ok(Self { microphone, devices, table: Arc::new(table), open: Mutex::default() })
    }

    /// Opens and closes devices as they are wanted now.
    pub(super) fn change(&self, wants: Wants) -> Result<(), (LocalRecordError, String)> {
        let mut open = lock(&self.open);
        if !wants.microphone {
            open.microphone = None;
            self.table.microphone.turn(false);
        }
        if !wants.system {
            open.system = None;
            self.table.system.turn(false);
        }
        if wants.microphone && open.microphone.is_none() {
            self.table.microphone.turn(true);
            let config = MicrophoneConfig { source: self.microphone.source(), channels: 2 };
            let opened =
                Microphone::open(&self.devices, config, self.on_block(Source::Microphone), self.on_event(Source::Microphone));
            open.microphone = Some(opened.map_err(|error| {
                self.table.microphone.turn(false);
                (code(Source::Microphone, &error), format!("the microphone could not be opened: {error}"))
            })?);
        }
        if wants.system && open.system.is_none() {
            self.table.system.turn(true);
            let source = SystemSoundSource::Speaker(None);
            let opened =
                SystemSound::open(&self.devices, source, 2, self.on_block(Source::System), self.on_event(Source::System));
            open.system = Some(opened.map_err(|error| {
                self.table.system.turn(false);
                (code(Source::System, &error), format!("what the machine plays cannot be recorded: {error}"))
            })?);
        }
        Ok(())
    }

    fn on_block(&self, source: Source) -> impl FnMut(&AudioBlock<'_>) + Send + 'static {
        let table = Arc::clone(&self.table);
        move |block| table.take(source, block)
    }

    fn on_event(&self, source: Source) -> impl FnMut(StreamEvent) + Send + 'static {
        let teller = self.table.teller.clone();
        move |event| {
            if let StreamEvent::Failed(error) = event {
                let code = failure(source);
                teller.tell(LocalRecordEvent::Error { code, message: format!("a source of sound stopped: {error}") });
            }
        }
    }
}

impl Table {
    fn take(&self, source: Source, block: &AudioBlock<'_>) {
        let of = |source| if source == Source::Microphone { &self.microphone } else { &self.system };
        let frame = AudioFrame {
            samples: block.samples.to_vec(),
            sample_rate: block.format.sample_rate,
            channels: block.format.channels.into(),
            ..AudioFrame::default()
        };
        // A second that waits says that the other one has stopped, whose pace this is.
        let _ = of(source).push(&frame);
        // The microphone sets the pace where there is one.
        let (pace, other) = match (source, self.microphone.is_on()) {
            (Source::System, true) => return,
            (Source::System, false) => (Source::System, Source::Microphone),
            (Source::Microphone, _) => (Source::Microphone, Source::System),
        };
        let mut out = lock(&self.out);
        let Out { recording, epoch, mixer, encoding } = &mut *out;
        while let Some(block) = of(pace).pull() {
            mixer.add(&block, &mut Gain::default());
            if let Some(block) = of(other).pull() {
                mixer.add(&block, &mut Gain::default());
            }
            let (at, block) = (epoch.elapsed(), mixer.finish());
            recording.write(|recorder| encoding.write(recorder, at, &block));
        }
    }
}

/// The number for a device that cannot be opened.
fn code(source: Source, error: &DeviceError) -> LocalRecordError {
    match (source, error) {
        (Source::Microphone, DeviceError::None(_) | DeviceError::NotFound { .. }) => LocalRecordError::NoMicrophoneDevice,
        (Source::System, DeviceError::None(_) | DeviceError::NotFound { .. }) => LocalRecordError::NoSpeakerDevice,
        _ => failure(source),
    }
}

fn failure(source: Source) -> LocalRecordError {
    match source {
        Source::Microphone => LocalRecordError::MicrophoneFailure,
        Source::System => LocalRecordError::SystemaudioFailure,
    }
}
