// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Background music, and effects on the own voice.
#ifndef RTC_ENGINE_ITXAUDIOEFFECTMANAGER_H_
#define RTC_ENGINE_ITXAUDIOEFFECTMANAGER_H_

#include <stdint.h>

#include "TXLiteAVPlatform.h"

namespace liteav {

/// A room or an effect put around the own voice.
enum TXVoiceReverbType {
  /// None.
  TXLiveVoiceReverbType_0 = 0,
  /// A karaoke room.
  TXLiveVoiceReverbType_1 = 1,
  /// A small room.
  TXLiveVoiceReverbType_2 = 2,
  /// A hall.
  TXLiveVoiceReverbType_3 = 3,
  /// A deep voice.
  TXLiveVoiceReverbType_4 = 4,
  /// A loud voice.
  TXLiveVoiceReverbType_5 = 5,
  /// A metallic voice.
  TXLiveVoiceReverbType_6 = 6,
  /// A magnetic voice.
  TXLiveVoiceReverbType_7 = 7,
  /// An ethereal voice.
  TXLiveVoiceReverbType_8 = 8,
  /// A recording studio.
  TXLiveVoiceReverbType_9 = 9,
  /// A melodious voice.
  TXLiveVoiceReverbType_10 = 10,
  /// Another recording studio.
  TXLiveVoiceReverbType_11 = 11,
};

/// A voice put in the place of the own.
enum TXVoiceChangerType {
  /// The own.
  TXVoiceChangerType_0 = 0,
  /// A naughty child.
  TXVoiceChangerType_1 = 1,
  /// A little girl.
  TXVoiceChangerType_2 = 2,
  /// A middle-aged man.
  TXVoiceChangerType_3 = 3,
  /// Heavy metal.
  TXVoiceChangerType_4 = 4,
  /// Somebody with a cold.
  TXVoiceChangerType_5 = 5,
  /// A foreign accent.
  TXVoiceChangerType_6 = 6,
  /// A trapped beast.
  TXVoiceChangerType_7 = 7,
  /// A nerd.
  TXVoiceChangerType_8 = 8,
  /// Strong current.
  TXVoiceChangerType_9 = 9,
  /// Heavy machinery.
  TXVoiceChangerType_10 = 10,
  /// Ethereal.
  TXVoiceChangerType_11 = 11,
  /// Zhu Bajie of the old novel.
  TXVoiceChangerType_12 = 12,
  /// The green giant of the films.
  TXVoiceChangerType_13 = 13,
};

/// A piece of music, and how it is played.
struct AudioMusicParam {
  /// A number that the application chooses; at most ten play at once.
  int id;
  /// The file or address: MP3, AAC, M4A or WAV.
  char* path;
  /// How often it is repeated after the first time.
  int loopCount;
  /// Whether the others hear it.
  bool publish;
  /// Whether it is short and so may be decoded at once.
  bool isShortFile;
  /// Where it begins, in ms.
  long startTimeMS;
  /// Where it ends, in ms; 0 for its own end.
  long endTimeMS;

  AudioMusicParam(int id_, char* path_)
      : id(id_),
        path(path_),
        loopCount(0),
        publish(false),
        isShortFile(false),
        startTimeMS(0),
        endTimeMS(0) {}
};

/// Is told how loading music goes.
class ITXMusicPreloadObserver {
 public:
  virtual ~ITXMusicPreloadObserver() {}

  /// How far it is, in percent.
  /// @param id The music, by the number it was started with.
  /// @param progress Percent.
  virtual void onLoadProgress(int id, int progress) = 0;

  /// It failed: -4001 to -4008.
  /// @param id The music, by the number it was started with.
  /// @param errorCode An error code below zero.
  virtual void onLoadError(int id, int errorCode) = 0;
};

/// Is told how playing music goes.
class ITXMusicPlayObserver {
 public:
  virtual ~ITXMusicPlayObserver() {}

  /// It began: 0, or an error: -4001, -4005 to -4009.
  /// @param id The music, by the number it was started with.
  /// @param errCode 0 for success, else an error code below zero.
  virtual void onStart(int id, int errCode) = 0;

  /// Where it is.
  /// @param id The music, by the number it was started with.
  /// @param curPtsMS Milliseconds from its beginning.
  /// @param durationMS Milliseconds in all.
  virtual void onPlayProgress(int id, long curPtsMS, long durationMS) = 0;

  /// It ended: 0, or an error: -4002.
  /// @param id The music, by the number it was started with.
  /// @param errCode 0 for success, else an error code below zero.
  virtual void onComplete(int id, int errCode) = 0;
};

/// Background music, and effects on the own voice. Effects end when the room is left.
class ITXAudioEffectManager {
 protected:
  virtual ~ITXAudioEffectManager() {}

 public:
  /// Whether one hears oneself; for headsets on a cable.
  /// @param enable Whether it is on.
  virtual void enableVoiceEarMonitor(bool enable) = 0;

  /// How loud, 0 to 100, up to 150 with distortion; 100 at first.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setVoiceEarMonitorVolume(int volume) = 0;

  /// A room around the own voice.
  /// @param type A room or an effect put around the own voice.
  virtual void setVoiceReverbType(TXVoiceReverbType type) = 0;

  /// A voice in place of the own.
  /// @param type A voice put in the place of the own.
  virtual void setVoiceChangerType(TXVoiceChangerType type) = 0;

  /// How loud the own voice is, 0 to 100, up to 150 with distortion; 100 at first.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setVoiceCaptureVolume(int volume) = 0;

  /// How high the own voice is, -1.0 to 1.0; 0 at first.
  /// @param pitch -1.0, low, to 1.0, high.
  virtual void setVoicePitch(double pitch) = 0;

  /// Who is told how one piece goes; set it before it is started, null takes it away.
  /// @param musicId The music, by the number it will be started with.
  /// @param observer Who is told; null for nobody.
  virtual void setMusicObserver(int musicId, ITXMusicPlayObserver* observer) = 0;

  /// Plays a piece. The same number with another path ends the one before; ten at once at most.
  /// @param musicParam A piece of music, and how it is played.
  virtual void startPlayMusic(AudioMusicParam musicParam) = 0;

  /// Ends it, and frees what was loaded of it.
  /// @param id The music, by the number it was started with.
  virtual void stopPlayMusic(int id) = 0;

  /// Stops it for a while.
  /// @param id The music, by the number it was started with.
  virtual void pausePlayMusic(int id) = 0;

  /// Goes on with it.
  /// @param id The music, by the number it was started with.
  virtual void resumePlayMusic(int id) = 0;

  /// How loud all pieces are sent and played, 0 to 100, up to 150 with distortion; 60 at first.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setAllMusicVolume(int volume) = 0;

  /// How loud a piece is sent, 0 to 100, up to 150 with distortion; 60 at first.
  /// @param id The music, by the number it was started with.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setMusicPublishVolume(int id, int volume) = 0;

  /// How loud a piece is played, 0 to 100, up to 150 with distortion; 60 at first.
  /// @param id The music, by the number it was started with.
  /// @param volume How loud; 0 to 100 unless the method says more.
  virtual void setMusicPlayoutVolume(int id, int volume) = 0;

  /// How high a piece is, -1.0 to 1.0; 0 at first.
  /// @param id The music, by the number it was started with.
  /// @param pitch -1.0, low, to 1.0, high.
  virtual void setMusicPitch(int id, float pitch) = 0;

  /// How fast it is, 0.5 to 2.0; 1 at first.
  /// @param id The music, by the number it was started with.
  /// @param speedRate 0.5 to 2.0.
  virtual void setMusicSpeedRate(int id, float speedRate) = 0;

  /// Where it is, in ms; -1 if it does not play.
  /// @param id The music, by the number it was started with.
  virtual long getMusicCurrentPosInMS(int id) = 0;

  /// How long a file is, in ms; -1 if it cannot be read.
  /// @param path The file or folder.
  virtual long getMusicDurationInMS(char* path) = 0;

  /// Goes to a place in it, in ms.
  /// @param id The music, by the number it was started with.
  /// @param pts Milliseconds from its beginning.
  virtual void seekMusicToPosInTime(int id, int pts) = 0;

  /// Scratches it: -12.0 to 12.0 times the speed, backwards below 0. It must be loaded before.
  /// @param id The music, by the number it was started with.
  /// @param scratchSpeedRate -12.0 to 12.0; below 0 backwards.
  virtual void setMusicScratchSpeedRate(int id, float scratchSpeedRate) = 0;

  /// Who is told how loading goes; null takes it away.
  /// @param observer Who is told; null for nobody.
  virtual void setPreloadObserver(ITXMusicPreloadObserver* observer) = 0;

  /// Loads a piece before it is played: two at most, of ten minutes at most. Start it with the same parameters.
  /// @param preloadParam A piece of music, and how it is played.
  virtual void preloadMusic(AudioMusicParam preloadParam) = 0;

  /// How many tracks it has; -1 if it does not play.
  /// @param id The music, by the number it was started with.
  virtual long getMusicTrackCount(int id) = 0;

  /// Which of them is played, from 0.
  /// @param id The music, by the number it was started with.
  /// @param trackIndex The track, from 0.
  virtual void setMusicTrack(int id, int trackIndex) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITXAUDIOEFFECTMANAGER_H_
