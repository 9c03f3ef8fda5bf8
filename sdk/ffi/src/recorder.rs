//! Recorders of screens behind the boundary: `rtc_core::LocalRecord`. It maps types.

use rtc_api::{Arguments, RecordConfig, Rect, ScreenCaptureSourceType};
use rtc_core::{LocalRecord, LocalRecordEvent, Options};
use serde_json::{Value, json};

use crate::cloud::picture::screen_sources;
use crate::engine::{Engine, Listener, Subject};
use crate::error::CallError;
use crate::frame::ScreenSource;

/// Starts one.
pub(crate) fn start(mut listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError> {
    let record = LocalRecord::new(&Options::from_environment(), move |event| listener.event(&json_of(event)));
    let record = record.map_err(|error| CallError::failed(format!("no thread for a recorder: {error}")))?;
    Ok(Box::new(Recorder(record)))
}

struct Recorder(LocalRecord);

impl Subject for Recorder {
    fn call(&self, method: &str, json: &str) -> Result<Value, CallError> {
        let mut arguments = Arguments::parse(method, json)?;
        match method {
            "startLocalRecord" => {
                let config: RecordConfig = arguments.take("config")?;
                let kind: ScreenCaptureSourceType = arguments.take("type")?;
                let source_id: u64 = arguments.take("sourceId")?;
                let part: Rect = arguments.take("captureRect")?;
                arguments.end()?;
                Ok(Value::from(i32::from(self.0.start(&config, kind, source_id, &part))))
            }
            "stopLocalRecord" => {
                arguments.end()?;
                self.0.stop();
                Ok(Value::Null)
            }
            "enableRecordMicrophone" => {
                let enable = arguments.take("enable")?;
                arguments.end()?;
                self.0.enable_microphone(enable);
                Ok(Value::Null)
            }
            "enableRecordSystemAudio" => {
                let enable = arguments.take("enable")?;
                arguments.end()?;
                self.0.enable_system_audio(enable);
                Ok(Value::Null)
            }
            _ => Err(CallError::invalid(format!("{method} is no method of a recorder"))),
        }
    }

    fn report(&self, error: &CallError) {
        // Every call of a recorder is answered; what is wrong with one is for who reads the log.
        tracing::warn!("a recorder: {error}");
    }

    fn screen_sources(&self, thumbnail: (u32, u32), icon: (u32, u32)) -> Result<Vec<ScreenSource>, CallError> {
        let size = |(width, height)| rtc_device::Size::new(width, height);
        screen_sources(self.0.screen_capture_sources(size(thumbnail), size(icon)))
    }

    fn engine(&self) -> Option<&dyn Engine> {
        None
    }
}

fn json_of(event: &LocalRecordEvent) -> String {
    let json = match event {
        LocalRecordEvent::Started { width, height, fps } => {
            json!({ "event": "OnRecordStarted", "data": { "videoWidth": width, "videoHeight": height, "fps": fps } })
        }
        LocalRecordEvent::Error { code, message } => {
            json!({ "event": "OnRecordError", "data": { "err": i32::from(*code), "msg": message } })
        }
        LocalRecordEvent::Complete { path } => {
            json!({ "event": "OnRecordComplete", "data": { "path": path.to_string_lossy() } })
        }
    };
    json.to_string()
}
