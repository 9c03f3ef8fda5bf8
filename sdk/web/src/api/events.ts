// What the handler of each event is given. Types only.

import type {
  BannedReason,
  ConnectionState,
  EVENT,
  PEER_LEAVE_REASON,
  PlayerState,
  TRTCDeviceAction,
  TRTCDeviceType,
  TRTCStreamType,
} from './constants.js';
import type { CustomMessage, NetworkQuality, TRTCStatistics } from './config.js';
import type { RtcError } from './error.js';

export interface PictureInPictureStateChangedEvent {
  userId: string;
  streamType: TRTCStreamType;
  isPictureInPicture: boolean;
  pictureInPictureWindow?: PictureInPictureWindow;
}

export interface FullScreenStateChangedEvent {
  userId: string;
  streamType: TRTCStreamType;
  isFullScreen: boolean;
}

export interface TranslationText {
  language: string;
  text: string;
}

export interface RealtimeTranscriberMessageEvent {
  segmentId: string;
  speakerUserId: string;
  sourceText: string;
  translationTexts: TranslationText[];
  timestamp: number;
  isCompleted: boolean;
  robotId: string;
}

export interface RealtimeTranscriberStateEvent {
  state: 'started' | 'stopped';
  roomId: string | number;
  transcriberRobotId: string;
  sourceLanguage?: string;
  error?: number;
  errorMessage?: string;
}

/** The media of a publishing event. */
export type PublishedMedia = 'audio' | 'video' | 'screen';

type PublishState = 'started' | 'stopped' | 'starting';

/** From an event's name to the arguments of its handlers. */
export interface TRTCEventTypes {
  [EVENT.ERROR]: [RtcError];
  [EVENT.AUTOPLAY_FAILED]: [{ userId: string; mediaType: PublishedMedia; resume: () => Promise<void> }];
  [EVENT.KICKED_OUT]: [{ reason: Exclude<BannedReason, 'user_time_out'> }];
  [EVENT.REMOTE_USER_ENTER]: [{ userId: string }];
  [EVENT.REMOTE_USER_EXIT]: [{ userId: string; reason?: PEER_LEAVE_REASON }];
  [EVENT.REMOTE_AUDIO_AVAILABLE]: [{ userId: string }];
  [EVENT.REMOTE_AUDIO_UNAVAILABLE]: [{ userId: string }];
  [EVENT.REMOTE_VIDEO_AVAILABLE]: [{ userId: string; streamType: TRTCStreamType }];
  [EVENT.REMOTE_VIDEO_UNAVAILABLE]: [{ userId: string; streamType: TRTCStreamType }];
  /** Loudest first; an empty user id is oneself. `volume` is 0..100, `floatVolume` the same before rounding. */
  [EVENT.AUDIO_VOLUME]: [{ result: { userId: string; volume: number; floatVolume: number }[] }];
  [EVENT.AUDIO_FRAME]: [{ data: Float32Array }];
  [EVENT.NETWORK_QUALITY]: [NetworkQuality];
  [EVENT.CONNECTION_STATE_CHANGED]: [{ prevState: ConnectionState; state: ConnectionState; isReconnecting?: boolean }];
  [EVENT.AUDIO_PLAY_STATE_CHANGED]: [{ userId: string; state: PlayerState; reason: string }];
  [EVENT.VIDEO_PLAY_STATE_CHANGED]: [{ userId: string; streamType: TRTCStreamType; state: PlayerState; reason: string }];
  [EVENT.SCREEN_SHARE_STOPPED]: [];
  [EVENT.DEVICE_CHANGED]: [{ type: TRTCDeviceType; action: TRTCDeviceAction; device: MediaDeviceInfo }];
  [EVENT.PUBLISH_STATE_CHANGED]: [
    {
      mediaType: PublishedMedia;
      state: PublishState;
      prevState: PublishState;
      reason?: 'timeout' | 'error' | 'api-call';
      error?: RtcError;
    },
  ];
  /** An empty user id is oneself. `sourceTrack` is the captured one, `track` the published one. */
  [EVENT.TRACK]: [{ userId: string; streamType?: TRTCStreamType; track: MediaStreamTrack; sourceTrack: MediaStreamTrack }];
  [EVENT.STATISTICS]: [TRTCStatistics];
  [EVENT.SEI_MESSAGE]: [{ data: ArrayBuffer; userId: string; streamType: TRTCStreamType; seiPayloadType: number }];
  [EVENT.CUSTOM_MESSAGE]: [CustomMessage];
  [EVENT.FIRST_VIDEO_FRAME]: [{ userId: string; streamType: TRTCStreamType; width: number; height: number }];
  [EVENT.PERMISSION_STATE_CHANGE]: [{ camera: PermissionState; microphone: PermissionState }];
  [EVENT.VIDEO_SIZE_CHANGED]: [{ userId: string; streamType: TRTCStreamType; newWidth: number; newHeight: number }];
  [EVENT.REALTIME_TRANSCRIBER_MESSAGE]: [RealtimeTranscriberMessageEvent];
  [EVENT.REALTIME_TRANSCRIBER_STATE_CHANGED]: [RealtimeTranscriberStateEvent];
  [EVENT.PICTURE_IN_PICTURE_STATE_CHANGED]: [PictureInPictureStateChangedEvent];
  [EVENT.FULL_SCREEN_STATE_CHANGED]: [FullScreenStateChangedEvent];
}
