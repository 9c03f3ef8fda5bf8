// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Recording a screen or window to a file.
#ifndef RTC_ENGINE_ITXLITEAVLOCALRECORD_H_
#define RTC_ENGINE_ITXLITEAVLOCALRECORD_H_

#include "ITRTCCloud.h"

class ITXLiteAVLocalRecord;

extern "C" {

/// A recorder of screens.
TRTC_API ITXLiteAVLocalRecord* createLocalRecordInstance();

/// Gives it back.
TRTC_API void destroyLocalRecordInstance(ITXLiteAVLocalRecord* txliteav_localrecord);

}  // extern "C"

/// Why recording a screen did not begin, or ended.
enum TXLiteAVLocalRecordError {
  /// It went well.
  ERR_RECORD_SUCCESS = 0,
  /// A parameter is wrong.
  ERR_RECORD_PARAM_INVALID = -1,
  /// A recording runs already.
  ERR_RECORD_HAS_BEGIN = -2,
  /// The path is wrong.
  ERR_RECORD_FILE_PATH_INVALID = -3,
  /// The ending of the file is of no known format.
  ERR_RECORD_FILE_FORMAT_INVALID = -4,
  /// There is no such window.
  ERR_RECORD_WINDOW_ID_INVALID = -5,
  /// There is no such screen.
  ERR_RECORD_DESKTOP_ID_INVALID = -6,
  /// The file could not be made.
  ERR_CREATE_RECORD_FILE_FAILURE = -7,
  /// The screen could not be captured.
  ERR_CREATE_RECORD_CAPTURE_FAILED = -8,
  /// There is no microphone.
  ERR_RECORD_NO_MICROPHONE_DEVICE = -9,
  /// There is no speaker.
  ERR_RECORD_NO_SPEAKER_DEVICE = -10,
  /// There is nothing to record.
  ERR_RECORD_NO_RECORD_TARGET = -11,
  /// The microphone failed.
  ERROR_RECORD_MICROPHONE_FAILURE = -12,
  /// The system's sound failed.
  ERROR_RECORD_SYSTEMAUDIO_FAILURE = -13,
};

/// Where and how a screen is recorded.
struct RecordConfig {
  /// The file, which ends in .mp4 and must not exist; its folder must.
  const char* filePath;
  /// Megabytes after which a new file begins, named after the first with -2, -3 and so on; 0 for one file.
  int maxSingleFileSize;
  /// Frames a second, 1 to 60; 0 for 15.
  int fps;
  /// Pixels across, at most 3840; 0 for those of the source, or what fits the other side.
  int recordWidth;
  /// Pixels down, at most 2160; 0 for those of the source, or what fits the other side.
  int recordHeight;

  RecordConfig()
      : filePath(nullptr),
        maxSingleFileSize(0),
        fps(0),
        recordWidth(0),
        recordHeight(0) {}
};

/// Is told how recording a screen goes.
class TXLiteAVLocalRecordCallback {
 public:
  virtual ~TXLiteAVLocalRecordCallback() {}

  /// It has begun, with this size and rate; all are 0 where only sound is recorded. All callbacks come on one thread of
  /// the recorder.
  /// @param videoWidth Pixels across.
  /// @param videoHeight Pixels down.
  /// @param fps Frames a second.
  virtual void OnRecordStarted(int videoWidth, int videoHeight, int fps) = 0;

  /// Something failed. What was recorded until then is kept.
  /// @param err Why recording a screen did not begin, or ended.
  /// @param msg The same in words, for people.
  virtual void OnRecordError(TXLiteAVLocalRecordError err, const char* msg) = 0;

  /// A file is complete: the last one after the recording was stopped or has failed, others when a new one begins.
  /// @param path The file or folder.
  virtual void OnRecordComplete(const char* path) = 0;
};

/// Records a screen or window to a file, without a room.
class ITXLiteAVLocalRecord {
 protected:
  virtual ~ITXLiteAVLocalRecord() {}

 public:
  /// Who is told how it goes; null takes it away.
  /// @param callback Who is told; null for nobody.
  virtual void setCallback(TXLiteAVLocalRecordCallback* callback) = 0;

  /// The screens and windows that can be recorded. Release the list.
  /// @param thumbnailSize A width and a height in pixels.
  /// @param iconSize A width and a height in pixels.
  virtual liteav::ITRTCScreenCaptureSourceList* getScreenCaptureSources(const liteav::SIZE& thumbnailSize,
      const liteav::SIZE& iconSize) = 0;

  /// Begins to record a screen or window, or the part of it in the rectangle, with the sound that is enabled; with a
  /// source of type unknown, only sound. Returns `ERR_RECORD_SUCCESS`, or why not.
  /// @param config Where and how a screen is recorded.
  /// @param type What kind of thing is shared.
  /// @param sourceId The screen or window.
  /// @param captureRect A rectangle in pixels.
  virtual TXLiteAVLocalRecordError startLocalRecord(const RecordConfig& config,
      liteav::TRTCScreenCaptureSourceType type, liteav::TXView sourceId, const liteav::RECT& captureRect) = 0;

  /// Ends it; when it returns, the files are whole.
  virtual void stopLocalRecord() = 0;

  /// Whether the microphone is recorded. A recording that was begun without any sound stays without it.
  /// @param enable Whether it is on.
  virtual void enableRecordMicrophone(bool enable) = 0;

  /// Whether what the machine plays is recorded. A recording that was begun without any sound stays without it.
  /// @param enable Whether it is on.
  virtual void enableRecordSystemAudio(bool enable) = 0;
};

#endif  // RTC_ENGINE_ITXLITEAVLOCALRECORD_H_
