// Samples the counters of a stay's transport, one after the other. The arithmetic is in statistics.ts, the rhythm is the
// session's.

import type { Membership } from './membership.js';
import { findings, sample, type Findings, type Lines, type Sample } from './statistics.js';
import type { TransportLike } from './transport.js';

export class Measuring {
  #last: { of: TransportLike; sample: Sample } | null = null;

  /** What happened since the last call, and whether that was of the same transport: rates are 0 if it was not. */
  async measure(
    stay: Membership,
    lines: (transport: TransportLike) => Lines,
  ): Promise<(Findings & { hasRates: boolean }) | null> {
    const { transport } = stay;
    if (!transport) return null;
    const now = sample(performance.now(), await transport.stats().catch(() => []));
    const before = this.#last?.of === transport ? this.#last.sample : null;
    this.#last = { of: transport, sample: now };
    const isConnected = stay.signaling !== null && stay.media === 'up';
    return { ...findings(before, now, lines(transport), isConnected), hasRates: before !== null };
  }
}
