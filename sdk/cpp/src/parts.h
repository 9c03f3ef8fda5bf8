// What an instance has beyond its interface. It outlives the instance for as long as an event is being told.
#ifndef RTC_ENGINE_CPP_PARTS_H_
#define RTC_ENGINE_CPP_PARTS_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "ITRTCCloud.h"
#include "generated/cloud.h"
#include "receivers.h"
#include "runtime.h"

namespace liteav {
namespace detail {

// How an instance is deleted.
struct EndAndDelete {
  void operator()(Cloud* cloud) const;
};

struct CloudParts {
  explicit CloudParts(CloudBase& cloud) : devices(cloud), effects(cloud) {}

  std::atomic<uint64_t> handle{0};
  // The number under which events find these parts; see cloud_base.cpp.
  uintptr_t number = 0;

  Receivers<ITRTCCloudCallback> callbacks;
  Receivers<ITXDeviceObserver> device_observer;
  Receivers<ITXMusicPlayObserver> music_observers;
  Receivers<ITXMusicPreloadObserver> preload_observer;

  DeviceManager devices;
  AudioEffectManager effects;

  // Guards what follows.
  std::mutex mutex;
  std::vector<std::unique_ptr<Cloud, EndAndDelete>> subs;
  // The process callback takes effect when both calls for it were made, in any order.
  ITRTCVideoFrameCallback* process = nullptr;
  bool process_enabled = false;
  TRTCVideoPixelFormat process_format = TRTCVideoPixelFormat_Unknown;
  TRTCVideoBufferType process_buffer = TRTCVideoBufferType_Unknown;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_PARTS_H_
