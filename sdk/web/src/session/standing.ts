// The connection as the application is told of it: what follows from signaling and media together. It changes neither.

import type { Membership } from './membership.js';
import type { Outbox } from './outbox.js';
import type { ConnectionState, Logger } from './types.js';

export class Standing {
  readonly #outbox: Outbox;
  readonly #log: Logger;
  #state: ConnectionState = 'DISCONNECTED';

  constructor(outbox: Outbox, log: Logger) {
    this.#outbox = outbox;
    this.#log = log;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Something of this stay may have changed; null when there is none. Tells if that is another state. */
  is(stay: Membership | null): void {
    if (!stay) return this.#become('DISCONNECTED');
    if (!stay.isEntered) return this.#become('CONNECTING');
    const wasUp = this.#state === 'CONNECTED' || this.#state === 'RECONNECTED';
    if (stay.signaling && stay.media !== 'lost') {
      if (!wasUp) this.#become(this.#state === 'RECONNECTING' ? 'RECONNECTED' : 'CONNECTED');
    } else if (wasUp) {
      this.#become('DISCONNECTED', true);
      this.#become('RECONNECTING', true);
    }
  }

  #become(state: ConnectionState, isReconnecting = false): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#log.info(`connection ${previous} -> ${state}`);
    this.#outbox.tell((hooks) => hooks.onConnectionState(state, previous, isReconnecting));
  }
}
