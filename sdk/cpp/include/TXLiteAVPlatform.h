// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Which platform this is, and how functions leave the library.
#ifndef RTC_ENGINE_TXLITEAVPLATFORM_H_
#define RTC_ENGINE_TXLITEAVPLATFORM_H_

#if defined(__APPLE__)
#include <TargetConditionals.h>
#endif

#if defined(_WIN32)
#define RTC_WINDOWS 1
#else
#define RTC_WINDOWS 0
#endif

#if defined(__ANDROID__)
#define RTC_ANDROID 1
#else
#define RTC_ANDROID 0
#endif

#if defined(__OHOS__)
#define RTC_OHOS 1
#else
#define RTC_OHOS 0
#endif

#if defined(__APPLE__) && TARGET_OS_IPHONE
#define RTC_IOS 1
#else
#define RTC_IOS 0
#endif

#if defined(__APPLE__) && !TARGET_OS_IPHONE
#define RTC_MACOS 1
#else
#define RTC_MACOS 0
#endif

#if defined(__linux__) && !RTC_ANDROID && !RTC_OHOS
#define RTC_LINUX 1
#else
#define RTC_LINUX 0
#endif

#define RTC_DESKTOP (RTC_WINDOWS || RTC_MACOS || RTC_LINUX)
#define RTC_MOBILE (RTC_ANDROID || RTC_IOS || RTC_OHOS)

#if RTC_WINDOWS && defined(RTC_ENGINE_BUILD)
#define TRTC_API __declspec(dllexport)
#elif RTC_WINDOWS && !defined(RTC_ENGINE_STATIC)
#define TRTC_API __declspec(dllimport)
#elif RTC_WINDOWS
#define TRTC_API
#else
#define TRTC_API __attribute__((visibility("default")))
#endif

#endif  // RTC_ENGINE_TXLITEAVPLATFORM_H_
