// What a session is made of: a socket and a transport. Tests bring their own.

import type { SdkInfo } from '../protocol.js';
import { watchNetwork, type WatchNetwork } from './network.js';
import { prepareRepeating } from './repeated_sound.js';
import type { Socket } from './signaling.js';
import { Transport, type PathState, type TransportLike, type TransportOptions } from './transport.js';
import { SessionError, type Logger } from './types.js';

declare const __RTC_SDK_VERSION__: string | undefined;

export interface SessionParts {
  /** Throws a `SessionError` where there is no such thing. */
  assertSupport(): void;
  /** What has to be known before a transport is opened. Takes a moment at most, the first time. */
  prepare(): Promise<void>;
  openSocket(url: string): Socket;
  openTransport(options: TransportOptions, pairs: number, onState: (state: PathState) => void, log: Logger): TransportLike;
  watchNetwork: WatchNetwork;
}

export const BROWSER_PARTS: SessionParts = {
  assertSupport: () => {
    if (typeof RTCPeerConnection === 'undefined' || typeof WebSocket === 'undefined') {
      throw SessionError.local('unsupported', 'this browser has no WebRTC, or it is switched off');
    }
  },
  prepare: prepareRepeating,
  openSocket: (url) => {
    try {
      return new WebSocket(url);
    } catch (error) {
      // A page from https may not open a WebSocket without TLS.
      throw SessionError.local('unreachable', `the browser refused to connect to ${url}: ${words(error)}`);
    }
  },
  openTransport: (options, pairs, onState, log) => {
    try {
      return new Transport(options, pairs, onState, log);
    } catch (error) {
      throw SessionError.local('peerConnection', `the browser refused to make a peer connection: ${words(error)}`);
    }
  },
  watchNetwork,
};

/** Who we are. The engine cuts each text at 128 bytes. */
export function sdkInfo(): SdkInfo {
  return {
    name: 'web',
    version: typeof __RTC_SDK_VERSION__ === 'string' ? __RTC_SDK_VERSION__ : 'dev',
    platform: globalThis.navigator?.userAgent?.slice(0, 128) ?? 'unknown',
  };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
