// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! The enums of the API. They travel as their numbers.

use serde::{Deserialize, Serialize};

use crate::UnknownValue;

/// What the own sound is optimised for.
///
/// `TRTCAudioQuality` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AudioQuality {
    /// Speech on bad networks: 16 kHz, mono, 16 kbit/s, echo and noise strongly reduced.
    ///
    /// `TRTCAudioQualitySpeech` in C++.
    Speech = 1,
    /// The default: 48 kHz, mono, 50 kbit/s, processed mildly.
    ///
    /// `TRTCAudioQualityDefault` in C++.
    Default = 2,
    /// Music: 48 kHz, stereo, 128 kbit/s, processed as little as possible.
    ///
    /// `TRTCAudioQualityMusic` in C++.
    Music = 3,
}

impl From<AudioQuality> for i32 {
    fn from(value: AudioQuality) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AudioQuality {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            1 => Self::Speech,
            2 => Self::Default,
            3 => Self::Music,
            _ => return Err(UnknownValue { of: "TRTCAudioQuality", value }),
        })
    }
}

/// Where sound is played.
///
/// `TRTCAudioRoute` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AudioRoute {
    /// Not known.
    ///
    /// `TRTCAudioModeUnknown` in C++.
    Unknown = -1,
    /// The loudspeaker.
    ///
    /// `TRTCAudioModeSpeakerphone` in C++.
    Speakerphone = 0,
    /// The earpiece of a phone.
    ///
    /// `TRTCAudioModeEarpiece` in C++.
    Earpiece = 1,
    /// A headset on a cable.
    ///
    /// `TRTCAudioModeWiredHeadset` in C++.
    WiredHeadset = 2,
    /// A headset on Bluetooth.
    ///
    /// `TRTCAudioModeBluetoothHeadset` in C++.
    BluetoothHeadset = 3,
    /// An external sound card.
    ///
    /// `TRTCAudioModeSoundCard` in C++.
    SoundCard = 4,
}

impl From<AudioRoute> for i32 {
    fn from(value: AudioRoute) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AudioRoute {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            -1 => Self::Unknown,
            0 => Self::Speakerphone,
            1 => Self::Earpiece,
            2 => Self::WiredHeadset,
            3 => Self::BluetoothHeadset,
            4 => Self::SoundCard,
            _ => return Err(UnknownValue { of: "TRTCAudioRoute", value }),
        })
    }
}

/// How skin is smoothed.
///
/// `TRTCBeautyStyle` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum BeautyStyle {
    /// Strongly, as for a stage.
    ///
    /// `TRTCBeautyStyleSmooth` in C++.
    Smooth = 0,
    /// Gently, with details kept.
    ///
    /// `TRTCBeautyStyleNature` in C++.
    Nature = 1,
}

impl From<BeautyStyle> for i32 {
    fn from(value: BeautyStyle) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for BeautyStyle {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Smooth,
            1 => Self::Nature,
            _ => return Err(UnknownValue { of: "TRTCBeautyStyle", value }),
        })
    }
}

/// What the data of a watermark are.
///
/// `TRTCWaterMarkSrcType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum WaterMarkSrcType {
    /// The path of an image file: BMP, GIF, JPEG or PNG, up to 16 MB and 4096 pixels a side.
    ///
    /// `TRTCWaterMarkSrcTypeFile` in C++.
    File = 0,
    /// Pixels of four bytes: blue, green, red, alpha.
    ///
    /// `TRTCWaterMarkSrcTypeBGRA32` in C++.
    Bgra32 = 1,
    /// Pixels of four bytes: red, green, blue, alpha.
    ///
    /// `TRTCWaterMarkSrcTypeRGBA32` in C++.
    Rgba32 = 2,
}

impl From<WaterMarkSrcType> for i32 {
    fn from(value: WaterMarkSrcType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for WaterMarkSrcType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::File,
            1 => Self::Bgra32,
            2 => Self::Rgba32,
            _ => return Err(UnknownValue { of: "TRTCWaterMarkSrcType", value }),
        })
    }
}

/// How the pixels of a frame lie in memory.
///
/// `TRTCVideoPixelFormat` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoPixelFormat {
    /// Not said.
    ///
    /// `TRTCVideoPixelFormat_Unknown` in C++.
    Unknown = 0,
    /// YUV 4:2:0 in three planes.
    ///
    /// `TRTCVideoPixelFormat_I420` in C++.
    I420 = 1,
    /// An OpenGL texture.
    ///
    /// `TRTCVideoPixelFormat_Texture_2D` in C++.
    Texture2D = 2,
    /// Four bytes a pixel: blue, green, red, alpha.
    ///
    /// `TRTCVideoPixelFormat_BGRA32` in C++.
    Bgra32 = 3,
    /// YUV 4:2:0 with V and U interleaved.
    ///
    /// `TRTCVideoPixelFormat_NV21` in C++.
    Nv21 = 4,
    /// Four bytes a pixel: red, green, blue, alpha.
    ///
    /// `TRTCVideoPixelFormat_RGBA32` in C++.
    Rgba32 = 5,
}

impl From<VideoPixelFormat> for i32 {
    fn from(value: VideoPixelFormat) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoPixelFormat {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Unknown,
            1 => Self::I420,
            2 => Self::Texture2D,
            3 => Self::Bgra32,
            4 => Self::Nv21,
            5 => Self::Rgba32,
            _ => return Err(UnknownValue { of: "TRTCVideoPixelFormat", value }),
        })
    }
}

/// In what kind of memory a frame lies.
///
/// `TRTCVideoBufferType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoBufferType {
    /// Not said.
    ///
    /// `TRTCVideoBufferType_Unknown` in C++.
    Unknown = 0,
    /// Plain memory.
    ///
    /// `TRTCVideoBufferType_Buffer` in C++.
    Buffer = 1,
    /// An OpenGL texture.
    ///
    /// `TRTCVideoBufferType_Texture` in C++.
    Texture = 3,
    /// A Direct3D 11 texture.
    ///
    /// `TRTCVideoBufferType_TextureD3D11` in C++.
    TextureD3D11 = 4,
}

impl From<VideoBufferType> for i32 {
    fn from(value: VideoBufferType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoBufferType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Unknown,
            1 => Self::Buffer,
            3 => Self::Texture,
            4 => Self::TextureD3D11,
            _ => return Err(UnknownValue { of: "TRTCVideoBufferType", value }),
        })
    }
}

/// How the samples of an audio frame lie in memory.
///
/// `TRTCAudioFrameFormat` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AudioFrameFormat {
    /// Not said.
    ///
    /// `TRTCAudioFrameFormatNone` in C++.
    None = 0,
    /// Signed 16-bit samples, channels interleaved.
    ///
    /// `TRTCAudioFrameFormatPCM` in C++.
    Pcm = 1,
}

impl From<AudioFrameFormat> for i32 {
    fn from(value: AudioFrameFormat) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AudioFrameFormat {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::None,
            1 => Self::Pcm,
            _ => return Err(UnknownValue { of: "TRTCAudioFrameFormat", value }),
        })
    }
}

/// Whether a callback may change the frames it gets.
///
/// `TRTCAudioFrameOperationMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AudioFrameOperationMode {
    /// It may; what it leaves is used.
    ///
    /// `TRTCAudioFrameOperationModeReadWrite` in C++.
    ReadWrite = 0,
    /// It only listens, which costs less.
    ///
    /// `TRTCAudioFrameOperationModeReadOnly` in C++.
    ReadOnly = 1,
}

impl From<AudioFrameOperationMode> for i32 {
    fn from(value: AudioFrameOperationMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AudioFrameOperationMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::ReadWrite,
            1 => Self::ReadOnly,
            _ => return Err(UnknownValue { of: "TRTCAudioFrameOperationMode", value }),
        })
    }
}

/// How much is logged: this level and those above it.
///
/// `TRTCLogLevel` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum LogLevel {
    /// Everything.
    ///
    /// `TRTCLogLevelVerbose` in C++.
    Verbose = 0,
    /// What helps to find a fault.
    ///
    /// `TRTCLogLevelDebug` in C++.
    Debug = 1,
    /// The course of things.
    ///
    /// `TRTCLogLevelInfo` in C++.
    Info = 2,
    /// What is wrong but survived.
    ///
    /// `TRTCLogLevelWarn` in C++.
    Warn = 3,
    /// What failed.
    ///
    /// `TRTCLogLevelError` in C++.
    Error = 4,
    /// What ends the program.
    ///
    /// `TRTCLogLevelFatal` in C++.
    Fatal = 5,
    /// Nothing; the default.
    ///
    /// `TRTCLogLevelNone` in C++.
    None = 6,
}

impl From<LogLevel> for i32 {
    fn from(value: LogLevel) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for LogLevel {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Verbose,
            1 => Self::Debug,
            2 => Self::Info,
            3 => Self::Warn,
            4 => Self::Error,
            5 => Self::Fatal,
            6 => Self::None,
            _ => return Err(UnknownValue { of: "TRTCLogLevel", value }),
        })
    }
}

/// Which volume of a phone the volume keys change.
///
/// `TXSystemVolumeType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum SystemVolumeType {
    /// That of calls while the microphone is open, else that of media.
    ///
    /// `TXSystemVolumeTypeAuto` in C++.
    Auto = 0,
    /// That of media.
    ///
    /// `TXSystemVolumeTypeMedia` in C++.
    Media = 1,
    /// That of calls.
    ///
    /// `TXSystemVolumeTypeVOIP` in C++.
    Voip = 2,
}

impl From<SystemVolumeType> for i32 {
    fn from(value: SystemVolumeType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for SystemVolumeType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Auto,
            1 => Self::Media,
            2 => Self::Voip,
            _ => return Err(UnknownValue { of: "TXSystemVolumeType", value }),
        })
    }
}

/// Where a phone plays sound.
///
/// `TXAudioRoute` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum DeviceAudioRoute {
    /// The loudspeaker.
    ///
    /// `TXAudioRouteSpeakerphone` in C++.
    Speakerphone = 0,
    /// The earpiece.
    ///
    /// `TXAudioRouteEarpiece` in C++.
    Earpiece = 1,
}

impl From<DeviceAudioRoute> for i32 {
    fn from(value: DeviceAudioRoute) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for DeviceAudioRoute {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Speakerphone,
            1 => Self::Earpiece,
            _ => return Err(UnknownValue { of: "TXAudioRoute", value }),
        })
    }
}

/// A kind of device.
///
/// `TXMediaDeviceType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum MediaDeviceType {
    /// Not known.
    ///
    /// `TXMediaDeviceTypeUnknown` in C++.
    Unknown = -1,
    /// Microphones.
    ///
    /// `TXMediaDeviceTypeMic` in C++.
    Mic = 0,
    /// Speakers.
    ///
    /// `TXMediaDeviceTypeSpeaker` in C++.
    Speaker = 1,
    /// Cameras.
    ///
    /// `TXMediaDeviceTypeCamera` in C++.
    Camera = 2,
}

impl From<MediaDeviceType> for i32 {
    fn from(value: MediaDeviceType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for MediaDeviceType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            -1 => Self::Unknown,
            0 => Self::Mic,
            1 => Self::Speaker,
            2 => Self::Camera,
            _ => return Err(UnknownValue { of: "TXMediaDeviceType", value }),
        })
    }
}

/// What happened to a device.
///
/// `TXMediaDeviceState` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum MediaDeviceState {
    /// It was plugged in.
    ///
    /// `TXMediaDeviceStateAdd` in C++.
    Added = 0,
    /// It was taken away.
    ///
    /// `TXMediaDeviceStateRemove` in C++.
    Removed = 1,
    /// It is used now.
    ///
    /// `TXMediaDeviceStateActive` in C++.
    Active = 2,
    /// It is the system's default now.
    ///
    /// `TXMediaDefaultDeviceChanged` in C++.
    DefaultChanged = 3,
}

impl From<MediaDeviceState> for i32 {
    fn from(value: MediaDeviceState) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for MediaDeviceState {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Added,
            1 => Self::Removed,
            2 => Self::Active,
            3 => Self::DefaultChanged,
            _ => return Err(UnknownValue { of: "TXMediaDeviceState", value }),
        })
    }
}

/// How the size of the camera's picture is chosen.
///
/// `TXCameraCaptureMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum CameraCaptureMode {
    /// To fit the encoder.
    ///
    /// `TXCameraResolutionStrategyAuto` in C++.
    Auto = 0,
    /// As small as the encoder allows, to save power.
    ///
    /// `TXCameraResolutionStrategyPerformance` in C++.
    Performance = 1,
    /// Larger than the encoder needs, for a better preview.
    ///
    /// `TXCameraResolutionStrategyHighQuality` in C++.
    HighQuality = 2,
    /// By width and height.
    ///
    /// `TXCameraCaptureManual` in C++.
    Manual = 3,
}

impl From<CameraCaptureMode> for i32 {
    fn from(value: CameraCaptureMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for CameraCaptureMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Auto,
            1 => Self::Performance,
            2 => Self::HighQuality,
            3 => Self::Manual,
            _ => return Err(UnknownValue { of: "TXCameraCaptureMode", value }),
        })
    }
}

/// How payloads are encrypted from end to end.
///
/// `TRTCEncryptionAlgorithm` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum EncryptionAlgorithm {
    /// AES with a 16-byte key in Galois/Counter mode.
    ///
    /// `TRTCEncryptionAlgorithmAes128Gcm` in C++.
    Aes128Gcm = 0,
    /// AES with a 32-byte key in Galois/Counter mode.
    ///
    /// `TRTCEncryptionAlgorithmAes256Gcm` in C++.
    Aes256Gcm = 1,
}

impl From<EncryptionAlgorithm> for i32 {
    fn from(value: EncryptionAlgorithm) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for EncryptionAlgorithm {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Aes128Gcm,
            1 => Self::Aes256Gcm,
            _ => return Err(UnknownValue { of: "TRTCEncryptionAlgorithm", value }),
        })
    }
}

/// What is mixed in.
///
/// `LocalMediaTranscodingSourceType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum LocalMediaTranscodingSourceType {
    /// A camera.
    ///
    /// `MediaSourceCamera` in C++.
    Camera = 0,
    /// A screen or window.
    ///
    /// `MediaSourceScreen` in C++.
    Screen = 1,
    /// An image file.
    ///
    /// `MediaSourceImage` in C++.
    Image = 2,
    /// Another user's picture.
    ///
    /// `MediaSourceRemoteVideo` in C++.
    RemoteVideo = 3,
}

impl From<LocalMediaTranscodingSourceType> for i32 {
    fn from(value: LocalMediaTranscodingSourceType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for LocalMediaTranscodingSourceType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Camera,
            1 => Self::Screen,
            2 => Self::Image,
            3 => Self::RemoteVideo,
            _ => return Err(UnknownValue { of: "LocalMediaTranscodingSourceType", value }),
        })
    }
}

/// Why local mixing did not begin.
///
/// `LocalMediaTranscodingError` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum LocalMediaTranscodingError {
    /// It did.
    ///
    /// `Success` in C++.
    Success = 0,
    /// No other reason applies.
    ///
    /// `Error` in C++.
    Error = -1,
    /// A parameter is wrong.
    ///
    /// `InvalidParams` in C++.
    InvalidParams = -2,
    /// There is no such source.
    ///
    /// `NotFoundSource` in C++.
    NotFoundSource = -3,
    /// The image could not be read.
    ///
    /// `ImageSourceLoadFailed` in C++.
    ImageSourceLoadFailed = -4,
}

impl From<LocalMediaTranscodingError> for i32 {
    fn from(value: LocalMediaTranscodingError) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for LocalMediaTranscodingError {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Success,
            -1 => Self::Error,
            -2 => Self::InvalidParams,
            -3 => Self::NotFoundSource,
            -4 => Self::ImageSourceLoadFailed,
            _ => return Err(UnknownValue { of: "LocalMediaTranscodingError", value }),
        })
    }
}

/// Why recording a screen did not begin, or ended.
///
/// `TXLiteAVLocalRecordError` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum LocalRecordError {
    /// It went well.
    ///
    /// `ERR_RECORD_SUCCESS` in C++.
    Success = 0,
    /// A parameter is wrong.
    ///
    /// `ERR_RECORD_PARAM_INVALID` in C++.
    ParamInvalid = -1,
    /// A recording runs already.
    ///
    /// `ERR_RECORD_HAS_BEGIN` in C++.
    HasBegin = -2,
    /// The path is wrong.
    ///
    /// `ERR_RECORD_FILE_PATH_INVALID` in C++.
    FilePathInvalid = -3,
    /// The ending of the file is of no known format.
    ///
    /// `ERR_RECORD_FILE_FORMAT_INVALID` in C++.
    FileFormatInvalid = -4,
    /// There is no such window.
    ///
    /// `ERR_RECORD_WINDOW_ID_INVALID` in C++.
    WindowIdInvalid = -5,
    /// There is no such screen.
    ///
    /// `ERR_RECORD_DESKTOP_ID_INVALID` in C++.
    DesktopIdInvalid = -6,
    /// The file could not be made.
    ///
    /// `ERR_CREATE_RECORD_FILE_FAILURE` in C++.
    CreateRecordFileFailure = -7,
    /// The screen could not be captured.
    ///
    /// `ERR_CREATE_RECORD_CAPTURE_FAILED` in C++.
    CreateRecordCaptureFailed = -8,
    /// There is no microphone.
    ///
    /// `ERR_RECORD_NO_MICROPHONE_DEVICE` in C++.
    NoMicrophoneDevice = -9,
    /// There is no speaker.
    ///
    /// `ERR_RECORD_NO_SPEAKER_DEVICE` in C++.
    NoSpeakerDevice = -10,
    /// There is nothing to record.
    ///
    /// `ERR_RECORD_NO_RECORD_TARGET` in C++.
    NoRecordTarget = -11,
    /// The microphone failed.
    ///
    /// `ERROR_RECORD_MICROPHONE_FAILURE` in C++.
    MicrophoneFailure = -12,
    /// The system's sound failed.
    ///
    /// `ERROR_RECORD_SYSTEMAUDIO_FAILURE` in C++.
    SystemaudioFailure = -13,
}

impl From<LocalRecordError> for i32 {
    fn from(value: LocalRecordError) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for LocalRecordError {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Success,
            -1 => Self::ParamInvalid,
            -2 => Self::HasBegin,
            -3 => Self::FilePathInvalid,
            -4 => Self::FileFormatInvalid,
            -5 => Self::WindowIdInvalid,
            -6 => Self::DesktopIdInvalid,
            -7 => Self::CreateRecordFileFailure,
            -8 => Self::CreateRecordCaptureFailed,
            -9 => Self::NoMicrophoneDevice,
            -10 => Self::NoSpeakerDevice,
            -11 => Self::NoRecordTarget,
            -12 => Self::MicrophoneFailure,
            -13 => Self::SystemaudioFailure,
            _ => return Err(UnknownValue { of: "TXLiteAVLocalRecordError", value }),
        })
    }
}

/// A room or an effect put around the own voice.
///
/// `TXVoiceReverbType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VoiceReverbType {
    /// None.
    ///
    /// `TXLiveVoiceReverbType_0` in C++.
    Off = 0,
    /// A karaoke room.
    ///
    /// `TXLiveVoiceReverbType_1` in C++.
    Ktv = 1,
    /// A small room.
    ///
    /// `TXLiveVoiceReverbType_2` in C++.
    SmallRoom = 2,
    /// A hall.
    ///
    /// `TXLiveVoiceReverbType_3` in C++.
    Hall = 3,
    /// A deep voice.
    ///
    /// `TXLiveVoiceReverbType_4` in C++.
    Deep = 4,
    /// A loud voice.
    ///
    /// `TXLiveVoiceReverbType_5` in C++.
    Loud = 5,
    /// A metallic voice.
    ///
    /// `TXLiveVoiceReverbType_6` in C++.
    Metallic = 6,
    /// A magnetic voice.
    ///
    /// `TXLiveVoiceReverbType_7` in C++.
    Magnetic = 7,
    /// An ethereal voice.
    ///
    /// `TXLiveVoiceReverbType_8` in C++.
    Ethereal = 8,
    /// A recording studio.
    ///
    /// `TXLiveVoiceReverbType_9` in C++.
    Studio = 9,
    /// A melodious voice.
    ///
    /// `TXLiveVoiceReverbType_10` in C++.
    Melodious = 10,
    /// Another recording studio.
    ///
    /// `TXLiveVoiceReverbType_11` in C++.
    SecondStudio = 11,
}

impl From<VoiceReverbType> for i32 {
    fn from(value: VoiceReverbType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VoiceReverbType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Off,
            1 => Self::Ktv,
            2 => Self::SmallRoom,
            3 => Self::Hall,
            4 => Self::Deep,
            5 => Self::Loud,
            6 => Self::Metallic,
            7 => Self::Magnetic,
            8 => Self::Ethereal,
            9 => Self::Studio,
            10 => Self::Melodious,
            11 => Self::SecondStudio,
            _ => return Err(UnknownValue { of: "TXVoiceReverbType", value }),
        })
    }
}

/// A voice put in the place of the own.
///
/// `TXVoiceChangerType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VoiceChangerType {
    /// The own.
    ///
    /// `TXVoiceChangerType_0` in C++.
    Off = 0,
    /// A naughty child.
    ///
    /// `TXVoiceChangerType_1` in C++.
    NaughtyChild = 1,
    /// A little girl.
    ///
    /// `TXVoiceChangerType_2` in C++.
    LittleGirl = 2,
    /// A middle-aged man.
    ///
    /// `TXVoiceChangerType_3` in C++.
    Uncle = 3,
    /// Heavy metal.
    ///
    /// `TXVoiceChangerType_4` in C++.
    HeavyMetal = 4,
    /// Somebody with a cold.
    ///
    /// `TXVoiceChangerType_5` in C++.
    Cold = 5,
    /// A foreign accent.
    ///
    /// `TXVoiceChangerType_6` in C++.
    ForeignAccent = 6,
    /// A trapped beast.
    ///
    /// `TXVoiceChangerType_7` in C++.
    TrappedBeast = 7,
    /// A nerd.
    ///
    /// `TXVoiceChangerType_8` in C++.
    Otaku = 8,
    /// Strong current.
    ///
    /// `TXVoiceChangerType_9` in C++.
    StrongCurrent = 9,
    /// Heavy machinery.
    ///
    /// `TXVoiceChangerType_10` in C++.
    HeavyMachinery = 10,
    /// Ethereal.
    ///
    /// `TXVoiceChangerType_11` in C++.
    Ethereal = 11,
    /// Zhu Bajie of the old novel.
    ///
    /// `TXVoiceChangerType_12` in C++.
    ZhuBajie = 12,
    /// The green giant of the films.
    ///
    /// `TXVoiceChangerType_13` in C++.
    Hulk = 13,
}

impl From<VoiceChangerType> for i32 {
    fn from(value: VoiceChangerType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VoiceChangerType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Off,
            1 => Self::NaughtyChild,
            2 => Self::LittleGirl,
            3 => Self::Uncle,
            4 => Self::HeavyMetal,
            5 => Self::Cold,
            6 => Self::ForeignAccent,
            7 => Self::TrappedBeast,
            8 => Self::Otaku,
            9 => Self::StrongCurrent,
            10 => Self::HeavyMachinery,
            11 => Self::Ethereal,
            12 => Self::ZhuBajie,
            13 => Self::Hulk,
            _ => return Err(UnknownValue { of: "TXVoiceChangerType", value }),
        })
    }
}

/// What a network test measures.
///
/// `TRTCSpeedTestScene` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum SpeedTestScene {
    /// Delay, jitter and loss.
    ///
    /// `TRTCSpeedTestScene_DelayTesting` in C++.
    DelayTesting = 1,
    /// Delay, jitter, loss and bandwidth.
    ///
    /// `TRTCSpeedTestScene_DelayAndBandwidthTesting` in C++.
    DelayAndBandwidthTesting = 2,
    /// What singing together over the network needs.
    ///
    /// `TRTCSpeedTestScene_OnlineChorusTesting` in C++.
    OnlineChorusTesting = 3,
}

impl From<SpeedTestScene> for i32 {
    fn from(value: SpeedTestScene) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for SpeedTestScene {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            1 => Self::DelayTesting,
            2 => Self::DelayAndBandwidthTesting,
            3 => Self::OnlineChorusTesting,
            _ => return Err(UnknownValue { of: "TRTCSpeedTestScene", value }),
        })
    }
}

/// How the layout of a mixed stream is chosen (old mixing interface).
///
/// `TRTCTranscodingConfigMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum TranscodingConfigMode {
    /// Not said.
    ///
    /// `TRTCTranscodingConfigMode_Unknown` in C++.
    Unknown = 0,
    /// The application places every user.
    ///
    /// `TRTCTranscodingConfigMode_Manual` in C++.
    Manual = 1,
    /// Sound only.
    ///
    /// `TRTCTranscodingConfigMode_Template_PureAudio` in C++.
    TemplatePureAudio = 2,
    /// The application gives places with user names to fill in.
    ///
    /// `TRTCTranscodingConfigMode_Template_PresetLayout` in C++.
    TemplatePresetLayout = 3,
    /// A shared screen with the presenter's voice.
    ///
    /// `TRTCTranscodingConfigMode_Template_ScreenSharing` in C++.
    TemplateScreenSharing = 4,
}

impl From<TranscodingConfigMode> for i32 {
    fn from(value: TranscodingConfigMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for TranscodingConfigMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Unknown,
            1 => Self::Manual,
            2 => Self::TemplatePureAudio,
            3 => Self::TemplatePresetLayout,
            4 => Self::TemplateScreenSharing,
            _ => return Err(UnknownValue { of: "TRTCTranscodingConfigMode", value }),
        })
    }
}

/// What of a user goes into a mixed stream.
///
/// `TRTCMixInputType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum MixInputType {
    /// As the field for pure audio says.
    ///
    /// `TRTCMixInputTypeUndefined` in C++.
    Undefined = 0,
    /// Sound and picture.
    ///
    /// `TRTCMixInputTypeAudioVideo` in C++.
    AudioVideo = 1,
    /// The picture.
    ///
    /// `TRTCMixInputTypePureVideo` in C++.
    PureVideo = 2,
    /// The sound.
    ///
    /// `TRTCMixInputTypePureAudio` in C++.
    PureAudio = 3,
    /// An image from an address.
    ///
    /// `TRTCMixInputTypeWatermark` in C++.
    Watermark = 4,
}

impl From<MixInputType> for i32 {
    fn from(value: MixInputType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for MixInputType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Undefined,
            1 => Self::AudioVideo,
            2 => Self::PureVideo,
            3 => Self::PureAudio,
            4 => Self::Watermark,
            _ => return Err(UnknownValue { of: "TRTCMixInputType", value }),
        })
    }
}

/// What is published where.
///
/// `TRTCPublishMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum PublishMode {
    /// Not said.
    ///
    /// `TRTCPublishModeUnknown` in C++.
    Unknown = 0,
    /// The own camera and sound, to CDN addresses.
    ///
    /// `TRTCPublishBigStreamToCdn` in C++.
    BigStreamToCdn = 1,
    /// The own screen, to CDN addresses.
    ///
    /// `TRTCPublishSubStreamToCdn` in C++.
    SubStreamToCdn = 2,
    /// A mix of several users, to CDN addresses.
    ///
    /// `TRTCPublishMixStreamToCdn` in C++.
    MixStreamToCdn = 3,
    /// A mix of several users, to a room as the stream of a robot.
    ///
    /// `TRTCPublishMixStreamToRoom` in C++.
    MixStreamToRoom = 4,
}

impl From<PublishMode> for i32 {
    fn from(value: PublishMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for PublishMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Unknown,
            1 => Self::BigStreamToCdn,
            2 => Self::SubStreamToCdn,
            3 => Self::MixStreamToCdn,
            4 => Self::MixStreamToRoom,
            _ => return Err(UnknownValue { of: "TRTCPublishMode", value }),
        })
    }
}

/// What is recorded locally.
///
/// `TRTCLocalRecordType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum LocalRecordType {
    /// Sound.
    ///
    /// `TRTCLocalRecordType_Audio` in C++.
    Audio = 0,
    /// Pictures.
    ///
    /// `TRTCLocalRecordType_Video` in C++.
    Video = 1,
    /// Both.
    ///
    /// `TRTCLocalRecordType_Both` in C++.
    Both = 2,
}

impl From<LocalRecordType> for i32 {
    fn from(value: LocalRecordType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for LocalRecordType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Audio,
            1 => Self::Video,
            2 => Self::Both,
            _ => return Err(UnknownValue { of: "TRTCLocalRecordType", value }),
        })
    }
}

/// Whose sound is recorded.
///
/// `TRTCAudioRecordingContent` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AudioRecordingContent {
    /// Everybody's.
    ///
    /// `TRTCAudioRecordingContentAll` in C++.
    All = 0,
    /// The own.
    ///
    /// `TRTCAudioRecordingContentLocal` in C++.
    Local = 1,
    /// The others'.
    ///
    /// `TRTCAudioRecordingContentRemote` in C++.
    Remote = 2,
}

impl From<AudioRecordingContent> for i32 {
    fn from(value: AudioRecordingContent) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AudioRecordingContent {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::All,
            1 => Self::Local,
            2 => Self::Remote,
            _ => return Err(UnknownValue { of: "TRTCAudioRecordingContent", value }),
        })
    }
}

/// What a room is for. Everybody in a room uses the same scene.
///
/// `TRTCAppScene` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AppScene {
    /// A video call: everybody may speak, up to 300 users.
    ///
    /// `TRTCAppSceneVideoCall` in C++.
    VideoCall = 0,
    /// A live show: anchors are seen, the audience watches, up to 100 000 users.
    ///
    /// `TRTCAppSceneLIVE` in C++.
    Live = 1,
    /// A call without pictures: everybody may speak, up to 300 users.
    ///
    /// `TRTCAppSceneAudioCall` in C++.
    AudioCall = 2,
    /// A live show without pictures: anchors are heard, the audience listens.
    ///
    /// `TRTCAppSceneVoiceChatRoom` in C++.
    VoiceChatRoom = 3,
}

impl From<AppScene> for i32 {
    fn from(value: AppScene) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AppScene {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::VideoCall,
            1 => Self::Live,
            2 => Self::AudioCall,
            3 => Self::VoiceChatRoom,
            _ => return Err(UnknownValue { of: "TRTCAppScene", value }),
        })
    }
}

/// What a user may do in a live room. Calls have no roles.
///
/// `TRTCRoleType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum RoleType {
    /// Sends and receives.
    ///
    /// `TRTCRoleAnchor` in C++.
    Anchor = 20,
    /// Receives only, and is not announced to the others.
    ///
    /// `TRTCRoleAudience` in C++.
    Audience = 21,
}

impl From<RoleType> for i32 {
    fn from(value: RoleType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for RoleType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            20 => Self::Anchor,
            21 => Self::Audience,
            _ => return Err(UnknownValue { of: "TRTCRoleType", value }),
        })
    }
}

/// What kind of thing is shared.
///
/// `TRTCScreenCaptureSourceType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum ScreenCaptureSourceType {
    /// Not known.
    ///
    /// `TRTCScreenCaptureSourceTypeUnknown` in C++.
    Unknown = -1,
    /// A window.
    ///
    /// `TRTCScreenCaptureSourceTypeWindow` in C++.
    Window = 0,
    /// A whole screen.
    ///
    /// `TRTCScreenCaptureSourceTypeScreen` in C++.
    Screen = 1,
    /// Pictures made by the application.
    ///
    /// `TRTCScreenCaptureSourceTypeCustom` in C++.
    Custom = 2,
}

impl From<ScreenCaptureSourceType> for i32 {
    fn from(value: ScreenCaptureSourceType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for ScreenCaptureSourceType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            -1 => Self::Unknown,
            0 => Self::Window,
            1 => Self::Screen,
            2 => Self::Custom,
            _ => return Err(UnknownValue { of: "TRTCScreenCaptureSourceType", value }),
        })
    }
}

/// The quality of a network path, as people would feel it.
///
/// `TRTCQuality` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum Quality {
    /// Not measured yet.
    ///
    /// `TRTCQuality_Unknown` in C++.
    Unknown = 0,
    /// Nothing to notice.
    ///
    /// `TRTCQuality_Excellent` in C++.
    Excellent = 1,
    /// Good.
    ///
    /// `TRTCQuality_Good` in C++.
    Good = 2,
    /// Some may notice.
    ///
    /// `TRTCQuality_Poor` in C++.
    Poor = 3,
    /// Everybody notices.
    ///
    /// `TRTCQuality_Bad` in C++.
    Bad = 4,
    /// Hardly usable.
    ///
    /// `TRTCQuality_Vbad` in C++.
    Vbad = 5,
    /// Nothing comes through.
    ///
    /// `TRTCQuality_Down` in C++.
    Down = 6,
}

impl From<Quality> for i32 {
    fn from(value: Quality) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for Quality {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Unknown,
            1 => Self::Excellent,
            2 => Self::Good,
            3 => Self::Poor,
            4 => Self::Bad,
            5 => Self::Vbad,
            6 => Self::Down,
            _ => return Err(UnknownValue { of: "TRTCQuality", value }),
        })
    }
}

/// Size of an encoded picture in landscape; portrait mode swaps the sides. Square, 4:3 and 16:9.
///
/// `TRTCVideoResolution` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoResolution {
    /// 120 × 120, 1:1; about 80 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_120_120` in C++.
    R120x120 = 1,
    /// 160 × 160, 1:1; about 100 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_160_160` in C++.
    R160x160 = 3,
    /// 270 × 270, 1:1; about 200 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_270_270` in C++.
    R270x270 = 5,
    /// 480 × 480, 1:1; about 350 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_480_480` in C++.
    R480x480 = 7,
    /// 160 × 120, 4:3; about 100 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_160_120` in C++.
    R160x120 = 50,
    /// 240 × 180, 4:3; about 150 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_240_180` in C++.
    R240x180 = 52,
    /// 280 × 210, 4:3; about 200 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_280_210` in C++.
    R280x210 = 54,
    /// 320 × 240, 4:3; about 250 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_320_240` in C++.
    R320x240 = 56,
    /// 400 × 300, 4:3; about 300 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_400_300` in C++.
    R400x300 = 58,
    /// 480 × 360, 4:3; about 400 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_480_360` in C++.
    R480x360 = 60,
    /// 640 × 480, 4:3; about 600 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_640_480` in C++.
    R640x480 = 62,
    /// 960 × 720, 4:3; about 1000 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_960_720` in C++.
    R960x720 = 64,
    /// 160 × 90, 16:9; about 150 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_160_90` in C++.
    R160x90 = 100,
    /// 256 × 144, 16:9; about 200 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_256_144` in C++.
    R256x144 = 102,
    /// 320 × 180, 16:9; about 250 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_320_180` in C++.
    R320x180 = 104,
    /// 480 × 270, 16:9; about 350 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_480_270` in C++.
    R480x270 = 106,
    /// 640 × 360, 16:9; about 550 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_640_360` in C++.
    R640x360 = 108,
    /// 960 × 540, 16:9; about 850 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_960_540` in C++.
    R960x540 = 110,
    /// 1280 × 720, 16:9; about 1200 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_1280_720` in C++.
    R1280x720 = 112,
    /// 1920 × 1080, 16:9; about 2000 kbit/s at 15 frames a second.
    ///
    /// `TRTCVideoResolution_1920_1080` in C++.
    R1920x1080 = 114,
}

impl From<VideoResolution> for i32 {
    fn from(value: VideoResolution) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoResolution {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            1 => Self::R120x120,
            3 => Self::R160x160,
            5 => Self::R270x270,
            7 => Self::R480x480,
            50 => Self::R160x120,
            52 => Self::R240x180,
            54 => Self::R280x210,
            56 => Self::R320x240,
            58 => Self::R400x300,
            60 => Self::R480x360,
            62 => Self::R640x480,
            64 => Self::R960x720,
            100 => Self::R160x90,
            102 => Self::R256x144,
            104 => Self::R320x180,
            106 => Self::R480x270,
            108 => Self::R640x360,
            110 => Self::R960x540,
            112 => Self::R1280x720,
            114 => Self::R1920x1080,
            _ => return Err(UnknownValue { of: "TRTCVideoResolution", value }),
        })
    }
}

/// Whether a resolution lies or stands.
///
/// `TRTCVideoResolutionMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoResolutionMode {
    /// As it is named, for example 640 × 360.
    ///
    /// `TRTCVideoResolutionModeLandscape` in C++.
    Landscape = 0,
    /// With the sides swapped, for example 360 × 640.
    ///
    /// `TRTCVideoResolutionModePortrait` in C++.
    Portrait = 1,
}

impl From<VideoResolutionMode> for i32 {
    fn from(value: VideoResolutionMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoResolutionMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Landscape,
            1 => Self::Portrait,
            _ => return Err(UnknownValue { of: "TRTCVideoResolutionMode", value }),
        })
    }
}

/// Which of a user's video streams is meant.
///
/// `TRTCVideoStreamType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoStreamType {
    /// The camera in full size.
    ///
    /// `TRTCVideoStreamTypeBig` in C++.
    Big = 0,
    /// The camera in a small size, when its sender makes one.
    ///
    /// `TRTCVideoStreamTypeSmall` in C++.
    Small = 1,
    /// The screen, or a second picture.
    ///
    /// `TRTCVideoStreamTypeSub` in C++.
    Sub = 2,
}

impl From<VideoStreamType> for i32 {
    fn from(value: VideoStreamType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoStreamType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Big,
            1 => Self::Small,
            2 => Self::Sub,
            _ => return Err(UnknownValue { of: "TRTCVideoStreamType", value }),
        })
    }
}

/// How a picture fits a view of another shape.
///
/// `TRTCVideoFillMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoFillMode {
    /// Fill the view and cut off what stands out.
    ///
    /// `TRTCVideoFillMode_Fill` in C++.
    Fill = 0,
    /// Show the whole picture with bars beside it.
    ///
    /// `TRTCVideoFillMode_Fit` in C++.
    Fit = 1,
    /// Stretch the picture to the shape of the view.
    ///
    /// `TRTCVideoFillMode_ScaleFill` in C++.
    ScaleFill = 2,
}

impl From<VideoFillMode> for i32 {
    fn from(value: VideoFillMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoFillMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Fill,
            1 => Self::Fit,
            2 => Self::ScaleFill,
            _ => return Err(UnknownValue { of: "TRTCVideoFillMode", value }),
        })
    }
}

/// A turn, clockwise.
///
/// `TRTCVideoRotation` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoRotation {
    /// Not turned.
    ///
    /// `TRTCVideoRotation0` in C++.
    Clockwise0 = 0,
    /// A quarter turn clockwise.
    ///
    /// `TRTCVideoRotation90` in C++.
    Clockwise90 = 1,
    /// Upside down.
    ///
    /// `TRTCVideoRotation180` in C++.
    Clockwise180 = 2,
    /// Three quarters of a turn clockwise.
    ///
    /// `TRTCVideoRotation270` in C++.
    Clockwise270 = 3,
}

impl From<VideoRotation> for i32 {
    fn from(value: VideoRotation) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoRotation {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Clockwise0,
            1 => Self::Clockwise90,
            2 => Self::Clockwise180,
            3 => Self::Clockwise270,
            _ => return Err(UnknownValue { of: "TRTCVideoRotation", value }),
        })
    }
}

/// Whether a picture is shown as in a mirror.
///
/// `TRTCVideoMirrorType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoMirrorType {
    /// The front camera is mirrored, the other is not.
    ///
    /// `TRTCVideoMirrorType_Auto` in C++.
    Auto = 0,
    /// Always mirrored.
    ///
    /// `TRTCVideoMirrorType_Enable` in C++.
    Enable = 1,
    /// Never mirrored.
    ///
    /// `TRTCVideoMirrorType_Disable` in C++.
    Disable = 2,
}

impl From<VideoMirrorType> for i32 {
    fn from(value: VideoMirrorType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoMirrorType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Auto,
            1 => Self::Enable,
            2 => Self::Disable,
            _ => return Err(UnknownValue { of: "TRTCVideoMirrorType", value }),
        })
    }
}

/// Where a snapshot is taken from.
///
/// `TRTCSnapshotSourceType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum SnapshotSourceType {
    /// The encoded or decoded stream, before it is rendered.
    ///
    /// `TRTCSnapshotSourceTypeStream` in C++.
    Stream = 0,
    /// What is shown, with rotation and mirroring.
    ///
    /// `TRTCSnapshotSourceTypeView` in C++.
    View = 1,
    /// What the camera gives, before anything is done to it.
    ///
    /// `TRTCSnapshotSourceTypeCapture` in C++.
    Capture = 2,
}

impl From<SnapshotSourceType> for i32 {
    fn from(value: SnapshotSourceType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for SnapshotSourceType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Stream,
            1 => Self::View,
            2 => Self::Capture,
            _ => return Err(UnknownValue { of: "TRTCSnapshotSourceType", value }),
        })
    }
}

/// Who decides how to react to a bad network.
///
/// `TRTCQosControlMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum QosControlMode {
    /// The client alone.
    ///
    /// `TRTCQosControlModeClient` in C++.
    Client = 0,
    /// The engine; this is the default and the better choice.
    ///
    /// `TRTCQosControlModeServer` in C++.
    Server = 1,
}

impl From<QosControlMode> for i32 {
    fn from(value: QosControlMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for QosControlMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Client,
            1 => Self::Server,
            _ => return Err(UnknownValue { of: "TRTCQosControlMode", value }),
        })
    }
}

/// What a bad network costs first.
///
/// `TRTCVideoQosPreference` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum VideoQosPreference {
    /// Sharpness goes first; the picture keeps moving.
    ///
    /// `TRTCVideoQosPreferenceSmooth` in C++.
    Smooth = 1,
    /// Motion goes first; the picture stays sharp.
    ///
    /// `TRTCVideoQosPreferenceClear` in C++.
    Clear = 2,
}

impl From<VideoQosPreference> for i32 {
    fn from(value: VideoQosPreference) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for VideoQosPreference {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            1 => Self::Smooth,
            2 => Self::Clear,
            _ => return Err(UnknownValue { of: "TRTCVideoQosPreference", value }),
        })
    }
}

/// Whether a remote stream plays.
///
/// `TRTCAVStatusType` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AVStatusType {
    /// It does not.
    ///
    /// `TRTCAVStatusStopped` in C++.
    Stopped = 0,
    /// It plays.
    ///
    /// `TRTCAVStatusPlaying` in C++.
    Playing = 1,
    /// It waits for data.
    ///
    /// `TRTCAVStatusLoading` in C++.
    Loading = 2,
}

impl From<AVStatusType> for i32 {
    fn from(value: AVStatusType) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AVStatusType {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Stopped,
            1 => Self::Playing,
            2 => Self::Loading,
            _ => return Err(UnknownValue { of: "TRTCAVStatusType", value }),
        })
    }
}

/// Why a remote stream began, stopped or waits.
///
/// `TRTCAVStatusChangeReason` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum AVStatusChangeReason {
    /// No other reason applies.
    ///
    /// `TRTCAVStatusChangeReasonInternal` in C++.
    Internal = 0,
    /// The network does not bring enough.
    ///
    /// `TRTCAVStatusChangeReasonBufferingBegin` in C++.
    BufferingBegin = 1,
    /// The network brings enough again.
    ///
    /// `TRTCAVStatusChangeReasonBufferingEnd` in C++.
    BufferingEnd = 2,
    /// It was started here.
    ///
    /// `TRTCAVStatusChangeReasonLocalStarted` in C++.
    LocalStarted = 3,
    /// It was stopped here.
    ///
    /// `TRTCAVStatusChangeReasonLocalStopped` in C++.
    LocalStopped = 4,
    /// The sender began or unmuted it.
    ///
    /// `TRTCAVStatusChangeReasonRemoteStarted` in C++.
    RemoteStarted = 5,
    /// The sender stopped or muted it.
    ///
    /// `TRTCAVStatusChangeReasonRemoteStopped` in C++.
    RemoteStopped = 6,
}

impl From<AVStatusChangeReason> for i32 {
    fn from(value: AVStatusChangeReason) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for AVStatusChangeReason {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Internal,
            1 => Self::BufferingBegin,
            2 => Self::BufferingEnd,
            3 => Self::LocalStarted,
            4 => Self::LocalStopped,
            5 => Self::RemoteStarted,
            6 => Self::RemoteStopped,
            _ => return Err(UnknownValue { of: "TRTCAVStatusChangeReason", value }),
        })
    }
}

/// How the own picture follows when a phone is turned.
///
/// `TRTCGravitySensorAdaptiveMode` in C++.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[repr(i32)]
pub enum GravitySensorAdaptiveMode {
    /// It does not.
    ///
    /// `TRTCGravitySensorAdaptiveMode_Disable` in C++.
    Disable = 0,
    /// It is turned and cut to the size.
    ///
    /// `TRTCGravitySensorAdaptiveMode_FillByCenterCrop` in C++.
    FillByCenterCrop = 1,
    /// It is turned and gets black bars.
    ///
    /// `TRTCGravitySensorAdaptiveMode_FitWithBlackBorder` in C++.
    FitWithBlackBorder = 2,
}

impl From<GravitySensorAdaptiveMode> for i32 {
    fn from(value: GravitySensorAdaptiveMode) -> Self {
        value as Self
    }
}

impl TryFrom<i32> for GravitySensorAdaptiveMode {
    type Error = UnknownValue;

    fn try_from(value: i32) -> Result<Self, UnknownValue> {
        Ok(match value {
            0 => Self::Disable,
            1 => Self::FillByCenterCrop,
            2 => Self::FitWithBlackBorder,
            _ => return Err(UnknownValue { of: "TRTCGravitySensorAdaptiveMode", value }),
        })
    }
}
