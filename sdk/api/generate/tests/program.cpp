// A program as applications have it: it uses what the interface has in the ways in which it is used. It is compiled, not run.
#include <cstdio>
#include <cstring>
#include <vector>

#include "ITRTCAudioPacketListener.h"
#include "ITRTCCloud.h"
#include "TXLiteAVBase.h"
#include "TXLiteAVEncodedDataProcessingListener.h"

using namespace liteav;

class Events : public ITRTCCloudCallback,
               public ITRTCVideoRenderCallback,
               public ITRTCAudioFrameCallback,
               public ITXMusicPlayObserver {
 public:
  void onError(TXLiteAVError errCode, const char*, void*) override {
    if (errCode == ERR_ROOM_ENTER_FAIL || errCode == ERR_TRTC_INVALID_USER_SIG) failed = true;
  }
  void onWarning(TXLiteAVWarning warningCode, const char*, void*) override {
    if (warningCode == WARNING_IGNORE_UPSTREAM_FOR_AUDIENCE) failed = true;
  }
  void onEnterRoom(int result) override { failed = result < 0; }
  void onExitRoom(int) override {}
  void onUserVideoAvailable(const char* userId, bool available) override {
    ITRTCCloud* cloud = ITRTCCloud::getTRTCShareInstance();
    if (available) cloud->startRemoteView(userId, TRTCVideoStreamTypeBig, nullptr);
  }
  void onNetworkQuality(TRTCQualityInfo localQuality, TRTCQualityInfo* remoteQuality, uint32_t count) override {
    failed = localQuality.quality == TRTCQuality_Down || (count > 0 && remoteQuality[0].quality == TRTCQuality_Down);
  }
  void onStatistics(const TRTCStatistics& statistics) override {
    for (uint32_t i = 0; i < statistics.remoteStatisticsArraySize; ++i) {
      if (statistics.remoteStatisticsArray[i].videoBlockRate > 50) failed = true;
    }
  }
  void onDeviceChange(const char*, TRTCDeviceType type, TRTCDeviceState state) override {
    failed = type == TRTCDeviceTypeMic && state == TRTCDeviceStateRemove;
  }
  void onRecvCustomCmdMsg(const char*, int32_t, uint32_t, const uint8_t* message, uint32_t size) override {
    last.assign(message, message + size);
  }
  void onRenderVideoFrame(const char*, TRTCVideoStreamType, TRTCVideoFrame* frame) override { width = frame->width; }
  void onCapturedAudioFrame(TRTCAudioFrame* frame) override { std::memset(frame->data, 0, frame->length); }
  void onStart(int, int) override {}
  void onPlayProgress(int, long, long) override {}
  void onComplete(int, int) override {}

#if defined(OVERRIDE_WHAT_IS_NOT_THERE)
  void onEnterRoom(long) override {}
#endif

  bool failed = false;
  uint32_t width = 0;
  std::vector<uint8_t> last;
};

// Each overrides what it is interested in, and no more.
class Cipher : public ITXLiteAVEncodedDataProcessingListener, public ITRTCAudioPacketListener {
 public:
  bool didEncodeVideo(TXLiteAVEncodedData& videoData) override { return turn(videoData); }
  bool willDecodeVideo(TXLiteAVEncodedData& videoData) override { return videoData.userId != nullptr && turn(videoData); }
  bool onSendAudioPacket(TRTCAudioPacket& data) override {
    data.extraData->EnsureCapacity(2);
    data.extraData->SetSize(1);
    data.extraData->data()[0] = 7;
    return true;
  }

 private:
  static bool turn(TXLiteAVEncodedData& it) {
    it.processedData->SetSize(it.originData->size());
    for (size_t i = 0; i < it.originData->size(); ++i) {
      it.processedData->data()[i] = static_cast<uint8_t>(~it.originData->cdata()[i]);
    }
    return true;
  }
};

int main() {
  setGlobalEnv("http://127.0.0.1:8080");
  ITRTCCloud* cloud = getTRTCShareInstance();
  Events events;
  cloud->addCallback(&events);
  cloud->setLogLevel(TRTCLogLevelInfo);

  TRTCParams params;
  params.sdkAppId = 1400000001;
  params.userId = "alice";
  params.userSig = "signature";
  params.strRoomId = "room";
  params.role = TRTCRoleAnchor;
  cloud->enterRoom(params, TRTCAppSceneLIVE);
  cloud->switchRole(TRTCRoleAudience);
  cloud->switchRole(TRTCRoleAnchor, "ticket");

  TRTCVideoEncParam encoder;
  encoder.videoResolution = TRTCVideoResolution_1280_720;
  cloud->setVideoEncoderParam(encoder);
  cloud->startLocalPreview(nullptr);
  cloud->startLocalAudio(TRTCAudioQualityMusic);
  cloud->startLocalAudio();
  cloud->startRemoteView("bob", nullptr);
  cloud->startRemoteSubStreamView("bob", nullptr);
  cloud->muteLocalVideo(TRTCVideoStreamTypeBig, true);
  cloud->muteLocalVideo(true);
  cloud->setRemoteVideoRenderCallback("bob", TRTCVideoPixelFormat_BGRA32, TRTCVideoBufferType_Buffer, &events);
  cloud->setAudioFrameCallback(&events);
  cloud->startSystemAudioLoopback();
  cloud->setWaterMark(TRTCVideoStreamTypeBig, "logo.png", TRTCWaterMarkSrcTypeFile, 0, 0, 0.1f, 0.1f, 0.2f);

  const uint8_t message[] = {1, 2, 3};
  bool sent = cloud->sendCustomCmdMsg(1, message, sizeof(message), true, true);
  TRTCVideoFrame frame;
  std::vector<char> pixels(frame.width * frame.height * 3 / 2);
  frame.videoFormat = TRTCVideoPixelFormat_I420;
  frame.data = pixels.data();
  frame.length = static_cast<uint32_t>(pixels.size());
  cloud->sendCustomVideoData(TRTCVideoStreamTypeBig, &frame);

  SIZE size = {};
  ITRTCScreenCaptureSourceList* sources = cloud->getScreenCaptureSources(size, size);
  if (sources->getCount() > 0) {
    RECT rect = {};
    cloud->selectScreenCaptureTarget(sources->getSourceInfo(0), rect, TRTCScreenCaptureProperty());
    cloud->selectScreenCaptureTarget(sources->getSourceInfo(0), rect);
    cloud->startScreenCapture(nullptr, TRTCVideoStreamTypeSub, &encoder);
  }
  sources->release();

  ITXDeviceManager* devices = cloud->getDeviceManager();
  ITXDeviceCollection* microphones = devices->getDevicesList(TXMediaDeviceTypeMic);
  for (uint32_t i = 0; i < microphones->getCount(); ++i) {
    devices->setCurrentDevice(TXMediaDeviceTypeMic, microphones->getDevicePID(i));
  }
  microphones->release();
  ITRTCDeviceInfo* camera = cloud->getCurrentCameraDevice();
  camera->release();

  char path[] = "music.mp3";
  AudioMusicParam music(1, path);
  music.publish = true;
  ITXAudioEffectManager* effects = cloud->getAudioEffectManager();
  effects->setMusicObserver(1, &events);
  effects->startPlayMusic(music);
  effects->setVoiceReverbType(TXLiveVoiceReverbType_1);

  TRTCPublishCdnUrl url;
  url.rtmpUrl = "rtmp://example.invalid/live/stream";
  TRTCPublishTarget target;
  target.mode = TRTCPublishMode::TRTCPublishBigStreamToCdn;
  target.cdnUrlList = &url;
  target.cdnUrlListSize = 1;
  TRTCStreamEncoderParam output;
  output.videoEncodedFPS = 15;
  cloud->startPublishMediaStream(&target, &output, nullptr);

  static Cipher cipher;
  char experiment[128];
  std::snprintf(experiment, sizeof(experiment), "{\"api\":\"setEncodedDataProcessingListener\",\"params\":{\"listener\":%llu}}",
                static_cast<unsigned long long>(reinterpret_cast<uintptr_t>(static_cast<ITXLiteAVEncodedDataProcessingListener*>(&cipher))));
  cloud->callExperimentalAPI(experiment);

  cloud->exitRoom();
  cloud->removeCallback(&events);
  destroyTRTCShareInstance();
  return sent && !events.failed ? 0 : 1;
}
