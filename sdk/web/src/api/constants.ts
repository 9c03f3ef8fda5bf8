// The constants an application compares with and passes in. Values only: no behaviour, no option shapes.

/** `TRTC.TYPE`: values of options. */
export const TYPE = {
  SCENE_LIVE: 'live',
  SCENE_RTC: 'rtc',
  ROLE_ANCHOR: 'anchor',
  ROLE_AUDIENCE: 'audience',
  STREAM_TYPE_MAIN: 'main',
  STREAM_TYPE_SUB: 'sub',
  AUDIO_PROFILE_STANDARD: 'standard',
  AUDIO_PROFILE_STANDARD_STEREO: 'standard-stereo',
  AUDIO_PROFILE_HIGH: 'high',
  AUDIO_PROFILE_HIGH_STEREO: 'high-stereo',
  QOS_PREFERENCE_SMOOTH: 'smooth',
  QOS_PREFERENCE_CLEAR: 'clear',
  SPEAKER: 'Speakerphone',
  HEADSET: 'Headset earpiece',
} as const;

/** `TRTC.EVENT`: the names to pass to `on` and `off`. */
export const EVENT = {
  ERROR: 'error',
  AUTOPLAY_FAILED: 'autoplay-failed',
  KICKED_OUT: 'kicked-out',
  REMOTE_USER_ENTER: 'remote-user-enter',
  REMOTE_USER_EXIT: 'remote-user-exit',
  REMOTE_AUDIO_AVAILABLE: 'remote-audio-available',
  REMOTE_AUDIO_UNAVAILABLE: 'remote-audio-unavailable',
  REMOTE_VIDEO_AVAILABLE: 'remote-video-available',
  REMOTE_VIDEO_UNAVAILABLE: 'remote-video-unavailable',
  AUDIO_VOLUME: 'audio-volume',
  AUDIO_FRAME: 'audio-frame',
  NETWORK_QUALITY: 'network-quality',
  CONNECTION_STATE_CHANGED: 'connection-state-changed',
  AUDIO_PLAY_STATE_CHANGED: 'audio-play-state-changed',
  VIDEO_PLAY_STATE_CHANGED: 'video-play-state-changed',
  SCREEN_SHARE_STOPPED: 'screen-share-stopped',
  DEVICE_CHANGED: 'device-changed',
  PUBLISH_STATE_CHANGED: 'publish-state-changed',
  TRACK: 'track',
  STATISTICS: 'statistics',
  SEI_MESSAGE: 'sei-message',
  CUSTOM_MESSAGE: 'custom-message',
  FIRST_VIDEO_FRAME: 'first-video-frame',
  PERMISSION_STATE_CHANGE: 'permission-state-change',
  VIDEO_SIZE_CHANGED: 'video-size-changed',
  REALTIME_TRANSCRIBER_MESSAGE: 'realtime-transcriber-message',
  REALTIME_TRANSCRIBER_STATE_CHANGED: 'realtime-transcriber-state-changed',
  PICTURE_IN_PICTURE_STATE_CHANGED: 'picture-in-picture-state-changed',
  FULL_SCREEN_STATE_CHANGED: 'full-screen-state-changed',
} as const;

/** `TRTC.ERROR_CODE`: the families of errors, the `code` of an `RtcError`. */
export const ERROR_CODE = {
  INVALID_PARAMETER: 5000,
  INVALID_OPERATION: 5100,
  ENV_NOT_SUPPORTED: 5200,
  DEVICE_ERROR: 5300,
  SERVER_ERROR: 5400,
  OPERATION_FAILED: 5500,
  OPERATION_ABORT: 5998,
  UNKNOWN_ERROR: 5999,
} as const;

/** The causes within a family that this SDK gives, the `extraCode` of an `RtcError`. Those of SERVER_ERROR come from the engine. */
export const EXTRA_CODE = {
  MISSING: 5001,
  WRONG_TYPE: 5002,
  EMPTY: 5003,
  WRONG_INSTANCE: 5004,
  NOT_IN_SET: 5005,
  NEGATIVE: 5006,
  BELOW_MINIMUM: 5007,
  ABOVE_MAXIMUM: 5008,
  ELEMENT_ID_UNKNOWN: 5009,
  NOT_AN_ELEMENT: 5010,
  ROOM_ID_RANGE: 5012,
  STR_ROOM_ID_INVALID: 5013,
  STREAM_TYPE_NEEDED: 5014,
  ROOM_ID_MISSING: 5015,
  ROOM_ID_IS_STRING: 5016,
  BUFFER_EMPTY: 5017,
  BUFFER_TOO_BIG: 5018,
  NOT_IN_ROOM: 5101,
  REMOTE_USER_ABSENT: 5102,
  REMOTE_STREAM_ABSENT: 5103,
  REPEATED_CALL: 5104,
  CAMERA_NOT_STARTED: 5105,
  MICROPHONE_NOT_STARTED: 5106,
  AUDIENCE: 5107,
  SEI_OFF: 5108,
  NO_VIDEO_FOR_SEI: 5109,
  NOT_HTTPS: 5201,
  NO_WEBRTC: 5202,
  NO_SCREEN_CAPTURE: 5205,
  NO_SEI: 5207,
  NO_PLUGIN: 5210,
  DEVICE_NOT_FOUND: 5301,
  DEVICE_NOT_ALLOWED: 5302,
  DEVICE_NOT_READABLE: 5303,
  DEVICE_OVERCONSTRAINED: 5304,
  DEVICE_INVALID_STATE: 5305,
  DEVICE_SECURITY: 5306,
  DEVICE_ABORT: 5307,
  CAMERA_RECOVERY: 5308,
  MICROPHONE_RECOVERY: 5309,
  REJOIN: 5502,
  REJOIN_TIMEOUT: 5503,
} as const;

/** Levels of `TRTC.setLogLevel`. */
export enum LOG_LEVEL {
  TRACE = 0,
  DEBUG = 1,
  INFO = 2,
  WARN = 3,
  ERROR = 4,
  NONE = 5,
}

/** Grades of NETWORK_QUALITY. */
export enum NetworkQualityValue {
  UNKNOWN = 0,
  EXCELLENT = 1,
  GOOD = 2,
  POOR = 3,
  BAD = 4,
  VERY_BAD = 5,
  DISCONNECTED = 6,
}

/** Why a remote user left, in REMOTE_USER_EXIT. */
export enum PEER_LEAVE_REASON {
  NORMAL_LEAVE = 0,
  TIMEOUT_LEAVE = 1,
  KICK = 2,
  ROLE_CHANGE = 3,
}

/** How a stream is called in options and payloads. */
export type TRTCStreamType = 'main' | 'sub';
/** Who may speak in a live scene. */
export type UserRole = 'anchor' | 'audience';
/** The scene: `rtc` is a call, `live` has an audience. */
export type Scene = 'rtc' | 'live';
/** State of the connection to the engine. */
export type ConnectionState = 'CONNECTED' | 'DISCONNECTED' | 'CONNECTING' | 'RECONNECTED' | 'RECONNECTING';
/** State of a player. */
export type PlayerState = 'PAUSED' | 'PLAYING' | 'STOPPED';
/** Why a user was put out. */
export type BannedReason = 'banned' | 'kick' | 'user_time_out' | 'room_disband';
/** Kinds of devices. */
export type TRTCDeviceType = 'camera' | 'microphone' | 'speaker';
/** What happened to a device. */
export type TRTCDeviceAction = 'remove' | 'add' | 'active';
/** Kinds of video in statistics. */
export type TRTCVideoType = 'big' | 'small' | 'sub';
