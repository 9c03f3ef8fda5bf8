// The life of an instance, and the way of its events to the application's objects.
#include <string>

#include "fault.h"
#include "living.h"
#include "parts.h"
#include "rtc_engine.h"
#include "runtime.h"

namespace liteav {
namespace detail {

namespace {

bool begins(const std::string& text, const char* with) { return text.compare(0, std::char_traits<char>::length(with), with) == 0; }

void on_event(void* user, const char* text) {
  guarded("an event", [&] {
    const std::shared_ptr<CloudParts> parts = Living<CloudParts>::all().find(user);
    if (!parts) return;
    const Json event = Json::parse(text);
    const std::string& name = event["event"].text();
    const Json& data = event["data"];
    if (begins(name, "music.")) {
      parts->music_observers.each([&](ITXMusicPlayObserver& it) { deliver(it, name, data); }, data["id"].i32());
    } else if (begins(name, "preload.")) {
      parts->preload_observer.each([&](ITXMusicPreloadObserver& it) { deliver(it, name, data); });
    } else if (begins(name, "device.")) {
      parts->device_observer.each([&](ITXDeviceObserver& it) { deliver(it, name, data); });
    } else {
      parts->callbacks.each([&](ITRTCCloudCallback& it) { deliver(it, name, data); });
    }
  });
}

void on_snapshot(void* user, const char* user_id, int32_t stream_type, const rtc_video_frame* frame) {
  guarded("a snapshot", [&] {
    const std::shared_ptr<CloudParts> parts = Living<CloudParts>::all().find(user);
    if (!parts) return;
    parts->callbacks.each([&](ITRTCCloudCallback& it) {
      it.onSnapshotComplete(user_id, static_cast<TRTCVideoStreamType>(stream_type), reinterpret_cast<char*>(frame->data), frame->length, frame->width,
                            frame->height, static_cast<TRTCVideoPixelFormat>(frame->format));
    });
  });
}

void on_cmd_msg(void* user, const char* user_id, int32_t cmd_id, uint32_t sequence, const uint8_t* data, uint32_t length) {
  guarded("a message", [&] {
    const std::shared_ptr<CloudParts> parts = Living<CloudParts>::all().find(user);
    if (!parts) return;
    parts->callbacks.each([&](ITRTCCloudCallback& it) { it.onRecvCustomCmdMsg(user_id, cmd_id, sequence, data, length); });
  });
}

void on_sei_msg(void* user, const char* user_id, const uint8_t* data, uint32_t length) {
  guarded("an SEI message", [&] {
    const std::shared_ptr<CloudParts> parts = Living<CloudParts>::all().find(user);
    if (!parts) return;
    parts->callbacks.each([&](ITRTCCloudCallback& it) { it.onRecvSEIMsg(user_id, data, length); });
  });
}

// `create` makes the native instance with a callback and its pointer.
template <class F>
std::shared_ptr<CloudParts> start(CloudBase& cloud, F create) {
  const std::shared_ptr<CloudParts> parts = std::make_shared<CloudParts>(cloud);
  parts->number = Living<CloudParts>::all().add(parts);
  void* const user = reinterpret_cast<void*>(parts->number);
  const uint64_t handle = create(&on_event, user);
  parts->handle = handle;
  rtc_set_snapshot_callback(handle, &on_snapshot, user);
  rtc_set_cmd_msg_callback(handle, &on_cmd_msg, user);
  rtc_set_sei_msg_callback(handle, &on_sei_msg, user);
  return parts;
}

}  // namespace

CloudBase::CloudBase() : parts_(start(*this, &rtc_create)) {}

CloudBase::CloudBase(Parent parent)
    : parts_(start(*this, [&](rtc_event_fn event, void* user) { return rtc_create_sub(parent.cloud.handle(), event, user); })) {}

CloudBase::~CloudBase() = default;

void CloudBase::end() {
  // Sub clouds that nobody destroyed go with it.
  std::vector<std::unique_ptr<Cloud, EndAndDelete>> subs;
  {
    std::lock_guard<std::mutex> lock(parts_->mutex);
    subs.swap(parts_->subs);
  }
  subs.clear();
  rtc_destroy(parts_->handle);
  Living<CloudParts>::all().remove(parts_->number);
}

void EndAndDelete::operator()(Cloud* cloud) const {
  cloud->end();
  delete cloud;
}

uint64_t CloudBase::handle() const { return parts_->handle; }

}  // namespace detail
}  // namespace liteav
