// Keeps a person's picture beside that person's sound. Browsers do it themselves, but leave up to 30 ms, move by small
// steps and need many seconds after a disturbance; this measures the same thing and holds back what is early. It only
// moves the floor of a jitter buffer: what the network needs beyond it stays the browser's business.

import type { TransportLike } from './transport.js';

/** The two lines of a person who is both heard and seen. */
export interface SyncedLines {
  audio: string;
  video: string;
}

/** When what is being played was captured, by the publisher's clock. */
export interface Playout {
  /** Milliseconds of the publisher's clock. */
  captured: number;
  /** When that was so: milliseconds of our clock. */
  at: number;
}

/** How often it is measured. */
export const SYNC_MS = 1000;
/** Below this nobody sees or hears a difference; measuring is not more exact either. */
const GOOD_MS = 10;
/** The share of an offset that is taken away at once, and the most: a larger step could be seen and heard. */
const SHARE = 0.7;
const STEP_MS = 80;
/** More than this is not a matter of buffers. */
const MOST_MS = 400;

/** How much longer than the other one is held back: the picture when positive, the sound when negative. Milliseconds. */
export type Hold = number;

/** How far the picture is ahead of the sound, in milliseconds. */
export function aheadBy(audio: Playout, video: Playout): number {
  return video.captured - video.at - (audio.captured - audio.at);
}

/** The next hold after one under which the picture was ahead by `ahead`. */
export function nextHold(hold: Hold, ahead: number): Hold {
  if (Math.abs(ahead) <= GOOD_MS || Math.abs(ahead) > 10_000) return hold;
  const step = Math.max(-STEP_MS, Math.min(STEP_MS, ahead * SHARE));
  // What is held back only as long as the network makes it wait anyway is not worth remembering: change sides through 0.
  const next = hold + step;
  return Math.max(-MOST_MS, Math.min(MOST_MS, hold * next < 0 ? 0 : next));
}

export class LipSync {
  #holds = new Map<string, { lines: SyncedLines; hold: Hold }>();
  #of: TransportLike | null = null;

  /** Measures those that are on lines now, and corrects. Those that are no longer are let go. */
  async adjust(transport: TransportLike, synced: SyncedLines[]): Promise<void> {
    if (this.#of !== transport) this.#holds.clear();
    this.#of = transport;
    const before = this.#holds;
    this.#holds = new Map();
    for (const lines of synced) {
      const key = `${lines.audio}/${lines.video}`;
      this.#holds.set(key, before.get(key) ?? { lines, hold: 0 });
      before.delete(key);
    }
    for (const { lines } of before.values()) this.#apply(transport, lines, 0);
    if (synced.length === 0) return;
    const playouts = await transport.playouts();
    for (const entry of this.#holds.values()) {
      const { lines } = entry;
      const audio = playouts.get(lines.audio);
      const video = playouts.get(lines.video);
      if (!audio || !video) continue;
      const hold = nextHold(entry.hold, aheadBy(audio, video));
      if (hold === entry.hold) continue;
      entry.hold = hold;
      this.#apply(transport, lines, hold);
    }
  }

  #apply(transport: TransportLike, { audio, video }: SyncedLines, hold: Hold): void {
    transport.holdBack(audio, Math.max(0, -hold));
    transport.holdBack(video, Math.max(0, hold));
  }
}
