// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Bytes that travel with packets of sound.
#ifndef RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_
#define RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_

#include "TXLiteAVPlatform.h"
#include "TXLiteAVBuffer.h"

namespace liteav {

/// Bytes beside a packet of sound.
struct TRTCAudioPacket {
  /// Whose sound; empty for the own.
  const char* userId;
  /// The bytes, which may be changed.
  TXLiteAVBuffer* extraData;
};

/// Puts bytes beside packets of sound and reads them.
class ITRTCAudioPacketListener {
 public:
  virtual ~ITRTCAudioPacketListener() {}

  /// A packet has come. Return whether it was understood.
  /// @param data Bytes beside a packet of sound.
  virtual bool onRecvAudioPacket(TRTCAudioPacket& data) = 0;

  /// A packet will be sent. Return whether bytes were put beside it.
  /// @param data Bytes beside a packet of sound.
  virtual bool onSendAudioPacket(TRTCAudioPacket& data) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITRTCAUDIOPACKETLISTENER_H_
