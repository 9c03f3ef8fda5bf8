// Who of the application is told: objects that may be added and removed on any thread, also while they are being told.
#ifndef RTC_ENGINE_CPP_RECEIVERS_H_
#define RTC_ENGINE_CPP_RECEIVERS_H_

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "fault.h"

namespace liteav {
namespace detail {

// How many receivers are being told on this thread, one inside the other.
inline int& telling() {
  thread_local int depth = 0;
  return depth;
}

// Receivers of one kind. Some kinds have one receiver a key (music observers), others many under key 0.
template <class T>
class Receivers {
 public:
  // Adds a receiver; null, or one that is there already, changes nothing.
  void add(T* receiver, int key = 0) {
    std::lock_guard<std::mutex> lock(mutex_);
    const Entry entry{receiver, key};
    if (receiver != nullptr && std::find(all_.begin(), all_.end(), entry) == all_.end()) all_.push_back(entry);
  }

  // Removes a receiver. When this returns it is not being told of anything; inside of a callback it does not wait for that,
  // because the other may be waiting in turn.
  void remove(T* receiver, int key = 0) {
    std::unique_lock<std::mutex> lock(mutex_);
    all_.erase(std::remove(all_.begin(), all_.end(), Entry{receiver, key}), all_.end());
    wait_for(receiver, lock);
  }

  // Makes a receiver the only one of its key; null leaves none.
  void replace(T* receiver, int key = 0) {
    std::unique_lock<std::mutex> lock(mutex_);
    T* old = nullptr;
    for (auto entry = all_.begin(); entry != all_.end();) {
      if (entry->key == key) {
        old = entry->receiver;
        entry = all_.erase(entry);
      } else {
        ++entry;
      }
    }
    if (receiver != nullptr) all_.push_back(Entry{receiver, key});
    if (old != receiver) wait_for(old, lock);
  }

  // Calls `tell` with each receiver of a key that is still there when its turn comes. An exception is logged, and the
  // next receiver is told all the same.
  template <class F>
  void each(F tell, int key = 0) {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::vector<Entry> now = all_;
    for (const Entry& entry : now) {
      if (entry.key != key || std::find(all_.begin(), all_.end(), entry) == all_.end()) continue;
      told_ = entry.receiver;
      lock.unlock();
      ++telling();
      guarded("a callback", [&] { tell(*entry.receiver); });
      --telling();
      lock.lock();
      told_ = nullptr;
      left_.notify_all();
    }
  }

 private:
  struct Entry {
    T* receiver;
    int key;
    bool operator==(const Entry& other) const { return receiver == other.receiver && key == other.key; }
  };

  void wait_for(T* receiver, std::unique_lock<std::mutex>& lock) {
    if (receiver == nullptr || telling() > 0) return;
    left_.wait(lock, [&] { return told_ != receiver; });
  }

  std::mutex mutex_;
  std::condition_variable left_;
  std::vector<Entry> all_;
  // Who is being told. Events come one at a time, so one place is enough.
  T* told_ = nullptr;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_RECEIVERS_H_
