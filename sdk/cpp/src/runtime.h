// What the generated C++ classes stand on: calls into the engine, events out of it, and the lifetime of callbacks and
// strings. It knows no method and no event by name; those are in generated/.
//
// How generated/ uses it:
//
//   class Cloud final : public ITRTCCloud, public CloudBase {          // generated/cloud.h
//    public:
//     using CloudBase::CloudBase;
//     void enterRoom(const TRTCParams& param, TRTCAppScene scene) override;      // generated/cloud.cpp
//     void sendCustomVideoData(TRTCVideoStreamType, TRTCVideoFrame*) override;   // declared there, written in src/*.cpp
//   };
//   class DeviceManager final : public ITXDeviceManager, public ManagerBase { using ManagerBase::ManagerBase; ... };
//   class AudioEffectManager final : public ITXAudioEffectManager, public ManagerBase { ... };
//
//   void Cloud::enterRoom(const TRTCParams& param, TRTCAppScene scene) {
//     call(handle(), "enterRoom", Json::object().set("param", to_json(param)).set("scene", static_cast<int>(scene)));
//   }
//   int Cloud::getAudioCaptureVolume() { return call(handle(), "getAudioCaptureVolume", Json::object()).i32(); }
//   const char* Cloud::callExperimentalAPI(const char* jsonStr) { return keep(call(...)); }
//
// and for events one function an interface, which reads the data, calls the one virtual method, and returns whether the
// interface has that event (the four `deliver` below).
#ifndef RTC_ENGINE_CPP_RUNTIME_H_
#define RTC_ENGINE_CPP_RUNTIME_H_

#include <cstdint>
#include <memory>
#include <string>

#include "json.h"

namespace liteav {

class ITRTCCloudCallback;
class ITXDeviceObserver;
class ITXMusicPlayObserver;
class ITXMusicPreloadObserver;
class ITXAudioEffectManager;
class ITXDeviceManager;

namespace detail {

// Calls a method of the engine and returns its value. A refused call returns null; the engine has then reported it as
// onError, and `code` (when given) is the error code, else 0. Never throws.
Json call(uint64_t handle, const char* method, const Json& arguments, int* code = nullptr);

// Keeps a text for a `const char*` result: valid until the same thread has asked for eight more.
const char* keep(const Json& value);
const char* keep(std::string value);

// Generated: hands one event to one receiver. False when the receiver's interface has no such event.
bool deliver(ITRTCCloudCallback& receiver, const std::string& event, const Json& data);
bool deliver(ITXDeviceObserver& receiver, const std::string& event, const Json& data);
bool deliver(ITXMusicPlayObserver& receiver, const std::string& event, const Json& data);
bool deliver(ITXMusicPreloadObserver& receiver, const std::string& event, const Json& data);

// Everything a Cloud has beyond its interface; see cloud_base.cpp.
struct CloudParts;

// One native instance: its handle, its callbacks, its managers.
class CloudBase {
 public:
  // Whom a sub cloud belongs to.
  struct Parent {
    CloudBase& cloud;
  };

  CloudBase();
  // A sub cloud.
  explicit CloudBase(Parent parent);
  CloudBase(const CloudBase&) = delete;
  CloudBase& operator=(const CloudBase&) = delete;
  virtual ~CloudBase();

  // Ends the native instance. To be called before the destructor: callbacks may call this object until they are over.
  void end();
  // The native handle. A number, so it may outlive the instance; calls are then refused.
  uint64_t handle() const;
  CloudParts& parts() { return *parts_; }

 private:
  // Shared with an event that is being told while the instance goes.
  std::shared_ptr<CloudParts> parts_;
};

// What the two managers of an instance stand on.
class ManagerBase {
 public:
  explicit ManagerBase(CloudBase& cloud) : cloud_(cloud) {}
  ManagerBase(const ManagerBase&) = delete;
  ManagerBase& operator=(const ManagerBase&) = delete;
  virtual ~ManagerBase() = default;

  uint64_t handle() const { return cloud_.handle(); }
  CloudParts& parts() { return cloud_.parts(); }

 private:
  CloudBase& cloud_;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_RUNTIME_H_
