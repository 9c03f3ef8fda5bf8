// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Methods that have something better beside them.
#ifndef RTC_ENGINE_IDEPRECATEDTRTCCLOUD_H_
#define RTC_ENGINE_IDEPRECATEDTRTCCLOUD_H_

#include "TRTCTypeDef.h"

namespace liteav {

class ITRTCVideoFrameCallback;
class ITRTCVideoRenderCallback;

/// Methods of earlier versions that have something better beside them.
class IDeprecatedTRTCCloud {
 protected:
  virtual ~IDeprecatedTRTCCloud() {}

 public:
  /// Deprecated. `enableAudioVolumeEvaluation` with parameters does this; 0 ends it.
  /// @param interval Milliseconds between two reports.
  virtual void enableAudioVolumeEvaluation(uint32_t interval) = 0;

  /// Deprecated. `enableAudioVolumeEvaluation` with parameters does this; 0 ends it.
  /// @param interval Milliseconds between two reports.
  /// @param enable_vad Whether it is told if the own sound is a voice.
  virtual void enableAudioVolumeEvaluation(uint32_t interval, bool enable_vad) = 0;

  /// Deprecated. `startLocalAudio` with a quality does this.
  virtual void startLocalAudio() = 0;

  /// Deprecated. `startRemoteView` with a stream does this.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param rendView Where it is shown; null for nowhere.
  virtual void startRemoteView(const char* userId, TXView rendView) = 0;

  /// Deprecated. `stopRemoteView` with a stream does this.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void stopRemoteView(const char* userId) = 0;

  /// Deprecated. How the own picture fits its view; see `setLocalRenderParams`.
  /// @param mode How a picture fits a view of another shape.
  virtual void setLocalViewFillMode(TRTCVideoFillMode mode) = 0;

  /// Deprecated. How the own picture is turned; see `setLocalRenderParams`.
  /// @param rotation A turn, clockwise.
  virtual void setLocalViewRotation(TRTCVideoRotation rotation) = 0;

  /// Deprecated. Whether the own picture is mirrored; see `setLocalRenderParams`.
  /// @param mirror Whether it is mirrored.
  virtual void setLocalViewMirror(bool mirror) = 0;

  /// Deprecated. How a user's picture fits its view; see `setRemoteRenderParams`.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param mode How a picture fits a view of another shape.
  virtual void setRemoteViewFillMode(const char* userId, TRTCVideoFillMode mode) = 0;

  /// Deprecated. How a user's picture is turned; see `setRemoteRenderParams`.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param rotation A turn, clockwise.
  virtual void setRemoteViewRotation(const char* userId, TRTCVideoRotation rotation) = 0;

  /// Deprecated. `startRemoteView` with the sub stream does this.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param rendView Where it is shown; null for nowhere.
  virtual void startRemoteSubStreamView(const char* userId, TXView rendView) = 0;

  /// Deprecated. `stopRemoteView` with the sub stream does this.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void stopRemoteSubStreamView(const char* userId) = 0;

  /// Deprecated. How a user's screen fits its view; see `setRemoteRenderParams`.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param mode How a picture fits a view of another shape.
  virtual void setRemoteSubStreamViewFillMode(const char* userId, TRTCVideoFillMode mode) = 0;

  /// Deprecated. How a user's screen is turned; see `setRemoteRenderParams`.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param rotation A turn, clockwise.
  virtual void setRemoteSubStreamViewRotation(const char* userId, TRTCVideoRotation rotation) = 0;

  /// Deprecated. `startLocalAudio` takes the quality.
  /// @param quality What the own sound is optimised for.
  virtual void setAudioQuality(TRTCAudioQuality quality) = 0;

  /// Deprecated. Which size of the camera is received of everybody; see `setRemoteVideoStreamType`.
  /// @param type Which of a user's video streams is meant.
  virtual void setPriorRemoteVideoStreamType(TRTCVideoStreamType type) = 0;

  /// Deprecated. `setVoiceCaptureVolume` of the audio effects does this.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setMicVolumeOnMixing(uint32_t volume) = 0;

  /// Deprecated. Plays background music; see `startPlayMusic` of the audio effects.
  /// @param path The file or folder.
  virtual void playBGM(const char* path) = 0;

  /// Deprecated. Ends it.
  virtual void stopBGM() = 0;

  /// Deprecated. Stops it for a while.
  virtual void pauseBGM() = 0;

  /// Deprecated. Goes on with it.
  virtual void resumeBGM() = 0;

  /// Deprecated. Its length in ms; an empty path is what plays.
  /// @param path The file or folder.
  virtual uint32_t getBGMDuration(const char* path) = 0;

  /// Deprecated. Goes to a place in it, in ms.
  /// @param pos Milliseconds from its beginning.
  virtual void setBGMPosition(uint32_t pos) = 0;

  /// Deprecated. How loud it is played and sent, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setBGMVolume(uint32_t volume) = 0;

  /// Deprecated. How loud it is played, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setBGMPlayoutVolume(uint32_t volume) = 0;

  /// Deprecated. How loud it is sent, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setBGMPublishVolume(uint32_t volume) = 0;

  /// Deprecated. Plays a short sound; see `startPlayMusic` of the audio effects.
  /// @param effect A short sound (old interface).
  virtual void playAudioEffect(TRTCAudioEffectParam* effect) = 0;

  /// Deprecated. How loud one is, 0 to 100.
  /// @param effectId The sound, by the number it was started with.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setAudioEffectVolume(int effectId, int volume) = 0;

  /// Deprecated. Ends one.
  /// @param effectId The sound, by the number it was started with.
  virtual void stopAudioEffect(int effectId) = 0;

  /// Deprecated. Ends all of them.
  virtual void stopAllAudioEffects() = 0;

  /// Deprecated. How loud all of them are, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setAllAudioEffectsVolume(int volume) = 0;

  /// Deprecated. Stops one for a while.
  /// @param effectId The sound, by the number it was started with.
  virtual void pauseAudioEffect(int effectId) = 0;

  /// Deprecated. Goes on with one.
  /// @param effectId The sound, by the number it was started with.
  virtual void resumeAudioEffect(int effectId) = 0;

  /// Deprecated. `enableCustomVideoCapture` with a stream does this.
  /// @param enable Whether it is on.
  virtual void enableCustomVideoCapture(bool enable) = 0;

  /// Deprecated. `sendCustomVideoData` with a stream does this.
  /// @param frame A picture.
  virtual void sendCustomVideoData(TRTCVideoFrame* frame) = 0;

  /// Deprecated. `muteLocalVideo` with a stream does this.
  /// @param mute Whether it is muted.
  virtual void muteLocalVideo(bool mute) = 0;

  /// Deprecated. `muteRemoteVideoStream` with a stream does this.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param mute Whether it is muted.
  virtual void muteRemoteVideoStream(const char* userId, bool mute) = 0;

  /// Deprecated. `startSpeedTest` with parameters does this.
  /// @param sdkAppId The application.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param userSig The user's proof.
  virtual void startSpeedTest(uint32_t sdkAppId, const char* userId, const char* userSig) = 0;

  /// Deprecated. `startScreenCapture` with a stream does this.
  /// @param rendView Where it is shown; null for nowhere.
  virtual void startScreenCapture(TXView rendView) = 0;

  /// Deprecated. `enableLocalVideoCustomProcess` and `setLocalVideoCustomProcessCallback` do this. Returns 0 or an
  /// error.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  /// @param callback Who is told; null for nobody.
  virtual int setLocalVideoProcessCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoFrameCallback* callback) = 0;

#if RTC_DESKTOP
  /// Deprecated. `getDevicesList` of the devices does this.
  virtual ITRTCDeviceCollection* getCameraDevicesList() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDevice` of the devices does this.
  /// @param deviceId The device, by the name it has for programs.
  virtual void setCurrentCameraDevice(const char* deviceId) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDevice` of the devices does this.
  virtual ITRTCDeviceInfo* getCurrentCameraDevice() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getDevicesList` of the devices does this.
  virtual ITRTCDeviceCollection* getMicDevicesList() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDevice` of the devices does this.
  virtual ITRTCDeviceInfo* getCurrentMicDevice() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDevice` of the devices does this.
  /// @param micId The microphone, by the name it has for programs.
  virtual void setCurrentMicDevice(const char* micId) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDeviceVolume` of the devices does this.
  virtual uint32_t getCurrentMicDeviceVolume() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDeviceVolume` of the devices does this.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setCurrentMicDeviceVolume(uint32_t volume) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDeviceMute` of the devices does this.
  /// @param mute Whether it is muted.
  virtual void setCurrentMicDeviceMute(bool mute) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDeviceMute` of the devices does this.
  virtual bool getCurrentMicDeviceMute() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getDevicesList` of the devices does this.
  virtual ITRTCDeviceCollection* getSpeakerDevicesList() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDevice` of the devices does this.
  virtual ITRTCDeviceInfo* getCurrentSpeakerDevice() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDevice` of the devices does this.
  /// @param speakerId The speaker, by the name it has for programs.
  virtual void setCurrentSpeakerDevice(const char* speakerId) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDeviceVolume` of the devices does this.
  virtual uint32_t getCurrentSpeakerVolume() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDeviceVolume` of the devices does this.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setCurrentSpeakerVolume(uint32_t volume) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `getCurrentDeviceMute` of the devices does this.
  virtual bool getCurrentSpeakerDeviceMute() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `setCurrentDeviceMute` of the devices does this.
  /// @param mute Whether it is muted.
  virtual void setCurrentSpeakerDeviceMute(bool mute) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `startCameraDeviceTest` of the devices does this.
  /// @param renderView Where it is shown; null for nowhere.
  virtual void startCameraDeviceTest(TXView renderView) = 0;
#endif

#if RTC_WINDOWS
  /// Deprecated. `startCameraDeviceTest` of the devices does this.
  /// @param callback Who is told; null for nobody.
  virtual void startCameraDeviceTest(ITRTCVideoRenderCallback* callback) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `stopCameraDeviceTest` of the devices does this.
  virtual void stopCameraDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `startMicDeviceTest` of the devices does this.
  /// @param interval Milliseconds between two reports.
  virtual void startMicDeviceTest(uint32_t interval) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `stopMicDeviceTest` of the devices does this.
  virtual void stopMicDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `startSpeakerDeviceTest` of the devices does this.
  /// @param testAudioFilePath The file.
  virtual void startSpeakerDeviceTest(const char* testAudioFilePath) = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `stopSpeakerDeviceTest` of the devices does this.
  virtual void stopSpeakerDeviceTest() = 0;
#endif

#if RTC_DESKTOP
  /// Deprecated. `selectScreenCaptureTarget` with properties does this.
  /// @param source A screen or window that can be shared.
  /// @param captureRect A rectangle in pixels.
  /// @param captureMouse Whether the mouse pointer is in the picture.
  /// @param highlightWindow Whether a frame is drawn around it.
  virtual void selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
      bool captureMouse = true, bool highlightWindow = true) = 0;
#endif

  /// Deprecated. How the sent picture is turned; only upright and upside down.
  /// @param rotation A turn, clockwise.
  virtual void setVideoEncoderRotation(TRTCVideoRotation rotation) = 0;

  /// Deprecated. Whether the sent picture is mirrored.
  /// @param mirror Whether it is mirrored.
  virtual void setVideoEncoderMirror(bool mirror) = 0;

  /// Deprecated. Gives the own stream a name on the CDN; see `startPublishMediaStream`.
  /// @param streamId A name for the stream.
  /// @param streamType Which of a user's video streams is meant.
  virtual void startPublishing(const char* streamId, TRTCVideoStreamType streamType) = 0;

  /// Deprecated. Ends that.
  virtual void stopPublishing() = 0;

  /// Deprecated. Pushes the own stream to an address; see `startPublishMediaStream`.
  /// @param param Where a stream is pushed (old interface).
  virtual void startPublishCDNStream(const TRTCPublishCDNParam& param) = 0;

  /// Deprecated. Ends that.
  virtual void stopPublishCDNStream() = 0;

  /// Deprecated. Mixes several users into one stream; null ends it. See `startPublishMediaStream`.
  /// @param config A mixed stream (old mixing interface).
  virtual void setMixTranscodingConfig(TRTCTranscodingConfig* config) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_IDEPRECATEDTRTCCLOUD_H_
