// The member's own tracks: what was handed over, what the engine knows of it, and how the two are brought together. It
// opens no device and stops no track.

import type { EncodeLayers, Publish, Track, TrackState, Tracks } from '../protocol.js';
import { FIRST_DEMAND, hasSmall, shapes, type Demand } from './encodings.js';
import type { Outbox } from './outbox.js';
import { ConnectionLost } from './signaling.js';
import { sizeOf, type TransportLike } from './transport.js';
import { SessionError, type LocalTrackOptions, type PublishReason, type PublishState } from './types.js';

/** Where tracks are published: a room that was entered. */
export interface Stage {
  readonly transport: TransportLike | null;
  /** Anchors may, the audience may not. */
  readonly mayPublish: boolean;
  /** False during an outage: what changes then is told by `entered`, when it is over. */
  readonly isReachable: boolean;
  /** Rejects with `ConnectionLost` when an outage comes in between. */
  publish(publish: Publish): Promise<void>;
}

interface Local {
  media: MediaStreamTrack | null;
  options: LocalTrackOptions;
  demand: Demand;
  /** What the engine was last told, and took. */
  announced: Publish | null;
  state: PublishState;
  /** The end of the changes under way; they are made one after the other. */
  work: Promise<void>;
}

const TRACKS: Track[] = ['microphone', 'camera', 'screen'];

export class LocalTracks {
  readonly #stage: () => Stage | null;
  readonly #outbox: Outbox;
  readonly #locals = Object.fromEntries(TRACKS.map((track) => [track, nothing()])) as Record<Track, Local>;

  constructor(stage: () => Stage | null, outbox: Outbox) {
    this.#stage = stage;
    this.#outbox = outbox;
  }

  set(track: Track, media: MediaStreamTrack | null, options: LocalTrackOptions): Promise<void> {
    const local = this.#locals[track];
    local.media = media;
    local.options = options;
    if (media && options.contentHint !== undefined) media.contentHint = options.contentHint;
    // Silence still has to flow, but nothing else may: not even if the caller forgot to switch the track off.
    if (media && track === 'microphone') media.enabled = !options.muted;
    return this.#sync(track, 'api-call');
  }

  /** Puts what there is on a new transport, so that it flows as soon as the path is there. */
  attach(transport: TransportLike, mayPublish: boolean): void {
    for (const track of TRACKS) {
      const local = this.#locals[track];
      if (local.media && mayPublish) transport.send(track, sending(track, local)).catch(() => {});
    }
  }

  /** After entering: the engine knows nothing yet. After coming back: it knows `known`. */
  entered(known: Tracks | null): void {
    for (const track of TRACKS) {
      this.#locals[track].announced = known && { track, state: known[track], small: track === 'camera' && known.small };
      this.#sync(track, 'api-call').catch(() => {});
    }
  }

  /** The role changed, and with it what may be published. The engine took the audience's tracks off by itself. */
  roleChanged(isAnchor: boolean): void {
    for (const track of TRACKS) {
      if (!isAnchor) this.#locals[track].announced = null;
      this.#sync(track, 'api-call').catch(() => {});
    }
  }

  /** We are out: nothing is published any more, but what was handed over stays for the next entry. */
  left(reason: PublishReason): void {
    for (const track of TRACKS) {
      const local = this.#locals[track];
      local.announced = null;
      local.demand = FIRST_DEMAND;
      this.#state(track, 'stopped', reason);
    }
  }

  /** The engine says which layers are watched. */
  encode({ track, big, small }: EncodeLayers): void {
    const local = this.#locals[track];
    local.demand = { big, small };
    const stage = this.#stage();
    if (stage?.mayPublish && local.media) stage.transport?.send(track, sending(track, local)).catch(() => {});
  }

  /** A new peer connection: the engine has forgotten what it wanted. */
  mediaReset(): void {
    for (const track of TRACKS) this.#locals[track].demand = FIRST_DEMAND;
  }

  media(track: Track): MediaStreamTrack | null {
    return this.#locals[track].media;
  }

  isPublished(track: Track): boolean {
    return this.#locals[track].state === 'started';
  }

  #sync(track: Track, reason: PublishReason): Promise<void> {
    const local = this.#locals[track];
    const run = local.work.then(() => this.#apply(track, local, reason));
    local.work = run.catch(() => {});
    return run;
  }

  async #apply(track: Track, local: Local, reason: PublishReason): Promise<void> {
    const stage = this.#stage();
    if (!stage) return;
    if (!local.media || !stage.mayPublish) {
      await this.#stop(track, local, stage, reason);
      return;
    }
    if (local.state === 'stopped') {
      local.demand = FIRST_DEMAND;
      this.#state(track, 'starting', reason);
    }
    if (!stage.isReachable) {
      await stage.transport?.send(track, sending(track, local));
      return;
    }
    const publish = announcement(track, local, stage.transport);
    const [told, sent] = await Promise.allSettled([
      isSame(publish, local.announced) ? undefined : stage.publish(publish),
      stage.transport?.send(track, sending(track, local)),
    ]);
    if (told.status === 'fulfilled') local.announced = publish;
    const failed = [told, sent].find((result) => result.status === 'rejected' && !(result.reason instanceof ConnectionLost)) as
      PromiseRejectedResult | undefined;
    if (this.#stage() !== stage) {
      if (failed) throw failed.reason;
    } else if (failed) {
      const failure = failed.reason instanceof SessionError ? failed.reason : undefined;
      await this.#withdraw(track, local, stage).catch(() => {});
      this.#state(track, 'stopped', failure?.name === 'timedOut' ? 'timeout' : 'error', failure);
      throw failed.reason;
    } else if (told.status === 'fulfilled') {
      this.#state(track, 'started', reason);
    }
  }

  async #stop(track: Track, local: Local, stage: Stage, reason: PublishReason): Promise<void> {
    await this.#withdraw(track, local, stage).catch((error: unknown) => {
      if (!(error instanceof ConnectionLost)) throw error;
    });
    this.#state(track, 'stopped', reason);
  }

  /** Sends nothing any more, and says so where it was announced. */
  async #withdraw(track: Track, local: Local, stage: Stage): Promise<void> {
    const isAnnounced = local.announced !== null && local.announced.state !== 'off';
    local.announced = null;
    await Promise.all([
      stage.transport?.send(track, { media: null, shapes: [] }),
      isAnnounced && stage.isReachable ? stage.publish({ track, state: 'off', small: false }) : null,
    ]);
  }

  #state(track: Track, state: PublishState, reason: PublishReason, error?: SessionError): void {
    const local = this.#locals[track];
    const previous = local.state;
    if (previous === state) return;
    local.state = state;
    this.#outbox.tell((hooks) => hooks.onPublishState(track, state, previous, reason, error));
  }
}

function nothing(): Local {
  return { media: null, options: {}, demand: FIRST_DEMAND, announced: null, state: 'stopped', work: Promise.resolve() };
}

function sending(track: Track, { media, options, demand }: Local) {
  return {
    media,
    shapes: shapes(track, sizeOf(media), options, demand),
    degradationPreference: options.degradationPreference,
  };
}

function announcement(track: Track, { media, options }: Local, transport: TransportLike | null): Publish {
  const state: TrackState = options.muted ? 'muted' : 'on';
  return { track, state, small: track === 'camera' && hasSmall(sizeOf(media), options), codec: transport?.codec(track) };
}

function isSame(one: Publish, other: Publish | null): boolean {
  return other !== null && one.state === other.state && one.small === other.small;
}
