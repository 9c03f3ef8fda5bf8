// Objects that end while they are used: instances in callbacks, callbacks in callbacks, exceptions. Needs no engine.
#include <ITRTCCloud.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "check.h"

using namespace liteav;

namespace {

// Waits for what another thread says once.
class Signal {
 public:
  void give() {
    std::lock_guard<std::mutex> lock(mutex_);
    given_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return given_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool given_ = false;
};

class Quiet : public ITRTCCloudCallback {
 public:
  void onError(TXLiteAVError, const char*, void*) override {}
  void onWarning(TXLiteAVWarning, const char*, void*) override {}
  void onEnterRoom(int) override {}
  void onExitRoom(int) override {}
};

// Entering without a user is refused at once, and told as onEnterRoom.
void provoke(ITRTCCloud* cloud) { cloud->enterRoom(TRTCParams(), TRTCAppSceneVideoCall); }

void an_exception_reaches_nobody_and_the_next_callback_is_told() {
  class Throwing : public Quiet {
    void onEnterRoom(int) override { throw std::runtime_error("on purpose"); }
  } throwing;
  class Listening : public Quiet {
   public:
    Signal told;

   private:
    void onEnterRoom(int) override { told.give(); }
  } listening;
  ITRTCCloud* const cloud = getTRTCShareInstance();
  cloud->addCallback(&throwing);
  cloud->addCallback(&listening);
  provoke(cloud);
  listening.told.wait();
  destroyTRTCShareInstance();
}

void an_instance_may_be_destroyed_in_its_callback() {
  class Ending : public Quiet {
   public:
    Signal ended;

   private:
    void onEnterRoom(int) override {
      destroyTRTCShareInstance();
      ended.give();
    }
  } ending;
  ITRTCCloud* const cloud = getTRTCShareInstance();
  cloud->addCallback(&ending);
  provoke(cloud);
  ending.ended.wait();
}

void a_callback_may_remove_itself_and_call_the_instance() {
  class Leaving : public Quiet {
   public:
    explicit Leaving(ITRTCCloud* cloud) : cloud_(cloud) {}
    Signal left;

   private:
    void onEnterRoom(int) override {
      cloud_->removeCallback(this);
      cloud_->muteLocalAudio(true);
      left.give();
    }
    ITRTCCloud* cloud_;
  };
  ITRTCCloud* const cloud = getTRTCShareInstance();
  Leaving leaving(cloud);
  cloud->addCallback(&leaving);
  provoke(cloud);
  leaving.left.wait();
  destroyTRTCShareInstance();
}

void sub_clouds_end_alone_or_with_their_parent() {
  ITRTCCloud* const cloud = getTRTCShareInstance();
  ITRTCCloud* const first = cloud->createSubCloud();
  CHECK(first != nullptr);
  CHECK(cloud->createSubCloud() != nullptr);
  cloud->destroySubCloud(first);
  cloud->destroySubCloud(first);
  cloud->destroySubCloud(nullptr);
  cloud->destroySubCloud(cloud);
  CHECK(cloud == getTRTCShareInstance());
  destroyTRTCShareInstance();
}

}  // namespace

int main() {
  an_exception_reaches_nobody_and_the_next_callback_is_told();
  an_instance_may_be_destroyed_in_its_callback();
  a_callback_may_remove_itself_and_call_the_instance();
  sub_clouds_end_alone_or_with_their_parent();
  return 0;
}
