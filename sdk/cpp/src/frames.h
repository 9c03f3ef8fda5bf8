// Frames of the interface as frames of the C ABI and back. Nothing is copied.
#ifndef RTC_ENGINE_CPP_FRAMES_H_
#define RTC_ENGINE_CPP_FRAMES_H_

#include "TRTCTypeDef.h"
#include "rtc_engine.h"

namespace liteav {
namespace detail {

inline rtc_video_frame to_c(const TRTCVideoFrame& frame) {
  rtc_video_frame c = {};
  c.format = frame.videoFormat;
  c.buffer_type = frame.bufferType;
  c.data = reinterpret_cast<uint8_t*>(frame.data);
  c.length = frame.length;
  c.width = frame.width;
  c.height = frame.height;
  c.timestamp_ms = frame.timestamp;
  c.rotation = frame.rotation;
  return c;
}

inline TRTCVideoFrame from_c(const rtc_video_frame& frame) {
  TRTCVideoFrame cpp;
  cpp.videoFormat = static_cast<TRTCVideoPixelFormat>(frame.format);
  cpp.bufferType = static_cast<TRTCVideoBufferType>(frame.buffer_type);
  cpp.data = reinterpret_cast<char*>(frame.data);
  cpp.length = frame.length;
  cpp.width = frame.width;
  cpp.height = frame.height;
  cpp.timestamp = frame.timestamp_ms;
  cpp.rotation = static_cast<TRTCVideoRotation>(frame.rotation);
  return cpp;
}

inline rtc_audio_frame to_c(const TRTCAudioFrame& frame) {
  rtc_audio_frame c = {};
  c.format = frame.audioFormat;
  c.data = reinterpret_cast<uint8_t*>(frame.data);
  c.length = frame.length;
  c.sample_rate = frame.sampleRate;
  c.channels = frame.channel;
  c.timestamp_ms = frame.timestamp;
  c.extra_data = reinterpret_cast<uint8_t*>(frame.extraData);
  c.extra_data_length = frame.extraDataLength;
  return c;
}

inline TRTCAudioFrame from_c(const rtc_audio_frame& frame) {
  TRTCAudioFrame cpp;
  cpp.audioFormat = static_cast<TRTCAudioFrameFormat>(frame.format);
  cpp.data = reinterpret_cast<char*>(frame.data);
  cpp.length = frame.length;
  cpp.sampleRate = frame.sample_rate;
  cpp.channel = frame.channels;
  cpp.timestamp = frame.timestamp_ms;
  cpp.extraData = reinterpret_cast<char*>(frame.extra_data);
  cpp.extraDataLength = frame.extra_data_length;
  return cpp;
}

// The function that shows pictures to the ITRTCVideoRenderCallback behind `user`.
void render_to(void* user, const char* user_id, int32_t stream_type, const rtc_video_frame* frame);

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_FRAMES_H_
