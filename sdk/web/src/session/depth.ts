// How many packets of sound are repeated at a loss that reports tell: the rule of the engine and of native clients
// (engine/red). It does not know what repeating costs in bits.

/** The share of packets that may stay lost. */
const LEFT = 0.004;
/** Below this, the codec's own correction is enough. */
const HARDLY = 0.015;
/** As far back as RFC 2198 reaches with packets of 20 ms. */
const DEEPEST = 17;
/** What is sent grows by no more than this at once, so that it shows whether more makes the network lose more. */
const GROWTH = 8;
/** So many reports have to ask for less before it gets less. */
const CALM = 4;
/** How long it stays with less after more has made it worse, the first time and at most; milliseconds. */
const HOLD_MS = 20_000;
const LONGEST_HOLD_MS = 320_000;

/** What was before it was deepened, until it is judged: the first report after that is partly about the time before. */
interface Trial {
  earlier: number;
  loss: number;
  since: number[];
}

/** What went back, until it shows whether that made it less. */
interface Doubt {
  /** More loss than this, and it has not. */
  bound: number;
  since: number[];
}

/**
 * Follows the loss of one stream. Loss that comes from too much being sent grows when more is sent: where the reports after
 * what is sent was doubled tell of half of what a full pipe would make of it, it goes back, and stays there for a while; unless
 * going back does not make it less, for then it was no pipe that was full.
 */
export class Depth {
  readonly #least: number;
  #earlier: number;
  /** What the last reports asked for. */
  #wanted: number[] = [];
  #loss: number | null = null;
  #trial: Trial | null = null;
  #doubt: Doubt | null = null;
  /** No deeper than this until then. */
  #held: { earlier: number; until: number } | null = null;
  #holdMs = 0;

  /** `least` is what is repeated whatever is lost. */
  constructor(least = 0) {
    this.#least = least;
    this.#earlier = least;
  }

  /** How many earlier packets each packet carries from now on: `least` to 17. */
  get earlier(): number {
    return this.#earlier;
  }

  /** Takes the share of packets, 0 to 1, that was lost since the report before. `now` is milliseconds of any clock. */
  report(now: number, told: number): void {
    const loss = Math.min(1, Math.max(0, told || 0));
    this.#reconsider(loss);
    this.#judge(now, loss);
    const wanted = Math.max(this.#least, needed(loss));
    this.#wanted = [wanted, ...this.#wanted].slice(0, CALM);
    const ceiling = this.#held && now < this.#held.until ? this.#held.earlier : DEEPEST;
    const deepest = this.#wanted.length < CALM ? ceiling : Math.min(ceiling, Math.max(...this.#wanted));
    if (wanted > this.#earlier && ceiling > this.#earlier) {
      if (!this.#trial) this.#deepen(Math.min(wanted, ceiling, (this.#earlier + 1) * GROWTH - 1), loss);
    } else if (deepest < this.#earlier) {
      this.#earlier = deepest;
      this.#trial = null;
    }
    this.#loss = loss;
  }

  #deepen(earlier: number, loss: number): void {
    // Less than doubled, and what is random in the reports would say more than what was done.
    if (earlier + 1 >= 2 * (this.#earlier + 1)) {
      this.#trial = { earlier: this.#earlier, loss: Math.max(loss, this.#loss ?? 0), since: [] };
    }
    this.#earlier = earlier;
  }

  #reconsider(loss: number): void {
    const doubt = this.#doubt;
    if (!doubt) return;
    doubt.since.push(loss);
    const [, one, other] = doubt.since;
    if (one === undefined || other === undefined) return;
    if ((one + other) / 2 > doubt.bound) {
      this.#held = null;
      this.#holdMs = 0;
    }
    this.#doubt = null;
  }

  #judge(now: number, loss: number): void {
    const trial = this.#trial;
    if (!trial) return;
    trial.since.push(loss);
    const [, one, other] = trial.since;
    if (one === undefined || other === undefined) return;
    const full = 1 - (1 - trial.loss) * ((trial.earlier + 1) / (this.#earlier + 1));
    const bound = (trial.loss + full) / 2;
    if ((one + other) / 2 > bound) {
      this.#doubt = { bound, since: [] };
      this.#earlier = trial.earlier;
      this.#holdMs = Math.min(LONGEST_HOLD_MS, Math.max(HOLD_MS, this.#holdMs * 2));
      this.#held = { earlier: trial.earlier, until: now + this.#holdMs };
    } else {
      this.#holdMs = 0;
    }
    this.#trial = null;
  }
}

/** How many copies beside the packet itself leave hardly any lost, if each is lost by itself. */
function needed(loss: number): number {
  if (loss < HARDLY) return 0;
  const copies = Math.ceil(Math.log(LEFT) / Math.log(Math.min(loss, 0.999)));
  return Math.min(DEEPEST, Math.max(2, copies) - 1);
}
