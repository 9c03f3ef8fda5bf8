// The streams this member watches, as long as it wants to and they are published, and who waits for one to be bound.

import type { Layer, Stream, Tracks } from '../protocol.js';
import { SessionError } from './types.js';

export interface View {
  readonly userId: string;
  readonly stream: Stream;
  layer: Layer;
}

interface Wanted extends View {
  waiting: { resolve(track: MediaStreamTrack): void; reject(error: SessionError): void }[];
}

export class Views {
  readonly #wanted = new Map<string, Wanted>();

  get size(): number {
    return this.#wanted.size;
  }

  all(): View[] {
    return [...this.#wanted.values()];
  }

  /** Wants a stream, or the same one in another layer. */
  want(userId: string, stream: Stream, layer: Layer): View {
    const known = this.#wanted.get(key(userId, stream));
    if (known) {
      known.layer = layer;
      return known;
    }
    const view: Wanted = { userId, stream, layer, waiting: [] };
    this.#wanted.set(key(userId, stream), view);
    return view;
  }

  layer(userId: string, stream: Stream): Layer | null {
    return this.#wanted.get(key(userId, stream))?.layer ?? null;
  }

  has(view: View): boolean {
    return this.#wanted.get(key(view.userId, view.stream)) === view;
  }

  /** The track of a view, once it is bound. */
  bound(view: View): Promise<MediaStreamTrack> {
    return new Promise((resolve, reject) => {
      const wanted = this.#wanted.get(key(view.userId, view.stream));
      if (wanted === view) wanted.waiting.push({ resolve, reject });
      else reject(SessionError.local('aborted', 'the view ended'));
    });
  }

  /** A line carries the stream now. */
  bind(userId: string, stream: Stream, track: MediaStreamTrack): void {
    const waiting = this.#wanted.get(key(userId, stream))?.waiting.splice(0) ?? [];
    for (const { resolve } of waiting) resolve(track);
  }

  /** The stream is not wanted any more. Whether it was. */
  end(userId: string, stream: Stream, error: SessionError): boolean {
    const wanted = this.#wanted.get(key(userId, stream));
    if (!wanted) return false;
    this.#wanted.delete(key(userId, stream));
    for (const { reject } of wanted.waiting) reject(error);
    return true;
  }

  /** Views end with what they show: who wants it again asks again. */
  tracksChanged(userId: string, tracks: Tracks): void {
    for (const [stream, state] of [
      ['main', tracks.camera],
      ['sub', tracks.screen],
    ] as const) {
      if (state === 'off')
        this.end(userId, stream, new SessionError('noSuchStream', -102007, `${userId} stopped publishing`, true));
    }
  }

  clear(error: SessionError): void {
    for (const { userId, stream } of this.all()) this.end(userId, stream, error);
  }
}

function key(userId: string, stream: Stream): string {
  return `${stream}/${userId}`;
}
