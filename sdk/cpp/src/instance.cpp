// The instance everybody shares, sub clouds, callbacks and managers.
#include <algorithm>
#include <memory>
#include <mutex>

#include "parts.h"
#include "runtime.h"

namespace liteav {

namespace {

struct Share {
  std::mutex mutex;
  std::unique_ptr<detail::Cloud, detail::EndAndDelete> cloud;
};

// Never destroyed: a program that ends without destroying the instance must not have it ended among its static objects.
Share& share() {
  static Share* const all = new Share;
  return *all;
}

}  // namespace

namespace detail {

void Cloud::addCallback(ITRTCCloudCallback* callback) { parts().callbacks.add(callback); }

void Cloud::removeCallback(ITRTCCloudCallback* callback) { parts().callbacks.remove(callback); }

ITRTCCloud* Cloud::createSubCloud() {
  std::unique_ptr<Cloud, EndAndDelete> sub(new Cloud(Parent{*this}));
  if (sub->handle() == 0) return nullptr;
  Cloud* const created = sub.get();
  std::lock_guard<std::mutex> lock(parts().mutex);
  parts().subs.push_back(std::move(sub));
  return created;
}

void Cloud::destroySubCloud(ITRTCCloud* subCloud) {
  // Ends when this returns, which is not under the lock: ending waits for callbacks.
  std::unique_ptr<Cloud, EndAndDelete> found;
  std::lock_guard<std::mutex> lock(parts().mutex);
  auto& subs = parts().subs;
  const auto at = std::find_if(subs.begin(), subs.end(), [&](const auto& sub) { return static_cast<ITRTCCloud*>(sub.get()) == subCloud; });
  // What is not ours, or gone already, is left alone.
  if (at == subs.end()) return;
  found = std::move(*at);
  subs.erase(at);
}

ITXDeviceManager* Cloud::getDeviceManager() { return &parts().devices; }

ITXAudioEffectManager* Cloud::getAudioEffectManager() { return &parts().effects; }

}  // namespace detail

// The original's rule for mobile systems, where a context comes with the call; nothing here needs one.
#if RTC_ANDROID || RTC_OHOS
ITRTCCloud* ITRTCCloud::getTRTCShareInstance(void*) {
#else
ITRTCCloud* ITRTCCloud::getTRTCShareInstance() {
#endif
  Share& all = share();
  std::lock_guard<std::mutex> lock(all.mutex);
  if (!all.cloud) {
    std::unique_ptr<detail::Cloud, detail::EndAndDelete> cloud(new detail::Cloud);
    // Without an engine there is no instance; the log says why.
    if (cloud->handle() != 0) all.cloud = std::move(cloud);
  }
  return all.cloud.get();
}

void ITRTCCloud::destroyTRTCShareInstance() {
  Share& all = share();
  std::unique_ptr<detail::Cloud, detail::EndAndDelete> ended;
  // Ends when this returns, which is not under the lock: ending waits for callbacks, and these may ask for the instance.
  std::lock_guard<std::mutex> lock(all.mutex);
  ended.swap(all.cloud);
}

}  // namespace liteav

#if RTC_ANDROID || RTC_OHOS
liteav::ITRTCCloud* getTRTCShareInstance(void* context) { return liteav::ITRTCCloud::getTRTCShareInstance(context); }
#else
liteav::ITRTCCloud* getTRTCShareInstance() { return liteav::ITRTCCloud::getTRTCShareInstance(); }
#endif

void destroyTRTCShareInstance() { liteav::ITRTCCloud::destroyTRTCShareInstance(); }
