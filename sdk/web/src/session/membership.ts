// One stay in one room: its connections of the moment, its way back, and requests that outlive a lost WebSocket. What
// the answers mean is the session's business.

import type { Hello, Limits, MediaAnswer, OfferPurpose, Request, Role, TurnServers } from '../protocol.js';
import { PROTOCOL_VERSION } from '../protocol.js';
import type { Stage } from './local_tracks.js';
import { sdkInfo } from './parts.js';
import type { Recovery } from './recovery.js';
import { ConnectionLost, type Signaling } from './signaling.js';
import type { TransportLike } from './transport.js';
import { SessionError, type EnterParams } from './types.js';

/** `lost` from the moment the path is missed until one is up again. */
export type MediaState = 'coming' | 'up' | 'lost';

/** Whoever can reach the engine's media directly has a path by then, also over TCP and from far away. */
const RELAY_MS = 3_000;

export class Membership {
  /** How it was entered; after a move, how it would be entered now. */
  params: EnterParams;
  role: Role;
  privateMapKey: string | undefined;
  limits: Limits = { reportIntervalMs: 2000, awayMs: 90_000, maxSlots: 64 };
  /** The engine's TURN servers; undefined before the first welcome and where it has none. */
  turn: TurnServers | undefined;
  /** Whether the transport of the moment knows them. */
  isRelayed = false;
  /** The way back; null before the first welcome and when the engine does not know us any more. */
  resume: string | null = null;
  /** The number of the last push. The engine counts on while it runs: less means that it was started anew. */
  lastPush = 0;
  /** Whether the engine has let us in. */
  isEntered = false;
  /** Whether it has ended, from either side. */
  isOver = false;
  /** The last one that was opened, which may be closed already. */
  transport: TransportLike | null = null;
  /** The connection that was opened last, on which we may not be known yet. */
  opening: Signaling | null = null;
  recovery: Recovery | null = null;
  media: MediaState = 'coming';
  /** Whether this transport once had a path, which a restart could bring back. */
  hadPath = false;
  /** Whether the engine has announced that it forgets our transport. */
  isMediaGone = false;
  /** Milliseconds of `performance.now()`. */
  negotiatedAt = 0;
  ticking: ReturnType<typeof setInterval>[] = [];
  /** The growth of the pool under way. */
  #growing: Promise<void> | null = null;
  #signaling: Signaling | null = null;
  #waiting: { resolve(signaling: Signaling): void; reject(error: SessionError): void }[] = [];

  constructor(params: EnterParams) {
    this.params = params;
    this.role = params.scene === 'rtc' ? 'anchor' : params.role;
    this.privateMapKey = params.privateMapKey;
  }

  /** How we introduce ourselves: anew, or to come back where there is a way. */
  hello(): Hello {
    const { params, role, privateMapKey, resume } = this;
    return {
      protocol: PROTOCOL_VERSION,
      sdk: sdkInfo(),
      sdkAppId: params.sdkAppId,
      userId: params.userId,
      userSig: params.userSig,
      room: params.room,
      scene: params.scene === 'live' ? 'live' : 'videoCall',
      role,
      privateMapKey,
      autoReceiveAudio: params.autoReceiveAudio,
      userDefineRecordId: params.userDefineRecordId,
      resume: resume ?? undefined,
    };
  }

  /** Where tracks are published while this stay lasts, whatever transport it has. */
  stage(): Stage {
    const stay = this;
    return {
      get transport() {
        return stay.transport;
      },
      get mayPublish() {
        return stay.role === 'anchor';
      },
      get isReachable() {
        return stay.signaling !== null;
      },
      publish: async (data) => {
        await stay.askOnce({ type: 'publish', data });
      },
    };
  }

  /** The connection on which we are known; null during an outage. */
  get signaling(): Signaling | null {
    return this.#signaling;
  }

  set signaling(signaling: Signaling | null) {
    this.#signaling = signaling;
    if (!signaling) return;
    for (const { resolve } of this.#waiting.splice(0)) resolve(signaling);
  }

  /** The connection, when there is one again. Rejects when the stay ends before. */
  signalingUp(): Promise<Signaling> {
    if (this.isOver) return Promise.reject(ended());
    if (this.#signaling) return Promise.resolve(this.#signaling);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Asks, again after an outage if need be: only for what may be asked twice. */
  async ask(request: Request): Promise<unknown> {
    for (;;) {
      const signaling = await this.signalingUp();
      try {
        return await signaling.request(request);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        if (this.#signaling === signaling) this.#signaling = null;
      }
    }
  }

  /** Asks on the connection of the moment. Rejects with `ConnectionLost` when it goes away. */
  async askOnce(request: Request): Promise<unknown> {
    if (this.isOver) throw ended();
    if (!this.#signaling) throw new ConnectionLost();
    return this.#signaling.request(request);
  }

  /** Offers anew on the transport of the moment. Rejects with `ConnectionLost` when there is nobody to ask. */
  async negotiate(purpose: OfferPurpose): Promise<void> {
    if (!this.transport) throw new ConnectionLost();
    await this.transport.negotiate(
      purpose,
      async (offer) => ((await this.askOnce({ type: 'offer', data: offer })) as MediaAnswer).sdp,
    );
    this.negotiatedAt = performance.now();
  }

  /** The application's servers, and the engine's once they are needed. */
  servers(): RTCIceServer[] {
    const { iceServers = [] } = this.params;
    return this.isRelayed && this.turn ? [...iceServers, this.turn] : iceServers;
  }

  /** How long a first path is waited for before TURN is tried as well; null where there is no more to try. */
  relayAfterMs(): number | null {
    if (!this.turn || this.isRelayed) return null;
    const { iceTransportPolicy, iceServers } = this.params;
    // Without a server it cannot have found anything.
    return iceTransportPolicy === 'relay' && !iceServers?.length ? 0 : RELAY_MS;
  }

  /** Looks for a path anew, by TURN as well. */
  async restart(): Promise<void> {
    this.isRelayed = this.turn !== undefined;
    if (this.isRelayed) this.transport?.use(this.servers());
    await this.negotiate('restart');
  }

  /** Doubles the pool until it has `needed` pairs, if the engine allows as many. Whether it has them then. */
  async grow(needed: number): Promise<boolean> {
    while (this.#growing) await this.#growing.catch(() => {});
    const { transport } = this;
    if (!transport) return false;
    let wanted = transport.pairs;
    if (wanted >= needed) return true;
    while (wanted < needed) wanted *= 2;
    wanted = Math.min(wanted, this.limits.maxSlots);
    if (wanted < needed) return false;
    transport.reserve(wanted);
    this.#growing = this.negotiate('grow').finally(() => (this.#growing = null));
    await this.#growing;
    return true;
  }

  /** The end: who waits for a connection waits in vain. */
  end(): void {
    this.isOver = true;
    for (const timer of this.ticking) clearInterval(timer);
    this.recovery?.stop();
    for (const { reject } of this.#waiting.splice(0)) reject(ended());
  }
}

export function ended(): SessionError {
  return SessionError.local('aborted', 'the room was left meanwhile');
}
