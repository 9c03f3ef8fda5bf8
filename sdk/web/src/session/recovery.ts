// When to try what after the engine was lost: the WebSocket first, then ICE, then a new peer connection. It only keeps
// time; what is tried is done by the session.

import type { Sign, WatchNetwork } from './network.js';
import { ConnectionLost } from './signaling.js';
import { SessionError, type Logger } from './types.js';

/** What the session does for its recovery. */
export interface RecoverySteps {
  /** Comes back to the membership, or enters again where it is gone. Rejects with the engine's refusal or `ConnectionLost`. */
  rejoin(): Promise<void>;
  /** Resolves when the engine has just shown that it hears us. Rejects with `ConnectionLost`. */
  signalingAlive(): Promise<void>;
  /** Gives up what does not show soon that it works: the connection of the moment, or an attempt to open one. */
  checkSignaling(): void;
  isMediaUp(): boolean;
  /** Whether nothing comes any more of what came steadily. */
  isHushed(): boolean;
  /** When the peer connection was last negotiated, in milliseconds of `performance.now()`. */
  negotiatedAt(): number;
  /** Whether there is a path that a restart could bring back. */
  canRestart(): boolean;
  /** How long a first path is waited for before it is looked for by TURN as well; null where that is of no use. */
  relayAfterMs(): number | null;
  /** Looks for a path anew on the same peer connection, by TURN as well. */
  restartMedia(): Promise<void>;
  replaceMedia(): Promise<void>;
  /** The media path is lost, or was never found. */
  mediaMissed(): void;
  /** It has been missing for long. */
  mediaBlocked(): void;
  giveUp(error: SessionError): void;
}

const FIRST_RETRY_MS = 200;
/** The longest pause: while networks change, and when it takes longer than that. */
const SHORT_RETRY_MS = 1_000;
const LAST_RETRY_MS = 2_000;
const SOON_MS = 30_000;
/** What an ICE path may take to come up, or come back, before a new peer connection is made. */
const PATH_MS = 10_000;
/** After this long without media the application is told. */
const BLOCKED_MS = 30_000;
/** The engine keeps an absent member for 90 s; we go on for a little longer, since entering again is tried as well. */
const GIVE_UP_MS = 120_000;
/** At least so many attempts are made after that: a laptop that slept for an hour deserves some. */
const LAST_ATTEMPTS = 3;
/** Refusals that may be over at the next attempt. Any other is final. */
const PASSING = new Set(['overloaded', 'rateLimited', 'internal', 'timedOut', 'unreachable', 'peerConnection']);

export class Recovery {
  readonly #steps: RecoverySteps;
  readonly #log: Logger;
  #isOver = false;
  /** The way back under way. */
  #rejoining: Promise<void> | null = null;
  #isWatchingMedia = false;
  /**
   * A new path is looked for, whatever the old one seems to be: because the network is another one, or for as long as nothing comes.
   */
  #wanted: 'moved' | 'hushed' | null = null;
  /** The next attempt is made at once. */
  #isHurried = false;
  /** Those who wait for the next attempt, and those who wait for the media path. */
  readonly #retries = new Set<() => void>();
  readonly #paths = new Set<() => void>();
  readonly #stopWatching: () => void;

  constructor(steps: RecoverySteps, watchNetwork: WatchNetwork, log: Logger) {
    this.#steps = steps;
    this.#log = log;
    this.#stopWatching = watchNetwork((sign) => this.#doubt(sign));
  }

  /** Comes back, first after `delayMs`, then with growing pauses. */
  signalingLost(delayMs = FIRST_RETRY_MS): void {
    if (this.#rejoining || this.#isOver) return;
    this.#rejoining = this.#rejoin(delayMs).finally(() => (this.#rejoining = null));
  }

  /** Watches a path that is not up until it is. */
  watchMedia(): void {
    if (this.#isWatchingMedia || this.#isOver) return;
    this.#isWatchingMedia = true;
    void this.#recoverMedia().finally(() => (this.#isWatchingMedia = false));
  }

  /** Nothing comes on a path that seems to work. */
  hushed(): void {
    this.#doubt('hushed');
  }

  /** The media path changed. */
  pathChanged(): void {
    wakeAll(this.#paths);
  }

  stop(): void {
    this.#isOver = true;
    this.#stopWatching();
    wakeAll(this.#retries);
    wakeAll(this.#paths);
  }

  /** What was waited for, or was thought to work, may be different now. */
  #doubt(why: Sign | 'hushed'): void {
    if (this.#isOver) return;
    this.#log.info(`looking whether the engine is still there: ${why}`);
    this.#isHurried = this.#rejoining !== null;
    wakeAll(this.#retries);
    this.#steps.checkSignaling();
    const hasPath = why === 'woken' && this.#steps.isMediaUp();
    if (hasPath || !this.#steps.canRestart()) return;
    this.#wanted = why === 'hushed' ? (this.#wanted ?? why) : 'moved';
    wakeAll(this.#paths);
    this.watchMedia();
  }

  async #rejoin(delayMs: number): Promise<void> {
    const since = performance.now();
    let late = 0;
    let delay = delayMs;
    let next = FIRST_RETRY_MS;
    while (!this.#isOver) {
      await pause(this.#isHurried ? 0 : delay, this.#retries);
      this.#isHurried = false;
      if (this.#isOver) return;
      try {
        await this.#steps.rejoin();
        return;
      } catch (error) {
        if (this.#isOver) return;
        const words = error instanceof Error ? error.message : String(error);
        this.#log.info(`coming back failed: ${words}`);
        if (error instanceof SessionError && !PASSING.has(error.name)) {
          this.#steps.giveUp(
            SessionError.local('rejoinFailed', `the engine refused to let us back in: ${words} (${error.name} ${error.code})`),
          );
          return;
        }
        const age = performance.now() - since;
        if (age > GIVE_UP_MS) late += 1;
        if (late >= LAST_ATTEMPTS) {
          this.#steps.giveUp(SessionError.local('rejoinFailed', 'the engine could not be reached again'));
          return;
        }
        // A little apart from each other, so that a room does not come back in one instant.
        next = Math.min(age < SOON_MS ? SHORT_RETRY_MS : LAST_RETRY_MS, next * 2);
        delay = next * (0.8 + 0.4 * Math.random());
      }
    }
  }

  async #recoverMedia(): Promise<void> {
    const steps = this.#steps;
    const since = performance.now();
    let isRestarted = false;
    let isToldBlocked = false;
    // A path that was just negotiated gets its time; instead of one that worked another is looked for at once.
    if (!steps.canRestart()) await this.#firstPath();
    while (this.#isMissed()) {
      if (!steps.isMediaUp()) steps.mediaMissed();
      if (!isToldBlocked && performance.now() - since > BLOCKED_MS) {
        isToldBlocked = true;
        steps.mediaBlocked();
      }
      try {
        // An offer that waits in a connection that is as dead as the path could reach the engine after we have given it up:
        // the engine would then take the credentials of a path that nobody uses.
        await steps.signalingAlive();
        // Coming back may make a new peer connection, which is of the network of now.
        await this.#rejoining;
        if (!steps.canRestart()) this.#wanted = null;
        const age = performance.now() - steps.negotiatedAt();
        if (age < PATH_MS && !steps.canRestart()) await this.#pathUp(PATH_MS - age);
        if (!this.#isMissed()) return;
        if (steps.canRestart() && (this.#wanted || !isRestarted)) {
          this.#wanted = null;
          isRestarted = true;
          await steps.restartMedia();
        } else {
          await steps.replaceMedia();
        }
        await this.#pathUp(PATH_MS);
      } catch (error) {
        if (this.#isOver) return;
        this.#log.info('negotiating media anew failed', error);
        if (error instanceof ConnectionLost) isRestarted = false;
        else await this.#pathUp(1000);
      }
    }
  }

  #isMissed(): boolean {
    if (this.#wanted === 'hushed' && !this.#steps.isHushed()) this.#wanted = null;
    return !this.#isOver && (this.#wanted !== null || !this.#steps.isMediaUp());
  }

  /** Waits for a path that has never been up, and after a while looks for it by TURN. Nobody is told of an outage yet. */
  async #firstPath(): Promise<void> {
    const relayAfterMs = this.#steps.relayAfterMs();
    if (relayAfterMs === null) return this.#pathUp(PATH_MS);
    await this.#pathUp(relayAfterMs);
    if (this.#wanted || !this.#isMissed()) return;
    try {
      await this.#steps.signalingAlive();
      await this.#steps.restartMedia();
    } catch (error) {
      this.#log.info('TURN could not be tried', error);
      return;
    }
    await this.#pathUp(PATH_MS);
  }

  /** Waits until the path is up or the network is another one, but not longer than this. */
  async #pathUp(limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    while (!this.#isOver && !this.#wanted && !this.#steps.isMediaUp()) {
      const left = end - performance.now();
      if (left <= 0) return;
      await pause(left, this.#paths);
    }
  }
}

/** Waits, but no longer than until woken. */
function pause(ms: number, sleepers: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    sleepers.add(wake);
  });
}

function wakeAll(sleepers: Set<() => void>): void {
  for (const wake of [...sleepers]) wake();
}
