// What each call accepts. One constant a call; values the engine alone can judge (tickets, rooms that are full) are not here.

import { LIMITS } from '../protocol.js';
import { AUDIO_PROFILES, SCREEN_PROFILES, VIDEO_PROFILES } from '../local/profiles.js';
import type { EnterRoomConfig, StopRemoteVideoConfig, SwitchRoomConfig } from './config.js';
import { check, invalid, type Rule } from './check.js';
import { EXTRA_CODE } from './constants.js';

const bool: Rule = { type: 'boolean' };
const text: Rule = { type: 'string' };
const track: Rule = { type: 'object', instance: 'MediaStreamTrack' };
const streamType: Rule = { type: 'string', oneOf: ['main', 'sub'] };
const qosPreference: Rule = { type: 'string', oneOf: ['smooth', 'clear'] };
const fillMode: Rule = { type: 'string', oneOf: ['contain', 'cover', 'fill'] };
const volume: Rule = { type: 'number', notNegative: true };
const name: Rule = { type: 'string', required: true, notEmpty: true };

const USER_ID: Rule = { ...name, maxBytes: 32, pattern: /^[A-Za-z0-9_-]*$/, allowed: 'letters, digits, _ and -' };

const side: Rule = { type: 'number', required: true, min: 1 };
const customProfile = { width: side, height: side, frameRate: side, bitrate: side };
const profile = (named: object): Rule => ({ type: ['string', 'object'], oneOf: Object.keys(named), fields: customProfile });

const view: Rule = {
  also: (value, path, functionName) => {
    const list = Array.isArray(value) ? value : [value];
    list.forEach((it: unknown, index) => checkView(functionName, Array.isArray(value) ? `${path}[${index}]` : path, it));
  },
};

export const LOCAL_VIDEO: Rule = {
  type: 'object',
  fields: {
    view,
    publish: bool,
    forcePublish: bool,
    mute: { type: ['boolean', 'string'], notEmpty: true },
    option: {
      type: 'object',
      fields: {
        cameraId: text,
        useFrontCamera: bool,
        profile: profile(VIDEO_PROFILES),
        fillMode,
        mirror: { type: ['boolean', 'string'], oneOf: [true, false, 'view', 'publish', 'both'] },
        small: {
          type: ['string', 'object', 'boolean'],
          oneOf: [true, false, ...Object.keys(VIDEO_PROFILES)],
          fields: customProfile,
        },
        qosPreference,
        videoTrack: track,
        avoidCropping: bool,
        rotation: { type: 'number', oneOf: [0, 90, 180, 270] },
      },
    },
  },
};

export const LOCAL_AUDIO: Rule = {
  type: 'object',
  fields: {
    publish: bool,
    mute: { type: ['boolean', 'string'], oneOf: [true, false, 'microphone'] },
    muteKeepVolumeDetection: bool,
    option: {
      type: 'object',
      fields: {
        microphoneId: text,
        profile: { type: 'string', oneOf: Object.keys(AUDIO_PROFILES) },
        audioTrack: track,
        captureVolume: volume,
        earMonitorVolume: { ...volume, max: 100 },
        echoCancellation: { type: ['boolean', 'string'], oneOf: [true, false, 'remote-only', 'all'] },
        autoGainControl: bool,
        noiseSuppression: bool,
      },
    },
  },
};

export const SCREEN_SHARE: Rule = {
  type: 'object',
  fields: {
    view,
    publish: bool,
    streamType,
    muteSystemAudio: bool,
    option: {
      type: 'object',
      fields: {
        profile: profile(SCREEN_PROFILES),
        fillMode,
        systemAudio: bool,
        echoCancellation: bool,
        autoGainControl: bool,
        noiseSuppression: bool,
        audioTrack: track,
        videoTrack: track,
        captureElement: { type: 'object', instance: 'HTMLElement' },
        preferDisplaySurface: { type: 'string', oneOf: ['current-tab', 'tab', 'window', 'monitor'] },
        selfBrowserSurface: { type: 'string', oneOf: ['include', 'exclude'] },
        qosPreference,
      },
    },
  },
};

export const REMOTE_VIDEO: Rule = {
  type: 'object',
  required: true,
  fields: {
    view,
    userId: name,
    streamType: { ...streamType, required: true },
    option: {
      type: 'object',
      fields: {
        fillMode,
        mirror: bool,
        small: bool,
        receiveWhenViewVisible: bool,
        viewRoot: { type: 'object', instance: 'HTMLElement' },
        canvasRender: bool,
        poster: text,
        draggable: bool,
        pictureInPicture: bool,
        fullScreen: bool,
      },
    },
  },
};

export const STOP_REMOTE_VIDEO: Rule = {
  type: 'object',
  required: true,
  fields: { userId: name, streamType },
  also: (value, path, functionName) => {
    const config = value as StopRemoteVideoConfig;
    if (config.userId !== '*' && !config.streamType) {
      const message = `${path}.streamType is missing; pass "main" or "sub", or userId "*" for everything`;
      throw invalid(functionName, EXTRA_CODE.STREAM_TYPE_NEEDED, message, `${path}.streamType`);
    }
  },
};

export const TRACK_OF: Rule = { type: ['object', 'string'], fields: { userId: text, streamType, processed: bool } };
export const VIDEO_OF: Rule = { type: 'object', fields: { userId: text, streamType, processed: bool } };

const turnServer: Rule = { type: 'object', fields: { url: name, username: text, credential: text } };
const millis: Rule = { type: 'number', required: true, notNegative: true };

export const ENTER_ROOM: Rule = {
  type: 'object',
  required: true,
  fields: {
    sdkAppId: { type: 'number', required: true, min: 1, max: 4294967295 },
    userId: USER_ID,
    userSig: name,
    scene: { type: 'string', oneOf: ['rtc', 'live'] },
    role: { type: 'string', oneOf: ['anchor', 'audience'] },
    autoReceiveAudio: bool,
    autoReceiveVideo: bool,
    privateMapKey: text,
    latencyLevel: { type: 'number' },
    businessInfo: text,
    enableAutoPlayDialog: bool,
    proxy: {
      type: ['string', 'object'],
      fields: {
        websocketProxy: text,
        loggerProxy: text,
        turnServer: { type: ['object', 'array'], fields: turnServer.fields, items: turnServer },
        iceTransportPolicy: { type: 'string', oneOf: ['all', 'relay'] },
        webtransportProxy: text,
        scheduleProxy: text,
        unifiedProxy: text,
      },
    },
    userDefineRecordId: { type: 'string', maxBytes: 64, pattern: /^[A-Za-z0-9_-]*$/, allowed: 'letters, digits, _ and -' },
    playoutDelay: { type: 'object', fields: { min: millis, max: millis } },
    quickStart: { type: 'object', fields: { remoteUserId: name, small: bool, domain: text } },
  },
  also: checkRoom,
};

export const SWITCH_ROOM: Rule = {
  type: 'object',
  required: true,
  fields: { userSig: name, privateMapKey: text },
  also: checkRoom,
};

export const ROLE: Rule = { type: 'string', required: true, oneOf: ['anchor', 'audience'] };
export const SWITCH_ROLE: Rule = { type: 'object', fields: { privateMapKey: text, latencyLevel: { type: 'number' } } };
export const USER_OR_ALL: Rule = name;
export const MUTE: Rule = { ...bool, required: true };
export const VOLUME: Rule = { ...volume, required: true };
export const INTERVAL: Rule = { type: 'number' };
export const FLAG: Rule = bool;
export const SPEAKER_ID: Rule = name;
export const LEVEL: Rule = { type: 'number', required: true, oneOf: [0, 1, 2, 3, 4, 5] };
export const EVENT_NAME: Rule = name;
export const HANDLER: Rule = { type: 'function', required: true };
export const PERMISSIONS: Rule = {
  type: 'object',
  fields: { request: bool, types: { type: 'array', items: { type: 'string', oneOf: ['camera', 'microphone'] } } },
};
export const DEVICE_LIST: Rule = {
  type: ['boolean', 'object'],
  fields: { requestPermission: bool, filterVirtualDevice: bool },
};
export const CREATE: Rule = {
  type: 'object',
  fields: {
    plugins: { type: 'array' },
    enableSEI: bool,
    enableAutoPlayDialog: bool,
    assetsPath: text,
    volumeType: { type: 'number' },
    enableAutoSwitchWhenRecapturing: bool,
    enableVolumeControlInIOS: bool,
    server: text,
  },
};

/** Bytes of an SEI or custom message. */
const buffer: Rule = {
  type: 'object',
  required: true,
  instance: 'ArrayBuffer',
  also: (value, path, functionName) => {
    const { byteLength } = value as ArrayBuffer;
    if (byteLength === 0) throw invalid(functionName, EXTRA_CODE.BUFFER_EMPTY, `${path} is empty; pass at least 1 byte`, path);
    if (byteLength > LIMITS.customMessageBytes) {
      const message = `${path} has ${byteLength} bytes; pass at most ${LIMITS.customMessageBytes}`;
      throw invalid(functionName, EXTRA_CODE.BUFFER_TOO_BIG, message, path);
    }
  },
};

export const CUSTOM_MESSAGE: Rule = {
  type: 'object',
  required: true,
  fields: { cmdId: { type: 'number', required: true, min: 1, max: 10, also: whole }, data: buffer },
};

export const SEI_BUFFER: Rule = buffer;
export const SEI_OPTIONS: Rule = {
  type: 'object',
  fields: { seiPayloadType: { type: 'number', oneOf: [5, 243] }, toSubStream: bool },
};

/** The elements a view stands for; null and nothing stand for none. To be used on what the rules have let pass. */
export function elementsOf(view: string | HTMLElement | (string | HTMLElement)[] | null | undefined): HTMLElement[] {
  const list = [view].flat().map((it) => (typeof it === 'string' ? document.getElementById(it) : it));
  return [...new Set(list.filter((it): it is HTMLElement => !!it))];
}

function checkView(functionName: string, path: string, value: unknown): void {
  if (value === null) return;
  if (typeof value === 'string') {
    if (value === '') throw invalid(functionName, EXTRA_CODE.EMPTY, `${path} is empty; pass the id of an element`, path);
    if (!document.getElementById(value)) {
      throw invalid(
        functionName,
        EXTRA_CODE.ELEMENT_ID_UNKNOWN,
        `${path}: the page has no element with the id "${value}"`,
        path,
      );
    }
    return;
  }
  // By node type, not by class: an element of a frame is of another HTMLElement.
  if (typeof value !== 'object' || (value as Node).nodeType !== 1) {
    throw invalid(
      functionName,
      EXTRA_CODE.NOT_AN_ELEMENT,
      `${path} is not an element; pass an HTMLElement or the id of one`,
      path,
    );
  }
}

function checkRoom(value: unknown, path: string, functionName: string): void {
  const { roomId, strRoomId } = value as EnterRoomConfig | SwitchRoomConfig;
  const given = (it: unknown): boolean => it !== undefined && it !== null;
  if (given(roomId)) {
    if (typeof roomId === 'string') {
      const message = `${path}.roomId is a string; pass a number, or the string as strRoomId`;
      throw invalid(functionName, EXTRA_CODE.ROOM_ID_IS_STRING, message, `${path}.roomId`);
    }
    check(functionName, `${path}.roomId`, roomId, { type: 'number' });
    if (!Number.isInteger(roomId) || Number(roomId) < 1 || Number(roomId) > ROOM_ID_MAX) {
      const message = `${path}.roomId is ${roomId}; pass a whole number from 1 to ${ROOM_ID_MAX}`;
      throw invalid(functionName, EXTRA_CODE.ROOM_ID_RANGE, message, `${path}.roomId`);
    }
    return;
  }
  if (!given(strRoomId)) {
    throw invalid(
      functionName,
      EXTRA_CODE.ROOM_ID_MISSING,
      `${path}.roomId is missing; pass roomId or strRoomId`,
      `${path}.roomId`,
    );
  }
  if (typeof strRoomId !== 'string' || !STR_ROOM_ID.test(strRoomId)) {
    const message = `${path}.strRoomId is not a room name; pass 1 to 64 of letters, digits, space and !#$%&()+-:;<=.>?@[]^_{}|~,`;
    throw invalid(functionName, EXTRA_CODE.STR_ROOM_ID_INVALID, message, `${path}.strRoomId`);
  }
}

function whole(value: unknown, path: string, functionName: string): void {
  if (!Number.isInteger(value)) {
    throw invalid(functionName, EXTRA_CODE.NOT_IN_SET, `${path} is ${String(value)}; pass a whole number`, path);
  }
}

const ROOM_ID_MAX = 4294967294;
const STR_ROOM_ID = /^[a-zA-Z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,64}$/;
