//! Which C++ headers there are, what each stands on, and what is in them beside the description: the platform's macros and
//! its types.

/// A header, and what it stands on.
pub(crate) struct Header {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) includes: &'static [&'static str],
}

/// In an order in which each stands on those before it only.
pub(crate) const HEADERS: [Header; 15] = [
    Header { name: "TXLiteAVCode.h", about: "Error and warning codes.", includes: &[] },
    Header {
        name: "ITXDeviceManager.h",
        about: "Cameras, microphones and speakers: which there are, which is used, and tests of them.",
        includes: &["<stdint.h>", PLATFORM],
    },
    Header {
        name: "ITXAudioEffectManager.h",
        about: "Background music, and effects on the own voice.",
        includes: &["<stdint.h>", PLATFORM],
    },
    Header {
        name: "TRTCTypeDef.h",
        about: "The types that the other headers speak of.",
        includes: &["<stdint.h>", PLATFORM, "ITXDeviceManager.h"],
    },
    Header { name: "ITRTCStatistics.h", about: "What is measured every two seconds.", includes: &["TRTCTypeDef.h"] },
    Header {
        name: "TRTCCloudCallback.h",
        about: "What an application is told.",
        includes: &["ITRTCStatistics.h", "TRTCTypeDef.h", "TXLiteAVCode.h"],
    },
    Header {
        name: "IDeprecatedTRTCCloud.h",
        about: "Methods that have something better beside them.",
        includes: &["TRTCTypeDef.h"],
    },
    Header {
        name: "ITRTCCloud.h",
        about: "Rooms, sound and pictures.",
        includes: &[
            "IDeprecatedTRTCCloud.h",
            "ITXAudioEffectManager.h",
            "ITXDeviceManager.h",
            "TRTCCloudCallback.h",
            "TRTCTypeDef.h",
        ],
    },
    Header { name: "TXLiteAVBase.h", about: "What concerns the whole process.", includes: &["<stdint.h>", PLATFORM] },
    Header { name: "TXLiteAVBuffer.h", about: "Bytes that can grow.", includes: &["<stddef.h>", "<stdint.h>", PLATFORM] },
    Header {
        name: "ITRTCAudioPacketListener.h",
        about: "Bytes that travel with packets of sound.",
        includes: &[PLATFORM, "TXLiteAVBuffer.h"],
    },
    Header {
        name: "TXLiteAVEncodedDataProcessingListener.h",
        about: "Encoded pictures and sound before they are sent and after they have come.",
        includes: &[PLATFORM, "TXLiteAVBuffer.h"],
    },
    Header { name: "ITXLiteAVNetworkProxy.h", about: "A SOCKS5 proxy on the way to the engine.", includes: &[PLATFORM] },
    Header { name: "ITXLiteAVLocalRecord.h", about: "Recording a screen or window to a file.", includes: &["ITRTCCloud.h"] },
    Header {
        name: "TRTC/ITXLocalMediaTranscoding.h",
        about: "Mixing several local pictures into one that is published.",
        includes: &["../ITRTCCloud.h"],
    },
];

pub(crate) const PLATFORM: &str = "TXLiteAVPlatform.h";

pub(crate) const PLATFORM_TEXT: &str = "// Which platform this is, and how functions leave the library.
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
#define TRTC_API __attribute__((visibility(\"default\")))
#endif

#endif  // RTC_ENGINE_TXLITEAVPLATFORM_H_
";

/// The types that each platform has its own of.
pub(crate) const TYPES: &str = "
/// Where pictures are drawn: a window, or a surface of the platform.
#if RTC_WINDOWS
typedef HWND TXView;
using ::RECT;
using ::SIZE;
#else
typedef void *TXView;
#endif
";

/// Whether a header has another one's declarations before its own.
pub(crate) fn includes(header: &Header, other: &str) -> bool {
    header.name == other
        || header.includes.iter().any(|include| {
            let include = include.trim_start_matches("../");
            include == other || HEADERS.iter().find(|each| each.name == include).is_some_and(|each| includes(each, other))
        })
}
