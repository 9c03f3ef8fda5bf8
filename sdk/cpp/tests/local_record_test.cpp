// Recording a screen by the public interface, on devices that are not there.
#include <ITXLiteAVLocalRecord.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "check.h"

namespace {

using liteav::RECT;
using liteav::SIZE;

class Told : public TXLiteAVLocalRecordCallback {
 public:
  void OnRecordStarted(int videoWidth, int videoHeight, int fps) override {
    if (to_destroy != nullptr) destroyLocalRecordInstance(to_destroy);
    add("started " + std::to_string(videoWidth) + "x" + std::to_string(videoHeight) + " " + std::to_string(fps));
  }
  void OnRecordError(TXLiteAVLocalRecordError err, const char* msg) override { add("error " + std::to_string(err) + " " + msg); }
  void OnRecordComplete(const char* path) override { add(std::string("complete ") + path); }

  void wait(const std::string& what) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return all_.find(what) != std::string::npos; })) {
      std::fprintf(stderr, "nobody told `%s`, but:\n%s", what.c_str(), all_.c_str());
      std::exit(1);
    }
  }

  // Is destroyed where the beginning is told.
  ITXLiteAVLocalRecord* to_destroy = nullptr;

 private:
  void add(const std::string& what) {
    std::lock_guard<std::mutex> lock(mutex_);
    all_ += what + "\n";
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string all_;
};

long size_of(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return 0;
  std::fseek(file, 0, SEEK_END);
  const long size = std::ftell(file);
  std::fclose(file);
  return size;
}

void until_size(const std::string& path, long size) {
  for (int turn = 0; turn < 600 && size_of(path) < size; ++turn) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(size_of(path) >= size);
}

void record(const std::string& path, bool destroys_in_callback) {
  std::remove(path.c_str());
  ITXLiteAVLocalRecord* const recorder = createLocalRecordInstance();
  CHECK(recorder != nullptr);
  Told told;
  recorder->setCallback(&told);
  const SIZE none;
  liteav::ITRTCScreenCaptureSourceList* const sources = recorder->getScreenCaptureSources(none, none);
  CHECK(sources->getCount() == 1);
  const liteav::TRTCScreenCaptureSourceInfo source = sources->getSourceInfo(0);

  RecordConfig config;
  const RECT whole = {};
  CHECK(recorder->startLocalRecord(config, source.type, source.sourceId, whole) == ERR_RECORD_FILE_PATH_INVALID);
  config.filePath = path.c_str();
  config.recordWidth = 320;
  config.fps = 20;
  CHECK(recorder->startLocalRecord(config, liteav::TRTCScreenCaptureSourceTypeUnknown, nullptr, whole) == ERR_RECORD_NO_RECORD_TARGET);
  recorder->enableRecordMicrophone(true);
  if (destroys_in_callback) told.to_destroy = recorder;
  CHECK(recorder->startLocalRecord(config, source.type, source.sourceId, whole) == ERR_RECORD_SUCCESS);
  if (destroys_in_callback) {
    sources->release();
    return told.wait("started 320x180 20");
  }
  CHECK(recorder->startLocalRecord(config, source.type, source.sourceId, whole) == ERR_RECORD_HAS_BEGIN);
  sources->release();
  told.wait("started 320x180 20");
  until_size(path, 20000);
  recorder->stopLocalRecord();
  told.wait("complete " + path);
  destroyLocalRecordInstance(recorder);
  CHECK(size_of(path) >= 20000);
  std::remove(path.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  CHECK(count == 2);
  setenv("RTC_ENGINE_AUDIO", "synthetic", 1);
  setenv("RTC_ENGINE_MICROPHONE", "tone:440", 1);
  setenv("RTC_ENGINE_SCREEN", "pattern", 1);
  record(std::string(arguments[1]) + "/screen.mp4", false);
  record(std::string(arguments[1]) + "/screen.mp4", true);
  destroyLocalRecordInstance(nullptr);
  return 0;
}
