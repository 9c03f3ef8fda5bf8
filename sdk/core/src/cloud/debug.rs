//! Versions, logs, experiments, and what else is for developers.

use std::path::Path;
use std::sync::{LazyLock, Mutex};

use rtc_api::{ErrorCode, LogLevel, PayloadPrivateEncryptionConfig};
use rtc_link::Trust;
use rtc_log::{Level, Log, Settings, Sink};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Cloud;
use crate::lock::lock;
use crate::picture::PayloadKey;
use crate::shared::Phase;
use crate::{LocalRecordingParams, SpeedTestParams, server_address};

/// The log of the process; made at the first word about it, so that a program with a log of its own is left alone.
static LOG: LazyLock<Mutex<Option<Log>>> = LazyLock::new(|| Mutex::new(None));

/// Does something with the log of the process. A program that collects `tracing` events itself keeps them.
fn with_log(act: impl FnOnce(&Log)) {
    let mut log = lock(&LOG);
    if log.is_none() {
        match Log::start(Settings::default()) {
            Ok(made) => {
                if let Err(error) = made.install() {
                    tracing::info!("{error}");
                }
                *log = Some(made);
            }
            // There is no log to say it in.
            Err(_) => return,
        }
    }
    if let Some(log) = log.as_ref() {
        act(log);
    }
}

/// The least serious level that is logged (`setLogLevel`), for the whole process; nothing is by default.
pub fn set_log_level(level: LogLevel) {
    let level = Level::from_code(level.into()).unwrap_or(Level::None);
    with_log(|log| log.set_level(level));
}

/// Whether the log goes to standard error as well (`setConsoleEnabled`).
pub fn set_console_enabled(enabled: bool) {
    with_log(|log| log.set_console(enabled));
}

/// Whether full log files are compressed (`setLogCompressEnabled`).
pub fn set_log_compress_enabled(enabled: bool) {
    with_log(|log| log.set_compress(enabled));
}

/// Where log files go (`setLogDirPath`).
pub fn set_log_dir_path(path: &str) {
    with_log(|log| {
        if let Err(error) = log.set_directory(Path::new(path)) {
            tracing::error!("{error}");
        }
    });
}

/// Who gets the lines of the log (`setLogCallback`): level, module, text.
pub fn set_log_callback(sink: Option<Sink>) {
    with_log(|log| log.set_sink(sink));
}

impl Cloud {
    /// The version of this SDK.
    pub fn sdk_version(&self) -> String {
        crate::VERSION.to_owned()
    }

    /// As [`set_log_level`].
    pub fn set_log_level(&self, level: LogLevel) {
        set_log_level(level);
    }

    /// As [`set_console_enabled`].
    pub fn set_console_enabled(&self, enabled: bool) {
        set_console_enabled(enabled);
    }

    /// As [`set_log_compress_enabled`].
    pub fn set_log_compress_enabled(&self, enabled: bool) {
        set_log_compress_enabled(enabled);
    }

    /// As [`set_log_dir_path`].
    pub fn set_log_dir_path(&self, path: &str) {
        set_log_dir_path(path);
    }

    /// The original draws figures over its views; a window of another program is not ours to draw on, so that they go to
    /// the log, at the level of information, with every `onStatistics`.
    pub fn show_debug_view(&self, show_type: i32) {
        self.inner.inbox.call(move |control| control.show_figures(show_type));
    }

    /// Settings without a method of their own, as JSON `{"api":name,"params":{…}}`: `setServer` with `url`, where the
    /// engine is; `setServerCertificate` with `sha256`, 64 hexadecimal digits, the one certificate that is trusted.
    /// Returns JSON with `code` and `message`.
    pub fn call_experimental_api(&self, json_str: &str) -> String {
        let (code, message) = match self.experiment(json_str) {
            Ok(()) => (ErrorCode::NULL, String::new()),
            Err((code, message)) => {
                tracing::warn!("callExperimentalAPI: {message}");
                (code, message)
            }
        };
        json!({ "code": code.0, "message": message }).to_string()
    }

    fn experiment(&self, json_str: &str) -> Result<(), (ErrorCode, String)> {
        #[derive(Deserialize)]
        struct Call {
            api: String,
            #[serde(default)]
            params: Value,
        }
        let invalid = |message: String| (ErrorCode::INVALID_PARAMETER, message);
        let call: Call = serde_json::from_str(json_str)
            .map_err(|error| invalid(format!(r#"the text must be {{"api":name,"params":{{…}}}}: {error}"#)))?;
        let text = |name: &str| {
            call.params.get(name).and_then(Value::as_str).ok_or_else(|| invalid(format!("params.{name} must be a text")))
        };
        match call.api.as_str() {
            "setServer" => {
                let address = server_address::parse(text("url")?).map_err(|error| invalid(error.to_string()))?;
                server_address::told_server(&address);
                self.inner.shared.set_server(address);
            }
            "setServerCertificate" => {
                let print = fingerprint(text("sha256")?)
                    .ok_or_else(|| invalid("params.sha256 must be 64 hexadecimal digits".to_owned()))?;
                let trust = Trust::Fingerprint(print);
                server_address::told_trust(&trust);
                self.inner.shared.set_trust(trust);
            }
            other => return Err((ErrorCode::NOT_SUPPORTED, format!("there is no experimental API `{other}`"))),
        }
        Ok(())
    }

    /// Encrypts sound and pictures with a key that the engine does not have: AES-128 or -256 in GCM. To be called before
    /// entering; it ends with the stay. Everybody in the room needs the same algorithm, key and salt. Returns 0, or an error
    /// code below it.
    pub fn enable_payload_private_encryption(&self, enabled: bool, config: PayloadPrivateEncryptionConfig) -> i32 {
        if self.inner.shared.phase() != Phase::Out {
            tracing::warn!("enablePayloadPrivateEncryption is refused: call it before entering a room");
            return ErrorCode::REFUSED.0;
        }
        let key = match enabled.then(|| PayloadKey::new(config)).transpose() {
            Ok(key) => key,
            Err(error) => {
                tracing::warn!("enablePayloadPrivateEncryption: {error}");
                return ErrorCode::INVALID_PARAMETER.0;
            }
        };
        self.inner.inbox.call(move |control| control.set_key(key.as_ref()));
        ErrorCode::NULL.0
    }

    /// Tests the network before entering: round trip, loss, jitter and, where asked for, bandwidth up to 5000 kbps. Answered
    /// by `onSpeedTestResult` within about ten seconds. Returns 0, or an error code below it: in a room, while another test
    /// runs, or for parameters that cannot be.
    pub fn start_speed_test(&self, params: SpeedTestParams) -> i32 {
        self.inner.speed.start(&params)
    }

    /// Ends it; no result follows.
    pub fn stop_speed_test(&self) {
        self.inner.speed.stop();
    }

    /// Records the own camera and voice into an MP4 file: VP8 or H.264 as it is sent, and Opus. Answered by
    /// `onLocalRecordBegin`; `onLocalRecording` follows at the interval, `onLocalRecordFragment` with each further file.
    pub fn start_local_recording(&self, params: LocalRecordingParams) {
        self.inner.recordings.start_movie(&params);
    }

    /// Ends it; `onLocalRecordComplete` comes when the file is whole.
    pub fn stop_local_recording(&self) {
        self.inner.recordings.stop_movie();
    }
}

fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut print = [0; 32];
    for (byte, pair) in print.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(print)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_64_digits_with_or_without_colons() {
        let plain = "00".repeat(31) + "fF";
        let expected = {
            let mut print = [0; 32];
            print[31] = 255;
            print
        };
        assert_eq!(fingerprint(&plain), Some(expected));
        assert_eq!(fingerprint(&(["00"; 31].join(":") + ":FF")), Some(expected));
        for wrong in ["", "zz", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(fingerprint(wrong), None);
        }
    }
}
