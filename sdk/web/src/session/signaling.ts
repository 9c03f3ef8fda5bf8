// One WebSocket to the engine: requests and their answers, pushes in order, and whether it is alive. It does not know
// what the messages mean, and it never reconnects; who has it does.

import type { EngineFrame, Push, Report, Request, Snapshot } from '../protocol.js';
import { SessionError, type Logger } from './types.js';

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface SignalingHooks {
  onPush(push: Push): void;
  /** What came instead of the pushes that were missed. */
  onSnapshot(snapshot: Snapshot): void;
  /** The connection is gone without `close` having been called. Told once, and only after it was open. */
  onLost(): void;
}

/** What requests end with when the connection goes away under them. Ask again on the next one. */
export class ConnectionLost extends Error {}

/** A request that gets no answer in this time has failed. */
const ANSWER_MS = 10_000;
/** A report that gets no answer in this time proves the connection dead. */
const HEARTBEAT_MS = 6_000;
/** The same where there is reason to doubt it: so many times as long as reports took before, within these bounds. */
const SIGN_OF_LIFE_TIMES = 4;
const SIGN_OF_LIFE_LEAST_MS = 400;
const SIGN_OF_LIFE_MOST_MS = 2_000;
/** Told to the engine when we leave; it takes this, as well as a closing tab's 1001, for a departure. */
const LEAVING = 1000;
/** Told to the engine, if it still hears us, when we drop a connection to come back on another. */
const COMING_BACK = 4000;

const NOTHING: Report = {
  uplinkQuality: 0,
  downlinkQuality: 0,
  rttMs: 0,
  uplinkLoss: 0,
  downlinkLoss: 0,
  appCpu: 0,
  systemCpu: 0,
  local: [],
  remote: [],
};

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

export class Signaling {
  readonly #socket: Socket;
  readonly #hooks: SignalingHooks;
  readonly #log: Logger;
  readonly #pending = new Map<number, Pending>();
  readonly opened: Promise<void>;
  #rejectOpened: (error: Error) => void = () => {};
  #lastId = 0;
  #isOpen = false;
  #isClosed = false;
  /** The number of the last push that was handed on; null before the welcome said where to begin. */
  #lastPush: number | null = null;
  /** Pushes that came before the welcome, or after a gap and before its snapshot. */
  #waiting: Push[] = [];
  #isAskingSnapshot = false;
  #lastReport: Report = NOTHING;
  /** How long the engine took to answer reports, milliseconds; unknown at first. */
  #roundTrip = SIGN_OF_LIFE_MOST_MS;
  #isSilent = false;

  constructor(socket: Socket, hooks: SignalingHooks, log: Logger) {
    this.#socket = socket;
    this.#hooks = hooks;
    this.#log = log;
    this.opened = new Promise((resolve, reject) => {
      this.#rejectOpened = reject;
      socket.onopen = () => {
        this.#isOpen = true;
        resolve();
      };
    });
    // Whoever waits for `opened` gets the failure; whoever does not must not crash of it.
    this.opened.catch(() => {});
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#lost(`closed by the other side (${event.code})`);
    // A close event follows each error event.
    socket.onerror = () => {};
  }

  /** Whether it was dropped because the engine did not answer when it was doubted. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  get isAlive(): boolean {
    return this.#isOpen && !this.#isClosed;
  }

  /**
   * Asks the engine. Rejects with its refusal, with `timedOut`, or with `ConnectionLost`. Must not be called before
   * `opened`.
   */
  request(request: Request, answerMs = ANSWER_MS): Promise<unknown> {
    if (!this.isAlive) return Promise.reject(new ConnectionLost());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(SessionError.local('timedOut', `the engine did not answer "${request.type}" in ${answerMs / 1000} s`));
      }, answerMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...request }));
    });
  }

  /** Sends a report; its answer is the heartbeat. */
  report(report: Report): void {
    this.#lastReport = report;
    const asked = performance.now();
    this.request({ type: 'report', data: report }, HEARTBEAT_MS).then(
      () => (this.#roundTrip = performance.now() - asked),
      (error: Error) => {
        if (error.name === 'timedOut') this.drop('no heartbeat');
      },
    );
  }

  /** Resolves when the engine has answered something that was asked now. Drops the connection when that takes too long. */
  async alive(): Promise<void> {
    try {
      const longest = Math.max(SIGN_OF_LIFE_LEAST_MS, this.#roundTrip * SIGN_OF_LIFE_TIMES);
      await this.request({ type: 'report', data: this.#lastReport }, Math.min(longest, SIGN_OF_LIFE_MOST_MS));
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      if (!(error instanceof SessionError) || error.name !== 'timedOut') return;
      this.#isSilent = true;
      this.drop('no sign of life');
      throw new ConnectionLost('no sign of life');
    }
  }

  /** Hands on the pushes that follow the snapshot of a welcome, or of another room. Until the first one they wait. */
  begin({ snapshot }: { snapshot: Snapshot }): void {
    this.#lastPush = snapshot.n;
    this.#handOn();
  }

  /** Asks for a snapshot, which is handed on like one that a gap made necessary. */
  doubt(): void {
    if (this.#isAskingSnapshot || !this.isAlive) return;
    this.#isAskingSnapshot = true;
    this.request({ type: 'snapshot', data: {} })
      .then((answer) => {
        const snapshot = answer as Snapshot;
        this.#isAskingSnapshot = false;
        this.#lastPush = snapshot.n;
        this.#hooks.onSnapshot(snapshot);
        this.#handOn();
      })
      .catch((error: Error) => {
        this.#isAskingSnapshot = false;
        if (!(error instanceof ConnectionLost)) this.drop(`no snapshot: ${error.message}`);
      });
  }

  /** Leaves: the engine takes a closed connection for a departure. Nothing is told of it. */
  close(): void {
    this.#end(LEAVING, 'leaving');
  }

  /** Gives the connection up, to come back on another. `onLost` is told. */
  drop(why: string): void {
    if (this.#isClosed) return;
    const wasOpen = this.#isOpen;
    this.#log.info(`signaling dropped: ${why}`);
    this.#end(COMING_BACK, 'coming back');
    if (wasOpen) this.#hooks.onLost();
  }

  #lost(why: string): void {
    if (this.#isClosed) return;
    const wasOpen = this.#isOpen;
    this.#log.info(`signaling lost: ${why}`);
    this.#end(null, why);
    if (wasOpen) this.#hooks.onLost();
  }

  #end(code: number | null, why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    if (code !== null) {
      try {
        this.#socket.close(code, why);
      } catch {
        // A socket that is still connecting may refuse a code in old browsers.
        this.#socket.close();
      }
    }
    const lost = new ConnectionLost(why);
    this.#rejectOpened(lost);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(lost);
    }
    this.#pending.clear();
  }

  #receive(data: unknown): void {
    if (this.#isClosed) return;
    let frame: EngineFrame;
    try {
      frame = JSON.parse(String(data)) as EngineFrame;
    } catch {
      this.#log.warn('signaling: a message is not JSON');
      return;
    }
    if ('re' in frame) {
      const pending = this.#pending.get(frame.re);
      if (!pending) return;
      this.#pending.delete(frame.re);
      clearTimeout(pending.timer);
      if ('error' in frame) {
        const { name, code, message } = frame.error;
        pending.reject(new SessionError(name, code, message, true));
      } else {
        pending.resolve(frame.ok);
      }
    } else if (typeof frame.n === 'number') {
      this.#waiting.push(frame);
      this.#handOn();
    }
  }

  /** Hands on what waits, in order, until something is missing. */
  #handOn(): void {
    while (this.#lastPush !== null && !this.#isAskingSnapshot && this.#waiting.length > 0) {
      const push = this.#waiting[0] as Push;
      if (push.n > this.#lastPush + 1) {
        this.#log.warn(`signaling: pushes ${this.#lastPush + 1} to ${push.n - 1} are missing`);
        this.doubt();
        return;
      }
      this.#waiting.shift();
      if (push.n <= this.#lastPush) continue;
      this.#lastPush = push.n;
      this.#hooks.onPush(push);
    }
  }
}
