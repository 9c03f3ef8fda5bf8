// Screens and windows as a list that the application releases.
#include "sources.h"

#include "rtc_engine.h"

namespace liteav {
namespace detail {

namespace {

class SourceList final : public ITRTCScreenCaptureSourceList {
 public:
  explicit SourceList(uint64_t list) : list_(list) {}
  ~SourceList() override { rtc_screen_sources_release(list_); }

  uint32_t getCount() override {
    const int32_t count = rtc_screen_sources_count(list_);
    return count > 0 ? static_cast<uint32_t>(count) : 0;
  }

  TRTCScreenCaptureSourceInfo getSourceInfo(uint32_t index) override {
    TRTCScreenCaptureSourceInfo info;
    rtc_screen_source source = {};
    // An index beyond the list gives an empty source.
    if (rtc_screen_sources_at(list_, index, &source) != 0) return info;
    info.type = static_cast<TRTCScreenCaptureSourceType>(source.kind);
    info.sourceId = reinterpret_cast<TXView>(static_cast<uintptr_t>(source.source_id));
    info.sourceName = source.name;
    info.thumbBGRA = image(source.thumbnail);
    info.iconBGRA = image(source.icon);
    info.isMinimizeWindow = source.is_minimized;
    info.isMainScreen = source.is_main_screen;
    info.x = source.x;
    info.y = source.y;
    info.width = source.width;
    info.height = source.height;
    return info;
  }

  void release() override { delete this; }

 private:
  static TRTCImageBuffer image(const rtc_image& from) {
    TRTCImageBuffer to;
    to.buffer = reinterpret_cast<const char*>(from.data);
    to.length = from.length;
    to.width = from.width;
    to.height = from.height;
    return to;
  }

  uint64_t list_;
};

}  // namespace

ITRTCScreenCaptureSourceList* screen_sources(uint64_t handle, const SIZE& thumbnail, const SIZE& icon) {
  // SIZE is a struct of Windows there, with other names and the same two numbers.
#if RTC_WINDOWS
  const long sizes[] = {thumbnail.cx, thumbnail.cy, icon.cx, icon.cy};
#else
  const long sizes[] = {thumbnail.width, thumbnail.height, icon.width, icon.height};
#endif
  const auto positive = [](long size) { return size > 0 ? static_cast<uint32_t>(size) : 0; };
  return new SourceList(rtc_screen_sources(handle, positive(sizes[0]), positive(sizes[1]), positive(sizes[2]), positive(sizes[3])));
}

}  // namespace detail
}  // namespace liteav
