// Hooks on encoded pictures and sound, which an application gives by their addresses.
#include <vector>

#include "ITRTCAudioPacketListener.h"
#include "TXLiteAVEncodedDataProcessingListener.h"
#include "fault.h"
#include "parts.h"
#include "rtc_engine.h"

namespace liteav {
namespace detail {

namespace {

// Bytes of the engine, only to be read: applications get it as `const`.
class View final : public TXLiteAVBuffer {
 public:
  View(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  ~View() override = default;

  uint8_t* data() override { return nullptr; }
  const uint8_t* cdata() const override { return data_; }
  size_t size() const override { return size_; }
  void SetSize(size_t) override {}
  void EnsureCapacity(size_t) override {}

 private:
  const uint8_t* data_;
  size_t size_;
};

// Bytes of an application. A zero stands behind them, because some are read as text.
class Buffer final : public TXLiteAVBuffer {
 public:
  Buffer() : bytes_(1) {}
  ~Buffer() override = default;

  uint8_t* data() override { return bytes_.data(); }
  const uint8_t* cdata() const override { return bytes_.data(); }
  size_t size() const override { return bytes_.size() - 1; }
  void SetSize(size_t size) override {
    bytes_.resize(size + 1);
    bytes_.back() = 0;
  }
  void EnsureCapacity(size_t capacity) override { bytes_.reserve(capacity + 1); }

  void assign(const rtc_bytes& bytes) {
    if (bytes.length > 0) bytes_.assign(bytes.data, bytes.data + bytes.length);
    else bytes_.clear();
    bytes_.push_back(0);
  }

  // What was put here, until the next call on this thread.
  rtc_bytes lend() const { return rtc_bytes{bytes_.data(), static_cast<uint32_t>(size())}; }

 private:
  std::vector<uint8_t> bytes_;
};

int32_t on_encoded(void* user, int32_t kind, const char* user_id, int32_t stream_type, const uint8_t* data, uint32_t length, rtc_bytes* result) {
  // What a listener throws over goes nowhere: as it is it could tell a secret.
  int32_t answer = -1;
  guarded("a listener of encoded data", [&] {
    thread_local Buffer changed;
    changed.SetSize(0);
    const View origin(data, length);
    TXLiteAVEncodedData it = {user_id, stream_type, &origin, &changed};
    ITXLiteAVEncodedDataProcessingListener& listener = *static_cast<ITXLiteAVEncodedDataProcessingListener*>(user);
    bool is_changed = false;
    switch (kind) {
      case 0: is_changed = listener.didEncodeVideo(it); break;
      case 1: is_changed = listener.willDecodeVideo(it); break;
      case 2: is_changed = listener.didEncodeAudio(it); break;
      case 3: is_changed = listener.willDecodeAudio(it); break;
      default: break;
    }
    if (is_changed) *result = changed.lend();
    answer = is_changed ? 1 : 0;
  });
  return answer;
}

int32_t on_audio_packet(void* user, const char* user_id, rtc_bytes* bytes) {
  int32_t answer = 0;
  guarded("a listener of packets of sound", [&] {
    thread_local Buffer beside;
    beside.assign(user_id == nullptr ? rtc_bytes{nullptr, 0} : *bytes);
    TRTCAudioPacket packet = {user_id, &beside};
    ITRTCAudioPacketListener& listener = *static_cast<ITRTCAudioPacketListener*>(user);
    if (user_id != nullptr) {
      listener.onRecvAudioPacket(packet);
    } else if (listener.onSendAudioPacket(packet) && beside.size() > 0) {
      *bytes = beside.lend();
      answer = 1;
    }
  });
  return answer;
}

}  // namespace

const char* Cloud::callExperimentalAPI(const char* jsonStr) {
  const Json asked = jsonStr == nullptr ? Json() : Json::parse(jsonStr);
  const std::string& api = asked["api"].text();
  const bool is_encoded = api == "setEncodedDataProcessingListener";
  if (!is_encoded && api != "setAudioPacketExtraDataListener") {
    return keep(call(handle(), "callExperimentalAPI", Json::object().set("jsonStr", jsonStr)));
  }
  const Json& address = asked["params"]["listener"];
  if (address.kind() != Json::Kind::integer) {
    return keep(Json::object().set("code", -2).set("message", "params.listener must be the address of an object as a number, or 0").dump());
  }
  void* const listener = reinterpret_cast<void*>(static_cast<uintptr_t>(address.u64()));
  const int32_t code = is_encoded ? rtc_set_encoded_data_callback(handle(), listener == nullptr ? nullptr : &on_encoded, listener)
                                  : rtc_set_audio_packet_callback(handle(), listener == nullptr ? nullptr : &on_audio_packet, listener);
  return keep(Json::object().set("code", code).set("message", "").dump());
}

}  // namespace detail
}  // namespace liteav
