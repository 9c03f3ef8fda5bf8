// Recording a screen or window to a file, without a room.
#include "ITXLiteAVLocalRecord.h"

#include <atomic>
#include <memory>

#include "fault.h"
#include "json.h"
#include "living.h"
#include "receivers.h"
#include "rtc_engine.h"
#include "runtime.h"
#include "sources.h"

namespace liteav {
namespace detail {

namespace {

// What a recorder has beyond its interface. It outlives the recorder for as long as an event is being told.
struct RecorderParts {
  std::atomic<uint64_t> handle{0};
  uintptr_t number = 0;
  Receivers<TXLiteAVLocalRecordCallback> callback;
};

void on_event(void* user, const char* text) {
  guarded("an event of a recorder", [&] {
    const std::shared_ptr<RecorderParts> parts = Living<RecorderParts>::all().find(user);
    if (!parts) return;
    const Json event = Json::parse(text);
    const std::string& name = event["event"].text();
    const Json& data = event["data"];
    parts->callback.each([&](TXLiteAVLocalRecordCallback& it) {
      if (name == "OnRecordStarted") {
        it.OnRecordStarted(data["videoWidth"].i32(), data["videoHeight"].i32(), data["fps"].i32());
      } else if (name == "OnRecordError") {
        it.OnRecordError(static_cast<TXLiteAVLocalRecordError>(data["err"].i32()), data["msg"].c_str());
      } else if (name == "OnRecordComplete") {
        it.OnRecordComplete(data["path"].c_str());
      }
    });
  });
}

Json to_json(const ::RecordConfig& config) {
  return Json::object()
      .set("filePath", config.filePath)
      .set("maxSingleFileSize", config.maxSingleFileSize)
      .set("fps", config.fps)
      .set("recordWidth", config.recordWidth)
      .set("recordHeight", config.recordHeight);
}

Json to_json(const RECT& rectangle) {
  return Json::object()
      .set("left", rectangle.left)
      .set("top", rectangle.top)
      .set("right", rectangle.right)
      .set("bottom", rectangle.bottom);
}

}  // namespace

class LocalRecord final : public ::ITXLiteAVLocalRecord {
 public:
  LocalRecord() : parts_(std::make_shared<RecorderParts>()) {
    parts_->number = Living<RecorderParts>::all().add(parts_);
    // Without a recorder the handle is 0, and everything is refused; the log says why.
    parts_->handle = rtc_create_local_record(&on_event, reinterpret_cast<void*>(parts_->number));
  }

  ~LocalRecord() override {
    rtc_destroy(parts_->handle);
    Living<RecorderParts>::all().remove(parts_->number);
  }

  void setCallback(TXLiteAVLocalRecordCallback* callback) override { parts_->callback.replace(callback); }

  ITRTCScreenCaptureSourceList* getScreenCaptureSources(const SIZE& thumbnailSize, const SIZE& iconSize) override {
    return screen_sources(parts_->handle, thumbnailSize, iconSize);
  }

  TXLiteAVLocalRecordError startLocalRecord(const ::RecordConfig& config, TRTCScreenCaptureSourceType type, TXView sourceId,
                                            const RECT& captureRect) override {
    Json arguments = Json::object();
    arguments.set("config", to_json(config)).set("type", static_cast<int>(type));
    arguments.set("sourceId", Json::pointer(sourceId)).set("captureRect", to_json(captureRect));
    const Json answer = call(parts_->handle, "startLocalRecord", arguments);
    return answer.is_null() ? ERR_RECORD_PARAM_INVALID : static_cast<TXLiteAVLocalRecordError>(answer.i32());
  }

  void stopLocalRecord() override { call(parts_->handle, "stopLocalRecord", Json::object()); }

  void enableRecordMicrophone(bool enable) override {
    call(parts_->handle, "enableRecordMicrophone", Json::object().set("enable", enable));
  }

  void enableRecordSystemAudio(bool enable) override {
    call(parts_->handle, "enableRecordSystemAudio", Json::object().set("enable", enable));
  }

 private:
  std::shared_ptr<RecorderParts> parts_;
};

}  // namespace detail
}  // namespace liteav

ITXLiteAVLocalRecord* createLocalRecordInstance() { return new liteav::detail::LocalRecord; }

void destroyLocalRecordInstance(ITXLiteAVLocalRecord* txliteav_localrecord) {
  delete static_cast<liteav::detail::LocalRecord*>(txliteav_localrecord);
}
