// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Encoded pictures and sound before they are sent and after they have come.
#ifndef RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_
#define RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_

#include "TXLiteAVPlatform.h"
#include "TXLiteAVBuffer.h"

namespace liteav {

/// An encoded picture or piece of sound.
struct TXLiteAVEncodedData {
  /// Whose; null for the own.
  const char* userId;
  /// Which stream, as `TRTCVideoStreamType`; 0 for sound.
  int streamType;
  /// As it is, to be read during the call.
  const TXLiteAVBuffer* originData;
  /// Where to put it as it shall be.
  TXLiteAVBuffer* processedData;
};

/// Changes encoded pictures and sound, for example to encrypt them. Given to an instance by `callExperimentalAPI`:
/// `setEncodedDataProcessingListener` with `listener`, its address as a number; 0 takes it away. Called on the engine's
/// threads: be quick. Who does not change back what was changed sees nothing and hears silence.
class ITXLiteAVEncodedDataProcessingListener {
 public:
  virtual ~ITXLiteAVEncodedDataProcessingListener() {}

  /// An own picture was encoded, VP8 or H.264 in Annex B form. Return whether it was changed.
  /// @param videoData An encoded picture or piece of sound.
  virtual bool didEncodeVideo(TXLiteAVEncodedData& videoData) {
    (void)videoData;
    return false;
  }

  /// A picture will be decoded: what its sender has made of it. Return whether it was changed back.
  /// @param videoData An encoded picture or piece of sound.
  virtual bool willDecodeVideo(TXLiteAVEncodedData& videoData) {
    (void)videoData;
    return false;
  }

  /// Own sound was encoded, a packet of Opus. Return whether it was changed; it can become 1000 bytes.
  /// @param audioData An encoded picture or piece of sound.
  virtual bool didEncodeAudio(TXLiteAVEncodedData& audioData) {
    (void)audioData;
    return false;
  }

  /// Sound will be decoded. Return whether it was changed back.
  /// @param audioData An encoded picture or piece of sound.
  virtual bool willDecodeAudio(TXLiteAVEncodedData& audioData) {
    (void)audioData;
    return false;
  }
};

}  // namespace liteav

#endif  // RTC_ENGINE_TXLITEAVENCODEDDATAPROCESSINGLISTENER_H_
