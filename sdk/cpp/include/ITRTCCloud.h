// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Rooms, sound and pictures.
#ifndef RTC_ENGINE_ITRTCCLOUD_H_
#define RTC_ENGINE_ITRTCCLOUD_H_

#include "IDeprecatedTRTCCloud.h"
#include "ITXAudioEffectManager.h"
#include "ITXDeviceManager.h"
#include "TRTCCloudCallback.h"
#include "TRTCTypeDef.h"

namespace liteav {
class ITRTCCloud;
}

extern "C" {

#if RTC_ANDROID || RTC_OHOS
/// The main instance, made if it is not there. The context is that of the application.
/// @param context The context of the Android application.
TRTC_API liteav::ITRTCCloud* getTRTCShareInstance(void* context);
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
/// The main instance, made if it is not there.
TRTC_API liteav::ITRTCCloud* getTRTCShareInstance();
#endif

/// Ends the main instance. Leave the room first and wait for `onExitRoom`.
TRTC_API void destroyTRTCShareInstance();

}  // extern "C"

namespace liteav {

/// Rooms, sound and pictures: the object that everything begins with. Methods may be called from every thread; what
/// goes wrong is told by `onError`.
class ITRTCCloud : public IDeprecatedTRTCCloud {
 protected:
  virtual ~ITRTCCloud() {}

 public:
  // Overloads of the base that would be hidden otherwise.
  using IDeprecatedTRTCCloud::enableAudioVolumeEvaluation;
  using IDeprecatedTRTCCloud::startLocalAudio;
  using IDeprecatedTRTCCloud::startRemoteView;
  using IDeprecatedTRTCCloud::stopRemoteView;
  using IDeprecatedTRTCCloud::enableCustomVideoCapture;
  using IDeprecatedTRTCCloud::sendCustomVideoData;
  using IDeprecatedTRTCCloud::muteLocalVideo;
  using IDeprecatedTRTCCloud::muteRemoteVideoStream;
  using IDeprecatedTRTCCloud::startSpeedTest;
  using IDeprecatedTRTCCloud::startScreenCapture;
#if RTC_DESKTOP
  using IDeprecatedTRTCCloud::selectScreenCaptureTarget;
#endif

#if RTC_ANDROID || RTC_OHOS
  /// The main instance, made if it is not there. The context is that of the application.
  /// @param context The context of the Android application.
  TRTC_API static liteav::ITRTCCloud* getTRTCShareInstance(void* context);
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  /// The main instance, made if it is not there.
  TRTC_API static liteav::ITRTCCloud* getTRTCShareInstance();
#endif

  /// Ends the main instance. Leave the room first and wait for `onExitRoom`.
  TRTC_API static void destroyTRTCShareInstance();

  /// Adds somebody who is told of events. There may be several.
  /// @param callback Who is told; null for nobody.
  virtual void addCallback(ITRTCCloudCallback* callback) = 0;

  /// Takes one away; once this has returned it is not called any more.
  /// @param callback Who is told; null for nobody.
  virtual void removeCallback(ITRTCCloudCallback* callback) = 0;

  /// Enters a room, which begins with the first who enters. Answered by `onEnterRoom`. Leave before you enter again.
  /// @param param Who enters which room, and as what.
  /// @param scene What a room is for. Everybody in a room uses the same scene.
  virtual void enterRoom(const TRTCParams& param, TRTCAppScene scene) = 0;

  /// Leaves the room and gives microphone and camera back. Answered by `onExitRoom`; wait for it before you enter
  /// again.
  virtual void exitRoom() = 0;

  /// Becomes anchor or audience in a live room. Answered by `onSwitchRole`.
  /// @param role What a user may do in a live room. Calls have no roles.
  virtual void switchRole(TRTCRoleType role) = 0;

  /// Becomes anchor or audience, with a ticket for it. Answered by `onSwitchRole`.
  /// @param role What a user may do in a live room. Calls have no roles.
  /// @param privateMapKey The ticket.
  virtual void switchRole(TRTCRoleType role, const char* privateMapKey) = 0;

  /// Goes to another room; an anchor keeps publishing. Answered by `onSwitchRoom`.
  /// @param config The room to go to.
  virtual void switchRoom(const TRTCSwitchRoomConfig& config) = 0;

  /// Asks an anchor of another room to be seen and heard there, and the other way round. The text is JSON with `roomId`
  /// or `strRoomId`, and `userId`. Answered by `onConnectOtherRoom`.
  virtual void connectOtherRoom(const char* param) = 0;

  /// Ends all links to other rooms. Answered by `onDisconnectOtherRoom`.
  virtual void disconnectOtherRoom() = 0;

  /// Whether sound and pictures of others come by themselves. Call it before entering. Both do unless you say
  /// otherwise.
  /// @param autoRecvAudio Whether sound of others is played as soon as it is there.
  /// @param autoRecvVideo Whether pictures of others are received before they are viewed.
  virtual void setDefaultStreamRecvMode(bool autoRecvAudio, bool autoRecvVideo) = 0;

  /// Another instance with callbacks of its own, for a second room.
  virtual ITRTCCloud* createSubCloud() = 0;

  /// Ends such an instance. Leave its room first.
  virtual void destroySubCloud(ITRTCCloud* subCloud) = 0;

  /// Chooses what of a linked anchor reaches the own room. The text is JSON with `roomId` or `strRoomId`, `userId`, and
  /// `muteAudio`, `muteVideo`, `muteSubStream`. Answered by `onUpdateOtherRoomForwardMode`.
  virtual void updateOtherRoomForwardMode(const char* param) = 0;

  /// Pushes a stream to CDN addresses, or a mix back to a room. Answered by `onStartPublishMediaStream`, which names
  /// the task.
  /// @param target What is published where.
  /// @param params How a published stream is encoded.
  /// @param config How a mixed stream looks and sounds.
  virtual void startPublishMediaStream(TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config) = 0;

  /// Changes such a task; sound only, picture only and both cannot be exchanged. Answered by
  /// `onUpdatePublishMediaStream`.
  /// @param taskId The task, as it was named when it was started.
  /// @param target What is published where.
  /// @param params How a published stream is encoded.
  /// @param config How a mixed stream looks and sounds.
  virtual void updatePublishMediaStream(const char* taskId, TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config) = 0;

  /// Ends a task, or all own ones if the name is empty. Answered by `onStopPublishMediaStream`.
  /// @param taskId The task, as it was named when it was started.
  virtual void stopPublishMediaStream(const char* taskId) = 0;

#if RTC_MOBILE
  /// Opens the front or the other camera and shows it; in a room its picture is published. `onCameraDidReady` follows.
  /// @param frontCamera Whether it is the front camera.
  /// @param view Where it is shown; null for nowhere.
  virtual void startLocalPreview(bool frontCamera, TXView view) = 0;
#endif

#if RTC_DESKTOP
  /// Opens the camera and shows it; in a room its picture is published. `onCameraDidReady` follows.
  /// @param view Where it is shown; null for nowhere.
  virtual void startLocalPreview(TXView view) = 0;
#endif

  /// Shows the own picture in another view.
  /// @param view Where it is shown; null for nowhere.
  virtual void updateLocalView(TXView view) = 0;

  /// Closes the camera and ends its publishing.
  virtual void stopLocalPreview() = 0;

  /// Stops sending a picture and goes on, without closing the camera. The others are told.
  /// @param streamType Which of a user's video streams is meant.
  /// @param mute Whether it is muted.
  virtual void muteLocalVideo(TRTCVideoStreamType streamType, bool mute) = 0;

  /// A picture that is sent while the camera is muted, 5 to 10 times a second; null for none.
  /// @param image A picture in memory.
  /// @param fps Frames a second.
  virtual void setVideoMuteImage(TRTCImageBuffer* image, int fps) = 0;

  /// Asks for a user's picture and shows it. `onFirstVideoFrame` follows. Camera and screen can be seen at once, full
  /// and small size cannot.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param view Where it is shown; null for nowhere.
  virtual void startRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) = 0;

  /// Shows a user's picture in another view.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param view Where it is shown; null for nowhere.
  virtual void updateRemoteView(const char* userId, TRTCVideoStreamType streamType, TXView view) = 0;

  /// Does not show a user's picture any more, and does not receive it.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  virtual void stopRemoteView(const char* userId, TRTCVideoStreamType streamType) = 0;

  /// Does not show or receive anybody's picture any more.
  virtual void stopAllRemoteView() = 0;

  /// Does not receive a user's picture and goes on; the last frame stays. It may be called before the user is there,
  /// and lasts until the room is left.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param mute Whether it is muted.
  virtual void muteRemoteVideoStream(const char* userId, TRTCVideoStreamType streamType, bool mute) = 0;

  /// Does the same for everybody, those included who come later.
  /// @param mute Whether it is muted.
  virtual void muteAllRemoteVideoStreams(bool mute) = 0;

  /// How the camera's picture is encoded.
  /// @param param How a picture is encoded.
  virtual void setVideoEncoderParam(const TRTCVideoEncParam& param) = 0;

  /// What is given up first on a bad network.
  /// @param param How to react to a bad network.
  virtual void setNetworkQosParam(const TRTCNetworkQosParam& param) = 0;

  /// How the own picture is shown.
  /// @param params How a picture is shown.
  virtual void setLocalRenderParams(const TRTCRenderParams& params) = 0;

  /// How a user's picture is shown.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param params How a picture is shown.
  virtual void setRemoteRenderParams(const char* userId, TRTCVideoStreamType streamType,
      const TRTCRenderParams& params) = 0;

  /// Whether a second, small picture is encoded for those with little bandwidth.
  /// @param enable Whether it is on.
  /// @param smallVideoEncParam How a picture is encoded.
  virtual void enableSmallVideoStream(bool enable, const TRTCVideoEncParam& smallVideoEncParam) = 0;

  /// Whether a user's camera is received in full or small size.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  virtual void setRemoteVideoStreamType(const char* userId, TRTCVideoStreamType streamType) = 0;

  /// Takes a picture of a stream; an empty user is oneself. Answered by `onSnapshotComplete`.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param sourceType Where a snapshot is taken from.
  virtual void snapshotVideo(const char* userId, TRTCVideoStreamType streamType, TRTCSnapshotSourceType sourceType) = 0;

  /// How the own picture follows when the phone is turned.
  /// @param mode How the own picture follows when a phone is turned.
  virtual void setGravitySensorAdaptiveMode(TRTCGravitySensorAdaptiveMode mode) = 0;

  /// Opens the microphone; in a room its sound is published. `onMicDidReady` follows.
  /// @param quality What the own sound is optimised for.
  virtual void startLocalAudio(TRTCAudioQuality quality) = 0;

  /// Closes the microphone and ends its publishing.
  virtual void stopLocalAudio() = 0;

  /// Stops sending sound and goes on, without closing the microphone. The others are told.
  /// @param mute Whether it is muted.
  virtual void muteLocalAudio(bool mute) = 0;

  /// Does not hear a user, and goes on. It lasts until the room is left.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param mute Whether it is muted.
  virtual void muteRemoteAudio(const char* userId, bool mute) = 0;

  /// Does not hear anybody, those included who come later, and goes on.
  /// @param mute Whether it is muted.
  virtual void muteAllRemoteAudio(bool mute) = 0;

  /// How loud a user is played, 0 to 100, up to 150 with distortion; 100 at first.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setRemoteAudioVolume(const char* userId, int volume) = 0;

  /// How loud the own sound is sent, 0 to 100, up to 150 with distortion; 100 at first.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setAudioCaptureVolume(int volume) = 0;

  /// How loud the own sound is sent.
  virtual int getAudioCaptureVolume() = 0;

  /// How loud the others are played and recorded here, 0 to 100, up to 150 with distortion; 100 at first. Ear
  /// monitoring is not changed.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setAudioPlayoutVolume(int volume) = 0;

  /// How loud everything is played.
  virtual int getAudioPlayoutVolume() = 0;

  /// Whether `onUserVoiceVolume` tells how loud everybody is, also when nobody speaks.
  /// @param enable Whether it is on.
  /// @param params What is measured of voices.
  virtual void enableAudioVolumeEvaluation(bool enable, const TRTCAudioVolumeEvaluateParams& params) = 0;

  /// Records sound to a file. Returns 0, -1 if it runs already, -2 if the file cannot be made, -3 if its format is not
  /// known. It ends when the room is left.
  /// @param param What sound is recorded where.
  virtual int startAudioRecording(const TRTCAudioRecordingParams& param) = 0;

  /// Ends such a recording.
  virtual void stopAudioRecording() = 0;

  /// Records the own sound and picture to a file. `onLocalRecordBegin` follows. It ends when the room is left.
  /// @param params What is recorded where.
  virtual void startLocalRecording(const TRTCLocalRecordingParams& params) = 0;

  /// Ends such a recording. `onLocalRecordComplete` follows.
  virtual void stopLocalRecording() = 0;

  /// How many voices are played at once, and which are in any case.
  /// @param params How many voices are played at once.
  virtual void setRemoteAudioParallelParams(const TRTCAudioParallelParams& params) = 0;

  /// Whether voices come from where their speakers are.
  /// @param enabled Whether it is on.
  virtual void enable3DSpatialAudioEffect(bool enabled) = 0;

  /// Where one stands (forward, right, up) and looks: three axes of length 1.
  /// @param position Forward, right and up, in metres.
  /// @param axisForward The direction one looks in, a vector of length 1.
  /// @param axisRight The direction to one's right, a vector of length 1.
  /// @param axisUp The direction above one's head, a vector of length 1.
  virtual void updateSelf3DSpatialPosition(int position[3], float axisForward[3], float axisRight[3],
      float axisUp[3]) = 0;

  /// Where a user stands: forward, right, up.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param position Forward, right and up, in metres.
  virtual void updateRemote3DSpatialPosition(const char* userId, int position[3]) = 0;

  /// How far away a user can be heard; louder where nearer.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param range How far, in metres.
  virtual void set3DSpatialReceivingRange(const char* userId, int range) = 0;

  /// The devices of this instance. It belongs to the instance.
  virtual ITXDeviceManager* getDeviceManager() = 0;

  /// How faces are smoothed: levels from 0, off, to 9.
  /// @param style How skin is smoothed.
  /// @param beautyLevel 0, off, to 9.
  /// @param whitenessLevel 0, off, to 9.
  /// @param ruddinessLevel 0, off, to 9.
  virtual void setBeautyStyle(TRTCBeautyStyle style, uint32_t beautyLevel, uint32_t whitenessLevel,
      uint32_t ruddinessLevel) = 0;

  /// An image over the own picture: place and width as shares of the picture from 0 to 1, the height follows. The data
  /// are a path or pixels; null takes it away.
  /// @param streamType Which of a user's video streams is meant.
  /// @param srcData A path, or pixels; null takes it away.
  /// @param srcType What the data of a watermark are.
  /// @param nWidth Pixels across, for pixels.
  /// @param nHeight Pixels down, for pixels.
  /// @param xOffset Its left edge as a share of the picture, 0 to 1.
  /// @param yOffset Its upper edge as a share of the picture, 0 to 1.
  /// @param fWidthRatio Its width as a share of the picture, 0 to 1.
  /// @param isVisibleOnLocalPreview Whether it is in the own preview as well.
  virtual void setWaterMark(TRTCVideoStreamType streamType, const char* srcData, TRTCWaterMarkSrcType srcType,
      uint32_t nWidth, uint32_t nHeight, float xOffset, float yOffset, float fWidthRatio,
      bool isVisibleOnLocalPreview = false) = 0;

  /// Music and effects of this instance. It belongs to the instance.
  virtual ITXAudioEffectManager* getAudioEffectManager() = 0;

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  /// Publishes what the machine plays, or one program: its path, or `process_` and its number; `exclude_process_` and
  /// its number for all but it. Empty for everything.
  /// @param deviceName What is published; empty for everything.
  virtual void startSystemAudioLoopback(const char* deviceName = nullptr) = 0;
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  /// Publishes it no longer.
  virtual void stopSystemAudioLoopback() = 0;
#endif

#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  /// How loud it is sent, 0 to 150; 100 at first.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setSystemAudioLoopbackVolume(uint32_t volume) = 0;
#endif

  /// Publishes the chosen screen or window as the stream named, and shows it in the view. Null parameters keep those
  /// set before. `onScreenCaptureStarted` follows.
  /// @param view Where it is shown; null for nowhere.
  /// @param streamType Which of a user's video streams is meant.
  /// @param encParam How a picture is encoded.
  virtual void startScreenCapture(TXView view, TRTCVideoStreamType streamType, TRTCVideoEncParam* encParam) = 0;

  /// Publishes it no longer. `onScreenCaptureStoped` follows.
  virtual void stopScreenCapture() = 0;

  /// Stops for a while.
  virtual void pauseScreenCapture() = 0;

  /// Goes on.
  virtual void resumeScreenCapture() = 0;

#if RTC_DESKTOP
  /// The screens and windows that can be shared, with small pictures of the given sizes. Release the list.
  /// @param thumbnailSize A width and a height in pixels.
  /// @param iconSize A width and a height in pixels.
  virtual ITRTCScreenCaptureSourceList* getScreenCaptureSources(const SIZE& thumbnailSize, const SIZE& iconSize) = 0;
#endif

#if RTC_DESKTOP
  /// Chooses what is shared, now or later. An empty rectangle is the whole; it may be changed while sharing.
  /// @param source A screen or window that can be shared.
  /// @param captureRect A rectangle in pixels.
  /// @param property How a screen or window is shared.
  virtual void selectScreenCaptureTarget(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
      const TRTCScreenCaptureProperty& property) = 0;
#endif

  /// How the screen's picture is encoded.
  /// @param param How a picture is encoded.
  virtual void setSubStreamEncoderParam(const TRTCVideoEncParam& param) = 0;

#if RTC_DESKTOP
  /// How loud the shared sound is against the microphone, 0 to 100.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setSubStreamMixVolume(uint32_t volume) = 0;
#endif

#if RTC_DESKTOP
  /// Leaves a window out of a shared screen.
  /// @param windowID The window.
  virtual void addExcludedShareWindow(TXView windowID) = 0;
#endif

#if RTC_DESKTOP
  /// Takes it in again.
  /// @param windowID The window.
  virtual void removeExcludedShareWindow(TXView windowID) = 0;
#endif

#if RTC_DESKTOP
  /// Takes all of them in again.
  virtual void removeAllExcludedShareWindow() = 0;
#endif

#if RTC_DESKTOP
  /// Takes a window into the picture of a shared window.
  /// @param windowID The window.
  virtual void addIncludedShareWindow(TXView windowID) = 0;
#endif

#if RTC_DESKTOP
  /// Leaves it out again.
  /// @param windowID The window.
  virtual void removeIncludedShareWindow(TXView windowID) = 0;
#endif

#if RTC_DESKTOP
  /// Leaves all of them out again.
  virtual void removeAllIncludedShareWindow() = 0;
#endif

  /// Whether the application gives the pictures of a stream.
  /// @param streamType Which of a user's video streams is meant.
  /// @param enable Whether it is on.
  virtual void enableCustomVideoCapture(TRTCVideoStreamType streamType, bool enable) = 0;

  /// Gives one. It is copied before this returns.
  /// @param streamType Which of a user's video streams is meant.
  /// @param frame A picture.
  virtual void sendCustomVideoData(TRTCVideoStreamType streamType, TRTCVideoFrame* frame) = 0;

  /// Whether the application gives the own sound.
  /// @param enable Whether it is on.
  virtual void enableCustomAudioCapture(bool enable) = 0;

  /// Gives a piece, best of 20 ms. It is copied before this returns.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void sendCustomAudioData(TRTCAudioFrame* frame) = 0;

  /// Whether sound of the application is mixed into what is sent, and into what is played.
  /// @param enablePublish Whether it is sent.
  /// @param enablePlayout Whether it is played.
  virtual void enableMixExternalAudioFrame(bool enablePublish, bool enablePlayout) = 0;

  /// Gives a piece of it. Returns how many ms wait to be mixed, or -1 when mixing is not enabled; give the next when it
  /// falls under 50.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual int mixExternalAudioFrame(TRTCAudioFrame* frame) = 0;

  /// How loud it is sent and played, 0 to 100; -1 keeps what is.
  /// @param publishVolume How loud it is sent, 0 to 100; -1 keeps what is.
  /// @param playoutVolume How loud it is played, 0 to 100; -1 keeps what is.
  virtual void setMixExternalAudioVolume(int publishVolume, int playoutVolume) = 0;

  /// A timestamp in ms for frames of the application, on the engine's clock.
  virtual uint64_t generateCustomPTS() = 0;

  /// Whether the own picture goes through the application before it is encoded, and in which form. Returns 0 or an
  /// error.
  /// @param enable Whether it is on.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  virtual int enableLocalVideoCustomProcess(bool enable, TRTCVideoPixelFormat pixelFormat,
      TRTCVideoBufferType bufferType) = 0;

  /// Who gets those pictures; null takes it away.
  /// @param callback Who is told; null for nobody.
  virtual void setLocalVideoCustomProcessCallback(ITRTCVideoFrameCallback* callback) = 0;

  /// Who renders the own picture instead of the engine, in which form; null takes it away. Returns 0 or an error.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  /// @param callback Who is told; null for nobody.
  virtual int setLocalVideoRenderCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoRenderCallback* callback) = 0;

  /// Who renders a user's picture instead of the engine, in which form; null takes it away. Returns 0 or an error.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  /// @param callback Who is told; null for nobody.
  virtual int setRemoteVideoRenderCallback(const char* userId, TRTCVideoPixelFormat pixelFormat,
      TRTCVideoBufferType bufferType, ITRTCVideoRenderCallback* callback) = 0;

  /// Who hears the sound at five places; null takes it away. Returns 0 or an error.
  /// @param callback Who is told; null for nobody.
  virtual int setAudioFrameCallback(ITRTCAudioFrameCallback* callback) = 0;

  /// The form of the captured sound in the callback; null for the default. Returns 0 or an error.
  /// @param format How a callback wants its audio frames.
  virtual int setCapturedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) = 0;

  /// The form of the processed own sound in the callback; null for the default. Returns 0 or an error.
  /// @param format How a callback wants its audio frames.
  virtual int setLocalProcessedAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) = 0;

  /// The form of the mixed sound in the callback; null for the default. Returns 0 or an error.
  /// @param format How a callback wants its audio frames.
  virtual int setMixedPlayAudioFrameCallbackFormat(TRTCAudioFrameCallbackFormat* format) = 0;

  /// Whether the application plays the sound itself. Call it before entering.
  /// @param enable Whether it is on.
  virtual void enableCustomAudioRendering(bool enable) = 0;

  /// Fills a frame with the next sound to play; its rate, channels and length must be set.
  /// @param audioFrame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void getCustomAudioRenderingFrame(TRTCAudioFrame* audioFrame) = 0;

  /// Sends up to 1 KB to everybody in the room, 30 times a second at most. Reliable and ordered must both be so or not.
  /// Returns whether it was accepted.
  /// @param cmdId A number of the application's own, 0 to 10.
  /// @param data The bytes.
  /// @param reliable Whether lost messages are sent again.
  /// @param ordered Whether messages come in the order in which they were sent.
  virtual bool sendCustomCmdMsg(uint32_t cmdId, const uint8_t* data, uint32_t dataSize, bool reliable,
      bool ordered) = 0;

  /// Sends up to 1 KB within the own picture, in as many frames as said; receivers may get it more than once. Returns
  /// whether it was accepted.
  /// @param data The bytes.
  /// @param repeatCount In how many frames.
  virtual bool sendSEIMsg(const uint8_t* data, uint32_t dataSize, int32_t repeatCount) = 0;

  /// Tests the network; only before entering, and one at a time. Answered by `onSpeedTestResult`. Returns 0 or an
  /// error.
  /// @param params What a network test shall measure, and for whom.
  virtual int startSpeedTest(const TRTCSpeedTestParams& params) = 0;

  /// Ends such a test.
  virtual void stopSpeedTest() = 0;

  /// The version of the SDK.
  virtual const char* getSDKVersion() = 0;

  /// How much is written to the log file; nothing at first.
  /// @param level How much is logged: this level and those above it.
  virtual void setLogLevel(TRTCLogLevel level) = 0;

  /// Whether the log is printed as well.
  /// @param enabled Whether it is on.
  virtual void setConsoleEnabled(bool enabled) = 0;

  /// Whether the log file is compressed.
  /// @param enabled Whether it is on.
  virtual void setLogCompressEnabled(bool enabled) = 0;

  /// The folder of the log file. Call it before everything else.
  /// @param path The file or folder.
  virtual void setLogDirPath(const char* path) = 0;

  /// Who gets the lines of the log; null takes it away.
  /// @param callback Who is told; null for nobody.
  virtual void setLogCallback(ITRTCLogCallback* callback) = 0;

  /// Writes figures over the views: 0 none, 1 figures, 2 figures and events.
  /// @param showType 0 none, 1 figures, 2 figures and events.
  virtual void showDebugView(int showType) = 0;

  /// Does what its JSON says: `{"api":…,"params":…}`. There are `setServer` with `url`, where the engine is;
  /// `setServerCertificate` with `sha256`, 64 hexadecimal digits, the one certificate that is trusted; in C++ also
  /// `setEncodedDataProcessingListener` and `setAudioPacketExtraDataListener` with `listener`, the address of the
  /// object. Returns JSON with `code`, 0 or an error, and `message`.
  /// @param jsonStr What to do, as JSON.
  virtual const char* callExperimentalAPI(const char* jsonStr) = 0;

  /// Whether sound and pictures are encrypted from end to end with a key of the application. Call it before entering;
  /// it ends when the room is left. Returns 0, or -1 for a wrong key or salt.
  /// @param enabled Whether it is on.
  /// @param config A key that only the users of a room share.
  virtual int enablePayloadPrivateEncryption(bool enabled, const TRTCPayloadPrivateEncryptionConfig& config) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITRTCCLOUD_H_
