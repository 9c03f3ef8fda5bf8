// Calls that must not overlap, one after another; a counterpart (stop, exit) ends those that are not done. It knows no media.

import { aborted } from './error.js';

/** One call under way. */
export class Turn {
  #by: string | null = null;
  #reject!: (error: Error) => void;
  /** Rejects when the turn is ended early; otherwise it never settles. */
  readonly ended: Promise<never>;

  constructor(readonly functionName: string) {
    this.ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Whoever waits for the call hears of it; nobody else has to.
    this.ended.catch(() => {});
  }

  get over(): boolean {
    return this.#by !== null;
  }

  /** To be called after each wait: throws OPERATION_ABORT when the turn was ended meanwhile. */
  check(): void {
    if (this.#by !== null) throw aborted(this.functionName, this.#by);
  }

  end(by: string): void {
    if (this.#by !== null) return;
    this.#by = by;
    this.#reject(aborted(this.functionName, by));
  }
}

/** A queue of calls. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  readonly #open = new Set<Turn>();

  /**
   * Runs `work` after the calls before it. When the turn is ended early the promise rejects at once; `work` finds out by
   * `turn.check()` and has to give back what it got meanwhile.
   */
  take<T>(functionName: string, work: (turn: Turn) => Promise<T>): Promise<T> {
    const turn = new Turn(functionName);
    this.#open.add(turn);
    const run = this.#last.then(() => {
      turn.check();
      return work(turn);
    });
    this.#last = run.catch(() => {}).then(() => this.#open.delete(turn));
    return Promise.race([run, turn.ended]);
  }

  /** Ends every call that is not done, as `by`. */
  end(by: string): void {
    for (const turn of this.#open) turn.end(by);
  }
}
