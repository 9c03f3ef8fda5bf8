// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Structs of the interface as JSON and back.
#ifndef RTC_ENGINE_CPP_GENERATED_STRUCTS_H_
#define RTC_ENGINE_CPP_GENERATED_STRUCTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../json.h"
#include "ITRTCCloud.h"

namespace liteav {
namespace detail {

Json to_json(const TRTCAudioParallelParams& value);
Json to_json(const TRTCAudioVolumeEvaluateParams& value);
Json to_json(const TRTCAudioFrameCallbackFormat& value);
Json to_json(const TXCameraCaptureParam& value);
Json to_json(const TRTCPayloadPrivateEncryptionConfig& value);
Json to_json(const TRTCAudioEffectParam& value);
Json to_json(const AudioMusicParam& value);
Json to_json(const TRTCSpeedTestParams& value);
Json to_json(const TRTCPublishCDNParam& value);
Json to_json(const TRTCUser& value);
Json to_json(const TRTCPublishCdnUrl& value);
Json to_json(const TRTCStreamEncoderParam& value);
Json to_json(const TRTCAudioRecordingParams& value);
Json to_json(const TRTCLocalRecordingParams& value);
Json to_json(const TRTCParams& value);
Json to_json(const TRTCSwitchRoomConfig& value);
Json to_json(const TRTCScreenCaptureProperty& value);
Json to_json(const RECT& value);
Json to_json(const TRTCVideoEncParam& value);
Json to_json(const TRTCNetworkQosParam& value);
Json to_json(const TRTCRenderParams& value);
Json to_json(const TRTCMixUser& value);
Json to_json(const TRTCPublishTarget& value);
Json to_json(const TRTCVideoLayout& value);
Json to_json(const TRTCWatermark& value);
Json to_json(const TRTCScreenCaptureSourceInfo& value);
Json to_json(const TRTCTranscodingConfig& value);
Json to_json(const TRTCStreamMixingConfig& value);

// A list of structs, numbers or texts. A null pointer is an empty list, whatever the count says.
template <typename T>
Json element(const T& value) {
  return to_json(value);
}
inline Json element(int value) { return value; }
inline Json element(uint8_t value) { return static_cast<int>(value); }
inline Json element(float value) { return value; }
inline Json element(const char* value) { return value; }
inline Json element(char* value) { return value; }

template <typename T>
Json list(T* values, size_t count) {
  Json json = Json::array();
  for (size_t i = 0; values != nullptr && i < count; ++i) json.push(element(values[i]));
  return json;
}

// Owns the lists that structs read from JSON point to. Texts belong to the JSON itself, so both must outlive the structs.
class Kept {
 public:
  template <typename T>
  T* list(const Json& json) {
    std::shared_ptr<std::vector<T>> values = std::make_shared<std::vector<T>>(json.size());
    for (size_t i = 0; i < values->size(); ++i) take(json[i], (*values)[i]);
    owned_.push_back(values);
    return values->data();
  }

 private:
  template <typename T>
  void take(const Json& json, T& value);
  void take(const Json& json, float& value) { value = static_cast<float>(json.number()); }

  std::vector<std::shared_ptr<void>> owned_;
};

void read(const Json& json, TRTCVolumeInfo& value, Kept& kept);
void read(const Json& json, TRTCSpeedTestResult& value, Kept& kept);
void read(const Json& json, TRTCQualityInfo& value, Kept& kept);
void read(const Json& json, TRTCLocalStatistics& value, Kept& kept);
void read(const Json& json, TRTCRemoteStatistics& value, Kept& kept);
void read(const Json& json, TRTCStatistics& value, Kept& kept);

template <typename T>
void Kept::take(const Json& json, T& value) {
  read(json, value, *this);
}

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_GENERATED_STRUCTS_H_
