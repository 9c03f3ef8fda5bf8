// What happens when a device that is in use goes away: another one is opened, or the application is told. One for a kind of device.

import { ERROR_CODE, EVENT } from '../api/constants.js';
import { RtcError } from '../api/error.js';
import { deviceError, deviceOf, deviceWatch } from './devices.js';
import type { LocalHost } from './host.js';

/** What a medium does to be brought back. */
export interface Recoverable {
  readonly kind: 'videoinput' | 'audioinput';
  /** EXTRA_CODE of the ERROR event when it cannot be brought back. */
  readonly extraCode: number;
  readonly functionName: string;
  /** Opens a device in place of the lost one; `deviceId` absent means any. Rejects when it cannot. */
  reopen(deviceId: string | undefined): Promise<void>;
  /** Nothing could be opened: nothing is published until `reopen` succeeds, or the application changes something. */
  lost(): void;
}

export class Recovery {
  readonly #host: LocalHost;
  readonly #medium: Recoverable;
  #track: MediaStreamTrack | null = null;
  #lostId: string | undefined;
  #waiting: (() => void) | null = null;

  constructor(host: LocalHost, medium: Recoverable) {
    this.#host = host;
    this.#medium = medium;
  }

  /** Watches a captured track (null: none any more), and tells the application that its device is in use. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track?.removeEventListener('ended', this.#onEnded);
    this.#track = track;
    this.#stopWaiting();
    if (!track) return;
    track.addEventListener('ended', this.#onEnded);
    void this.#tellActive(track);
  }

  async #tellActive(track: MediaStreamTrack): Promise<void> {
    // Permission was given just now at the latest: what is visible since then is not new.
    await deviceWatch.refresh();
    const device = await deviceOf(this.#medium.kind, track.getSettings().deviceId);
    if (!device || this.#track !== track) return;
    const type = this.#medium.kind === 'videoinput' ? 'camera' : 'microphone';
    this.#host.emit(EVENT.DEVICE_CHANGED, { type, action: 'active', device });
  }

  readonly #onEnded = (): void => {
    this.#lostId = this.#track?.getSettings().deviceId;
    this.#host.log.warn(`${this.#medium.kind} ended by itself, opening another one`);
    void this.#recover();
  };

  async #recover(): Promise<void> {
    const lost = this.#track;
    if (!lost) return;
    const { kind, extraCode, functionName } = this.#medium;
    let cause: unknown = new Error('no other device');
    for (const deviceId of await this.#candidates()) {
      if (this.#track !== lost) return;
      try {
        await this.#medium.reopen(deviceId);
        return;
      } catch (error) {
        cause = error;
      }
    }
    // Stopped, or changed by the application, in the meantime.
    if (this.#track !== lost || (cause as RtcError).code === ERROR_CODE.OPERATION_ABORT) return;
    const what = kind === 'videoinput' ? 'camera' : 'microphone';
    const error = deviceError(
      functionName,
      extraCode,
      `the ${what} is gone and no other one could be opened; plug one in`,
      cause,
    );
    this.#medium.lost();
    this.#host.emit(EVENT.ERROR, error);
    this.#waiting ??= deviceWatch.listen(({ action, device }) => {
      if (action === 'add' && device.kind === kind) void this.#recover();
    });
  }

  /** The lost device first (it may have been reset only), then the others, unless the application wants to choose itself. */
  async #candidates(): Promise<(string | undefined)[]> {
    const list = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const ids = list.filter((it) => it.kind === this.#medium.kind).map((it) => it.deviceId);
    const same = ids.filter((id) => id !== '' && id === this.#lostId);
    const others = this.#host.recapture ? ids.filter((id) => id !== this.#lostId).map((id) => id || undefined) : [];
    return [...same, ...others];
  }

  #stopWaiting(): void {
    this.#waiting?.();
    this.#waiting = null;
  }
}
