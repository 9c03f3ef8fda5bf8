// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// The types that the other headers speak of.
#ifndef RTC_ENGINE_TRTCTYPEDEF_H_
#define RTC_ENGINE_TRTCTYPEDEF_H_

#include <stdint.h>

#include "TXLiteAVPlatform.h"
#include "ITXDeviceManager.h"

#if RTC_WINDOWS
#include <windows.h>
#endif

namespace liteav {

/// Where pictures are drawn: a window, or a surface of the platform.
#if RTC_WINDOWS
typedef HWND TXView;
using ::RECT;
using ::SIZE;
#else
typedef void *TXView;
#endif

/// What the own sound is optimised for.
enum TRTCAudioQuality {
  /// Speech on bad networks: 16 kHz, mono, 16 kbit/s, echo and noise strongly reduced.
  TRTCAudioQualitySpeech = 1,
  /// The default: 48 kHz, mono, 50 kbit/s, processed mildly.
  TRTCAudioQualityDefault = 2,
  /// Music: 48 kHz, stereo, 128 kbit/s, processed as little as possible.
  TRTCAudioQualityMusic = 3,
};

/// Where sound is played.
enum TRTCAudioRoute {
  /// Not known.
  TRTCAudioModeUnknown = -1,
  /// The loudspeaker.
  TRTCAudioModeSpeakerphone = 0,
  /// The earpiece of a phone.
  TRTCAudioModeEarpiece = 1,
  /// A headset on a cable.
  TRTCAudioModeWiredHeadset = 2,
  /// A headset on Bluetooth.
  TRTCAudioModeBluetoothHeadset = 3,
  /// An external sound card.
  TRTCAudioModeSoundCard = 4,
};

/// How skin is smoothed.
enum TRTCBeautyStyle {
  /// Strongly, as for a stage.
  TRTCBeautyStyleSmooth = 0,
  /// Gently, with details kept.
  TRTCBeautyStyleNature = 1,
};

/// What the data of a watermark are.
enum TRTCWaterMarkSrcType {
  /// The path of an image file: BMP, GIF, JPEG or PNG, up to 16 MB and 4096 pixels a side.
  TRTCWaterMarkSrcTypeFile = 0,
  /// Pixels of four bytes: blue, green, red, alpha.
  TRTCWaterMarkSrcTypeBGRA32 = 1,
  /// Pixels of four bytes: red, green, blue, alpha.
  TRTCWaterMarkSrcTypeRGBA32 = 2,
};

/// How the pixels of a frame lie in memory.
enum TRTCVideoPixelFormat {
  /// Not said.
  TRTCVideoPixelFormat_Unknown = 0,
  /// YUV 4:2:0 in three planes.
  TRTCVideoPixelFormat_I420 = 1,
  /// An OpenGL texture.
  TRTCVideoPixelFormat_Texture_2D = 2,
  /// Four bytes a pixel: blue, green, red, alpha.
  TRTCVideoPixelFormat_BGRA32 = 3,
  /// YUV 4:2:0 with V and U interleaved.
  TRTCVideoPixelFormat_NV21 = 4,
  /// Four bytes a pixel: red, green, blue, alpha.
  TRTCVideoPixelFormat_RGBA32 = 5,
};

/// In what kind of memory a frame lies.
enum TRTCVideoBufferType {
  /// Not said.
  TRTCVideoBufferType_Unknown = 0,
  /// Plain memory.
  TRTCVideoBufferType_Buffer = 1,
  /// An OpenGL texture.
  TRTCVideoBufferType_Texture = 3,
  /// A Direct3D 11 texture.
  TRTCVideoBufferType_TextureD3D11 = 4,
};

/// How the samples of an audio frame lie in memory.
enum TRTCAudioFrameFormat {
  /// Not said.
  TRTCAudioFrameFormatNone = 0,
  /// Signed 16-bit samples, channels interleaved.
  TRTCAudioFrameFormatPCM = 1,
};

/// Whether a callback may change the frames it gets.
enum TRTCAudioFrameOperationMode {
  /// It may; what it leaves is used.
  TRTCAudioFrameOperationModeReadWrite = 0,
  /// It only listens, which costs less.
  TRTCAudioFrameOperationModeReadOnly = 1,
};

/// How much is logged: this level and those above it.
enum TRTCLogLevel {
  /// Everything.
  TRTCLogLevelVerbose = 0,
  /// What helps to find a fault.
  TRTCLogLevelDebug = 1,
  /// The course of things.
  TRTCLogLevelInfo = 2,
  /// What is wrong but survived.
  TRTCLogLevelWarn = 3,
  /// What failed.
  TRTCLogLevelError = 4,
  /// What ends the program.
  TRTCLogLevelFatal = 5,
  /// Nothing; the default.
  TRTCLogLevelNone = 6,
};

/// How payloads are encrypted from end to end.
enum TRTCEncryptionAlgorithm {
  /// AES with a 16-byte key in Galois/Counter mode.
  TRTCEncryptionAlgorithmAes128Gcm = 0,
  /// AES with a 32-byte key in Galois/Counter mode.
  TRTCEncryptionAlgorithmAes256Gcm = 1,
};

/// What a network test measures.
enum TRTCSpeedTestScene {
  /// Delay, jitter and loss.
  TRTCSpeedTestScene_DelayTesting = 1,
  /// Delay, jitter, loss and bandwidth.
  TRTCSpeedTestScene_DelayAndBandwidthTesting = 2,
  /// What singing together over the network needs.
  TRTCSpeedTestScene_OnlineChorusTesting = 3,
};

/// How the layout of a mixed stream is chosen (old mixing interface).
enum TRTCTranscodingConfigMode {
  /// Not said.
  TRTCTranscodingConfigMode_Unknown = 0,
  /// The application places every user.
  TRTCTranscodingConfigMode_Manual = 1,
  /// Sound only.
  TRTCTranscodingConfigMode_Template_PureAudio = 2,
  /// The application gives places with user names to fill in.
  TRTCTranscodingConfigMode_Template_PresetLayout = 3,
  /// A shared screen with the presenter's voice.
  TRTCTranscodingConfigMode_Template_ScreenSharing = 4,
};

/// What of a user goes into a mixed stream.
enum TRTCMixInputType {
  /// As the field for pure audio says.
  TRTCMixInputTypeUndefined = 0,
  /// Sound and picture.
  TRTCMixInputTypeAudioVideo = 1,
  /// The picture.
  TRTCMixInputTypePureVideo = 2,
  /// The sound.
  TRTCMixInputTypePureAudio = 3,
  /// An image from an address.
  TRTCMixInputTypeWatermark = 4,
};

/// What is published where.
enum TRTCPublishMode {
  /// Not said.
  TRTCPublishModeUnknown = 0,
  /// The own camera and sound, to CDN addresses.
  TRTCPublishBigStreamToCdn = 1,
  /// The own screen, to CDN addresses.
  TRTCPublishSubStreamToCdn = 2,
  /// A mix of several users, to CDN addresses.
  TRTCPublishMixStreamToCdn = 3,
  /// A mix of several users, to a room as the stream of a robot.
  TRTCPublishMixStreamToRoom = 4,
};

/// What is recorded locally.
enum TRTCLocalRecordType {
  /// Sound.
  TRTCLocalRecordType_Audio = 0,
  /// Pictures.
  TRTCLocalRecordType_Video = 1,
  /// Both.
  TRTCLocalRecordType_Both = 2,
};

/// Whose sound is recorded.
enum TRTCAudioRecordingContent {
  /// Everybody's.
  TRTCAudioRecordingContentAll = 0,
  /// The own.
  TRTCAudioRecordingContentLocal = 1,
  /// The others'.
  TRTCAudioRecordingContentRemote = 2,
};

/// What a room is for. Everybody in a room uses the same scene.
enum TRTCAppScene {
  /// A video call: everybody may speak, up to 300 users.
  TRTCAppSceneVideoCall = 0,
  /// A live show: anchors are seen, the audience watches, up to 100 000 users.
  TRTCAppSceneLIVE = 1,
  /// A call without pictures: everybody may speak, up to 300 users.
  TRTCAppSceneAudioCall = 2,
  /// A live show without pictures: anchors are heard, the audience listens.
  TRTCAppSceneVoiceChatRoom = 3,
};

/// What a user may do in a live room. Calls have no roles.
enum TRTCRoleType {
  /// Sends and receives.
  TRTCRoleAnchor = 20,
  /// Receives only, and is not announced to the others.
  TRTCRoleAudience = 21,
};

/// What kind of thing is shared.
enum TRTCScreenCaptureSourceType {
  /// Not known.
  TRTCScreenCaptureSourceTypeUnknown = -1,
  /// A window.
  TRTCScreenCaptureSourceTypeWindow = 0,
  /// A whole screen.
  TRTCScreenCaptureSourceTypeScreen = 1,
  /// Pictures made by the application.
  TRTCScreenCaptureSourceTypeCustom = 2,
};

/// The quality of a network path, as people would feel it.
enum TRTCQuality {
  /// Not measured yet.
  TRTCQuality_Unknown = 0,
  /// Nothing to notice.
  TRTCQuality_Excellent = 1,
  /// Good.
  TRTCQuality_Good = 2,
  /// Some may notice.
  TRTCQuality_Poor = 3,
  /// Everybody notices.
  TRTCQuality_Bad = 4,
  /// Hardly usable.
  TRTCQuality_Vbad = 5,
  /// Nothing comes through.
  TRTCQuality_Down = 6,
};

/// Size of an encoded picture in landscape; portrait mode swaps the sides. Square, 4:3 and 16:9.
enum TRTCVideoResolution {
  /// 120 × 120, 1:1; about 80 kbit/s at 15 frames a second.
  TRTCVideoResolution_120_120 = 1,
  /// 160 × 160, 1:1; about 100 kbit/s at 15 frames a second.
  TRTCVideoResolution_160_160 = 3,
  /// 270 × 270, 1:1; about 200 kbit/s at 15 frames a second.
  TRTCVideoResolution_270_270 = 5,
  /// 480 × 480, 1:1; about 350 kbit/s at 15 frames a second.
  TRTCVideoResolution_480_480 = 7,
  /// 160 × 120, 4:3; about 100 kbit/s at 15 frames a second.
  TRTCVideoResolution_160_120 = 50,
  /// 240 × 180, 4:3; about 150 kbit/s at 15 frames a second.
  TRTCVideoResolution_240_180 = 52,
  /// 280 × 210, 4:3; about 200 kbit/s at 15 frames a second.
  TRTCVideoResolution_280_210 = 54,
  /// 320 × 240, 4:3; about 250 kbit/s at 15 frames a second.
  TRTCVideoResolution_320_240 = 56,
  /// 400 × 300, 4:3; about 300 kbit/s at 15 frames a second.
  TRTCVideoResolution_400_300 = 58,
  /// 480 × 360, 4:3; about 400 kbit/s at 15 frames a second.
  TRTCVideoResolution_480_360 = 60,
  /// 640 × 480, 4:3; about 600 kbit/s at 15 frames a second.
  TRTCVideoResolution_640_480 = 62,
  /// 960 × 720, 4:3; about 1000 kbit/s at 15 frames a second.
  TRTCVideoResolution_960_720 = 64,
  /// 160 × 90, 16:9; about 150 kbit/s at 15 frames a second.
  TRTCVideoResolution_160_90 = 100,
  /// 256 × 144, 16:9; about 200 kbit/s at 15 frames a second.
  TRTCVideoResolution_256_144 = 102,
  /// 320 × 180, 16:9; about 250 kbit/s at 15 frames a second.
  TRTCVideoResolution_320_180 = 104,
  /// 480 × 270, 16:9; about 350 kbit/s at 15 frames a second.
  TRTCVideoResolution_480_270 = 106,
  /// 640 × 360, 16:9; about 550 kbit/s at 15 frames a second.
  TRTCVideoResolution_640_360 = 108,
  /// 960 × 540, 16:9; about 850 kbit/s at 15 frames a second.
  TRTCVideoResolution_960_540 = 110,
  /// 1280 × 720, 16:9; about 1200 kbit/s at 15 frames a second.
  TRTCVideoResolution_1280_720 = 112,
  /// 1920 × 1080, 16:9; about 2000 kbit/s at 15 frames a second.
  TRTCVideoResolution_1920_1080 = 114,
};

/// Whether a resolution lies or stands.
enum TRTCVideoResolutionMode {
  /// As it is named, for example 640 × 360.
  TRTCVideoResolutionModeLandscape = 0,
  /// With the sides swapped, for example 360 × 640.
  TRTCVideoResolutionModePortrait = 1,
};

/// Which of a user's video streams is meant.
enum TRTCVideoStreamType {
  /// The camera in full size.
  TRTCVideoStreamTypeBig = 0,
  /// The camera in a small size, when its sender makes one.
  TRTCVideoStreamTypeSmall = 1,
  /// The screen, or a second picture.
  TRTCVideoStreamTypeSub = 2,
};

/// How a picture fits a view of another shape.
enum TRTCVideoFillMode {
  /// Fill the view and cut off what stands out.
  TRTCVideoFillMode_Fill = 0,
  /// Show the whole picture with bars beside it.
  TRTCVideoFillMode_Fit = 1,
  /// Stretch the picture to the shape of the view.
  TRTCVideoFillMode_ScaleFill = 2,
};

/// A turn, clockwise.
enum TRTCVideoRotation {
  /// Not turned.
  TRTCVideoRotation0 = 0,
  /// A quarter turn clockwise.
  TRTCVideoRotation90 = 1,
  /// Upside down.
  TRTCVideoRotation180 = 2,
  /// Three quarters of a turn clockwise.
  TRTCVideoRotation270 = 3,
};

/// Whether a picture is shown as in a mirror.
enum TRTCVideoMirrorType {
#if RTC_MOBILE
  /// The front camera is mirrored, the other is not.
  TRTCVideoMirrorType_Auto = 0,
#endif
  /// Always mirrored.
  TRTCVideoMirrorType_Enable = 1,
  /// Never mirrored.
  TRTCVideoMirrorType_Disable = 2,
};

/// Where a snapshot is taken from.
enum TRTCSnapshotSourceType {
  /// The encoded or decoded stream, before it is rendered.
  TRTCSnapshotSourceTypeStream = 0,
  /// What is shown, with rotation and mirroring.
  TRTCSnapshotSourceTypeView = 1,
  /// What the camera gives, before anything is done to it.
  TRTCSnapshotSourceTypeCapture = 2,
};

/// Who decides how to react to a bad network.
enum TRTCQosControlMode {
  /// The client alone.
  TRTCQosControlModeClient = 0,
  /// The engine; this is the default and the better choice.
  TRTCQosControlModeServer = 1,
};

/// What a bad network costs first.
enum TRTCVideoQosPreference {
  /// Sharpness goes first; the picture keeps moving.
  TRTCVideoQosPreferenceSmooth = 1,
  /// Motion goes first; the picture stays sharp.
  TRTCVideoQosPreferenceClear = 2,
};

/// Whether a remote stream plays.
enum TRTCAVStatusType {
  /// It does not.
  TRTCAVStatusStopped = 0,
  /// It plays.
  TRTCAVStatusPlaying = 1,
  /// It waits for data.
  TRTCAVStatusLoading = 2,
};

/// Why a remote stream began, stopped or waits.
enum TRTCAVStatusChangeReason {
  /// No other reason applies.
  TRTCAVStatusChangeReasonInternal = 0,
  /// The network does not bring enough.
  TRTCAVStatusChangeReasonBufferingBegin = 1,
  /// The network brings enough again.
  TRTCAVStatusChangeReasonBufferingEnd = 2,
  /// It was started here.
  TRTCAVStatusChangeReasonLocalStarted = 3,
  /// It was stopped here.
  TRTCAVStatusChangeReasonLocalStopped = 4,
  /// The sender began or unmuted it.
  TRTCAVStatusChangeReasonRemoteStarted = 5,
  /// The sender stopped or muted it.
  TRTCAVStatusChangeReasonRemoteStopped = 6,
};

/// How the own picture follows when a phone is turned.
enum TRTCGravitySensorAdaptiveMode {
  /// It does not.
  TRTCGravitySensorAdaptiveMode_Disable = 0,
  /// It is turned and cut to the size.
  TRTCGravitySensorAdaptiveMode_FillByCenterCrop = 1,
  /// It is turned and gets black bars.
  TRTCGravitySensorAdaptiveMode_FitWithBlackBorder = 2,
};

/// How loud a user is.
struct TRTCVolumeInfo {
  /// Who; empty for oneself.
  const char* userId;
  /// 0 to 100.
  uint32_t volume;
  /// Whether it is a voice: 1 yes, 0 no. Only of oneself.
  int32_t vad;
  /// The pitch of the voice in Hz, 0 for none. Only of oneself.
  float pitch;
  /// 256 bands of the spectrum, -300 to 0 dB full scale; empty unless it was asked for.
  const float* spectrumData;
  uint32_t spectrumDataLength;

  TRTCVolumeInfo()
      : userId(nullptr),
        volume(0),
        vad(0),
        pitch(0.0f),
        spectrumData(nullptr),
        spectrumDataLength(0) {}
};

/// How many voices are played at once.
struct TRTCAudioParallelParams {
  /// The most voices, the loudest first; 0 for all.
  uint32_t maxCount;
  /// Users who are played in any case.
  char** includeUsers;
  uint32_t includeUsersCount;

  TRTCAudioParallelParams()
      : maxCount(0),
        includeUsers(nullptr),
        includeUsersCount(0) {}
};

/// What is measured of voices.
struct TRTCAudioVolumeEvaluateParams {
  /// Milliseconds between two reports, at least 100.
  uint32_t interval;
  /// Whether it is told if the own sound is a voice.
  bool enableVadDetection;
  /// Whether the own pitch is measured.
  bool enablePitchCalculation;
  /// Whether spectra are measured.
  bool enableSpectrumCalculation;

  TRTCAudioVolumeEvaluateParams()
      : interval(300),
        enableVadDetection(false),
        enablePitchCalculation(false),
        enableSpectrumCalculation(false) {}
};

/// A picture on the graphics card.
struct TRTCTexture {
  /// The OpenGL texture.
  int glTextureId;
  /// The OpenGL context it belongs to.
  void* glContext;
  /// The Direct3D 11 texture.
  void* d3d11TextureId;

  TRTCTexture()
      : glTextureId(0),
        glContext(nullptr),
        d3d11TextureId(nullptr) {}
};

/// A piece of sound, 5 to 100 ms long; 20 is best.
struct TRTCAudioFrame {
  /// How its samples lie in memory.
  TRTCAudioFrameFormat audioFormat;
  /// The samples.
  char* data;
  uint32_t length;
  /// Samples a second and channel: 16000, 24000, 32000, 44100 or 48000.
  uint32_t sampleRate;
  /// Channels, 1 or 2.
  uint32_t channel;
  /// When it was taken, in ms; 0 lets the engine set it.
  uint64_t timestamp;
  /// Up to 100 bytes that travel with the sound to every listener.
  char* extraData;
  uint32_t extraDataLength;

  TRTCAudioFrame()
      : audioFormat(TRTCAudioFrameFormatNone),
        data(nullptr),
        length(0),
        sampleRate(48000),
        channel(1),
        timestamp(0),
        extraData(nullptr),
        extraDataLength(0) {}
};

/// How a callback wants its audio frames.
struct TRTCAudioFrameCallbackFormat {
  /// Samples a second and channel: 16000, 32000, 44100 or 48000.
  int sampleRate;
  /// 1 or 2; 0 is 1. Frames of one channel that are left as they are go on with both.
  int channel;
  /// Samples a channel in one call, a multiple of 10 ms.
  int samplesPerCall;
  /// Whether it changes them.
  TRTCAudioFrameOperationMode mode;

  TRTCAudioFrameCallbackFormat()
      : sampleRate(0),
        channel(0),
        samplesPerCall(0),
        mode(TRTCAudioFrameOperationModeReadWrite) {}
};

/// A key that only the users of a room share.
struct TRTCPayloadPrivateEncryptionConfig {
  /// How it is used.
  TRTCEncryptionAlgorithm encryptionAlgorithm;
  /// 16 or 32 bytes, as the algorithm asks.
  const char* encryptionKey;
  /// 32 bytes, the same for everybody in the room.
  uint8_t encryptionSalt[32];

  TRTCPayloadPrivateEncryptionConfig()
      : encryptionAlgorithm(TRTCEncryptionAlgorithmAes128Gcm),
        encryptionKey(nullptr),
        encryptionSalt() {}
};

/// A short sound (old interface).
struct TRTCAudioEffectParam {
  /// A number that the application chooses.
  int effectId;
  /// The file or address.
  const char* path;
  /// How often it is repeated after the first time.
  int loopCount;
  /// Whether the others hear it.
  bool publish;
  /// 0 to 100.
  int volume;

  TRTCAudioEffectParam(int effectId_, const char* path_)
      : effectId(effectId_),
        path(path_),
        loopCount(0),
        publish(false),
        volume(100) {}
};

/// What a network test shall measure, and for whom.
struct TRTCSpeedTestParams {
  /// The application.
  int sdkAppId;
  /// The user.
  const char* userId;
  /// The user's proof.
  const char* userSig;
  /// Expected bandwidth upwards in kbit/s, 10 to 5000 (for a chorus to 1000); 0 leaves it out.
  int expectedUpBandwidth;
  /// Expected bandwidth downwards in kbit/s, 10 to 5000 (for a chorus to 1000); 0 leaves it out.
  int expectedDownBandwidth;
  /// What to measure.
  TRTCSpeedTestScene scene;

  TRTCSpeedTestParams()
      : sdkAppId(0),
        userId(nullptr),
        userSig(nullptr),
        expectedUpBandwidth(0),
        expectedDownBandwidth(0),
        scene(TRTCSpeedTestScene_DelayAndBandwidthTesting) {}
};

/// What a network test has found.
struct TRTCSpeedTestResult {
  /// Whether it came to an end.
  bool success;
  /// Why not.
  const char* errMsg;
  /// The address that was tested.
  const char* ip;
  /// The path as people would feel it.
  TRTCQuality quality;
  /// Packets lost upwards, 0 to 1.
  float upLostRate;
  /// Packets lost downwards, 0 to 1.
  float downLostRate;
  /// Round trip in ms.
  int rtt;
  /// Bandwidth upwards in kbit/s; -1 if it was not measured.
  int availableUpBandwidth;
  /// Bandwidth downwards in kbit/s; -1 if it was not measured.
  int availableDownBandwidth;
  /// Jitter upwards in ms.
  int upJitter;
  /// Jitter downwards in ms.
  int downJitter;

  TRTCSpeedTestResult()
      : success(false),
        errMsg(nullptr),
        ip(nullptr),
        quality(TRTCQuality_Unknown),
        upLostRate(0.0f),
        downLostRate(0.0f),
        rtt(0),
        availableUpBandwidth(0),
        availableDownBandwidth(0),
        upJitter(0),
        downJitter(0) {}
};

/// Where a stream is pushed (old interface).
struct TRTCPublishCDNParam {
  /// Of the CDN account.
  uint32_t appId;
  /// Of the CDN account.
  uint32_t bizId;
  /// The address, RTMP.
  const char* url;
  /// The name of the stream to push; empty for the own.
  const char* streamId;

  TRTCPublishCDNParam()
      : appId(0),
        bizId(0),
        url(nullptr),
        streamId(nullptr) {}
};

/// A user in a room, perhaps another one.
struct TRTCUser {
  /// Who.
  const char* userId;
  /// The room by number; 0 if `strRoomId` is used.
  uint32_t intRoomId;
  /// The room by name; used if `intRoomId` is 0.
  const char* strRoomId;

  TRTCUser()
      : userId(nullptr),
        intRoomId(0),
        strRoomId(nullptr) {}
};

/// An address to push a stream to.
struct TRTCPublishCdnUrl {
  /// The address, RTMP.
  const char* rtmpUrl;
  /// Whether it belongs to the provider's own CDN.
  bool isInternalLine;

  TRTCPublishCdnUrl()
      : rtmpUrl(nullptr),
        isInternalLine(true) {}
};

/// How a published stream is encoded.
struct TRTCStreamEncoderParam {
  /// Pixels across.
  uint32_t videoEncodedWidth;
  /// Pixels down.
  uint32_t videoEncodedHeight;
  /// Frames a second, above 0 and up to 30.
  uint32_t videoEncodedFPS;
  /// Seconds between key frames, 1 to 5.
  uint32_t videoEncodedGOP;
  /// kbit/s for the picture; 0 lets the engine choose.
  uint32_t videoEncodedKbps;
  /// Samples a second: 12000, 16000, 22050, 24000, 32000, 44100 or 48000.
  uint32_t audioEncodedSampleRate;
  /// 1 or 2.
  uint32_t audioEncodedChannelNum;
  /// kbit/s for the sound, 32 to 192.
  uint32_t audioEncodedKbps;
  /// 0 AAC-LC, 1 HE-AAC, 2 HE-AAC version 2.
  uint32_t audioEncodedCodecType;
  /// 0 H.264, 1 H.265.
  uint32_t videoEncodedCodecType;
  /// Enhancement data sent with the picture, as JSON.
  const char* videoSeiParams;

  TRTCStreamEncoderParam()
      : videoEncodedWidth(0),
        videoEncodedHeight(0),
        videoEncodedFPS(0),
        videoEncodedGOP(0),
        videoEncodedKbps(0),
        audioEncodedSampleRate(0),
        audioEncodedChannelNum(0),
        audioEncodedKbps(0),
        audioEncodedCodecType(0),
        videoEncodedCodecType(0),
        videoSeiParams(nullptr) {}
};

/// What sound is recorded where.
struct TRTCAudioRecordingParams {
  /// The file; its ending says the format: `.wav`, `.aac`, `.mp3` or `.ogg`.
  const char* filePath;
  /// Whose sound.
  TRTCAudioRecordingContent recordingContent;
  /// Milliseconds after which a new file begins, at least 10000; 0 for one file.
  int maxDurationPerFile;

  TRTCAudioRecordingParams()
      : filePath(nullptr),
        recordingContent(TRTCAudioRecordingContentAll),
        maxDurationPerFile(0) {}
};

/// What is recorded where.
struct TRTCLocalRecordingParams {
  /// The file; its ending says the format: `.mp4` or `.mkv`.
  const char* filePath;
  /// Sound, pictures or both.
  TRTCLocalRecordType recordType;
  /// Milliseconds between two progress events, 1000 to 10000; -1 for none.
  int interval;
  /// Milliseconds after which a new file begins, at least 10000; 0 for one file.
  int maxDurationPerFile;

  TRTCLocalRecordingParams()
      : filePath(""),
        recordType(TRTCLocalRecordType_Both),
        interval(-1),
        maxDurationPerFile(0) {}
};

/// Who enters which room, and as what.
struct TRTCParams {
  /// The application, as the engine's administrator has registered it.
  uint32_t sdkAppId;
  /// The user: up to 32 bytes of letters, digits, `_` and `-`.
  const char* userId;
  /// The proof that the user is who he says, made by your own server.
  const char* userSig;
  /// The room by number, 1 to 4294967294; 0 if `strRoomId` is used. The room 123 and the room "123" are two.
  uint32_t roomId;
  /// The room by name, up to 64 bytes; used if `roomId` is 0.
  const char* strRoomId;
  /// What the user may do in a live room; calls ignore it.
  TRTCRoleType role;
  /// A name for the published stream, up to 64 bytes; empty lets the engine choose.
  const char* streamId;
  /// A mark for cloud recordings, up to 64 bytes of letters, digits, `_` and `-`.
  const char* userDefineRecordId;
  /// A ticket for the room, needed where the application demands tickets.
  const char* privateMapKey;
  /// Further settings as JSON; empty for none.
  const char* businessInfo;

  TRTCParams()
      : sdkAppId(0),
        userId(nullptr),
        userSig(nullptr),
        roomId(0),
        strRoomId(nullptr),
        role(TRTCRoleAnchor),
        streamId(nullptr),
        userDefineRecordId(nullptr),
        privateMapKey(nullptr),
        businessInfo(nullptr) {}
};

/// The room to go to.
struct TRTCSwitchRoomConfig {
  /// By number, 1 to 4294967294; 0 if `strRoomId` is used.
  uint32_t roomId;
  /// By name, up to 64 bytes; used if `roomId` is 0.
  const char* strRoomId;
  /// A new proof of the user; empty keeps the present one.
  const char* userSig;
  /// A ticket for the new room, needed where the application demands tickets.
  const char* privateMapKey;

  TRTCSwitchRoomConfig()
      : roomId(0),
        strRoomId(nullptr),
        userSig(nullptr),
        privateMapKey(nullptr) {}
};

/// How a screen or window is shared.
struct TRTCScreenCaptureProperty {
  /// Whether the mouse pointer is in the picture.
  bool enableCaptureMouse;
  /// Whether a frame is drawn around what is shared.
  bool enableHighLight;
  /// Whether the graphics card copies the pixels, which may leave out covering windows.
  bool enableHighPerformance;
  /// The frame's colour as 0xRRGGBB; 0 for the default, 0xFFE640.
  int highLightColor;
  /// The frame's width in pixels, up to 50; 0 for the default, 5.
  int highLightWidth;
  /// Whether windows that belong to the shared one are in the picture.
  bool enableCaptureChildWindow;

  TRTCScreenCaptureProperty()
      : enableCaptureMouse(true),
        enableHighLight(true),
        enableHighPerformance(true),
        highLightColor(0),
        highLightWidth(0),
        enableCaptureChildWindow(false) {}
};

/// The network quality of a user.
struct TRTCQualityInfo {
  /// Who; empty for oneself.
  const char* userId;
  /// How good.
  TRTCQuality quality;

  TRTCQualityInfo()
      : userId(nullptr),
        quality(TRTCQuality_Unknown) {}
};

#if !RTC_WINDOWS
/// A rectangle in pixels.
struct RECT {
  /// Its left edge.
  int left = 0;
  /// Its upper edge.
  int top = 0;
  /// Its right edge, which is outside.
  int right = 0;
  /// Its lower edge, which is outside.
  int bottom = 0;
};
#endif

#if !RTC_WINDOWS
/// A width and a height in pixels.
struct SIZE {
  /// Pixels across.
  long width = 0;
  /// Pixels down.
  long height = 0;
};
#endif

/// How a picture is encoded.
struct TRTCVideoEncParam {
  /// Its size.
  TRTCVideoResolution videoResolution;
  /// Whether it lies or stands.
  TRTCVideoResolutionMode resMode;
  /// Frames a second, 1 to 30; 15 is enough for faces.
  uint32_t videoFps;
  /// The most it may need, in kbit/s.
  uint32_t videoBitrate;
  /// The least it may be given, in kbit/s; 0 lets the engine choose.
  uint32_t minVideoBitrate;
  /// Whether the size may shrink on a bad network.
  bool enableAdjustRes;

  TRTCVideoEncParam()
      : videoResolution(TRTCVideoResolution_640_360),
        resMode(TRTCVideoResolutionModeLandscape),
        videoFps(15),
        videoBitrate(550),
        minVideoBitrate(0),
        enableAdjustRes(false) {}
};

/// How to react to a bad network.
struct TRTCNetworkQosParam {
  /// What is given up first.
  TRTCVideoQosPreference preference;
  /// Who decides.
  TRTCQosControlMode controlMode;

  TRTCNetworkQosParam()
      : preference(TRTCVideoQosPreferenceClear),
        controlMode(TRTCQosControlModeServer) {}
};

/// How a picture is shown.
struct TRTCRenderParams {
  /// A turn, clockwise.
  TRTCVideoRotation rotation;
  /// How it fits its view.
  TRTCVideoFillMode fillMode;
  /// Whether it is mirrored.
  TRTCVideoMirrorType mirrorType;

  TRTCRenderParams()
      : rotation(TRTCVideoRotation0),
        fillMode(TRTCVideoFillMode_Fit),
        mirrorType(TRTCVideoMirrorType_Disable) {}
};

/// A picture in memory.
struct TRTCImageBuffer {
  /// Its pixels of four bytes: blue, green, red, alpha.
  const char* buffer;
  uint32_t length;
  /// Pixels across.
  uint32_t width;
  /// Pixels down.
  uint32_t height;

  TRTCImageBuffer()
      : buffer(nullptr),
        length(0),
        width(0),
        height(0) {}
};

/// A picture.
struct TRTCVideoFrame {
  /// How its pixels lie in memory.
  TRTCVideoPixelFormat videoFormat;
  /// In what memory they lie.
  TRTCVideoBufferType bufferType;
  /// The texture, if it is one.
  TRTCTexture* texture;
  /// The pixels, if they are in plain memory.
  char* data;
  uint32_t length;
  /// Pixels across.
  uint32_t width;
  /// Pixels down.
  uint32_t height;
  /// When it was taken, in ms; 0 lets the engine set it.
  uint64_t timestamp;
  /// How it must be turned to stand upright.
  TRTCVideoRotation rotation;

  TRTCVideoFrame()
      : videoFormat(TRTCVideoPixelFormat_Unknown),
        bufferType(TRTCVideoBufferType_Unknown),
        texture(nullptr),
        data(nullptr),
        length(0),
        width(640),
        height(360),
        timestamp(0),
        rotation(TRTCVideoRotation0) {}
};

/// The place of a user in a mixed stream (old mixing interface).
struct TRTCMixUser {
  /// Who.
  const char* userId;
  /// The user's room by name, if it is another one.
  const char* roomId;
  /// The place in pixels.
  RECT rect;
  /// The layer, 1 to 15; higher covers lower. No two are the same.
  int zOrder;
  /// Which stream.
  TRTCVideoStreamType streamType;
  /// Whether only the sound is mixed.
  bool pureAudio;
  /// What is mixed.
  TRTCMixInputType inputType;
  /// How the picture fits: 0 cut, 1 stretched, 2 with bars.
  uint32_t renderMode;
  /// How loud, 0 to 100.
  uint32_t soundLevel;
  /// The address of an image in place of the picture.
  const char* image;

  TRTCMixUser()
      : userId(nullptr),
        roomId(nullptr),
        rect(),
        zOrder(0),
        streamType(TRTCVideoStreamTypeBig),
        pureAudio(false),
        inputType(TRTCMixInputTypeUndefined),
        renderMode(0),
        soundLevel(100),
        image(nullptr) {}
};

/// What is published where.
struct TRTCPublishTarget {
  /// Which of the four ways.
  TRTCPublishMode mode;
  /// Addresses, at most ten.
  TRTCPublishCdnUrl* cdnUrlList;
  uint32_t cdnUrlListSize;
  /// The robot and its room, when a mix goes to a room.
  TRTCUser* mixStreamIdentity;

  TRTCPublishTarget()
      : mode(TRTCPublishModeUnknown),
        cdnUrlList(nullptr),
        cdnUrlListSize(0),
        mixStreamIdentity(nullptr) {}
};

/// A place in a mixed picture.
struct TRTCVideoLayout {
  /// In pixels.
  RECT rect;
  /// The layer, 0 to 15; higher covers lower. No two are the same.
  int zOrder;
  /// How a picture fits the place.
  TRTCVideoFillMode fillMode;
  /// The colour of the place as 0xRRGGBB.
  uint32_t backgroundColor;
  /// The address of an image shown while the place is empty.
  const char* placeHolderImage;
  /// Who is shown here; null lets the engine fill the place.
  TRTCUser* fixedVideoUser;
  /// Which stream.
  TRTCVideoStreamType fixedVideoStreamType;

  TRTCVideoLayout()
      : rect(),
        zOrder(0),
        fillMode(TRTCVideoFillMode_Fill),
        backgroundColor(0),
        placeHolderImage(nullptr),
        fixedVideoUser(nullptr),
        fixedVideoStreamType(TRTCVideoStreamTypeBig) {}
};

/// An image over a mixed picture.
struct TRTCWatermark {
  /// Its address, up to 512 bytes; the image up to 2 MB.
  const char* watermarkUrl;
  /// The place in pixels.
  RECT rect;
  /// The layer, 0 to 15.
  int zOrder;

  TRTCWatermark()
      : watermarkUrl(nullptr),
        rect(),
        zOrder(0) {}
};

/// A screen or window that can be shared.
struct TRTCScreenCaptureSourceInfo {
  /// Which of them.
  TRTCScreenCaptureSourceType type;
  /// The window or screen, by the number the system gave it.
  TXView sourceId;
  /// Its title.
  const char* sourceName;
  /// A small picture of it.
  TRTCImageBuffer thumbBGRA;
  /// The icon of its program.
  TRTCImageBuffer iconBGRA;
  /// Whether the window is minimised, and so cannot be captured now.
  bool isMinimizeWindow;
  /// Whether it is the main screen.
  bool isMainScreen;
  /// Its left edge on the desktop, in pixels.
  int32_t x;
  /// Its upper edge on the desktop, in pixels.
  int32_t y;
  /// Pixels across.
  uint32_t width;
  /// Pixels down.
  uint32_t height;

  TRTCScreenCaptureSourceInfo()
      : type(TRTCScreenCaptureSourceTypeUnknown),
        sourceId(nullptr),
        sourceName(nullptr),
        thumbBGRA(),
        iconBGRA(),
        isMinimizeWindow(false),
        isMainScreen(false),
        x(0),
        y(0),
        width(0),
        height(0) {}
};

/// A mixed stream (old mixing interface).
struct TRTCTranscodingConfig {
  /// How the layout is chosen.
  TRTCTranscodingConfigMode mode;
  /// Of the CDN account.
  uint32_t appId;
  /// Of the CDN account.
  uint32_t bizId;
  /// Pixels across; with a height of 0 there is no picture.
  uint32_t videoWidth;
  /// Pixels down; with a width of 0 there is no picture.
  uint32_t videoHeight;
  /// kbit/s; 0 lets the engine choose.
  uint32_t videoBitrate;
  /// Frames a second, above 0 and up to 30.
  uint32_t videoFramerate;
  /// Seconds between key frames, 1 to 8.
  uint32_t videoGOP;
  /// Colour behind the pictures as 0xRRGGBB.
  uint32_t backgroundColor;
  /// The address of an image behind the pictures.
  const char* backgroundImage;
  /// Samples a second: 12000, 16000, 22050, 24000, 32000, 44100 or 48000.
  uint32_t audioSampleRate;
  /// kbit/s, 32 to 192.
  uint32_t audioBitrate;
  /// 1 or 2.
  uint32_t audioChannels;
  /// 0 AAC-LC, 1 HE-AAC, 2 HE-AAC version 2.
  uint32_t audioCodec;
  /// The places of users.
  TRTCMixUser* mixUsersArray;
  uint32_t mixUsersArraySize;
  /// A name for the result; empty puts it in place of the own stream.
  const char* streamId;
  /// Enhancement data sent with the picture, as JSON.
  const char* videoSeiParams;

  TRTCTranscodingConfig()
      : mode(TRTCTranscodingConfigMode_Unknown),
        appId(0),
        bizId(0),
        videoWidth(0),
        videoHeight(0),
        videoBitrate(0),
        videoFramerate(15),
        videoGOP(2),
        backgroundColor(0),
        backgroundImage(nullptr),
        audioSampleRate(48000),
        audioBitrate(64),
        audioChannels(1),
        audioCodec(0),
        mixUsersArray(nullptr),
        mixUsersArraySize(0),
        streamId(nullptr),
        videoSeiParams(nullptr) {}
};

/// How a mixed stream looks and sounds.
struct TRTCStreamMixingConfig {
  /// Colour behind the pictures as 0xRRGGBB.
  uint32_t backgroundColor;
  /// The address of an image behind the pictures, up to 512 bytes; the image up to 2 MB.
  const char* backgroundImage;
  /// The places of pictures.
  TRTCVideoLayout* videoLayoutList;
  uint32_t videoLayoutListSize;
  /// Who is heard; empty for everybody who speaks.
  TRTCUser* audioMixUserList;
  uint32_t audioMixUserListSize;
  /// Images over the pictures.
  TRTCWatermark* watermarkList;
  uint32_t watermarkListSize;

  TRTCStreamMixingConfig()
      : backgroundColor(0),
        backgroundImage(nullptr),
        videoLayoutList(nullptr),
        videoLayoutListSize(0),
        audioMixUserList(nullptr),
        audioMixUserListSize(0),
        watermarkList(nullptr),
        watermarkListSize(0) {}
};

/// A list of screens and windows.
class ITRTCScreenCaptureSourceList {
 protected:
  virtual ~ITRTCScreenCaptureSourceList() {}

 public:
  /// How many there are.
  virtual uint32_t getCount() = 0;

  /// One of them; its texts and pictures live as long as the list.
  /// @param index Which, from 0.
  virtual TRTCScreenCaptureSourceInfo getSourceInfo(uint32_t index) = 0;

  /// Gives the list back.
  virtual void release() = 0;
};

// Further names of the same things.
typedef TXMediaDeviceType TRTCDeviceType;
typedef TXMediaDeviceState TRTCDeviceState;
typedef ITXDeviceInfo ITRTCDeviceInfo;
typedef ITXDeviceCollection ITRTCDeviceCollection;
#define TRTCDeviceTypeUnknow TXMediaDeviceTypeUnknown
#define TRTCDeviceTypeMic TXMediaDeviceTypeMic
#define TRTCDeviceTypeSpeaker TXMediaDeviceTypeSpeaker
#define TRTCDeviceTypeCamera TXMediaDeviceTypeCamera
#define TRTCDeviceStateAdd TXMediaDeviceStateAdd
#define TRTCDeviceStateRemove TXMediaDeviceStateRemove
#define TRTCDeviceStateActive TXMediaDeviceStateActive

}  // namespace liteav

#endif  // RTC_ENGINE_TRTCTYPEDEF_H_
