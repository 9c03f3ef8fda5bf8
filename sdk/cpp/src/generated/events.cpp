// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Events of the engine to the virtual methods of an application.
#include "../runtime.h"
#include "structs.h"

namespace liteav {
namespace detail {

bool deliver(ITRTCCloudCallback& receiver, const std::string& event, const Json& data) {
  if (event == "onError") {
    receiver.onError(static_cast<TXLiteAVError>(data["errCode"].i32()), data["errMsg"].c_str(), nullptr);
    return true;
  }
  if (event == "onWarning") {
    receiver.onWarning(static_cast<TXLiteAVWarning>(data["warningCode"].i32()), data["warningMsg"].c_str(), nullptr);
    return true;
  }
  if (event == "onEnterRoom") {
    receiver.onEnterRoom(data["result"].i32());
    return true;
  }
  if (event == "onExitRoom") {
    receiver.onExitRoom(data["reason"].i32());
    return true;
  }
  if (event == "onSwitchRole") {
    receiver.onSwitchRole(static_cast<TXLiteAVError>(data["errCode"].i32()), data["errMsg"].c_str());
    return true;
  }
  if (event == "onSwitchRoom") {
    receiver.onSwitchRoom(static_cast<TXLiteAVError>(data["errCode"].i32()), data["errMsg"].c_str());
    return true;
  }
  if (event == "onConnectOtherRoom") {
    receiver.onConnectOtherRoom(data["userId"].c_str(), static_cast<TXLiteAVError>(data["errCode"].i32()),
        data["errMsg"].c_str());
    return true;
  }
  if (event == "onDisconnectOtherRoom") {
    receiver.onDisconnectOtherRoom(static_cast<TXLiteAVError>(data["errCode"].i32()), data["errMsg"].c_str());
    return true;
  }
  if (event == "onUpdateOtherRoomForwardMode") {
    receiver.onUpdateOtherRoomForwardMode(static_cast<TXLiteAVError>(data["errCode"].i32()), data["errMsg"].c_str());
    return true;
  }
  if (event == "onRemoteUserEnterRoom") {
    receiver.onRemoteUserEnterRoom(data["userId"].c_str());
    return true;
  }
  if (event == "onRemoteUserLeaveRoom") {
    receiver.onRemoteUserLeaveRoom(data["userId"].c_str(), data["reason"].i32());
    return true;
  }
  if (event == "onUserVideoAvailable") {
    receiver.onUserVideoAvailable(data["userId"].c_str(), data["available"].boolean());
    return true;
  }
  if (event == "onUserSubStreamAvailable") {
    receiver.onUserSubStreamAvailable(data["userId"].c_str(), data["available"].boolean());
    return true;
  }
  if (event == "onUserAudioAvailable") {
    receiver.onUserAudioAvailable(data["userId"].c_str(), data["available"].boolean());
    return true;
  }
  if (event == "onFirstVideoFrame") {
    receiver.onFirstVideoFrame(data["userId"].c_str(), static_cast<TRTCVideoStreamType>(data["streamType"].i32()),
        data["width"].i32(), data["height"].i32());
    return true;
  }
  if (event == "onFirstAudioFrame") {
    receiver.onFirstAudioFrame(data["userId"].c_str());
    return true;
  }
  if (event == "onSendFirstLocalVideoFrame") {
    receiver.onSendFirstLocalVideoFrame(static_cast<TRTCVideoStreamType>(data["streamType"].i32()));
    return true;
  }
  if (event == "onSendFirstLocalAudioFrame") {
    receiver.onSendFirstLocalAudioFrame();
    return true;
  }
  if (event == "onRemoteVideoStatusUpdated") {
    receiver.onRemoteVideoStatusUpdated(data["userId"].c_str(),
        static_cast<TRTCVideoStreamType>(data["streamType"].i32()), static_cast<TRTCAVStatusType>(data["status"].i32()),
        static_cast<TRTCAVStatusChangeReason>(data["reason"].i32()), nullptr);
    return true;
  }
  if (event == "onRemoteAudioStatusUpdated") {
    receiver.onRemoteAudioStatusUpdated(data["userId"].c_str(), static_cast<TRTCAVStatusType>(data["status"].i32()),
        static_cast<TRTCAVStatusChangeReason>(data["reason"].i32()), nullptr);
    return true;
  }
  if (event == "onUserVideoSizeChanged") {
    receiver.onUserVideoSizeChanged(data["userId"].c_str(), static_cast<TRTCVideoStreamType>(data["streamType"].i32()),
        data["newWidth"].i32(), data["newHeight"].i32());
    return true;
  }
  if (event == "onNetworkQuality") {
    Kept kept;
    TRTCQualityInfo localQuality;
    read(data["localQuality"], localQuality, kept);
    receiver.onNetworkQuality(localQuality, kept.list<TRTCQualityInfo>(data["remoteQuality"]),
        static_cast<uint32_t>(data["remoteQuality"].size()));
    return true;
  }
  if (event == "onStatistics") {
    Kept kept;
    TRTCStatistics statistics;
    read(data["statistics"], statistics, kept);
    receiver.onStatistics(statistics);
    return true;
  }
  if (event == "onSpeedTestResult") {
    Kept kept;
    TRTCSpeedTestResult result;
    read(data["result"], result, kept);
    receiver.onSpeedTestResult(result);
    return true;
  }
  if (event == "onConnectionLost") {
    receiver.onConnectionLost();
    return true;
  }
  if (event == "onTryToReconnect") {
    receiver.onTryToReconnect();
    return true;
  }
  if (event == "onConnectionRecovery") {
    receiver.onConnectionRecovery();
    return true;
  }
  if (event == "onCameraDidReady") {
    receiver.onCameraDidReady();
    return true;
  }
  if (event == "onMicDidReady") {
    receiver.onMicDidReady();
    return true;
  }
#if RTC_MOBILE
  if (event == "onAudioRouteChanged") {
    receiver.onAudioRouteChanged(static_cast<TRTCAudioRoute>(data["newRoute"].i32()),
        static_cast<TRTCAudioRoute>(data["oldRoute"].i32()));
    return true;
  }
#endif
  if (event == "onUserVoiceVolume") {
    Kept kept;
    receiver.onUserVoiceVolume(kept.list<TRTCVolumeInfo>(data["userVolumes"]),
        static_cast<uint32_t>(data["userVolumes"].size()), data["totalVolume"].u32());
    return true;
  }
#if RTC_DESKTOP
  if (event == "onDeviceChange") {
    receiver.onDeviceChange(data["deviceId"].c_str(), static_cast<TRTCDeviceType>(data["type"].i32()),
        static_cast<TRTCDeviceState>(data["state"].i32()));
    return true;
  }
#endif
#if RTC_DESKTOP
  if (event == "onAudioDeviceCaptureVolumeChanged") {
    receiver.onAudioDeviceCaptureVolumeChanged(data["volume"].u32(), data["muted"].boolean());
    return true;
  }
#endif
#if RTC_DESKTOP
  if (event == "onAudioDevicePlayoutVolumeChanged") {
    receiver.onAudioDevicePlayoutVolumeChanged(data["volume"].u32(), data["muted"].boolean());
    return true;
  }
#endif
#if RTC_DESKTOP
  if (event == "onSystemAudioLoopbackError") {
    receiver.onSystemAudioLoopbackError(static_cast<TXLiteAVError>(data["errCode"].i32()));
    return true;
  }
#endif
#if RTC_DESKTOP
  if (event == "onTestMicVolume") {
    receiver.onTestMicVolume(data["volume"].u32());
    return true;
  }
#endif
#if RTC_DESKTOP
  if (event == "onTestSpeakerVolume") {
    receiver.onTestSpeakerVolume(data["volume"].u32());
    return true;
  }
#endif
  if (event == "onMissCustomCmdMsg") {
    receiver.onMissCustomCmdMsg(data["userId"].c_str(), data["cmdID"].i32(), data["errCode"].i32(),
        data["missed"].i32());
    return true;
  }
  if (event == "onStartPublishing") {
    receiver.onStartPublishing(data["err"].i32(), data["errMsg"].c_str());
    return true;
  }
  if (event == "onStopPublishing") {
    receiver.onStopPublishing(data["err"].i32(), data["errMsg"].c_str());
    return true;
  }
  if (event == "onStartPublishCDNStream") {
    receiver.onStartPublishCDNStream(data["errCode"].i32(), data["errMsg"].c_str());
    return true;
  }
  if (event == "onStopPublishCDNStream") {
    receiver.onStopPublishCDNStream(data["errCode"].i32(), data["errMsg"].c_str());
    return true;
  }
  if (event == "onSetMixTranscodingConfig") {
    receiver.onSetMixTranscodingConfig(data["err"].i32(), data["errMsg"].c_str());
    return true;
  }
  if (event == "onStartPublishMediaStream") {
    receiver.onStartPublishMediaStream(data["taskId"].c_str(), data["code"].i32(), data["message"].c_str(), nullptr);
    return true;
  }
  if (event == "onUpdatePublishMediaStream") {
    receiver.onUpdatePublishMediaStream(data["taskId"].c_str(), data["code"].i32(), data["message"].c_str(), nullptr);
    return true;
  }
  if (event == "onStopPublishMediaStream") {
    receiver.onStopPublishMediaStream(data["taskId"].c_str(), data["code"].i32(), data["message"].c_str(), nullptr);
    return true;
  }
  if (event == "onCdnStreamStateChanged") {
    receiver.onCdnStreamStateChanged(data["cdnUrl"].c_str(), data["status"].i32(), data["code"].i32(),
        data["msg"].c_str(), nullptr);
    return true;
  }
  if (event == "onScreenCaptureStarted") {
    receiver.onScreenCaptureStarted();
    return true;
  }
  if (event == "onScreenCapturePaused") {
    receiver.onScreenCapturePaused(data["reason"].i32());
    return true;
  }
  if (event == "onScreenCaptureResumed") {
    receiver.onScreenCaptureResumed(data["reason"].i32());
    return true;
  }
  if (event == "onScreenCaptureStoped") {
    receiver.onScreenCaptureStoped(data["reason"].i32());
    return true;
  }
#if RTC_WINDOWS
  if (event == "onScreenCaptureCovered") {
    receiver.onScreenCaptureCovered();
    return true;
  }
#endif
  if (event == "onLocalRecordBegin") {
    receiver.onLocalRecordBegin(data["errCode"].i32(), data["storagePath"].c_str());
    return true;
  }
  if (event == "onLocalRecording") {
    receiver.onLocalRecording(static_cast<long>(data["duration"].i64()), data["storagePath"].c_str());
    return true;
  }
  if (event == "onLocalRecordFragment") {
    receiver.onLocalRecordFragment(data["storagePath"].c_str());
    return true;
  }
  if (event == "onLocalRecordComplete") {
    receiver.onLocalRecordComplete(data["errCode"].i32(), data["storagePath"].c_str());
    return true;
  }
  if (event == "onUserEnter") {
    receiver.onUserEnter(data["userId"].c_str());
    return true;
  }
  if (event == "onUserExit") {
    receiver.onUserExit(data["userId"].c_str(), data["reason"].i32());
    return true;
  }
  if (event == "onAudioEffectFinished") {
    receiver.onAudioEffectFinished(data["effectId"].i32(), data["code"].i32());
    return true;
  }
#if RTC_WINDOWS
  if (event == "onPlayBGMBegin") {
    receiver.onPlayBGMBegin(static_cast<TXLiteAVError>(data["errCode"].i32()));
    return true;
  }
#endif
#if RTC_WINDOWS
  if (event == "onPlayBGMProgress") {
    receiver.onPlayBGMProgress(data["progressMS"].u32(), data["durationMS"].u32());
    return true;
  }
#endif
#if RTC_WINDOWS
  if (event == "onPlayBGMComplete") {
    receiver.onPlayBGMComplete(static_cast<TXLiteAVError>(data["errCode"].i32()));
    return true;
  }
#endif
  if (event == "onSpeedTest") {
    Kept kept;
    TRTCSpeedTestResult currentResult;
    read(data["currentResult"], currentResult, kept);
    receiver.onSpeedTest(currentResult, data["finishedCount"].u32(), data["totalCount"].u32());
    return true;
  }
  return false;
}

bool deliver(ITXMusicPreloadObserver& receiver, const std::string& event, const Json& data) {
  if (event == "preload.onLoadProgress") {
    receiver.onLoadProgress(data["id"].i32(), data["progress"].i32());
    return true;
  }
  if (event == "preload.onLoadError") {
    receiver.onLoadError(data["id"].i32(), data["errorCode"].i32());
    return true;
  }
  return false;
}

bool deliver(ITXMusicPlayObserver& receiver, const std::string& event, const Json& data) {
  if (event == "music.onStart") {
    receiver.onStart(data["id"].i32(), data["errCode"].i32());
    return true;
  }
  if (event == "music.onPlayProgress") {
    receiver.onPlayProgress(data["id"].i32(), static_cast<long>(data["curPtsMS"].i64()),
        static_cast<long>(data["durationMS"].i64()));
    return true;
  }
  if (event == "music.onComplete") {
    receiver.onComplete(data["id"].i32(), data["errCode"].i32());
    return true;
  }
  return false;
}

bool deliver(ITXDeviceObserver& receiver, const std::string& event, const Json& data) {
  if (event == "device.onDeviceChanged") {
    receiver.onDeviceChanged(data["deviceId"].c_str(), static_cast<TXMediaDeviceType>(data["type"].i32()),
        static_cast<TXMediaDeviceState>(data["state"].i32()));
    return true;
  }
  return false;
}

}  // namespace detail
}  // namespace liteav
