// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Error and warning codes.
#ifndef RTC_ENGINE_TXLITEAVCODE_H_
#define RTC_ENGINE_TXLITEAVCODE_H_

enum TXLiteAVError {
  /// Success.
  ERR_NULL = 0,
  /// Unclassified failure of the call.
  ERR_FAILED = -1,
  /// Argument out of range or malformed.
  ERR_INVALID_PARAMETER = -2,
  /// Call refused in the current state.
  ERR_REFUSED = -3,
  /// Operation unavailable on this platform or build.
  ERR_NOT_SUPPORTED = -4,
  /// Feature licence missing or not valid.
  ERR_INVALID_LICENSE = -5,
  /// Server did not answer in time.
  ERR_REQUEST_SERVER_TIMEOUT = -6,
  /// Server answered but could not process request.
  ERR_SERVER_PROCESS_FAILED = -7,
  /// Peer or user connection dropped.
  ERR_DISCONNECTED = -8,
  /// Camera failed to open (driver or permission).
  ERR_CAMERA_START_FAIL = -1301,
  /// App lacks camera permission.
  ERR_CAMERA_NOT_AUTHORIZED = -1314,
  /// Camera rejected the capture parameters.
  ERR_CAMERA_SET_PARAM_FAIL = -1315,
  /// Camera held by another process.
  ERR_CAMERA_OCCUPY = -1316,
  /// Screen capture could not start.
  ERR_SCREEN_CAPTURE_START_FAIL = -1308,
  /// OS version lacks screen capture support.
  ERR_SCREEN_CAPTURE_UNSURPORT = -1309,
  /// System ended the screen capture.
  ERR_SCREEN_CAPTURE_STOPPED = -7001,
  /// No permission to publish auxiliary stream.
  ERR_SCREEN_SHARE_NOT_AUTHORIZED = -102015,
  /// Another user already publishes auxiliary stream.
  ERR_SCREEN_SHRAE_OCCUPIED_BY_OTHER = -102016,
  /// Encoder could not produce video frame.
  ERR_VIDEO_ENCODE_FAIL = -1303,
  /// Requested video resolution not supported.
  ERR_UNSUPPORTED_RESOLUTION = -1305,
  /// Custom frame pixel format not accepted.
  ERR_PIXEL_FORMAT_UNSUPPORTED = -1327,
  /// Custom frame buffer type not accepted.
  ERR_BUFFER_TYPE_UNSUPPORTED = -1328,
  /// No H.265 decoder is available.
  ERR_NO_AVAILABLE_HEVC_DECODERS = -2304,
  /// Microphone failed to open.
  ERR_MIC_START_FAIL = -1302,
  /// App lacks microphone permission.
  ERR_MIC_NOT_AUTHORIZED = -1317,
  /// Microphone held by another process.
  ERR_MIC_OCCUPY = -1319,
  /// Microphone could not be closed.
  ERR_MIC_STOP_FAIL = -1320,
  /// Speaker failed to open.
  ERR_SPEAKER_START_FAIL = -1321,
  /// Speaker rejected the parameters.
  ERR_SPEAKER_SET_PARAM_FAIL = -1322,
  /// Speaker could not be closed.
  ERR_SPEAKER_STOP_FAIL = -1323,
  /// MacOS loopback audio driver failed to start.
  ERR_AUDIO_PLUGIN_START_FAIL = -1330,
  /// Loopback driver installation not permitted.
  ERR_AUDIO_PLUGIN_INSTALL_NOT_AUTHORIZED = -1331,
  /// Loopback driver installation failed.
  ERR_AUDIO_PLUGIN_INSTALL_FAILED = -1332,
  /// Loopback driver installed, app restart needed.
  ERR_AUDIO_PLUGIN_INSTALLED_BUT_NEED_RESTART = -1333,
  /// Encoder could not produce audio frame.
  ERR_AUDIO_ENCODE_FAIL = -1304,
  /// Requested audio sample rate not supported.
  ERR_UNSUPPORTED_SAMPLERATE = -1306,
  /// System-sound capture could not start.
  ERR_SYSTEM_LOOPBACK_START_FAILED = -1307,
  /// App whose sound is captured has exited.
  ERR_SYSTEM_LOOPBACK_THIRD_PARTY_APP_EXIT = -1324,
  /// Entering the room failed, see message.
  ERR_TRTC_ENTER_ROOM_FAILED = -3301,
  /// Access address and signature request timed out.
  ERR_TRTC_REQUEST_IP_TIMEOUT = -3307,
  /// Room entry request timed out.
  ERR_TRTC_CONNECT_SERVER_TIMEOUT = -3308,
  /// Room entry parameters are empty.
  ERR_TRTC_ROOM_PARAM_NULL = -3316,
  /// `sdkAppId` is missing or wrong.
  ERR_TRTC_INVALID_SDK_APPID = -3317,
  /// `roomId` or `strRoomId` is missing or wrong.
  ERR_TRTC_INVALID_ROOM_ID = -3318,
  /// `userId` is missing or wrong.
  ERR_TRTC_INVALID_USER_ID = -3319,
  /// `userSig` is missing or wrong.
  ERR_TRTC_INVALID_USER_SIG = -3320,
  /// Room entry refused (repeated entry).
  ERR_TRTC_ENTER_ROOM_REFUSED = -3340,
  /// `privateMapKey` permission check failed.
  ERR_TRTC_INVALID_PRIVATE_MAPKEY = -100006,
  /// Service suspended (arrears or no minutes).
  ERR_TRTC_SERVICE_SUSPENDED = -100013,
  /// `userSig` check failed or expired.
  ERR_TRTC_USER_SIG_CHECK_FAILED = -100018,
  /// Relay to CDN request timed out.
  ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_TIMEOUT = -3321,
  /// Cloud mixing request timed out.
  ERR_TRTC_MIX_TRANSCODING_TIMEOUT = -3322,
  /// Relay to CDN failed on server.
  ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_FAILED = -3323,
  /// Cloud mixing failed on server.
  ERR_TRTC_MIX_TRANSCODING_FAILED = -3324,
  /// Start publishing signalling timed out.
  ERR_TRTC_START_PUBLISHING_TIMEOUT = -3333,
  /// Start publishing signalling failed.
  ERR_TRTC_START_PUBLISHING_FAILED = -3334,
  /// Stop publishing signalling timed out.
  ERR_TRTC_STOP_PUBLISHING_TIMEOUT = -3335,
  /// Stop publishing signalling failed.
  ERR_TRTC_STOP_PUBLISHING_FAILED = -3336,
  /// Cross-room connect request timed out.
  ERR_TRTC_CONNECT_OTHER_ROOM_TIMEOUT = -3326,
  /// Cross-room disconnect request timed out.
  ERR_TRTC_DISCONNECT_OTHER_ROOM_TIMEOUT = -3327,
  /// Cross-room request parameter invalid.
  ERR_TRTC_CONNECT_OTHER_ROOM_INVALID_PARAMETER = -3328,
  /// Audience role cannot use cross-room connect.
  ERR_TRTC_CONNECT_OTHER_ROOM_AS_AUDIENCE = -3330,
  /// Music file could not be opened.
  ERR_BGM_OPEN_FAILED = -4001,
  /// Music file could not be decoded.
  ERR_BGM_DECODE_FAILED = -4002,
  /// Too many preloaded music tracks.
  ERR_BGM_OVER_LIMIT = -4003,
  /// Music operation illegal in current state.
  ERR_BGM_INVALID_OPERATION = -4004,
  /// Music path invalid.
  ERR_BGM_INVALID_PATH = -4005,
  /// Music URL invalid or unreachable.
  ERR_BGM_INVALID_URL = -4006,
  /// Music file has no audio stream.
  ERR_BGM_NO_AUDIO_STREAM = -4007,
  /// Music file format not supported.
  ERR_BGM_FORMAT_NOT_SUPPORTED = -4008,
  /// Too many tracks playing at once (10).
  ERR_CONCURRENT_BGM_OVER_LIMIT = -4009,
};
typedef enum TXLiteAVError TXLiteAVError;

// Names of earlier versions.
#define ERR_SERVER_CENTER_NO_PRIVILEDGE_PUSH_SUB_VIDEO ERR_SCREEN_SHARE_NOT_AUTHORIZED
#define ERR_SERVER_CENTER_ANOTHER_USER_PUSH_SUB_VIDEO ERR_SCREEN_SHRAE_OCCUPIED_BY_OTHER
#define ERR_ROOM_ENTER_FAIL ERR_TRTC_ENTER_ROOM_FAILED
#define ERR_ROOM_REQUEST_IP_TIMEOUT ERR_TRTC_REQUEST_IP_TIMEOUT
#define ERR_ROOM_REQUEST_ENTER_ROOM_TIMEOUT ERR_TRTC_CONNECT_SERVER_TIMEOUT
#define ERR_ENTER_ROOM_PARAM_NULL ERR_TRTC_ROOM_PARAM_NULL
#define ERR_SDK_APPID_INVALID ERR_TRTC_INVALID_SDK_APPID
#define ERR_ROOM_ID_INVALID ERR_TRTC_INVALID_ROOM_ID
#define ERR_USER_ID_INVALID ERR_TRTC_INVALID_USER_ID
#define ERR_USER_SIG_INVALID ERR_TRTC_INVALID_USER_SIG
#define ERR_ROOM_REQUEST_ENTER_ROOM_REFUSED ERR_TRTC_ENTER_ROOM_REFUSED
#define ERR_SERVER_INFO_PRIVILEGE_FLAG_ERROR ERR_TRTC_INVALID_PRIVATE_MAPKEY
#define ERR_SERVER_INFO_SERVICE_SUSPENDED ERR_TRTC_SERVICE_SUSPENDED
#define ERR_SERVER_INFO_ECDH_GET_TINYID ERR_TRTC_USER_SIG_CHECK_FAILED
#define ERR_PUBLISH_CDN_STREAM_REQUEST_TIME_OUT ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_TIMEOUT
#define ERR_CLOUD_MIX_TRANSCODING_REQUEST_TIME_OUT ERR_TRTC_MIX_TRANSCODING_TIMEOUT
#define ERR_PUBLISH_CDN_STREAM_SERVER_FAILED ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_FAILED
#define ERR_CLOUD_MIX_TRANSCODING_SERVER_FAILED ERR_TRTC_MIX_TRANSCODING_FAILED
#define ERR_ROOM_REQUEST_START_PUBLISHING_TIMEOUT ERR_TRTC_START_PUBLISHING_TIMEOUT
#define ERR_ROOM_REQUEST_START_PUBLISHING_ERROR ERR_TRTC_START_PUBLISHING_FAILED
#define ERR_ROOM_REQUEST_STOP_PUBLISHING_TIMEOUT ERR_TRTC_STOP_PUBLISHING_TIMEOUT
#define ERR_ROOM_REQUEST_STOP_PUBLISHING_ERROR ERR_TRTC_STOP_PUBLISHING_FAILED
#define ERR_ROOM_REQUEST_CONN_ROOM_TIMEOUT ERR_TRTC_CONNECT_OTHER_ROOM_TIMEOUT
#define ERR_ROOM_REQUEST_DISCONN_ROOM_TIMEOUT ERR_TRTC_DISCONNECT_OTHER_ROOM_TIMEOUT
#define ERR_ROOM_REQUEST_CONN_ROOM_INVALID_PARAM ERR_TRTC_CONNECT_OTHER_ROOM_INVALID_PARAMETER
#define ERR_CONNECT_OTHER_ROOM_AS_AUDIENCE ERR_TRTC_CONNECT_OTHER_ROOM_AS_AUDIENCE

enum TXLiteAVWarning {
  /// Hardware encoder unavailable, software used.
  WARNING_HW_ENCODER_START_FAIL = 1103,
  /// Active video encoder changed.
  WARNING_CURRENT_ENCODE_TYPE_CHANGED = 1104,
  /// CPU high, switched to hardware encoder.
  WARNING_VIDEO_ENCODER_SW_TO_HW = 1107,
  /// Camera delivers too few frames.
  WARNING_INSUFFICIENT_CAPTURE_FPS = 1108,
  /// Software encoder failed to start.
  WARNING_SW_ENCODER_START_FAIL = 1109,
  /// Capture resolution lowered for performance.
  WARNING_REDUCE_CAPTURE_RESOLUTION = 1110,
  /// No camera present.
  WARNING_CAMERA_DEVICE_EMPTY = 1111,
  /// Camera permission missing.
  WARNING_CAMERA_NOT_AUTHORIZED = 1112,
  /// Memory low, features may fail.
  WARNING_OUT_OF_MEMORY = 1113,
  /// Camera in use elsewhere.
  WARNING_CAMERA_IS_OCCUPIED = 1114,
  /// Camera device fault.
  WARNING_CAMERA_DEVICE_ERROR = 1115,
  /// Camera connection lost.
  WARNING_CAMERA_DISCONNECTED = 1116,
  /// Camera failed to start.
  WARNING_CAMERA_START_FAILED = 1117,
  /// Camera service of system died.
  WARNING_CAMERA_SERVER_DIED = 1118,
  /// Screen recording permission missing.
  WARNING_SCREEN_CAPTURE_NOT_AUTHORIZED = 1206,
  /// Active video decoder changed.
  WARNING_CURRENT_DECODE_TYPE_CHANGED = 2008,
  /// Video frame could not be decoded.
  WARNING_VIDEO_FRAME_DECODE_FAIL = 2101,
  /// Hardware decoder unavailable, software used.
  WARNING_HW_DECODER_START_FAIL = 2106,
  /// Hardware decoding failed, switched to software.
  WARNING_VIDEO_DECODER_HW_TO_SW = 2108,
  /// Software decoder failed to start.
  WARNING_SW_DECODER_START_FAIL = 2109,
  /// Video rendering failed.
  WARNING_VIDEO_RENDER_FAIL = 2110,
  /// Device cannot do virtual background.
  WARNING_VIRTUAL_BACKGROUND_DEVICE_UNSURPORTED = 8001,
  /// Virtual background not licensed.
  WARNING_VIRTUAL_BACKGROUND_NOT_AUTHORIZED = 8002,
  /// Virtual background parameter wrong.
  WARNING_VIRTUAL_BACKGROUND_INVALID_PARAMETER = 8003,
  /// Device too slow for virtual background.
  WARNING_VIRTUAL_BACKGROUND_PERFORMANCE_INSUFFICIENT = 8004,
  /// No microphone present.
  WARNING_MICROPHONE_DEVICE_EMPTY = 1201,
  /// No speaker present.
  WARNING_SPEAKER_DEVICE_EMPTY = 1202,
  /// Microphone permission missing.
  WARNING_MICROPHONE_NOT_AUTHORIZED = 1203,
  /// Microphone unusable.
  WARNING_MICROPHONE_DEVICE_ABNORMAL = 1204,
  /// Speaker unusable.
  WARNING_SPEAKER_DEVICE_ABNORMAL = 1205,
  /// Bluetooth audio connection failed.
  WARNING_BLUETOOTH_DEVICE_CONNECT_FAIL = 1207,
  /// Microphone in use elsewhere.
  WARNING_MICROPHONE_IS_OCCUPIED = 1208,
  /// Audio frame could not be decoded.
  WARNING_AUDIO_FRAME_DECODE_FAIL = 2102,
  /// Audio recording file write failed.
  WARNING_AUDIO_RECORDING_WRITE_FAIL = 7001,
  /// Howling detected in capture.
  WARNING_MICROPHONE_HOWLING_DETECTED = 7002,
  /// Audience tried to publish, ignored.
  WARNING_IGNORE_UPSTREAM_FOR_AUDIENCE = 6001,
  /// Published audio and video out of sync.
  WARNING_UPSTREAM_AUDIO_AND_VIDEO_OUT_OF_SYNC = 6006,
  /// Server state abnormal, reconnecting.
  WARNING_RECONNECT_ON_SERVER_STATUS_ABNORMAL = 6007,
};
typedef enum TXLiteAVWarning TXLiteAVWarning;

#endif  // RTC_ENGINE_TXLITEAVCODE_H_
