// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Every name of the headers. Its linking is the test.
#include <cstdio>

#include "TXLiteAVCode.h"
#include "ITXDeviceManager.h"
#include "ITXAudioEffectManager.h"
#include "TRTCTypeDef.h"
#include "ITRTCStatistics.h"
#include "TRTCCloudCallback.h"
#include "IDeprecatedTRTCCloud.h"
#include "ITRTCCloud.h"
#include "TXLiteAVBase.h"
#include "TXLiteAVBuffer.h"
#include "ITRTCAudioPacketListener.h"
#include "TXLiteAVEncodedDataProcessingListener.h"
#include "ITXLiteAVNetworkProxy.h"
#include "ITXLiteAVLocalRecord.h"
#include "TRTC/ITXLocalMediaTranscoding.h"

using namespace liteav;

namespace {

int referred = 0;

// Without inlining, so that the reference is there when the program is linked.
template <class T>
#if defined(__GNUC__)
__attribute__((noinline))
#endif
void refer(T name) {
  T volatile kept = name;
  if (kept != nullptr) ++referred;
}

}  // namespace

int main() {
  refer(&getLiteAvSDKVersion);
  refer(&setGlobalEnv);
  refer(&updateNetworkTime);
  refer(&getNetworkTimestamp);
  refer(&setUpdateNetworkTimeCallback);
  refer(&createTXNetworkProxy);
  refer(&destroyTXNetworkProxy);
#if RTC_ANDROID || RTC_OHOS
  refer(&getTRTCShareInstance);
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  refer(&getTRTCShareInstance);
#endif
  refer(&destroyTRTCShareInstance);
#if RTC_WINDOWS
  refer(&createTXLocalMediaTranscoding);
#endif
#if RTC_WINDOWS
  refer(&destroyTXLocalMediaTranscoding);
#endif
  refer(&createLocalRecordInstance);
  refer(&destroyLocalRecordInstance);
#if RTC_ANDROID || RTC_OHOS
  refer(static_cast<ITRTCCloud* (*)(void* context)>(&ITRTCCloud::getTRTCShareInstance));
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  refer(static_cast<ITRTCCloud* (*)()>(&ITRTCCloud::getTRTCShareInstance));
#endif
  refer(static_cast<void (*)()>(&ITRTCCloud::destroyTRTCShareInstance));
  refer(static_cast<void (ITRTCCloud::*)(ITRTCCloudCallback* callback)>(&ITRTCCloud::addCallback));
  refer(static_cast<void (ITRTCCloud::*)(ITRTCCloudCallback* callback)>(&ITRTCCloud::removeCallback));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCParams& param, TRTCAppScene scene)>(&ITRTCCloud::enterRoom));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::exitRoom));
  refer(static_cast<void (ITRTCCloud::*)(TRTCRoleType role)>(&ITRTCCloud::switchRole));
  refer(static_cast<void (ITRTCCloud::*)(TRTCRoleType role, const char* privateMapKey)>(&ITRTCCloud::switchRole));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCSwitchRoomConfig& config)>(&ITRTCCloud::switchRoom));
  refer(static_cast<void (ITRTCCloud::*)(const char* param)>(&ITRTCCloud::connectOtherRoom));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::disconnectOtherRoom));
  refer(static_cast<void (ITRTCCloud::*)(bool autoRecvAudio,
      bool autoRecvVideo)>(&ITRTCCloud::setDefaultStreamRecvMode));
  refer(static_cast<ITRTCCloud* (ITRTCCloud::*)()>(&ITRTCCloud::createSubCloud));
  refer(static_cast<void (ITRTCCloud::*)(ITRTCCloud* subCloud)>(&ITRTCCloud::destroySubCloud));
  refer(static_cast<void (ITRTCCloud::*)(const char* param)>(&ITRTCCloud::updateOtherRoomForwardMode));
  refer(static_cast<void (ITRTCCloud::*)(TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config)>(&ITRTCCloud::startPublishMediaStream));
  refer(static_cast<void (ITRTCCloud::*)(const char* taskId, TRTCPublishTarget* target, TRTCStreamEncoderParam* params,
      TRTCStreamMixingConfig* config)>(&ITRTCCloud::updatePublishMediaStream));
  refer(static_cast<void (ITRTCCloud::*)(const char* taskId)>(&ITRTCCloud::stopPublishMediaStream));
#if RTC_MOBILE
  refer(static_cast<void (ITRTCCloud::*)(bool frontCamera, TXView view)>(&ITRTCCloud::startLocalPreview));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(TXView view)>(&ITRTCCloud::startLocalPreview));
#endif
  refer(static_cast<void (ITRTCCloud::*)(TXView view)>(&ITRTCCloud::updateLocalView));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopLocalPreview));
  refer(static_cast<void (ITRTCCloud::*)(TRTCVideoStreamType streamType, bool mute)>(&ITRTCCloud::muteLocalVideo));
  refer(static_cast<void (ITRTCCloud::*)(TRTCImageBuffer* image, int fps)>(&ITRTCCloud::setVideoMuteImage));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, TRTCVideoStreamType streamType,
      TXView view)>(&ITRTCCloud::startRemoteView));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, TRTCVideoStreamType streamType,
      TXView view)>(&ITRTCCloud::updateRemoteView));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId,
      TRTCVideoStreamType streamType)>(&ITRTCCloud::stopRemoteView));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopAllRemoteView));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, TRTCVideoStreamType streamType,
      bool mute)>(&ITRTCCloud::muteRemoteVideoStream));
  refer(static_cast<void (ITRTCCloud::*)(bool mute)>(&ITRTCCloud::muteAllRemoteVideoStreams));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCVideoEncParam& param)>(&ITRTCCloud::setVideoEncoderParam));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCNetworkQosParam& param)>(&ITRTCCloud::setNetworkQosParam));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCRenderParams& params)>(&ITRTCCloud::setLocalRenderParams));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, TRTCVideoStreamType streamType,
      const TRTCRenderParams& params)>(&ITRTCCloud::setRemoteRenderParams));
  refer(static_cast<void (ITRTCCloud::*)(bool enable,
      const TRTCVideoEncParam& smallVideoEncParam)>(&ITRTCCloud::enableSmallVideoStream));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId,
      TRTCVideoStreamType streamType)>(&ITRTCCloud::setRemoteVideoStreamType));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, TRTCVideoStreamType streamType,
      TRTCSnapshotSourceType sourceType)>(&ITRTCCloud::snapshotVideo));

        refer(static_cast<void (ITRTCCloud::*)(TRTCGravitySensorAdaptiveMode mode)>(&ITRTCCloud::setGravitySensorAdaptiveMode));
  refer(static_cast<void (ITRTCCloud::*)(TRTCAudioQuality quality)>(&ITRTCCloud::startLocalAudio));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopLocalAudio));
  refer(static_cast<void (ITRTCCloud::*)(bool mute)>(&ITRTCCloud::muteLocalAudio));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, bool mute)>(&ITRTCCloud::muteRemoteAudio));
  refer(static_cast<void (ITRTCCloud::*)(bool mute)>(&ITRTCCloud::muteAllRemoteAudio));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, int volume)>(&ITRTCCloud::setRemoteAudioVolume));
  refer(static_cast<void (ITRTCCloud::*)(int volume)>(&ITRTCCloud::setAudioCaptureVolume));
  refer(static_cast<int (ITRTCCloud::*)()>(&ITRTCCloud::getAudioCaptureVolume));
  refer(static_cast<void (ITRTCCloud::*)(int volume)>(&ITRTCCloud::setAudioPlayoutVolume));
  refer(static_cast<int (ITRTCCloud::*)()>(&ITRTCCloud::getAudioPlayoutVolume));
  refer(static_cast<void (ITRTCCloud::*)(bool enable,
      const TRTCAudioVolumeEvaluateParams& params)>(&ITRTCCloud::enableAudioVolumeEvaluation));
  refer(static_cast<int (ITRTCCloud::*)(const TRTCAudioRecordingParams& param)>(&ITRTCCloud::startAudioRecording));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopAudioRecording));
  refer(static_cast<void (ITRTCCloud::*)(const TRTCLocalRecordingParams& params)>(&ITRTCCloud::startLocalRecording));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopLocalRecording));

        refer(static_cast<void (ITRTCCloud::*)(const TRTCAudioParallelParams& params)>(&ITRTCCloud::setRemoteAudioParallelParams));
  refer(static_cast<void (ITRTCCloud::*)(bool enabled)>(&ITRTCCloud::enable3DSpatialAudioEffect));
  refer(static_cast<void (ITRTCCloud::*)(int position[3], float axisForward[3], float axisRight[3],
      float axisUp[3])>(&ITRTCCloud::updateSelf3DSpatialPosition));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId,
      int position[3])>(&ITRTCCloud::updateRemote3DSpatialPosition));
  refer(static_cast<void (ITRTCCloud::*)(const char* userId, int range)>(&ITRTCCloud::set3DSpatialReceivingRange));
  refer(static_cast<ITXDeviceManager* (ITRTCCloud::*)()>(&ITRTCCloud::getDeviceManager));
  refer(static_cast<void (ITRTCCloud::*)(TRTCBeautyStyle style, uint32_t beautyLevel, uint32_t whitenessLevel,
      uint32_t ruddinessLevel)>(&ITRTCCloud::setBeautyStyle));
  refer(static_cast<void (ITRTCCloud::*)(TRTCVideoStreamType streamType, const char* srcData,
      TRTCWaterMarkSrcType srcType, uint32_t nWidth, uint32_t nHeight, float xOffset, float yOffset, float fWidthRatio,
      bool isVisibleOnLocalPreview)>(&ITRTCCloud::setWaterMark));
  refer(static_cast<ITXAudioEffectManager* (ITRTCCloud::*)()>(&ITRTCCloud::getAudioEffectManager));
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  refer(static_cast<void (ITRTCCloud::*)(const char* deviceName)>(&ITRTCCloud::startSystemAudioLoopback));
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_ANDROID
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopSystemAudioLoopback));
#endif
#if RTC_WINDOWS || RTC_MACOS || RTC_LINUX || RTC_IOS
  refer(static_cast<void (ITRTCCloud::*)(uint32_t volume)>(&ITRTCCloud::setSystemAudioLoopbackVolume));
#endif
  refer(static_cast<void (ITRTCCloud::*)(TXView view, TRTCVideoStreamType streamType,
      TRTCVideoEncParam* encParam)>(&ITRTCCloud::startScreenCapture));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopScreenCapture));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::pauseScreenCapture));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::resumeScreenCapture));
#if RTC_DESKTOP
  refer(static_cast<ITRTCScreenCaptureSourceList* (ITRTCCloud::*)(const SIZE& thumbnailSize,
      const SIZE& iconSize)>(&ITRTCCloud::getScreenCaptureSources));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
      const TRTCScreenCaptureProperty& property)>(&ITRTCCloud::selectScreenCaptureTarget));
#endif
  refer(static_cast<void (ITRTCCloud::*)(const TRTCVideoEncParam& param)>(&ITRTCCloud::setSubStreamEncoderParam));
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(uint32_t volume)>(&ITRTCCloud::setSubStreamMixVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(TXView windowID)>(&ITRTCCloud::addExcludedShareWindow));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(TXView windowID)>(&ITRTCCloud::removeExcludedShareWindow));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::removeAllExcludedShareWindow));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(TXView windowID)>(&ITRTCCloud::addIncludedShareWindow));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)(TXView windowID)>(&ITRTCCloud::removeIncludedShareWindow));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::removeAllIncludedShareWindow));
#endif
  refer(static_cast<void (ITRTCCloud::*)(TRTCVideoStreamType streamType,
      bool enable)>(&ITRTCCloud::enableCustomVideoCapture));
  refer(static_cast<void (ITRTCCloud::*)(TRTCVideoStreamType streamType,
      TRTCVideoFrame* frame)>(&ITRTCCloud::sendCustomVideoData));
  refer(static_cast<void (ITRTCCloud::*)(bool enable)>(&ITRTCCloud::enableCustomAudioCapture));
  refer(static_cast<void (ITRTCCloud::*)(TRTCAudioFrame* frame)>(&ITRTCCloud::sendCustomAudioData));
  refer(static_cast<void (ITRTCCloud::*)(bool enablePublish,
      bool enablePlayout)>(&ITRTCCloud::enableMixExternalAudioFrame));
  refer(static_cast<int (ITRTCCloud::*)(TRTCAudioFrame* frame)>(&ITRTCCloud::mixExternalAudioFrame));
  refer(static_cast<void (ITRTCCloud::*)(int publishVolume,
      int playoutVolume)>(&ITRTCCloud::setMixExternalAudioVolume));
  refer(static_cast<uint64_t (ITRTCCloud::*)()>(&ITRTCCloud::generateCustomPTS));
  refer(static_cast<int (ITRTCCloud::*)(bool enable, TRTCVideoPixelFormat pixelFormat,
      TRTCVideoBufferType bufferType)>(&ITRTCCloud::enableLocalVideoCustomProcess));

        refer(static_cast<void (ITRTCCloud::*)(ITRTCVideoFrameCallback* callback)>(&ITRTCCloud::setLocalVideoCustomProcessCallback));
  refer(static_cast<int (ITRTCCloud::*)(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoRenderCallback* callback)>(&ITRTCCloud::setLocalVideoRenderCallback));
  refer(static_cast<int (ITRTCCloud::*)(const char* userId, TRTCVideoPixelFormat pixelFormat,
      TRTCVideoBufferType bufferType, ITRTCVideoRenderCallback* callback)>(&ITRTCCloud::setRemoteVideoRenderCallback));
  refer(static_cast<int (ITRTCCloud::*)(ITRTCAudioFrameCallback* callback)>(&ITRTCCloud::setAudioFrameCallback));

        refer(static_cast<int (ITRTCCloud::*)(TRTCAudioFrameCallbackFormat* format)>(&ITRTCCloud::setCapturedAudioFrameCallbackFormat));

        refer(static_cast<int (ITRTCCloud::*)(TRTCAudioFrameCallbackFormat* format)>(&ITRTCCloud::setLocalProcessedAudioFrameCallbackFormat));

        refer(static_cast<int (ITRTCCloud::*)(TRTCAudioFrameCallbackFormat* format)>(&ITRTCCloud::setMixedPlayAudioFrameCallbackFormat));
  refer(static_cast<void (ITRTCCloud::*)(bool enable)>(&ITRTCCloud::enableCustomAudioRendering));
  refer(static_cast<void (ITRTCCloud::*)(TRTCAudioFrame* audioFrame)>(&ITRTCCloud::getCustomAudioRenderingFrame));
  refer(static_cast<bool (ITRTCCloud::*)(uint32_t cmdId, const uint8_t* data, uint32_t dataSize, bool reliable,
      bool ordered)>(&ITRTCCloud::sendCustomCmdMsg));
  refer(static_cast<bool (ITRTCCloud::*)(const uint8_t* data, uint32_t dataSize,
      int32_t repeatCount)>(&ITRTCCloud::sendSEIMsg));
  refer(static_cast<int (ITRTCCloud::*)(const TRTCSpeedTestParams& params)>(&ITRTCCloud::startSpeedTest));
  refer(static_cast<void (ITRTCCloud::*)()>(&ITRTCCloud::stopSpeedTest));
  refer(static_cast<const char* (ITRTCCloud::*)()>(&ITRTCCloud::getSDKVersion));
  refer(static_cast<void (ITRTCCloud::*)(TRTCLogLevel level)>(&ITRTCCloud::setLogLevel));
  refer(static_cast<void (ITRTCCloud::*)(bool enabled)>(&ITRTCCloud::setConsoleEnabled));
  refer(static_cast<void (ITRTCCloud::*)(bool enabled)>(&ITRTCCloud::setLogCompressEnabled));
  refer(static_cast<void (ITRTCCloud::*)(const char* path)>(&ITRTCCloud::setLogDirPath));
  refer(static_cast<void (ITRTCCloud::*)(ITRTCLogCallback* callback)>(&ITRTCCloud::setLogCallback));
  refer(static_cast<void (ITRTCCloud::*)(int showType)>(&ITRTCCloud::showDebugView));
  refer(static_cast<const char* (ITRTCCloud::*)(const char* jsonStr)>(&ITRTCCloud::callExperimentalAPI));
  refer(static_cast<int (ITRTCCloud::*)(bool enabled,
      const TRTCPayloadPrivateEncryptionConfig& config)>(&ITRTCCloud::enablePayloadPrivateEncryption));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t interval)>(&IDeprecatedTRTCCloud::enableAudioVolumeEvaluation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t interval,
      bool enable_vad)>(&IDeprecatedTRTCCloud::enableAudioVolumeEvaluation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::startLocalAudio));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TXView rendView)>(&IDeprecatedTRTCCloud::startRemoteView));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId)>(&IDeprecatedTRTCCloud::stopRemoteView));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCVideoFillMode mode)>(&IDeprecatedTRTCCloud::setLocalViewFillMode));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCVideoRotation rotation)>(&IDeprecatedTRTCCloud::setLocalViewRotation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool mirror)>(&IDeprecatedTRTCCloud::setLocalViewMirror));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TRTCVideoFillMode mode)>(&IDeprecatedTRTCCloud::setRemoteViewFillMode));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TRTCVideoRotation rotation)>(&IDeprecatedTRTCCloud::setRemoteViewRotation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TXView rendView)>(&IDeprecatedTRTCCloud::startRemoteSubStreamView));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId)>(&IDeprecatedTRTCCloud::stopRemoteSubStreamView));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TRTCVideoFillMode mode)>(&IDeprecatedTRTCCloud::setRemoteSubStreamViewFillMode));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      TRTCVideoRotation rotation)>(&IDeprecatedTRTCCloud::setRemoteSubStreamViewRotation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCAudioQuality quality)>(&IDeprecatedTRTCCloud::setAudioQuality));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCVideoStreamType type)>(&IDeprecatedTRTCCloud::setPriorRemoteVideoStreamType));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setMicVolumeOnMixing));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* path)>(&IDeprecatedTRTCCloud::playBGM));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopBGM));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::pauseBGM));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::resumeBGM));
  refer(static_cast<uint32_t (IDeprecatedTRTCCloud::*)(const char* path)>(&IDeprecatedTRTCCloud::getBGMDuration));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t pos)>(&IDeprecatedTRTCCloud::setBGMPosition));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setBGMVolume));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setBGMPlayoutVolume));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setBGMPublishVolume));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCAudioEffectParam* effect)>(&IDeprecatedTRTCCloud::playAudioEffect));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(int effectId,
      int volume)>(&IDeprecatedTRTCCloud::setAudioEffectVolume));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(int effectId)>(&IDeprecatedTRTCCloud::stopAudioEffect));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopAllAudioEffects));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(int volume)>(&IDeprecatedTRTCCloud::setAllAudioEffectsVolume));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(int effectId)>(&IDeprecatedTRTCCloud::pauseAudioEffect));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(int effectId)>(&IDeprecatedTRTCCloud::resumeAudioEffect));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool enable)>(&IDeprecatedTRTCCloud::enableCustomVideoCapture));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCVideoFrame* frame)>(&IDeprecatedTRTCCloud::sendCustomVideoData));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool mute)>(&IDeprecatedTRTCCloud::muteLocalVideo));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* userId,
      bool mute)>(&IDeprecatedTRTCCloud::muteRemoteVideoStream));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t sdkAppId, const char* userId,
      const char* userSig)>(&IDeprecatedTRTCCloud::startSpeedTest));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(TXView rendView)>(&IDeprecatedTRTCCloud::startScreenCapture));
  refer(static_cast<int (IDeprecatedTRTCCloud::*)(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITRTCVideoFrameCallback* callback)>(&IDeprecatedTRTCCloud::setLocalVideoProcessCallback));
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceCollection* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCameraDevicesList));
#endif
#if RTC_DESKTOP

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* deviceId)>(&IDeprecatedTRTCCloud::setCurrentCameraDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceInfo* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentCameraDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceCollection* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getMicDevicesList));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceInfo* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentMicDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* micId)>(&IDeprecatedTRTCCloud::setCurrentMicDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<uint32_t (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentMicDeviceVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setCurrentMicDeviceVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool mute)>(&IDeprecatedTRTCCloud::setCurrentMicDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<bool (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentMicDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceCollection* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getSpeakerDevicesList));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITRTCDeviceInfo* (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentSpeakerDevice));
#endif
#if RTC_DESKTOP

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* speakerId)>(&IDeprecatedTRTCCloud::setCurrentSpeakerDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<uint32_t (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentSpeakerVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t volume)>(&IDeprecatedTRTCCloud::setCurrentSpeakerVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<bool (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::getCurrentSpeakerDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool mute)>(&IDeprecatedTRTCCloud::setCurrentSpeakerDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(TXView renderView)>(&IDeprecatedTRTCCloud::startCameraDeviceTest));
#endif
#if RTC_WINDOWS

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(ITRTCVideoRenderCallback* callback)>(&IDeprecatedTRTCCloud::startCameraDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopCameraDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(uint32_t interval)>(&IDeprecatedTRTCCloud::startMicDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopMicDeviceTest));
#endif
#if RTC_DESKTOP

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* testAudioFilePath)>(&IDeprecatedTRTCCloud::startSpeakerDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopSpeakerDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const TRTCScreenCaptureSourceInfo& source, const RECT& captureRect,
      bool captureMouse, bool highlightWindow)>(&IDeprecatedTRTCCloud::selectScreenCaptureTarget));
#endif

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCVideoRotation rotation)>(&IDeprecatedTRTCCloud::setVideoEncoderRotation));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(bool mirror)>(&IDeprecatedTRTCCloud::setVideoEncoderMirror));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)(const char* streamId,
      TRTCVideoStreamType streamType)>(&IDeprecatedTRTCCloud::startPublishing));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopPublishing));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(const TRTCPublishCDNParam& param)>(&IDeprecatedTRTCCloud::startPublishCDNStream));
  refer(static_cast<void (IDeprecatedTRTCCloud::*)()>(&IDeprecatedTRTCCloud::stopPublishCDNStream));

        refer(static_cast<void (IDeprecatedTRTCCloud::*)(TRTCTranscodingConfig* config)>(&IDeprecatedTRTCCloud::setMixTranscodingConfig));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode, const char* errMsg,
      void* extraInfo)>(&ITRTCCloudCallback::onError));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVWarning warningCode, const char* warningMsg,
      void* extraInfo)>(&ITRTCCloudCallback::onWarning));
  refer(static_cast<void (ITRTCCloudCallback::*)(int result)>(&ITRTCCloudCallback::onEnterRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(int reason)>(&ITRTCCloudCallback::onExitRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onSwitchRole));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onSwitchRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TXLiteAVError errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onConnectOtherRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onDisconnectOtherRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onUpdateOtherRoomForwardMode));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId)>(&ITRTCCloudCallback::onRemoteUserEnterRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId,
      int reason)>(&ITRTCCloudCallback::onRemoteUserLeaveRoom));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId,
      bool available)>(&ITRTCCloudCallback::onUserVideoAvailable));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId,
      bool available)>(&ITRTCCloudCallback::onUserSubStreamAvailable));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId,
      bool available)>(&ITRTCCloudCallback::onUserAudioAvailable));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TRTCVideoStreamType streamType, int width,
      int height)>(&ITRTCCloudCallback::onFirstVideoFrame));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId)>(&ITRTCCloudCallback::onFirstAudioFrame));

        refer(static_cast<void (ITRTCCloudCallback::*)(TRTCVideoStreamType streamType)>(&ITRTCCloudCallback::onSendFirstLocalVideoFrame));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onSendFirstLocalAudioFrame));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TRTCVideoStreamType streamType,
      TRTCAVStatusType status, TRTCAVStatusChangeReason reason,
      void* extrainfo)>(&ITRTCCloudCallback::onRemoteVideoStatusUpdated));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TRTCAVStatusType status,
      TRTCAVStatusChangeReason reason, void* extrainfo)>(&ITRTCCloudCallback::onRemoteAudioStatusUpdated));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TRTCVideoStreamType streamType, int newWidth,
      int newHeight)>(&ITRTCCloudCallback::onUserVideoSizeChanged));
  refer(static_cast<void (ITRTCCloudCallback::*)(TRTCQualityInfo localQuality, TRTCQualityInfo* remoteQuality,
      uint32_t remoteQualityCount)>(&ITRTCCloudCallback::onNetworkQuality));
  refer(static_cast<void (ITRTCCloudCallback::*)(const TRTCStatistics& statistics)>(&ITRTCCloudCallback::onStatistics));

        refer(static_cast<void (ITRTCCloudCallback::*)(const TRTCSpeedTestResult& result)>(&ITRTCCloudCallback::onSpeedTestResult));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onConnectionLost));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onTryToReconnect));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onConnectionRecovery));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onCameraDidReady));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onMicDidReady));
#if RTC_MOBILE
  refer(static_cast<void (ITRTCCloudCallback::*)(TRTCAudioRoute newRoute,
      TRTCAudioRoute oldRoute)>(&ITRTCCloudCallback::onAudioRouteChanged));
#endif
  refer(static_cast<void (ITRTCCloudCallback::*)(TRTCVolumeInfo* userVolumes, uint32_t userVolumesCount,
      uint32_t totalVolume)>(&ITRTCCloudCallback::onUserVoiceVolume));
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* deviceId, TRTCDeviceType type,
      TRTCDeviceState state)>(&ITRTCCloudCallback::onDeviceChange));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloudCallback::*)(uint32_t volume,
      bool muted)>(&ITRTCCloudCallback::onAudioDeviceCaptureVolumeChanged));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloudCallback::*)(uint32_t volume,
      bool muted)>(&ITRTCCloudCallback::onAudioDevicePlayoutVolumeChanged));
#endif
#if RTC_DESKTOP

        refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode)>(&ITRTCCloudCallback::onSystemAudioLoopbackError));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloudCallback::*)(uint32_t volume)>(&ITRTCCloudCallback::onTestMicVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITRTCCloudCallback::*)(uint32_t volume)>(&ITRTCCloudCallback::onTestSpeakerVolume));
#endif
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, int32_t cmdID, uint32_t seq,
      const uint8_t* message, uint32_t messageSize)>(&ITRTCCloudCallback::onRecvCustomCmdMsg));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, int32_t cmdID, int32_t errCode,
      int32_t missed)>(&ITRTCCloudCallback::onMissCustomCmdMsg));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, const uint8_t* message,
      uint32_t messageSize)>(&ITRTCCloudCallback::onRecvSEIMsg));
  refer(static_cast<void (ITRTCCloudCallback::*)(int err, const char* errMsg)>(&ITRTCCloudCallback::onStartPublishing));
  refer(static_cast<void (ITRTCCloudCallback::*)(int err, const char* errMsg)>(&ITRTCCloudCallback::onStopPublishing));
  refer(static_cast<void (ITRTCCloudCallback::*)(int errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onStartPublishCDNStream));
  refer(static_cast<void (ITRTCCloudCallback::*)(int errCode,
      const char* errMsg)>(&ITRTCCloudCallback::onStopPublishCDNStream));
  refer(static_cast<void (ITRTCCloudCallback::*)(int err,
      const char* errMsg)>(&ITRTCCloudCallback::onSetMixTranscodingConfig));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* taskId, int code, const char* message,
      void* extraInfo)>(&ITRTCCloudCallback::onStartPublishMediaStream));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* taskId, int code, const char* message,
      void* extraInfo)>(&ITRTCCloudCallback::onUpdatePublishMediaStream));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* taskId, int code, const char* message,
      void* extraInfo)>(&ITRTCCloudCallback::onStopPublishMediaStream));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* cdnUrl, int status, int code, const char* msg,
      void* extraInfo)>(&ITRTCCloudCallback::onCdnStreamStateChanged));
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onScreenCaptureStarted));
  refer(static_cast<void (ITRTCCloudCallback::*)(int reason)>(&ITRTCCloudCallback::onScreenCapturePaused));
  refer(static_cast<void (ITRTCCloudCallback::*)(int reason)>(&ITRTCCloudCallback::onScreenCaptureResumed));
  refer(static_cast<void (ITRTCCloudCallback::*)(int reason)>(&ITRTCCloudCallback::onScreenCaptureStoped));
#if RTC_WINDOWS
  refer(static_cast<void (ITRTCCloudCallback::*)()>(&ITRTCCloudCallback::onScreenCaptureCovered));
#endif
  refer(static_cast<void (ITRTCCloudCallback::*)(int errCode,
      const char* storagePath)>(&ITRTCCloudCallback::onLocalRecordBegin));
  refer(static_cast<void (ITRTCCloudCallback::*)(long duration,
      const char* storagePath)>(&ITRTCCloudCallback::onLocalRecording));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* storagePath)>(&ITRTCCloudCallback::onLocalRecordFragment));
  refer(static_cast<void (ITRTCCloudCallback::*)(int errCode,
      const char* storagePath)>(&ITRTCCloudCallback::onLocalRecordComplete));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, TRTCVideoStreamType type, char* data,
      uint32_t length, uint32_t width, uint32_t height,
      TRTCVideoPixelFormat format)>(&ITRTCCloudCallback::onSnapshotComplete));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId)>(&ITRTCCloudCallback::onUserEnter));
  refer(static_cast<void (ITRTCCloudCallback::*)(const char* userId, int reason)>(&ITRTCCloudCallback::onUserExit));
  refer(static_cast<void (ITRTCCloudCallback::*)(int effectId, int code)>(&ITRTCCloudCallback::onAudioEffectFinished));
#if RTC_WINDOWS
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode)>(&ITRTCCloudCallback::onPlayBGMBegin));
#endif
#if RTC_WINDOWS
  refer(static_cast<void (ITRTCCloudCallback::*)(uint32_t progressMS,
      uint32_t durationMS)>(&ITRTCCloudCallback::onPlayBGMProgress));
#endif
#if RTC_WINDOWS
  refer(static_cast<void (ITRTCCloudCallback::*)(TXLiteAVError errCode)>(&ITRTCCloudCallback::onPlayBGMComplete));
#endif
  refer(static_cast<void (ITRTCCloudCallback::*)(const TRTCSpeedTestResult& currentResult, uint32_t finishedCount,
      uint32_t totalCount)>(&ITRTCCloudCallback::onSpeedTest));
  refer(static_cast<void (ITRTCVideoRenderCallback::*)(const char* userId, TRTCVideoStreamType streamType,
      TRTCVideoFrame* frame)>(&ITRTCVideoRenderCallback::onRenderVideoFrame));
  refer(static_cast<void (ITRTCVideoFrameCallback::*)()>(&ITRTCVideoFrameCallback::onGLContextCreated));
  refer(static_cast<int (ITRTCVideoFrameCallback::*)(TRTCVideoFrame* srcFrame,
      TRTCVideoFrame* dstFrame)>(&ITRTCVideoFrameCallback::onProcessVideoFrame));
  refer(static_cast<void (ITRTCVideoFrameCallback::*)()>(&ITRTCVideoFrameCallback::onGLContextDestroy));

        refer(static_cast<void (ITRTCAudioFrameCallback::*)(TRTCAudioFrame* frame)>(&ITRTCAudioFrameCallback::onCapturedAudioFrame));

        refer(static_cast<void (ITRTCAudioFrameCallback::*)(TRTCAudioFrame* frame)>(&ITRTCAudioFrameCallback::onLocalProcessedAudioFrame));
  refer(static_cast<void (ITRTCAudioFrameCallback::*)(TRTCAudioFrame* frame,
      const char* userId)>(&ITRTCAudioFrameCallback::onPlayAudioFrame));

        refer(static_cast<void (ITRTCAudioFrameCallback::*)(TRTCAudioFrame* frame)>(&ITRTCAudioFrameCallback::onMixedPlayAudioFrame));

        refer(static_cast<void (ITRTCAudioFrameCallback::*)(TRTCAudioFrame* frame)>(&ITRTCAudioFrameCallback::onMixedAllAudioFrame));
  refer(static_cast<void (ITRTCLogCallback::*)(const char* log, TRTCLogLevel level,
      const char* module)>(&ITRTCLogCallback::onLog));
  refer(static_cast<uint32_t (ITRTCScreenCaptureSourceList::*)()>(&ITRTCScreenCaptureSourceList::getCount));

        refer(static_cast<TRTCScreenCaptureSourceInfo (ITRTCScreenCaptureSourceList::*)(uint32_t index)>(&ITRTCScreenCaptureSourceList::getSourceInfo));
  refer(static_cast<void (ITRTCScreenCaptureSourceList::*)()>(&ITRTCScreenCaptureSourceList::release));
  refer(static_cast<void (ITXMusicPreloadObserver::*)(int id, int progress)>(&ITXMusicPreloadObserver::onLoadProgress));
  refer(static_cast<void (ITXMusicPreloadObserver::*)(int id, int errorCode)>(&ITXMusicPreloadObserver::onLoadError));
  refer(static_cast<void (ITXMusicPlayObserver::*)(int id, int errCode)>(&ITXMusicPlayObserver::onStart));
  refer(static_cast<void (ITXMusicPlayObserver::*)(int id, long curPtsMS,
      long durationMS)>(&ITXMusicPlayObserver::onPlayProgress));
  refer(static_cast<void (ITXMusicPlayObserver::*)(int id, int errCode)>(&ITXMusicPlayObserver::onComplete));
  refer(static_cast<void (ITXAudioEffectManager::*)(bool enable)>(&ITXAudioEffectManager::enableVoiceEarMonitor));
  refer(static_cast<void (ITXAudioEffectManager::*)(int volume)>(&ITXAudioEffectManager::setVoiceEarMonitorVolume));

        refer(static_cast<void (ITXAudioEffectManager::*)(TXVoiceReverbType type)>(&ITXAudioEffectManager::setVoiceReverbType));

        refer(static_cast<void (ITXAudioEffectManager::*)(TXVoiceChangerType type)>(&ITXAudioEffectManager::setVoiceChangerType));
  refer(static_cast<void (ITXAudioEffectManager::*)(int volume)>(&ITXAudioEffectManager::setVoiceCaptureVolume));
  refer(static_cast<void (ITXAudioEffectManager::*)(double pitch)>(&ITXAudioEffectManager::setVoicePitch));
  refer(static_cast<void (ITXAudioEffectManager::*)(int musicId,
      ITXMusicPlayObserver* observer)>(&ITXAudioEffectManager::setMusicObserver));

        refer(static_cast<void (ITXAudioEffectManager::*)(AudioMusicParam musicParam)>(&ITXAudioEffectManager::startPlayMusic));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id)>(&ITXAudioEffectManager::stopPlayMusic));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id)>(&ITXAudioEffectManager::pausePlayMusic));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id)>(&ITXAudioEffectManager::resumePlayMusic));
  refer(static_cast<void (ITXAudioEffectManager::*)(int volume)>(&ITXAudioEffectManager::setAllMusicVolume));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id,
      int volume)>(&ITXAudioEffectManager::setMusicPublishVolume));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id,
      int volume)>(&ITXAudioEffectManager::setMusicPlayoutVolume));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id, float pitch)>(&ITXAudioEffectManager::setMusicPitch));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id,
      float speedRate)>(&ITXAudioEffectManager::setMusicSpeedRate));
  refer(static_cast<long (ITXAudioEffectManager::*)(int id)>(&ITXAudioEffectManager::getMusicCurrentPosInMS));
  refer(static_cast<long (ITXAudioEffectManager::*)(char* path)>(&ITXAudioEffectManager::getMusicDurationInMS));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id, int pts)>(&ITXAudioEffectManager::seekMusicToPosInTime));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id,
      float scratchSpeedRate)>(&ITXAudioEffectManager::setMusicScratchSpeedRate));

        refer(static_cast<void (ITXAudioEffectManager::*)(ITXMusicPreloadObserver* observer)>(&ITXAudioEffectManager::setPreloadObserver));

        refer(static_cast<void (ITXAudioEffectManager::*)(AudioMusicParam preloadParam)>(&ITXAudioEffectManager::preloadMusic));
  refer(static_cast<long (ITXAudioEffectManager::*)(int id)>(&ITXAudioEffectManager::getMusicTrackCount));
  refer(static_cast<void (ITXAudioEffectManager::*)(int id, int trackIndex)>(&ITXAudioEffectManager::setMusicTrack));
  refer(static_cast<void (ITXDeviceInfo::*)()>(&ITXDeviceInfo::release));
  refer(static_cast<const char* (ITXDeviceInfo::*)()>(&ITXDeviceInfo::getDevicePID));
  refer(static_cast<const char* (ITXDeviceInfo::*)()>(&ITXDeviceInfo::getDeviceName));
  refer(static_cast<uint32_t (ITXDeviceCollection::*)()>(&ITXDeviceCollection::getCount));
  refer(static_cast<const char* (ITXDeviceCollection::*)(uint32_t index)>(&ITXDeviceCollection::getDeviceName));
  refer(static_cast<const char* (ITXDeviceCollection::*)(uint32_t index)>(&ITXDeviceCollection::getDevicePID));
  refer(static_cast<const char* (ITXDeviceCollection::*)(uint32_t index)>(&ITXDeviceCollection::getDeviceProperties));
  refer(static_cast<void (ITXDeviceCollection::*)()>(&ITXDeviceCollection::release));
#if RTC_DESKTOP
  refer(static_cast<void (ITXDeviceObserver::*)(const char* deviceId, TXMediaDeviceType type,
      TXMediaDeviceState state)>(&ITXDeviceObserver::onDeviceChanged));
#endif
#if RTC_MOBILE
  refer(static_cast<bool (ITXDeviceManager::*)()>(&ITXDeviceManager::isFrontCamera));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(bool frontCamera)>(&ITXDeviceManager::switchCamera));
#endif
#if RTC_MOBILE
  refer(static_cast<float (ITXDeviceManager::*)()>(&ITXDeviceManager::getCameraZoomMaxRatio));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(float zoomRatio)>(&ITXDeviceManager::setCameraZoomRatio));
#endif
#if RTC_MOBILE
  refer(static_cast<bool (ITXDeviceManager::*)()>(&ITXDeviceManager::isAutoFocusEnabled));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(bool enabled)>(&ITXDeviceManager::enableCameraAutoFocus));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(float x, float y)>(&ITXDeviceManager::setCameraFocusPosition));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(bool enabled)>(&ITXDeviceManager::enableCameraTorch));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(TXAudioRoute route)>(&ITXDeviceManager::setAudioRoute));
#endif
#if RTC_DESKTOP

        refer(static_cast<ITXDeviceCollection* (ITXDeviceManager::*)(TXMediaDeviceType type)>(&ITXDeviceManager::getDevicesList));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(TXMediaDeviceType type,
      const char* deviceId)>(&ITXDeviceManager::setCurrentDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<ITXDeviceInfo* (ITXDeviceManager::*)(TXMediaDeviceType type)>(&ITXDeviceManager::getCurrentDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(TXMediaDeviceType type,
      uint32_t volume)>(&ITXDeviceManager::setCurrentDeviceVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<uint32_t (ITXDeviceManager::*)(TXMediaDeviceType type)>(&ITXDeviceManager::getCurrentDeviceVolume));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(TXMediaDeviceType type,
      bool mute)>(&ITXDeviceManager::setCurrentDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<bool (ITXDeviceManager::*)(TXMediaDeviceType type)>(&ITXDeviceManager::getCurrentDeviceMute));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(TXMediaDeviceType type,
      bool enable)>(&ITXDeviceManager::enableFollowingDefaultAudioDevice));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(void* view)>(&ITXDeviceManager::startCameraDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)()>(&ITXDeviceManager::stopCameraDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(uint32_t interval)>(&ITXDeviceManager::startMicDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(uint32_t interval,
      bool playback)>(&ITXDeviceManager::startMicDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)()>(&ITXDeviceManager::stopMicDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)(const char* filePath)>(&ITXDeviceManager::startSpeakerDeviceTest));
#endif
#if RTC_DESKTOP
  refer(static_cast<int (ITXDeviceManager::*)()>(&ITXDeviceManager::stopSpeakerDeviceTest));
#endif
#if RTC_DESKTOP

        refer(static_cast<int (ITXDeviceManager::*)(ITRTCVideoRenderCallback* callback)>(&ITXDeviceManager::startCameraDeviceTest));
#endif
#if RTC_WINDOWS
  refer(static_cast<int (ITXDeviceManager::*)(int volume)>(&ITXDeviceManager::setApplicationPlayVolume));
#endif
#if RTC_WINDOWS
  refer(static_cast<int (ITXDeviceManager::*)()>(&ITXDeviceManager::getApplicationPlayVolume));
#endif
#if RTC_WINDOWS
  refer(static_cast<int (ITXDeviceManager::*)(bool bMute)>(&ITXDeviceManager::setApplicationMuteState));
#endif
#if RTC_WINDOWS
  refer(static_cast<bool (ITXDeviceManager::*)()>(&ITXDeviceManager::getApplicationMuteState));
#endif
#if RTC_DESKTOP

        refer(static_cast<void (ITXDeviceManager::*)(const TXCameraCaptureParam& params)>(&ITXDeviceManager::setCameraCapturerParam));
#endif
#if RTC_DESKTOP
  refer(static_cast<void (ITXDeviceManager::*)(ITXDeviceObserver* observer)>(&ITXDeviceManager::setDeviceObserver));
#endif
#if RTC_MOBILE
  refer(static_cast<int (ITXDeviceManager::*)(TXSystemVolumeType type)>(&ITXDeviceManager::setSystemVolumeType));
#endif
  refer(static_cast<int (ITXNetworkProxy::*)(const char* host, unsigned short port, const char* username,
      const char* password, const TRTCSocks5ProxyConfig* config)>(&ITXNetworkProxy::setSocks5Proxy));
  refer(static_cast<void (TXLiteAVLocalRecordCallback::*)(int videoWidth, int videoHeight,
      int fps)>(&TXLiteAVLocalRecordCallback::OnRecordStarted));
  refer(static_cast<void (TXLiteAVLocalRecordCallback::*)(TXLiteAVLocalRecordError err,
      const char* msg)>(&TXLiteAVLocalRecordCallback::OnRecordError));

        refer(static_cast<void (TXLiteAVLocalRecordCallback::*)(const char* path)>(&TXLiteAVLocalRecordCallback::OnRecordComplete));

        refer(static_cast<void (ITXLiteAVLocalRecord::*)(TXLiteAVLocalRecordCallback* callback)>(&ITXLiteAVLocalRecord::setCallback));
  refer(static_cast<ITRTCScreenCaptureSourceList* (ITXLiteAVLocalRecord::*)(const SIZE& thumbnailSize,
      const SIZE& iconSize)>(&ITXLiteAVLocalRecord::getScreenCaptureSources));
  refer(static_cast<TXLiteAVLocalRecordError (ITXLiteAVLocalRecord::*)(const RecordConfig& config,
      TRTCScreenCaptureSourceType type, TXView sourceId,
      const RECT& captureRect)>(&ITXLiteAVLocalRecord::startLocalRecord));
  refer(static_cast<void (ITXLiteAVLocalRecord::*)()>(&ITXLiteAVLocalRecord::stopLocalRecord));
  refer(static_cast<void (ITXLiteAVLocalRecord::*)(bool enable)>(&ITXLiteAVLocalRecord::enableRecordMicrophone));
  refer(static_cast<void (ITXLiteAVLocalRecord::*)(bool enable)>(&ITXLiteAVLocalRecord::enableRecordSystemAudio));
#if RTC_WINDOWS
  refer(static_cast<int (ITXVideoFrameProcessCallback::*)(const char* cameraDeviceId,
      const TRTCVideoFrame* originalVideoFrame,
      TRTCVideoFrame* processedVideoFrame)>(&ITXVideoFrameProcessCallback::onProcessVideoFrame));
#endif
#if RTC_WINDOWS

        refer(static_cast<int (ITXVideoFrameRenderCallback::*)(const TRTCVideoFrame* mixedVideoFrame)>(&ITXVideoFrameRenderCallback::onRenderMixedFrame));
#endif
#if RTC_WINDOWS
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(LocalMediaTranscodingError errCode,
      const char* errMsg)>(&ILocalMediaTranscodingCallback::onTranscodingStarted));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(int reason,
      const char* reasonMsg)>(&ILocalMediaTranscodingCallback::onTranscodingStopped));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(const char* deviceId, LocalMediaTranscodingError errCode,
      const char* errMsg)>(&ILocalMediaTranscodingCallback::onCameraSourceStarted));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(const char* deviceId,
      const char* reasonMsg)>(&ILocalMediaTranscodingCallback::onCameraSourceStopped));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(const char* imagePath, LocalMediaTranscodingError errCode,
      const char* errMsg)>(&ILocalMediaTranscodingCallback::onImageSourceStarted));

        refer(static_cast<void (ILocalMediaTranscodingCallback::*)(const char* imagePath)>(&ILocalMediaTranscodingCallback::onImageSourceStopped));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(TXView sourceId, LocalMediaTranscodingError errCode,
      const char* errMsg)>(&ILocalMediaTranscodingCallback::onScreenSourceStarted));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(TXView sourceId,
      int reason)>(&ILocalMediaTranscodingCallback::onScreenSourcePaused));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(TXView sourceId,
      int reason)>(&ILocalMediaTranscodingCallback::onScreenSourceResumed));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(TXView sourceId,
      int reason)>(&ILocalMediaTranscodingCallback::onScreenSourceStopped));
  refer(static_cast<void (ILocalMediaTranscodingCallback::*)(const LocalMediaTranscodingSource& mediaSource,
      const SIZE& newSize)>(&ILocalMediaTranscodingCallback::onMediaSourceSizeChanged));
#endif
#if RTC_WINDOWS

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(ILocalMediaTranscodingCallback* callback)>(&ITXLocalMediaTranscoding::setTranscodingCallback));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITXVideoFrameProcessCallback* callback)>(&ITXLocalMediaTranscoding::setVideoFrameProcessCallback));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITXVideoFrameRenderCallback* callback)>(&ITXLocalMediaTranscoding::setVideoFrameRenderCallback));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(TRTCVideoStreamType streamType,
      const LocalMediaTranscodingParams& params)>(&ITXLocalMediaTranscoding::startTranscoding));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(const LocalMediaTranscodingParams& params)>(&ITXLocalMediaTranscoding::updateTranscodingParams));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)()>(&ITXLocalMediaTranscoding::stopTranscoding));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* cameraDeviceId)>(&ITXLocalMediaTranscoding::startCameraSource));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* cameraDeviceId)>(&ITXLocalMediaTranscoding::stopCameraSource));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* cameraDeviceId,
      const TXCameraCaptureParam* cameraParam)>(&ITXLocalMediaTranscoding::setCameraCaptureParam));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* cameraDeviceId,
      bool enable)>(&ITXLocalMediaTranscoding::enableCameraGreenScreen));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(const TRTCScreenCaptureSourceInfo& screenSource,
      const RECT& captureRect)>(&ITXLocalMediaTranscoding::startScreenSource));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(TXView sourceId,
      const TRTCScreenCaptureProperty& property)>(&ITXLocalMediaTranscoding::updateScreenCaptureProperty));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(TXView screenSourceId)>(&ITXLocalMediaTranscoding::stopScreenSource));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* imagePath,
      int fps)>(&ITXLocalMediaTranscoding::addImageSource));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(const char* imagePath)>(&ITXLocalMediaTranscoding::removeImageSource));

        refer(static_cast<void (ITXLocalMediaTranscoding::*)(TXView view)>(&ITXLocalMediaTranscoding::setMixedVideoRenderView));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)(ITRTCCloud* trtcCloud)>(&ITXLocalMediaTranscoding::attachTRTC));
  refer(static_cast<void (ITXLocalMediaTranscoding::*)()>(&ITXLocalMediaTranscoding::detachTRTC));
#endif

        refer(static_cast<bool (ITRTCAudioPacketListener::*)(TRTCAudioPacket& data)>(&ITRTCAudioPacketListener::onRecvAudioPacket));

        refer(static_cast<bool (ITRTCAudioPacketListener::*)(TRTCAudioPacket& data)>(&ITRTCAudioPacketListener::onSendAudioPacket));

        refer(static_cast<bool (ITXLiteAVEncodedDataProcessingListener::*)(TXLiteAVEncodedData& videoData)>(&ITXLiteAVEncodedDataProcessingListener::didEncodeVideo));

        refer(static_cast<bool (ITXLiteAVEncodedDataProcessingListener::*)(TXLiteAVEncodedData& videoData)>(&ITXLiteAVEncodedDataProcessingListener::willDecodeVideo));

        refer(static_cast<bool (ITXLiteAVEncodedDataProcessingListener::*)(TXLiteAVEncodedData& audioData)>(&ITXLiteAVEncodedDataProcessingListener::didEncodeAudio));

        refer(static_cast<bool (ITXLiteAVEncodedDataProcessingListener::*)(TXLiteAVEncodedData& audioData)>(&ITXLiteAVEncodedDataProcessingListener::willDecodeAudio));
  refer(static_cast<uint8_t* (TXLiteAVBuffer::*)()>(&TXLiteAVBuffer::data));
  refer(static_cast<const uint8_t* (TXLiteAVBuffer::*)() const>(&TXLiteAVBuffer::cdata));
  refer(static_cast<size_t (TXLiteAVBuffer::*)() const>(&TXLiteAVBuffer::size));
  refer(static_cast<void (TXLiteAVBuffer::*)(size_t size)>(&TXLiteAVBuffer::SetSize));
  refer(static_cast<void (TXLiteAVBuffer::*)(size_t capacity)>(&TXLiteAVBuffer::EnsureCapacity));
  std::printf("%d names\n", referred);
  return referred > 300 ? 0 : 1;
}
