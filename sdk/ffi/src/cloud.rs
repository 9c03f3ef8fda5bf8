//! The engine behind the boundary: `rtc_core::Cloud`. It maps types.

mod encoded;
pub(crate) mod picture;
mod sound;

use rtc_api::{Arguments, LogLevel, VideoStreamType};
use rtc_core::{Cloud, Event, Message, Options, SeiMessage, Snapshot, Socks5ProxyConfig, StartError, Through};
use serde_json::Value;

use crate::engine::{AudioHooks, Encoded, Engine, Listener, Log, PacketBytes, Process, Render, Subject};
use crate::error::CallError;
use crate::frame::{AudioFrame, Image, ScreenSource, VideoFrame, WatermarkPicture, WatermarkPlace};
use crate::generated::dispatch::dispatch;

/// `TRTCVideoPixelFormat_BGRA32` and `TRTCVideoBufferType_Buffer`.
const BGRA32: i32 = 3;
const IN_MEMORY: i32 = 1;

/// Starts an instance.
pub(crate) fn start(listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError> {
    boxed(Cloud::new(&Options::from_environment(), Told(listener)))
}

/// A method that needs no instance.
pub(crate) fn call(method: &str, json: &str) -> Result<Value, CallError> {
    let mut arguments = Arguments::parse(method, json)?;
    match method {
        "getSDKVersion" => {
            arguments.end()?;
            return Ok(Value::from(rtc_core::VERSION));
        }
        "setGlobalEnv" => {
            let env: String = arguments.take("envConfig")?;
            arguments.end()?;
            return Ok(Value::from(set_global_env(&env)));
        }
        "updateNetworkTime" => {
            arguments.end()?;
            return Ok(Value::from(rtc_core::update_network_time()));
        }
        "getNetworkTimestamp" => {
            arguments.end()?;
            return Ok(Value::from(rtc_core::network_timestamp()));
        }
        "setSocks5Proxy" => return set_socks5_proxy(arguments),
        "setLogLevel" => {
            let level: LogLevel = arguments.take("level")?;
            arguments.end()?;
            rtc_core::set_log_level(level);
        }
        "setConsoleEnabled" => {
            let enabled = arguments.take("enabled")?;
            arguments.end()?;
            rtc_core::set_console_enabled(enabled);
        }
        "setLogCompressEnabled" => {
            let enabled = arguments.take("enabled")?;
            arguments.end()?;
            rtc_core::set_log_compress_enabled(enabled);
        }
        "setLogDirPath" => {
            let path: String = arguments.take("path")?;
            arguments.end()?;
            rtc_core::set_log_dir_path(&path);
        }
        _ => {
            return Err(CallError::invalid(format!(
                "{method} needs an instance: call rtc_create and use the handle it returns instead of 0"
            )));
        }
    }
    Ok(Value::Null)
}

/// Sets who gets the lines of the log.
pub(crate) fn set_log(log: Option<Log>) -> Result<(), CallError> {
    rtc_core::set_log_callback(
        log.map(|log| -> rtc_log::Sink { Box::new(move |level, module, line| log(line, level.code(), module)) }),
    );
    Ok(())
}

/// Sets who is told how an update of the network time went.
pub(crate) fn set_network_time(told: Option<rtc_core::NetworkTimeCallback>) {
    rtc_core::set_network_time_callback(told);
}

fn set_socks5_proxy(mut arguments: Arguments) -> Result<Value, CallError> {
    let (host, port): (String, u16) = (arguments.take("host")?, arguments.take("port")?);
    let (user, password): (String, String) = (arguments.take("username")?, arguments.take("password")?);
    let config: Option<Socks5ProxyConfig> = arguments.take("config")?;
    arguments.end()?;
    let through = config.map_or_else(Through::default, |config| Through {
        signaling: config.support_https,
        tcp: config.support_tcp,
        udp: config.support_udp,
    });
    Ok(Value::from(rtc_core::set_socks5_proxy(&host, port, &user, &password, through)))
}

/// Returns 0. Other environments than an address mean parts of the world to the original, and nothing here.
fn set_global_env(env: &str) -> i32 {
    if let Err(error) = rtc_core::server_address::set_global(env) {
        tracing::info!("setGlobalEnv changes nothing: {error}");
    }
    0
}

/// An instance, as the boundary wants it.
struct Core(Cloud);

/// A listener of the boundary, as the instance wants it.
struct Told(Box<dyn Listener>);

fn boxed(started: Result<Cloud, StartError>) -> Result<Box<dyn Subject>, CallError> {
    match started {
        Ok(cloud) => Ok(Box::new(Core(cloud))),
        Err(error) => Err(CallError::failed(error.to_string())),
    }
}

impl rtc_core::Listener for Told {
    fn event(&mut self, event: &Event) {
        match serde_json::to_string(event) {
            Ok(json) => self.0.event(&json),
            Err(error) => tracing::error!("an event cannot be written as JSON, so it is not told: {error}"),
        }
    }

    fn message(&mut self, message: &Message) {
        self.0.custom_cmd_msg(&message.user_id, message.cmd_id, message.seq, &message.data);
    }

    fn sei_message(&mut self, message: &SeiMessage) {
        self.0.sei_msg(&message.user_id, &message.data);
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let frame = picture::snapshot(snapshot);
        self.0.snapshot(&snapshot.user_id, snapshot.stream_type.into(), &frame);
    }
}

impl Subject for Core {
    fn call(&self, method: &str, json: &str) -> Result<Value, CallError> {
        dispatch(&self.0, method, json)
    }

    fn report(&self, error: &CallError) {
        self.0.report_error(rtc_core::ErrorCode(error.code), &error.message);
    }

    fn screen_sources(&self, thumbnail: (u32, u32), icon: (u32, u32)) -> Result<Vec<ScreenSource>, CallError> {
        let size = |(width, height)| rtc_device::Size::new(width, height);
        picture::screen_sources(self.0.screen_capture_sources(size(thumbnail), size(icon)))
    }

    fn engine(&self) -> Option<&dyn Engine> {
        Some(self)
    }
}

impl Engine for Core {
    fn sub(&self, listener: Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError> {
        boxed(self.0.create_sub_cloud(Told(listener)))
    }

    fn send_custom_video(&self, stream: i32, frame: &VideoFrame<'_>) -> Result<(), CallError> {
        let stream = stream_type(stream)?;
        let mut frame = picture::from_application(frame)?;
        if frame.time_us == 0 {
            frame.time_us = self.0.generate_custom_pts().saturating_mul(1000);
        }
        if self.0.send_custom_video_data(stream, frame) {
            return Ok(());
        }
        Err(CallError::refused("custom capture of this stream is off; call enableCustomVideoCapture first"))
    }

    fn send_custom_audio(&self, frame: &AudioFrame<'_>) -> Result<(), CallError> {
        self.0.send_custom_audio_data(&sound::from_application(frame)).map_err(invalid)
    }

    fn mix_external_audio(&self, frame: &AudioFrame<'_>) -> Result<i32, CallError> {
        let waiting = self.0.mix_external_audio_frame(&sound::from_application(frame)).map_err(invalid)?;
        Ok(i32::try_from(waiting).unwrap_or(i32::MAX))
    }

    fn custom_audio_rendering_frame(&self, frame: &mut AudioFrame<'_>) -> Result<(), CallError> {
        let mut filled = sound::from_application(frame);
        self.0.custom_audio_rendering_frame(&mut filled).map_err(invalid)?;
        sound::copy_back(&filled, frame);
        Ok(())
    }

    fn set_local_video_render(&self, format: i32, buffer_type: i32, render: Option<Render>) -> Result<(), CallError> {
        self.0.set_local_video_render_callback(picture::sink(format, buffer_type, render)?);
        Ok(())
    }

    fn set_remote_video_render(
        &self,
        user_id: &str,
        format: i32,
        buffer_type: i32,
        render: Option<Render>,
    ) -> Result<(), CallError> {
        let sink = picture::sink(format, buffer_type, render)?;
        self.0
            .set_remote_video_render_callback(user_id, sink)
            .map_err(|code| CallError { code: code.0, message: format!("{user_id:?} is no user id; it has 1 to 32 bytes") })
    }

    fn set_local_video_process(&self, format: i32, buffer_type: i32, process: Option<Process>) -> Result<(), CallError> {
        self.0.set_local_video_custom_process_callback(picture::processor(format, buffer_type, process)?);
        Ok(())
    }

    fn set_audio_frame(&self, hooks: AudioHooks) -> Result<(), CallError> {
        self.0.set_audio_frame_callback(sound::hook(hooks));
        Ok(())
    }

    fn set_encoded_data(&self, encoded: Option<Encoded>) -> Result<(), CallError> {
        self.0.set_encoded_data_hook(encoded::data_hook(encoded));
        Ok(())
    }

    fn set_audio_packet(&self, bytes: Option<PacketBytes>) -> Result<(), CallError> {
        self.0.set_audio_packet_hook(encoded::packet_hook(bytes));
        Ok(())
    }

    fn start_camera_device_test(&self, render: Render) -> Result<(), CallError> {
        // The call names no format. Programs that draw what a test shows expect what a window takes.
        let sink = picture::sink(BGRA32, IN_MEMORY, Some(render))?;
        let code = sink.map_or(0, |sink| self.0.device_manager().start_camera_device_test_with_sink(sink));
        let message = || "the camera could not be opened; onError says why".to_owned();
        if code == 0 { Ok(()) } else { Err(CallError { code, message: message() }) }
    }

    fn send_custom_cmd_msg(&self, command: u32, data: &[u8], reliable: bool, ordered: bool) -> bool {
        self.0.send_custom_cmd_msg(command, data, reliable, ordered)
    }

    fn send_sei_msg(&self, data: &[u8], repeat: i32) -> bool {
        self.0.send_sei_msg(data, repeat)
    }

    fn set_video_mute_image(&self, image: Option<Image>, fps: i32) -> Result<(), CallError> {
        let image = image.as_ref().map(picture::from_image).transpose()?;
        self.0.set_video_mute_image(image, fps);
        Ok(())
    }

    fn set_watermark(&self, stream: i32, source: WatermarkPicture<'_>, place: WatermarkPlace) -> Result<(), CallError> {
        self.0.set_water_mark(stream_type(stream)?, picture::watermark(&source, place)?);
        Ok(())
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // Clones of it may be in use by its own managers; the boundary's promise is that all is over now.
        self.0.destroy();
    }
}

fn stream_type(number: i32) -> Result<VideoStreamType, CallError> {
    VideoStreamType::try_from(number).map_err(|error| CallError::invalid(format!("stream_type: {error}")))
}

fn invalid(error: impl std::fmt::Display) -> CallError {
    CallError::invalid(error.to_string())
}
