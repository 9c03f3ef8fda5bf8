//! An engine for the tests of the boundary: it does what a test asks for, panics included, and nothing else.

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use crate::engine::{AudioHooks, Encoded, EncodedKind, Engine, Listener, PacketBytes, Process, Render, Subject};
use crate::error::CallError;
use crate::frame::{AudioFrame, Image, ScreenSource, VideoFrame, WatermarkPicture, WatermarkPlace};
use crate::lock::lock;

/// Starts one.
pub(crate) fn start(listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError> {
    Ok(Box::new(Double::new(listener)))
}

struct Double {
    tell: Option<Sender<Told>>,
    teller: Option<JoinHandle<()>>,
    render: Mutex<Option<Render>>,
    process: Mutex<Option<Process>>,
    audio: Mutex<AudioHooks>,
    encoded: Mutex<Option<Encoded>>,
    beside: Mutex<Option<PacketBytes>>,
}

enum Told {
    Event(String),
    Snapshot,
    CmdMsg,
    SeiMsg,
}

impl Double {
    fn new(mut listener: Box<dyn Listener>) -> Self {
        let (tell, told) = channel();
        let teller = thread::spawn(move || {
            for told in told {
                match told {
                    Told::Event(json) => listener.event(&json),
                    Told::Snapshot => listener.snapshot("a", 0, &picture(&[7; 16])),
                    Told::CmdMsg => listener.custom_cmd_msg("a", 1, 2, b"hello"),
                    Told::SeiMsg => listener.sei_msg("a", b"sei"),
                }
            }
        });
        Self {
            tell: Some(tell),
            teller: Some(teller),
            render: Mutex::default(),
            process: Mutex::default(),
            audio: Mutex::default(),
            encoded: Mutex::default(),
            beside: Mutex::default(),
        }
    }

    fn tell(&self, told: Told) {
        let _ = self.tell.as_ref().expect("it is there until the engine is dropped").send(told);
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // As the real one: ending waits for the callback thread, so on that thread it would wait for ever.
        drop(self.tell.take());
        let teller = self.teller.take().expect("it is there until now");
        assert_ne!(teller.thread().id(), thread::current().id(), "the engine is dropped on its own thread");
        let _ = teller.join();
    }
}

impl Subject for Double {
    fn call(&self, method: &str, json: &str) -> Result<Value, CallError> {
        match method {
            "echo" => serde_json::from_str(json).map_err(|error| CallError::invalid(error.to_string())),
            "panic" => panic!("a panic that the test asked for"),
            "emit" => {
                self.tell(Told::Event(json.to_owned()));
                Ok(Value::Null)
            }
            "snapshot" => {
                self.tell(Told::Snapshot);
                Ok(Value::Null)
            }
            "messages" => {
                self.tell(Told::CmdMsg);
                self.tell(Told::SeiMsg);
                Ok(Value::Null)
            }
            // Calls the hooks on this thread.
            "render" => {
                let render = lock(&self.render).clone();
                if let Some(render) = render {
                    render("a", 2, &picture(&[1; 16]));
                }
                Ok(Value::Null)
            }
            "process" => {
                let process = lock(&self.process).clone();
                let mut result = [0; 16];
                let filled = process.is_some_and(|process| process(&picture(&[1; 16]), &mut result));
                Ok(json!({ "filled": filled, "result": result }))
            }
            "hear" => {
                let hooks = lock(&self.audio).clone();
                let mut samples = [100_i16; 4];
                let mut frame =
                    AudioFrame { samples: &mut samples, sample_rate: 48_000, channels: 1, timestamp: 0, extra: vec![9] };
                if let Some(hear) = hooks.local_processed {
                    hear(&mut frame);
                }
                let extra = frame.extra.clone();
                Ok(json!({ "samples": samples, "extra": extra }))
            }
            "encode" => {
                let Some(change) = lock(&self.encoded).clone() else { return Ok(Value::Null) };
                let own = change(EncodedKind::OwnPicture, None, 2, b"picture");
                let others = change(EncodedKind::OtherSound, Some("a"), 0, b"sound");
                Ok(json!([format!("{own:?}"), format!("{others:?}")]))
            }
            "packets" => {
                let Some(beside) = lock(&self.beside).clone() else { return Ok(Value::Null) };
                Ok(json!([beside(None, &[]), beside(Some("a"), b"came")]))
            }
            _ => Err(CallError::invalid(format!("{method} is no method"))),
        }
    }

    fn report(&self, error: &CallError) {
        self.tell(Told::Event(error.event().to_string()));
    }

    fn engine(&self) -> Option<&dyn Engine> {
        Some(self)
    }

    fn screen_sources(&self, thumbnail: (u32, u32), _: (u32, u32)) -> Result<Vec<ScreenSource>, CallError> {
        let (width, height) = thumbnail;
        let data = vec![5; (width * height * 4) as usize];
        let screen = ScreenSource {
            kind: 1,
            id: 1,
            name: "Screen 1".into(),
            thumbnail: Image { data, width, height },
            is_main_screen: true,
            ..ScreenSource::default()
        };
        Ok(vec![screen, ScreenSource { id: 2, name: "a\0b".into(), ..ScreenSource::default() }])
    }
}

impl Engine for Double {
    fn sub(&self, listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError> {
        start(listener)
    }

    fn send_custom_video(&self, _: i32, frame: &VideoFrame<'_>) -> Result<(), CallError> {
        assert_ne!(frame.data, b"panic", "a panic that the test asked for");
        Ok(())
    }

    fn send_custom_audio(&self, _: &AudioFrame<'_>) -> Result<(), CallError> {
        Ok(())
    }

    fn mix_external_audio(&self, frame: &AudioFrame<'_>) -> Result<i32, CallError> {
        Ok(frame.samples.iter().map(|sample| i32::from(*sample)).sum())
    }

    fn custom_audio_rendering_frame(&self, frame: &mut AudioFrame<'_>) -> Result<(), CallError> {
        frame.samples.fill(3);
        frame.timestamp = 77;
        Ok(())
    }

    fn set_local_video_render(&self, format: i32, _: i32, render: Option<Render>) -> Result<(), CallError> {
        if format == 0 {
            return Err(CallError::invalid("format 0 is unknown"));
        }
        *lock(&self.render) = render;
        Ok(())
    }

    fn set_remote_video_render(&self, _: &str, format: i32, _: i32, render: Option<Render>) -> Result<(), CallError> {
        self.set_local_video_render(format, 1, render)
    }

    fn set_local_video_process(&self, _: i32, _: i32, process: Option<Process>) -> Result<(), CallError> {
        *lock(&self.process) = process;
        Ok(())
    }

    fn set_audio_frame(&self, hooks: AudioHooks) -> Result<(), CallError> {
        *lock(&self.audio) = hooks;
        Ok(())
    }

    fn set_encoded_data(&self, encoded: Option<Encoded>) -> Result<(), CallError> {
        *lock(&self.encoded) = encoded;
        Ok(())
    }

    fn set_audio_packet(&self, bytes: Option<PacketBytes>) -> Result<(), CallError> {
        *lock(&self.beside) = bytes;
        Ok(())
    }

    fn start_camera_device_test(&self, _: Render) -> Result<(), CallError> {
        Ok(())
    }

    fn send_custom_cmd_msg(&self, command: u32, data: &[u8], reliable: bool, ordered: bool) -> bool {
        command == 1 && data == b"hello" && reliable && ordered
    }

    fn send_sei_msg(&self, data: &[u8], repeat: i32) -> bool {
        data == b"hello" && repeat == 1
    }

    fn set_video_mute_image(&self, _: Option<Image>, _: i32) -> Result<(), CallError> {
        Ok(())
    }

    fn set_watermark(&self, _: i32, _: WatermarkPicture<'_>, _: WatermarkPlace) -> Result<(), CallError> {
        Ok(())
    }
}

fn picture(data: &[u8]) -> VideoFrame<'_> {
    VideoFrame { format: 3, buffer_type: 1, data, width: 2, height: 2, timestamp: 5, rotation: 0 }
}
