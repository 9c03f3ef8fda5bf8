// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// ITXAudioEffectManager, asked of the engine in JSON.
#include "cloud.h"
#include "structs.h"

namespace liteav {
namespace detail {

void AudioEffectManager::enableVoiceEarMonitor(bool enable) {
  Json arguments = Json::object();
  arguments.set("enable", enable);
  call(handle(), "effect.enableVoiceEarMonitor", arguments);
}

void AudioEffectManager::setVoiceEarMonitorVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "effect.setVoiceEarMonitorVolume", arguments);
}

void AudioEffectManager::setVoiceReverbType(TXVoiceReverbType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  call(handle(), "effect.setVoiceReverbType", arguments);
}

void AudioEffectManager::setVoiceChangerType(TXVoiceChangerType type) {
  Json arguments = Json::object();
  arguments.set("type", static_cast<int>(type));
  call(handle(), "effect.setVoiceChangerType", arguments);
}

void AudioEffectManager::setVoiceCaptureVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "effect.setVoiceCaptureVolume", arguments);
}

void AudioEffectManager::setVoicePitch(double pitch) {
  Json arguments = Json::object();
  arguments.set("pitch", pitch);
  call(handle(), "effect.setVoicePitch", arguments);
}

void AudioEffectManager::startPlayMusic(AudioMusicParam musicParam) {
  Json arguments = Json::object();
  arguments.set("musicParam", to_json(musicParam));
  call(handle(), "effect.startPlayMusic", arguments);
}

void AudioEffectManager::stopPlayMusic(int id) {
  Json arguments = Json::object();
  arguments.set("id", id);
  call(handle(), "effect.stopPlayMusic", arguments);
}

void AudioEffectManager::pausePlayMusic(int id) {
  Json arguments = Json::object();
  arguments.set("id", id);
  call(handle(), "effect.pausePlayMusic", arguments);
}

void AudioEffectManager::resumePlayMusic(int id) {
  Json arguments = Json::object();
  arguments.set("id", id);
  call(handle(), "effect.resumePlayMusic", arguments);
}

void AudioEffectManager::setAllMusicVolume(int volume) {
  Json arguments = Json::object();
  arguments.set("volume", volume);
  call(handle(), "effect.setAllMusicVolume", arguments);
}

void AudioEffectManager::setMusicPublishVolume(int id, int volume) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("volume", volume);
  call(handle(), "effect.setMusicPublishVolume", arguments);
}

void AudioEffectManager::setMusicPlayoutVolume(int id, int volume) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("volume", volume);
  call(handle(), "effect.setMusicPlayoutVolume", arguments);
}

void AudioEffectManager::setMusicPitch(int id, float pitch) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("pitch", pitch);
  call(handle(), "effect.setMusicPitch", arguments);
}

void AudioEffectManager::setMusicSpeedRate(int id, float speedRate) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("speedRate", speedRate);
  call(handle(), "effect.setMusicSpeedRate", arguments);
}

long AudioEffectManager::getMusicCurrentPosInMS(int id) {
  Json arguments = Json::object();
  arguments.set("id", id);
  return static_cast<long>(call(handle(), "effect.getMusicCurrentPosInMS", arguments).i64());
}

long AudioEffectManager::getMusicDurationInMS(char* path) {
  Json arguments = Json::object();
  arguments.set("path", path);
  return static_cast<long>(call(handle(), "effect.getMusicDurationInMS", arguments).i64());
}

void AudioEffectManager::seekMusicToPosInTime(int id, int pts) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("pts", pts);
  call(handle(), "effect.seekMusicToPosInTime", arguments);
}

void AudioEffectManager::setMusicScratchSpeedRate(int id, float scratchSpeedRate) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("scratchSpeedRate", scratchSpeedRate);
  call(handle(), "effect.setMusicScratchSpeedRate", arguments);
}

void AudioEffectManager::preloadMusic(AudioMusicParam preloadParam) {
  Json arguments = Json::object();
  arguments.set("preloadParam", to_json(preloadParam));
  call(handle(), "effect.preloadMusic", arguments);
}

long AudioEffectManager::getMusicTrackCount(int id) {
  Json arguments = Json::object();
  arguments.set("id", id);
  return static_cast<long>(call(handle(), "effect.getMusicTrackCount", arguments).i64());
}

void AudioEffectManager::setMusicTrack(int id, int trackIndex) {
  Json arguments = Json::object();
  arguments.set("id", id);
  arguments.set("trackIndex", trackIndex);
  call(handle(), "effect.setMusicTrack", arguments);
}

}  // namespace detail
}  // namespace liteav
