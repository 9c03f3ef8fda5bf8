// Has the microphone's packets repeated as deeply as the loss asks for that the engine reports.

import { Depth } from './depth.js';
import type { TransportLike } from './transport.js';

/** How often the engine's reports are looked for; they come as often. */
export const REPEATING_MS = 1000;

/** What browsers repeat by themselves. */
const OWN = 1;

export class Repeating {
  #depth = new Depth(OWN);
  #of: TransportLike | null = null;
  #last: number | null = null;

  async adjust(transport: TransportLike): Promise<void> {
    if (!transport.canRepeat) return;
    const report = await transport.spokenLoss();
    if (this.#of !== transport) {
      // Another way, maybe: what was lost on the last one says nothing.
      this.#of = transport;
      this.#depth = new Depth(OWN);
      this.#last = null;
    }
    if (!report || report.at === this.#last) return;
    this.#last = report.at;
    this.#depth.report(report.at, report.loss);
    await transport.repeat(this.#depth.earlier);
  }
}
