// What is looked at again and again while a stay lasts: counters, lips, arrivals, losses of sound. What is done about each is in
// the files of those names.

import { Arrivals, ARRIVALS_MS } from './arrivals.js';
import { LipSync, SYNC_MS } from './lip_sync.js';
import type { LocalTracks } from './local_tracks.js';
import { Measuring } from './measuring.js';
import type { Membership } from './membership.js';
import type { Outbox } from './outbox.js';
import { Repeating, REPEATING_MS } from './repeating.js';
import type { Lines } from './statistics.js';
import type { Surroundings } from './surroundings.js';
import type { TransportLike } from './transport.js';
import type { Statistics } from './types.js';

export class Rounds {
  readonly #others: Surroundings;
  readonly #local: LocalTracks;
  readonly #outbox: Outbox;
  readonly #measuring = new Measuring();
  readonly #lipSync = new LipSync();
  readonly #arrivals = new Arrivals();
  readonly #repeating = new Repeating();
  #statistics: Statistics | null = null;

  constructor(others: Surroundings, local: LocalTracks, outbox: Outbox) {
    this.#others = others;
    this.#local = local;
    this.#outbox = outbox;
  }

  /** The last ones of this stay; null before the first. */
  get statistics(): Statistics | null {
    return this.#statistics;
  }

  /** Whether nothing comes any more of what came steadily. */
  get isHushed(): boolean {
    return this.#arrivals.isHushed;
  }

  /** Goes on until the stay ends. */
  begin(stay: Membership): void {
    stay.ticking = [
      setInterval(() => void this.measure(stay), stay.limits.reportIntervalMs),
      setInterval(() => void this.#syncLips(stay), SYNC_MS),
      setInterval(() => this.#lookForArrivals(stay), ARRIVALS_MS),
      setInterval(() => void this.#repeatSound(stay), REPEATING_MS),
    ];
  }

  /** Measures, and reports to engine and application. */
  async measure(stay: Membership): Promise<void> {
    const found = await this.#measuring.measure(stay, (transport) => this.#lines(transport));
    if (!found || stay.isOver) return;
    const { statistics, quality, report, hasRates } = found;
    stay.signaling?.report(report);
    if (!hasRates) return;
    this.#statistics = statistics;
    this.#outbox.tell((hooks) => {
      hooks.onNetworkQuality(quality);
      hooks.onStatistics(statistics);
    });
  }

  /** The stay is over, and what was measured with it. */
  end(): void {
    this.#statistics = null;
  }

  #lookForArrivals({ transport, recovery }: Membership): void {
    if (transport?.state !== 'up') return;
    const lastPacket = (mid: string) => transport.lastPacket(mid);
    if (this.#arrivals.look(performance.now(), { lines: this.#others.arriving(), lastPacket })) recovery?.hushed();
  }

  async #syncLips({ transport }: Membership): Promise<void> {
    if (transport?.state === 'up') await this.#lipSync.adjust(transport, this.#others.synced()).catch(() => {});
  }

  async #repeatSound({ transport }: Membership): Promise<void> {
    if (transport?.state === 'up') await this.#repeating.adjust(transport).catch(() => {});
  }

  #lines(transport: TransportLike): Lines {
    return {
      local: (mid) => {
        const track = transport.localTrack(mid);
        return track && this.#local.isPublished(track) ? track : null;
      },
      ...this.#others.lines(),
    };
  }
}
