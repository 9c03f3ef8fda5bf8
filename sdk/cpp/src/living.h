// Who is alive, by number. Events carry a number instead of a pointer: what they are for may be destroyed on one of the
// engine's threads while an event is about to be told on another, and then nobody may be found.
#ifndef RTC_ENGINE_CPP_LIVING_H_
#define RTC_ENGINE_CPP_LIVING_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace liteav {
namespace detail {

template <class T>
class Living {
 public:
  // Never destroyed: the engine's threads may still look here while the program ends.
  static Living& all() {
    static Living* const all = new Living;
    return *all;
  }

  uintptr_t add(const std::shared_ptr<T>& one) {
    std::lock_guard<std::mutex> lock(mutex_);
    all_[++last_] = one;
    return last_;
  }

  void remove(uintptr_t number) {
    std::lock_guard<std::mutex> lock(mutex_);
    all_.erase(number);
  }

  std::shared_ptr<T> find(void* user) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = all_.find(reinterpret_cast<uintptr_t>(user));
    return found == all_.end() ? nullptr : found->second.lock();
  }

 private:
  std::mutex mutex_;
  std::map<uintptr_t, std::weak_ptr<T>> all_;
  uintptr_t last_ = 0;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_LIVING_H_
