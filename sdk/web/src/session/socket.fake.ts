// A WebSocket for tests: what is sent is kept, and the test plays the engine.

import type { ClientFrame, Push, Request, Snapshot } from '../protocol.js';
import type { Socket } from './signaling.js';
import type { Logger } from './types.js';

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export const emptySnapshot: Snapshot = {
  n: 0,
  role: 'anchor',
  tracks: { microphone: 'off', camera: 'off', screen: 'off', small: false },
  members: [],
  slots: [],
  encode: [],
};

export class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onerror: Socket['onerror'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: ClientFrame[] = [];
  /** Whether reports are answered at once, as a living engine does. */
  answersReports = false;
  /** The code we closed with; null while open. */
  closed: number | null = null;
  #waiters: { type: string; resolve(frame: ClientFrame): void }[] = [];
  #taken = 0;

  send(data: string): void {
    const frame = JSON.parse(data) as ClientFrame;
    if (frame.type === 'report' && this.answersReports) {
      queueMicrotask(() => this.answer(frame.id));
      return;
    }
    this.sent.push(frame);
    this.#serve();
  }

  close(code = 1005): void {
    this.closed = code;
  }

  open(): void {
    this.onopen?.({} as Event);
  }

  /** The other side, or the network, ends it. */
  break(code = 1006): void {
    this.onclose?.({ code } as CloseEvent);
  }

  /** The next request of this type, once it is sent. */
  next(type: Request['type']): Promise<ClientFrame> {
    return new Promise((resolve) => {
      this.#waiters.push({ type, resolve });
      this.#serve();
    });
  }

  answer(id: number, ok: unknown = {}): void {
    this.#give({ re: id, ok });
  }

  refuse(id: number, name: string, code: number, message = 'no'): void {
    this.#give({ re: id, error: { name, code, message } });
  }

  push(push: Push): void {
    this.#give(push);
  }

  #give(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const waiter = this.#waiters[0] as { type: string; resolve(frame: ClientFrame): void };
      const index = this.sent.findIndex((frame, i) => i >= this.#taken && frame.type === waiter.type);
      if (index < 0) return;
      this.#taken = index + 1;
      this.#waiters.shift();
      waiter.resolve(this.sent[index] as ClientFrame);
    }
  }
}
