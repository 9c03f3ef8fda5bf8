// Devices as objects the application releases.
#include <string>
#include <utility>
#include <vector>

#include "frames.h"
#include "parts.h"

namespace liteav {
namespace detail {

#if RTC_DESKTOP

namespace {

struct Device {
  explicit Device(const Json& json)
      : id(json["devicePID"].text()), name(json["deviceName"].text()), properties(json["deviceProperties"].text()) {}

  std::string id;
  std::string name;
  std::string properties;
};

// Texts live until release().
class DeviceInfo final : public ITXDeviceInfo {
 public:
  explicit DeviceInfo(const Json& json) : device_(json) {}
  ~DeviceInfo() override = default;

  void release() override { delete this; }
  const char* getDevicePID() override { return device_.id.c_str(); }
  const char* getDeviceName() override { return device_.name.c_str(); }

 private:
  Device device_;
};

// Texts live until release(). An index beyond the list reads as an empty text.
class DeviceCollection final : public ITXDeviceCollection {
 public:
  explicit DeviceCollection(const Json& list) {
    for (size_t index = 0; index < list.size(); ++index) devices_.emplace_back(list[index]);
  }
  ~DeviceCollection() override = default;

  uint32_t getCount() override { return static_cast<uint32_t>(devices_.size()); }
  const char* getDeviceName(uint32_t index) override { return text(index, &Device::name); }
  const char* getDevicePID(uint32_t index) override { return text(index, &Device::id); }
  const char* getDeviceProperties(uint32_t index) override { return text(index, &Device::properties); }
  void release() override { delete this; }

 private:
  const char* text(uint32_t index, std::string Device::* field) const {
    return index < devices_.size() ? (devices_[index].*field).c_str() : "";
  }

  std::vector<Device> devices_;
};

}  // namespace

ITXDeviceCollection* DeviceManager::getDevicesList(TXMediaDeviceType type) {
  return new DeviceCollection(call(handle(), "device.getDevicesList", Json::object().set("type", static_cast<int>(type))));
}

ITXDeviceInfo* DeviceManager::getCurrentDevice(TXMediaDeviceType type) {
  return new DeviceInfo(call(handle(), "device.getCurrentDevice", Json::object().set("type", static_cast<int>(type))));
}

int DeviceManager::startCameraDeviceTest(ITRTCVideoRenderCallback* callback) {
  return rtc_start_camera_device_test(handle(), callback == nullptr ? nullptr : &render_to, callback);
}

void DeviceManager::setDeviceObserver(ITXDeviceObserver* observer) { parts().device_observer.replace(observer); }

#endif  // RTC_DESKTOP

}  // namespace detail
}  // namespace liteav
