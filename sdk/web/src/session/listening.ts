// Whom this member wants to hear: what was said of everybody, and of single users since. It hears nothing itself.

import type { Listen } from '../protocol.js';

export class Listening {
  /** Null while nothing was said and the entry's `autoReceiveAudio` rules. */
  #everybody: boolean | null = null;
  readonly #users = new Map<string, boolean>();

  say(userId: string | null, on: boolean): void {
    if (userId !== null) {
      this.#users.set(userId, on);
      return;
    }
    this.#everybody = on;
    this.#users.clear();
  }

  /** What must be asked of an engine that knows nothing of it. */
  all(): Listen[] {
    const users = [...this.#users].map(([userId, on]) => ({ userId, on }));
    return this.#everybody === null ? users : [{ on: this.#everybody }, ...users];
  }

  clear(): void {
    this.#everybody = null;
    this.#users.clear();
  }
}
