// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Encoded pictures and sound before they are sent and after they have come.
#ifndef RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_
#define RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_

#include "TXLiteAVPlatform.h"
#include "TXLiteAVBuffer.h"

namespace liteav {

/// An encoded picture or piece of sound.
struct TXLiteAVEncodedData {
  /// Whose; empty for the own.
  const char* userId;
  /// Which stream.
  int streamType;
  /// As it is.
  const TXLiteAVBuffer* originData;
  /// As it shall be.
  TXLiteAVBuffer* processedData;
};

/// Changes encoded pictures and sound, for example to encrypt them.
class ITXLiteAVEncodedDataProcessingListener {
 public:
  virtual ~ITXLiteAVEncodedDataProcessingListener() {}

  /// An own picture was encoded. Return whether it was changed.
  /// @param videoData An encoded picture or piece of sound.
  virtual bool didEncodeVideo(TXLiteAVEncodedData& videoData) = 0;

  /// A picture will be decoded. Return whether it was changed.
  /// @param videoData An encoded picture or piece of sound.
  virtual bool willDecodeVideo(TXLiteAVEncodedData& videoData) = 0;

  /// Own sound was encoded. Return whether it was changed.
  /// @param audioData An encoded picture or piece of sound.
  virtual bool didEncodeAudio(TXLiteAVEncodedData& audioData) = 0;

  /// Sound will be decoded. Return whether it was changed.
  /// @param audioData An encoded picture or piece of sound.
  virtual bool willDecodeAudio(TXLiteAVEncodedData& audioData) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_
