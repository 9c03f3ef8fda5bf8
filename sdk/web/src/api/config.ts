// The shapes of options and payloads, as the type definitions of the original have them. Types only.

import type { NetworkQualityValue, Scene, TRTCStreamType, TRTCVideoType, TYPE, UserRole } from './constants.js';
import type { AudioProfileName, ScreenProfileName, VideoProfileName } from '../local/profiles.js';

/** Options of `TRTC.create`. */
export interface TRTCOptions {
  /** Plugin classes; they can be named here, starting one fails with 5210 as long as plugins are not there yet. */
  plugins?: unknown[];
  enableSEI?: boolean;
  enableAutoPlayDialog?: boolean;
  assetsPath?: string;
  volumeType?: number;
  /** Capture from another device when the one in use is gone. Default true. */
  enableAutoSwitchWhenRecapturing?: boolean;
  enableVolumeControlInIOS?: boolean;
  /** Where the engine is, an http(s) or ws(s) URL; an addition to the original's options. `enterRoom({proxy})` comes before it. */
  server?: string;
}

/** Where to show a picture: an element, its id, several, or nowhere. */
export type View = string | HTMLElement | HTMLElement[] | null;

/** How a picture fills its view. */
export type FillMode = 'contain' | 'cover' | 'fill';

/** What to give up first on a short uplink. */
export type QosPreference = typeof TYPE.QOS_PREFERENCE_SMOOTH | typeof TYPE.QOS_PREFERENCE_CLEAR;

/** Pixels, frames a second, kilobits a second. */
export interface VideoProfile {
  width: number;
  height: number;
  frameRate: number;
  bitrate: number;
}

/** Hertz, channels, kilobits a second. */
export interface AudioProfile {
  sampleRate: number;
  channelCount: number;
  bitrate: number;
}

export interface LocalVideoConfig {
  view?: View;
  /** Default true. */
  publish?: boolean;
  /** Accepted; publishing never waits for anything here. */
  forcePublish?: boolean;
  /** True publishes nothing to see; the address of a picture publishes that picture. */
  mute?: boolean | string;
  option?: {
    cameraId?: string;
    useFrontCamera?: boolean;
    /** Default `480p_2`. */
    profile?: VideoProfileName | VideoProfile;
    /** Default `cover`. */
    fillMode?: FillMode;
    /** Default `view`: only the own preview is mirrored. */
    mirror?: boolean | string;
    /** A second, smaller layer; true is `120p`. */
    small?: VideoProfileName | VideoProfile | boolean;
    /** Default `smooth`. */
    qosPreference?: QosPreference;
    /** Publish this track instead of a camera. */
    videoTrack?: MediaStreamTrack;
    avoidCropping?: boolean;
    /** Degrees clockwise. */
    rotation?: 0 | 90 | 180 | 270;
  };
}

export interface LocalAudioConfig {
  /** Default true. */
  publish?: boolean;
  /** `"microphone"` silences the microphone, but not what is mixed into it. */
  mute?: boolean | 'microphone';
  /** AUDIO_VOLUME goes on with the own level while muted. */
  muteKeepVolumeDetection?: boolean;
  option?: {
    microphoneId?: string;
    /** Default `standard`. */
    profile?: AudioProfileName;
    /** Publish this track instead of a microphone. */
    audioTrack?: MediaStreamTrack;
    /** 0 and up; 100 is as captured. */
    captureVolume?: number;
    /** 0..100; hear oneself. */
    earMonitorVolume?: number;
    echoCancellation?: boolean | 'remote-only' | 'all';
    autoGainControl?: boolean;
    noiseSuppression?: boolean;
  };
}

export interface UpdateLocalAudioConfig {
  publish?: boolean;
  mute?: boolean | 'microphone';
  muteKeepVolumeDetection?: boolean;
  option?: {
    microphoneId?: string;
    audioTrack?: MediaStreamTrack;
    captureVolume?: number;
    earMonitorVolume?: number;
    echoCancellation?: boolean;
    autoGainControl?: boolean;
    noiseSuppression?: boolean;
  };
}

export interface ScreenShareConfig {
  view?: View;
  /** Default true. */
  publish?: boolean;
  /** Default sub. Main takes the camera's place. */
  streamType?: TRTCStreamType;
  muteSystemAudio?: boolean;
  option?: {
    /** Default `1080p`. */
    profile?: ScreenProfileName | VideoProfile;
    /** Default `contain`. */
    fillMode?: FillMode;
    /** Capture sound as well; it is mixed into the microphone's track. */
    systemAudio?: boolean;
    echoCancellation?: boolean;
    autoGainControl?: boolean;
    noiseSuppression?: boolean;
    /** Use this track instead of the system's sound. */
    audioTrack?: MediaStreamTrack;
    /** Use this track instead of a screen. */
    videoTrack?: MediaStreamTrack;
    /** Share only this part of the own tab, where the browser can. */
    captureElement?: HTMLElement;
    /** Default `monitor`. */
    preferDisplaySurface?: 'current-tab' | 'tab' | 'window' | 'monitor';
    selfBrowserSurface?: 'include' | 'exclude';
    /** Default `clear`. */
    qosPreference?: QosPreference;
  };
}

export interface UpdateScreenShareConfig {
  view?: View;
  publish?: boolean;
  streamType?: TRTCStreamType;
  muteSystemAudio?: boolean;
  option?: {
    profile?: ScreenProfileName | VideoProfile;
    fillMode?: FillMode;
    qosPreference?: QosPreference;
    audioTrack?: MediaStreamTrack;
    videoTrack?: MediaStreamTrack;
  };
}

export interface RemoteVideoConfig {
  view?: View;
  userId: string;
  streamType: TRTCStreamType;
  option?: {
    /** Default `cover` for cameras, `contain` for screens. */
    fillMode?: FillMode;
    mirror?: boolean;
    /** The small layer, where there is one. */
    small?: boolean;
    /** Receive only while a view can be seen. */
    receiveWhenViewVisible?: boolean;
    /** The scrolled ancestor for `receiveWhenViewVisible`; default is the page. */
    viewRoot?: HTMLElement;
    canvasRender?: boolean;
    /** Address of a picture to show until the first frame. */
    poster?: string;
    draggable?: boolean;
    pictureInPicture?: boolean;
    fullScreen?: boolean;
  };
}

export interface StopRemoteVideoConfig {
  /** A user, or `*` for everybody. */
  userId: string;
  /** Not needed with `*`. */
  streamType?: TRTCStreamType;
}

export interface RemoteAudioConfig {
  userId: string;
  option?: { volume?: number };
}

export interface StopRemoteAudioConfig {
  userId: string;
}

export interface TurnServerOptions {
  url: string;
  username?: string;
  credential?: string;
  credentialType?: 'password';
}

export interface ProxyServer {
  /** Where the engine is. */
  websocketProxy?: string;
  loggerProxy?: string;
  turnServer?: TurnServerOptions | TurnServerOptions[];
  iceTransportPolicy?: RTCIceTransportPolicy;
  webtransportProxy?: string;
  scheduleProxy?: string;
  unifiedProxy?: string;
}

/** Milliseconds. */
export interface PlayoutDelay {
  min: number;
  max: number;
}

export interface QuickStartConfig {
  remoteUserId: string;
  small?: boolean;
  domain?: string;
}

export interface EnterRoomConfig {
  sdkAppId: number;
  /** 1 to 32 of `[A-Za-z0-9_-]`. */
  userId: string;
  userSig: string;
  /** 1..4294967294; goes before `strRoomId`. */
  roomId?: number;
  /** Up to 64 characters. Room names and room numbers never meet. */
  strRoomId?: string;
  /** Default `rtc`. */
  scene?: Scene;
  /** Default `anchor`; matters in `live`. */
  role?: UserRole;
  /** Default true. */
  autoReceiveAudio?: boolean;
  /** Default false. */
  autoReceiveVideo?: boolean;
  privateMapKey?: string;
  latencyLevel?: number;
  businessInfo?: string;
  /** Default true. */
  enableAutoPlayDialog?: boolean;
  proxy?: ProxyServer | string;
  /** Part of the names of automatic recordings, up to 64 of `[A-Za-z0-9_-]`. */
  userDefineRecordId?: string;
  playoutDelay?: PlayoutDelay;
  quickStart?: QuickStartConfig;
}

export interface SwitchRoleConfig {
  privateMapKey?: string;
  latencyLevel?: number;
}

export interface SwitchRoomConfig {
  roomId?: number;
  strRoomId?: string;
  privateMapKey?: string;
  userSig: string;
}

export interface AudioTrackConfig {
  /** Empty or absent: one's own. */
  userId?: string;
  streamType?: TRTCStreamType;
  /** The published track instead of the captured one. */
  processed?: boolean;
}

export interface VideoTrackConfig {
  userId?: string;
  streamType?: TRTCStreamType;
  processed?: boolean;
}

export interface VideoFrameConfig {
  userId?: string;
  streamType?: TRTCStreamType;
}

export interface CustomMessageData {
  /** 1..10 */
  cmdId: number;
  /** 1 to 1024 bytes. */
  data: ArrayBuffer;
}

export interface CustomMessage {
  userId: string;
  cmdId: number;
  /** The sender's count of its messages of this `cmdId`. */
  seq: number;
  data: ArrayBuffer;
}

export interface SEIMessageOptions {
  seiPayloadType?: number;
  toSubStream?: boolean;
}

export interface PermissionOption {
  /** Ask the user where nothing was decided yet. Default true. */
  request?: boolean;
  /** Default both. */
  types?: ('camera' | 'microphone')[];
}

/** Null where it was not asked for or the browser does not tell. */
export interface PermissionResult {
  camera: PermissionState | null;
  microphone: PermissionState | null;
}

/** Argument of the device lists. */
export interface DeviceListOption {
  /** Default true. */
  requestPermission?: boolean;
  /** Leave out virtual devices. Default false. */
  filterVirtualDevice?: boolean;
}

/** What `TRTC.isSupported` resolves with. */
export interface SupportResult {
  result: boolean;
  detail: {
    isBrowserSupported: boolean;
    isWebRTCSupported: boolean;
    isWebCodecsSupported: boolean;
    isMediaDevicesSupported: boolean;
    isScreenShareSupported: boolean;
    isSmallStreamSupported: boolean;
    isH264EncodeSupported: boolean;
    isH264DecodeSupported: boolean;
    isVp8EncodeSupported: boolean;
    isVp8DecodeSupported: boolean;
  };
}

export interface PingResult {
  domain: string;
  cost: number;
}

export interface PingResults {
  isPoorNetwork?: boolean;
  timestamp?: number;
  data?: PingResult[];
}

/** Grades, milliseconds, percent. */
export interface NetworkQuality {
  uplinkNetworkQuality: NetworkQualityValue;
  downlinkNetworkQuality: NetworkQualityValue;
  uplinkRTT: number;
  uplinkLoss: number;
  downlinkRTT: number;
  downlinkLoss: number;
  pingResults?: PingResults;
  /** How others reach the engine, as far as it is known; an addition to the original's payload. */
  remoteNetworkQuality?: { userId: string; quality: NetworkQualityValue }[];
}

export interface LocalStatistic {
  audio: { bitrate: number; audioLevel: number };
  video: { width: number; height: number; frameRate: number; bitrate: number; videoType: TRTCVideoType }[];
}

export interface RemoteStatistic {
  userId: string;
  audio: { bitrate: number; audioLevel: number; jitterBufferDelay: number };
  video: {
    width: number;
    height: number;
    frameRate: number;
    bitrate: number;
    videoType: TRTCVideoType;
    jitterBufferDelay: number;
  }[];
}

/** Milliseconds, percent, bytes since entering, kilobits a second. */
export interface TRTCStatistics {
  rtt: number;
  upLoss: number;
  downLoss: number;
  bytesSent: number;
  bytesReceived: number;
  localStatistics: LocalStatistic;
  remoteStatistics: RemoteStatistic[];
}
