// How many custom messages may still be sent in this second. Time comes in as an argument.

import { LIMITS } from '../protocol.js';

/** Bytes a second that the type definitions promise; engines allow more, for native applications. */
const BYTES_PER_SECOND = 8192;
const WINDOW_MS = 1000;

export class MessageBudget {
  #sent: { at: number; bytes: number }[] = [];

  /** Whether a message of `bytes` may go at `now` (milliseconds); if so it is counted. */
  take(bytes: number, now: number): boolean {
    this.#sent = this.#sent.filter((it) => now - it.at < WINDOW_MS);
    const total = this.#sent.reduce((sum, it) => sum + it.bytes, bytes);
    if (this.#sent.length >= LIMITS.customMessagesPerSecond || total > BYTES_PER_SECOND) return false;
    this.#sent.push({ at: now, bytes });
    return true;
  }
}
