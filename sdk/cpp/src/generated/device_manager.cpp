// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// ITXDeviceManager, asked of the engine in JSON.
#include "cloud.h"
#include "structs.h"

namespace liteav {
namespace detail {

#if RTC_MOBILE
bool DeviceManager::isFrontCamera() {
  return call(handle(), "device.isFrontCamera", Json::object()).boolean();
}
#endif

#if RTC_MOBILE
int DeviceManager::switchCamera(bool frontCamera) {
  Json arguments = Json::object();
  arguments.set("frontCamera", frontCamera);
  int code = 0;
  const Json answer = call(handle(), "device.switchCamera", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_MOBILE
float DeviceManager::getCameraZoomMaxRatio() {
  return static_cast<float>(call(handle(), "device.getCameraZoomMaxRatio", Json::object()).number());
}
#endif

#if RTC_MOBILE
int DeviceManager::setCameraZoomRatio(float zoomRatio) {
  Json arguments = Json::object();
  arguments.set("zoomRatio", zoomRatio);
  int code = 0;
  const Json answer = call(handle(), "device.setCameraZoomRatio", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_MOBILE
bool DeviceManager::isAutoFocusEnabled() {
  return call(handle(), "device.isAutoFocusEnabled", Json::object()).boolean();
}
#endif

#if RTC_MOBILE
int DeviceManager::enableCameraAutoFocus(bool enabled) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  int code = 0;
  const Json answer = call(handle(), "device.enableCameraAutoFocus", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_MOBILE
int DeviceManager::setCameraFocusPosition(float x, float y) {
  Json arguments = Json::object();
  arguments.set("x", x);
  arguments.set("y", y);
  int code = 0;
  const Json answer = call(handle(), "device.setCameraFocusPosition", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_MOBILE
int DeviceManager::enableCameraTorch(bool enabled) {
  Json arguments = Json::object();
  arguments.set("enabled", enabled);
  int code = 0;
  const Json answer = call(handle(), "device.enableCameraTorch", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_MOBILE
int DeviceManager::setAudioRoute(TXAudioRoute route) {
  Json arguments = Json::object();
  arguments.set("route", static_cast<int>(route));
  int code = 0;
  const Json answer = call(handle(), "device.setAudioRoute", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::setCurrentDevice(TXMediaDeviceType type, const char* deviceId) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  arguments.set("deviceId", deviceId);
  int code = 0;
  const Json answer = call(handle(), "device.setCurrentDevice", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::setCurrentDeviceVolume(TXMediaDeviceType type, uint32_t volume) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  arguments.set("volume", volume);
  int code = 0;
  const Json answer = call(handle(), "device.setCurrentDeviceVolume", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
uint32_t DeviceManager::getCurrentDeviceVolume(TXMediaDeviceType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  return call(handle(), "device.getCurrentDeviceVolume", arguments).u32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::setCurrentDeviceMute(TXMediaDeviceType type, bool mute) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  arguments.set("mute", mute);
  int code = 0;
  const Json answer = call(handle(), "device.setCurrentDeviceMute", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
bool DeviceManager::getCurrentDeviceMute(TXMediaDeviceType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  return call(handle(), "device.getCurrentDeviceMute", arguments).boolean();
}
#endif

#if RTC_DESKTOP
int DeviceManager::enableFollowingDefaultAudioDevice(TXMediaDeviceType type, bool enable) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  arguments.set("enable", enable);
  int code = 0;
  const Json answer = call(handle(), "device.enableFollowingDefaultAudioDevice", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::startCameraDeviceTest(void* view) {
  Json arguments = Json::object();
  arguments.set("view", Json::pointer(view));
  int code = 0;
  const Json answer = call(handle(), "device.startCameraDeviceTest", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::stopCameraDeviceTest() {
  int code = 0;
  const Json answer = call(handle(), "device.stopCameraDeviceTest", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::startMicDeviceTest(uint32_t interval) {
  Json arguments = Json::object();
  arguments.set("interval", interval);
  int code = 0;
  const Json answer = call(handle(), "device.startMicDeviceTest", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::startMicDeviceTest(uint32_t interval, bool playback) {
  Json arguments = Json::object();
  arguments.set("interval", interval);
  arguments.set("playback", playback);
  int code = 0;
  const Json answer = call(handle(), "device.startMicDeviceTestWithPlayback", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::stopMicDeviceTest() {
  int code = 0;
  const Json answer = call(handle(), "device.stopMicDeviceTest", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::startSpeakerDeviceTest(const char* filePath) {
  Json arguments = Json::object();
  arguments.set("filePath", filePath);
  int code = 0;
  const Json answer = call(handle(), "device.startSpeakerDeviceTest", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_DESKTOP
int DeviceManager::stopSpeakerDeviceTest() {
  int code = 0;
  const Json answer = call(handle(), "device.stopSpeakerDeviceTest", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_WINDOWS
int DeviceManager::setApplicationPlayVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  int code = 0;
  const Json answer = call(handle(), "device.setApplicationPlayVolume", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_WINDOWS
int DeviceManager::getApplicationPlayVolume() {
  int code = 0;
  const Json answer = call(handle(), "device.getApplicationPlayVolume", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_WINDOWS
int DeviceManager::setApplicationMuteState(bool bMute) {
  Json arguments = Json::object();
  arguments.set("bMute", bMute);
  int code = 0;
  const Json answer = call(handle(), "device.setApplicationMuteState", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

#if RTC_WINDOWS
bool DeviceManager::getApplicationMuteState() {
  return call(handle(), "device.getApplicationMuteState", Json::object()).boolean();
}
#endif

#if RTC_DESKTOP
void DeviceManager::setCameraCapturerParam(const TXCameraCaptureParam& params) {
  Json arguments = Json::object();
  arguments.set("params", to_json(params));
  call(handle(), "device.setCameraCapturerParam", arguments);
}
#endif

#if RTC_MOBILE
int DeviceManager::setSystemVolumeType(TXSystemVolumeType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  int code = 0;
  const Json answer = call(handle(), "device.setSystemVolumeType", arguments, &code);
  return answer.is_null() ? code : answer.i32();
}
#endif

}  // namespace detail
}  // namespace liteav
