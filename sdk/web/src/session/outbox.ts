// Delivers what the session has to tell to the facade, in order, and never from inside a call. It decides nothing.

import type { Logger, SessionHooks } from './types.js';

type Telling = (hooks: SessionHooks) => void;

export class Outbox {
  readonly #hooks: SessionHooks;
  readonly #log: Logger;
  #waiting: Telling[] = [];
  #held = false;
  #scheduled = false;

  constructor(hooks: SessionHooks, log: Logger) {
    this.#hooks = hooks;
    this.#log = log;
  }

  tell(telling: Telling): void {
    this.#waiting.push(telling);
    this.#schedule();
  }

  /** Holds back what is told from now on until the caller's caller had its turn. */
  holdForTheCaller(): void {
    if (this.#held) return;
    this.#flush();
    this.#held = true;
    // A message and not a timer: hidden pages have slow timers.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      this.#held = false;
      this.#flush();
    };
    channel.port2.postMessage(null);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (!this.#held && this.#waiting.length > 0) {
      const telling = this.#waiting.shift();
      try {
        telling?.(this.#hooks);
      } catch (error) {
        this.#log.error('a hook failed', error);
      }
    }
  }
}
