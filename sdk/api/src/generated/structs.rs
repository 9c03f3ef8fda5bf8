// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! The structs of the API that go through JSON.

use serde::{Deserialize, Serialize};

use super::enums::*;

/// How loud a user is.
///
/// `TRTCVolumeInfo` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeInfo {
    /// Who; empty for oneself.
    pub user_id: String,
    /// 0 to 100.
    pub volume: u32,
    /// Whether it is a voice: 1 yes, 0 no. Only of oneself.
    pub vad: i32,
    /// The pitch of the voice in Hz, 0 for none. Only of oneself.
    pub pitch: f32,
    /// 256 bands of the spectrum, -300 to 0 dB full scale; empty unless it was asked for.
    pub spectrum_data: Vec<f32>,
}

/// How many voices are played at once.
///
/// `TRTCAudioParallelParams` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioParallelParams {
    /// The most voices, the loudest first; 0 for all.
    pub max_count: u32,
    /// Users who are played in any case.
    pub include_users: Vec<String>,
}

/// What is measured of voices.
///
/// `TRTCAudioVolumeEvaluateParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioVolumeEvaluateParams {
    /// Milliseconds between two reports, at least 100.
    pub interval: u32,
    /// Whether it is told if the own sound is a voice.
    pub enable_vad_detection: bool,
    /// Whether the own pitch is measured.
    pub enable_pitch_calculation: bool,
    /// Whether spectra are measured.
    pub enable_spectrum_calculation: bool,
}

impl Default for AudioVolumeEvaluateParams {
    fn default() -> Self {
        Self {
            interval: 300,
            enable_vad_detection: Default::default(),
            enable_pitch_calculation: Default::default(),
            enable_spectrum_calculation: Default::default(),
        }
    }
}

/// What goes through a SOCKS5 proxy.
///
/// `TRTCSocks5ProxyConfig` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Socks5ProxyConfig {
    /// Whether HTTPS does.
    #[serde(rename = "support_https")]
    pub support_https: bool,
    /// Whether TCP does.
    #[serde(rename = "support_tcp")]
    pub support_tcp: bool,
    /// Whether UDP does.
    #[serde(rename = "support_udp")]
    pub support_udp: bool,
}

impl Default for Socks5ProxyConfig {
    fn default() -> Self {
        Self { support_https: true, support_tcp: true, support_udp: true }
    }
}

/// How a callback wants its audio frames.
///
/// `TRTCAudioFrameCallbackFormat` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioFrameCallbackFormat {
    /// Samples a second and channel: 16000, 32000, 44100 or 48000.
    pub sample_rate: i32,
    /// 1 or 2; 0 is 1. Frames of one channel that are left as they are go on with both.
    pub channel: i32,
    /// Samples a channel in one call, a multiple of 10 ms.
    pub samples_per_call: i32,
    /// Whether it changes them.
    pub mode: AudioFrameOperationMode,
}

impl Default for AudioFrameCallbackFormat {
    fn default() -> Self {
        Self {
            sample_rate: Default::default(),
            channel: Default::default(),
            samples_per_call: Default::default(),
            mode: AudioFrameOperationMode::ReadWrite,
        }
    }
}

/// The size of the camera's picture.
///
/// `TXCameraCaptureParam` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CameraCaptureParam {
    /// How it is chosen.
    pub mode: CameraCaptureMode,
    /// Pixels across, for the manual mode.
    pub width: i32,
    /// Pixels down, for the manual mode.
    pub height: i32,
}

impl Default for CameraCaptureParam {
    fn default() -> Self {
        Self { mode: CameraCaptureMode::Auto, width: 640, height: 360 }
    }
}

/// A device.
///
/// `MediaDevice` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MediaDevice {
    /// Its name, for people.
    pub device_name: String,
    /// Its name for programs, which stays the same while the device is plugged in.
    #[serde(rename = "devicePID")]
    pub device_pid: String,
    /// Further properties as JSON; cameras have their resolutions here.
    pub device_properties: String,
}

/// A key that only the users of a room share.
///
/// `TRTCPayloadPrivateEncryptionConfig` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PayloadPrivateEncryptionConfig {
    /// How it is used.
    pub encryption_algorithm: EncryptionAlgorithm,
    /// 16 or 32 bytes, as the algorithm asks.
    pub encryption_key: String,
    /// 32 bytes, the same for everybody in the room.
    pub encryption_salt: [u8; 32],
}

impl Default for PayloadPrivateEncryptionConfig {
    fn default() -> Self {
        Self {
            encryption_algorithm: EncryptionAlgorithm::Aes128Gcm,
            encryption_key: Default::default(),
            encryption_salt: Default::default(),
        }
    }
}

/// Where and how a screen is recorded.
///
/// `RecordConfig` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordConfig {
    /// The file, which ends in .mp4 and must not exist; its folder must.
    pub file_path: String,
    /// Megabytes after which a new file begins, named after the first with -2, -3 and so on; 0 for one file.
    pub max_single_file_size: i32,
    /// Frames a second, 1 to 60; 0 for 15.
    pub fps: i32,
    /// Pixels across, at most 3840; 0 for those of the source, or what fits the other side.
    pub record_width: i32,
    /// Pixels down, at most 2160; 0 for those of the source, or what fits the other side.
    pub record_height: i32,
}

/// A short sound (old interface).
///
/// `TRTCAudioEffectParam` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioEffectParam {
    /// A number that the application chooses.
    pub effect_id: i32,
    /// The file or address.
    pub path: String,
    /// How often it is repeated after the first time.
    pub loop_count: i32,
    /// Whether the others hear it.
    pub publish: bool,
    /// 0 to 100.
    pub volume: i32,
}

impl Default for AudioEffectParam {
    fn default() -> Self {
        Self {
            effect_id: Default::default(),
            path: Default::default(),
            loop_count: Default::default(),
            publish: Default::default(),
            volume: 100,
        }
    }
}

/// A piece of music, and how it is played.
///
/// `AudioMusicParam` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioMusicParam {
    /// A number that the application chooses; at most ten play at once.
    pub id: i32,
    /// The file or address: MP3, AAC, M4A or WAV.
    pub path: String,
    /// How often it is repeated after the first time.
    pub loop_count: i32,
    /// Whether the others hear it.
    pub publish: bool,
    /// Whether it is short and so may be decoded at once.
    pub is_short_file: bool,
    /// Where it begins, in ms.
    #[serde(rename = "startTimeMS")]
    pub start_time_ms: i64,
    /// Where it ends, in ms; 0 for its own end.
    #[serde(rename = "endTimeMS")]
    pub end_time_ms: i64,
}

/// What a network test shall measure, and for whom.
///
/// `TRTCSpeedTestParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SpeedTestParams {
    /// The application.
    pub sdk_app_id: i32,
    /// The user.
    pub user_id: String,
    /// The user's proof.
    pub user_sig: String,
    /// Expected bandwidth upwards in kbit/s, 10 to 5000 (for a chorus to 1000); 0 leaves it out.
    pub expected_up_bandwidth: i32,
    /// Expected bandwidth downwards in kbit/s, 10 to 5000 (for a chorus to 1000); 0 leaves it out.
    pub expected_down_bandwidth: i32,
    /// What to measure.
    pub scene: SpeedTestScene,
}

impl Default for SpeedTestParams {
    fn default() -> Self {
        Self {
            sdk_app_id: Default::default(),
            user_id: Default::default(),
            user_sig: Default::default(),
            expected_up_bandwidth: Default::default(),
            expected_down_bandwidth: Default::default(),
            scene: SpeedTestScene::DelayAndBandwidthTesting,
        }
    }
}

/// What a network test has found.
///
/// `TRTCSpeedTestResult` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SpeedTestResult {
    /// Whether it came to an end.
    pub success: bool,
    /// Why not.
    pub err_msg: String,
    /// The address that was tested.
    pub ip: String,
    /// The path as people would feel it.
    pub quality: Quality,
    /// Packets lost upwards, 0 to 1.
    pub up_lost_rate: f32,
    /// Packets lost downwards, 0 to 1.
    pub down_lost_rate: f32,
    /// Round trip in ms.
    pub rtt: i32,
    /// Bandwidth upwards in kbit/s; -1 if it was not measured.
    pub available_up_bandwidth: i32,
    /// Bandwidth downwards in kbit/s; -1 if it was not measured.
    pub available_down_bandwidth: i32,
    /// Jitter upwards in ms.
    pub up_jitter: i32,
    /// Jitter downwards in ms.
    pub down_jitter: i32,
}

impl Default for SpeedTestResult {
    fn default() -> Self {
        Self {
            success: Default::default(),
            err_msg: Default::default(),
            ip: Default::default(),
            quality: Quality::Unknown,
            up_lost_rate: Default::default(),
            down_lost_rate: Default::default(),
            rtt: Default::default(),
            available_up_bandwidth: Default::default(),
            available_down_bandwidth: Default::default(),
            up_jitter: Default::default(),
            down_jitter: Default::default(),
        }
    }
}

/// Where a stream is pushed (old interface).
///
/// `TRTCPublishCDNParam` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishCdnParam {
    /// Of the CDN account.
    pub app_id: u32,
    /// Of the CDN account.
    pub biz_id: u32,
    /// The address, RTMP.
    pub url: String,
    /// The name of the stream to push; empty for the own.
    pub stream_id: String,
}

/// A user in a room, perhaps another one.
///
/// `TRTCUser` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct User {
    /// Who.
    pub user_id: String,
    /// The room by number; 0 if `strRoomId` is used.
    pub int_room_id: u32,
    /// The room by name; used if `intRoomId` is 0.
    pub str_room_id: String,
}

/// An address to push a stream to.
///
/// `TRTCPublishCdnUrl` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishCdnUrl {
    /// The address, RTMP.
    pub rtmp_url: String,
    /// Whether it belongs to the provider's own CDN.
    pub is_internal_line: bool,
}

impl Default for PublishCdnUrl {
    fn default() -> Self {
        Self { rtmp_url: Default::default(), is_internal_line: true }
    }
}

/// How a published stream is encoded.
///
/// `TRTCStreamEncoderParam` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StreamEncoderParam {
    /// Pixels across.
    pub video_encoded_width: u32,
    /// Pixels down.
    pub video_encoded_height: u32,
    /// Frames a second, above 0 and up to 30.
    #[serde(rename = "videoEncodedFPS")]
    pub video_encoded_fps: u32,
    /// Seconds between key frames, 1 to 5.
    #[serde(rename = "videoEncodedGOP")]
    pub video_encoded_gop: u32,
    /// kbit/s for the picture; 0 lets the engine choose.
    pub video_encoded_kbps: u32,
    /// Samples a second: 12000, 16000, 22050, 24000, 32000, 44100 or 48000.
    pub audio_encoded_sample_rate: u32,
    /// 1 or 2.
    pub audio_encoded_channel_num: u32,
    /// kbit/s for the sound, 32 to 192.
    pub audio_encoded_kbps: u32,
    /// 0 AAC-LC, 1 HE-AAC, 2 HE-AAC version 2.
    pub audio_encoded_codec_type: u32,
    /// 0 H.264, 1 H.265.
    pub video_encoded_codec_type: u32,
    /// Enhancement data sent with the picture, as JSON.
    pub video_sei_params: String,
}

/// What sound is recorded where.
///
/// `TRTCAudioRecordingParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AudioRecordingParams {
    /// The file; its ending says the format: `.wav`, `.aac`, `.mp3` or `.ogg`.
    pub file_path: String,
    /// Whose sound.
    pub recording_content: AudioRecordingContent,
    /// Milliseconds after which a new file begins, at least 10000; 0 for one file.
    pub max_duration_per_file: i32,
}

impl Default for AudioRecordingParams {
    fn default() -> Self {
        Self {
            file_path: Default::default(),
            recording_content: AudioRecordingContent::All,
            max_duration_per_file: Default::default(),
        }
    }
}

/// What is recorded where.
///
/// `TRTCLocalRecordingParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalRecordingParams {
    /// The file; its ending says the format: `.mp4` or `.mkv`.
    pub file_path: String,
    /// Sound, pictures or both.
    pub record_type: LocalRecordType,
    /// Milliseconds between two progress events, 1000 to 10000; -1 for none.
    pub interval: i32,
    /// Milliseconds after which a new file begins, at least 10000; 0 for one file.
    pub max_duration_per_file: i32,
}

impl Default for LocalRecordingParams {
    fn default() -> Self {
        Self {
            file_path: Default::default(),
            record_type: LocalRecordType::Both,
            interval: -1,
            max_duration_per_file: Default::default(),
        }
    }
}

/// Who enters which room, and as what.
///
/// `TRTCParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Params {
    /// The application, as the engine's administrator has registered it.
    pub sdk_app_id: u32,
    /// The user: up to 32 bytes of letters, digits, `_` and `-`.
    pub user_id: String,
    /// The proof that the user is who he says, made by your own server.
    pub user_sig: String,
    /// The room by number, 1 to 4294967294; 0 if `strRoomId` is used. The room 123 and the room "123" are two.
    pub room_id: u32,
    /// The room by name, up to 64 bytes; used if `roomId` is 0.
    pub str_room_id: String,
    /// What the user may do in a live room; calls ignore it.
    pub role: RoleType,
    /// A name for the published stream, up to 64 bytes; empty lets the engine choose.
    pub stream_id: String,
    /// A mark for cloud recordings, up to 64 bytes of letters, digits, `_` and `-`.
    pub user_define_record_id: String,
    /// A ticket for the room, needed where the application demands tickets.
    pub private_map_key: String,
    /// Further settings as JSON; empty for none.
    pub business_info: String,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            sdk_app_id: Default::default(),
            user_id: Default::default(),
            user_sig: Default::default(),
            room_id: Default::default(),
            str_room_id: Default::default(),
            role: RoleType::Anchor,
            stream_id: Default::default(),
            user_define_record_id: Default::default(),
            private_map_key: Default::default(),
            business_info: Default::default(),
        }
    }
}

/// The room to go to.
///
/// `TRTCSwitchRoomConfig` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SwitchRoomConfig {
    /// By number, 1 to 4294967294; 0 if `strRoomId` is used.
    pub room_id: u32,
    /// By name, up to 64 bytes; used if `roomId` is 0.
    pub str_room_id: String,
    /// A new proof of the user; empty keeps the present one.
    pub user_sig: String,
    /// A ticket for the new room, needed where the application demands tickets.
    pub private_map_key: String,
}

/// How a screen or window is shared.
///
/// `TRTCScreenCaptureProperty` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScreenCaptureProperty {
    /// Whether the mouse pointer is in the picture.
    pub enable_capture_mouse: bool,
    /// Whether a frame is drawn around what is shared.
    pub enable_high_light: bool,
    /// Whether the graphics card copies the pixels, which may leave out covering windows.
    pub enable_high_performance: bool,
    /// The frame's colour as 0xRRGGBB; 0 for the default, 0xFFE640.
    pub high_light_color: i32,
    /// The frame's width in pixels, up to 50; 0 for the default, 5.
    pub high_light_width: i32,
    /// Whether windows that belong to the shared one are in the picture.
    pub enable_capture_child_window: bool,
}

impl Default for ScreenCaptureProperty {
    fn default() -> Self {
        Self {
            enable_capture_mouse: true,
            enable_high_light: true,
            enable_high_performance: true,
            high_light_color: Default::default(),
            high_light_width: Default::default(),
            enable_capture_child_window: Default::default(),
        }
    }
}

/// The network quality of a user.
///
/// `TRTCQualityInfo` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QualityInfo {
    /// Who; empty for oneself.
    pub user_id: String,
    /// How good.
    pub quality: Quality,
}

impl Default for QualityInfo {
    fn default() -> Self {
        Self { user_id: Default::default(), quality: Quality::Unknown }
    }
}

/// What is measured of a stream one sends.
///
/// `TRTCLocalStatistics` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalStatistics {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub frame_rate: u32,
    /// kbit/s of the picture.
    pub video_bitrate: u32,
    /// Samples a second.
    pub audio_sample_rate: u32,
    /// kbit/s of the sound.
    pub audio_bitrate: u32,
    /// Which stream.
    pub stream_type: VideoStreamType,
    /// 0 the microphone works, 1 a long silence, 2 its sound is broken, 3 its sound breaks off.
    pub audio_capture_state: u32,
}

impl Default for LocalStatistics {
    fn default() -> Self {
        Self {
            width: Default::default(),
            height: Default::default(),
            frame_rate: Default::default(),
            video_bitrate: Default::default(),
            audio_sample_rate: Default::default(),
            audio_bitrate: Default::default(),
            stream_type: VideoStreamType::Big,
            audio_capture_state: Default::default(),
        }
    }
}

/// What is measured of a stream one receives.
///
/// `TRTCRemoteStatistics` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RemoteStatistics {
    /// Whose.
    pub user_id: String,
    /// Sound packets lost, percent.
    pub audio_packet_loss: u32,
    /// Picture packets lost, percent.
    pub video_packet_loss: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub frame_rate: u32,
    /// kbit/s of the picture.
    pub video_bitrate: u32,
    /// Samples a second.
    pub audio_sample_rate: u32,
    /// kbit/s of the sound.
    pub audio_bitrate: u32,
    /// Milliseconds that sound waits before it is played.
    pub jitter_buffer_delay: u32,
    /// Milliseconds from the sender's microphone to the own speaker.
    pub point2_point_delay: u32,
    /// Milliseconds in all during which sound was missing.
    pub audio_total_block_time: u32,
    /// Percent of time during which sound was missing.
    pub audio_block_rate: u32,
    /// Milliseconds in all during which the picture stood still.
    pub video_total_block_time: u32,
    /// Percent of time during which the picture stood still.
    pub video_block_rate: u32,
    /// Packets lost after all repair, percent. Deprecated: `audioPacketLoss` and `videoPacketLoss` say more.
    pub final_loss: u32,
    /// Packets lost between the sender and the engine, percent.
    pub remote_network_uplink_loss: u32,
    /// Round trip between the sender and the engine in ms.
    #[serde(rename = "remoteNetworkRTT")]
    pub remote_network_rtt: u32,
    /// Which stream.
    pub stream_type: VideoStreamType,
}

impl Default for RemoteStatistics {
    fn default() -> Self {
        Self {
            user_id: Default::default(),
            audio_packet_loss: Default::default(),
            video_packet_loss: Default::default(),
            width: Default::default(),
            height: Default::default(),
            frame_rate: Default::default(),
            video_bitrate: Default::default(),
            audio_sample_rate: Default::default(),
            audio_bitrate: Default::default(),
            jitter_buffer_delay: Default::default(),
            point2_point_delay: Default::default(),
            audio_total_block_time: Default::default(),
            audio_block_rate: Default::default(),
            video_total_block_time: Default::default(),
            video_block_rate: Default::default(),
            final_loss: Default::default(),
            remote_network_uplink_loss: Default::default(),
            remote_network_rtt: Default::default(),
            stream_type: VideoStreamType::Big,
        }
    }
}

/// A rectangle in pixels.
///
/// `RECT` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rect {
    /// Its left edge.
    pub left: i32,
    /// Its upper edge.
    pub top: i32,
    /// Its right edge, which is outside.
    pub right: i32,
    /// Its lower edge, which is outside.
    pub bottom: i32,
}

/// A width and a height in pixels.
///
/// `SIZE` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Size {
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
}

/// How a picture is encoded.
///
/// `TRTCVideoEncParam` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoEncParam {
    /// Its size.
    pub video_resolution: VideoResolution,
    /// Whether it lies or stands.
    pub res_mode: VideoResolutionMode,
    /// Frames a second, 1 to 30; 15 is enough for faces.
    pub video_fps: u32,
    /// The most it may need, in kbit/s.
    pub video_bitrate: u32,
    /// The least it may be given, in kbit/s; 0 lets the engine choose.
    pub min_video_bitrate: u32,
    /// Whether the size may shrink on a bad network.
    pub enable_adjust_res: bool,
}

impl Default for VideoEncParam {
    fn default() -> Self {
        Self {
            video_resolution: VideoResolution::R640x360,
            res_mode: VideoResolutionMode::Landscape,
            video_fps: 15,
            video_bitrate: 550,
            min_video_bitrate: Default::default(),
            enable_adjust_res: Default::default(),
        }
    }
}

/// How to react to a bad network.
///
/// `TRTCNetworkQosParam` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkQosParam {
    /// What is given up first.
    pub preference: VideoQosPreference,
    /// Who decides.
    pub control_mode: QosControlMode,
}

impl Default for NetworkQosParam {
    fn default() -> Self {
        Self { preference: VideoQosPreference::Clear, control_mode: QosControlMode::Server }
    }
}

/// How a picture is shown.
///
/// `TRTCRenderParams` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RenderParams {
    /// A turn, clockwise.
    pub rotation: VideoRotation,
    /// How it fits its view.
    pub fill_mode: VideoFillMode,
    /// Whether it is mirrored.
    pub mirror_type: VideoMirrorType,
}

impl Default for RenderParams {
    fn default() -> Self {
        Self { rotation: VideoRotation::Clockwise0, fill_mode: VideoFillMode::Fit, mirror_type: VideoMirrorType::Disable }
    }
}

/// The place of a user in a mixed stream (old mixing interface).
///
/// `TRTCMixUser` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MixUser {
    /// Who.
    pub user_id: String,
    /// The user's room by name, if it is another one.
    pub room_id: String,
    /// The place in pixels.
    pub rect: Rect,
    /// The layer, 1 to 15; higher covers lower. No two are the same.
    pub z_order: i32,
    /// Which stream.
    pub stream_type: VideoStreamType,
    /// Whether only the sound is mixed.
    pub pure_audio: bool,
    /// What is mixed.
    pub input_type: MixInputType,
    /// How the picture fits: 0 cut, 1 stretched, 2 with bars.
    pub render_mode: u32,
    /// How loud, 0 to 100.
    pub sound_level: u32,
    /// The address of an image in place of the picture.
    pub image: String,
}

impl Default for MixUser {
    fn default() -> Self {
        Self {
            user_id: Default::default(),
            room_id: Default::default(),
            rect: Default::default(),
            z_order: Default::default(),
            stream_type: VideoStreamType::Big,
            pure_audio: Default::default(),
            input_type: MixInputType::Undefined,
            render_mode: Default::default(),
            sound_level: 100,
            image: Default::default(),
        }
    }
}

/// What is published where.
///
/// `TRTCPublishTarget` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishTarget {
    /// Which of the four ways.
    pub mode: PublishMode,
    /// Addresses, at most ten.
    pub cdn_url_list: Vec<PublishCdnUrl>,
    /// The robot and its room, when a mix goes to a room.
    pub mix_stream_identity: Option<User>,
}

impl Default for PublishTarget {
    fn default() -> Self {
        Self { mode: PublishMode::Unknown, cdn_url_list: Default::default(), mix_stream_identity: Default::default() }
    }
}

/// A place in a mixed picture.
///
/// `TRTCVideoLayout` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoLayout {
    /// In pixels.
    pub rect: Rect,
    /// The layer, 0 to 15; higher covers lower. No two are the same.
    pub z_order: i32,
    /// How a picture fits the place.
    pub fill_mode: VideoFillMode,
    /// The colour of the place as 0xRRGGBB.
    pub background_color: u32,
    /// The address of an image shown while the place is empty.
    pub place_holder_image: String,
    /// Who is shown here; null lets the engine fill the place.
    pub fixed_video_user: Option<User>,
    /// Which stream.
    pub fixed_video_stream_type: VideoStreamType,
}

impl Default for VideoLayout {
    fn default() -> Self {
        Self {
            rect: Default::default(),
            z_order: Default::default(),
            fill_mode: VideoFillMode::Fill,
            background_color: Default::default(),
            place_holder_image: Default::default(),
            fixed_video_user: Default::default(),
            fixed_video_stream_type: VideoStreamType::Big,
        }
    }
}

/// An image over a mixed picture.
///
/// `TRTCWatermark` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Watermark {
    /// Its address, up to 512 bytes; the image up to 2 MB.
    pub watermark_url: String,
    /// The place in pixels.
    pub rect: Rect,
    /// The layer, 0 to 15.
    pub z_order: i32,
}

/// A screen or window that can be shared.
///
/// `TRTCScreenCaptureSourceInfo` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScreenCaptureSourceInfo {
    /// Which of them.
    #[serde(rename = "type")]
    pub kind: ScreenCaptureSourceType,
    /// The window or screen, by the number the system gave it.
    pub source_id: u64,
    /// Its title.
    pub source_name: String,
    /// Whether the window is minimised, and so cannot be captured now.
    pub is_minimize_window: bool,
    /// Whether it is the main screen.
    pub is_main_screen: bool,
    /// Its left edge on the desktop, in pixels.
    pub x: i32,
    /// Its upper edge on the desktop, in pixels.
    pub y: i32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Default for ScreenCaptureSourceInfo {
    fn default() -> Self {
        Self {
            kind: ScreenCaptureSourceType::Unknown,
            source_id: Default::default(),
            source_name: Default::default(),
            is_minimize_window: Default::default(),
            is_main_screen: Default::default(),
            x: Default::default(),
            y: Default::default(),
            width: Default::default(),
            height: Default::default(),
        }
    }
}

/// What is measured, every two seconds.
///
/// `TRTCStatistics` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Statistics {
    /// The program's share of the processor, percent.
    pub app_cpu: u32,
    /// Everybody's share of the processor, percent.
    pub system_cpu: u32,
    /// Memory of the machine in MB.
    #[serde(rename = "systemMemoryInMB")]
    pub system_memory_in_mb: u32,
    /// Memory that is used in MB.
    #[serde(rename = "systemMemoryUsageInMB")]
    pub system_memory_usage_in_mb: u32,
    /// Memory that the program uses in MB.
    #[serde(rename = "appMemoryUsageInMB")]
    pub app_memory_usage_in_mb: u32,
    /// Packets lost towards the engine, percent.
    pub up_loss: u32,
    /// Packets lost from the engine, percent.
    pub down_loss: u32,
    /// Round trip to the engine in ms.
    pub rtt: u32,
    /// Round trip to the router in ms.
    pub gateway_rtt: u32,
    /// Bytes sent since the room was entered.
    pub sent_bytes: u64,
    /// Bytes received since the room was entered.
    pub received_bytes: u64,
    /// The streams one sends.
    pub local_statistics_array: Vec<LocalStatistics>,
    /// The streams one receives.
    pub remote_statistics_array: Vec<RemoteStatistics>,
}

/// A mixed stream (old mixing interface).
///
/// `TRTCTranscodingConfig` in C++.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TranscodingConfig {
    /// How the layout is chosen.
    pub mode: TranscodingConfigMode,
    /// Of the CDN account.
    pub app_id: u32,
    /// Of the CDN account.
    pub biz_id: u32,
    /// Pixels across; with a height of 0 there is no picture.
    pub video_width: u32,
    /// Pixels down; with a width of 0 there is no picture.
    pub video_height: u32,
    /// kbit/s; 0 lets the engine choose.
    pub video_bitrate: u32,
    /// Frames a second, above 0 and up to 30.
    pub video_framerate: u32,
    /// Seconds between key frames, 1 to 8.
    #[serde(rename = "videoGOP")]
    pub video_gop: u32,
    /// Colour behind the pictures as 0xRRGGBB.
    pub background_color: u32,
    /// The address of an image behind the pictures.
    pub background_image: String,
    /// Samples a second: 12000, 16000, 22050, 24000, 32000, 44100 or 48000.
    pub audio_sample_rate: u32,
    /// kbit/s, 32 to 192.
    pub audio_bitrate: u32,
    /// 1 or 2.
    pub audio_channels: u32,
    /// 0 AAC-LC, 1 HE-AAC, 2 HE-AAC version 2.
    pub audio_codec: u32,
    /// The places of users.
    pub mix_users_array: Vec<MixUser>,
    /// A name for the result; empty puts it in place of the own stream.
    pub stream_id: String,
    /// Enhancement data sent with the picture, as JSON.
    pub video_sei_params: String,
}

impl Default for TranscodingConfig {
    fn default() -> Self {
        Self {
            mode: TranscodingConfigMode::Unknown,
            app_id: Default::default(),
            biz_id: Default::default(),
            video_width: Default::default(),
            video_height: Default::default(),
            video_bitrate: Default::default(),
            video_framerate: 15,
            video_gop: 2,
            background_color: Default::default(),
            background_image: Default::default(),
            audio_sample_rate: 48000,
            audio_bitrate: 64,
            audio_channels: 1,
            audio_codec: Default::default(),
            mix_users_array: Default::default(),
            stream_id: Default::default(),
            video_sei_params: Default::default(),
        }
    }
}

/// How a mixed stream looks and sounds.
///
/// `TRTCStreamMixingConfig` in C++.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StreamMixingConfig {
    /// Colour behind the pictures as 0xRRGGBB.
    pub background_color: u32,
    /// The address of an image behind the pictures, up to 512 bytes; the image up to 2 MB.
    pub background_image: String,
    /// The places of pictures.
    pub video_layout_list: Vec<VideoLayout>,
    /// Who is heard; empty for everybody who speaks.
    pub audio_mix_user_list: Vec<User>,
    /// Images over the pictures.
    pub watermark_list: Vec<Watermark>,
}
