// What the facade and a room session say to each other; no behaviour but the error both know.
//
// The session owns the WebSocket, the peer connection and everything the engine told. It never touches a device, an
// element or an application's handler. Everything it has to tell goes through `SessionHooks`, in the order it happened.

import type { ErrorCode, Layer, MemberView, Role, Stream, Track, Tracks } from '../protocol.js';

/** Where log lines go. The facade filters by level and prefixes. */
export interface Logger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
}

/** What a session needs to enter a room. The facade has validated the types; the engine checks the values. */
export interface EnterParams {
  /** Where the engine is: an http(s) or ws(s) URL, found by `engineAddress` (address.ts). A path is a prefix. */
  server: string;
  sdkAppId: number;
  userId: string;
  userSig: string;
  room: { number: number } | { text: string };
  scene: 'rtc' | 'live';
  role: Role;
  privateMapKey?: string;
  /** Hear everybody without asking. */
  autoReceiveAudio: boolean;
  /** At most 64 bytes of `[A-Za-z0-9_-]`. */
  userDefineRecordId?: string;
  /** Receive SEI messages, and be able to send them: pictures are sent as H.264 where the browser can. */
  sei?: boolean;
  /** TURN servers of `proxy.turnServer`; none by default. */
  iceServers?: RTCIceServer[];
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** The least and the most the receivers hold back, in milliseconds. Only `min` can be asked of browsers. */
  playoutDelay?: { min: number; max: number };
}

/** Another room, with what it takes to be let in. */
export interface SwitchParams {
  room: EnterParams['room'];
  /** A newer ticket; that of the entry holds on where none is given. */
  userSig?: string;
  privateMapKey?: string;
}

/** How a picture is to be encoded. */
export interface Encoding {
  /** Pixels, in the track's own orientation; 0 leaves the track's size alone. */
  width: number;
  height: number;
  /** Frames a second; 0 leaves it to the track. */
  frameRate: number;
  /** Kilobits a second; 0 leaves it to the browser. */
  bitrateKbps: number;
}

/** How a local track is published. */
export interface LocalTrackOptions {
  /**
   * Published, but announced as unavailable. A muted picture is not encoded at all. A muted microphone goes on sending
   * silence (its clock must run for lip sync): the session sets `media.enabled` to `!muted`, so who wants to measure the
   * level while muted hands over a clone.
   */
  muted?: boolean;
  /** The camera's big layer, the screen's only one, or the microphone's bitrate (the other fields are ignored there). */
  big?: Encoding;
  /** The camera's small layer; absent or null for none. Never larger than the big one. */
  small?: Encoding | null;
  /** `motion`, `detail`, `text`, `speech`, `music`; set on the track. */
  contentHint?: string;
  /** What to give up when the uplink is short. */
  degradationPreference?: RTCDegradationPreference;
}

/** The states an application sees. An outage goes DISCONNECTED, RECONNECTING, RECONNECTED, in this order. */
export type ConnectionState = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'RECONNECTING' | 'RECONNECTED';

/** Whether a local track is being published. */
export type PublishState = 'stopped' | 'starting' | 'started';

/** Why a publish state changed. */
export type PublishReason = 'timeout' | 'error' | 'api-call';

/** 0 unknown, 1 excellent, 2 good, 3 poor, 4 bad, 5 very bad, 6 disconnected. */
export type Quality = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** The payload of NETWORK_QUALITY. Milliseconds and percent. */
export interface NetworkQuality {
  uplinkNetworkQuality: Quality;
  downlinkNetworkQuality: Quality;
  uplinkRTT: number;
  uplinkLoss: number;
  downlinkRTT: number;
  downlinkLoss: number;
}

/** A sent or received picture in `Statistics`. Pixels, frames a second, kilobits a second. */
export interface VideoStatistic {
  width: number;
  height: number;
  frameRate: number;
  bitrate: number;
  videoType: 'big' | 'small' | 'sub';
}

/** The payload of STATISTICS. Milliseconds, percent, bytes since entry, kilobits a second, loudness 0..=100. */
export interface Statistics {
  rtt: number;
  upLoss: number;
  downLoss: number;
  bytesSent: number;
  bytesReceived: number;
  localStatistics: {
    audio: { bitrate: number; audioLevel: number };
    video: VideoStatistic[];
  };
  remoteStatistics: {
    userId: string;
    audio: { bitrate: number; audioLevel: number; jitterBufferDelay: number };
    video: (VideoStatistic & { jitterBufferDelay: number })[];
  }[];
}

/** Why the engine put this member out. `timed_out` is only told when the session could not come back by itself. */
export type Removal = 'kick' | 'banned' | 'room_disband' | 'timed_out';

/**
 * What a session tells the facade. A hook must not throw. Hooks are never called from inside a call to the session, and
 * those that follow from entering come after `enter` has resolved. After `exit`, `onRemoved` and `rejoinFailed` nothing
 * more is told of the room: who shows something of it clears it then.
 */
export interface SessionHooks {
  /** Somebody who may be seen entered. `onTracksChanged` follows if something is published already. */
  onMemberEntered(userId: string): void;
  /** Somebody left; `onTracksChanged` to all-off came before it. 0 left, 1 timed out, 2 removed, 3 became audience. */
  onMemberLeft(userId: string, reason: number): void;
  /** What somebody publishes changed: `on` is available, `muted` and `off` are not. */
  onTracksChanged(userId: string, tracks: Tracks, previous: Tracks): void;
  /** Play this as that user's sound (or stop). Comes again when the sound moves to another slot. */
  onRemoteAudio(userId: string, track: MediaStreamTrack | null): void;
  /**
   * The picture of a viewed stream is on this track now; null when there is none any more (hide the element: an emptied
   * slot keeps its last frame and fires no event). Comes again when the picture moves to another slot.
   */
  onRemoteVideo(userId: string, stream: Stream, track: MediaStreamTrack | null): void;
  onConnectionState(state: ConnectionState, previous: ConnectionState, isReconnecting: boolean): void;
  /** This member is out; the session has left and can enter again. */
  onRemoved(reason: Removal): void;
  onMessage(userId: string, cmdId: number, seq: number, data: ArrayBuffer): void;
  /** Somebody's picture carried an SEI message. */
  onSei(userId: string, stream: Stream, type: number, data: ArrayBuffer): void;
  /** Every 2 s while in a room. */
  onNetworkQuality(quality: NetworkQuality): void;
  /** Uplink qualities of others, as the engine tells them. */
  onRemoteQuality(members: { userId: string; quality: number }[]): void;
  /** Every 2 s while in a room. */
  onStatistics(statistics: Statistics): void;
  onPublishState(
    track: Track,
    state: PublishState,
    previous: PublishState,
    reason?: PublishReason,
    error?: SessionError,
  ): void;
  /**
   * Something failed that no call is waiting for. `mediaBlocked` (5501): signaling works, media does not; it is tried
   * on. `rejoinFailed` (5502): the session has given up and has left; the state is DISCONNECTED.
   */
  onError(error: SessionError): void;
}

/** What can go wrong without the engine having said so, with the number the Web API knows for it. */
export const LOCAL_ERROR_CODES = {
  /** The call was overtaken by a later one (`exit` during `enter`, `unview` during `view`). */
  aborted: 5998,
  /** The call needs a room. */
  notEntered: 5101,
  /** The call was made twice. */
  repeated: 5104,
  /** The engine cannot be reached at this address. */
  unreachable: 5500,
  /** The engine does not answer. */
  timedOut: 5500,
  /** The browser's peer connection refused something; the message says what. */
  peerConnection: 5500,
  /** No WebRTC or no WebSocket here. */
  unsupported: 5202,
  /** There is no picture to carry an SEI message. */
  noPicture: 5109,
  /** Pictures cannot carry SEI messages here. */
  noSei: 5207,
  /** Signaling works, but no media path was found. */
  mediaBlocked: 5501,
  /** Away for more than 30 s, and entering again failed. */
  rejoinFailed: 5502,
} as const;

export type LocalErrorName = keyof typeof LOCAL_ERROR_CODES;

/**
 * Every failure of a session. `fromEngine` tells the two tables apart: an engine's `code` is the `extraCode` of
 * SERVER_ERROR (5400); a local one is a Web code (5101, 5104, 5202 and 5501.. are extra codes of their family).
 */
export class SessionError extends Error {
  override readonly name: ErrorCode | LocalErrorName;
  readonly code: number;
  readonly fromEngine: boolean;

  constructor(name: ErrorCode | LocalErrorName, code: number, message: string, fromEngine = false) {
    super(message);
    this.name = name;
    this.code = code;
    this.fromEngine = fromEngine;
  }

  /** A failure on this side. */
  static local(name: LocalErrorName, message: string): SessionError {
    return new SessionError(name, LOCAL_ERROR_CODES[name], message);
  }
}

/** The face of `RoomSession` (session.ts). One for each TRTC instance; it can enter again after leaving. */
export interface RoomSessionApi {
  /**
   * Enters. Resolves when the engine has let us in and media was negotiated; the media path itself comes up in the
   * background. Rejects with the engine's refusal, `unreachable`, `timedOut`, `aborted` (by `exit`) or `repeated`.
   */
  enter(params: EnterParams): Promise<void>;
  /** Tells the engine first, then closes; resolves when both are done, and always. Does nothing when not entered. */
  exit(): Promise<void>;
  /** Live scenes only. As audience nothing is published; what was given by `setLocalTrack` is published again as anchor. */
  switchRole(role: Role, privateMapKey?: string): Promise<void>;
  /**
   * Goes to another room on the connections of this one, with everything that is published. Nothing more is told of the old
   * room; what follows from being in the new one comes after this has resolved. Refused, everything is as it was.
   */
  switchRoom(params: SwitchParams): Promise<void>;
  /**
   * Publishes, changes (same or other `media`, muted, encodings) or, with null, unpublishes. May be called at any time:
   * outside of a room it is remembered, resolves at once and is published at entry (the result is then told by
   * `onPublishState` only); so it is during an outage. Options replace the former ones as a whole. The track stays the
   * caller's to stop.
   */
  setLocalTrack(track: Track, media: MediaStreamTrack | null, options?: LocalTrackOptions): Promise<void>;
  /**
   * Views a stream; again with another layer to change it (same track, no event). Resolves with the slot's track once it
   * is bound. Rejects with the engine's refusal (`noSuchStream` when it is not published) or `aborted`. A view ends by
   * itself when the publisher stops or leaves: ask again when it is back. It survives reconnecting.
   */
  view(userId: string, stream: Stream, layer: Layer): Promise<MediaStreamTrack>;
  unview(userId: string, stream: Stream): Promise<void>;
  /**
   * Hears one user, or everybody (null: now and later, and forgets what was said of single users), or not. May be called
   * before `enter`; forgotten at exit.
   */
  listen(userId: string | null, on: boolean): Promise<void>;
  /**
   * Sends an SEI message (type 5 or 243) with the next picture of a stream that is published. Throws `notEntered`, `noPicture` or
   * `noSei` (the entry did not ask for it, or the browser or the codec cannot carry it).
   */
  sendSei(stream: Stream, type: number, data: ArrayBuffer): void;
  /** At most 1024 bytes; anchors only. The caller has checked limits; the engine checks again. */
  sendMessage(cmdId: number, data: ArrayBuffer): Promise<void>;
  /** The others, as the engine last told. */
  readonly members: ReadonlyMap<string, MemberView>;
  readonly state: ConnectionState;
  /** Whether there is a membership: from entered until exit or removal, outages included. */
  readonly entered: boolean;
  /** The sound of a user, if it is in a slot now. */
  remoteAudio(userId: string): MediaStreamTrack | null;
  /** The picture of a viewed stream, if it is in a slot now. */
  remoteVideo(userId: string, stream: Stream): MediaStreamTrack | null;
  /** How loud a user is now, 0..=1, linear; null while the sound is in no slot or the browser does not tell. */
  level(userId: string): number | null;
  /** The latest statistics; null before the first. */
  stats(): Statistics | null;
  /** Synchronous best effort to leave while the page goes away. */
  pageHide(): void;
}
