// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Bytes that travel with packets of sound.
#ifndef RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_
#define RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_

#include "TXLiteAVPlatform.h"
#include "TXLiteAVBuffer.h"

namespace liteav {

/// Bytes beside a packet of sound.
struct TRTCAudioPacket {
  /// Whose sound; null for the own.
  const char* userId;
  /// The bytes. Of a packet that will be sent they may be changed; at most 100 travel with it.
  TXLiteAVBuffer* extraData;
};

/// Puts bytes beside packets of sound and reads them. Given to an instance by `callExperimentalAPI`:
/// `setAudioPacketExtraDataListener` with `listener`, its address as a number; 0 takes it away. Called on the engine's
/// threads: be quick.
class ITRTCAudioPacketListener {
 public:
  virtual ~ITRTCAudioPacketListener() {}

  /// A packet with bytes beside it has come, some time before its sound is heard. What it returns is not used.
  /// @param data Bytes beside a packet of sound.
  virtual bool onRecvAudioPacket(TRTCAudioPacket& data) {
    (void)data;
    return false;
  }

  /// A packet will be sent. Return whether bytes were put beside it.
  /// @param data Bytes beside a packet of sound.
  virtual bool onSendAudioPacket(TRTCAudioPacket& data) {
    (void)data;
    return false;
  }
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_
