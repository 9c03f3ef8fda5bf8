// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// IDeprecatedTRTCCloud, asked of the engine in JSON.
#include "cloud.h"
#include "structs.h"

namespace liteav {
namespace detail {

void Cloud::enableAudioVolumeEvaluation(uint32_t interval) {
  TRTCAudioVolumeEvaluateParams params;
  params.interval = static_cast<decltype(params.interval)>(interval);
  enableAudioVolumeEvaluation(interval > 0, params);
}

void Cloud::enableAudioVolumeEvaluation(uint32_t interval, bool enable_vad) {
  TRTCAudioVolumeEvaluateParams params;
  params.interval = static_cast<decltype(params.interval)>(interval);
  params.enableVadDetection = static_cast<decltype(params.enableVadDetection)>(enable_vad);
  enableAudioVolumeEvaluation(interval > 0, params);
}

void Cloud::startLocalAudio() {
  startLocalAudio(TRTCAudioQualityDefault);
}

void Cloud::startRemoteView(const char* userId, TXView rendView) {
  startRemoteView(userId, TRTCVideoStreamTypeBig, rendView);
}

void Cloud::stopRemoteView(const char* userId) {
  stopRemoteView(userId, TRTCVideoStreamTypeBig);
}

void Cloud::setLocalViewFillMode(TRTCVideoFillMode mode) {
  Json arguments = Json::object();
  arguments.set("mode", static_cast<int>(mode));
  call(handle(), "setLocalViewFillMode", arguments);
}

void Cloud::setLocalViewRotation(TRTCVideoRotation rotation) {
  Json arguments = Json::object();
  arguments.set("rotation", static_cast<int>(rotation));
  call(handle(), "setLocalViewRotation", arguments);
}

void Cloud::setLocalViewMirror(bool mirror) {
  Json arguments = Json::object();
  arguments.set("mirror", mirror);
  call(handle(), "setLocalViewMirror", arguments);
}

void Cloud::setRemoteViewFillMode(const char* userId, TRTCVideoFillMode mode) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("mode", static_cast<int>(mode));
  call(handle(), "setRemoteViewFillMode", arguments);
}

void Cloud::setRemoteViewRotation(const char* userId, TRTCVideoRotation rotation) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("rotation", static_cast<int>(rotation));
  call(handle(), "setRemoteViewRotation", arguments);
}

void Cloud::startRemoteSubStreamView(const char* userId, TXView rendView) {
  startRemoteView(userId, TRTCVideoStreamTypeSub, rendView);
}

void Cloud::stopRemoteSubStreamView(const char* userId) {
  stopRemoteView(userId, TRTCVideoStreamTypeSub);
}

void Cloud::setRemoteSubStreamViewFillMode(const char* userId, TRTCVideoFillMode mode) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("mode", static_cast<int>(mode));
  call(handle(), "setRemoteSubStreamViewFillMode", arguments);
}

void Cloud::setRemoteSubStreamViewRotation(const char* userId, TRTCVideoRotation rotation) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("rotation", static_cast<int>(rotation));
  call(handle(), "setRemoteSubStreamViewRotation", arguments);
}

void Cloud::setAudioQuality(TRTCAudioQuality quality) {
  Json arguments = Json::object();
  arguments.set("quality", static_cast<int>(quality));
  call(handle(), "setAudioQuality", arguments);
}

void Cloud::setPriorRemoteVideoStreamType(TRTCVideoStreamType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  call(handle(), "setPriorRemoteVideoStreamType", arguments);
}

void Cloud::setMicVolumeOnMixing(uint32_t volume) {
  getAudioEffectManager()->setVoiceCaptureVolume(volume);
}

void Cloud::playBGM(const char* path) {
  Json arguments = Json::object();
  arguments.set("path", path);
  call(handle(), "playBGM", arguments);
}

void Cloud::stopBGM() {
  call(handle(), "stopBGM", Json::object());
}

void Cloud::pauseBGM() {
  call(handle(), "pauseBGM", Json::object());
}

void Cloud::resumeBGM() {
  call(handle(), "resumeBGM", Json::object());
}

uint32_t Cloud::getBGMDuration(const char* path) {
  Json arguments = Json::object();
  arguments.set("path", path);
  return call(handle(), "getBGMDuration", arguments).u32();
}

void Cloud::setBGMPosition(uint32_t pos) {
  Json arguments = Json::object();
  arguments.set("pos", pos);
  call(handle(), "setBGMPosition", arguments);
}

void Cloud::setBGMVolume(uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setBGMVolume", arguments);
}

void Cloud::setBGMPlayoutVolume(uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setBGMPlayoutVolume", arguments);
}

void Cloud::setBGMPublishVolume(uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setBGMPublishVolume", arguments);
}

void Cloud::playAudioEffect(TRTCAudioEffectParam* effect) {
  Json arguments = Json::object();
  arguments.set("effect", effect == nullptr ? Json() : to_json(*effect));
  call(handle(), "playAudioEffect", arguments);
}

void Cloud::setAudioEffectVolume(int effectId, int volume) {
  Json arguments = Json::object();
  arguments.set("effectId", effectId);
  arguments.set("volume", volume);
  call(handle(), "setAudioEffectVolume", arguments);
}

void Cloud::stopAudioEffect(int effectId) {
  Json arguments = Json::object();
  arguments.set("effectId", effectId);
  call(handle(), "stopAudioEffect", arguments);
}

void Cloud::stopAllAudioEffects() {
  call(handle(), "stopAllAudioEffects", Json::object());
}

void Cloud::setAllAudioEffectsVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setAllAudioEffectsVolume", arguments);
}

void Cloud::pauseAudioEffect(int effectId) {
  Json arguments = Json::object();
  arguments.set("effectId", effectId);
  call(handle(), "pauseAudioEffect", arguments);
}

void Cloud::resumeAudioEffect(int effectId) {
  Json arguments = Json::object();
  arguments.set("effectId", effectId);
  call(handle(), "resumeAudioEffect", arguments);
}

void Cloud::enableCustomVideoCapture(bool enable) {
  enableCustomVideoCapture(TRTCVideoStreamTypeBig, enable);
}

void Cloud::sendCustomVideoData(TRTCVideoFrame* frame) {
  sendCustomVideoData(TRTCVideoStreamTypeBig, frame);
}

void Cloud::muteLocalVideo(bool mute) {
  muteLocalVideo(TRTCVideoStreamTypeBig, mute);
}

void Cloud::muteRemoteVideoStream(const char* userId, bool mute) {
  muteRemoteVideoStream(userId, TRTCVideoStreamTypeBig, mute);
}

void Cloud::startSpeedTest(uint32_t sdkAppId, const char* userId, const char* userSig) {
  TRTCSpeedTestParams params;
  params.sdkAppId = static_cast<decltype(params.sdkAppId)>(sdkAppId);
  params.userId = static_cast<decltype(params.userId)>(userId);
  params.userSig = static_cast<decltype(params.userSig)>(userSig);
  startSpeedTest(params);
}

void Cloud::startScreenCapture(TXView rendView) {
  startScreenCapture(rendView, TRTCVideoStreamTypeSub, nullptr);
}

int Cloud::setLocalVideoProcessCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
    ITRTCVideoFrameCallback* callback) {
  setLocalVideoCustomProcessCallback(callback);
  return enableLocalVideoCustomProcess(callback != nullptr, pixelFormat, bufferType);
}

#if RTC_DESKTOP
ITRTCDeviceCollection* Cloud::getCameraDevicesList() {
  return getDeviceManager()->getDevicesList(TXMediaDeviceTypeCamera);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentCameraDevice(const char* deviceId) {
  getDeviceManager()->setCurrentDevice(TXMediaDeviceTypeCamera, deviceId);
}
#endif

#if RTC_DESKTOP
ITRTCDeviceInfo* Cloud::getCurrentCameraDevice() {
  return getDeviceManager()->getCurrentDevice(TXMediaDeviceTypeCamera);
}
#endif

#if RTC_DESKTOP
ITRTCDeviceCollection* Cloud::getMicDevicesList() {
  return getDeviceManager()->getDevicesList(TXMediaDeviceTypeMic);
}
#endif

#if RTC_DESKTOP
ITRTCDeviceInfo* Cloud::getCurrentMicDevice() {
  return getDeviceManager()->getCurrentDevice(TXMediaDeviceTypeMic);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentMicDevice(const char* micId) {
  getDeviceManager()->setCurrentDevice(TXMediaDeviceTypeMic, micId);
}
#endif

#if RTC_DESKTOP
uint32_t Cloud::getCurrentMicDeviceVolume() {
  return getDeviceManager()->getCurrentDeviceVolume(TXMediaDeviceTypeMic);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentMicDeviceVolume(uint32_t volume) {
  getDeviceManager()->setCurrentDeviceVolume(TXMediaDeviceTypeMic, volume);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentMicDeviceMute(bool mute) {
  getDeviceManager()->setCurrentDeviceMute(TXMediaDeviceTypeMic, mute);
}
#endif

#if RTC_DESKTOP
bool Cloud::getCurrentMicDeviceMute() {
  return getDeviceManager()->getCurrentDeviceMute(TXMediaDeviceTypeMic);
}
#endif

#if RTC_DESKTOP
ITRTCDeviceCollection* Cloud::getSpeakerDevicesList() {
  return getDeviceManager()->getDevicesList(TXMediaDeviceTypeSpeaker);
}
#endif

#if RTC_DESKTOP
ITRTCDeviceInfo* Cloud::getCurrentSpeakerDevice() {
  return getDeviceManager()->getCurrentDevice(TXMediaDeviceTypeSpeaker);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentSpeakerDevice(const char* speakerId) {
  getDeviceManager()->setCurrentDevice(TXMediaDeviceTypeSpeaker, speakerId);
}
#endif

#if RTC_DESKTOP
uint32_t Cloud::getCurrentSpeakerVolume() {
  return getDeviceManager()->getCurrentDeviceVolume(TXMediaDeviceTypeSpeaker);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentSpeakerVolume(uint32_t volume) {
  getDeviceManager()->setCurrentDeviceVolume(TXMediaDeviceTypeSpeaker, volume);
}
#endif

#if RTC_DESKTOP
bool Cloud::getCurrentSpeakerDeviceMute() {
  return getDeviceManager()->getCurrentDeviceMute(TXMediaDeviceTypeSpeaker);
}
#endif

#if RTC_DESKTOP
void Cloud::setCurrentSpeakerDeviceMute(bool mute) {
  getDeviceManager()->setCurrentDeviceMute(TXMediaDeviceTypeSpeaker, mute);
}
#endif

#if RTC_DESKTOP
void Cloud::startCameraDeviceTest(TXView renderView) {
  getDeviceManager()->startCameraDeviceTest(renderView);
}
#endif

#if RTC_WINDOWS
void Cloud::startCameraDeviceTest(ITRTCVideoRenderCallback* callback) {
  getDeviceManager()->startCameraDeviceTest(callback);
}
#endif

#if RTC_DESKTOP
void Cloud::stopCameraDeviceTest() {
  getDeviceManager()->stopCameraDeviceTest();
}
#endif

#if RTC_DESKTOP
void Cloud::startMicDeviceTest(uint32_t interval) {
  getDeviceManager()->startMicDeviceTest(interval);
}
#endif

#if RTC_DESKTOP
void Cloud::stopMicDeviceTest() {
  getDeviceManager()->stopMicDeviceTest();
}
#endif

#if RTC_DESKTOP
void Cloud::startSpeakerDeviceTest(const char* testAudioFilePath) {
  getDeviceManager()->startSpeakerDeviceTest(testAudioFilePath);
}
#endif

#if RTC_DESKTOP
void Cloud::stopSpeakerDeviceTest() {
  getDeviceManager()->stopSpeakerDeviceTest();
}
#endif

#if RTC_DESKTOP
void Cloud::selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
    bool captureMouse, bool highlightWindow) {
  TRTCScreenCaptureProperty property;
  property.enableCaptureMouse = static_cast<decltype(property.enableCaptureMouse)>(captureMouse);
  property.enableHighLight = static_cast<decltype(property.enableHighLight)>(highlightWindow);
  selectScreenCaptureTarget(source, captureRect, property);
}
#endif

void Cloud::setVideoEncoderRotation(TRTCVideoRotation rotation) {
  Json arguments = Json::object();
  arguments.set("rotation", static_cast<int>(rotation));
  call(handle(), "setVideoEncoderRotation", arguments);
}

void Cloud::setVideoEncoderMirror(bool mirror) {
  Json arguments = Json::object();
  arguments.set("mirror", mirror);
  call(handle(), "setVideoEncoderMirror", arguments);
}

void Cloud::startPublishing(const char* streamId, TRTCVideoStreamType streamType) {
  Json arguments = Json::object();
  arguments.set("streamId", streamId);
  arguments.set("streamType", static_cast<int>(streamType));
  call(handle(), "startPublishing", arguments);
}

void Cloud::stopPublishing() {
  call(handle(), "stopPublishing", Json::object());
}

void Cloud::startPublishCDNStream(const TRTCPublishCDNParam& param) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  call(handle(), "startPublishCDNStream", arguments);
}

void Cloud::stopPublishCDNStream() {
  call(handle(), "stopPublishCDNStream", Json::object());
}

void Cloud::setMixTranscodingConfig(TRTCTranscodingConfig* config) {
  Json arguments = Json::object();
  arguments.set("config", config == nullptr ? Json() : to_json(*config));
  call(handle(), "setMixTranscodingConfig", arguments);
}

}  // namespace detail
}  // namespace liteav
