// Views as they are asked of the engine: bound to a line, in a pool that grows, and asked again after an outage.

import type { Layer, Stream, Track } from '../protocol.js';
import { ended, type Membership } from './membership.js';
import { SessionError, type Logger } from './types.js';
import { Views, type View } from './views.js';

/** A view that is not bound in this time has failed. Outages do not count. */
const BIND_MS = 15_000;

/** What of the room watching depends on. */
export interface Watched {
  /** The picture of a stream, if it is on a line now. */
  video(userId: string, stream: Stream): MediaStreamTrack | null;
  /** Whether a stream is only told as published because its publisher has not come back yet. */
  isHeld(userId: string, track: Track): boolean;
  isReconnecting(): boolean;
}

export class Watching {
  readonly views = new Views();
  readonly #room: Watched;
  readonly #log: Logger;

  constructor(room: Watched, log: Logger) {
    this.#room = room;
    this.#log = log;
  }

  async view(stay: Membership, userId: string, stream: Stream, layer: Layer): Promise<MediaStreamTrack> {
    const view = this.views.want(userId, stream, layer);
    try {
      await this.#ask(stay, view);
    } catch (error) {
      // Of a view that is there already, only the other layer was refused.
      if (!this.#room.video(userId, stream) && this.views.has(view)) this.views.end(userId, stream, ended());
      throw error;
    }
    return this.#bound(stay, view);
  }

  async unview(stay: Membership | null, userId: string, stream: Stream): Promise<void> {
    const wasWanted = this.views.end(userId, stream, SessionError.local('aborted', 'the view was ended'));
    if (!wasWanted || !stay?.isEntered) return;
    const asked = stay.ask({ type: 'unview', data: { userId, stream } }).catch((error: SessionError) => {
      // It stopped or left in the same moment, or we did.
      if (error.name !== 'noSuchStream' && error.name !== 'aborted') throw error;
    });
    // During an outage it is asked later, and nobody waits for it.
    if (stay.signaling) await asked;
    else asked.catch((error: Error) => this.#log.warn(`ending a view failed: ${error.message}`));
  }

  /** Asks for everything that is wanted, of an engine that may not know it. */
  askAgain(stay: Membership): void {
    for (const view of this.views.all()) this.#askAgain(stay, view);
  }

  /** What is wanted of a user and waits for it to publish again. */
  held(userId: string): View[] {
    return this.views.all().filter((view) => view.userId === userId && this.#isHeld(view));
  }

  /** Asks for those of `views` that wait no longer. */
  askReturned(stay: Membership, views: View[]): void {
    for (const view of views) this.#askAgain(stay, view);
  }

  #askAgain(stay: Membership, view: View): void {
    if (this.#isHeld(view)) return;
    this.#ask(stay, view).catch((error: SessionError) => {
      if (stay.isOver) return;
      this.#log.warn(`viewing again failed: ${error.message}`);
      if (this.views.has(view)) this.views.end(view.userId, view.stream, error);
    });
  }

  async #ask(stay: Membership, view: View): Promise<void> {
    const { userId, stream } = view;
    const ask = () => stay.ask({ type: 'view', data: { userId, stream, layer: view.layer } });
    if (this.views.size > (stay.transport?.pairs ?? 0)) await stay.grow(this.views.size);
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof SessionError) || error.name !== 'slotsExhausted') throw error;
      const isGrown = await stay.grow((stay.transport?.pairs ?? 0) + 1);
      if (!isGrown) throw error;
      await ask();
    }
  }

  async #bound(stay: Membership, view: View): Promise<MediaStreamTrack> {
    const { userId, stream } = view;
    const media = this.views.has(view) ? this.#room.video(userId, stream) : null;
    if (media) return media;
    const bound = this.views.bound(view);
    const expire = () => {
      if (this.#room.isReconnecting()) {
        timer = setTimeout(expire, BIND_MS);
      } else if (
        this.views.end(userId, stream, SessionError.local('timedOut', `the ${stream} stream of ${userId} did not come`))
      ) {
        stay.ask({ type: 'unview', data: { userId, stream } }).catch(() => {});
      }
    };
    let timer = setTimeout(expire, BIND_MS);
    return bound.finally(() => clearTimeout(timer));
  }

  #isHeld({ userId, stream }: View): boolean {
    return this.#room.isHeld(userId, stream === 'main' ? 'camera' : 'screen');
  }
}
