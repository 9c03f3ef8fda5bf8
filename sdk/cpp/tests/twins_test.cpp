// What reaches an application without an engine, on devices that are not there: CMakeLists.txt names them.
#include <ITRTCCloud.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "check.h"

using namespace liteav;

namespace {

const uint8_t kPainted = 77;

// What was told, as texts that can be waited for.
class Told {
 public:
  void add(const std::string& what) {
    std::lock_guard<std::mutex> lock(mutex_);
    all_.push_back(what);
    changed_.notify_all();
  }

  void wait(const std::string& what) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] {
      for (const std::string& one : all_) {
        if (one == what) return true;
      }
      return false;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
};

void lists_of_devices_have_what_is_there() {
  ITXDeviceManager* const devices = getTRTCShareInstance()->getDeviceManager();
  ITXDeviceCollection* const list = devices->getDevicesList(TXMediaDeviceTypeMic);
  CHECK(list->getCount() == 1);
  CHECK(list->getDeviceName(0) == std::string("Synthetic microphone"));
  CHECK(list->getDevicePID(0) == std::string("synthetic-microphone"));
  CHECK(list->getDeviceProperties(0) == std::string());
  CHECK(list->getDevicePID(1) == std::string());
  list->release();
  ITXDeviceInfo* const current = devices->getCurrentDevice(TXMediaDeviceTypeSpeaker);
  CHECK(current->getDeviceName() == std::string("Synthetic speaker"));
  CHECK(current->getDevicePID() == std::string("synthetic-speaker"));
  current->release();
}

void lists_of_screens_have_what_is_there() {
  ITRTCScreenCaptureSourceList* const list = getTRTCShareInstance()->getScreenCaptureSources(SIZE(), SIZE());
  CHECK(list->getCount() == 1);
  const TRTCScreenCaptureSourceInfo source = list->getSourceInfo(0);
  CHECK(source.type == TRTCScreenCaptureSourceTypeScreen && source.sourceName == std::string("pattern"));
  CHECK(source.isMainScreen && source.width == 1280 && source.height == 720);
  list->release();
}

struct Eye : ITRTCVideoRenderCallback {
  Told told;
  void onRenderVideoFrame(const char* userId, TRTCVideoStreamType, TRTCVideoFrame* frame) override {
    CHECK(std::strlen(userId) == 0 && frame->length > 0);
    told.add("a picture");
    if (frame->videoFormat != TRTCVideoPixelFormat_I420) return;
    const uint8_t* const luma = reinterpret_cast<const uint8_t*>(frame->data);
    for (uint32_t i = 0; i < frame->width * frame->height; ++i) {
      if (luma[i] != kPainted) return;
    }
    told.add("what was painted");
  }
};

void a_camera_under_test_is_shown_to_a_callback() {
  Eye eye;
  ITXDeviceManager* const devices = getTRTCShareInstance()->getDeviceManager();
  CHECK(devices->startCameraDeviceTest(&eye) == 0);
  eye.told.wait("a picture");
  CHECK(devices->stopCameraDeviceTest() == 0);
}

void the_application_paints_over_its_pictures() {
  struct Painter : ITRTCVideoFrameCallback {
    int onProcessVideoFrame(TRTCVideoFrame* from, TRTCVideoFrame* to) override {
      std::memcpy(to->data, from->data, from->length);
      std::memset(to->data, kPainted, from->width * from->height);
      return 0;
    }
  } painter;
  Eye eye;
  ITRTCCloud* const cloud = getTRTCShareInstance();
  CHECK(cloud->setLocalVideoRenderCallback(TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer, &eye) == 0);
  cloud->setLocalVideoCustomProcessCallback(&painter);
  cloud->startLocalPreview(nullptr);
  eye.told.wait("a picture");
  CHECK(cloud->enableLocalVideoCustomProcess(true, TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer) == 0);
  eye.told.wait("what was painted");
  cloud->setLocalVideoCustomProcessCallback(nullptr);
  cloud->setLocalVideoRenderCallback(TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer, nullptr);
  cloud->stopLocalPreview();
}

void observers_are_told_of_music_that_is_not_there() {
  struct Play : ITXMusicPlayObserver {
    Told told;
    void onStart(int id, int errCode) override { told.add(std::to_string(id) + (errCode < 0 ? " failed" : " plays")); }
    void onPlayProgress(int, long, long) override {}
    void onComplete(int, int) override {}
  } play;
  struct Preload : ITXMusicPreloadObserver {
    Told told;
    void onLoadProgress(int, int) override {}
    void onLoadError(int id, int errorCode) override { told.add(std::to_string(id) + (errorCode < 0 ? " failed" : " loads")); }
  } preload;
  ITXAudioEffectManager* const effects = getTRTCShareInstance()->getAudioEffectManager();
  char path[] = "/nowhere.mp3";
  AudioMusicParam music(5, path);
  effects->setMusicObserver(5, &play);
  effects->setPreloadObserver(&preload);
  effects->startPlayMusic(music);
  play.told.wait("5 failed");
  effects->preloadMusic(music);
  preload.told.wait("5 failed");
  effects->setMusicObserver(5, nullptr);
  effects->setPreloadObserver(nullptr);
}

void lines_of_the_log_reach_a_callback() {
  struct Lines : ITRTCLogCallback {
    Told told;
    void onLog(const char* log, TRTCLogLevel level, const char*) override {
      if (level == TRTCLogLevelWarn && std::strstr(log, "noSuchThing") != nullptr) told.add("the warning");
    }
  } lines;
  ITRTCCloud* const cloud = getTRTCShareInstance();
  cloud->setLogLevel(TRTCLogLevelWarn);
  cloud->setLogCallback(&lines);
  cloud->callExperimentalAPI("{\"api\":\"noSuchThing\"}");
  lines.told.wait("the warning");
  cloud->setLogCallback(nullptr);
  cloud->setLogLevel(TRTCLogLevelNone);
}

}  // namespace

int main() {
  lists_of_devices_have_what_is_there();
  lists_of_screens_have_what_is_there();
  a_camera_under_test_is_shown_to_a_callback();
  the_application_paints_over_its_pictures();
  observers_are_told_of_music_that_is_not_there();
  lines_of_the_log_reach_a_callback();
  destroyTRTCShareInstance();
  return 0;
}
