// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// What concerns the whole process.
#ifndef RTC_ENGINE_TXLITEAVBASE_H_
#define RTC_ENGINE_TXLITEAVBASE_H_

#include <stdint.h>

#include "TXLiteAVPlatform.h"

extern "C" {

// Told how an update went: 0; 1 when the time may be off by more than 30 ms; -1 when it is not known. The text says why.
typedef void (*onUpdateNetworkTime)(int errCode, const char* errMsg);

/// The version of the SDK.
TRTC_API const char* getLiteAvSDKVersion();

/// Settings of the process as JSON or, for a self-hosted engine, its address. Call it before anything else. Returns 0,
/// or below zero if the text is not understood.
/// @param env_config The settings.
TRTC_API int setGlobalEnv(const char* env_config);

/// Asks the engine for the time, which takes about ten round trips; `setUpdateNetworkTimeCallback` says who is told.
/// Returns 0 if the question was sent, below zero if one is under way.
TRTC_API int updateNetworkTime();

/// The time by the engine's clock in ms since 1970; 0 while it is not known.
TRTC_API int64_t getNetworkTimestamp();

/// Who is told once the network time is known.
/// @param callback Who is told; null for nobody.
TRTC_API void setUpdateNetworkTimeCallback(onUpdateNetworkTime callback);

}  // extern "C"

#endif  // RTC_ENGINE_TXLITEAVBASE_H_
