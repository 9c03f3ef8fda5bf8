// A typed event emitter. It calls handlers in the order they were added; it does not queue.

import type { TRTCEventTypes } from './events.js';

/** Of any event: the map of the emitter has checked the arguments. */
type Handler = (...args: any[]) => void;

interface Listener {
  handler: Handler;
  context: unknown;
}

/** Events of the map `Events`, from name to the arguments of its handlers. */
export class Emitter<Events extends Record<keyof Events, unknown[]>> {
  #listeners = new Map<keyof Events, Listener[]>();
  readonly #failed: (event: keyof Events, error: unknown) => void;

  /** `failed` hears of handlers that throw: one broken handler must not keep others, or the SDK, from going on. */
  constructor(failed: (event: keyof Events, error: unknown) => void) {
    this.#failed = failed;
  }

  on<E extends keyof Events>(event: E, handler: (...args: Events[E]) => void, context?: unknown): void {
    const list = this.#listeners.get(event) ?? [];
    // A new array each time, so that a handler may add or remove handlers while an event is on its way.
    this.#listeners.set(event, [...list, { handler, context }]);
  }

  /** Without a handler all handlers of the event go; `'*'` takes those of every event. A context, if given, must match. */
  off<E extends keyof Events>(event: E | '*', handler?: (...args: Events[E]) => void, context?: unknown): void {
    if (event === '*') {
      this.#listeners.clear();
      return;
    }
    const left = (this.#listeners.get(event) ?? []).filter(
      (it) => (handler && it.handler !== handler) || (context !== undefined && it.context !== context),
    );
    if (left.length > 0) this.#listeners.set(event, left);
    else this.#listeners.delete(event);
  }

  has(event: keyof Events): boolean {
    return this.#listeners.has(event);
  }

  emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    for (const { handler, context } of this.#listeners.get(event) ?? []) {
      try {
        handler.apply(context, args);
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }
}

/** How the parts of an instance tell the application something. */
export type Emit = <E extends keyof TRTCEventTypes>(event: E, ...args: TRTCEventTypes[E]) => void;
