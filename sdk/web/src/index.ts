// What an application imports: the class, and the types of its options and events. The class is the only value, in every format of
// the bundle; what is an enumeration or a class inside is therefore a mere type out here.

import type * as constants from './api/constants.js';
import type { RtcError as RtcErrorClass } from './api/error.js';

export { TRTC as default } from './trtc.js';
export type * from './api/config.js';
export type * from './api/events.js';
export type { RTCErrorInterface, RTCErrorParams } from './api/error.js';
export type { AudioProfileName, ScreenProfileName, VideoProfileName } from './local/profiles.js';
export type {
  BannedReason,
  ConnectionState,
  PlayerState,
  Scene,
  TRTCDeviceAction,
  TRTCDeviceType,
  TRTCStreamType,
  TRTCVideoType,
  UserRole,
} from './api/constants.js';

export type RtcError = RtcErrorClass;
export type LOG_LEVEL = constants.LOG_LEVEL;
export type NetworkQualityValue = constants.NetworkQualityValue;
export type PEER_LEAVE_REASON = constants.PEER_LEAVE_REASON;
