// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Bytes that can grow.
#ifndef RTC_ENGINE_TXLITEAVBUFFER_H_
#define RTC_ENGINE_TXLITEAVBUFFER_H_

#include <stddef.h>
#include <stdint.h>

#include "TXLiteAVPlatform.h"

namespace liteav {

/// Bytes that can grow.
class TXLiteAVBuffer {
 protected:
  virtual ~TXLiteAVBuffer() {}

 public:
  /// Where they begin.
  virtual uint8_t* data() = 0;

  /// Where they begin, to be read.
  virtual const uint8_t* cdata() const = 0;

  /// How many there are.
  virtual size_t size() const = 0;

  /// How many there shall be.
  /// @param size How many bytes.
  virtual void SetSize(size_t size) = 0;

  /// How many there shall be room for.
  /// @param capacity For how many bytes.
  virtual void EnsureCapacity(size_t capacity) = 0;
};

}  // namespace liteav

#endif  // RTC_ENGINE_TXLITEAVBUFFER_H_
