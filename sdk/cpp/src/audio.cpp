// Sound in and out, and messages.
#include "fault.h"
#include "frames.h"
#include "parts.h"

namespace liteav {
namespace detail {

namespace {

ITRTCAudioFrameCallback& callback(void* user) { return *static_cast<ITRTCAudioFrameCallback*>(user); }

// Tells of a frame, and takes over what the application did to it.
template <class F>
void hear(const char* where, rtc_audio_frame* frame, F tell) {
  guarded(where, [&] {
    TRTCAudioFrame cpp = from_c(*frame);
    tell(&cpp);
    frame->extra_data = reinterpret_cast<uint8_t*>(cpp.extraData);
    frame->extra_data_length = cpp.extraData == nullptr ? 0 : cpp.extraDataLength;
  });
}

void on_captured(void* user, rtc_audio_frame* frame) {
  hear("onCapturedAudioFrame", frame, [&](TRTCAudioFrame* it) { callback(user).onCapturedAudioFrame(it); });
}

void on_local_processed(void* user, rtc_audio_frame* frame) {
  hear("onLocalProcessedAudioFrame", frame, [&](TRTCAudioFrame* it) { callback(user).onLocalProcessedAudioFrame(it); });
}

void on_remote(void* user, const char* user_id, rtc_audio_frame* frame) {
  hear("onPlayAudioFrame", frame, [&](TRTCAudioFrame* it) { callback(user).onPlayAudioFrame(it, user_id); });
}

void on_mixed_play(void* user, rtc_audio_frame* frame) {
  hear("onMixedPlayAudioFrame", frame, [&](TRTCAudioFrame* it) { callback(user).onMixedPlayAudioFrame(it); });
}

void on_mixed_all(void* user, rtc_audio_frame* frame) {
  hear("onMixedAllAudioFrame", frame, [&](TRTCAudioFrame* it) { callback(user).onMixedAllAudioFrame(it); });
}

}  // namespace

void Cloud::sendCustomAudioData(TRTCAudioFrame* frame) {
  if (frame == nullptr) return;
  const rtc_audio_frame c = to_c(*frame);
  rtc_send_custom_audio(handle(), &c);
}

int Cloud::mixExternalAudioFrame(TRTCAudioFrame* frame) {
  const rtc_audio_frame c = frame == nullptr ? rtc_audio_frame{} : to_c(*frame);
  return rtc_mix_external_audio(handle(), frame == nullptr ? nullptr : &c);
}

void Cloud::getCustomAudioRenderingFrame(TRTCAudioFrame* audioFrame) {
  if (audioFrame == nullptr) return;
  rtc_audio_frame c = to_c(*audioFrame);
  if (rtc_custom_audio_rendering_frame(handle(), &c) == 0) audioFrame->timestamp = c.timestamp_ms;
}

int Cloud::setAudioFrameCallback(ITRTCAudioFrameCallback* callback) {
  const rtc_audio_frame_callbacks all = {callback, &on_captured, &on_local_processed, &on_remote, &on_mixed_play, &on_mixed_all};
  return rtc_set_audio_frame_callback(handle(), callback == nullptr ? nullptr : &all);
}

bool Cloud::sendCustomCmdMsg(uint32_t cmdId, const uint8_t* data, uint32_t dataSize, bool reliable, bool ordered) {
  return rtc_send_custom_cmd_msg(handle(), cmdId, data, dataSize, reliable, ordered) == 0;
}

bool Cloud::sendSEIMsg(const uint8_t* data, uint32_t dataSize, int32_t repeatCount) {
  return rtc_send_sei_msg(handle(), data, dataSize, repeatCount) == 0;
}

void AudioEffectManager::setMusicObserver(int musicId, ITXMusicPlayObserver* observer) { parts().music_observers.replace(observer, musicId); }

void AudioEffectManager::setPreloadObserver(ITXMusicPreloadObserver* observer) { parts().preload_observer.replace(observer); }

}  // namespace detail
}  // namespace liteav
