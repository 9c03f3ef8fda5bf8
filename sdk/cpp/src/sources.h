// Screens and windows as a list that the application releases.
#ifndef RTC_ENGINE_CPP_SOURCES_H_
#define RTC_ENGINE_CPP_SOURCES_H_

#include <cstdint>

#include "TRTCTypeDef.h"

namespace liteav {
namespace detail {

// What an instance or a recorder can show. Without a list there is one of nothing, so that a caller need not look for null.
ITRTCScreenCaptureSourceList* screen_sources(uint64_t handle, const SIZE& thumbnail, const SIZE& icon);

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_SOURCES_H_
