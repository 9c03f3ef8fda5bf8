// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Cameras, microphones and speakers: which there are, which is used, and tests of them.
#ifndef RTC_ENGINE_ITXDEVICEMANAGER_H_
#define RTC_ENGINE_ITXDEVICEMANAGER_H_

#include <stdint.h>

#include "TXLiteAVPlatform.h"

namespace liteav {

class ITRTCVideoRenderCallback;

/// Which volume of a phone the volume keys change.
enum TXSystemVolumeType {
  /// That of calls while the microphone is open, else that of media.
  TXSystemVolumeTypeAuto = 0,
  /// That of media.
  TXSystemVolumeTypeMedia = 1,
  /// That of calls.
  TXSystemVolumeTypeVOIP = 2,
};

/// Where a phone plays sound.
enum TXAudioRoute {
  /// The loudspeaker.
  TXAudioRouteSpeakerphone = 0,
  /// The earpiece.
  TXAudioRouteEarpiece = 1,
};

/// A kind of device.
enum TXMediaDeviceType {
  /// Not known.
  TXMediaDeviceTypeUnknown = -1,
  /// Microphones.
  TXMediaDeviceTypeMic = 0,
  /// Speakers.
  TXMediaDeviceTypeSpeaker = 1,
  /// Cameras.
  TXMediaDeviceTypeCamera = 2,
};

/// What happened to a device.
enum TXMediaDeviceState {
  /// It was plugged in.
  TXMediaDeviceStateAdd = 0,
  /// It was taken away.
  TXMediaDeviceStateRemove = 1,
  /// It is used now.
  TXMediaDeviceStateActive = 2,
  /// It is the system's default now.
  TXMediaDefaultDeviceChanged = 3,
};

/// How the size of the camera's picture is chosen.
enum TXCameraCaptureMode {
  /// To fit the encoder.
  TXCameraResolutionStrategyAuto = 0,
  /// As small as the encoder allows, to save power.
  TXCameraResolutionStrategyPerformance = 1,
  /// Larger than the encoder needs, for a better preview.
  TXCameraResolutionStrategyHighQuality = 2,
  /// By width and height.
  TXCameraCaptureManual = 3,
};

/// The size of the camera's picture.
struct TXCameraCaptureParam {
  /// How it is chosen.
  TXCameraCaptureMode mode;
  /// Pixels across, for the manual mode.
  int width;
  /// Pixels down, for the manual mode.
  int height;

  TXCameraCaptureParam()
      : mode(TXCameraResolutionStrategyAuto),
        width(640),
        height(360) {}
};

/// A device.
class ITXDeviceInfo {
 protected:
  virtual ~ITXDeviceInfo() {}

 public:
  /// Gives it back.
  virtual void release() = 0;

  /// Its name for programs; lives as long as the object.
  virtual const char* getDevicePID() = 0;

  /// Its name for people; lives as long as the object.
  virtual const char* getDeviceName() = 0;
};

/// A list of devices.
class ITXDeviceCollection {
 protected:
  virtual ~ITXDeviceCollection() {}

 public:
  /// How many there are.
  virtual uint32_t getCount() = 0;

  /// The name of one for people; lives as long as the list.
  /// @param index Which, from 0.
  virtual const char* getDeviceName(uint32_t index) = 0;

  /// The name of one for programs; lives as long as the list.
  /// @param index Which, from 0.
  virtual const char* getDevicePID(uint32_t index) = 0;

  /// Further properties of one as JSON; lives as long as the list.
  /// @param index Which, from 0.
  virtual const char* getDeviceProperties(uint32_t index) = 0;

  /// Gives the list back.
  virtual void release() = 0;
};

#if RTC_DESKTOP
/// Is told when devices come and go.
class ITXDeviceObserver {
 public:
  virtual ~ITXDeviceObserver() {}

  /// A device came, went, is used now, or is the system's default now.
  /// @param deviceId The device, by the name it has for programs.
  /// @param type A kind of device.
  /// @param state What happened to a device.
  virtual void onDeviceChanged(const char* deviceId, TXMediaDeviceType type, TXMediaDeviceState state) {
    (void)deviceId;
    (void)type;
    (void)state;
  }
};
#endif

/// Cameras, microphones and speakers. Methods that return a number return 0, or an error below zero.
class ITXDeviceManager {
 protected:
  virtual ~ITXDeviceManager() {}

 public:
#if RTC_MOBILE
  /// Whether the front camera is used.
  virtual bool isFrontCamera() = 0;
#endif

#if RTC_MOBILE
  /// Uses the front camera, or the other.
  /// @param frontCamera Whether it is the front camera.
  virtual int switchCamera(bool frontCamera) = 0;
#endif

#if RTC_MOBILE
  /// How near the camera can look.
  virtual float getCameraZoomMaxRatio() = 0;
#endif

#if RTC_MOBILE
  /// How near it looks, from 1 to what it can.
  /// @param zoomRatio From 1 to what the camera can.
  virtual int setCameraZoomRatio(float zoomRatio) = 0;
#endif

#if RTC_MOBILE
  /// Whether it follows faces.
  virtual bool isAutoFocusEnabled() = 0;
#endif

#if RTC_MOBILE
  /// Whether it shall.
  /// @param enabled Whether it is on.
  virtual int enableCameraAutoFocus(bool enabled) = 0;
#endif

#if RTC_MOBILE
  /// Where it focuses, in points of the view.
  /// @param x From the left, in points.
  /// @param y From above, in points.
  virtual int setCameraFocusPosition(float x, float y) = 0;
#endif

#if RTC_MOBILE
  /// Whether its light is on.
  /// @param enabled Whether it is on.
  virtual int enableCameraTorch(bool enabled) = 0;
#endif

#if RTC_MOBILE
  /// Where sound is played.
  /// @param route Where a phone plays sound.
  virtual int setAudioRoute(TXAudioRoute route) = 0;
#endif

#if RTC_DESKTOP
  /// The devices of a kind. Release the list.
  /// @param type A kind of device.
  virtual ITXDeviceCollection* getDevicesList(TXMediaDeviceType type) = 0;
#endif

#if RTC_DESKTOP
  /// Uses another device, by the name it has for programs.
  /// @param type A kind of device.
  /// @param deviceId The device, by the name it has for programs.
  virtual int setCurrentDevice(TXMediaDeviceType type, const char* deviceId) = 0;
#endif

#if RTC_DESKTOP
  /// The device that is used. Release it.
  /// @param type A kind of device.
  virtual ITXDeviceInfo* getCurrentDevice(TXMediaDeviceType type) = 0;
#endif

#if RTC_DESKTOP
  /// The system's volume of the microphone or speaker that is used, 0 to 100.
  /// @param type A kind of device.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual int setCurrentDeviceVolume(TXMediaDeviceType type, uint32_t volume) = 0;
#endif

#if RTC_DESKTOP
  /// The system's volume of the microphone or speaker that is used.
  /// @param type A kind of device.
  virtual uint32_t getCurrentDeviceVolume(TXMediaDeviceType type) = 0;
#endif

#if RTC_DESKTOP
  /// Mutes the microphone or speaker that is used, for all programs.
  /// @param type A kind of device.
  /// @param mute Whether it is muted.
  virtual int setCurrentDeviceMute(TXMediaDeviceType type, bool mute) = 0;
#endif

#if RTC_DESKTOP
  /// Whether it is muted.
  /// @param type A kind of device.
  virtual bool getCurrentDeviceMute(TXMediaDeviceType type) = 0;
#endif

#if RTC_DESKTOP
  /// Whether microphone or speaker changes when the system's default does.
  /// @param type A kind of device.
  /// @param enable Whether it is on.
  virtual int enableFollowingDefaultAudioDevice(TXMediaDeviceType type, bool enable) = 0;
#endif

#if RTC_DESKTOP
  /// Shows the camera without publishing it.
  /// @param view Where it is shown; null for nowhere.
  virtual int startCameraDeviceTest(void* view) = 0;
#endif

#if RTC_DESKTOP
  /// Ends that.
  virtual int stopCameraDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Tells how loud the microphone is, by `onTestMicVolume` every so many ms.
  /// @param interval Milliseconds between two reports.
  virtual int startMicDeviceTest(uint32_t interval) = 0;
#endif

#if RTC_DESKTOP
  /// Tells how loud the microphone is, and plays what it hears if wanted.
  /// @param interval Milliseconds between two reports.
  /// @param playback Whether one hears it.
  virtual int startMicDeviceTest(uint32_t interval, bool playback) = 0;
#endif

#if RTC_DESKTOP
  /// Ends that.
  virtual int stopMicDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Plays a file, and tells how loud it is by `onTestSpeakerVolume`.
  /// @param filePath The file.
  virtual int startSpeakerDeviceTest(const char* filePath) = 0;
#endif

#if RTC_DESKTOP
  /// Ends that.
  virtual int stopSpeakerDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Gives the camera's pictures without publishing them.
  /// @param callback Who is told; null for nobody.
  virtual int startCameraDeviceTest(ITRTCVideoRenderCallback* callback) = 0;
#endif

#if RTC_WINDOWS
  /// The volume of this program in the system's mixer, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual int setApplicationPlayVolume(int volume) = 0;
#endif

#if RTC_WINDOWS
  /// The volume of this program in the system's mixer.
  virtual int getApplicationPlayVolume() = 0;
#endif

#if RTC_WINDOWS
  /// Whether this program is muted in the system's mixer.
  /// @param bMute Whether it is muted.
  virtual int setApplicationMuteState(bool bMute) = 0;
#endif

#if RTC_WINDOWS
  /// Whether this program is muted in the system's mixer.
  virtual bool getApplicationMuteState() = 0;
#endif

#if RTC_DESKTOP
  /// The size of the camera's picture.
  /// @param params The size of the camera's picture.
  virtual void setCameraCapturerParam(const TXCameraCaptureParam& params) = 0;
#endif

#if RTC_DESKTOP
  /// Who is told when devices come and go; null takes it away.
  /// @param observer Who is told; null for nobody.
  virtual void setDeviceObserver(ITXDeviceObserver* observer) = 0;
#endif

#if RTC_MOBILE
  /// Which volume the keys of the phone change.
  /// @param type Which volume of a phone the volume keys change.
  virtual int setSystemVolumeType(TXSystemVolumeType type) = 0;
#endif
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITXDEVICEMANAGER_H_
