// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! The numbers by which the API reports what went wrong.

use serde::{Deserialize, Serialize};

/// An error: `TXLiteAVError` in C++. Zero is none, errors are below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(pub i32);

impl ErrorCode {
    /// Success. (`ERR_NULL`)
    pub const NULL: Self = Self(0);

    /// Unclassified failure of the call. (`ERR_FAILED`)
    pub const FAILED: Self = Self(-1);

    /// Argument out of range or malformed. (`ERR_INVALID_PARAMETER`)
    pub const INVALID_PARAMETER: Self = Self(-2);

    /// Call refused in the current state. (`ERR_REFUSED`)
    pub const REFUSED: Self = Self(-3);

    /// Operation unavailable on this platform or build. (`ERR_NOT_SUPPORTED`)
    pub const NOT_SUPPORTED: Self = Self(-4);

    /// Feature licence missing or not valid. (`ERR_INVALID_LICENSE`)
    pub const INVALID_LICENSE: Self = Self(-5);

    /// Server did not answer in time. (`ERR_REQUEST_SERVER_TIMEOUT`)
    pub const REQUEST_SERVER_TIMEOUT: Self = Self(-6);

    /// Server answered but could not process request. (`ERR_SERVER_PROCESS_FAILED`)
    pub const SERVER_PROCESS_FAILED: Self = Self(-7);

    /// Peer or user connection dropped. (`ERR_DISCONNECTED`)
    pub const DISCONNECTED: Self = Self(-8);

    /// Camera failed to open (driver or permission). (`ERR_CAMERA_START_FAIL`)
    pub const CAMERA_START_FAIL: Self = Self(-1301);

    /// App lacks camera permission. (`ERR_CAMERA_NOT_AUTHORIZED`)
    pub const CAMERA_NOT_AUTHORIZED: Self = Self(-1314);

    /// Camera rejected the capture parameters. (`ERR_CAMERA_SET_PARAM_FAIL`)
    pub const CAMERA_SET_PARAM_FAIL: Self = Self(-1315);

    /// Camera held by another process. (`ERR_CAMERA_OCCUPY`)
    pub const CAMERA_OCCUPY: Self = Self(-1316);

    /// Screen capture could not start. (`ERR_SCREEN_CAPTURE_START_FAIL`)
    pub const SCREEN_CAPTURE_START_FAIL: Self = Self(-1308);

    /// OS version lacks screen capture support. (`ERR_SCREEN_CAPTURE_UNSURPORT`)
    pub const SCREEN_CAPTURE_UNSURPORT: Self = Self(-1309);

    /// System ended the screen capture. (`ERR_SCREEN_CAPTURE_STOPPED`)
    pub const SCREEN_CAPTURE_STOPPED: Self = Self(-7001);

    /// No permission to publish auxiliary stream. (`ERR_SCREEN_SHARE_NOT_AUTHORIZED`)
    pub const SCREEN_SHARE_NOT_AUTHORIZED: Self = Self(-102015);

    /// Another user already publishes auxiliary stream. (`ERR_SCREEN_SHRAE_OCCUPIED_BY_OTHER`)
    pub const SCREEN_SHRAE_OCCUPIED_BY_OTHER: Self = Self(-102016);

    /// Encoder could not produce video frame. (`ERR_VIDEO_ENCODE_FAIL`)
    pub const VIDEO_ENCODE_FAIL: Self = Self(-1303);

    /// Requested video resolution not supported. (`ERR_UNSUPPORTED_RESOLUTION`)
    pub const UNSUPPORTED_RESOLUTION: Self = Self(-1305);

    /// Custom frame pixel format not accepted. (`ERR_PIXEL_FORMAT_UNSUPPORTED`)
    pub const PIXEL_FORMAT_UNSUPPORTED: Self = Self(-1327);

    /// Custom frame buffer type not accepted. (`ERR_BUFFER_TYPE_UNSUPPORTED`)
    pub const BUFFER_TYPE_UNSUPPORTED: Self = Self(-1328);

    /// No H.265 decoder is available. (`ERR_NO_AVAILABLE_HEVC_DECODERS`)
    pub const NO_AVAILABLE_HEVC_DECODERS: Self = Self(-2304);

    /// Microphone failed to open. (`ERR_MIC_START_FAIL`)
    pub const MIC_START_FAIL: Self = Self(-1302);

    /// App lacks microphone permission. (`ERR_MIC_NOT_AUTHORIZED`)
    pub const MIC_NOT_AUTHORIZED: Self = Self(-1317);

    /// Microphone held by another process. (`ERR_MIC_OCCUPY`)
    pub const MIC_OCCUPY: Self = Self(-1319);

    /// Microphone could not be closed. (`ERR_MIC_STOP_FAIL`)
    pub const MIC_STOP_FAIL: Self = Self(-1320);

    /// Speaker failed to open. (`ERR_SPEAKER_START_FAIL`)
    pub const SPEAKER_START_FAIL: Self = Self(-1321);

    /// Speaker rejected the parameters. (`ERR_SPEAKER_SET_PARAM_FAIL`)
    pub const SPEAKER_SET_PARAM_FAIL: Self = Self(-1322);

    /// Speaker could not be closed. (`ERR_SPEAKER_STOP_FAIL`)
    pub const SPEAKER_STOP_FAIL: Self = Self(-1323);

    /// MacOS loopback audio driver failed to start. (`ERR_AUDIO_PLUGIN_START_FAIL`)
    pub const AUDIO_PLUGIN_START_FAIL: Self = Self(-1330);

    /// Loopback driver installation not permitted. (`ERR_AUDIO_PLUGIN_INSTALL_NOT_AUTHORIZED`)
    pub const AUDIO_PLUGIN_INSTALL_NOT_AUTHORIZED: Self = Self(-1331);

    /// Loopback driver installation failed. (`ERR_AUDIO_PLUGIN_INSTALL_FAILED`)
    pub const AUDIO_PLUGIN_INSTALL_FAILED: Self = Self(-1332);

    /// Loopback driver installed, app restart needed. (`ERR_AUDIO_PLUGIN_INSTALLED_BUT_NEED_RESTART`)
    pub const AUDIO_PLUGIN_INSTALLED_BUT_NEED_RESTART: Self = Self(-1333);

    /// Encoder could not produce audio frame. (`ERR_AUDIO_ENCODE_FAIL`)
    pub const AUDIO_ENCODE_FAIL: Self = Self(-1304);

    /// Requested audio sample rate not supported. (`ERR_UNSUPPORTED_SAMPLERATE`)
    pub const UNSUPPORTED_SAMPLERATE: Self = Self(-1306);

    /// System-sound capture could not start. (`ERR_SYSTEM_LOOPBACK_START_FAILED`)
    pub const SYSTEM_LOOPBACK_START_FAILED: Self = Self(-1307);

    /// App whose sound is captured has exited. (`ERR_SYSTEM_LOOPBACK_THIRD_PARTY_APP_EXIT`)
    pub const SYSTEM_LOOPBACK_THIRD_PARTY_APP_EXIT: Self = Self(-1324);

    /// Entering the room failed, see message. (`ERR_TRTC_ENTER_ROOM_FAILED`)
    pub const ENTER_ROOM_FAILED: Self = Self(-3301);

    /// Access address and signature request timed out. (`ERR_TRTC_REQUEST_IP_TIMEOUT`)
    pub const REQUEST_IP_TIMEOUT: Self = Self(-3307);

    /// Room entry request timed out. (`ERR_TRTC_CONNECT_SERVER_TIMEOUT`)
    pub const CONNECT_SERVER_TIMEOUT: Self = Self(-3308);

    /// Room entry parameters are empty. (`ERR_TRTC_ROOM_PARAM_NULL`)
    pub const ROOM_PARAM_NULL: Self = Self(-3316);

    /// `sdkAppId` is missing or wrong. (`ERR_TRTC_INVALID_SDK_APPID`)
    pub const INVALID_SDK_APPID: Self = Self(-3317);

    /// `roomId` or `strRoomId` is missing or wrong. (`ERR_TRTC_INVALID_ROOM_ID`)
    pub const INVALID_ROOM_ID: Self = Self(-3318);

    /// `userId` is missing or wrong. (`ERR_TRTC_INVALID_USER_ID`)
    pub const INVALID_USER_ID: Self = Self(-3319);

    /// `userSig` is missing or wrong. (`ERR_TRTC_INVALID_USER_SIG`)
    pub const INVALID_USER_SIG: Self = Self(-3320);

    /// Room entry refused (repeated entry). (`ERR_TRTC_ENTER_ROOM_REFUSED`)
    pub const ENTER_ROOM_REFUSED: Self = Self(-3340);

    /// `privateMapKey` permission check failed. (`ERR_TRTC_INVALID_PRIVATE_MAPKEY`)
    pub const INVALID_PRIVATE_MAPKEY: Self = Self(-100006);

    /// Service suspended (arrears or no minutes). (`ERR_TRTC_SERVICE_SUSPENDED`)
    pub const SERVICE_SUSPENDED: Self = Self(-100013);

    /// `userSig` check failed or expired. (`ERR_TRTC_USER_SIG_CHECK_FAILED`)
    pub const USER_SIG_CHECK_FAILED: Self = Self(-100018);

    /// Relay to CDN request timed out. (`ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_TIMEOUT`)
    pub const PUSH_THIRD_PARTY_CLOUD_TIMEOUT: Self = Self(-3321);

    /// Cloud mixing request timed out. (`ERR_TRTC_MIX_TRANSCODING_TIMEOUT`)
    pub const MIX_TRANSCODING_TIMEOUT: Self = Self(-3322);

    /// Relay to CDN failed on server. (`ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_FAILED`)
    pub const PUSH_THIRD_PARTY_CLOUD_FAILED: Self = Self(-3323);

    /// Cloud mixing failed on server. (`ERR_TRTC_MIX_TRANSCODING_FAILED`)
    pub const MIX_TRANSCODING_FAILED: Self = Self(-3324);

    /// Start publishing signalling timed out. (`ERR_TRTC_START_PUBLISHING_TIMEOUT`)
    pub const START_PUBLISHING_TIMEOUT: Self = Self(-3333);

    /// Start publishing signalling failed. (`ERR_TRTC_START_PUBLISHING_FAILED`)
    pub const START_PUBLISHING_FAILED: Self = Self(-3334);

    /// Stop publishing signalling timed out. (`ERR_TRTC_STOP_PUBLISHING_TIMEOUT`)
    pub const STOP_PUBLISHING_TIMEOUT: Self = Self(-3335);

    /// Stop publishing signalling failed. (`ERR_TRTC_STOP_PUBLISHING_FAILED`)
    pub const STOP_PUBLISHING_FAILED: Self = Self(-3336);

    /// Cross-room connect request timed out. (`ERR_TRTC_CONNECT_OTHER_ROOM_TIMEOUT`)
    pub const CONNECT_OTHER_ROOM_TIMEOUT: Self = Self(-3326);

    /// Cross-room disconnect request timed out. (`ERR_TRTC_DISCONNECT_OTHER_ROOM_TIMEOUT`)
    pub const DISCONNECT_OTHER_ROOM_TIMEOUT: Self = Self(-3327);

    /// Cross-room request parameter invalid. (`ERR_TRTC_CONNECT_OTHER_ROOM_INVALID_PARAMETER`)
    pub const CONNECT_OTHER_ROOM_INVALID_PARAMETER: Self = Self(-3328);

    /// Audience role cannot use cross-room connect. (`ERR_TRTC_CONNECT_OTHER_ROOM_AS_AUDIENCE`)
    pub const CONNECT_OTHER_ROOM_AS_AUDIENCE: Self = Self(-3330);

    /// Music file could not be opened. (`ERR_BGM_OPEN_FAILED`)
    pub const BGM_OPEN_FAILED: Self = Self(-4001);

    /// Music file could not be decoded. (`ERR_BGM_DECODE_FAILED`)
    pub const BGM_DECODE_FAILED: Self = Self(-4002);

    /// Too many preloaded music tracks. (`ERR_BGM_OVER_LIMIT`)
    pub const BGM_OVER_LIMIT: Self = Self(-4003);

    /// Music operation illegal in current state. (`ERR_BGM_INVALID_OPERATION`)
    pub const BGM_INVALID_OPERATION: Self = Self(-4004);

    /// Music path invalid. (`ERR_BGM_INVALID_PATH`)
    pub const BGM_INVALID_PATH: Self = Self(-4005);

    /// Music URL invalid or unreachable. (`ERR_BGM_INVALID_URL`)
    pub const BGM_INVALID_URL: Self = Self(-4006);

    /// Music file has no audio stream. (`ERR_BGM_NO_AUDIO_STREAM`)
    pub const BGM_NO_AUDIO_STREAM: Self = Self(-4007);

    /// Music file format not supported. (`ERR_BGM_FORMAT_NOT_SUPPORTED`)
    pub const BGM_FORMAT_NOT_SUPPORTED: Self = Self(-4008);

    /// Too many tracks playing at once (10). (`ERR_CONCURRENT_BGM_OVER_LIMIT`)
    pub const CONCURRENT_BGM_OVER_LIMIT: Self = Self(-4009);

    /// Live push URL is malformed. (`ERR_RTMP_PUSH_INVALID_ADDRESS`)
    pub const RTMP_PUSH_INVALID_ADDRESS: Self = Self(-1313);

    /// Microphone rejected the parameters. (`ERR_MIC_SET_PARAM_FAIL`)
    pub const MIC_SET_PARAM_FAIL: Self = Self(-1318);

    /// Live push stopped, network unreachable. (`ERR_RTMP_PUSH_NO_NETWORK`)
    pub const RTMP_PUSH_NO_NETWORK: Self = Self(-1325);

    /// Live push server refused connection. (`ERR_RTMP_PUSH_SERVER_REFUSE`)
    pub const RTMP_PUSH_SERVER_REFUSE: Self = Self(-1326);

    /// Live player lost network for good. (`ERR_PLAY_LIVE_STREAM_NET_DISCONNECT`)
    pub const PLAY_LIVE_STREAM_NET_DISCONNECT: Self = Self(-2301);

    /// Low-latency play address could not be fetched. (`ERR_GET_RTMP_ACC_URL_FAIL`)
    pub const GET_RTMP_ACC_URL_FAIL: Self = Self(-2302);

    /// File to play does not exist. (`ERR_FILE_NOT_FOUND`)
    pub const FILE_NOT_FOUND: Self = Self(-2303);

    /// On-demand media decryption failed. (`ERR_VOD_DECRYPT_FAIL`)
    pub const VOD_DECRYPT_FAIL: Self = Self(-2305);

    /// On-demand media information unavailable. (`ERR_GET_VODFILE_MEDIAINFO_FAIL`)
    pub const GET_VODFILE_MEDIAINFO_FAIL: Self = Self(-2306);

    /// Live stream quality switch failed. (`ERR_PLAY_LIVE_STREAM_SWITCH_FAIL`)
    pub const PLAY_LIVE_STREAM_SWITCH_FAIL: Self = Self(-2307);

    /// Live play server refused connection. (`ERR_PLAY_LIVE_STREAM_SERVER_REFUSE`)
    pub const PLAY_LIVE_STREAM_SERVER_REFUSE: Self = Self(-2308);

    /// Low-latency stream could not be fetched. (`ERR_RTMP_ACC_FETCH_STREAM_FAIL`)
    pub const RTMP_ACC_FETCH_STREAM_FAIL: Self = Self(-2309);

    /// Room heartbeat to server failed. (`ERR_ROOM_HEARTBEAT_FAIL`)
    pub const ROOM_HEARTBEAT_FAIL: Self = Self(-3302);

    /// Access server address lookup failed. (`ERR_ROOM_REQUEST_IP_FAIL`)
    pub const ROOM_REQUEST_IP_FAIL: Self = Self(-3303);

    /// Connection to room server failed. (`ERR_ROOM_CONNECT_FAIL`)
    pub const ROOM_CONNECT_FAIL: Self = Self(-3304);

    /// Video seat request failed. (`ERR_ROOM_REQUEST_AVSEAT_FAIL`)
    pub const ROOM_REQUEST_AVSEAT_FAIL: Self = Self(-3305);

    /// HTTPS token request timed out. (`ERR_ROOM_REQUEST_TOKEN_HTTPS_TIMEOUT`)
    pub const ROOM_REQUEST_TOKEN_HTTPS_TIMEOUT: Self = Self(-3306);

    /// Video flag request timed out. (`ERR_ROOM_REQUEST_VIDEO_FLAG_TIMEOUT`)
    pub const ROOM_REQUEST_VIDEO_FLAG_TIMEOUT: Self = Self(-3309);

    /// Video data room request timed out. (`ERR_ROOM_REQUEST_VIDEO_DATA_ROOM_TIMEOUT`)
    pub const ROOM_REQUEST_VIDEO_DATA_ROOM_TIMEOUT: Self = Self(-3310);

    /// Ability change request timed out. (`ERR_ROOM_REQUEST_CHANGE_ABILITY_TIMEOUT`)
    pub const ROOM_REQUEST_CHANGE_ABILITY_TIMEOUT: Self = Self(-3311);

    /// Status report timed out. (`ERR_ROOM_REQUEST_STATUS_REPORT_TIMEOUT`)
    pub const ROOM_REQUEST_STATUS_REPORT_TIMEOUT: Self = Self(-3312);

    /// Close video request timed out. (`ERR_ROOM_REQUEST_CLOSE_VIDEO_TIMEOUT`)
    pub const ROOM_REQUEST_CLOSE_VIDEO_TIMEOUT: Self = Self(-3313);

    /// Receive setting request timed out. (`ERR_ROOM_REQUEST_SET_RECEIVE_TIMEOUT`)
    pub const ROOM_REQUEST_SET_RECEIVE_TIMEOUT: Self = Self(-3314);

    /// Token request had invalid parameter. (`ERR_ROOM_REQUEST_TOKEN_INVALID_PARAMETER`)
    pub const ROOM_REQUEST_TOKEN_INVALID_PARAMETER: Self = Self(-3315);

    /// Room exit request timed out. (`ERR_ROOM_REQUEST_QUIT_ROOM_TIMEOUT`)
    pub const ROOM_REQUEST_QUIT_ROOM_TIMEOUT: Self = Self(-3325);

    /// AES token response was an error. (`ERR_ROOM_REQUEST_AES_TOKEN_RETURN_ERROR`)
    pub const ROOM_REQUEST_AES_TOKEN_RETURN_ERROR: Self = Self(-3329);

    /// Access server list is empty. (`ERR_ACCIP_LIST_EMPTY`)
    pub const ACCIP_LIST_EMPTY: Self = Self(-3331);

    /// JSON command request timed out. (`ERR_ROOM_REQUEST_SEND_JSON_CMD_TIMEOUT`)
    pub const ROOM_REQUEST_SEND_JSON_CMD_TIMEOUT: Self = Self(-3332);

    /// Signature has expired. (`ERR_SERVER_SSO_SIG_EXPIRED`)
    pub const SERVER_SSO_SIG_EXPIRED: Self = Self(-70001);

    /// Signature verification failed (1). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_1`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_1: Self = Self(-70003);

    /// Signature verification failed (2). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_2`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_2: Self = Self(-70004);

    /// Signature verification failed (3). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_3`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_3: Self = Self(-70005);

    /// Signature verification failed (4). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_4`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_4: Self = Self(-70006);

    /// Signature verification failed (5). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_5`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_5: Self = Self(-70007);

    /// Signature verification failed (6). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_6`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_6: Self = Self(-70008);

    /// Signature verification failed (7). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_7`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_7: Self = Self(-70009);

    /// Signature verification failed (8). (`ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_8`)
    pub const SERVER_SSO_SIG_VERIFICATION_FAILED_8: Self = Self(-70010);

    /// Signature belongs to another `userId`. (`ERR_SERVER_SSO_SIG_VERIFICATION_ID_NOT_MATCH`)
    pub const SERVER_SSO_SIG_VERIFICATION_ID_NOT_MATCH: Self = Self(-70013);

    /// Signature belongs to another `sdkAppId`. (`ERR_SERVER_SSO_APPID_NOT_MATCH`)
    pub const SERVER_SSO_APPID_NOT_MATCH: Self = Self(-70014);

    /// Login verification has expired. (`ERR_SERVER_SSO_VERIFICATION_EXPIRED`)
    pub const SERVER_SSO_VERIFICATION_EXPIRED: Self = Self(-70017);

    /// Login verification failed. (`ERR_SERVER_SSO_VERIFICATION_FAILED`)
    pub const SERVER_SSO_VERIFICATION_FAILED: Self = Self(-70018);

    /// `sdkAppId` unknown to login service. (`ERR_SERVER_SSO_APPID_NOT_FOUND`)
    pub const SERVER_SSO_APPID_NOT_FOUND: Self = Self(-70020);

    /// Account is on a block list. (`ERR_SERVER_SSO_ACCOUNT_IN_BLACKLIST`)
    pub const SERVER_SSO_ACCOUNT_IN_BLACKLIST: Self = Self(-70051);

    /// Signature already invalidated. (`ERR_SERVER_SSO_SIG_INVALID`)
    pub const SERVER_SSO_SIG_INVALID: Self = Self(-70052);

    /// Request limited by security policy. (`ERR_SERVER_SSO_LIMITED_BY_SECURITY`)
    pub const SERVER_SSO_LIMITED_BY_SECURITY: Self = Self(-70114);

    /// Login state is invalid. (`ERR_SERVER_SSO_INVALID_LOGIN_STATUS`)
    pub const SERVER_SSO_INVALID_LOGIN_STATUS: Self = Self(-70221);

    /// `sdkAppId` is wrong. (`ERR_SERVER_SSO_APPID_ERROR`)
    pub const SERVER_SSO_APPID_ERROR: Self = Self(-70252);

    /// Ticket verification failed. (`ERR_SERVER_SSO_TICKET_VERIFICATION_FAILED`)
    pub const SERVER_SSO_TICKET_VERIFICATION_FAILED: Self = Self(-70346);

    /// Ticket expired because of age. (`ERR_SERVER_SSO_TICKET_EXPIRED`)
    pub const SERVER_SSO_TICKET_EXPIRED: Self = Self(-70347);

    /// Account count exceeds purchased quota. (`ERR_SERVER_SSO_ACCOUNT_EXCEED_PURCHASES`)
    pub const SERVER_SSO_ACCOUNT_EXCEED_PURCHASES: Self = Self(-70398);

    /// Login service internal error. (`ERR_SERVER_SSO_INTERNAL_ERROR`)
    pub const SERVER_SSO_INTERNAL_ERROR: Self = Self(-70500);

    /// Info server could not unpack packet. (`ERR_SERVER_INFO_UNPACKING_ERROR`)
    pub const SERVER_INFO_UNPACKING_ERROR: Self = Self(-100000);

    /// Info server token error. (`ERR_SERVER_INFO_TOKEN_ERROR`)
    pub const SERVER_INFO_TOKEN_ERROR: Self = Self(-100001);

    /// No access server could be allocated. (`ERR_SERVER_INFO_ALLOCATE_ACCESS_FAILED`)
    pub const SERVER_INFO_ALLOCATE_ACCESS_FAILED: Self = Self(-100002);

    /// Info server failed to create signature. (`ERR_SERVER_INFO_GENERATE_SIGN_FAILED`)
    pub const SERVER_INFO_GENERATE_SIGN_FAILED: Self = Self(-100003);

    /// Info server token timed out. (`ERR_SERVER_INFO_TOKEN_TIMEOUT`)
    pub const SERVER_INFO_TOKEN_TIMEOUT: Self = Self(-100004);

    /// Info server got unknown command. (`ERR_SERVER_INFO_INVALID_COMMAND`)
    pub const SERVER_INFO_INVALID_COMMAND: Self = Self(-100005);

    /// Info server failed to make key. (`ERR_SERVER_INFO_GENERATE_KEN_ERROR`)
    pub const SERVER_INFO_GENERATE_KEN_ERROR: Self = Self(-100007);

    /// Info server failed to make token. (`ERR_SERVER_INFO_GENERATE_TOKEN_ERROR`)
    pub const SERVER_INFO_GENERATE_TOKEN_ERROR: Self = Self(-100008);

    /// Info server database error. (`ERR_SERVER_INFO_DATABASE`)
    pub const SERVER_INFO_DATABASE: Self = Self(-100009);

    /// Room number is invalid. (`ERR_SERVER_INFO_BAD_ROOMID`)
    pub const SERVER_INFO_BAD_ROOMID: Self = Self(-100010);

    /// Scene or role value is invalid. (`ERR_SERVER_INFO_BAD_SCENE_OR_ROLE`)
    pub const SERVER_INFO_BAD_SCENE_OR_ROLE: Self = Self(-100011);

    /// Room number conversion failed. (`ERR_SERVER_INFO_ROOMID_EXCHANGE_FAILED`)
    pub const SERVER_INFO_ROOMID_EXCHANGE_FAILED: Self = Self(-100012);

    /// String room number has illegal characters. (`ERR_SERVER_INFO_STRGROUP_HAS_INVALID_CHARS`)
    pub const SERVER_INFO_STRGROUP_HAS_INVALID_CHARS: Self = Self(-100014);

    /// `sdkAppId` is missing in request. (`ERR_SERVER_INFO_LACK_SDKAPPID`)
    pub const SERVER_INFO_LACK_SDKAPPID: Self = Self(-100015);

    /// Request to info server invalid. (`ERR_SERVER_INFO_INVALID`)
    pub const SERVER_INFO_INVALID: Self = Self(-100016);

    /// ECDH key could not be obtained. (`ERR_SERVER_INFO_ECDH_GET_KEY`)
    pub const SERVER_INFO_ECDH_GET_KEY: Self = Self(-100017);

    /// Access server token timed out. (`ERR_SERVER_ACC_TOKEN_TIMEOUT`)
    pub const SERVER_ACC_TOKEN_TIMEOUT: Self = Self(-101000);

    /// Access server signature wrong. (`ERR_SERVER_ACC_SIGN_ERROR`)
    pub const SERVER_ACC_SIGN_ERROR: Self = Self(-101001);

    /// Access server signature timed out. (`ERR_SERVER_ACC_SIGN_TIMEOUT`)
    pub const SERVER_ACC_SIGN_TIMEOUT: Self = Self(-101002);

    /// Room does not exist on access server. (`ERR_SERVER_ACC_ROOM_NOT_EXIST`)
    pub const SERVER_ACC_ROOM_NOT_EXIST: Self = Self(-101003);

    /// Access server room number wrong. (`ERR_SERVER_ACC_ROOMID`)
    pub const SERVER_ACC_ROOMID: Self = Self(-101004);

    /// Access server location id wrong. (`ERR_SERVER_ACC_LOCATIONID`)
    pub const SERVER_ACC_LOCATIONID: Self = Self(-101005);

    /// Room centre system error. (`ERR_SERVER_CENTER_SYSTEM_ERROR`)
    pub const SERVER_CENTER_SYSTEM_ERROR: Self = Self(-102000);

    /// Room centre got invalid room number. (`ERR_SERVER_CENTER_INVALID_ROOMID`)
    pub const SERVER_CENTER_INVALID_ROOMID: Self = Self(-102001);

    /// Room could not be created. (`ERR_SERVER_CENTER_CREATE_ROOM_FAILED`)
    pub const SERVER_CENTER_CREATE_ROOM_FAILED: Self = Self(-102002);

    /// Room centre signature wrong. (`ERR_SERVER_CENTER_SIGN_ERROR`)
    pub const SERVER_CENTER_SIGN_ERROR: Self = Self(-102003);

    /// Room centre signature timed out. (`ERR_SERVER_CENTER_SIGN_TIMEOUT`)
    pub const SERVER_CENTER_SIGN_TIMEOUT: Self = Self(-102004);

    /// Room does not exist. (`ERR_SERVER_CENTER_ROOM_NOT_EXIST`)
    pub const SERVER_CENTER_ROOM_NOT_EXIST: Self = Self(-102005);

    /// User could not be added to room. (`ERR_SERVER_CENTER_ADD_USER_FAILED`)
    pub const SERVER_CENTER_ADD_USER_FAILED: Self = Self(-102006);

    /// User not found in room. (`ERR_SERVER_CENTER_FIND_USER_FAILED`)
    pub const SERVER_CENTER_FIND_USER_FAILED: Self = Self(-102007);

    /// Devices of one user switching too often. (`ERR_SERVER_CENTER_SWITCH_TERMINATION_FREQUENTLY`)
    pub const SERVER_CENTER_SWITCH_TERMINATION_FREQUENTLY: Self = Self(-102008);

    /// Location does not exist. (`ERR_SERVER_CENTER_LOCATION_NOT_EXIST`)
    pub const SERVER_CENTER_LOCATION_NOT_EXIST: Self = Self(-102009);

    /// No permission to create room. (`ERR_SERVER_CENTER_NO_PRIVILEDGE_CREATE_ROOM`)
    pub const SERVER_CENTER_NO_PRIVILEDGE_CREATE_ROOM: Self = Self(-102010);

    /// No permission to enter room. (`ERR_SERVER_CENTER_NO_PRIVILEDGE_ENTER_ROOM`)
    pub const SERVER_CENTER_NO_PRIVILEDGE_ENTER_ROOM: Self = Self(-102011);

    /// Auxiliary stream request parameter wrong. (`ERR_SERVER_CENTER_INVALID_PARAMETER_SUB_VIDEO`)
    pub const SERVER_CENTER_INVALID_PARAMETER_SUB_VIDEO: Self = Self(-102012);

    /// No permission to publish video. (`ERR_SERVER_CENTER_NO_PRIVILEDGE_PUSH_VIDEO`)
    pub const SERVER_CENTER_NO_PRIVILEDGE_PUSH_VIDEO: Self = Self(-102013);

    /// Room routing table error. (`ERR_SERVER_CENTER_ROUTE_TABLE_ERROR`)
    pub const SERVER_CENTER_ROUTE_TABLE_ERROR: Self = Self(-102014);

    /// Auxiliary stream is not being published. (`ERR_SERVER_CENTER_NOT_PUSH_SUB_VIDEO`)
    pub const SERVER_CENTER_NOT_PUSH_SUB_VIDEO: Self = Self(-102017);

    /// User has been removed from room. (`ERR_SERVER_CENTER_USER_WAS_DELETED`)
    pub const SERVER_CENTER_USER_WAS_DELETED: Self = Self(-102018);

    /// No permission to receive video. (`ERR_SERVER_CENTER_NO_PRIVILEDGE_REQUEST_VIDEO`)
    pub const SERVER_CENTER_NO_PRIVILEDGE_REQUEST_VIDEO: Self = Self(-102019);

    /// Room centre parameter wrong. (`ERR_SERVER_CENTER_INVALID_PARAMETER`)
    pub const SERVER_CENTER_INVALID_PARAMETER: Self = Self(-102023);

    /// Key-frame request of unknown type. (`ERR_SERVER_CENTER_I_FRAME_UNKNOW_TYPE`)
    pub const SERVER_CENTER_I_FRAME_UNKNOW_TYPE: Self = Self(-102024);

    /// Key-frame request packet malformed. (`ERR_SERVER_CENTER_I_FRAME_INVALID_PACKET`)
    pub const SERVER_CENTER_I_FRAME_INVALID_PACKET: Self = Self(-102025);

    /// Key-frame request target user missing. (`ERR_SERVER_CENTER_I_FRAME_DEST_USER_NOT_EXIST`)
    pub const SERVER_CENTER_I_FRAME_DEST_USER_NOT_EXIST: Self = Self(-102026);

    /// Key-frame request refused, room too big. (`ERR_SERVER_CENTER_I_FRAME_ROOM_TOO_BIG`)
    pub const SERVER_CENTER_I_FRAME_ROOM_TOO_BIG: Self = Self(-102027);

    /// Key-frame RPS request parameter wrong. (`ERR_SERVER_CENTER_I_FRAME_RPS_INVALID_PARAMETER`)
    pub const SERVER_CENTER_I_FRAME_RPS_INVALID_PARAMETER: Self = Self(-102028);

    /// Room number is illegal. (`ERR_SERVER_CENTER_INVALID_ROOM_ID`)
    pub const SERVER_CENTER_INVALID_ROOM_ID: Self = Self(-102029);

    /// Room number is too long. (`ERR_SERVER_CENTER_ROOM_ID_TOO_LONG`)
    pub const SERVER_CENTER_ROOM_ID_TOO_LONG: Self = Self(-102030);

    /// Cross-room connect not supported. (`ERR_SERVER_CENTER_CONN_ROOM_NOT_SUPPORT`)
    pub const SERVER_CENTER_CONN_ROOM_NOT_SUPPORT: Self = Self(-102031);

    /// Cross-room connect count limit reached. (`ERR_SERVER_CENTER_CONN_ROOM_REACH_MAX_NUM`)
    pub const SERVER_CENTER_CONN_ROOM_REACH_MAX_NUM: Self = Self(-102032);

    /// Cross-room connect retries used up. (`ERR_SERVER_CENTER_CONN_ROOM_REACH_MAX_RETRY_TIMES`)
    pub const SERVER_CENTER_CONN_ROOM_REACH_MAX_RETRY_TIMES: Self = Self(-102033);

    /// Cross-room connect timed out on server. (`ERR_SERVER_CENTER_CONN_ROOM_REQ_TIMEOUT`)
    pub const SERVER_CENTER_CONN_ROOM_REQ_TIMEOUT: Self = Self(-102034);

    /// Cross-room request format wrong. (`ERR_SERVER_CENTER_CONN_ROOM_REQ`)
    pub const SERVER_CENTER_CONN_ROOM_REQ: Self = Self(-102035);

    /// Cross-room request has no signature. (`ERR_SERVER_CENTER_CONN_ROOM_NO_SIG`)
    pub const SERVER_CENTER_CONN_ROOM_NO_SIG: Self = Self(-102036);

    /// Cross-room signature could not be decrypted. (`ERR_SERVER_CENTER_CONN_ROOM_DECRYPT_SIG`)
    pub const SERVER_CENTER_CONN_ROOM_DECRYPT_SIG: Self = Self(-102037);

    /// Cross-room decryption key not found. (`ERR_SERVER_CENTER_CONN_ROOM_NO_KEY`)
    pub const SERVER_CENTER_CONN_ROOM_NO_KEY: Self = Self(-102038);

    /// Cross-room signature could not be parsed. (`ERR_SERVER_CENTER_CONN_ROOM_PARSE_SIG`)
    pub const SERVER_CENTER_CONN_ROOM_PARSE_SIG: Self = Self(-102039);

    /// Cross-room signature timestamp wrong. (`ERR_SERVER_CENTER_CONN_ROOM_INVALID_SIG_TIME`)
    pub const SERVER_CENTER_CONN_ROOM_INVALID_SIG_TIME: Self = Self(-102040);

    /// Cross-room signature does not match room. (`ERR_SERVER_CENTER_CONN_ROOM_SIG_GROUPID`)
    pub const SERVER_CENTER_CONN_ROOM_SIG_GROUPID: Self = Self(-102041);

    /// This room has no cross-room link. (`ERR_SERVER_CENTER_CONN_ROOM_NOT_CONNED`)
    pub const SERVER_CENTER_CONN_ROOM_NOT_CONNED: Self = Self(-102042);

    /// This user started no cross-room link. (`ERR_SERVER_CENTER_CONN_ROOM_USER_NOT_CONNED`)
    pub const SERVER_CENTER_CONN_ROOM_USER_NOT_CONNED: Self = Self(-102043);

    /// Cross-room connect failed. (`ERR_SERVER_CENTER_CONN_ROOM_FAILED`)
    pub const SERVER_CENTER_CONN_ROOM_FAILED: Self = Self(-102044);

    /// Cross-room disconnect failed. (`ERR_SERVER_CENTER_CONN_ROOM_CANCEL_FAILED`)
    pub const SERVER_CENTER_CONN_ROOM_CANCEL_FAILED: Self = Self(-102045);

    /// Target room of link does not exist. (`ERR_SERVER_CENTER_CONN_ROOM_CONNED_ROOM_NOT_EXIST`)
    pub const SERVER_CENTER_CONN_ROOM_CONNED_ROOM_NOT_EXIST: Self = Self(-102046);

    /// Target room reached its link limit. (`ERR_SERVER_CENTER_CONN_ROOM_CONNED_REACH_MAX_ROOM`)
    pub const SERVER_CENTER_CONN_ROOM_CONNED_REACH_MAX_ROOM: Self = Self(-102047);

    /// Target user of link does not exist. (`ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_NOT_EXIST`)
    pub const SERVER_CENTER_CONN_ROOM_CONNED_USER_NOT_EXIST: Self = Self(-102048);

    /// Target user of link was removed. (`ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_DELETED`)
    pub const SERVER_CENTER_CONN_ROOM_CONNED_USER_DELETED: Self = Self(-102049);

    /// Target user reached its resource limit. (`ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_FULL`)
    pub const SERVER_CENTER_CONN_ROOM_CONNED_USER_FULL: Self = Self(-102050);

    /// Cross-room request sequence out of order. (`ERR_SERVER_CENTER_CONN_ROOM_INVALID_SEQ`)
    pub const SERVER_CENTER_CONN_ROOM_INVALID_SEQ: Self = Self(-102051);

    /// Room is full. (`ERR_SERVER_CENTER_ROOM_FULL`)
    pub const SERVER_CENTER_ROOM_FULL: Self = Self(-102052);

    /// Server could not decode JSON. (`ERR_SERVER_CENTER_DECODE_JSON_FAIL`)
    pub const SERVER_CENTER_DECODE_JSON_FAIL: Self = Self(-102053);

    /// Unknown sub-command. (`ERR_SERVER_CENTER_UNKNOWN_SUB_CMD`)
    pub const SERVER_CENTER_UNKNOWN_SUB_CMD: Self = Self(-102054);

    /// Role value is invalid. (`ERR_SERVER_CENTER_INVALID_ROLE`)
    pub const SERVER_CENTER_INVALID_ROLE: Self = Self(-102055);

    /// Server proxy limit reached. (`ERR_SERVER_CENTER_REACH_PROXY_MAX`)
    pub const SERVER_CENTER_REACH_PROXY_MAX: Self = Self(-102056);

    /// Recording id could not be stored. (`ERR_SERVER_CENTER_RECORDID_STORE`)
    pub const SERVER_CENTER_RECORDID_STORE: Self = Self(-102057);

    /// Server protobuf serialisation failed. (`ERR_SERVER_CENTER_PB_SERIALIZE`)
    pub const SERVER_CENTER_PB_SERIALIZE: Self = Self(-102058);

    /// The name of the API's constant, or nothing for a number it does not have.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "ERR_NULL",
            -1 => "ERR_FAILED",
            -2 => "ERR_INVALID_PARAMETER",
            -3 => "ERR_REFUSED",
            -4 => "ERR_NOT_SUPPORTED",
            -5 => "ERR_INVALID_LICENSE",
            -6 => "ERR_REQUEST_SERVER_TIMEOUT",
            -7 => "ERR_SERVER_PROCESS_FAILED",
            -8 => "ERR_DISCONNECTED",
            -1301 => "ERR_CAMERA_START_FAIL",
            -1314 => "ERR_CAMERA_NOT_AUTHORIZED",
            -1315 => "ERR_CAMERA_SET_PARAM_FAIL",
            -1316 => "ERR_CAMERA_OCCUPY",
            -1308 => "ERR_SCREEN_CAPTURE_START_FAIL",
            -1309 => "ERR_SCREEN_CAPTURE_UNSURPORT",
            -7001 => "ERR_SCREEN_CAPTURE_STOPPED",
            -102015 => "ERR_SCREEN_SHARE_NOT_AUTHORIZED",
            -102016 => "ERR_SCREEN_SHRAE_OCCUPIED_BY_OTHER",
            -1303 => "ERR_VIDEO_ENCODE_FAIL",
            -1305 => "ERR_UNSUPPORTED_RESOLUTION",
            -1327 => "ERR_PIXEL_FORMAT_UNSUPPORTED",
            -1328 => "ERR_BUFFER_TYPE_UNSUPPORTED",
            -2304 => "ERR_NO_AVAILABLE_HEVC_DECODERS",
            -1302 => "ERR_MIC_START_FAIL",
            -1317 => "ERR_MIC_NOT_AUTHORIZED",
            -1319 => "ERR_MIC_OCCUPY",
            -1320 => "ERR_MIC_STOP_FAIL",
            -1321 => "ERR_SPEAKER_START_FAIL",
            -1322 => "ERR_SPEAKER_SET_PARAM_FAIL",
            -1323 => "ERR_SPEAKER_STOP_FAIL",
            -1330 => "ERR_AUDIO_PLUGIN_START_FAIL",
            -1331 => "ERR_AUDIO_PLUGIN_INSTALL_NOT_AUTHORIZED",
            -1332 => "ERR_AUDIO_PLUGIN_INSTALL_FAILED",
            -1333 => "ERR_AUDIO_PLUGIN_INSTALLED_BUT_NEED_RESTART",
            -1304 => "ERR_AUDIO_ENCODE_FAIL",
            -1306 => "ERR_UNSUPPORTED_SAMPLERATE",
            -1307 => "ERR_SYSTEM_LOOPBACK_START_FAILED",
            -1324 => "ERR_SYSTEM_LOOPBACK_THIRD_PARTY_APP_EXIT",
            -3301 => "ERR_TRTC_ENTER_ROOM_FAILED",
            -3307 => "ERR_TRTC_REQUEST_IP_TIMEOUT",
            -3308 => "ERR_TRTC_CONNECT_SERVER_TIMEOUT",
            -3316 => "ERR_TRTC_ROOM_PARAM_NULL",
            -3317 => "ERR_TRTC_INVALID_SDK_APPID",
            -3318 => "ERR_TRTC_INVALID_ROOM_ID",
            -3319 => "ERR_TRTC_INVALID_USER_ID",
            -3320 => "ERR_TRTC_INVALID_USER_SIG",
            -3340 => "ERR_TRTC_ENTER_ROOM_REFUSED",
            -100006 => "ERR_TRTC_INVALID_PRIVATE_MAPKEY",
            -100013 => "ERR_TRTC_SERVICE_SUSPENDED",
            -100018 => "ERR_TRTC_USER_SIG_CHECK_FAILED",
            -3321 => "ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_TIMEOUT",
            -3322 => "ERR_TRTC_MIX_TRANSCODING_TIMEOUT",
            -3323 => "ERR_TRTC_PUSH_THIRD_PARTY_CLOUD_FAILED",
            -3324 => "ERR_TRTC_MIX_TRANSCODING_FAILED",
            -3333 => "ERR_TRTC_START_PUBLISHING_TIMEOUT",
            -3334 => "ERR_TRTC_START_PUBLISHING_FAILED",
            -3335 => "ERR_TRTC_STOP_PUBLISHING_TIMEOUT",
            -3336 => "ERR_TRTC_STOP_PUBLISHING_FAILED",
            -3326 => "ERR_TRTC_CONNECT_OTHER_ROOM_TIMEOUT",
            -3327 => "ERR_TRTC_DISCONNECT_OTHER_ROOM_TIMEOUT",
            -3328 => "ERR_TRTC_CONNECT_OTHER_ROOM_INVALID_PARAMETER",
            -3330 => "ERR_TRTC_CONNECT_OTHER_ROOM_AS_AUDIENCE",
            -4001 => "ERR_BGM_OPEN_FAILED",
            -4002 => "ERR_BGM_DECODE_FAILED",
            -4003 => "ERR_BGM_OVER_LIMIT",
            -4004 => "ERR_BGM_INVALID_OPERATION",
            -4005 => "ERR_BGM_INVALID_PATH",
            -4006 => "ERR_BGM_INVALID_URL",
            -4007 => "ERR_BGM_NO_AUDIO_STREAM",
            -4008 => "ERR_BGM_FORMAT_NOT_SUPPORTED",
            -4009 => "ERR_CONCURRENT_BGM_OVER_LIMIT",
            -1313 => "ERR_RTMP_PUSH_INVALID_ADDRESS",
            -1318 => "ERR_MIC_SET_PARAM_FAIL",
            -1325 => "ERR_RTMP_PUSH_NO_NETWORK",
            -1326 => "ERR_RTMP_PUSH_SERVER_REFUSE",
            -2301 => "ERR_PLAY_LIVE_STREAM_NET_DISCONNECT",
            -2302 => "ERR_GET_RTMP_ACC_URL_FAIL",
            -2303 => "ERR_FILE_NOT_FOUND",
            -2305 => "ERR_VOD_DECRYPT_FAIL",
            -2306 => "ERR_GET_VODFILE_MEDIAINFO_FAIL",
            -2307 => "ERR_PLAY_LIVE_STREAM_SWITCH_FAIL",
            -2308 => "ERR_PLAY_LIVE_STREAM_SERVER_REFUSE",
            -2309 => "ERR_RTMP_ACC_FETCH_STREAM_FAIL",
            -3302 => "ERR_ROOM_HEARTBEAT_FAIL",
            -3303 => "ERR_ROOM_REQUEST_IP_FAIL",
            -3304 => "ERR_ROOM_CONNECT_FAIL",
            -3305 => "ERR_ROOM_REQUEST_AVSEAT_FAIL",
            -3306 => "ERR_ROOM_REQUEST_TOKEN_HTTPS_TIMEOUT",
            -3309 => "ERR_ROOM_REQUEST_VIDEO_FLAG_TIMEOUT",
            -3310 => "ERR_ROOM_REQUEST_VIDEO_DATA_ROOM_TIMEOUT",
            -3311 => "ERR_ROOM_REQUEST_CHANGE_ABILITY_TIMEOUT",
            -3312 => "ERR_ROOM_REQUEST_STATUS_REPORT_TIMEOUT",
            -3313 => "ERR_ROOM_REQUEST_CLOSE_VIDEO_TIMEOUT",
            -3314 => "ERR_ROOM_REQUEST_SET_RECEIVE_TIMEOUT",
            -3315 => "ERR_ROOM_REQUEST_TOKEN_INVALID_PARAMETER",
            -3325 => "ERR_ROOM_REQUEST_QUIT_ROOM_TIMEOUT",
            -3329 => "ERR_ROOM_REQUEST_AES_TOKEN_RETURN_ERROR",
            -3331 => "ERR_ACCIP_LIST_EMPTY",
            -3332 => "ERR_ROOM_REQUEST_SEND_JSON_CMD_TIMEOUT",
            -70001 => "ERR_SERVER_SSO_SIG_EXPIRED",
            -70003 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_1",
            -70004 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_2",
            -70005 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_3",
            -70006 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_4",
            -70007 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_5",
            -70008 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_6",
            -70009 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_7",
            -70010 => "ERR_SERVER_SSO_SIG_VERIFICATION_FAILED_8",
            -70013 => "ERR_SERVER_SSO_SIG_VERIFICATION_ID_NOT_MATCH",
            -70014 => "ERR_SERVER_SSO_APPID_NOT_MATCH",
            -70017 => "ERR_SERVER_SSO_VERIFICATION_EXPIRED",
            -70018 => "ERR_SERVER_SSO_VERIFICATION_FAILED",
            -70020 => "ERR_SERVER_SSO_APPID_NOT_FOUND",
            -70051 => "ERR_SERVER_SSO_ACCOUNT_IN_BLACKLIST",
            -70052 => "ERR_SERVER_SSO_SIG_INVALID",
            -70114 => "ERR_SERVER_SSO_LIMITED_BY_SECURITY",
            -70221 => "ERR_SERVER_SSO_INVALID_LOGIN_STATUS",
            -70252 => "ERR_SERVER_SSO_APPID_ERROR",
            -70346 => "ERR_SERVER_SSO_TICKET_VERIFICATION_FAILED",
            -70347 => "ERR_SERVER_SSO_TICKET_EXPIRED",
            -70398 => "ERR_SERVER_SSO_ACCOUNT_EXCEED_PURCHASES",
            -70500 => "ERR_SERVER_SSO_INTERNAL_ERROR",
            -100000 => "ERR_SERVER_INFO_UNPACKING_ERROR",
            -100001 => "ERR_SERVER_INFO_TOKEN_ERROR",
            -100002 => "ERR_SERVER_INFO_ALLOCATE_ACCESS_FAILED",
            -100003 => "ERR_SERVER_INFO_GENERATE_SIGN_FAILED",
            -100004 => "ERR_SERVER_INFO_TOKEN_TIMEOUT",
            -100005 => "ERR_SERVER_INFO_INVALID_COMMAND",
            -100007 => "ERR_SERVER_INFO_GENERATE_KEN_ERROR",
            -100008 => "ERR_SERVER_INFO_GENERATE_TOKEN_ERROR",
            -100009 => "ERR_SERVER_INFO_DATABASE",
            -100010 => "ERR_SERVER_INFO_BAD_ROOMID",
            -100011 => "ERR_SERVER_INFO_BAD_SCENE_OR_ROLE",
            -100012 => "ERR_SERVER_INFO_ROOMID_EXCHANGE_FAILED",
            -100014 => "ERR_SERVER_INFO_STRGROUP_HAS_INVALID_CHARS",
            -100015 => "ERR_SERVER_INFO_LACK_SDKAPPID",
            -100016 => "ERR_SERVER_INFO_INVALID",
            -100017 => "ERR_SERVER_INFO_ECDH_GET_KEY",
            -101000 => "ERR_SERVER_ACC_TOKEN_TIMEOUT",
            -101001 => "ERR_SERVER_ACC_SIGN_ERROR",
            -101002 => "ERR_SERVER_ACC_SIGN_TIMEOUT",
            -101003 => "ERR_SERVER_ACC_ROOM_NOT_EXIST",
            -101004 => "ERR_SERVER_ACC_ROOMID",
            -101005 => "ERR_SERVER_ACC_LOCATIONID",
            -102000 => "ERR_SERVER_CENTER_SYSTEM_ERROR",
            -102001 => "ERR_SERVER_CENTER_INVALID_ROOMID",
            -102002 => "ERR_SERVER_CENTER_CREATE_ROOM_FAILED",
            -102003 => "ERR_SERVER_CENTER_SIGN_ERROR",
            -102004 => "ERR_SERVER_CENTER_SIGN_TIMEOUT",
            -102005 => "ERR_SERVER_CENTER_ROOM_NOT_EXIST",
            -102006 => "ERR_SERVER_CENTER_ADD_USER_FAILED",
            -102007 => "ERR_SERVER_CENTER_FIND_USER_FAILED",
            -102008 => "ERR_SERVER_CENTER_SWITCH_TERMINATION_FREQUENTLY",
            -102009 => "ERR_SERVER_CENTER_LOCATION_NOT_EXIST",
            -102010 => "ERR_SERVER_CENTER_NO_PRIVILEDGE_CREATE_ROOM",
            -102011 => "ERR_SERVER_CENTER_NO_PRIVILEDGE_ENTER_ROOM",
            -102012 => "ERR_SERVER_CENTER_INVALID_PARAMETER_SUB_VIDEO",
            -102013 => "ERR_SERVER_CENTER_NO_PRIVILEDGE_PUSH_VIDEO",
            -102014 => "ERR_SERVER_CENTER_ROUTE_TABLE_ERROR",
            -102017 => "ERR_SERVER_CENTER_NOT_PUSH_SUB_VIDEO",
            -102018 => "ERR_SERVER_CENTER_USER_WAS_DELETED",
            -102019 => "ERR_SERVER_CENTER_NO_PRIVILEDGE_REQUEST_VIDEO",
            -102023 => "ERR_SERVER_CENTER_INVALID_PARAMETER",
            -102024 => "ERR_SERVER_CENTER_I_FRAME_UNKNOW_TYPE",
            -102025 => "ERR_SERVER_CENTER_I_FRAME_INVALID_PACKET",
            -102026 => "ERR_SERVER_CENTER_I_FRAME_DEST_USER_NOT_EXIST",
            -102027 => "ERR_SERVER_CENTER_I_FRAME_ROOM_TOO_BIG",
            -102028 => "ERR_SERVER_CENTER_I_FRAME_RPS_INVALID_PARAMETER",
            -102029 => "ERR_SERVER_CENTER_INVALID_ROOM_ID",
            -102030 => "ERR_SERVER_CENTER_ROOM_ID_TOO_LONG",
            -102031 => "ERR_SERVER_CENTER_CONN_ROOM_NOT_SUPPORT",
            -102032 => "ERR_SERVER_CENTER_CONN_ROOM_REACH_MAX_NUM",
            -102033 => "ERR_SERVER_CENTER_CONN_ROOM_REACH_MAX_RETRY_TIMES",
            -102034 => "ERR_SERVER_CENTER_CONN_ROOM_REQ_TIMEOUT",
            -102035 => "ERR_SERVER_CENTER_CONN_ROOM_REQ",
            -102036 => "ERR_SERVER_CENTER_CONN_ROOM_NO_SIG",
            -102037 => "ERR_SERVER_CENTER_CONN_ROOM_DECRYPT_SIG",
            -102038 => "ERR_SERVER_CENTER_CONN_ROOM_NO_KEY",
            -102039 => "ERR_SERVER_CENTER_CONN_ROOM_PARSE_SIG",
            -102040 => "ERR_SERVER_CENTER_CONN_ROOM_INVALID_SIG_TIME",
            -102041 => "ERR_SERVER_CENTER_CONN_ROOM_SIG_GROUPID",
            -102042 => "ERR_SERVER_CENTER_CONN_ROOM_NOT_CONNED",
            -102043 => "ERR_SERVER_CENTER_CONN_ROOM_USER_NOT_CONNED",
            -102044 => "ERR_SERVER_CENTER_CONN_ROOM_FAILED",
            -102045 => "ERR_SERVER_CENTER_CONN_ROOM_CANCEL_FAILED",
            -102046 => "ERR_SERVER_CENTER_CONN_ROOM_CONNED_ROOM_NOT_EXIST",
            -102047 => "ERR_SERVER_CENTER_CONN_ROOM_CONNED_REACH_MAX_ROOM",
            -102048 => "ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_NOT_EXIST",
            -102049 => "ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_DELETED",
            -102050 => "ERR_SERVER_CENTER_CONN_ROOM_CONNED_USER_FULL",
            -102051 => "ERR_SERVER_CENTER_CONN_ROOM_INVALID_SEQ",
            -102052 => "ERR_SERVER_CENTER_ROOM_FULL",
            -102053 => "ERR_SERVER_CENTER_DECODE_JSON_FAIL",
            -102054 => "ERR_SERVER_CENTER_UNKNOWN_SUB_CMD",
            -102055 => "ERR_SERVER_CENTER_INVALID_ROLE",
            -102056 => "ERR_SERVER_CENTER_REACH_PROXY_MAX",
            -102057 => "ERR_SERVER_CENTER_RECORDID_STORE",
            -102058 => "ERR_SERVER_CENTER_PB_SERIALIZE",
            _ => return None,
        })
    }
}

impl From<ErrorCode> for i32 {
    fn from(code: ErrorCode) -> Self {
        code.0
    }
}

impl From<i32> for ErrorCode {
    fn from(code: i32) -> Self {
        Self(code)
    }
}

/// A warning: `TXLiteAVWarning` in C++. The engine goes on, perhaps with less than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WarningCode(pub i32);

impl WarningCode {
    /// Hardware encoder unavailable, software used. (`WARNING_HW_ENCODER_START_FAIL`)
    pub const HW_ENCODER_START_FAIL: Self = Self(1103);

    /// Active video encoder changed. (`WARNING_CURRENT_ENCODE_TYPE_CHANGED`)
    pub const CURRENT_ENCODE_TYPE_CHANGED: Self = Self(1104);

    /// CPU high, switched to hardware encoder. (`WARNING_VIDEO_ENCODER_SW_TO_HW`)
    pub const VIDEO_ENCODER_SW_TO_HW: Self = Self(1107);

    /// Camera delivers too few frames. (`WARNING_INSUFFICIENT_CAPTURE_FPS`)
    pub const INSUFFICIENT_CAPTURE_FPS: Self = Self(1108);

    /// Software encoder failed to start. (`WARNING_SW_ENCODER_START_FAIL`)
    pub const SW_ENCODER_START_FAIL: Self = Self(1109);

    /// Capture resolution lowered for performance. (`WARNING_REDUCE_CAPTURE_RESOLUTION`)
    pub const REDUCE_CAPTURE_RESOLUTION: Self = Self(1110);

    /// No camera present. (`WARNING_CAMERA_DEVICE_EMPTY`)
    pub const CAMERA_DEVICE_EMPTY: Self = Self(1111);

    /// Camera permission missing. (`WARNING_CAMERA_NOT_AUTHORIZED`)
    pub const CAMERA_NOT_AUTHORIZED: Self = Self(1112);

    /// Memory low, features may fail. (`WARNING_OUT_OF_MEMORY`)
    pub const OUT_OF_MEMORY: Self = Self(1113);

    /// Camera in use elsewhere. (`WARNING_CAMERA_IS_OCCUPIED`)
    pub const CAMERA_IS_OCCUPIED: Self = Self(1114);

    /// Camera device fault. (`WARNING_CAMERA_DEVICE_ERROR`)
    pub const CAMERA_DEVICE_ERROR: Self = Self(1115);

    /// Camera connection lost. (`WARNING_CAMERA_DISCONNECTED`)
    pub const CAMERA_DISCONNECTED: Self = Self(1116);

    /// Camera failed to start. (`WARNING_CAMERA_START_FAILED`)
    pub const CAMERA_START_FAILED: Self = Self(1117);

    /// Camera service of system died. (`WARNING_CAMERA_SERVER_DIED`)
    pub const CAMERA_SERVER_DIED: Self = Self(1118);

    /// Screen recording permission missing. (`WARNING_SCREEN_CAPTURE_NOT_AUTHORIZED`)
    pub const SCREEN_CAPTURE_NOT_AUTHORIZED: Self = Self(1206);

    /// Active video decoder changed. (`WARNING_CURRENT_DECODE_TYPE_CHANGED`)
    pub const CURRENT_DECODE_TYPE_CHANGED: Self = Self(2008);

    /// Video frame could not be decoded. (`WARNING_VIDEO_FRAME_DECODE_FAIL`)
    pub const VIDEO_FRAME_DECODE_FAIL: Self = Self(2101);

    /// Hardware decoder unavailable, software used. (`WARNING_HW_DECODER_START_FAIL`)
    pub const HW_DECODER_START_FAIL: Self = Self(2106);

    /// Hardware decoding failed, switched to software. (`WARNING_VIDEO_DECODER_HW_TO_SW`)
    pub const VIDEO_DECODER_HW_TO_SW: Self = Self(2108);

    /// Software decoder failed to start. (`WARNING_SW_DECODER_START_FAIL`)
    pub const SW_DECODER_START_FAIL: Self = Self(2109);

    /// Video rendering failed. (`WARNING_VIDEO_RENDER_FAIL`)
    pub const VIDEO_RENDER_FAIL: Self = Self(2110);

    /// Device cannot do virtual background. (`WARNING_VIRTUAL_BACKGROUND_DEVICE_UNSURPORTED`)
    pub const VIRTUAL_BACKGROUND_DEVICE_UNSURPORTED: Self = Self(8001);

    /// Virtual background not licensed. (`WARNING_VIRTUAL_BACKGROUND_NOT_AUTHORIZED`)
    pub const VIRTUAL_BACKGROUND_NOT_AUTHORIZED: Self = Self(8002);

    /// Virtual background parameter wrong. (`WARNING_VIRTUAL_BACKGROUND_INVALID_PARAMETER`)
    pub const VIRTUAL_BACKGROUND_INVALID_PARAMETER: Self = Self(8003);

    /// Device too slow for virtual background. (`WARNING_VIRTUAL_BACKGROUND_PERFORMANCE_INSUFFICIENT`)
    pub const VIRTUAL_BACKGROUND_PERFORMANCE_INSUFFICIENT: Self = Self(8004);

    /// No microphone present. (`WARNING_MICROPHONE_DEVICE_EMPTY`)
    pub const MICROPHONE_DEVICE_EMPTY: Self = Self(1201);

    /// No speaker present. (`WARNING_SPEAKER_DEVICE_EMPTY`)
    pub const SPEAKER_DEVICE_EMPTY: Self = Self(1202);

    /// Microphone permission missing. (`WARNING_MICROPHONE_NOT_AUTHORIZED`)
    pub const MICROPHONE_NOT_AUTHORIZED: Self = Self(1203);

    /// Microphone unusable. (`WARNING_MICROPHONE_DEVICE_ABNORMAL`)
    pub const MICROPHONE_DEVICE_ABNORMAL: Self = Self(1204);

    /// Speaker unusable. (`WARNING_SPEAKER_DEVICE_ABNORMAL`)
    pub const SPEAKER_DEVICE_ABNORMAL: Self = Self(1205);

    /// Bluetooth audio connection failed. (`WARNING_BLUETOOTH_DEVICE_CONNECT_FAIL`)
    pub const BLUETOOTH_DEVICE_CONNECT_FAIL: Self = Self(1207);

    /// Microphone in use elsewhere. (`WARNING_MICROPHONE_IS_OCCUPIED`)
    pub const MICROPHONE_IS_OCCUPIED: Self = Self(1208);

    /// Audio frame could not be decoded. (`WARNING_AUDIO_FRAME_DECODE_FAIL`)
    pub const AUDIO_FRAME_DECODE_FAIL: Self = Self(2102);

    /// Audio recording file write failed. (`WARNING_AUDIO_RECORDING_WRITE_FAIL`)
    pub const AUDIO_RECORDING_WRITE_FAIL: Self = Self(7001);

    /// Howling detected in capture. (`WARNING_MICROPHONE_HOWLING_DETECTED`)
    pub const MICROPHONE_HOWLING_DETECTED: Self = Self(7002);

    /// Audience tried to publish, ignored. (`WARNING_IGNORE_UPSTREAM_FOR_AUDIENCE`)
    pub const IGNORE_UPSTREAM_FOR_AUDIENCE: Self = Self(6001);

    /// Published audio and video out of sync. (`WARNING_UPSTREAM_AUDIO_AND_VIDEO_OUT_OF_SYNC`)
    pub const UPSTREAM_AUDIO_AND_VIDEO_OUT_OF_SYNC: Self = Self(6006);

    /// Server state abnormal, reconnecting. (`WARNING_RECONNECT_ON_SERVER_STATUS_ABNORMAL`)
    pub const RECONNECT_ON_SERVER_STATUS_ABNORMAL: Self = Self(6007);

    /// Uplink congested, sending falls behind. (`WARNING_NET_BUSY`)
    pub const NET_BUSY: Self = Self(1101);

    /// Live push reconnecting automatically. (`WARNING_RTMP_SERVER_RECONNECT`)
    pub const RTMP_SERVER_RECONNECT: Self = Self(1102);

    /// Live player reconnecting automatically. (`WARNING_LIVE_STREAM_SERVER_RECONNECT`)
    pub const LIVE_STREAM_SERVER_RECONNECT: Self = Self(2103);

    /// Incoming data irregular, may stall. (`WARNING_RECV_DATA_LAG`)
    pub const RECV_DATA_LAG: Self = Self(2104);

    /// Video playback is stalling. (`WARNING_VIDEO_PLAY_LAG`)
    pub const VIDEO_PLAY_LAG: Self = Self(2105);

    /// Graphics driver version too old. (`WARNING_VIDEO_DRIVER_VERSION_TOO_LOW`)
    pub const VIDEO_DRIVER_VERSION_TOO_LOW: Self = Self(2111);

    /// Live push DNS lookup failed. (`WARNING_RTMP_DNS_FAIL`)
    pub const RTMP_DNS_FAIL: Self = Self(3001);

    /// Live push server connection failed. (`WARNING_RTMP_SEVER_CONN_FAIL`)
    pub const RTMP_SEVER_CONN_FAIL: Self = Self(3002);

    /// Live push handshake failed. (`WARNING_RTMP_SHAKE_FAIL`)
    pub const RTMP_SHAKE_FAIL: Self = Self(3003);

    /// Live push server closed connection. (`WARNING_RTMP_SERVER_BREAK_CONNECT`)
    pub const RTMP_SERVER_BREAK_CONNECT: Self = Self(3004);

    /// Live push read or write failed. (`WARNING_RTMP_READ_WRITE_FAIL`)
    pub const RTMP_READ_WRITE_FAIL: Self = Self(3005);

    /// Live push write failed. (`WARNING_RTMP_WRITE_FAIL`)
    pub const RTMP_WRITE_FAIL: Self = Self(3006);

    /// Live push read failed. (`WARNING_RTMP_READ_FAIL`)
    pub const RTMP_READ_FAIL: Self = Self(3007);

    /// Live push sent nothing too long. (`WARNING_RTMP_NO_DATA`)
    pub const RTMP_NO_DATA: Self = Self(3008);

    /// Live stream information connection failed. (`WARNING_PLAY_LIVE_STREAM_INFO_CONNECT_FAIL`)
    pub const PLAY_LIVE_STREAM_INFO_CONNECT_FAIL: Self = Self(3009);

    /// Live stream has no source. (`WARNING_NO_STEAM_SOURCE_FAIL`)
    pub const NO_STEAM_SOURCE_FAIL: Self = Self(3010);

    /// Room connection lost. (`WARNING_ROOM_DISCONNECT`)
    pub const ROOM_DISCONNECT: Self = Self(5101);

    /// Room reconnecting. (`WARNING_ROOM_RECONNECT`)
    pub const ROOM_RECONNECT: Self = Self(5102);

    /// Room uplink congested. (`WARNING_ROOM_NET_BUSY`)
    pub const ROOM_NET_BUSY: Self = Self(5103);

    /// Face distance reported (Android). (`WARNING_FACE_DISTANCE_CALLBACK`)
    pub const FACE_DISTANCE_CALLBACK: Self = Self(8100);

    /// The name of the API's constant, or nothing for a number it does not have.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1103 => "WARNING_HW_ENCODER_START_FAIL",
            1104 => "WARNING_CURRENT_ENCODE_TYPE_CHANGED",
            1107 => "WARNING_VIDEO_ENCODER_SW_TO_HW",
            1108 => "WARNING_INSUFFICIENT_CAPTURE_FPS",
            1109 => "WARNING_SW_ENCODER_START_FAIL",
            1110 => "WARNING_REDUCE_CAPTURE_RESOLUTION",
            1111 => "WARNING_CAMERA_DEVICE_EMPTY",
            1112 => "WARNING_CAMERA_NOT_AUTHORIZED",
            1113 => "WARNING_OUT_OF_MEMORY",
            1114 => "WARNING_CAMERA_IS_OCCUPIED",
            1115 => "WARNING_CAMERA_DEVICE_ERROR",
            1116 => "WARNING_CAMERA_DISCONNECTED",
            1117 => "WARNING_CAMERA_START_FAILED",
            1118 => "WARNING_CAMERA_SERVER_DIED",
            1206 => "WARNING_SCREEN_CAPTURE_NOT_AUTHORIZED",
            2008 => "WARNING_CURRENT_DECODE_TYPE_CHANGED",
            2101 => "WARNING_VIDEO_FRAME_DECODE_FAIL",
            2106 => "WARNING_HW_DECODER_START_FAIL",
            2108 => "WARNING_VIDEO_DECODER_HW_TO_SW",
            2109 => "WARNING_SW_DECODER_START_FAIL",
            2110 => "WARNING_VIDEO_RENDER_FAIL",
            8001 => "WARNING_VIRTUAL_BACKGROUND_DEVICE_UNSURPORTED",
            8002 => "WARNING_VIRTUAL_BACKGROUND_NOT_AUTHORIZED",
            8003 => "WARNING_VIRTUAL_BACKGROUND_INVALID_PARAMETER",
            8004 => "WARNING_VIRTUAL_BACKGROUND_PERFORMANCE_INSUFFICIENT",
            1201 => "WARNING_MICROPHONE_DEVICE_EMPTY",
            1202 => "WARNING_SPEAKER_DEVICE_EMPTY",
            1203 => "WARNING_MICROPHONE_NOT_AUTHORIZED",
            1204 => "WARNING_MICROPHONE_DEVICE_ABNORMAL",
            1205 => "WARNING_SPEAKER_DEVICE_ABNORMAL",
            1207 => "WARNING_BLUETOOTH_DEVICE_CONNECT_FAIL",
            1208 => "WARNING_MICROPHONE_IS_OCCUPIED",
            2102 => "WARNING_AUDIO_FRAME_DECODE_FAIL",
            7001 => "WARNING_AUDIO_RECORDING_WRITE_FAIL",
            7002 => "WARNING_MICROPHONE_HOWLING_DETECTED",
            6001 => "WARNING_IGNORE_UPSTREAM_FOR_AUDIENCE",
            6006 => "WARNING_UPSTREAM_AUDIO_AND_VIDEO_OUT_OF_SYNC",
            6007 => "WARNING_RECONNECT_ON_SERVER_STATUS_ABNORMAL",
            1101 => "WARNING_NET_BUSY",
            1102 => "WARNING_RTMP_SERVER_RECONNECT",
            2103 => "WARNING_LIVE_STREAM_SERVER_RECONNECT",
            2104 => "WARNING_RECV_DATA_LAG",
            2105 => "WARNING_VIDEO_PLAY_LAG",
            2111 => "WARNING_VIDEO_DRIVER_VERSION_TOO_LOW",
            3001 => "WARNING_RTMP_DNS_FAIL",
            3002 => "WARNING_RTMP_SEVER_CONN_FAIL",
            3003 => "WARNING_RTMP_SHAKE_FAIL",
            3004 => "WARNING_RTMP_SERVER_BREAK_CONNECT",
            3005 => "WARNING_RTMP_READ_WRITE_FAIL",
            3006 => "WARNING_RTMP_WRITE_FAIL",
            3007 => "WARNING_RTMP_READ_FAIL",
            3008 => "WARNING_RTMP_NO_DATA",
            3009 => "WARNING_PLAY_LIVE_STREAM_INFO_CONNECT_FAIL",
            3010 => "WARNING_NO_STEAM_SOURCE_FAIL",
            5101 => "WARNING_ROOM_DISCONNECT",
            5102 => "WARNING_ROOM_RECONNECT",
            5103 => "WARNING_ROOM_NET_BUSY",
            8100 => "WARNING_FACE_DISTANCE_CALLBACK",
            _ => return None,
        })
    }
}

impl From<WarningCode> for i32 {
    fn from(code: WarningCode) -> Self {
        code.0
    }
}

impl From<i32> for WarningCode {
    fn from(code: i32) -> Self {
        Self(code)
    }
}
