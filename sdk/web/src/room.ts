// The room an instance is in: entering and leaving, and from what the session tells to events in the order applications rely on. It
// knows no protocol and no device.

import { invalid } from './api/check.js';
import type {
  EnterRoomConfig,
  SwitchRoleConfig,
  SwitchRoomConfig,
  TRTCOptions,
  TurnServerOptions,
} from './api/config.js';
import {
  ERROR_CODE,
  EVENT,
  EXTRA_CODE,
  type NetworkQualityValue,
  type TRTCStreamType,
  type UserRole,
} from './api/constants.js';
import type { Emit } from './api/emitter.js';
import { aborted, invalidOperation, RtcError } from './api/error.js';
import { availabilityChanges } from './api/member_events.js';
import { Turn } from './api/turns.js';
import type { Track } from './protocol.js';
import { engineAddress, placesOfPage } from './session/address.js';
import { RoomSession } from './session/session.js';
import type {
  EnterParams,
  LocalTrackOptions,
  Logger,
  Removal,
  RoomSessionApi,
  SessionError,
  SessionHooks,
} from './session/types.js';
import type { Stage } from './view/picture_views.js';
import { RemoteAudios } from './view/remote_audios.js';
import { RemoteVideos } from './view/remote_videos.js';

/** A stay in a room, from the call of `enterRoom` on. */
interface Stay {
  config: EnterRoomConfig;
  role: UserRole;
  turn: Turn;
  /** `enterRoom` has succeeded. */
  entered: boolean;
}

export class Room {
  readonly stage: Stage;
  readonly videos: RemoteVideos;
  readonly audios: RemoteAudios;
  readonly #emit: Emit;
  readonly #log: Logger;
  readonly #options: TRTCOptions;
  readonly #session: RoomSessionApi;
  #stay: Stay | null = null;
  #leaving: Promise<void> = Promise.resolve();
  #remoteQuality: { userId: string; quality: NetworkQualityValue }[] = [];

  /** `openSession` is there for tests. */
  constructor(emit: Emit, log: Logger, options: TRTCOptions, openSession = newSession) {
    this.#emit = emit;
    this.#log = log;
    this.#options = options;
    const dialog = (): boolean => this.#stay?.config.enableAutoPlayDialog ?? options.enableAutoPlayDialog ?? true;
    this.stage = {
      emit,
      get dialog() {
        return dialog();
      },
    };
    this.#session = openSession(this.#hooks(), log);
    this.videos = new RemoteVideos(this.stage, this.#session);
    this.audios = new RemoteAudios(this.stage);
  }

  /** Entered, or about to be. */
  get present(): boolean {
    return this.#stay !== null;
  }

  /** One's own id; undefined outside of a room. */
  get userId(): string | undefined {
    return this.#stay?.config.userId;
  }

  async enter(config: EnterRoomConfig): Promise<void> {
    const functionName = 'enterRoom';
    if (this.#stay) {
      const message = 'in a room already, or on the way into one; call exitRoom first';
      throw invalidOperation(functionName, EXTRA_CODE.REPEATED_CALL, message);
    }
    const stay: Stay = { config, role: config.role ?? 'anchor', turn: new Turn(functionName), entered: false };
    this.#stay = stay;
    try {
      await Promise.race([this.#enter(stay), stay.turn.ended]);
    } catch (error) {
      if (this.#stay === stay) this.#forget('enterRoom');
      throw RtcError.convertFrom(error, functionName);
    }
    stay.entered = true;
  }

  /** Does nothing outside of a room. */
  async exit(): Promise<void> {
    if (this.#stay) {
      this.#stay.turn.end('exitRoom');
      this.#forget('exitRoom');
      this.#leaving = this.#session.exit();
    }
    await this.#leaving;
  }

  async switchRole(role: UserRole, option: SwitchRoleConfig = {}): Promise<void> {
    const functionName = 'switchRole';
    const stay = this.#mustBeIn(functionName);
    if ((stay.config.scene ?? 'rtc') !== 'live') {
      throw invalidOperation(functionName, undefined, 'roles matter only in a live scene; enter with scene "live"');
    }
    try {
      await this.#session.switchRole(role, option.privateMapKey);
    } catch (error) {
      if (this.#stay !== stay) throw aborted(functionName, 'exitRoom');
      throw RtcError.convertFrom(error, functionName);
    }
    stay.role = role;
  }

  /** The audience of a live room goes to another one of the same kind. */
  async switchRoom(config: SwitchRoomConfig): Promise<void> {
    const functionName = 'switchRoom';
    const stay = this.#mustBeIn(functionName);
    mayBeSwitched(functionName, stay);
    const room = roomOf(config);
    if ('number' in room !== 'number' in roomOf(stay.config)) {
      const [wanted, id] = 'number' in room ? ['strRoomId', 'a name'] : ['roomId', 'a number'];
      const message = `params.${wanted} is missing; the room this one is left for must have ${id} as well`;
      throw invalid(functionName, EXTRA_CODE.ROOM_ID_MISSING, message, `params.${wanted}`);
    }
    try {
      await this.#session.switchRoom({ room, userSig: config.userSig, privateMapKey: config.privateMapKey || undefined });
    } catch (error) {
      if (this.#stay !== stay) throw aborted(functionName, 'exitRoom');
      throw switchRefused(error, functionName);
    }
    if (this.#stay !== stay) throw aborted(functionName, 'exitRoom');
    const { roomId, strRoomId, userSig } = config;
    stay.config = { ...stay.config, roomId, strRoomId, userSig };
    this.#clear(functionName);
  }

  async listen(userId: string, on: boolean): Promise<void> {
    try {
      await this.#session.listen(userId === '*' ? null : userId, on);
    } catch (error) {
      throw RtcError.convertFrom(error, 'muteRemoteAudio');
    }
  }

  mustBeAnchor(functionName: string): void {
    const stay = this.#mustBeIn(functionName);
    if (stay.config.scene === 'live' && stay.role === 'audience') {
      const message = 'the audience may not do this; call switchRole("anchor") first';
      throw invalidOperation(functionName, EXTRA_CODE.AUDIENCE, message);
    }
  }

  sendMessage(cmdId: number, data: ArrayBuffer): void {
    this.#session.sendMessage(cmdId, data).catch((error: unknown) => this.#log.warn('a custom message was not sent:', error));
  }

  sendSei(streamType: TRTCStreamType, seiPayloadType: number, data: ArrayBuffer): void {
    const functionName = 'sendSEIMessage';
    try {
      this.#session.sendSei(streamType, seiPayloadType, data);
    } catch (error) {
      throw RtcError.convertFrom(error, functionName);
    }
  }

  /**
   * Publishes, or will at entry. In a live scene the audience's tracks are kept as well and published when it becomes an anchor:
   * applications start camera and microphone and switch the role in either order, and both must end in being seen.
   */
  async publish(
    functionName: string,
    track: Track,
    media: MediaStreamTrack | null,
    options?: LocalTrackOptions,
  ): Promise<void> {
    try {
      await this.#session.setLocalTrack(track, media, options);
    } catch (error) {
      const converted = RtcError.convertFrom(error, functionName);
      // The room was left meanwhile: the track is kept for the next one, and nothing has failed.
      if (converted.code !== ERROR_CODE.OPERATION_ABORT) throw converted;
    }
  }

  videoTrack(userId: string, streamType: TRTCStreamType): MediaStreamTrack | null {
    return this.#session.remoteVideo(userId, streamType);
  }

  /** How loud everybody is who can be heard, 0..1. */
  levels(): { userId: string; level: number }[] {
    const statistics = this.#session.stats()?.remoteStatistics ?? [];
    return [...this.audios.users.keys()].map((userId) => {
      const sampled = statistics.find((it) => it.userId === userId)?.audio.audioLevel ?? 0;
      return { userId, level: this.#session.level(userId) ?? sampled / 100 };
    });
  }

  pageHide(): void {
    this.#session.pageHide();
  }

  close(): void {
    this.#forget('destroy');
    this.audios.close();
  }

  async #enter(stay: Stay): Promise<void> {
    await this.#leaving;
    stay.turn.check();
    await this.#session.enter(this.#enterParams(stay.config));
  }

  #enterParams(config: EnterRoomConfig): EnterParams {
    const proxy = typeof config.proxy === 'object' ? config.proxy : { websocketProxy: config.proxy };
    const server = engineAddress({ ...placesOfPage(), proxy: proxy.websocketProxy, create: this.#options.server });
    return {
      server,
      sdkAppId: config.sdkAppId,
      userId: config.userId,
      userSig: config.userSig,
      room: roomOf(config),
      scene: config.scene ?? 'rtc',
      role: config.role ?? 'anchor',
      privateMapKey: config.privateMapKey || undefined,
      autoReceiveAudio: config.autoReceiveAudio ?? true,
      userDefineRecordId: config.userDefineRecordId || undefined,
      iceServers: [proxy.turnServer ?? []].flat().map(iceServer),
      iceTransportPolicy: proxy.iceTransportPolicy,
      playoutDelay: config.playoutDelay,
      sei: this.#options.enableSEI,
    };
  }

  #mustBeIn(functionName: string): Stay {
    if (!this.#stay || !this.#session.entered) {
      throw invalidOperation(functionName, EXTRA_CODE.NOT_IN_ROOM, 'not in a room; call enterRoom first');
    }
    return this.#stay;
  }

  /** The stay is over, whoever ended it. Local media go on. */
  #forget(by: string): void {
    this.#stay = null;
    this.#clear(by);
  }

  /** Nobody of the room is seen or heard any more. */
  #clear(by: string): void {
    this.#remoteQuality = [];
    this.videos.clear(by);
    this.audios.clear();
  }

  /**
   * The session tells what follows from entering after `enterRoom` has returned to the application, and everything in the order it
   * happened; that is the order of the events. What it still had to tell of a stay that was left is dropped.
   */
  #hooks(): SessionHooks {
    const inside = <A extends unknown[]>(tell: (...args: A) => void) => {
      return (...args: A): void => {
        if (this.#stay?.entered) tell(...args);
      };
    };
    return {
      onMemberEntered: inside((userId) => this.#emit(EVENT.REMOTE_USER_ENTER, { userId })),
      onMemberLeft: inside((userId, reason) => this.#emit(EVENT.REMOTE_USER_EXIT, { userId, reason })),
      onTracksChanged: inside((userId, tracks, previous) => {
        for (const change of availabilityChanges(tracks, previous)) {
          if (change.media === 'audio') this.#onAudio(userId, change.available);
          else this.#onVideo(userId, change.streamType, change.available);
        }
      }),
      onRemoteAudio: inside((userId, track) => this.audios.setTrack(userId, track)),
      onRemoteVideo: inside((userId, stream, track) => this.videos.setTrack(userId, stream, track)),
      onConnectionState: (state, prevState, isReconnecting) =>
        this.#emit(EVENT.CONNECTION_STATE_CHANGED, { prevState, state, isReconnecting }),
      onRemoved: inside((reason) => this.#onRemoved(reason)),
      onMessage: inside((userId, cmdId, seq, data) => this.#emit(EVENT.CUSTOM_MESSAGE, { userId, cmdId, seq, data })),
      onSei: inside((userId, streamType, seiPayloadType, data) =>
        this.#emit(EVENT.SEI_MESSAGE, { userId, streamType, seiPayloadType, data }),
      ),
      onNetworkQuality: inside((quality) =>
        this.#emit(EVENT.NETWORK_QUALITY, { ...quality, remoteNetworkQuality: this.#remoteQuality }),
      ),
      onRemoteQuality: inside((members) => {
        this.#remoteQuality = members;
      }),
      onStatistics: inside((statistics) => this.#emit(EVENT.STATISTICS, statistics)),
      onPublishState: (track, state, prevState, reason, error) =>
        this.#emit(EVENT.PUBLISH_STATE_CHANGED, {
          mediaType: MEDIA_TYPE[track],
          state,
          prevState,
          ...(reason && { reason }),
          ...(error && { error: RtcError.convertFrom(error) }),
        }),
      onError: (error) => this.#onError(error),
    };
  }

  #onAudio(userId: string, available: boolean): void {
    this.#emit(available ? EVENT.REMOTE_AUDIO_AVAILABLE : EVENT.REMOTE_AUDIO_UNAVAILABLE, { userId });
  }

  #onVideo(userId: string, streamType: TRTCStreamType, available: boolean): void {
    if (!available) {
      this.videos.unavailable(userId, streamType);
      this.#emit(EVENT.REMOTE_VIDEO_UNAVAILABLE, { userId, streamType });
      return;
    }
    this.#emit(EVENT.REMOTE_VIDEO_AVAILABLE, { userId, streamType });
    // After the event, so that a handler that starts the picture with options of its own is the only one to ask for it.
    if (this.#stay?.config.autoReceiveVideo) this.videos.receive(userId, streamType);
  }

  /** The session has left already. */
  #onRemoved(reason: Removal): void {
    this.#forget('the engine');
    if (reason !== 'timed_out') {
      this.#emit(EVENT.KICKED_OUT, { reason });
      return;
    }
    const message = 'away for too long, and could not come back; call enterRoom again';
    this.#emit(EVENT.ERROR, new RtcError({ code: ERROR_CODE.OPERATION_FAILED, extraCode: EXTRA_CODE.REJOIN_TIMEOUT, message }));
  }

  #onError(error: SessionError): void {
    const converted = RtcError.convertFrom(error);
    if (!this.#session.entered && converted.extraCode === EXTRA_CODE.REJOIN) this.#forget('the engine');
    this.#emit(EVENT.ERROR, converted);
  }
}

function newSession(hooks: SessionHooks, log: Logger): RoomSessionApi {
  return new RoomSession(hooks, log);
}

/** The number goes first where both are given; the rules have let nothing else pass. */
function roomOf({ roomId, strRoomId }: Pick<EnterRoomConfig, 'roomId' | 'strRoomId'>): EnterParams['room'] {
  return roomId === undefined || roomId === null ? { text: strRoomId ?? '' } : { number: roomId };
}

function mayBeSwitched(functionName: string, { config, role }: Stay): void {
  if (config.scene !== 'live') {
    const message = 'rooms can be switched only in a live scene; call exitRoom, then enterRoom';
    throw invalidOperation(functionName, undefined, message);
  }
  if (role === 'anchor') {
    const message = 'an anchor may not switch rooms; call switchRole("audience") first, or exitRoom and enterRoom';
    throw new RtcError({ code: ERROR_CODE.SERVER_ERROR, extraCode: ANCHOR_MAY_NOT_SWITCH, functionName, message });
  }
}

/** Numbers of the engine that the original does not have become its one for a switch that failed. */
function switchRefused(error: unknown, functionName: string): RtcError {
  const converted = RtcError.convertFrom(error, functionName);
  const { code, extraCode = 0, message } = converted;
  if (code !== ERROR_CODE.SERVER_ERROR || extraCode > 0 || KNOWN_REFUSALS.has(extraCode)) return converted;
  const originError = error instanceof Error ? error : undefined;
  return new RtcError({ code, extraCode: SWITCH_FAILED, functionName, message, originError });
}

/** Applications write `host:port` as well as a TURN URL. */
function iceServer({ url, username, credential }: TurnServerOptions): RTCIceServer {
  return { urls: /^(turns?|stuns?):/.test(url) ? url : `turn:${url}`, username, credential };
}

const SWITCH_FAILED = -10035;
const ANCHOR_MAY_NOT_SWITCH = -10037;
const KNOWN_REFUSALS = new Set([-10012, -100006, -100021, -102006, -102010]);

const MEDIA_TYPE = { microphone: 'audio', camera: 'video', screen: 'screen' } as const;
