// Which receiving line carries whom, and what of that moved. It holds mids, not media.

import type { SlotBinding, Track } from '../protocol.js';

/** Somebody's track is on another line now, or on none. */
export interface SlotChange {
  userId: string;
  track: Track;
  mid: string | null;
}

interface Place {
  userId: string;
  track: Track;
  mid: string;
  /** Counts peer connections: the same mid of another connection is another line. */
  connection: number;
}

export class Slots {
  #sources = new Map<string, { userId: string; track: Track }>();
  /** What was told, by source. */
  #told = new Map<string, Place>();
  #connection = 0;

  /** The line somebody's track is on. */
  mid(userId: string, track: Track): string | null {
    const place = this.#told.get(key(userId, track));
    return place && place.connection === this.#connection ? place.mid : null;
  }

  /** Who is on a line. */
  source(mid: string): { userId: string; track: Track } | null {
    return this.#sources.get(mid) ?? null;
  }

  /** Takes over the lines that changed. */
  changed(bindings: SlotBinding[]): SlotChange[] {
    for (const { mid, source } of bindings) {
      if (source) this.#sources.set(mid, source);
      else this.#sources.delete(mid);
    }
    return this.#compare(false);
  }

  /** Takes over a snapshot's lines, which are all there are. */
  snapshot(bindings: SlotBinding[]): SlotChange[] {
    this.#sources.clear();
    return this.changed(bindings);
  }

  /**
   * A new peer connection: all lines are empty until told otherwise. Nothing is told as gone before `settle`, so that
   * nobody blinks who comes back at once.
   */
  reconnected(): void {
    this.#connection += 1;
    this.#sources.clear();
  }

  /** Tells of those who have not come back since `reconnected`. */
  settle(): SlotChange[] {
    return this.#compare(true);
  }

  clear(): void {
    this.#sources.clear();
    this.#told.clear();
  }

  #compare(settling: boolean): SlotChange[] {
    const now = new Map<string, Place>();
    for (const [mid, { userId, track }] of this.#sources) {
      now.set(key(userId, track), { userId, track, mid, connection: this.#connection });
    }
    const emptied: SlotChange[] = [];
    for (const [source, place] of this.#told) {
      if (now.has(source)) continue;
      if (place.connection !== this.#connection && !settling) {
        now.set(source, place);
        continue;
      }
      emptied.push({ userId: place.userId, track: place.track, mid: null });
    }
    const filled: SlotChange[] = [];
    for (const [source, place] of now) {
      const before = this.#told.get(source);
      if (before && before.mid === place.mid && before.connection === place.connection) continue;
      filled.push({ userId: place.userId, track: place.track, mid: place.mid });
    }
    this.#told = now;
    return emptied.concat(filled);
  }
}

/** No user id contains a slash. */
function key(userId: string, track: Track): string {
  return `${track}/${userId}`;
}
