// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// ITRTCCloud, asked of the engine in JSON.
#include "cloud.h"
#include "structs.h"

namespace liteav {
namespace detail {

void Cloud::enterRoom(const TRTCParams& param, TRTCAppScene scene) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  arguments.set("scene", static_cast<int>(scene));
  call(handle(), "enterRoom", arguments);
}

void Cloud::exitRoom() {
  call(handle(), "exitRoom", Json::object());
}

void Cloud::switchRole(TRTCRoleType role) {
  Json arguments = Json::object();
  arguments.set("role", static_cast<int>(role));
  call(handle(), "switchRole", arguments);
}

void Cloud::switchRole(TRTCRoleType role, const char* privateMapKey) {
  Json arguments = Json::object();
  arguments.set("role", static_cast<int>(role));
  arguments.set("privateMapKey", privateMapKey);
  call(handle(), "switchRoleWithKey", arguments);
}

void Cloud::switchRoom(const TRTCSwitchRoomConfig& config) {
  Json arguments = Json::object();
  arguments.set("config", to_json(config));
  call(handle(), "switchRoom", arguments);
}

void Cloud::connectOtherRoom(const char* param) {
  Json arguments = Json::object();
  arguments.set("param", param);
  call(handle(), "connectOtherRoom", arguments);
}

void Cloud::disconnectOtherRoom() {
  call(handle(), "disconnectOtherRoom", Json::object());
}

void Cloud::setDefaultStreamRecvMode(bool autoRecvAudio, bool autoRecvVideo) {
  Json arguments = Json::object();
  arguments.set("autoRecvAudio", autoRecvAudio);
  arguments.set("autoRecvVideo", autoRecvVideo);
  call(handle(), "setDefaultStreamRecvMode", arguments);
}

void Cloud::updateOtherRoomForwardMode(const char* param) {
  Json arguments = Json::object();
  arguments.set("param", param);
  call(handle(), "updateOtherRoomForwardMode", arguments);
}

void Cloud::startPublishMediaStream(TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
    TRTCStreamMixingConfig* config) {
  Json arguments = Json::object();
  arguments.set("target", target == nullptr ? Json() : to_json(*target));
  arguments.set("params", params == nullptr ? Json() : to_json(*params));
  arguments.set("config", config == nullptr ? Json() : to_json(*config));
  call(handle(), "startPublishMediaStream", arguments);
}

void Cloud::updatePublishMediaStream(const char* taskId, TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
    TRTCStreamMixingConfig* config) {
  Json arguments = Json::object();
  arguments.set("taskId", taskId);
  arguments.set("target", target == nullptr ? Json() : to_json(*target));
  arguments.set("params", params == nullptr ? Json() : to_json(*params));
  arguments.set("config", config == nullptr ? Json() : to_json(*config));
  call(handle(), "updatePublishMediaStream", arguments);
}

void Cloud::stopPublishMediaStream(const char* taskId) {
  Json arguments = Json::object();
  arguments.set("taskId", taskId);
  call(handle(), "stopPublishMediaStream", arguments);
}

#if RTC_MOBILE
void Cloud::startLocalPreview(bool frontCamera, TXView view) {
  Json arguments = Json::object();
  arguments.set("frontCamera", frontCamera);
  arguments.set("view", Json::pointer(view));
  call(handle(), "startLocalPreviewWithCamera", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::startLocalPreview(TXView view) {
  Json arguments = Json::object();
  arguments.set("view", Json::pointer(view));
  call(handle(), "startLocalPreview", arguments);
}
#endif

void Cloud::updateLocalView(TXView view) {
  Json arguments = Json::object();
  arguments.set("view", Json::pointer(view));
  call(handle(), "updateLocalView", arguments);
}

void Cloud::stopLocalPreview() {
  call(handle(), "stopLocalPreview", Json::object());
}

void Cloud::muteLocalVideo(TRTCVideoStreamType streamType, bool mute) {
  Json arguments = Json::object();
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("mute", mute);
  call(handle(), "muteLocalVideo", arguments);
}

void Cloud::startRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("view", Json::pointer(view));
  call(handle(), "startRemoteView", arguments);
}

void Cloud::updateRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("view", Json::pointer(view));
  call(handle(), "updateRemoteView", arguments);
}

void Cloud::stopRemoteView(const char* userId, TRTCVideoStreamType streamType) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  call(handle(), "stopRemoteView", arguments);
}

void Cloud::stopAllRemoteView() {
  call(handle(), "stopAllRemoteView", Json::object());
}

void Cloud::muteRemoteVideoStream(const char* userId, TRTCVideoStreamType streamType, bool mute) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("mute", mute);
  call(handle(), "muteRemoteVideoStream", arguments);
}

void Cloud::muteAllRemoteVideoStreams(bool mute) {
  Json arguments = Json::object();
  arguments.set("mute", mute);
  call(handle(), "muteAllRemoteVideoStreams", arguments);
}

void Cloud::setVideoEncoderParam(const TRTCVideoEncParam& param) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  call(handle(), "setVideoEncoderParam", arguments);
}

void Cloud::setNetworkQosParam(const TRTCNetworkQosParam& param) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  call(handle(), "setNetworkQosParam", arguments);
}

void Cloud::setLocalRenderParams(const TRTCRenderParams& params) {
  Json arguments = Json::object();
  arguments.set("params", to_json(params));
  call(handle(), "setLocalRenderParams", arguments);
}

void Cloud::setRemoteRenderParams(const char* userId, TRTCVideoStreamType streamType, const TRTCRenderParams& params) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("params", to_json(params));
  call(handle(), "setRemoteRenderParams", arguments);
}

void Cloud::enableSmallVideoStream(bool enable, const TRTCVideoEncParam& smallVideoEncParam) {
  Json arguments = Json::object();
  arguments.set("enable", enable);
  arguments.set("smallVideoEncParam", to_json(smallVideoEncParam));
  call(handle(), "enableSmallVideoStream", arguments);
}

void Cloud::setRemoteVideoStreamType(const char* userId, TRTCVideoStreamType streamType) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  call(handle(), "setRemoteVideoStreamType", arguments);
}

void Cloud::snapshotVideo(const char* userId, TRTCVideoStreamType streamType, TRTCSnapshotSourceType sourceType) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("sourceType", static_cast<int>(sourceType));
  call(handle(), "snapshotVideo", arguments);
}

void Cloud::setGravitySensorAdaptiveMode(TRTCGravitySensorAdaptiveMode mode) {
  Json arguments = Json::object();
  arguments.set("mode", static_cast<int>(mode));
  call(handle(), "setGravitySensorAdaptiveMode", arguments);
}

void Cloud::startLocalAudio(TRTCAudioQuality quality) {
  Json arguments = Json::object();
  arguments.set("quality", static_cast<int>(quality));
  call(handle(), "startLocalAudio", arguments);
}

void Cloud::stopLocalAudio() {
  call(handle(), "stopLocalAudio", Json::object());
}

void Cloud::muteLocalAudio(bool mute) {
  Json arguments = Json::object();
  arguments.set("mute", mute);
  call(handle(), "muteLocalAudio", arguments);
}

void Cloud::muteRemoteAudio(const char* userId, bool mute) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("mute", mute);
  call(handle(), "muteRemoteAudio", arguments);
}

void Cloud::muteAllRemoteAudio(bool mute) {
  Json arguments = Json::object();
  arguments.set("mute", mute);
  call(handle(), "muteAllRemoteAudio", arguments);
}

void Cloud::setRemoteAudioVolume(const char* userId, int volume) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("volume", volume);
  call(handle(), "setRemoteAudioVolume", arguments);
}

void Cloud::setAudioCaptureVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setAudioCaptureVolume", arguments);
}

int Cloud::getAudioCaptureVolume() {
  int code = 0;
  const Json answer = call(handle(), "getAudioCaptureVolume", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}

void Cloud::setAudioPlayoutVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setAudioPlayoutVolume", arguments);
}

int Cloud::getAudioPlayoutVolume() {
  int code = 0;
  const Json answer = call(handle(), "getAudioPlayoutVolume", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}

void Cloud::enableAudioVolumeEvaluation(bool enable, const TRTCAudioVolumeEvaluateParams& params) {
  Json arguments = Json::object();
  arguments.set("enable", enable);
  arguments.set("params", to_json(params));
  call(handle(), "enableAudioVolumeEvaluation", arguments);
}

int Cloud::startAudioRecording(const TRTCAudioRecordingParams& param) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  int code = 0;
  const Json answer = call(handle(), "startAudioRecording", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

void Cloud::stopAudioRecording() {
  call(handle(), "stopAudioRecording", Json::object());
}

void Cloud::startLocalRecording(const TRTCLocalRecordingParams& params) {
  Json arguments = Json::object();
  arguments.set("params", to_json(params));
  call(handle(), "startLocalRecording", arguments);
}

void Cloud::stopLocalRecording() {
  call(handle(), "stopLocalRecording", Json::object());
}

void Cloud::setRemoteAudioParallelParams(const TRTCAudioParallelParams& params) {
  Json arguments = Json::object();
  arguments.set("params", to_json(params));
  call(handle(), "setRemoteAudioParallelParams", arguments);
}

void Cloud::enable3DSpatialAudioEffect(bool enabled) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  call(handle(), "enable3DSpatialAudioEffect", arguments);
}

void Cloud::updateSelf3DSpatialPosition(int position[3], float axisForward[3], float axisRight[3], float axisUp[3]) {
  Json arguments = Json::object();
  arguments.set("position", list(position, 3));
  arguments.set("axisForward", list(axisForward, 3));
  arguments.set("axisRight", list(axisRight, 3));
  arguments.set("axisUp", list(axisUp, 3));
  call(handle(), "updateSelf3DSpatialPosition", arguments);
}

void Cloud::updateRemote3DSpatialPosition(const char* userId, int position[3]) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("position", list(position, 3));
  call(handle(), "updateRemote3DSpatialPosition", arguments);
}

void Cloud::set3DSpatialReceivingRange(const char* userId, int range) {
  Json arguments = Json::object();
  arguments.set("userId", userId);
  arguments.set("range", range);
  call(handle(), "set3DSpatialReceivingRange", arguments);
}

void Cloud::setBeautyStyle(TRTCBeautyStyle style, uint32_t beautyLevel, uint32_t whitenessLevel,
    uint32_t ruddinessLevel) {
  Json arguments = Json::object();
  arguments.set("style", static_cast<int>(style));
  arguments.set("beautyLevel", beautyLevel);
  arguments.set("whitenessLevel", whitenessLevel);
  arguments.set("ruddinessLevel", ruddinessLevel);
  call(handle(), "setBeautyStyle", arguments);
}

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
void Cloud::startSystemAudioLoopback(const char* deviceName) {
  Json arguments = Json::object();
  arguments.set("deviceName", deviceName);
  call(handle(), "startSystemAudioLoopback", arguments);
}
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
void Cloud::stopSystemAudioLoopback() {
  call(handle(), "stopSystemAudioLoopback", Json::object());
}
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
void Cloud::setSystemAudioLoopbackVolume(uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setSystemAudioLoopbackVolume", arguments);
}
#endif

void Cloud::startScreenCapture(TXView view, TRTCVideoStreamType streamType, TRTCVideoEncParam* encParam) {
  Json arguments = Json::object();
  arguments.set("view", Json::pointer(view));
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("encParam", encParam == nullptr ? Json() : to_json(*encParam));
  call(handle(), "startScreenCapture", arguments);
}

void Cloud::stopScreenCapture() {
  call(handle(), "stopScreenCapture", Json::object());
}

void Cloud::pauseScreenCapture() {
  call(handle(), "pauseScreenCapture", Json::object());
}

void Cloud::resumeScreenCapture() {
  call(handle(), "resumeScreenCapture", Json::object());
}

#if RTC_DESKTOP
void Cloud::selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
    const TRTCScreenCaptureProperty& property) {
  Json arguments = Json::object();
  arguments.set("source", to_json(source));
  arguments.set("captureRect", to_json(captureRect));
  arguments.set("property", to_json(property));
  call(handle(), "selectScreenCaptureTarget", arguments);
}
#endif

void Cloud::setSubStreamEncoderParam(const TRTCVideoEncParam& param) {
  Json arguments = Json::object();
  arguments.set("param", to_json(param));
  call(handle(), "setSubStreamEncoderParam", arguments);
}

#if RTC_DESKTOP
void Cloud::setSubStreamMixVolume(uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "setSubStreamMixVolume", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::addExcludedShareWindow(TXView windowID) {
  Json arguments = Json::object();
  arguments.set("windowID", Json::pointer(windowID));
  call(handle(), "addExcludedShareWindow", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::removeExcludedShareWindow(TXView windowID) {
  Json arguments = Json::object();
  arguments.set("windowID", Json::pointer(windowID));
  call(handle(), "removeExcludedShareWindow", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::removeAllExcludedShareWindow() {
  call(handle(), "removeAllExcludedShareWindow", Json::object());
}
#endif

#if RTC_DESKTOP
void Cloud::addIncludedShareWindow(TXView windowID) {
  Json arguments = Json::object();
  arguments.set("windowID", Json::pointer(windowID));
  call(handle(), "addIncludedShareWindow", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::removeIncludedShareWindow(TXView windowID) {
  Json arguments = Json::object();
  arguments.set("windowID", Json::pointer(windowID));
  call(handle(), "removeIncludedShareWindow", arguments);
}
#endif

#if RTC_DESKTOP
void Cloud::removeAllIncludedShareWindow() {
  call(handle(), "removeAllIncludedShareWindow", Json::object());
}
#endif

void Cloud::enableCustomVideoCapture(TRTCVideoStreamType streamType, bool enable) {
  Json arguments = Json::object();
  arguments.set("streamType", static_cast<int>(streamType));
  arguments.set("enable", enable);
  call(handle(), "enableCustomVideoCapture", arguments);
}

void Cloud::enableCustomAudioCapture(bool enable) {
  Json arguments = Json::object();
  arguments.set("enable", enable);
  call(handle(), "enableCustomAudioCapture", arguments);
}

void Cloud::enableMixExternalAudioFrame(bool enablePublish, bool enablePlayout) {
  Json arguments = Json::object();
  arguments.set("enablePublish", enablePublish);
  arguments.set("enablePlayout", enablePlayout);
  call(handle(), "enableMixExternalAudioFrame", arguments);
}

void Cloud::setMixExternalAudioVolume(int publishVolume, int playoutVolume) {
  Json arguments = Json::object();
  arguments.set("publishVolume", publishVolume);
  arguments.set("playoutVolume", playoutVolume);
  call(handle(), "setMixExternalAudioVolume", arguments);
}

uint64_t Cloud::generateCustomPTS() {
  return call(handle(), "generateCustomPTS", Json::object()).u64();
}

int Cloud::setCapturedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) {
  Json arguments = Json::object();
  arguments.set("format", format == nullptr ? Json() : to_json(*format));
  int code = 0;
  const Json answer = call(handle(), "setCapturedAudioFrameCallbackFormat", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

int Cloud::setLocalProcessedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) {
  Json arguments = Json::object();
  arguments.set("format", format == nullptr ? Json() : to_json(*format));
  int code = 0;
  const Json answer = call(handle(), "setLocalProcessedAudioFrameCallbackFormat", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

int Cloud::setMixedPlayAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) {
  Json arguments = Json::object();
  arguments.set("format", format == nullptr ? Json() : to_json(*format));
  int code = 0;
  const Json answer = call(handle(), "setMixedPlayAudioFrameCallbackFormat", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

void Cloud::enableCustomAudioRendering(bool enable) {
  Json arguments = Json::object();
  arguments.set("enable", enable);
  call(handle(), "enableCustomAudioRendering", arguments);
}

int Cloud::startSpeedTest(const TRTCSpeedTestParams& params) {
  Json arguments = Json::object();
  arguments.set("params", to_json(params));
  int code = 0;
  const Json answer = call(handle(), "startSpeedTest", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

void Cloud::stopSpeedTest() {
  call(handle(), "stopSpeedTest", Json::object());
}

const char* Cloud::getSDKVersion() {
  return keep(call(handle(), "getSDKVersion", Json::object()));
}

void Cloud::setLogLevel(TRTCLogLevel level) {
  Json arguments = Json::object();
  arguments.set("level", static_cast<int>(level));
  call(handle(), "setLogLevel", arguments);
}

void Cloud::setConsoleEnabled(bool enabled) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  call(handle(), "setConsoleEnabled", arguments);
}

void Cloud::setLogCompressEnabled(bool enabled) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  call(handle(), "setLogCompressEnabled", arguments);
}

void Cloud::setLogDirPath(const char* path) {
  Json arguments = Json::object();
  arguments.set("path", path);
  call(handle(), "setLogDirPath", arguments);
}

void Cloud::showDebugView(int showType) {
  Json arguments = Json::object();
  arguments.set("showType", showType);
  call(handle(), "showDebugView", arguments);
}

int Cloud::enablePayloadPrivateEncryption(bool enabled, const TRTCPayloadPrivateEncryptionConfig& config) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  arguments.set("config", to_json(config));
  int code = 0;
  const Json answer = call(handle(), "enablePayloadPrivateEncryption", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}

}  // namespace detail
}  // namespace liteav
