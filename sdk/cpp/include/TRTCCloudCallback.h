// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// What an application is told.
#ifndef RTC_ENGINE_TRTCCLOUDCALLBACK_H_
#define RTC_ENGINE_TRTCCLOUDCALLBACK_H_

#include "ITRTCStatistics.h"
#include "TRTCTypeDef.h"
#include "TXLiteAVCode.h"

namespace liteav {

/// What an application is told about rooms, sound and pictures. All come on one thread, one after the other.
class ITRTCCloudCallback {
 public:
  virtual ~ITRTCCloudCallback() {}

  /// Something failed and cannot be helped; tell the user, or leave the room.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  /// @param extraInfo Nothing today.
  virtual void onError(TXLiteAVError errCode, const char* errMsg, void* extraInfo) = 0;

  /// Something is wrong, but the engine goes on.
  /// @param warningCode What is wrong.
  /// @param warningMsg The same in words, for people.
  /// @param extraInfo Nothing today.
  virtual void onWarning(TXLiteAVWarning warningCode, const char* warningMsg, void* extraInfo) = 0;

  /// The room was entered: the ms it took, or an error code below zero, which `onError` tells as well.
  /// @param result The ms it took, or an error code below zero.
  virtual void onEnterRoom(int result) = 0;

  /// The room was left: 0 by the own call, 1 removed by the server, 2 the room was closed.
  /// @param reason Why, as a number; see the event.
  virtual void onExitRoom(int reason) = 0;

  /// The role was changed, or not.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onSwitchRole(TXLiteAVError errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// The room was changed, or not.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onSwitchRoom(TXLiteAVError errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// An anchor of another room is linked, or not.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onConnectOtherRoom(const char* userId, TXLiteAVError errCode, const char* errMsg) {
    (void)userId;
    (void)errCode;
    (void)errMsg;
  }

  /// The links to other rooms have ended, or not.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onDisconnectOtherRoom(TXLiteAVError errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// What of a linked anchor reaches the own room was changed, or not.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onUpdateOtherRoomForwardMode(TXLiteAVError errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// Somebody came: everybody in calls, anchors in live rooms.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void onRemoteUserEnterRoom(const char* userId) {
    (void)userId;
  }

  /// Somebody went: 0 by himself, 1 lost, 2 removed, 3 he is audience now.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param reason Why, as a number; see the event.
  virtual void onRemoteUserLeaveRoom(const char* userId, int reason) {
    (void)userId;
    (void)reason;
  }

  /// Somebody's camera can be seen now, or cannot any more.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param available Whether it can be had now.
  virtual void onUserVideoAvailable(const char* userId, bool available) {
    (void)userId;
    (void)available;
  }

  /// Somebody's screen can be seen now, or cannot any more.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param available Whether it can be had now.
  virtual void onUserSubStreamAvailable(const char* userId, bool available) {
    (void)userId;
    (void)available;
  }

  /// Somebody can be heard now, or cannot any more.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param available Whether it can be had now.
  virtual void onUserAudioAvailable(const char* userId, bool available) {
    (void)userId;
    (void)available;
  }

  /// The first picture is there; an empty user is oneself.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param width Pixels across.
  /// @param height Pixels down.
  virtual void onFirstVideoFrame(const char* userId, TRTCVideoStreamType streamType, int width, int height) {
    (void)userId;
    (void)streamType;
    (void)width;
    (void)height;
  }

  /// Somebody's first sound is there.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void onFirstAudioFrame(const char* userId) {
    (void)userId;
  }

  /// The first own picture was sent.
  /// @param streamType Which of a user's video streams is meant.
  virtual void onSendFirstLocalVideoFrame(TRTCVideoStreamType streamType) {
    (void)streamType;
  }

  /// The first own sound was sent.
  virtual void onSendFirstLocalAudioFrame() {}

  /// Somebody's picture plays, waits or has stopped, and why.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param status Whether a remote stream plays.
  /// @param reason Why a remote stream began, stopped or waits.
  /// @param extrainfo Nothing today.
  virtual void onRemoteVideoStatusUpdated(const char* userId, TRTCVideoStreamType streamType, TRTCAVStatusType status,
      TRTCAVStatusChangeReason reason, void* extrainfo) {
    (void)userId;
    (void)streamType;
    (void)status;
    (void)reason;
    (void)extrainfo;
  }

  /// Somebody's sound plays, waits or has stopped, and why.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param status Whether a remote stream plays.
  /// @param reason Why a remote stream began, stopped or waits.
  /// @param extrainfo Nothing today.
  virtual void onRemoteAudioStatusUpdated(const char* userId, TRTCAVStatusType status, TRTCAVStatusChangeReason reason,
      void* extrainfo) {
    (void)userId;
    (void)status;
    (void)reason;
    (void)extrainfo;
  }

  /// Somebody's picture has another size.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param newWidth Pixels across.
  /// @param newHeight Pixels down.
  virtual void onUserVideoSizeChanged(const char* userId, TRTCVideoStreamType streamType, int newWidth, int newHeight) {
    (void)userId;
    (void)streamType;
    (void)newWidth;
    (void)newHeight;
  }

  /// How good the network is, for oneself and the others; every 2 s.
  /// @param localQuality The network quality of a user.
  /// @param remoteQuality How good it is for the others.
  virtual void onNetworkQuality(TRTCQualityInfo localQuality, TRTCQualityInfo* remoteQuality,
      uint32_t remoteQualityCount) {
    (void)localQuality;
    (void)remoteQuality;
    (void)remoteQualityCount;
  }

  /// What was measured; every 2 s.
  /// @param statistics What is measured, every two seconds.
  virtual void onStatistics(const TRTCStatistics& statistics) {
    (void)statistics;
  }

  /// What a network test has found.
  /// @param result What a network test has found.
  virtual void onSpeedTestResult(const TRTCSpeedTestResult& result) {
    (void)result;
  }

  /// The engine cannot be reached; it is being tried again.
  virtual void onConnectionLost() {}

  /// It is tried again; told as often as it is.
  virtual void onTryToReconnect() {}

  /// The engine can be reached again.
  virtual void onConnectionRecovery() {}

  /// The camera is open.
  virtual void onCameraDidReady() {}

  /// The microphone is open.
  virtual void onMicDidReady() {}

#if RTC_MOBILE
  /// Sound is played somewhere else now.
  /// @param newRoute Where sound is played.
  /// @param oldRoute Where sound is played.
  virtual void onAudioRouteChanged(TRTCAudioRoute newRoute, TRTCAudioRoute oldRoute) {
    (void)newRoute;
    (void)oldRoute;
  }
#endif

  /// How loud everybody is; at the interval asked for.
  /// @param userVolumes How loud each is; of oneself also when silent.
  /// @param totalVolume How loud all are together, 0 to 100.
  virtual void onUserVoiceVolume(TRTCVolumeInfo* userVolumes, uint32_t userVolumesCount, uint32_t totalVolume) {
    (void)userVolumes;
    (void)userVolumesCount;
    (void)totalVolume;
  }

#if RTC_DESKTOP
  /// A device came, went or is used now.
  /// @param deviceId The device, by the name it has for programs.
  /// @param type A kind of device.
  /// @param state What happened to a device.
  virtual void onDeviceChange(const char* deviceId, TRTCDeviceType type, TRTCDeviceState state) {
    (void)deviceId;
    (void)type;
    (void)state;
  }
#endif

#if RTC_DESKTOP
  /// The system's volume of the microphone was changed.
  /// @param volume How loud; 0 to 100 unless the method says more.
  /// @param muted Whether it is muted.
  virtual void onAudioDeviceCaptureVolumeChanged(uint32_t volume, bool muted) {
    (void)volume;
    (void)muted;
  }
#endif

#if RTC_DESKTOP
  /// The system's volume of the speaker was changed.
  /// @param volume How loud; 0 to 100 unless the method says more.
  /// @param muted Whether it is muted.
  virtual void onAudioDevicePlayoutVolumeChanged(uint32_t volume, bool muted) {
    (void)volume;
    (void)muted;
  }
#endif

#if RTC_DESKTOP
  /// The system's sound can be published, with the code 0, or cannot.
  /// @param errCode 0 for success, else an error code below zero.
  virtual void onSystemAudioLoopbackError(TXLiteAVError errCode) {
    (void)errCode;
  }
#endif

#if RTC_DESKTOP
  /// How loud the microphone is that is tested.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void onTestMicVolume(uint32_t volume) {
    (void)volume;
  }
#endif

#if RTC_DESKTOP
  /// How loud the speaker is that is tested.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void onTestSpeakerVolume(uint32_t volume) {
    (void)volume;
  }
#endif

  /// Somebody sent a message.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param cmdID The number the sender gave it.
  /// @param seq The number of the message, one more each time.
  /// @param message The bytes, or the same in words.
  virtual void onRecvCustomCmdMsg(const char* userId, int32_t cmdID, uint32_t seq, const uint8_t* message,
      uint32_t messageSize) {
    (void)userId;
    (void)cmdID;
    (void)seq;
    (void)message;
    (void)messageSize;
  }

  /// Reliable messages were lost; about every 5 s while that goes on.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param cmdID The number the sender gave it.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param missed How many messages were lost.
  virtual void onMissCustomCmdMsg(const char* userId, int32_t cmdID, int32_t errCode, int32_t missed) {
    (void)userId;
    (void)cmdID;
    (void)errCode;
    (void)missed;
  }

  /// Somebody's picture brought a message, perhaps not for the first time.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param message The bytes, or the same in words.
  virtual void onRecvSEIMsg(const char* userId, const uint8_t* message, uint32_t messageSize) {
    (void)userId;
    (void)message;
    (void)messageSize;
  }

  /// The own stream has a name on the CDN, or has not.
  /// @param err 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onStartPublishing(int err, const char* errMsg) {
    (void)err;
    (void)errMsg;
  }

  /// It has none any more.
  /// @param err 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onStopPublishing(int err, const char* errMsg) {
    (void)err;
    (void)errMsg;
  }

  /// The own stream is pushed, or is not.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onStartPublishCDNStream(int errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// It is not pushed any more.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onStopPublishCDNStream(int errCode, const char* errMsg) {
    (void)errCode;
    (void)errMsg;
  }

  /// Streams are mixed as was asked, or are not.
  /// @param err 0 for success, else an error code below zero.
  /// @param errMsg The same in words, for people.
  virtual void onSetMixTranscodingConfig(int err, const char* errMsg) {
    (void)err;
    (void)errMsg;
  }

  /// A task publishes, or does not.
  /// @param taskId The task, as it was named when it was started.
  /// @param code 0 for success, else a code.
  /// @param message The bytes, or the same in words.
  /// @param extraInfo Nothing today.
  virtual void onStartPublishMediaStream(const char* taskId, int code, const char* message, void* extraInfo) {
    (void)taskId;
    (void)code;
    (void)message;
    (void)extraInfo;
  }

  /// A task was changed, or was not.
  /// @param taskId The task, as it was named when it was started.
  /// @param code 0 for success, else a code.
  /// @param message The bytes, or the same in words.
  /// @param extraInfo Nothing today.
  virtual void onUpdatePublishMediaStream(const char* taskId, int code, const char* message, void* extraInfo) {
    (void)taskId;
    (void)code;
    (void)message;
    (void)extraInfo;
  }

  /// A task has ended, or has not.
  /// @param taskId The task, as it was named when it was started.
  /// @param code 0 for success, else a code.
  /// @param message The bytes, or the same in words.
  /// @param extraInfo Nothing today.
  virtual void onStopPublishMediaStream(const char* taskId, int code, const char* message, void* extraInfo) {
    (void)taskId;
    (void)code;
    (void)message;
    (void)extraInfo;
  }

  /// How pushing to one address goes: 0 not begun, 1 beginning, 2 running, 3 reconnecting, 4 failed, 5 ending.
  /// @param cdnUrl The address.
  /// @param status How it goes; see the event.
  /// @param code 0 for success, else a code.
  /// @param msg The same in words, for people.
  /// @param extraInfo Nothing today.
  virtual void onCdnStreamStateChanged(const char* cdnUrl, int status, int code, const char* msg, void* extraInfo) {
    (void)cdnUrl;
    (void)status;
    (void)code;
    (void)msg;
    (void)extraInfo;
  }

  /// The screen is shared.
  virtual void onScreenCaptureStarted() {}

  /// Sharing stopped for a while: 0 by the own call, 1 the window cannot be seen or a parameter changes, 2 it was
  /// minimised, 3 it was hidden.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenCapturePaused(int reason) {
    (void)reason;
  }

  /// Sharing goes on: 0 by the own call, 1 the window can be seen or the parameter has changed, 2 it is open again, 3
  /// it is shown again.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenCaptureResumed(int reason) {
    (void)reason;
  }

  /// Sharing has ended: 0 by the own call, 1 the window was closed, 2 the screen is gone. The name is misspelt in the
  /// original.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenCaptureStoped(int reason) {
    (void)reason;
  }

#if RTC_WINDOWS
  /// Another window covers the shared one.
  virtual void onScreenCaptureCovered() {}
#endif

  /// A recording has begun: 0. Or it has not: -1 the engine failed, -2 the ending of the file is of no known format, -6
  /// one runs already, -7 the file exists, -8 it may not be written.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param storagePath The file.
  virtual void onLocalRecordBegin(int errCode, const char* storagePath) {
    (void)errCode;
    (void)storagePath;
  }

  /// How long a recording is by now.
  /// @param duration Milliseconds.
  /// @param storagePath The file.
  virtual void onLocalRecording(long duration, const char* storagePath) {
    (void)duration;
    (void)storagePath;
  }

  /// One file of a recording is complete.
  /// @param storagePath The file.
  virtual void onLocalRecordFragment(const char* storagePath) {
    (void)storagePath;
  }

  /// A recording has ended: 0 as asked, -1 it failed, -2 the picture changed its size or was turned, -3 it was too
  /// short.
  /// @param errCode 0 for success, else an error code below zero.
  /// @param storagePath The file.
  virtual void onLocalRecordComplete(int errCode, const char* storagePath) {
    (void)errCode;
    (void)storagePath;
  }

  /// A snapshot is there, as BGRA pixels that are valid during the call; without data it failed.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param type Which of a user's video streams is meant.
  /// @param data The bytes.
  /// @param width Pixels across.
  /// @param height Pixels down.
  /// @param format How the pixels of a frame lie in memory.
  virtual void onSnapshotComplete(const char* userId, TRTCVideoStreamType type, char* data, uint32_t length,
      uint32_t width, uint32_t height, TRTCVideoPixelFormat format) {
    (void)userId;
    (void)type;
    (void)data;
    (void)length;
    (void)width;
    (void)height;
    (void)format;
  }

  /// Deprecated. `onRemoteUserEnterRoom` tells this.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void onUserEnter(const char* userId) {
    (void)userId;
  }

  /// Deprecated. `onRemoteUserLeaveRoom` tells this.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param reason Why, as a number; see the event.
  virtual void onUserExit(const char* userId, int reason) {
    (void)userId;
    (void)reason;
  }

  /// Deprecated. A short sound has ended.
  /// @param effectId The sound, by the number it was started with.
  /// @param code 0 for success, else a code.
  virtual void onAudioEffectFinished(int effectId, int code) {
    (void)effectId;
    (void)code;
  }

#if RTC_WINDOWS
  /// Deprecated. Background music has begun, or has not.
  /// @param errCode 0 for success, else an error code below zero.
  virtual void onPlayBGMBegin(TXLiteAVError errCode) {
    (void)errCode;
  }
#endif

#if RTC_WINDOWS
  /// Deprecated. How far background music is.
  /// @param progressMS Milliseconds from its beginning.
  /// @param durationMS Milliseconds in all.
  virtual void onPlayBGMProgress(uint32_t progressMS, uint32_t durationMS) {
    (void)progressMS;
    (void)durationMS;
  }
#endif

#if RTC_WINDOWS
  /// Deprecated. Background music has ended.
  /// @param errCode 0 for success, else an error code below zero.
  virtual void onPlayBGMComplete(TXLiteAVError errCode) {
    (void)errCode;
  }
#endif

  /// Deprecated. `onSpeedTestResult` tells this.
  /// @param currentResult What a network test has found.
  /// @param finishedCount How many servers were tested.
  /// @param totalCount How many servers there are.
  virtual void onSpeedTest(const TRTCSpeedTestResult& currentResult, uint32_t finishedCount, uint32_t totalCount) {
    (void)currentResult;
    (void)finishedCount;
    (void)totalCount;
  }
};

/// Renders pictures in place of the engine.
class ITRTCVideoRenderCallback {
 public:
  virtual ~ITRTCVideoRenderCallback() {}

  /// A picture to show, valid during the call; an empty user is oneself.
  /// @param userId Who; in events and snapshots empty for oneself.
  /// @param streamType Which of a user's video streams is meant.
  /// @param frame A picture.
  virtual void onRenderVideoFrame(const char* userId, TRTCVideoStreamType streamType, TRTCVideoFrame* frame) {
    (void)userId;
    (void)streamType;
    (void)frame;
  }
};

/// Changes the own picture before it is encoded.
class ITRTCVideoFrameCallback {
 public:
  virtual ~ITRTCVideoFrameCallback() {}

  /// The engine's OpenGL context is there; told on its thread.
  virtual void onGLContextCreated() {}

  /// A picture, and where to put the changed one. Return 0.
  /// @param srcFrame A picture.
  /// @param dstFrame A picture.
  virtual int onProcessVideoFrame(TRTCVideoFrame* srcFrame, TRTCVideoFrame* dstFrame) {
    (void)srcFrame;
    (void)dstFrame;
    return 0;
  }

  /// The engine's OpenGL context goes; told on its thread.
  virtual void onGLContextDestroy() {}
};

/// Hears the sound at five places, 20 ms at a time, on the engine's threads: be quick.
class ITRTCAudioFrameCallback {
 public:
  virtual ~ITRTCAudioFrameCallback() {}

  /// The microphone, after echo and noise were removed.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void onCapturedAudioFrame(TRTCAudioFrame* frame) {
    (void)frame;
  }

  /// The own sound as it is sent, with effects and music. Up to 100 bytes may be put beside it.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void onLocalProcessedAudioFrame(TRTCAudioFrame* frame) {
    (void)frame;
  }

  /// One user's sound before it is mixed. Read only.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  /// @param userId Who; in events and snapshots empty for oneself.
  virtual void onPlayAudioFrame(TRTCAudioFrame* frame, const char* userId) {
    (void)frame;
    (void)userId;
  }

  /// Everything that will be played.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void onMixedPlayAudioFrame(TRTCAudioFrame* frame) {
    (void)frame;
  }

  /// Everything that is sent and played. Read only.
  /// @param frame A piece of sound, 5 to 100 ms long; 20 is best.
  virtual void onMixedAllAudioFrame(TRTCAudioFrame* frame) {
    (void)frame;
  }
};

/// Gets the lines of the log.
class ITRTCLogCallback {
 public:
  virtual ~ITRTCLogCallback() {}

  /// One line, its level, and the part of the engine it is from.
  /// @param log The line.
  /// @param level How much is logged: this level and those above it.
  /// @param module The part of the engine it is from.
  virtual void onLog(const char* log, TRTCLogLevel level, const char* module) {
    (void)log;
    (void)level;
    (void)module;
  }
};

}  // namespace liteav

#endif  // RTC_ENGINE_TRTCCLOUDCALLBACK_H_
