// Whether anything arrives: a path that has become another one, or is gone, is noticed by the browser after seconds only. It looks at
// packets of others and asks nobody; what follows is the session's business.

/** The lines that should bring something now, and the time of the last packet of each, by one clock, whatever its unit. */
export interface Arriving {
  lines: Iterable<string>;
  lastPacket(mid: string): number | null;
}

/** How often it has to be looked. */
export const ARRIVALS_MS = 250;
/** Nothing has come for so long. */
const HUSH_MS = 750;
/** And before that something had come each time it was looked, so many times in a row. */
const STEADY = 4;

export class Arrivals {
  /** The time of the newest packet that was seen. */
  #newest = 0;
  #heardAt = 0;
  #steady = 0;
  #isHushed = false;

  /** Whether a silence that was told still lasts. */
  get isHushed(): boolean {
    return this.#isHushed;
  }

  /** Looks; true once when what came steadily has come no more for so long. */
  look(now: number, { lines, lastPacket }: Arriving): boolean {
    let isExpected = false;
    for (const mid of lines) {
      isExpected = true;
      const at = lastPacket(mid);
      if (at === null || at <= this.#newest) continue;
      this.#newest = at;
      this.#heardAt = now;
      this.#steady += 1;
      this.#isHushed = false;
      // One is enough, and asking the browser is dear.
      return false;
    }
    if (!isExpected) [this.#steady, this.#isHushed] = [0, false];
    if (now - this.#heardAt < HUSH_MS) return false;
    const isNew = this.#steady >= STEADY;
    this.#steady = 0;
    if (isNew) this.#isHushed = true;
    return isNew;
  }
}
