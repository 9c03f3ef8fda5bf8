// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// The classes behind the interfaces.
#ifndef RTC_ENGINE_CPP_GENERATED_CLOUD_H_
#define RTC_ENGINE_CPP_GENERATED_CLOUD_H_

#include "../runtime.h"
#include "ITRTCCloud.h"

namespace liteav {
namespace detail {

// The devices of an instance.
class DeviceManager final : public ITXDeviceManager, public ManagerBase {
 public:
  using ManagerBase::ManagerBase;
  ~DeviceManager() override = default;

#if RTC_MOBILE
  bool isFrontCamera() override;
#endif
#if RTC_MOBILE
  int switchCamera(bool frontCamera) override;
#endif
#if RTC_MOBILE
  float getCameraZoomMaxRatio() override;
#endif
#if RTC_MOBILE
  int setCameraZoomRatio(float zoomRatio) override;
#endif
#if RTC_MOBILE
  bool isAutoFocusEnabled() override;
#endif
#if RTC_MOBILE
  int enableCameraAutoFocus(bool enabled) override;
#endif
#if RTC_MOBILE
  int setCameraFocusPosition(float x, float y) override;
#endif
#if RTC_MOBILE
  int enableCameraTorch(bool enabled) override;
#endif
#if RTC_MOBILE
  int setAudioRoute(TXAudioRoute route) override;
#endif
#if RTC_DESKTOP
  int setCurrentDevice(TXMediaDeviceType type, const char* deviceId) override;
#endif
#if RTC_DESKTOP
  int setCurrentDeviceVolume(TXMediaDeviceType type, uint32_t volume) override;
#endif
#if RTC_DESKTOP
  uint32_t getCurrentDeviceVolume(TXMediaDeviceType type) override;
#endif
#if RTC_DESKTOP
  int setCurrentDeviceMute(TXMediaDeviceType type, bool mute) override;
#endif
#if RTC_DESKTOP
  bool getCurrentDeviceMute(TXMediaDeviceType type) override;
#endif
#if RTC_DESKTOP
  int enableFollowingDefaultAudioDevice(TXMediaDeviceType type, bool enable) override;
#endif
#if RTC_DESKTOP
  int startCameraDeviceTest(void* view) override;
#endif
#if RTC_DESKTOP
  int stopCameraDeviceTest() override;
#endif
#if RTC_DESKTOP
  int startMicDeviceTest(uint32_t interval) override;
#endif
#if RTC_DESKTOP
  int startMicDeviceTest(uint32_t interval, bool playback) override;
#endif
#if RTC_DESKTOP
  int stopMicDeviceTest() override;
#endif
#if RTC_DESKTOP
  int startSpeakerDeviceTest(const char* filePath) override;
#endif
#if RTC_DESKTOP
  int stopSpeakerDeviceTest() override;
#endif
#if RTC_WINDOWS
  int setApplicationPlayVolume(int volume) override;
#endif
#if RTC_WINDOWS
  int getApplicationPlayVolume() override;
#endif
#if RTC_WINDOWS
  int setApplicationMuteState(bool bMute) override;
#endif
#if RTC_WINDOWS
  bool getApplicationMuteState() override;
#endif
#if RTC_DESKTOP
  void setCameraCapturerParam(const TXCameraCaptureParam& params) override;
#endif
#if RTC_MOBILE
  int setSystemVolumeType(TXSystemVolumeType type) override;
#endif

  // Written by hand.
#if RTC_DESKTOP
  ITXDeviceCollection* getDevicesList(TXMediaDeviceType type) override;
#endif
#if RTC_DESKTOP
  ITXDeviceInfo* getCurrentDevice(TXMediaDeviceType type) override;
#endif
#if RTC_DESKTOP
  int startCameraDeviceTest(ITRTCVideoRenderCallback* callback) override;
#endif
#if RTC_DESKTOP
  void setDeviceObserver(ITXDeviceObserver* observer) override;
#endif
};

// The music and effects of an instance.
class AudioEffectManager final : public ITXAudioEffectManager, public ManagerBase {
 public:
  using ManagerBase::ManagerBase;
  ~AudioEffectManager() override = default;

  void enableVoiceEarMonitor(bool enable) override;
  void setVoiceEarMonitorVolume(int volume) override;
  void setVoiceReverbType(TXVoiceReverbType type) override;
  void setVoiceChangerType(TXVoiceChangerType type) override;
  void setVoiceCaptureVolume(int volume) override;
  void setVoicePitch(double pitch) override;
  void startPlayMusic(AudioMusicParam musicParam) override;
  void stopPlayMusic(int id) override;
  void pausePlayMusic(int id) override;
  void resumePlayMusic(int id) override;
  void setAllMusicVolume(int volume) override;
  void setMusicPublishVolume(int id, int volume) override;
  void setMusicPlayoutVolume(int id, int volume) override;
  void setMusicPitch(int id, float pitch) override;
  void setMusicSpeedRate(int id, float speedRate) override;
  long getMusicCurrentPosInMS(int id) override;
  long getMusicDurationInMS(char* path) override;
  void seekMusicToPosInTime(int id, int pts) override;
  void setMusicScratchSpeedRate(int id, float scratchSpeedRate) override;
  void preloadMusic(AudioMusicParam preloadParam) override;
  long getMusicTrackCount(int id) override;
  void setMusicTrack(int id, int trackIndex) override;

  // Written by hand.
  void setMusicObserver(int musicId, ITXMusicPlayObserver* observer) override;
  void setPreloadObserver(ITXMusicPreloadObserver* observer) override;
};

// An instance.
class Cloud final : public ITRTCCloud, public CloudBase {
 public:
  using CloudBase::CloudBase;
  ~Cloud() override = default;

  void enableAudioVolumeEvaluation(uint32_t interval) override;
  void enableAudioVolumeEvaluation(uint32_t interval, bool enable_vad) override;
  void startLocalAudio() override;
  void startRemoteView(const char* userId, TXView rendView) override;
  void stopRemoteView(const char* userId) override;
  void setLocalViewFillMode(TRTCVideoFillMode mode) override;
  void setLocalViewRotation(TRTCVideoRotation rotation) override;
  void setLocalViewMirror(bool mirror) override;
  void setRemoteViewFillMode(const char* userId, TRTCVideoFillMode mode) override;
  void setRemoteViewRotation(const char* userId, TRTCVideoRotation rotation) override;
  void startRemoteSubStreamView(const char* userId, TXView rendView) override;
  void stopRemoteSubStreamView(const char* userId) override;
  void setRemoteSubStreamViewFillMode(const char* userId, TRTCVideoFillMode mode) override;
  void setRemoteSubStreamViewRotation(const char* userId, TRTCVideoRotation rotation) override;
  void setAudioQuality(TRTCAudioQuality quality) override;
  void setPriorRemoteVideoStreamType(TRTCVideoStreamType type) override;
  void setMicVolumeOnMixing(uint32_t volume) override;
  void playBGM(const char* path) override;
  void stopBGM() override;
  void pauseBGM() override;
  void resumeBGM() override;
  uint32_t getBGMDuration(const char* path) override;
  void setBGMPosition(uint32_t pos) override;
  void setBGMVolume(uint32_t volume) override;
  void setBGMPlayoutVolume(uint32_t volume) override;
  void setBGMPublishVolume(uint32_t volume) override;
  void playAudioEffect(TRTCAudioEffectParam* effect) override;
  void setAudioEffectVolume(int effectId, int volume) override;
  void stopAudioEffect(int effectId) override;
  void stopAllAudioEffects() override;
  void setAllAudioEffectsVolume(int volume) override;
  void pauseAudioEffect(int effectId) override;
  void resumeAudioEffect(int effectId) override;
  void enableCustomVideoCapture(bool enable) override;
  void sendCustomVideoData(TRTCVideoFrame* frame) override;
  void muteLocalVideo(bool mute) override;
  void muteRemoteVideoStream(const char* userId, bool mute) override;
  void startSpeedTest(uint32_t sdkAppId, const char* userId, const char* userSig) override;
  void startScreenCapture(TXView rendView) override;
  int setLocalVideoProcessCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoFrameCallback* callback) override;
#if RTC_DESKTOP
  ITRTCDeviceCollection* getCameraDevicesList() override;
#endif
#if RTC_DESKTOP
  void setCurrentCameraDevice(const char* deviceId) override;
#endif
#if RTC_DESKTOP
  ITRTCDeviceInfo* getCurrentCameraDevice() override;
#endif
#if RTC_DESKTOP
  ITRTCDeviceCollection* getMicDevicesList() override;
#endif
#if RTC_DESKTOP
  ITRTCDeviceInfo* getCurrentMicDevice() override;
#endif
#if RTC_DESKTOP
  void setCurrentMicDevice(const char* micId) override;
#endif
#if RTC_DESKTOP
  uint32_t getCurrentMicDeviceVolume() override;
#endif
#if RTC_DESKTOP
  void setCurrentMicDeviceVolume(uint32_t volume) override;
#endif
#if RTC_DESKTOP
  void setCurrentMicDeviceMute(bool mute) override;
#endif
#if RTC_DESKTOP
  bool getCurrentMicDeviceMute() override;
#endif
#if RTC_DESKTOP
  ITRTCDeviceCollection* getSpeakerDevicesList() override;
#endif
#if RTC_DESKTOP
  ITRTCDeviceInfo* getCurrentSpeakerDevice() override;
#endif
#if RTC_DESKTOP
  void setCurrentSpeakerDevice(const char* speakerId) override;
#endif
#if RTC_DESKTOP
  uint32_t getCurrentSpeakerVolume() override;
#endif
#if RTC_DESKTOP
  void setCurrentSpeakerVolume(uint32_t volume) override;
#endif
#if RTC_DESKTOP
  bool getCurrentSpeakerDeviceMute() override;
#endif
#if RTC_DESKTOP
  void setCurrentSpeakerDeviceMute(bool mute) override;
#endif
#if RTC_DESKTOP
  void startCameraDeviceTest(TXView renderView) override;
#endif
#if RTC_WINDOWS
  void startCameraDeviceTest(ITRTCVideoRenderCallback* callback) override;
#endif
#if RTC_DESKTOP
  void stopCameraDeviceTest() override;
#endif
#if RTC_DESKTOP
  void startMicDeviceTest(uint32_t interval) override;
#endif
#if RTC_DESKTOP
  void stopMicDeviceTest() override;
#endif
#if RTC_DESKTOP
  void startSpeakerDeviceTest(const char* testAudioFilePath) override;
#endif
#if RTC_DESKTOP
  void stopSpeakerDeviceTest() override;
#endif
#if RTC_DESKTOP
  void selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect, bool captureMouse,
      bool highlightWindow) override;
#endif
  void setVideoEncoderRotation(TRTCVideoRotation rotation) override;
  void setVideoEncoderMirror(bool mirror) override;
  void startPublishing(const char* streamId, TRTCVideoStreamType streamType) override;
  void stopPublishing() override;
  void startPublishCDNStream(const TRTCPublishCDNParam& param) override;
  void stopPublishCDNStream() override;
  void setMixTranscodingConfig(TRTCTranscodingConfig* config) override;
  void enterRoom(const TRTCParams& param, TRTCAppScene scene) override;
  void exitRoom() override;
  void switchRole(TRTCRoleType role) override;
  void switchRole(TRTCRoleType role, const char* privateMapKey) override;
  void switchRoom(const TRTCSwitchRoomConfig& config) override;
  void connectOtherRoom(const char* param) override;
  void disconnectOtherRoom() override;
  void setDefaultStreamRecvMode(bool autoRecvAudio, bool autoRecvVideo) override;
  void updateOtherRoomForwardMode(const char* param) override;
  void startPublishMediaStream(TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config) override;
  void updatePublishMediaStream(const char* taskId, TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config) override;
  void stopPublishMediaStream(const char* taskId) override;
#if RTC_MOBILE
  void startLocalPreview(bool frontCamera, TXView view) override;
#endif
#if RTC_DESKTOP
  void startLocalPreview(TXView view) override;
#endif
  void updateLocalView(TXView view) override;
  void stopLocalPreview() override;
  void muteLocalVideo(TRTCVideoStreamType streamType, bool mute) override;
  void startRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) override;
  void updateRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) override;
  void stopRemoteView(const char* userId, TRTCVideoStreamType streamType) override;
  void stopAllRemoteView() override;
  void muteRemoteVideoStream(const char* userId, TRTCVideoStreamType streamType, bool mute) override;
  void muteAllRemoteVideoStreams(bool mute) override;
  void setVideoEncoderParam(const TRTCVideoEncParam& param) override;
  void setNetworkQosParam(const TRTCNetworkQosParam& param) override;
  void setLocalRenderParams(const TRTCRenderParams& params) override;
  void setRemoteRenderParams(const char* userId, TRTCVideoStreamType streamType,
      const TRTCRenderParams& params) override;
  void enableSmallVideoStream(bool enable, const TRTCVideoEncParam& smallVideoEncParam) override;
  void setRemoteVideoStreamType(const char* userId, TRTCVideoStreamType streamType) override;
  void snapshotVideo(const char* userId, TRTCVideoStreamType streamType, TRTCSnapshotSourceType sourceType) override;
  void setGravitySensorAdaptiveMode(TRTCGravitySensorAdaptiveMode mode) override;
  void startLocalAudio(TRTCAudioQuality quality) override;
  void stopLocalAudio() override;
  void muteLocalAudio(bool mute) override;
  void muteRemoteAudio(const char* userId, bool mute) override;
  void muteAllRemoteAudio(bool mute) override;
  void setRemoteAudioVolume(const char* userId, int volume) override;
  void setAudioCaptureVolume(int volume) override;
  int getAudioCaptureVolume() override;
  void setAudioPlayoutVolume(int volume) override;
  int getAudioPlayoutVolume() override;
  void enableAudioVolumeEvaluation(bool enable, const TRTCAudioVolumeEvaluateParams& params) override;
  int startAudioRecording(const TRTCAudioRecordingParams& param) override;
  void stopAudioRecording() override;
  void startLocalRecording(const TRTCLocalRecordingParams& params) override;
  void stopLocalRecording() override;
  void setRemoteAudioParallelParams(const TRTCAudioParallelParams& params) override;
  void enable3DSpatialAudioEffect(bool enabled) override;
  void updateSelf3DSpatialPosition(int position[3], float axisForward[3], float axisRight[3], float axisUp[3]) override;
  void updateRemote3DSpatialPosition(const char* userId, int position[3]) override;
  void set3DSpatialReceivingRange(const char* userId, int range) override;
  void setBeautyStyle(TRTCBeautyStyle style, uint32_t beautyLevel, uint32_t whitenessLevel,
      uint32_t ruddinessLevel) override;
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  void startSystemAudioLoopback(const char* deviceName) override;
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  void stopSystemAudioLoopback() override;
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  void setSystemAudioLoopbackVolume(uint32_t volume) override;
#endif
  void startScreenCapture(TXView view, TRTCVideoStreamType streamType, TRTCVideoEncParam* encParam) override;
  void stopScreenCapture() override;
  void pauseScreenCapture() override;
  void resumeScreenCapture() override;
#if RTC_DESKTOP
  void selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
      const TRTCScreenCaptureProperty& property) override;
#endif
  void setSubStreamEncoderParam(const TRTCVideoEncParam& param) override;
#if RTC_DESKTOP
  void setSubStreamMixVolume(uint32_t volume) override;
#endif
#if RTC_DESKTOP
  void addExcludedShareWindow(TXView windowID) override;
#endif
#if RTC_DESKTOP
  void removeExcludedShareWindow(TXView windowID) override;
#endif
#if RTC_DESKTOP
  void removeAllExcludedShareWindow() override;
#endif
#if RTC_DESKTOP
  void addIncludedShareWindow(TXView windowID) override;
#endif
#if RTC_DESKTOP
  void removeIncludedShareWindow(TXView windowID) override;
#endif
#if RTC_DESKTOP
  void removeAllIncludedShareWindow() override;
#endif
  void enableCustomVideoCapture(TRTCVideoStreamType streamType, bool enable) override;
  void enableCustomAudioCapture(bool enable) override;
  void enableMixExternalAudioFrame(bool enablePublish, bool enablePlayout) override;
  void setMixExternalAudioVolume(int publishVolume, int playoutVolume) override;
  uint64_t generateCustomPTS() override;
  int setCapturedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) override;
  int setLocalProcessedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) override;
  int setMixedPlayAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) override;
  void enableCustomAudioRendering(bool enable) override;
  int startSpeedTest(const TRTCSpeedTestParams& params) override;
  void stopSpeedTest() override;
  const char* getSDKVersion() override;
  void setLogLevel(TRTCLogLevel level) override;
  void setConsoleEnabled(bool enabled) override;
  void setLogCompressEnabled(bool enabled) override;
  void setLogDirPath(const char* path) override;
  void showDebugView(int showType) override;
  int enablePayloadPrivateEncryption(bool enabled, const TRTCPayloadPrivateEncryptionConfig& config) override;

  // Written by hand.
  void addCallback(ITRTCCloudCallback* callback) override;
  void removeCallback(ITRTCCloudCallback* callback) override;
  ITRTCCloud* createSubCloud() override;
  void destroySubCloud(ITRTCCloud* subCloud) override;
  void setVideoMuteImage(TRTCImageBuffer* image, int fps) override;
  ITXDeviceManager* getDeviceManager() override;
  void setWaterMark(TRTCVideoStreamType streamType, const char* srcData, TRTCWaterMarkSrcType srcType, uint32_t nWidth,
      uint32_t nHeight, float xOffset, float yOffset, float fWidthRatio, bool isVisibleOnLocalPreview) override;
  ITXAudioEffectManager* getAudioEffectManager() override;
#if RTC_DESKTOP
  ITRTCScreenCaptureSourceList* getScreenCaptureSources(const SIZE& thumbnailSize, const SIZE& iconSize) override;
#endif
  void sendCustomVideoData(TRTCVideoStreamType streamType, TRTCVideoFrame* frame) override;
  void sendCustomAudioData(TRTCAudioFrame* frame) override;
  int mixExternalAudioFrame(TRTCAudioFrame* frame) override;
  int enableLocalVideoCustomProcess(bool enable, TRTCVideoPixelFormat pixelFormat,
      TRTCVideoBufferType bufferType) override;
  void setLocalVideoCustomProcessCallback(ITRTCVideoFrameCallback* callback) override;
  int setLocalVideoRenderCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoRenderCallback* callback) override;
  int setRemoteVideoRenderCallback(const char* userId, TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoRenderCallback* callback) override;
  int setAudioFrameCallback(ITRTCAudioFrameCallback* callback) override;
  void getCustomAudioRenderingFrame(TRTCAudioFrame* audioFrame) override;
  bool sendCustomCmdMsg(uint32_t cmdId, const uint8_t* data, uint32_t dataSize, bool reliable, bool ordered) override;
  bool sendSEIMsg(const uint8_t* data, uint32_t dataSize, int32_t repeatCount) override;
  void setLogCallback(ITRTCLogCallback* callback) override;
  const char* callExperimentalAPI(const char* jsonStr) override;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_GENERATED_CLOUD_H_
