// The microphone's line with more packets repeated in it than the browser repeats by itself: a transform (WebRTC Encoded
// Transform) in a worker, which wraps what the browser has wrapped. How it is wrapped is in red_frames.ts, how deep is decided
// elsewhere.
//
// Chromium heeds a transform only on a line that had one since it was made, and sends nothing on such a line once it has none. So
// every microphone's line has one from the beginning, of a worker that has ended already, and one that works while there is sound.

import { redFrames } from './red_frames.js';
import type { Logger } from './types.js';

type WithTransform = { transform?: unknown };
type ScriptTransform = new (worker: Worker, options: object) => unknown;

interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { mimeType?: string; rtpTimestamp?: number };
}

interface Transformer {
  readable: ReadableStream<EncodedFrame>;
  writable: WritableStream<EncodedFrame>;
}

/** How long entering waits to know whether workers can be had: they start within a few milliseconds. */
const PATIENCE_MS = 300;

/** After so many seconds of sound without a packet the worker is known not to work: there are fifty packets in one. */
const BROKEN_S = 3;

/** A worker that was ended after it had shown that this page may have such; null where it may not, or until that is known. */
let spent: Worker | null = null;
let trying: Promise<void> | null = null;

/** Finds out, once for each page, whether sound can be repeated here: its policy (CSP) may forbid workers. */
export function prepareRepeating(): Promise<void> {
  trying ??= tryWorker();
  return Promise.race([trying, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function tryWorker(): Promise<void> {
  if (!scriptTransform() || !isChromium() || !repeatsByItself()) return;
  const worker = startWorker();
  if (!worker) return;
  const works = await new Promise<boolean>((resolve) => {
    worker.onmessage = () => resolve(true);
    worker.onerror = (event) => {
      // Nothing is wrong where it is forbidden.
      event.preventDefault();
      resolve(false);
    };
  });
  worker.terminate();
  if (works) spent = worker;
}

export class RepeatedSound {
  readonly #sender: RTCRtpSender;
  readonly #log: Logger;
  #worker: Worker | null = null;
  #earlier = 0;
  /** Whether the worker has had sound to pass on, and how much there was (seconds) when that was looked for first. */
  #flows = false;
  #before: number | null = null;

  /** On a line that was made in this turn; null where sound cannot be repeated. */
  static on(sender: RTCRtpSender, log: Logger): RepeatedSound | null {
    return spent && new RepeatedSound(sender, log, spent);
  }

  private constructor(sender: RTCRtpSender, log: Logger, worker: Worker) {
    this.#sender = sender;
    this.#log = log;
    this.#transformBy(worker);
  }

  /** Sound is about to be sent. */
  begin(): void {
    if (this.#worker) return;
    this.#flows = false;
    this.#before = null;
    const worker = startWorker();
    if (!worker) return;
    worker.onmessage = ({ data }) => (this.#flows ||= data === 'flows');
    worker.onerror = (event) => this.#log.warn(`the worker that repeats sound failed: ${event.message}`);
    worker.postMessage(this.#earlier);
    this.#transformBy(worker);
    this.#worker = worker;
  }

  /** Has each packet carry so many of those before it; at least those that the browser repeats by itself. */
  repeat(earlier: number): void {
    if (earlier === this.#earlier) return;
    this.#earlier = earlier;
    this.#worker?.postMessage(earlier);
  }

  /**
   * Call now and then while there is a path, with the seconds of sound that the line was given in all. False when none of it was
   * sent: then this page repeats nothing from now on.
   */
  works(given: number): boolean {
    this.#before ??= given;
    if (this.#flows || given - this.#before < BROKEN_S) return true;
    this.#log.warn('no sound came through the worker that repeats it; it is done without');
    spent = null;
    return false;
  }

  /** Nothing is sent any more. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #transformBy(worker: Worker): void {
    const Transform = scriptTransform();
    if (Transform) (this.#sender as WithTransform).transform = new Transform(worker, {});
  }
}

function scriptTransform(): ScriptTransform | undefined {
  return (globalThis as { RTCRtpScriptTransform?: ScriptTransform }).RTCRtpScriptTransform;
}

/** In others that have transforms it was not tried, and what does not work is silence for some seconds. */
function isChromium(): boolean {
  const { userAgentData } = globalThis.navigator as { userAgentData?: { brands?: { brand: string }[] } };
  return userAgentData?.brands?.some(({ brand }) => brand === 'Chromium') ?? false;
}

function repeatsByItself(): boolean {
  const codecs = globalThis.RTCRtpSender?.getCapabilities?.('audio')?.codecs ?? [];
  return codecs.some(({ mimeType }) => mimeType.toLowerCase() === 'audio/red');
}

/** Null where the page must not have one and the browser says so at once. */
function startWorker(): Worker | null {
  const source = `(${work.toString()})(${redFrames.toString()})`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What runs in the worker. Refers to nothing outside of itself. */
function work(makeFrames: typeof redFrames): void {
  const scope = self as unknown as {
    onmessage: (event: MessageEvent<number>) => void;
    onrtctransform: (event: { transformer: Transformer }) => void;
    postMessage(message: unknown): void;
  };
  let earlier = 0;
  scope.onmessage = ({ data }) => (earlier = data);
  scope.onrtctransform = ({ transformer }) => {
    const frames = makeFrames();
    let flows = false;
    const transform = new TransformStream<EncodedFrame, EncodedFrame>({
      transform(frame, controller) {
        if (!flows) scope.postMessage('flows');
        flows = true;
        try {
          const { mimeType, rtpTimestamp } = frame.getMetadata();
          if (mimeType?.toLowerCase() === 'audio/red' && rtpTimestamp !== undefined) {
            const packet = new Uint8Array(frame.data);
            const whole = frames.wrap(packet, rtpTimestamp, earlier);
            if (whole !== packet) frame.data = whole.buffer as ArrayBuffer;
          }
        } catch {
          // Sound goes on, with whatever it carries.
        }
        controller.enqueue(frame);
      },
    });
    // It ends with its line.
    transformer.readable.pipeThrough(transform).pipeTo(transformer.writable).catch(() => {});
  };
  scope.postMessage('ready');
}
